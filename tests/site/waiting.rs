//! Nothing waits for ever: saves at the desk take turns, whoever cannot have one is told so with everything they typed, and who
//! watches notices nothing of it.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::{Client, Site, desk};

/// Saves at the same moment: more than the program has threads that may wait for a disk.
const SAVES: usize = 1000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_saves_at_once_are_all_answered_while_a_film_plays() {
    let site = Arc::new(Site::open().await);
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 1..=8 {
        site.put_clip(&format!("reeks/{number:02}-deel.mp4"), number);
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let film = site.recording("Deel").await;
    let media = site.address(&film["sources"][0]["url"]);
    let poster = site.address(&film["poster_url"]);

    let over = Arc::new(AtomicBool::new(false));
    let (watched, until) = (Arc::clone(&site), Arc::clone(&over));
    let watching = tokio::spawn(async move {
        let mut answers = 0;
        while !until.load(Ordering::Relaxed) {
            let part = watched
                .ask(Method::GET, &media)
                .header("range", "bytes=0-999");
            assert_eq!(watched.send(part).await.is(206).body.len(), 1000);
            watched.get(&poster).await.is(200);
            watched.get("/readyz").await.is(200);
            answers += 1;
        }
        answers
    });

    let ids: Vec<String> = (1..=8)
        .map(|number| site.id_in(&format!("reeks/{number:02}-deel.toml")))
        .collect();
    let mut saving = tokio::task::JoinSet::new();
    for save in 0..SAVES {
        let mira = Client::clone(&mira);
        let path = format!("/desk/recordings/{}/visibility", ids[save % ids.len()]);
        saving.spawn(async move {
            let until = format!("2090-01-01T{:02}:{:02}", save / 60, save % 60);
            let form = [("visibility", "public"), ("visible_until", until.as_str())];
            let answer = mira.post(&path, &form).await;
            match answer.status {
                303 => true,
                503 => {
                    // With what was typed, and when to try again.
                    assert!(answer.header("retry-after").is_some());
                    answer.shows(&until).shows("Nog eens proberen");
                    false
                }
                // Another was first, between reading and writing.
                _ => {
                    answer.is(409).shows(&until);
                    false
                }
            }
        });
    }
    let saved = saving.join_all().await;
    over.store(true, Ordering::Relaxed);
    assert_eq!(saved.len(), SAVES);
    assert!(saved.iter().any(|saved| *saved), "not one was saved");
    assert!(watching.await.unwrap() > 0, "nobody watched");
    // And afterwards the desk works as ever.
    let form = [
        ("visibility", "public"),
        ("visible_until", "2091-02-03T04:05"),
    ];
    mira.does(&format!("/desk/recordings/{}/visibility", ids[0]), &form)
        .await;
    assert!(
        site.read("reeks/01-deel.toml")
            .contains("visible_until = 2091-02-03")
    );
}

#[tokio::test]
async fn a_series_that_another_process_holds_is_said_to_be_busy_and_saved_afterwards() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let path = format!("/desk/recordings/{id}/visibility");
    let form = [("visibility", "unlisted")];
    mira.does(&path, &form).await;
    // As `terugkijken scan` beside the server does.
    let locks = site.app.library.data().join("locks");
    let held: Vec<File> = std::fs::read_dir(locks)
        .unwrap()
        .map(|lock| {
            let lock = File::open(lock.unwrap().path()).unwrap();
            lock.try_lock().unwrap();
            lock
        })
        .collect();
    assert!(!held.is_empty());
    let before = site.read("reeks/01-begin.toml");
    let form = [
        ("visibility", "withdrawn"),
        ("withdrawn_reason", "Verouderd."),
    ];
    let refused = mira.post(&path, &form).await.is(503);
    assert!(refused.header("retry-after").is_some());
    refused.shows("Verouderd.");
    assert_eq!(site.read("reeks/01-begin.toml"), before);
    drop(held);
    mira.does(&path, &form).await;
    assert!(site.read("reeks/01-begin.toml").contains("Verouderd."));
}
