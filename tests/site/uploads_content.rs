//! What was uploaded is looked at: what is no recording is not kept, what is here already is not kept twice, and a new file
//! takes the place of an old one without any address changing.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::CAPTIONS;
use crate::support::{Site, clips};

/// What is offered as a recording: a name, bytes, and a word of the sentence.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let clip = clips::bytes("a.mp4", 1);
    let mut huge_index = Vec::from(&b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"[..]);
    huge_index.extend([0, 0, 0, 1]);
    huge_index.extend(b"moov");
    huge_index.extend((4_u64 << 30).to_be_bytes());
    huge_index.extend([0; 64]);
    vec![
        (
            "page.mp4",
            b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
            "geen opname",
        ),
        (
            "list.mp4",
            b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nfile:///etc/passwd\n".to_vec(),
            "geen opname",
        ),
        (
            "archive.mp4",
            b"PK\x03\x04\x14\0\0\0\x08\0".repeat(20),
            "geen opname",
        ),
        (
            "program.mp4",
            b"\x7fELF\x02\x01\x01\0".repeat(20),
            "geen opname",
        ),
        ("text.mp4", b"gewoon tekst".to_vec(), "geen opname"),
        ("zeros.mp4", vec![0; 5000], "niet compleet"),
        ("empty.mp4", Vec::new(), "niet compleet"),
        ("half.mp4", clip[..400].to_vec(), "niet compleet"),
        ("index.mp4", huge_index, "Exporteer hem opnieuw"),
    ]
}

#[tokio::test]
async fn what_is_no_recording_is_explained_and_nothing_of_it_is_kept() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for (name, bytes, word) in hostile() {
        // The last byte is welcome all the same: the verdict is a state.
        let upload = mira.upload(bytes, &[("filename", name)]).await;
        let report = mira.report(&upload).await;
        assert_eq!(report["state"], "refused", "{name}");
        assert!(
            report["sentence"].as_str().unwrap().contains(word),
            "{name}: {}",
            report["sentence"]
        );
    }
    assert_eq!(std::fs::read_dir(site.path(".uploads")).unwrap().count(), 0);
    assert!(!site.path("inbox").exists(), "no file, no sidecar");
    assert!(site.scan().await.findings.is_empty());
}

#[tokio::test]
async fn what_is_here_already_is_noticed_by_its_content() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 4);
    mira.upload(bytes.clone(), &[("filename", "eerst.mp4")])
        .await;
    let id = site.id_in("inbox/eerst.toml");
    let again = mira
        .upload(bytes.clone(), &[("filename", "andere naam.mp4")])
        .await;
    let report = mira.report(&again).await;
    assert_eq!(report["state"], "refused");
    assert_eq!(
        report["desk_url"],
        format!("/desk/recordings/{id}"),
        "the way to the one that is here"
    );
    assert!(!site.path("inbox/andere-naam.mp4").exists());
    // What lies in the trash does not stand in its way.
    mira.does(&format!("/desk/recordings/{id}/trash"), &[])
        .await;
    let third = mira.upload(bytes, &[("filename", "derde.mp4")]).await;
    assert_eq!(mira.report(&third).await["state"], "done");
}

#[tokio::test]
async fn whatever_a_file_is_called_it_gets_a_name_that_can_be_read_and_stays_in_its_folder() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Reeks"), ("folder", "")])
        .await;
    let series = mira.series("Reeks").await;
    let long = format!("{}.mp4", "lang ".repeat(60));
    for (seed, (name, expected)) in [
        ("../../etc/passwd.mp4", "passwd.mp4"),
        ("C:\\\\Opnamen\\\\12 Slot.mov", "12-slot.mov"),
        ("a\0b.mp4", "ab.mp4"),
        ("\u{202e}4pm.txet.mp4", "4pm-txet.mp4"),
        ("CON.mp4", "con.mp4"),
        (".mp4", "bijeenkomst.mp4"),
        ("-rf.mp4", "rf.mp4"),
        ("🎥🎥.mp4", "bijeenkomst-2.mp4"),
        ("geen ending", "geen-ending.mp4"),
        ("film.exe", "film.mp4"),
        (long.as_str(), ""),
        ("", "opname.mp4"),
    ]
    .into_iter()
    .enumerate()
    {
        let bytes = clips::bytes("a.mp4", 10 + u32::try_from(seed).unwrap());
        let upload = mira
            .upload(bytes, &[("filename", name), ("series", &series)])
            .await;
        let report = mira.report(&upload).await;
        assert_eq!(report["state"], "done", "{name:?}: {report}");
        if !expected.is_empty() && !name.is_empty() {
            assert!(
                site.path(&format!("reeks/{expected}")).exists(),
                "{name:?} did not become {expected}"
            );
        }
    }
    let names: Vec<String> = std::fs::read_dir(site.path("reeks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        names.iter().filter(|name| name.ends_with(".toml")).count(),
        13,
        "{names:?}"
    );
    assert!(
        names.iter().all(|name| name.len() < 100 && name.is_ascii()),
        "{names:?}"
    );
}

