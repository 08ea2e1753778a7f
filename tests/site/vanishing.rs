//! What vanishes from the folder goes on answering, and what comes back is recognised.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use terugkijken::catalogue::{PublicId, recording::stored};

use crate::support::program::PROGRAM;
use crate::support::{Site, lines, says};

const PUBLIC: &str = "visibility = \"public\"\n";

#[tokio::test]
async fn a_planned_recording_whose_sidecar_is_gone_is_missing_until_it_is_put_back() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/02-later.toml", "title = \"Later\"\n");
    site.scan().await;
    let sidecar = site.read("reeks/02-later.toml");
    let page = format!("/watch/{}", site.id_in("reeks/02-later.toml"));
    assert_eq!(site.recording("Later").await["state"], "planned");
    site.remove("reeks/02-later.toml");
    says(&site.scan().await, &["missing: reeks/02-later.toml"]);
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    assert_eq!(site.recording("Later").await["state"], "missing");
    site.get(&page).await.is(200).shows("Later");
    site.put("reeks/02-later.toml", sidecar);
    site.scan().await;
    assert_eq!(site.recording("Later").await["state"], "planned");
    // A folder that is gone takes its plans along.
    std::fs::remove_dir_all(site.path("reeks")).unwrap();
    says(&site.scan().await, &["missing: reeks/02-later.toml"]);
    site.get(&page).await.is(200);
}

#[tokio::test]
async fn a_recording_that_was_moved_away_by_hand_is_not_sent_because_it_was_open() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    site.get(&address).await.is(200);
    site.app.library.close_moved_files();
    site.get(&address).await.is(200);
    let elsewhere = site.folder().join("elders.mp4");
    std::fs::rename(site.path("reeks/01-begin.mp4"), &elsewhere).unwrap();
    site.app.library.close_moved_files();
    site.get(&address).await.is(503);
    std::fs::rename(&elsewhere, site.path("reeks/01-begin.mp4")).unwrap();
    site.get(&address).await.is(200);
}

#[tokio::test]
async fn a_renamed_folder_leads_on_although_one_recording_was_lost_before() {
    let site = Site::open().await;
    site.put("oud/series.toml", PUBLIC);
    for number in 1..=3 {
        site.put_clip(&format!("oud/0{number}-deel-{number}.mp4"), number);
    }
    site.scan().await;
    let ids = [1, 2, 3].map(|number| site.id_in(&format!("oud/0{number}-deel-{number}.toml")));
    site.remove("oud/03-deel-3.mp4");
    site.remove("oud/03-deel-3.toml");
    site.scan().await;
    std::fs::rename(site.path("oud"), site.path("nieuw")).unwrap();
    site.scan().await;
    site.get("/series/oud")
        .await
        .is(308)
        .says("location", "/series/nieuw");
    for id in &ids {
        site.get(&format!("/watch/{id}")).await.is(200);
    }
    assert_eq!(site.recording("Deel 3").await["state"], "missing");
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    // Also for a catalogue that knows nothing of it.
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.get("/series/oud")
        .await
        .is(308)
        .says("location", "/series/nieuw");
}

#[tokio::test]
async fn a_deleted_recording_comes_back_with_its_sidecar_and_not_with_its_bytes() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let (clip, sidecar) = (
        std::fs::read(site.path("reeks/01-begin.mp4")).unwrap(),
        site.read("reeks/01-begin.toml"),
    );
    let id = site.id_in("reeks/01-begin.toml");
    let page = format!("/watch/{id}");
    delete(&site, &id).await;
    site.remove("reeks/01-begin.mp4");
    site.remove("reeks/01-begin.toml");
    site.scan().await;
    site.get(&page).await.is(410);
    site.put("reeks/01-begin.mp4", &clip);
    says(
        &site.scan().await,
        &["reeks/01-begin.mp4", "was deleted", &id],
    );
    site.get(&page).await.is(410);
    site.put("reeks/01-begin.toml", sidecar);
    says(&site.scan().await, &["found again: reeks/01-begin.mp4"]);
    site.get(&page).await.is(200);
}

#[tokio::test]
async fn another_file_under_the_name_of_a_deleted_recording_is_another_recording() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    delete(&site, &id).await;
    site.remove("reeks/01-begin.toml");
    site.put_clip("reeks/01-begin.mp4", 2);
    says(&site.scan().await, &["new: reeks/01-begin.mp4"]);
    assert_ne!(site.id_in("reeks/01-begin.toml"), id);
    site.get(&format!("/watch/{id}")).await.is(410);
}

async fn delete(site: &Site, id: &str) {
    let (id, now) = (PublicId::parse(id).unwrap(), site.app.clock.now());
    let deleted = site.app.db.write(move |conn| {
        let (row, _, _) = stored::place(conn, &id)?.unwrap();
        stored::delete(conn, row, now)
    });
    deleted.await.unwrap();
}

#[tokio::test]
async fn of_two_captions_in_one_language_the_named_one_counts_and_the_other_is_reported() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    for (file, text) in [("01-begin.vtt", "Zonder"), ("01-begin.nl.vtt", "Met")] {
        site.put(
            &format!("reeks/{file}"),
            format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n"),
        );
    }
    says(
        &site.scan().await,
        &["reeks/01-begin.vtt", "one of its kind"],
    );
    let id = site.id_in("reeks/01-begin.toml");
    let captions = format!("/captions/{id}/nl.vtt");
    site.get(&captions).await.is(200).shows("Met");
    // Once the recording is in another language, so is the caption that does not say its own.
    let text = site.read("reeks/01-begin.toml");
    site.put("reeks/01-begin.toml", format!("language = \"en\"\n{text}"));
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    site.get(&format!("/captions/{id}/en.vtt"))
        .await
        .is(200)
        .shows("Zonder");
    site.get(&captions).await.is(200).shows("Met");
}

#[tokio::test]
async fn names_that_cannot_be_shown_and_what_is_no_file_are_named() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-terug\\slag.mp4", 2);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        site.path("reeks/03-pijp.mp4"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .unwrap();
    let said = lines(&site.scan().await);
    for name in ["02-terug\\slag.mp4", "03-pijp.mp4"] {
        assert!(
            said.iter()
                .any(|line| line.starts_with("not a recording") && line.contains(name)),
            "{name}: {said:?}"
        );
    }
    assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);
}

/// Run as nobody when the tests run as root, who may write everywhere.
#[tokio::test]
async fn a_read_only_folder_is_served_with_ids_kept_in_the_catalogue() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    let data = site.folder().join("andere-data");
    std::fs::create_dir(&data).unwrap();
    let nobody = rustix::process::geteuid().is_root().then_some(65_534);
    std::fs::set_permissions(site.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::chown(&data, nobody, nobody).unwrap();
    std::fs::set_permissions(site.path("reeks"), std::fs::Permissions::from_mode(0o555)).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.args(args).arg("--data").arg(&data);
        command.arg("--media").arg(site.media()).current_dir("/");
        if let Some(nobody) = nobody {
            command.uid(nobody).gid(nobody);
        }
        let done = command.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{args:?}: {done:?}");
        said
    };
    let first = run(&["scan"]);
    assert!(first.contains("new: reeks/01-begin.mp4"), "{first}");
    let second = run(&["scan"]);
    assert!(second.contains("1 media files, 0 opened"), "{second}");
    let files: BTreeSet<String> = std::fs::read_dir(site.path("reeks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        files,
        BTreeSet::from(["01-begin.mp4".to_owned(), "series.toml".to_owned()])
    );
    std::fs::set_permissions(site.path("reeks"), std::fs::Permissions::from_mode(0o755)).unwrap();
}
