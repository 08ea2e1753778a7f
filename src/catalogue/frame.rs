//! A frame: a still of a film that may become the picture of its recording. The six best lie in the data folder and can be made again.
//! Visitors see one when it became the poster: by itself, or because a coordinator chose it.

use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::original::FilePlace;
use super::query::{self, Query};
use crate::error::Result;
use crate::for_visitors_recording;

/// Frames of one recording from which one is chosen.
pub const MOST: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub original_id: i64,
    /// Its moment in the film.
    pub at_ms: u64,
    pub place: FilePlace,
    /// The version that it has as a poster.
    pub version: String,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Frame> {
    Ok(Frame {
        original_id: row.get("original_id")?,
        at_ms: row.get("at_ms")?,
        place: FilePlace {
            folder: FilePlace::FRAMES.to_owned(),
            file: row.get("file")?,
            size_bytes: row.get("size_bytes")?,
            modified_ns: row.get("modified_ns")?,
            inode: row.get("inode")?,
        },
        version: row.get("version")?,
    })
}

/// The name in the data folder of a frame of a version of an original; the id of its recording begins it.
pub fn file_of(id: &PublicId, version: &str, at_ms: u64, run: &str) -> String {
    format!("{id}-{version}-{at_ms}.{run}.jpg")
}

/// The frames of a recording, the best first. The caller has checked that the viewer is a coordinator.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Frame>> {
    let sql = "SELECT * FROM frame WHERE recording_id = :recording ORDER BY rank";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// Replaces the frames of a recording; the best one is the first.
pub fn replace(conn: &Connection, recording_id: i64, frames: &[Frame]) -> Result<()> {
    let sql = "DELETE FROM frame WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })?;
    let sql = "INSERT INTO frame (recording_id, original_id, rank, at_ms, file, version, size_bytes, modified_ns, inode)
               VALUES (:recording, :original, :rank, :at, :file, :version, :size, :modified, :inode)";
    for (rank, frame) in (1_u32..).zip(frames) {
        let params = named_params! {
            ":recording": recording_id,
            ":original": frame.original_id,
            ":rank": rank,
            ":at": frame.at_ms,
            ":file": frame.place.file,
            ":version": frame.version,
            ":size": frame.place.size_bytes,
            ":modified": frame.place.modified_ns,
            ":inode": frame.place.inode,
        };
        conn.write(sql, params)?;
    }
    Ok(())
}

/// Whether a frame may become the poster of a recording before a person saw it there: no visitor can come to the recording, and nobody
/// took its picture away.
pub fn may_become_poster(conn: &Connection, recording_id: i64) -> Result<bool> {
    let sql = concat!(
        "SELECT NOT ",
        for_visitors_recording!(),
        " AND NOT EXISTS (SELECT 1 FROM no_picture WHERE no_picture.recording_id = recording.id)
          FROM recording WHERE recording.id = :recording"
    );
    conn.value(sql, named_params! { ":recording": recording_id })
}

/// Records that the recording gets no picture by itself any more.
pub fn decline(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "INSERT INTO no_picture (recording_id) VALUES (:recording) ON CONFLICT DO NOTHING";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Forgets that the picture was taken away, because another was chosen.
pub fn forget_declined(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM no_picture WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Whether the picture was taken away.
pub fn is_declined(conn: &Connection, recording_id: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM no_picture WHERE recording_id = :recording)";
    conn.value(sql, named_params! { ":recording": recording_id })
}

/// Deletes the frames of an original that was replaced, also the one that became the poster by itself: what is no longer in the film is
/// not to be seen in its picture either. Their files have no row then.
pub fn delete_of_original(conn: &Connection, original_id: i64) -> Result<()> {
    for table in ["poster", "frame"] {
        let sql = format!(
            "DELETE FROM {table}
             WHERE recording_id = (SELECT recording_id FROM original WHERE id = :original) AND original_id = :original"
        );
        conn.write(&sql, named_params! { ":original": original_id })?;
    }
    Ok(())
}

/// Those of these files that no frame has.
pub fn without_row(conn: &Connection, files: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT value FROM json_each(:files)
               WHERE NOT EXISTS (SELECT 1 FROM frame WHERE frame.file = json_each.value)
                 AND NOT EXISTS (SELECT 1 FROM poster WHERE poster.original_id IS NOT NULL AND poster.file = json_each.value)";
    let params = named_params! { ":files": query::json(files)? };
    conn.rows(sql, params, |row| row.get(0))
}
