//! A file that was broken off: while it may still be arriving it waits; when nothing has changed for an hour it is what it is. What plays
//! is a recording whose end is missing, and what does not is said to be none.

use std::fs::File;
use std::time::{Duration, SystemTime};

use terugkijken::catalogue::coordinator::Role;

use crate::support::{Site, clips, says};

const MISSING: &str = "Het einde van deze opname ontbreekt";

/// As if nobody had written to the file for so long.
fn age(site: &Site, name: &str, seconds: u64) {
    let file = File::options().write(true).open(site.path(name)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
        .unwrap();
}

/// Each kind of recording without its last fifth, and whether what is there plays.
fn cut() -> Vec<(&'static str, Vec<u8>, bool)> {
    let part = |kind: &str| {
        let mut bytes = clips::bytes(&format!("a.{kind}"), 1);
        bytes.truncate(bytes.len() * 4 / 5);
        bytes
    };
    vec![
        ("01-fragmenten.mp4", part("fragments"), true),
        ("02-index-vooraan.mp4", part("mp4"), true),
        ("03-index-achteraan.mp4", part("tail"), false),
        ("04-kist.mkv", part("mkv"), true),
        ("05-web.webm", part("webm"), true),
        ("06-geluid.wav", part("wav"), true),
        ("07-nullen.mp4", vec![0; 5000], false),
    ]
}

#[tokio::test]
async fn what_was_broken_off_waits_for_an_hour_and_is_then_a_recording_or_none() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    for (name, bytes, _) in cut() {
        site.put(&format!("reeks/{name}"), bytes);
    }
    let report = site.scan().await;
    assert!(report.waiting);
    for (name, ..) in cut() {
        says(&report, &["waiting", name]);
        age(&site, &format!("reeks/{name}"), 3500);
    }
    assert!(site.scan().await.waiting, "a copy may pause");
    site.get("/api/series/reeks").await.is(404);
    for (name, ..) in cut() {
        age(&site, &format!("reeks/{name}"), 3700);
    }
    let report = site.scan().await;
    assert!(!report.waiting, "nothing waits for ever");
    let eva = site.colleague("eva", Role::Administrator).await;
    let problems = eva.get("/desk/problems?lang=nl").await.is(200);
    for (name, _, plays) in cut() {
        if !plays {
            says(&report, &["cannot be used", name, "broken off"]);
            assert!(problems.text().contains(name), "{name}");
            continue;
        }
        let stem = name.split('.').next().unwrap();
        let id = site.id_in(&format!("reeks/{stem}.toml"));
        site.get_dutch(&format!("/watch/{id}"))
            .await
            .is(200)
            .shows(MISSING);
        eva.get(&format!("/desk/recordings/{id}/files?lang=nl"))
            .await
            .is(200)
            .shows(MISSING);
    }
    // Sound without compression says by its bytes how long it is; what only an index states is not there.
    let seconds = |title: &str| {
        let site = &site;
        let title = title.to_owned();
        async move { site.recording(&title).await["duration_ms"].as_u64() }
    };
    let wav = seconds("Geluid").await.unwrap();
    assert!((1_500..1_700).contains(&wav), "{wav}");
    for title in ["Fragmenten", "Index vooraan"] {
        assert_eq!(seconds(title).await, None, "{title}");
    }
    // The rest comes after all, and all is as it should be.
    site.put("reeks/02-index-vooraan.mp4", clips::bytes("a.mp4", 1));
    site.scan().await;
    let id = site.id_in("reeks/02-index-vooraan.toml");
    site.get_dutch(&format!("/watch/{id}"))
        .await
        .is(200)
        .hides(MISSING);
    assert!(seconds("Index vooraan").await.is_some());
}

#[tokio::test]
async fn what_was_broken_off_before_it_was_sent_is_taken_at_once() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for (name, bytes, plays) in cut() {
        let upload = mira.upload(bytes, &[("filename", name)]).await;
        let report = mira.report(&upload).await;
        let expected = if plays { "done" } else { "refused" };
        assert_eq!(report["state"], expected, "{name}: {}", report["sentence"]);
        if plays {
            let page = report["desk_url"].as_str().unwrap();
            mira.get(&format!("{page}/files?lang=nl"))
                .await
                .is(200)
                .shows(MISSING);
        }
    }
}
