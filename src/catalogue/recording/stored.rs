//! A recording as a folder says it is: what the scan takes over, and what it holds against the folder the next time. The
//! trash is included everywhere here; nothing of this is shown to a visitor.

use std::sync::LazyLock;

use rusqlite::{Connection, Row, named_params};

use super::metadata::{FIELDS, Metadata};
use crate::catalogue::query::{self, Query};
use crate::catalogue::{PublicId, field};
use crate::error::{Error, Result};
use crate::remember_visible;

/// What a folder says of a recording: its sidecar first, then the series, the name of the file and the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    pub stem: String,
    /// With what it inherits; without speakers and chapters.
    pub metadata: Metadata,
    /// The media file the sidecar names.
    pub file: Option<String>,
    /// BLAKE3 of the sidecar, hexadecimal; `None` without one.
    pub sidecar_hash: Option<String>,
}

/// Makes a recording under an id that was never given out (see `address::free_id`). Answers its row id.
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

/// Takes over what the folder now says, its series included; remembers whether visitors could see it so far.
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

/// Files change names among each other. A recording whose stem another takes over keeps its row under a stem that no file
/// can have, until the scan comes to it or finds it missing.
fn free_stem(conn: &Connection, series_id: i64, stem: &str, keep: Option<i64>) -> Result<()> {
    let sql = "UPDATE recording
               SET stem = stem || char(10) || id
               WHERE series_id = :series AND stem = :stem AND id IS NOT :keep";
    let params = named_params! { ":series": series_id, ":stem": stem, ":keep": keep };
    conn.write(sql, params)
}

/// Where a recording of that public id lies: row id, folder of its series, stem. For the scan, the trash included.
pub fn place(conn: &Connection, id: &PublicId) -> Result<Option<(i64, String, String)>> {
    let sql = "SELECT recording.id, series.folder, recording.stem
               FROM recording
               JOIN series ON series.id = recording.series_id
               WHERE recording.public_id = :id";
    conn.find(sql, named_params! { ":id": id }, |row| row.try_into())
}

/// A recording as the last scan left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecording {
    pub id: i64,
    pub public_id: PublicId,
    pub series_id: i64,
    pub entry: FolderEntry,
    pub deleted: bool,
    /// Nothing of it lay in the folder any more.
    pub lost: bool,
    pub sidecar_stale: bool,
    /// The account that looks after it; no sidecar says it.
    pub owner_id: Option<i64>,
}

/// For the scan, the trash included.
pub fn by_id(conn: &Connection, id: i64) -> Result<StoredRecording> {
    let sql = "SELECT * FROM recording WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// These recordings with the folder of their series, in the order asked; the trash included.
///
/// [`Error::NotFound`] when one of them is none.
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

/// All recordings of a series as the last scan left them, or the one of that stem; the trash included.
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

/// The media file it has now, which its sidecar is to name.
pub fn name_file(conn: &Connection, id: i64, file: &str) -> Result<()> {
    let sql = "UPDATE recording SET file = :file WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":file": file })
}

/// The row says more than the sidecar: it has to be written.
pub fn mark_stale(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE recording SET sidecar_stale = 1 WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// The sidecar was written and names this media file.
pub fn mark_written(conn: &Connection, id: i64, file: Option<&str>, hash: &str) -> Result<()> {
    let sql =
        "UPDATE recording SET sidecar_stale = 0, sidecar_hash = :hash, file = :file WHERE id = :id";
    let params = named_params! { ":id": id, ":file": file, ":hash": hash };
    conn.write(sql, params)
}

/// Puts a recording into the trash: its addresses answer "gone".
pub fn delete(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = concat!(
        "UPDATE recording SET deleted_at = coalesce(deleted_at, :now), ",
        remember_visible!(),
        " WHERE id = :id",
    );
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Takes it out of the trash again.
pub fn restore(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE recording SET deleted_at = NULL WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// What has lain in the trash since before a moment.
pub fn deleted_before(conn: &Connection, before: i64) -> Result<Vec<PublicId>> {
    let sql =
        "SELECT public_id FROM recording WHERE deleted_at < :before ORDER BY deleted_at LIMIT 100";
    conn.values(sql, named_params! { ":before": before })
}

/// A scan found nothing of it any more where it lay. Answers whether that is still its place.
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

/// Lets what is left of one series belong to another; stems that are taken there stay theirs.
pub fn move_all(conn: &Connection, from: i64, to: i64) -> Result<()> {
    let sql = "UPDATE recording
               SET series_id = :to,
                   stem = iif(EXISTS (SELECT 1 FROM recording AS other WHERE other.series_id = :to AND other.stem = recording.stem),
                              stem || char(10) || id,
                              stem)
               WHERE series_id = :from";
    conn.write(sql, named_params! { ":from": from, ":to": to })
}

/// A recording of which there never was more than a sidecar: where that lies, or lay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub id: i64,
    pub folder: String,
    pub stem: String,
}

/// All planned recordings that were there at the last scan.
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

/// Whether anything of a series still lies in the media folder: a file, or the sidecar of a planned recording.
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
