//! What visitors see, whatever their language, and what every answer must carry.

use std::collections::BTreeSet;

use reqwest::Method;

use crate::support::Site;
use crate::support::markup::Page;

const PAGES: [&str; 8] = [
    "/",
    "/series/reeks",
    "/search",
    "/search?q=begin",
    "/search?q=nergens",
    "/privacy",
    "/accessibility",
    "/in-the-picture",
];

async fn site() -> Site {
    let site = Site::open_with(|config| {
        config.contact = Some("vragen@example.org".to_owned());
        config.footer = Some("Vereniging Voorbeeld, Utrecht".to_owned());
    })
    .await;
    site.put("reeks/series.toml", "title = \"Een reeks\"\nvisibility = \"public\"\norganiser = \"Ons\"\ndescription = \"Over **alles**.\"\n");
    for (number, title) in ["Begin", "Midden", "Eind"].iter().enumerate() {
        let number = u32::try_from(number + 1).unwrap();
        let stem = format!("reeks/0{number}-deel");
        site.put_clip(&format!("{stem}.mp4"), number);
        site.put(&format!("{stem}.toml"), format!("title = \"{title}\"\ndate = 2021-02-0{number}\n[[speakers]]\nname = \"Mira\"\n[[chapters]]\nstart = \"0:01\"\ntitle = \"Slot\"\n"));
        site.put(
            &format!("{stem}.nl.vtt"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n",
        );
        site.put(
            &format!("{stem}.en.vtt"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n",
        );
        site.put(&format!("{stem}.werkblad.pdf"), "%PDF-1.4");
    }
    site.put(
        "reeks/04-later.toml",
        "title = \"Later\"\ndate = 2030-01-02\n",
    );
    site.scan().await;
    site
}

async fn every_page(site: &Site) -> Vec<String> {
    let mut pages: Vec<String> = PAGES.map(str::to_owned).to_vec();
    for recording in site.recordings("/api/series/reeks").await {
        let id = recording["id"].as_str().unwrap();
        pages.extend([format!("/watch/{id}"), format!("/embed/{id}")]);
    }
    pages.push("/speakers/mira".to_owned());
    pages
}

#[tokio::test]
async fn a_visitor_walks_from_the_home_page_to_a_moment_in_a_recording() {
    let site = site().await;
    let home = site
        .get_dutch("/")
        .await
        .is(200)
        .shows("Een reeks")
        .shows("3 opnamen, 1 volgt nog")
        .shows("2021<")
        .shows("Vereniging Voorbeeld, Utrecht");
    assert!(home.text().contains("href=\"/series/reeks\""));
    site.get_dutch("/series/reeks")
        .await
        .is(200)
        .shows("Over <strong>alles</strong>")
        .shows("1 februari 2021")
        .shows("Opname volgt")
        .shows("NL, EN");
    let middle = site.recording("Midden").await;
    let page = site.address(&middle["watch_url"]);
    site.get_dutch(&page)
        .await
        .is(200)
        .shows("2 van 3")
        .shows("rel=\"prev\"")
        .shows("rel=\"next\"")
        .shows("/speakers/mira")
        .shows("Slot")
        .shows("Hallo")
        .shows("Downloaden (")
        .shows("preload=\"none\"")
        .shows(&site.address(&middle["attachments"][0]["url"]));
    // A link to a moment works without script: the address of the file itself says where to begin.
    site.get_dutch(&format!("{page}?t=1"))
        .await
        .is(200)
        .shows(&format!(
            "{}#t=1\"",
            site.address(&middle["sources"][0]["url"])
        ));
    for odd in [
        "?t=-1",
        "?t=99999999999999",
        "?t=x",
        "?t=",
        "?t=1&t=2&lang=xx",
    ] {
        site.get(&format!("{page}{odd}")).await.is(200);
    }
    site.get_dutch("/speakers/mira")
        .await
        .is(200)
        .shows("Mira")
        .shows("Begin");
    site.get_dutch("/in-the-picture")
        .await
        .shows("mailto:vragen@example.org");
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_shows_no_key() {
    let site = site().await;
    for page in every_page(&site).await {
        let separator = if page.contains('?') { '&' } else { '?' };
        for (lang, other) in [("nl", "en"), ("en", "nl")] {
            let chosen = site
                .get(&format!("{page}{separator}lang={lang}"))
                .await
                .is(200);
            let text = chosen.text();
            assert!(
                text.contains(&format!("<html lang=\"{lang}\"")),
                "{page} in {lang}"
            );
            // fluent-templates marks what it does not know; our keys are words with hyphens.
            assert!(
                !text.contains("Unknown localization"),
                "{page} in {lang}: {text}"
            );
            let asked = site
                .send(
                    site.ask(Method::GET, &page)
                        .header("accept-language", format!("{lang}-XX, {other};q=0.1")),
                )
                .await;
            assert!(
                asked.text().contains(&format!("<html lang=\"{lang}\"")),
                "{page} asked in {lang}"
            );
        }
    }
    let chosen = site.get("/?lang=en&utm_source=mail&fbclid=1").await;
    assert!(
        chosen.text().contains("href=\"/series/reeks?lang=en\""),
        "links carry the chosen language on"
    );
    assert!(
        !chosen.text().contains("utm_source") && !chosen.text().contains("fbclid"),
        "what a mail tool appended goes no further"
    );
    assert_eq!(chosen.header("set-cookie"), None);
}

#[tokio::test]
async fn every_link_on_every_page_leads_somewhere() {
    let site = site().await;
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<String> = vec!["/".to_owned()];
    while let Some(address) = waiting.pop() {
        let fetched = address.split('#').next().unwrap().to_owned();
        if !seen.insert(fetched.clone()) || seen.len() > 400 {
            continue;
        }
        let answer = site.get(&fetched).await;
        assert_eq!(answer.status, 200, "{fetched}");
        if answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            waiting.extend(links(&answer.page(), &site.app.config.base()));
        }
    }
    assert!(seen.len() > 40, "only {} addresses were found", seen.len());
    for kind in [
        "/watch/",
        "/media/",
        "/captions/",
        "/transcripts/",
        "/posters/",
        "/assets/",
        "/speakers/",
        "/series/",
    ] {
        assert!(
            seen.iter().any(|address| address.starts_with(kind)),
            "no link to {kind}"
        );
    }
}

/// What `href`, `src`, `poster` and `action` of a page point to, within the portal.
fn links(page: &Page, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    for address in page.addresses() {
        let address = address.strip_prefix(base).unwrap_or(address);
        assert!(
            !address.starts_with("http"),
            "{address} leads out of the portal"
        );
        if address.starts_with('/') {
            found.push(address.to_owned());
        }
    }
    found
}

#[tokio::test]
async fn every_answer_carries_its_security_headers_and_nothing_stands_inline() {
    let site = site().await;
    let mut addresses = every_page(&site).await;
    let one = site.recording("Begin").await;
    addresses.extend(
        [
            &one["sources"][0]["url"],
            &one["attachments"][0]["url"],
            &one["captions"][0]["url"],
            &one["poster_url"],
        ]
        .map(|url| site.address(url)),
    );
    addresses.extend(["/api/series", "/nergens", "/healthz", "/readyz"].map(str::to_owned));
    let film = site.address(&one["sources"][0]["url"]);
    for address in addresses {
        let answer = site.get(&address).await;
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{address}"
        );
        assert_eq!(answer.header("set-cookie"), None, "{address}");
        if address == film {
            // What a browser plays is no document.
            assert_eq!(answer.header("content-security-policy"), None);
            continue;
        }
        let policy = answer
            .header("content-security-policy")
            .unwrap_or_default()
            .to_owned();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{address}: {policy}"
        );
        let frames = if address.starts_with("/embed/") {
            "frame-ancestors *"
        } else {
            "frame-ancestors 'self'"
        };
        assert!(policy.ends_with(frames), "{address}: {policy}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("strict-origin-when-cross-origin"),
            "{address}"
        );
        if answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            let text = answer.text();
            for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
                assert!(!text.contains(inline), "{inline} on {address}");
            }
            assert!(
                text.split("<script")
                    .skip(1)
                    // A data block is not run (HTML §4.12.1).
                    .all(
                        |script| script.starts_with(" type=\"module\" src=\"/assets/")
                            || script.starts_with(" type=\"application/ld+json\">{")
                    ),
                "{address}"
            );
        }
    }
}

