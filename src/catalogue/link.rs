//! A named link: an address to one recording or one series that can expire and be withdrawn. The sidecar stores it, so that it also
//! works in a rebuilt catalogue.

use std::collections::HashMap;
use std::fmt;

use rusqlite::{Connection, Row, named_params};

use super::query::{Query, sql_word};
use super::slice::{Cursor, Direction, PAGE, Slice};
use super::{PublicId, Viewer, id};
use crate::error::{Error, Gone, Result};
use crate::{locked_link, open_link};

/// Characters of a token: 80 random bits in Crockford base 32.
const LENGTH: usize = 16;

/// Characters of a token in the address of a list.
const SHOWN: usize = 6;

/// The token of a link: the last part of its address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token([u8; LENGTH]);

impl Token {
    /// Parses a token; `None` when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes().try_into().ok().map(Self);
        bytes.filter(|_| id::is_base32(text, LENGTH))
    }

    /// Errors when the system has no random bytes.
    pub fn random() -> Result<Self> {
        let token = id::random::<LENGTH>()?;
        Self::parse(&token).ok_or_else(|| Error::internal("a token of other letters than ours"))
    }

    pub fn as_str(&self) -> &str {
        // The bytes are always characters of the alphabet, which are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The characters that name it in the address of a list: too few to open anything.
    pub fn beginning(&self) -> &str {
        &self.as_str()[..SHOWN]
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A token opens a page, so its value must not appear in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

sql_word!(Token);

/// The object that a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Row id of a recording.
    Recording(i64),
    /// Row id of a series.
    Series(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub token: Token,
    /// The recipient, in the coordinator's words.
    pub name: String,
    pub target: Target,
    /// Creation in UTC seconds.
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    /// PHC string of the password that the link asks for.
    pub password_hash: Option<String>,
}

impl Link {
    /// Whether the link works at this moment (UTC seconds); the same condition as `open_link!` in SQL.
    pub fn is_open(&self, now: i64) -> bool {
        self.withdrawn_at.is_none() && self.expires_at.is_none_or(|expires| now < expires)
    }
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Link> {
    let recording: Option<i64> = row.get("recording_id")?;
    let target = match recording {
        Some(recording) => Target::Recording(recording),
        None => Target::Series(row.get("series_id")?),
    };
    Ok(Link {
        token: row.get("token")?,
        name: row.get("name")?,
        target,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        withdrawn_at: row.get("withdrawn_at")?,
        password_hash: row.get("password_hash")?,
    })
}

/// The link with a token, even when it ended. [`Error::Gone`] when its object was erased.
pub fn by_token(conn: &Connection, token: &Token) -> Result<Option<Link>> {
    let sql = "SELECT * FROM link WHERE token = :token";
    let found = conn.find(sql, named_params! { ":token": token }, |row| {
        let leads = row
            .get::<_, Option<i64>>("recording_id")?
            .or(row.get("series_id")?);
        leads.map(|_| from_row(row)).transpose()
    });
    match found? {
        Some(None) => Err(Error::Gone(Gone::default())),
        Some(link) => Ok(link),
        None => Ok(None),
    }
}

/// Whether the viewer has a named link that opens its page without a password. The access grant of a password is none.
pub fn is_open_to(conn: &Connection, viewer: &Viewer) -> Result<bool> {
    let found = viewer.link().map(|token| by_token(conn, &token));
    match found.transpose() {
        Ok(link) => Ok(link
            .flatten()
            .is_some_and(|link| link.is_open(viewer.now()) && link.password_hash.is_none())),
        Err(Error::Gone(_)) => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// All links of a recording or a series, the newest first.
pub fn of(conn: &Connection, target: Target) -> Result<Vec<Link>> {
    let (recording, series) = columns(target);
    let sql = "SELECT * FROM link
               WHERE recording_id IS :recording AND series_id IS :series
               ORDER BY created_at DESC, token DESC";
    let params = named_params! { ":recording": recording, ":series": series };
    conn.rows(sql, params, from_row)
}

/// A link with the title of its object, and the public id when that is a recording.
pub type Listed = (Link, String, Option<PublicId>);

pub(super) fn listed_from_row(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok((
        from_row(row)?,
        row.get("target_title")?,
        row.get("target_id")?,
    ))
}

/// SQL: links of one recording or series on one side of a border, the newest first.
macro_rules! beyond {
    ($compare:literal, $direction:literal) => {
        concat!(
            "SELECT link.*, coalesce(recording.title, series.title) AS target_title, recording.public_id AS target_id
             FROM link
             LEFT JOIN recording ON recording.id = link.recording_id
             LEFT JOIN series ON series.id = link.series_id
             WHERE link.recording_id IS :recording AND link.series_id IS :series AND (link.created_at, link.token) ",
            $compare,
            " (:created, :token)
             ORDER BY link.created_at ",
            $direction,
            ", link.token ",
            $direction,
            " LIMIT :most"
        )
    };
}

/// The name of a link in the address of a list: its moment, and the beginning of its token.
pub fn name_in_list(link: &Link) -> String {
    format!("{}.{}", link.created_at, link.token.beginning())
}

/// A part of the links of a recording or series, the newest first.
pub fn slice(conn: &Connection, of: Target, cursor: &Cursor) -> Result<Slice<Listed>> {
    let border = |name: &str| {
        let border = name.split_once('.');
        let border =
            border.and_then(|(at, token)| Some((at.parse::<i64>().ok()?, token.to_owned())));
        Ok(border)
    };
    let (recording, series) = columns(of);
    Slice::find(cursor, PAGE, border, |border, direction, most| {
        let sql = match direction {
            Direction::Forward => beyond!("<", "DESC"),
            Direction::Backward => beyond!(">", "ASC"),
        };
        let (created, token) = match (border, direction) {
            (None, _) => (i64::MAX, String::new()),
            (Some((created, token)), Direction::Forward) => (*created, token.clone()),
            // After every token with this beginning.
            (Some((created, token)), Direction::Backward) => (*created, format!("{token}~")),
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let params = named_params! {
            ":created": created,
            ":token": token,
            ":most": most,
            ":recording": recording,
            ":series": series,
        };
        conn.rows(sql, params, listed_from_row)
    })
}

/// The open links of this name to the recordings of a series, by recording, and the one to the series itself; the newest when there
/// are several. Links with a password are left out, because a mail cannot ask for one.
pub fn named(
    conn: &Connection,
    series_id: i64,
    name: &str,
    now: i64,
) -> Result<(HashMap<i64, Token>, Option<Token>)> {
    let sql = concat!(
        "SELECT link.recording_id, link.token
         FROM link
         LEFT JOIN recording ON recording.id = link.recording_id
         WHERE link.name = :name AND (link.series_id = :series OR recording.series_id = :series) AND ",
        open_link!(),
        " AND NOT ",
        locked_link!(),
        " ORDER BY link.created_at, link.token",
    );
    let params = named_params! { ":name": name, ":series": series_id, ":now": now };
    let mut newest: HashMap<Option<i64>, Token> = conn.rows(sql, params, |row| row.try_into())?;
    let of_series = newest.remove(&None);
    let of_recordings = newest
        .into_iter()
        .filter_map(|(recording, token)| Some((recording?, token)));
    Ok((of_recordings.collect(), of_series))
}

fn columns(target: Target) -> (Option<i64>, Option<i64>) {
    match target {
        Target::Recording(recording) => (Some(recording), None),
        Target::Series(series) => (None, Some(series)),
    }
}

/// Replaces the links of an object by those in its sidecar. A link that the sidecar no longer lists is withdrawn, because it was
/// handed out. A token that another object has stays with that object, as after copying a folder.
pub fn replace(conn: &Connection, target: Target, links: &[Link], now: i64) -> Result<()> {
    let before = of(conn, target)?;
    if before.len() == links.len() && before.iter().all(|before| links.contains(before)) {
        return Ok(());
    }
    let (recording, series) = columns(target);
    let sql = "UPDATE link SET withdrawn_at = coalesce(withdrawn_at, :now)
               WHERE recording_id IS :recording AND series_id IS :series";
    let params = named_params! { ":now": now, ":recording": recording, ":series": series };
    conn.write(sql, params)?;
    let sql = "INSERT INTO link (token, name, recording_id, series_id, created_at, expires_at, withdrawn_at, password_hash)
               VALUES (:token, :name, :recording, :series, :created, :expires, :withdrawn, :password)
               ON CONFLICT (token) DO UPDATE
               SET name = excluded.name, created_at = excluded.created_at, expires_at = excluded.expires_at,
                   withdrawn_at = excluded.withdrawn_at, password_hash = excluded.password_hash,
                   recording_id = excluded.recording_id, series_id = excluded.series_id
               WHERE link.recording_id IS excluded.recording_id AND link.series_id IS excluded.series_id";
    for link in links {
        let params = named_params! {
            ":token": link.token,
            ":name": link.name,
            ":recording": recording,
            ":series": series,
            ":created": link.created_at,
            ":expires": link.expires_at,
            ":withdrawn": link.withdrawn_at,
            ":password": link.password_hash,
        };
        conn.write(sql, params)?;
    }
    Ok(())
}

/// Redirects all links of one series to another, when all its recordings moved there.
pub fn lead_series_on(conn: &Connection, from: i64, to: i64) -> Result<()> {
    let sql = "UPDATE link SET series_id = :to WHERE series_id = :from";
    conn.write(sql, named_params! { ":from": from, ":to": to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sixteen_letters_of_ours_and_is_not_written_into_a_log() {
        let token = Token::random().unwrap();
        assert_eq!(Token::parse(token.as_str()), Some(token));
        assert_ne!(Token::random().unwrap(), token);
        assert_eq!(format!("{token:?}"), "Token(…)");
        for odd in [
            "",
            "0123456789abcde",
            "0123456789ABCDEF",
            "0123456789abcdeu",
            "../3456789abcdef",
        ] {
            assert_eq!(Token::parse(odd), None, "{odd}");
        }
    }
}
