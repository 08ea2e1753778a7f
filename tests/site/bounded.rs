//! No page grows without end: every route that can be asked, in a catalogue of thousands, answers with a bounded number of bytes, and
//! its list goes on by links.

use std::collections::BTreeSet;

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::matrix;
use crate::support::Site;
use crate::support::leafing::{leafed, linked, walked};
use crate::support::many::{Many, id};

/// The most bytes of an answer, but for [`most`].
const MOST: usize = 1024 * 1024;

/// What an answer may weigh. Media, captions and exports are streamed, and have any length.
fn most(route: &str) -> Option<usize> {
    match route {
        "/media/{id}/{version}/{file}" | "/desk/audit/export.csv" => None,
        "/captions/{id}/{file}" | "/transcripts/{id}/{file}" | "/chapters/{file}" => None,
        // A podcast keeps every episode.
        "/series/{slug}/podcast.xml" => Some(3 * MOST),
        // With a long transcript.
        "/watch/{id}" => Some(2 * MOST),
        _ => Some(MOST),
    }
}

/// A catalogue in which every table that a page lists has thousands of rows.
async fn thousands() -> Site {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 5000,
        series: 2000,
    })
    .await;
    site
}

#[tokio::test]
async fn no_answer_outgrows_its_bound_in_a_catalogue_of_thousands() {
    let site = thousands().await;
    // The folder is the one that was scanned, although the rows of this story have no files in it.
    let library = &site.app.library;
    let media = library.media_folder().unwrap();
    library.remember_media_folder(&media).unwrap();
    let administrator = site.colleague("administrator", Role::Administrator).await;
    site.put_rows(ROWS).await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (route, methods) in matrix::routes() {
        if !methods.contains(&Method::GET) {
            continue;
        }
        let to = matrix::address(&route, &id(2500), "000000002500", false);
        let to = to.replace("/speakers/reeks", "/speakers/bo");
        let to = match route.as_str() {
            "/oembed" => {
                let page = format!("{}/series/reeks", site.app.config.base());
                format!("/oembed?variant=email&url={page}")
            }
            "/search" | "/api/search" => format!("{to}?q=deel"),
            _ => to,
        };
        for client in [&*administrator, &*site] {
            let answer = client.get(&to).await;
            let weight = answer.body.len();
            asked += usize::from(answer.status == 200);
            // The file of the row is not there.
            let is_broken = answer.status >= 500 && !to.starts_with("/media/");
            if is_broken || most(&route).is_some_and(|most| weight > most) {
                wrong.push(format!("{to}: {} of {weight} bytes", answer.status));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(asked > 70, "only {asked} were answered");
}

/// What is said of one recording at great length, and thousands of links, accounts, lines, uploads and files.
const ROWS: &str = r#"
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO coordinator (email, name, role) SELECT 'c' || n || '@example.org', 'Collega "' || n || '" & co', 'editor' FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO link (token, name, recording_id, series_id, created_at)
SELECT printf('%016d', n), 'nieuwsbrief "' || n || '"', iif(n % 2, 2500, NULL), iif(n % 2, NULL, 1), n / 10 FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO audit (at, actor, act, subject, before, after)
SELECT n, 'scan', 'edit', 'recording 0000002500', replace(hex(zeroblob(2000)), '0', '"'), replace(hex(zeroblob(2000)), '0', '&') FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO library_file (folder, file, size_bytes, modified_ns, inode, state, problem)
SELECT 'reeks', printf('%05d.mp4', n), 1, 0, 0, 'refused', replace(hex(zeroblob(2000)), '0', '<') FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO upload (id, coordinator_id, size_bytes, name, created_at, expires_at)
SELECT printf('%020d', n), 1, 1000, 'opname ' || n || '.mp4', n, 9999999999 FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO job (step, recording_id, version, priority, run_after, problem, parked_at, attempts)
SELECT 'poster', n, 'x', 1, 0, replace(hex(zeroblob(1000)), '0', '<'), 1, 3 FROM place;
UPDATE recording SET deleted_at = 1 WHERE id > 4000 AND id <= 5000;

UPDATE recording SET description = replace(hex(zeroblob(500)), '0', 'Een zin met é. ') WHERE id = 2500;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 1000)
INSERT INTO chapter (recording_id, start_ms, title) SELECT 2500, n * 1000, 'Hoofdstuk “' || n || '” over van alles & nog wat' FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 1000)
INSERT INTO speaker (slug, name) SELECT 'spreker-' || n, 'Spreker met een naam ' || n FROM place;
INSERT INTO recording_speaker (recording_id, speaker_id, position) SELECT 2500, id, id FROM speaker WHERE id > 1;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 3000)
INSERT INTO attachment (recording_id, folder, file, title, version, media_type, size_bytes, modified_ns, inode)
SELECT 2500, 'reeks', printf('02500-deel.%d.pdf', n), 'Hand-out ' || n, printf('%012d', n), 'application/pdf', 1, 0, 0 FROM place;
INSERT INTO caption (id, recording_id, language, file) VALUES (1, 2500, 'nl', '02500-deel.nl.vtt');
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 2000)
INSERT INTO cue (caption_id, start_ms, end_ms, text) SELECT 1, n * 1000, n * 1000 + 900, replace(hex(zeroblob(1500)), '0', 'é') FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 600)
INSERT INTO caption (recording_id, language, file) SELECT 2500, 'x' || char(97 + n / 26, 97 + n % 26), n || '.vtt' FROM place;
"#;

