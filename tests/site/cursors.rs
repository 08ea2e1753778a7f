//! What an address of a part of a list tells, and where it leads: a name that a list does not show is the name of nothing, and a script
//! that follows `next` comes to an end.

use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::trace::TraceEvent;
use terugkijken::catalogue::coordinator::Role;

use crate::support::many::{Many, id};
use crate::support::{Client, Site, counting, desk};

/// A name of nothing.
fn nothing() -> String {
    id(9999)
}

/// Among 450 recordings some that no list of visitors shows, and a series that none does.
async fn with_hidden() -> (Site, Vec<String>) {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 450,
        series: 3,
    })
    .await;
    site.put_rows(
        "UPDATE recording SET visibility = 'draft' WHERE id = 300 OR series_id = 3;
         UPDATE recording SET deleted_at = 1 WHERE id = 301;
         UPDATE recording SET visible_from = 9999999999 WHERE id = 302;
         UPDATE recording SET visible_until = 1 WHERE id = 303;
         UPDATE recording SET visibility = 'link' WHERE id = 304;
         UPDATE recording SET visibility = 'unlisted' WHERE id = 305;
         UPDATE recording SET visibility = 'withdrawn' WHERE id = 306;",
    )
    .await;
    (site, (300..=306).map(id).collect())
}

/// The status and text of an answer, with `name` as a name of nothing.
async fn told(client: &Client, address: &str, name: &str) -> (u16, String) {
    let answer = client.get(&format!("{address}={name}")).await;
    (answer.status, answer.text().replace(name, &nothing()))
}

#[tokio::test]
async fn a_cursor_that_names_what_a_list_hides_is_the_name_of_nothing() {
    let (site, hidden) = with_hidden().await;
    let other = "x000000002".to_owned();
    for (list, has_others) in [
        ("/series/reeks?", true),
        ("/speakers/bo?", true),
        ("/share/series/reeks?", true),
        ("/embed/series/reeks?", true),
        ("/api/series/reeks?", true),
        ("/sitemap.xml?of=recordings&", false),
    ] {
        for side in ["after", "before"] {
            let address = format!("{list}{side}");
            let expected = told(&site, &address, &nothing()).await;
            assert!(!expected.1.contains(&format!(
                "rel=\"canonical\" href=\"{}{address}",
                site.app.config.base()
            )));
            // A recording of another series, which somebody else spoke, is none of this list either.
            for name in hidden.iter().chain(has_others.then_some(&other)) {
                let found = told(&site, &address, name).await;
                assert!(found == expected, "{address}={name} tells of it");
            }
        }
        // One that it shows is a border.
        let shown = told(&site, &format!("{list}after"), &id(400)).await;
        assert!(shown != told(&site, &format!("{list}after"), &nothing()).await);
    }
    for list in ["/?", "/api/series?"] {
        for side in ["after", "before"] {
            let address = format!("{list}{side}");
            let expected = told(&site, &address, &nothing()).await;
            assert!(told(&site, &address, "reeks-00002").await == expected);
        }
    }
}

