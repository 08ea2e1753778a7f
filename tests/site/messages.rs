//! Messages from visitors: how one is sent without script, a mail server or a cookie, what the form tells of a recording, and what
//! is done against floods. What becomes of them at the desk is told in `messages_desk.rs`.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::site;
use crate::support::markup::Field;
use crate::support::{Answer, Client, Site, traces};

pub const FORM: [(&str, &str); 3] = [
    ("kind", "picture"),
    ("text", "Ik wil er niet op.\nGraag weghalen."),
    ("reply_to", "sam@example.org"),
];

/// The texts of all messages, in the order in which they came.
pub async fn texts(site: &Site) -> Vec<String> {
    let texts = site.app.db.read(|conn| {
        let mut statement = conn.prepare("SELECT text FROM message ORDER BY id")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<Vec<String>, _>>()?)
    });
    texts.await.unwrap()
}

async fn post_from(client: &Client, from: &str, form: &[(&str, &str)]) -> Answer {
    let request = client
        .ask(Method::POST, "/message?lang=nl")
        .header("x-forwarded-for", from);
    client.send(request.form(form)).await
}

#[tokio::test]
async fn a_visitor_writes_from_the_watch_page_and_reads_what_happens_now() {
    let (site, id) = site().await;
    let page = site.get_dutch(&format!("/watch/{id}")).await.is(200);
    let to = page.page().link_of("Stuur een bericht").unwrap();
    assert_eq!(to, format!("/message?about={id}"));
    // As the script of the player leaves it.
    let page = site.get_dutch(&format!("{to}&t=754&kind=picture")).await;
    let page = page
        .is(200)
        .shows("<strong><bdi>Begin</bdi></strong>")
        .page();
    let form = page.form_to(&to);
    for filled in [("kind", "picture"), ("at", "12:34")] {
        let is_filled = |it: &Field| (&*it.name, &*it.value) == filled;
        assert!(form.fields.iter().any(is_filled), "{filled:?}");
    }
    let sent = form.with(&FORM).send(&site, None).await.is(303);
    assert_eq!(sent.cookies(), Vec::<String>::new());
    assert_eq!(sent.location(), format!("/message/sent?about={id}"));
    let page = site.get_dutch(sent.location()).await.is(200);
    let page = page
        .shows("Je bericht is verstuurd")
        .shows("binnen een maand antwoord")
        .shows("180 dagen");
    assert_eq!(page.cookies(), Vec::<String>::new());
    let back = page.page().link_of("Terug naar de opname");
    assert_eq!(back.unwrap(), format!("/watch/{id}"));
    assert_eq!(texts(&site).await, [FORM[1].1]);
}

#[tokio::test]
async fn the_form_is_found_wherever_somebody_may_have_something_to_say() {
    let (site, id) = site().await;
    site.put(
        "reeks/02-weg.toml",
        "id = \"q3a1gc8bxx\"\ntitle = \"Weg\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    site.put(
        "reeks/02-weg.toml",
        "id = \"q3a1gc8bxx\"\ntitle = \"Weg\"\nvisibility = \"withdrawn\"\n",
    );
    site.put("slot/series.toml", "visibility = \"public\"\npassword_hash = \"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x\"\n");
    site.put("slot/01-een.toml", "id = \"c000000001\"\ntitle = \"Een\"\n");
    site.scan().await;
    for (page, status, to) in [
        ("/in-the-picture", 200, "/message?kind=picture"),
        ("/privacy", 200, "/message?kind=question"),
        ("/accessibility", 200, "/message?kind=playing"),
        ("/watch/q3a1gc8bxx", 410, "/message?about=q3a1gc8bxx"),
        ("/watch/zzzzzzzzzz", 404, "/message?about=zzzzzzzzzz"),
        ("/series/nooit", 404, "/message"),
        ("/watch/c000000001", 401, "/message?about=c000000001"),
        ("/series/slot", 401, "/message"),
    ] {
        let page = site.get_dutch(page).await.is(status);
        let found = page.page().link_of("Stuur een bericht").unwrap();
        assert_eq!(found, to, "{}", page.address);
        site.get(&found).await.is(200);
    }
    // A frame on another site may open it only beside that site.
    let frame = site.get_dutch(&format!("/embed/{id}")).await.page();
    let found = frame.link_of("Stuur een bericht").unwrap();
    assert_eq!(
        found,
        format!("{}/message?about={id}", site.app.config.base())
    );
    // Who sees it in another language writes in that language.
    let page = site
        .get(&format!("/message?about={id}&kind=picture&lang=en"))
        .await;
    page.is(200)
        .shows(&format!("/message?about={id}&amp;kind=picture&amp;lang=nl"));
}

