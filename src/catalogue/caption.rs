//! The timed text of one recording in one language, and its cues. The cues of a recording are always written together.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::query::{Query, sql_word};
use crate::error::Result;
use crate::{caption_for_visitors, timed_for_visitors};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    pub id: i64,
    /// BCP 47 tag, lower case: `nl`, `en`, `pt-br`.
    pub language: String,
    pub kind: Option<CaptionKind>,
}

impl Caption {
    /// Whether only what is said in another language is in them: who does not hear cannot follow the recording with these.
    pub fn is_forced(&self) -> bool {
        self.kind == Some(CaptionKind::Forced)
    }
}

/// What kind of captions the name of a file says they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaptionKind {
    Cc,
    Sdh,
    Hi,
    Forced,
}

impl CaptionKind {
    pub const ALL: [Self; 4] = [Self::Cc, Self::Sdh, Self::Hi, Self::Forced];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cc => "cc",
            Self::Sdh => "sdh",
            Self::Hi => "hi",
            Self::Forced => "forced",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

sql_word!(CaptionKind);

/// One cue: the lines of a caption that are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Milliseconds from the start of the recording.
    pub start_ms: u64,
    /// Milliseconds from the start of the recording; always after `start_ms`.
    pub end_ms: u64,
    /// WebVTT cue text: allowed tags are well formed and all else is escaped; lines are separated by `\n`, and none is empty.
    pub text: String,
    /// Valid WebVTT cue settings such as `line:0 align:start`.
    pub settings: Option<String>,
}

/// The content of one caption file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCaption {
    pub language: String,
    pub kind: Option<CaptionKind>,
    pub file: String,
    pub cues: Vec<Cue>,
    /// For each cue what is said in it for the first time, see [`said_cues`].
    pub said: Vec<Option<String>>,
    /// What was left out of the file or put right, in the word of [`crate::timed_text::Warning`].
    pub warnings: String,
}

/// The file of a caption as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionFile {
    pub language: String,
    pub file: String,
    /// As in [`NewCaption`].
    pub warnings: String,
}

/// SQL: the order of captions in which those in the recording's own language come first, whatever its region (BCP 47).
#[macro_export]
macro_rules! own_language_first {
    () => {
        "(caption.language || '-') NOT LIKE (substr(recording.language, 1, instr(recording.language || '-', '-') - 1) || '-%'),
          caption.language "
    };
}

/// Most languages of one recording: more than any audience has, and few enough for a page and a player.
const LANGUAGES: u32 = 100;

/// The captions of a recording, those in its own language first, at most a hundred. The caller has checked that the viewer may see the recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Caption>> {
    let sql = concat!(
        "SELECT caption.id, caption.language, caption.kind
         FROM caption
         JOIN recording ON recording.id = caption.recording_id
         WHERE caption.recording_id = :recording
         ORDER BY ",
        own_language_first!(),
        "LIMIT :most"
    );
    let params = named_params! { ":recording": recording_id, ":most": LANGUAGES };
    conn.rows(sql, params, caption_from_row)
}

/// Those of them that have a cue for visitors, see [`super::recording::timing`].
pub fn shown(conn: &Connection, recording_id: i64) -> Result<Vec<Caption>> {
    let sql = concat!(
        "SELECT caption.id, caption.language, caption.kind
         FROM caption
         JOIN recording ON recording.id = caption.recording_id
         WHERE caption.recording_id = :recording AND ",
        caption_for_visitors!(),
        "ORDER BY ",
        own_language_first!(),
        "LIMIT :most"
    );
    let params = named_params! { ":recording": recording_id, ":most": LANGUAGES };
    conn.rows(sql, params, caption_from_row)
}

fn caption_from_row(row: &Row<'_>) -> rusqlite::Result<Caption> {
    Ok(Caption {
        id: row.get("id")?,
        language: row.get("language")?,
        kind: row.get("kind")?,
    })
}

/// Row id of the caption in a language. The caller has checked that the viewer may see the recording.
pub fn by_language(conn: &Connection, recording_id: i64, language: &str) -> Result<Option<i64>> {
    let asked = named_params! { ":recording": recording_id, ":language": language };
    let sql = "SELECT id FROM caption WHERE recording_id = :recording AND language = :language";
    conn.find_value(sql, asked)
}

/// All cues of a caption in order of time.
pub fn cues(conn: &Connection, caption_id: i64) -> Result<Vec<Cue>> {
    let sql = "SELECT start_ms, end_ms, text, settings
               FROM cue
               WHERE caption_id = :caption
               ORDER BY start_ms, id";
    conn.rows(sql, named_params! { ":caption": caption_id }, from_row)
}

/// The cues of a caption that visitors get, in order of time, at most `most`; see [`super::recording::timing`].
pub fn shown_cues(conn: &Connection, caption_id: i64, most: usize) -> Result<Vec<Cue>> {
    let sql = concat!(
        "SELECT cue.start_ms, cue.end_ms, cue.text, cue.settings
         FROM cue
         JOIN caption ON caption.id = cue.caption_id
         JOIN recording ON recording.id = caption.recording_id
         WHERE cue.caption_id = :caption AND ",
        timed_for_visitors!("cue.start_ms"),
        "ORDER BY cue.start_ms, cue.id
         LIMIT :most"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    conn.rows(
        sql,
        named_params! { ":caption": caption_id, ":most": most },
        from_row,
    )
}

