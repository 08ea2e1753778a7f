//! Test cases of captions that people submit, as tables, and properties that hold for every file.

use super::{
    Broken, Captions, Cue, LARGEST_FILE_BYTES, LONGEST_CUE_CHARS, MOST_CUES, MOST_WARNINGS, Reason,
    WarningKind, plain_text, read, voices, write_vtt,
};
use crate::timed_text::text::clean;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

fn lines(file: &str) -> Vec<(u64, u64, String)> {
    let captions = read(file.as_bytes()).unwrap_or_else(|broken| panic!("{broken} in {file:?}"));
    let cues = captions.cues.into_iter();
    cues.map(|cue| (cue.start_ms, cue.end_ms, cue.text))
        .collect()
}

fn texts(file: &str) -> Vec<String> {
    lines(file).into_iter().map(|(_, _, text)| text).collect()
}

fn refusal(file: &str) -> (usize, Reason) {
    let Err(Broken { line, reason }) = read(file.as_bytes()) else {
        panic!("was read: {file:?}");
    };
    (line, reason)
}

fn warnings(file: &str) -> Vec<(usize, WarningKind)> {
    let captions = read(file.as_bytes()).unwrap();
    captions
        .warnings
        .iter()
        .map(|warning| (warning.line, warning.kind))
        .collect()
}

#[test]
fn every_usual_shape_gives_the_same_two_cues() {
    let files = [
        // WebVTT
        "WEBVTT\n\n00:01.000 --> 00:02.500\nEen\n\n00:03.000 --> 00:04.000\nTwee\n",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nEen\n\n00:00:03.000 --> 00:00:04.000\nTwee",
        "\u{feff}WEBVTT - Online jongerenwerk\nKind: captions\nLanguage: nl\n\n1\n00:01.000 --> 00:02.500\nEen\n\nslot\n00:03.000 --> 00:04.000\nTwee\n",
        "WEBVTT\r\n\r\n00:01.000 --> 00:02.500\r\nEen\r\n\r\n00:03.000 --> 00:04.000\r\nTwee\r\n",
        "WEBVTT\r\r00:01.000 --> 00:02.500\rEen\r\r00:03.000 --> 00:04.000\rTwee\r",
        "WEBVTT\n00:01.000 --> 00:02.500\nEen\n00:03.000 --> 00:04.000\nTwee\n",
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\nwidth:40%\n\nNOTE gemaakt\nmet de hand\n\n00:01.000 --> 00:02.500\nEen\n\nNOTE\n\n00:03.000 --> 00:04.000\nTwee\n",
        "WEBVTT\tkop\n\n00:01.000\t-->\t00:02.500\nEen\n\n00:03,000-->00:04,000\nTwee\n",
        // SRT
        "1\n00:00:01,000 --> 00:00:02,500\nEen\n\n2\n00:00:03,000 --> 00:00:04,000\nTwee\n",
        "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\nEen\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwee\r\n\r\n",
        "00:00:01,000 --> 00:00:02,500\nEen\n\n00:00:03,000 --> 00:00:04,000\nTwee",
        "\n\n1\n00:00:01.000 --> 00:00:02.500\nEen\n \n\n2\n0:0:3 --> 0:0:4\nTwee\n",
        "1\n00:00:01,000 --> 00:00:02,500\nEen\n2\n00:00:03,000 --> 00:00:04,000\nTwee\n",
        "1\n00:01,000 --> 00:02,500  X1:10 X2:20 Y1:1 Y2:2\nEen\n\n7\n00:03,000 --> 00:04,000\nTwee\n\n99\n",
        // Two programs doubled each line end.
        "1\r\r\n00:00:01,000 --> 00:00:02,500\r\r\nEen\r\r\n\r\r\n2\r\r\n00:00:03,000 --> 00:00:04,000\r\r\nTwee\r\r\n",
        // NUL and other control characters.
        "1\n00:00:01,000 --> 00:00:02,500\nE\0e\u{7}n\n\n2\n00:00:03,000 --> 00:00:04,000\nTw\u{85}ee\u{1b}\n",
    ];
    let expected = vec![
        (1000, 2500, "Een".to_owned()),
        (3000, 4000, "Twee".to_owned()),
    ];
    for file in files {
        assert_eq!(lines(file), expected, "{file:?}");
    }
}

