//! Searching, as visitors do it: by a sentence, with a word too many, narrowed down, still typing; and never finding what they may not
//! see. The index says what a rebuilt one says, whatever happened before.

use std::collections::BTreeSet;

use terugkijken::search;

use crate::support::Site;

const CAPTIONS: &str = "WEBVTT

00:05.000 --> 00:08.000
Maak eerst een schermfoto van het gesprek.

00:09.000 --> 00:12.000
Bel bij gevaar meteen 112 & zeg <i>waar</i> je bent.
";

async fn site() -> Site {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    let films = [
        (
            "01-risicos",
            "De risico\u{2019}s van het jongerenwerk",
            "nl",
            2021,
        ),
        ("02-veilig", "Veilig online", "nl", 2022),
        ("03-safe", "Safe work", "en", 2022),
    ];
    for (seed, (stem, title, language, year)) in (1..).zip(films) {
        site.put_clip(&format!("reeks/{stem}.mp4"), seed);
        let text = format!(
            "title = {title:?}\nlanguage = {language:?}\ndate = {year}-03-01\nvisibility = \"public\"\n"
        );
        site.put(&format!("reeks/{stem}.toml"), text);
    }
    site.put("reeks/02-veilig.nl.vtt", CAPTIONS);
    site.scan().await;
    site
}

#[tokio::test]
async fn a_remembered_sentence_leads_to_its_moment() {
    let site = site().await;
    let page = site
        .get_dutch("/search?q=iets+over+een+schermfoto")
        .await
        .is(200);
    let id = site.id_in("reeks/02-veilig.toml");
    let text = page.text();
    assert!(
        text.contains(&format!(
            "href=\"/watch/{id}?find=iets%20over%20een%20schermfoto&amp;t=5\""
        )),
        "{text}"
    );
    assert!(text.contains("<mark>schermfoto</mark>"));
    assert_eq!(site.titles("/api/search?q=112").await, ["Veilig online"]);
    let said = site.json("/api/search?q=gevaar").await;
    let moment = &said["results"][0]["moments"][0];
    assert_eq!(moment["start_ms"], 9000);
    assert_eq!(
        moment["text"],
        "Bel bij gevaar meteen 112 & zeg waar je bent."
    );
    // Words of two sentences that follow each other begin at the first.
    let said = site.json("/api/search?q=schermfoto+gevaar").await;
    let moment = &said["results"][0]["moments"][0];
    assert_eq!(moment["start_ms"], 5000);
    assert!(moment["text"].as_str().unwrap().ends_with("je bent."));
}

#[tokio::test]
async fn what_is_left_out_or_meant_is_said() {
    let site = site().await;
    let page = site
        .get_dutch("/search?q=schermfoto+gesprek+olifant")
        .await
        .is(200)
        .page();
    assert!(page.holds("Dit vonden we zonder “olifant”."));
    let page = site.get_dutch("/search?q=jongernwerk").await.is(200).page();
    assert!(
        page.holds("“jongernwerk” vonden we niet. Dit zijn de resultaten voor “jongerenwerk”.")
    );
    let found = site.json("/api/search?q=jongernwerk").await;
    assert_eq!(found["meant"][0]["meant"], "jongerenwerk");
    assert_eq!(found["total"], 1);
    // The word that says more is kept.
    for stem in ["01-risicos", "03-safe"] {
        let sidecar = site.read(&format!("reeks/{stem}.toml"));
        let sidecar = format!("summary = \"Een vergadering\"\n{sidecar}");
        site.put(&format!("reeks/{stem}.toml"), sidecar);
    }
    site.scan().await;
    for question in ["vergadering+gevaar", "gevaar+vergadering"] {
        let found = site.json(&format!("/api/search?q={question}")).await;
        assert_eq!(found["left_out"], serde_json::json!(["vergadering"]));
        assert_eq!(found["recordings"][0]["title"], "Veilig online");
    }
    // Somebody who is still typing is taken at the letter.
    assert_eq!(site.titles("/api/search?q=ris&typing").await.len(), 1);
    assert!(site.titles("/api/search?q=ris").await.is_empty());
}

