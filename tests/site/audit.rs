//! The log of the desk: it says what happened in the words of whoever reads it.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::site;

/// What stands in the catalogue and in sidecars, and no reader of the log has to know.
const STORED: [&str; 14] = [
    "title =",
    "visibility",
    "deleted",
    "removed",
    "editor",
    "administrator",
    "token",
    "password_hash",
    "[[links]]",
    "\"\"\"",
    "command line",
    "recording ",
    "series ",
    "true",
];

#[tokio::test]
async fn the_log_says_what_happened_in_the_words_of_its_reader() {
    let (site, id) = site().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    site.colleague("bo", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let recording = site.recording("Begin").await;
    let media = recording["sources"][0]["url"].as_str().unwrap();
    let version = media.rsplit('/').nth(1).unwrap().to_owned();
    eva.describe(&page, "Hoe het begon").await;
    let visibility = format!("{page}/visibility");
    let withdrawn = [
        ("visibility", "withdrawn"),
        ("withdrawn_reason", "Er staat iemand in beeld."),
    ];
    eva.does(&visibility, &withdrawn).await;
    eva.hand_out(&page, "teamoverleg mei", "2030-05-01").await;
    let series = eva.series("Reeks").await;
    let lock = format!("/desk/series/{series}/password");
    eva.does(&lock, &[("password", "samen verder")]).await;
    // By hand, in the folder: a new cut, and another date.
    site.put_clip("reeks/01-begin.mp4", 2);
    let text = site.read("reeks/01-begin.toml");
    // A line of a description is a person's, whatever it says.
    let text = text.replace("2026-09-01", "2021-03-04");
    site.put(
        "reeks/01-begin.toml",
        text.replace("En nog een alinea.", "queue"),
    );
    site.scan().await;
    // A colleague becomes an administrator, and is switched off.
    let people = eva.get("/desk/people").await.page();
    let role = people.row("bo@example.org");
    let act = |name: &str| role.acts.iter().find(|act| act.contains(name)).unwrap();
    eva.does(act("/role"), &[("role", "administrator")]).await;
    eva.does(act("/disable"), &[]).await;
    let log = eva.get("/desk/audit?lang=nl").await.is(200);
    let log = log
        .shows("Titel: Hoe het begon")
        .shows("Er staat iemand in beeld.")
        .shows("Naam: teamoverleg mei")
        .shows("Werkt tot: 2 mei 2030")
        .shows("(niet getoond)")
        .shows("4 maart 2021")
        .shows("01-begin.mp4 (")
        .shows("Redacteur");
    let rows = log.page().rows();
    for words in ["Opname Hoe het begon", "queue"] {
        assert!(rows.iter().any(|row| row.text.contains(words)), "{words}");
    }
    for row in &rows {
        for word in STORED {
            assert!(!row.text.contains(word), "{word}: {}", row.text);
        }
        assert!(!row.text.contains(&version), "{}", row.text);
    }
    // It is found by those words as well.
    let found = eva.get("/desk/audit?lang=nl&q=beheerder").await.page();
    assert!(!found.rows().is_empty());
    // In English it says the same.
    eva.get("/desk/audit?lang=en")
        .await
        .is(200)
        .shows("Title: Hoe het begon")
        .shows("4 March 2021");
    // Wiped, it has no name and no id any more.
    eva.does(&format!("{page}/trash"), &[]).await;
    eva.does(&format!("{page}/erase"), &[("sure", "yes")]).await;
    let log = eva.get("/desk/audit?lang=nl").await.is(200);
    let log = log
        .shows("Een gewiste opname")
        .shows("een gewiste opname")
        .hides("Hoe het begon");
    for row in log.page().rows() {
        for word in STORED.into_iter().chain([id.as_str()]) {
            assert!(!row.text.contains(word), "{word}: {}", row.text);
        }
    }
    let wiped = eva.get("/desk/audit?lang=nl&q=gewiste").await.page();
    assert!(!wiped.rows().is_empty());
    // The table for a spreadsheet has the same words.
    let table = eva
        .get("/desk/audit/export.csv?lang=nl")
        .await
        .is(200)
        .text();
    assert!(table.starts_with("\"Wanneer\",\"Wie\",\"Wat\""), "{table}");
    for words in [
        "uitgezet",
        "Een gewiste opname",
        "het programma (lezen van de map)",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    for word in STORED {
        assert!(!table.contains(word), "{word}: {table}");
    }
}
