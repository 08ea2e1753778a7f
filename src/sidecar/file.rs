//! Sidecars as files: what they are called, and how their text is read. In: the library and a name. Out: text, or what it says.

use super::{LARGEST_TEXT_BYTES, RecordingSidecar, read_recording};
use crate::error::{Error, Result};
use crate::library::Library;

/// The ending of every sidecar. In capitals it is none: what could not be read under its name would say nothing.
pub const ENDING: &str = ".toml";

/// The file that speaks for a series.
pub const SERIES_FILE: &str = "series.toml";

/// The sidecar of the recording whose files begin with this stem.
pub fn file_of(stem: &str) -> String {
    format!("{stem}{ENDING}")
}

/// The text of a sidecar; `None` when there is none.
///
/// Errors when it is too large for one, or not UTF-8.
pub fn read_text(library: &Library, folder: &str, file: &str) -> Result<Option<String>> {
    let most = u64::try_from(LARGEST_TEXT_BYTES).unwrap_or(u64::MAX);
    let bytes = library.read(folder, file, most)?;
    bytes
        .map(|bytes| String::from_utf8(bytes).map_err(Error::internal))
        .transpose()
}

/// What the sidecar of a recording says; `None` when there is none or it cannot be read.
pub fn glance(library: &Library, folder: &str, stem: &str) -> Option<RecordingSidecar> {
    let text = read_text(library, folder, &file_of(stem)).ok().flatten()?;
    Some(read_recording(&text).ok()?.value)
}

/// Names the state of a file: the first half of the BLAKE3 of its text, hexadecimal; empty when there is none.
pub fn state_of(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    })
}