/// As much as a sidecar may say, in the characters that grow most in a page: the recording 2500 with other texts.
const LONG: &str = r#"
UPDATE recording SET summary = replace(hex(zeroblob(50000)), '0', '"'), description = replace(hex(zeroblob(8000)), '0', 'a@b.c ') WHERE id = 2500;
UPDATE chapter SET title = replace(hex(zeroblob(200)), '0', '&') WHERE recording_id = 2500;
UPDATE speaker SET name = replace(hex(zeroblob(100)), '0', '"') || id WHERE id > 1;
UPDATE series SET description = replace(hex(zeroblob(50000)), '0', '>') WHERE id = 1;
UPDATE recording SET title = replace(hex(zeroblob(240)), '0', '"') || id, summary = replace(hex(zeroblob(500)), '0', '😀') WHERE id <> 2500;
INSERT OR IGNORE INTO recording_speaker (recording_id, speaker_id, position) SELECT recording.id, speaker.id, speaker.id FROM recording, speaker WHERE recording.id < 420 AND speaker.id < 40;
"#;

#[tokio::test]
async fn no_words_however_long_make_a_page_of_visitors_larger() {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 2600,
        series: 1200,
    })
    .await;
    site.put_rows(ROWS).await;
    site.put_rows(LONG).await;
    let one = id(2500);
    for (path, most) in [
        (format!("/watch/{one}"), 2 * MOST),
        (format!("/embed/{one}"), MOST),
        (format!("/share/{one}"), MOST),
        (format!("/api/recordings/{one}"), MOST),
        ("/series/reeks".to_owned(), MOST),
        (format!("/series/reeks?after={}", id(300)), MOST),
        (format!("/series/reeks?before={}", id(700)), MOST),
        ("/share/series/reeks".to_owned(), MOST),
        ("/embed/series/reeks".to_owned(), MOST),
        ("/speakers/bo".to_owned(), MOST),
        ("/".to_owned(), MOST),
        ("/api/series".to_owned(), MOST),
        ("/api/series/reeks".to_owned(), MOST),
        ("/feed.xml".to_owned(), MOST),
        ("/series/reeks/feed.xml".to_owned(), MOST),
        ("/series/reeks/podcast.xml".to_owned(), 3 * MOST),
        ("/sitemap.xml?of=recordings".to_owned(), MOST),
    ] {
        let weight = site.get(&path).await.is(200).body.len();
        assert!(weight <= most, "{path}: {weight} bytes");
    }
    let page = site.get(&format!("/watch/{one}?lang=nl")).await;
    // What is cut says so, and where the rest is.
    let page = page
        .shows("te lang voor deze pagina")
        .shows("De rest van de hoofdstukken");
    page.shows(&format!("/transcripts/{one}/nl.txt"))
        .shows("en nog ");
    // A heavy list is cut into smaller parts, without a gap and a repetition, there and back; on the way back a part holds as many rows
    // as then fit.
    let row = "class=\"cover\" href=\"/watch/";
    let (pages, last) = walked(&site, ("/series/reeks", "next"), row).await;
    let there = pages.concat();
    assert_eq!(there.iter().collect::<BTreeSet<_>>().len(), 2600);
    assert_eq!(there.len(), 2600);
    let (mut pages, _) = walked(&site, (&last, "prev"), row).await;
    pages.reverse();
    assert_eq!(pages.concat(), there);
}

