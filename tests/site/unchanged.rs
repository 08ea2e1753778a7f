//! Who opens a form and saves it as it is changes nothing: no byte in the folder, no row, no line in the list of who did what.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::ValueRef;
use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::Desk;

/// A series with what a form may lose: an hour that comes twice, seconds, milliseconds, another zone, comments, odd spaces.
const SERIES: &str = "# Van Mira.
title = \"Reeks\"   # zo heet ze
description = \"\"\"
Meer,  in **Markdown**.

\"\"\"
visibility = \"public\"
embed_sites = \"https://a.example  https://b.example\"
";

const SIDECAR: &str = "# Nooit wijzigen.
title = \"Begin\"
date = 2026-10-25
visible_from = 2026-10-25T02:30:45+01:00
visible_until = 2027-10-31T02:30:00+01:00
summary = \"Eén zin.  \"
description = \"Een\\nTwee  \\n\\n\"
language = \"nl\"

[[speakers]]
name = \"Mira  de Vries\"
role = \" trainer\"

[[chapters]]
start = \"0:00:00.250\"
title = \"Begin \"

[[chapters]]
start = \"0:01.007\"
title = \"Vragen\"
";

const CAPTIONS: &str = "WEBVTT

NOTE van Mira

een
00:00:00.007 --> 00:00:00.999 align:start line:10%
<v Mira>Hallo

00:00:01.001 --> 00:00:01.500
 - Dag
";

async fn site() -> (Site, String) {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-vervolg.mp4", 2);
    site.put("reeks/series.toml", SERIES);
    site.put("reeks/01-begin.toml", SIDECAR);
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    site.put("reeks/02-vervolg.toml", "title = \"Vervolg\"\n");
    site.scan().await;
    site.work_until_idle().await;
    let id = site.id_in("reeks/01-begin.toml");
    (site, id)
}

fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => {
                let name = path.display().to_string();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
}

/// All bytes of the folder, and all rows of what a form could change.
async fn everything(site: &Site) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    let mut found = BTreeMap::new();
    files(site.media(), &mut found);
    let rows = site.app.db.read(|conn| {
        let mut rows = Vec::new();
        for table in [
            "recording",
            "series",
            "chapter",
            "recording_speaker",
            "speaker",
            "caption",
            "cue",
            "link",
            "attachment",
            "address",
            "coordinator",
            "access_key",
            "audit",
            "revision",
        ] {
            let mut all = conn.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = all.column_count();
            let mut all = all.query([])?;
            while let Some(row) = all.next()? {
                let values: Vec<String> = (0..columns)
                    .map(|at| match row.get_ref(at).unwrap() {
                        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                        other => format!("{other:?}"),
                    })
                    .collect();
                rows.push(format!("{table}: {}", values.join(", ")));
            }
        }
        Ok(rows)
    });
    (found, rows.await.unwrap())
}

/// Opens the page, and sends each form that is filled in with what is there.
async fn save_as_it_is(desk: &Desk, page: &str) -> usize {
    let forms = desk.get(page).await.is(200).page().forms();
    let filled = forms.into_iter().filter(|form| {
        form.is_sent
            && form
                .fields
                .iter()
                .any(|it| ["was", "base"].contains(&it.name.as_str()))
    });
    let mut sent = 0;
    for form in filled {
        form.send(desk, None).await.is(303);
        sent += 1;
    }
    sent
}

#[tokio::test]
async fn a_form_that_is_saved_as_it_was_opened_changes_nothing() {
    let (site, id) = site().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let series = eva.series("Reeks").await;
    let other = site.id_in("reeks/02-vervolg.toml");
    let before = everything(&site).await;
    for page in [
        format!("/desk/recordings/{id}"),
        format!("/desk/recordings/{id}/visibility"),
        format!("/desk/recordings/{id}/captions/nl"),
        format!("/desk/recordings/{id}/share"),
        format!("/desk/recordings/{other}"),
        // Its visibility is that of the series, and stays so.
        format!("/desk/recordings/{other}/visibility"),
        format!("/desk/series/{series}/about"),
        format!("/desk/series/{series}/share"),
    ] {
        for lang in ["nl", "en"] {
            let sent = save_as_it_is(&eva, &format!("{page}?lang={lang}")).await;
            assert!(sent > 0, "{page} has nothing to save");
            let after = everything(&site).await;
            for (name, bytes) in &before.0 {
                let now = after.0.get(name).map(|it| String::from_utf8_lossy(it));
                assert_eq!(
                    now.as_deref(),
                    Some(&*String::from_utf8_lossy(bytes)),
                    "{page}: {name}"
                );
            }
            assert_eq!(after.0.len(), before.0.len(), "{page}");
            let new: Vec<_> = after.1.iter().filter(|it| !before.1.contains(it)).collect();
            assert_eq!(new, Vec::<&String>::new(), "{page}");
            assert_eq!(after.1.len(), before.1.len(), "{page}");
        }
    }
}

#[tokio::test]
async fn what_was_not_touched_stays_to_the_second_beside_what_was() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let (from, until) = ("2026-10-25T02:30:45+01:00", "2027-10-31T02:30:00+01:00");
    let visibility = format!("/desk/recordings/{id}/visibility");
    mira.fill(&visibility, &[("withdrawn_reason", "Oud.")])
        .await;
    let sidecar = site.read("reeks/01-begin.toml");
    for line in [
        format!("visible_from = {from}"),
        format!("visible_until = {until}"),
    ] {
        assert!(sidecar.contains(&line), "{line}: {sidecar}");
    }
    // One moment is changed, and the other stays; two moments within a minute are in order when they were.
    mira.fill(&visibility, &[("visible_until", "2027-11-01T02:30")])
        .await;
    let sidecar = site.read("reeks/01-begin.toml");
    assert!(
        sidecar.contains(&format!("visible_from = {from}")),
        "{sidecar}"
    );
    assert!(
        sidecar.contains("visible_until = 2027-11-01T02:30:00+01:00"),
        "{sidecar}"
    );
    let near = sidecar.replace("2027-11-01T02:30:00+01:00", "2026-10-25T02:30:59+01:00");
    site.put("reeks/01-begin.toml", &near);
    site.scan().await;
    mira.fill(&visibility, &[("withdrawn_reason", "Anders.")])
        .await;
    let sidecar = site.read("reeks/01-begin.toml");
    assert!(sidecar.contains("2026-10-25T02:30:59+01:00"), "{sidecar}");
    // The same in the text, and in one line of the captions.
    mira.fill(&format!("/desk/recordings/{id}"), &[("title", "Anders")])
        .await;
    let sidecar = site.read("reeks/01-begin.toml");
    for kept in [
        "0:00:00.250",
        "0:01.007",
        "Mira  de Vries",
        "\" trainer\"",
        "Begin \"",
        "# Nooit wijzigen.",
    ] {
        assert!(sidecar.contains(kept), "{kept}: {sidecar}");
    }
    mira.fill(
        &format!("/desk/recordings/{id}/captions/nl"),
        &[("text", "Hoi")],
    )
    .await;
    let captions = site.read("reeks/01-begin.nl.vtt");
    for kept in [
        "00:00:00.007 --> 00:00:00.999",
        "00:00:01.001 --> 00:00:01.500",
        "Hoi",
        "- Dag",
    ] {
        assert!(captions.contains(kept), "{kept}: {captions}");
    }
}
