//! A hand-out of a recording: a file in the folder of its series.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::hand_out;
use super::original::FilePlace;
use super::query::Query;
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: i64,
    pub recording_id: i64,
    pub place: FilePlace,
    pub title: String,
    pub version: String,
    pub media_type: String,
    pub missing: bool,
    pub superseded: bool,
    /// Whether it was a hand-out before there were kinds, and its sidecar does not name it yet.
    pub unnamed: bool,
}

/// A hand-out as the scan found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    pub place: FilePlace,
    pub title: String,
    pub version: String,
    pub media_type: String,
    pub unnamed: bool,
}

/// Hand-outs, each with the stem of its recording.
const ROWS: &str = "SELECT attachment.*, (SELECT stem FROM recording WHERE recording.id = recording_id) AS stem FROM attachment";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let (place, unnamed) = (FilePlace::from_row(row)?, row.get("unnamed")?);
    // What a program left behind is public no longer than the start after the update: the scan that ends it comes later.
    let is_over = unnamed && hand_out::is_over(&place.file, &row.get::<_, String>("stem")?);
    Ok(Attachment {
        id: row.get("id")?,
        recording_id: row.get("recording_id")?,
        place,
        title: row.get("title")?,
        version: row.get("version")?,
        media_type: row.get("media_type")?,
        missing: is_over || row.get::<_, Option<i64>>("missing_since")?.is_some(),
        superseded: row.get::<_, Option<i64>>("superseded_at")?.is_some(),
        unnamed,
    })
}

/// The hand-outs that are there.
fn there(mut attachments: Vec<Attachment>) -> Vec<Attachment> {
    attachments.retain(|attachment| !attachment.missing);
    attachments
}

/// Hand-outs on a page: more than anybody leafs through, since a folder may hold thousands of files with one stem.
const MOST: u32 = 200;

/// The hand-outs that can be downloaded now, by name. The caller has checked that the viewer may see the recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Attachment>> {
    let sql = format!(
        "{ROWS}
               WHERE recording_id = :recording AND superseded_at IS NULL AND missing_since IS NULL
               ORDER BY file"
    );
    let rows = conn.rows(&sql, named_params! { ":recording": recording_id }, from_row)?;
    Ok(there(rows))
}

/// The hand-outs that were not replaced, also those that are missing; for the scan.
pub fn current(conn: &Connection, recording_id: i64) -> Result<Vec<Attachment>> {
    let sql =
        format!("{ROWS} WHERE recording_id = :recording AND superseded_at IS NULL ORDER BY id");
    conn.rows(&sql, named_params! { ":recording": recording_id }, from_row)
}

/// Whether any hand-out still has to be named in its sidecar.
pub fn has_unnamed(conn: &Connection) -> Result<bool> {
    conn.value(
        "SELECT EXISTS (SELECT 1 FROM attachment WHERE unnamed = 1)",
        [],
    )
}

/// Takes the mark from all hand-outs of a recording but these: they are of a kind, or their sidecar names them.
pub fn keep_unnamed(conn: &Connection, recording_id: i64, files: &[&str]) -> Result<()> {
    let sql = "UPDATE attachment
               SET unnamed = 0
               WHERE recording_id = :recording AND unnamed = 1 AND file NOT IN (SELECT value FROM json_each(:files))";
    let files = serde_json::to_string(files).map_err(Error::internal)?;
    conn.write(
        sql,
        named_params! { ":recording": recording_id, ":files": files },
    )
}

/// Notes that the sidecar names these files.
pub fn mark_named(conn: &Connection, recording_id: i64, files: &[String]) -> Result<()> {
    let sql = "UPDATE attachment
               SET unnamed = 0
               WHERE recording_id = :recording AND unnamed = 1 AND file IN (SELECT value FROM json_each(:files))";
    let files = serde_json::to_string(files).map_err(Error::internal)?;
    conn.write(
        sql,
        named_params! { ":recording": recording_id, ":files": files },
    )
}

/// The first hand-outs of a recording, as many as a page shows. The caller has checked that the viewer may see the recording.
pub fn first_of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Attachment>> {
    let sql = format!(
        "{ROWS}
               WHERE recording_id = :recording AND superseded_at IS NULL AND missing_since IS NULL
               ORDER BY file
               LIMIT :most"
    );
    let params = named_params! { ":recording": recording_id, ":most": MOST };
    Ok(there(conn.rows(&sql, params, from_row)?))
}

