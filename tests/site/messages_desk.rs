//! What becomes of the messages of visitors at the desk: who reads them, how they are handled and wiped, and when they go by themselves.

use terugkijken::catalogue::coordinator::Role;
use terugkijken::desk::messages::sweep;
use tokio::time::{Duration, advance, pause, resume};

use crate::messages::{FORM, texts};
use crate::support::desk::site;
use crate::support::{Site, traces};

const DAY: i64 = 24 * 60 * 60;

fn question(text: &str) -> [(&'static str, &str); 2] {
    [("kind", "question"), ("text", text)]
}

#[tokio::test]
async fn a_message_waits_at_the_desk_until_somebody_has_handled_it() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let none = mira.get("/desk?lang=nl").await.is(200);
    none.hides("bericht van een bezoeker")
        .shows("Er staat geen mailadres op de website.");
    let mut form = FORM.to_vec();
    form.push(("at", "0:01"));
    site.post(&format!("/message?about={id}&lang=en"), &form)
        .await
        .is(303);
    site.post(
        "/message?lang=nl",
        &question("Wanneer is de <b>volgende</b>?"),
    )
    .await
    .is(303);
    let home = mira.get("/desk?lang=nl").await.is(200);
    let home = home
        .shows("Er wachten 2 berichten van bezoekers.")
        .hides("Alles is op orde.");
    assert!(home.page().links().contains(&"/desk/messages?lang=nl"));
    let list = mira.get("/desk/messages?lang=nl").await.is(200);
    let list = list
        .shows("Nog af te handelen (2)")
        .shows("Wanneer is de &lt;b&gt;volgende&lt;/b&gt;?")
        .shows("Graag weghalen.")
        .shows("href=\"mailto:sam@example.org\"")
        .shows("<p class=\"letter\" dir=\"auto\" lang=\"en\">")
        .shows("Over de website als geheel");
    let page = list.page();
    assert_eq!(
        page.link_of("Bekijk vanaf 0:01").unwrap(),
        format!("/watch/{id}?t=1&lang=nl")
    );
    assert!(
        page.links()
            .contains(&format!("/desk/recordings/{id}?lang=nl").as_str())
    );

    let done = mira
        .does("/desk/messages?lang=nl", &[("handled", "1")])
        .await;
    done.shows("Afgehandeld.")
        .shows("Nog af te handelen (1)")
        .hides("Graag weghalen.");
    let handled = "/desk/messages?which=handled&lang=nl";
    let page = mira.get(handled).await.is(200);
    page.shows("Graag weghalen.").shows("Afgehandeld door mira");
    mira.does(handled, &[("open", "1")])
        .await
        .shows("Hier zijn geen berichten.");
    // Several at once.
    let ticked = [("ticked", "handled"), ("id", "1"), ("id", "2"), ("id", "x")];
    mira.does("/desk/messages?lang=nl", &ticked)
        .await
        .shows("Nog af te handelen (0)");
    mira.does("/desk/messages?lang=nl", &[("ticked", "wipe")])
        .await
        .shows("Vink eerst een bericht aan.");
    mira.does(handled, &[("wipe", "2")])
        .await
        .shows("Voorgoed gewist.")
        .hides("volgende");
    assert_eq!(texts(&site).await.len(), 1);
    // The list of acts says that it was done, and nothing of what was said.
    let audit = mira.get("/desk/audit?lang=nl").await.is(200);
    audit
        .shows("berichten gewist")
        .shows("berichten afgehandeld")
        .hides("volgende")
        .hides("weghalen");
    let site = Site::open_with(|config| config.contact = Some("hallo@example.org".into())).await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.get("/desk?lang=nl")
        .await
        .hides("Er staat geen mailadres");
}

