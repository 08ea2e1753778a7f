//! The moment of publication in the folder: what people write there themselves, what the version before left there, and what a
//! wrong clock wrote.

use jiff::Timestamp;
use rusqlite::named_params;
use terugkijken::catalogue::coordinator::Role;

use crate::publication::{DAY, HOUR, NINE, edit, feed, kept, published, show, site};
use crate::support::markup::between;
use crate::support::{Site, says};

const PUBLIC: &str = "date = \"2026-10-20\"\nvisibility = \"public\"\n";

fn moment(at: i64) -> String {
    Timestamp::from_second(at).unwrap().to_string()
}

#[tokio::test]
async fn a_moment_written_by_hand_is_taken_when_it_has_been() {
    let written = "published = 2024-05-01T10:00:00+02:00 # zo stond het op de oude site\n";
    let said = format!("{PUBLIC}{written}");
    let site = site(&[("01-een", &said), ("02-twee", PUBLIC)]).await;
    let at = 1_714_550_400;
    assert_eq!(published(&site).await["01-een"], at);
    assert!(site.read("reeks/01-een.toml").contains(written));
    // Corrected afterwards, to a moment before and after the one that was kept.
    for other in [at - DAY, at + DAY] {
        edit(&site, "02-twee", |text| {
            let text: Vec<&str> = text
                .lines()
                .filter(|line| !line.starts_with("published"))
                .collect();
            format!("{}\npublished = {}\n", text.join("\n"), moment(other))
        });
        site.scan().await;
        assert_eq!(published(&site).await["02-twee"], other);
    }
    // One that is still to come is reported, and the file says again what is known.
    edit(&site, "02-twee", |text| {
        text.replace(&moment(at + DAY), &moment(NINE + DAY))
    });
    says(
        &site.scan().await,
        &["02-twee.toml", "no moment that has been"],
    );
    assert_eq!(kept(&site, "02-twee"), Some(at + DAY));
    // So it does when somebody takes the line away.
    edit(&site, "02-twee", |text| {
        text.replace("published", "# published")
    });
    site.scan().await;
    assert_eq!(
        (kept(&site, "02-twee"), published(&site).await["02-twee"]),
        (Some(at + DAY), at + DAY)
    );
}

#[tokio::test]
async fn a_copy_of_a_sidecar_is_not_published_when_the_first_was() {
    let site = site(&[("01-een", PUBLIC)]).await;
    site.app.clock.hold(NINE + DAY);
    site.put_clip("reeks/02-twee.mp4", 2);
    site.put(
        "reeks/02-twee.toml",
        site.read("reeks/01-een.toml")
            .replace("file = \"01-een.mp4\"\n", ""),
    );
    site.scan().await;
    let at = published(&site).await;
    assert_eq!((at["01-een"], at["02-twee"]), (NINE, NINE + DAY));
    assert_eq!(kept(&site, "02-twee"), Some(NINE + DAY));
}

#[tokio::test]
async fn a_clock_that_jumps_leaves_no_moment_in_the_future() {
    let begin = format!("{PUBLIC}visible_from = {}\n", moment(NINE + 300 * DAY));
    let site = site(&[
        ("01-een", "visibility = \"draft\"\n"),
        ("02-gepland", &begin),
    ])
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    // In a year that has not come yet something is published, and the folder is read.
    site.app.clock.hold(NINE + 400 * DAY);
    site.app.beat().await.unwrap();
    let mira = mira
        .sign_in(&mira.email, crate::support::people::PASSWORD)
        .await
        .unwrap();
    show(&mira, &site.id_in("reeks/01-een.toml"), "public").await;
    site.scan().await;
    assert_eq!(kept(&site, "02-gepland"), Some(NINE + 300 * DAY));
    // Back in the right year nothing that programs read is later than now, before a scan and after it.
    site.app.clock.hold(NINE + HOUR);
    assert_eq!(feed(&site, "/feed.xml").await.len(), 1);
    site.scan().await;
    site.app.clock.hold(NINE + DAY);
    assert_eq!(published(&site).await["01-een"], NINE + HOUR);
    assert_eq!(kept(&site, "01-een"), Some(NINE + HOUR));
    // What was planned comes at its moment.
    site.app.clock.hold(NINE + 301 * DAY);
    assert_eq!(published(&site).await["02-gepland"], NINE + 300 * DAY);
}

