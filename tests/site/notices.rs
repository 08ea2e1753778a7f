//! The private feed of what needs attention: how its address is made and ended, what it tells and never tells, and that each thing is
//! told once.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::desk::notices::note_trouble;

use crate::support::desk::{Desk, site};
use crate::support::markup::between;
use crate::support::small_disk::SmallDisk;
use crate::support::{Answer, Site, clips};

const DAY: i64 = 24 * 60 * 60;

/// The address of a new feed, within the portal.
async fn feed_of(site: &Site, desk: &Desk, name: &str) -> String {
    let form = [("feed_name", name)];
    let page = desk.post("/desk/account/feed?lang=nl", &form).await.is(200);
    let address = page.shows("want je ziet het hierna niet meer").page();
    let address = address.attribute("/notices.xml?key=").to_owned();
    address
        .strip_prefix(&site.app.config.base())
        .unwrap()
        .to_owned()
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    title: String,
    link: String,
    guid: String,
    date: String,
}

fn items(feed: &Answer) -> Vec<Item> {
    let text = feed.text();
    let items = text.split("<item>").skip(1);
    items
        .map(|item| Item {
            title: between(item, "<title>", "</title>"),
            link: between(item, "<link>", "</link>"),
            guid: between(item, "<guid isPermaLink=\"false\">", "</guid>"),
            date: between(item, "<pubDate>", "</pubDate>"),
        })
        .collect()
}

/// The items whose title begins like this.
async fn told(site: &Site, feed: &str, begin: &str) -> Vec<Item> {
    let mut items = items(&site.get(feed).await.is(200));
    items.retain(|item| item.title.starts_with(begin));
    items
}

#[tokio::test]
async fn somebody_is_told_of_a_message_and_reads_it_at_the_desk_only() {
    let (site, id) = site().await;
    site.app.clock.hold(1_800_000_000);
    let mira = site.colleague("mira", Role::Administrator).await;
    let feed = feed_of(&site, &mira, "Telefoon").await;
    let text = "Haal <Kwartelei> & mij eraf";
    let form = [
        ("kind", "picture"),
        ("text", text),
        ("reply_to", "sam@example.org"),
    ];
    site.post(&format!("/message?about={id}"), &form)
        .await
        .is(303);
    let answer = site.get(&feed).await.is(200);
    let answer = answer
        .says("content-type", "application/rss+xml; charset=utf-8")
        .says("cache-control", "private, no-store")
        .says("referrer-policy", "no-referrer")
        .says("x-robots-tag", "noindex, nofollow")
        .shows("<description>&lt;p&gt;Lees het op het bureau")
        .hides("Kwartelei")
        .hides("sam@")
        .hides("Begin")
        .hides("tk_");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let found = items(&answer);
    let base = site.app.config.base();
    let item = found
        .iter()
        .find(|item| item.title.starts_with("Bericht"))
        .unwrap();
    assert_eq!(
        item.title,
        "Bericht van een bezoeker: Ik sta in beeld of ben te horen"
    );
    assert_eq!(item.link, format!("{base}/desk/messages"));
    assert_eq!(item.date, "Fri, 15 Jan 2027 08:00:00 +0000");
    // It stays as it is when it was handled, and goes when it is wiped; another one is never taken for it.
    mira.does("/desk/messages", &[("handled", "1")]).await;
    assert!(items(&site.get(&feed).await).contains(item));
    mira.does("/desk/messages?which=handled", &[("wipe", "1")])
        .await;
    assert_eq!(told(&site, &feed, "Bericht").await, []);
    site.app.clock.hold(1_800_000_001);
    site.post("/message", &form).await.is(303);
    assert_ne!(told(&site, &feed, "Bericht").await[0].guid, item.guid);
    // A reader that has it asks for nothing else.
    let request = site.ask(Method::GET, &feed);
    let again = site.get(&feed).await;
    let request = request.header("if-none-match", again.header("etag").unwrap());
    site.send(request)
        .await
        .is(304)
        .says("cache-control", "private, no-store");
    let english = site.get(&feed.replace("lang=nl", "lang=en")).await;
    english.shows("Message from a visitor: I can be seen or heard");
}