#[tokio::test]
async fn an_editor_reads_what_is_about_recordings_and_administrators_the_rest_too() {
    let (site, id) = site().await;
    let bo = site.colleague("bo", Role::Editor).await;
    site.post("/message", &question("Klacht over Bo"))
        .await
        .is(303);
    site.post(&format!("/message?about={id}"), &question("Geen geluid"))
        .await
        .is(303);
    let page = bo.get("/desk/messages?lang=nl").await.is(200);
    page.shows("Geen geluid")
        .hides("Klacht")
        .shows("Nog af te handelen (1)");
    bo.get("/desk?lang=nl")
        .await
        .shows("Er wacht één bericht van een bezoeker.");
    for act in ["wipe", "handled"] {
        bo.does("/desk/messages", &[(act, "1")]).await;
        bo.does("/desk/messages", &[("ticked", act), ("id", "1")])
            .await;
    }
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = mira.get("/desk/messages?lang=nl").await.is(200);
    page.shows("Klacht over Bo").shows("Nog af te handelen (2)");
}

#[tokio::test]
async fn many_messages_are_read_in_parts() {
    let site = Site::open().await;
    site.put_rows(
        "WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 2000)
         INSERT INTO message (kind, text, language, received_at) SELECT 'question', 'nummer ' || n || replace(hex(zeroblob(1990)), '0', '\"'), 'nl', 1 FROM place;",
    )
    .await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let mut address = "/desk/messages?lang=nl".to_owned();
    let (mut numbers, mut pages) = (Vec::new(), 0);
    loop {
        let page = mira.get(&address).await.is(200);
        assert!(page.body.len() < 1024 * 1024, "{}", page.body.len());
        let text = page.text();
        let found = text.split("nummer ").skip(1);
        numbers.extend(found.map(|rest| rest.split('&').next().unwrap().parse::<u32>().unwrap()));
        pages += 1;
        match page.page().link_of("Volgende") {
            Some(next) => address = next,
            None => break,
        }
    }
    assert!(pages >= 40, "{pages}");
    assert_eq!(numbers, (1..=2000).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_message_is_gone_from_every_byte_once_it_is_wiped_or_its_recording_is() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    site.post(&format!("/message?about={id}"), &question("Kwartelei"))
        .await
        .is(303);
    site.post("/message", &question("Zonnedauw")).await.is(303);
    let there = site.traces(&["Kwartelei", "Zonnedauw"]);
    for word in ["Kwartelei", "Zonnedauw"] {
        assert!(traces::has(&there, word), "the premise: {word}");
    }
    mira.does("/desk/messages", &[("wipe", "2")]).await;
    assert_eq!(site.traces(&["Zonnedauw"]), Default::default());
    let recording = format!("/desk/recordings/{id}");
    mira.does(&format!("{recording}/trash"), &[]).await;
    let list = mira.get("/desk/messages?lang=nl").await.is(200);
    list.shows("Kwartelei");
    mira.does(
        &format!("{recording}/erase"),
        &[("sure", "yes"), ("title", "begin")],
    )
    .await;
    assert_eq!(texts(&site).await, Vec::<String>::new());
    assert_eq!(site.traces(&["Kwartelei"]), Default::default());
}

#[tokio::test]
async fn a_message_is_kept_for_half_a_year_by_a_clock_that_can_be_trusted() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let begin = 1_800_000_000;
    site.app.clock.hold(begin);
    site.post(&format!("/message?about={id}"), &question("Oud"))
        .await
        .is(303);
    site.app.clock.hold(begin + 180 * DAY - 1);
    assert_eq!(sweep(&site.app).await.unwrap(), 0);
    site.app.beat().await.unwrap();
    // The clock jumps: it waits, and the desk says so.
    site.app.clock.hold(begin + 180 * DAY);
    site.app.beat().await.unwrap();
    assert_eq!(sweep(&site.app).await.unwrap(), 0);
    let mira = site
        .sign_in(&mira.email, crate::support::people::PASSWORD)
        .await
        .unwrap();
    mira.get("/desk?lang=nl")
        .await
        .shows("De klok van de server");
    for _ in 0..24 {
        pause();
        advance(Duration::from_secs(3600)).await;
        resume();
        site.app.clock.hold(site.app.clock.now() + 3600);
        site.app.beat().await.unwrap();
    }
    assert_eq!(sweep(&site.app).await.unwrap(), 1);
    assert_eq!(texts(&site).await, Vec::<String>::new());
}
