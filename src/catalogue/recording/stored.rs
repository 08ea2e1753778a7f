//! A recording as the last scan applied it, with which the next scan compares the folder. All functions include the trash, and no
//! visitor sees their results.

use std::sync::LazyLock;

use rusqlite::{Connection, Row, named_params};

use super::metadata::{FIELDS, Metadata};
use crate::catalogue::heartbeat::ages_count;
use crate::catalogue::query::{self, Query};
use crate::catalogue::{PublicId, field};
use crate::error::{Error, Result};
use crate::remember_visible;

/// The entry of a recording as its folder states it: from the sidecar, then the series, the file name and the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    pub stem: String,
    /// Metadata including inherited values, without speakers and chapters.
    pub metadata: Metadata,
    /// The media file that the sidecar names.
    pub file: Option<String>,
    /// BLAKE3 hash of the sidecar in hexadecimal; `None` without a sidecar.
    pub sidecar_hash: Option<String>,
}

/// Adds a recording under an id that was never given out (see `address::free_id`). Returns its row id.
pub fn add(
    conn: &Connection,
    series_id: i64,
    id: &PublicId,
    entry: &FolderEntry,
    now: i64,
) -> Result<i64> {
    free_stem(conn, series_id, &entry.stem, None)?;
    let sql = "INSERT INTO recording (public_id, series_id, stem, title) VALUES (:id, :series, :stem, :title)";
    let params = named_params! {
        ":id": id,
        ":series": series_id,
        ":stem": entry.stem,
        ":title": entry.metadata.title,
    };
    let row = conn.insert(sql, params)?;
    describe(conn, row, series_id, entry, now)?;
    Ok(row)
}

static DESCRIBE: LazyLock<String> = LazyLock::new(|| {
    [
        "UPDATE recording SET ",
        &field::assignments(FIELDS),
        ", ",
        remember_visible!(),
        ", series_id = :series, stem = :stem, file = :file, sidecar_hash = :hash, sidecar_stale = 0, lost_since = NULL
         WHERE id = :id",
    ]
    .concat()
});

/// Stores the entry of a recording and its series, and records whether visitors could see it before.
pub fn describe(
    conn: &Connection,
    id: i64,
    series_id: i64,
    entry: &FolderEntry,
    now: i64,
) -> Result<()> {
    free_stem(conn, series_id, &entry.stem, Some(id))?;
    let others = named_params! {
        ":id": id,
        ":series": series_id,
        ":stem": entry.stem,
        ":file": entry.file,
        ":hash": entry.sidecar_hash,
        ":now": now,
    };
    field::execute(conn, &DESCRIBE, (FIELDS, &entry.metadata), others)
}

/// Frees a stem: a recording whose stem another one takes, for example when two files swap names, gets a stem that no file can
/// have, until the scan reads it or marks it as missing.
fn free_stem(conn: &Connection, series_id: i64, stem: &str, keep: Option<i64>) -> Result<()> {
    let sql = "UPDATE recording
               SET stem = stem || char(10) || id
               WHERE series_id = :series AND stem = :stem AND id IS NOT :keep";
    let params = named_params! { ":series": series_id, ":stem": stem, ":keep": keep };
    conn.write(sql, params)
}

/// Row id, folder of the series and stem of the recording with this public id. For the scan, including the trash.
pub fn place(conn: &Connection, id: &PublicId) -> Result<Option<(i64, String, String)>> {
    let sql = "SELECT recording.id, series.folder, recording.stem
               FROM recording
               JOIN series ON series.id = recording.series_id
               WHERE recording.public_id = :id";
    conn.find(sql, named_params! { ":id": id }, |row| row.try_into())
}

/// A recording as the last scan applied it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecording {
    pub id: i64,
    pub public_id: PublicId,
    pub series_id: i64,
    pub entry: FolderEntry,
    pub deleted: bool,
    /// Whether no file of the recording was left in its folder.
    pub lost: bool,
    pub sidecar_stale: bool,
    /// The account of the owner, which no sidecar contains.
    pub owner_id: Option<i64>,
}

