//! Every field of a recording and of a series, on its way from a form to a sidecar, a row and a form again.

use jiff::civil;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use rusqlite::Connection;

use jiff::tz::TimeZone;
use terugkijken::catalogue::chapter::{self, Chapter};
use terugkijken::catalogue::credit::Credit;
use terugkijken::catalogue::field::{Field, FieldKind, LONGEST_LINE_CHARS, Moment, Value};
use terugkijken::catalogue::recording::stored::{self, FolderEntry};
use terugkijken::catalogue::{PublicId, recording, series, speaker};
use terugkijken::desk::kit::fields::{Scope, fill, parse};
use terugkijken::desk::kit::posted::Errors;
use terugkijken::{db, sidecar};

fn zone() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("the zones are built in")
}

fn scope() -> Scope {
    Scope {
        zone: zone(),
        duration_ms: None,
    }
}

/// What a person may type on one line. No white space at its ends: a form takes that away.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9é\"'#=\\[\\]<&>€…🎥-][A-Za-z0-9 é\"'\\\\#=<&>-]{0,40}[a-z\"'\\\\]",
        Just("\"\"\"".to_owned()),
        Just("x".repeat(LONGEST_LINE_CHARS)),
    ]
}

fn prose() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 1..4).prop_map(|lines| lines.join("\n"))
}

fn speakers() -> impl Strategy<Value = Vec<Credit>> {
    let credit = (line(), proptest::option::of(line()));
    let credit = credit.prop_map(|(name, role)| Credit { name, role });
    proptest::collection::vec(credit, 0..4).prop_map(|mut all| {
        let mut seen = std::collections::HashSet::new();
        // Two ways of writing one name are one speaker.
        all.retain(|it| seen.insert(it.name.to_lowercase()));
        all
    })
}

fn chapters() -> impl Strategy<Value = Vec<Chapter>> {
    let starts = proptest::collection::btree_map(0u64..40_000_000, "[A-Z][a-z ]{0,20}[a-z]", 0..5);
    starts.prop_map(|all| {
        let chapter = |(start_ms, title)| Chapter { start_ms, title };
        all.into_iter().map(chapter).collect()
    })
}

/// A value that a form takes of a field of this kind. Not the hour that a clock shows twice: nobody can type which is meant.
fn value_of(kind: FieldKind) -> BoxedStrategy<Value> {
    let on =
        |hours: i64| civil::date(2026, 1, 1).at(12, 0, 0, 0) + jiff::Span::new().hours(hours * 24);
    match kind {
        FieldKind::Line => line().prop_map(Value::Text).boxed(),
        FieldKind::Prose { most, .. } => {
            let short = move |text: &String| text.chars().count() <= most;
            prose()
                .prop_filter("within the limit", short)
                .prop_map(Value::Text)
                .boxed()
        }
        FieldKind::Number { from, to } => (from..=to).prop_map(Value::Number).boxed(),
        FieldKind::Date => (0i64..4_000)
            .prop_map(move |days| Value::Text(on(days).date().to_string()))
            .boxed(),
        FieldKind::Language => prop_oneof![Just("nl"), Just("en"), Just("fr-be"), Just("pt-br")]
            .prop_map(|tag| Value::Text(tag.to_owned()))
            .boxed(),
        FieldKind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldKind::Moment => (0i64..4_000)
            .prop_map(move |days| {
                let at = on(days).to_zoned(zone()).expect("noon is once a day");
                Value::Moment(Moment::at(at.timestamp().as_second()))
            })
            .boxed(),
        FieldKind::Choice { of, .. } => proptest::sample::select(of)
            .prop_map(|choice| Value::Text(choice.word.to_owned()))
            .boxed(),
        FieldKind::Sites { .. } => prop_oneof![
            Just("everywhere"),
            Just("nowhere"),
            Just("https://vereniging.nl https://*.bond.nl")
        ]
        .prop_map(|text| Value::Text(text.to_owned()))
        .boxed(),
        FieldKind::Secret => Just("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g".to_owned())
            .prop_map(Value::Text)
            .boxed(),
        FieldKind::Speakers => speakers().prop_map(Value::Speakers).boxed(),
        FieldKind::Chapters => chapters().prop_map(Value::Chapters).boxed(),
    }
}

/// Metadata in which each field is stated or, where it may be, not.
fn metadata<M>(fields: &'static [&'static Field<M>]) -> BoxedStrategy<M>
where
    M: Default + Clone + std::fmt::Debug + 'static,
{
    let stated = |field: &&Field<M>| {
        let always = field.required || field.kind == FieldKind::Flag;
        let value = value_of(field.kind);
        match always {
            true => value.prop_map(Some).boxed(),
            false => proptest::option::of(value).boxed(),
        }
    };
    let values: Vec<_> = fields.iter().map(stated).collect();
    let stated = move |values: Vec<Option<Value>>| {
        let mut metadata = M::default();
        for (field, value) in fields.iter().zip(values) {
            (field.set)(&mut metadata, value);
        }
        metadata
    };
    values.prop_map(stated).boxed()
}

