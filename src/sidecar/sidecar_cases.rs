//! Test cases of sidecars as people write them, and of the text that edits must keep.

use super::{
    Attachment, Broken, LARGEST_TEXT_BYTES, MOST_ENTRIES, MOST_FINDINGS, RecordingSidecar,
    SeriesSidecar, edit_recording, edit_series, read_recording, read_series,
};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::credit::Credit;
use crate::catalogue::field::Moment;
use crate::catalogue::recording::{Metadata, Visibility};
use crate::embed_sites::EmbedSites;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

const BY_HAND: &str = r#"# De eerste avond. Niet aankomen: Anna.

id = "0123456789"   # staat in de nieuwsbrief
title = 'Waarom online jongerenwerk?'
number = 1
date = 2021-01-24
  language = "nl"
kleur = "groen" # voor later
visibility = "public"
visible_from = 2021-02-01T09:00:00+01:00
summary = "Kort."
description = """
Een avond over *waarom*.

- een
- twee
"""
speakers = ["Trainer jongerenwerk", { name = "Trainer sociale media", role = "gast" }]
file = "01-waarom.mp4"
former_ids = [
  "abcdefghjk", # van voor de verhuizing
]
download = true

# Hoofdstukken
[[chapters]]
start = "00:00" # begin
title = "Welkom"

[[chapters]]
start = 90
title = "Waarom?"
plaatje = "x.jpg"

[[chapters]]
start = "1:02:03.500"
title = "Slot"

[[attachments]]
file = "01-waarom.handout.pdf"
title = "Hand-out"

[eigen]
veld = 1
"#;

fn by_hand() -> RecordingSidecar {
    let chapter = |start_ms, title: &str| Chapter {
        start_ms,
        title: title.into(),
    };
    let metadata = Metadata {
        number: Some(1),
        title: Some("Waarom online jongerenwerk?".into()),
        date: Some("2021-01-24".into()),
        language: Some("nl".into()),
        visibility: Some(Visibility::Public),
        visible_from: Some(Moment::written("2021-02-01T09:00:00+01:00".into())),
        summary: Some("Kort.".into()),
        description: Some("Een avond over *waarom*.\n\n- een\n- twee\n".into()),
        speakers: vec![
            Credit {
                name: "Trainer jongerenwerk".into(),
                role: None,
            },
            Credit {
                name: "Trainer sociale media".into(),
                role: Some("gast".into()),
            },
        ],
        chapters: vec![
            chapter(0, "Welkom"),
            chapter(90_000, "Waarom?"),
            chapter(3_723_500, "Slot"),
        ],
        download: Some(true),
        ..Metadata::default()
    };
    RecordingSidecar {
        id: Some("0123456789".into()),
        metadata,
        file: Some("01-waarom.mp4".into()),
        former_ids: vec!["abcdefghjk".into()],
        attachments: vec![Attachment {
            file: "01-waarom.handout.pdf".into(),
            title: "Hand-out".into(),
        }],
        ..RecordingSidecar::default()
    }
}

fn recording(text: &str) -> RecordingSidecar {
    read_recording(text)
        .unwrap_or_else(|broken| panic!("{broken} in {text:?}"))
        .value
}

#[test]
fn a_sidecar_written_by_hand_is_understood() {
    let read = read_recording(BY_HAND).unwrap();
    assert_eq!(read.value, by_hand());
    let unknown: Vec<_> = read
        .unknown
        .iter()
        .map(|unknown| (unknown.key.as_str(), unknown.line))
        .collect();
    assert_eq!(
        unknown,
        [("kleur", 8), ("chapters.plaatje", 33), ("eigen", 43)]
    );
    assert!(read.notes.is_empty());
}

#[test]
fn windows_line_ends_and_a_mark_change_nothing() {
    let windows = format!("\u{feff}{}", BY_HAND.replace('\n', "\r\n"));
    assert_eq!(read_recording(&windows), read_recording(BY_HAND));
    let edited = edit_recording(Some(&windows), |recording| recording.number = Some(2)).unwrap();
    assert_eq!(edited, windows.replace("number = 1", "number = 2"));
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "\u{feff}", "# alleen een opmerking\n"] {
        assert_eq!(recording(text), RecordingSidecar::default());
        assert_eq!(read_series(text).unwrap().value, SeriesSidecar::default());
    }
}

#[test]
fn dates_are_days_in_every_form_people_write() {
    let cases = [
        "2021-01-24",
        "'2021-01-24'",
        "2021-01-24T19:30:00",
        "2021-01-24T23:30:00-08:00",
        "'2021-01-24T19:30:00Z'",
        "\"2021-01-24 19:30:00+01:00\"",
        "2021-01-24 19:30:00",
    ];
    for written in cases {
        assert_eq!(
            recording(&format!("date = {written}")).date.as_deref(),
            Some("2021-01-24"),
            "{written}"
        );
    }
}

