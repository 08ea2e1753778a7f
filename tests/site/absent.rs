//! A disk that is away: the recordings on it are not lost, and whoever asks for one causes no flood of scans.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::process::Signal;
use terugkijken::app::Notifier;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::uploads::finish;

use crate::support::program::{PROGRAM, Program};
use crate::support::{Site, clips, lines};

const PUBLIC: &str = "visibility = \"public\"\n";

async fn with_two() -> Site {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-vervolg.mp4", 2);
    site.put("reeks/03-later.toml", "title = \"Later\"\n");
    site.scan().await;
    site
}

async fn failed_scan(site: &Site) -> String {
    let scanned = terugkijken::scan::full_scan::scan(&site.app, std::sync::Arc::new(|_| {}));
    scanned.await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_empty_folder_where_the_disk_is_not_mounted_loses_no_recording() {
    let site = with_two().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let (before, media) = (site.everything().await, site.media().to_owned());
    let page = site.get("/series/reeks").await.is(200).text();
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    let away = site.folder().join("elders");
    std::fs::rename(&media, &away).unwrap();
    for mounted_over in [false, true] {
        if mounted_over {
            std::fs::create_dir(&media).unwrap();
            let said = failed_scan(&site).await;
            for words in [
                "holds fewer than half of the series",
                "is its disk mounted?",
                "scan --new-media-folder",
            ] {
                assert!(said.contains(words), "{words} in {said}");
            }
        } else {
            failed_scan(&site).await;
        }
        assert_eq!(site.everything().await, before);
        assert_eq!(site.get("/series/reeks").await.is(200).text(), page);
        site.get(&address).await.is(503);
        // Nothing is put into the folder that will be covered when the disk is mounted.
        let id = before[1]["id"].as_str().unwrap();
        let trash = format!("/desk/recordings/{id}/trash?lang=nl");
        mira.post(&trash, &[])
            .await
            .is(503)
            .shows("de schijf niet aangesloten");
        let announced = mira.announcing(10, &[("filename", "a.mp4")]);
        mira.send(announced).await.is(503);
    }
    assert_eq!(std::fs::read_dir(&media).unwrap().count(), 0);
    std::fs::remove_dir(&media).unwrap();
    std::fs::rename(&away, &media).unwrap();
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    assert_eq!(site.everything().await, before);
    site.get(&address).await.is(200);
}

#[tokio::test]
async fn a_folder_that_somebody_emptied_is_empty() {
    let site = with_two().await;
    std::fs::remove_dir_all(site.path("reeks")).unwrap();
    let said = lines(&site.scan().await).join("\n");
    assert!(said.contains("missing: reeks/01-begin.mp4"), "{said}");
    assert_eq!(site.recording("Begin").await["state"], "missing");
}

/// Runs the command that the sentence of a failed scan names, beside the portal.
fn do_what_it_says(site: &Site, said: &str) -> std::process::Output {
    let (_, command) = said.split_once("with the same settings: ").unwrap();
    let words = command.trim().split(' ').skip(1);
    let mut program = std::process::Command::new(PROGRAM);
    program.args(words).current_dir(site.folder());
    program.output().unwrap()
}

#[tokio::test]
async fn another_media_folder_may_be_begun_with_by_who_says_so() {
    let site = with_two().await;
    std::fs::rename(site.media(), site.folder().join("elders")).unwrap();
    site.put("nieuw/series.toml", PUBLIC);
    site.put_clip("nieuw/01-anders.mp4", 3);
    let said = failed_scan(&site).await;
    assert!(said.contains("If it is meant to be another one"), "{said}");
    assert_eq!(site.recording("Begin").await["state"], "ready");
    // Without the record nobody has said anything: a portal of before there was one may have its disk away.
    std::fs::remove_file(site.folder().join("data/media-folder")).unwrap();
    failed_scan(&site).await;
    let done = do_what_it_says(&site, &said);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(site.recording("Begin").await["state"], "missing");
    assert_eq!(site.recording("Anders").await["state"], "ready");
    site.get("/readyz").await.is(200);
    // The next scan needs no more words.
    site.scan().await;
    let help = std::process::Command::new(PROGRAM)
        .args(["scan", "--help"])
        .output();
    let help = String::from_utf8(help.unwrap().stdout).unwrap();
    assert!(help.contains("--new-media-folder"), "{help}");
}

#[tokio::test]
async fn a_folder_that_holds_half_of_the_series_is_the_same_library_on_another_disk() {
    let site = with_two().await;
    std::fs::rename(site.media(), site.folder().join("elders")).unwrap();
    site.put_clip("nieuw/01-anders.mp4", 3);
    failed_scan(&site).await;
    std::fs::rename(site.folder().join("elders/reeks"), site.path("reeks")).unwrap();
    site.scan().await;
    assert_eq!(site.recording("Begin").await["state"], "ready");
}

#[tokio::test]
async fn requests_for_a_scan_are_one_until_it_begins_and_none_is_lost() {
    let notifier = Notifier::default();
    assert!(notifier.notify_scan(), "the first is worth a line");
    assert!(!notifier.notify_scan() && !notifier.notify_scan());
    notifier.scan_requested().await;
    assert!(notifier.notify_scan(), "what changed since is another one");
    notifier.scan_requested().await;
}

#[tokio::test]
async fn requests_for_a_film_on_a_disk_that_is_away_are_a_few_lines_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let series = folder.path().join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    std::fs::write(series.join("series.toml"), PUBLIC).unwrap();
    std::fs::write(series.join("01-begin.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    let words = "1 series with 1 recordings";
    let mut program = Program::start_until(folder.path(), &[PROGRAM], Stdio::piped(), words);
    let mut log = program.child.stderr.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text
    });
    let client = &program.client;
    let found = client.recordings("/api/search?q=begin").await;
    let id = found[0]["id"].as_str().unwrap();
    let recording = client.json(&format!("/api/recordings/{id}")).await;
    let url = recording["sources"][0]["url"].as_str().unwrap();
    let address = &url[url.find("/media/").unwrap()..];
    std::fs::rename(folder.path().join("media"), folder.path().join("elders")).unwrap();
    for _ in 0..500 {
        let answer = client.get(address).await.is(503);
        assert!(answer.header("retry-after").is_some());
    }
    // The page does not change by it.
    client.get(&format!("/watch/{id}")).await.is(200);
    program.signal(Signal::TERM);
    program.child.wait().unwrap();
    let text = reading.join().unwrap();
    let count = |words: &str| text.matches(words).count();
    assert!(
        count("01-begin.mp4 is not the file that was read") >= 1,
        "{text}"
    );
    assert!(count("is not the file that was read") <= 5, "{text}");
    assert!(count("the media folder could not be read") <= 1, "{text}");
    assert!(text.lines().count() < 30, "{text}");
}

