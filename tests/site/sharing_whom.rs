//! Who can open what is shared: blocks for mails hold what their readers can see, and no program is told of a file to keep that
//! the page does not offer.

use terugkijken::catalogue::coordinator::Role;

use crate::sharing::{BASE, site};
use crate::support::Site;
use crate::support::desk::link_of;
use crate::support::markup::Page;

#[tokio::test]
async fn a_block_without_a_name_holds_what_its_readers_can_open() {
    let (site, [one, two, planned]) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let sidecar = site.read("reeks/02-deel-2.toml");
    site.put(
        "reeks/02-deel-2.toml",
        format!("visibility = \"link\"\n{sidecar}"),
    );
    site.scan().await;
    let path = format!("/desk/series/{}/share", mira.series("De reeks").await);
    let page = mira
        .get(&path)
        .await
        .is(200)
        .shows("Opnamen die bezoekers niet in de reeks vinden");
    let block = page.page().copied("share-html");
    assert!(block.contains(&one) && block.contains(&planned) && !block.contains(&two));
    let named = mira.does(&path, &[("label", "nieuwsbrief")]).await.page();
    let block = named.copied("share-html");
    assert!(block.contains("Deel 2"));
    // A recording of its own that nobody can open now says so.
    mira.get(&format!("/desk/recordings/{two}/share"))
        .await
        .shows("Bezoekers kunnen deze opname nu niet zomaar openen");
    // For scripts the snippet of a named link leads by that link, picture included.
    assert!(block.contains(&format!("{BASE}/l/")));
    let links = mira.get(&format!("/desk/recordings/{two}/links")).await;
    let link = link_of(&links, "nieuwsbrief");
    let token = link.trim_start_matches("/l/");
    assert!(token.len() > 10, "{token}");
    let asked =
        format!("/oembed?variant=email&maxwidth=300&url=https://training.example.org/l/{token}");
    let told = site.json(&asked).await;
    let html = told["html"].as_str().unwrap();
    assert_eq!(told["width"], 300);
    assert!(html.contains(&format!("/l/{token}")) && html.contains(&format!("link={token}")));
    assert!(!html.contains(&format!("/watch/{two}")), "{html}");

    // Behind the password of a series a mailing's pictures come with its link.
    mira.does(
        &path.replace("/share", "/password"),
        &[("password", "vier losse woorden")],
    )
    .await;
    let page = mira
        .does(
            &format!("/desk/recordings/{one}/share"),
            &[("label", "slot")],
        )
        .await;
    let block = Page::parse(&page.page().copied("share-html"));
    let picture = block.attribute("/posters/").strip_prefix(BASE).unwrap();
    assert!(picture.contains("link="), "{picture}");
    site.get(picture).await.is(200);
}

#[tokio::test]
async fn what_is_not_offered_to_keep_is_fetched_by_no_program() {
    let (site, [one, two, _]) = site().await;
    let film = |text: &str, id: &str| text.contains(&format!("/media/{id}/"));
    for path in ["/series/reeks/podcast.xml", "/feed.xml", "/sitemap.xml"] {
        let text = site.get(path).await.is(200).text();
        assert!(film(&text, &one) && film(&text, &two), "{path}");
    }
    let sidecar = site.read("reeks/02-deel-2.toml");
    site.put(
        "reeks/02-deel-2.toml",
        format!("download = false\n{sidecar}"),
    );
    site.scan().await;
    for path in ["/series/reeks/podcast.xml", "/feed.xml", "/sitemap.xml"] {
        let text = site.get(path).await.is(200).text();
        assert!(film(&text, &one) && !film(&text, &two), "{path}");
    }
    site.get(&format!("/watch/{one}"))
        .await
        .shows("\"contentUrl\"");
    site.get(&format!("/watch/{two}"))
        .await
        .shows("\"embedUrl\"")
        .hides("\"contentUrl\"");
}