#[test]
fn moments_have_a_zone_and_seconds() {
    let cases = [
        ("2021-01-24T19:30:00+01:00", "2021-01-24T19:30:00+01:00"),
        ("'2021-01-24T19:30:00Z'", "2021-01-24T19:30:00Z"),
        ("'2021-01-24T19:30+01:00'", "2021-01-24T19:30:00+01:00"),
    ];
    for (written, expected) in cases {
        let read = recording(&format!("visible_until = {written}"));
        let until = read.metadata.visible_until.map(|moment| moment.to_string());
        assert_eq!(until.as_deref(), Some(expected), "{written}");
    }
}

#[test]
fn a_chapter_starts_at_a_time_or_a_number_of_seconds() {
    let cases = [
        ("'00:00'", 0),
        ("'12:30'", 750_000),
        ("'90:00'", 5_400_000),
        ("'1:02:30'", 3_750_000),
        ("'0:05.250'", 5_250),
        ("'01:02:03.004'", 3_723_004),
        ("0", 0),
        ("75", 75_000),
        ("1.5", 1_500),
        ("0.1", 100),
        ("3_600", 3_600_000),
    ];
    for (written, start_ms) in cases {
        let read = recording(&format!(
            "chapters = [{{ start = {written}, title = 'x' }}]"
        ));
        assert_eq!(read.chapters[0].start_ms, start_ms, "{written}");
    }
    let starts = [
        "'1:60:00'",
        "'1:99'",
        "'x'",
        "''",
        "-1",
        "-0.5",
        "nan",
        "inf",
        "1e300",
        "9223372036854775807",
        "true",
        "'1:2:3:4'",
        "'+1:00'",
        "'1:00.5'",
        "[1]",
        "12:30:00",
        "'9999:00:00'",
    ];
    for start in starts {
        let broken = read_recording(&format!(
            "\nchapters = [{{ start = {start}, title = 'x' }}]"
        ))
        .unwrap_err();
        assert_eq!(broken.line, 2, "{start}");
        assert!(
            broken.message.contains("`chapters.start`"),
            "{start}: {}",
            broken.message
        );
    }
}

const REFUSED: &[(&str, usize, &str)] = &[
    ("title = 'a'\ntitle = 'b'", 2, "TOML"),
    ("title = a", 1, "TOML"),
    ("\n\ntitle", 3, "TOML"),
    ("title = 1", 1, "`title`"),
    ("number = '1'", 1, "`number`"),
    ("number = 1.5", 1, "`number`"),
    ("download = 'ja'", 1, "`download`"),
    ("\ndate = 2021-02-30", 2, "TOML"),
    ("\ndate = '2021-02-30'", 2, "`date`"),
    ("date = '24-1-2021'", 1, "`date`"),
    ("date = 19:30:00", 1, "`date`"),
    ("date = 2021", 1, "`date`"),
    ("visible_from = 2021-01-24", 1, "`visible_from`"),
    ("visible_from = 2021-01-24T19:30:00", 1, "`visible_from`"),
    ("visible_until = 'morgen'", 1, "`visible_until`"),
    ("visibility = 'Public'", 1, "`visibility`"),
    ("visibility = 'publiek'", 1, "`visibility`"),
    ("visibility = ''", 1, "`visibility`"),
    ("visibility = true", 1, "`visibility`"),
    ("embed_sites = 'overal'", 1, "`embed_sites`"),
    (
        "embed_sites = 'https://a.nl; script-src *'",
        1,
        "`embed_sites`",
    ),
    ("embed_sites = ['https://a.nl']", 1, "`embed_sites`"),
    ("title = 'x'\nfile = '../geheim.mp4'", 2, "`file`"),
    ("file = '/etc/passwd'", 1, "`file`"),
    ("file = 'a\\b.mp4'", 1, "`file`"),
    ("file = '.uploads'", 1, "`file`"),
    ("file = ''", 1, "`file`"),
    ("file = \"a\\nb\"", 1, "`file`"),
    ("title = \"a\\u0000b\"", 1, "`title`"),
    ("speakers = 'Anna'", 1, "`speakers`"),
    ("speakers = [1]", 1, "`speakers`"),
    (
        "speakers = [\n  'Anna',\n  { rol = 'x' },\n]",
        3,
        "`speakers.name`",
    ),
    (
        "[[chapters]]\nstart = '00:00'\ntitle = 'x'\n[[chapters]]\nstart = '00:10'\n",
        5,
        "`chapters.title`",
    ),
    (
        "[[chapters]]\nstart = '00:00'\ntitle = 'x'\n[[chapters]]\nstart = '0:x'\ntitle = 'y'\n",
        5,
        "`chapters.start`",
    ),
    ("[chapters]\nstart = '00:00'", 1, "`chapters`"),
    ("chapters = ['00:00']", 1, "`chapters`"),
    (
        "attachments = [{ file = 'a/b.pdf', title = 'x' }]",
        1,
        "`attachments.file`",
    ),
    ("former_ids = [1]", 1, "`former_ids`"),
    ("former_ids = [{}]", 1, "`former_ids`"),
];

