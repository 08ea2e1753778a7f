//! Sidecar files: their names, and reading their text. In: the library and a name. Out: text, or its content.

use super::{LARGEST_TEXT_BYTES, RecordingSidecar, read_recording};
use crate::error::{Error, Result};
use crate::library::Library;

/// The ending of every sidecar. A file with this ending in capitals is no sidecar and is reported.
pub const ENDING: &str = ".toml";

/// The name of the series file.
pub const SERIES_FILE: &str = "series.toml";

/// The name of the file in the media folder itself in which the association says what it is.
pub const PORTAL_FILE: &str = "portal.toml";

/// The file name of the sidecar for a stem.
pub fn file_of(stem: &str) -> String {
    format!("{stem}{ENDING}")
}

/// The text of a sidecar; `None` when there is none.
///
/// Errors when it is too large, or not UTF-8.
pub fn read_text(library: &Library, folder: &str, file: &str) -> Result<Option<String>> {
    let most = u64::try_from(LARGEST_TEXT_BYTES).unwrap_or(u64::MAX);
    as_text(library.read(folder, file, most)?)
}

/// The text of `portal.toml`; `None` when there is none. Errors as [`read_text`].
pub fn read_portal_text(library: &Library) -> Result<Option<String>> {
    let most = u64::try_from(LARGEST_TEXT_BYTES).unwrap_or(u64::MAX);
    as_text(library.read_top(PORTAL_FILE, most)?)
}

fn as_text(bytes: Option<Vec<u8>>) -> Result<Option<String>> {
    bytes
        .map(|bytes| String::from_utf8(bytes).map_err(Error::internal))
        .transpose()
}

/// The content of a recording's sidecar; `None` when there is none or it cannot be parsed.
pub fn glance(library: &Library, folder: &str, stem: &str) -> Option<RecordingSidecar> {
    let text = read_text(library, folder, &file_of(stem)).ok().flatten()?;
    Some(read_recording(&text).ok()?.value)
}

/// A tag for the state of a file: the first half of the BLAKE3 hash of its text in hexadecimal; empty without a file.
pub fn state_of(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    })
}
