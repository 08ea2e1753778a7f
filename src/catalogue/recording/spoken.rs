//! The recordings of a speaker, newest first; those without a date last, and those of one day by number. In: a speaker and a border.
//! Out: a bounded part of them.

use rusqlite::Connection;

use super::{Count, Recording, columns, from_row};
use crate::catalogue::query::Query;
use crate::catalogue::slice::{Cursor, Direction, PAGE, Slice};
use crate::catalogue::{PublicId, Viewer};
use crate::error::Result;
use crate::{held_recording, listed_recording, viewer_params};

/// SQL: the sort key, whose parts all ascend towards the newest recording.
macro_rules! key {
    () => {
        "(coalesce(recording.date, ''), -coalesce(recording.number, 0), -recording.id)"
    };
}

/// SQL: the speaker has a part in this row of `recording`.
macro_rules! is_spoken {
    () => {
        "recording.id IN (SELECT recording_id FROM recording_speaker WHERE speaker_id = :speaker)"
    };
}

/// SQL: recordings of the speaker strictly on one side of a key; all without a key.
macro_rules! beyond {
    ($compare:literal, $direction:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM recording WHERE ",
            is_spoken!(),
            " AND (:date IS NULL OR ",
            key!(),
            $compare,
            "(:date, :number, :row)) AND ",
            listed_recording!(),
            " ORDER BY coalesce(recording.date, '') ",
            $direction,
            ", -coalesce(recording.number, 0) ",
            $direction,
            ", -recording.id ",
            $direction,
            " LIMIT :most"
        )
    };
}

/// A part of the recordings of a speaker that the viewer may see in lists.
pub fn slice(
    conn: &Connection,
    viewer: &Viewer,
    speaker: i64,
    cursor: &Cursor,
) -> Result<Slice<Recording>> {
    Slice::find(
        cursor,
        PAGE,
        |name| place(conn, viewer, speaker, name),
        |place, direction, most| {
            let sql = match direction {
                Direction::Forward => beyond!("<", "DESC"),
                Direction::Backward => beyond!(">", "ASC"),
            };
            let params = viewer_params! {
                viewer,
                ":speaker": speaker,
                ":date": place.map(|(date, _, _)| date),
                ":number": place.map(|(_, number, _)| number),
                ":row": place.map(|(_, _, row)| row),
                ":most": i64::try_from(most).unwrap_or(i64::MAX),
            };
            conn.rows(sql, params, from_row)
        },
    )
}

/// How many recordings of a speaker the viewer may see in lists.
pub fn count(conn: &Connection, viewer: &Viewer, speaker: i64) -> Result<Count> {
    let sql = concat!(
        "SELECT count(*) FILTER (WHERE ",
        held_recording!(),
        ") AS held, count(*) FILTER (WHERE NOT ",
        held_recording!(),
        ") AS planned
         FROM recording WHERE ",
        is_spoken!(),
        " AND ",
        listed_recording!()
    );
    conn.row(
        sql,
        viewer_params! { viewer, ":speaker": speaker },
        Count::from_row,
    )
}

/// How many of them precede this one.
pub fn count_before(
    conn: &Connection,
    viewer: &Viewer,
    speaker: i64,
    recording: &Recording,
) -> Result<u32> {
    let sql = concat!(
        "SELECT count(*) FROM recording WHERE ",
        is_spoken!(),
        " AND ",
        key!(),
        " > (:date, :number, :row) AND ",
        listed_recording!()
    );
    let params = viewer_params! {
        viewer,
        ":speaker": speaker,
        ":date": recording.date.as_deref().unwrap_or_default(),
        ":number": -recording.number.unwrap_or(0),
        ":row": -recording.id,
    };
    conn.value(sql, params)
}

/// The sort key of a recording that this list shows, under any id it ever had; of no other one.
fn place(
    conn: &Connection,
    viewer: &Viewer,
    speaker: i64,
    name: &str,
) -> Result<Option<(String, i64, i64)>> {
    let Some(id) = PublicId::parse(name) else {
        return Ok(None);
    };
    let sql = concat!(
        "SELECT coalesce(recording.date, ''), -coalesce(recording.number, 0), -recording.id
         FROM address
         JOIN recording ON recording.id = address.recording_id
         WHERE address.kind = 'recording' AND address.name = :id AND ",
        is_spoken!(),
        " AND ",
        listed_recording!()
    );
    let params = viewer_params! { viewer, ":id": id, ":speaker": speaker };
    conn.find(sql, params, |row| row.try_into())
}
