//! A mistake in the captions: a visitor reports it from its line, without account and without script. What becomes of it at the desk
//! is told in `caption_mistakes_desk.rs`.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::messages::texts;
use crate::support::desk::Desk;
use crate::support::markup::Page;
use crate::support::{Answer, Site};

pub const SAID: &str = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nWelkom bij deze training.\n\n00:00:02.000 --> 00:00:04.000\n<v Anna>We hebben het over de <i>riscos</i></v>\nvan het internet.\n\n00:00:02.500 --> 00:00:05.000 line:0\nTom &amp; Jery\n\n00:01:05.000 --> 00:01:07.000\nTot de volgende keer.\n";
pub const FILE: &str = "reeks/01-begin.nl.vtt";
pub const ID: &str = "q3a1gc8bxx";

/// A public recording with captions.
pub async fn site() -> Site {
    site_with(&format!("id = \"{ID}\"\n")).await
}

/// The same with this sidecar.
pub async fn site_with(sidecar: &str) -> Site {
    let site = Site::open_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.toml", sidecar);
    site.put(FILE, SAID);
    site.scan().await;
    site
}

/// The form for the line that begins at this millisecond.
pub fn line(start_ms: u64) -> String {
    format!("/message?about={ID}&kind=captions&language=nl&cue={start_ms}")
}

/// Sends how the line that begins there should be.
pub async fn report(site: &Site, start_ms: u64, text: &str) -> Answer {
    let address = line(start_ms);
    let page = site.get_dutch(&address).await.is(200).page();
    let form = page.form_to(&address).with(&[("text", text)]);
    form.send(site, None).await
}

pub fn captions_page() -> String {
    format!("/desk/recordings/{ID}/captions/nl?lang=nl")
}

/// Presses a button beside the first correction on the page.
pub async fn press(desk: &Desk, page: &Page, act: &str) -> Answer {
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| form.action.contains("/corrections/"));
    let mut form = form.expect("no correction on the page");
    form.set("act", act);
    form.send(desk, None).await
}

#[tokio::test]
async fn a_line_that_was_found_is_the_one_that_is_reported_and_without_one_it_is_asked_for() {
    let site = site().await;
    let link = |page: &str| {
        let page = format!("/watch/{ID}{page}");
        let site = &site;
        async move {
            let page = site.get(&page).await.is(200).page();
            let nl = page.link_of("Fout in de ondertiteling? Meld hem");
            nl.or_else(|| page.link_of("A mistake in the captions? Report it"))
                .unwrap()
        }
    };
    let of = |rest: &str| format!("/message?about={ID}&kind=captions&language=nl{rest}");
    assert_eq!(
        link("?lang=nl&find=volgende&hit=1").await,
        of("&t=65&lang=nl")
    );
    assert_eq!(link("?lang=en&t=64").await, of("&t=2&lang=en"));
    let none = link("?lang=nl").await;
    assert_eq!(none, of("&lang=nl"));
    // A short transcript is shown whole; each line leads to its form.
    let page = site
        .get(&none)
        .await
        .is(200)
        .shows("In welke regel staat de fout?");
    let page = page.page();
    for cue in ["0", "2000", "2500", "65000"] {
        let to = of(&format!("&cue={cue}&lang=nl"));
        assert!(page.links().contains(&to.as_str()), "{cue}");
    }
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action == "/message");
    assert!(!form.unwrap().is_sent);
    for (typed, shown) in [
        ("1:05", "65000"),
        ("1m5s", "65000"),
        ("0:00", "0"),
        ("9:59:59", "65000"),
    ] {
        let page = site.get(&format!("{none}&at={typed}")).await.is(200);
        page.shows(&format!("value=\"{typed}\""))
            .shows(&format!("cue={shown}&amp;"));
    }
    for typed in ["straks", "1:99", "%3Cb%3E", "99999999999999999999"] {
        let page = site.get(&format!("{none}&at={typed}")).await.is(422);
        page.shows("Dit is geen tijd.")
            .shows("error-at")
            .hides("<b>");
    }
    // A long one asks for the moment first.
    let long: String = (0..2400)
        .map(|at| {
            format!(
                "\n{:02}:{:02}.000 --> {:02}:{:02}.900\nregel {at}\n",
                at / 60,
                at % 60,
                at / 60,
                at % 60
            )
        })
        .collect();
    site.put(FILE, format!("WEBVTT\n{long}"));
    site.scan().await;
    site.get(&none)
        .await
        .is(200)
        .hides("regel 0")
        .shows("name=\"at\"");
    let page = site.get(&format!("{none}&at=20:00")).await.is(200).text();
    assert_eq!(page.matches("cue=").count(), 11, "{page}");
    assert!(page.contains("regel 1195") && page.contains("regel 1205"));
    let page = site
        .get(&format!("/watch/{ID}?lang=nl&t=1200"))
        .await
        .text();
    assert_eq!(
        page.matches("/message?about").count(),
        2,
        "no link beside each line"
    );
    // Who sees the page in another language is asked in that language, about the same line.
    let page = site.get(&of("&cue=2000&lang=en")).await.is(200);
    page.shows("How it should be")
        .shows("kind=captions&amp;language=nl&amp;cue=2000&amp;lang=nl");
}

