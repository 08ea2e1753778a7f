//! The series that a viewer sees in lists: those of the association first, by position, then by newest date. In: a border. Out: a bounded part of them, with the
//! numbers for a list. A series is listed when one of its recordings is.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::{Overview, Series, from_row};
use crate::catalogue::Viewer;
use crate::catalogue::query::{self, Query};
use crate::catalogue::recording::Count;
use crate::catalogue::slice::{Cursor, Direction, Slice};
use crate::error::{Error, Result};
use crate::{held_recording, kept_series, listed_recording, viewer_params};

/// A series in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub overview: Overview,
    /// Its place in the whole list, from 1, and the length of that list.
    pub rank: u32,
    pub of: u32,
}

/// SQL: all listed series with their rank: those of the association before a demonstration, and a session to come makes none newer. The date of a series depends on the viewer, so no index has this order.
macro_rules! ranked {
    () => {
        concat!(
            "WITH listed AS (
                 SELECT series.id, series.position, series.demonstration,
                        max(recording.date) FILTER (WHERE ",
            held_recording!(),
            ") AS last_date
                 FROM series
                 JOIN recording ON recording.series_id = series.id AND ",
            listed_recording!(),
            " GROUP BY series.id
             ), ranked AS MATERIALIZED (
                 SELECT id, count(*) OVER () AS total,
                        row_number() OVER (ORDER BY demonstration, position IS NULL, position, last_date DESC, id DESC) AS rank
                 FROM listed
             )"
        )
    };
}

/// A part of the list; a cursor names a series of it by any slug that it ever had.
pub fn slice(
    conn: &Connection,
    viewer: &Viewer,
    cursor: &Cursor,
    most: usize,
) -> Result<Slice<Listed>> {
    let rank = |name: &str| {
        let sql = concat!(
            ranked!(),
            " SELECT rank FROM ranked WHERE id = (SELECT series_id FROM address WHERE kind = 'series' AND name = :name)"
        );
        conn.find_value::<u32>(sql, viewer_params! { viewer, ":name": name })
    };
    let ranked = Slice::find(cursor, most, rank, |rank, direction, most| {
        let sql = match direction {
            Direction::Forward => concat!(
                ranked!(),
                " SELECT id, rank, total FROM ranked WHERE rank > :rank ORDER BY rank LIMIT :most"
            ),
            Direction::Backward => concat!(
                ranked!(),
                " SELECT id, rank, total FROM ranked WHERE rank < :rank ORDER BY rank DESC LIMIT :most"
            ),
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rank = rank.copied().unwrap_or(0);
        let params = viewer_params! { viewer, ":rank": rank, ":most": most };
        conn.rows::<(i64, u32, u32), Vec<_>, _>(sql, params, |row| row.try_into())
    })?;
    let ids: Vec<i64> = ranked.items.iter().map(|(id, _, _)| *id).collect();
    let mut found = overviews(conn, viewer, &ids)?;
    let found = ranked.map(|(id, rank, of)| {
        let overview = found.remove(&id)?;
        Some(Listed { overview, rank, of })
    });
    Ok(found.flatten())
}

/// How many series the viewer sees in lists.
pub fn count(conn: &Connection, viewer: &Viewer) -> Result<u32> {
    let sql = concat!(
        "SELECT count(DISTINCT recording.series_id) FROM recording WHERE ",
        listed_recording!()
    );
    conn.value(sql, viewer_params! { viewer })
}

/// The series with this row id. [`Error::NotFound`] when the viewer may see none of its recordings in lists.
pub fn overview(conn: &Connection, viewer: &Viewer, id: i64) -> Result<Overview> {
    let found = overviews(conn, viewer, &[id])?.remove(&id);
    found.ok_or(Error::NotFound)
}

fn overviews(conn: &Connection, viewer: &Viewer, ids: &[i64]) -> Result<HashMap<i64, Overview>> {
    let sql = concat!(
        "SELECT series.*,
                count(*) FILTER (WHERE ",
        held_recording!(),
        ") AS held,
                count(*) FILTER (WHERE NOT ",
        held_recording!(),
        ") AS planned,
                coalesce(sum((SELECT max(duration_ms)
                              FROM original
                              WHERE original.recording_id = recording.id
                                AND superseded_at IS NULL
                                AND missing_since IS NULL)), 0) AS duration_ms,
                min(recording.date) FILTER (WHERE ",
        held_recording!(),
        ") AS first_date,
                max(recording.date) FILTER (WHERE ",
        held_recording!(),
        ") AS last_date
         FROM json_each(:ids) AS wanted
         JOIN series ON series.id = wanted.value
         JOIN recording ON recording.series_id = series.id AND ",
        listed_recording!(),
        "GROUP BY series.id"
    );
    let ids = query::json(ids)?;
    conn.rows(sql, viewer_params! { viewer, ":ids": ids }, |row| {
        let series = from_row(row)?;
        let overview = Overview {
            count: Count::from_row(row)?,
            duration_ms: row.get("duration_ms")?,
            first_date: row.get("first_date")?,
            last_date: row.get("last_date")?,
            series,
        };
        Ok((overview.series.id, overview))
    })
}

/// SQL: all series of the desk, each with the count of its recordings outside the trash.
macro_rules! counted {
    () => {
        concat!(
            "SELECT series.*,
                    (SELECT count(*) FROM recording WHERE series_id = series.id AND deleted_at IS NULL AND ",
            held_recording!(),
            ") AS held,
                    (SELECT count(*) FROM recording WHERE series_id = series.id AND deleted_at IS NULL AND NOT ",
            held_recording!(),
            ") AS planned
             FROM series
             WHERE ",
            kept_series!(),
            " AND "
        )
    };
}

/// A part of all series of the desk, also of those without recordings, in the order of their folders; for the desk. A cursor names a series by its
/// row id. Beside each, how many recordings it has outside the trash.
pub fn of_desk(conn: &Connection, cursor: &Cursor, most: usize) -> Result<Slice<(Series, Count)>> {
    let folder = |name: &str| {
        let sql = "SELECT folder FROM series WHERE id = :id";
        let id: Option<i64> = name.parse().ok();
        conn.find_value::<String>(sql, named_params! { ":id": id })
    };
    Slice::find(cursor, most, folder, |folder, direction, most| {
        let sql = match direction {
            Direction::Forward => {
                concat!(counted!(), "folder > :folder ORDER BY folder LIMIT :most")
            }
            Direction::Backward => {
                concat!(
                    counted!(),
                    "folder < :folder ORDER BY folder DESC LIMIT :most"
                )
            }
        };
        let folder = folder.map_or("", String::as_str);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        conn.rows(
            sql,
            named_params! { ":folder": folder, ":most": most },
            |row| Ok((from_row(row)?, Count::from_row(row)?)),
        )
    })
}