const REFUSED: &[(&str, usize, Reason)] = &[
    ("", 1, Reason::NotCaptions),
    ("\n\n", 1, Reason::NotCaptions),
    (
        "Welkom bij deze reeks.\nVandaag: online.",
        1,
        Reason::NotCaptions,
    ),
    ("[Script Info]\nTitle: x\n", 1, Reason::NotCaptions),
    ("{0}{25}Hallo", 1, Reason::NotCaptions),
    ("WEBVTT\n\n00:01.000 --> 00:0x.000\nEen", 3, Reason::Time),
    ("WEBVTT\n\n00:01.000 --> \nEen", 3, Reason::Time),
    ("WEBVTT\n\n1\n00:01.000 -> 00:02.000\nEen", 4, Reason::Time),
    (
        "WEBVTT\r\n\r\n00:61.000 --> 01:02.000\r\nEen",
        3,
        Reason::Time,
    ),
    ("WEBVTT\n\n00:01.00 --> 00:02.000\nEen", 3, Reason::Time),
    ("WEBVTT\n\n-00:01.000 --> 00:02.000\nEen", 3, Reason::Time),
    (
        "WEBVTT\n\n9999999:00:01.000 --> 9999999:00:02.000\nEen",
        3,
        Reason::Time,
    ),
    (
        "WEBVTT\n\n1:2:3:4.000 --> 1:2:3:5.000\nEen",
        3,
        Reason::Time,
    ),
    ("1\n00:00:01,000 -> 00:00:02,000\nEen", 2, Reason::Time),
    ("1\n00:00:01,5 --> 00:00:02,000\nEen", 2, Reason::Time),
    (
        "WEBVTT\n\n00:02.000 --> 00:01.000\nEen",
        3,
        Reason::EndsBeforeStart,
    ),
    (
        "WEBVTT\n\n00:02.000 --> 00:02.000\nEen",
        3,
        Reason::EndsBeforeStart,
    ),
];

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    for &(file, line, reason) in REFUSED {
        assert_eq!(refusal(file), (line, reason), "{file:?}");
    }
}

/// Files of which the cue "Een" is read and a bad one is left out: the line that is named, and why.
const ONE_BAD: &[(&str, usize, WarningKind)] = &[
    (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nEen\n\n00:03.000 –> 00:04.000\nTwee",
        6,
        WarningKind::BadTime,
    ),
    (
        "WEBVTT\r\n\r\n00:00:01.00 --> 00:00:02.50\r\nTwee\r\n\r\n00:00:03.000 --> 00:00:04.000\r\nEen",
        3,
        WarningKind::BadTime,
    ),
    // Nothing but its time line is missed of a cue without empty lines around it.
    (
        "WEBVTT\nnaam\n00:01.000 --> 00:0x.000\nTwee\n00:03.000 --> 00:04.000\nEen",
        3,
        WarningKind::BadTime,
    ),
    (
        "WEBVTT\n\n00:02.000 --> 00:02.000 align:dronken\nTwee\n\n00:03.000 --> 00:04.000\nEen",
        3,
        WarningKind::EndsBeforeStart,
    ),
    (
        "\u{feff}1\n00:00:01,000 --> 00:00:02,000\nEen\n\n2\n00:00:03,000 --> 00:00:01,000\nTwee\n\nen nog iets\n \nen nog iets",
        6,
        WarningKind::EndsBeforeStart,
    ),
    (
        "1\n00:00:01,000 --> 00:00:02,000\nEen\n\n2\n00:00:03,000\nTwee\n",
        6,
        WarningKind::BadTime,
    ),
    (
        "1\n00:00:01,000 --> 00:00:02,000\nEen\n2\n00:00:03,5 --> 00:00:04,000\nTwee\n",
        5,
        WarningKind::BadTime,
    ),
    (
        "1\n00:00:01,000 --> 00:00:02,000\nEen\n\n2\nTwee\n",
        6,
        WarningKind::BadTime,
    ),
    (
        "WEBVTTX\n\n00:01.000 --> 00:02.000\nEen",
        1,
        WarningKind::BlockLeftOut,
    ),
    (
        "Voorwoord\nvan twee regels\n\n1\n00:00:01,000 --> 00:00:02,000\nEen",
        1,
        WarningKind::BlockLeftOut,
    ),
];

