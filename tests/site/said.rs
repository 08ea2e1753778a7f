//! What is said, as a reader gets it of captions: who says it, and each sentence once however often it is drawn.

use crate::support::Site;

/// The lines of the transcript as a text file.
async fn text_file(site: &Site, id: &str) -> Vec<String> {
    let file = site.get(&format!("/transcripts/{id}/nl.txt")).await;
    file.is(200).text().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_name_stands_before_the_words_of_who_begins_to_speak() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-overleg.mp4", 10);
    let said = [
        "<v Anna de Vries>Kun jij dat dinsdag doen?</v>",
        "<v.luid Bram>Dinsdag niet, woensdag wel.</v>",
        "<i><v Bram>Of donderdag.</v></i>",
        "<v Anna de Vries>Goed.\n<v Bram>Afgesproken &amp; klaar.",
        "(muziek)",
        "<v Bram>Tot dan.",
    ];
    let cue = |(at, text): (usize, &&str)| {
        format!("naam {at}\r\n00:0{at}.000 --> 00:0{at}.900\r\n{text}\r\n\r\n")
    };
    let cues: String = said.iter().enumerate().map(cue).collect();
    site.put(
        "reeks/01-overleg.nl.vtt",
        format!("\u{feff}WEBVTT\r\n\r\n{cues}"),
    );
    site.scan().await;
    let id = site.id_in("reeks/01-overleg.toml");
    let lines = [
        "00:00:00  Anna de Vries: Kun jij dat dinsdag doen?",
        "00:00:01  Bram: Dinsdag niet, woensdag wel.",
        "00:00:02  Of donderdag.",
        "00:00:03  Anna de Vries: Goed. Bram: Afgesproken & klaar.",
        "00:00:04  (muziek)",
        "00:00:05  Bram: Tot dan.",
    ];
    assert_eq!(text_file(&site, &id).await, lines);
    let page = site
        .get(&format!("/watch/{id}?find=afgesproken"))
        .await
        .is(200)
        .text();
    let shown: String = page
        .split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1))
        .collect();
    let shown = shown.replace("&amp;", "&");
    for line in lines {
        let (_, words) = line.split_once("  ").unwrap();
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("Bram: Of donderdag"));
}

#[tokio::test]
async fn captions_that_roll_are_told_once_and_what_is_said_twice_stays_twice() {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    let rolling = "WEBVTT\nKind: captions\nLanguage: nl\n\n\
        00:00:00.469 --> 00:00:03.169 align:start position:0%\n \nwelkom<00:00:01.469><c> bij</c><00:00:01.620><c> de</c><00:00:01.740><c> eerste</c>\n\n\
        00:00:03.169 --> 00:00:03.179 align:start position:0%\nwelkom bij de eerste\n \n\n\
        00:00:03.179 --> 00:00:05.500 align:start position:0%\nwelkom bij de eerste\nbijeenkomst<00:00:03.500><c> van</c><00:00:04.000><c> dit</c><00:00:04.500><c> jaar</c>\n\n\
        00:00:05.500 --> 00:00:05.510 align:start position:0%\nbijeenkomst van dit jaar\n \n\n\
        00:00:05.510 --> 00:00:08.000 align:start position:0%\nbijeenkomst van dit jaar\nwe<00:00:05.900><c> beginnen</c><00:00:06.400><c> met</c><00:00:07.000><c> vragen</c>\n\n\
        00:00:08.000 --> 00:00:08.010 align:start position:0%\nwe beginnen met vragen\n \n";
    site.put_clip("reeks/01-rolt.mp4", 10);
    site.put("reeks/01-rolt.nl.vtt", rolling);
    site.put_clip("reeks/02-ja.mp4", 10);
    let said = ["Ja.", "Ja.", "Ja.\nDat is goed."];
    let cue = |(at, text): (usize, &&str)| {
        format!(
            "{at}\n00:00:0{at},000 --> 00:00:0{},000\n{text}\n\n",
            at + 1
        )
    };
    site.put(
        "reeks/02-ja.nl.srt",
        said.iter().enumerate().map(cue).collect::<String>(),
    );
    site.scan().await;
    let (rolls, twice) = (
        site.id_in("reeks/01-rolt.toml"),
        site.id_in("reeks/02-ja.toml"),
    );
    for (id, lines) in [
        (
            &rolls,
            [
                "00:00:00  welkom bij de eerste",
                "00:00:03  bijeenkomst van dit jaar",
                "00:00:05  we beginnen met vragen",
            ],
        ),
        (
            &twice,
            [
                "00:00:00  Ja.",
                "00:00:01  Ja.",
                "00:00:02  Ja. Dat is goed.",
            ],
        ),
    ] {
        assert_eq!(text_file(&site, id).await, lines);
        let page = site.get(&format!("/watch/{id}")).await.is(200).text();
        assert_eq!(page.matches("<span data-words>").count(), 3, "{page}");
    }
    // The player gets the file as it is.
    let vtt = site
        .get(&format!("/captions/{rolls}/nl.vtt"))
        .await
        .is(200)
        .text();
    assert_eq!(vtt.matches("-->").count(), 6);
    // It is found once, also a sentence of two lines.
    let found = site
        .get(&format!("/watch/{rolls}?find=bijeenkomst"))
        .await
        .is(200)
        .text();
    assert_eq!(found.matches("data-hit=").count(), 1);
    let found = site
        .get("/search?q=bijeenkomst+dit+jaar")
        .await
        .is(200)
        .text();
    assert_eq!(found.matches("&amp;t=3\"").count(), 1);
    assert_eq!(found.matches("&amp;t=5\"").count(), 0);
    site.get("/search?q=eerste+bijeenkomst")
        .await
        .is(200)
        .hides("van dit jaar bijeenkomst")
        .shows("&amp;t=0\"");
}
