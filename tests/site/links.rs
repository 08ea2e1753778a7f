//! Named links: they open one recording or one series, for as long as they should, and nothing else.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::link_of;
use crate::support::markup::{Form, Page};

const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nGeheime regel\n";

/// A series of two that are only seen with a link, and a third that is a draft.
async fn site() -> (Site, [String; 3]) {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"link\"\n",
    );
    for number in 1..=3 {
        site.put_clip(&format!("reeks/0{number}-deel-{number}.mp4"), number);
        site.put(&format!("reeks/0{number}-deel-{number}.nl.vtt"), CAPTIONS);
        site.put(
            &format!("reeks/0{number}-deel-{number}.werkblad.pdf"),
            "%PDF-1.4",
        );
    }
    site.put("reeks/03-deel-3.toml", "visibility = \"draft\"\n");
    site.scan().await;
    let ids = [1, 2, 3].map(|number| site.id_in(&format!("reeks/0{number}-deel-{number}.toml")));
    (site, ids)
}

/// Every address of ours that a page fetches or leads to.
fn addresses(page: &Page) -> Vec<String> {
    let ours = [
        "/media/",
        "/captions/",
        "/posters/",
        "/transcripts/",
        "/watch/",
    ];
    let all = page.addresses().into_iter();
    let all = all.filter(|address| ours.iter().any(|start| address.starts_with(start)));
    let mut found: Vec<String> = all.map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn a_link_opens_one_recording_with_all_that_belongs_to_it_and_no_other() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{}", ids[0]);
    let link = mira.hand_out(&page, "teamoverleg mei", "").await;
    site.get(&format!("/watch/{}", ids[0])).await.is(404);
    let page = site
        .get(&link)
        .await
        .is(200)
        .shows("Deel 1")
        .shows("Geheime regel")
        .shows("noindex");
    assert_eq!(page.header("cache-control"), Some("private, no-cache"));
    let all = addresses(&page.page());
    assert!(all.len() >= 5, "{all:?}");
    let token = link.trim_start_matches("/l/");
    for address in &all {
        assert!(
            address.contains(&format!("link={token}")),
            "{address} goes without the link"
        );
        let answer = site.get(address).await.is(200);
        let said = answer.header("cache-control").unwrap();
        assert!(!said.contains("public"), "{address}: {said}");
        // Without it nothing of that answers.
        let bare = address.replace(&format!("link={token}"), "x=1");
        let hidden = site.get(&bare).await.status;
        assert!(hidden == 404, "{bare}: {hidden}");
    }
    // The same link opens no other recording, and no list tells of this one.
    for other in &ids[1..] {
        site.get(&format!("/watch/{other}?link={token}"))
            .await
            .is(404);
        site.get(&format!("/captions/{other}/nl.vtt?link={token}"))
            .await
            .is(404);
    }
    for list in ["/", "/search?q=deel", "/api/series"] {
        let asked = if list.contains('?') {
            format!("{list}&link={token}")
        } else {
            format!("{list}?link={token}")
        };
        site.get(&asked)
            .await
            .is(200)
            .hides("Deel 1")
            .hides("Deel 2");
    }
    site.get(&format!("/l/{}", "0".repeat(16))).await.is(404);
    site.get("/l/nietsdaarvan").await.is(404);
}

#[tokio::test]
async fn a_link_to_a_series_opens_what_is_meant_for_links_and_no_draft() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let link = mira
        .hand_out(&format!("/desk/series/{series}"), "cursus", "")
        .await;
    let page = site
        .get(&link)
        .await
        .is(200)
        .shows("Deel 1")
        .shows("Deel 2")
        .hides("Deel 3");
    let token = link.trim_start_matches("/l/");
    for address in addresses(&page.page()) {
        site.get(&address).await.is(200);
    }
    site.get(&format!("/watch/{}?link={token}", ids[1]))
        .await
        .is(200)
        .shows("Deel 2");
    site.get(&format!("/watch/{}?link={token}", ids[2]))
        .await
        .is(404);
    site.get("/series/reeks").await.is(404);
}

