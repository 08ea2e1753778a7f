//! A recording: one training session of a series, from the day it is planned to the archive. It may not have a file yet.

use std::ops::Deref;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, Row, named_params};

pub mod erase;
pub mod mapped;
pub mod metadata;
pub mod order;
pub mod owner;
pub mod publication;
pub mod spoken;
pub mod stored;
pub mod timing;
pub mod visibility;

use super::{PublicId, Viewer, field};
use crate::catalogue::query::{self, Query};
use crate::error::Result;
use crate::{listed_recording, reachable_recording, viewer_params};

pub use metadata::Metadata;
pub use visibility::{Sharing, Visibility, held_until, sharing};

/// Whether a recording can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordingState {
    /// At least one file is present.
    Ready,
    /// It has had no file yet: it still has to be held or uploaded.
    Planned,
    /// It had a file, which is missing now.
    Missing,
}

impl FromSql for RecordingState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "ready" => Ok(Self::Ready),
            "planned" => Ok(Self::Planned),
            "missing" => Ok(Self::Missing),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// A recording. It dereferences to its metadata: `recording.summary`, `recording.title()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    pub id: i64,
    pub public_id: PublicId,
    pub series_id: i64,
    pub stem: String,
    /// Metadata including inherited values, without speakers and chapters.
    pub metadata: Metadata,
    pub state: RecordingState,
    /// Duration of its longest current file; `None` when planned, missing or not stated by the container.
    pub duration_ms: Option<u64>,
    /// Size of its largest current file in bytes.
    pub size_bytes: Option<u64>,
    /// True when none of its current files has a picture.
    pub sound_only: bool,
    /// Version of its poster; `None` when it has no poster.
    pub poster_version: Option<String>,
    /// Language tags of the captions that visitors get, alphabetical.
    pub caption_languages: Vec<String>,
    /// When anything that visitors see of it last changed, in UTC seconds; `None`: not since it arrived.
    pub changed_at: Option<i64>,
}

impl Deref for Recording {
    type Target = Metadata;

    fn deref(&self) -> &Metadata {
        &self.metadata
    }
}

/// SQL: this row of `recording` can be watched.
macro_rules! ready_recording {
    () => {
        "EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                 AND superseded_at IS NULL AND missing_since IS NULL AND original.state = 'ready')"
    };
}

use ready_recording;

/// SQL: this row of `recording` has or had a file; without one it is planned.
#[macro_export]
macro_rules! held_recording {
    () => {
        "(recording.file IS NOT NULL OR recording.lost_since IS NOT NULL
          OR EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id))"
    };
}

/// How many recordings there are, and how many of them are still to come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that are no longer planned.
    pub held: u32,
    pub planned: u32,
}

impl Count {
    /// The count of these recordings.
    pub fn of(recordings: &[Recording]) -> Self {
        let is_planned = |one: &&Recording| one.state == RecordingState::Planned;
        let planned = recordings.iter().filter(is_planned).count();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            held: number(recordings.len() - planned),
            planned: number(planned),
        }
    }

    /// Reads the columns `held` and `planned`.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            held: row.get("held")?,
            planned: row.get("planned")?,
        })
    }

    /// All of them.
    pub fn all(self) -> u32 {
        self.held.saturating_add(self.planned)
    }
}