/// What is said in a caption, for whoever reads it: as [`shown_cues`], without what a cue only draws again.
pub fn said_cues(conn: &Connection, caption_id: i64, most: usize) -> Result<Vec<Cue>> {
    let sql = concat!(
        "SELECT cue.start_ms, cue.end_ms, coalesce(cue.said, cue.text) AS text, cue.settings
         FROM cue
         JOIN caption ON caption.id = cue.caption_id
         JOIN recording ON recording.id = caption.recording_id
         WHERE cue.caption_id = :caption AND cue.said IS NOT '' AND ",
        timed_for_visitors!("cue.start_ms"),
        "ORDER BY cue.start_ms, cue.id
         LIMIT :most"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let params = named_params! { ":caption": caption_id, ":most": most };
    conn.rows(sql, params, from_row)
}

/// The cues that visitors get around a moment, in order of time: at most `most` that begin there or before, and as many after it.
pub fn shown_around(
    conn: &Connection,
    caption_id: i64,
    at_ms: u64,
    most: usize,
) -> Result<Vec<Cue>> {
    let sql = concat!(
        "WITH shown AS NOT MATERIALIZED (
             SELECT cue.id, cue.start_ms, cue.end_ms, cue.text, cue.settings
             FROM cue
             JOIN caption ON caption.id = cue.caption_id
             JOIN recording ON recording.id = caption.recording_id
             WHERE cue.caption_id = :caption AND ",
        timed_for_visitors!("cue.start_ms"),
        ")
         SELECT * FROM (SELECT * FROM shown WHERE start_ms <= :at ORDER BY start_ms DESC, id DESC LIMIT :most)
         UNION ALL
         SELECT * FROM (SELECT * FROM shown WHERE start_ms > :at ORDER BY start_ms, id LIMIT :most)
         ORDER BY start_ms, id"
    );
    let params = named_params! {
        ":caption": caption_id,
        ":at": at_ms,
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, from_row)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Cue> {
    Ok(Cue {
        start_ms: row.get("start_ms")?,
        end_ms: row.get("end_ms")?,
        text: row.get("text")?,
        settings: row.get("settings")?,
    })
}

/// Replaces the captions of a recording, with all their cues.
pub fn replace(conn: &Connection, recording_id: i64, captions: &[NewCaption]) -> Result<()> {
    let sql = "DELETE FROM caption WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })?;
    let sql = "INSERT INTO cue (caption_id, start_ms, end_ms, text, settings, said)
               VALUES (:caption, :start, :end, :text, :settings, :said)";
    for caption in captions {
        let caption_id = add(conn, recording_id, caption)?;
        for (cue, said) in caption.cues.iter().zip(&caption.said) {
            let params = named_params! {
                ":caption": caption_id,
                ":start": cue.start_ms,
                ":end": cue.end_ms,
                ":text": cue.text,
                ":settings": cue.settings,
                ":said": said,
            };
            conn.write(sql, params)?;
        }
    }
    Ok(())
}

/// The file of every caption of a series by recording, or only of the recording with this stem; for the scan.
pub fn files_of_series(
    conn: &Connection,
    series_id: i64,
    stem: Option<&str>,
) -> Result<HashMap<i64, Vec<CaptionFile>>> {
    let sql = "SELECT caption.recording_id, caption.language, caption.file, caption.warnings
               FROM caption
               JOIN recording ON recording.id = caption.recording_id
               WHERE recording.series_id = :series AND (:stem IS NULL OR recording.stem = :stem)";
    let params = named_params! { ":series": series_id, ":stem": stem };
    conn.groups(sql, params, |row| {
        Ok((row.get("recording_id")?, file_from_row(row)?))
    })
}

/// The files of the captions of a recording of which something was left out or put right; for the desk.
pub fn with_warnings(conn: &Connection, recording_id: i64) -> Result<Vec<CaptionFile>> {
    let sql = "SELECT language, file, warnings
               FROM caption
               WHERE recording_id = :recording AND warnings <> ''
               LIMIT :most";
    let params = named_params! { ":recording": recording_id, ":most": LANGUAGES };
    conn.rows(sql, params, file_from_row)
}

fn file_from_row(row: &Row<'_>) -> rusqlite::Result<CaptionFile> {
    Ok(CaptionFile {
        language: row.get("language")?,
        file: row.get("file")?,
        warnings: row.get("warnings")?,
    })
}

fn add(conn: &Connection, recording_id: i64, caption: &NewCaption) -> Result<i64> {
    let sql = "INSERT INTO caption (recording_id, language, kind, file, warnings)
               VALUES (:recording, :language, :kind, :file, :warnings)";
    let params = named_params! {
        ":recording": recording_id,
        ":language": caption.language,
        ":kind": caption.kind,
        ":file": caption.file,
        ":warnings": caption.warnings,
    };
    conn.insert(sql, params)
}