#[tokio::test]
async fn a_page_the_reader_has_is_not_sent_again_and_text_is_compressed() {
    let site = site().await;
    for page in every_page(&site).await {
        let first = site
            .get(&page)
            .await
            .is(200)
            .says("cache-control", "no-cache");
        let etag = first.header("etag").unwrap().to_owned();
        let again = site
            .send(site.ask(Method::GET, &page).header("if-none-match", &etag))
            .await
            .is(304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), Some(etag.as_str()));
        let small = site
            .send(
                site.ask(Method::GET, &page)
                    .header("accept-encoding", "gzip"),
            )
            .await
            .is(200)
            .says("content-encoding", "gzip");
        assert!(small.body.len() < first.body.len(), "{page}");
        site.send(site.ask(Method::HEAD, &page)).await.is(200);
    }
    let sidecar = site.read("reeks/01-deel.toml");
    site.put(
        "reeks/01-deel.toml",
        format!("summary = \"Nieuw\"\n{sidecar}"),
    );
    let etag = site
        .get("/series/reeks")
        .await
        .header("etag")
        .unwrap()
        .to_owned();
    site.scan().await;
    site.send(
        site.ask(Method::GET, "/series/reeks")
            .header("if-none-match", etag),
    )
    .await
    .is(200)
    .shows("Nieuw");
}