/// The columns that a list or a page needs. The files that count are present and current; they are looked up by index for each row,
/// so that a page of twelve recordings reads the files of twelve.
macro_rules! columns {
    () => {
        concat!(
        "recording.*,
         CASE
             WHEN EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                          AND superseded_at IS NULL AND missing_since IS NULL AND original.state = 'ready') THEN 'ready'
             WHEN ", $crate::held_recording!(), " THEN 'missing'
             ELSE 'planned'
         END AS state,
         (SELECT max(duration_ms) FROM original WHERE original.recording_id = recording.id
          AND superseded_at IS NULL AND missing_since IS NULL) AS duration_ms,
         (SELECT max(size_bytes) FROM original WHERE original.recording_id = recording.id
          AND superseded_at IS NULL AND missing_since IS NULL) AS size_bytes,
         NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                     AND superseded_at IS NULL AND missing_since IS NULL
                     AND (width IS NOT NULL OR media_type LIKE 'video/%')) AS sound_only,
         (SELECT version FROM poster WHERE poster.recording_id = recording.id) AS poster_version,
         (SELECT group_concat(caption.language, ' ' ORDER BY ",
        $crate::own_language_first!(),
        ") FROM caption WHERE caption.recording_id = recording.id
          AND caption.kind IS NOT 'forced' AND ",
        $crate::caption_for_visitors!(),
        ") AS caption_languages"
        )
    };
}

use columns;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Recording> {
    let languages: Option<String> = row.get("caption_languages")?;
    let mut metadata: Metadata = field::from_row(metadata::FIELDS, row)?;
    let state = row.get("state")?;
    if state == RecordingState::Ready && metadata.visibility() == Visibility::Public {
        // Since the last scan its begin may have passed.
        metadata.published = metadata.published.or_else(|| metadata.visible_from.clone());
    }
    Ok(Recording {
        id: row.get("id")?,
        public_id: row.get("public_id")?,
        series_id: row.get("series_id")?,
        stem: row.get("stem")?,
        metadata,
        state,
        duration_ms: row.get("duration_ms")?,
        size_bytes: row.get("size_bytes")?,
        sound_only: row.get("sound_only")?,
        poster_version: row.get("poster_version")?,
        caption_languages: languages
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        changed_at: row.get("changed_at")?,
    })
}

/// The recording with this id, if the viewer may open it.
pub fn by_public_id(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<Option<Recording>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording WHERE recording.public_id = :id AND ",
        reachable_recording!()
    );
    conn.find(sql, viewer_params! { viewer, ":id": id }, from_row)
}

/// The recording with this row id. The caller has checked that the viewer may see it.
pub fn by_id(conn: &Connection, id: i64) -> Result<Recording> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording WHERE recording.id = :id"
    );
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// The recordings of a series that the viewer may see in lists, by number, then date, then row.
pub fn of_series(conn: &Connection, viewer: &Viewer, series_id: i64) -> Result<Vec<Recording>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording WHERE recording.series_id = :series AND ",
        listed_recording!(),
        "ORDER BY coalesce(recording.number, 9223372036854775807), coalesce(recording.date, ''), recording.id"
    );
    let params = viewer_params! { viewer, ":series": series_id };
    conn.rows(sql, params, from_row)
}

/// The recordings in `ids` that the viewer may see in lists, in the given order; `ids` holds at most one page.
pub fn among(conn: &Connection, viewer: &Viewer, ids: &[i64]) -> Result<Vec<Recording>> {
    let ids = query::json(ids)?;
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording JOIN json_each(:ids) AS wanted ON wanted.value = recording.id WHERE ",
        listed_recording!(),
        "ORDER BY wanted.key"
    );
    conn.rows(sql, viewer_params! { viewer, ":ids": ids }, from_row)
}

/// The current public id of a row.
pub fn public_id(conn: &Connection, id: i64) -> Result<PublicId> {
    let sql = "SELECT public_id FROM recording WHERE id = :id";
    conn.value(sql, named_params! { ":id": id })
}

/// The highest number in a series, without recordings in the trash.
pub fn highest_number(conn: &Connection, series_id: i64) -> Result<Option<i64>> {
    let sql = "SELECT max(number) FROM recording WHERE series_id = :series AND deleted_at IS NULL";
    conn.value(sql, named_params! { ":series": series_id })
}

/// The number of recordings and of drafts among them, printed at start.
pub fn counts(conn: &Connection) -> Result<(u32, u32)> {
    let sql = "SELECT count(*), coalesce(sum(visibility = 'draft'), 0) FROM recording WHERE deleted_at IS NULL";
    conn.row(sql, [], |row| row.try_into())
}
