//! A sign-in: a browser in which a coordinator is signed in.

use rusqlite::{Connection, Row, named_params};

use super::coordinator::{self, Coordinator};
use super::heartbeat::ages_count;
use super::query::Query;
use super::token;
use crate::error::Result;

/// Seconds without use after which a sign-in ends.
pub const LASTS: i64 = 30 * 24 * 3600;

/// Seconds after which a sign-in ends however often it is used, so that a stolen cookie does not work for ever.
pub const LASTS_AT_MOST: i64 = 180 * 24 * 3600;

/// The accuracy in seconds with which the last use is recorded; a write for each request would wear out the disk.
const TO_THE_HOUR: i64 = 3600;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub id: i64,
    pub coordinator_id: i64,
    pub device: String,
    /// UTC seconds.
    pub began_at: i64,
    /// Last use in UTC seconds.
    pub seen_at: i64,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SignIn> {
    Ok(SignIn {
        id: row.get("id")?,
        coordinator_id: row.get("coordinator_id")?,
        device: row.get("device")?,
        began_at: row.get("began_at")?,
        seen_at: row.get("seen_at")?,
    })
}

impl SignIn {
    /// Whether the last use should be recorded again.
    pub fn is_to_be_touched(&self, now: i64) -> bool {
        now - self.seen_at >= TO_THE_HOUR
    }

    /// Seconds for which its cookie lasts when it is used now.
    pub fn lasts(&self, now: i64) -> i64 {
        LASTS.min(self.began_at + LASTS_AT_MOST - now)
    }
}

/// Signs a browser in. Returns the token for its cookie.
pub fn add(conn: &Connection, coordinator_id: i64, device: &str, now: i64) -> Result<String> {
    let token = token::random()?;
    let sql = "INSERT INTO sign_in (coordinator_id, token_hash, device, began_at, seen_at)
               VALUES (:coordinator, :hash, :device, :now, :now)";
    let params = named_params! {
        ":coordinator": coordinator_id,
        ":hash": token::hash(&token),
        ":device": device,
        ":now": now,
    };
    conn.write(sql, params)?;
    // Expired sign-ins are deleted here, because there are few and nobody waits for it.
    let sql = concat!(
        "DELETE FROM sign_in WHERE (seen_at < :gone OR began_at < :over) AND ",
        ages_count!()
    );
    let params = named_params! { ":gone": now - LASTS, ":over": now - LASTS_AT_MOST };
    conn.write(sql, params)?;
    Ok(token)
}

/// The sign-in of a token and its coordinator; `None` when it ended or was revoked, or the account is disabled.
pub fn by_token(conn: &Connection, token: &str, now: i64) -> Result<Option<(SignIn, Coordinator)>> {
    let sql =
        "SELECT * FROM sign_in WHERE token_hash = :hash AND seen_at > :gone AND began_at > :over";
    let params = named_params! {
        ":hash": token::hash(token),
        ":gone": now - LASTS,
        ":over": now - LASTS_AT_MOST,
    };
    let Some(sign_in) = conn.find(sql, params, from_row)? else {
        return Ok(None);
    };
    let coordinator = coordinator::by_id(conn, sign_in.coordinator_id)?;
    Ok((!coordinator.disabled).then_some((sign_in, coordinator)))
}

/// The signed-in browsers of a coordinator, the last used first.
pub fn of_coordinator(conn: &Connection, coordinator_id: i64, now: i64) -> Result<Vec<SignIn>> {
    let sql = "SELECT * FROM sign_in
               WHERE coordinator_id = :coordinator AND seen_at > :gone AND began_at > :over
               ORDER BY seen_at DESC, id DESC";
    let params = named_params! {
        ":coordinator": coordinator_id,
        ":gone": now - LASTS,
        ":over": now - LASTS_AT_MOST,
    };
    conn.rows(sql, params, from_row)
}

/// Records that the sign-in was used now.
pub fn touch(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE sign_in SET seen_at = :now WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Ends one sign-in of a coordinator.
pub fn end(conn: &Connection, coordinator_id: i64, id: i64) -> Result<()> {
    let sql = "DELETE FROM sign_in WHERE id = :id AND coordinator_id = :coordinator";
    let params = named_params! { ":id": id, ":coordinator": coordinator_id };
    conn.write(sql, params)
}

/// Ends all sign-ins of a coordinator.
pub fn end_all(conn: &Connection, coordinator_id: i64) -> Result<()> {
    let sql = "DELETE FROM sign_in WHERE coordinator_id = :coordinator";
    conn.write(sql, named_params! { ":coordinator": coordinator_id })
}