#[tokio::test]
async fn the_address_of_a_feed_opens_nothing_else_and_ends_with_a_press_or_with_the_account() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let feed = feed_of(&site, &bo, "Telefoon").await;
    let key = between(&feed, "key=", "&");
    for path in ["/desk", "/uploads", "/desk/messages"] {
        let answer = site.with_key(&key).get(path).await;
        assert!(answer.status == 401, "{path}: {}", answer.status);
    }
    // Nor does a key of a script in an address, where it would be written down.
    let page = bo.post("/desk/account/keys", &[("name", "script")]).await;
    let script = page.page().attribute("tk_").to_owned();
    site.with_key(&script).get("/notices.xml").await.is(200);
    for odd in [
        format!("/notices.xml?key={script}"),
        "/notices.xml?key=".into(),
        "/notices.xml?key=tk_x".into(),
    ] {
        site.get(&odd).await.is(410).hides("<rss");
    }
    site.get("/notices.xml").await.is(401);
    site.get(&feed).await.is(200);
    let page = bo.get("/desk/account?lang=nl").await.is(200).hides(&key);
    let row = page.page().row("Telefoon");
    let revoke = row.acts[0].clone();
    bo.does(&revoke, &[]).await;
    // "Gone", so that a reader stops asking.
    site.get_dutch(&feed)
        .await
        .is(410)
        .shows("Maak bij je account een nieuw adres.");
    let feed = feed_of(&site, &bo, "Laptop").await;
    site.get(&feed).await.is(200);
    let people = mira.get("/desk/people").await.is(200).page();
    let disable = people
        .row("bo")
        .acts
        .into_iter()
        .find(|act| act.contains("/disable"))
        .unwrap();
    mira.does(&disable, &[]).await;
    site.get(&feed).await.is(410);
    bo.post("/desk/account/feed", &[("feed_name", " ")])
        .await
        .is(401);
    mira.post("/desk/account/feed?lang=nl", &[("feed_name", " ")])
        .await
        .is(422)
        .shows("Vul dit in.");
    site.get("/robots.txt")
        .await
        .shows("Disallow: /notices.xml");
}

