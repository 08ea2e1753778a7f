//! Whether captions and chapters fit the file, after it was replaced by one of another length. They were made for the file of before:
//! until a coordinator has looked, nothing is shown that begins after the end of the new one.

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::catalogue::field::Choice;
use crate::catalogue::query::Query;
use crate::error::Result;

/// What is known of the times; a recording without it has times that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The file was replaced by one of another length, and nobody has looked yet.
    Unchecked,
    /// A coordinator keeps captions and chapters from visitors until somebody has looked.
    Hidden,
}

/// The choices, as a sidecar writes them.
pub const TIMINGS: &[Choice] = &[
    Choice::of(Timing::Unchecked.as_str(), "timing-unchecked"),
    Choice::of(Timing::Hidden.as_str(), "timing-hidden"),
];

impl Timing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Hidden => "hidden",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Unchecked, Self::Hidden]
            .into_iter()
            .find(|timing| timing.as_str() == word)
    }
}

/// SQL: what begins at this column is shown to visitors of this row of `recording`. While the file is away its length still counts;
/// of one without a known length nothing is shown.
#[macro_export]
macro_rules! timed_for_visitors {
    ($start:literal) => {
        concat!(
            "(recording.timing IS NULL
              OR (recording.timing = 'unchecked'
                  AND ",
            $start,
            " < coalesce((SELECT max(duration_ms) FROM original WHERE original.recording_id = recording.id
                          AND superseded_at IS NULL), 0)))"
        )
    };
}

/// SQL: this row of `caption`, of this row of `recording`, has a cue for visitors.
#[macro_export]
macro_rules! caption_for_visitors {
    () => {
        concat!(
            "(recording.timing IS NULL
              OR EXISTS (SELECT 1 FROM cue WHERE cue.caption_id = caption.id AND ",
            $crate::timed_for_visitors!("cue.start_ms"),
            "))"
        )
    };
}

/// Lengths that differ by less than this many milliseconds are those of one cut: programs that write a file anew change it by
/// a few frames.
const SAME_LENGTH_MS: u64 = 500;

/// Whether a file of the first length in milliseconds was replaced by another cut. A length that is not known any more may be any.
pub fn is_other_length(before_ms: Option<u64>, after_ms: Option<u64>) -> bool {
    match (before_ms, after_ms) {
        (Some(before), Some(after)) => before.abs_diff(after) >= SAME_LENGTH_MS,
        (before, None) => before.is_some(),
        (None, Some(_)) => false,
    }
}

/// Length in milliseconds of the longest file that is not superseded, also while it is missing.
pub fn length_ms(conn: &Connection, recording: i64) -> Result<Option<u64>> {
    let sql = "SELECT max(duration_ms) FROM original
               WHERE recording_id = :recording AND superseded_at IS NULL";
    conn.value(sql, named_params! { ":recording": recording })
}

/// Length in milliseconds of the file that was replaced last; `None` when it is not known any more.
pub fn replaced_length_ms(conn: &Connection, recording: i64) -> Result<Option<u64>> {
    let sql = "SELECT duration_ms FROM original
               WHERE recording_id = :recording AND superseded_at IS NOT NULL AND duration_ms IS NOT NULL
               ORDER BY superseded_at DESC, id DESC
               LIMIT 1";
    let replaced = conn.find_value(sql, named_params! { ":recording": recording })?;
    Ok(replaced)
}

/// Notes that the times of a recording have to be looked at; what was hidden stays hidden.
pub fn uncheck(conn: &Connection, recording: i64) -> Result<()> {
    let sql = "UPDATE recording SET timing = 'unchecked' WHERE id = :recording AND timing IS NULL";
    conn.write(sql, named_params! { ":recording": recording })
}

/// A recording whose times somebody has to look at.
pub struct RecordingToCheck {
    pub public_id: PublicId,
    pub title: String,
    pub timing: Timing,
}

/// The recordings whose times somebody has to look at, by title; at most `most`.
pub fn to_check(conn: &Connection, most: u32) -> Result<Vec<RecordingToCheck>> {
    let sql = "SELECT public_id, title, timing FROM recording
               WHERE timing IS NOT NULL AND deleted_at IS NULL
               ORDER BY title, id
               LIMIT :most";
    conn.rows(sql, named_params! { ":most": most }, |row| {
        let timing: String = row.get("timing")?;
        Ok(RecordingToCheck {
            public_id: row.get("public_id")?,
            title: row.get("title")?,
            timing: Timing::parse(&timing).unwrap_or(Timing::Unchecked),
        })
    })
}
