//! Every address that was ever given out, and where it leads. None is given twice; a renamed one leads on, a removed one says so.
//! In: the name in an address and the [`Viewer`] who asks. Out: a [`Resolved`], which pages, embeds, feeds, bytes and scripts only
//! draw: what may be told of what is there is decided here and nowhere else.

use rusqlite::types::FromSql;
use rusqlite::{Connection, named_params};

use super::link::{self, Target, Token};
use super::query::Query;
use super::{PublicId, Viewer, recording, series};
use crate::error::{Error, Gone, Result};
use crate::{gone_recording, listed_recording, locked_recording, reachable_recording};
use crate::{text, viewer_params};

/// Where an address leads, for the one who asks. What was never given out, and what this viewer may not know of, is
/// [`Error::NotFound`] instead: the two cannot be told apart from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved<Name, T = i64> {
    /// It names this row, which the viewer may see; or what was loaded of it.
    Found(T),
    /// It has this name today, under which it is here, or locked.
    Moved(Name),
    /// Visitors could see it, and no longer can; or it was removed for good.
    Gone(Gone),
    /// Only a password stands before it: that of the series of this slug.
    Locked(String),
}

impl<Name> Resolved<Name> {
    /// With what an answer shows of the row that is here.
    pub fn load<T>(self, load: impl FnOnce(i64) -> Result<T>) -> Result<Resolved<Name, T>> {
        Ok(match self {
            Self::Found(row) => Resolved::Found(load(row)?),
            Self::Moved(today) => Resolved::Moved(today),
            Self::Gone(gone) => Resolved::Gone(gone),
            Self::Locked(slug) => Resolved::Locked(slug),
        })
    }
}

impl<Name, T> Resolved<Name, T> {
    /// What is here, or its name of today; for answers that ask for no password.
    pub fn here_or_moved(self) -> Result<std::result::Result<T, Name>> {
        match self {
            Self::Found(found) => Ok(Ok(found)),
            Self::Moved(today) => Ok(Err(today)),
            Self::Gone(gone) => Err(Error::Gone(gone)),
            Self::Locked(_) => Err(Error::NotFound),
        }
    }

    /// What is here; for answers that neither ask for a password nor lead on.
    pub fn found(self) -> Result<T> {
        self.here_or_moved()?.map_err(|_| Error::NotFound)
    }
}

