//! The player in other people's pages: what they are told when they ask, and in which pages it may stand.

use serde_json::Value;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::config::Config;

use crate::support::Site;
use crate::support::markup::Page;

const BASE: &str = "https://training.example.org";

async fn site(change: impl FnOnce(&mut Config)) -> (Site, String) {
    let site = Site::open_with(|config| {
        config.base_url = Some(BASE.into());
        change(config);
    })
    .await;
    site.put(
        "reeks/series.toml",
        "title = \"De reeks\"\norganiser = \"Vereniging\"\nvisibility = \"public\"\n",
    );
    for number in 1..=2 {
        site.put_clip(&format!("reeks/0{number}-deel.mp4"), number);
    }
    site.put("reeks/01-deel.toml", "title = \"Deel 1\"\n[[chapters]]\nstart = \"0:00\"\ntitle = \"Begin\"\n[[chapters]]\nstart = \"0:01\"\ntitle = \"Einde\"\n");
    site.put("reeks/01-deel.werkblad.pdf", "%PDF-1.4 werkblad");
    site.put(
        "reeks/01-deel.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
    );
    site.put("reeks/03-nog.toml", "title = \"Komt nog\"\n");
    let canvas = image::RgbImage::from_pixel(640, 360, image::Rgb([9, 90, 90]));
    let mut picture = std::io::Cursor::new(Vec::new());
    canvas
        .write_to(&mut picture, image::ImageFormat::Jpeg)
        .unwrap();
    site.put("reeks/01-deel.jpg", picture.into_inner());
    site.scan().await;
    site.work_until_idle().await;
    let id = site.id_in("reeks/01-deel.toml");
    (site, id)
}

