//! The audit list: who did what, and when. Each line is written in the transaction of its act, so that the list always matches what
//! happened.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, named_params};

use super::query::{self, Query};
use super::slice::{Cursor, Direction, Slice};
use crate::error::Result;

/// The actor under which the scan appears in the list.
pub const SCAN: &str = "scan";

/// One act. `actor` is a coordinator or a part of the program (`scan`, `trash`, `command line`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act<'a> {
    pub actor: &'a str,
    /// The verb: `add`, `move`, `replace`, `publish` …
    pub act: &'a str,
    /// The object of the act, in words that stay valid: `series online-jongerenwerk`, `recording 7k2m…`.
    pub subject: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// An act without values before and after.
    pub fn of(actor: &'a str, act: &'a str, subject: &'a str) -> Self {
        Self {
            actor,
            act,
            subject,
            before: None,
            after: None,
        }
    }
}

/// Adds an act to the list.
pub fn note(conn: &Connection, act: &Act<'_>, now: i64) -> Result<()> {
    let sql = "INSERT INTO audit (at, actor, act, subject, before, after)
               VALUES (:now, :actor, :act, :subject, :before, :after)";
    let params = named_params! {
        ":now": now,
        ":actor": act.actor,
        ":act": act.act,
        ":subject": act.subject,
        ":before": act.before,
        ":after": act.after,
    };
    conn.write(sql, params)
}

/// Adds an act on the account with this address. `after`: the new value.
pub fn note_account(
    conn: &Connection,
    (actor, act): (&str, &str),
    email: &str,
    after: Option<&str>,
    now: i64,
) -> Result<()> {
    let act = Act {
        actor,
        act,
        subject: &format!("coordinator {email}"),
        before: None,
        after,
    };
    note(conn, &act, now)
}

/// Takes out of all lines about something what they say, except that somebody did something, and when. `subjects`: its subjects;
/// `places`: where it stands in the media folder, without the endings of files; the list itself says where it stood before.
pub fn forget(conn: &Connection, subjects: &[String], places: &[String]) -> Result<()> {
    let sql = "WITH RECURSIVE
                   subject (name) AS (SELECT value FROM json_each(:subjects)),
                   place (name) AS (
                       SELECT value FROM json_each(:places)
                       UNION
                       SELECT before FROM audit
                       WHERE act = 'move' AND before IS NOT NULL AND subject IN (SELECT name FROM subject)
                       UNION
                       SELECT audit.before FROM place
                       JOIN audit ON audit.subject = place.name OR instr(audit.subject, place.name || '.') = 1
                       WHERE audit.act = 'move' AND audit.before IS NOT NULL)
               UPDATE audit
               SET before = NULL, after = NULL,
                   subject = iif(subject IN (SELECT name FROM subject), subject, 'removed')
               WHERE subject IN (SELECT name FROM subject)
                  OR (act = 'move' AND before IN (SELECT name FROM place))
                  OR EXISTS (SELECT 1 FROM place WHERE audit.subject = place.name OR instr(audit.subject, place.name || '.') = 1)";
    let params = named_params! {
        ":subjects": query::json(subjects)?,
        ":places": query::json(places)?,
    };
    conn.write(sql, params)
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    /// UTC seconds.
    pub at: i64,
    pub actor: String,
    pub act: String,
    pub subject: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Selects lines: those that contain a word (empty: all).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub word: String,
    /// Acts whose name in the reader's language contains the word.
    pub acts: Vec<String>,
}

/// All distinct acts in the list.
pub fn acts(conn: &Connection) -> Result<Vec<String>> {
    conn.values("SELECT DISTINCT act FROM audit", [])
}

/// SQL: lines on one side of another that contain the word.
macro_rules! lines {
    ($side:literal, $direction:literal) => {
        concat!(
            "SELECT * FROM audit WHERE ",
            $side,
            " AND (:word = ''
                      OR instr(lower(actor || char(10) || act || char(10) || subject || char(10)
                                     || coalesce(before, '') || char(10) || coalesce(after, '')), lower(:word)) > 0
                      OR instr(:acts, '|' || act || '|') > 0
                      OR subject IN (SELECT 'recording ' || public_id FROM recording WHERE instr(lower(title), lower(:word)) > 0)
                      OR subject IN (SELECT 'series ' || slug FROM series WHERE instr(lower(title), lower(:word)) > 0))
             ORDER BY id ",
            $direction,
            " LIMIT :most"
        )
    };
}

/// A part of the list, newest first; a cursor names a line by its id.
pub fn slice(
    conn: &Connection,
    filter: &Filter,
    cursor: &Cursor,
    most: usize,
) -> Result<Slice<Entry>> {
    let id = |name: &str| Ok(name.parse::<i64>().ok());
    Slice::find(cursor, most, id, |id, direction, most| {
        entries(conn, filter, (id.copied(), direction), most)
    })
}

/// Lines older (or newer) than one, the nearest first.
pub fn entries(
    conn: &Connection,
    filter: &Filter,
    (border, direction): (Option<i64>, Direction),
    most: usize,
) -> Result<Vec<Entry>> {
    let sql = match direction {
        Direction::Forward => lines!("id < :border", "DESC"),
        Direction::Backward => lines!("id > :border", "ASC"),
    };
    let params = named_params! {
        ":border": border.unwrap_or(i64::MAX),
        ":word": filter.word,
        ":acts": format!("|{}|", filter.acts.join("|")),
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, |row| {
        Ok(Entry {
            id: row.get("id")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            act: row.get("act")?,
            subject: row.get("subject")?,
            before: row.get("before")?,
            after: row.get("after")?,
        })
    })
}

/// The titles of the recordings and series that these lines are about, by subject; a subject that has no title any more is left
/// out.
pub fn titles(conn: &Connection, entries: &[Entry]) -> Result<HashMap<String, String>> {
    let subjects: BTreeSet<&str> = entries.iter().map(|entry| entry.subject.as_str()).collect();
    let mut found = HashMap::new();
    for subject in subjects {
        let (sql, name) = match subject.split_once(' ') {
            Some(("recording", id)) => ("SELECT title FROM recording WHERE public_id = :name", id),
            Some(("series", slug)) => ("SELECT title FROM series WHERE slug = :name", slug),
            _ => continue,
        };
        if let Some(title) = conn.find_value(sql, named_params! { ":name": name })? {
            found.insert(subject.to_owned(), title);
        }
    }
    Ok(found)
}
