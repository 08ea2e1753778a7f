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
    let again = site.scan().await;
    let mut told = report.findings;
    told.retain(|finding| finding.wants_attention());
    assert_eq!((again.opened, again.findings), (0, told), "by every scan");
    // However wrong a file is, what is said of it has an end.
    let wrong = "00:00.500 --> 00:01.000 x\nEen\n\n".repeat(500);
    site.put("reeks/01-begin.nl.vtt", format!("WEBVTT\n\n{wrong}"));
    assert_eq!(lines(&site.scan().await).len(), 100);
}

#[tokio::test]
async fn what_was_left_out_of_a_file_of_the_folder_stays_told_at_the_desk_until_it_is_mended() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let gap = "WEBVTT\n\n00:00.100 --> 00:00.200\neen\n\nvervolg\n\n00:00.300 --> 00:00.400\n\nweg\n\n00:00.500 --> 00:00.600\ntwee\n";
    site.put("reeks/01-begin.en.vtt", gap);
    site.put("reeks/01-begin.nl.srt", b"1\r\n00:00:00,000 --> 00:00:01,000\r\nE\xc3\xa9n caf\xc3\xa9, twee caf\xc3\xa9s,\r\nvr\xe9gen\r\n");
    site.put(
        "reeks/01-begin.de.vtt",
        "WEBVTT\n\n00:01.000 --> 00:00.000\nWeg\n",
    );
    let files = format!("/desk/recordings/{id}/files");
    let told = [
        ("01-begin.en.vtt, line 6", "is neither a cue nor a comment"),
        ("01-begin.en.vtt, line 8", "the cue has no text"),
        ("01-begin.en.vtt, line 10", "is neither a cue nor a comment"),
        (
            "01-begin.nl.srt, line 4",
            "holds characters that cannot be read",
        ),
        ("01-begin.de.vtt", "line 3: the cue ends before it begins"),
    ];
    for _ in ["the server", "somebody beside it"] {
        let report = site.scan().await;
        for (place, reason) in told {
            says(&report, &["please look", place, reason]);
        }
        mira.get(&format!("{files}?lang=nl"))
            .await
            .is(200)
            .shows("Weggelaten of hersteld in")
            .shows("01-begin.en.vtt")
            .shows("Regel 6: dit is geen ondertitel")
            .shows("Regel 8: hier staat geen tekst bij")
            .shows("01-begin.nl.srt")
            .shows("Regel 4: hier staan tekens");
    }
    mira.get(&format!("{files}?lang=en"))
        .await
        .shows("Left out or put right in")
        .shows("Line 10: this is neither a caption");
    // A few bad bytes make no other encoding of it.
    mira.get(&format!("/transcripts/{id}/nl.txt"))
        .await
        .is(200)
        .shows("Eén café, twee cafés, vr\u{fffd}gen");
    // What is mended is told no longer, and of another file that is read anew the rest stays told.
    site.put(
        "reeks/01-begin.en.vtt",
        "WEBVTT\n\n00:00.100 --> 00:00.200\neen vervolg\n",
    );
    says(&site.scan().await, &["01-begin.nl.srt, line 4"]);
    mira.get(&format!("{files}?lang=nl"))
        .await
        .shows("Regel 4: hier staan tekens")
        .hides("01-begin.en.vtt")
        .hides("Regel 6");
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
        ("end", ""),
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
async fn one_bad_cue_costs_only_itself_and_is_told_with_its_line() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    let clock = |at: u32, dot: &str| {
        let end = if at == 6 { "000" } else { "900" };
        format!("00:00:0{at}{dot}000 --> 00:00:0{at}{dot}{end}")
    };
    let vtt = (0..10).map(|at| format!("\n{}\nzin {at}\n", clock(at, ".")));
    let srt = (0..10).map(|at| format!("{}\r\n{}\r\nzin {at}\r\n\r\n", at + 1, clock(at, ",")));
    site.put_clip("reeks/01-vtt.mp4", 10);
    site.put(
        "reeks/01-vtt.nl.vtt",
        format!("WEBVTT\n{}", vtt.collect::<String>()),
    );
    site.put_clip("reeks/02-srt.mp4", 10);
    site.put(
        "reeks/02-srt.nl.srt",
        format!("\u{feff}{}", srt.collect::<String>()),
    );
    let report = site.scan().await;
    for (file, stem, line) in [
        ("01-vtt.nl.vtt", "01-vtt", 21),
        ("02-srt.nl.srt", "02-srt", 26),
    ] {
        let told = format!("line {line}: the cue ends before it begins; it was left out");
        says(&report, &["please look", file, &told]);
        let id = site.id_in(&format!("reeks/{stem}.toml"));
        let page = site.get(&format!("/watch/{id}")).await.is(200);
        let page = page.hides("zin 6").text();
        let transcript = site
            .get(&format!("/transcripts/{id}/nl.txt"))
            .await
            .is(200)
            .text();
        for at in (0..10).filter(|at| *at != 6) {
            assert!(page.contains(&format!("zin {at}")), "{file} {at}");
        }
        assert_eq!(transcript.lines().count(), 9);
    }
    // At the desk in the reader's language; most of them bad is refused with the first line.
    let mira = site.colleague("mira", Role::Editor).await;
    let captions = format!(
        "/desk/recordings/{}/captions?lang=nl",
        site.id_in("reeks/01-vtt.toml")
    );
    let good = "\n00:01.000 --> 00:02.000\ngoed\n";
    let odd = "\n00:03.00 --> 00:04.00\nfout\n";
    let file = format!(
        "WEBVTT\n{good}{odd}\n00:05.000 --> 00:06.000\n{}\n{good}",
        "lang ".repeat(1500)
    );
    let answer = mira
        .put_file(&captions, "a.vtt", file, ("language", "nl"))
        .await;
    mira.follow(answer)
        .await
        .shows("Regel 6: deze tijd is niet te lezen. We hebben de ondertitel weggelaten.")
        .shows("Regel 9: deze tekst is te lang. We hebben de ondertitel weggelaten.");
    let file = format!("WEBVTT\n{good}{odd}{odd}");
    let answer = mira
        .put_file(&captions, "a.vtt", file, ("language", "nl"))
        .await;
    answer
        .is(422)
        .shows("Regel 6: deze tijd is niet te lezen.")
        .hides("weggelaten");
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