#[tokio::test]
async fn a_list_of_the_desk_begins_after_a_draft_but_not_after_what_is_in_the_trash() {
    let (site, _) = with_hidden().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let first = format!("<a href=\"/desk/recordings/{}", id(1));
    for (number, begins_anew) in [(300, false), (301, true), (9999, true)] {
        let page = mira
            .get(&format!("/desk/series/1?after={}", id(number)))
            .await;
        assert_eq!(
            page.is(200).text().contains(&first),
            begins_anew,
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_script_never_goes_around() {
    let (site, hidden) = with_hidden().await;
    site.put_rows(
        "UPDATE series SET slug = 'vernieuwd' WHERE id = 2;
         INSERT INTO address (kind, name, series_id, given_at) VALUES ('series', 'vernieuwd', 2, 1);",
    )
    .await;
    for name in [&nothing(), &hidden[0], "", "%ff", "x000000002"] {
        for side in ["after", "before"] {
            let address = format!("/api/series/reeks?{side}={name}");
            site.get(&address).await.is(404);
        }
    }
    for name in ["reeks-99999", "reeks-00002", ""] {
        site.get(&format!("/api/series?after={name}")).await.is(404);
    }
    for (list, key, last) in [
        ("/api/series/reeks?after", "recordings", id(450)),
        ("/api/series/reeks?before", "recordings", id(1)),
        ("/api/series?after", "series", "vernieuwd".to_owned()),
        ("/api/series?after", "series", "reeks-00001".to_owned()),
        ("/api/series?before", "series", "reeks".to_owned()),
    ] {
        let beyond = site.json(&format!("{list}={last}")).await;
        assert_eq!(beyond[key].as_array().unwrap().len(), 0, "{list}={last}");
        assert!(beyond.get("next").is_none(), "{list}={last}");
    }
    // A former slug leads on from where the series stands today.
    let slugs = async |address: &str| {
        let found = site.json(address).await;
        let found = found["series"].as_array().unwrap().iter();
        found
            .map(|it| it["slug"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        slugs("/api/series").await,
        ["reeks", "reeks-00003", "vernieuwd"]
    );
    site.put_rows("UPDATE series SET slug = 'anders' WHERE id = 1; INSERT INTO address (kind, name, series_id, given_at) VALUES ('series', 'anders', 1, 1);")
        .await;
    for name in ["anders", "reeks"] {
        let rest = slugs(&format!("/api/series?after={name}")).await;
        assert_eq!(rest, ["reeks-00003", "vernieuwd"], "{name}");
    }
    // A page begins at the beginning instead.
    site.get(&format!("/series/anders?after={}&lang=nl", nothing()))
        .await
        .is(200)
        .shows("1–200 van");
}

#[tokio::test]
async fn what_is_planned_takes_no_place_in_a_feed() {
    let site = Site::open().await;
    site.put_many(&Many {
        recordings: 300,
        series: 0,
    })
    .await;
    // Further ahead than a feed is long.
    site.put_rows("DELETE FROM original WHERE recording_id > 150")
        .await;
    for (feed, items) in [
        ("/feed.xml", 100),
        ("/series/reeks/feed.xml", 100),
        ("/series/reeks/podcast.xml", 150),
    ] {
        let text = site.get(feed).await.is(200).text();
        assert_eq!(text.matches("<item>").count(), items, "{feed}");
        let newest = format!("terugkijken:{}<", id(150));
        assert!(text.contains(&newest), "{feed}");
    }
}

#[tokio::test]
async fn a_former_address_leads_to_the_same_part() {
    let (site, _) = with_hidden().await;
    site.put_rows(
        "UPDATE series SET slug = 'anders' WHERE id = 1;
         INSERT INTO address (kind, name, series_id, given_at) VALUES ('series', 'anders', 1, 1);
         UPDATE speaker SET slug = 'bob' WHERE id = 1;
         INSERT INTO address (kind, name, speaker_id, given_at) VALUES ('speaker', 'bob', 1, 1);
         INSERT INTO address (kind, name, recording_id, given_at) VALUES ('recording', 'yyyyyyyyyy', 1, 1);",
    )
    .await;
    let border = id(200);
    for (former, today) in [
        ("/series/reeks", "/series/anders"),
        ("/speakers/bo", "/speakers/bob"),
        ("/embed/series/reeks", "/embed/series/anders"),
        ("/share/series/reeks", "/share/series/anders"),
    ] {
        for side in ["after", "before"] {
            let moved = site.get(&format!("{former}?{side}={border}")).await;
            assert_eq!(moved.is(308).location(), format!("{today}?{side}={border}"));
        }
    }
    let moved = site
        .get("/share/series/reeks/preview?look=dark&r=1&r=2")
        .await;
    assert_eq!(
        moved.is(308).location(),
        "/share/series/anders/preview?look=dark&r=1&r=2"
    );
    let moved = site.get("/watch/yyyyyyyyyy?t=90").await;
    assert_eq!(moved.is(308).location(), format!("/watch/{}?t=90", id(1)));
}

#[tokio::test]
async fn whoever_withdraws_a_link_stays_on_that_part_of_the_list() {
    let (site, one) = desk::site().await;
    site.put_rows("WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 250) INSERT INTO link (token, name, recording_id, created_at) SELECT printf('%016d', n), 'mei ' || n, (SELECT max(id) FROM recording), n FROM place;")
        .await;
    site.put_rows(&format!(
        "UPDATE link SET recording_id = (SELECT id FROM recording WHERE public_id = '{one}')"
    ))
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    let list = format!("/desk/recordings/{one}/links");
    let part = mira.get(&format!("{list}?after=51.000000")).await.is(200);
    assert!(
        part.text()
            .contains("type=\"hidden\" name=\"after\" value=\"51.000000\"")
    );
    let form = [("token", "0000000000000007"), ("after", "51.000000")];
    let done = mira.post(&format!("{list}/withdraw"), &form).await;
    assert_eq!(
        done.is(303).location(),
        format!("{list}?after=51.000000&done=done-link-withdrawn")
    );
}

static ACTS_READ: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn an_export_looks_up_the_names_of_acts_once() {
    let site = Site::open().await;
    let administrator = site.colleague("administrator", Role::Administrator).await;
    site.put_rows("WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 2345) INSERT INTO audit (at, actor, act, subject) SELECT n, 'scan', 'proef', 'series ' || n FROM place;")
        .await;
    counting::hear(&site, |event| {
        if let TraceEvent::Stmt(_, sql) = event
            && sql.contains("DISTINCT act")
        {
            ACTS_READ.fetch_add(1, Ordering::Relaxed);
        }
    })
    .await;
    let table = administrator.get("/desk/audit/export.csv?q=proef").await;
    assert_eq!(table.is(200).text().lines().count(), 1 + 2345);
    assert_eq!(ACTS_READ.load(Ordering::Relaxed), 1);
}