#[tokio::test]
async fn what_goes_wrong_is_told_once_with_its_moment_and_stays_for_a_month() {
    let (site, _) = site().await;
    site.app.clock.hold(1_800_000_000);
    let mira = site.colleague("mira", Role::Administrator).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let (all, of_bo) = (
        feed_of(&site, &mira, "a").await,
        feed_of(&site, &bo, "b").await,
    );
    site.put("reeks/02-Kwartelei.mp4", "geen film");
    site.scan().await;
    mira.upload(b"geen film".to_vec(), &[("filename", "Zonnedauw.mp4")])
        .await;
    site.put_rows(
        "INSERT INTO job (step, recording_id, version, priority, run_after, problem, parked_at, attempts)
         VALUES ('poster', 1, 'x', 1, 0, 'Kwartelei', 1, 3);
         UPDATE recording SET timing = 'unchecked' WHERE id = 1;",
    )
    .await;
    let kinds = ["Een taak", "Een bestand", "Een upload", "Ondertiteling"];
    // Nobody asks: the look of every five minutes notes the moment.
    note_trouble(&site.app).await.unwrap();
    site.app.clock.hold(1_800_000_000 + 3600);
    let mut first = Vec::new();
    for kind in kinds {
        let [item] = &told(&site, &all, kind).await[..] else {
            panic!("not once: {kind}");
        };
        assert_eq!(item.date, "Fri, 15 Jan 2027 08:00:00 +0000");
        first.push(item.clone());
    }
    let feed = site.get(&all).await;
    feed.hides("Kwartelei").hides("Zonnedauw").hides("02-");
    // The upload of somebody else is not for an editor.
    assert_eq!(told(&site, &of_bo, "Een upload").await, []);
    assert_eq!(told(&site, &of_bo, "Een bestand").await.len(), 1);
    // Solved, it stays as it was; what comes back on the same day is the same, and later another.
    site.remove("reeks/02-Kwartelei.mp4");
    site.scan().await;
    site.put_rows("DELETE FROM job").await;
    for (hours, is_back, count) in [
        (1, false, 1),
        (2, true, 1),
        (3, false, 1),
        (30, true, 2),
        (31, false, 2),
        (32 + 29 * 24, false, 1),
        (32 + 31 * 24, false, 0),
    ] {
        site.app.clock.hold(1_800_000_000 + hours * 3600);
        match is_back {
            true => site.put("reeks/02-Kwartelei.mp4", "geen film"),
            false => drop(std::fs::remove_file(site.path("reeks/02-Kwartelei.mp4"))),
        }
        site.scan().await;
        let files = told(&site, &all, "Een bestand").await;
        assert_eq!(files.len(), count, "after {hours} hours");
        assert_eq!(
            files.contains(&first[1]),
            hours <= 32 + 23,
            "after {hours} hours"
        );
    }
    assert_eq!(told(&site, &all, "Een taak").await, []);
    // No name is left in what was noted.
    let noted = site.app.db.read(|conn| {
        let sql = "SELECT count(*) FROM notice WHERE subject LIKE '%Kwartelei%'";
        Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(noted.await.unwrap(), 0);
}

#[tokio::test]
async fn thousands_of_troubles_are_a_short_feed() {
    let (site, _) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let feed = feed_of(&site, &mira, "a").await;
    site.put_rows(
        "WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 5000)
         INSERT INTO library_file SELECT 'map', 'f' || n || '.mp4', 1, 1, 1, 'refused', 'x' FROM place;
         WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 2000)
         INSERT INTO message (kind, text, language, received_at) SELECT 'question', 'x', 'nl', n FROM place;
         WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
         INSERT INTO notice (kind, subject, noticed_at, solved_at) SELECT 'file', n, n, 1 FROM place;",
    )
    .await;
    let answer = site.get(&feed).await.is(200);
    assert!(answer.body.len() < 100_000, "{}", answer.body.len());
    assert_eq!(items(&answer).len(), 100);
    let left = site.app.db.read(|conn| {
        Ok(conn.query_row("SELECT count(*) FROM notice", [], |row| {
            row.get::<_, i64>(0)
        })?)
    });
    assert!(left.await.unwrap() <= 500);
}

#[tokio::test]
async fn what_stands_behind_a_hundred_newer_troubles_is_not_taken_for_solved() {
    let (site, _) = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let feed = feed_of(&site, &mira, "a").await;
    // In one folder, the file whose name comes first is told first.
    let fails = |beginning: &str, from: u32| {
        format!(
            "WITH RECURSIVE place (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM place WHERE n < {from} + 59)
             INSERT INTO job (step, recording_id, version, priority, run_after, problem, parked_at, attempts)
             SELECT 'poster' || n, 1, n, 1, 0, 'x', 1, 3 FROM place;
             WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 60)
             INSERT INTO library_file SELECT 'map', '{beginning}' || n || '.mp4', 1, 1, 1, 'refused', 'x' FROM place;"
        )
    };
    let told = async |hours: i64| {
        site.app.clock.hold(1_800_000_000 + hours * 3600);
        note_trouble(&site.app).await.unwrap();
        let sql =
            "SELECT kind || ' ' || subject || ' ' || noticed_at, solved_at IS NULL FROM notice
                   WHERE kind IN ('job', 'file') ORDER BY id";
        let told = site.app.db.read(move |conn| {
            let mut all = conn.prepare(sql)?;
            let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(all.collect::<Result<Vec<(String, bool)>, _>>()?)
        });
        told.await.unwrap()
    };
    site.put_rows(&fails("b", 1)).await;
    let first = told(0).await;
    assert_eq!(first.len(), 120);
    site.put_rows(&fails("a", 61)).await;
    let both = told(1).await;
    assert!(both.iter().all(|(_, is_open)| *is_open) && both.starts_with(&first));
    assert_eq!(items(&site.get(&feed).await.is(200)).len(), 100);
    // When the newer ones are solved, the older ones are the same as before and are told no second time.
    site.put_rows("DELETE FROM job WHERE CAST(version AS INTEGER) > 60; DELETE FROM library_file WHERE file LIKE 'a%'")
        .await;
    let left = told(40).await;
    assert_eq!(left.len(), both.len());
    let open: Vec<_> = left.into_iter().filter(|(_, is_open)| *is_open).collect();
    assert_eq!(open, first);
}

#[tokio::test]
async fn a_full_disk_is_told_although_nothing_can_be_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("data"), 16) else {
        return;
    };
    let data = disk.0.clone();
    let site = Site::open_with(|config| config.data = data).await;
    site.app.clock.hold(1_800_000_000);
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put("reeks/01-les.mp4", clips::bytes("a.mp4", 1));
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let feed = feed_of(&site, &mira, "a").await;
    site.get(&feed).await.is(200);
    disk.fill(0);
    site.get("/readyz").await.is(200);
    let [item] = &told(&site, &feed, "Er is iets mis").await[..] else {
        panic!("a full disk is not told once");
    };
    site.get(&feed).await.shows("schijf met de gegevens is vol");
    // A visitor loses nothing of what they typed.
    let form = [("kind", "question"), ("text", "Mijn verhaal")];
    let refused = site.post("/message?lang=nl", &form).await.is(507);
    assert!(
        refused
            .shows("kon nu niet worden bewaard")
            .page()
            .holds("Mijn verhaal")
    );
    site.app.clock.hold(1_800_000_000 + 3600);
    site.get("/readyz").await.is(200);
    let again = told(&site, &feed, "Er is iets mis").await;
    assert_eq!(
        again.iter().map(|it| &it.guid).collect::<Vec<_>>(),
        [&item.guid]
    );
    disk.free();
    site.app.clock.hold(1_800_000_000 + DAY);
    site.get("/readyz").await.is(200);
    site.get(&feed).await.is(200);
    site.post("/message", &form).await.is(303);
}
