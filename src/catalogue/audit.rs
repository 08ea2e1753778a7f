//! The audit list: who did what, and when. Each line is written in the transaction of its act, so that the list always matches what
//! happened.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, named_params};

use super::query::{self, Query};
use super::slice::{Cursor, Direction, Slice};
use crate::error::Result;

/// The actor under which the scan appears in the list.
pub const SCAN: &str = "scan";

/// The subject of lines about the files of a recording that was wiped.
pub const WIPED: &str = "removed";

/// The acts whose values are versions of a file.
pub const IS_OF_VERSIONS: [&str; 4] = ["upload", "replace", "replace file", "remove version"];

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
                   subject = iif(subject IN (SELECT name FROM subject), subject, :wiped)
               WHERE subject IN (SELECT name FROM subject)
                  OR (act = 'move' AND before IN (SELECT name FROM place))
                  OR EXISTS (SELECT 1 FROM place WHERE audit.subject = place.name OR instr(audit.subject, place.name || '.') = 1)";
    let params = named_params! {
        ":subjects": query::json(subjects)?,
        ":places": query::json(places)?,
        ":wiped": WIPED,
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
    /// Acts and other stored words whose form in the reader's language contains the word.
    pub meant: Vec<String>,
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
                      OR actor IN (SELECT value FROM json_each(:meant)) OR act IN (SELECT value FROM json_each(:meant))
                      OR subject IN (SELECT value FROM json_each(:meant))
                      OR before IN (SELECT value FROM json_each(:meant)) OR after IN (SELECT value FROM json_each(:meant))
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
        ":meant": query::json(&filter.meant)?,
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

/// What the list says of things by more than their ids and versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Titles of recordings and series by subject; a subject that has no title any more is left out.
    pub titles: HashMap<String, String>,
    /// Names and bytes of files by version.
    pub files: HashMap<String, (String, u64)>,
}

/// What is known of the things that these lines name.
pub fn known(conn: &Connection, entries: &[Entry]) -> Result<Known> {
    let subjects: BTreeSet<&str> = entries.iter().map(|entry| entry.subject.as_str()).collect();
    let subjects: Vec<&str> = subjects.into_iter().collect();
    let sql = "WITH subject (name, kind, key) AS (
                   SELECT value, substr(value, 1, instr(value, ' ') - 1), substr(value, instr(value, ' ') + 1)
                   FROM json_each(:subjects))
               SELECT subject.name, title FROM subject JOIN recording ON public_id = key WHERE kind = 'recording'
               UNION ALL
               SELECT subject.name, title FROM subject JOIN series ON slug = key OR folder = key
               WHERE kind = 'series' AND (slug = key OR NOT EXISTS (SELECT 1 FROM series AS named WHERE named.slug = key))";
    let subjects = query::json(&subjects)?;
    let titles = conn.rows(sql, named_params! { ":subjects": subjects }, |row| {
        row.try_into()
    })?;
    let of_versions = entries
        .iter()
        .filter(|entry| IS_OF_VERSIONS.contains(&entry.act.as_str()));
    let versions = of_versions.flat_map(|entry| [&entry.before, &entry.after]);
    let versions: Vec<&String> = versions.flatten().collect();
    let sql = "SELECT version, file, size_bytes FROM original
               WHERE version IN (SELECT value FROM json_each(:versions))";
    let versions = query::json(&versions)?;
    let files = conn.rows(sql, named_params! { ":versions": versions }, |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    })?;
    Ok(Known { titles, files })
}
