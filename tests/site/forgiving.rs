//! What a search understands although nobody wrote it like this: typing errors, words that nobody says, dates, and words too many.

use crate::support::Site;

/// Recordings with these titles, in one public series, the first of which is still to come.
async fn titled(titles: &[&str]) -> Site {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    for (seed, title) in (1..).zip(titles) {
        site.put_clip(&format!("reeks/{seed:02}-a.mp4"), seed);
        let sidecar = format!("title = \"{title}\"\ndate = 202{seed}-02-03\n");
        site.put(&format!("reeks/{seed:02}-a.toml"), sidecar);
    }
    site.scan().await;
    site
}

#[tokio::test]
async fn letters_that_changed_places_are_meant_first_and_then_the_word_of_most_recordings() {
    let site = titled(&[
        "Weken lang",
        "Werken met jongeren",
        "Zes weken",
        "Katten",
        "Ketten en ketten",
    ])
    .await;
    let meant = async |question: &str| {
        let found = site.json(&format!("/api/search?q={question}")).await;
        found["meant"][0]["meant"].clone()
    };
    assert_eq!(meant("wreken").await, "werken");
    assert_eq!(meant("wekan").await, "weken");
    // What was meant by a word that is left out after all helps nobody.
    let found = site.json("/api/search?q=wreken+katten+weken").await;
    let left: Vec<&str> = found["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    for meant in found["meant"].as_array().into_iter().flatten() {
        assert!(!left.contains(&meant["typed"].as_str().unwrap()), "{found}");
    }
}

#[tokio::test]
async fn a_word_of_which_only_parts_are_found_is_offered_as_the_one_that_is_nearly_it() {
    let site = titled(&[
        "Elke jongere, elk werk, veilig",
        "Elk jongerenwerk",
        "Meer jongerenwerk van elke dag",
    ])
    .await;
    let found = site.json("/api/search?q=jongerewerk+elke").await;
    assert_eq!(found["offered"], "jongerenwerk elke");
    let page = site.get_dutch("/search?q=jongerewerk").await.is(200).page();
    assert!(page.holds("Bedoelde je:") && page.holds("jongerenwerk"));
    // It is offered where it finds more with the other words as well.
    let found = site.json("/api/search?q=jongerewerk+veilig").await;
    assert!(found["offered"].is_null(), "{found}");
    // A filter stays.
    let page = site.get_dutch("/search?q=jongerewerk&series=reeks").await;
    assert!(
        page.is(200)
            .text()
            .contains("/search?q=jongerenwerk&amp;series=reeks")
    );
    // A word that somebody wrote is meant.
    let found = site.json("/api/search?q=jongere").await;
    assert!(found["offered"].is_null(), "{found}");
}

#[tokio::test]
async fn a_word_that_is_not_there_finds_what_begins_like_it_or_is_a_part_of_it_and_says_so() {
    let site = titled(&[
        "Bij een sollicitatiegesprek",
        "Sinds corona",
        "De organen van een vereniging",
    ])
    .await;
    for (question, meant, title) in [
        ("solliciteren", "sollicit…", "Bij een sollicitatiegesprek"),
        ("coronatijd", "corona", "Sinds corona"),
    ] {
        let found = site.json(&format!("/api/search?q={question}")).await;
        assert_eq!(found["meant"][0]["meant"], meant);
        assert_eq!(found["recordings"][0]["title"], title);
    }
    for question in ["organiseren", "verkeerd", "coro"] {
        assert_eq!(
            site.titles(&format!("/api/search?q={question}")).await,
            [""; 0],
            "{question}"
        );
    }
}

#[tokio::test]
async fn a_recording_is_found_by_its_date() {
    let site = titled(&["Een", "Twee"]).await;
    for (question, titles) in [
        ("februari+2021", &["Een"][..]),
        ("3+february+2022", &["Twee"]),
        ("2021", &["Een"]),
        ("februari", &["Twee", "Een"]),
        ("maart+2021", &["Een"]),
    ] {
        assert_eq!(
            site.titles(&format!("/api/search?q={question}")).await,
            titles,
            "{question}"
        );
    }
}

#[tokio::test]
async fn a_word_that_was_said_like_this_is_kept_before_one_that_was_said_in_another_form() {
    let site = titled(&["Wat willen we bereiken", "Buiten werktijd", "Een werktijd"]).await;
    let found = site.json("/api/search?q=bereikbaar+werktijd").await;
    assert_eq!(found["left_out"], serde_json::json!(["bereikbaar"]));
}

#[tokio::test]
async fn what_cannot_be_watched_yet_comes_behind_what_can() {
    let site = titled(&["Terugkomdag", "Afsluiting"]).await;
    site.put(
        "reeks/02-a.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nTot de terugkomdag.\n",
    );
    site.put(
        "reeks/03-later.toml",
        "title = \"Terugkomdag\"\nnumber = 3\n",
    );
    site.put(
        "reeks/04-later.toml",
        "title = \"Uitblik\"\nsummary = \"Een terugkomdag\"\n",
    );
    site.scan().await;
    let found = site.json("/api/search?q=terugkomdag").await;
    let found = found["recordings"].as_array().unwrap().iter();
    let found = found.map(|one| (one["title"].as_str().unwrap(), one["state"] == "ready"));
    let expected = [
        ("Terugkomdag", true),
        ("Terugkomdag", false),
        ("Afsluiting", true),
        ("Uitblik", false),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}
