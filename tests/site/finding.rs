//! What people ask finds what they mean: the questions, compounds, traps and families of `tests/fixtures/find.md`, asked of the
//! demonstration series and of a second catalogue.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::Site;
use crate::support::find::{Asked, Fixture, Recording};

/// One form of each family that is English.
const ENGLISH: &[&str] = &["workers", "risks", "posted", "stories"];

/// Milliseconds that an offered moment may lie from the sentence that is meant.
const NEAR_MS: u64 = 5000;

async fn demonstration() -> Site {
    let site = Site::open().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/online-jongerenwerk");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        site.put(
            &format!("online-jongerenwerk/{name}"),
            std::fs::read(&path).unwrap(),
        );
    }
    site.scan().await;
    site
}

/// A catalogue with these recordings, in one series.
async fn catalogue(recordings: &[Recording]) -> Site {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    for (seed, recording) in (1..).zip(recordings) {
        site.put_clip(&format!("reeks/{}.mp4", recording.stem), seed);
        site.put(
            &format!("reeks/{}.toml", recording.stem),
            recording.sidecar(),
        );
        for (language, captions) in recording.captions() {
            site.put(
                &format!("reeks/{}.{language}.vtt", recording.stem),
                captions,
            );
        }
        if !recording.handout.is_empty() {
            let name = format!("reeks/{}.{}.pdf", recording.stem, recording.handout);
            site.put(&name, "%PDF-1.4\n");
        }
    }
    site.scan().await;
    site
}

/// The stem of each recording by its id.
fn stems(site: &Site) -> BTreeMap<String, String> {
    let mut stems = BTreeMap::new();
    for series in std::fs::read_dir(site.media()).unwrap() {
        for entry in std::fs::read_dir(series.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.extension().is_some_and(|end| end == "toml") && stem != "series" {
                let folder = path
                    .parent()
                    .unwrap()
                    .file_name()
                    .unwrap()
                    .to_str()
                    .unwrap();
                stems.insert(site.id_in(&format!("{folder}/{stem}.toml")), stem);
            }
        }
    }
    stems
}

/// A question's results: stems, and the moments that each offers in milliseconds.
async fn ask(
    site: &Site,
    stems: &BTreeMap<String, String>,
    question: &str,
) -> Vec<(String, Vec<u64>)> {
    let encoded = utf8_percent_encode(question, NON_ALPHANUMERIC);
    let answer = site.json(&format!("/api/search?q={encoded}")).await;
    let results = answer["results"].as_array().unwrap().iter().map(|result| {
        let id = result["recording"]["id"].as_str().unwrap();
        let moments = result["moments"].as_array().unwrap().iter();
        let moments = moments.map(|moment| moment["start_ms"].as_u64().unwrap());
        (stems[id].clone(), moments.collect())
    });
    results.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_finds_the_recording_and_the_sentence_that_are_meant() {
    let fixture = Fixture::read();
    assert!(fixture.questions.len() >= 60);
    let demonstration = demonstration().await;
    let second = catalogue(&fixture.recordings).await;
    let names = [stems(&demonstration), stems(&second)];
    let (mut reciprocal, mut first, mut recalled) = (0.0, 0, 0);
    let (mut meant, mut near) = (0, 0);
    let mut missed = String::new();
    for Asked {
        question,
        of_demonstration,
        recording,
        moment_ms,
    } in &fixture.questions
    {
        let (site, names) = match of_demonstration {
            true => (&demonstration, &names[0]),
            false => (&second, &names[1]),
        };
        let found = ask(site, names, question).await;
        let rank = found.iter().position(|(stem, _)| stem == recording);
        recalled += u32::from(rank.is_some());
        first += u32::from(rank == Some(0));
        reciprocal += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        let offered = rank.and_then(|rank| found[rank].1.first());
        let distance = moment_ms
            .zip(offered)
            .map(|(meant, offered)| meant.abs_diff(*offered));
        meant += u32::from(moment_ms.is_some());
        let is_near = distance.is_some_and(|distance| distance <= NEAR_MS);
        near += u32::from(is_near);
        if rank != Some(0) || (moment_ms.is_some() && !is_near) {
            let best = found.first().map(|(stem, _)| stem.as_str());
            writeln!(missed, "{question} → {recording} {moment_ms:?}: rank {rank:?}, offered {offered:?}, best {best:?}").unwrap();
        }
    }
    let count = fixture.questions.len();
    let mean = reciprocal / count as f64;
    println!(
        "{missed}{count} questions: {recalled} recalled, {first} first, mean reciprocal rank {mean:.3}; {near} of {meant} moments within 5 s"
    );
    // The goals are 0.9 and 5 s; what is reached is kept.
    assert!(mean >= 0.99, "{mean}");
    assert!(recalled as usize == count, "{recalled} of {count}");
    assert!(near * 100 >= meant * 97, "{near} of {meant}");
}

#[tokio::test(flavor = "multi_thread")]
async fn compounds_meet_however_they_are_written_and_words_that_only_look_alike_do_not() {
    let fixture = Fixture::read();
    assert!(fixture.compounds.len() >= 100 && fixture.traps.len() >= 30);
    let texts = fixture.compounds.iter().chain(&fixture.traps);
    let recordings: Vec<Recording> = (1..)
        .zip(texts)
        .map(|(number, (_, text))| Recording::of_text(number, text))
        .collect();
    let site = catalogue(&recordings).await;
    let names = stems(&site);
    let mut found = Vec::new();
    for (recording, (question, text)) in recordings
        .iter()
        .zip(fixture.compounds.iter().chain(&fixture.traps))
    {
        let results = ask(&site, &names, question).await;
        let is_found = results.iter().any(|(stem, _)| *stem == recording.stem);
        found.push((is_found, question, text));
    }
    let (compounds, traps) = found.split_at(fixture.compounds.len());
    let missed: Vec<_> = compounds
        .iter()
        .filter(|(is_found, ..)| !is_found)
        .collect();
    let fallen: Vec<_> = traps.iter().filter(|(is_found, ..)| *is_found).collect();
    for (_, question, text) in &missed {
        println!("missed: {question} → {text}");
    }
    for (_, question, text) in &fallen {
        println!("trapped: {question} → {text}");
    }
    println!(
        "{} of {} compounds, {} of {} traps",
        compounds.len() - missed.len(),
        compounds.len(),
        fallen.len(),
        traps.len()
    );
    assert_eq!(fallen.len(), 0);
    assert!((compounds.len() - missed.len()) * 100 >= compounds.len() * 97);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_word_find_each_other() {
    let fixture = Fixture::read();
    let mut recordings = Vec::new();
    for forms in &fixture.families {
        for form in forms {
            let mut recording = Recording::of_text(recordings.len() + 1, form);
            if forms.iter().any(|form| ENGLISH.contains(&form.as_str())) {
                recording.language = "en".into();
            }
            recordings.push(recording);
        }
    }
    let site = catalogue(&recordings).await;
    let names = stems(&site);
    let (mut pairs, mut joined) = (0, 0);
    let mut number = 0;
    for forms in &fixture.families {
        let own = number..number + forms.len();
        number += forms.len();
        for form in forms {
            let results = ask(&site, &names, form).await;
            for other in own.clone() {
                pairs += 1;
                let is_found = results
                    .iter()
                    .any(|(stem, _)| *stem == recordings[other].stem);
                joined += u32::from(is_found);
                if !is_found {
                    println!("{form} does not find {}", recordings[other].description);
                }
            }
        }
    }
    println!("{joined} of {pairs} pairs of forms");
    assert!(joined * 100 >= pairs * 96, "{joined} of {pairs}");
}
