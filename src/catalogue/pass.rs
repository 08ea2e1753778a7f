//! What someone gets for the right password of a series or a link: a token for the addresses of that visit, so that a visitor
//! needs no cookie. It ends after a day, and when the password is changed.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::link::Token;
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
    conn.prepare_cached("DELETE FROM pass WHERE expires_at <= :now")?
        .execute(named_params! { ":now": now })?;
    let token = Token::random()?;
    let (series, link) = match lock {
        Lock::Series(series) => (Some(series), None),
        Lock::Link(link) => (None, Some(link)),
    };
    conn.prepare_cached(
        "INSERT INTO pass (token, series_id, link, proof, expires_at) VALUES (:token, :series, :link, :proof, :expires)",
    )?
    .execute(named_params! { ":token": token, ":series": series, ":link": link, ":proof": proof, ":expires": now + LASTS })?;
    Ok(token)
}

/// The series of this slug with its password, when it has one.
pub fn of_series(conn: &Connection, slug: &str) -> Result<Option<(i64, String)>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, password_hash FROM series WHERE slug = :slug AND password_hash IS NOT NULL",
    )?;
    Ok(statement
        .query_row(named_params! { ":slug": slug }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// The slug of the series whose password stands before this recording; `None` when it is not the password that keeps it.
pub fn before_recording(conn: &Connection, public_id: &str, now: i64) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT series.slug
         FROM recording
         JOIN series ON series.id = recording.series_id
         WHERE recording.public_id = :id AND series.password_hash IS NOT NULL AND recording.deleted_at IS NULL
           AND recording.visibility IN ('public', 'unlisted')
           AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
           AND (recording.visible_until IS NULL OR :now < recording.visible_until)",
    )?;
    Ok(statement
        .query_row(named_params! { ":id": public_id, ":now": now }, |row| {
            row.get(0)
        })
        .optional()?)
}

/// Whether a password, and nothing else, keeps a visitor from the page of this series.
pub fn before_series(conn: &Connection, slug: &str, now: i64) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1
                        FROM recording
                        JOIN series ON series.id = recording.series_id
                        WHERE series.slug = :slug AND series.password_hash IS NOT NULL AND recording.deleted_at IS NULL
                          AND recording.visibility = 'public'
                          AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
                          AND (recording.visible_until IS NULL OR :now < recording.visible_until))",
    )?;
    Ok(
        statement.query_row(named_params! { ":slug": slug, ":now": now }, |row| {
            row.get(0)
        })?,
    )
}
