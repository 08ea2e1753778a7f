//! An access grant: the token that a visitor gets for the right password of a series or a link, used in addresses so that no cookie
//! is needed. It ends after a day, and when the password changes.

use rusqlite::{Connection, named_params};

use super::heartbeat::ages_count;
use super::link::Token;
use super::query::Query;
use crate::error::Result;

/// Seconds for which a grant is valid: long enough to watch a series that lasted a day.
const LASTS: i64 = 24 * 3600;

/// The object that a password protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Row id of a series.
    Series(i64),
    Link(Token),
}

/// Creates a grant for the object that a password opened. `proof`: the hash of that password. Returns the token.
pub fn give(conn: &Connection, lock: Lock, proof: &str, now: i64) -> Result<Token> {
    let sql = concat!(
        "DELETE FROM access_grant WHERE expires_at <= :now AND ",
        ages_count!()
    );
    conn.write(sql, named_params! { ":now": now })?;
    let token = Token::random()?;
    let (series, link) = match lock {
        Lock::Series(series) => (Some(series), None),
        Lock::Link(link) => (None, Some(link)),
    };
    let sql = "INSERT INTO access_grant (token, series_id, link, proof, expires_at) VALUES (:token, :series, :link, :proof, :expires)";
    let params = named_params! { ":token": token, ":series": series, ":link": link, ":proof": proof, ":expires": now + LASTS };
    conn.write(sql, params)?;
    Ok(token)
}

/// Row id and password hash of the series with this slug; `None` when it has no password.
pub fn of_series(conn: &Connection, slug: &str) -> Result<Option<(i64, String)>> {
    let sql =
        "SELECT id, password_hash FROM series WHERE slug = :slug AND password_hash IS NOT NULL";
    conn.find(sql, named_params! { ":slug": slug }, |row| row.try_into())
}