#[test]
fn one_bad_cue_costs_only_itself() {
    for &(file, line, kind) in ONE_BAD {
        assert_eq!(texts(file), ["Een"], "{file:?}");
        assert_eq!(warnings(file), [(line, kind)], "{file:?}");
    }
    let long = "ë".repeat(LONGEST_CUE_CHARS + 1);
    let much = "<".repeat(200 * 1024);
    for text in [long, much] {
        let file = format!(
            "{}\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nEen",
            srt(&text)
        );
        assert_eq!(texts(&file), ["Een"]);
        assert_eq!(warnings(&file), [(2, WarningKind::CueTooLong)]);
    }
}

#[test]
fn a_file_in_which_most_cues_are_bad_is_refused_with_the_first_of_them() {
    let good = |at: usize| format!("00:{at:02}.000 --> 00:{at:02}.900\nzin {at}\n\n");
    let bad = |at: usize| format!("00:{at:02}.000 --> 00:{at:02}.000\nzin {at}\n\n");
    let file = |bad_ones: usize| {
        let cues = (0..10).map(|at| if at < bad_ones { bad(at) } else { good(at) });
        format!("WEBVTT\n\n{}", cues.collect::<String>())
    };
    assert_eq!(texts(&file(1)).len(), 9);
    assert_eq!(warnings(&file(5)).len(), 5);
    assert_eq!(refusal(&file(6)), (3, Reason::EndsBeforeStart));
    // What is only put right does not push what was left out from the list.
    let settings = "00:01.000 --> 00:02.000 zoom:2\na\n\n".repeat(MOST_WARNINGS);
    let told = warnings(&format!("{settings}{}", bad(3)));
    assert_eq!(told.len(), MOST_WARNINGS);
    assert_eq!(
        told.last().map(|it| it.1),
        Some(WarningKind::EndsBeforeStart)
    );
}

#[test]
fn what_was_put_right_is_told() {
    let cases = [
        (
            "WEBVTT\n\n00:03.000 --> 00:04.000\nTwee\n\n00:01.000 --> 00:02.000\nEen",
            6,
            WarningKind::OutOfOrder,
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000 zoom:2\nEen",
            3,
            WarningKind::SettingLeftOut,
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000 region:fred\nEen",
            3,
            WarningKind::SettingLeftOut,
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\nEen\n\nmeer",
            5,
            WarningKind::TextJoined,
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nEen\n\nmeer",
            6,
            WarningKind::BlockLeftOut,
        ),
        (
            "WEBVTT\n\nNOTE\n00:01.000 --> 00:02.000\nEen",
            4,
            WarningKind::CueInComment,
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>",
            3,
            WarningKind::EmptyCue,
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\n\n",
            2,
            WarningKind::EmptyCue,
        ),
    ];
    for (file, line, kind) in cases {
        let found = warnings(file);
        assert_eq!(found, [(line, kind)], "{file:?}");
    }
    let out_of_order = "WEBVTT\n\n00:03.000 --> 00:04.000\nTwee\n\n00:01.000 --> 00:02.000\nEen";
    assert_eq!(texts(out_of_order), ["Een", "Twee"]);
    let joined =
        "1\n00:00:01,000 --> 00:00:02,000\nEen\n\nmeer\n\n2\n00:00:03,000 --> 00:00:04,000\nTwee";
    assert_eq!(texts(joined), ["Een\nmeer", "Twee"]);
}

#[test]
fn overlapping_cues_are_two_people_talking() {
    let file =
        "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Anna>Ja\n\n00:01.000 --> 00:03.000\n<v Bob>Nee";
    assert_eq!(texts(file), ["<v Anna>Ja</v>", "<v Bob>Nee</v>"]);
    assert!(warnings(file).is_empty());
}

#[test]
fn an_arrow_may_be_spoken_but_is_never_written() {
    let file = "1\n00:00:01,000 --> 00:00:02,000\nKlik op --> opslaan\nen --&gt; klaar";
    assert_eq!(texts(file), ["Klik op --&gt; opslaan\nen --&gt; klaar"]);
}

