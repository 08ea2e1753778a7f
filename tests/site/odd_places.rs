//! A link, a pipe, a socket or a folder in the place of a file, and a link or a file in the place of a folder: nobody gets an
//! answer of 500, nothing outside the media folder is read or written, and the desk says what is in the way.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{CAPTIONS, picture, site};
use crate::support::{Site, clips};

/// What may stand in the place of a file.
const ODD: [&str; 6] = ["outside", "dangling", "itself", "fifo", "socket", "folder"];

fn put_odd(kind: &str, at: &Path, outside: &Path) {
    match kind {
        "outside" => symlink(outside, at).unwrap(),
        "dangling" => symlink("bestaat-niet", at).unwrap(),
        "itself" => symlink(at.file_name().unwrap(), at).unwrap(),
        "fifo" => mknodat(CWD, at, FileType::Fifo, Mode::RWXU, 0).unwrap(),
        "socket" => drop(UnixListener::bind(at).unwrap()),
        _ => std::fs::create_dir(at).unwrap(),
    }
}

fn take_away(at: &Path) {
    match at.symlink_metadata().unwrap().is_dir() {
        true => std::fs::remove_dir_all(at).unwrap(),
        false => std::fs::remove_file(at).unwrap(),
    }
}

/// A recording with everything beside it, at the desk.
async fn whole() -> (Site, String) {
    let (site, id) = site().await;
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    site.put("reeks/01-begin.jpg", picture(640));
    site.put("reeks/01-begin.blad.pdf", "%PDF-1.4");
    site.scan().await;
    site.work_until_idle().await;
    (site, id)
}

/// Asks for every page and file of the recording, as a visitor and as a coordinator. Nothing answers 500.
async fn ask_everything(site: &Site, desk: &crate::support::desk::Desk, id: &str, at: &str) {
    let one = site.json(&format!("/api/recordings/{id}")).await;
    let mut addresses = vec![
        format!("/watch/{id}"),
        format!("/embed/{id}"),
        format!("/posters/{id}.jpg"),
        format!("/posters/{id}-play.jpg"),
        format!("/captions/{id}/nl.vtt"),
        format!("/desk/recordings/{id}"),
        format!("/desk/recordings/{id}/files"),
        format!("/desk/recordings/{id}/links"),
        format!("/desk/recordings/{id}/captions/nl"),
        "/series/reeks".to_owned(),
        "/desk/uploads".to_owned(),
        "/desk/problems".to_owned(),
        "/readyz".to_owned(),
    ];
    let urls = one["sources"].as_array().into_iter().flatten();
    let files = one["attachments"].as_array().into_iter().flatten();
    addresses.extend(urls.chain(files).map(|file| site.address(&file["url"])));
    for address in addresses {
        let answer = desk.get(&address).await;
        assert!(
            answer.status < 500 || answer.status == 503,
            "{at} {address}: {answer:?}"
        );
        assert!(
            !answer.text().contains("geheim van buiten"),
            "{at} {address}"
        );
    }
}

#[tokio::test]
async fn whatever_takes_the_place_of_a_file_gets_a_clear_answer_and_a_line_at_the_desk() {
    let (site, id) = whole().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let outside = site.folder().join("buiten");
    std::fs::write(&outside, "geheim van buiten").unwrap();
    for name in [
        "01-begin.mp4",
        "01-begin.toml",
        "01-begin.nl.vtt",
        "01-begin.jpg",
        "01-begin.blad.pdf",
        "series.toml",
    ] {
        for kind in ODD {
            let (at, path) = (
                format!("{kind} {name}"),
                site.path(&format!("reeks/{name}")),
            );
            let aside = site.folder().join("opzij");
            std::fs::rename(&path, &aside).unwrap();
            put_odd(kind, &path, &outside);
            // Before a scan has seen it, and after.
            ask_everything(&site, &mira, &id, &at).await;
            site.scan().await;
            ask_everything(&site, &mira, &id, &at).await;
            let problems = mira.get("/desk/problems?lang=nl").await.is(200).text();
            // A folder may have the name of a hand-out, and is no more than a folder.
            if (kind, name) != ("folder", "01-begin.blad.pdf") {
                assert!(problems.contains(name), "{at}: {problems}");
                assert!(problems.contains("zelf geen bestand"), "{at}: {problems}");
            }
            let page = format!("/desk/recordings/{id}?lang=nl");
            for path in [
                &page,
                "/desk/series/1?lang=nl",
                "/desk/recordings/bulk?lang=nl",
            ] {
                let form = [
                    ("title", "Nieuw"),
                    ("id", id.as_str()),
                    ("act", "trash"),
                    ("sure", "yes"),
                ];
                let answer = mira.post(path, &form).await;
                assert!(
                    answer.status < 500 || answer.status == 503,
                    "{at} {path}: {answer:?}"
                );
            }
            assert_eq!(
                std::fs::read_to_string(&outside).unwrap(),
                "geheim van buiten"
            );
            mira.post(&format!("/desk/recordings/{id}/restore"), &[])
                .await;
            if path.symlink_metadata().is_ok() {
                take_away(&path);
            }
            std::fs::rename(&aside, &path).unwrap();
            site.scan().await;
            let problems = mira.get("/desk/problems?lang=nl").await.text();
            assert!(!problems.contains("zelf geen bestand"), "{at}: {problems}");
        }
    }
}