/// A public recording with captions and a chapter that lies beyond two seconds.
async fn public(site: &Site) -> String {
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put("reeks/01-deel.mp4", clips::bytes("a.mp4", 1));
    site.put("reeks/01-deel.nl.vtt", CAPTIONS);
    site.put(
        "reeks/01-deel.toml",
        "title = \"Deel\"\n[[chapters]]\nstart = \"00:00:01\"\ntitle = \"Slot\"\n",
    );
    site.scan().await;
    site.id_in("reeks/01-deel.toml")
}

#[tokio::test]
async fn a_new_file_takes_the_place_of_the_old_and_every_link_stays() {
    let site = Site::open().await;
    let id = public(&site).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let api = format!("/api/recordings/{id}");
    let before = site.json(&api).await;
    let old_media = site.address(&before["sources"][0]["url"]);
    let (old, new) = (clips::bytes("a.mp4", 1), clips::bytes("a.mp4", 2));
    // Another kind of file, too.
    for (bytes, name) in [
        (new.clone(), "opname.mp4"),
        (clips::bytes("a.webm", 3), "opname.webm"),
    ] {
        let upload = mira
            .upload(bytes, &[("filename", name), ("replaces", &id)])
            .await;
        let report = mira.report(&upload).await;
        assert_eq!(report["state"], "done", "{report}");
        let after = site.json(&api).await;
        assert_eq!(
            after["sources"].as_array().unwrap().len(),
            1,
            "{name}: one file, not two"
        );
        for same in [
            "title",
            "captions",
            "chapters",
            "watch_url",
            "embed_url",
            "poster_url",
        ] {
            assert_eq!(after[same], before[same], "{name}: {same}");
        }
        assert_ne!(after["sources"][0]["url"], before["sources"][0]["url"]);
        site.get(&format!("/watch/{id}")).await.is(200);
        let now = site.address(&after["sources"][0]["url"]);
        site.get(&now).await.is(200);
        // Who has nothing of the old yet is led on; the rest of it is never mixed with the new.
        site.get(&old_media).await.is(308).says("location", &now);
        let rest = site
            .ask(Method::GET, &old_media)
            .header("range", "bytes=100-");
        site.send(rest).await.is(410);
    }
    // The old ones are kept for coordinators, with who replaced them when.
    let files = mira
        .get(&format!("/desk/recordings/{id}/files?lang=nl"))
        .await
        .is(200);
    let files = files.shows("Eerdere versies").shows("mira@example.org");
    let rows = files.page().rows();
    let back = rows
        .iter()
        .filter(|row| row.text.contains("Zet deze terug"));
    assert_eq!(back.count(), 2);
    let version = old_media.split('/').nth(3).unwrap().to_owned();
    let kept = mira.get(&old_media).await.is(200);
    assert_eq!(kept.body, old, "its coordinators can play it");
    let part = mira.ask(Method::GET, &old_media);
    let part = mira.send(part.header("range", "bytes=0-3")).await.is(206);
    assert_eq!(part.body, old[..4]);
    // Put back with one button.
    let back = format!("/desk/recordings/{id}/versions/{version}");
    mira.does(&format!("{back}?lang=nl"), &[])
        .await
        .shows("Deze versie is terug");
    let again = site.json(&api).await;
    assert_eq!(again["sources"], before["sources"], "at its old address");
    assert_eq!(site.get(&old_media).await.is(200).body, old);
    let scanned = site.scan().await;
    assert!(scanned.findings.is_empty(), "{:?}", scanned.findings);
    // Removed for good by an administrator only.
    let files = mira.get(&format!("/desk/recordings/{id}/files")).await;
    let remove = format!("{}/remove", files.page().attribute("/versions/"));
    mira.post(&remove, &[]).await.is(403);
    let eva = site.colleague("eva", Role::Administrator).await;
    let kept = || {
        std::fs::read_dir(site.path("reeks/.versions"))
            .unwrap()
            .count()
    };
    assert_eq!(kept(), 2);
    eva.does(&remove, &[]).await;
    assert_eq!(kept(), 1);
    eva.post(&remove, &[]).await.is(404);
    // What is wiped leaves no version behind.
    eva.does(&format!("/desk/recordings/{id}/trash"), &[]).await;
    eva.does(&format!("/desk/recordings/{id}/erase"), &[("sure", "yes")])
        .await;
    assert_eq!(kept(), 0);
    site.get(&old_media).await.is(410);
}

