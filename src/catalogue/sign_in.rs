//! A coordinator's signed-in browser.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::coordinator::{self, Coordinator};
use super::token;
use crate::error::Result;

/// Seconds without use after which a sign-in has ended.
pub const LASTS: i64 = 30 * 24 * 3600;

/// Seconds within which the last use is known: a write for each request would wear the disk for nothing.
const TO_THE_HOUR: i64 = 3600;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub id: i64,
    pub coordinator_id: i64,
    pub device: String,
    /// UTC seconds.
    pub seen_at: i64,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SignIn> {
    Ok(SignIn {
        id: row.get("id")?,
        coordinator_id: row.get("coordinator_id")?,
        device: row.get("device")?,
        seen_at: row.get("seen_at")?,
    })
}

impl SignIn {
    /// Whether its use should be written down again.
    pub fn is_to_be_touched(&self, now: i64) -> bool {
        now - self.seen_at >= TO_THE_HOUR
    }
}

/// Signs a browser in. Answers the token that it is to keep.
pub fn add(conn: &Connection, coordinator_id: i64, device: &str, now: i64) -> Result<String> {
    let token = token::random()?;
    conn.prepare_cached(
        "INSERT INTO sign_in (coordinator_id, token_hash, device, seen_at)
         VALUES (:coordinator, :hash, :device, :now)",
    )?
    .execute(named_params! {
        ":coordinator": coordinator_id,
        ":hash": token::hash(&token),
        ":device": device,
        ":now": now,
    })?;
    // Those that ended of themselves are swept here; there are few, and nobody waits for it.
    conn.prepare_cached("DELETE FROM sign_in WHERE seen_at < :gone")?
        .execute(named_params! { ":gone": now - LASTS })?;
    Ok(token)
}

/// Who holds this token; `None` when it ended, was revoked, or the account is disabled.
pub fn by_token(conn: &Connection, token: &str, now: i64) -> Result<Option<(SignIn, Coordinator)>> {
    let mut statement =
        conn.prepare_cached("SELECT * FROM sign_in WHERE token_hash = :hash AND seen_at > :gone")?;
    let found = statement
        .query_row(
            named_params! { ":hash": token::hash(token), ":gone": now - LASTS },
            from_row,
        )
        .optional()?;
    let Some(sign_in) = found else {
        return Ok(None);
    };
    let coordinator = coordinator::by_id(conn, sign_in.coordinator_id)?;
    Ok((!coordinator.disabled).then_some((sign_in, coordinator)))
}

/// The browsers of a coordinator, the last used first.
pub fn of_coordinator(conn: &Connection, coordinator_id: i64, now: i64) -> Result<Vec<SignIn>> {
    let mut statement = conn.prepare_cached(
        "SELECT * FROM sign_in
         WHERE coordinator_id = :coordinator AND seen_at > :gone
         ORDER BY seen_at DESC, id DESC",
    )?;
    let rows = statement.query_map(
        named_params! { ":coordinator": coordinator_id, ":gone": now - LASTS },
        from_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// It was used now.
pub fn touch(conn: &Connection, id: i64, now: i64) -> Result<()> {
    conn.prepare_cached("UPDATE sign_in SET seen_at = :now WHERE id = :id")?
        .execute(named_params! { ":id": id, ":now": now })?;
    Ok(())
}

/// Ends one of a coordinator's sign-ins.
pub fn end(conn: &Connection, coordinator_id: i64, id: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM sign_in WHERE id = :id AND coordinator_id = :coordinator")?
        .execute(named_params! { ":id": id, ":coordinator": coordinator_id })?;
    Ok(())
}

/// Ends all of a coordinator's sign-ins.
pub fn end_all(conn: &Connection, coordinator_id: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM sign_in WHERE coordinator_id = :coordinator")?
        .execute(named_params! { ":coordinator": coordinator_id })?;
    Ok(())
}