/// The hand-out of a version, even when it was replaced or is missing. The caller has checked that the viewer may see the
/// recording.
pub fn by_version(
    conn: &Connection,
    recording_id: i64,
    version: &str,
) -> Result<Option<Attachment>> {
    let asked = named_params! { ":recording": recording_id, ":version": version };
    let sql = format!(
        "{ROWS}
               WHERE recording_id = :recording AND version = :version
               ORDER BY superseded_at IS NOT NULL, missing_since IS NOT NULL, id DESC
               LIMIT 1"
    );
    conn.find(&sql, asked, from_row)
}

/// The present hand-out with the same name as an old one.
pub fn successor(conn: &Connection, old: &Attachment) -> Result<Option<Attachment>> {
    let sql = format!(
"{ROWS}
               WHERE recording_id = :recording AND file = :file AND superseded_at IS NULL AND missing_since IS NULL");
    let params = named_params! { ":recording": old.recording_id, ":file": old.place.file };
    let next = conn.find(&sql, params, from_row)?;
    Ok(next.filter(|next| !next.missing))
}

/// The present hand-outs of a series by recording; for the scan.
pub fn of_series(
    conn: &Connection,
    series_id: i64,
    stem: Option<&str>,
) -> Result<HashMap<i64, Vec<Attachment>>> {
    let sql = "SELECT attachment.*, recording.stem
               FROM attachment
               JOIN recording ON recording.id = attachment.recording_id
               WHERE recording.series_id = :series AND (:stem IS NULL OR recording.stem = :stem)
                 AND superseded_at IS NULL AND missing_since IS NULL
               ORDER BY attachment.file";
    let params = named_params! { ":series": series_id, ":stem": stem };
    conn.groups(sql, params, |row| {
        Ok((row.get("recording_id")?, from_row(row)?))
    })
}

/// Replaces the hand-outs of a recording. The row of a file that is gone or changed stays, marked as missing or superseded.
pub fn replace(
    conn: &Connection,
    recording_id: i64,
    attachments: &[NewAttachment],
    now: i64,
) -> Result<()> {
    let before = current(conn, recording_id)?;
    for old in &before {
        let kept = attachments
            .iter()
            .find(|new| new.place.file == old.place.file);
        match kept {
            Some(new) if new.version == old.version => {
                if !new.place.is_same_file(&old.place) || old.title != new.title || old.missing {
                    update(conn, old.id, new)?;
                }
            }
            Some(_) => end(conn, old.id, None, Some(now))?,
            None => end(conn, old.id, Some(now), None)?,
        }
    }
    let is_before = |new: &NewAttachment| {
        before
            .iter()
            .any(|old| old.place.file == new.place.file && old.version == new.version)
    };
    for new in attachments.iter().filter(|new| !is_before(new)) {
        add(conn, recording_id, new)?;
    }
    Ok(())
}

fn add(conn: &Connection, recording_id: i64, new: &NewAttachment) -> Result<()> {
    let sql = "INSERT INTO attachment (recording_id, folder, file, title, version, media_type, size_bytes, modified_ns, inode, unnamed)
               VALUES (:recording, :folder, :file, :title, :version, :media_type, :size, :modified, :inode, :unnamed)";
    let params = named_params! {
        ":recording": recording_id,
        ":folder": new.place.folder,
        ":file": new.place.file,
        ":title": new.title,
        ":version": new.version,
        ":media_type": new.media_type,
        ":size": new.place.size_bytes,
        ":modified": new.place.modified_ns,
        ":inode": new.place.inode,
        ":unnamed": new.unnamed,
    };
    conn.write(sql, params)
}

fn update(conn: &Connection, id: i64, new: &NewAttachment) -> Result<()> {
    let sql = "UPDATE attachment
               SET folder = :folder, title = :title, modified_ns = :modified, inode = :inode, missing_since = NULL
               WHERE id = :id";
    let params = named_params! {
        ":id": id,
        ":folder": new.place.folder,
        ":title": new.title,
        ":modified": new.place.modified_ns,
        ":inode": new.place.inode,
    };
    conn.write(sql, params)
}

fn end(conn: &Connection, id: i64, missing: Option<i64>, superseded: Option<i64>) -> Result<()> {
    let sql = "UPDATE attachment
               SET missing_since = coalesce(missing_since, :missing), superseded_at = coalesce(superseded_at, :superseded),
                   unnamed = 0
               WHERE id = :id";
    let params = named_params! { ":id": id, ":missing": missing, ":superseded": superseded };
    conn.write(sql, params)
}
