//! Many recordings at the desk: what wants attention, the table, changes together, the trash.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::site;

#[tokio::test]
async fn several_are_changed_together_after_it_was_said_what_and_put_back() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 1..=3 {
        site.put_clip(&format!("reeks/0{number}-deel.mp4"), number);
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let ids = [1, 2, 3].map(|number| site.id_in(&format!("reeks/0{number}-deel.toml")));
    let ticked = |act: &'static str| {
        vec![
            ("id", ids[0].as_str()),
            ("id", ids[1].as_str()),
            ("act", act),
            ("language", "en"),
            ("speaker", "Bo"),
        ]
    };
    let path = "/desk/recordings/bulk?lang=nl";
    mira.post(path, &[("act", "draft")])
        .await
        .is(422)
        .shows("Vink eerst");
    let kept = |ids: &[String]| format!("value=\"{}\" checked", ids[1]);
    for (act, sentence) in [
        ("niets", "Kies wat je wilt doen"),
        ("series", "Kies een reeks"),
        ("keeper", "Kies een collega"),
    ] {
        // Refused beside the table, with the ticks as they were.
        mira.post(path, &ticked(act))
            .await
            .is(422)
            .shows(sentence)
            .shows(&kept(&ids));
    }
    let mut back = ticked("draft");
    back.push(("back", "yes"));
    mira.post(path, &back).await.is(200).shows(&kept(&ids));
    mira.post(path, &ticked("draft"))
        .await
        .is(200)
        .shows("2 opnamen")
        .shows("concept");
    assert_eq!(
        site.recordings("/api/series/reeks").await.len(),
        3,
        "only said, not done"
    );
    for (act, field, was, set) in [
        ("draft", "visibility", "", "draft"),
        ("language", "language", "", "en"),
        ("speaker", "speaker", "Bo", ""),
        ("trash", "trash", "", ""),
    ] {
        let before: Vec<String> = [1, 2]
            .map(|number| site.read(&format!("reeks/0{number}-deel.toml")))
            .to_vec();
        let mut sure = ticked(act);
        sure.push(("sure", "yes"));
        mira.post(path, &sure).await.is(200).shows("Maak ongedaan");
        let after: Vec<String> = [1, 2]
            .map(|number| site.read(&format!("reeks/0{number}-deel.toml")))
            .to_vec();
        assert!(
            before[0] != after[0] && before[1] != after[1],
            "{act} changed nothing"
        );
        let undo = [
            ("undo", field),
            ("set", set),
            ("id", ids[0].as_str()),
            ("was", was),
            ("id", ids[1].as_str()),
            ("was", was),
        ];
        mira.does(path, &undo).await;
        let undone: Vec<String> = [1, 2]
            .map(|number| site.read(&format!("reeks/0{number}-deel.toml")))
            .to_vec();
        assert_eq!(undone, before, "{act}");
        // What someone made of it since is not undone.
        if !set.is_empty() {
            mira.does(path, &undo).await;
            assert_eq!(site.read("reeks/01-deel.toml"), before[0], "{act}");
        }
    }
}

#[tokio::test]
async fn the_trash_gives_everything_back() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does(&format!("/desk/recordings/{id}/trash"), &[])
        .await
        .shows("Begin");
    site.get(&format!("/watch/{id}")).await.is(410);
    site.get(&format!("/posters/{id}.jpg")).await.is(200);
    mira.get(&format!("/desk/recordings/{id}")).await.is(404);
    // Also for a catalogue that is made again.
    let site_again = {
        drop(mira);
        let again = site.without_its_catalogue().await;
        again.scan().await;
        again
    };
    site_again.get(&format!("/watch/{id}")).await.is(410);
    let mira = site_again.colleague("mira", Role::Editor).await;
    mira.does(&format!("/desk/recordings/{id}/restore"), &[])
        .await;
    site_again.get(&format!("/watch/{id}")).await.is(200);
}

#[tokio::test]
async fn the_first_page_says_what_wants_attention_and_leads_there() {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-zonder.mp4", 1);
    site.put_clip("reeks/02-weg.mp4", 2);
    site.put(
        "reeks/03-geweest.toml",
        "title = \"Geweest\"\ndate = 2020-01-01\n",
    );
    site.put(
        "reeks/04-concept.toml",
        "title = \"Concept\"\nvisibility = \"draft\"\ndate = 2090-01-01\n",
    );
    site.scan().await;
    site.remove("reeks/02-weg.mp4");
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = mira.get("/desk?lang=nl").await.is(200);
    for sentence in [
        "Van één opname ontbreekt het bestand",
        "Eén bijeenkomst is geweest",
        "Eén concept wacht",
        "Eén opname heeft geen ondertiteling",
    ] {
        assert!(
            page.text().contains(sentence),
            "{sentence}: {}",
            page.text()
        );
    }
    for (query, shown, hidden) in [
        ("lacks=file", "Weg", "Zonder"),
        ("lacks=captions", "Zonder", "Geweest"),
        ("lacks=recording", "Geweest", "Concept"),
        ("visibility=draft", "Concept", "Zonder"),
        ("q=wEg", "Weg", "Zonder"),
    ] {
        let list = mira.get(&format!("/desk/recordings?{query}")).await;
        let rows = list.is(200).page().rows();
        let holds = |title: &str| rows.iter().any(|row| row.links[0].words == title);
        assert!(holds(shown) && !holds(hidden), "{query}: {rows:?}");
    }
}

