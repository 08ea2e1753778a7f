//! Who looks after a recording: the coordinator who planned it or sent it in, or to whom it was handed on.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::catalogue::query::Query;
use crate::error::Result;

/// How many recordings each account looks after, what lies in the trash included.
pub fn counts(conn: &Connection) -> Result<HashMap<i64, u32>> {
    let sql =
        "SELECT owner_id, count(*) FROM recording WHERE owner_id IS NOT NULL GROUP BY owner_id";
    conn.rows(sql, [], |row| row.try_into())
}

/// Who looks after what: public id and account, of those that someone looks after.
pub fn all(conn: &Connection) -> Result<HashMap<String, i64>> {
    let sql = "SELECT public_id, owner_id FROM recording WHERE owner_id IS NOT NULL";
    conn.rows(sql, [], |row| row.try_into())
}

/// Gives recordings to someone to look after, or to nobody.
pub fn set(conn: &Connection, recordings: &[PublicId], owner: Option<i64>) -> Result<()> {
    let sql =
        "UPDATE recording SET owner_id = :owner WHERE public_id = :id AND owner_id IS NOT :owner";
    for id in recordings {
        conn.write(sql, named_params! { ":id": id, ":owner": owner })?;
    }
    Ok(())
}

/// Gives the recording at a place of the media folder to someone, unless someone looks after it already.
pub fn set_new(conn: &Connection, folder: &str, stem: &str, owner: i64) -> Result<()> {
    let sql = "UPDATE recording SET owner_id = :owner
               WHERE owner_id IS NULL AND stem = :stem AND series_id = (SELECT id FROM series WHERE folder = :folder)";
    let params = named_params! { ":folder": folder, ":stem": stem, ":owner": owner };
    conn.write(sql, params)
}

/// Hands everything that one looks after on to another. Answers how many.
pub fn hand_on(conn: &Connection, from: i64, to: i64) -> Result<usize> {
    let sql = "UPDATE recording SET owner_id = :to WHERE owner_id = :from";
    conn.change(sql, named_params! { ":from": from, ":to": to })
}