#[tokio::test]
async fn an_address_that_is_none_is_a_page_with_a_way_on_in_the_readers_language() {
    let site = site().await;
    for address in [
        "/nergens",
        "/watch/0000000000",
        "/watch/x",
        "/series/nergens",
        "/speakers/niemand",
        "/embed/0000000000",
        "/watch/%00",
        "/series/%2e%2e%2f",
    ] {
        site.get_dutch(address)
            .await
            .is(404)
            .shows("Deze pagina is er niet")
            .says("cache-control", "no-store");
        // In a frame of another site there is no room for a way on, and forms may be taken away.
        if !address.starts_with("/embed/") {
            let page = site.get_dutch(address).await;
            page.shows("action=\"/search\"").shows("href=\"/\"");
        }
        site.get(&format!("{address}?lang=en"))
            .await
            .is(404)
            .shows("There is no such page");
    }
    site.get_dutch("/watch/%ff")
        .await
        .is(400)
        .shows("Dit verzoek begrijpen we niet");
    let posted = site
        .send(site.ask(Method::POST, "/").header("accept-language", "nl"))
        .await
        .is(405)
        .shows("Dat kan hier niet");
    assert!(
        posted
            .header("allow")
            .is_some_and(|allow| allow.contains("GET"))
    );
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let site = site().await;
    let home = site.get("/").await.page();
    let sheet = home.attribute("/assets/style.");
    site.get(sheet)
        .await
        .is(200)
        .says("content-type", "text/css; charset=utf-8")
        .says("cache-control", "public, max-age=31536000, immutable");
    site.get("/assets/style.000000000000.css")
        .await
        .is(200)
        .says("cache-control", "no-cache");
    for none in [
        "/assets/niets.000000000000.css",
        "/assets/..%2fmod.rs",
        "/assets/style.css",
        "/assets/",
    ] {
        site.get(none).await.is(404);
    }
}

