//! What is said about recordings besides what a list shows of them: the titles of their chapters and the names of their hand-outs, by
//! which a search finds them too. In: row ids. Out: those words, for a page that says why something was found.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use crate::catalogue::query::{self, Query};
use crate::error::Result;
use crate::timed_for_visitors;

/// Most of them for all recordings together.
const MOST: u32 = 5000;

/// What is said about a recording besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    Chapter(String),
    HandOut(String),
}

/// What is said about each of these recordings besides; only what visitors get.
pub fn of_recordings(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Vec<Beside>>> {
    let sql = concat!(
        "SELECT recording.id, chapter.title, 0 AS is_hand_out
         FROM json_each(:recordings) AS wanted
         JOIN recording ON recording.id = wanted.value
         JOIN chapter ON chapter.recording_id = recording.id
         WHERE ",
        timed_for_visitors!("chapter.start_ms"),
        "UNION ALL
         SELECT attachment.recording_id, attachment.title, 1
         FROM json_each(:recordings) AS wanted
         JOIN attachment ON attachment.recording_id = wanted.value
         WHERE superseded_at IS NULL AND missing_since IS NULL AND NOT unnamed
         ORDER BY 1, 3
         LIMIT :most"
    );
    let params = named_params! { ":recordings": query::json(recordings)?, ":most": MOST };
    conn.groups(sql, params, |row| {
        let title = row.get(1)?;
        let beside = match row.get(2)? {
            false => Beside::Chapter(title),
            true => Beside::HandOut(title),
        };
        Ok((row.get(0)?, beside))
    })
}
