//! The metadata fields as a list: the name of each in a table, a sidecar and a form, its kind of value, and its labels. In: a type
//! whose members may all be unset, such as [`super::recording::Metadata`]. Out: rows that are read and written; `sidecar` and
//! `desk` read and write texts and forms by the same list.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::types::{Null, ToSql, ToSqlOutput};
use rusqlite::{Connection, Row};
use serde::{Serialize, Serializer};

use super::chapter::Chapter;
use super::credit::Credit;
use super::query::Query;
use crate::error::Result;

/// Most characters of a title, a name or another single line.
pub const LONGEST_LINE_CHARS: usize = 500;
/// Most characters of a description or a reason.
pub const LONGEST_PROSE_CHARS: usize = 100_000;
/// Most entries of one list: chapters, speakers, attachments, former addresses.
pub const MOST_ENTRIES: usize = 1_000;

/// One field of the metadata `M`.
#[derive(Debug, Clone, Copy)]
pub struct Field<M: 'static> {
    /// Name of its key in a sidecar and of its form field.
    pub name: &'static str,
    /// Name of its column, when it differs.
    pub column: Option<&'static str>,
    /// Keys of its labels in a form.
    pub label: &'static str,
    pub help: Option<&'static str>,
    pub kind: FieldKind,
    /// Whether a form must fill it in.
    pub required: bool,
    /// The texts for giving many recordings the same value at once; only for fields whose value is text, which can be put back.
    pub bulk: Option<Bulk>,
    /// Whether the public catalogue (`/api`) shows it, under its name.
    pub public: bool,
    pub get: fn(&M) -> Option<Value>,
    /// Sets the value; a value of the wrong kind unsets it.
    pub set: fn(&mut M, Option<Value>),
}

impl<M> Field<M> {
    /// The defaults of most fields.
    pub const PLAIN: Self = Self {
        name: "",
        column: None,
        label: "",
        help: None,
        kind: FieldKind::Line,
        required: false,
        bulk: None,
        public: false,
        get: |_| None,
        set: |_, _| {},
    };

    /// Whether the field can be unset by a choice in a form. A form then shows the value that is set here, not the inherited one.
    pub fn may_be_left(&self) -> bool {
        matches!(
            self.kind,
            FieldKind::Choice { unset: Some(_), .. } | FieldKind::Sites { .. }
        )
    }

    /// Name of its column; `None` for a list, which has a table of its own.
    pub fn column(&self) -> Option<&'static str> {
        match self.kind {
            FieldKind::Speakers | FieldKind::Chapters => None,
            _ => Some(self.column.unwrap_or(self.name)),
        }
    }
}

/// Keys of the texts for giving many recordings the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Label in the list of actions.
    pub act: &'static str,
    /// The action in the middle of a sentence; filled with `what`.
    pub sentence: &'static str,
    /// Warning before the action.
    pub warning: Option<&'static str>,
}

/// The kind of value, with its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of at most [`LONGEST_LINE_CHARS`].
    Line,
    /// Several lines: the most characters that a form accepts, and the lines that it shows.
    Prose {
        most: usize,
        rows: u8,
    },
    /// The limits hold for forms only; a sidecar may contain other numbers.
    Number {
        from: i64,
        to: i64,
    },
    /// ISO 8601 calendar date.
    Date,
    /// BCP 47 language tag.
    Language,
    Flag,
    Moment,
    Choice {
        of: &'static [Choice],
        /// Key of the label for no choice; `None` when one has to be chosen.
        unset: Option<&'static str>,
    },
    /// [`crate::embed_sites::EmbedSites`]; `unset` as in a choice.
    Sites {
        unset: &'static str,
    },
    /// PHC string of a password; no form shows it.
    Secret,
    Speakers,
    Chapters,
}

impl FieldKind {
    pub const fn prose(most: usize, rows: u8) -> Self {
        Self::Prose { most, rows }
    }

    pub const fn choice(of: &'static [Choice], unset: Option<&'static str>) -> Self {
        Self::Choice { of, unset }
    }
}

/// One of the values that a choice allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub word: &'static str,
    /// Key of its label.
    pub label: &'static str,
}

impl Choice {
    pub const fn of(word: &'static str, label: &'static str) -> Self {
        Self { word, label }
    }
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    Moment(Moment),
    Speakers(Vec<Credit>),
    Chapters(Vec<Chapter>),
}

impl Value {
    /// The text of a value that can be displayed.
    pub fn written(of: &impl fmt::Display) -> Self {
        Self::Text(of.to_string())
    }

    /// The value that the text stands for; `None` when the text is not valid.
    pub fn parsed<T>(self, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        parse(&self.text()?)
    }

    pub fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn flag(self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub fn moment(self) -> Option<Moment> {
        match self {
            Self::Moment(moment) => Some(moment),
            _ => None,
        }
    }

    pub fn speakers(self) -> Option<Vec<Credit>> {
        match self {
            Self::Speakers(speakers) => Some(speakers),
            _ => None,
        }
    }

    pub fn chapters(self) -> Option<Vec<Chapter>> {
        match self {
            Self::Chapters(chapters) => Some(chapters),
            _ => None,
        }
    }
}

/// A moment with its original text. Two moments are equal when they are the same point in time, in any zone.
#[derive(Debug, Clone, Eq)]
pub struct Moment {
    /// UTC seconds; [`Moment::UNREADABLE`] when the text is no valid moment.
    pub at: i64,
    written: Option<String>,
}

impl Moment {
    pub const UNREADABLE: i64 = i64::MAX;