#[test]
fn what_cannot_be_understood_is_refused_by_line_and_name() {
    for &(text, line, name) in REFUSED {
        let broken = read_recording(text).unwrap_err();
        assert_eq!(broken.line, line, "{text:?}: {broken}");
        assert!(broken.message.contains(name), "{text:?}: {broken}");
    }
    let Broken { line, column, .. } = read_recording("a = 1\n  \"é\" = 2 3").unwrap_err();
    assert_eq!((line, column), (2, 9));
}

#[test]
fn an_id_that_cannot_be_one_is_noted_and_passed_over() {
    for id in [
        "0123",
        "0123456789a",
        "ABCDEFGHJK",
        "abcdefghil",
        "0123-56789",
        "",
    ] {
        let read = read_recording(&format!(
            "title = 'x'\nid = '{id}'\nformer_ids = ['zzzzzzzzzz', '{id}']"
        ))
        .unwrap();
        assert_eq!(
            (&read.value.id, read.value.title.as_deref()),
            (&None, Some("x"))
        );
        assert_eq!(read.value.former_ids, ["zzzzzzzzzz"]);
        let notes: Vec<_> = read
            .notes
            .iter()
            .map(|note| (note.key.as_str(), note.line, note.written.as_str()))
            .collect();
        assert_eq!(notes, [("id", 2, id), ("former_ids", 3, id)]);
    }
    let series = read_series("deleted = ['0000000000', 'weg']").unwrap();
    assert_eq!(
        (series.value.deleted.as_slice(), series.notes.len()),
        (["0000000000".to_owned()].as_slice(), 1)
    );
}

#[test]
fn every_cap_is_held() {
    let message = |text: String| read_recording(&text).unwrap_err().message;
    assert!(read_recording(&"#".repeat(LARGEST_TEXT_BYTES)).is_ok());
    assert!(message("#".repeat(LARGEST_TEXT_BYTES + 1)).contains("too large"));
    assert!(read_recording(&format!("title = '{}'", "é".repeat(500))).is_ok());
    assert!(message(format!("title = '{}'", "é".repeat(501))).contains("`title`"));
    assert!(read_recording(&format!("description = '{}'", "é".repeat(100_000))).is_ok());
    assert!(message(format!("description = '{}'", "a".repeat(100_001))).contains("`description`"));
    assert!(read_recording(&format!("speakers = [{}]", "'a',".repeat(MOST_ENTRIES))).is_ok());
    assert!(
        message(format!("speakers = [{}]", "'a',".repeat(MOST_ENTRIES + 1))).contains("`speakers`")
    );
    assert!(
        message("[[chapters]]\nstart = 1\ntitle = 'x'\n".repeat(MOST_ENTRIES + 1))
            .contains("`chapters`")
    );
    let strange: String = (0..500)
        .map(|number| format!("vreemd{number} = 1\n"))
        .collect();
    assert_eq!(
        read_recording(&strange).unwrap().unknown.len(),
        MOST_FINDINGS
    );
    for hostile in [
        "[",
        "a.",
        "{a=",
        "a=[",
        "\"",
        "'''",
        "[[chapters]]\n",
        "=",
        "\r",
    ] {
        let _ = read_recording(&hostile.repeat(LARGEST_TEXT_BYTES / hostile.len() / 4));
    }
}

