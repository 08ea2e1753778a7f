//! A recording is moved to another series and the power goes between any two of its files: it is found under one stem, at one place.

use std::fs;
use std::path::Path;

use terugkijken::catalogue::coordinator::Role;
use terugkijken::library::moves::{Move, Spot};

use crate::support::desk::Desk;
use crate::support::{Site, clips, lines, says};

const PUBLIC: &str = "visibility = \"public\"\n";
const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n";

/// A series with a recording that has captions, a hand-out and an earlier version, and another series with one of its stem.
async fn two_series() -> (Site, Desk, String) {
    let site = Site::open().await;
    site.put("een/series.toml", PUBLIC);
    site.put("twee/series.toml", format!("{PUBLIC}title = \"Twee\"\n"));
    site.put_clip("een/01-begin.mp4", 1);
    site.put("een/01-begin.toml", "# van Mira\ntitle = \"Begin\"\n[[attachments]]\nfile = \"01-begin.blad.pdf\"\ntitle = \"Het blad\"\n");
    site.put("een/01-begin.nl.vtt", CAPTIONS);
    site.put("een/01-begin.blad.pdf", "%PDF blad");
    site.put_clip("twee/01-begin.mp4", 2);
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let id = site.id_in("een/01-begin.toml");
    let said = [("filename", "x.mp4"), ("replaces", id.as_str())];
    mira.upload(clips::bytes("a.mp4", 3), &said).await;
    assert_eq!(names(&site.path("een/.versions")).len(), 1);
    (site, mira, id)
}

/// The names in a folder; none when it is not there.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The recording lies in the second series, whole, and nothing of it anywhere else.
async fn is_moved(site: &Site, id: &str, case: &str) {
    assert_eq!(
        names(&site.path("een")),
        [".versions", "series.toml"],
        "{case}"
    );
    assert_eq!(names(&site.path("een/.versions")), Vec::<String>::new());
    let there = [
        ".versions",
        "01-begin-2.blad.pdf",
        "01-begin-2.mp4",
        "01-begin-2.nl.vtt",
        "01-begin-2.toml",
        "01-begin.mp4",
        "01-begin.toml",
        "series.toml",
    ];
    assert_eq!(names(&site.path("twee")), there, "{case}");
    assert_eq!(names(&site.path("twee/.versions")).len(), 1, "{case}");
    assert_eq!(names(&site.path(".moves")), Vec::<String>::new(), "{case}");
    assert_eq!(site.id_in("twee/01-begin-2.toml"), id, "{case}");
    assert!(site.read("twee/01-begin-2.toml").contains("# van Mira"));
    let known = site.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(known["state"], "ready", "{case}");
    assert_eq!(known["series"]["slug"], "twee", "{case}");
    assert_eq!(known["captions"][0]["language"], "nl", "{case}");
    assert_eq!(known["attachments"][0]["title"], "Het blad", "{case}");
    site.get("/api/series/een").await.is(404);
    assert_eq!(site.recordings("/api/series/twee").await.len(), 2, "{case}");
    assert_eq!(lines(&site.scan().await), Vec::<String>::new(), "{case}");
}

/// What the program writes down before it moves the recording.
fn plan(site: &Site, id: &str) -> Move {
    let text = site.read("een/01-begin.toml");
    let spot = |folder: &str, stem: &str, text: String| Spot {
        folder: folder.to_owned(),
        sidecar: format!("{stem}.toml"),
        text: Some(text),
    };
    let files = ["mp4", "nl.vtt", "blad.pdf"];
    Move {
        id: id.to_owned(),
        from: spot("een", "01-begin", text.clone()),
        to: spot(
            "twee",
            "01-begin-2",
            text.replace("\"01-begin.", "\"01-begin-2."),
        ),
        files: files
            .map(|rest| (format!("01-begin.{rest}"), format!("01-begin-2.{rest}")))
            .into(),
    }
}