const MARKUP: &[(&str, &str)] = &[
    (
        "<i>schuin</i> <b>vet</b> <u>onder</u>",
        "<i>schuin</i> <b>vet</b> <u>onder</u>",
    ),
    ("<I>groot</I>", "<i>groot</i>"),
    ("<b><i>scheef</b>genest</i>", "<b><i>scheef</i></b>genest"),
    ("<i>open", "<i>open</i>"),
    ("dicht</i>", "dicht"),
    ("<i.groot onclick=x>a</i>", "<i>a</i>"),
    (
        "<v.luid Anna  de\tVries>Hoi</v>",
        "<v Anna de Vries>Hoi</v>",
    ),
    ("<v A&amp;B>Hoi", "<v A&amp;B>Hoi</v>"),
    ("<v>Hoi</v>", "Hoi"),
    ("<v -->Hoi", "Hoi"),
    ("<v Anna-->Hoi", "<v Anna>Hoi</v>"),
    (
        "<c.yellow.bg_black.eigen>geel</c>",
        "<c.yellow.bg_black>geel</c>",
    ),
    ("<c>tekst</c>", "<c>tekst</c>"),
    ("<font color=\"#fff\">wit</font>", "wit"),
    ("<lang en>yes</lang> <ruby>a<rt>b</rt></ruby>", "yes ab"),
    ("<00:00:01.000><c> woord</c>", "<c> woord</c>"),
    ("een<br>twee<br/>drie", "een\ntwee\ndrie"),
    (
        "<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ),
    (
        "<img src=x onerror=alert(1)>",
        "&lt;img src=x onerror=alert(1)&gt;",
    ),
    ("<svg/onload=alert(1)>", "&lt;svg/onload=alert(1)&gt;"),
    ("<iframe>", "&lt;iframe&gt;"),
    ("<scr<i>ipt>", "&lt;scr<i>ipt&gt;</i>"),
    ("ik <3 jou", "ik &lt;3 jou"),
    ("a < b > c", "a &lt; b &gt; c"),
    // No time stamps: without a colon, and with letters.
    ("kom om <12> uur", "kom om &lt;12&gt; uur"),
    ("<let op: hier>", "&lt;let op: hier&gt;"),
    (
        "R&D &amp; co &lt;b&gt; &nbsp;!",
        "R&amp;D &amp; co &lt;b&gt; \u{a0}!",
    ),
    (
        "&#39;s avonds &#x27;t &quot;ja&quot;",
        "'s avonds 't \"ja\"",
    ),
    ("&amp;lt;", "&amp;lt;"),
    ("&#10;&#0;&#xD800;&#+65;", "&amp;#xD800;&amp;#+65;"),
    (
        "&lrm;a&rlm;\u{202a}b\u{202c}\u{2067}c\u{2069}",
        "\u{200e}a\u{200f}\u{202a}b\u{202c}\u{2067}c\u{2069}",
    ),
    ("  in  \n\n \t \n  gesprongen\t", "in\ngesprongen"),
    ("{\\an8}blijft in WebVTT", "{\\an8}blijft in WebVTT"),
];

#[test]
fn only_harmless_markup_is_left_in_a_cue() {
    for &(raw, expected) in MARKUP {
        assert_eq!(clean(raw), expected, "{raw:?}");
        assert_eq!(clean(expected), expected, "again: {raw:?}");
    }
}

#[test]
fn srt_style_overrides_are_no_text() {
    let cue = |text: &str| texts(&format!("1\n00:00:01,000 --> 00:00:02,000\n{text}\n"));
    assert_eq!(cue("{\\an8}Boven {\\i1}schuin{\\i0}"), ["Boven schuin"]);
    assert_eq!(cue("{\\open {a} {\\"), ["{\\open {a} {\\"]);
}

#[test]
fn a_transcript_gets_words_only() {
    assert_eq!(
        plain_text("<v Anna>R&amp;D &lt;3\n<i>ja</i></v>"),
        "R&D <3\nja"
    );
    assert_eq!(plain_text("&lt;i&gt;"), "<i>");
}

#[test]
fn words_keep_who_says_them() {
    for (cue, expected) in [
        ("Hallo", &[("", "Hallo")][..]),
        (
            "<v Anna>Goed.\n<v Bram>Afgesproken.",
            &[("Anna", "Goed."), ("Bram", "Afgesproken.")],
        ),
        (
            "<v Anna>Goed.</v> <v Bram>Af-\ngesproken.</v>",
            &[("Anna", "Goed."), ("Bram", "Af- gesproken.")],
        ),
        ("<i><v.luid.ver Anna>Goed</v></i>", &[("Anna", "Goed")]),
        (
            "<c.yellow>(muziek)</c>\n<b><i><v Anna  de\tVries>Ja <u>nu</u></i></b>",
            &[("", "(muziek)"), ("Anna de Vries", "Ja nu")],
        ),
        (
            "<v Anna>Een <i>twee</v> drie",
            &[("Anna", "Een twee"), ("", "drie")],
        ),
        (
            "<v Anna>Een <i>twee</i> drie</v>",
            &[("Anna", "Een twee drie")],
        ),
        ("<v A&amp;B>R&amp;D", &[("A&B", "R&D")]),
        ("<v Anna></v><v Bram>Ja", &[("Bram", "Ja")]),
        ("<v>Ja", &[("", "Ja")]),
        ("<v Anna>Een</v> <v Anna>twee</v>", &[("Anna", "Een twee")]),
    ] {
        for cue in [cue, &clean(cue)] {
            let found = voices(cue);
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|one| (one.who.as_deref().unwrap_or_default(), one.text.as_str()))
                .collect();
            assert_eq!(found, expected, "{cue:?}");
        }
    }
}