#[test]
fn an_edit_touches_its_key_and_nothing_else() {
    type Edit = fn(&mut RecordingSidecar);
    let cases: [(Edit, &str, &str); 9] = [
        (
            |r| r.id = Some("zzzzzzzzzz".into()),
            "\"0123456789\" ",
            "\"zzzzzzzzzz\" ",
        ),
        (
            |r| r.language = Some("en".into()),
            "  language = \"nl\"",
            "  language = \"en\"",
        ),
        (
            |r| r.date = Some("2021-01-31".into()),
            "2021-01-24",
            "2021-01-31",
        ),
        (
            |r| r.visibility = Some(Visibility::Draft),
            "\"public\"",
            "\"draft\"",
        ),
        (
            |r| r.visible_from = Some(Moment::written("2022-01-01T00:00:00Z".into())),
            "2021-02-01T09:00:00+01:00",
            "2022-01-01T00:00:00Z",
        ),
        (|r| r.summary = None, "summary = \"Kort.\"\n", ""),
        (
            |r| r.former_ids.push("bbbbbbbbbb".into()),
            "  \"abcdefghjk\", #",
            "  \"abcdefghjk\", \"bbbbbbbbbb\", #",
        ),
        (
            |r| r.chapters[1].title = "Daarom".into(),
            "start = 90\ntitle = \"Waarom?\"",
            "start = \"01:30\"\ntitle = \"Daarom\"",
        ),
        (
            |r| r.speakers[1].role = None,
            "{ name = \"Trainer sociale media\", role = \"gast\" }",
            "{ name = \"Trainer sociale media\" }",
        ),
    ];
    for (edit, old, new) in cases {
        assert_eq!(BY_HAND.matches(old).count(), 1, "{old}");
        let edited = edit_recording(Some(BY_HAND), edit).unwrap();
        assert_eq!(edited, BY_HAND.replace(old, new));
    }
    assert_eq!(edit_recording(Some(BY_HAND), |_| ()).unwrap(), BY_HAND);
}

#[test]
fn chapters_keep_what_was_written_with_them_wherever_they_go() {
    let edited = edit_recording(Some(BY_HAND), |recording| {
        recording.chapters.remove(0);
        recording.chapters.reverse();
        recording.chapters.push(Chapter {
            start_ms: 4_000_000,
            title: "Nagesprek".into(),
        });
    })
    .unwrap();
    let tail = "\n[[chapters]]\nstart = \"1:02:03.500\"\ntitle = \"Slot\"\n\n[[chapters]]\nstart = 90\ntitle = \"Waarom?\"\n\
        plaatje = \"x.jpg\"\n\n[[chapters]]\nstart = \"1:06:40\"\ntitle = \"Nagesprek\"\n\n[[attachments]]\n";
    assert!(edited.contains(tail), "{edited}");
}

#[test]
fn the_heading_of_a_file_outlives_its_first_key() {
    let heading = "# Niet aankomen.\n\n";
    let removed = edit_recording(
        Some(&format!("{heading}id = \"0123456789\"\ntitle = \"x\"\n")),
        |r| r.id = None,
    );
    assert_eq!(removed.unwrap(), format!("{heading}title = \"x\"\n"));
    let last = edit_recording(Some(&format!("{heading}title = \"x\"\n# eind\n")), |r| {
        r.title = None
    })
    .unwrap();
    assert_eq!(last, format!("{heading}# eind\n"));
    let first = edit_recording(Some(heading), |r| r.title = Some("x".into())).unwrap();
    assert_eq!(first, format!("{heading}title = \"x\"\n"));
    let list = format!("{heading}title = \"x\"\n[[chapters]]\nstart = 1\ntitle = \"y\"\n");
    let list = edit_recording(Some(&list), |r| r.title = None).unwrap();
    assert_eq!(
        list,
        format!("{heading}[[chapters]]\nstart = 1\ntitle = \"y\"\n")
    );
}

#[test]
fn a_new_sidecar_reads_well() {
    let text = edit_recording(None, |recording| {
        recording.title = Some("Een".into());
        recording.description = Some("Regel een\r\nregel \"\"\"twee\"\"\"".into());
        recording.date = Some("2021-01-24".into());
        recording.speakers = vec![Credit {
            name: "Anna".into(),
            role: None,
        }];
    });
    let expected = "title = \"Een\"\ndate = 2021-01-24\ndescription = '''\nRegel een\nregel \"\"\"twee\"\"\"'''\n\n\
        [[speakers]]\nname = \"Anna\"\n";
    assert_eq!(text.unwrap(), expected);
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let refused =
        |edit: fn(&mut RecordingSidecar)| edit_recording(Some(BY_HAND), edit).unwrap_err().message;
    assert!(refused(|r| r.title = Some("x".repeat(501))).contains("`title`"));
    assert!(refused(|r| r.title = Some("\0".into())).contains("`title`"));
    assert!(refused(|r| r.file = Some("../x".into())).contains("`file`"));
    assert!(refused(|r| r.date = Some("gisteren".into())).contains("`date`"));
    assert!(
        refused(|r| r.visible_from = Some(Moment::written("2021-01-24".into())))
            .contains("`visible_from`")
    );
    assert!(refused(|r| r.id = Some("kort".into())).contains("form"));
    assert!(edit_recording(Some("title = "), |r| r.title = None).is_err());
}