/// Leaves the folder as it is when the power goes after so many steps.
fn cut(site: &Site, id: &str, steps: usize) {
    let what = plan(site, id);
    let text = serde_json::to_string(&what).unwrap();
    site.put(&format!(".moves/{id}.json"), text);
    for (before, after) in what.files.iter().take(steps) {
        site.rename(&format!("een/{before}"), &format!("twee/{after}"));
    }
    if steps > 3 {
        let kept = names(&site.path("een/.versions")).remove(0);
        fs::create_dir_all(site.path("twee/.versions")).unwrap();
        site.rename(
            &format!("een/.versions/{kept}"),
            &format!("twee/.versions/{kept}"),
        );
    }
    if steps > 4 {
        site.put("twee/01-begin-2.toml", what.to.text.unwrap());
    }
    if steps > 5 {
        site.remove("een/01-begin.toml");
    }
}

#[tokio::test]
async fn a_move_that_was_cut_off_between_any_two_files_is_completed_by_the_next_scan() {
    for steps in 0..=6 {
        let (site, _, id) = two_series().await;
        cut(&site, &id, steps);
        let report = site.scan().await;
        says(&report, &["twee/01-begin-2.toml", "is complete now"]);
        is_moved(&site, &id, &format!("{steps} steps")).await;
        let site = site.without_its_catalogue().await;
        site.scan().await;
        site.get(&format!("/watch/{id}")).await.is(200);
    }
}

#[tokio::test]
async fn who_moves_it_again_completes_the_move_and_what_a_hand_wrote_meanwhile_is_kept() {
    let (site, mira, id) = two_series().await;
    cut(&site, &id, 2);
    let twee = mira.series("Twee").await;
    mira.move_to(&twee, &id).await;
    is_moved(&site, &id, "again").await;
    let (site, _, id) = two_series().await;
    cut(&site, &id, 2);
    let text = site.read("een/01-begin.toml");
    site.put(
        "een/01-begin.toml",
        text.replace("Begin", "Een nieuw begin"),
    );
    site.scan().await;
    assert!(!site.path("een/01-begin.toml").exists());
    let known = site.recording("Een nieuw begin").await;
    assert_eq!(known["id"], id.as_str());
    assert_eq!(known["state"], "ready");
}

#[tokio::test]
async fn a_move_with_something_in_its_way_changes_nothing() {
    let (site, mira, id) = two_series().await;
    let before = (names(&site.path("een")), site.read("een/01-begin.toml"));
    site.put("twee/.versions", "in de weg");
    let twee = mira.series("Twee").await;
    let what = [("act", "series"), ("to_series", twee.as_str())];
    mira.change(&[&id], &what).await;
    let after = (names(&site.path("een")), site.read("een/01-begin.toml"));
    assert_eq!(after, before);
    assert_eq!(names(&site.path(".moves")), Vec::<String>::new());
    assert_eq!(site.recordings("/api/series/een").await.len(), 1);
    site.remove("twee/.versions");
    mira.move_to(&twee, &id).await;
    is_moved(&site, &id, "afterwards").await;
}

#[tokio::test]
async fn an_edit_of_the_old_sidecar_goes_along_also_when_the_new_one_was_written() {
    for steps in [2, 5] {
        let (site, _, id) = two_series().await;
        cut(&site, &id, steps);
        let text = site.read("een/01-begin.toml");
        let edited = text.replace("\"Begin\"", "\"Een nieuw begin\"");
        site.put("een/01-begin.toml", edited);
        site.scan().await;
        is_moved(&site, &id, &format!("edited after {steps}")).await;
        let told = site.read("twee/01-begin-2.toml");
        assert!(told.contains("Een nieuw begin"), "{told}");
    }
}

