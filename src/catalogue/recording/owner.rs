//! The owner of a recording: the coordinator who planned or uploaded it, or to whom it was reassigned.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::catalogue::query::Query;
use crate::error::Result;

/// The number of recordings that each account owns, including those in the trash.
pub fn counts(conn: &Connection) -> Result<HashMap<i64, u32>> {
    let sql =
        "SELECT owner_id, count(*) FROM recording WHERE owner_id IS NOT NULL GROUP BY owner_id";
    conn.rows(sql, [], |row| row.try_into())
}

/// Public id and owner's account of all recordings with an owner.
pub fn all(conn: &Connection) -> Result<HashMap<String, i64>> {
    let sql = "SELECT public_id, owner_id FROM recording WHERE owner_id IS NOT NULL";
    conn.rows(sql, [], |row| row.try_into())
}

/// Sets the owner of recordings; `None`: no owner.
pub fn set(conn: &Connection, recordings: &[PublicId], owner: Option<i64>) -> Result<()> {
    let sql =
        "UPDATE recording SET owner_id = :owner WHERE public_id = :id AND owner_id IS NOT :owner";
    for id in recordings {
        conn.write(sql, named_params! { ":id": id, ":owner": owner })?;
    }
    Ok(())
}

/// Sets the owner of the recording at a place in the media folder, unless it has one.
pub fn set_new(conn: &Connection, folder: &str, stem: &str, owner: i64) -> Result<()> {
    let sql = "UPDATE recording SET owner_id = :owner
               WHERE owner_id IS NULL AND stem = :stem AND series_id = (SELECT id FROM series WHERE folder = :folder)";
    let params = named_params! { ":folder": folder, ":stem": stem, ":owner": owner };
    conn.write(sql, params)
}

/// Reassigns all recordings of one account to another. Returns how many.
pub fn hand_on(conn: &Connection, from: i64, to: i64) -> Result<usize> {
    let sql = "UPDATE recording SET owner_id = :to WHERE owner_id = :from";
    conn.change(sql, named_params! { ":from": from, ":to": to })
}