#[tokio::test]
async fn with_a_mail_address_there_are_two_ways_and_without_one_the_form() {
    for (contact, shown) in [(None, false), (Some("hallo@example.org"), true)] {
        let site = Site::open_with(|config| config.contact = contact.map(Into::into)).await;
        for page in ["/in-the-picture", "/privacy", "/message"] {
            let page = site.get_dutch(page).await.is(200);
            assert_eq!(page.text().contains("mailto:hallo@example.org"), shown);
            assert!(
                page.page()
                    .links()
                    .iter()
                    .any(|to| to.starts_with("/message"))
                    || page.address.ends_with("/message")
            );
        }
        let page = site.get_dutch("/privacy").await;
        page.shows("Als je ons een bericht stuurt")
            .shows("180 dagen");
    }
}

#[tokio::test]
async fn what_was_typed_is_kept_when_something_is_wrong() {
    let (site, id) = site().await;
    let address = format!("/message?about={id}&lang=nl");
    let long = "a ".repeat(2001) + "b";
    let kept = "Mijn hele verhaal";
    for (change, sentence) in [
        (("kind", ""), "Kies waarom je schrijft."),
        (("kind", "anders"), "Kies waarom je schrijft."),
        (("text", "  \n"), "Vul dit in."),
        (("text", "\u{200b}\u{200b}"), "Hier is niets van te zien."),
        (
            ("text", long.as_str()),
            "Dit zijn 4003 tekens. Er passen er 4000.",
        ),
        (("text", "a\u{7}b"), "onzichtbaar teken"),
        (("at", "straks"), "Dit is geen tijd."),
        (("at", "99999999999999999999"), "Dit is geen tijd."),
        (("at", "999999:00"), "Dit is geen tijd."),
        (("reply_to", "een\ntwee"), "Houd dit op één regel."),
        (
            ("website", "https://spam.example"),
            "Dit veld is er om programma’s tegen te houden",
        ),
    ] {
        let mut form = vec![
            ("kind", "playing"),
            ("text", kept),
            ("at", "1:02"),
            ("reply_to", "sam@example.org"),
        ];
        form.retain(|(name, _)| *name != change.0);
        form.push(change);
        let page = site
            .post(&address, &form)
            .await
            .is(422)
            .says("cache-control", "no-store");
        let page = page.shows(sentence).shows("class=\"form-errors\"");
        let page = page.shows(&format!("href=\"#field-{}\"", change.0)).page();
        for (name, value) in &form {
            assert!(
                *name == "kind" || page.holds(value),
                "{name} after {change:?}"
            );
        }
    }
    assert_eq!(texts(&site).await, Vec::<String>::new());
    // As much as there may be, in the characters that take most bytes.
    let most = "🦊".repeat(4000);
    let form = [("kind", "question"), ("text", most.as_str())];
    site.post(&address, &form).await.is(303);
    assert_eq!(texts(&site).await, [most.as_str()]);
    let form = [("kind", "question"), ("text", &*"x".repeat(70_000))];
    site.post(&address, &form).await.is(413).shows("te groot");
    // From a page of another site nothing is sent.
    let request = site.ask(Method::POST, &address).form(&FORM);
    let request = request.header("sec-fetch-site", "cross-site");
    site.send(request).await.is(403);
    assert_eq!(texts(&site).await.len(), 1);
}

#[tokio::test]
async fn a_message_that_is_sent_twice_is_one() {
    let (site, id) = site().await;
    let address = format!("/message?about={id}");
    let (one, two) = tokio::join!(site.post(&address, &FORM), site.post(&address, &FORM));
    one.is(303);
    two.is(303);
    site.post(&address, &FORM).await.is(303);
    assert_eq!(texts(&site).await.len(), 1);
    // Another moment, another recording or another day makes it another message.
    let mut other = FORM.to_vec();
    other.push(("at", "0:01"));
    site.post(&address, &other).await.is(303);
    site.post("/message", &FORM).await.is(303);
    site.app.clock.hold(site.app.clock.now() + 24 * 60 * 60);
    site.post("/message", &FORM).await.is(303);
    assert_eq!(texts(&site).await.len(), 4);
}