#[tokio::test]
async fn a_move_whose_new_name_is_taken_is_taken_back_and_nothing_stays_behind() {
    for taken in ["nl.vtt", "toml"] {
        let (site, mira, id) = two_series().await;
        let whole = names(&site.path("een"));
        cut(&site, &id, 1);
        let taken = format!("twee/01-begin-2.{taken}");
        site.put(&taken, "title = \"Van een ander\"\n");
        let report = site.scan().await;
        says(&report, &["twee/01-begin-2.toml", "cannot be completed"]);
        assert_eq!(names(&site.path("een")), whole, "{taken}");
        assert_eq!(names(&site.path(".moves")), Vec::<String>::new());
        assert_eq!(site.recordings("/api/series/een").await.len(), 1);
        assert!(site.read(&taken).contains("Van een ander"));
        // Another name is free.
        mira.move_to(&mira.series("Twee").await, &id).await;
        assert_eq!(names(&site.path("een")), [".versions", "series.toml"]);
    }
}

#[tokio::test]
async fn when_hands_edited_both_sidecars_neither_edit_is_lost() {
    let (site, _, id) = two_series().await;
    cut(&site, &id, 5);
    for place in ["een/01-begin.toml", "twee/01-begin-2.toml"] {
        let text = site.read(place);
        let edited = text.replace("\"Begin\"", &format!("\"Begin van {place}\""));
        site.put(place, edited);
    }
    says(&site.scan().await, &["cannot be completed"]);
    for place in ["een/01-begin.toml", "twee/01-begin-2.toml"] {
        let told = site.read(place);
        assert!(told.contains(&format!("Begin van {place}")), "{told}");
    }
}

#[tokio::test]
async fn what_was_wiped_is_not_brought_back_by_a_move() {
    let (site, mira, id) = two_series().await;
    let what = serde_json::to_string(&plan(&site, &id)).unwrap();
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
    mira.does(&format!("{page}/erase"), &[("sure", "yes")])
        .await;
    site.put(&format!(".moves/{id}.json"), what);
    site.scan().await;
    assert_eq!(names(&site.path(".moves")), Vec::<String>::new());
    assert!(!site.path("twee/01-begin-2.toml").exists());
}

/// Where a word stands in the media folder.
fn in_media(site: &Site, word: &str) -> Vec<String> {
    let found = site.traces(&[word]).into_iter();
    let media = site.media().display().to_string();
    found.filter(|line| line.starts_with(&media)).collect()
}

#[tokio::test]
async fn a_wipe_takes_both_ends_of_a_move_that_cannot_be_completed_and_what_was_written_down() {
    let word = "Wendelmoed";
    // One whose new name is taken, one with two edited sidecars, one that cannot be read, and one to a folder that is gone.
    for case in ["taken", "edited", "broken", "gone"] {
        let (site, mira, id) = two_series().await;
        for (file, was) in [("01-begin.toml", "Begin"), ("01-begin.nl.vtt", "Tekst")] {
            let place = format!("een/{file}");
            site.put(&place, site.read(&place).replace(was, word));
        }
        site.scan().await;
        cut(&site, &id, if case == "edited" { 5 } else { 0 });
        let page = format!("/desk/recordings/{id}");
        mira.does(&format!("{page}/trash"), &[]).await;
        let note = format!(".moves/{id}.json");
        match case {
            "taken" => site.put("twee/01-begin-2.mp4", "van een ander"),
            "broken" => site.put(&note, format!("{{\"id\": \"{word}")),
            "gone" => site.put(&note, site.read(&note).replace("\"twee\"", "\"weg\"")),
            _ => {
                let text = site.read("twee/01-begin-2.toml");
                site.put("twee/01-begin-2.toml", format!("{text}# {word}\n"));
            }
        }
        assert!(
            site.traces(&[word]).iter().any(|it| it.contains(".moves")),
            "{case}"
        );
        mira.does(&format!("{page}/erase"), &[("sure", "yes")])
            .await;
        assert_eq!(in_media(&site, word), Vec::<String>::new(), "{case}");
        let other = case == "taken";
        assert_eq!(site.path("twee/01-begin-2.mp4").exists(), other, "{case}");
        assert!(site.path("twee/01-begin.mp4").exists(), "{case}");
        site.scan().await;
        assert_eq!(in_media(&site, word), Vec::<String>::new(), "{case}");
    }
}
