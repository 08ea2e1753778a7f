//! The page for uploads: a form without script, what was sent and how far it is, and what a draft needs before it is published.

use reqwest::Method;
use terugkijken::catalogue::coordinator::{self, Role};
use terugkijken::catalogue::upload::{self, Announced};

use crate::support::desk::{self, CAPTIONS};
use crate::support::{Site, clips, counting};

#[tokio::test]
async fn a_form_without_script_streams_a_file_of_any_size_and_says_what_became_of_it() {
    let site = Site::open_with(|config| config.upload_mb = 60).await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Reeks"), ("folder", "")])
        .await;
    let series = mira.series("Reeks").await;
    // Larger than any other form of the desk may be.
    let mut bytes = clips::bytes("a.mp4", 1);
    bytes.extend(40_000_000_u32.to_be_bytes());
    bytes.extend(b"free");
    bytes.resize(bytes.len() + 40_000_000 - 8, 7);
    let upload = "/desk/upload?lang=nl";
    let form = mira.form(upload).await;
    let filled = form.with(&[("series", &series), ("title", "Grote opname")]);
    let file = Some(("x.mp4", bytes.clone()));
    filled.send(&mira, file).await.is(303);
    assert!(std::fs::read(site.path("reeks/grote-opname.mp4")).unwrap() == bytes);
    mira.get(upload)
        .await
        .is(200)
        .shows("x.mp4")
        .shows("De opname staat klaar als concept.");
    for (name, bytes, sentence) in [
        ("leeg.mp4", Vec::new(), ""),
        ("tekst.mp4", b"geen opname".to_vec(), "Dit is geen opname."),
        ("groot.mp4", vec![0; 61_000_000], "Er past 60 MB."),
        ("", b"x".to_vec(), "Kies eerst een bestand."),
    ] {
        let form = mira.form(upload).await.with(&[("title", "Blijft staan")]);
        let answer = form.send(&mira, Some((name, bytes))).await;
        match answer.status {
            303 => mira.get(upload).await.shows(sentence),
            422 => answer.shows(sentence).shows("Blijft staan"),
            other => panic!("{name}: {other}"),
        };
    }
    assert_eq!(
        std::fs::read_dir(site.path(".uploads")).unwrap().count(),
        0,
        "nothing is left"
    );
    let rows: u32 = site
        .app
        .db
        .read(|conn| {
            Ok(conn.query_row(
                "SELECT count(*) FROM upload WHERE state = 'arriving'",
                [],
                |row| row.get(0),
            )?)
        })
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn what_is_under_way_is_listed_described_and_given_up_by_who_sends_it() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 2);
    // The page goes on with what it began itself.
    let elsewhere = mira.announce(10, &[("filename", "elders.mp4")]).await;
    let row = mira.get("/desk/upload?lang=nl").await.page();
    let row = row.row("elders.mp4");
    assert!(row.text.contains("met het programma"), "{row:?}");
    mira.does(&format!("/desk{elsewhere}/remove"), &[]).await;
    let said = [("filename", "03 Onderweg.mp4"), ("fingerprint", "0123")];
    let sent = mira.announce(bytes.len(), &said).await;
    mira.piece(&sent, 0, bytes[..1000].to_vec()).await.is(204);
    let page = mira.get("/desk/upload?lang=nl").await.is(200).page();
    let row = page.row("03 Onderweg.mp4");
    assert!(row.text.contains("Kies het bestand opnieuw"), "{row:?}");
    assert_eq!(row.values[..2], ["Onderweg", "3"]);
    bo.get("/desk/upload").await.is(200).hides("Onderweg");
    let row = sent.replace("/uploads/", "/desk/uploads/");
    bo.post(&row, &[("title", "Van Bo")]).await.is(404);
    bo.post(&format!("{row}/remove"), &[]).await.is(404);
    mira.does(
        &format!("{row}?lang=nl"),
        &[("title", "Nieuwe titel"), ("number", "12"), ("series", "")],
    )
    .await;
    mira.piece(&sent, 1000, bytes[1000..].to_vec())
        .await
        .is(204);
    assert!(
        site.path("inbox/12-nieuwe-titel.mp4").exists(),
        "described while it arrived"
    );
    let given_up = mira.announce(10, &[("filename", "verdwijnt.mp4")]).await;
    mira.does(
        &format!(
            "{}/remove?lang=nl",
            given_up.replace("/uploads/", "/desk/uploads/")
        ),
        &[],
    )
    .await
    .hides("verdwijnt.mp4");
    mira.send(mira.tus(Method::HEAD, &given_up)).await.is(404);
    // Taken from the list, the recording stays.
    mira.does(&format!("{row}/remove"), &[])
        .await
        .hides("03 Onderweg.mp4");
    assert!(site.path("inbox/12-nieuwe-titel.mp4").exists());
}