/// Sends a filled in form and reads it. A secret is in none, and is stated beside it.
fn through_a_form<M: Default>(fields: &[&Field<M>], stated: &M) -> Result<M, TestCaseError> {
    let mut errors = Errors::new();
    let posted = fill(fields, stated, &scope());
    let mut typed = parse(fields, &posted, &scope(), &mut errors);
    prop_assert!(errors.is_empty(), "refused: {errors:?}");
    for secret in fields.iter().filter(|it| it.kind == FieldKind::Secret) {
        prop_assert_eq!(posted.get(secret.name), "");
        (secret.set)(&mut typed, (secret.get)(stated));
    }
    Ok(typed)
}

/// A field that lost its value on the way is named.
fn same<M>(fields: &[&Field<M>], before: &M, after: &M, way: &str) -> Result<(), TestCaseError> {
    for field in fields {
        let (before, after) = ((field.get)(before), (field.get)(after));
        prop_assert_eq!(before, after, "`{}` {}", field.name, way);
    }
    Ok(())
}

fn series_row(conn: &Connection, said: &series::Metadata) -> i64 {
    series::add(conn, "reeks", "reeks", said).expect("a series is added")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_recording_comes_round_with_every_field(stated in metadata(recording::metadata::FIELDS)) {
        let fields = recording::metadata::FIELDS;
        let typed = through_a_form(fields, &stated)?;
        same(fields, &stated, &typed, "in a form")?;

        let text = sidecar::edit_recording(None, |it| it.metadata = typed.clone());
        let text = text.map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        let read = sidecar::read_recording(&text).map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        same(fields, &typed, &read.value.metadata, "in a sidecar")?;
        prop_assert!(read.unknown.is_empty());

        let conn = db::fresh_in_memory().expect("a catalogue");
        let within = series_row(&conn, &series::Metadata { title: Some("Reeks".into()), language: Some("nl".into()), demonstration: Some(false), ..Default::default() });
        let id = PublicId::parse("abcdefghjk").expect("an id");
        let entry = FolderEntry { stem: "01".into(), metadata: read.value.metadata.clone(), file: None, sidecar_hash: None };
        let row = stored::add(&conn, within, &id, &entry, 0).expect("a recording is added");
        speaker::replace(&conn, row, &read.value.metadata.speakers, 0).expect("its speakers");
        chapter::replace(&conn, row, &read.value.metadata.chapters).expect("its chapters");
        let mut stored = recording::by_id(&conn, row).expect("its row").metadata;
        stored.speakers = speaker::of_recording(&conn, row).expect("its speakers").iter().map(Credit::from).collect();
        stored.chapters = chapter::of_recording(&conn, row).expect("its chapters");
        same(fields, &typed, &stored, "in a row")?;

        let again = through_a_form(fields, &stored)?;
        same(fields, &stated, &again, "in the second form")?;
    }

    #[test]
    fn a_series_comes_round_with_every_field(stated in metadata(series::metadata::FIELDS)) {
        let fields = series::metadata::FIELDS;
        let typed = through_a_form(fields, &stated)?;
        same(fields, &stated, &typed, "in a form")?;

        let text = sidecar::edit_series(None, |it| it.metadata = typed.clone());
        let text = text.map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        let read = sidecar::read_series(&text).map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        same(fields, &typed, &read.value.metadata, "in a sidecar")?;
        prop_assert!(read.unknown.is_empty());

        let conn = db::fresh_in_memory().expect("a catalogue");
        let row = series_row(&conn, &read.value.metadata);
        let stored = series::by_id(&conn, row).expect("its row").metadata;
        same(fields, &typed, &stored, "in a row")?;

        let again = through_a_form(fields, &stored)?;
        same(fields, &stated, &again, "in the second form")?;
    }
}

/// A column is what people fill in, and then in the list, or what the program knows of itself.
#[test]
fn every_column_is_in_the_list_or_known_to_the_program_alone() {
    let conn = db::fresh_in_memory().expect("a catalogue");
    let columns = |table: &str| -> Vec<String> {
        let mut all = conn
            .prepare("SELECT name FROM pragma_table_info(:table) ORDER BY name")
            .expect("a question");
        let rows = all.query_map([table], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("names")
    };
    let recording = [
        "changed_at",
        "deleted_at",
        "file",
        "id",
        "owner_id",
        "lost_since",
        "public_id",
        "series_id",
        "sidecar_hash",
        "sidecar_stale",
        "stem",
        "was_visible",
    ];
    assert_eq!(
        columns("recording"),
        listed(recording::metadata::FIELDS, &recording)
    );
    let series = ["changed_at", "folder", "id", "slug"];
    assert_eq!(columns("series"), listed(series::metadata::FIELDS, &series));
}

/// The columns of a list together with others.
fn listed<M>(fields: &[&Field<M>], own: &[&str]) -> Vec<String> {
    let fields = fields.iter().filter_map(|field| field.column());
    let mut all: Vec<String> = fields
        .chain(own.iter().copied())
        .map(str::to_owned)
        .collect();
    all.sort();
    all
}
