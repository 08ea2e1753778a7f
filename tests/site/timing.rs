//! A file that is replaced by one of another length: captions and chapters were made for the file of before, and words that were cut
//! away must not stay public.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::Desk;
use crate::support::{Site, clips};

const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:00.900\nWat eruit is geknipt\n\n\
                        00:01.100 --> 00:01.500 line:0\nWelkom allemaal\n\n\
                        00:01.700 --> 00:02.000\nTot de volgende keer\n";
const SIDECAR: &str = "title = \"Begin\"\nlanguage = \"nl\" # van Mira\n\
                       [[chapters]]\nstart = \"0:00\"\ntitle = \"Vooraf\"\n\
                       [[chapters]]\nstart = \"0:01\"\ntitle = \"Opening\"\n\
                       [[chapters]]\nstart = \"0:01.600\"\ntitle = \"Afsluiting\"\n";

/// A public recording of two seconds with captions in two languages and chapters; its id, and a coordinator.
async fn site() -> (Site, String, Desk) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 3);
    site.put("reeks/01-begin.toml", SIDECAR);
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    site.put(
        "reeks/01-begin.en.vtt",
        CAPTIONS.replace("Welkom allemaal", "Welcome all"),
    );
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let mira = site.colleague("mira", Role::Editor).await;
    (site, id, mira)
}

/// Replaces the file by one without its first second, at the desk.
async fn replace(mira: &Desk, id: &str) {
    let bytes = clips::without_begin("kort.mp4", 3);
    let purpose = [("filename", "kort.mp4"), ("replaces", id)];
    mira.upload(bytes, &purpose).await;
}

/// All that visitors get of captions and chapters, at every address that gives any.
async fn words(site: &Site, id: &str) -> String {
    let mut all = String::new();
    for address in [
        format!("/watch/{id}"),
        format!("/embed/{id}"),
        format!("/captions/{id}/nl.vtt"),
        format!("/captions/{id}/en.vtt"),
        format!("/transcripts/{id}/nl.txt"),
        format!("/chapters/{id}.vtt"),
        format!("/chapters/{id}.json"),
        format!("/api/recordings/{id}"),
        "/series/reeks/podcast.xml".to_owned(),
    ] {
        all.push_str(&site.get(&address).await.is(200).text());
    }
    all
}

/// The address of the file of a recording: another file has another one.
async fn file_of(site: &Site, title: &str) -> String {
    let known = site.recording(title).await;
    site.address(&known["sources"][0]["url"])
}

async fn finds(site: &Site, word: &str) -> bool {
    let found = site.json(&format!("/api/search?q={word}")).await;
    !found["recordings"].as_array().unwrap().is_empty()
}

#[tokio::test]
async fn nothing_beyond_the_new_end_is_shown_until_somebody_has_looked() {
    let (site, id, mira) = site().await;
    let before = words(&site, &id).await;
    for word in [
        "Wat eruit",
        "Welkom",
        "Tot de volgende",
        "Opening",
        "Afsluiting",
    ] {
        assert!(before.contains(word), "the premise: {word}");
    }
    for word in ["Afsluiting", "Welkom", "welcome", "volgende"] {
        assert!(finds(&site, word).await, "the premise: {word}");
    }
    replace(&mira, &id).await;
    // A rescan and a catalogue that is made again from the folder change nothing about it.
    for round in 0..3 {
        let now = words(&site, &id).await;
        assert!(
            now.contains("Vooraf") && now.contains("Wat eruit"),
            "{round}"
        );
        for word in ["Welkom", "Welcome", "Tot de volgende", "Afsluiting"] {
            assert!(!now.contains(word), "{word} lies beyond the end ({round})");
        }
        for word in ["Afsluiting", "Welkom", "welcome", "volgende"] {
            assert!(!finds(&site, word).await, "{word} ({round})");
        }
        assert!(finds(&site, "geknipt").await);
        site.scan().await;
    }
    assert!(
        site.read("reeks/01-begin.toml")
            .contains("timing = \"unchecked\"")
    );
    assert!(
        site.read("reeks/01-begin.nl.vtt")
            .contains("Tot de volgende keer")
    );
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert!(!words(&site, &id).await.contains("Welkom"));
}