#[tokio::test]
async fn what_is_no_correction_is_refused_beside_what_was_typed() {
    let site = site().await;
    let long = "é ".repeat(5000);
    for (text, sentence) in [
        ("Welkom bij deze training.", "Dit is dezelfde regel."),
        (
            " \n Welkom bij deze training.\r\n\n",
            "Dit is dezelfde regel.",
        ),
        ("", "Schrijf op hoe de regel moet zijn."),
        (" \n\n\t", "Schrijf op hoe de regel moet zijn."),
        ("\u{200b}\u{200d}", "Hier is niets van te zien."),
        ("Welkom\0bij", "onzichtbaar teken"),
        (long.as_str(), "Er passen er 5000."),
    ] {
        let page = report(&site, 0, text).await.is(422);
        let page = page.says("cache-control", "no-store").shows(sentence);
        let page = page
            .shows("href=\"#field-text\"")
            .shows("error-text")
            .page();
        assert!(text.contains('\0') || page.holds(text.trim()), "{text:?}");
    }
    let form = [("website", "https://spam.example"), ("text", "Welkom")];
    site.post(&format!("{}&lang=nl", line(0)), &form)
        .await
        .is(409);
    let page = site.get_dutch(&line(0)).await.page();
    let caught = page.form_to(&line(0)).with(&form).send(&site, None).await;
    caught.is(422).shows("programma’s tegen te houden");
    let request = site.ask(Method::POST, &line(0)).form(&form);
    let request = request.header("sec-fetch-site", "cross-site");
    site.send(request).await.is(403);
    assert_eq!(texts(&site).await, Vec::<String>::new());
    // The line was changed while somebody wrote: they see what it says now, and what they wrote.
    let form = page
        .form_to(&line(0))
        .with(&[("text", "Welkom bij de training.")]);
    site.put(FILE, SAID.replace("deze training", "onze training"));
    site.scan().await;
    let page = form.send(&site, None).await.is(409);
    let page = page
        .shows("Deze regel is net aangepast.")
        .shows("onze training")
        .page();
    assert!(page.holds("Welkom bij de training."));
    let again = page.form_to(&line(0)).send(&site, None).await;
    again.is(303);
    assert_eq!(texts(&site).await, ["Welkom bij de training."]);
}

