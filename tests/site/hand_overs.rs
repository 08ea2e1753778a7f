//! How often an answer hands a closure to the database: each time is a wait for a connection, and a moment of its own that the rest of
//! the page may not agree with.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::{Desk, described, picture, site};

/// Times that one answer may hand something over: who asks, what they ask for, and what is noted of their visit.
const MOST: u64 = 3;

/// What an answer may ask for, after a change as well as before.
async fn count(site: &Site, answer: impl Future) -> u64 {
    let before = site.app.db.handed_over();
    answer.await;
    site.app.db.handed_over() - before
}

/// Every page of the desk.
async fn desk_pages(mira: &Desk, id: &str) -> Vec<String> {
    let series = format!("/desk/series/{}", mira.series("Reeks").await);
    let recording = format!("/desk/recordings/{id}");
    let below = |page: &str, names: &[&str]| {
        let pages = names.iter().map(|name| format!("{page}{name}"));
        pages.collect::<Vec<_>>()
    };
    let tabs = [
        "",
        "/visibility",
        "/files",
        "/captions/nl",
        "/links",
        "/share",
    ];
    let mut pages = below(
        "/desk",
        &[
            "",
            "/recordings",
            "/series",
            "/links",
            "/trash",
            "/messages",
            "/problems",
            "/queue",
        ],
    );
    pages.extend(below(
        "/desk",
        &[
            "/upload",
            "/account",
            "/people",
            "/audit",
            "/audit/export.csv",
        ],
    ));
    pages.extend(below(&recording, &tabs));
    pages.extend(below(&series, &["", "/about", "/links", "/share"]));
    pages.push(format!("/desk/upload?replaces={id}"));
    pages.push("/desk/people/1/hand-on".to_owned());
    pages.push("/desk/recordings?lacks=captions&q=begin".to_owned());
    pages
}

/// Every page, frame, feed, part and file that visitors ask for.
fn visitors_pages(id: &str) -> Vec<String> {
    let of_recording =
        ["/watch", "/embed", "/share", "/api/recordings"].map(|it| format!("{it}/{id}"));
    let of_series = ["", "/feed.xml", "/podcast.xml"].map(|it| format!("/series/reeks{it}"));
    let others = [
        "/",
        "/search?q=begin",
        "/feed.xml",
        "/sitemap.xml",
        "/api/series",
        "/api/series/reeks",
        "/api/search?q=begin",
        "/embed/series/reeks",
        "/share/series/reeks",
        "/privacy",
        "/message",
        "/sign-in",
    ];
    let others = others.map(str::to_owned);
    let parts = [
        format!("/captions/{id}/nl.vtt"),
        format!("/transcripts/{id}/nl.txt"),
        format!("/posters/{id}.jpg"),
        format!("/posters/{id}-play.jpg"),
        format!("/share/{id}/preview"),
    ];
    let all = of_recording.into_iter().chain(of_series).chain(others);
    all.chain(parts).collect()
}

#[tokio::test]
async fn no_answer_hands_more_than_three_closures_to_the_database() {
    let (site, id) = site().await;
    site.put("reeks/01-begin.nl.vtt", crate::support::desk::CAPTIONS);
    site.put("reeks/01-begin.png", picture(640));
    site.scan().await;
    site.work_until_idle().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let mut counts = Vec::new();
    for path in desk_pages(&mira, &id).await {
        let answer = async { mira.get(&path).await.is(200) };
        counts.push((count(&site, answer).await, format!("mira: {path}")));
    }
    for path in visitors_pages(&id) {
        let answer = async { site.get(&path).await.is(200) };
        counts.push((count(&site, answer).await, path.clone()));
        // Who has signed in is sent on from `/sign-in`.
        let answer = async { assert!(mira.get(&path).await.status < 400) };
        counts.push((count(&site, answer).await, format!("mira: {path}")));
    }
    let media = site.json(&format!("/api/recordings/{id}")).await;
    let media = site.address(&media["sources"][0]["url"]);
    counts.push((count(&site, site.get(&media)).await, media));
    assert!(
        counts.iter().any(|(count, _)| *count == MOST),
        "the premise"
    );
    counts.retain(|(count, _)| *count > MOST);
    assert!(counts.is_empty(), "{counts:#?}");
}

#[tokio::test]
async fn what_a_form_costs_does_not_grow_with_the_catalogue() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = format!("/desk/recordings/{id}");
    let mut counts = Vec::new();
    for (recordings, title) in [(0, "Een"), (20, "Twee"), (200, "Drie")] {
        for number in 0..recordings {
            site.put(
                &format!("reeks/{number:03}-deel.toml"),
                format!("title = \"Deel {number}\"\n"),
            );
        }
        site.scan().await;
        let base = mira.base(&page).await;
        let form = described(&base, title);
        let saved = async { mira.post(&page, &form).await.is(303) };
        counts.push(count(&site, saved).await);
    }
    // Twice who asks (before and after the form has arrived), thrice what is there (which folder to lock, then the recording and its
    // page under the lock), and five to read again what was written.
    assert_eq!(counts, [10, 10, 10]);
}