#[tokio::test]
async fn the_desk_shows_both_lengths_and_asks_in_words() {
    let (site, id, mira) = site().await;
    let tab = |tab: &str| format!("/desk/recordings/{id}{tab}?lang=nl");
    mira.get(&tab("/files"))
        .await
        .is(200)
        .hides("Passen de ondertiteling");
    replace(&mira, &id).await;
    mira.get(&tab("/files"))
        .await
        .is(200)
        .shows("Passen de ondertiteling en de hoofdstukken nog?")
        .shows("eerst 0:02, nu 0:01")
        .shows("0:01.100 Welkom allemaal");
    for other in ["", "/visibility", "/links", "/share"] {
        mira.get(&tab(other))
            .await
            .is(200)
            .shows("Kijk of de ondertiteling");
    }
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .shows("Van één opname is het bestand vervangen");
    let problems = mira.get("/desk/problems?lang=nl").await.is(200);
    problems.shows("Begin").shows("nog van het vorige bestand");
    site.get(&format!("/watch/{id}")).await.is(200);
}

#[tokio::test]
async fn what_fits_is_kept_as_it_is() {
    let (site, id, mira) = site().await;
    let files = format!("/desk/recordings/{id}/files?lang=nl");
    replace(&mira, &id).await;
    let timing = format!("/desk/recordings/{id}/timing");
    mira.does(&timing, &[("choice", "keep")]).await;
    mira.get(&files)
        .await
        .is(200)
        .hides("Passen de ondertiteling");
    assert!(words(&site, &id).await.contains("Welkom"));
    assert!(!site.read("reeks/01-begin.toml").contains("timing"));
    // A colleague's page from before does no harm.
    mira.does(&timing, &[("choice", "hide")]).await;
    assert!(words(&site, &id).await.contains("Welkom"));
    mira.get("/desk/problems").await.is(200).hides("Begin");
}

#[tokio::test]
async fn what_is_hidden_is_seen_by_nobody_until_somebody_shows_it() {
    let (site, id, mira) = site().await;
    replace(&mira, &id).await;
    let timing = format!("/desk/recordings/{id}/timing");
    mira.does(&timing, &[("choice", "hide")]).await;
    let site = site.without_its_catalogue().await;
    site.scan().await;
    let now = words(&site, &id).await;
    for word in ["Wat eruit", "Welkom", "Vooraf", "Opening"] {
        assert!(!now.contains(word), "{word}");
    }
    let told = site.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(told["captions"].as_array().unwrap().len(), 0);
    let mira = site.colleague("bo", Role::Editor).await;
    mira.get("/desk/problems?lang=nl")
        .await
        .is(200)
        .shows("verborgen");
    mira.does(&timing, &[("choice", "keep")]).await;
    assert!(words(&site, &id).await.contains("Vooraf"));
}