/// Where the address of a recording leads.
pub fn resolve_recording(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<Resolved<PublicId>> {
    let question = concat!(
        "SELECT recording.id, recording.public_id AS name, series.slug, recording.withdrawn_reason, recording.replaced_by,
                CASE WHEN recording.id IS NULL THEN 'gone'
                     WHEN ",
        reachable_recording!(),
        " THEN 'here'
                     WHEN ",
        locked_recording!(reachable),
        " THEN 'locked'
                     WHEN ",
        gone_recording!(reachable),
        " THEN 'gone' END AS state
         FROM address
         LEFT JOIN recording ON recording.id = address.recording_id
         LEFT JOIN series ON series.id = recording.series_id
         WHERE address.kind = 'recording' AND address.name = :name"
    );
    resolve(conn, viewer, question, id.as_str())
}

/// Where the address of a series leads: it is here for whoever finds a recording in it.
pub fn resolve_series(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Resolved<String>> {
    let question = concat!(
        "SELECT series.id, series.slug AS name, series.slug, NULL AS withdrawn_reason, NULL AS replaced_by,
                CASE WHEN series.id IS NULL THEN 'gone'
                     WHEN EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND ",
        listed_recording!(),
        ") THEN 'here'
                     WHEN EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND ",
        locked_recording!(listed),
        ") THEN 'locked'
                     WHEN EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND ",
        gone_recording!(listed),
        ") THEN 'gone' END AS state
         FROM address
         LEFT JOIN series ON series.id = address.series_id
         WHERE address.kind = 'series' AND address.name = :name"
    );
    resolve(conn, viewer, question, slug)
}

/// Where the address of a speaker leads: they are here for whoever finds a recording of theirs.
pub fn resolve_speaker(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Resolved<String>> {
    let question = concat!(
        "SELECT speaker.id, speaker.slug AS name, NULL AS withdrawn_reason, NULL AS replaced_by,
                CASE WHEN speaker.id IS NULL THEN 'gone'
                     WHEN EXISTS (SELECT 1
                                  FROM recording_speaker
                                  JOIN recording ON recording.id = recording_speaker.recording_id
                                  WHERE recording_speaker.speaker_id = speaker.id AND ",
        listed_recording!(),
        ") THEN 'here' END AS state
         FROM address
         LEFT JOIN speaker ON speaker.id = address.speaker_id
         WHERE address.kind = 'speaker' AND address.name = :name"
    );
    resolve(conn, viewer, question, slug)
}

/// Asks where a name leads. The question answers the row, its name of today, and its state for this viewer.
fn resolve<Name: FromSql>(
    conn: &Connection,
    viewer: &Viewer,
    question: &str,
    name: &str,
) -> Result<Resolved<Name>> {
    let asked = viewer_params! { viewer, ":name": name };
    let found = conn.find(question, asked, |row| {
        let today: Option<String> = row.get("name")?;
        let state: Option<String> = row.get("state")?;
        Ok(match state.as_deref() {
            Some("here" | "locked") if today.as_deref() != Some(name) => {
                Some(Resolved::Moved(row.get("name")?))
            }
            Some("here") => Some(Resolved::Found(row.get("id")?)),
            Some("locked") => Some(Resolved::Locked(row.get("slug")?)),
            Some("gone") => {
                let successor: Option<PublicId> = row
                    .get::<_, Option<String>>("replaced_by")?
                    .as_deref()
                    .and_then(PublicId::parse);
                Some(Resolved::Gone(Gone {
                    reason: row.get("withdrawn_reason")?,
                    successor: successor.map(|id| format!("/watch/{id}")),
                }))
            }
            Some(_) | None => None,
        })
    });
    found?.flatten().ok_or(Error::NotFound)
}

/// The same under whatever name it was ever known; for answers that lead nobody on. Never [`Resolved::Moved`].
pub fn follow_recording(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<Resolved<PublicId>> {
    match resolve_recording(conn, viewer, id)? {
        Resolved::Moved(today) => resolve_recording(conn, viewer, &today),
        found => Ok(found),
    }
}

/// The same of a series.
pub fn follow_series(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Resolved<String>> {
    match resolve_series(conn, viewer, slug)? {
        Resolved::Moved(today) => resolve_series(conn, viewer, &today),
        found => Ok(found),
    }
}

/// A page, by the name in its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Recording(PublicId),
    Series(String),
}

/// Where a named link leads, with the hash of the password that stands before it. [`Error::NotFound`] when it was never handed out,
/// [`Error::Over`] when it expired or was withdrawn, [`Error::Gone`] when what it led to was removed for good.
pub fn resolve_link(
    conn: &Connection,
    token: &Token,
    now: i64,
) -> Result<(Destination, Option<String>)> {
    let link = link::by_token(conn, token)?.ok_or(Error::NotFound)?;
    if !link.is_open(now) {
        return Err(Error::Over(text!("link-over")));
    }
    let place = match link.target {
        Target::Recording(row) => Destination::Recording(recording::public_id(conn, row)?),
        Target::Series(row) => Destination::Series(series::by_id(conn, row)?.slug),
    };
    Ok((place, link.password_hash))
}

/// What kind of page an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    Series,
    Recording,
    Speaker,
}

impl AddressKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Series => "series",
            Self::Recording => "recording",
            Self::Speaker => "speaker",
        }
    }
}

/// Writes down that `name` leads to the row `target`. An address given out before is led there from now on.
pub fn give(conn: &Connection, kind: AddressKind, name: &str, target: i64, now: i64) -> Result<()> {
    let sql = "INSERT INTO address (kind, name, series_id, recording_id, speaker_id, given_at)
               VALUES (:kind, :name,
                       iif(:kind = 'series', :target, NULL),
                       iif(:kind = 'recording', :target, NULL),
                       iif(:kind = 'speaker', :target, NULL),
                       :now)
               ON CONFLICT (kind, name) DO UPDATE
               SET series_id = excluded.series_id, recording_id = excluded.recording_id, speaker_id = excluded.speaker_id";
    let params =
        named_params! { ":kind": kind.as_str(), ":name": name, ":target": target, ":now": now };
    conn.write(sql, params)
}

/// Writes down that `name` was given out and leads nowhere any more; a name that leads somewhere keeps doing so.
pub fn retire(conn: &Connection, kind: AddressKind, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO address (kind, name, given_at) VALUES (:kind, :name, :now) ON CONFLICT DO NOTHING";
    let params = named_params! { ":kind": kind.as_str(), ":name": name, ":now": now };
    conn.write(sql, params)
}

/// Lets every address of one series lead to another, when all its recordings moved there.
pub fn lead_series_on(conn: &Connection, from: i64, to: i64) -> Result<()> {
    let sql = "UPDATE address SET series_id = :to WHERE series_id = :from";
    conn.write(sql, named_params! { ":from": from, ":to": to })
}

/// Every slug that leads to a series, its current one included; the oldest first.
pub fn of_series(conn: &Connection, series_id: i64) -> Result<Vec<String>> {
    let sql = "SELECT name FROM address WHERE series_id = :series ORDER BY given_at, name";
    conn.values(sql, named_params! { ":series": series_id })
}

/// Every id that leads to a recording, its current one included.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<String>> {
    let sql = "SELECT name FROM address WHERE recording_id = :recording ORDER BY given_at, name";
    conn.values(sql, named_params! { ":recording": recording_id })
}

/// Whether this name was ever given out.
pub fn is_given(conn: &Connection, kind: AddressKind, name: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM address WHERE kind = :kind AND name = :name)";
    conn.value(sql, named_params! { ":kind": kind.as_str(), ":name": name })
}

/// A public id that was never given out.
pub fn free_id(conn: &Connection) -> Result<PublicId> {
    loop {
        let id = PublicId::random()?;
        if !is_given(conn, AddressKind::Recording, id.as_str())? {
            return Ok(id);
        }
    }
}

/// `wanted`, or `wanted-2`, `wanted-3` …: the first that was never given out. `fallback` when nothing is wanted (a title
/// without a single letter we can write).
pub fn free_name(
    conn: &Connection,
    kind: AddressKind,
    wanted: &str,
    fallback: &str,
) -> Result<String> {
    let wanted = if wanted.is_empty() { fallback } else { wanted };
    let mut name = wanted.to_owned();
    let mut number = 1u32;
    while is_given(conn, kind, &name)? {
        number += 1;
        name = format!("{wanted}-{number}");
    }
    Ok(name)
}