#[tokio::test]
async fn an_empty_portal_says_what_to_do() {
    let site = Site::open().await;
    site.get_dutch("/")
        .await
        .is(200)
        .shows("De mediamap wordt nog ingelezen");
    site.app.notifier.first_scan_is_done();
    site.get_dutch("/")
        .await
        .is(200)
        .shows("Nog geen opnamen")
        .shows("terugkijken series publish");
    assert_eq!(site.json("/readyz").await["ready"], true);
    assert_eq!(site.json("/healthz").await["alive"], true);
}

#[tokio::test]
async fn a_portal_that_cannot_do_its_work_says_so() {
    let site = Site::open().await;
    std::fs::remove_dir_all(site.media()).unwrap();
    let answer = site.get("/readyz").await.is(503);
    let ready: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(ready["ready"], false);
    assert!(
        ready["checks"]["media"]
            .as_str()
            .unwrap()
            .contains("cannot be read"),
        "{ready}"
    );
    assert_eq!(ready["checks"]["database"], "ok");
    site.get("/healthz").await.is(200);
    // Nothing can be written either, which is asked anew after a moment.
    site.app.clock.hold(site.app.clock.now() + 3600);
    std::fs::remove_dir_all(site.folder().join("data")).unwrap();
    let answer = site.get("/readyz").await.is(503);
    assert!(answer.text().contains("cannot be written"), "{answer:?}");
}

#[tokio::test]
async fn script_in_any_text_is_only_ever_text() {
    let site = Site::open().await;
    let hostile =
        "<script>alert(1)</script><img src=x onerror=alert(2)>\\\"'><svg/onload=alert(3)>";
    site.put("reeks/series.toml", format!("title = \"{hostile}\"\norganiser = \"{hostile}\"\ndescription = \"{hostile}\"\nvisibility = \"public\"\n"));
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.toml", format!("title = \"{hostile}\"\nsummary = \"{hostile}\"\ndescription = \"{hostile}\"\n[[speakers]]\nname = \"{hostile}\"\nrole = \"{hostile}\"\n[[chapters]]\nstart = 0\ntitle = \"{hostile}\"\n[[attachments]]\nfile = \"01-begin.x.pdf\"\ntitle = \"{hostile}\"\n"));
    site.put("reeks/01-begin.x.pdf", "%PDF-1.4");
    site.put("reeks/01-begin.nl.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n<script>alert(1)</script><img src=x onerror=alert(2)>\n");
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let watch = site.get(&format!("/watch/{id}")).await.page();
    let speaker = watch.attribute("/speakers/");
    for page in [
        "/".to_owned(),
        "/series/reeks".to_owned(),
        format!("/watch/{id}"),
        format!("/embed/{id}"),
        speaker.to_owned(),
        "/search?q=script".to_owned(),
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
    ] {
        let text = site.get(&page).await.is(200).text();
        assert!(
            text.contains("&lt;script&gt;") || page.starts_with("/embed"),
            "{page} shows it as text"
        );
        for sign in ["<script>", "<img src=x", "<svg/onload"] {
            assert!(!text.contains(sign), "{sign} on {page}");
        }
    }
}

#[tokio::test]
async fn a_series_that_is_still_to_come_says_so() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Straks\"\nvisibility = \"public\"\n",
    );
    site.put("reeks/01-een.toml", "date = 2090-01-01\n");
    site.scan().await;
    let home = site.get_dutch("/").await.is(200);
    home.shows(">1 opname volgt nog<").hides("2090<");
    site.put("reeks/02-twee.toml", "date = 2091-01-01\n");
    site.scan().await;
    let home = site.get_dutch("/").await.is(200);
    home.shows(">2 opnamen volgen nog<");
    site.get("/series/reeks?lang=en")
        .await
        .is(200)
        .shows(">2 recordings to come<");
}
