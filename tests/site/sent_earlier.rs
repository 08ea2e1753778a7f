//! What was sent cannot be changed: pictures in mails and frames on other sites show something when what they were made for closed since.

use image::GenericImageView;

use crate::support::{Answer, Site};

const ID: &str = "q3a1gc8bxx";
const DRAFT: &str = "0000000000";
const OWN: &str = "aaaaaaaaaaaaaaaa";
const OF_SERIES: &str = "bbbbbbbbbbbbbbbb";

fn link(token: &str, more: &str) -> String {
    format!("[[links]]\ntoken = \"{token}\"\nname = \"proef\"\n{more}")
}

fn series(site: &Site, visibility: &str, more: &str) {
    let text = format!(
        "title = \"Geheime reeks\"\norganiser = \"Vereniging\"\nvisibility = \"{visibility}\"\n{more}"
    );
    site.put("reeks/series.toml", text);
}

fn recording(site: &Site, more: &str) {
    site.put(
        "reeks/01-deel.toml",
        format!("id = \"{ID}\"\ntitle = \"Geheim deel\"\n{more}"),
    );
}

async fn site(visibility: &str) -> Site {
    let site =
        Site::open_with(|config| config.base_url = Some("https://training.example.org".into()))
            .await;
    site.put_clip("reeks/01-deel.mp4", 1);
    let red = image::RgbImage::from_pixel(800, 450, image::Rgb([250, 0, 0]));
    let mut picture = std::io::Cursor::new(Vec::new());
    red.write_to(&mut picture, image::ImageFormat::Jpeg)
        .unwrap();
    site.put("reeks/01-deel.jpg", picture.into_inner());
    site.put_clip("reeks/02-concept.mp4", 2);
    site.put(
        "reeks/02-concept.toml",
        format!("id = \"{DRAFT}\"\nvisibility = \"draft\"\n"),
    );
    recording(&site, &link(OWN, ""));
    series(&site, visibility, &link(OF_SERIES, ""));
    site.scan().await;
    site.work_until_idle().await;
    site
}

/// A picture of the promised size that has nothing of the recording and is asked for again each time.
#[track_caller]
fn neutral(answer: Answer, size: (u32, u32)) {
    let answer = answer.is(200).says("content-type", "image/jpeg");
    let cache = answer.header("cache-control").unwrap();
    assert!(
        cache.contains("no-cache") && !cache.contains("max-age"),
        "{cache}"
    );
    let picture = image::load_from_memory(&answer.body).unwrap();
    assert_eq!(picture.dimensions(), size, "{}", answer.address);
    let [red, green, blue, _] = picture.get_pixel(3, 3).0;
    assert!(
        !(red > 200 && green < 60 && blue < 60),
        "{} is the poster",
        answer.address
    );
}

async fn pictures(site: &Site, query: &str) {
    for (file, size) in [
        ("-play.jpg?w=300", (300, 169)),
        ("-play.jpg?w=600", (600, 338)),
        ("-play.jpg?w=1200&v=0123456789ab", (1200, 675)),
        (".jpg?w=480", (480, 270)),
    ] {
        neutral(site.get(&format!("/posters/{ID}{file}{query}")).await, size);
    }
}

/// A frame that says in words what happened, in the language of the reader, and where to go.
async fn frame(site: &Site, address: &str, status: u16, dutch: &str, english: &str) {
    for (lang, words) in [("nl", dutch), ("en", english)] {
        let joint = if address.contains('?') { '&' } else { '?' };
        let answer = site
            .get(&format!("{address}{joint}lang={lang}"))
            .await
            .is(status)
            .shows(words);
        let answer = answer
            .shows("https://training.example.org/")
            .shows("target=\"_blank\"")
            .shows("noindex");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors *"), "{policy}");
        let cache = answer.header("cache-control").unwrap();
        assert!(cache.contains("no-store"), "{cache}");
        answer
            .hides("Geheim")
            .hides("Vereniging")
            .hides("01-deel")
            .hides("posters");
    }
}

