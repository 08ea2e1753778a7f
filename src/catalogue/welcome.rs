//! A link that works once: to make the first account, or for a person to choose a password.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::coordinator::{self, Coordinator};
use super::token;
use crate::error::Result;

/// Seconds for which a person may use the link they were given.
pub const LASTS: i64 = 7 * 24 * 3600;

/// For whom a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Welcome {
    /// Whoever opens it makes the first account.
    SetUp,
    /// This person chooses a password.
    Of(Coordinator),
}

/// Makes a link for a person (`None`: for the first account) and ends those made for them before. Answers its token.
pub fn make(conn: &Connection, coordinator_id: Option<i64>, now: i64) -> Result<String> {
    conn.prepare_cached(
        "DELETE FROM welcome WHERE coordinator_id IS :coordinator OR expires_at <= :now",
    )?
    .execute(named_params! { ":coordinator": coordinator_id, ":now": now })?;
    let token = token::random()?;
    conn.prepare_cached(
        "INSERT INTO welcome (token_hash, coordinator_id, expires_at) VALUES (:hash, :coordinator, :expires)",
    )?
    .execute(named_params! {
        ":hash": token::hash(&token),
        ":coordinator": coordinator_id,
        ":expires": now + LASTS,
    })?;
    Ok(token)
}

/// For whom the link of this token is; `None` when it was used, ended, or never was.
pub fn by_token(conn: &Connection, token: &str, now: i64) -> Result<Option<Welcome>> {
    let mut statement = conn.prepare_cached(
        "SELECT coordinator_id FROM welcome WHERE token_hash = :hash AND expires_at > :now",
    )?;
    let found: Option<Option<i64>> = statement
        .query_row(
            named_params! { ":hash": token::hash(token), ":now": now },
            |row| row.get(0),
        )
        .optional()?;
    Ok(match found {
        None => None,
        // Once someone can administer the portal nobody becomes the first any more.
        Some(None) => (!coordinator::is_anyone_there(conn)?).then_some(Welcome::SetUp),
        Some(Some(id)) => Some(coordinator::by_id(conn, id)?)
            .filter(|coordinator| !coordinator.disabled)
            .map(Welcome::Of),
    })
}

/// It was used.
pub fn end(conn: &Connection, token: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM welcome WHERE token_hash = :hash")?
        .execute(named_params! { ":hash": token::hash(token) })?;
    Ok(())
}
