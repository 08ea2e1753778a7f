//! The recordings of a series in their order: by number, then date, then row; those without a number last. In: a series and a
//! border. Out: a bounded part of it, read from the index `recording_in_order` whatever the length of the series.

use rusqlite::Connection;

use super::{Count, Recording, columns, from_row, ready_recording};
use crate::catalogue::query::{self, Query};
use crate::catalogue::slice::{Cursor, Direction, Slice};
use crate::catalogue::{PublicId, Viewer};
use crate::error::Result;
use crate::{for_visitors_recording, held_recording, listed_recording, viewer_params};

/// SQL: the sort key of a recording within its series, as the index has it. SQLite narrows an index by the first term alone, because
/// it is an expression; that term therefore has a condition of its own.
macro_rules! order {
    ($direction:literal) => {
        concat!(
            " ORDER BY coalesce(recording.number, 9223372036854775807) ",
            $direction,
            ", coalesce(recording.date, '') ",
            $direction,
            ", recording.id ",
            $direction,
            " LIMIT :most"
        )
    };
    (key) => {
        "(coalesce(recording.number, 9223372036854775807), coalesce(recording.date, ''), recording.id)"
    };
}

/// SQL: recordings of a series that the viewer may see in lists, those strictly on one side of a key.
macro_rules! beyond {
    ($compare:literal, $direction:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM recording
              WHERE recording.series_id = :series
                AND coalesce(recording.number, 9223372036854775807) ",
            $compare,
            "= :number AND ",
            order!(key),
            $compare,
            " (:number, :date, :row) AND (NOT :shared OR ",
            for_visitors_recording!(),
            ") AND ",
            listed_recording!(),
            order!($direction)
        )
    };
}

/// The place of a recording in its series.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    number: i64,
    date: String,
    row: i64,
}

impl Place {
    /// The place before the first recording, or after the last one.
    fn end(direction: Direction) -> Self {
        match direction {
            Direction::Forward => Self {
                number: -1,
                date: String::new(),
                row: 0,
            },
            // After every date comes what begins with a letter.
            Direction::Backward => Self {
                number: i64::MAX,
                date: "z".to_owned(),
                row: i64::MAX,
            },
        }
    }
}

/// Which recordings of a series a list shows, besides what its viewer may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    All,
    /// Those that visitors may see in any way, for what is sent to visitors.
    ForVisitors,
}

/// A part of a series, as [`super::of_series`] would list it.
pub fn slice(
    conn: &Connection,
    viewer: &Viewer,
    (series, shown): (i64, Shown),
    cursor: &Cursor,
    most: usize,
) -> Result<Slice<Recording>> {
    let key = |name: &str| match PublicId::parse(name) {
        Some(id) => place(conn, viewer, (series, shown), &id),
        None => Ok(None),
    };
    Slice::find(cursor, most, key, |key, direction, most| {
        let end = Place::end(direction);
        rows(
            conn,
            viewer,
            (series, shown),
            (key.unwrap_or(&end), direction),
            most,
        )
    })
}

/// Those of these recordings that are in a series, in its order; `ids` holds at most one page.
pub fn among(
    conn: &Connection,
    viewer: &Viewer,
    (series, shown): (i64, Shown),
    ids: &[PublicId],
) -> Result<Vec<Recording>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording
          WHERE recording.public_id IN (SELECT value FROM json_each(:ids))
            AND recording.series_id = :series
            AND (NOT :shared OR ",
        for_visitors_recording!(),
        ") AND ",
        listed_recording!(),
        order!("ASC")
    );
    let params = viewer_params! {
        viewer,
        ":ids": query::json(ids)?,
        ":series": series,
        ":shared": shown == Shown::ForVisitors,
        ":most": i64::try_from(ids.len()).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, from_row)
}

/// The recordings before and after this one in its series, each at most `most`, in order.
pub fn around(
    conn: &Connection,
    viewer: &Viewer,
    recording: &Recording,
    most: usize,
) -> Result<(Vec<Recording>, Vec<Recording>)> {
    let place = Place {
        number: recording.number.unwrap_or(i64::MAX),
        date: recording.date.clone().unwrap_or_default(),
        row: recording.id,
    };
    let of = (recording.series_id, Shown::All);
    let mut before = rows(conn, viewer, of, (&place, Direction::Backward), most)?;
    before.reverse();
    let after = rows(conn, viewer, of, (&place, Direction::Forward), most)?;
    Ok((before, after))
}