#[tokio::test]
async fn results_are_narrowed_by_plain_links() {
    let site = site().await;
    let titles = async |filter: &str| site.titles(&format!("/api/search?q=reeks{filter}")).await;
    assert_eq!(titles("").await.len(), 3);
    assert_eq!(
        titles("&year=2021").await,
        ["De risico’s van het jongerenwerk"]
    );
    assert_eq!(titles("&language=en").await, ["Safe work"]);
    assert_eq!(titles("&captions=yes").await, ["Veilig online"]);
    assert_eq!(titles("&series=reeks&length=short").await.len(), 3);
    assert!(titles("&length=long").await.is_empty());
    assert!(titles("&series=nergens").await.is_empty());
    let page = site.get_dutch("/search?q=reeks").await.is(200).text();
    assert!(
        page.contains("href=\"/search?q=reeks&amp;year=2021\""),
        "{page}"
    );
    let page = site
        .get_dutch("/search?q=reeks&year=2021")
        .await
        .is(200)
        .text();
    assert!(page.contains("href=\"/search?q=reeks\" "), "{page}");
}

#[tokio::test]
async fn what_one_may_not_see_is_neither_found_nor_counted() {
    let site = site().await;
    let draft = site
        .read("reeks/02-veilig.toml")
        .replace("\"public\"", "\"draft\"");
    site.put("reeks/02-veilig.toml", draft);
    site.scan().await;
    // No word is offered either that is only said there.
    for question in ["schermfoto", "gevaar", "veilig", "schermfoti", "schermf"] {
        let found = site.json(&format!("/api/search?q={question}")).await;
        assert_eq!(
            (&found["total"], found["results"].as_array().unwrap().len()),
            (&0.into(), 0),
            "{question}"
        );
        assert_eq!(found.get("meant"), None, "{question}");
    }
}

#[tokio::test]
async fn no_word_is_offered_of_which_only_a_compound_may_be_seen() {
    let site = site().await;
    let titled = |title: &str, visibility: &str| {
        format!("title = {title:?}\nlanguage = \"nl\"\nvisibility = {visibility:?}\n")
    };
    site.put(
        "reeks/03-safe.toml",
        titled("Wachtwoordbeheer is beheer", "public"),
    );
    site.put("reeks/02-veilig.toml", titled("Het wachtwoord", "draft"));
    site.scan().await;
    let found = site.json("/api/search?q=wachtwoort").await;
    assert!(!found.to_string().contains("\"wachtwoord\""), "{found}");
    site.put("reeks/02-veilig.toml", titled("Het wachtwoord", "public"));
    site.scan().await;
    let found = site.json("/api/search?q=wachtwoort").await;
    assert_eq!(found["meant"][0]["meant"], "wachtwoord");
}

#[tokio::test]
async fn why_something_was_found_is_said_when_the_result_does_not_show_it() {
    let site = site().await;
    site.put("reeks/02-veilig.stappenplan.pdf", "%PDF-1.4 een");
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\norganiser = \"Vereniging Zonnebloem\"\n",
    );
    let about = site.read("reeks/02-veilig.toml");
    let about = format!(
        "summary = \"Over sexting.\"\ndescription = \"Eerst **wachtwoorden** en dan meer.\"\n{about}\n\
         [[speakers]]\nname = \"Mira Bakker\"\nrole = \"wijkagent\"\n\
         [[chapters]]\nstart = \"0:00:00\"\ntitle = \"Kennismaken met pesten\"\n"
    );
    site.put("reeks/02-veilig.toml", about);
    site.scan().await;
    for (question, line) in [
        ("stappenplan", "In een hand-out: "),
        ("pesten", "In een hoofdstuk: "),
        ("wijkagent", "Bij de sprekers: "),
        ("zonnebloem", "Bij de reeks: "),
        ("wachtwoorden", "In de beschrijving: "),
        ("sexting", "In de beschrijving: "),
        // A word that is shown needs no reason, and the other one does.
        ("veilig+stappenplan", "In een hand-out: "),
    ] {
        let page = site.get_dutch(&format!("/search?q={question}")).await;
        let word = question.rsplit('+').next().unwrap();
        let text = page.is(200).shows(line).text().to_lowercase();
        assert!(text.contains(&format!("<mark>{word}</mark>")), "{text}");
        let other = match question {
            "zonnebloem" => 3,
            _ => 1,
        };
        assert_eq!(text.matches("found-in").count(), other, "{question}");
    }
    site.get("/search?q=stappenplan&lang=en")
        .await
        .is(200)
        .shows("In a hand-out: ");
    // What the result shows, or says with its moment, is not said once more.
    for shown in ["veilig", "bakker", "reeks", "schermfoto"] {
        let page = site.get_dutch(&format!("/search?q={shown}")).await;
        page.is(200).shows("recording-row").hides("found-in");
    }
}