/// The folder and the catalogue as the version before this field left them.
async fn forget_publication(site: &Site) {
    let folder = site.path("reeks");
    let mut hashes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".toml") else {
            continue;
        };
        let text = site.read(&format!("reeks/{name}"));
        let lines = text.lines().filter(|line| !line.starts_with("published"));
        let text = lines.collect::<Vec<_>>().join("\n") + "\n";
        site.put(&format!("reeks/{name}"), &text);
        hashes.push((
            stem.to_owned(),
            blake3::hash(text.as_bytes()).to_hex().to_string(),
        ));
    }
    let forgotten = site.app.db.write(move |conn| {
        conn.execute(
            "UPDATE recording SET published = NULL, changed_at = NULL",
            [],
        )?;
        for (stem, hash) in &hashes {
            let sql = "UPDATE recording SET sidecar_hash = :hash WHERE stem = :stem";
            conn.execute(sql, named_params! { ":hash": hash, ":stem": stem })?;
        }
        Ok(())
    });
    forgotten.await.unwrap();
}

#[tokio::test]
async fn what_was_public_before_the_update_is_not_new_after_it() {
    let planned = format!("{PUBLIC}visible_from = {}\n", moment(NINE + 2 * HOUR));
    let site = site(&[
        (
            "01-gepubliceerd",
            "date = \"2026-10-20\"\nvisibility = \"draft\"\n",
        ),
        ("02-gepland", &planned),
        ("03-datum", PUBLIC),
        ("04-zonder", "# Van Mira.\nvisibility = \"public\"\n"),
        ("05-concept", "visibility = \"draft\"\n"),
        ("06-weg", PUBLIC),
    ])
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.app.clock.hold(NINE + HOUR);
    show(&mira, &site.id_in("reeks/01-gepubliceerd.toml"), "public").await;
    site.app.clock.hold(NINE + 3 * HOUR);
    show(&mira, &site.id_in("reeks/02-gepland.toml"), "public").await;
    let thrown_away = site.id_in("reeks/06-weg.toml");
    mira.does(&format!("/desk/recordings/{thrown_away}/trash"), &[])
        .await;
    forget_publication(&site).await;

    site.app.clock.hold(NINE + 30 * DAY);
    let mira = mira
        .sign_in(&mira.email, crate::support::people::PASSWORD)
        .await
        .unwrap();
    // The date stands for it until the folder is read.
    let noon = 1_792_490_400;
    let text = site.get("/series/reeks/feed.xml").await.is(200).text();
    assert!(text.contains("Tue, 20 Oct 2026 12:00:00 +0200"), "{text}");
    let guids = |text: String| {
        let parts = text.split("terugkijken:").skip(1);
        let mut all: Vec<String> = parts.map(|part| part[..10].to_owned()).collect();
        all.sort();
        all
    };
    let before = guids(text);
    site.scan().await;
    let at = published(&site).await;
    let expected = [
        // The act of the audit list, the begin, the date, and the arrival.
        ("01-gepubliceerd", NINE + HOUR),
        ("02-gepland", NINE + 2 * HOUR),
        ("03-datum", noon),
        ("04-zonder", NINE),
    ];
    assert_eq!(at, expected.map(|(stem, at)| (stem.to_owned(), at)).into());
    for (stem, at) in expected {
        assert_eq!(kept(&site, stem), Some(at), "{stem}");
    }
    assert!(
        site.read("reeks/04-zonder.toml")
            .starts_with("# Van Mira.\n")
    );
    let text = site.get("/series/reeks/feed.xml").await.text();
    assert_eq!(guids(text), before);
    // Nothing counts as changed, and a second scan writes nothing.
    let text = site.get("/feed.xml").await.text();
    let changed = between(&text, "<lastBuildDate>", "</lastBuildDate>");
    assert!(changed.contains("25 Nov 2026 11:00"), "{changed}");
    let sidecars =
        || ["01-gepubliceerd", "04-zonder"].map(|stem| site.read(&format!("reeks/{stem}.toml")));
    let first = sidecars();
    site.scan().await;
    assert_eq!(sidecars(), first);
    // What was a draft is new when it is published, and what comes back from the trash is not.
    show(&mira, &site.id_in("reeks/05-concept.toml"), "public").await;
    mira.does(&format!("/desk/recordings/{thrown_away}/restore"), &[])
        .await;
    let at = published(&site).await;
    assert_eq!((at["05-concept"], at["06-weg"]), (NINE + 30 * DAY, noon));
}