#[test]
fn a_series_is_read_and_edited_alike() {
    let text = "title = \"Reeks\" # kop\norder = 2\ndemonstration = true\nformer_slugs = ['oud']\nextra = 1\n";
    let read = read_series(text).unwrap();
    assert_eq!(
        (
            read.value.order,
            read.value.demonstration,
            read.unknown.len()
        ),
        (Some(2), Some(true), 1)
    );
    let edited = edit_series(Some(text), |series| {
        series.visibility = Some(Visibility::Public);
        series.embed_sites = EmbedSites::parse("https://a.nl\nhttps://b.nl");
        series.deleted.push("0123456789".into());
        series.former_slugs = vec!["ouder".into(), "oud".into()];
    });
    let expected = "title = \"Reeks\" # kop\norder = 2\ndemonstration = true\nformer_slugs = [\"ouder\", \"oud\"]\nextra = 1\n\
        visibility = \"public\"\nembed_sites = \"https://a.nl https://b.nl\"\ndeleted = [\"0123456789\"]\n";
    assert_eq!(edited.unwrap(), expected);
}

fn words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(
        "[ -~éß\u{202e}\n\t\"'\\\\#=\\[\\]]{0,30}"
            .prop_filter("forms send CRLF", |text| !text.contains('\r')),
    )
}

type Entries = Vec<(Option<String>, Option<String>, u64)>;

fn entries() -> impl Strategy<Value = Entries> {
    prop::collection::vec((words(), words(), 0_u64..9_000_000), 0..4)
}

fn speakers(entries: Entries) -> Vec<Credit> {
    let speaker = |(name, role, _): (Option<String>, _, _)| Credit {
        name: name.unwrap_or_default(),
        role,
    };
    entries.into_iter().map(speaker).collect()
}

fn chapters(entries: Entries) -> Vec<Chapter> {
    let chapter = |(title, _, start_ms): (Option<String>, _, _)| Chapter {
        start_ms,
        title: title.unwrap_or_default(),
    };
    entries.into_iter().map(chapter).collect()
}

fn attachments(entries: Entries) -> Vec<Attachment> {
    let attachment = |(title, _, number): (Option<String>, _, u64)| Attachment {
        file: format!("{number}.pdf"),
        title: title.unwrap_or_default(),
    };
    entries.into_iter().map(attachment).collect()
}

fn any_recording() -> impl Strategy<Value = RecordingSidecar> {
    let lists = (
        entries().prop_map(speakers),
        entries().prop_map(chapters),
        entries().prop_map(attachments),
    );
    let ids = prop::collection::vec("[0-9a-hjkmnp-tv-z]{10}", 0..3);
    let rest = (
        words(),
        words(),
        any::<Option<i64>>(),
        any::<Option<bool>>(),
    );
    (lists, ids, rest).prop_map(
        |(
            (speakers, chapters, attachments),
            former_ids,
            (title, description, number, download),
        )| {
            let metadata = Metadata {
                date: number.map(|_| "2024-02-29".into()),
                visibility: download.map(|public| match public {
                    true => Visibility::Public,
                    false => Visibility::Withdrawn,
                }),
                visible_until: download.map(|_| Moment::written("2030-01-01T00:00:00.5Z".into())),
                number,
                title,
                description,
                speakers,
                chapters,
                download,
                ..Metadata::default()
            };
            RecordingSidecar {
                id: former_ids.first().cloned(),
                metadata,
                attachments,
                former_ids,
                ..RecordingSidecar::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}", toml in "([a-z]{1,3}|title|chapters|[\\[\\]{}=\"'.#,\n0-9:-]){0,40}") {
        let _ = (read_recording(&text), read_series(&text), read_recording(&toml), read_series(&toml));
    }

    #[test]
    fn what_was_written_reads_the_same(first in any_recording(), second in any_recording()) {
        let new = edit_recording(None, |recording| *recording = first.clone()).unwrap();
        prop_assert_eq!(&recording(&new), &first);
        let again = edit_recording(Some(&new), |recording| *recording = second.clone()).unwrap();
        prop_assert_eq!(&recording(&again), &second);
        let by_hand = edit_recording(Some(BY_HAND), |recording| *recording = second.clone()).unwrap();
        prop_assert_eq!(&recording(&by_hand), &second);
        for kept in ["# De eerste avond", "kleur = \"groen\" # voor later", "[eigen]\nveld = 1"] {
            prop_assert!(by_hand.contains(kept), "{} is gone from {}", kept, by_hand);
        }
    }
}
