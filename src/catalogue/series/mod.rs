//! A series: an ordered set of recordings in one folder below the media folder. A series is shown when one of its recordings is.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::LazyLock;

use rusqlite::{Connection, Row, named_params};

pub mod metadata;

use crate::catalogue::query::{self, Query};
use crate::catalogue::recording::Recording;
use crate::catalogue::{Viewer, field};
use crate::embed_sites::EmbedSites;
use crate::error::{Error, Result};
use crate::{listed_recording, viewer_params};

/// The folder for recordings that were uploaded without a series.
pub const INBOX: &str = "inbox";

use metadata::FIELDS;
pub use metadata::Metadata;

/// A series. It dereferences to its metadata: `series.organiser`, `series.title()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub id: i64,
    /// Name of the folder on disk, even when it is gone.
    pub folder: String,
    pub slug: String,
    /// Metadata including inherited values.
    pub metadata: Metadata,
}

impl Deref for Series {
    type Target = Metadata;

    fn deref(&self) -> &Metadata {
        &self.metadata
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Series> {
    Ok(Series {
        id: row.get("id")?,
        folder: row.get("folder")?,
        slug: row.get("slug")?,
        metadata: field::from_row(FIELDS, row)?,
    })
}

impl Series {
    /// The sites that may embed the player of a recording (`None`: of the series as a whole): those of the recording, otherwise of
    /// the series, otherwise `portal`.
    pub fn embed_sites_of(&self, recording: Option<&Recording>, portal: EmbedSites) -> EmbedSites {
        let own = recording.and_then(|recording| recording.embed_sites.as_ref());
        own.or(self.embed_sites.as_ref()).cloned().unwrap_or(portal)
    }
}

/// A series with the numbers for a list, counting only recordings that the viewer may see in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub series: Series,
    /// Number of recordings, including planned ones; at least 1.
    pub recordings: u32,
    /// Total duration in milliseconds.
    pub duration_ms: u64,
    /// ISO 8601 dates of the first and the last recording with a date.
    pub first_date: Option<String>,
    pub last_date: Option<String>,
}

/// Every series with a recording that the viewer may see in lists, by position, then by newest date.
pub fn overviews(conn: &Connection, viewer: &Viewer) -> Result<Vec<Overview>> {
    overviews_where(conn, viewer, None)
}

/// The series with this row id. [`Error::NotFound`] when the viewer may see none of its recordings in lists.
pub fn overview(conn: &Connection, viewer: &Viewer, id: i64) -> Result<Overview> {
    overviews_where(conn, viewer, Some(id))?
        .pop()
        .ok_or(Error::NotFound)
}

fn overviews_where(conn: &Connection, viewer: &Viewer, id: Option<i64>) -> Result<Vec<Overview>> {
    let sql = concat!(
        "SELECT series.*,
                count(recording.id) AS recordings,
                coalesce(sum((SELECT max(duration_ms)
                              FROM original
                              WHERE original.recording_id = recording.id
                                AND superseded_at IS NULL
                                AND missing_since IS NULL)), 0) AS duration_ms,
                min(recording.date) AS first_date,
                max(recording.date) AS last_date
         FROM series
         JOIN recording ON recording.series_id = series.id AND ",
        listed_recording!(),
        "WHERE (:id IS NULL OR series.id = :id)
         GROUP BY series.id
         ORDER BY series.position IS NULL, series.position, last_date DESC, series.id DESC"
    );
    conn.rows(sql, viewer_params! { viewer, ":id": id }, |row| {
        Ok(Overview {
            series: from_row(row)?,
            recordings: row.get("recordings")?,
            duration_ms: row.get("duration_ms")?,
            first_date: row.get("first_date")?,
            last_date: row.get("last_date")?,
        })
    })
}

/// The series with this row id. The caller has checked that the viewer may see one of its recordings.
pub fn by_id(conn: &Connection, id: i64) -> Result<Series> {
    let sql = "SELECT * FROM series WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// These series by row id, in one query. The caller has checked that the viewer may see their recordings.
pub fn by_ids(conn: &Connection, ids: &[i64]) -> Result<HashMap<i64, Series>> {
    let ids = query::json(ids)?;
    let sql = "SELECT * FROM series WHERE id IN (SELECT value FROM json_each(:ids))";
    conn.rows(sql, named_params! { ":ids": ids }, |row| {
        from_row(row).map(|series| (series.id, series))
    })
}

/// The series in a folder, for the scan.
pub fn by_folder(conn: &Connection, folder: &str) -> Result<Option<Series>> {
    let sql = "SELECT * FROM series WHERE folder = :folder";
    conn.find(sql, named_params! { ":folder": folder }, from_row)
}

/// All series; for the scan and the command line.
pub fn all(conn: &Connection) -> Result<Vec<Series>> {
    conn.rows("SELECT * FROM series ORDER BY folder", [], from_row)
}

/// Title of every series and whether it is a demonstration, by row id; for lists of recordings from several series.
pub fn titles(conn: &Connection) -> Result<HashMap<i64, (String, bool)>> {
    let sql = "SELECT id, title, demonstration FROM series";
    conn.rows(sql, [], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
}

/// Adds the series of a folder under a slug that was never given out (see `address::free_name`). Returns its row id.
pub fn add(conn: &Connection, folder: &str, slug: &str, metadata: &Metadata) -> Result<i64> {
    let sql = "INSERT INTO series (folder, slug, title) VALUES (:folder, :slug, :title)";
    let params = named_params! {
        ":folder": folder,
        ":slug": slug,
        ":title": metadata.title,
    };
    let id = conn.insert(sql, params)?;
    describe(conn, id, metadata)?;
    Ok(id)
}

static DESCRIBE: LazyLock<String> = LazyLock::new(|| {
    let columns = field::assignments(FIELDS);
    format!("UPDATE series SET {columns} WHERE id = :id")
});

/// Stores the metadata that the folder now states.
pub fn describe(conn: &Connection, id: i64, metadata: &Metadata) -> Result<()> {
    field::execute(
        conn,
        &DESCRIBE,
        (FIELDS, metadata),
        named_params! { ":id": id },
    )
}

/// Removes a series without recordings; its addresses must be redirected before.
pub fn remove(conn: &Connection, id: i64) -> Result<()> {
    let sql = "DELETE FROM series WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// Whether a series has no recordings at all, also none in the trash.
pub fn is_empty(conn: &Connection, id: i64) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM recording WHERE series_id = :id)";
    conn.value(sql, named_params! { ":id": id })
}
