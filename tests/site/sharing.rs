//! Sharing: pictures that mails show for years, snippets that any mail program takes, links that are named after a mailing, and
//! codes for print.

use image::GenericImageView;
use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::markup::{Page, between};

pub const BASE: &str = "https://training.example.org";

/// A public series of three with pictures, one of them still to be held.
pub async fn site() -> (Site, [String; 3]) {
    let site = Site::open_with(|config| {
        config.base_url = Some(BASE.into());
    })
    .await;
    site.put(
        "reeks/series.toml",
        "title = \"De reeks\"\norganiser = \"Vereniging\"\nvisibility = \"public\"\n",
    );
    for number in 1..=2_u8 {
        site.put_clip(
            &format!("reeks/0{number}-deel-{number}.mp4"),
            u32::from(number),
        );
        site.put(
            &format!("reeks/0{number}-deel-{number}.jpg"),
            picture([40 * number, 200, 90]),
        );
        site.put(
            &format!("reeks/0{number}-deel-{number}.toml"),
            format!("title = \"Deel {number}\"\nsummary = \"Waar deel {number} over gaat.\"\ndate = \"2021-02-0{number}\"\n"),
        );
    }
    site.put(
        "reeks/03-komt-nog.toml",
        "title = \"Komt nog\"\ndate = \"2090-01-01\"\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    let ids = ["01-deel-1", "02-deel-2", "03-komt-nog"]
        .map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    (site, ids)
}

/// A JPEG of one colour, 800 x 450.
fn picture(colour: [u8; 3]) -> Vec<u8> {
    let canvas = image::RgbImage::from_pixel(800, 450, image::Rgb(colour));
    let mut bytes = std::io::Cursor::new(Vec::new());
    canvas
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

fn corner(jpeg: &[u8]) -> [u8; 3] {
    let pixel = image::load_from_memory(jpeg).unwrap().get_pixel(3, 3).0;
    [pixel[0], pixel[1], pixel[2]]
}

fn near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) < 12)
}

#[tokio::test]
async fn a_picture_for_mails_has_one_address_for_ever() {
    let (site, [one, _, planned]) = site().await;
    for (width, height) in [(300, 169), (600, 338), (1200, 675)] {
        let path = format!("/posters/{one}-play.jpg?w={width}&utm_source=mail");
        let answer = site.get(&path).await.is(200);
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=600, s-maxage=60")
        );
        let drawn = image::load_from_memory(&answer.body).unwrap();
        assert_eq!(drawn.dimensions(), (width, height));
        assert!(answer.body.len() <= 200_000);
        // Baseline (ITU-T T.81 §B.2.2), and a badge in its middle that the plain picture has not.
        assert!(answer.body.windows(2).any(|marker| marker == [0xff, 0xc0]));
        let middle = drawn.get_pixel(width / 2, height / 2).0;
        assert!(
            middle[..3].iter().all(|channel| *channel > 225),
            "{middle:?}"
        );
        assert!(near(corner(&answer.body), [40, 200, 90]));
        let etag = answer.header("etag").unwrap().to_owned();
        let head = site.send(site.ask(Method::HEAD, &path)).await.is(200);
        assert_eq!(
            head.header("content-length"),
            Some(answer.body.len().to_string().as_str())
        );
        assert_eq!(head.header("etag"), Some(etag.as_str()));
        site.send(site.ask(Method::GET, &path).header("if-none-match", &etag))
            .await
            .is(304);
    }
    // Another picture: the same address shows it, and a mail proxy that kept the old one is given an address it never saw.
    let address = format!("/posters/{one}-play.jpg?w=600");
    let before = site.get(&address).await.header("etag").map(str::to_owned);
    let snippet = site.get(&format!("/share/{one}")).await.page();
    site.put("reeks/01-deel-1.jpg", picture([10, 20, 200]));
    site.scan().await;
    site.work_until_idle().await;
    let after = site.get(&address).await.is(200);
    assert!(near(corner(&after.body), [10, 20, 200]));
    assert_ne!(after.header("etag").map(str::to_owned), before);
    let again = site.get(&format!("/share/{one}")).await.page();
    let versioned = |page: &Page| {
        let block = Page::parse(&page.copied("share-html"));
        block
            .attribute("/posters/")
            .strip_prefix(BASE)
            .unwrap()
            .to_owned()
    };
    let old = versioned(&snippet);
    assert_ne!(old, versioned(&again));
    assert!(near(
        corner(&site.get(&old).await.is(200).body),
        [10, 20, 200]
    ));
    // What is still to be held has one of its title, and what was withdrawn after the mail was sent has a quiet one.
    let planned = site
        .get(&format!("/posters/{planned}-play.jpg?w=600"))
        .await
        .is(200);
    assert!(planned.body.len() > 1000);
    site.put(
        "reeks/01-deel-1.toml",
        format!("id = \"{one}\"\nvisibility = \"withdrawn\"\n"),
    );
    site.scan().await;
    let quiet = site.get(&address).await.is(200).body;
    let quiet = image::load_from_memory(&quiet).unwrap().to_rgb8();
    let middle = quiet.get_pixel(quiet.width() / 2, quiet.height() / 2);
    let aside = quiet.get_pixel(3, quiet.height() / 2);
    assert_eq!(middle, aside, "it invites to play");
    // What never was has none, whatever is put where its id stands.
    for odd in [
        "zzzzzzzzzz-play.jpg",
        "-play.jpg",
        "play.jpg",
        &format!("{one}-play-play.jpg"),
        &format!("{one}-play.png"),
    ] {
        site.get(&format!("/posters/{odd}")).await.is(404);
    }
}