#[tokio::test]
async fn a_series_of_which_nothing_is_left_says_so_and_a_locked_one_is_found_by_its_old_name() {
    let (site, [one, ..]) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let path = format!("/desk/series/{}", mira.series("De reeks").await);
    let pages = [
        "/series/reeks",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
        "/embed/series/reeks",
        "/share/series/reeks",
    ];
    let all = |visibility| [("visibility", visibility), ("sure", "yes")];
    mira.does(&format!("{path}/all"), &all("withdrawn")).await;
    for page in pages {
        site.get(page).await.is(410);
    }
    site.get(&format!("/watch/{one}")).await.is(410);
    mira.does(&format!("{path}/all"), &all("public")).await;
    for page in pages {
        site.get(page).await.is(200);
    }
    // What was never seen cannot be told from what never was.
    site.put("nieuw/01-begin.toml", "title = \"Begin\"\n");
    site.scan().await;
    site.get("/series/nieuw").await.is(404);

    let password = [("password", "vier losse woorden")];
    mira.does(&format!("{path}/password"), &password).await;
    site.rename("reeks", "hernoemd");
    site.scan().await;
    let door = site.get("/series/hernoemd").await;
    let moved = site.get("/series/reeks").await.is(308);
    assert_eq!(moved.header("location"), Some("/series/hernoemd"));
    assert!(matches!(door.status, 200 | 303 | 401), "{}", door.status);
}

#[tokio::test]
async fn a_block_says_how_large_it_is_in_a_mail_and_warns_before_a_mail_program_cuts_it_off() {
    let site =
        Site::open_with(|config| config.base_url = Some("https://training.example.org".into()))
            .await;
    site.put(
        "lang/series.toml",
        "title = \"Lange reeks\"\nvisibility = \"public\"\n",
    );
    for number in 1..=45 {
        let (title, line) = (
            "Een titel van enige lengte over werken ".repeat(2),
            "Een zin over wat er in te zien is. ".repeat(5),
        );
        let text = format!(
            "title = \"{number} {}\"\nsummary = \"{}\"\ndate = \"2024-05-01\"\n",
            &title[..72],
            &line[..150]
        );
        site.put(&format!("lang/{number:02}-deel.toml"), text);
    }
    site.scan().await;
    for (lang, size, heavy, short) in [
        (
            "nl",
            "Dit blok is",
            "te groot voor je mail",
            "alleen titel en link",
        ),
        (
            "en",
            "This block is",
            "too large for your mail",
            "title and link only",
        ),
    ] {
        let page = site
            .get(&format!("/share/series/lang?lang={lang}"))
            .await
            .is(200)
            .shows(size)
            .shows(heavy)
            .shows("102 kB");
        let html = page.page().copied("share-html");
        // As Python's quopri and a mail program write it.
        let encoded = in_a_mail(&html);
        assert!(encoded > 80_000, "{encoded}");
        let kilobytes = format!("{} kB", (encoded + 500) / 1000);
        let page = page.shows(&kilobytes);
        // The short form is one link away, also without script.
        let way = page
            .page()
            .link_of(&if lang == "nl" {
                format!("Maak het blok kort: {short}")
            } else {
                format!("Make the block short: {short}")
            })
            .unwrap();
        assert!(
            way.contains("form=short") && way.contains(&format!("lang={lang}")),
            "{way}"
        );
        let page = site
            .get(way.split('#').next().unwrap())
            .await
            .is(200)
            .hides(heavy)
            .shows(size)
            .page();
        let html = page.copied("share-html");
        assert!(
            in_a_mail(&html) < 25_000
                && html.matches("/watch/").count() == 45
                && !html.contains("<img"),
            "{}",
            in_a_mail(&html)
        );
        let plain = page.copied("share-plain");
        assert!(
            plain.contains("/watch/") && !plain.contains("Een zin over"),
            "{plain}"
        );
        // The preview shows the same, and the form keeps the choice.
        let preview = page.attribute("/preview").to_owned();
        site.get(&preview)
            .await
            .is(200)
            .hides("<img")
            .shows("/watch/");
    }
    // Fewer of them are no longer heavy, and one recording has no short form.
    let id = site.id_in("lang/01-deel.toml");
    site.get(&format!("/share/series/lang?lang=nl&r={id}"))
        .await
        .is(200)
        .hides("te groot voor je mail")
        .shows("Dit blok is");
    site.get(&format!("/share/{id}?lang=nl&form=short"))
        .await
        .is(200)
        .hides("te groot")
        .shows("Dit blok is")
        .hides("name=\"form\"");
}

/// Bytes of a text as quoted-printable (RFC 2045 §6.7).
fn in_a_mail(text: &str) -> usize {
    let of_line = |line: &str| {
        let (mut lines, mut last) = (0, 0);
        for byte in line.bytes() {
            let bytes = if byte != b'=' && (32..127).contains(&byte) {
                1
            } else {
                3
            };
            if last + bytes > 75 {
                (lines, last) = (lines + last + 3, 0);
            }
            last += bytes;
        }
        lines + last
    };
    let lines: Vec<usize> = text.split('\n').map(of_line).collect();
    lines.iter().sum::<usize>() + 2 * (lines.len() - 1)
}
