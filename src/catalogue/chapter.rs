//! A titled start time within a recording.

use std::collections::HashSet;

use rusqlite::{Connection, named_params};

use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Chapter {
    pub start_ms: u64,
    pub title: String,
}

/// In order of time. For a recording the viewer has already been shown.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Chapter>> {
    let mut statement = conn.prepare_cached(
        "SELECT start_ms, title
         FROM chapter
         WHERE recording_id = :recording
         ORDER BY start_ms",
    )?;
    let rows = statement.query_map(named_params! { ":recording": recording_id }, |row| {
        Ok(Chapter {
            start_ms: row.get("start_ms")?,
            title: row.get("title")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which of these recordings have chapters.
pub fn having(conn: &Connection, recordings: &[i64]) -> Result<HashSet<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT recording_id FROM chapter
         WHERE recording_id IN (SELECT value FROM json_each(:recordings))",
    )?;
    let wanted = serde_json::to_string(recordings).map_err(crate::error::Error::internal)?;
    let rows = statement.query_map(named_params! { ":recordings": wanted }, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes these the chapters of a recording. Of two at one moment the first counts.
pub fn replace(conn: &Connection, recording_id: i64, chapters: &[Chapter]) -> Result<()> {
    conn.prepare_cached("DELETE FROM chapter WHERE recording_id = :recording")?
        .execute(named_params! { ":recording": recording_id })?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO chapter (recording_id, start_ms, title)
         VALUES (:recording, :start, :title)
         ON CONFLICT DO NOTHING",
    )?;
    for chapter in chapters {
        insert.execute(named_params! { ":recording": recording_id, ":start": chapter.start_ms, ":title": chapter.title })?;
    }
    Ok(())
}