#[tokio::test]
async fn nothing_is_told_of_captions_that_a_visitor_may_not_see() {
    let site = site().await;
    let ids = [
        ("c000000001", "visibility = \"draft\"\n"),
        (
            "c000000002",
            "visibility = \"link\"\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"proef\"\n",
        ),
        ("c000000003", "visibility = \"withdrawn\"\n"),
    ];
    for (id, sidecar) in ids {
        site.put(
            &format!("reeks/{id}.nl.vtt"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\nGeheim\n",
        );
        site.put(
            &format!("reeks/{id}.toml"),
            format!("id = \"{id}\"\ntitle = \"Ongezien\"\n{sidecar}"),
        );
    }
    site.scan().await;
    let asked = |id: &str| format!("/message?about={id}&kind=captions&language=nl&t=0");
    let never = site.get_dutch(&asked("zzzzzzzzzz")).await.is(200).text();
    for (id, _) in ids {
        let page = site.get_dutch(&asked(id)).await.is(200).hides("Geheim");
        assert_eq!(page.text().replace(id, "zzzzzzzzzz"), never);
        let form = [("text", "Openbaar"), ("base", "x")];
        let answer = site.post(&asked(id), &form).await.is(422);
        answer.hides("Geheim").hides("Ongezien");
    }
    assert_eq!(texts(&site).await, Vec::<String>::new());
    // Who holds the link reads the line, and keeps the link on the way.
    let page = site.get_dutch("/l/0123456789abcdef").await.is(200).page();
    let to = page.link_of("Fout in de ondertiteling? Meld hem").unwrap();
    let page = site.get_dutch(&to).await.is(200).shows("Geheim").page();
    let to = page
        .links()
        .into_iter()
        .find(|to| to.contains("cue=0"))
        .unwrap();
    let page = site.get_dutch(to).await.is(200);
    let page = page.says("cache-control", "private, no-cache").page();
    let sent = page
        .form_to(to)
        .with(&[("text", "Openbaar")])
        .send(&site, None)
        .await;
    let page = site.get_dutch(sent.is(303).location()).await.is(200).page();
    let back = page.link_of("Terug naar de opname").unwrap();
    site.get(&back).await.is(200).shows("Geheim");
    // Without captions that visitors get, what is wrong is said in words.
    site.remove(FILE);
    site.scan().await;
    let page = site.get_dutch(&asked(ID)).await.is(200).page();
    assert!(
        page.form_to(&format!("/message?about={ID}"))
            .fields
            .iter()
            .any(|it| it.value == "playing")
    );
    for odd in [
        "language=%00",
        "cue=99999999999999999999",
        "cue=1.99999999999999999999",
        "cue=-1",
        "cue=0.0",
        "t=1e9",
        "about=",
    ] {
        site.get(&format!("/message?{odd}&about={ID}&kind=captions"))
            .await
            .is(200);
    }
}

#[tokio::test]
async fn corrections_are_bounded_like_other_messages_and_go_with_their_recording() {
    let site = site().await;
    site.app.clock.hold(1_800_000_000);
    let send = |from: &'static str, text: String| {
        let site = &site;
        async move {
            let page = site.get_dutch(&line(0)).await.page();
            let base = page.value("base");
            let form = [("base", base.as_str()), ("text", &text)];
            let request = site.ask(Method::POST, &format!("{}&lang=nl", line(0)));
            let request = request.header("x-forwarded-for", from);
            site.send(request.form(&form)).await
        }
    };
    for number in [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9] {
        send("203.0.113.7", format!("Beter {number}")).await.is(303);
    }
    assert_eq!(texts(&site).await.len(), 10, "what is sent twice is one");
    let full = send("203.0.113.7", "Beter 10".into()).await.is(429);
    assert!(full.shows("over 60 minuten").page().holds("Beter 10"));
    site.put_rows(
        "WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 90)
         INSERT INTO message (recording_id, kind, text, language, received_at, caption_language, cue_start_ms, cue_text)
         SELECT 1, 'captions', 'x' || n, 'nl', 1800000000, 'nl', 2500, 'Tom & Jery' FROM place;",
    )
    .await;
    let full = send("203.0.113.8", "Beter 11".into()).await.is(429);
    assert!(
        full.shows("er wachten zoveel berichten")
            .page()
            .holds("Beter 11")
    );
    let picture = [("kind", "picture"), ("text", "Haal mij eruit")];
    site.post(&format!("/message?about={ID}"), &picture)
        .await
        .is(303);
    // The page of the desk shows the first, and says how many come after these.
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = mira.get(&captions_page()).await.is(200);
    let page = page.shows("Er wachten er nog 50.");
    assert_eq!(page.text().matches("id=\"correction-").count(), 50);
    // Captions that are too long to edit line by line still have them beside their lines.
    let long: String = (0..2001)
        .map(|at| {
            format!(
                "\n00:{:02}.{:03} --> 59:00.000\nregel {at}\n",
                at / 1000,
                at % 1000
            )
        })
        .collect();
    site.put(FILE, format!("WEBVTT\n{long}"));
    site.scan().await;
    let page = mira.get(&captions_page()).await.is(200);
    let page = page
        .shows("meer dan 2000 regels")
        .shows("Toch overnemen")
        .hides("<textarea");
    press(&mira, &page.page(), "accept").await.is(303);
    assert!(site.read(FILE).contains("\nBeter 0\n"));
    // With its captions goes the place where it lies, and with its recording it goes itself.
    mira.does(&format!("/desk/recordings/{ID}/captions/nl/remove"), &[])
        .await;
    let list = mira.get("/desk/messages?lang=nl").await.is(200);
    list.shows("x90").hides("Bekijk het voorstel bij de regel");
    mira.post(
        &format!("/desk/recordings/{ID}/corrections/2"),
        &[("act", "accept")],
    )
    .await
    .is(303);
    let recording = format!("/desk/recordings/{ID}");
    mira.does(&format!("{recording}/trash"), &[]).await;
    mira.get("/desk/messages?lang=nl")
        .await
        .is(200)
        .shows("x90");
    let sure = [("sure", "yes"), ("title", "begin")];
    mira.does(&format!("{recording}/erase"), &sure).await;
    assert_eq!(texts(&site).await, Vec::<String>::new());
}

