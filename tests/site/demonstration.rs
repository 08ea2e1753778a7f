//! The series that a newcomer sees first: complete, labelled, and the same after every run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use terugkijken::catalogue::coordinator::Role;

use crate::support::program::command;
use crate::support::{Site, lines};

const SERIES: &str = "online-jongerenwerk";

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("media")
        .join(SERIES)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect()
}

async fn site() -> Site {
    let site = Site::open().await;
    for (name, bytes) in files(&source()) {
        site.put(&format!("{SERIES}/{name}"), bytes);
    }
    site
}

#[tokio::test]
async fn every_page_counts_the_series_alike() {
    let site = site().await;
    site.scan().await;
    for page in ["/".to_owned(), format!("/series/{SERIES}")] {
        let page = site.get_dutch(&page).await.is(200);
        page.shows(">12 opnamen, 1 volgt nog<").shows(">2021<");
        let page = site.get(&format!("/series/{SERIES}?lang=en")).await;
        page.is(200).shows(">12 recordings, 1 to come<");
    }
    let fourth = &site.recordings(&format!("/api/series/{SERIES}")).await[3];
    let watch = site.get_dutch(&site.address(&fourth["watch_url"])).await;
    watch.is(200).shows(">4 van 12<");
    let share = site.get_dutch(&format!("/share/series/{SERIES}")).await;
    let share = share.is(200).shows("(12 opnamen, 1 volgt nog)").page();
    let plain = share.copied("share-plain");
    assert!(plain.contains("\n12 opnamen, 1 volgt nog · "), "{plain}");
}

