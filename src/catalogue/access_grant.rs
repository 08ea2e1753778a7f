//! What someone gets for the right password of a series or a link: a token for the addresses of that visit, so that a visitor
//! needs no cookie. It ends after a day, and when the password is changed.

use rusqlite::{Connection, named_params};

use super::link::Token;
use super::query::Query;
use crate::error::Result;

/// Seconds for which a pass works: as long as one watches a series of a day.
const LASTS: i64 = 24 * 3600;

/// What a password opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Row of a series.
    Series(i64),
    Link(Token),
}

/// Gives a pass for what this password opened. `proof`: the hash it was held against.
pub fn give(conn: &Connection, lock: Lock, proof: &str, now: i64) -> Result<Token> {
    let sql = "DELETE FROM access_grant WHERE expires_at <= :now";
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

/// The series of this slug with its password, when it has one.
pub fn of_series(conn: &Connection, slug: &str) -> Result<Option<(i64, String)>> {
    let sql =
        "SELECT id, password_hash FROM series WHERE slug = :slug AND password_hash IS NOT NULL";
    conn.find(sql, named_params! { ":slug": slug }, |row| row.try_into())
}
