//! A device mark: a browser in which a coordinator signed in before. It opens nothing; it keeps the guesses of others from shutting
//! its owner out.

use rusqlite::{Connection, named_params};

use super::heartbeat::ages_count;
use super::query::Query;
use super::token;
use crate::error::Result;

/// Seconds without a sign-in after which a mark is forgotten; browsers keep a cookie no longer than this (RFC 6265bis §5.5).
pub const LASTS: i64 = 400 * 24 * 3600;

/// Most marks of one coordinator; beyond it the ones that were not used for longest are forgotten.
const MOST: i64 = 50;

/// Marks a browser in which a coordinator signs in. `before`: the token that it has. Returns the token for its cookie: the same one
/// when it is that of any coordinator, who may share the browser.
pub fn mark(
    conn: &Connection,
    coordinator_id: i64,
    before: Option<String>,
    now: i64,
) -> Result<String> {
    let known = match before {
        Some(token) if is_known(conn, &token, now)? => Some(token),
        Some(_) | None => None,
    };
    let token = known.map_or_else(token::random, Ok)?;
    let sql = "INSERT INTO device_mark (coordinator_id, token_hash, seen_at) VALUES (:coordinator, :hash, :now)
               ON CONFLICT (token_hash, coordinator_id) DO UPDATE SET seen_at = excluded.seen_at";
    let params = named_params! {
        ":coordinator": coordinator_id,
        ":hash": token::hash(&token),
        ":now": now,
    };
    conn.write(sql, params)?;
    let sql = concat!(
        "DELETE FROM device_mark
               WHERE (seen_at < :gone AND ",
        ages_count!(),
        ")
                  OR (coordinator_id = :coordinator AND id NOT IN (SELECT id FROM device_mark WHERE coordinator_id = :coordinator
                                                                   ORDER BY seen_at DESC, id DESC LIMIT :most))"
    );
    let params =
        named_params! { ":gone": now - LASTS, ":coordinator": coordinator_id, ":most": MOST };
    conn.write(sql, params)?;
    Ok(token)
}

/// The row id of the mark of this coordinator with this token; `None` when it is another's, or was forgotten.
pub fn by_token(
    conn: &Connection,
    coordinator_id: i64,
    token: &str,
    now: i64,
) -> Result<Option<i64>> {
    let sql = "SELECT id FROM device_mark
               WHERE token_hash = :hash AND coordinator_id = :coordinator AND seen_at >= :gone";
    let params = named_params! {
        ":hash": token::hash(token),
        ":coordinator": coordinator_id,
        ":gone": now - LASTS,
    };
    conn.find(sql, params, |row| row.get(0))
}

/// Whether any coordinator has a mark with this token.
pub fn is_known(conn: &Connection, token: &str, now: i64) -> Result<bool> {
    let sql = "SELECT id FROM device_mark WHERE token_hash = :hash AND seen_at >= :gone LIMIT 1";
    let params = named_params! { ":hash": token::hash(token), ":gone": now - LASTS };
    let found: Option<i64> = conn.find(sql, params, |row| row.get(0))?;
    Ok(found.is_some())
}