#[tokio::test]
async fn the_snippet_says_everything_with_absolute_addresses_and_is_small() {
    let (site, [one, _, planned]) = site().await;
    let page = site
        .get(&format!(
            "/share/{one}?lang=nl&utm_source=nieuwsbrief&mc_eid=abc&fbclid=x"
        ))
        .await
        .is(200)
        .hides("utm_source")
        .hides("mc_eid")
        .hides("fbclid")
        .page();
    let html = page.copied("share-html");
    for expected in [
        "1 van 2",
        "Deel 1",
        "1 februari 2021",
        "Waar deel 1 over gaat.",
        "Bekijk de opname",
        &format!("href=\"https://training.example.org/watch/{one}\""),
        &format!("src=\"https://training.example.org/posters/{one}-play.jpg?w=1200&amp;v="),
        "alt=\"Bekijk de opname: Deel 1 (",
        "role=\"presentation\"",
    ] {
        assert!(html.contains(expected), "{expected} is not in {html}");
    }
    for never in [
        "<script", "<style", "class=", "position", "url(", "data:", ".webp", "<svg", "http://",
    ] {
        assert!(!html.contains(never), "{never} is in {html}");
    }
    assert!(html.len() < 20_000, "{}", html.len());
    let plain = page.copied("share-plain");
    assert_eq!(
        plain,
        format!(
            "1 van 2\nDeel 1\n1 februari 2021 · {}\nWaar deel 1 over gaat.\nBekijk de opname: https://training.example.org/watch/{one}",
            between(&html, "1 februari 2021 · ", "<")
        )
    );
    // In a column, in English, and of what is still to be held.
    let column = site
        .get(&format!("/share/{one}?lang=nl&w=300&in=en"))
        .await
        .is(200)
        .page();
    let column = column.copied("share-html");
    assert!(
        column.contains("width=\"300\"") && column.contains("?w=600&amp;v="),
        "{column}"
    );
    assert!(
        column.contains("1 of 2") && column.contains("Watch the recording"),
        "{column}"
    );
    let soon = site
        .get(&format!("/share/{planned}?lang=nl"))
        .await
        .is(200)
        .page();
    let soon = soon.copied("share-plain");
    assert!(
        soon.contains("Bijeenkomst 3") && soon.contains("Naar de pagina: https://"),
        "{soon}"
    );
    // What a preview shows is what is copied, with a policy that lets nothing run.
    let preview = site
        .get(&format!("/share/{one}/preview?in=nl"))
        .await
        .is(200);
    assert!(preview.text().contains(&html));
    let policy = preview
        .header("content-security-policy")
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("sandbox")
            && !policy.contains("allow-scripts"),
        "{policy}"
    );
    let blocked = site
        .get(&format!("/share/{one}/preview?look=blocked"))
        .await
        .is(200);
    assert!(
        blocked
            .header("content-security-policy")
            .unwrap()
            .contains("img-src 'none'")
    );
}