#[tokio::test]
async fn a_draft_stays_a_draft_when_its_sidecar_becomes_a_link() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.toml", "visibility = \"draft\"\n");
    site.put_clip("reeks/02-vervolg.mp4", 2);
    site.scan().await;
    let page = format!("/watch/{}", site.id_in("reeks/01-begin.toml"));
    site.get(&page).await.is(404);
    for name in ["01-begin.toml", "series.toml"] {
        let path = site.path(&format!("reeks/{name}"));
        std::fs::rename(&path, site.folder().join(name)).unwrap();
        symlink(site.folder().join(name), &path).unwrap();
        site.scan().await;
        site.get(&page).await.is(404);
        site.get("/series/reeks").await.is(200).shows("Vervolg");
    }
}

#[tokio::test]
async fn a_link_in_the_place_of_a_folder_is_neither_read_nor_written() {
    let (site, id) = whole().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let buiten = site.folder().join("buiten");
    for name in ["reeks", "reeks/.versions", ".uploads"] {
        for kind in ["link", "dangling", "file"] {
            let (at, path) = (format!("{kind} {name}"), site.path(name));
            let aside = site.folder().join("opzij");
            let was_there = std::fs::rename(&path, &aside).is_ok();
            std::fs::create_dir_all(&buiten).unwrap();
            match kind {
                "link" => symlink(&buiten, &path).unwrap(),
                "dangling" => symlink("bestaat-niet", &path).unwrap(),
                _ => std::fs::write(&path, "geen map").unwrap(),
            }
            for _ in 0..2 {
                ask_everything(&site, &mira, &id, &at).await;
                let upload = mira.announcing(10, &[("filename", "a.mp4"), ("replaces", &id)]);
                let upload = mira.send(upload).await;
                assert!(
                    upload.status < 500 || upload.status == 503,
                    "{at}: {upload:?}"
                );
                if upload.status == 201 {
                    mira.piece(
                        upload.location(),
                        0,
                        clips::bytes("a.mp4", 5)[..10].to_vec(),
                    )
                    .await;
                }
                let poster = format!("/desk/recordings/{id}/poster");
                let put = mira
                    .put_file(&poster, "a.jpg", picture(640), ("x", "y"))
                    .await;
                assert!(put.status < 500 || put.status == 503, "{at}: {put:?}");
                site.scan().await;
                terugkijken::uploads::finish::sweep(&site.app)
                    .await
                    .unwrap();
            }
            let problems = mira.get("/desk/problems?lang=nl").await.is(200).text();
            let last = name.rsplit('/').next().unwrap();
            assert!(problems.contains(last), "{at}: {problems}");
            assert_eq!(std::fs::read_dir(&buiten).unwrap().count(), 0, "{at}");
            take_away(&path);
            if was_there {
                std::fs::rename(&aside, &path).unwrap();
            }
            site.scan().await;
            assert_eq!(site.recording("Begin").await["state"], "ready", "{at}");
        }
    }
}

#[tokio::test]
async fn nothing_is_found_or_opened_behind_a_link_in_the_middle_of_a_path() {
    let site = Site::open().await;
    let outside = site.folder().join("buiten");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("begin.mp4"), "geheim van buiten").unwrap();
    symlink(&outside, site.path("reeks")).unwrap();
    symlink(&outside, site.path(".uploads")).unwrap();
    let library = &site.app.library;
    assert_eq!(library.stat("reeks", "begin.mp4").unwrap(), None);
    assert!(!library.is_writable("reeks"));
    assert!(!library.has_upload("begin.mp4"));
    assert!(library.open_upload_direct("begin.mp4").is_none());
}

#[tokio::test]
async fn the_desk_says_that_a_folder_belongs_where_something_else_stands() {
    let (site, _) = whole().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let words = "Op deze plek hoort een map te staan";
    let outside = site.folder().join("buiten");
    std::fs::rename(site.path("reeks"), &outside).unwrap();
    for kind in ["file", "link"] {
        match kind {
            "file" => std::fs::write(site.path("reeks"), "geen map").unwrap(),
            _ => symlink(&outside, site.path("reeks")).unwrap(),
        }
        site.scan().await;
        let page = mira.get("/desk/problems?lang=nl").await.is(200);
        page.shows(words).hides("Dit bestand is niet te lezen");
        take_away(&site.path("reeks"));
    }
    std::fs::rename(&outside, site.path("reeks")).unwrap();
    symlink("elders", site.path("reeks/.versions")).unwrap();
    site.scan().await;
    let page = mira.get("/desk/problems?lang=nl").await.is(200);
    page.shows(words).shows("reeks/.versions");
}