#[tokio::test]
async fn the_form_tells_nothing_of_what_a_visitor_may_not_see() {
    let site = Site::open().await;
    let hidden = [
        ("c000000001", "visibility = \"draft\"\n"),
        (
            "c000000002",
            "visibility = \"link\"\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"proef\"\n",
        ),
        (
            "c000000003",
            "visibility = \"public\"\nvisible_from = 2090-01-01T00:00:00Z\n",
        ),
        (
            "c000000004",
            "visibility = \"public\"\nvisible_until = 2020-01-01T00:00:00Z\n",
        ),
        (
            "c000000005",
            "visibility = \"public\"\ndeleted = 2020-01-01T00:00:00Z\n",
        ),
        (
            "c000000006",
            "visibility = \"withdrawn\"\nwithdrawn_reason = \"Oud\"\n",
        ),
    ];
    site.put("reeks/series.toml", "title = \"Reeks\"\n");
    for (number, (id, sidecar)) in hidden.iter().enumerate() {
        let name = format!("reeks/{number:02}-x.toml");
        site.put(
            &name,
            format!("id = \"{id}\"\ntitle = \"Ongezien\"\n{sidecar}"),
        );
    }
    site.put("slot/series.toml", "visibility = \"public\"\npassword_hash = \"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x\"\n");
    site.put(
        "slot/01-een.toml",
        "id = \"c000000007\"\ntitle = \"Ongezien\"\n",
    );
    site.scan().await;
    let never = site
        .get_dutch("/message?about=zzzzzzzzzz")
        .await
        .is(200)
        .text();
    assert!(never.contains("/watch/zzzzzzzzzz"), "the premise");
    for number in 1..=7 {
        let id = format!("c00000000{number}");
        let address = format!("/message?about={id}");
        let page = site.get_dutch(&address).await.is(200).hides("Ongezien");
        assert_eq!(page.text().replace(&id, "zzzzzzzzzz"), never);
        let sent = site.post(&address, &FORM).await.is(303);
        let page = site.get_dutch(sent.location()).await.is(200);
        page.hides("Ongezien");
    }
    site.post("/message?about=zzzzzzzzzz", &FORM).await.is(303);
    // What it is about is known at the desk all the same.
    let known = site.app.db.read(|conn| {
        let sql = "SELECT count(recording_id), count(*) FROM message";
        Ok(conn.query_row(sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?)
    });
    assert_eq!(known.await.unwrap(), (7, 8));
    // Who holds the link is told what they see, and keeps the link on the way.
    let page = site.get_dutch("/l/0123456789abcdef").await.is(200).page();
    let to = page.link_of("Stuur een bericht").unwrap();
    assert_eq!(to, "/message?about=c000000002&link=0123456789abcdef");
    let page = site.get_dutch(&format!("{to}&kind=question")).await;
    let page = page.is(200).shows("Ongezien");
    let page = page.says("cache-control", "private, no-cache").page();
    let sent = page
        .form_to(&to)
        .with(&[("text", "Hoe laat?")])
        .send(&site, None)
        .await;
    let page = site.get_dutch(sent.is(303).location()).await.is(200).page();
    let back = page.link_of("Terug naar de opname").unwrap();
    site.get(&back).await.is(200).shows("Ongezien");
}

#[tokio::test]
async fn one_address_sends_ten_an_hour_and_nobody_else_is_held_up_by_that() {
    let site = Site::open_with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await;
    site.app.clock.hold(1_800_000_000);
    let from = |from: &'static str, number: u32| {
        let site = &site;
        async move {
            let text = format!("Bericht {number}");
            let form = [("kind", "question"), ("text", text.as_str())];
            post_from(site, from, &form).await
        }
    };
    // What is sent twice, or is wrong, counts for nothing.
    for _ in 0..30 {
        from("203.0.113.7", 0).await.is(303);
        post_from(&site, "203.0.113.7", &[("kind", "question")])
            .await
            .is(422);
    }
    for number in 1..10 {
        from("203.0.113.7", number).await.is(303);
    }
    let answer = from("203.0.113.7", 10)
        .await
        .is(429)
        .says("retry-after", "3600");
    let answer = answer.shows("over 60 minuten").shows("role=\"alert\"");
    assert!(answer.page().holds("Bericht 10"), "it is kept");
    from("203.0.113.8", 10).await.is(303);
    assert_eq!(texts(&site).await.len(), 11);
    site.app.clock.hold(1_800_003_600);
    from("203.0.113.7", 11).await.is(303);
    // No address is written down anywhere.
    let files = traces::files(site.app.library.data()).into_iter();
    let kept: Vec<Vec<u8>> = files.map(|file| std::fs::read(file).unwrap()).collect();
    let holds = |word: &[u8]| {
        let mut windows = kept.iter().flat_map(|bytes| bytes.windows(word.len()));
        windows.any(|window| window == word)
    };
    assert!(holds(b"Bericht 11"), "the premise");
    assert!(!holds(b"203.0.113"));
}

