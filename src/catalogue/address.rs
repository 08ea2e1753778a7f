//! Every address that was ever given out, and the page it leads to. No address is given out twice; a renamed one redirects, and a
//! removed one answers 410. In: the name in an address and the [`Viewer`]. Out: a [`Resolved`], which pages, embeds, feeds, media
//! and scripts turn into answers: only this file decides what a viewer may learn.

use rusqlite::types::FromSql;
use rusqlite::{Connection, named_params};

use super::link::{self, Link, Target, Token};
use super::query::Query;
use super::{PublicId, Viewer, recording, series};
use crate::error::{Error, Gone, Result};
use crate::{
    for_visitors_recording, gone_recording, listed_recording, locked_recording,
    reachable_recording, text, unlocked_recording, viewer_params, withdrawn_recording,
};

/// The result of resolving an address for a viewer. An address that was never given out, or that this viewer may not know of, is
/// [`Error::NotFound`] instead, so that the two cannot be told apart from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved<Name, T = i64> {
    /// The address names this row (or what was loaded for it), and the viewer may see it.
    Found(T),
    /// The row has this other name today, and exists there, possibly behind a password.
    Moved(Name),
    /// Visitors could see the object and no longer can, or it was erased.
    Gone(Gone),
    /// The object needs the password of the series with this slug.
    Locked(String),
}

impl<Name> Resolved<Name> {
    /// Replaces the row id of a found object by what `load` reads for it.
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
    /// The found object, or its name of today; for answers that cannot ask for a password.
    pub fn here_or_moved(self) -> Result<std::result::Result<T, Name>> {
        match self {
            Self::Found(found) => Ok(Ok(found)),
            Self::Moved(today) => Ok(Err(today)),
            Self::Gone(gone) => Err(Error::Gone(gone)),
            Self::Locked(_) => Err(Error::NotFound),
        }
    }

    /// The slug of the series that locks the object; `None` when the viewer sees it or is led on.
    pub fn locked(self) -> Result<Option<String>> {
        match self {
            Self::Locked(slug) => Ok(Some(slug)),
            other => other.here_or_moved().map(|_| None),
        }
    }

    /// The found object; for answers that neither ask for a password nor redirect.
    pub fn found(self) -> Result<T> {
        self.here_or_moved()?.map_err(|_| Error::NotFound)
    }
}

/// Resolves the address of a recording.
pub fn resolve_recording(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
) -> Result<Resolved<PublicId>> {
    let question = concat!(
        "SELECT recording.id, recording.public_id AS name, series.slug,
                ",
        // Whoever lacks the password learns that it is gone, and nothing of what it was. What was said when it was withdrawn
        // is not why it is gone for another reason.
        "iif(",
        withdrawn_recording!(),
        " AND (:sees_all OR ",
        unlocked_recording!(),
        "), recording.withdrawn_reason, NULL) AS withdrawn_reason,
                iif(",
        withdrawn_recording!(),
        " AND (:sees_all OR ",
        unlocked_recording!(),
        "), recording.replaced_by, NULL) AS replaced_by,
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

/// Resolves the address of a series. A viewer may see a series when they may see at least one of its recordings in lists.
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

/// Resolves the address of a speaker. A viewer may see a speaker when they may see at least one of their recordings in lists.
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

/// Resolves a name with a query that returns the row, its name of today, and its state for this viewer.
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
                let successor: Option<String> = row.get("replaced_by")?;
                Some(Resolved::Gone(Gone {
                    reason: row.get("withdrawn_reason")?,
                    successor,
                }))
            }
            Some(_) | None => None,
        })
    });
    match found?.flatten() {
        Some(Resolved::Gone(gone)) => Ok(Resolved::Gone(Gone {
            successor: successor(conn, viewer, gone.successor.as_deref())?,
            ..gone
        })),
        Some(resolved) => Ok(resolved),
        None => Err(Error::NotFound),
    }
}

