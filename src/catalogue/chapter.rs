//! A titled start time within a recording.

use std::collections::HashSet;

use rusqlite::{Connection, Row, named_params};

use super::query::{self, Query};
use crate::error::Result;
use crate::timed_for_visitors;

/// The latest start of a chapter in hours; a later one is a typing error.
pub const LATEST_HOURS: u64 = 1_000;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Chapter {
    pub start_ms: u64,
    pub title: String,
}

/// The chapters of a recording in order of time. The caller has checked that the viewer may see the recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Chapter>> {
    let sql = "SELECT start_ms, title
               FROM chapter
               WHERE recording_id = :recording
               ORDER BY start_ms";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// Those of them that visitors get, see [`super::recording::timing`].
pub fn shown(conn: &Connection, recording_id: i64) -> Result<Vec<Chapter>> {
    let sql = concat!(
        "SELECT chapter.start_ms, chapter.title
         FROM chapter
         JOIN recording ON recording.id = chapter.recording_id
         WHERE chapter.recording_id = :recording AND ",
        timed_for_visitors!("chapter.start_ms"),
        "ORDER BY chapter.start_ms"
    );
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Chapter> {
    Ok(Chapter {
        start_ms: row.get("start_ms")?,
        title: row.get("title")?,
    })
}

/// Row ids of those recordings that have chapters for visitors.
pub fn having(conn: &Connection, recordings: &[i64]) -> Result<HashSet<i64>> {
    let sql = concat!(
        "SELECT DISTINCT chapter.recording_id
         FROM chapter
         JOIN recording ON recording.id = chapter.recording_id
         WHERE chapter.recording_id IN (SELECT value FROM json_each(:recordings)) AND ",
        timed_for_visitors!("chapter.start_ms"),
    );
    conn.values(
        sql,
        named_params! { ":recordings": query::json(recordings)? },
    )
}

/// Replaces the chapters of a recording. The first of two chapters at one moment is kept.
pub fn replace(conn: &Connection, recording_id: i64, chapters: &[Chapter]) -> Result<()> {
    let sql = "DELETE FROM chapter WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })?;
    let sql = "INSERT INTO chapter (recording_id, start_ms, title)
               VALUES (:recording, :start, :title)
               ON CONFLICT DO NOTHING";
    for chapter in chapters {
        let params = named_params! { ":recording": recording_id, ":start": chapter.start_ms, ":title": chapter.title };
        conn.write(sql, params)?;
    }
    Ok(())
}