#[tokio::test]
async fn a_draft_asks_for_what_a_visitor_needs_before_it_offers_to_be_published() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.upload(clips::bytes("a.mp4", 3), &[("filename", "deel.mp4")])
        .await;
    let id = site.id_in("inbox/deel.toml");
    let page = format!("/desk/recordings/{id}?lang=nl");
    mira.get(&page)
        .await
        .is(200)
        .shows("ontbreekt nog")
        .hides("Maak openbaar");
    site.put(
        "inbox/deel.toml",
        format!(
            "{}date = 2026-01-13\nvisible_until = 2090-01-01T00:00:00Z\n",
            site.read("inbox/deel.toml")
        ),
    );
    site.scan().await;
    mira.put_file(
        &format!("/desk/recordings/{id}/captions"),
        "a.vtt",
        CAPTIONS,
        ("language", "nl"),
    )
    .await
    .is(303);
    let ready = mira
        .get(&page)
        .await
        .is(200)
        .hides("ontbreekt nog")
        .shows("Maak openbaar");
    // The button belongs to the form with the texts, so that what was typed is saved with it.
    let mut form = ready.page().form_to(&page);
    form = form.with(&[("title", "Pas getypt")]);
    form.set("publish", "yes");
    let published = mira.follow(form.send(&mira, None).await).await;
    published
        .shows("Nu te zien voor iedereen")
        .shows(&format!("/watch/{id}"));
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Pas getypt");
    assert!(
        site.read("inbox/deel.toml")
            .contains("visible_until = 2090-01-01"),
        "its moments stay"
    );
}

#[tokio::test]
async fn how_long_it_takes_is_said_in_the_language_of_the_page() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for (lang, hours) in [("nl", "u"), ("en", "h")] {
        let page = mira.get(&format!("/desk/upload?lang={lang}")).await;
        let page = page
            .is(200)
            .shows(&format!("‹hours› {hours} ‹minutes› min"))
            .page();
        // Script brings no words of its own.
        let files = page.addresses().into_iter();
        let scripts: Vec<&str> = files.filter(|file| file.ends_with(".js")).collect();
        assert_eq!(scripts.len(), 1, "{scripts:?}");
        for script in scripts {
            let text = site.get(script).await.is(200).text();
            assert!(!text.contains("} u "), "{script}");
        }
    }
}

#[tokio::test]
async fn a_page_of_two_hundred_uploads_asks_the_database_no_more_than_one_of_two() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let uploads = async |count: usize| {
        let (address, id) = (mira.email.clone(), id.clone());
        let made = site.app.db.write(move |conn| {
            let who = coordinator::by_email(conn, &address)?.unwrap().id;
            let row = "SELECT id FROM recording WHERE public_id = :id";
            let row: i64 = conn.query_row(row, [&id], |row| row.get(0))?;
            for _ in 0..count {
                let upload = upload::add(conn, who, &Announced::default(), 1, i64::MAX)?;
                upload::done(conn, &upload, row)?;
            }
            Ok(())
        });
        made.await.unwrap();
    };
    counting::count(&site).await;
    let mut asked = Vec::new();
    for (more, all) in [(2, 2), (198, 200)] {
        uploads(more).await;
        let page = mira.get("/desk/upload").await.is(200).page();
        asked.push(counting::asked());
        let rows = page.rows();
        let done = rows
            .iter()
            .filter(|row| row.state.as_deref() == Some("done"));
        assert_eq!(done.clone().count(), all);
        let link = format!("/desk/recordings/{id}");
        assert!(
            done.into_iter()
                .all(|row| row.links.len() == 1 && row.links[0].to == link)
        );
    }
    assert!(asked[0] > 0 && asked[0] == asked[1], "{asked:?}");
}