/// The address of what took the place of a recording, `written` as its sidecar has it; `None` when the viewer may not know of it.
fn successor(conn: &Connection, viewer: &Viewer, written: Option<&str>) -> Result<Option<String>> {
    let Some(id) = written.and_then(PublicId::parse) else {
        return Ok(None);
    };
    let question = concat!(
        "SELECT EXISTS (SELECT 1 FROM address
                        JOIN recording ON recording.id = address.recording_id
                        WHERE address.kind = 'recording' AND address.name = :name AND (",
        reachable_recording!(),
        " OR ",
        locked_recording!(reachable),
        "))"
    );
    let asked = viewer_params! { viewer, ":name": id.as_str() };
    let is_there: bool = conn.value(question, asked)?;
    Ok(is_there.then(|| format!("/watch/{id}")))
}

/// Whether an address names something that the viewer may see.
pub fn is_found<Name>(resolved: Result<Resolved<Name>>) -> Result<bool> {
    match resolved {
        Ok(Resolved::Found(_)) => Ok(true),
        Ok(Resolved::Moved(_) | Resolved::Gone(_) | Resolved::Locked(_)) | Err(Error::NotFound) => {
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}

/// Resolves the address of a recording under any name it ever had, for answers that do not redirect. Never [`Resolved::Moved`].
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

/// Resolves the address of a series under any name it ever had. Never [`Resolved::Moved`].
pub fn follow_series(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Resolved<String>> {
    match resolve_series(conn, viewer, slug)? {
        Resolved::Moved(today) => resolve_series(conn, viewer, &today),
        found => Ok(found),
    }
}

/// The page that a link leads to, by the name in its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Recording(PublicId),
    Series(String),
}

/// Resolves a named link to its page and the hash of its password. [`Error::NotFound`] when it was never created, [`Error::Over`]
/// when it expired or was withdrawn, [`Error::Gone`] when its page was erased.
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

/// The viewer's named link, when it was given out for this page or for the series of this recording, and ended or got a password since;
/// `None` for every other link, so that nothing is learnt with one about what it never opened.
pub fn closed_link(
    conn: &Connection,
    viewer: &Viewer,
    place: &Destination,
) -> Result<Option<Link>> {
    let (kind, name) = match place {
        Destination::Recording(id) => (AddressKind::Recording, id.as_str()),
        Destination::Series(slug) => (AddressKind::Series, slug.as_str()),
    };
    let sql = concat!(
        "SELECT EXISTS (SELECT 1 FROM address
                        LEFT JOIN recording ON recording.id = address.recording_id
                        JOIN link ON link.recording_id = recording.id
                                  OR (link.series_id = recording.series_id AND ",
        for_visitors_recording!(),
        ")
                                  OR link.series_id = address.series_id
                        WHERE address.kind = :kind AND address.name = :name AND link.token = :link)"
    );
    let asked = named_params! { ":kind": kind.as_str(), ":name": name, ":link": viewer.link() };
    match viewer.link() {
        Some(token) if conn.value(sql, asked)? => {
            let link = link::by_token(conn, &token)?;
            Ok(link.filter(|it| !it.is_open(viewer.now()) || it.password_hash.is_some()))
        }
        Some(_) | None => Ok(None),
    }
}

/// The kind of page that an address names.
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

/// Records that `name` leads to the row `target`. A name that was given out before leads there from now on.
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

/// Forgets the addresses of a recording and its links, because nobody ever saw anything at them. `with_links`: whether its links
/// showed nothing either.
pub fn forget_recording(conn: &Connection, recording_id: i64, with_links: bool) -> Result<()> {
    let params = named_params! { ":recording": recording_id };
    conn.write(
        "DELETE FROM address WHERE recording_id = :recording",
        params,
    )?;
    if with_links {
        conn.write("DELETE FROM link WHERE recording_id = :recording", params)?;
    }
    Ok(())
}

/// Records that `name` was given out and leads nowhere any more; a name that leads to a row is left unchanged.
pub fn retire(conn: &Connection, kind: AddressKind, name: &str, now: i64) -> Result<()> {
    let sql = "INSERT INTO address (kind, name, given_at) VALUES (:kind, :name, :now) ON CONFLICT DO NOTHING";
    let params = named_params! { ":kind": kind.as_str(), ":name": name, ":now": now };
    conn.write(sql, params)
}

/// Redirects all addresses of one series to another, when all its recordings moved there.
pub fn lead_series_on(conn: &Connection, from: i64, to: i64) -> Result<()> {
    let sql = "UPDATE address SET series_id = :to WHERE series_id = :from";
    conn.write(sql, named_params! { ":from": from, ":to": to })
}

/// Every slug that leads to a series, including its current one; the oldest first.
pub fn of_series(conn: &Connection, series_id: i64) -> Result<Vec<String>> {
    let sql = "SELECT name FROM address WHERE series_id = :series ORDER BY given_at, name";
    conn.values(sql, named_params! { ":series": series_id })
}

/// The row of the recording that an id leads to, whoever may see it; `None` when it leads nowhere.
pub fn row_of_recording(conn: &Connection, id: &PublicId) -> Result<Option<i64>> {
    let sql = "SELECT recording_id FROM address WHERE kind = 'recording' AND name = :name";
    let found = conn.find_value(sql, named_params! { ":name": id.as_str() })?;
    Ok(found.flatten())
}

/// Every id that leads to a recording, including its current one.
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

/// The first of `wanted`, `wanted-2`, `wanted-3` … that was never given out. `fallback` replaces an empty `wanted`, which a title
/// without a Latin letter gives.
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
