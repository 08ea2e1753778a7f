//! Every address of a page that was ever given out. None is given twice; a renamed one leads on, a removed one says so.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::PublicId;
use crate::error::{Error, Result};

/// What kind of page an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Series,
    Recording,
    Speaker,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Series => "series",
            Self::Recording => "recording",
            Self::Speaker => "speaker",
        }
    }
}

/// Writes down that `name` leads to the row `target`. An address given out before is led there from now on.
pub fn give(conn: &Connection, kind: Kind, name: &str, target: i64, now: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO address (kind, name, series_id, recording_id, speaker_id, given_at)
         VALUES (:kind, :name,
                 iif(:kind = 'series', :target, NULL),
                 iif(:kind = 'recording', :target, NULL),
                 iif(:kind = 'speaker', :target, NULL),
                 :now)
         ON CONFLICT (kind, name) DO UPDATE
         SET series_id = excluded.series_id, recording_id = excluded.recording_id, speaker_id = excluded.speaker_id",
    )?
    .execute(named_params! { ":kind": kind.as_str(), ":name": name, ":target": target, ":now": now })?;
    Ok(())
}

/// Writes down that `name` was given out and leads nowhere any more; a name that leads somewhere keeps doing so.
pub fn retire(conn: &Connection, kind: Kind, name: &str, now: i64) -> Result<()> {
    conn.prepare_cached("INSERT INTO address (kind, name, given_at) VALUES (:kind, :name, :now) ON CONFLICT DO NOTHING")?
        .execute(named_params! { ":kind": kind.as_str(), ":name": name, ":now": now })?;
    Ok(())
}

/// Lets every address of one series lead to another, when all its recordings moved there.
pub fn lead_series_on(conn: &Connection, from: i64, to: i64) -> Result<()> {
    conn.prepare_cached("UPDATE address SET series_id = :to WHERE series_id = :from")?
        .execute(named_params! { ":from": from, ":to": to })?;
    Ok(())
}

/// Every slug that leads to a series, its current one included; the oldest first.
pub fn of_series(conn: &Connection, series_id: i64) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT name FROM address WHERE series_id = :series ORDER BY given_at, name",
    )?;
    Ok(statement
        .query_map(named_params! { ":series": series_id }, |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Every id that leads to a recording, its current one included.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT name FROM address WHERE recording_id = :recording ORDER BY given_at, name",
    )?;
    let rows = statement.query_map(named_params! { ":recording": recording_id }, |row| {
        row.get(0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where an old address leads today: the name in the current address, `None` when it was never given out.
/// [`Error::Gone`] when what it led to was removed for good.
pub fn current(conn: &Connection, kind: Kind, name: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(series.slug, recording.public_id, speaker.slug) AS name
         FROM address
         LEFT JOIN series ON series.id = address.series_id
         LEFT JOIN recording ON recording.id = address.recording_id
         LEFT JOIN speaker ON speaker.id = address.speaker_id
         WHERE address.kind = :kind AND address.name = :name",
    )?;
    let found: Option<Option<String>> = statement
        .query_row(
            named_params! { ":kind": kind.as_str(), ":name": name },
            |row| row.get("name"),
        )
        .optional()?;
    match found {
        None => Ok(None),
        Some(Some(today)) => Ok(Some(today)),
        Some(None) => Err(Error::Gone(crate::error::Gone::default())),
    }
}

/// Whether this name was ever given out.
pub fn is_given(conn: &Connection, kind: Kind, name: &str) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM address WHERE kind = :kind AND name = :name)",
    )?;
    Ok(statement.query_row(
        named_params! { ":kind": kind.as_str(), ":name": name },
        |row| row.get(0),
    )?)
}

/// A public id that was never given out.
pub fn free_id(conn: &Connection) -> Result<PublicId> {
    loop {
        let id = PublicId::random()?;
        if !is_given(conn, Kind::Recording, id.as_str())? {
            return Ok(id);
        }
    }
}

/// `wanted`, or `wanted-2`, `wanted-3` …: the first that was never given out. `fallback` when nothing is wanted (a title
/// without a single letter we can write).
pub fn free_name(conn: &Connection, kind: Kind, wanted: &str, fallback: &str) -> Result<String> {
    let wanted = if wanted.is_empty() { fallback } else { wanted };
    let mut name = wanted.to_owned();
    let mut number = 1u32;
    while is_given(conn, kind, &name)? {
        number += 1;
        name = format!("{wanted}-{number}");
    }
    Ok(name)
}
