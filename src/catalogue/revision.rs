//! The number that changes whenever anything visitors can see does, and the next moment at which time alone changes
//! something: together the key of every cache of pages and of media decisions.

use rusqlite::{Connection, named_params};

use crate::error::Result;
use crate::next_moment;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Revision {
    pub number: i64,
    /// UTC seconds of the next scheduled appearance or disappearance after the moment of asking.
    pub next_moment: Option<i64>,
}

/// What a cache entry made now is valid for: until the number changes or the moment comes.
pub fn current(conn: &Connection, now: i64) -> Result<Revision> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT number, ",
        next_moment!(),
        " AS next_moment FROM revision"
    ))?;
    Ok(statement.query_row(named_params! { ":now": now }, |row| {
        Ok(Revision {
            number: row.get("number")?,
            next_moment: row.get("next_moment")?,
        })
    })?)
}