#[tokio::test]
async fn a_hand_out_that_is_gone_is_not_found_by_its_name() {
    let site = site().await;
    site.put("reeks/02-veilig.stappenplan.pdf", "%PDF-1.4 een");
    site.scan().await;
    assert_eq!(
        site.titles("/api/search?q=stappenplan").await,
        ["Veilig online"]
    );
    site.remove("reeks/02-veilig.stappenplan.pdf");
    site.scan().await;
    assert!(site.titles("/api/search?q=stappenplan").await.is_empty());
}

#[tokio::test]
async fn what_a_question_has_too_much_of_is_left_out_and_said() {
    let site = site().await;
    let question =
        "veilig online schermfoto gesprek gevaar waar eerst meteen bel zwembad vliegtuig";
    let found = site
        .json(&format!("/api/search?q={}", question.replace(' ', "+")))
        .await;
    assert_eq!(found["total"], 1);
    assert_eq!(
        found["left_out"],
        serde_json::json!(["zwembad", "vliegtuig"]),
        "{found}"
    );
    // A word twice is one, and a number is meant as it is.
    let found = site.json("/api/search?q=jongernwerk+jongernwerk").await;
    assert_eq!(found["meant"].as_array().unwrap().len(), 1);
    site.put(
        "reeks/03-safe.toml",
        "title = \"Terugblik op 2021\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    let found = site.json("/api/search?q=2023").await;
    assert_eq!(found.get("meant"), None);
    assert_eq!(found["total"], 0);
}

#[tokio::test]
async fn an_abbreviation_in_capitals_is_a_word() {
    let site = site().await;
    let titled =
        |title: &str| format!("title = {title:?}\nlanguage = \"nl\"\nvisibility = \"public\"\n");
    site.put("reeks/03-safe.toml", titled("Hulp bij IT"));
    site.put("reeks/02-veilig.toml", titled("Hulp bij geld"));
    site.scan().await;
    assert_eq!(
        site.titles("/api/search?q=hulp+bij+IT").await,
        ["Hulp bij IT"]
    );
    assert_eq!(site.titles("/api/search?q=hulp+bij+it").await.len(), 2);
    // A chain of hyphens is found by each of its words, however long it is.
    let chain = "werk-".repeat(5000);
    site.put(
        "reeks/01-risicos.toml",
        format!("title = \"Dag-in-dag-uit-werk\"\nvisibility = \"public\"\ndescription = \"{chain}einde\"\n"),
    );
    site.scan().await;
    for question in [
        "dag-in-dag-uit-werk",
        "dag+in+dag+uit",
        "einde",
        "werk-einde",
    ] {
        let found = site.titles(&format!("/api/search?q={question}")).await;
        assert_eq!(found, ["Dag-in-dag-uit-werk"], "{question}");
    }
}

/// Which of these words finds which recordings, and at which moments.
async fn everything_found(site: &Site) -> BTreeSet<String> {
    let words = [
        "werk",
        "risico",
        "schermfoto",
        "112",
        "jongeren",
        "onlinejongerenwerk",
        "hulp",
        "schuldhulp",
        "safe",
        "nieuw",
        "bel",
        "gesprekken",
        "reeks",
        "bo",
    ];
    let mut found = BTreeSet::new();
    for word in words {
        let answer = site.json(&format!("/api/search?q={word}")).await;
        for result in answer["results"].as_array().unwrap() {
            found.insert(format!(
                "{word}: {} {}",
                result["recording"]["title"], result["moments"]
            ));
        }
    }
    found
}

#[tokio::test]
async fn after_any_history_the_index_is_what_a_rebuilt_one_is() {
    let site = site().await;
    let safe = site.read("reeks/03-safe.toml");
    site.put(
        "reeks/01-risicos.nl.vtt",
        CAPTIONS.replace("schermfoto", "schuldhulpverlening"),
    );
    site.scan().await;
    site.put(
        "reeks/01-risicos.toml",
        site.read("reeks/01-risicos.toml")
            .replace("risico", "nieuwe kans")
            + "\n[[speakers]]\nname = \"Bo\"\n",
    );
    site.put(
        "reeks/series.toml",
        "title = \"Hulp bij onlinejongerenwerk\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    site.put(
        "reeks/02-veilig.nl.vtt",
        CAPTIONS.replace("gesprek", "telefoontje"),
    );
    site.remove("reeks/01-risicos.nl.vtt");
    site.put(
        "reeks/03-safe.toml",
        safe.replace("Safe work", "Nieuw werk"),
    );
    site.scan().await;
    let before = everything_found(&site).await;
    assert!(before.len() > 10, "{before:?}");
    // As after an update that indexes in another way, and after a day.
    let waiting = site.app.db.write(|conn| {
        conn.execute_batch("DELETE FROM indexed")?;
        assert_eq!(search::waiting(conn)?, 3);
        search::index::forget(conn)?;
        let newest = search::catch_up(conn, i64::MAX, 0)?.unwrap();
        assert_eq!(search::waiting(conn)?, 2);
        search::catch_up(conn, newest, 500)?;
        assert_eq!(search::catch_up(conn, i64::MAX, 500)?, None);
        search::waiting(conn)
    });
    assert_eq!(waiting.await.unwrap(), 0);
    assert_eq!(everything_found(&site).await, before);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(everything_found(&site).await, before);
}

#[tokio::test]
async fn what_changes_before_the_index_has_caught_up_is_indexed_whole() {
    let site = site().await;
    let cleared = site.app.db.write(|conn| {
        conn.execute_batch("DELETE FROM cue_index; UPDATE indexed SET version = 0")?;
        search::waiting(conn)
    });
    assert_eq!(cleared.await.unwrap(), 3);
    site.put(
        "reeks/series.toml",
        "title = \"Herfstreeks\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    let cues = site.app.db.read(|conn| {
        let sql = "SELECT count(*) FROM cue_index WHERE cue_index MATCH 'schermfoto'";
        Ok((
            conn.query_row(sql, [], |row| row.get::<_, u32>(0))?,
            search::waiting(conn)?,
        ))
    });
    assert_eq!(cues.await.unwrap(), (1, 0));
    assert_eq!(site.titles("/api/search?q=herfstreeks").await.len(), 3);
}