#[tokio::test]
async fn a_series_that_was_public_before_its_password_is_not_new_when_it_loses_it() {
    let draft = "date = \"2026-10-20\"\nvisibility = \"draft\"\n";
    let site = site(&[
        ("01-voor", draft),
        ("02-tijdens", draft),
        ("03-straks", draft),
        ("04-map", PUBLIC),
    ])
    .await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let lock = format!("/desk/series/{}/password", mira.series("De reeks").await);
    let (locked, open) = ([("password", "tuinhek-vos-18-maan")], [("password", "")]);
    let id = |stem: &str| site.id_in(&format!("reeks/{stem}.toml"));
    site.app.clock.hold(NINE + HOUR);
    show(&mira, &id("01-voor"), "public").await;
    site.app.clock.hold(NINE + 2 * HOUR);
    mira.does(&lock, &locked).await;
    site.app.clock.hold(NINE + 3 * HOUR);
    show(&mira, &id("02-tijdens"), "public").await;
    site.app.clock.hold(NINE + 4 * HOUR);
    mira.does(&lock, &open).await;
    site.app.clock.hold(NINE + 5 * HOUR);
    mira.does(&lock, &locked).await;
    site.app.clock.hold(NINE + 6 * HOUR);
    show(&mira, &id("03-straks"), "public").await;
    forget_publication(&site).await;
    site.scan().await;
    assert_eq!(kept(&site, "01-voor"), None, "the premise");

    let now = NINE + 20 * HOUR;
    site.app.clock.hold(now);
    mira.does(&lock, &open).await;
    let expected = [
        // When visitors could first find it: before the first password, and between the two.
        ("01-voor", NINE + HOUR),
        ("02-tijdens", NINE + 4 * HOUR),
        ("03-straks", now),
        // No act tells of it.
        ("04-map", now),
    ];
    let at = published(&site).await;
    assert_eq!(at, expected.map(|(stem, at)| (stem.to_owned(), at)).into());
}

#[tokio::test]
async fn what_its_series_made_public_before_the_update_is_as_old_as_that_act_or_its_own_begin() {
    let begins = |at: i64| format!("visible_from = {}\n", moment(at));
    let (before, after) = (begins(NINE + HOUR), begins(NINE + 2 * DAY));
    let site = site(&[("01-een", ""), ("02-eerder", &before), ("03-later", &after)]).await;
    site.put(
        "reeks/series.toml",
        "title = \"De reeks\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    forget_publication(&site).await;
    // As the command line of the version before noted it.
    let act = format!(
        "INSERT INTO audit (at, actor, act, subject, after)
         VALUES ({}, 'command line', 'publish series', 'series reeks', 'visibility = \"public\"');",
        NINE + DAY
    );
    site.put_rows(&act).await;
    site.app.clock.hold(NINE + 30 * DAY);
    site.scan().await;
    let expected = [
        ("01-een", NINE + DAY),
        ("02-eerder", NINE + DAY),
        ("03-later", NINE + 2 * DAY),
    ];
    let expected = expected.map(|(stem, at)| (stem.to_owned(), at)).into();
    assert_eq!(published(&site).await, expected);
}