#[tokio::test]
async fn a_language_has_one_spelling_and_an_address_with_another_leads_on() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\nlanguage = \"nld\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    let cue = |text: &str| format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n");
    site.put("reeks/01-begin.dut.vtt", cue("Nederlandse regel"));
    site.put("reeks/01-begin.pt_BR.vtt", cue("Linha"));
    site.put(
        "reeks/01-begin.toml",
        "id = \"q3a1gc8bxx\"\nlanguage = \"DUT\"\n",
    );
    site.scan().await;
    let id = "q3a1gc8bxx";
    let page = site.get(&format!("/watch/{id}")).await.is(200);
    page.shows("srclang=\"nl\"")
        .shows("label=\"Nederlands\"")
        .hides("dut.vtt")
        .shows("Nederlandse regel");
    let told = site
        .json(&format!("/api/recordings/{id}"))
        .await
        .to_string();
    assert!(told.contains("/nl.vtt") && !told.contains("dut"), "{told}");
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("Nederlandse regel");
    for spelling in ["dut", "nld", "NL", "DUT", "nl_NL", "nl-nl", "NL_nl"] {
        let answer = site
            .get(&format!("/captions/{id}/{spelling}.vtt?utm_source=x"))
            .await
            .is(308);
        assert_eq!(
            answer.header("location"),
            Some(format!("/captions/{id}/nl.vtt").as_str()),
            "{spelling}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let answer = site
            .get(&format!("/transcripts/{id}/{spelling}.txt"))
            .await
            .is(308);
        assert_eq!(
            answer.header("location"),
            Some(format!("/transcripts/{id}/nl.txt").as_str()),
            "{spelling}"
        );
    }
    for spelling in ["por", "pt", "pt_BR"] {
        site.get(&format!("/captions/{id}/{spelling}.vtt"))
            .await
            .is(308)
            .says("location", &format!("/captions/{id}/pt-br.vtt"));
    }
    for none in ["eng", "en", "xx", "dutch"] {
        site.get(&format!("/captions/{id}/{none}.vtt"))
            .await
            .is(404);
    }
    // The language of the reader is asked for in any spelling.
    for (asked, words) in [
        ("dut", "Ondertiteling"),
        ("NLD", "Ondertiteling"),
        ("nl_NL", "Ondertiteling"),
        ("eng", "Captions"),
    ] {
        let page = site.get(&format!("/watch/{id}?lang={asked}")).await.is(200);
        let lang = if words == "Captions" {
            "<html lang=\"en\""
        } else {
            "<html lang=\"nl\""
        };
        page.shows(lang);
    }
    // Rows of a catalogue that an older program made are spelled anew by a scan.
    let old = site.app.db.write(|conn| {
        conn.execute(
            "UPDATE caption SET language = 'dut' WHERE language = 'nl'",
            [],
        )?;
        Ok(conn.execute("UPDATE recording SET language = 'dut'", [])?)
    });
    old.await.unwrap();
    site.scan().await;
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("Nederlandse regel");
    assert_eq!(
        site.json(&format!("/api/recordings/{id}")).await["language"],
        "nl"
    );
}

#[tokio::test]
async fn captions_of_one_language_in_two_spellings_are_reported_and_the_usual_one_stays() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put(
        "reeks/01-begin.dut.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nOud\n",
    );
    site.put(
        "reeks/01-begin.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nNieuw\n",
    );
    let report = site.scan().await;
    says(
        &report,
        &["reeks/01-begin.dut.vtt", "spells a language in another way"],
    );
    let id = site.id_in("reeks/01-begin.toml");
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("Nieuw")
        .hides("Oud");
    site.get(&format!("/captions/{id}/dut.vtt")).await.is(308);
    // At the desk a language is typed in any spelling, and what stood there in another is replaced.
    site.remove("reeks/01-begin.nl.vtt");
    site.scan().await;
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("Oud");
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    mira.get(&format!("{page}/captions/dut"))
        .await
        .is(200)
        .shows("Oud");
    mira.does(&format!("{page}/captions/NLD/remove"), &[]).await;
    site.get(&format!("/captions/{id}/nl.vtt")).await.is(404);
    assert!(!site.path("reeks/01-begin.dut.vtt").exists());
}