#[tokio::test]
async fn lines_that_begin_together_are_told_apart_and_a_line_without_an_end_is_mended_as_well() {
    let site = site().await;
    // As long as a line is at most.
    let long = "x".repeat(5000);
    let at_once = "00:00:01.000 --> 00:00:03.000\n";
    site.put(
        FILE,
        format!("WEBVTT\n\n{at_once}Een\n\n{at_once}Twee\n\n{at_once}Een\n\n00:00:04.000 --> 00:00:05.000\n{long}\n"),
    );
    site.scan().await;
    let page = site.get_dutch(&line(1000)).await.is(200).page();
    let next = page.link_of("Volgende regel").unwrap();
    assert_eq!(next, format!("{}.2", line(1000)));
    let page = site.get_dutch(&next).await.is(200).page();
    assert_eq!(
        page.link_of("Volgende regel"),
        Some(format!("{}.3", line(1000)))
    );
    let sent = page.form_to(&next).with(&[("text", "Twee!")]);
    sent.send(&site, None).await.is(303);
    let mira = site.colleague("mira", Role::Editor).await;
    let page = mira.get(&captions_page()).await.is(200);
    let page = page.shows("href=\"#cue-2\"").page();
    press(&mira, &page, "accept").await.is(303);
    let lines: Vec<String> = site.read(FILE).lines().map(str::to_owned).collect();
    let told = lines
        .iter()
        .filter(|line| ["Een", "Twee!"].contains(&line.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), ["Een", "Twee!", "Een"]);
    let page = site
        .get_dutch(&line(4000))
        .await
        .is(200)
        .shows(&long)
        .page();
    let other = "\u{1f600}".repeat(5000);
    let sent = page.form_to(&line(4000)).with(&[("text", &other)]);
    sent.send(&site, None).await.is(303);
    let page = mira.get(&captions_page()).await.is(200).page();
    press(&mira, &page, "accept").await.is(303);
    assert!(
        site.read(FILE).contains(&other),
        "a line at its longest is mended"
    );
}
