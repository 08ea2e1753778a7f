//! The timed text of one recording in one language, and its cues. The cues of a recording are always written together.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    pub id: i64,
    /// BCP 47 tag, lower case: `nl`, `en`, `pt-br`.
    pub language: String,
}

/// One line of a caption, or a few that are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Milliseconds from the start of the recording.
    pub start_ms: u64,
    /// Milliseconds from the start of the recording; always after `start_ms`.
    pub end_ms: u64,
    /// WebVTT cue text: whitelisted tags, well formed; all else escaped; lines parted by `\n`, none of them empty.
    pub text: String,
    /// Valid WebVTT cue settings such as `line:0 align:start`.
    pub settings: Option<String>,
}

/// What one caption file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub language: String,
    pub file: String,
    pub cues: Vec<Cue>,
}

/// In order of language. For a recording the viewer has already been shown.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Caption>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, language FROM caption WHERE recording_id = :recording ORDER BY language",
    )?;
    let rows = statement.query_map(named_params! { ":recording": recording_id }, |row| {
        Ok(Caption {
            id: row.get("id")?,
            language: row.get("language")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The row of the caption in a language. For a recording the viewer has already been shown.
pub fn by_language(conn: &Connection, recording_id: i64, language: &str) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM caption WHERE recording_id = :recording AND language = :language",
    )?;
    let asked = named_params! { ":recording": recording_id, ":language": language };
    Ok(statement.query_row(asked, |row| row.get(0)).optional()?)
}

/// All cues of a caption in order of time.
pub fn cues(conn: &Connection, caption_id: i64) -> Result<Vec<Cue>> {
    let mut statement = conn.prepare_cached(
        "SELECT start_ms, end_ms, text, settings
         FROM cue
         WHERE caption_id = :caption
         ORDER BY start_ms, id",
    )?;
    let rows = statement.query_map(named_params! { ":caption": caption_id }, |row| {
        Ok(Cue {
            start_ms: row.get("start_ms")?,
            end_ms: row.get("end_ms")?,
            text: row.get("text")?,
            settings: row.get("settings")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes these the captions of a recording, with all their cues.
pub fn replace(conn: &Connection, recording_id: i64, captions: &[Said]) -> Result<()> {
    conn.prepare_cached("DELETE FROM caption WHERE recording_id = :recording")?
        .execute(named_params! { ":recording": recording_id })?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO cue (caption_id, start_ms, end_ms, text, settings)
         VALUES (:caption, :start, :end, :text, :settings)",
    )?;
    for caption in captions {
        let caption_id = add(conn, recording_id, caption)?;
        for cue in &caption.cues {
            insert.execute(named_params! {
                ":caption": caption_id,
                ":start": cue.start_ms,
                ":end": cue.end_ms,
                ":text": cue.text,
                ":settings": cue.settings,
            })?;
        }
    }
    Ok(())
}

/// Language and file of every caption of a series, or of its recording of that stem; for the scan.
pub fn files_of_series(
    conn: &Connection,
    series_id: i64,
    stem: Option<&str>,
) -> Result<HashMap<i64, Vec<(String, String)>>> {
    let mut statement = conn.prepare_cached(
        "SELECT caption.recording_id, caption.language, caption.file
         FROM caption
         JOIN recording ON recording.id = caption.recording_id
         WHERE recording.series_id = :series AND (:stem IS NULL OR recording.stem = :stem)",
    )?;
    let mut files: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    let mut rows = statement.query(named_params! { ":series": series_id, ":stem": stem })?;
    while let Some(row) = rows.next()? {
        files
            .entry(row.get(0)?)
            .or_default()
            .push((row.get(1)?, row.get(2)?));
    }
    Ok(files)
}

fn add(conn: &Connection, recording_id: i64, caption: &Said) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO caption (recording_id, language, file) VALUES (:recording, :language, :file)",
    )?
    .execute(named_params! {
        ":recording": recording_id,
        ":language": caption.language,
        ":file": caption.file,
    })?;
    Ok(conn.last_insert_rowid())
}
