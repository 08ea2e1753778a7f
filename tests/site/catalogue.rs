//! The tables: their rules have names, their shape is what the migrations make, and every change visitors can see counts.

use std::collections::BTreeMap;

use rusqlite::Connection;
use terugkijken::catalogue::job;
use terugkijken::db;
use terugkijken::processing::worker;

use crate::support::Site;
use crate::support::desk::picture;

fn fresh() -> Connection {
    db::fresh_in_memory().unwrap()
}

fn rows(conn: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        found.push(
            (0..columns)
                .map(|column| format!("{:?}", row.get_ref(column).unwrap()))
                .collect(),
        );
    }
    found
}

/// Tables, columns, indexes, triggers and foreign keys, without regard to comments and order.
fn shape(conn: &Connection) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut shape = BTreeMap::new();
    let objects = rows(
        conn,
        "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
    );
    let tables: Vec<String> = rows(conn, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .into_iter()
        .map(|row| row[0].trim_start_matches("Text(").to_owned())
        .collect();
    assert!(tables.len() > 12);
    shape.insert("objects".to_owned(), objects);
    let names: Vec<String> = {
        let mut statement = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    for name in names {
        for pragma in ["table_xinfo", "foreign_key_list", "index_list"] {
            let mut found = rows(conn, &format!("SELECT * FROM pragma_{pragma}('{name}')"));
            found.sort();
            shape.insert(format!("{name} {pragma}"), found);
        }
    }
    shape
}

#[test]
fn a_migrated_database_equals_a_fresh_one() {
    let mut migrated = Connection::open_in_memory().unwrap();
    db::MIGRATIONS.to_latest(&mut migrated).unwrap();
    assert_eq!(shape(&migrated), shape(&fresh()));
    db::MIGRATIONS.validate().unwrap();
}

#[tokio::test]
async fn a_database_of_the_first_shape_is_brought_up_to_date_with_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.db");
    let mut old = Connection::open(&path).unwrap();
    db::MIGRATIONS.to_version(&mut old, 1).unwrap();
    assert_ne!(shape(&old), shape(&fresh()), "the premise: it is older");
    old.execute_batch(
        "INSERT INTO series (folder, slug, title, created_at) VALUES ('reeks', 'reeks', 'Reeks', 1);
         INSERT INTO recording (public_id, series_id, stem, title, created_at) VALUES ('0123456789', 1, '01', 'Een', 1);",
    )
    .unwrap();
    db::MIGRATIONS.to_version(&mut old, 11).unwrap();
    old.execute_batch(
        "INSERT INTO coordinator (email, name, role) VALUES ('mira@example.org', 'Mira', 'editor');
         UPDATE recording SET keeper_id = 1;
         INSERT INTO audit (at, who, act, subject) VALUES (1, 'mira@example.org', 'edit', 'recording 0123456789');
         INSERT INTO pass (token, series_id, proof, expires_at) VALUES ('0123456789abcdef', 1, 'proof', 9);
         INSERT INTO job (step, recording_id, priority, run_after, parked_at) VALUES ('poster', 1, 1, 1, 1);",
    )
    .unwrap();
    db::MIGRATIONS.to_version(&mut old, 24).unwrap();
    old.execute_batch(
        "INSERT INTO message (recording_id, kind, at_s, text, reply_to, language, received_at, handled_at, handled_by)
         VALUES (1, 'picture', 2, 'Weg', 'sam', 'nl', 3, 4, 1);",
    )
    .unwrap();
    drop(old);
    let db = db::Db::open(&path).await.unwrap();
    let (caught_up, kept) = db
        .read(|conn| {
            let sql = "SELECT title || ' ' || owner_id || ' ' || actor || ' ' || token || ' ' || proof || ' ' || access_grant.series_id || ' '
                              || expires_at || ' ' || (SELECT count(*) FROM job)
                              || ' ' || (SELECT kind || at_s || text || reply_to || received_at || handled_at || handled_by FROM message)
                       FROM recording, audit, access_grant";
            let kept: String = conn.query_row(sql, [], |row| row.get(0))?;
            Ok((shape(conn), kept))
        })
        .await
        .unwrap();
    assert_eq!(caught_up, shape(&fresh()));
    assert_eq!(
        kept,
        "Een 1 mira@example.org 0123456789abcdef proof 1 9 0 picture2Wegsam341"
    );
    // A new one is made from schema.sql, comments included, and counts as caught up.
    let new = db::Db::open(&folder.path().join("new.db")).await.unwrap();
    let mut versions = Vec::new();
    for db in [db, new] {
        let version = db.read(|conn| {
            Ok(conn.query_row("PRAGMA user_version", [], |row| row.get::<_, usize>(0))?)
        });
        versions.push(version.await.unwrap());
    }
    assert!(
        versions[0] > 1 && versions[0] == versions[1],
        "{versions:?}"
    );
}