#[tokio::test]
async fn a_full_box_says_so_and_what_else_one_can_do() {
    let site = Site::open_with(|config| config.contact = Some("hallo@example.org".into())).await;
    site.app.clock.hold(1_800_000_000);
    let fill = |count: u32, at: i64, handled: &str| {
        let rows = format!(
            "WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < {count})
             INSERT INTO message (kind, text, language, received_at, handled_at) SELECT 'question', 'x' || n, 'nl', {at}, {handled} FROM place;"
        );
        let site = &site;
        async move { site.put_rows(&rows).await }
    };
    fill(200, 1_800_000_000 - 100, "NULL").await;
    let full = site.post("/message?lang=nl", &FORM).await.is(429);
    let full = full
        .shows("er wachten zoveel berichten")
        .shows("mailto:hallo@example.org");
    assert!(full.page().holds("Graag weghalen."), "it is kept");
    site.app.clock.hold(1_800_000_000 + 24 * 60 * 60);
    site.post("/message", &FORM).await.is(303);
    // Two thousand in all, none of which was looked at.
    fill(1799, 1_700_000_000, "NULL").await;
    let other = [("kind", "question"), ("text", "Nog een")];
    site.post("/message?lang=nl", &other).await.is(429);
    // What was handled makes room, the oldest first.
    site.put_rows(
        "UPDATE message SET handled_at = 1 WHERE text IN ('x5', 'x6') AND received_at = 1700000000",
    )
    .await;
    site.post("/message", &other).await.is(303);
    let left = texts(&site).await;
    assert_eq!(left.len(), 2000);
    assert_eq!(left.iter().filter(|text| *text == "x5").count(), 1);
    assert_eq!(left.iter().filter(|text| *text == "x6").count(), 2);
}

#[tokio::test]
async fn whoever_fills_the_box_with_questions_keeps_nobody_from_asking_to_be_taken_out() {
    let (site, id) = site().await;
    site.app.clock.hold(1_800_000_000);
    let about = format!("/message?lang=nl&about={id}");
    let questions = |count: u32, at: i64| {
        format!(
            "WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < {count})
             INSERT INTO message (kind, text, language, received_at) SELECT 'question', 'x' || n, 'nl', {at} FROM place;"
        )
    };
    let send = |kind: &'static str, number: usize| {
        let (site, about) = (&site, &about);
        async move {
            let text = format!("Bericht {number}");
            site.post(about, &[("kind", kind), ("text", &text)]).await
        }
    };
    // Half of the day, and half of the box.
    for (count, at) in [(100, 1_800_000_000), (1000, 1_700_000_000)] {
        site.put_rows("DELETE FROM message").await;
        site.put_rows(&questions(count, at)).await;
        for kind in ["question", "playing"] {
            let full = send(kind, 1).await.is(429);
            full.shows("er wachten zoveel berichten");
        }
        let at_home = [("kind", "picture"), ("text", "Ergens")];
        site.post("/message", &at_home).await.is(429);
        send("picture", count as usize).await.is(303);
    }
    // What was handled of the others makes room for them.
    site.put_rows("UPDATE message SET handled_at = 1 WHERE kind = 'picture'")
        .await;
    send("question", 2).await.is(429);
    site.put_rows("UPDATE message SET handled_at = 1 WHERE text = 'x5'")
        .await;
    send("question", 2).await.is(303);
    let left = texts(&site).await;
    assert!(left.contains(&"Bericht 1000".into()) && !left.contains(&"x5".into()));
}

#[tokio::test]
async fn senders_of_whom_nothing_is_known_share_thirty_an_hour() {
    // Behind a proxy of which the portal was not told, every sender has its address.
    let (site, _) = site().await;
    site.app.clock.hold(1_800_000_000);
    let send = |number: u32| {
        let site = &site;
        async move {
            let text = format!("Bericht {number}");
            let form = [("kind", "question"), ("text", text.as_str())];
            post_from(site, "203.0.113.7", &form).await
        }
    };
    for number in 0..30 {
        send(number).await.is(303);
    }
    let refused = send(30).await.is(429).says("retry-after", "3600");
    refused.shows("over 60 minuten");
    site.app.clock.hold(1_800_003_600);
    send(30).await.is(303);
}

#[tokio::test]
async fn a_coordinator_sees_in_the_form_what_they_see_elsewhere() {
    let (site, id) = site().await;
    site.put(
        "reeks/01-begin.toml",
        format!("id = \"{id}\"\ntitle = \"Concept\"\nvisibility = \"draft\"\n"),
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let address = format!("/message?about={id}");
    mira.get(&address).await.is(200).shows("Concept");
    site.get(&address).await.is(200).hides("Concept");
}
