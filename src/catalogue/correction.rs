//! A correction of a line of captions that a visitor proposed: a message of kind `captions` that nobody has handled. How one comes in,
//! and how it is closed, is told in `message.rs`.

use rusqlite::{Connection, Row, named_params};

use super::message::CaptionLine;
use super::query::Query;
use crate::error::Result;

/// A correction that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Row id of the message.
    pub id: i64,
    /// The line as the visitor read it.
    pub line: CaptionLine,
    /// The line as it should be, in plain text.
    pub text: String,
    /// UTC seconds.
    pub received_at: i64,
}

/// SQL: the corrections of a recording.
macro_rules! corrections {
    () => {
        "SELECT id, caption_language, cue_start_ms, cue_text, text, received_at
         FROM message
         WHERE recording_id = :recording AND kind = 'captions' AND handled_at IS NULL AND "
    };
}

/// The corrections of the captions of a recording in a language, in the order of the lines, at most `most`.
pub fn of_captions(
    conn: &Connection,
    recording_id: i64,
    language: &str,
    most: usize,
) -> Result<Vec<Correction>> {
    let sql = concat!(
        corrections!(),
        "caption_language = :language ORDER BY cue_start_ms, id LIMIT :most"
    );
    let params = named_params! {
        ":recording": recording_id,
        ":language": language,
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, from_row)
}

/// One of them; `None` when it was handled, or is not of this recording.
pub fn by_id(conn: &Connection, recording_id: i64, id: i64) -> Result<Option<Correction>> {
    let sql = concat!(corrections!(), "id = :id");
    let params = named_params! { ":recording": recording_id, ":id": id };
    conn.find(sql, params, from_row)
}

/// How many wait, by the language of the captions.
pub fn counts(conn: &Connection, recording_id: i64) -> Result<Vec<(String, u32)>> {
    let sql = "SELECT caption_language, count(*)
               FROM message
               WHERE recording_id = :recording AND kind = 'captions' AND handled_at IS NULL
               GROUP BY caption_language";
    let params = named_params! { ":recording": recording_id };
    conn.rows(sql, params, |row| row.try_into())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Correction> {
    Ok(Correction {
        id: row.get("id")?,
        line: CaptionLine {
            language: row.get("caption_language")?,
            start_ms: row.get("cue_start_ms")?,
            text: row.get("cue_text")?,
        },
        text: row.get("text")?,
        received_at: row.get("received_at")?,
    })
}
