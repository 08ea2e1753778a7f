//! The still picture of a recording, a file beside the media file.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::original::FilePlace;
use super::query::Query;
use crate::error::Result;

/// Widths in pixels in which each poster is made, smallest first: pages show the first, large screens and links the last.
pub const WIDTHS: [u32; 2] = [480, 1280];

/// Those whose sizes are still to be made, for [`super::job::plan`].
pub const UNRENDERED: &str =
    "SELECT recording_id, NULL AS original_id, version FROM poster WHERE rendered = 0";

/// The name in the data folder of a poster in one of the [`WIDTHS`].
pub fn file_name(id: &PublicId, version: &str, width: u32) -> String {
    format!("{id}-{version}-{width}.jpg")
}

/// The name in the data folder of a poster with a play badge; `recipe` counts how the drawing changed.
pub fn file_name_played(id: &PublicId, version: &str, width: u32, recipe: u32) -> String {
    format!("{id}-{version}-play-{width}-{recipe}.jpg")
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poster {
    pub recording_id: i64,
    /// Its folder is that of the series.
    pub place: FilePlace,
    pub version: String,
    /// Whether the sizes that pages ask for stand in the data folder.
    pub rendered: bool,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Poster> {
    Ok(Poster {
        recording_id: row.get("recording_id")?,
        place: FilePlace::from_row(row)?,
        version: row.get("version")?,
        rendered: row.get("rendered")?,
    })
}

/// The poster of a recording, which the viewer has already been shown.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Option<Poster>> {
    let sql = "SELECT poster.*, series.folder
               FROM poster
               JOIN recording ON recording.id = poster.recording_id
               JOIN series ON series.id = recording.series_id
               WHERE poster.recording_id = :recording";
    conn.find(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The posters of a series by recording, or that of its recording of this stem; for the scan.
pub fn of_series(
    conn: &Connection,
    series_id: i64,
    stem: Option<&str>,
) -> Result<HashMap<i64, Poster>> {
    let asked = named_params! { ":series": series_id, ":stem": stem };
    let sql = "SELECT poster.*, series.folder
               FROM poster
               JOIN recording ON recording.id = poster.recording_id
               JOIN series ON series.id = recording.series_id
               WHERE recording.series_id = :series AND (:stem IS NULL OR recording.stem = :stem)";
    conn.rows(sql, asked, |row| {
        from_row(row).map(|poster| (poster.recording_id, poster))
    })
}

/// Makes this the poster of a recording; its sizes have to be made again when the bytes are others.
pub fn replace(
    conn: &Connection,
    recording_id: i64,
    place: &FilePlace,
    version: &str,
) -> Result<()> {
    let sql = "INSERT INTO poster (recording_id, file, version, size_bytes, modified_ns, inode)
               VALUES (:recording, :file, :version, :size, :modified, :inode)
               ON CONFLICT (recording_id) DO UPDATE
               SET rendered = rendered AND version = excluded.version,
                   file = excluded.file, version = excluded.version, size_bytes = excluded.size_bytes,
                   modified_ns = excluded.modified_ns, inode = excluded.inode";
    let params = named_params! {
        ":recording": recording_id,
        ":file": place.file,
        ":version": version,
        ":size": place.size_bytes,
        ":modified": place.modified_ns,
        ":inode": place.inode,
    };
    conn.write(sql, params)
}

/// The picture is gone from the folder.
pub fn remove(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM poster WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Its sizes stand in the data folder, made from this version.
pub fn mark_rendered(conn: &Connection, recording_id: i64, version: &str) -> Result<()> {
    let sql =
        "UPDATE poster SET rendered = 1 WHERE recording_id = :recording AND version = :version";
    let params = named_params! { ":recording": recording_id, ":version": version };
    conn.write(sql, params)
}