#[tokio::test]
async fn what_lies_beyond_a_shorter_file_is_kept_and_shown_to_who_replaced_it() {
    let site = Site::open().await;
    let id = public(&site).await;
    site.put(
        "reeks/01-deel.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nEerste\n\n00:30.000 --> 00:31.000\nVeel later\n",
    );
    site.put(
        "reeks/01-deel.toml",
        site.read("reeks/01-deel.toml")
            .replace("00:00:01", "00:00:40"),
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.upload(
        clips::bytes("a.mp4", 2),
        &[("filename", "kort.mp4"), ("replaces", &id)],
    )
    .await;
    mira.get(&format!("/desk/recordings/{id}/files?lang=nl"))
        .await
        .is(200)
        .shows("na het einde")
        .shows("0:40")
        .shows("Slot")
        .shows("Veel later");
    assert!(site.read("reeks/01-deel.nl.vtt").contains("Veel later"));
    assert_eq!(
        site.json(&format!("/api/recordings/{id}")).await["captions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_upload_that_was_cut_off_on_its_way_to_its_place_is_completed_at_the_next_start() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 6);
    // As a crash leaves them: whole and waiting; its sidecar written; moved and not taken over.
    let mut made = Vec::new();
    for (number, step) in [(1, "whole"), (2, "described"), (3, "moved")] {
        let name = format!("0{number} {step}.mp4");
        let mut own = bytes.clone();
        own.extend(8_u32.to_be_bytes());
        own.extend(if number == 1 {
            b"free"
        } else if number == 2 {
            b"skip"
        } else {
            b"wide"
        });
        let upload = mira.announce(own.len(), &[("filename", &name)]).await;
        let id = upload.rsplit('/').next().unwrap().to_owned();
        let file = format!("0{number}-{step}.mp4");
        match step {
            "moved" => site.put(&format!("inbox/{file}"), &own),
            _ => std::fs::write(site.path(&format!(".uploads/{id}")), &own).unwrap(),
        }
        if step != "whole" {
            let toml = format!(
                "id = \"{}\"\ntitle = \"{step}\"\nvisibility = \"draft\"\nfile = \"{file}\"\n",
                "q3a1gc8bx".to_owned() + &number.to_string()
            );
            site.put(&format!("inbox/0{number}-{step}.toml"), toml);
        }
        if step == "moved" {
            std::fs::remove_file(site.path(&format!(".uploads/{id}"))).unwrap();
        }
        let length = own.len() as u64;
        site.app
            .db
            .write(move |conn| {
                use terugkijken::catalogue::upload;
                upload::reached(conn, &id, length, 4_000_000_000)?;
                match step {
                    "whole" => Ok(()),
                    _ => upload::finishing(conn, &id, "inbox", &file),
                }
            })
            .await
            .unwrap();
        made.push((upload, own));
    }
    // Old enough not to look like a file that is still growing.
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(600);
    let moved = std::fs::File::options()
        .write(true)
        .open(site.path("inbox/03-moved.mp4"))
        .unwrap();
    moved.set_modified(old).unwrap();
    for _ in 0..2 {
        terugkijken::uploads::finish::finish_all(&site.app)
            .await
            .unwrap();
    }
    for ((upload, own), file) in made.iter().zip(["01-whole", "02-described", "03-moved"]) {
        let report = mira.report(upload).await;
        assert_eq!(report["state"], "done", "{file}: {report}");
        assert_eq!(
            &std::fs::read(site.path(&format!("inbox/{file}.mp4"))).unwrap(),
            own,
            "{file}"
        );
    }
    assert_eq!(
        site.id_in("inbox/02-described.toml"),
        "q3a1gc8bx2",
        "the id it was given stays"
    );
    let count: u32 = site
        .app
        .db
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM recording", [], |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(count, 3, "none twice");
}

#[tokio::test]
async fn a_recording_keeps_the_time_of_change_that_it_had_on_the_laptop() {
    let site = Site::open().await;
    let now = 1_800_000_000;
    site.app.clock.hold(now);
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Reeks")]).await;
    let series = mira.series("Reeks").await;
    // Milliseconds, as a browser tells them; what lies in the future or is no time becomes a minute ago.
    for (number, (stated, expected)) in [
        ("1700000000999", 1_700_000_000),
        ("0", 0),
        ("1799999939999", now - 61),
        ("1799999940000", now - 60),
        ("1900000000000", now - 60),
        ("-1000", now - 60),
        ("gisteren", now - 60),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("les-{number}.mp4");
        let clip = clips::bytes(&name, u32::try_from(number).unwrap());
        let told = [
            ("filename", name.as_str()),
            ("series", &series),
            ("lastmodified", stated),
        ];
        mira.upload(clip, &told).await;
        let file = site.path(&format!("reeks/{name}"));
        let modified = file.metadata().unwrap().modified().unwrap();
        let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
        assert_eq!(
            i64::try_from(since.as_secs()).unwrap(),
            expected,
            "{stated}"
        );
    }
}
