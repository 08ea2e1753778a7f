//! Files that are not what they are called, and captions in every encoding and disorder: refused in a sentence with nothing left
//! behind, or read as what they are.

use std::fmt::Write as _;

use terugkijken::catalogue::coordinator::Role;

use crate::hostile_cases::{CAPTIONS, Said};
use crate::support::desk::{Desk, picture, site};
use crate::support::markup::Page;
use crate::support::{Answer, Site, clips};

/// The files in the folder of the series.
fn names(site: &Site) -> Vec<String> {
    let entries = std::fs::read_dir(site.path("reeks")).unwrap();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const BEFORE: [&str; 3] = ["01-begin.mp4", "01-begin.toml", "series.toml"];

#[tokio::test]
async fn only_a_picture_becomes_the_picture_of_a_recording() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let address = format!("/desk/recordings/{id}/poster");
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    let html = "<!doctype html><html><body onload=\"alert(1)\"><script>alert(1)</script>";
    let cut = picture(640)[..40].to_vec();
    let jpeg = [
        b"\xff\xd8\xff\xe0\0\x10JFIF\0<script>alert(1)</script>".to_vec(),
        vec![0; 64],
    ]
    .concat();
    let huge = [
        &picture(640)[..16],
        &[0, 1, 0, 0, 0, 1, 0, 0],
        &picture(640)[24..],
    ]
    .concat();
    let cases: [(&str, Vec<u8>); 16] = [
        ("foto.jpg", svg.into()),
        ("foto.svg", svg.into()),
        (
            "foto.png",
            format!("<?xml version=\"1.0\"?>{svg}").into_bytes(),
        ),
        ("foto.webp", format!("\u{feff}  {svg}").into_bytes()),
        ("foto.jpg", html.into()),
        ("foto.html", html.into()),
        ("foto.jpg", "alert(1)".into()),
        ("foto.jpg", "#!/bin/sh\nrm -rf /\n".into()),
        ("foto.jpg", "GIF89a/*<script>*/=1;alert(1)//".into()),
        ("foto.gif", "GIF89a\u{1}\0\u{1}\0\0\0\0;".into()),
        ("foto.jpg", "BM<script>alert(1)</script>".into()),
        ("foto.jpg", "RIFF\u{10}\0\0\0WEBP<script>alert(1)".into()),
        ("foto.jpg", jpeg),
        ("foto.png", cut),
        ("foto.png", huge),
        ("foto.jpg", clips::bytes("a.mp4", 3)),
    ];
    for (name, bytes) in cases {
        let start: Vec<u8> = bytes.iter().copied().take(40).collect();
        let answer = mira.put_file(&address, name, bytes, ("x", "")).await;
        let said = sentence(&answer);
        assert_eq!(answer.status, 422, "{name} {start:?}: {said}");
        assert!(
            said.contains("geen foto die we kunnen gebruiken"),
            "{name} {start:?}: {said}"
        );
        assert_eq!(names(&site), BEFORE, "{name} {start:?}");
    }
    let empty = mira
        .put_file(&address, "leeg.jpg", Vec::new(), ("x", ""))
        .await
        .is(422);
    assert!(sentence(&empty).contains("Kies eerst een bestand"));
    site.work_until_idle().await;
    let shown = site.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(names(&site), BEFORE, "{shown}");
}

#[tokio::test]
async fn what_hides_behind_a_picture_is_not_handed_on() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let behind = [picture(640), b"<script>alert(1)</script>".repeat(10)].concat();
    let address = format!("/desk/recordings/{id}/poster");
    let name = "../../\"><script>alert(1)</script>.svg";
    mira.put_file(&address, name, behind, ("x", ""))
        .await
        .is(303);
    assert_eq!(
        names(&site),
        [
            "01-begin.mp4",
            "01-begin.png",
            "01-begin.toml",
            "series.toml"
        ]
    );
    site.work_until_idle().await;
    for size in ["", "?w=480", "?w=1280"] {
        let poster = site.get(&format!("/posters/{id}.jpg{size}")).await.is(200);
        assert_eq!(poster.header("content-type"), Some("image/jpeg"), "{size}");
        assert_eq!(poster.header("x-content-type-options"), Some("nosniff"));
        assert!(!poster.text().contains("<script"), "{size}");
        assert!(image::load_from_memory(&poster.body).is_ok(), "{size}");
    }
}

