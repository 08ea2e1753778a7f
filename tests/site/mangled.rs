//! Addresses as mails and fingers leave them lead on, once, to what is meant; an address that answers nothing still answers nothing.

use reqwest::Method;

use crate::support::{Answer, Site};

const BASE: &str = "https://training.example.org";
const ID: &str = "q3a1gc8bxx";
const LINK: &str = "0123456789abcdef";
const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n";

/// What is left behind addresses.
const BEHIND: [&str; 21] = [
    "/",
    ".",
    ")",
    ",",
    ";",
    "%3E",
    "%22",
    "%20",
    "*",
    "_",
    "=3D",
    "=%0A",
    "%0A",
    "%E2%80%9D",
    "%E2%80%8B",
    "%3Futm_source=x",
    "&utm_source=x",
    "&amp;utm_source=x",
    "%253Futm_source%253Dx",
    "%22%3Ehier%3C/a%3E",
    "%E2%80",
];

/// A public series with one of each kind of address.
async fn site() -> Site {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.put(
        "de-reeks/series.toml",
        "title = \"De reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("de-reeks/01-Deel.mp4", 1);
    site.put("de-reeks/01-Deel.nl.vtt", CAPTIONS);
    site.put(
        "de-reeks/01-Deel.toml",
        format!(
            "id = \"{ID}\"\ntitle = \"Deel\"\n[[speakers]]\nname = \"Jan de Vries\"\n[[chapters]]\nstart = \"0:00\"\ntitle = \"Begin\"\n\
             [[links]]\ntoken = \"{LINK}\"\nname = \"proef\"\n"
        ),
    );
    site.put_clip("dicht/01-een.mp4", 2);
    site.put(
        "dicht/series.toml",
        "title = \"Dicht\"\nvisibility = \"draft\"\n",
    );
    site.put("dicht/01-een.toml", "id = \"0000000000\"\n");
    site.scan().await;
    site
}

/// Every kind of address that is handed out, as it should be.
async fn addresses(site: &Site) -> Vec<String> {
    let version = site.app.db.read(|conn| {
        let version = conn.query_row(
            "SELECT version FROM original WHERE file = '01-Deel.mp4'",
            [],
            |row| row.get::<_, String>(0),
        );
        Ok(version?)
    });
    let version = version.await.unwrap();
    let mut all = vec![
        "/privacy".to_owned(),
        "/feed.xml".to_owned(),
        "/search".to_owned(),
        format!("/l/{LINK}"),
    ];
    for of_one in [
        "/watch/ID",
        "/embed/ID",
        "/share/ID",
        "/share/ID/preview",
        "/share/ID/qr.svg",
        "/captions/ID/nl.vtt",
        "/transcripts/ID/nl.txt",
        "/chapters/ID.vtt",
        "/chapters/ID.json",
        "/posters/ID.jpg",
        "/posters/ID-play.jpg",
        "/posters/ID-cover.jpg",
        "/api/recordings/ID",
        "/media/ID/VERSION/01-Deel.mp4",
    ] {
        all.push(of_one.replace("ID", ID).replace("VERSION", &version));
    }
    for of_all in [
        "/series/SLUG",
        "/series/SLUG/feed.xml",
        "/series/SLUG/podcast.xml",
        "/embed/series/SLUG",
        "/share/series/SLUG",
        "/share/series/SLUG/preview",
        "/api/series/SLUG",
    ] {
        all.push(of_all.replace("SLUG", "de-reeks"));
    }
    all.push("/speakers/jan-de-vries".to_owned());
    all
}

async fn asked(site: &Site, method: Method, path: &str) -> Answer {
    site.send(site.ask(method, path)).await
}

#[tokio::test]
async fn every_kind_of_address_leads_on_from_what_mails_and_fingers_made_of_it() {
    let site = site().await;
    let all = addresses(&site).await;
    for address in &all {
        site.get(address).await.is(200);
        // Drawing a picture takes long, and the shapes of the addresses have a table of their own.
        let few = BEHIND
            .iter()
            .step_by(if address == &format!("/watch/{ID}") {
                1
            } else {
                7
            });
        for behind in few {
            let path = format!("{address}{behind}");
            let answer = asked(&site, Method::GET, &path).await;
            // The version says which file it is, whatever stands where its name was.
            if address.starts_with("/media/") && answer.status == 200 {
                continue;
            }
            let answer = answer.is(308).says("location", address);
            answer.says("cache-control", "no-cache");
        }
        let path = format!(
            "{}/",
            address
                .to_uppercase()
                .replace(".MP4", ".mp4")
                .replace("DEEL", "Deel")
        );
        asked(&site, Method::HEAD, &path)
            .await
            .is(308)
            .says("location", address);
        site.get(&format!("{address}?utm_source=x")).await.is(200);
    }
    // Each of the kinds that have a route stands in the list above.
    let kinds = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    for (path, _) in crate::matrix::routes() {
        let is_ours = ![
            "/desk", "/uploads", "/assets", "/healthz", "/readyz", "/sign-", "/welcome", "/oembed",
            "/.well", "/robots",
        ]
        .iter()
        .any(|start| path.starts_with(start));
        let is_parameter = path.contains('{');
        assert!(
            !is_ours || !is_parameter || all.iter().any(|one| kinds(one) == kinds(&path)),
            "no address of {path} is tried"
        );
    }
}

#[tokio::test]
async fn an_id_is_read_in_capitals_aloud_and_across_two_lines() {
    let site = site().await;
    for path in [
        "/watch/Q3A1GC8BXX",
        "/Watch/q3a1gc8bxx",
        "/watch/q3aIGc8bxx",
        "/watch/q3alGC8BXX.",
        "/watch/q3a1g=%0Ac8bxx",
        "/watch/q3a1g%20c8bxx",
        "/watch/q3a1g-c8bxx",
        "/watch/q3a1g%E2%80%8Bc8bxx",
        "/watch/%3Cq3a1gc8bxx%3E",
        "//watch//q3a1gc8bxx",
    ] {
        asked(&site, Method::GET, path)
            .await
            .is(308)
            .says("location", &format!("/watch/{ID}"));
    }
    asked(&site, Method::GET, "/l/O123456789ABCDEF)")
        .await
        .is(308)
        .says("location", &format!("/l/{LINK}"));
    asked(&site, Method::GET, "/series/De-Reeks/")
        .await
        .is(308)
        .says("location", "/series/de-reeks");
    // What is ours in the address goes along, whatever became of it.
    for (path, to) in [
        (
            "/watch/ID.?t=1m30s&utm_source=x&lang=en",
            "/watch/ID?t=1m30s&lang=en",
        ),
        ("/watch/ID%3Ft=90&mc_eid=x", "/watch/ID?t=90"),
        ("/watch/ID&amp;t=90&amp;lang=en", "/watch/ID?t=90&lang=en"),
        (
            "/posters/ID-play.jpg%22?w=600&x=y",
            "/posters/ID-play.jpg?w=600",
        ),
        ("/series/de-reeks/)?after=ID", "/series/de-reeks?after=ID"),
    ] {
        let (path, to) = (path.replace("ID", ID), to.replace("ID", ID));
        asked(&site, Method::GET, &path)
            .await
            .is(308)
            .says("location", &to);
    }
}

#[tokio::test]
async fn one_redirect_is_enough_and_leads_nowhere_else() {
    let site = site().await;
    // A former name is followed on the way.
    site.rename("de-reeks", "andere-naam");
    site.scan().await;
    let answer = asked(&site, Method::GET, "/series/De-Reeks.?lang=en")
        .await
        .is(308);
    let to = answer.header("location").unwrap().to_owned();
    assert_eq!(to, "/series/andere-naam?lang=en");
    site.get(&to).await.is(200);
    // Nothing answers at these, so they answer nothing.
    for path in [
        "/watch/zzzzzzzzzz.",
        "/watch/0000000000.",
        "/watch/OOOOOOOOOO",
        "/series/dicht/",
        "/series/nergens/",
        "/l/zzzzzzzzzzzzzzzz)",
        "/speakers/niemand.",
        "/watch/q3a1gc8bx",
        "/watch/q3a1gc8bxxx",
        "/watch/q3a1gc8bxx/more",
        "/posters/0000000000-play.jpg)",
        "/captions/0000000000/nl.vtt.",
        "/embed/0000000000)",
        "/wp-login.php/",
    ] {
        let here = asked(&site, Method::GET, path).await.is(404);
        assert_eq!(here.header("location"), None, "{path}");
        asked(&site, Method::HEAD, path).await.is(404);
    }
    // Never to another site.
    for path in [
        "//evil.example/watch/q3a1gc8bxx.",
        "/%5Cevil.example/",
        "/%2F%2Fevil.example/",
        "//evil.example%2F..",
        "/watch/q3a1gc8bxx.//evil.example",
        "/%5C%5Cevil.example/series/andere-naam.",
    ] {
        let answer = asked(&site, Method::GET, path).await;
        let to = answer.header("location").unwrap_or("/");
        assert!(
            to.starts_with('/') && !to[1..].starts_with(['/', '\\']) && !to.contains("evil"),
            "{path}: {to}"
        );
    }
    // A form is not sent on.
    site.post("/series/andere-naam/unlock/", &[("password", "x")])
        .await
        .is(404);
}

#[tokio::test]
async fn what_is_gone_or_locked_says_so_and_a_link_in_the_address_is_mended_too() {
    let site = site().await;
    site.put(
        "besloten/series.toml",
        "title = \"Besloten\"\nvisibility = \"link\"\n",
    );
    site.put_clip("besloten/01-een.mp4", 3);
    site.put(
        "besloten/01-een.toml",
        "id = \"1111111111\"\n[[links]]\ntoken = \"aaaaaaaaaaaaaaaa\"\nname = \"proef\"\n",
    );
    site.scan().await;
    for path in [
        "/watch/1111111111?link=AAAAAAAAAAAAAAAA",
        "/watch/1111111111?link=aaaaaaaaaaaaaaaa)",
        "/watch/1111111111.?link=aaaaaaaaaaaaaaaa",
    ] {
        asked(&site, Method::GET, path)
            .await
            .is(308)
            .says("location", "/watch/1111111111?link=aaaaaaaaaaaaaaaa");
    }
    asked(&site, Method::GET, "/watch/1111111111.")
        .await
        .is(404);
    // Withdrawn: the page that says so is what is meant.
    site.put(
        "de-reeks/01-Deel.toml",
        format!("id = \"{ID}\"\nvisibility = \"withdrawn\"\n"),
    );
    site.scan().await;
    asked(&site, Method::GET, &format!("/watch/{ID})"))
        .await
        .is(308)
        .says("location", &format!("/watch/{ID}"));
    site.get(&format!("/watch/{ID}")).await.is(410);
}

#[tokio::test]
async fn a_script_on_another_site_may_follow_and_a_site_that_asks_for_a_player_is_answered() {
    let site = site().await;
    let answer = asked(&site, Method::GET, &format!("/captions/{ID}/NL.vtt)"))
        .await
        .is(308);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    for url in [
        format!("{BASE}/watch/{ID}/"),
        format!("{BASE}/watch/{ID})."),
        format!("{BASE}/watch/Q3A1GC8BXX"),
        format!("HTTPS://Training.Example.ORG/watch/{ID}"),
        format!("{BASE}/watch/{ID}%253Futm_source%253Dx"),
        format!("{BASE}/watch/{ID}%22%3E"),
        format!("{BASE}/l/O123456789ABCDEF."),
        format!("{BASE}/series/De-Reeks)"),
    ] {
        let answer = site.json(&format!("/oembed?url={url}")).await;
        let html = answer["html"].as_str().unwrap();
        let is_right = [
            format!("{BASE}/embed/{ID}"),
            format!("{BASE}/embed/series/de-reeks"),
        ];
        assert!(
            is_right
                .iter()
                .any(|src| html.contains(&format!("src=\"{src}"))),
            "{url}: {html}"
        );
    }
    for url in [
        format!("{BASE}/watch/0000000000."),
        format!("{BASE}.evil.example/watch/{ID}"),
        format!("{BASE}@evil.example/watch/{ID}"),
    ] {
        site.get(&format!("/oembed?url={url}")).await.is(404);
    }
}