#[tokio::test]
async fn a_folder_that_was_put_where_the_disk_belongs_does_not_stand_for_the_others() {
    let site = with_two().await;
    for name in ["tweede", "derde"] {
        site.put(&format!("{name}/series.toml"), PUBLIC);
        site.put_clip(&format!("{name}/01-{name}.mp4"), 3);
    }
    site.scan().await;
    std::fs::rename(site.media(), site.folder().join("elders")).unwrap();
    site.put_clip("tweede/01-tweede.mp4", 4);
    failed_scan(&site).await;
    assert_eq!(site.recording("Begin").await["state"], "ready");
    assert_eq!(site.recording("Derde").await["state"], "ready");
}

#[tokio::test]
async fn an_upload_whose_disk_went_away_gets_its_place_when_it_is_back() {
    let site = with_two().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("c.mp4", 3);
    let upload = mira.announce(bytes.len(), &[("filename", "c.mp4")]).await;
    // The program ended between the last byte and the place.
    let name = upload.rsplit('/').next().unwrap().to_owned();
    std::fs::write(site.path(&format!(".uploads/{name}")), &bytes).unwrap();
    let whole = site.app.db.write(move |conn| {
        let sql = "UPDATE upload SET offset_bytes = size_bytes WHERE id = ?1";
        conn.execute(sql, [name])?;
        Ok(())
    });
    whole.await.unwrap();
    let (media, away) = (site.media().to_owned(), site.folder().join("elders"));
    std::fs::rename(&media, &away).unwrap();
    std::fs::create_dir(&media).unwrap();
    finish::finish_all(&site.app).await.unwrap();
    std::fs::remove_dir(&media).unwrap();
    std::fs::rename(&away, &media).unwrap();
    finish::finish_all(&site.app).await.unwrap();
    assert!(std::fs::read(site.path("inbox/c.mp4")).unwrap() == bytes);
}

#[tokio::test]
async fn a_disk_that_goes_away_during_a_scan_loses_no_recording() {
    let site = with_two().await;
    site.put("tweede/series.toml", PUBLIC);
    site.put_clip("tweede/01-tweede.mp4", 3);
    site.scan().await;
    let (before, media) = (site.everything().await, site.media().to_owned());
    let (away, record) = (
        site.folder().join("elders"),
        site.folder().join("data/media-folder"),
    );
    let known = std::fs::read(&record).unwrap();
    // After the first series and after the last; what is left is empty, or holds folders of these names.
    for (batch, folders) in [
        (1, &[][..]),
        (1, &["reeks", "tweede"]),
        (2, &[]),
        (2, &["reeks"]),
    ] {
        let (from, to, batches) = (media.clone(), away.clone(), AtomicU64::new(0));
        let progress = move |_| {
            if batches.fetch_add(1, Ordering::Relaxed) + 1 == batch {
                std::fs::rename(&from, &to).unwrap();
                std::fs::create_dir(&from).unwrap();
                for folder in folders {
                    std::fs::create_dir(from.join(folder)).unwrap();
                }
            }
        };
        let scanned = terugkijken::scan::full_scan::scan(&site.app, Arc::new(progress)).await;
        assert!(away.exists(), "the premise");
        assert!(scanned.is_err(), "batch {batch}, {folders:?}");
        assert_eq!(
            site.everything().await,
            before,
            "batch {batch}, {folders:?}"
        );
        assert_eq!(site.recording("Tweede").await["state"], "ready");
        assert_eq!(std::fs::read(&record).unwrap(), known);
        std::fs::remove_dir_all(&media).unwrap();
        std::fs::rename(&away, &media).unwrap();
        assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_disk_is_known_by_its_file_system_and_not_by_its_port() {
    let site = with_two().await;
    let record = site.folder().join("data/media-folder");
    let metadata = site.media().metadata().unwrap();
    let (device, inode) = (metadata.dev(), metadata.ino());
    let disk = rustix::fs::statvfs(site.media()).unwrap().f_fsid;
    let known = std::fs::read_to_string(&record).unwrap();
    match disk {
        0 => assert_eq!(known, format!("device {device} {inode}\n")),
        disk => assert_eq!(known, format!("{disk:x} {inode}\n")),
    }
    // A disk that was just formatted has the same device and the same root, and nothing on it.
    std::fs::write(&record, format!("{:x} {inode}\n", disk ^ 1)).unwrap();
    std::fs::remove_dir_all(site.path("reeks")).unwrap();
    failed_scan(&site).await;
    assert_eq!(site.recording("Begin").await["state"], "ready");
    // The disk of the record was emptied by somebody.
    std::fs::write(&record, known).unwrap();
    site.scan().await;
    assert_eq!(site.recording("Begin").await["state"], "missing");
}