#[tokio::test]
async fn the_table_goes_on_where_the_page_ends_in_every_order() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 0..230 {
        site.put(
            &format!("reeks/{number:03}-x.toml"),
            format!(
                "title = \"Titel {:03}\"\ndate = 2020-01-{:02}\n",
                (number * 7) % 230,
                number % 28 + 1
            ),
        );
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for order in [
        "-date",
        "date",
        "title",
        "-title",
        "number",
        "series",
        "visibility",
    ] {
        let (mut path, mut titles, mut pages) =
            (format!("/desk/recordings?order={order}"), Vec::new(), 0);
        loop {
            let page = mira.get(&path).await.is(200).page();
            pages += 1;
            let rows = page.rows().into_iter();
            titles.extend(rows.map(|row| row.links[0].words.clone()));
            let mut links = page.links().into_iter();
            match links.find(|link| link.contains("row=") && !link.contains("tick=")) {
                Some(next) => path = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(pages, 3, "{order}");
        let mut sorted = titles.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(
            (titles.len(), sorted.len()),
            (230, 230),
            "{order}: each once"
        );
        match order {
            "title" => assert_eq!(titles, sorted),
            "-title" => assert!(titles.iter().eq(sorted.iter().rev())),
            _ => {}
        }
    }
}

#[tokio::test]
async fn what_is_removed_for_good_is_nowhere_any_more() {
    let (site, id) = site().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.put(
        "reeks/01-begin.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nGeheimewoord\n",
    );
    site.put("reeks/01-begin.werkblad.pdf", "%PDF-1.4");
    site.put(
        "reeks/01-begin-van-iets-anders.toml",
        "title = \"Blijft\"\n",
    );
    let sidecar = site.read("reeks/01-begin.toml");
    site.put(
        "reeks/01-begin.toml",
        format!("title = \"Geheimetitel\"\n{sidecar}[[speakers]]\nname = \"Geheimenaam\"\n[[links]]\ntoken = \"0123456789abcdef\"\nname = \"Geheimelink\"\n"),
    );
    site.scan().await;
    let page = format!("/desk/recordings/{id}");
    let erase = format!("{page}/erase");
    eva.post(&erase, &[("sure", "yes")]).await.is(400);
    mira.does(&format!("{page}/trash"), &[]).await;
    mira.get(&erase).await.is(403);
    mira.post(&erase, &[("sure", "yes")]).await.is(403);
    let sure = eva
        .get(&erase)
        .await
        .is(200)
        .shows("01-begin.mp4")
        .shows("01-begin.nl.vtt")
        .shows("01-begin.werkblad.pdf");
    sure.hides("iets-anders");
    eva.post(&erase, &[]).await.is(400);
    eva.does(&erase, &[("sure", "yes")]).await;
    let names: Vec<String> = std::fs::read_dir(site.path("reeks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.iter().all(|name| !name.starts_with("01-begin.")),
        "{names:?}"
    );
    site.recording("Blijft").await;
    for path in [format!("/watch/{id}"), "/l/0123456789abcdef".to_owned()] {
        site.get(&path).await.is(410).hides("Geheime");
    }
    for path in [
        "/desk/audit",
        "/desk/trash",
        "/desk/recordings",
        "/desk/links",
    ] {
        eva.get(path).await.is(200).hides("Geheime");
    }
    site.get("/search?q=Geheimenaam")
        .await
        .is(200)
        .hides("Geheimetitel");
    site.get("/speakers/geheimenaam").await.is(404);
    // Not a word of it is left in the file of the catalogue either.
    let bytes = std::fs::read(site.folder().join("data/catalogue.db")).unwrap();
    for word in [
        "Geheimetitel",
        "Geheimewoord",
        "Geheimenaam",
        "geheimenaam",
        "Geheimelink",
    ] {
        let is_left = bytes
            .windows(word.len())
            .any(|piece| piece == word.as_bytes());
        assert!(!is_left, "{word} is still in the database");
    }
    // A catalogue made again knows that the address is spent, and gives it to nobody.
    let site = site.without_its_catalogue().await;
    site.put("reeks/05-nieuw.toml", format!("id = \"{id}\"\n"));
    site.scan().await;
    site.get(&format!("/watch/{id}")).await.is(410);
}
