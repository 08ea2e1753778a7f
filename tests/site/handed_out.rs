//! What other programs make of an address that was handed out: previews of named links, and players that begin where the address says.

use serde_json::Value;

use crate::support::Site;
use crate::support::markup::between;

const BASE: &str = "https://training.example.org";
const ID: &str = "q3a1gc8bxx";
/// Links of the public recording, of its series, and of a recording that only its link opens.
const LINKS: [&str; 3] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"];

async fn site() -> Site {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    let link = |token: &str| format!("[[links]]\ntoken = \"{token}\"\nname = \"proef\"\n");
    site.put(
        "reeks/series.toml",
        format!(
            "title = \"De reeks\"\nvisibility = \"public\"\n{}",
            link(LINKS[1])
        ),
    );
    site.put_clip("reeks/01-deel.mp4", 1);
    site.put(
        "reeks/01-deel.toml",
        format!(
            "id = \"{ID}\"\ntitle = \"Deel\"\nsummary = \"Waar het over gaat.\"\n{}",
            link(LINKS[0])
        ),
    );
    site.put_clip("reeks/02-dicht.mp4", 2);
    site.put(
        "reeks/02-dicht.toml",
        format!(
            "id = \"0000000000\"\ntitle = \"Dicht\"\nvisibility = \"link\"\n{}",
            link(LINKS[2])
        ),
    );
    site.scan().await;
    site
}

async fn player(site: &Site, url: &str) -> (Value, String) {
    let url = url.replace('?', "%3F").replace('&', "%26");
    let said = site.json(&format!("/oembed?url={url}")).await;
    let src = between(said["html"].as_str().unwrap(), "src=\"", "\"").replace("&amp;", "&");
    (said, src.strip_prefix(BASE).unwrap().to_owned())
}

#[tokio::test]
async fn a_named_link_of_something_public_has_a_preview_and_a_player_and_is_listed_nowhere() {
    let site = site().await;
    let [one, all, _] = LINKS.map(|link| format!("/l/{link}"));
    for (link, title, address) in [
        (&one, "Deel", one.clone()),
        (&all, "De reeks", all.clone()),
        (
            &format!("/watch/{ID}?link={}", LINKS[1]),
            "Deel",
            format!("/watch/{ID}?link={}", LINKS[1]),
        ),
    ] {
        let answer = site
            .get(&format!(
                "{link}{}utm_source=x",
                if link.contains('?') { "&" } else { "?" }
            ))
            .await
            .is(200);
        assert_eq!(answer.header("x-robots-tag"), Some("noindex"));
        let page = answer
            .hides("rel=\"canonical\"")
            .hides("hreflang=\"x-default\"")
            .shows("noindex")
            .page();
        assert_eq!(page.meta("og:title"), title);
        assert_eq!(page.meta("og:url"), format!("{BASE}{address}"));
        if title == "Deel" {
            let picture = page.meta("og:image").strip_prefix(BASE).unwrap();
            assert!(picture.contains("link="), "{picture}");
            let picture = site
                .get(picture)
                .await
                .is(200)
                .says("content-type", "image/jpeg");
            assert_eq!(picture.header("x-robots-tag"), Some("noindex"));
            assert_eq!(page.meta("og:description"), "Waar het over gaat.");
        }
        for kind in ["application/json+oembed", "text/xml+oembed"] {
            let found = page.attribute_of(kind, "/oembed").unwrap();
            let answer = site.get(found.strip_prefix(BASE).unwrap()).await.is(200);
            assert!(answer.text().contains("link="), "{}", answer.text());
        }
    }
    site.get("/robots.txt")
        .await
        .is(200)
        .hides("/l/")
        .shows("Disallow: /desk");
}

