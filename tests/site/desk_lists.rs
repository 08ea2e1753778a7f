//! What the lists of the desk say at a glance.

use reqwest::Method;
use reqwest::multipart::{Form as Multipart, Part};
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{Desk, picture, site};
use crate::support::{Answer, Site};

#[tokio::test]
async fn the_table_shows_how_long_a_recording_is_its_picture_and_whether_it_plays() {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-kort.mp4", 1);
    site.put("reeks/01-kort.png", picture(640));
    // MPEG-4 Part 2 in an AVI, which no browser plays.
    site.put_clip("reeks/02-vreemd.avi", 2);
    site.put(
        "reeks/03-plan.toml",
        "title = \"Plan\"\ndate = 2090-01-01\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let list = async |query: &str| {
        let path = format!("/desk/recordings?lang=nl&{query}");
        mira.get(&path).await.is(200)
    };
    let all = list("").await;
    let rows = all.page().rows();
    let says = |title: &str, words: &str| {
        let row = rows.iter().find(|row| row.links[0].words == title);
        row.unwrap_or_else(|| panic!("no {title} in {rows:?}"))
            .text
            .contains(words)
    };
    assert!(says("Kort", "2 s") && says("Kort", "openbaar"));
    assert!(!says("Kort", "speelt niet") && says("Vreemd", "speelt niet"));
    assert!(
        !says("Plan", "speelt niet"),
        "one that is planned has no file"
    );
    let pictures = all.text().matches("/posters/").count();
    let id = site.id_in("reeks/01-kort.toml");
    assert_eq!(pictures, 1, "the others have none");
    assert!(all.text().contains(&format!("/posters/{id}")));
    let titles = async |query: &str| -> Vec<String> {
        let rows = list(query).await.page().rows().into_iter();
        rows.map(|row| row.links[0].words.clone()).collect()
    };
    assert_eq!(titles("&lacks=playing").await, ["Vreemd"]);
    assert_eq!(titles("&order=-length").await[0], "Kort");

    // What the portal made of it does play, so that the recording does.
    let add = "INSERT INTO rendition (original_id, kind, recipe, file, size_bytes, modified_ns, inode, media_type, made_at)
               SELECT id, 'full', 1, 'vreemd.mp4', 1, 1, 1, 'video/mp4', 1 FROM original WHERE file = '02-vreemd.avi'";
    let made = site.app.db.write(move |conn| Ok(conn.execute(add, [])?));
    assert_eq!(made.await.unwrap(), 1);
    assert_eq!(titles("&lacks=playing").await, [""; 0]);
    assert!(!list("").await.text().contains("badge\">speelt niet"));
}

#[tokio::test]
async fn all_of_a_page_are_ticked_by_a_link_and_the_others_are_not() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 0..130 {
        let date = format!("date = 2020-01-{:02}\n", number % 28 + 1);
        site.put(&format!("reeks/{number:03}-x.toml"), date);
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let ticked = |text: &str| text.matches(" checked").count();
    let first = mira.get("/desk/recordings?lang=nl&order=title&visibility=public");
    let first = first.await.is(200);
    let next = first
        .page()
        .links()
        .into_iter()
        .find(|it| it.contains("row="))
        .unwrap()
        .to_owned();
    let second = mira.get(&next).await.is(200);
    for (page, rows) in [(first, 100), (second, 30)] {
        assert_eq!(ticked(&page.text()), 0);
        let all = page.page().link_of("Alles").unwrap();
        let all = mira.get(&all).await.is(200);
        assert_eq!((ticked(&all.text()), all.page().rows().len()), (rows, rows));
        assert!(all.text().contains(&format!("{rows} aangevinkt")));
        let none = mira
            .get(&all.page().link_of("Niets").unwrap())
            .await
            .is(200);
        assert_eq!((ticked(&none.text()), none.page().rows().len()), (0, rows));
        // No other link of the page carries the ticks along.
        let onward = all
            .page()
            .links()
            .into_iter()
            .any(|it| it.contains("tick=all"));
        assert!(!onward);
    }
}

/// Sends captions with these fields of their form.
async fn sent(desk: &Desk, path: &str, fields: &[(&'static str, &str)], cues: &str) -> Answer {
    let file = Part::bytes(cues.as_bytes().to_vec()).file_name("a.vtt");
    let form = fields.iter().fold(
        Multipart::new().part("file", file),
        |form, (name, value)| form.text(*name, (*value).to_owned()),
    );
    desk.send(desk.ask(Method::POST, path).multipart(form))
        .await
}

#[tokio::test]
async fn a_language_is_chosen_by_its_name_or_typed_as_a_code_wherever_it_is_asked() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let captions = format!("{page}/captions");
    for path in [
        &page,
        &format!("{page}/files"),
        "/desk/recordings",
        "/desk/series/1/about",
    ] {
        let form = mira.get(&format!("{path}?lang=nl")).await.is(200).page();
        for words in ["Nederlands", "English", "Of een andere taal"] {
            assert!(form.holds(words), "{path}: {words}");
        }
    }
    let language = async || site.json(&format!("/api/recordings/{id}")).await["language"].clone();
    for (chosen, typed, expected) in [("en", "", "en"), ("nl", "pap", "pap"), ("", "DUT", "nl")] {
        let fields = [("language", chosen), ("language_other", typed)];
        mira.fill(&page, &fields).await;
        assert_eq!(language().await, expected);
    }
    mira.fill(&page, &[("language", "nl"), ("language_other", "pap")])
        .await;
    let odd = [
        ("language", "nl"),
        ("language_other", "geen taal"),
        ("title", "x"),
    ];
    mira.post(&format!("{page}?lang=nl"), &odd)
        .await
        .is(422)
        .shows("geen taalcode");
    assert_eq!(language().await, "pap", "and nothing is lost");
    mira.get(&page).await.shows("value=\"pap\" selected");

    let cues = "WEBVTT\n\n00:00.000 --> 00:01.000\nBon dia\n";
    // As a browser sends them: the choice always, what was typed beside it.
    for (typed, status) in [("pap", 303), ("geen taal", 422)] {
        let fields = [("language", "nl"), ("language_other", typed)];
        let form = sent(&mira, &captions, &fields, cues).await.is(status);
        assert!(status == 303 || form.text().contains("value=\"geen taal\""));
    }
    site.get(&format!("/captions/{id}/pap.vtt")).await.is(200);
    site.get(&format!("/captions/{id}/nl.vtt")).await.is(404);
    let many = [
        ("id", id.as_str()),
        ("act", "language"),
        ("language", "nl"),
        ("language_other", "fy"),
        ("sure", "yes"),
    ];
    mira.post("/desk/recordings/bulk?lang=nl", &many)
        .await
        .is(200);
    assert_eq!(language().await, "fy");
}
