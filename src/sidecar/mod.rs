//! Reads and writes sidecars: `series.toml` in the folder of a series, `<stem>.toml` beside a recording, and `portal.toml` beside the
//! series.
//!
//! Reading turns text into a typed value, with a list of unknown keys. Editing turns a changed value into text in which everything
//! that a person wrote (comments, order, unknown keys, line ends) stays in place. No file is written here. A key of the wrong type,
//! and above all an unknown visibility, refuses the whole file with its line, because a draft could become public if the file were
//! read in part. Only an invalid id is skipped with a [`Note`], because a typing error in it should not cost the recording its
//! title.

mod edit;
mod entries;
mod fields;
mod file;
mod portal;
mod recording;
mod section;
mod series;

use crate::catalogue::PublicId;

pub use crate::catalogue::field::{LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, MOST_ENTRIES};
pub use edit::{edit_recording, edit_series};
pub use file::{
    ENDING, PORTAL_FILE, SERIES_FILE, file_of, glance, read_portal_text, read_text, state_of,
};
pub use portal::{edit_portal, read_portal};
pub use recording::{Attachment, Link, RecordingSidecar, read_recording};
pub use series::{SeriesSidecar, read_series};

/// The largest sidecar in bytes; a sidecar is a page of text, and a larger file is something else.
pub const LARGEST_TEXT_BYTES: usize = 1024 * 1024;
/// Most unknown keys, and most notes, that are reported.
pub const MOST_FINDINGS: usize = 100;

/// The content of a sidecar, with unknown keys and skipped values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// The value of all known keys.
    pub value: T,
    /// Unknown keys in the order of the file; at most [`MOST_FINDINGS`]. Every edit keeps them.
    pub unknown: Vec<Unknown>,
    /// Skipped values in the order of the file; at most [`MOST_FINDINGS`].
    pub notes: Vec<Note>,
}

/// An unknown key, most often a misspelt one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The key with its list or table: `titel`, `chapters.tittle`.
    pub key: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// A value that is no id (see [`is_id`]) and counts as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The key of the value.
    pub key: String,
    /// The value as written.
    pub written: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// The reason why a whole file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Broken {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// One sentence, which names the key if there is one.
    pub message: String,
}

/// Whether a text is the public id of a recording: ten characters of lower-case Crockford base 32.
pub fn is_id(text: &str) -> bool {
    PublicId::parse(text).is_some()
}

#[cfg(test)]
#[path = "sidecar_cases.rs"]
mod cases;