#[tokio::test]
async fn a_link_to_what_is_not_public_or_behind_a_password_shows_nothing_to_preview() {
    let site = site().await;
    let closed = format!("/l/{}", LINKS[2]);
    let page = site.get(&closed).await.is(200).shows("Dicht");
    page.hides("og:").hides("oembed");
    // A series link previews what every visitor sees of the series.
    site.get(&format!("/l/{}", LINKS[1]))
        .await
        .is(200)
        .shows("Dicht")
        .shows("og:title");
    site.get(&format!("/watch/0000000000?link={}", LINKS[1]))
        .await
        .is(200)
        .hides("og:");
    // A link that is none, or that ended, is no address to hand on.
    site.get(&format!("/watch/{ID}?link=zzzzzzzzzzzzzzzz"))
        .await
        .is(200)
        .hides("og:");
    let hash = terugkijken::people::password::hash("samen verder", &mut Vec::new()).unwrap();
    let locked = site.read("reeks/01-deel.toml").replace(
        "name = \"proef\"",
        &format!("name = \"proef\"\npassword_hash = \"{hash}\""),
    );
    site.put("reeks/01-deel.toml", locked);
    site.scan().await;
    let link = format!("/l/{}", LINKS[0]);
    let page = site.get(&link).await.is(401);
    page.hides("og:")
        .hides("Deel")
        .hides("posters")
        .hides("oembed")
        .shows("noindex");
    site.get(&format!("/oembed?url={BASE}{link}"))
        .await
        .is(401)
        .hides("Deel");
    let open = site
        .post(&link, &[("password", "samen verder")])
        .await
        .is(303);
    site.get(open.location())
        .await
        .is(200)
        .shows("Deel")
        .hides("og:");
}

#[tokio::test]
async fn a_player_begins_and_ends_where_the_address_says_and_speaks_its_language() {
    let site = site().await;
    for (url, src) in [
        ("/watch/ID?t=90", "/embed/ID?start=90"),
        (
            "/watch/ID?t=1m30s&utm_source=x&fbclid=y",
            "/embed/ID?start=90",
        ),
        ("/watch/ID?t=1h2m3s#x", "/embed/ID?start=3723"),
        ("/watch/ID?lang=en&t=90)", "/embed/ID?start=90&lang=en"),
        ("/watch/ID%3Ft=90", "/embed/ID?start=90"),
        ("/watch/ID.?t=90", "/embed/ID?start=90"),
        (
            "/watch/ID&amp;t=90&amp;lang=en",
            "/embed/ID?start=90&lang=en",
        ),
        (
            "/embed/ID?start=90&end=120&lang=en",
            "/embed/ID?start=90&end=120&lang=en",
        ),
        ("/embed/ID?end=120", "/embed/ID?end=120"),
        ("/l/LINK?t=90", "/embed/ID?link=LINK&start=90"),
        ("/watch/ID?link=LINK&t=90", "/embed/ID?link=LINK&start=90"),
        (
            "/embed/series/reeks?recording=ID&start=5&x=y",
            "/embed/series/reeks?recording=ID&start=5",
        ),
        ("/series/reeks?t=90&lang=nl", "/embed/series/reeks?lang=nl"),
        // What is none stays out.
        ("/watch/ID?t=x&end=5&lang=tlh", "/embed/ID?end=5"),
        ("/watch/ID?t=0", "/embed/ID"),
        ("/watch/ID?t=-5&start=%22%3E", "/embed/ID"),
        ("/embed/ID?start=120&end=90", "/embed/ID?start=120"),
        ("/watch/ID?t=99999999999999999999999", "/embed/ID"),
        ("/embed/ID?recording=ID", "/embed/ID"),
    ] {
        let [url, src] = [url, src].map(|it| it.replace("ID", ID).replace("LINK", LINKS[0]));
        let (said, found) = player(&site, &format!("{BASE}{url}")).await;
        assert_eq!(found, src, "{url}");
        site.get(&found).await.is(200);
        // The same as XML, whose frame is text.
        let asked = format!(
            "/oembed?format=xml&url={BASE}{}",
            url.replace('?', "%3F").replace('&', "%26")
        );
        let xml = site.get(&asked).await.is(200).text();
        let frame = said["html"].as_str().unwrap();
        let escaped = frame
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        assert!(
            xml.contains(&escaped) || xml.contains(&escaped.replace('"', "&quot;")),
            "{xml}"
        );
    }
    // The page that was opened at a moment tells it to the site that asks.
    let page = site
        .get(&format!("/watch/{ID}?t=1m30s&lang=en&utm_source=x"))
        .await
        .is(200)
        .page();
    let found = page
        .attribute_of("application/json+oembed", "/oembed")
        .unwrap();
    let said = site.json(found.strip_prefix(BASE).unwrap()).await;
    assert!(
        said["html"]
            .as_str()
            .unwrap()
            .contains(&format!("/embed/{ID}?start=90&amp;lang=en\"")),
        "{said}"
    );
    assert_eq!(page.meta("og:url"), format!("{BASE}/watch/{ID}"));
}