#[tokio::test]
async fn a_link_expires_is_withdrawn_by_itself_and_says_so_also_for_a_catalogue_made_again() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{}", ids[0]);
    let lasting = mira.hand_out(&page, "blijft", "").await;
    let short = mira.hand_out(&page, "kort", "2027-01-20").await;
    let wrong = mira.hand_out(&page, "verkeerd", "").await;
    let token = wrong.trim_start_matches("/l/").to_owned();
    mira.does(&format!("{page}/links/withdraw"), &[("token", &token)])
        .await;
    site.get_dutch(&wrong)
        .await
        .is(410)
        .shows("Deze link werkt niet meer");
    site.get(&format!("/watch/{}?link={token}", ids[0]))
        .await
        .is(404);
    for link in [&lasting, &short] {
        site.get(link).await.is(200);
    }
    let list = mira
        .get("/desk/links?lang=nl")
        .await
        .is(200)
        .shows("blijft")
        .shows("kort")
        .shows("verkeerd");
    assert!(
        list.text().contains("ingetrokken op") && list.text().contains("werkt tot"),
        "{}",
        list.text()
    );
    let site = site.without_its_catalogue().await;
    site.app.clock.hold(1_800_000_100);
    site.scan().await;
    site.get(&lasting).await.is(200);
    site.get(&short).await.is(200);
    site.get(&wrong).await.is(410);
    site.app.clock.hold(1_800_572_400); // 2027-01-21T00:00 in Amsterdam is 1800486000; half a day later.
    site.get(&short).await.is(410);
    site.get(&lasting).await.is(200);
    // A sidecar from which it was struck by hand ends it; it was given out, so it says so.
    let written = site.read("reeks/01-deel-1.toml");
    let from = written.find("[[links]]").unwrap();
    site.put("reeks/01-deel-1.toml", &written[..from]);
    site.scan().await;
    site.get(&lasting).await.is(410);
}

/// The addresses of links on a page that shows them, in its order.
fn handed_out(page: &Page) -> Vec<String> {
    let rows = page.rows().into_iter();
    let values = rows.flat_map(|row| row.values.clone());
    values
        .filter_map(|value| Some(value[value.find("/l/")?..].to_owned()))
        .collect()
}

/// The forms that withdraw: one for each link, and the last for all of them.
fn withdrawing(page: &Page) -> Vec<Form> {
    let forms = page.forms().into_iter();
    forms
        .filter(|form| form.action.starts_with("/desk/links/withdraw"))
        .collect()
}