#[tokio::test]
async fn a_list_is_leafed_through_without_a_gap_or_a_repetition() {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 450,
        series: 450,
    })
    .await;
    // Some have no number: they come last, in order of their dates.
    site.put_rows("UPDATE recording SET number = NULL WHERE id % 7 = 0 AND series_id = 1; UPDATE recording SET date = NULL WHERE id % 21 = 0;")
        .await;
    let mira = site.colleague("mira", Role::Editor).await;
    let title = "class=\"cover\" href=\"/watch/";
    for (client, first, opening, all, size) in [
        (&*site, "/series/reeks", title, 450, 200),
        (&*site, "/speakers/bo", title, 450, 200),
        (
            &*site,
            "/share/series/reeks",
            "type=\"checkbox\" name=\"r\" value=\"",
            450,
            200,
        ),
        (
            &*mira,
            "/desk/series/1",
            "<a href=\"/desk/recordings/",
            450,
            200,
        ),
        (
            &*mira,
            "/desk/recordings?series=1&order=title",
            "<a href=\"/desk/recordings/",
            450,
            100,
        ),
        (
            &*mira,
            "/desk/recordings?series=1",
            "<a href=\"/desk/recordings/",
            450,
            100,
        ),
        (
            &*site,
            "/",
            "<h3 class=\"title\"><a class=\"cover\" href=\"/series/",
            450,
            200,
        ),
        (&*mira, "/desk/series", "<a href=\"/desk/series/", 451, 200),
    ] {
        let pages = leafed(client, first, opening).await;
        let lengths: Vec<usize> = pages.iter().map(Vec::len).collect();
        let (last, full) = lengths.split_last().unwrap();
        assert!(
            full.iter().all(|it| size - it <= 1) && *last <= size,
            "{first}: {lengths:?}"
        );
        let listed: Vec<String> = pages.concat();
        assert_eq!(listed.len(), all, "{first}");
        if first.contains("watch") {
            let different: BTreeSet<&String> = listed.iter().collect();
            assert_eq!(different.len(), all, "{first}");
        }
    }
    // In the order of the series.
    let listed = leafed(&site, "/series/reeks", title).await.concat();
    let told = site.recordings("/api/series/reeks").await;
    let told: Vec<&str> = told.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(listed, told);
}

#[tokio::test]
async fn a_part_says_which_it_is_and_keeps_what_the_address_asked() {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 450,
        series: 0,
    })
    .await;
    site.get("/series/reeks?lang=nl")
        .await
        .shows("1–200 van 450");
    let second = format!("/series/reeks?after={}", id(200));
    let page = site.get(&format!("{second}&lang=nl")).await.is(200);
    let page = page
        .shows("201–400 van 450")
        .shows("(201–400 van 450) ·")
        .text();
    assert!(page.contains(&format!(
        "rel=\"canonical\" href=\"{}{second}&amp;lang=nl\"",
        site.app.config.base()
    )));
    assert!(page.contains("lang=nl#recordings"), "the language stays");
    assert!(
        page.contains(&format!("{second}&amp;lang=en")),
        "and so does the part in another"
    );
    // Names of nothing, of another series, or of what is no longer there begin at the beginning.
    for odd in [
        "after=",
        "after=zzzzzzzzzz",
        "before=%ff%00",
        "after=1&before=2",
        "before=",
    ] {
        let page = site.get(&format!("/series/reeks?{odd}&lang=nl")).await;
        page.is(200).shows("1–200 van 450");
    }
    site.put_rows("UPDATE recording SET deleted_at = 1 WHERE id = 200")
        .await;
    let page = site.get(&format!("{second}&lang=nl")).await.is(200);
    page.shows("1–200 van 449");
    // Beyond the last one there is nothing.
    let page = site
        .get(&format!("/series/reeks?after={}&lang=nl", id(450)))
        .await;
    page.is(200).shows("1–200 van 449");
}

#[tokio::test]
async fn a_watch_page_in_the_middle_knows_its_neighbours_and_its_place() {
    let site = thousands().await;
    for (number, previous, next) in [
        (1, None, Some(2)),
        (200, Some(199), Some(201)),
        (5000, Some(4999), None),
    ] {
        let page = site
            .get(&format!("/watch/{}?lang=nl", id(number)))
            .await
            .is(200);
        let page = page.shows(&format!("{number} van 5000")).text();
        for (rel, beside) in [("prev", previous), ("next", next)] {
            let link = beside.map(|beside| format!("rel=\"{rel}\" href=\"/watch/{}", id(beside)));
            let found = page.contains(&format!("rel=\"{rel}\" href=\"/watch/"));
            assert_eq!(found, link.is_some(), "{rel} of {number}");
            assert!(
                link.is_none_or(|link| page.contains(&link)),
                "{rel} of {number}"
            );
        }
        let beside = linked(&page, "<a href=\"/watch/").len();
        assert!(beside <= 31 + 3, "{beside} beside {number}");
    }
}