#[test]
fn known_settings_stay_and_others_go() {
    let cases = [
        (
            "align:start line:0 position:10% size:80%",
            Some("align:start line:0 position:10% size:80%"),
            false,
        ),
        (
            "line:-2,end vertical:rl",
            Some("line:-2,end vertical:rl"),
            false,
        ),
        (
            "line:84.5%,center position:50%,line-left",
            Some("line:84.5%,center position:50%,line-left"),
            false,
        ),
        ("align:middle", None, true),
        ("size:101% size:100.1% size:%", None, true),
        ("line:- line:1.5 position:10 vertical:up", None, true),
        ("size:40% size:50%", Some("size:50%"), false),
        ("align:start<script>", None, true),
        ("", None, false),
    ];
    for (written, kept, left_out) in cases {
        let file = format!("WEBVTT\n\n00:01.000 --> 00:02.000 {written}\nEen");
        let captions = read(file.as_bytes()).unwrap();
        assert_eq!(captions.cues[0].settings.as_deref(), kept, "{written:?}");
        assert_eq!(!captions.warnings.is_empty(), left_out, "{written:?}");
    }
}

fn srt(text: &str) -> String {
    format!("1\r\n00:00:01,000 --> 00:00:02,000\r\n{text}\r\n")
}

fn read_text(bytes: &[u8]) -> (Captions, String) {
    let captions = read(bytes).unwrap();
    let text = captions.cues[0].text.clone();
    (captions, text)
}

#[test]
fn unicode_files_are_recognised_with_and_without_a_mark() {
    let texts = [
        "Eén café in Curaçao",
        "Привет, молодежный работник",
        "مرحبا بكم في هذه السلسلة",
        "在线青年工作",
    ];
    for text in texts {
        let file = srt(text);
        let little: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = file.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: [(&[u8], &[u8], &str); 6] = [
            (&[], file.as_bytes(), "UTF-8"),
            (&[0xEF, 0xBB, 0xBF], file.as_bytes(), "UTF-8"),
            (&[0xFF, 0xFE], &little, "UTF-16LE"),
            (&[0xFE, 0xFF], &big, "UTF-16BE"),
            (&[], &little, "UTF-16LE"),
            (&[], &big, "UTF-16BE"),
        ];
        for (mark, body, encoding) in cases {
            let (captions, found) = read_text(&[mark, body].concat());
            assert_eq!((captions.encoding, found.as_str()), (encoding, text));
        }
    }
}

