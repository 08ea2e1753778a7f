//! Captions of which something was left out or put right: nothing of it in silence.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::site;
use crate::support::{Site, lines, says};

/// A setting that is none, a cue without text, one that begins too early, and a block that is nothing.
const CAPTIONS: &str = "WEBVTT\n\n00:01.000 --> 00:01.500 align:dronken\nEen\n\n00:00.500 --> 00:01.000\n<b></b>\n\n00:00.200 --> 00:00.400\nNul\n\nzomaar iets\n";

#[tokio::test]
async fn a_scan_names_line_and_reason_of_what_was_left_out_of_captions() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    let report = site.scan().await;
    for (line, reason) in [
        (
            "line 3",
            "a setting behind the times is unknown or impossible",
        ),
        ("line 6", "the cue has no text"),
        ("line 9", "begins before the cue above it"),
        ("line 12", "is neither a cue nor a comment"),
    ] {
        says(
            &report,
            &["please look: reeks/01-begin.nl.vtt", line, reason],
        );
    }
    assert!(site.scan().await.findings.is_empty(), "said once");
    // However wrong a file is, what is said of it has an end.
    let wrong = "00:00.500 --> 00:01.000 x\nEen\n\n".repeat(500);
    site.put("reeks/01-begin.nl.vtt", format!("WEBVTT\n\n{wrong}"));
    assert_eq!(lines(&site.scan().await).len(), 100);
}

#[tokio::test]
async fn who_adds_captions_reads_what_was_left_out_of_them_or_put_right() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let captions = format!("/desk/recordings/{id}/captions");
    for (lang, words) in [
        (
            "nl",
            [
                "Regel 3: achter de tijden",
                "Regel 6: hier staat geen tekst bij",
                "Regel 9: begint eerder",
                "Regel 12: dit is geen ondertitel",
            ],
        ),
        (
            "en",
            [
                "Line 3: behind the times",
                "Line 6: there is no text here",
                "Line 9: begins before",
                "Line 12: this is neither",
            ],
        ),
    ] {
        let path = format!("{captions}?lang={lang}");
        let file = mira.put_file(&path, "a.vtt", CAPTIONS, ("language", "nl"));
        let page = mira.follow(file.await).await;
        words.iter().fold(page, |page, words| page.shows(words));
    }
    // Line by line: one that holds nothing but marks.
    let edited = format!("{captions}/nl");
    let now = mira.base(&edited).await;
    let form = [
        ("base", now.as_str()),
        ("start", "0:00"),
        ("end", "0:01"),
        ("text", "Blijft"),
        ("start", "0:01"),
        ("end", "0:02"),
        ("text", "<i></i>"),
        ("start", "0:01"),
        ("end", "0:02"),
        ("text", ""),
    ];
    mira.does(&format!("{edited}?lang=nl"), &form)
        .await
        .shows("Regel 2: hier staat geen tekst bij")
        .hides("Regel 3");
    // Whatever stands in the address: only sentences of ours.
    let odd = format!("/desk/recordings/{id}/files?lang=nl&warnings=1.99-x.1-%3Cb%3E.2-7.0-");
    mira.get(&odd)
        .await
        .is(200)
        .shows("Regel 7: begint eerder")
        .hides("Regel 1:")
        .hides("<b>.2");
    let all = vec!["7.0"; 100_000].join("-");
    let page = mira
        .get(&format!(
            "/desk/recordings/{id}/files?lang=nl&warnings={}",
            &all[..4000]
        ))
        .await;
    assert_eq!(page.is(200).text().matches("Regel 7:").count(), 100);
}

#[tokio::test]
async fn marks_in_captions_nest_to_a_depth_that_means_something_and_no_deeper() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    let deep = |marks: usize| format!("{}Diep{}", "<b>".repeat(marks), "</b>".repeat(marks));
    let lines: String = [3, 8, 9, 400]
        .iter()
        .map(|marks| format!("00:00.000 --> 00:01.000\n{}\n\n", deep(*marks)))
        .collect();
    site.put("reeks/01-begin.nl.vtt", format!("WEBVTT\n\n{lines}"));
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let served = site
        .get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .text();
    let found: Vec<&str> = served
        .lines()
        .filter(|line| line.contains("Diep"))
        .collect();
    assert_eq!(found, [deep(3), deep(8), deep(8), deep(8)]);
}
