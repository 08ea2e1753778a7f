//! What is wiped is gone from every byte of both folders: names of people and of files, what was said, and what anybody wrote about
//! it, whatever happened to it and to others before and after.

use rusqlite::Connection;
use terugkijken::archive::purge::purge;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::cli::serve::destroy_by_age;

use crate::support::desk::{Desk, link_of, picture};
use crate::support::people::PASSWORD;
use crate::support::program::{Program, command};
use crate::support::{Site, clips, traces};

/// Words of the recording that is wiped, and of nothing else.
const WORDS: [&str; 11] = [
    "Wendelmoed",
    "Kwakernaaksma",
    "schuldhulpzwam",
    "verzwijgploeter",
    "Zwurmgratpunt",
    "hoofdstukjuweel",
    "Geheimklapper",
    "intrekgrondsop",
    "kringgesprekvlam",
    "Vroegernaamvos",
    "Ploegrolbaas",
];

/// What a client says about a file, as it is sent: `filename Interview Wendelmoed…`.
const SENT: &[u8] = b"SW50ZXJ2aWV3IFdlbmRlbG1vZW";

const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nToen kwam mijn schuldhulpzwam ter sprake\n\n00:01.000 --> 00:02.000\nen dat verzwijgploeter ik niet\n";

/// Others, with names, sentences and hand-outs of their own; the longer the number, the further apart.
fn put_others(site: &Site, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let stem = format!("reeks/{number:03}-deel-{}", number * 7919 % 1000);
        let sentence = format!("de jongeren van wijk {} zeggen het zelf", number * 31);
        let cues: String = (0..60)
            .map(|at| format!("00:{at:02}.000 --> 00:{at:02}.900\n{sentence} {at}\n\n"))
            .collect();
        site.put_clip(&format!("{stem}.mp4"), number % 6 + 1);
        site.put(&format!("{stem}.nl.vtt"), format!("WEBVTT\n\n{cues}"));
        let speaker = format!("Bewoner {} Dorpstra{}", number * 13 % 97, number);
        let text = format!(
            "title = \"Bijeenkomst {number}\"\nsummary = \"{sentence}\"\nvisibility = \"public\"\n[[speakers]]\nname = \"{speaker}\"\n"
        );
        site.put(&format!("{stem}.toml"), text);
    }
}

/// Takes every so many of them away, through the desk.
async fn wipe_some(site: &Site, mira: &Desk, numbers: impl Iterator<Item = u32>) {
    for number in numbers {
        let stem = format!("reeks/{number:03}-deel-{}", number * 7919 % 1000);
        let id = site.id_in(&format!("{stem}.toml"));
        wipe(mira, &id).await;
    }
}

async fn wipe(mira: &Desk, id: &str) {
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
    let erase = format!("{page}/erase?lang=nl");
    mira.does(&erase, &[("sure", "yes")])
        .await
        .shows("De opname is voorgoed gewist.");
}