#[test]
fn code_pages_are_guessed_from_their_letters() {
    let cases = [
        (
            encoding_rs::WINDOWS_1252,
            "Eén idee: de cliënt is geïnteresseerd in coöperatie – vóór alles",
        ),
        (encoding_rs::WINDOWS_1252, "Financiële ruimte"),
        (
            encoding_rs::WINDOWS_1252,
            "C’est très différent, voilà où ça mène",
        ),
        (
            encoding_rs::WINDOWS_1251,
            "Добро пожаловать на нашу встречу",
        ),
        (
            encoding_rs::WINDOWS_1250,
            "Dziękuję, zaczynamy spotkanie dla młodzieży, proszę się nie śmiać",
        ),
        (
            encoding_rs::WINDOWS_1254,
            "Gençlik çalışması için hoş geldiniz, bugün ışıkları açıyoruz",
        ),
        (
            encoding_rs::WINDOWS_1256,
            "مرحبا بكم في هذه السلسلة من اللقاءات",
        ),
        (
            encoding_rs::WINDOWS_1253,
            "Καλώς ήρθατε στη σειρά συναντήσεων",
        ),
    ];
    for (encoding, text) in cases {
        let file = srt(text);
        let (bytes, _, unmappable) = encoding.encode(&file);
        assert!(!unmappable, "{text:?}");
        assert_eq!(read_text(&bytes).1, text, "{}", encoding.name());
    }
}

#[test]
fn one_bad_byte_does_not_spoil_a_utf_8_file() {
    let mut file = srt("Eén cliënt, één café, één idee, geïnteresseerd").into_bytes();
    file.extend(b"\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nkapot\xFFte byte\r\n");
    let captions = read(&file).unwrap();
    assert_eq!(captions.encoding, "UTF-8");
    assert_eq!(
        captions.cues[0].text,
        "Eén cliënt, één café, één idee, geïnteresseerd"
    );
    assert_eq!(captions.cues[1].text, "kapot\u{fffd}te byte");
    assert_eq!(
        (captions.warnings[0].line, captions.warnings[0].kind),
        (7, WarningKind::BytesReplaced)
    );
}

fn many_cues(count: usize) -> String {
    "00:01.000 --> 00:02.000\na\n\n".repeat(count)
}

#[test]
fn every_cap_is_held() {
    let too_large = read(&vec![b'a'; LARGEST_FILE_BYTES + 1]).unwrap_err();
    assert_eq!(too_large.reason, Reason::TooLarge);

    assert_eq!(texts(&many_cues(MOST_CUES)).len(), MOST_CUES);
    assert_eq!(
        refusal(&many_cues(MOST_CUES + 1)),
        (3 * MOST_CUES + 1, Reason::TooManyCues)
    );

    let longest = "&".repeat(LONGEST_CUE_CHARS);
    let captions = read(srt(&longest).as_bytes()).unwrap();
    assert_eq!(
        read(write_vtt(captions.cues.iter()).as_bytes())
            .unwrap()
            .cues,
        captions.cues
    );
    assert_eq!(
        refusal(&srt(&"ë".repeat(LONGEST_CUE_CHARS + 1))),
        (2, Reason::CueTooLong)
    );

    let unsorted = format!(
        "00:05.000 --> 00:06.000\na\n\n{}",
        many_cues(MOST_WARNINGS * 2)
    );
    assert_eq!(warnings(&unsorted).len(), MOST_WARNINGS);
}

