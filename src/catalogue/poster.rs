//! The poster of a recording: a picture in the folder of its series, which a person put there, or else a frame that became it by itself.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::frame::Frame;
use super::original::FilePlace;
use super::query::Query;
use crate::error::Result;

/// Widths in pixels in which each poster is rendered, smallest first: pages show the first, large screens and links the last.
pub const WIDTHS: [u32; 2] = [480, 1280];

/// Query for posters that still have to be rendered, for [`super::job::plan`].
pub const UNRENDERED: &str = "SELECT poster.recording_id, NULL AS original_id, poster.version
     FROM poster JOIN recording ON recording.id = poster.recording_id
     WHERE poster.rendered = 0 AND recording.deleted_at IS NULL AND recording.lost_since IS NULL";

/// The name of a rendered poster in the data folder, for one of the [`WIDTHS`].
pub fn file_name(id: &PublicId, version: &str, width: u32) -> String {
    format!("{id}-{version}-{width}.jpg")
}

/// The name of a poster with a play badge in the data folder; `recipe` is the version of the badge drawing.
pub fn file_name_played(id: &PublicId, version: &str, width: u32, recipe: u32) -> String {
    format!("{id}-{version}-play-{width}-{recipe}.jpg")
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poster {
    pub recording_id: i64,
    /// The place of the picture, in the folder of the series or among the frames.
    pub place: FilePlace,
    pub version: String,
    /// Whether all sizes are rendered in the data folder.
    pub rendered: bool,
    /// Whether it is a frame that became the poster by itself.
    pub is_frame: bool,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Poster> {
    Ok(Poster {
        recording_id: row.get("recording_id")?,
        place: FilePlace::from_row(row)?,
        version: row.get("version")?,
        rendered: row.get("rendered")?,
        is_frame: row.get::<_, Option<i64>>("original_id")?.is_some(),
    })
}

/// The poster of a recording. The caller has checked that the viewer may see the recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Option<Poster>> {
    let sql = "SELECT poster.*, iif(poster.original_id IS NULL, series.folder, :frames) AS folder
               FROM poster
               JOIN recording ON recording.id = poster.recording_id
               JOIN series ON series.id = recording.series_id
               WHERE poster.recording_id = :recording";
    let params = named_params! { ":recording": recording_id, ":frames": FilePlace::FRAMES };
    conn.find(sql, params, from_row)
}

/// The pictures in the folder of a series by recording, or only that of the recording with this stem; for the scan.
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
               WHERE poster.original_id IS NULL AND recording.series_id = :series AND (:stem IS NULL OR recording.stem = :stem)";
    conn.rows(sql, asked, |row| {
        from_row(row).map(|poster| (poster.recording_id, poster))
    })
}

/// Replaces the poster of a recording by a picture in its folder; other bytes have to be rendered again.
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
                   modified_ns = excluded.modified_ns, inode = excluded.inode, original_id = NULL";
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

/// Removes the poster of a recording, when the picture is gone.
pub fn remove(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM poster WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Makes a frame the poster of its recording, unless a person put a picture into its folder.
pub fn take_frame(conn: &Connection, recording_id: i64, frame: &Frame) -> Result<()> {
    let sql = "INSERT INTO poster (recording_id, file, version, size_bytes, modified_ns, inode, original_id)
               VALUES (:recording, :file, :version, :size, :modified, :inode, :original)
               ON CONFLICT (recording_id) DO UPDATE
               SET rendered = 0, file = excluded.file, version = excluded.version, size_bytes = excluded.size_bytes,
                   modified_ns = excluded.modified_ns, inode = excluded.inode, original_id = excluded.original_id
               WHERE poster.original_id IS NOT NULL";
    let params = named_params! {
        ":recording": recording_id,
        ":file": frame.place.file,
        ":version": frame.version,
        ":size": frame.place.size_bytes,
        ":modified": frame.place.modified_ns,
        ":inode": frame.place.inode,
        ":original": frame.original_id,
    };
    conn.write(sql, params)
}

/// Removes a poster that is a frame.
pub fn remove_frame(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM poster WHERE recording_id = :recording AND original_id IS NOT NULL";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Records that all sizes of this version are rendered.
pub fn mark_rendered(conn: &Connection, recording_id: i64, version: &str) -> Result<()> {
    let sql =
        "UPDATE poster SET rendered = 1 WHERE recording_id = :recording AND version = :version";
    let params = named_params! { ":recording": recording_id, ":version": version };
    conn.write(sql, params)
}