#[tokio::test]
async fn what_begins_elsewhere_now_is_moved_with_one_line_and_what_was_cut_away_goes() {
    let (site, id, mira) = site().await;
    replace(&mira, &id).await;
    let timing = format!("/desk/recordings/{id}/timing?lang=nl");
    let shift = |at| [("choice", "shift"), ("line", "1100"), ("at", at)];
    for odd in ["", "straks", "-1", "0:99:99:99"] {
        let refused = mira.post(&timing, &shift(odd)).await.is(422);
        refused.shows("Vul in waar de regel begint");
    }
    // The hours in the place of the minutes.
    let refused = mira.post(&timing, &shift("10:00:00")).await.is(422);
    refused.shows("Dan blijft er van de ondertiteling niets over");
    assert!(
        site.read("reeks/01-begin.nl.vtt").contains("Wat eruit"),
        "nothing was moved"
    );
    mira.does(&timing, &shift("0:00.100")).await;
    let captions = site
        .get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .text();
    assert_eq!(
        captions,
        "WEBVTT\n\n00:00:00.100 --> 00:00:00.500 line:0\nWelkom allemaal\n\n\
         00:00:00.700 --> 00:00:01.000\nTot de volgende keer\n"
    );
    let told = site.json(&format!("/api/recordings/{id}")).await;
    let chapters = told["chapters"].as_array().unwrap().iter();
    let chapters: Vec<_> = chapters
        .map(|it| {
            (
                it["start_ms"].as_u64().unwrap(),
                it["title"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(chapters, [(0, "Opening"), (600, "Afsluiting")]);
    for file in ["toml", "nl.vtt", "en.vtt"] {
        let text = site.read(&format!("reeks/01-begin.{file}"));
        assert!(
            !text.contains("Wat eruit") && !text.contains("Vooraf"),
            "{file}"
        );
        assert!(!text.contains("timing"));
    }
    assert!(site.read("reeks/01-begin.toml").contains("# van Mira"));
    let eva = site.colleague("eva", Role::Administrator).await;
    eva.get("/desk/audit?lang=nl")
        .await
        .is(200)
        .shows("opgeschoven");
}

#[tokio::test]
async fn a_file_that_is_replaced_in_the_folder_or_put_back_asks_too_and_one_of_the_same_length_does_not()
 {
    let (site, id, mira) = site().await;
    let is_asked = || site.read("reeks/01-begin.toml").contains("timing");
    let before = file_of(&site, "Begin").await;
    site.put_clip("reeks/01-begin.mp4", 4);
    site.scan().await;
    assert_ne!(file_of(&site, "Begin").await, before, "the premise");
    assert!(!is_asked(), "another file of two seconds");
    site.put("reeks/01-begin.mp4", clips::without_begin("kort.mp4", 4));
    site.scan().await;
    assert!(is_asked());
    let timing = format!("/desk/recordings/{id}/timing");
    mira.does(&timing, &[("choice", "keep")]).await;
    assert!(!is_asked());
    // In another container, and back again.
    let purpose = [("filename", "lang.webm"), ("replaces", id.as_str())];
    mira.upload(clips::bytes("lang.webm", 5), &purpose).await;
    assert!(is_asked());
    mira.does(&timing, &[("choice", "keep")]).await;
    let files = mira
        .get(&format!("/desk/recordings/{id}/files"))
        .await
        .is(200);
    let back = files.page().attribute("/versions/").to_owned();
    mira.does(&back, &[]).await;
    assert!(is_asked());
}

#[tokio::test]
async fn a_recording_without_captions_and_chapters_has_nothing_to_ask() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 3);
    site.scan().await;
    let before = file_of(&site, "Begin").await;
    site.put("reeks/01-begin.mp4", clips::without_begin("kort.mp4", 3));
    site.scan().await;
    assert_ne!(file_of(&site, "Begin").await, before, "the premise");
    assert!(!site.read("reeks/01-begin.toml").contains("timing"));
}

#[tokio::test]
async fn what_was_cut_away_does_not_come_back_with_another_replacement_or_while_the_file_is_away() {
    let (site, id, mira) = site().await;
    replace(&mira, &id).await;
    site.remove("reeks/01-begin.mp4");
    site.scan().await;
    let captions = format!("/captions/{id}/nl.vtt");
    site.get(&captions).await.is(200).hides("Tot de volgende");
    site.put("reeks/01-begin.mp4", clips::without_begin("kort.mp4", 3));
    site.scan().await;
    let timing = format!("/desk/recordings/{id}/timing");
    mira.does(&timing, &[("choice", "hide")]).await;
    site.put_clip("reeks/01-begin.mp4", 4);
    site.scan().await;
    assert!(
        site.read("reeks/01-begin.toml")
            .contains("timing = \"hidden\"")
    );
    site.get(&captions).await.is(200).hides("Welkom");
    let lists = site.get("/series/reeks/podcast.xml").await.is(200);
    lists.hides("transcript");
}

#[tokio::test]
async fn what_lies_beyond_the_end_is_not_found_when_a_file_of_another_kind_is_replaced() {
    let (site, id, mira) = site().await;
    site.remove("reeks/01-begin.mp4");
    site.put_clip("reeks/01-begin.webm", 3);
    site.scan().await;
    assert!(finds(&site, "volgende").await, "the premise");
    replace(&mira, &id).await;
    assert!(site.path("reeks/01-begin.mp4").exists(), "the premise");
    assert!(!finds(&site, "volgende").await && finds(&site, "geknipt").await);
}