#[tokio::test]
async fn the_links_of_a_mailing_are_one_row_that_opens_and_are_withdrawn_one_by_one_or_together() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    // Before there is one, the list says where they are made.
    let none = mira.get("/desk/links?lang=nl").await.is(200);
    let none = none.shows("onder Links").shows("onder Delen");
    assert!(none.page().link_of("Kies een reeks").is_some());
    let series = mira.series("Reeks").await;
    let mailing = [("label", "maart & april"), ("in", "nl"), ("w", "600")];
    let share = format!("/desk/series/{series}/share");
    mira.does(&share, &mailing).await.is(200);
    site.app.clock.hold(1_800_000_060);
    let other = mira
        .hand_out(&format!("/desk/recordings/{}", ids[0]), "teamoverleg", "")
        .await;
    let list = mira.get("/desk/links?lang=nl").await.is(200).page();
    let titles: Vec<String> = list.rows().into_iter().map(|row| row.title).collect();
    assert_eq!(titles, ["teamoverleg", "maart & april"]);
    let row = list.row("maart & april");
    assert!(
        row.text.contains("3 links") && row.text.contains("Reeks"),
        "{row:?}"
    );
    assert!(!row.text.contains("niet meer"), "{row:?}");
    // Opened, they stand in the order of the series, each with what it leads to.
    let opened = row.link("/desk/links/named").to_owned();
    let page = mira
        .get(&opened)
        .await
        .is(200)
        .shows("Trek deze 3 in")
        .page();
    let titles: Vec<String> = page.rows().into_iter().map(|row| row.title).collect();
    assert_eq!(titles, ["Reeks", "Deel 1", "Deel 2"]);
    let links = handed_out(&page);
    assert_eq!(links.len(), 3, "{links:?}");
    for link in &links {
        site.get(link).await.is(200);
    }
    // One by one: the form brings its coordinator back to the mailing.
    let forms = withdrawing(&page);
    assert_eq!(forms.len(), 4);
    let done = forms[1].send(&mira, None).await.is(303);
    let page = mira
        .get(done.header("location").unwrap())
        .await
        .is(200)
        .shows("De link werkt niet meer")
        .shows("Trek deze 2 in")
        .page();
    assert_eq!(handed_out(&page), [links[0].clone(), links[2].clone()]);
    site.get(&links[1]).await.is(410);
    let list = mira.get("/desk/links?lang=nl").await.page();
    let row = list.row("maart & april");
    assert!(row.text.contains("één werkt niet meer"), "{row:?}");
    // Together, also what leads to a recording in the trash; what was handed out under another name stays.
    mira.does(&format!("/desk/recordings/{}/trash", ids[1]), &[])
        .await;
    let forms = withdrawing(&mira.get(&opened).await.is(200).page());
    let done = forms.last().unwrap().send(&mira, None).await.is(303);
    mira.get(done.header("location").unwrap())
        .await
        .is(200)
        .shows("De links werken niet meer")
        .hides("Trek deze");
    mira.does(&format!("/desk/recordings/{}/restore", ids[1]), &[])
        .await;
    for link in &links {
        site.get(link).await.is(410);
    }
    site.get(&other).await.is(200);
    for sidecar in [
        "reeks/series.toml",
        "reeks/01-deel-1.toml",
        "reeks/02-deel-2.toml",
    ] {
        assert!(site.read(sidecar).contains("withdrawn"), "{sidecar}");
    }
    // A name that nobody used, and a form that names no link of ours.
    mira.get("/desk/links/named?name=maart").await.is(404);
    let none = [("name", "maart & april"), ("token", "0123456789abcdef")];
    mira.does("/desk/links/withdraw", &none)
        .await
        .is(200)
        .shows("Er is niets ingetrokken");
}

#[tokio::test]
async fn a_copied_folder_takes_no_link_over() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let link = mira
        .hand_out(&format!("/desk/recordings/{}", ids[0]), "echt", "")
        .await;
    site.put("aaa/01-kopie.toml", site.read("reeks/01-deel-1.toml"));
    site.put_clip("aaa/01-kopie.mp4", 9);
    site.scan().await;
    site.get(&link).await.is(200).shows("Deel 1");
    mira.post(
        &format!("/desk/recordings/{}/links", ids[0]),
        &[("link_name", ""), ("link_until", "")],
    )
    .await
    .is(422);
    mira.post(
        &format!("/desk/recordings/{}/links", ids[0]),
        &[("link_name", "x"), ("link_until", "2027-02-31")],
    )
    .await
    .is(422);
}

