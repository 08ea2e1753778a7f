//! Captions that are typed at the desk beside the player, from nothing and between lines that were there.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::{Desk, site};

/// Lines of the form: begin, end and text.
type Lines<'a> = [(&'a str, &'a str, &'a str)];

/// Saves lines. `button`: `more` to type on.
async fn save(
    mira: &Desk,
    path: &str,
    (base, lines): (&str, &Lines<'_>),
    button: &str,
) -> crate::support::http::Answer {
    let mut form = vec![("base", base)];
    for (start, end, text) in lines {
        form.extend([("start", *start), ("end", *end), ("text", *text)]);
    }
    form.push((button, "yes"));
    mira.post(&format!("{path}?lang=nl"), &form).await
}

#[tokio::test]
async fn captions_are_typed_from_nothing_and_visitors_read_and_find_them() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let lines = format!("{page}/captions/nl");
    let files = mira.get(&format!("{page}/files?lang=nl")).await.is(200);
    let begin = files
        .page()
        .form_to(&format!("{page}/captions/begin?lang=nl"));
    let text = mira.get(&format!("{page}?lang=nl")).await.page();
    let way = text.link_of("Typ ondertiteling").unwrap();
    assert_eq!(way, format!("{lines}?lang=nl"));

    // A language is chosen by its name, or typed; what is none comes back.
    let other = format!("{page}/captions/begin?lang=nl");
    let odd = [
        ("typed_language", "nl"),
        ("typed_language_other", "klingon"),
    ];
    let odd = mira.post(&other, &odd).await.is(422);
    odd.shows("Dit is geen taalcode").shows("value=\"klingon\"");
    let german = begin.clone().with(&[("typed_language_other", "DE")]);
    let german = german.send(&mira, None).await.is(303);
    assert!(
        german
            .location()
            .starts_with(&format!("{page}/captions/de"))
    );
    let own = mira.follow(begin.send(&mira, None).await.is(303)).await;
    let own = own.is(200).shows("Ondertiteling: Nederlands");
    let own = own
        .shows("Er is nog geen ondertiteling in deze taal")
        .shows("<video controls")
        .shows("name=\"start\" value=\"00:00\"")
        .hides("value=\"00:01\"");
    assert!(!site.path("reeks/01-begin.nl.vtt").exists());
    let base = own.page().value("base");

    // What is not right is said at its line, and everything typed comes back.
    let typed = [
        ("0", "0,5", "Welkom bij de fietsclub"),
        ("1:05", "1:06", "Na het eind"),
        ("1", "0:00.5", "Andersom"),
        ("straks", "2", "Geen tijd"),
        ("1", "1.5", ""),
    ];
    let wrong = save(&mira, &lines, (&base, &typed), "x").await.is(422);
    let wrong = wrong
        .shows("Regel 2: deze tijden liggen na het einde van de opname")
        .shows("Regel 3: deze regel eindigt voordat hij begint.")
        .shows("Regel 4: vul begin en eind in")
        .shows("Regel 5: er staat geen tekst bij deze tijden")
        .shows("id=\"error-4\"")
        .hides("Regel 1:")
        .shows("data-guard=\"typed\"");
    for words in [
        "Welkom bij de fietsclub",
        "Na het eind",
        "straks",
        "value=\"0,5\"",
        "1.5",
    ] {
        assert!(wrong.text().contains(words), "{words}");
    }
    let none = save(&mira, &lines, (&base, &[("00:00", "", "")]), "x");
    none.await
        .is(422)
        .shows("Er staat nog geen regel met tekst");
    assert!(!site.path("reeks/01-begin.nl.vtt").exists());

    // A row of times alone is none; lines stand in the order of time, and the next begins where the last ended.
    let typed = [
        ("1", "1,5", "Dan de sleutelhanger"),
        ("0", "0,5", "Welkom bij de fietsclub"),
        ("00:01.500", "", ""),
    ];
    let saved = save(&mira, &lines, (&base, &typed), "more").await.is(303);
    assert!(saved.location().ends_with("#next"), "{}", saved.location());
    let next = mira.get(saved.location().trim_end_matches("#next")).await;
    let next = next
        .is(200)
        .shows("Opgeslagen.")
        .shows("value=\"00:01.500\"");
    let at = |words: &str| next.text().find(words).unwrap();
    assert!(at("Welkom bij") < at("Dan de") && at("Dan de") < at("id=\"next\""));
    assert_eq!(
        site.read("reeks/01-begin.nl.vtt"),
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nWelkom bij de fietsclub\n\n\
         00:00:01.000 --> 00:00:01.500\nDan de sleutelhanger\n"
    );

    // Now they are captions like any other.
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("fietsclub");
    let watch = site.get_dutch(&format!("/watch/{id}")).await.is(200);
    watch.shows("srclang=\"nl\"").shows("Dan de sleutelhanger");
    let found = site.get("/search?q=sleutelhanger").await.is(200);
    found.shows(&format!("/watch/{id}"));
    let text = mira.get(&format!("{page}?lang=nl")).await.page();
    assert_eq!(text.link_of("Typ ondertiteling"), None);
    let bo = site.colleague("bo", Role::Administrator).await;
    let log = bo.get("/desk/audit").await.is(200);
    log.shows("01-begin.nl.vtt");
    site.scan().await;
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("fietsclub");
}

