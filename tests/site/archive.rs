//! The one way to change the folder: what is saved is written, read again and noted together, and what could not be done is said.

use terugkijken::archive;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::recording::owner;
use terugkijken::catalogue::slice::Direction;
use terugkijken::catalogue::{PublicId, audit};

use crate::support::small_disk::SmallDisk;
use crate::support::{Site, desk};

#[tokio::test]
async fn saving_one_title_of_five_hundred_reads_one_sidecar() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 1..=500 {
        site.put(
            &format!("reeks/{number:03}-deel.toml"),
            format!("title = \"Deel {number}\"\n"),
        );
    }
    site.put_clip("reeks/250-deel.mp4", 1);
    assert_eq!(site.scan().await.sidecars, 500);
    let id = PublicId::parse(&site.id_in("reeks/250-deel.toml")).unwrap();
    let saved = archive::edit(&site.app, "mira@example.org", "edit", &id, |said| {
        said.title = Some("Halverwege".into());
    });
    assert_eq!(saved.await.unwrap().sidecars, 1);
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Halverwege");
    // The others are as they were, and so is what a scan of all finds.
    let report = site.scan().await;
    assert_eq!((report.sidecars, report.findings.len()), (500, 0));
    assert_eq!(site.recordings("/api/series/reeks").await.len(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_planned_at_the_same_moment_get_numbers_of_their_own() {
    let (site, _) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let path = format!("/desk/series/{series}/plan");
    let plan = async |title: &str| {
        mira.post(&path, &[("plan_title", title), ("plan_date", "2027-01-01")])
            .await
            .is(303);
    };
    let titles = [
        "Een", "Twee", "Drie", "Vier", "Vijf", "Zes", "Zeven", "Acht",
    ];
    futures_util::future::join_all(titles.map(plan)).await;
    let all = site.recordings("/api/series/reeks").await.into_iter();
    let mut numbers: Vec<i64> = all.map(|one| one["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    // The first is that of the recording that was there.
    assert_eq!(numbers, (1..=9).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_that_change_places_between_two_series_never_wait_for_each_other() {
    let site = Site::open().await;
    for (folder, seed) in [("een", 1), ("twee", 2)] {
        site.put(
            &format!("{folder}/series.toml"),
            "visibility = \"public\"\n",
        );
        site.put_clip(&format!("{folder}/01-{folder}.mp4"), seed);
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let ids = [
        site.id_in("een/01-een.toml"),
        site.id_in("twee/01-twee.toml"),
    ];
    let (one, two) = (mira.series("Een").await, mira.series("Twee").await);
    for (to_one, to_two) in [(&ids[1], &ids[0]), (&ids[0], &ids[1])] {
        tokio::join!(mira.move_to(&one, to_one), mira.move_to(&two, to_two));
        for (id, slug) in [(to_one, "een"), (to_two, "twee")] {
            let recording = site.json(&format!("/api/recordings/{id}")).await;
            assert_eq!(recording["series"]["slug"], slug);
        }
    }
}

#[tokio::test]
async fn what_was_written_and_not_noted_is_noted_by_the_next_scan() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    // As a crash leaves it between the file and the rows.
    let text = site.read("reeks/01-begin.toml");
    site.put("reeks/01-begin.toml", format!("{text}title = \"Verder\"\n"));
    site.scan().await;
    site.get(&format!("/watch/{id}")).await.shows("Verder");
    let lines = mira.get("/desk/audit/export.csv").await.is(200).text();
    let lines: Vec<&str> = lines.lines().filter(|line| line.contains(&id)).collect();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("het programma") && line.contains("Verder")),
        "{lines:?}"
    );
    // Once: a scan that finds nothing new says nothing.
    site.scan().await;
    let again = mira.get("/desk/audit/export.csv").await.text();
    assert_eq!(
        again.lines().filter(|line| line.contains(&id)).count(),
        lines.len()
    );
}

#[tokio::test]
async fn a_sidecar_that_a_hand_changed_or_took_away_loses_nothing_when_it_is_saved() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let path = format!("/desk/recordings/{id}");
    mira.describe(&path, "Begin").await;
    let visibility = format!("{path}/visibility");
    site.remove("reeks/01-begin.toml");
    mira.does(&visibility, &[("visibility", "unlisted")]).await;
    let text = site.read("reeks/01-begin.toml");
    for kept in [id.as_str(), "Mira de Vries", "Markdown", "unlisted"] {
        assert!(text.contains(kept), "{kept} is gone from {text}");
    }
    site.put(
        "reeks/01-begin.toml",
        text.replace("Mira de Vries", "Mira Jansen"),
    );
    mira.does(&visibility, &[("visibility", "public")]).await;
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Mira Jansen");
}

async fn speakers(site: &Site, id: &str) -> usize {
    let recording = site.json(&format!("/api/recordings/{id}")).await;
    recording["speakers"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_disk_that_fills_up_half_way_keeps_what_was_done_and_says_what_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("media"), 1) else {
        return;
    };
    let media = disk.0.clone();
    let site = Site::open_with(|config| config.media = media).await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    for number in 1..=3 {
        // The last one needs more than the page that will be free.
        let long = if number == 3 {
            "x".repeat(6000)
        } else {
            String::new()
        };
        let text = format!("title = \"Deel {number}\"\ndescription = \"{long}\"\n");
        site.put(&format!("reeks/0{number}-deel.toml"), text);
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let ids = [1, 2, 3].map(|number| site.id_in(&format!("reeks/0{number}-deel.toml")));
    let (all, speaker) = (
        ids.each_ref().map(String::as_str),
        [("act", "speaker"), ("speaker", "Bo")],
    );
    let before = site.read("reeks/03-deel.toml");

    disk.fill(1);
    let refused = mira.change(&all, &speaker).await.is(507);
    refused.shows("Van 3 wijzigingen zijn er 2 gelukt");
    assert_eq!(speakers(&site, &ids[0]).await, 1);
    assert_eq!(speakers(&site, &ids[1]).await, 1);
    assert_eq!(speakers(&site, &ids[2]).await, 0);
    assert_eq!(site.read("reeks/03-deel.toml"), before);
    let noted = audit_list(&site).await.into_iter();
    let noted = noted.filter(|entry| entry.act == "edit together").count();
    assert_eq!(noted, 2, "what was not done is not noted");

    disk.fill(0);
    let page = format!("/desk/recordings/{}", ids[1]);
    let row = mira.get(&page).await.page().choice("keeper", "mira");
    let form = mira.form(&page).await;
    let form = form.with(&[("title", "Te veel voor deze schijf"), ("keeper", &row)]);
    form.send(&mira, None).await.is(507);
    let owners = site.app.db.read(owner::all).await.unwrap();
    assert!(owners.is_empty(), "nor is who would have looked after it");
    let path = format!("/desk/recordings/{}/visibility", ids[0]);
    let form = [("visibility", "withdrawn"), ("withdrawn_reason", "Oud.")];
    let refused = mira.post(&path, &form).await.is(507);
    refused
        .shows("De schijf van de server is vol")
        .shows("Oud.");
    site.get(&format!("/watch/{}", ids[0])).await.is(200);

    disk.free();
    mira.does(&path, &[("visibility", "public")]).await;
    mira.change(&all, &speaker).await.is(200);
    for id in &ids {
        assert_eq!(speakers(&site, id).await, 1);
    }
}

#[tokio::test]
async fn the_audit_list_has_the_lines_that_changed_and_no_secret() {
    let (site, _) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let series = format!("/desk/series/{}", mira.series("Reeks").await);
    mira.fill(&format!("{series}/about"), &[("title", "Online")])
        .await;
    let password = [("password", "een heel lang wachtwoord")];
    mira.does(&format!("{series}/password"), &password).await;
    let list = audit_list(&site).await;
    let lines = |act: &str| {
        let entry = list.iter().find(|entry| entry.act == act).unwrap();
        (entry.before.as_deref(), entry.after.as_deref())
    };
    let titles = (Some("title = \"Reeks\""), Some("title = \"Online\""));
    assert_eq!(lines("edit"), titles);
    assert_eq!(lines("set password"), (None, Some("password_hash = …")));
}

/// The last of what was noted, the newest first.
async fn audit_list(site: &Site) -> Vec<audit::Entry> {
    let filter = audit::Filter::default();
    let entries = site
        .app
        .db
        .read(move |conn| audit::entries(conn, &filter, (None, Direction::Forward), 20));
    entries.await.unwrap()
}

/// Whoever asked for a change goes away the moment its file is written: it is noted all the same, and without a scan.
#[tokio::test]
async fn a_change_whose_asker_goes_away_is_noted_all_the_same() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let text = site.id_in("reeks/01-begin.toml");
    let id = PublicId::parse(&text).unwrap();
    for number in 0..8 {
        let title = format!("Titel {number}");
        let said = title.clone();
        let written = async {
            while !site.read("reeks/01-begin.toml").contains(&title) {
                tokio::task::yield_now().await;
            }
        };
        let change = archive::edit(&site.app, "mira", "edit", &id, |it| it.title = Some(said));
        tokio::select! {
            biased;
            () = written => {}
            done = change => { done.unwrap(); }
        }
        // Asked often enough for whatever is under way to come to its end.
        let mut says = serde_json::Value::Null;
        for _ in 0..2_000 {
            says = site.json(&format!("/api/recordings/{text}")).await["title"].clone();
            if says == title.as_str() {
                break;
            }
        }
        assert_eq!(says, title.as_str());
    }
}

/// The links of a mailing are written into two places, one after the other: both have them, also when the browser goes away between.
#[tokio::test]
async fn a_form_whose_sender_goes_away_is_completed() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let path = format!("/desk/series/{}/share", mira.series("Reeks").await);
    for number in 0..8 {
        let label = format!("nieuwsbrief {number}");
        let has_it = |name: &str| site.read(name).contains(&label);
        let written = async {
            while !has_it("reeks/01-begin.toml") {
                tokio::task::yield_now().await;
            }
        };
        let form = [("label", label.as_str())];
        tokio::select! {
            biased;
            () = written => {}
            answer = mira.post(&path, &form) => { answer.is(303); }
        }
        // Asked often enough for whatever is under way to come to its end.
        for _ in 0..2_000 {
            if has_it("reeks/series.toml") {
                break;
            }
            site.get("/api/series").await.is(200);
        }
        assert!(has_it("reeks/series.toml"), "{label}");
    }
}