#[tokio::test]
async fn a_password_on_a_series_keeps_everyone_out_who_does_not_have_it() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Besloten reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-deel-1.mp4", 1);
    site.put("reeks/01-deel-1.nl.vtt", CAPTIONS);
    site.scan().await;
    let id = site.id_in("reeks/01-deel-1.toml");
    let bytes = addresses(&site.get(&format!("/watch/{id}")).await.page());
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Besloten reeks").await;
    let lock = format!("/desk/series/{series}/password");
    mira.post(&lock, &[("password", "kort")]).await.is(422);
    mira.does(&lock, &[("password", "samen verder")]).await;
    assert!(!site.read("reeks/series.toml").contains("samen verder"));
    let eva = site.colleague("eva", Role::Administrator).await;
    eva.get("/desk/audit?lang=nl")
        .await
        .is(200)
        .shows("wachtwoord van de reeks gewijzigd")
        .hides("$argon2id");
    for page in ["/series/reeks".to_owned(), format!("/watch/{id}")] {
        let door = site.get_dutch(&page).await.is(401).shows("wachtwoord");
        door.hides("Besloten").hides("Deel 1");
    }
    for address in bytes
        .iter()
        .filter(|address| !address.starts_with("/watch"))
        .chain([&format!("/api/recordings/{id}"), &format!("/embed/{id}")])
    {
        let answer = site.get(address).await;
        // A picture in a mail stays whole, and a frame says what it needs.
        let expected = match address.split('/').nth(1) {
            Some("posters") => 200,
            Some("embed") => 401,
            _ => 404,
        };
        assert!(answer.status == expected, "{address}: {}", answer.status);
    }
    for list in ["/", "/search?q=deel", "/api/series"] {
        site.get(list)
            .await
            .is(200)
            .hides("Deel 1")
            .hides("Besloten");
    }
    let unlock = "/series/reeks/unlock?lang=nl";
    site.post(
        unlock,
        &[("password", "gok gok gok"), ("to", "https://evil.example/")],
    )
    .await
    .is(401)
    .shows("klopt niet");
    let to = format!("/watch/{id}");
    let open = site
        .post(unlock, &[("password", "samen verder"), ("to", &to)])
        .await
        .is(303);
    assert!(open.header("set-cookie").is_none());
    let page = open.location().to_owned();
    let inside = site
        .get(&page)
        .await
        .is(200)
        .shows("Deel 1")
        .shows("noindex");
    for address in addresses(&inside.page()) {
        let answer = site.get(&address).await.is(200);
        assert!(
            !answer.header("cache-control").unwrap().contains("public"),
            "{address}"
        );
    }
    let elsewhere = site
        .post(
            "/series/reeks/unlock",
            &[("password", "samen verder"), ("to", "//evil.example")],
        )
        .await
        .is(303);
    assert!(elsewhere.location().starts_with("/series/reeks?link="));
    // A catalogue made again asks for the same one; another password shuts out who used this one.
    mira.does(&lock, &[("password", "een ander woord")]).await;
    site.get(&page).await.is(401);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.get("/series/reeks").await.is(401);
    site.post("/series/reeks/unlock", &[("password", "een ander woord")])
        .await
        .is(303);
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Besloten reeks").await;
    mira.does(
        &format!("/desk/series/{series}/password"),
        &[("password", "")],
    )
    .await;
    site.get(&format!("/watch/{id}")).await.is(200);
}

#[tokio::test]
async fn a_password_on_a_link_opens_what_the_link_opens_and_ends_with_it() {
    let (site, ids) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{}", ids[0]);
    let form = [
        ("link_name", "met slot"),
        ("link_until", ""),
        ("link_password", "samen verder"),
    ];
    let made = mira
        .does(&format!("{page}/links?lang=nl"), &form)
        .await
        .shows("met wachtwoord");
    let link = link_of(&made, "met slot");
    let token = link.trim_start_matches("/l/").to_owned();
    site.get_dutch(&link).await.is(401).hides("Deel 1");
    site.get(&format!("/watch/{}?link={token}", ids[0]))
        .await
        .is(404);
    site.post(&link, &[("password", "gok gok gok")])
        .await
        .is(401);
    let open = site
        .post(&link, &[("password", "samen verder")])
        .await
        .is(303);
    let inside = open.location().to_owned();
    let shown = site.get(&inside).await.is(200).shows("Deel 1");
    for address in addresses(&shown.page()) {
        site.get(&address).await.is(200);
    }
    let (_, pass) = inside.split_once("link=").unwrap();
    site.get(&format!("/watch/{}?link={pass}", ids[1]))
        .await
        .is(404);
    mira.does(&format!("{page}/links/withdraw"), &[("token", &token)])
        .await;
    site.get(&inside).await.is(404);
    site.get(&link).await.is(410);
}