#[tokio::test]
async fn captions_that_another_added_meanwhile_are_not_replaced() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let lines = format!("{page}/captions/nl");
    let base = mira.base(&lines).await;
    let theirs = "WEBVTT\n\n00:00.000 --> 00:00.500 line:0\n<v Anna>Van de ander</v>\n\n\
                  00:01.500 --> 00:02.000 align:start\n<v Bo>Slot</v>\n";
    let path = format!("{page}/captions");
    bo.put_file(&path, "a.vtt", theirs, ("language", "nl"))
        .await
        .is(303);
    let uploaded = site.read("reeks/01-begin.nl.vtt");

    let typed = [("0:01", "0:01.4", "Van mij")];
    let conflict = save(&mira, &lines, (&base, &typed), "x").await.is(409);
    let conflict = conflict
        .shows("Iemand anders heeft intussen ondertiteling in deze taal toegevoegd")
        .shows("Van de ander")
        .shows("Van mij");
    assert_eq!(site.read("reeks/01-begin.nl.vtt"), uploaded);

    // What stands on that page keeps both, with the voices and the places of the other.
    let form = conflict.page().form_to(&format!("{lines}?lang=nl"));
    form.send(&mira, None).await.is(303);
    let both = site.read("reeks/01-begin.nl.vtt");
    let mine = "\n00:00:01.000 --> 00:00:01.400\nVan mij\n";
    let (before, after) = both.split_once(mine).expect(&both);
    assert_eq!(format!("{before}{after}"), uploaded);

    // Lines that a colleague changed are not replaced unseen either.
    let opened = mira.base(&lines).await;
    bo.does(&format!("{page}/captions/nl/remove"), &[]).await;
    let again = save(&mira, &lines, (&opened, &typed), "x").await.is(409);
    again.shows("intussen gewijzigd").shows("Van mij");
    assert!(!site.path("reeks/01-begin.nl.vtt").exists());
}

#[tokio::test]
async fn the_players_of_the_desk_play_what_visitors_are_given() {
    let site = Site::open().await;
    // MPEG-4 Part 2 in an AVI, which no browser plays.
    site.put_clip("reeks/01-vreemd.avi", 2);
    site.put(
        "reeks/01-vreemd.toml",
        "title = \"Vreemd\"\nlanguage = \"nl\"\ntiming = \"unchecked\"\n[[chapters]]\nstart = \"0:00\"\ntitle = \"A\"\n",
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{}", site.id_in("reeks/01-vreemd.toml"));
    let lines = format!("{page}/captions/nl");

    // Nothing plays: the page says so, and times are typed all the same.
    let silent = mira.get(&format!("{lines}?lang=nl")).await.is(200);
    let silent = silent.hides("<video").hides("<audio");
    let silent = silent.shows("Je kunt de regels met hun tijden wel typen");
    let base = silent.page().value("base");
    let typed = [("0:01", "0:02", "Zonder speler")];
    save(&mira, &lines, (&base, &typed), "x").await.is(303);
    assert!(
        site.read("reeks/01-vreemd.nl.vtt")
            .contains("Zonder speler")
    );

    let add = "INSERT INTO rendition (original_id, kind, recipe, file, size_bytes, modified_ns, inode, media_type, width, height, made_at)
               SELECT id, 'full', 1, 'vreemd.mp4', 1, 1, 1, 'video/mp4', 640, 360, 1 FROM original WHERE file = '01-vreemd.avi'";
    let made = site.app.db.write(move |conn| Ok(conn.execute(add, [])?));
    assert_eq!(made.await.unwrap(), 1);
    let playing = |page: &str| {
        let players: Vec<String> = page
            .split("<video controls")
            .skip(1)
            .map(|it| it.split("</video>").next().unwrap().to_owned())
            .collect();
        assert!(
            players
                .iter()
                .all(|it| it.contains("-full1/") && !it.contains(".avi")),
            "{players:?}"
        );
        players.len()
    };
    let beside = mira.get(&format!("{lines}?lang=nl")).await.is(200);
    assert_eq!(playing(&beside.text()), 1);
    let files = mira.get(&format!("{page}/files?lang=nl")).await.is(200);
    assert_eq!(
        playing(&files.text()),
        2,
        "where times are moved, and where a picture is chosen"
    );
}
