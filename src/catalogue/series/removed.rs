//! Series that were removed at the desk. In: a row id, or nothing. Out: what went with it, and those that can be put back.

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::catalogue::query::Query;
use crate::catalogue::slice::PAGE;
use crate::error::Result;
use crate::kept_series;

/// A removed series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    pub id: i64,
    pub title: String,
    /// UTC seconds.
    pub removed_at: i64,
}

/// The series that can be put back, the last removed first, as many as a page has: those that are not at the desk, and those of which a
/// recording is still in the trash since then.
pub fn latest(conn: &Connection) -> Result<Vec<Removed>> {
    let sql = concat!(
        "SELECT id, title, removed_at FROM series
         WHERE removed_at IS NOT NULL
           AND (NOT ",
        kept_series!(),
        "       OR EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND recording.deleted_at = series.removed_at))
         ORDER BY removed_at DESC, id LIMIT :most"
    );
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
    conn.rows(sql, named_params! { ":most": most }, |row| {
        Ok(Removed {
            id: row.get("id")?,
            title: row.get("title")?,
            removed_at: row.get("removed_at")?,
        })
    })
}

/// The recordings of a series outside the trash, or those that went there at this moment.
pub fn recordings(conn: &Connection, id: i64, deleted_at: Option<i64>) -> Result<Vec<PublicId>> {
    let sql =
        "SELECT public_id FROM recording WHERE series_id = :id AND deleted_at IS :at ORDER BY id";
    conn.values(sql, named_params! { ":id": id, ":at": deleted_at })
}