/// The recording, in the life that a recording may have. Answers its id.
async fn a_life(site: &Site, mira: &Desk) -> String {
    // Sent under the name of a person, and damaged at first.
    let name = "Interview Wendelmoed Kwakernaaksma.mp4";
    let named = [("filename", name)];
    let damaged = mira.upload(b"geen opname".to_vec(), &named).await;
    assert_eq!(mira.report(&damaged).await["state"], "refused");
    let sent = mira
        .upload(clips::bytes("a.mp4", 11), &[("filename", name)])
        .await;
    assert_eq!(mira.report(&sent).await["state"], "done");
    let id = site.id_in("inbox/interview-wendelmoed-kwakernaaksma.toml");
    // And once more by mistake.
    mira.upload(clips::bytes("a.mp4", 11), &[("filename", name)])
        .await;
    let page = format!("/desk/recordings/{id}");
    mira.fill(&page, &[("title", "Vroegernaamvos vertelt")])
        .await;
    mira.fill(
        &page,
        &[
            ("title", "Wendelmoed Kwakernaaksma vertelt"),
            ("summary", "Een Zwurmgratpunt."),
            ("speaker_name", "Wendelmoed Kwakernaaksma"),
            ("speaker_role", "Ploegrolbaas"),
            ("chapters", "0:00 Het hoofdstukjuweel\n0:01 Slot"),
        ],
    )
    .await;
    mira.put_file(
        &format!("{page}/captions"),
        "nl.vtt",
        CAPTIONS,
        ("language", "nl"),
    )
    .await
    .is(303);
    let handout = format!("{page}/handouts");
    let title = ("title", "Vragen van de kringgesprekvlam");
    mira.put_file(&handout, "Wendelmoed.pdf", "%PDF-1.4 Geheimklapper", title)
        .await
        .is(303);
    mira.put_file(
        &format!("{page}/poster"),
        "Wendelmoed.png",
        picture(640),
        ("poster", "yes"),
    )
    .await
    .is(303);
    site.work_until_idle().await;
    let links = [("link_name", "Geheimklapper"), ("link_until", "")];
    let made = mira.does(&format!("{page}/links"), &links).await;
    link_of(&made, "Geheimklapper");
    // It changes its series at the desk, its name in the folder, and its file.
    mira.move_to(&mira.series("Reeks").await, &id).await;
    let files: Vec<String> = std::fs::read_dir(site.path("reeks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|file| file.to_lowercase().contains("wendelmoed"))
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    let stem = files.iter().find_map(|file| file.strip_suffix(".toml"));
    let stem = stem.unwrap().to_owned();
    for file in files {
        let renamed = file.replace(&stem, "gesprek-met-kwakernaaksma");
        site.rename(&format!("reeks/{file}"), &format!("reeks/{renamed}"));
    }
    let toml = "reeks/gesprek-met-kwakernaaksma.toml";
    let told = site.read(toml).replace(&stem, "gesprek-met-kwakernaaksma");
    site.put(toml, told);
    site.scan().await;
    mira.upload(
        clips::bytes("a.mp4", 12),
        &[("filename", name), ("replaces", &id)],
    )
    .await;
    let visibility = format!("{page}/visibility");
    mira.fill(&visibility, &[("visibility", "public")]).await;
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Wendelmoed");
    mira.fill(
        &visibility,
        &[
            ("visibility", "withdrawn"),
            ("withdrawn_reason", "Op verzoek, intrekgrondsop"),
        ],
    )
    .await;
    id
}

#[tokio::test]
async fn nothing_of_what_is_wiped_is_left_in_any_byte_whatever_happens_before_and_after() {
    let site = Site::open_with(|config| config.trash_days = 0).await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    put_others(&site, 0..30);
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let id = a_life(&site, &mira).await;
    put_others(&site, 30..50);
    site.scan().await;
    wipe_some(&site, &mira, (1..30).step_by(7)).await;
    // Another start takes statistics of what is there.
    let site = site.restarted().await;
    let mira = site.sign_in(&mira.email, PASSWORD).await;
    let mira = mira.unwrap();
    let there = site.traces(&WORDS);
    for word in WORDS {
        assert!(traces::has(&there, word), "{word} is not in {there:#?}");
    }

    assert!(says_sent(&site), "what was sent is not there");

    wipe(&mira, &id).await;
    let none = Default::default();
    assert_eq!(site.traces(&WORDS), none, "while it runs");
    let log = mira.get("/desk/audit?lang=nl").await.is(200);
    log.shows("definitief gewist").shows("mira@example.org");
    put_others(&site, 50..60);
    wipe_some(&site, &mira, (3..50).step_by(9)).await;
    site.scan().await;
    assert_eq!(site.traces(&WORDS), none, "after a scan");
    let site = site.restarted().await;
    site.scan().await;
    assert_eq!(site.traces(&WORDS), none, "after another start");
    assert!(!says_sent(&site), "what was sent is there");
    site.get(&format!("/watch/{id}")).await.is(410);
}

/// Whether the database holds what a client said about the file.
fn says_sent(site: &Site) -> bool {
    let files = traces::files(site.app.library.data()).into_iter();
    let mut contents = files.map(|file| std::fs::read(file).unwrap());
    contents.any(|bytes| bytes.windows(SENT.len()).any(|window| window == SENT))
}

/// A public recording that was put into the folder, with files of which the scan uses some.
fn put_by_hand(site: &Site, stem: &str) {
    site.put_clip(&format!("{stem}.mp4"), 3);
    site.put(&format!("{stem}.nl.vtt"), CAPTIONS);
    // A second one in that language, one of no language, and a second picture.
    site.put(&format!("{stem}.nl.srt"), CAPTIONS);
    site.put(&format!("{stem}.schuldhulpzwam uitgetikt.vtt"), CAPTIONS);
    // What an editor left, which is no hand-out.
    site.put(&format!("{stem}.mp4.bak"), "schuldhulpzwam");
    site.put(&format!("{stem}.jpg"), picture(320));
    site.put(&format!("{stem}.png"), picture(640));
}

fn rename_all(site: &Site, folder: &str, from: &str, to: &str) {
    for entry in std::fs::read_dir(site.path(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(rest) = name.strip_prefix(from) {
            site.rename(&format!("{folder}/{name}"), &format!("{folder}/{to}{rest}"));
        }
    }
}

#[tokio::test]
async fn every_name_that_it_had_in_the_folder_goes_with_all_files_that_bear_one() {
    let site = Site::open().await;
    site.put("oud/series.toml", "visibility = \"public\"\n");
    site.put("nieuw/series.toml", "visibility = \"public\"\n");
    site.put_clip("nieuw/01-ander.mp4", 1);
    put_by_hand(&site, "oud/wendelmoed-vertelt");
    site.scan().await;
    let id = site.id_in("oud/wendelmoed-vertelt.toml");
    let mira = site.colleague("mira", Role::Administrator).await;
    rename_all(&site, "oud", "wendelmoed-vertelt", "geheimklapper");
    site.scan().await;
    rename_all(&site, "oud", "geheimklapper", "vroegernaamvos");
    site.scan().await;
    mira.move_to(&mira.series("Nieuw").await, &id).await;
    assert_eq!(std::fs::read_dir(site.path("oud")).unwrap().count(), 1);
    rename_all(&site, "nieuw", "vroegernaamvos", "ploegrolbaas");
    site.scan().await;
    let log = mira.get("/desk/audit").await.is(200);
    for name in [
        "wendelmoed",
        "geheimklapper",
        "vroegernaamvos",
        "ploegrolbaas",
    ] {
        assert!(log.text().contains(name), "{name}");
    }
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
    mira.get(&format!("{page}/erase"))
        .await
        .shows("ploegrolbaas.nl.srt")
        .shows("ploegrolbaas.schuldhulpzwam uitgetikt.vtt")
        .hides("01-ander");
    mira.does(&format!("{page}/erase"), &[("sure", "yes")])
        .await;
    assert_eq!(site.traces(&WORDS), Default::default());
    site.scan().await;
    assert_eq!(site.traces(&WORDS), Default::default(), "after a scan");
    assert!(site.path("nieuw/01-ander.mp4").exists());
    mira.get("/desk/audit").await.is(200).shows("01-ander");
}

#[tokio::test]
async fn what_another_program_holds_back_is_told_and_finished_later() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    put_by_hand(&site, "reeks/wendelmoed-vertelt");
    site.scan().await;
    let id = site.id_in("reeks/wendelmoed-vertelt.toml");
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
    let reader = Connection::open(site.app.library.database()).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM recording;")
        .unwrap();
    mira.does(&format!("{page}/erase?lang=nl"), &[("sure", "yes")])
        .await
        .shows("De laatste sporen");
    assert!(
        traces::has(&site.traces(&WORDS), "Wendelmoed"),
        "the premise"
    );
    assert!(!purge(&site.app).await.unwrap(), "it still reads");
    reader.execute_batch("COMMIT").unwrap();
    assert!(purge(&site.app).await.unwrap());
    assert_eq!(site.traces(&WORDS), Default::default());
}

/// Rows that come and go in a table of the portal's database, one in ten of them with a name; at the end none has one. SQLite divides
/// full pages and joins empty ones all the time.
const COMING_AND_GOING: &str = "
    CREATE TABLE proef (id INTEGER PRIMARY KEY, word TEXT NOT NULL, text TEXT NOT NULL);
    CREATE INDEX proef_by_word ON proef (word);
    WITH RECURSIVE step (n, r) AS (
        SELECT 1, 12345
        UNION ALL SELECT n + 1, (r * 1103515245 + 12345) % 2147483648 FROM step WHERE n < 6000)
    INSERT OR IGNORE INTO proef (id, word, text)
    SELECT r, hex(r * 7919) || iif(n % 10 = 0, 'Wendelmoed', ''),
           replace(hex(zeroblob(1 + r / 65536 % 40)), '00', iif(n % 10 = 0, 'Wendelmoed', 'iets anders'))
    FROM step;
    DELETE FROM proef WHERE id / 65536 % 3 = 0;
    UPDATE proef SET text = text || text WHERE id / 65536 % 7 = 1;
    DELETE FROM proef WHERE id / 65536 % 5 = 2;
    DELETE FROM proef WHERE instr(word, 'Wendelmoed') > 0;";

#[tokio::test]
async fn copies_of_rows_in_unused_parts_of_pages_go_as_well() {
    let site = Site::open().await;
    site.put_rows(COMING_AND_GOING).await;
    assert!(site.app.db.checkpoint().await.unwrap());
    assert!(
        traces::has(&site.traces(&WORDS), "Wendelmoed"),
        "the premise"
    );
    assert!(site.app.db.rewrite().await.unwrap());
    assert_eq!(site.traces(&WORDS), Default::default());
}

#[tokio::test]
async fn a_portal_whose_database_is_written_anew_is_ready() {
    let site = Site::open().await;
    let rewriting = site.app.db.lock_for_rewrite().await;
    // Whoever saves waits.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let db = site.app.db.clone();
    let saving = tokio::spawn(async move {
        let saved = db.write(move |_| Ok(ended.recv().is_ok()));
        saved.await.unwrap()
    });
    site.get("/readyz").await.is(200);
    end.send(()).unwrap();
    assert!(saving.await.unwrap());
    drop(rewriting);
    site.get("/readyz").await.is(200);
}

#[tokio::test]
async fn a_wipe_that_was_cut_off_is_finished_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let series = folder.path().join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    std::fs::write(series.join("01-een.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    let add = "coordinator add eva@example.org --name Eva --role administrator --password-stdin";
    let add: Vec<&str> = add.split(' ').collect();
    assert!(command(folder.path(), &add, &format!("{PASSWORD}\n")).0);
    let program = Program::start(folder.path()).await;
    program.kill();
    // What a kill leaves between the rows of a wipe and the end of it.
    let path = folder.path().join("data/catalogue.db");
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA secure_delete = OFF;
             INSERT INTO speaker (slug, name) VALUES ('wendelmoed', 'Wendelmoed Kwakernaaksma');
             DELETE FROM speaker;
             UPDATE purge SET wanted = wanted + 1;
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
    drop(database);
    let holds = || {
        let files = traces::files(&folder.path().join("data"));
        let mut contents = files.iter().map(|file| std::fs::read(file).unwrap());
        contents.any(|bytes| bytes.windows(10).any(|window| window == b"Wendelmoed"))
    };
    assert!(holds(), "the premise");
    let program = Program::start(folder.path()).await;
    while holds() {
        program.client.get("/healthz").await.is(200);
    }
    program.kill();
    assert!(!holds());
}

#[tokio::test]
async fn what_was_taken_out_without_a_wipe_is_gone_after_a_day_and_no_statistics_keep_samples() {
    let site = Site::open().await;
    site.put_clip("reeks/01-een.mp4", 1);
    site.scan().await;
    // Nobody names this speaker any more.
    site.put_rows("INSERT INTO speaker (slug, name) VALUES ('wendelmoed', 'Wendelmoed');")
        .await;
    assert!(purge(&site.app).await.unwrap());
    assert!(
        traces::has(&site.traces(&WORDS), "Wendelmoed"),
        "the premise"
    );
    // As a version before did.
    site.put_rows("PRAGMA analysis_limit = 0; ANALYZE;").await;
    assert!(samples(&site) > 0, "the premise");
    let now = site.app.clock.now();
    let site = site.restarted().await;
    assert_eq!(samples(&site), 0);
    site.app.clock.hold(now + 24 * 60 * 60);
    destroy_by_age(&site.app).await.unwrap();
    assert_eq!(site.traces(&WORDS), Default::default());
}

/// How many keys SQLite keeps for its statistics.
fn samples(site: &Site) -> i64 {
    let database = Connection::open(site.app.library.database()).unwrap();
    let sql = "SELECT count(*) FROM sqlite_stat4";
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}