/// The recording with this row id, including the trash; for the scan.
pub fn by_id(conn: &Connection, id: i64) -> Result<StoredRecording> {
    let sql = "SELECT * FROM recording WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// These recordings with the folder of their series, in the given order and including the trash.
///
/// [`Error::NotFound`] when one of the ids is unknown.
pub fn with_folders(conn: &Connection, ids: &[PublicId]) -> Result<Vec<(StoredRecording, String)>> {
    let wanted = query::json(ids)?;
    let sql = "SELECT recording.*, series.folder
               FROM json_each(:ids) AS wanted
               JOIN recording ON recording.public_id = wanted.value
               JOIN series ON series.id = recording.series_id
               ORDER BY wanted.key";
    let found: Vec<(StoredRecording, String)> =
        conn.rows(sql, named_params! { ":ids": wanted }, |row| {
            Ok((from_row(row)?, row.get("folder")?))
        })?;
    match found.len() == ids.len() {
        true => Ok(found),
        false => Err(Error::NotFound),
    }
}

/// All recordings of a series, or the one with this stem, including the trash.
pub fn of_series(
    conn: &Connection,
    series_id: i64,
    stem: Option<&str>,
) -> Result<Vec<StoredRecording>> {
    let asked = named_params! { ":series": series_id, ":stem": stem };
    let sql = "SELECT * FROM recording WHERE series_id = :series AND (:stem IS NULL OR stem = :stem) ORDER BY id";
    conn.rows(sql, asked, from_row)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredRecording> {
    Ok(StoredRecording {
        id: row.get("id")?,
        public_id: row.get("public_id")?,
        series_id: row.get("series_id")?,
        entry: FolderEntry {
            stem: row.get("stem")?,
            metadata: field::from_row(FIELDS, row)?,
            file: row.get("file")?,
            sidecar_hash: row.get("sidecar_hash")?,
        },
        deleted: row.get::<_, Option<i64>>("deleted_at")?.is_some(),
        lost: row.get::<_, Option<i64>>("lost_since")?.is_some(),
        sidecar_stale: row.get("sidecar_stale")?,
        owner_id: row.get("owner_id")?,
    })
}

/// Stores the media file that the sidecar should name.
pub fn name_file(conn: &Connection, id: i64, file: &str) -> Result<()> {
    let sql = "UPDATE recording SET file = :file WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":file": file })
}

/// Marks the sidecar as stale: it has to be written, because the row says more.
pub fn mark_stale(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE recording SET sidecar_stale = 1 WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// Records that the sidecar was written with this media file and this BLAKE3 hash.
pub fn mark_written(conn: &Connection, id: i64, file: Option<&str>, hash: &str) -> Result<()> {
    let sql =
        "UPDATE recording SET sidecar_stale = 0, sidecar_hash = :hash, file = :file WHERE id = :id";
    let params = named_params! { ":id": id, ":file": file, ":hash": hash };
    conn.write(sql, params)
}

/// Puts a recording into the trash: its addresses answer 410.
pub fn delete(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = concat!(
        "UPDATE recording SET deleted_at = coalesce(deleted_at, :now), ",
        remember_visible!(),
        " WHERE id = :id",
    );
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Notes that a recording of the trash was put there again: the later moment counts, so that nothing is wiped earlier than was promised.
pub fn delete_again(conn: &Connection, id: i64, since: i64) -> Result<()> {
    let sql = "UPDATE recording SET deleted_at = max(deleted_at, :since) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":since": since })
}

/// Takes a recording out of the trash.
pub fn restore(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE recording SET deleted_at = NULL WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// Up to 100 recordings that were put into the trash before a moment (UTC seconds).
pub fn deleted_before(conn: &Connection, before: i64) -> Result<Vec<PublicId>> {
    let sql = concat!(
        "SELECT public_id FROM recording WHERE deleted_at < :before AND ",
        ages_count!(),
        " ORDER BY deleted_at LIMIT 100"
    );
    conn.values(sql, named_params! { ":before": before })
}

/// Marks a planned recording as missing. Returns false when it has another place by now.
pub fn lose(conn: &Connection, planned: &Planned, now: i64) -> Result<bool> {
    let sql = "UPDATE recording
                   SET lost_since = coalesce(lost_since, :now)
                   WHERE id = :id AND stem = :stem AND series_id = (SELECT id FROM series WHERE folder = :folder)";
    let params = named_params! {
        ":id": planned.id,
        ":stem": planned.stem,
        ":folder": planned.folder,
        ":now": now,
    };
    let lost = conn.change(sql, params)?;
    Ok(lost > 0)
}

/// Moves all recordings of one series to another; a stem that is taken there keeps its recording.
pub fn move_all(conn: &Connection, from: i64, to: i64) -> Result<()> {
    let sql = "UPDATE recording
               SET series_id = :to,
                   stem = iif(EXISTS (SELECT 1 FROM recording AS other WHERE other.series_id = :to AND other.stem = recording.stem),
                              stem || char(10) || id,
                              stem)
               WHERE series_id = :from";
    conn.write(sql, named_params! { ":from": from, ":to": to })
}

/// A planned recording, of which only a sidecar was ever found, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub id: i64,
    pub folder: String,
    pub stem: String,
}

/// All planned recordings that the last scan found.
pub fn planned(conn: &Connection) -> Result<Vec<Planned>> {
    let sql = "SELECT recording.id, series.folder, recording.stem
               FROM recording
               JOIN series ON series.id = recording.series_id
               WHERE recording.deleted_at IS NULL AND recording.lost_since IS NULL AND recording.file IS NULL
                 AND NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id)
               ORDER BY recording.id";
    conn.rows(sql, [], |row| {
        Ok(Planned {
            id: row.get(0)?,
            folder: row.get(1)?,
            stem: row.get(2)?,
        })
    })
}

/// Whether the media folder still holds anything of a series: a file, or the sidecar of a planned recording.
pub fn has_any_there(conn: &Connection, series_id: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1
                              FROM recording
                              WHERE series_id = :series AND deleted_at IS NULL AND lost_since IS NULL
                                AND (EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id
                                             AND superseded_at IS NULL AND missing_since IS NULL)
                                     OR (file IS NULL
                                         AND NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id))))";
    conn.value(sql, named_params! { ":series": series_id })
}