#[test]
fn every_table_is_strict_and_every_rule_has_a_name() {
    let schema = include_str!("../../schema.sql");
    let code: String = schema
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let tables: Vec<&str> = code.split("CREATE TABLE ").skip(1).collect();
    assert!(tables.len() > 12);
    for table in tables {
        let (body, rest) = table.split_once("\n)").unwrap();
        let name = body.split_whitespace().next().unwrap();
        assert!(
            rest.trim_start().starts_with("STRICT"),
            "{name} is not strict"
        );
        for word in ["CHECK (", "REFERENCES ", "UNIQUE ("] {
            for (at, _) in body.match_indices(word) {
                let before: String = body[..at]
                    .chars()
                    .rev()
                    .take(90)
                    .collect::<String>()
                    .chars()
                    .rev()
                    .collect();
                assert!(
                    before.contains("CONSTRAINT "),
                    "{word} without a name in {name}: …{before}"
                );
            }
        }
    }
}

#[test]
fn every_foreign_key_says_what_happens_on_deletion_and_has_an_index() {
    let conn = fresh();
    let mut statement = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%REFERENCES%'")
        .unwrap();
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(names.len() >= 8);
    for name in names {
        for key in rows(
            &conn,
            &format!("SELECT on_delete FROM pragma_foreign_key_list('{name}')"),
        ) {
            assert!(
                !key[0].contains("4e4f20414354494f4e") && !key[0].contains("NO ACTION"),
                "{name}: {key:?}"
            );
        }
    }
}

#[tokio::test]
async fn every_change_visitors_can_see_moves_the_revision_and_a_question_does_not() {
    let site = Site::open().await;
    let number = async || -> i64 {
        site.app
            .db
            .read(|conn| Ok(conn.query_row("SELECT number FROM revision", [], |row| row.get(0))?))
            .await
            .unwrap()
    };
    let mut last = number().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    for (file, text) in [
        ("reeks/01-begin.toml", "title = \"Anders\"\n"),
        (
            "reeks/01-begin.nl.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
        ),
        ("reeks/01-begin.werkblad.pdf", "%PDF-1.4"),
        (
            "reeks/series.toml",
            "visibility = \"public\"\ntitle = \"Andere titel\"\n",
        ),
    ] {
        site.put(file, text);
        site.scan().await;
        let now = number().await;
        assert!(now > last, "{file} did not move it");
        last = now;
        site.get("/api/series/reeks").await.is(200);
        assert_eq!(number().await, last);
    }
    // Whether the database can be written is found out in a place of its own.
    site.get("/readyz").await.is(200);
    let written = site.app.db.read(|conn| {
        Ok(conn.query_row("SELECT number FROM write_probe", [], |row| {
            row.get::<_, i64>(0)
        })?)
    });
    assert_eq!((number().await, written.await.unwrap()), (last, 1));
}

#[tokio::test]
async fn a_reader_cannot_write_and_a_failed_command_leaves_nothing() {
    let site = Site::open().await;
    let refused = site
        .app
        .db
        .read(|conn| Ok(conn.execute("INSERT INTO speaker (slug, name) VALUES ('a', 'A')", [])?))
        .await;
    assert!(refused.is_err());
    let failed = site.app.db.write(|conn| {
        conn.execute("INSERT INTO speaker (slug, name) VALUES ('a', 'A')", [])?;
        Err::<(), _>(terugkijken::error::Error::NotFound)
    });
    assert!(failed.await.is_err());
    let panicked = site.app.db.write::<(), _>(|_| panic!("on purpose"));
    assert!(panicked.await.is_err());
    let count: i64 = site
        .app
        .db
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM speaker", [], |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn search_finds_words_beginnings_and_other_forms_and_knows_what_matters_most() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "visibility = \"public\"\ntitle = \"Online jongerenwerk\"\n",
    );
    for (number, (stem, text)) in [
        ("risicos", "title = \"De risico's van online werken\"\n"),
        (
            "contact",
            "title = \"Contact leggen\"\ndescription = \"Over vertrouwen en één risico.\"\n",
        ),
        (
            "team",
            "title = \"Werken in je team\"\n[[speakers]]\nname = \"Noor Jansen\"\n",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        site.put_clip(
            &format!("reeks/0{number}-{stem}.mp4"),
            u32::try_from(number).unwrap() + 1,
        );
        site.put(&format!("reeks/0{number}-{stem}.toml"), text);
    }
    site.scan().await;
    for (question, expected) in [
        (
            "risico",
            vec!["De risico's van online werken", "Contact leggen"],
        ),
        (
            "RISICO'S",
            vec!["De risico's van online werken", "Contact leggen"],
        ),
        ("jansen", vec!["Werken in je team"]),
        ("een", vec!["Contact leggen"]),
        ("vertrouw", vec!["Contact leggen"]),
        ("online team", vec!["Werken in je team"]),
        ("bestaatniet", vec![]),
    ] {
        let titles = site.titles(&format!("/api/search?q={question}")).await;
        assert_eq!(titles, expected, "{question}");
    }
}