#[tokio::test]
async fn a_series_that_gets_a_password_later_leaves_no_broken_picture_and_no_mute_frame() {
    let site = site("public").await;
    site.get(&format!("/posters/{ID}-play.jpg?w=600"))
        .await
        .is(200);
    let hash = terugkijken::people::password::hash("samen verder", &mut Vec::new()).unwrap();
    series(
        &site,
        "public",
        &format!("password_hash = \"{hash}\"\n{}", link(OF_SERIES, "")),
    );
    site.scan().await;
    pictures(&site, "").await;
    let words = [
        "Hier is een wachtwoord voor nodig",
        "A password is needed here",
    ];
    frame(&site, &format!("/embed/{ID}"), 401, words[0], words[1]).await;
    frame(&site, "/embed/series/reeks", 401, words[0], words[1]).await;
    site.get(&format!("/embed/{ID}"))
        .await
        .is(401)
        .shows(&format!("https://training.example.org/watch/{ID}"));
    // With the password it plays there too.
    let open = site
        .post("/series/reeks/unlock", &[("password", "samen verder")])
        .await
        .is(303);
    let (_, grant) = open.location().split_once("link=").unwrap();
    site.get(&format!("/embed/{ID}?link={grant}"))
        .await
        .is(200)
        .shows("Geheim deel");
}

#[tokio::test]
async fn a_link_that_is_withdrawn_expired_or_locked_leaves_no_broken_picture_and_no_mute_frame() {
    for (more, status, dutch, english) in [
        (
            "withdrawn = 2020-01-01T00:00:00Z\n".to_owned(),
            410,
            "Deze link werkt niet meer",
            "This link no longer works",
        ),
        (
            "expires = 2020-01-01T00:00:00Z\n".to_owned(),
            410,
            "Deze link werkt niet meer",
            "This link no longer works",
        ),
        (
            format!(
                "password_hash = \"{}\"\n",
                terugkijken::people::password::hash("samen verder", &mut Vec::new()).unwrap()
            ),
            401,
            "Hier is een wachtwoord voor nodig",
            "A password is needed here",
        ),
    ] {
        let site = site("link").await;
        for token in [OWN, OF_SERIES] {
            site.get(&format!("/embed/{ID}?link={token}"))
                .await
                .is(200)
                .shows("Geheim deel");
        }
        recording(&site, &link(OWN, &more));
        series(&site, "link", &link(OF_SERIES, &more));
        site.scan().await;
        for token in [OWN, OF_SERIES] {
            pictures(&site, &format!("&link={token}")).await;
            frame(
                &site,
                &format!("/embed/{ID}?link={token}"),
                status,
                dutch,
                english,
            )
            .await;
        }
        frame(
            &site,
            &format!("/embed/series/reeks?link={OF_SERIES}"),
            status,
            dutch,
            english,
        )
        .await;
        // What such a link never opened is not told apart from what never was.
        for (path, token) in [
            (DRAFT, OF_SERIES),
            (DRAFT, OWN),
            ("zzzzzzzzzz", OWN),
            (ID, "zzzzzzzzzzzzzzzz"),
        ] {
            site.get(&format!("/posters/{path}-play.jpg?w=600&link={token}"))
                .await
                .is(404);
            site.get(&format!("/embed/{path}?link={token}"))
                .await
                .is(404);
        }
        site.get(&format!("/posters/{ID}.jpg")).await.is(404);
        site.get(&format!("/embed/series/reeks?link={OWN}"))
            .await
            .is(404);
        site.get(&format!("/captions/{ID}/nl.vtt?link={OWN}"))
            .await
            .is(404);
    }
}

#[tokio::test]
async fn what_was_withdrawn_trashed_or_is_over_says_so_in_a_frame_and_keeps_a_neutral_picture() {
    let words = ["Dit is weggehaald", "This was taken away"];
    for more in [
        "visibility = \"withdrawn\"\n",
        "visibility = \"public\"\ndeleted = 2020-01-01T00:00:00Z\n",
        "visibility = \"public\"\nvisible_until = 2020-01-01T00:00:00Z\n",
    ] {
        let site = site("public").await;
        recording(&site, more);
        site.scan().await;
        pictures(&site, "").await;
        pictures(&site, &format!("&link={OWN}")).await;
        frame(&site, &format!("/embed/{ID}"), 410, words[0], words[1]).await;
    }
}
