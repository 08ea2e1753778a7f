//! A coordinator drops files into the media folder, and a series appears.

use crate::support::{Site, lines, says};

const PUBLIC: &str = "visibility = \"public\"\n";

#[tokio::test]
async fn a_folder_of_recordings_becomes_a_series() {
    let site = Site::open().await;
    site.put(
        "mijn-reeks/series.toml",
        "title = \"Mijn reeks\"\nvisibility = \"public\"\norganiser = \"Ons\"\n",
    );
    site.put_clip("mijn-reeks/02-tweede-keer.mp4", 2);
    site.put_clip("mijn-reeks/01-eerste-keer.mp4", 1);
    site.put(
        "mijn-reeks/01-eerste-keer.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nHallo allemaal\n",
    );
    site.put(
        "mijn-reeks/01-eerste-keer.werkblad.pdf",
        "%PDF-1.4 werkblad",
    );
    let report = site.scan().await;
    assert_eq!(
        (report.media_files, report.opened),
        (2, 2),
        "{:?}",
        lines(&report)
    );

    let titles = site.titles("/api/series/mijn-reeks").await;
    assert_eq!(titles, ["Eerste keer", "Tweede keer"]);
    let first = site.recording("Eerste keer").await;
    assert_eq!(
        (first["number"].as_i64(), first["state"].as_str()),
        (Some(1), Some("ready"))
    );
    assert!((1900..2200).contains(&first["duration_ms"].as_u64().unwrap()));
    let source = &first["sources"][0];
    assert_eq!(
        (
            source["type"].as_str(),
            source["width"].as_u64(),
            source["playable"].as_bool()
        ),
        (Some("video/mp4"), Some(320), Some(true))
    );
    assert!(source["codecs"].as_str().unwrap().starts_with("avc1."));
    assert_eq!(first["attachments"][0]["title"], "Werkblad");
    site.get(&site.address(&first["captions"][0]["url"]))
        .await
        .is(200)
        .shows("Hallo allemaal");
}

#[tokio::test]
async fn what_a_folder_brings_is_a_draft_until_someone_says_public() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    for address in [
        "/series/reeks".to_owned(),
        format!("/watch/{id}"),
        format!("/api/recordings/{id}"),
        format!("/posters/{id}.jpg"),
    ] {
        site.get(&address).await.is(404);
    }
    site.put("reeks/series.toml", PUBLIC);
    site.scan().await;
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Begin");
}

#[tokio::test]
async fn the_setting_may_make_new_recordings_public_but_a_sidecar_outweighs_it() {
    let site = Site::open_with(|config| {
        config.new_recordings = terugkijken::config::NewRecordings::Public
    })
    .await;
    site.put_clip("reeks/01-open.mp4", 1);
    site.put_clip("reeks/02-dicht.mp4", 2);
    site.put("reeks/02-dicht.toml", "visibility = \"draft\"\n");
    site.put_clip("inbox/03-wacht.mp4", 3);
    site.scan().await;
    assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);
    site.get("/series/inbox").await.is(404);
}

#[tokio::test]
async fn a_sidecar_without_a_file_is_a_planned_recording() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put(
        "reeks/13-terugkomdag.toml",
        "title = \"Terugkomdag\"\ndate = 2027-02-02\n[[speakers]]\nname = \"Mira\"\n",
    );
    site.scan().await;
    let planned = site.recording("Terugkomdag").await;
    assert_eq!(
        (planned["state"].as_str(), planned["date"].as_str()),
        (Some("planned"), Some("2027-02-02"))
    );
    assert_eq!(planned["speakers"][0]["name"], "Mira");
    let page = site.address(&planned["watch_url"]);
    site.get_dutch(&page).await.is(200).shows("Opname volgt");

    // The day it arrives, the page is the same one.
    site.put_clip("reeks/13-terugkomdag.mp4", 13);
    site.scan().await;
    let arrived = site.recording("Terugkomdag").await;
    assert_eq!(
        (
            arrived["state"].as_str(),
            site.address(&arrived["watch_url"])
        ),
        (Some("ready"), page)
    );
}

#[tokio::test]
async fn a_broken_sidecar_is_reported_with_its_line_and_stops_nothing() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-goed.mp4", 1);
    site.put_clip("reeks/02-stuk.mp4", 2);
    site.put(
        "reeks/02-stuk.toml",
        "title = \"Stuk\"\nvisibility = \"iedereen\"\n",
    );
    let report = site.scan().await;
    says(&report, &["reeks/02-stuk.toml", "line 2", "visibility"]);
    site.recording("Goed").await;
    assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);

    site.put("reeks/02-stuk.toml", "title = \"Stuk\"\ntitel = \"?\"\n");
    let report = site.scan().await;
    says(&report, &["reeks/02-stuk.toml", "line 2", "titel"]);
    assert_eq!(site.recording("Stuk").await["state"], "ready");
    assert!(
        site.read("reeks/02-stuk.toml").contains("titel = \"?\""),
        "what we do not know stays"
    );
}