async fn asked(site: &Site, url: &str, more: &str) -> Value {
    let url: String = url
        .replace('?', "%3F")
        .replace('&', "%26")
        .replace('#', "%23");
    let answer = site.get(&format!("/oembed?url={url}{more}")).await.is(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn a_site_that_asks_gets_a_frame_and_nothing_else() {
    let (site, id) = site(|_| ()).await;
    for url in [
        format!("{BASE}/watch/{id}"),
        format!("http://training.example.org/watch/{id}/"),
        format!("{BASE}/watch/{id}?t=12&utm_source=mail#x"),
        format!("{BASE}/embed/{id}"),
        format!("{BASE}/share/{id}"),
    ] {
        let said = asked(&site, &url, "").await;
        assert_eq!(said["version"], "1.0");
        assert_eq!(said["type"], "video");
        assert_eq!(said["title"], "Deel 1");
        assert_eq!(said["author_name"], "Vereniging");
        assert_eq!(
            (&said["width"], &said["height"]),
            (&640.into(), &360.into())
        );
        let html = said["html"].as_str().unwrap();
        assert!(
            html.replacen("?start=12", "", 1).starts_with(&format!(
                "<iframe src=\"{BASE}/embed/{id}\" width=\"640\" height=\"360\" title=\"Deel 1\""
            )),
            "{html}"
        );
        assert!(
            !html.contains("utm") && html.matches('<').count() == 2,
            "{html}"
        );
        let picture = said["thumbnail_url"].as_str().unwrap();
        let drawn = site.get(picture.strip_prefix(BASE).unwrap()).await.is(200);
        let drawn = image::load_from_memory(&drawn.body).unwrap();
        assert_eq!(
            (
                said["thumbnail_width"].as_u64(),
                said["thumbnail_height"].as_u64()
            ),
            (Some(drawn.width().into()), Some(drawn.height().into()))
        );
    }
    // Within what a site has room for, the picture too.
    for (more, width, height, picture) in [
        ("&maxwidth=400", 400, 225, Some(300)),
        ("&maxheight=180", 320, 180, Some(300)),
        ("&maxwidth=200&maxheight=2000", 200, 113, None),
        ("&maxwidth=99999", 1280, 720, Some(1200)),
        ("&maxwidth=-3&maxheight=x&maxwidth=0", 640, 360, Some(1200)),
    ] {
        let said = asked(&site, &format!("{BASE}/watch/{id}"), more).await;
        assert_eq!(
            (said["width"].as_u64(), said["height"].as_u64()),
            (Some(width), Some(height)),
            "{more}"
        );
        assert_eq!(said["thumbnail_width"].as_u64(), picture, "{more}");
        assert_eq!(
            said.get("thumbnail_url").is_some(),
            picture.is_some(),
            "all three or none"
        );
    }
    let series = asked(&site, &format!("{BASE}/series/reeks"), "&maxheight=400").await;
    assert_eq!(series["title"], "De reeks");
    assert!(
        series["height"].as_u64().unwrap() <= 400
            && series["html"]
                .as_str()
                .unwrap()
                .contains("/embed/series/reeks")
    );
    let mail = asked(&site, &format!("{BASE}/watch/{id}"), "&variant=email&in=nl").await;
    assert_eq!(mail["type"], "rich");
    assert!(
        mail["html"]
            .as_str()
            .unwrap()
            .contains("role=\"presentation\"")
            && mail["html"].as_str().unwrap().contains("Bekijk de opname")
    );
    // As XML, and found from the page.
    let page = site.get(&format!("/watch/{id}")).await.page();
    for kind in ["application/json+oembed", "text/xml+oembed"] {
        let address = page.attribute_of(kind, "/oembed").unwrap();
        let answer = site.get(address.strip_prefix(BASE).unwrap()).await.is(200);
        assert_eq!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/xml"),
            kind.starts_with("text/xml")
        );
    }
    assert!(
        site.get("/series/reeks")
            .await
            .text()
            .contains("json+oembed")
    );
}

#[tokio::test]
async fn what_is_not_there_not_open_or_not_spoken_is_said_with_the_right_status() {
    let (site, id) = site(|_| ()).await;
    site.put("dicht/series.toml", "title = \"Dicht\"\nvisibility = \"public\"\npassword_hash = \"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x\"\n");
    site.put_clip("dicht/01-een.mp4", 9);
    site.put_clip("reeks/04-concept.mp4", 10);
    site.put("reeks/04-concept.toml", "visibility = \"draft\"\n");
    site.put_clip("reeks/05-link.mp4", 11);
    site.put("reeks/05-link.toml", "title = \"Met link\"\nvisibility = \"link\"\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"proef\"\n");
    site.scan().await;
    let (locked, draft, linked) = (
        site.id_in("dicht/01-een.toml"),
        site.id_in("reeks/04-concept.toml"),
        site.id_in("reeks/05-link.toml"),
    );
    site.get("/oembed").await.is(400);
    for url in [
        format!("{BASE}/watch/{draft}"),
        format!("{BASE}/watch/{linked}"),
        format!("{BASE}/watch/zzzzzzzzzz"),
        format!("{BASE}/nergens"),
        format!("{BASE}.evil.example/watch/{id}"),
        format!("https://evil.example/watch/{id}"),
        format!("{BASE}/series/bestaat-niet"),
        "javascript:alert(1)".to_owned(),
        String::new(),
    ] {
        site.get(&format!("/oembed?url={url}")).await.is(404);
    }
    for url in [
        format!("{BASE}/watch/{locked}"),
        format!("{BASE}/series/dicht"),
    ] {
        site.get(&format!("/oembed?url={url}")).await.is(401);
    }
    for format in ["yaml", "JSON", ""] {
        site.get(&format!("/oembed?url={BASE}/watch/{id}&format={format}"))
            .await
            .is(501);
    }
    // A named link opens what it opens, in the frame too.
    let said = asked(&site, &format!("{BASE}/l/0123456789abcdef"), "").await;
    let frame = Page::parse(said["html"].as_str().unwrap());
    let src = frame.addresses()[0];
    site.get(src.strip_prefix(BASE).unwrap())
        .await
        .is(200)
        .shows("Met link");
    // An address that was given out before leads on.
    site.rename("reeks", "nieuw");
    site.scan().await;
    assert_eq!(
        asked(&site, &format!("{BASE}/series/reeks"), "").await["title"],
        "De reeks"
    );
    site.get("/embed/series/reeks").await.is(308);
}

#[tokio::test]
async fn a_frame_holds_all_of_it_and_is_small() {
    let (site, id) = site(|_| ()).await;
    let page = site
        .get(&format!("/embed/{id}?start=1&end=2&lang=nl"))
        .await
        .is(200);
    assert_eq!(page.header("set-cookie"), None);
    let text = page.text();
    for part in [
        "#t=1,2\"",
        "Einde",
        "Werkblad",
        "kind=\"captions\"",
        "training.example.org/watch/",
        "crossorigin=\"anonymous\"",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let series = site
        .get("/embed/series/reeks?lang=nl")
        .await
        .is(200)
        .shows("Deel 1")
        .shows("Komt nog")
        .shows("Opname volgt")
        .text();
    assert_eq!(series.matches("aria-current").count(), 1);
    let second = site.id_in("reeks/02-deel.toml");
    site.get(&format!("/embed/series/reeks?recording={second}"))
        .await
        .is(200)
        .shows(&format!("data-player=\"{second}\""));
    // Everything before the first byte of the recording, compressed as it is sent.
    for path in [format!("/embed/{id}"), "/embed/series/reeks".to_owned()] {
        let page = site.get(&path).await.page();
        let assets = page.addresses().into_iter();
        let assets = assets.filter(|address| address.starts_with("/assets/"));
        let assets = assets.map(|address| address.split('#').next().unwrap().to_owned());
        let mut addresses = vec![path.clone()];
        addresses.extend(assets);
        let mut bytes = 0;
        for address in &addresses {
            let answer = site
                .send(
                    site.ask(reqwest::Method::GET, address)
                        .header("accept-encoding", "gzip"),
                )
                .await
                .is(200);
            bytes += answer.body.len();
            if address.contains("/assets/embed") || address.contains("style") {
                assert_eq!(answer.header("content-encoding"), Some("gzip"), "{address}");
                assert_eq!(
                    answer.header("cross-origin-resource-policy"),
                    Some("cross-origin")
                );
            }
        }
        assert!(
            addresses.len() >= 4 && bytes <= 25_000,
            "{path}: {bytes} bytes in {addresses:?}"
        );
    }
}

#[tokio::test]
async fn an_embed_stands_where_the_setting_says() {
    for (setting, expected) in [
        ("everywhere", "frame-ancestors *"),
        ("nowhere", "frame-ancestors 'self'"),
        (
            "https://vereniging.nl https://*.partner.nl",
            "frame-ancestors 'self' https://vereniging.nl https://*.partner.nl",
        ),
    ] {
        let (site, id) = site(|config| config.embed_sites = setting.into()).await;
        for path in [format!("/embed/{id}"), "/embed/series/reeks".to_owned()] {
            let answer = site.get(&path).await.is(200);
            let policy = answer.header("content-security-policy").unwrap().to_owned();
            assert!(policy.ends_with(expected), "{path}: {policy}");
            let etag = answer.header("etag").unwrap().to_owned();
            let again = site
                .send(
                    site.ask(reqwest::Method::GET, &path)
                        .header("if-none-match", etag),
                )
                .await
                .is(304);
            assert_eq!(
                again.header("content-security-policy"),
                Some(policy.as_str())
            );
        }
        site.get(&format!("/watch/{id}")).await.is(200);
    }
}

#[tokio::test]
async fn a_series_and_a_recording_say_themselves_where_their_player_may_stand() {
    let (site, one) = site(|config| config.embed_sites = "https://portal.nl".into()).await;
    let two = site.id_in("reeks/02-deel.toml");
    let frames = [
        format!("/embed/{one}"),
        format!("/embed/{two}"),
        "/embed/series/reeks".to_owned(),
    ];
    let portal = "'self' https://portal.nl";
    assert_eq!(ancestors(&site, &frames).await, [portal; 3]);

    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("De reeks").await;
    let of_series = format!("/desk/series/{series}/share");
    let of_one = format!("/desk/recordings/{one}/share");
    // The list is named, and each line of it can be read.
    for (sites, why) in [
        ("", "Noem minstens één website"),
        ("vereniging.nl", "Schrijf elke website als"),
        ("https://a.nl; script-src *", "Schrijf elke website als"),
    ] {
        let form = [("embed", "listed"), ("sites", sites)];
        mira.post(&of_series, &form).await.is(422).shows(why);
    }
    mira.post(&of_one, &[("embed", "ergens")]).await.is(422);
    let base_of_series = mira.base(&of_series).await;
    let listed = [
        ("embed", "listed"),
        ("sites", "https://Vereniging.nl/\r\nhttps://*.partner.nl"),
        ("base", base_of_series.as_str()),
    ];
    mira.does(&of_series, &listed)
        .await
        .is(200)
        .shows("Opgeslagen")
        .shows("https://vereniging.nl");
    let first = mira.base(&of_one).await;
    mira.does(&of_one, &[("embed", "everywhere"), ("base", &first)])
        .await
        .is(200);
    let own = "'self' https://vereniging.nl https://*.partner.nl";
    // Of the series' frame the first that stands with it is shown; the other one opens where it may be seen.
    assert_eq!(ancestors(&site, &frames).await, ["*", own, own]);
    let page = site
        .get("/embed/series/reeks?lang=nl")
        .await
        .shows(&format!("href=\"/watch/{one}?lang=nl\" target=\"_blank\""))
        .text();
    assert!(page.contains(&format!("/embed/series/reeks?recording={two}")));

    // Who comes second is told, and keeps what they chose.
    mira.post(&of_one, &[("embed", "nowhere"), ("base", &first)])
        .await
        .is(409)
        .shows("Iemand anders heeft dit intussen gewijzigd")
        .shows("value=\"nowhere\" selected");
    let now = mira.base(&of_one).await;
    mira.does(&of_one, &[("embed", "nowhere"), ("base", &now)])
        .await
        .is(200);
    assert_eq!(ancestors(&site, &frames).await, ["'self'", own, own]);
    // A preview promises no player that browsers would not show.
    site.get(&format!("/watch/{one}"))
        .await
        .is(200)
        .shows("og:image")
        .hides("og:video");
    // Then a site is told of a link only, and nobody is offered code that would not work.
    let told = asked(&site, &format!("{BASE}/watch/{one}"), "").await;
    assert_eq!((&told["type"], told.get("html")), (&"link".into(), None));
    let xml = site
        .get(&format!("/oembed?format=xml&url={BASE}/watch/{one}"))
        .await
        .is(200)
        .shows("<type>link</type>");
    xml.hides("<html>");
    site.get(&format!("/share/{one}?lang=nl"))
        .await
        .is(200)
        .shows("op geen andere website")
        .hides("id=\"share-embed\"");
    assert_eq!(
        asked(&site, &format!("{BASE}/watch/{two}"), "").await["type"],
        "video"
    );

    // The folder says all of it.
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.work_until_idle().await;
    assert_eq!(ancestors(&site, &frames).await, ["'self'", own, own]);
    // Without a word of its own it stands where its series does.
    let mira = site.colleague("mira", Role::Editor).await;
    let now = mira.base(&of_one).await;
    mira.does(&of_one, &[("embed", ""), ("base", &now)])
        .await
        .is(200);
    assert_eq!(ancestors(&site, &frames).await, [own; 3]);
}

/// What stands behind `frame-ancestors` at each of these addresses.
async fn ancestors(site: &Site, frames: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for frame in frames {
        let answer = site.get(frame).await.is(200);
        let policy = answer.header("content-security-policy").unwrap();
        let (_, ancestors) = policy.split_once("frame-ancestors ").unwrap();
        all.push(ancestors.to_owned());
    }
    all
}
