//! What programs read: feeds, podcasts, sitemaps, structured data and previews. They tell of what visitors find, and of nothing
//! else, whatever anyone typed.

use feed_rs::parser;
use serde_json::Value;

use crate::support::Site;
use crate::support::markup::between;

const BASE: &str = "https://training.example.org";

/// A title with everything in it that has ever broken a feed.
const HOSTILE: &str = "]]></title><script>alert(1)</script> & \u{202e}é 🦊 \"kop\" --> 'x'";

async fn site() -> Site {
    let site = Site::open_with(|config| {
        config.base_url = Some(BASE.into());
        config.contact = Some("vragen@example.org".into());
        config.security_contact = Some("veilig@example.org".into());
    })
    .await;
    site.put(
        "reeks/series.toml",
        "title = \"De reeks\"\norganiser = \"Vereniging\"\ndescription = \"Waar het **over** gaat.\"\nvisibility = \"public\"\n",
    );
    for number in 1..=2 {
        site.put_clip(&format!("reeks/0{number}-deel.mp4"), number);
    }
    site.put(
        "reeks/01-deel.toml",
        "title = \"Deel 1\"\ndescription = \"Eerste *deel*.\"\ndate = \"2021-01-24\"\npublished = 2021-01-25T09:30:00+01:00\n[[speakers]]\nname = \"Bo de Vries\"\n[[chapters]]\nstart = \"0:00\"\ntitle = \"Begin\"\n[[chapters]]\nstart = \"0:01\"\ntitle = \"Q&A <live>\"\n",
    );
    site.put(
        "reeks/01-deel.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
    );
    site.put(
        "reeks/02-deel.toml",
        "title = \"Deel 2\"\ndate = \"2021-01-31\"\npublished = 2021-02-01T09:30:00+01:00\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    site
}

/// What an element of a document says, the first of that name.
fn says(text: &str, name: &str) -> String {
    between(text, &format!("<{name}>"), &format!("</{name}>"))
}

#[tokio::test]
async fn a_feed_is_followed_by_programs_and_its_enclosures_are_there() {
    let site = site().await;
    let id = site.id_in("reeks/01-deel.toml");
    for path in [
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
    ] {
        let answer = site.get(path).await.is(200);
        assert_eq!(
            answer.header("content-type"),
            Some("application/rss+xml; charset=utf-8")
        );
        assert_eq!(answer.header("set-cookie"), None);
        let feed = parser::parse(answer.body.as_slice()).unwrap();
        assert_eq!(feed.entries.len(), 2, "{path}");
        let first = feed
            .entries
            .iter()
            .find(|entry| entry.id.ends_with(&id))
            .unwrap();
        assert_eq!(first.title.as_ref().unwrap().content, "Deel 1");
        assert_eq!(first.links[0].href, format!("{BASE}/watch/{id}"));
        assert_eq!(
            first.published.unwrap().to_rfc3339(),
            "2021-01-25T08:30:00+00:00"
        );
        assert_eq!(
            first.summary.as_ref().unwrap().content,
            "<p>Eerste deel.</p>\n<p>Opgenomen op 24 januari 2021.</p>"
        );
        // The newest first.
        assert!(feed.entries[0].published > feed.entries[1].published);
        let text = answer.text();
        let enclosure = between(&text, "<enclosure ", ">");
        let (url, length) = (
            between(&enclosure, "url=\"", "\""),
            between(&enclosure, "length=\"", "\""),
        );
        let media = site
            .send(site.ask(reqwest::Method::HEAD, url.strip_prefix(BASE).unwrap()))
            .await
            .is(200);
        assert_eq!(media.header("content-length"), Some(length.as_str()));
        assert_eq!(
            media.header("content-type"),
            Some(between(&enclosure, "type=\"", "\"").as_str())
        );
        let piece = site
            .ask(reqwest::Method::GET, url.strip_prefix(BASE).unwrap())
            .header("range", "bytes=0-1");
        site.send(piece).await.is(206);
        assert!(text.contains(&format!(
            "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{BASE}{path}\">"
        )));
        let etag = answer.header("etag").unwrap().to_owned();
        site.send(
            site.ask(reqwest::Method::GET, path)
                .header("if-none-match", etag),
        )
        .await
        .is(304);
    }
    // Pages say where they are.
    for (page, feed) in [
        ("/", "/feed.xml"),
        ("/series/reeks", "/series/reeks/podcast.xml"),
        (&format!("/watch/{id}"), "/series/reeks/feed.xml"),
    ] {
        site.get(page).await.shows(&format!("href=\"{feed}\""));
    }
}

#[tokio::test]
async fn a_podcast_is_a_course_with_all_that_programs_ask_for() {
    let site = site().await;
    let id = site.id_in("reeks/01-deel.toml");
    let text = site.get("/series/reeks/podcast.xml").await.is(200).text();
    let (channel, items) = text.split_once("<item>").unwrap();
    for tag in [
        "title",
        "link",
        "description",
        "language",
        "itunes:explicit",
        "itunes:author",
        "itunes:type",
        "podcast:medium",
        "podcast:guid",
        "lastBuildDate",
    ] {
        assert!(!says(channel, tag).is_empty(), "{tag}");
    }
    assert_eq!(says(channel, "podcast:medium"), "course");
    assert_eq!(says(channel, "description"), "Waar het over gaat.");
    assert!(channel.contains("<itunes:category text=\"Education\">"));
    // UUIDv5 of "training.example.org/series/reeks/podcast.xml" in the namespace of podcasts.
    assert_eq!(
        says(channel, "podcast:guid"),
        "d9780507-0d8b-5d84-9104-f64c030b14a4"
    );
    let first = items
        .split("<item>")
        .find(|item| item.contains(&id))
        .unwrap();
    for tag in [
        "title",
        "enclosure",
        "guid",
        "pubDate",
        "itunes:duration",
        "itunes:episode",
        "podcast:transcript",
        "podcast:chapters",
        "podcast:person",
        "itunes:image",
    ] {
        assert!(
            first.contains(&format!("<{tag}")),
            "{tag} is not in {first}"
        );
    }
    assert_eq!(says(first, "itunes:episode"), "1");
    for (mark, kind) in [
        ("podcast:transcript url=\"", "text/vtt"),
        ("podcast:chapters url=\"", "application/json+chapters"),
        ("itunes:image href=\"", "image/jpeg"),
    ] {
        let address = between(first, mark, "\"");
        let answer = site.get(address.strip_prefix(BASE).unwrap()).await.is(200);
        assert!(
            answer.header("content-type").unwrap().starts_with(kind),
            "{address}"
        );
        if kind == "image/jpeg" {
            let cover = image::load_from_memory(&answer.body).unwrap();
            assert_eq!((cover.width(), cover.height()), (1400, 1400));
            site.send(site.ask(reqwest::Method::HEAD, address.strip_prefix(BASE).unwrap()))
                .await
                .is(200);
        }
        if kind.ends_with("chapters") {
            let chapters: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(chapters["version"], "1.2.0");
            assert_eq!(chapters["chapters"][1]["startTime"], 1.0);
            assert_eq!(chapters["chapters"][1]["title"], "Q&A <live>");
        }
    }
}

#[tokio::test]
async fn the_guid_stays_whatever_becomes_of_a_recording() {
    let site = site().await;
    let guids = |text: String| {
        let mut all: Vec<String> = text
            .split("<guid isPermaLink=\"false\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    let before = guids(site.get("/series/reeks/podcast.xml").await.text());
    assert_eq!(before.len(), 2);
    let id = site.id_in("reeks/01-deel.toml");
    site.put(
        "reeks/01-deel.toml",
        format!("id = \"{id}\"\ntitle = \"Heet nu anders\"\n"),
    );
    site.put_clip("reeks/01-deel.mp4", 77);
    site.scan().await;
    site.rename("reeks", "nieuw");
    site.scan().await;
    assert_eq!(
        guids(site.get("/series/nieuw/podcast.xml").await.is(200).text()),
        before
    );
    // The address that programs follow goes on answering, in one step.
    for feed in ["feed.xml", "podcast.xml"] {
        let moved = site.get(&format!("/series/reeks/{feed}")).await.is(308);
        assert_eq!(
            moved.header("location"),
            Some(format!("/series/nieuw/{feed}").as_str())
        );
    }
    // Nor does that of the podcast, under a third name and in a catalogue made again from the folder.
    site.rename("nieuw", "aaa-nieuwer");
    site.scan().await;
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.work_until_idle().await;
    let feed = site.get("/series/aaa-nieuwer/podcast.xml").await.is(200);
    assert_eq!(
        says(&feed.text(), "podcast:guid"),
        "d9780507-0d8b-5d84-9104-f64c030b14a4"
    );
}

#[tokio::test]
async fn what_is_not_public_is_in_none_of_them() {
    let site = site().await;
    for (state, said) in [
        ("concept", "visibility = \"draft\""),
        ("met-link", "visibility = \"link\""),
        ("bekend", "visibility = \"unlisted\""),
        (
            "gepland",
            "visibility = \"public\"\nvisible_from = 2090-01-01T00:00:00Z",
        ),
        (
            "voorbij",
            "visibility = \"public\"\nvisible_until = 2020-01-01T00:00:00Z",
        ),
        ("ingetrokken", "visibility = \"withdrawn\""),
        (
            "weggegooid",
            "visibility = \"public\"\ndeleted = 2020-01-01T00:00:00Z",
        ),
    ] {
        site.put_clip(
            &format!("reeks/09-{state}.mp4"),
            40 + u32::try_from(state.len()).unwrap(),
        );
        site.put(
            &format!("reeks/09-{state}.toml"),
            format!("title = \"Geheim {state}\"\n{said}\n"),
        );
    }
    site.put(
        "voorbeeld/series.toml",
        "title = \"Voorbeeld\"\nvisibility = \"public\"\ndemonstration = true\n",
    );
    site.put_clip("voorbeeld/01-een.mp4", 90);
    site.scan().await;
    for path in [
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
        "/sitemap.xml",
        "/series/reeks",
    ] {
        site.get(path).await.is(200).shows("reeks").hides("Geheim");
    }
    let map = site.get("/sitemap.xml").await.text();
    for id in
        ["concept", "met-link", "bekend"].map(|state| site.id_in(&format!("reeks/09-{state}.toml")))
    {
        assert!(!map.contains(&id));
    }
    assert!(
        !map.contains("voorbeeld"),
        "the demonstration is found by nobody"
    );
    // An unlisted page has a preview for whoever was told of it, and nothing for search engines; a draft has nothing at all.
    let unlisted = site.id_in("reeks/09-bekend.toml");
    let page = site
        .get(&format!("/watch/{unlisted}"))
        .await
        .is(200)
        .shows("og:title")
        .shows("content=\"noindex\"");
    assert!(!page.text().contains("ld+json"));
    let draft = site.id_in("reeks/09-concept.toml");
    site.get(&format!("/watch/{draft}"))
        .await
        .is(404)
        .hides("Geheim")
        .hides("og:");
    let example = site.id_in("voorbeeld/01-een.toml");
    site.get(&format!("/watch/{example}"))
        .await
        .is(200)
        .shows("noindex")
        .hides("ld+json");
}

#[tokio::test]
async fn whatever_is_typed_is_well_formed_and_says_what_was_typed() {
    let site = site().await;
    let id = site.id_in("reeks/01-deel.toml");
    let toml = toml_edit::Value::from(HOSTILE).to_string();
    site.put("reeks/01-deel.toml", format!("id = \"{id}\"\ntitle = {toml}\ndescription = {toml}\n[[speakers]]\nname = {toml}\n[[chapters]]\nstart = \"0:00\"\ntitle = {toml}\n"));
    site.put(
        "reeks/series.toml",
        format!(
            "title = {toml}\norganiser = {toml}\ndescription = {toml}\nvisibility = \"public\"\n"
        ),
    );
    site.scan().await;
    for path in [
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
    ] {
        let answer = site.get(path).await.is(200).hides("<script");
        let feed = parser::parse(answer.body.as_slice()).unwrap();
        assert!(
            feed.entries
                .iter()
                .any(|entry| entry.title.as_ref().unwrap().content == HOSTILE),
            "{path}"
        );
    }
    let map = site
        .get("/sitemap.xml")
        .await
        .is(200)
        .hides("<script")
        .text();
    assert_eq!(map.matches("<url>").count(), map.matches("</url>").count());
    for path in [format!("/watch/{id}"), "/series/reeks".to_owned()] {
        let data = site.get(&path).await.is(200).page().data();
        assert_eq!(data["name"], HOSTILE, "{path}");
    }
    let xml = site
        .get(&format!("/oembed?format=xml&url={BASE}/watch/{id}"))
        .await
        .is(200)
        .hides("<script")
        .text();
    assert!(xml.starts_with("<?xml") && xml.ends_with("</oembed>"));
}

#[tokio::test]
async fn a_page_tells_search_engines_and_previews_all_they_ask_for() {
    let site = site().await;
    let id = site.id_in("reeks/01-deel.toml");
    let page = site
        .get(&format!("/watch/{id}?lang=nl"))
        .await
        .is(200)
        .shows("property=\"og:type\" content=\"video.other\"")
        .shows("name=\"twitter:card\" content=\"summary_large_image\"")
        .page();
    let data = page.data();
    assert_eq!(
        data["@type"],
        serde_json::json!(["VideoObject", "LearningResource"])
    );
    assert_eq!(data["uploadDate"], "2021-01-25T09:30:00+01:00");
    assert_eq!(data["isPartOf"]["name"], "De reeks");
    assert_eq!(data["hasPart"][1]["startOffset"], 1);
    assert_eq!(data["hasPart"][1]["url"], format!("{BASE}/watch/{id}?t=1"));
    assert_eq!(data["hasPart"][0]["endOffset"], 1);
    assert!(data["duration"].as_str().unwrap().starts_with("PT"));
    for key in ["contentUrl", "embedUrl"] {
        let address = data[key].as_str().unwrap();
        site.get(address.strip_prefix(BASE).unwrap()).await.is(200);
    }
    for address in data["thumbnailUrl"].as_array().unwrap() {
        site.get(address.as_str().unwrap().strip_prefix(BASE).unwrap())
            .await
            .is(200)
            .says("content-type", "image/jpeg");
    }
    for property in [
        "og:title",
        "og:description",
        "og:url",
        "og:site_name",
        "og:locale",
        "og:image",
        "og:image:width",
        "og:image:height",
        "og:image:alt",
        "og:video",
        "og:video:secure_url",
        "og:video:type",
        "video:duration",
        "video:release_date",
    ] {
        assert!(!page.meta(property).is_empty(), "{property}");
    }
    let map = site
        .get("/sitemap.xml")
        .await
        .is(200)
        .says("content-type", "application/xml")
        .text();
    let entry = map
        .split("<url>")
        .find(|entry| entry.contains(&id))
        .unwrap();
    for tag in [
        "video:thumbnail_loc",
        "video:title",
        "video:description",
        "video:content_loc",
        "video:player_loc",
        "video:duration",
        "video:publication_date",
    ] {
        assert!(!says(entry, tag).is_empty(), "{tag}");
    }
    for tag in [
        "video:thumbnail_loc",
        "video:content_loc",
        "video:player_loc",
        "loc",
    ] {
        let address = says(entry, tag).replace("&amp;", "&");
        site.get(address.strip_prefix(BASE).unwrap()).await.is(200);
    }
    let robots = site.get("/robots.txt").await.is(200).text();
    assert!(
        robots.contains(&format!("Sitemap: {BASE}/sitemap.xml"))
            && robots.contains("Disallow: /desk")
            && !robots.contains("Disallow: /embed")
    );
    let security = site.get("/.well-known/security.txt").await.is(200).text();
    assert!(
        security.contains("Contact: mailto:veilig@example.org")
            && security.contains("Expires: 20")
            && security.contains(&format!("Canonical: {BASE}/"))
    );
    Site::open()
        .await
        .get("/.well-known/security.txt")
        .await
        .is(404);
}
