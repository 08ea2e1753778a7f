//! The table of recordings on the desk: filtered, sorted, and paged by keyset, so that a page far down costs no more than the
//! first.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::query::Query;
use super::recording::Visibility;
use super::slice::{Cursor, Direction, Slice};
use crate::error::Result;
use crate::plays_nowhere;

/// Selects recordings for the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A word in the title; an empty word selects all.
    pub word: String,
    /// Row id of a series.
    pub series: Option<i64>,
    pub visibility: Option<Visibility>,
    /// Row id of the owner's account.
    pub owner: Option<i64>,
    /// The thing that is missing.
    pub lacks: Option<Lack>,
    /// Whether to select recordings in the trash instead of the others.
    pub trashed: bool,
}

/// Something that a recording lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Its file is missing.
    File,
    /// It has a file but no captions.
    Captions,
    /// It was planned for a day that has passed, and has no file.
    Recording,
    /// It has a file, and no browser plays that or anything made of it.
    Playing,
}

impl Lack {
    pub const ALL: [Self; 4] = [Self::File, Self::Playing, Self::Captions, Self::Recording];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Captions => "captions",
            Self::Recording => "recording",
            Self::Playing => "playing",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lack| lack.as_str() == text)
    }
}

/// SQL: the duration of the longest current file of this row of `recording`.
macro_rules! length {
    () => {
        "(SELECT max(duration_ms) FROM original WHERE original.recording_id = recording.id
          AND superseded_at IS NULL AND missing_since IS NULL)"
    };
}

/// The column by which the table is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Column {
    Number,
    Title,
    Series,
    /// The date of the recording.
    #[default]
    Date,
    /// The duration of its file.
    Length,
    Visibility,
}

impl Column {
    pub const ALL: [Self; 6] = [
        Self::Number,
        Self::Title,
        Self::Series,
        Self::Date,
        Self::Length,
        Self::Visibility,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Series => "series",
            Self::Date => "date",
            Self::Length => "length",
            Self::Visibility => "visibility",
        }
    }

    /// The SQL sort key, as text so that a value of any column can be part of an address.
    fn key(self) -> &'static str {
        match self {
            Self::Number => "printf('%06d', coalesce(recording.number, 0))",
            Self::Title => "lower(recording.title)",
            Self::Series => {
                "(SELECT lower(series.title) FROM series WHERE series.id = recording.series_id)"
            }
            Self::Date => "coalesce(recording.date, '')",
            Self::Length => concat!("printf('%015d', coalesce(", length!(), ", 0))"),
            Self::Visibility => "recording.visibility",
        }
    }
}

/// The order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub by: Column,
    pub backwards: bool,
}

impl Default for Order {
    /// The default order: by date, the latest first.
    fn default() -> Self {
        Self {
            by: Column::Date,
            backwards: true,
        }
    }
}

impl Order {
    /// Reads an order from an address: the name of a column, with a hyphen before it for descending order.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('-');
        let by = Column::ALL
            .into_iter()
            .find(|column| column.as_str() == name.unwrap_or(text))?;
        let backwards = name.is_some();
        Some(Self { by, backwards })
    }

    pub fn text(self) -> String {
        let dash = if self.backwards { "-" } else { "" };
        format!("{dash}{}", self.by.as_str())
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingLine {
    pub id: i64,
    pub public_id: PublicId,
    pub series_id: i64,
    pub number: Option<i64>,
    pub title: String,
    /// The language of its title.
    pub language: String,
    pub date: Option<String>,
    pub visibility: Visibility,
    /// When the recording was put in the trash, in UTC seconds.
    pub deleted_at: Option<i64>,
    pub lacks: Option<Lack>,
    pub duration_ms: Option<u64>,
    /// Version of its poster; `None` when it has no poster.
    pub poster_version: Option<String>,
    /// The sort key of this row.
    key: String,
}

/// The position after which the next page begins: a sort key and a row id.
pub type After = (String, i64);

const LACKS_FILE: &str = "(recording.lost_since IS NOT NULL OR (
    (recording.file IS NOT NULL OR EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id))
    AND NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                    AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready')))";
const LACKS_CAPTIONS: &str =
    "(EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                    AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready')
    AND NOT EXISTS (SELECT 1 FROM caption JOIN cue ON cue.caption_id = caption.id WHERE caption.recording_id = recording.id AND caption.kind IS NOT 'forced'))";
const LACKS_RECORDING: &str =
    "(recording.lost_since IS NULL AND recording.file IS NULL AND recording.date < :today
    AND NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id))";

const LACKS_PLAYING: &str = plays_nowhere!();

const PROBLEMS: &str =
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM job WHERE parked_at IS NOT NULL AND stopped_by IS NULL LIMIT 100))
    + (SELECT count(*) FROM (SELECT 1 FROM library_file WHERE state = 'refused' LIMIT 100))";

/// A page of the table: after a row, before one (`Backward`), or the first. `today`: ISO 8601 date with which planned dates are
/// compared.
pub fn page(
    conn: &Connection,
    (filter, order): (&Filter, Order),
    border: Option<&(After, Direction)>,
    today: &str,
    most: usize,
) -> Result<Slice<RecordingLine>> {
    let cursor = match border {
        None => Cursor::First,
        Some((_, Direction::Forward)) => Cursor::After(String::new()),
        Some((_, Direction::Backward)) => Cursor::Before(String::new()),
    };
    let key = |_: &str| Ok(border.map(|(after, _)| after.clone()));
    Slice::find(&cursor, most, key, |after, direction, most| {
        rows(conn, (filter, order), (after, direction), today, most)
    })
}

