//! The moment of publication: when visitors could first find a recording and play it. Feeds, structured data and sitemaps go by it,
//! it is kept in the folder, and it stays the same whatever becomes of the recording.

use std::collections::BTreeMap;

use feed_rs::parser;
use jiff::Timestamp;
use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::Desk;
use crate::support::markup::between;

/// Nine o'clock in the morning of 25 November 2026 in Amsterdam.
pub const NINE: i64 = 1_795_593_600;

pub const HOUR: i64 = 60 * 60;
pub const DAY: i64 = 24 * HOUR;

/// A series of drafts, at nine o'clock.
pub async fn site(recordings: &[(&str, &str)]) -> Site {
    let site = Site::open().await;
    site.app.clock.hold(NINE);
    site.put("reeks/series.toml", "title = \"De reeks\"\n");
    for (seed, (stem, said)) in (1..).zip(recordings) {
        site.put_clip(&format!("reeks/{stem}.mp4"), seed);
        site.put(&format!("reeks/{stem}.toml"), said);
    }
    site.scan().await;
    site
}

/// When each recording of a feed was published, by id, in the order of the feed. Nothing in it is in the future.
pub async fn feed(site: &Site, path: &str) -> Vec<(String, i64)> {
    let answer = site.get(path).await.is(200);
    let feed = parser::parse(answer.body.as_slice()).unwrap();
    let now = site.app.clock.now();
    assert!(
        feed.updated.is_none_or(|at| at.timestamp() <= now),
        "{path}"
    );
    let items = feed.entries.iter().map(|entry| {
        let id = entry.id.trim_start_matches("terugkijken:").to_owned();
        let at = entry.published.expect("a moment").timestamp();
        assert!(at <= now, "{path}");
        (id, at)
    });
    items.collect()
}

/// The moment at which each recording was published, by stem, as all that programs read agree.
pub async fn published(site: &Site) -> BTreeMap<String, i64> {
    let paths = [
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
    ];
    let all = feed(site, paths[0]).await;
    for path in &paths[1..] {
        assert_eq!(feed(site, path).await, all, "{path}");
    }
    let map = site.get("/sitemap.xml").await.is(200).text();
    let mut by_stem = BTreeMap::new();
    for (id, at) in all {
        let page = site.get(&format!("/watch/{id}")).await.is(200).page();
        let uploaded: Timestamp = page.data()["uploadDate"].as_str().unwrap().parse().unwrap();
        assert_eq!(uploaded.as_second(), at, "uploadDate of {id}");
        let told = site.json(&format!("/api/recordings/{id}")).await;
        let told: Timestamp = told["published"].as_str().unwrap().parse().unwrap();
        assert_eq!(told.as_second(), at, "the API on {id}");
        let entry = map
            .split("<url>")
            .find(|entry| entry.contains(&id))
            .unwrap();
        let entry = between(
            entry,
            "<video:publication_date>",
            "</video:publication_date>",
        );
        assert_eq!(
            entry.parse::<Timestamp>().unwrap().as_second(),
            at,
            "the sitemap on {id}"
        );
        by_stem.insert(stem_of(site, &id), at);
    }
    by_stem
}

fn stem_of(site: &Site, id: &str) -> String {
    let files = std::fs::read_dir(site.path("reeks")).unwrap();
    let mut names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let sidecar = names
        .find(|name| name.ends_with(".toml") && site.read(&format!("reeks/{name}")).contains(id));
    sidecar.unwrap().trim_end_matches(".toml").to_owned()
}

/// What the sidecar keeps, in UTC seconds.
pub fn kept(site: &Site, stem: &str) -> Option<i64> {
    let text = site.read(&format!("reeks/{stem}.toml"));
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("published = "))?;
    Some(line.parse::<Timestamp>().unwrap().as_second())
}

/// Publishes a recording at the desk, or changes who may see it.
pub async fn show(desk: &Desk, id: &str, visibility: &str) {
    let page = format!("/desk/recordings/{id}/visibility");
    desk.fill(&page, &[("visibility", visibility)]).await;
}

/// Changes a sidecar as a person does.
pub fn edit(site: &Site, stem: &str, change: impl FnOnce(String) -> String) {
    let file = format!("reeks/{stem}.toml");
    site.put(&file, change(site.read(&file)));
}