#[tokio::test]
async fn a_question_to_the_database_ends_in_time_and_the_next_has_its_own() {
    use terugkijken::catalogue::query::{Query, within};
    use terugkijken::error::Error;
    let endless = "WITH RECURSIVE number (it) AS (VALUES (1) UNION ALL SELECT it + 1 FROM number)
                   SELECT max(it) FROM number";
    let site = Site::open().await;
    let asked = site.app.db.read(move |conn| {
        let time = std::time::Duration::from_millis(20);
        let asked = within(conn, time, || conn.value::<i64>(endless, []));
        let some = endless.replace("FROM number)", "FROM number LIMIT 100000)");
        Ok((asked, conn.value::<i64>(&some, [])?))
    });
    let (asked, next) = asked.await.unwrap();
    assert!(matches!(asked, Err(Error::Busy)), "{asked:?}");
    assert_eq!(next, 100_000);
}

#[tokio::test]
async fn a_moment_leads_to_its_line_in_the_page() {
    let site = site().await;
    let id = site.id_in("reeks/02-veilig.toml");
    let page = site
        .get_dutch(&format!("/watch/{id}?t=5"))
        .await
        .is(200)
        .text();
    assert_eq!(
        page.matches("data-at=\"5000\" data-end=\"8000\" aria-current=\"true\"")
            .count(),
        1,
        "{page}"
    );
    assert_eq!(
        site.get_dutch(&format!("/watch/{id}"))
            .await
            .text()
            .matches("aria-current=\"true\"")
            .count(),
        1
    );
    // What was found nearest to the moment is looked at.
    let page = site
        .get_dutch(&format!("/watch/{id}?find=gevaar+112&t=9"))
        .await
        .is(200)
        .text();
    assert!(
        page.contains("data-hit=\"now\"><a href=\"/watch/") && page.contains("data-at=\"9000\""),
        "{page}"
    );
}
