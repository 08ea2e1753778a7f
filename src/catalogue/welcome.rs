//! A link that works once: to make the first account, or for a person to choose a password.

use rusqlite::{Connection, named_params};

use super::coordinator::{self, Coordinator};
use super::query::Query;
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
    let sql = "DELETE FROM welcome WHERE coordinator_id IS :coordinator OR expires_at <= :now";
    let params = named_params! { ":coordinator": coordinator_id, ":now": now };
    conn.write(sql, params)?;
    let token = token::random()?;
    let sql = "INSERT INTO welcome (token_hash, coordinator_id, expires_at) VALUES (:hash, :coordinator, :expires)";
    let params = named_params! {
        ":hash": token::hash(&token),
        ":coordinator": coordinator_id,
        ":expires": now + LASTS,
    };
    conn.write(sql, params)?;
    Ok(token)
}

/// For whom the link of this token is; `None` when it was used, ended, or never was.
pub fn by_token(conn: &Connection, token: &str, now: i64) -> Result<Option<Welcome>> {
    let sql = "SELECT coordinator_id FROM welcome WHERE token_hash = :hash AND expires_at > :now";
    let params = named_params! { ":hash": token::hash(token), ":now": now };
    let found: Option<Option<i64>> = conn.find_value(sql, params)?;
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
    let sql = "DELETE FROM welcome WHERE token_hash = :hash";
    conn.write(sql, named_params! { ":hash": token::hash(token) })
}