fn rows(
    conn: &Connection,
    viewer: &Viewer,
    (series, shown): (i64, Shown),
    (place, direction): (&Place, Direction),
    most: usize,
) -> Result<Vec<Recording>> {
    let sql = match direction {
        Direction::Forward => beyond!(">", "ASC"),
        Direction::Backward => beyond!("<", "DESC"),
    };
    let params = viewer_params! {
        viewer,
        ":series": series,
        ":shared": shown == Shown::ForVisitors,
        ":number": place.number,
        ":date": place.date,
        ":row": place.row,
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    conn.rows(sql, params, from_row)
}

/// The place of a recording that this list shows, under any id it ever had. Another one has no place: where it would stand tells
/// that it exists, of which series it is and from when.
fn place(
    conn: &Connection,
    viewer: &Viewer,
    (series, shown): (i64, Shown),
    id: &PublicId,
) -> Result<Option<Place>> {
    let sql = concat!(
        "SELECT coalesce(recording.number, 9223372036854775807) AS number, coalesce(recording.date, '') AS date, recording.id
         FROM address
         JOIN recording ON recording.id = address.recording_id
         WHERE address.kind = 'recording' AND address.name = :id AND recording.series_id = :series
           AND (NOT :shared OR ",
        for_visitors_recording!(),
        ") AND ",
        listed_recording!()
    );
    let shared = shown == Shown::ForVisitors;
    let params = viewer_params! { viewer, ":id": id, ":series": series, ":shared": shared };
    conn.find(sql, params, |row| {
        Ok(Place {
            number: row.get("number")?,
            date: row.get("date")?,
            row: row.get("id")?,
        })
    })
}

/// A first recording that is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It can be watched.
    Ready,
    /// It has a picture.
    Pictured,
    /// It can be watched wherever its series may be embedded.
    Embedded,
    /// It may be embedded wherever its series may, watched or not.
    Standing,
}

/// The first recording of a series in its order that is as wanted and that the viewer may see in lists.
pub fn first(
    conn: &Connection,
    viewer: &Viewer,
    series: i64,
    wanted: Wanted,
) -> Result<Option<Recording>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording
          WHERE recording.series_id = :series
            AND (NOT :ready OR ",
        ready_recording!(),
        ")
            AND (NOT :pictured OR EXISTS (SELECT 1 FROM poster WHERE poster.recording_id = recording.id))
            AND (NOT :embedded OR recording.embed_sites IS NULL)
            AND ",
        listed_recording!(),
        order!("ASC")
    );
    let params = viewer_params! {
        viewer,
        ":series": series,
        ":ready": matches!(wanted, Wanted::Ready | Wanted::Embedded),
        ":pictured": wanted == Wanted::Pictured,
        ":embedded": matches!(wanted, Wanted::Embedded | Wanted::Standing),
        ":most": 1,
    };
    conn.find(sql, params, from_row)
}

/// How many recordings a series has, without the recordings themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Recordings that the viewer may see in lists.
    pub listed: u32,
    /// Those that are no longer planned.
    pub held: u32,
    /// The highest number among those; 0 when none has one.
    pub highest: i64,
}

impl Extent {
    /// How many recordings these are.
    pub fn count(&self) -> Count {
        Count {
            held: self.held,
            planned: self.listed.saturating_sub(self.held),
        }
    }
}

/// The extent of a series.
pub fn extent(conn: &Connection, viewer: &Viewer, (series, shown): (i64, Shown)) -> Result<Extent> {
    let sql = concat!(
        "SELECT count(*) AS listed,
                coalesce(sum(is_held), 0) AS held,
                coalesce(max(number) FILTER (WHERE is_held), 0) AS highest
         FROM (SELECT recording.number, ",
        held_recording!(),
        " AS is_held
               FROM recording
               WHERE recording.series_id = :series AND (NOT :shared OR ",
        for_visitors_recording!(),
        ") AND ",
        listed_recording!(),
        ")"
    );
    let shared = shown == Shown::ForVisitors;
    let params = viewer_params! { viewer, ":series": series, ":shared": shared };
    conn.row(sql, params, |row| {
        Ok(Extent {
            listed: row.get("listed")?,
            held: row.get("held")?,
            highest: row.get("highest")?,
        })
    })
}

/// The recordings of a series that the viewer may see in lists, each with its number only; to give them other numbers.
pub fn numbers(
    conn: &Connection,
    viewer: &Viewer,
    series: i64,
) -> Result<Vec<(PublicId, Option<i64>)>> {
    let sql = concat!(
        "SELECT recording.public_id, recording.number FROM recording WHERE recording.series_id = :series AND ",
        listed_recording!(),
        order!("ASC")
    );
    let params = viewer_params! { viewer, ":series": series, ":most": -1 };
    conn.rows(sql, params, |row| row.try_into())
}

/// How many recordings of a series the viewer may see in lists.
pub fn count(conn: &Connection, viewer: &Viewer, series: i64) -> Result<u32> {
    let sql = concat!(
        "SELECT count(*) FROM recording WHERE recording.series_id = :series AND ",
        listed_recording!()
    );
    conn.value(sql, viewer_params! { viewer, ":series": series })
}

/// How many recordings of the same series the viewer sees in lists before this one.
pub fn count_before(conn: &Connection, viewer: &Viewer, recording: &Recording) -> Result<u32> {
    let sql = concat!(
        "SELECT count(*) FROM recording
         WHERE recording.series_id = :series
           AND coalesce(recording.number, 9223372036854775807) <= :number
           AND ",
        order!(key),
        " < (:number, :date, :row) AND ",
        listed_recording!()
    );
    let params = viewer_params! {
        viewer,
        ":series": recording.series_id,
        ":number": recording.number.unwrap_or(i64::MAX),
        ":date": recording.date.as_deref().unwrap_or_default(),
        ":row": recording.id,
    };
    conn.value(sql, params)
}
