//! A welcome link, which works once: to create the first account, or to choose a password.

use rusqlite::{Connection, named_params};

use super::coordinator::{self, Coordinator};
use super::heartbeat::ages_count;
use super::query::Query;
use super::token;
use crate::error::Result;

/// Seconds for which a welcome link is valid.
pub const LASTS: i64 = 7 * 24 * 3600;

/// The purpose of a welcome link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Welcome {
    /// To create the first account.
    SetUp,
    /// To choose the password of this coordinator.
    Of(Coordinator),
}

/// Creates a link for a coordinator (`None`: for the first account) and ends the earlier ones. Returns its token.
pub fn make(conn: &Connection, coordinator_id: Option<i64>, now: i64) -> Result<String> {
    let sql = concat!(
        "DELETE FROM welcome WHERE coordinator_id IS :coordinator OR (expires_at <= :now AND ",
        ages_count!(),
        ")"
    );
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

/// The purpose of the link with this token; `None` when it was used, has expired or never existed.
pub fn by_token(conn: &Connection, token: &str, now: i64) -> Result<Option<Welcome>> {
    let sql = "SELECT coordinator_id FROM welcome WHERE token_hash = :hash AND expires_at > :now";
    let params = named_params! { ":hash": token::hash(token), ":now": now };
    let found: Option<Option<i64>> = conn.find_value(sql, params)?;
    Ok(match found {
        None => None,
        // The set-up link ends as soon as an administrator can sign in.
        Some(None) => (!coordinator::is_anyone_there(conn)?).then_some(Welcome::SetUp),
        Some(Some(id)) => Some(coordinator::by_id(conn, id)?)
            .filter(|coordinator| !coordinator.disabled)
            .map(Welcome::Of),
    })
}

/// Ends the link after its use.
pub fn end(conn: &Connection, token: &str) -> Result<()> {
    let sql = "DELETE FROM welcome WHERE token_hash = :hash";
    conn.write(sql, named_params! { ":hash": token::hash(token) })
}