    pub fn at(at: i64) -> Self {
        Self { at, written: None }
    }

    /// A moment from its RFC 3339 text.
    pub fn written(text: String) -> Self {
        let parsed = text.parse::<jiff::Timestamp>();
        Self {
            at: parsed.map_or(Self::UNREADABLE, jiff::Timestamp::as_second),
            written: Some(text),
        }
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl fmt::Display for Moment {
    /// Formats the original text, otherwise the moment in UTC.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.written, jiff::Timestamp::from_second(self.at)) {
            (Some(text), _) => formatter.write_str(text),
            (None, Ok(at)) => at.fmt(formatter),
            // A moment beyond the range of the clock never comes.
            (None, Err(_)) => jiff::Timestamp::MAX.fmt(formatter),
        }
    }
}

/// Sets each unset field of `own` to its value in `around`: the series, the file name or a setting.
pub fn inherit<M>(fields: &[&Field<M>], own: &mut M, around: &M) {
    for field in fields {
        if (field.get)(own).is_none() {
            (field.set)(own, (field.get)(around));
        }
    }
}

/// Unsets each field of `own` whose value equals the inherited one in `around`.
pub fn leave_out<M>(fields: &[&Field<M>], own: &mut M, around: &M) {
    for field in fields {
        if (field.get)(own) == (field.get)(around) {
            (field.set)(own, None);
        }
    }
}

/// The fields that differ, one line each, before and after; for the audit list.
pub fn difference<M>(
    fields: &[&Field<M>],
    before: &M,
    after: &M,
) -> (Option<String>, Option<String>) {
    let differing = fields.iter().filter(|field| {
        field.kind != FieldKind::Secret && (field.get)(before) != (field.get)(after)
    });
    let differing: Vec<_> = differing.collect();
    let lines = |metadata: &M| {
        let line = |field: &&&Field<M>| {
            let value = (field.get)(metadata)?;
            Some(format!("{} = {value}", field.name))
        };
        let lines: Vec<String> = differing.iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    (lines(before), lines(after))
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = |names: Vec<&str>| names.join(", ");
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number(number) => number.fmt(formatter),
            Self::Flag(flag) => flag.fmt(formatter),
            Self::Moment(moment) => moment.fmt(formatter),
            Self::Speakers(speakers) => {
                formatter.write_str(&all(speakers.iter().map(|it| it.name.as_str()).collect()))
            }
            Self::Chapters(chapters) => {
                formatter.write_str(&all(chapters.iter().map(|it| it.title.as_str()).collect()))
            }
        }
    }
}

/// The public fields by name: null when unset. A field that can be unset by choice is left out when neither it nor an inherited
/// value is set.
pub fn public<M>(fields: &[&Field<M>], metadata: &M) -> BTreeMap<&'static str, Option<Value>> {
    let stated = fields.iter().filter(|field| field.public).map(|field| {
        let value = (field.get)(metadata);
        (field, value)
    });
    stated
        .filter(|(field, value)| value.is_some() || !field.may_be_left())
        .map(|(field, value)| (field.name, value))
        .collect()
}

/// SQL that sets each column to the parameter of its name.
pub fn assignments<M>(fields: &[&Field<M>]) -> String {
    let columns = fields.iter().filter_map(|field| field.column());
    let all: Vec<String> = columns
        .map(|column| format!("{column} = :{column}"))
        .collect();
    all.join(", ")
}

/// Runs a statement that contains [`assignments`]. `others`: its other parameters.
pub fn execute<M>(
    conn: &Connection,
    sql: &str,
    (fields, metadata): (&[&Field<M>], &M),
    others: &[(&str, &dyn ToSql)],
) -> Result<()> {
    let columns = fields
        .iter()
        .filter_map(|field| Some((format!(":{}", field.column()?), (field.get)(metadata))));
    let columns: Vec<(String, Option<Value>)> = columns.collect();
    let mut parameters = others.to_vec();
    parameters.extend(
        columns
            .iter()
            .map(|(name, value)| (name.as_str(), value as &dyn ToSql)),
    );
    conn.write(sql, parameters.as_slice())
}

/// Reads the metadata from the columns of a row.
pub fn from_row<M: Default>(fields: &[&Field<M>], row: &Row<'_>) -> rusqlite::Result<M> {
    let mut metadata = M::default();
    for field in fields {
        let Some(column) = field.column() else {
            continue;
        };
        let value = match field.kind {
            FieldKind::Number { .. } => row.get::<_, Option<i64>>(column)?.map(Value::Number),
            FieldKind::Flag => row.get::<_, Option<bool>>(column)?.map(Value::Flag),
            FieldKind::Moment => {
                let at: Option<i64> = row.get(column)?;
                at.map(|at| Value::Moment(Moment::at(at)))
            }
            _ => row.get::<_, Option<String>>(column)?.map(Value::Text),
        };
        (field.set)(&mut metadata, value);
    }
    Ok(metadata)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Number(number) => number.to_sql(),
            Self::Flag(flag) => flag.to_sql(),
            Self::Moment(moment) => moment.at.to_sql(),
            // Speakers and chapters have tables of their own.
            Self::Speakers(_) | Self::Chapters(_) => Ok(Null.into()),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