#[tokio::test]
async fn a_job_that_is_queued_again_while_it_runs_is_run_again() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.png", picture(640));
    site.scan().await;
    let plan_and_take = async || {
        let steps = worker::wanted(&site.app.config, false);
        let taken = site.app.db.write(move |conn| {
            worker::plan(conn, &steps, 100)?;
            job::take(conn, job::Worker::Server, 100)
        });
        taken.await.unwrap()
    };
    let at_work = plan_and_take().await.unwrap();
    assert_eq!(at_work.step, "poster");
    // Another picture is put there while the first is being drawn.
    site.put("reeks/01-begin.png", picture(320));
    site.scan().await;
    let again = plan_and_take().await.unwrap();
    assert_eq!((&*again.step, again.id), ("poster", at_work.id));
    assert_ne!(again.version, at_work.version);
    let done = at_work.clone();
    let finish = site.app.db.write(move |conn| job::finish(conn, &done));
    finish.await.unwrap();
    let held = site.app.db.read(|conn| {
        let sql = "SELECT count(*) FROM job WHERE step = 'poster'";
        Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(held.await.unwrap(), 1, "the second asking is not lost");
    let finish = site.app.db.write(move |conn| job::finish(conn, &again));
    finish.await.unwrap();
    // Nobody drew it: it is wanted still.
    assert_eq!(plan_and_take().await.unwrap().step, "poster");
    site.work_until_idle().await;
    assert_eq!(plan_and_take().await, None, "what was drawn is not");
}

#[tokio::test]
async fn a_picture_that_comes_while_files_are_hashed_goes_before_them() {
    let site = Site::open().await;
    let left = async |sql: &'static str| {
        let left = site
            .app
            .db
            .read(move |conn| Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?));
        left.await.unwrap()
    };
    let hashes = async || left("SELECT count(*) FROM job WHERE step = 'hash'").await;
    // A machine may be so fast that all is hashed before the picture has been seen: then once more, with other files.
    for attempt in 0..5 {
        for number in 0..40 {
            let name = format!("reeks/{attempt:02}-{number:02}-deel.mp4");
            site.put_clip(&name, 1 + 100 * attempt + number);
        }
        site.scan().await;
        let coming = async {
            for _ in 0..10_000 {
                if hashes().await > 0 {
                    break;
                }
            }
            site.put(&format!("reeks/{attempt:02}-00-deel.png"), picture(640));
            site.scan().await;
            let pictures = async || left("SELECT count(*) FROM poster WHERE rendered = 0").await;
            while pictures().await > 0 && hashes().await > 0 {
                tokio::task::yield_now().await;
            }
            hashes().await
        };
        let ((), still_to_hash) = tokio::join!(site.work_until_idle(), coming);
        if still_to_hash > 0 {
            return;
        }
    }
    panic!("the picture was drawn after all files were hashed, each time");
}

#[tokio::test]
async fn what_is_no_longer_wanted_is_not_worked_on_and_not_complained_of() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.png", "no picture");
    site.scan().await;
    let plan = async || {
        let steps = worker::wanted(&site.app.config, false);
        let planned = site.app.db.write(move |conn| {
            worker::plan(conn, &steps, 100)?;
            Ok(conn.query_row("SELECT count(*) FROM job", [], |row| row.get::<_, i64>(0))?)
        });
        planned.await.unwrap()
    };
    assert_eq!(plan().await, 2);
    let parked = site
        .app
        .db
        .write(|conn| Ok(conn.execute("UPDATE job SET parked_at = 1", [])?));
    assert_eq!(parked.await.unwrap(), 2);
    assert_eq!(plan().await, 2, "what was given up stays");
    for name in ["01-begin.mp4", "01-begin.png", "01-begin.toml"] {
        site.remove(&format!("reeks/{name}"));
    }
    site.scan().await;
    assert_eq!(plan().await, 1, "no file is to be hashed any more");
    let again = site
        .app
        .db
        .write(|conn| Ok(conn.execute("UPDATE job SET parked_at = NULL", [])?));
    assert_eq!(again.await.unwrap(), 1);
    site.work_until_idle().await;
    let left = site.app.db.read(|conn| {
        Ok(conn.query_row("SELECT count(*) FROM job", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(
        left.await.unwrap(),
        0,
        "a picture that is gone is no failure"
    );
}