fn rows(
    conn: &Connection,
    (filter, order): (&Filter, Order),
    (after, direction): (Option<&After>, Direction),
    today: &str,
    most: usize,
) -> Result<Vec<RecordingLine>> {
    let is_reversed = direction == Direction::Backward;
    let order = Order {
        backwards: order.backwards != is_reversed,
        ..order
    };
    let sql = statement(filter, order);
    let params = named_params! {
        ":series": filter.series,
        ":visibility": filter.visibility,
        ":owner": filter.owner,
        ":word": filter.word,
        ":today": today,
        ":key": after.map_or(Value::Null, |(key, _)| Value::Text(key.clone())),
        ":row": after.map(|(_, row)| *row),
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(&sql, params, from_row)
}

/// The SQL for a page.
fn statement(filter: &Filter, order: Order) -> String {
    // All parts are literals of this file; values from the request are bound as parameters.
    let lacks = match filter.lacks {
        None => "1",
        Some(Lack::File) => LACKS_FILE,
        Some(Lack::Captions) => LACKS_CAPTIONS,
        Some(Lack::Recording) => LACKS_RECORDING,
        Some(Lack::Playing) => LACKS_PLAYING,
    };
    let length = length!();
    let key = order.by.key();
    let (beyond, direction) = match order.backwards {
        true => ("<", "DESC"),
        false => (">", "ASC"),
    };
    let trash = match filter.trashed {
        true => "IS NOT NULL",
        false => "IS NULL",
    };
    format!(
        "SELECT recording.*,
                CASE WHEN {LACKS_FILE} THEN 'file'
                     WHEN {LACKS_RECORDING} THEN 'recording'
                     WHEN {LACKS_PLAYING} THEN 'playing'
                     WHEN {LACKS_CAPTIONS} THEN 'captions' END AS lacks,
                {length} AS duration_ms,
                (SELECT version FROM poster WHERE poster.recording_id = recording.id) AS poster_version,
                {key} AS key
         FROM recording
         WHERE recording.deleted_at {trash}
           AND (:series IS NULL OR recording.series_id = :series)
           AND (:visibility IS NULL OR recording.visibility = :visibility)
           AND (:owner IS NULL OR recording.owner_id = :owner)
           AND (:word = '' OR instr(lower(recording.title), lower(:word)) > 0)
           AND (:today IS NOT NULL) AND {lacks}
           AND (:key IS NULL OR ({key}, recording.id) {beyond} (:key, :row))
         ORDER BY {key} {direction}, recording.id {direction}
         LIMIT :most"
    )
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<RecordingLine> {
    Ok(RecordingLine {
        id: row.get("id")?,
        public_id: row.get("public_id")?,
        series_id: row.get("series_id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        language: row.get("language")?,
        date: row.get("date")?,
        visibility: row.get("visibility")?,
        deleted_at: row.get("deleted_at")?,
        lacks: row
            .get::<_, Option<String>>("lacks")?
            .and_then(|lack| Lack::parse(&lack)),
        duration_ms: row.get("duration_ms")?,
        poster_version: row.get("poster_version")?,
        key: row.get("key")?,
    })
}

/// The position after this row.
pub fn after(line: &RecordingLine) -> After {
    (line.key.clone(), line.id)
}

/// The number of recordings that need attention, for each reason; counting stops at a hundred to stay cheap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    pub missing: u32,
    pub uncaptioned: u32,
    pub drafts: u32,
    /// No browser plays them.
    pub unplayable: u32,
    pub overdue: u32,
    /// Captions and chapters that may not fit their file any more.
    pub timing: u32,
    /// Failed jobs and files that could not be used.
    pub problems: u32,
}

/// The recordings that no browser plays, by row, with their titles; the newest first.
pub fn unplayable(conn: &Connection, most: u32) -> Result<Vec<(i64, PublicId, String)>> {
    let sql = format!(
        "SELECT id, public_id, title FROM recording WHERE deleted_at IS NULL AND {LACKS_PLAYING} ORDER BY id DESC LIMIT :most"
    );
    conn.rows(&sql, named_params! { ":most": most }, |row| row.try_into())
}

/// Counts the recordings that need attention. `today`: ISO 8601 date.
pub fn attention(conn: &Connection, today: &str) -> Result<Attention> {
    let count = |lacks: &str, filter: &str| -> Result<u32> {
        let sql = format!(
            "SELECT count(*)
             FROM (SELECT 1 FROM recording WHERE deleted_at IS NULL AND :today IS NOT NULL AND {filter} AND {lacks} LIMIT 100)"
        );
        conn.value(&sql, named_params! { ":today": today })
    };
    Ok(Attention {
        missing: count(LACKS_FILE, "1")?,
        uncaptioned: count(LACKS_CAPTIONS, "1")?,
        drafts: count("1", "visibility = 'draft'")?,
        overdue: count(LACKS_RECORDING, "1")?,
        unplayable: count(LACKS_PLAYING, "1")?,
        timing: count("1", "timing IS NOT NULL")?,
        problems: conn.value(PROBLEMS, [])?,
    })
}