#[tokio::test]
async fn a_session_of_weeks_ago_that_is_published_now_is_new() {
    let site = site(&[
        ("01-oud", "# Van Mira.\ndate = \"2019-03-01\"\n"),
        ("02-nieuw", "date = \"2026-11-25\"\n"),
        ("03-zonder", "title = \"Zonder datum\"\n"),
    ])
    .await;
    assert_eq!(feed(&site, "/feed.xml").await, []);
    let mira = site.colleague("mira", Role::Editor).await;
    let id = |stem: &str| site.id_in(&format!("reeks/{stem}.toml"));
    for (hour, stem) in (1..).zip(["02-nieuw", "03-zonder", "01-oud"]) {
        site.app.clock.hold(NINE + hour * HOUR);
        show(&mira, &id(stem), "public").await;
        assert_eq!(kept(&site, stem), Some(NINE + hour * HOUR));
    }
    site.app.clock.hold(NINE + 4 * HOUR);
    let items = feed(&site, "/feed.xml").await;
    let ids: Vec<&str> = items.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, [id("01-oud"), id("03-zonder"), id("02-nieuw")]);
    let at = published(&site).await;
    assert_eq!(at["02-nieuw"], NINE + HOUR, "not its noon");
    assert_eq!(at["01-oud"], NINE + 3 * HOUR);
    let text = site.get("/feed.xml?lang=nl").await.text();
    let changed = between(&text, "<lastBuildDate>", "</lastBuildDate>");
    assert!(changed.contains("12:00:00 +0100"), "{changed}");
    // The day of the session is in the text.
    assert!(text.contains("Opgenomen op 1 maart 2019."), "{text}");
    // What a person wrote in the sidecar is still there.
    assert!(site.read("reeks/01-oud.toml").starts_with("# Van Mira.\n"));

    // Published again, it is not new again.
    for (day, visibility) in (1..).zip(["withdrawn", "public", "draft", "unlisted", "public"]) {
        site.app.clock.hold(NINE + day * DAY);
        show(&mira, &id("01-oud"), visibility).await;
        assert_eq!(kept(&site, "01-oud"), Some(NINE + 3 * HOUR));
    }
    assert_eq!(published(&site).await, at);
    // Nor in a catalogue that is made again from the folder.
    let site = site.without_its_catalogue().await;
    site.app.clock.hold(NINE + 9 * DAY);
    site.scan().await;
    assert_eq!(published(&site).await, at);
}

#[tokio::test]
async fn a_planned_moment_is_the_moment_of_publication() {
    let begin = Timestamp::from_second(NINE + HOUR).unwrap();
    let said = format!("date = \"2026-10-20\"\nvisibility = \"public\"\nvisible_from = {begin}\n");
    let stems = ["01-een", "02-twee"];
    let site = site(&[(stems[0], &said), (stems[1], &said)]).await;
    assert_eq!(feed(&site, "/feed.xml").await, []);
    assert_eq!(kept(&site, "01-een"), None);
    // It passes while the server runs, without a scan.
    site.app.clock.hold(NINE + 2 * HOUR);
    let at = published(&site).await;
    assert_eq!(at.values().collect::<Vec<_>>(), [&(NINE + HOUR); 2]);
    // One is changed at the desk before the next scan, the other by hand.
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!(
        "/desk/recordings/{}/visibility",
        site.id_in("reeks/01-een.toml")
    );
    mira.fill(&page, &[("visible_from", "")]).await;
    edit(&site, "02-twee", |text| {
        text.replace(&begin.to_string(), "2026-11-25T08:00:30Z")
    });
    site.app.clock.hold(NINE + 3 * HOUR);
    site.scan().await;
    assert_eq!(published(&site).await, at);
    for stem in stems {
        assert_eq!(kept(&site, stem), Some(NINE + HOUR), "{stem}");
    }
}

