//! What a file says about itself: `series.toml` in a series' folder and `<stem>.toml` beside a recording, both ways.
//!
//! Text comes in and a typed value goes out, with a list of what was not understood; a changed value comes in and text
//! goes out in which everything a person wrote by hand (comments, order, unknown keys, line ends) stands where it stood.
//! Nothing is saved here. A key of the wrong type, and above all a visibility we do not know, refuses the
//! whole file with its line: half-read, a draft might become public. Only an id that cannot be one is passed over,
//! with a [`Note`], since a slip of the pen in it must not cost the recording its title.

mod edit;
mod entries;
mod fields;
mod file;
mod recording;
mod section;
mod series;

use crate::catalogue::PublicId;

pub use crate::catalogue::field::{LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, MOST_ENTRIES};
pub use edit::{edit_recording, edit_series};
pub use file::{ENDING, SERIES_FILE, file_of, glance, read_text, state_of};
pub use recording::{Attachment, Link, RecordingSidecar, read_recording};
pub use series::{SeriesSidecar, read_series};

/// A sidecar is a page of text; a larger file with its name is something else.
pub const LARGEST_TEXT_BYTES: usize = 1024 * 1024;
/// Unknown keys, and notes, that are told; the hundred and first is no news.
pub const MOST_FINDINGS: usize = 100;

/// What was read, and what was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// Every key that was present and known.
    pub value: T,
    /// Keys we do not know, in the order of the file; at most [`MOST_FINDINGS`]. They are kept by every edit.
    pub unknown: Vec<Unknown>,
    /// Values that were passed over, in the order they were met; at most [`MOST_FINDINGS`].
    pub notes: Vec<Note>,
}

/// A key we do not know: most often a misspelt one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// With the list or table it stands in: `titel`, `chapters.tittle`.
    pub key: String,
    /// Counted from 1.
    pub line: usize,
}

/// A value that is no id (see [`is_id`]) and was treated as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The key it was written under.
    pub key: String,
    /// What was written there.
    pub written: String,
    /// Counted from 1.
    pub line: usize,
}

/// The file was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Broken {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// One sentence; names the key if there is one.
    pub message: String,
}

/// Whether this is the public id of a recording: ten characters of lower-case Crockford base 32.
pub fn is_id(text: &str) -> bool {
    PublicId::parse(text).is_some()
}

#[cfg(test)]
#[path = "sidecar_cases.rs"]
mod cases;