#[tokio::test]
async fn what_goes_out_is_short_and_says_where_the_rest_is() {
    let site = thousands().await;
    let base = site.app.config.base();
    // A mail holds sixty.
    let block = site.get("/share/series/reeks/preview?in=nl").await.is(200);
    let block = block.shows("Nog 4940 opnamen staan op de pagina van de reeks");
    assert_eq!(block.text().matches("<h3").count(), 60);
    let chosen: String = (1..=100)
        .map(|number| format!("&r={}", id(number * 40)))
        .collect();
    let block = site
        .get(&format!("/share/series/reeks/preview?in=nl{chosen}"))
        .await;
    let block = block.is(200).hides("Nog ");
    assert_eq!(block.text().matches("<h3").count(), 60);
    let page = site.get("/share/series/reeks?lang=nl").await.is(200);
    page.shows("60 van de 5000");
    // What is chosen on one part of the list stays chosen on another.
    let far = format!("/share/series/reeks?lang=nl&r={}&after={}", id(1), id(400));
    let page = site.get(&far).await.is(200).text();
    assert!(page.contains(&format!("type=\"hidden\" name=\"r\" value=\"{}\"", id(1))));
    assert!(
        page.contains(&format!("r={}&amp;lang=nl&amp;after=", id(1)))
            || page.contains(&format!("r={}&amp;after=", id(1)))
    );
    // Feeds have a hundred, a podcast all of them.
    for (feed, items) in [
        ("/feed.xml", 100),
        ("/series/reeks/feed.xml", 100),
        ("/series/reeks/podcast.xml", 5000),
    ] {
        let text = site.get(feed).await.is(200).text();
        assert_eq!(text.matches("<item>").count(), items, "{feed}");
        assert!(text.contains(&format!("terugkijken:{}", id(5000))) || feed == "/feed.xml");
    }
    // An index names every part of the map.
    let index = site.get("/sitemap.xml").await.is(200).text();
    let mut addresses = BTreeSet::new();
    for part in index.split("<loc>").skip(1) {
        let part = part.split("</loc>").next().unwrap().replace("&amp;", "&");
        let text = site.get(part.strip_prefix(&base).unwrap()).await.is(200);
        assert!(text.body.len() <= MOST, "{part}");
        let found = text.text();
        let found = found.split("<url><loc>").skip(1);
        addresses.extend(found.map(|it| it.split("</loc>").next().unwrap().to_owned()));
    }
    // The home page, 2001 series, 7000 recordings.
    assert_eq!(addresses.len(), 1 + 2001 + 7000);
    // A player of a series shows the one that was asked for.
    let frame = site
        .get(&format!("/embed/series/reeks?recording={}", id(3000)))
        .await
        .is(200)
        .text();
    assert!(frame.contains("aria-current=\"true\"") && frame.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_script_follows_next_to_the_end() {
    let site = thousands().await;
    let base = site.app.config.base();
    for (list, key, all) in [
        ("/api/series/reeks", "recordings", 5000),
        ("/api/series", "series", 2001),
    ] {
        let (mut found, mut address) = (Vec::new(), list.to_owned());
        loop {
            let part = site.json(&address).await;
            let lines = part[key].as_array().unwrap();
            assert!(lines.len() <= 1000);
            found.extend(lines.iter().map(ToString::to_string));
            match part["next"].as_str() {
                Some(next) => address = next.strip_prefix(&base).unwrap().to_owned(),
                None => break,
            }
        }
        let different: BTreeSet<&String> = found.iter().collect();
        assert_eq!((found.len(), different.len()), (all, all), "{list}");
    }
    let short = Site::open().await;
    short
        .put_many(&Many {
            recordings: 12,
            series: 1,
        })
        .await;
    assert!(short.json("/api/series/reeks").await.get("next").is_none());
}

#[tokio::test]
async fn among_hundreds_one_is_chosen_by_name() {
    let site = thousands().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = mira.get("/desk/recordings?lang=nl").await.is(200);
    let page = page.shows("De titel van de reeks");
    assert!(page.body.len() < 200_000, "{}", page.body.len());
    for (words, count) in [
        ("reeks-00007", 1),
        ("8", 1),
        ("geen+reeks", 0),
        ("REEKS", 100),
    ] {
        let page = mira
            .get(&format!("/desk/recordings?series={words}"))
            .await
            .is(200)
            .text();
        assert_eq!(
            linked(&page, "<a href=\"/desk/recordings/").len(),
            count,
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_export_has_every_line() {
    let site = Site::open().await;
    let administrator = site.colleague("administrator", Role::Administrator).await;
    site.put_rows("WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 1234) INSERT INTO audit (at, actor, act, subject) SELECT n, 'scan', 'proef', 'series ' || n FROM place;")
        .await;
    let table = administrator
        .get("/desk/audit/export.csv?q=proef")
        .await
        .is(200)
        .text();
    assert_eq!(table.lines().count(), 1 + 1234);
    assert!(
        table.starts_with("\"Wanneer\",") && table.lines().nth(1).unwrap().contains("Reeks 1234")
    );
    let pages = leafed(&administrator, "/desk/audit?q=proef", "<td>proef</td>").await;
    assert_eq!(pages.concat().len(), 1234);
}