#[tokio::test]
async fn every_way_of_becoming_public_sets_the_moment() {
    let stems = ["01-hand", "02-samen", "03-reeks", "04-dicht", "05-bekend"];
    let site = site(&[
        (stems[0], "visibility = \"draft\"\n"),
        (stems[1], "visibility = \"draft\"\n"),
        (stems[2], ""),
        (stems[3], "visibility = \"link\"\n"),
        (stems[4], "visibility = \"unlisted\"\n"),
    ])
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    let mut hour = 0;
    let mut later = || {
        hour += 1;
        site.app.clock.hold(NINE + hour * HOUR);
        NINE + hour * HOUR
    };
    // A sidecar that is changed by hand.
    let by_hand = later();
    edit(&site, "01-hand", |text| text.replace("draft", "public"));
    site.scan().await;
    // Several together at the desk.
    let together = later();
    let id = site.id_in("reeks/02-samen.toml");
    mira.change(&[&id], &[("act", "public")]).await.is(200);
    // The series.
    let with_series = later();
    site.put(
        "reeks/series.toml",
        "title = \"De reeks\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    // A file that is put into a series whose recordings are public.
    let dropped = later();
    site.put_clip("reeks/06-erbij.mp4", 6);
    site.scan().await;
    let at = published(&site).await;
    let expected = [
        ("01-hand", by_hand),
        ("02-samen", together),
        ("03-reeks", with_series),
        ("06-erbij", dropped),
    ];
    assert_eq!(at, expected.map(|(stem, at)| (stem.to_owned(), at)).into());
    // What only some visitors can open is not published.
    later();
    site.scan().await;
    assert_eq!(
        (kept(&site, "04-dicht"), kept(&site, "05-bekend")),
        (None, None)
    );
    let afterwards = later();
    for stem in ["04-dicht", "05-bekend"] {
        show(&mira, &site.id_in(&format!("reeks/{stem}.toml")), "public").await;
        assert_eq!(kept(&site, stem), Some(afterwards), "{stem}");
    }
}

#[tokio::test]
async fn a_planned_recording_is_new_when_it_can_be_played() {
    let site = site(&[]).await;
    site.put(
        "reeks/01-straks.toml",
        "title = \"Straks\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    site.app.clock.hold(NINE + DAY);
    site.scan().await;
    assert_eq!(
        (published(&site).await.len(), kept(&site, "01-straks")),
        (0, None)
    );
    site.put_clip("reeks/01-straks.mp4", 1);
    site.app.clock.hold(NINE + 2 * DAY);
    site.scan().await;
    assert_eq!(published(&site).await["01-straks"], NINE + 2 * DAY);
}

#[tokio::test]
async fn a_series_that_loses_its_password_is_new_from_then_on() {
    let site = site(&[("01-een", "date = \"2026-10-20\"\n")]).await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let series = mira.series("De reeks").await;
    let lock = format!("/desk/series/{series}/password");
    mira.does(&lock, &[("password", "tuinhek-vos-18-maan")])
        .await;
    let public = |text: String| text + "visibility = \"public\"\n";
    site.put("reeks/series.toml", public(site.read("reeks/series.toml")));
    site.app.clock.hold(NINE + DAY);
    site.scan().await;
    assert_eq!(feed(&site, "/feed.xml").await, []);
    assert_eq!(kept(&site, "01-een"), None);
    site.app.clock.hold(NINE + 2 * DAY);
    mira.does(&lock, &[("password", "")]).await;
    assert_eq!(published(&site).await["01-een"], NINE + 2 * DAY);
    site.app.clock.hold(NINE + 3 * DAY);
    site.scan().await;
    assert_eq!(kept(&site, "01-een"), Some(NINE + 2 * DAY));
}

/// Text with everything in it that looks like markup.
const SUMMARY: &str = "Werken met <jongeren> en &nbsp; tekens: 3 < 5";

#[tokio::test]
async fn text_that_looks_like_markup_is_shown_as_it_was_written() {
    let toml = toml_edit::Value::from(SUMMARY).to_string();
    let site = site(&[
        (
            "01-regel",
            &format!("title = {toml}\nsummary = {toml}\nvisibility = \"public\"\n"),
        ),
        (
            "02-meer",
            "description = \"Over `<video>` en `&amp;`\"\nvisibility = \"public\"\n",
        ),
    ])
    .await;
    site.put(
        "reeks/series.toml",
        format!(
            "title = {toml}\norganiser = {toml}\ndescription = \"Over `<video>` en `&amp;`\"\n"
        ),
    );
    site.scan().await;
    for path in ["/series/reeks/feed.xml", "/series/reeks/podcast.xml"] {
        let answer = site.get(path).await.is(200);
        let feed = parser::parse(answer.body.as_slice()).unwrap();
        let content = |text: Option<&feed_rs::model::Text>| text.unwrap().content.clone();
        let [more, line] = &feed.entries[..] else {
            panic!("{path}")
        };
        // HTML in XML: what a reader takes for HTML shows the text.
        assert_eq!(
            content(line.summary.as_ref()),
            "<p>Werken met &lt;jongeren&gt; en &amp;nbsp; tekens: 3 &lt; 5</p>"
        );
        assert_eq!(
            content(more.summary.as_ref()),
            "<p>Over &lt;video&gt; en &amp;amp;</p>"
        );
        assert_eq!(
            content(feed.description.as_ref()),
            "Over &lt;video&gt; en &amp;amp;"
        );
        // A title is plain text.
        assert_eq!(content(line.title.as_ref()), SUMMARY);
        assert_eq!(content(feed.title.as_ref()), SUMMARY);
    }
    // Where plain text is read, plain text stands.
    let text = site.get("/series/reeks/podcast.xml").await.text();
    let escaped = "Werken met &lt;jongeren&gt; en &amp;nbsp; tekens: 3 &lt; 5";
    for element in ["itunes:author", "itunes:title"] {
        assert!(
            text.contains(&format!("<{element}>{escaped}</{element}>")),
            "{element} in {text}"
        );
    }
    let map = site.get("/sitemap.xml").await.text();
    assert!(
        map.contains(&format!("<video:description>{escaped}</video:description>")),
        "{map}"
    );
    let id = site.id_in("reeks/01-regel.toml");
    let data = site
        .get(&format!("/watch/{id}"))
        .await
        .is(200)
        .page()
        .data();
    assert_eq!(data["description"], SUMMARY);
    let base = site.app.config.base();
    let embed = site.json(&format!("/oembed?url={base}/watch/{id}")).await;
    assert_eq!(embed["title"], SUMMARY);
}

#[tokio::test]
async fn a_sitemap_says_when_a_page_last_changed_for_visitors() {
    let site = site(&[("01-een", "visibility = \"public\"\n"), ("02-concept", "")]).await;
    let id = site.id_in("reeks/01-een.toml");
    let changed = async |path: &str| {
        let map = site.get("/sitemap.xml").await.is(200).text();
        let own = format!("{path}</loc>");
        let entry = map
            .split("<url>")
            .find(|entry| entry.contains(&own))
            .unwrap()
            .to_owned();
        let at: Timestamp = between(&entry, "<lastmod>", "</lastmod>").parse().unwrap();
        at.as_second()
    };
    let watch = format!("/watch/{id}");
    let pages = ["/", "/series/reeks", &watch];
    for page in pages {
        assert_eq!(changed(page).await, NINE, "{page}");
    }
    // What nobody sees changes nothing: a scan, a draft, a link that is handed out.
    site.app.clock.hold(NINE + DAY);
    edit(&site, "02-concept", |text| {
        text + "title = \"Nog niet af\"\n"
    });
    edit(&site, "01-een", |text| {
        text + "\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"Voor Bo\"\n"
    });
    site.scan().await;
    for page in pages {
        assert_eq!(changed(page).await, NINE, "{page}");
    }
    // What they see does: a title, captions.
    edit(&site, "01-een", |text| {
        format!("title = \"Anders\"\n{text}")
    });
    site.scan().await;
    for page in pages {
        assert_eq!(changed(page).await, NINE + DAY, "{page}");
    }
    site.app.clock.hold(NINE + 2 * DAY);
    site.put(
        "reeks/01-een.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
    );
    site.scan().await;
    assert_eq!(changed(&watch).await, NINE + 2 * DAY);
    assert_eq!(published(&site).await["01-een"], NINE);
}

#[tokio::test]
async fn a_page_in_a_chosen_language_is_canonical_there() {
    let site = site(&[(
        "01-een",
        "visibility = \"public\"\n[[speakers]]\nname = \"Bo de Vries\"\n",
    )])
    .await;
    let watch = format!("/watch/{}", site.id_in("reeks/01-een.toml"));
    let base = site.app.config.base();
    let map = site.get("/sitemap.xml").await.is(200).text();
    for page in [
        "/",
        "/series/reeks",
        &watch,
        "/speakers/bo-de-vries",
        "/search",
        "/privacy",
        "/accessibility",
    ] {
        let mut alternates = Vec::new();
        for asked in ["", "?lang=nl", "?lang=en"] {
            let text = site.get(&format!("{page}{asked}")).await.is(200).text();
            let own = between(&text, "<link rel=\"canonical\" href=\"", "\"");
            assert_eq!(own, format!("{base}{page}{asked}"));
            let all = text.split("<link rel=\"alternate\" hreflang=\"").skip(1);
            let all: Vec<String> = all
                .map(|rest| rest.split('>').next().unwrap().to_owned())
                .collect();
            assert_eq!(all.len(), 3, "{page}");
            // Each is one of those that the page calls its own addresses.
            assert!(
                all.iter()
                    .any(|one| one.ends_with(&format!("href=\"{own}\""))),
                "{own} in {all:?}"
            );
            alternates.push(all);
        }
        assert!(alternates.iter().all(|all| *all == alternates[0]), "{page}");
        if let Some(entry) = map
            .split("<url>")
            .find(|entry| entry.contains(&format!("{page}</loc>")))
        {
            let all = entry
                .split("<xhtml:link rel=\"alternate\" hreflang=\"")
                .skip(1);
            let all: Vec<String> = all
                .map(|rest| rest.split('>').next().unwrap().to_owned())
                .collect();
            assert_eq!(all, alternates[0], "the sitemap on {page}");
        }
    }
}