#[tokio::test]
async fn twelve_recordings_play_and_one_is_to_follow() {
    let site = site().await;
    let report = site.scan().await;
    assert!(
        lines(&report).iter().all(|line| line.starts_with("new: ")),
        "{:#?}",
        lines(&report)
    );
    let series = site.json(&format!("/api/series/{SERIES}")).await;
    assert_eq!(series["title"], "Voorbeeldreeks: online jongerenwerk");
    assert_eq!(series["organiser"], "Voorbeeldorganisatie");
    let recordings = series["recordings"].as_array().unwrap();
    let numbers: Vec<_> = recordings
        .iter()
        .map(|recording| recording["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=13).collect::<Vec<_>>());
    let mut types = Vec::new();
    let mut attachments = 0;
    for recording in &recordings[..12] {
        let one = site
            .json(&format!(
                "/api/recordings/{}",
                recording["id"].as_str().unwrap()
            ))
            .await;
        let length = one["duration_ms"].as_u64().unwrap();
        assert!(
            (60_000..=90_000).contains(&length),
            "{} lasts {length} ms",
            one["title"]
        );
        let languages: Vec<_> = one["captions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|caption| caption["language"].as_str().unwrap())
            .collect();
        assert_eq!(languages, ["nl", "en"], "{}", one["title"]);
        let chapters = one["chapters"].as_array().unwrap();
        assert!((3..=5).contains(&chapters.len()), "{}", one["title"]);
        assert!(
            chapters
                .iter()
                .all(|chapter| chapter["start_ms"].as_u64().unwrap() < length)
        );
        assert_eq!(one["sources"][0]["playable"], true, "{}", one["title"]);
        types.push(one["sources"][0]["type"].as_str().unwrap().to_owned());
        attachments += one["attachments"].as_array().unwrap().len();
        site.get(&site.address(&one["poster_url"]))
            .await
            .is(200)
            .says("content-type", "image/jpeg");
    }
    assert_eq!(
        types
            .iter()
            .filter(|kind| kind.starts_with("audio/"))
            .count(),
        1
    );
    assert_eq!(types.iter().filter(|kind| *kind == "video/webm").count(), 1);
    assert!(attachments >= 2);
    assert_eq!(recordings[12]["state"], "planned");
    let late = site.app.db.read(|conn| {
        Ok(conn.query_row(
            "SELECT count(*) FROM original WHERE index_first = 0",
            [],
            |row| row.get::<_, i64>(0),
        )?)
    });
    assert_eq!(late.await.unwrap(), 1, "one file has its index at the end");
}

#[tokio::test]
async fn a_run_changes_nothing_in_the_checkout() {
    let site = site().await;
    let before = files(&site.path(SERIES));
    site.scan().await;
    site.work_until_idle().await;
    site.scan().await;
    assert_eq!(
        files(&site.path(SERIES)).keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert!(
        files(&site.path(SERIES)) == before,
        "a sidecar was rewritten"
    );
    let size: usize = before.values().map(Vec::len).sum();
    assert!(size <= 12_000_000, "{size} bytes");
}

#[tokio::test]
async fn it_is_labelled_wherever_it_appears_and_kept_out_of_search_engines() {
    let site = site().await;
    site.scan().await;
    let mut pages = vec![
        "/".to_owned(),
        format!("/series/{SERIES}"),
        "/search?q=contact".to_owned(),
        "/speakers/trainer-jongerenwerk".to_owned(),
    ];
    let recordings = site.recordings(&format!("/api/series/{SERIES}")).await;
    let all = recordings.iter();
    pages.extend(all.map(|recording| site.address(&recording["watch_url"])));
    for page in pages {
        site.get_dutch(&page)
            .await
            .is(200)
            .shows("voorbeeldreeks")
            .shows("van een computer")
            .shows("noindex");
    }
    let embed = format!("/embed/{}", recordings[0]["id"].as_str().unwrap());
    site.get_dutch(&embed)
        .await
        .is(200)
        .shows("Voorbeeld")
        .shows("noindex");
}

#[tokio::test]
async fn it_can_be_taken_out_and_its_addresses_say_so() {
    let site = site().await;
    site.put("eigen/series.toml", "visibility = \"public\"\n");
    site.put_clip("eigen/01-begin.mp4", 1);
    site.scan().await;
    let first = &site.recordings(&format!("/api/series/{SERIES}")).await[0]["id"];
    let first = first.as_str().unwrap();
    let (is_well, printed, warned) = command(site.folder(), &["demo", "remove"], "");
    assert!(is_well, "{printed}{warned}");
    assert!(!site.path(SERIES).exists());
    site.get(&format!("/watch/{first}")).await.is(410);
    site.get(&format!("/series/{SERIES}")).await.is(410);
    site.get("/series/eigen").await.is(200);
    site.scan().await;
    site.get(&format!("/watch/{first}")).await.is(410);
}

#[tokio::test]
async fn an_administrator_takes_it_out_at_the_desk_after_reading_what_that_means() {
    let site = site().await;
    site.scan().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let remove = "/desk/demonstration/remove?lang=nl";
    let offered = "Haal de voorbeeldreeks weg";
    let list = "/desk/series?lang=nl";
    eva.get(list).await.is(200).shows(offered);
    mira.get(list).await.is(200).hides(offered);
    mira.post(remove, &[("sure", "yes")]).await.is(403);
    let first = &site.recordings(&format!("/api/series/{SERIES}")).await[0]["id"];
    let watch = format!("/watch/{}", first.as_str().unwrap());
    eva.post(remove, &[]).await.is(200).shows("voorgoed weg");
    site.get(&watch).await.is(200);
    // What a person put there stays, and is named.
    site.put(&format!("{SERIES}/eigen-notitie.txt"), "van ons");
    eva.post(remove, &[("sure", "yes")])
        .await
        .is(200)
        .shows("eigen-notitie.txt");
    assert_eq!(site.read(&format!("{SERIES}/eigen-notitie.txt")), "van ons");
    site.get(&watch).await.is(410);
    site.get(&format!("/series/{SERIES}")).await.is(410);
    site.remove(&format!("{SERIES}/eigen-notitie.txt"));
    eva.post(remove, &[("sure", "yes")]).await.is(303);
    assert!(!site.path(SERIES).exists());
    eva.get(list).await.is(200).hides(offered).hides(SERIES);
}