#[tokio::test]
async fn captions_are_read_in_whatever_encoding_and_order_they_come_or_refused_by_their_line() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let files = format!("/desk/recordings/{id}/captions");
    let plain = "WEBVTT\n\n00:00.000 --> 00:01.000\nGewoon\n";
    mira.put_file(&files, "a.vtt", plain, ("language", "nl"))
        .await
        .is(303);
    let clean = scripts(&site, &mira, &id, "gewoon").await;
    mira.does(&format!("{files}/nl/remove"), &[]).await;
    for (what, bytes, said) in CAPTIONS {
        let name = format!("\"><script>{what}.txt");
        let answer = mira
            .put_file(&files, &name, *bytes, ("language", "nl"))
            .await;
        let vtt = site.get(&format!("/captions/{id}/nl.vtt")).await;
        match said {
            Said::Refused(why) => {
                let said = sentence(&answer);
                assert!(
                    answer.status == 422 && said.contains(why),
                    "{what}: {} {said}",
                    answer.status
                );
                assert_eq!(
                    (vtt.status, names(&site)),
                    (404, BEFORE.map(str::to_owned).to_vec()),
                    "{what}"
                );
            }
            Said::Read(lines) => {
                assert_eq!(answer.status, 303, "{what}: {}", sentence(&answer));
                let transcript = format!("/transcripts/{id}/nl.txt");
                let transcript = site
                    .get(&transcript)
                    .await
                    .is(200)
                    .says("content-type", "text/plain; charset=utf-8");
                let found = transcript.text();
                assert_eq!(found.lines().collect::<Vec<_>>(), *lines, "{what}");
                let vtt = vtt
                    .is(200)
                    .says("content-type", "text/vtt; charset=utf-8")
                    .says("x-content-type-options", "nosniff");
                assert_eq!(
                    vtt.text().matches("-->").count(),
                    lines.len(),
                    "{what}: {}",
                    vtt.text()
                );
                for sign in ["<script", "<img", "onclick", "url(", "\0", "STYLE", "NOTE"] {
                    assert!(
                        !vtt.text().contains(sign),
                        "{what}: {sign} in {}",
                        vtt.text()
                    );
                }
                assert_eq!(scripts(&site, &mira, &id, what).await, clean, "{what}");
                assert_eq!(site.read("reeks/01-begin.nl.vtt"), vtt.text(), "{what}");
                mira.does(&format!("{files}/nl/remove"), &[]).await;
            }
        }
    }
}

/// The scripts of the pages that draw captions; nothing else runs there.
async fn scripts(site: &Site, mira: &Desk, id: &str, what: &str) -> Vec<Vec<String>> {
    let edit = format!("/desk/recordings/{id}/captions/nl");
    let answers = [
        site.get(&format!("/watch/{id}")).await.is(200),
        mira.get(&edit).await.is(200),
    ];
    let pages = answers.map(|answer| answer.page());
    for page in &pages {
        assert_eq!(page.runs(), Vec::<String>::new(), "{what}");
    }
    pages.iter().map(Page::scripts).collect()
}

#[tokio::test]
async fn a_hundred_thousand_lines_are_captions_and_one_more_is_not() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let files = format!("/desk/recordings/{id}/captions");
    let send = |text: String| mira.put_file(&files, "lang.vtt", text, ("language", "nl"));
    // One too many; too large; too large once it is written as we write it; too large for any file.
    for (text, why) in [
        (cues(100_001, ""), "te veel regels"),
        (cues(80_000, &"x".repeat(90)), "te groot"),
        (cues(60_000, &"&".repeat(60)), "te groot"),
        (
            format!("{}{}", cues(1, ""), "\n".repeat(33 << 20)),
            "te groot",
        ),
    ] {
        let length = text.len();
        let answer = send(text).await;
        let said = sentence(&answer);
        assert!(
            answer.status == 422 && said.contains(why),
            "{length}: {} {said}",
            answer.status
        );
        assert_eq!(names(&site), BEFORE, "{length}");
    }
    send(cues(100_000, "")).await.is(303);
    let vtt = site.get(&format!("/captions/{id}/nl.vtt")).await.is(200);
    assert_eq!(vtt.text().matches(" --> ").count(), 100_000);
    let transcript = site.get(&format!("/transcripts/{id}/nl.txt")).await.is(200);
    assert_eq!(transcript.text().lines().count(), 100_000);
    let watch = site
        .get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Regel 2399")
        .hides("Regel 6000");
    assert!(watch.body.len() < 2 << 20, "{}", watch.body.len());
    let edit = format!("/desk/recordings/{id}/captions/nl");
    mira.get(&edit).await.is(400).shows("meer dan 2000 regels");
}

/// Captions of that many lines, two to the second, each with some more in it.
fn cues(count: usize, more: &str) -> String {
    let mut text = "WEBVTT\n".to_owned();
    for line in 0..count {
        let (minutes, rest) = (line / 120, line % 120 * 500);
        let (seconds, thousandths) = (rest / 1000, rest % 1000);
        let time = format!(
            "{:02}:{:02}:{seconds:02}.{thousandths:03}",
            minutes / 60,
            minutes % 60
        );
        let end = format!(
            "{:02}:{:02}:{seconds:02}.{:03}",
            minutes / 60,
            minutes % 60,
            thousandths + 400
        );
        write!(text, "\n{time} --> {end}\nRegel {line}{more}\n").unwrap();
    }
    text
}

/// Why it was refused.
fn sentence(answer: &Answer) -> String {
    answer.page().of_class("form-errors")
}