#[test]
fn files_of_nothing_but_one_thing_are_read_or_refused_at_once() {
    for piece in [
        "<", "&", "{\\", "\n", "1\n", "1\n\n", "-->", "<i>", "<v a>", "\0", "WEBVTT\n", "NOTE\n\n",
    ] {
        let many = piece.repeat(512 * 1024 / piece.len());
        let _ = read(many.as_bytes());
        let _ = read(srt(&many).as_bytes());
        let _ = read(format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{many}").as_bytes());
    }
}

#[test]
fn the_file_we_write_is_this_one() {
    let cues = [
        Cue {
            start_ms: 1,
            end_ms: 3_723_004,
            text: "Een\n\n--> twee".into(),
            settings: Some("line:0 zoom:2".into()),
        },
        Cue {
            start_ms: 5,
            end_ms: 5,
            text: "geen duur".into(),
            settings: None,
        },
        Cue {
            start_ms: 5,
            end_ms: 6,
            text: " ".into(),
            settings: None,
        },
    ];
    assert_eq!(
        write_vtt(cues.iter()),
        "WEBVTT\n\n00:00:00.001 --> 01:02:03.004 line:0\nEen\n--&gt; twee\n"
    );
    assert!(
        read(write_vtt([].iter()).as_bytes())
            .unwrap()
            .cues
            .is_empty()
    );
}

/// Text with many of the pieces that have a meaning in a caption file.
fn caption_soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<",
        ">",
        "&",
        ";",
        "/",
        "i",
        "b",
        "v ",
        "c",
        ".yellow",
        "<i>",
        "</i>",
        "<b>",
        "</b>",
        "<v A>",
        "</v>",
        "<c.red>",
        "<font>",
        "<br>",
        "&amp;",
        "&lt;",
        "&#10;",
        "&#x3c;",
        "-->",
        " --> ",
        "\n",
        "\n\n",
        "\r",
        " ",
        "\t",
        "\0",
        "1",
        "\n2\n",
        "00:01.000",
        "00:00:02,000",
        "00:01.000 --> 00:02.000\n",
        "NOTE ",
        "STYLE\n",
        "{\\",
        "}",
        "é",
        "\u{202e}",
        "\u{85}",
        " line:0",
        " align:x",
        "\u{feff}",
        "\u{2028}",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[b"WEBVTT\n\n00:01.000 --> 00:02.000\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn what_was_read_can_be_written_and_read_again(soup in caption_soup(), webvtt in any::<bool>()) {
        let head = if webvtt { "WEBVTT\n\n00:01.000 --> 00:02.000\n" } else { "1\n00:01.000 --> 00:02.000\n" };
        if let Ok(captions) = read(format!("{head}{soup}").as_bytes()) {
            let vtt = write_vtt(captions.cues.iter());
            let again = read(vtt.as_bytes()).unwrap();
            prop_assert_eq!(&again.cues, &captions.cues);
            prop_assert!(again.warnings.is_empty());
            prop_assert_eq!(vtt.matches("-->").count(), captions.cues.len());
        }
    }

    #[test]
    fn cues_from_anywhere_are_written_safely(
        cues in prop::collection::vec((0_u64..400_000_000, 1_u64..10_000, caption_soup(), caption_soup()), 0..8),
    ) {
        let mut cues: Vec<Cue> = cues.into_iter().map(|(start_ms, length_ms, text, settings)| {
            Cue { start_ms, end_ms: start_ms + length_ms, text, settings: Some(settings) }
        }).collect();
        cues.sort_by_key(|cue| cue.start_ms);
        let again = read(write_vtt(cues.iter()).as_bytes()).unwrap().cues;
        let times = |cues: &[Cue]| cues.iter().map(|cue| (cue.start_ms, cue.end_ms)).collect::<Vec<_>>();
        cues.retain(|cue| !plain_text(&cue.text).trim().is_empty());
        prop_assert_eq!(times(&again), times(&cues));
        for (again, cue) in again.iter().zip(&cues) {
            prop_assert_eq!(&again.text, &clean(&cue.text));
        }
    }

    #[test]
    fn clean_text_is_well_formed_and_stays_as_it_is(soup in caption_soup(), text in ".{0,80}") {
        for raw in [soup, text] {
            let cleaned = clean(&raw);
            prop_assert_eq!(clean(&cleaned), cleaned.clone());
            prop_assert!(!cleaned.contains("-->") && !cleaned.contains("\n\n"));
            prop_assert!(well_formed(&cleaned), "{}", cleaned);
        }
    }
}

/// A second, simpler parser of tags: every end matches the last begin, and no `<` is anything but a known tag.
fn well_formed(text: &str) -> bool {
    let mut open = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else {
            return false;
        };
        let name = tag
            .trim_start_matches('/')
            .split([' ', '.'])
            .next()
            .unwrap_or_default();
        if !matches!(name, "i" | "b" | "u" | "c" | "v") {
            return false;
        }
        if !tag.starts_with('/') {
            open.push(name);
        } else if open.pop() != Some(name) {
            return false;
        }
    }
    open.is_empty()
}