#[tokio::test]
async fn a_series_goes_into_a_mail_whole_or_in_part() {
    let (site, ids) = site().await;
    let all = site.get("/share/series/reeks?lang=nl").await.is(200).page();
    let html = all.copied("share-html");
    for title in [
        "De reeks",
        "Vereniging",
        "2 opnamen, 1 volgt nog · Vereniging",
        "Deel 1",
        "Deel 2",
        "Komt nog",
    ] {
        assert!(html.contains(title), "{title}");
    }
    assert!(html.contains("https://training.example.org/series/reeks"));
    let some = site
        .get(&format!(
            "/share/series/reeks?lang=nl&r={}&r=zzzzzzzzzz",
            ids[1]
        ))
        .await
        .is(200)
        .page();
    let html = some.copied("share-html");
    assert!(
        html.contains("Deel 2") && !html.contains("Deel 1"),
        "{html}"
    );
    // The old address of a series that was renamed leads to the page of today.
    site.put("nieuw/.keep", "");
    site.remove("nieuw/.keep");
    std::fs::remove_dir(site.path("nieuw")).unwrap();
    site.rename("reeks", "nieuw");
    site.scan().await;
    let moved = site.get("/share/series/reeks/preview?in=nl").await.is(308);
    assert_eq!(
        moved.header("location"),
        Some("/share/series/nieuw/preview?in=nl")
    );
    // Twelve of the longest texts there are.
    for number in 1..=12 {
        let title = format!(
            "{number} {}",
            "Een lange titel over online werken ".repeat(6)
        );
        site.put(
            &format!("lang/{number:02}-deel.toml"),
            format!(
                "title = \"{}\"\nsummary = \"{}\"\n",
                title.trim(),
                "Nog veel langer. ".repeat(30).trim()
            ),
        );
        site.put_clip(&format!("lang/{number:02}-deel.mp4"), 100 + number);
    }
    site.put(
        "lang/series.toml",
        "title = \"Lang\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    let page = site.get("/share/series/lang").await.is(200).page();
    let size = page.copied("share-html").len();
    assert!((10_000..90_000).contains(&size), "{size}");
}

#[tokio::test]
async fn what_is_typed_by_anyone_is_text_in_a_mail() {
    let (site, [one, ..]) = site().await;
    let title = "<img src=x onerror=alert(1)>\" style=\"position:fixed\" & “kop”";
    site.put(
        "reeks/01-deel-1.toml",
        format!("id = \"{one}\"\ntitle = '{title}'\nsummary = '</td></table><script>alert(2)</script>'\n"),
    );
    site.scan().await;
    let page = site
        .get(&format!("/share/{one}?lang=nl"))
        .await
        .is(200)
        .page();
    let html = page.copied("share-html");
    assert!(
        !html.contains("<script")
            && !html.contains("<img src=x")
            && !html.contains("\" style=\"position"),
        "{html}"
    );
    // In a plain text it is what was typed.
    assert!(page.copied("share-plain").contains(title));
    site.get(&format!("/share/{one}/preview"))
        .await
        .is(200)
        .hides("<script")
        .hides("<img src=x");
}

#[tokio::test]
async fn a_mailing_has_links_of_its_own_that_are_found_and_withdrawn_by_name() {
    let (site, [one, two, planned]) = site().await;
    site.put(
        "reeks/02-deel-2.toml",
        format!("id = \"{two}\"\ntitle = \"Deel 2\"\nvisibility = \"unlisted\"\n"),
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let row = mira.series("De reeks").await;
    let path = format!("/desk/series/{row}/share");
    mira.get(&format!("{path}?lang=nl"))
        .await
        .is(200)
        .shows("Voor welke mailing is dit?");
    mira.post(&format!("{path}?lang=nl"), &[("label", " ")])
        .await
        .is(422)
        .shows("Vul dit in");
    let form = [("label", "nieuwsbrief maart"), ("in", "nl"), ("w", "600")];
    let page = mira.does(&path, &form).await.is(200).page();
    let html = page.copied("share-html");
    let block = Page::parse(&html);
    let links = block.links().into_iter();
    let addresses: Vec<&str> = links.filter_map(|link| link.strip_prefix(BASE)).collect();
    assert!(addresses.len() >= 10, "{html}");
    assert!(
        addresses.iter().all(|address| address.starts_with("/l/")),
        "{addresses:?}"
    );
    for id in [&one, &two, &planned] {
        assert!(!html.contains(&format!("/watch/{id}")), "{html}");
    }
    for address in &addresses {
        site.get(address).await.is(200);
    }
    // The picture of what not everybody may find is asked with the link.
    let hidden = block.attribute(&format!("/posters/{two}-play.jpg"));
    assert!(hidden.contains("link="), "{hidden}");
    site.get(hidden.strip_prefix(BASE).unwrap()).await.is(200);
    // Asked for again, the mailing has the links it has.
    let again = mira.does(&path, &form).await.page();
    assert_eq!(again.copied("share-html"), html);
    let list = mira.get("/desk/links?lang=nl").await.is(200).page();
    let rows = list.rows();
    let of_it = rows.iter().filter(|row| row.title == "nieuwsbrief maart");
    assert_eq!(of_it.count(), 1, "{rows:?}");
    assert!(list.row("nieuwsbrief maart").text.contains("4 links"));
    // A visitor who guesses the name of a mailing learns nothing of it.
    site.get("/share/series/reeks?label=nieuwsbrief%20maart")
        .await
        .is(200)
        .hides("/l/");
    site.get("/share/series/reeks/preview?label=nieuwsbrief%20maart")
        .await
        .is(200)
        .hides("/l/");
    // One recording alone: the same name, the same link; then it is withdrawn, and the next is a new one.
    let page = format!("/desk/recordings/{one}/share");
    let own = mira.does(&page, &form).await.page();
    let plain = own.copied("share-plain");
    let mut words = plain.split_whitespace();
    let link = words.find_map(|word| word.strip_prefix(BASE)).unwrap();
    assert!(addresses.contains(&link), "{link}");
    let token = link.rsplit('/').next().unwrap();
    mira.does(
        &format!("/desk/recordings/{one}/links/withdraw"),
        &[("token", token)],
    )
    .await;
    site.get(link).await.is(410);
    mira.does(&page, &form).await.hides(link);
    // It stands in the sidecar, so that it answers for a catalogue made again.
    assert!(
        site.read("reeks/01-deel-1.toml")
            .contains("nieuwsbrief maart")
    );
}

#[tokio::test]
async fn a_code_on_paper_leads_to_the_page_or_to_the_named_link() {
    let (site, [one, ..]) = site().await;
    let read = |png: &[u8]| {
        let mut image =
            rqrr::PreparedImage::prepare(image::load_from_memory(png).unwrap().to_luma8());
        image.detect_grids()[0].decode().unwrap().1
    };
    for (path, expected) in [
        (
            format!("/share/{one}/qr"),
            format!("https://training.example.org/watch/{one}"),
        ),
        (
            "/share/series/reeks/qr".to_owned(),
            "https://training.example.org/series/reeks".to_owned(),
        ),
    ] {
        let png = site
            .get(&format!("{path}.png?utm_source=flyer"))
            .await
            .is(200)
            .says("content-type", "image/png");
        assert_eq!(read(&png.body), expected);
        site.get(&format!("{path}.svg"))
            .await
            .is(200)
            .says("content-type", "image/svg+xml")
            .shows("<svg");
        site.get(&format!("{path}.gif")).await.is(404);
    }
    site.put(
        "reeks/01-deel-1.toml",
        format!("id = \"{one}\"\nvisibility = \"link\"\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"flyer\"\n"),
    );
    site.scan().await;
    site.get(&format!("/share/{one}/qr.png")).await.is(410);
    let png = site
        .get(&format!("/share/{one}/qr.png?link=0123456789abcdef"))
        .await
        .is(200);
    assert_eq!(
        read(&png.body),
        "https://training.example.org/l/0123456789abcdef"
    );
}