#[tokio::test]
async fn breaking_a_known_sidecar_loses_nothing_that_was_entered() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put(
        "reeks/01-begin.toml",
        "title = \"Met zorg getypt\"\n[[speakers]]\nname = \"Mira\"\n",
    );
    site.scan().await;
    let good = site.read("reeks/01-begin.toml");
    site.put("reeks/01-begin.toml", format!("{good}\n= oeps"));
    site.scan().await;
    assert_eq!(
        site.recording("Met zorg getypt").await["speakers"][0]["name"],
        "Mira"
    );
    site.remove("reeks/01-begin.toml");
    site.scan().await;
    assert_eq!(
        site.recording("Met zorg getypt").await["speakers"][0]["name"],
        "Mira"
    );
    assert!(
        site.read("reeks/01-begin.toml").contains("Met zorg getypt"),
        "the sidecar is written again"
    );
}

#[tokio::test]
async fn a_second_scan_with_nothing_changed_opens_no_media_file_and_changes_nothing() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    for number in 1..=3 {
        site.put_clip(&format!("reeks/0{number}-deel.mp4"), number);
        site.put(
            &format!("reeks/0{number}-deel.nl.vtt"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
        );
    }
    site.put(
        "reeks/02-deel.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nZonder taal\n",
    );
    site.remove("reeks/02-deel.nl.vtt");
    site.put("reeks/02-deel.werkblad.pdf", "%PDF-1.4");
    site.put("reeks/04-later.toml", "title = \"Later\"\n");
    site.put("reeks/01-deel.jpg", image());
    assert_eq!(site.scan().await.opened, 3);
    site.work_until_idle().await;
    let before = revision(&site).await;
    let second = site.scan().await;
    assert_eq!((second.opened, second.media_files), (0, 3));
    assert_eq!(lines(&second), Vec::<String>::new());
    assert_eq!(revision(&site).await, before);
}

#[tokio::test]
async fn a_file_that_is_still_arriving_waits() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    let whole = crate::support::clips::bytes("a.mp4", 1);
    site.put("reeks/01-begin.mp4", &whole[..whole.len() / 2]);
    let report = site.scan().await;
    assert!(report.waiting);
    says(&report, &["waiting", "reeks/01-begin.mp4"]);
    site.put("reeks/01-begin.mp4", &whole);
    assert!(!site.scan().await.waiting);
    site.recording("Begin").await;
}

#[tokio::test]
async fn what_is_no_recording_is_named_and_nothing_is_passed_over_in_silence() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/leesmij.txt", "hallo");
    site.put(
        "reeks/02-webpagina.mp4",
        "<!DOCTYPE html><html><body>geen film</body></html>",
    );
    site.put(
        "reeks/03-lijst.mp4",
        "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    );
    site.put("los.mp4", "x");
    site.put("reeks/map/04-diep.mp4", "x");
    let report = site.scan().await;
    for words in [
        ["not a recording", "reeks/leesmij.txt"],
        ["cannot be used", "reeks/02-webpagina.mp4"],
        ["cannot be used", "reeks/03-lijst.mp4"],
        ["not a recording", "los.mp4"],
        ["not a recording", "reeks/map"],
    ] {
        says(&report, &words);
    }
    assert!(
        !site.path("reeks/02-webpagina.toml").exists(),
        "no id for what is no recording"
    );
}

#[tokio::test]
async fn a_link_out_of_the_media_folder_is_never_followed() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    let outside = site.folder().join("geheim.mp4");
    std::fs::write(&outside, crate::support::clips::bytes("a.mp4", 1)).unwrap();
    std::os::unix::fs::symlink(&outside, site.path("reeks/01-geheim.mp4")).unwrap();
    std::os::unix::fs::symlink(site.folder(), site.path("uitgang")).unwrap();
    let report = site.scan().await;
    says(&report, &["reeks/01-geheim.mp4", "link"]);
    says(&report, &["uitgang", "link"]);
    assert_eq!(
        site.json("/api/series").await["series"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn what_browsers_cannot_play_is_a_recording_that_says_so() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-oud.avi", 1);
    site.scan().await;
    let old = site.recording("Oud").await;
    assert_eq!(
        (
            old["state"].as_str(),
            old["sources"][0]["playable"].as_bool()
        ),
        (Some("ready"), Some(false))
    );
    site.get_dutch(&site.address(&old["watch_url"]))
        .await
        .is(200)
        .hides("<video")
        .shows("Downloaden");
}

#[tokio::test]
async fn captions_of_any_usual_kind_are_read_and_broken_ones_are_named() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put(
        "reeks/01-begin.nl.srt",
        b"1\r\n00:00:00,500 --> 00:00:01,500\r\nEen caf\xe9 <script>alert(1)</script>\r\n",
    );
    site.put(
        "reeks/01-begin.en.vtt",
        "WEBVTT\n\n00:00.000 --> nooit\nBroken\n",
    );
    let report = site.scan().await;
    says(&report, &["reeks/01-begin.en.vtt", "line 3"]);
    let captions = site.recording("Begin").await["captions"].clone();
    assert_eq!(captions.as_array().unwrap().len(), 1);
    site.get(&site.address(&captions[0]["url"]))
        .await
        .is(200)
        .says("content-type", "text/vtt; charset=utf-8")
        .shows("Een café &lt;script")
        .hides("<script");
    // A scan beside the server, which read the file first, names it as well.
    says(&site.scan().await, &["reeks/01-begin.en.vtt", "line 3"]);
}

async fn revision(site: &Site) -> i64 {
    site.app
        .db
        .read(|conn| Ok(conn.query_row("SELECT number FROM revision", [], |row| row.get(0))?))
        .await
        .unwrap()
}

fn image() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(1600, 900, image::Rgb([9, 90, 90]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}
