//! What people fill in, as a list of fields: under which name a value stands in a table, a sidecar and a form, what form it has,
//! and what it is called. In: a type of which every member may be unstated, such as [`super::recording::Metadata`]. Out: rows
//! read and written; `sidecar` and `desk` read and write their texts and forms by the same list.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::types::{Null, ToSql, ToSqlOutput};
use rusqlite::{Connection, Row};
use serde::{Serialize, Serializer};

use super::chapter::Chapter;
use super::credit::Credit;
use super::query::Query;
use crate::error::Result;

/// Characters of a title, a name or any other single line.
pub const LONGEST_LINE_CHARS: usize = 500;
/// Characters of a description or a reason.
pub const LONGEST_PROSE_CHARS: usize = 100_000;
/// Entries of one list: chapters, speakers, attachments, former addresses.
pub const MOST_ENTRIES: usize = 1_000;

/// One field of the metadata `M`.
#[derive(Debug, Clone, Copy)]
pub struct Field<M: 'static> {
    /// Its key in a sidecar, its name in a form.
    pub name: &'static str,
    /// Its column, where that has another name.
    pub column: Option<&'static str>,
    /// The keys of its texts in a form.
    pub label: &'static str,
    pub help: Option<&'static str>,
    pub kind: FieldKind,
    /// Whether a form in which it is empty is refused.
    pub required: bool,
    /// How many are given the same value at once; only of a field that holds a text, as which it is put back.
    pub bulk: Option<Bulk>,
    /// Whether the public catalogue (`/api`) says it, under its name.
    pub public: bool,
    pub get: fn(&M) -> Option<Value>,
    /// A value of another kind is none.
    pub set: fn(&mut M, Option<Value>),
}

impl<M> Field<M> {
    /// What most fields have not.
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

    /// Whether it may be left to what is around it by choosing nothing. A form then shows what is stated, not what is inherited.
    pub fn may_be_left(&self) -> bool {
        matches!(
            self.kind,
            FieldKind::Choice { unset: Some(_), .. } | FieldKind::Sites { .. }
        )
    }

    /// Its column; `None` for a list, which has rows of its own.
    pub fn column(&self) -> Option<&'static str> {
        match self.kind {
            FieldKind::Speakers | FieldKind::Chapters => None,
            _ => Some(self.column.unwrap_or(self.name)),
        }
    }
}

/// The keys of the texts with which many are given the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// In the list of what can be done.
    pub act: &'static str,
    /// What will be done, in the middle of a sentence; filled with `what`.
    pub sentence: &'static str,
    /// What one should know before it is done.
    pub warning: Option<&'static str>,
}

/// The form a value has, with its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of at most [`LONGEST_LINE_CHARS`].
    Line,
    /// Several lines: characters that are taken from a form, and lines that a form shows of it.
    Prose {
        most: usize,
        rows: u8,
    },
    /// The limits are those of a form; a hand may write others.
    Number {
        from: i64,
        to: i64,
    },
    /// ISO 8601 calendar date.
    Date,
    /// BCP 47.
    Language,
    Flag,
    Moment,
    Choice {
        of: &'static [Choice],
        /// The key of what holds when none of them is chosen; `None` where one has to be.
        unset: Option<&'static str>,
    },
    /// [`crate::embed_sites::EmbedSites`]; `unset` as for a choice.
    Sites {
        unset: &'static str,
    },
    /// PHC string of a password; shown in no form.
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

/// One of the words a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub word: &'static str,
    /// The key of its text.
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
    /// The text of what has one.
    pub fn written(of: &impl fmt::Display) -> Self {
        Self::Text(of.to_string())
    }

    /// What a text stands for; `None` where it is no such word.
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

/// A moment, and how a person wrote it down. The same moment in another zone is the same.
#[derive(Debug, Clone, Eq)]
pub struct Moment {
    /// UTC seconds; [`Moment::UNREADABLE`] where what is written is no moment on any clock of ours.
    pub at: i64,
    written: Option<String>,
}

impl Moment {
    pub const UNREADABLE: i64 = i64::MAX;

    pub fn at(at: i64) -> Self {
        Self { at, written: None }
    }

    /// As it is written, in RFC 3339.
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
    /// As it was written, else in UTC.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.written, jiff::Timestamp::from_second(self.at)) {
            (Some(text), _) => formatter.write_str(text),
            (None, Ok(at)) => at.fmt(formatter),
            // Never, as far as any clock of ours goes.
            (None, Err(_)) => jiff::Timestamp::MAX.fmt(formatter),
        }
    }
}

/// States what is not stated as it is around: in the series, the name of the file, a setting.
pub fn inherit<M>(fields: &[&Field<M>], own: &mut M, around: &M) {
    for field in fields {
        if (field.get)(own).is_none() {
            (field.set)(own, (field.get)(around));
        }
    }
}

/// The reverse: leaves unstated what would be inherited.
pub fn leave_out<M>(fields: &[&Field<M>], own: &mut M, around: &M) {
    for field in fields {
        if (field.get)(own) == (field.get)(around) {
            (field.set)(own, None);
        }
    }
}

/// What one says and the other does not, a line for each field that differs; for the audit list.
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

/// What the public catalogue says of them, under their names: null where nothing is stated, and not a word of what may be left to
/// what is around it and is stated nowhere.
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

/// SQL: each column set to the parameter of its name.
pub fn assignments<M>(fields: &[&Field<M>]) -> String {
    let columns = fields.iter().filter_map(|field| field.column());
    let all: Vec<String> = columns
        .map(|column| format!("{column} = :{column}"))
        .collect();
    all.join(", ")
}

/// Runs a statement in which [`assignments`] stands. `others`: its other parameters.
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

/// What the columns of a row say.
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
            // These have rows of their own.
            Self::Speakers(_) | Self::Chapters(_) => Ok(Null.into()),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
