//! The publication of a recording: the moment at which visitors could first find it in a list and play it. It is no date of the
//! session, it is set once, and it is never later than now. The scan sets it, because every change passes there; `changed_at` says
//! when anything that visitors see last changed.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row, named_params};

use super::{Recording, columns, from_row, ready_recording};
use crate::catalogue::link::Token;
use crate::catalogue::query::{self, Query};
use crate::catalogue::{PublicId, Viewer};
use crate::error::Result;
use crate::{
    listed_recording, once_listed_recording, passed_moment, told_recording, viewer_params,
};

/// SQL: the moment of publication of this row of `recording`, as its index has it. Until the first scan after an update, the date
/// stands for it.
macro_rules! published_at {
    () => {
        "coalesce(recording.published, recording.visible_from, unixepoch(recording.date, '+12 hours'), 0)"
    };
}

pub(super) use published_at;

/// SQL: recordings that can be watched and that the viewer may see in lists, the last published first. Those that were published
/// together are in the reverse order of their series.
macro_rules! newest {
    ($of:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM recording WHERE ",
            $of,
            ready_recording!(),
            " AND ",
            listed_recording!(),
            " ORDER BY ",
            published_at!(),
            " DESC, coalesce(recording.number, 9223372036854775807) DESC, coalesce(recording.date, '') DESC, recording.id DESC
             LIMIT :most"
        )
    };
}

/// The last published recordings of all series, at most `most`.
pub fn newest(conn: &Connection, viewer: &Viewer, most: u32) -> Result<Vec<Recording>> {
    let params = viewer_params! { viewer, ":most": most };
    conn.rows(newest!(""), params, from_row)
}

/// The last published recordings of a series, at most `most`; `None`: all.
pub fn newest_of(
    conn: &Connection,
    viewer: &Viewer,
    series: i64,
    most: Option<u32>,
) -> Result<Vec<Recording>> {
    let most = most.map_or(i64::MAX, i64::from);
    let params = viewer_params! { viewer, ":series": series, ":most": most };
    conn.rows(
        newest!("recording.series_id = :series AND "),
        params,
        from_row,
    )
}

/// When the list of a series (`None`: of all series) last changed for visitors, in UTC seconds: a recording was published, changed,
/// withdrawn or reached its end.
pub fn last_change(conn: &Connection, viewer: &Viewer, series: Option<i64>) -> Result<Option<i64>> {
    let sql = concat!(
        "SELECT max(max(coalesce(recording.changed_at, 0), coalesce(recording.published, 0), coalesce(series.changed_at, 0), ",
        passed_moment!(),
        "))
         FROM recording
         JOIN series ON series.id = recording.series_id
         WHERE (:series IS NULL OR recording.series_id = :series) AND ",
        told_recording!()
    );
    let params = named_params! {
        ":now": viewer.now(),
        ":link": viewer.link(),
        ":series": series,
    };
    let changed: Option<i64> = conn.value(sql, params)?;
    Ok(changed.filter(|changed| *changed > 0))
}

/// A recording that visitors could see already, or can see from now on, and of which no moment of publication is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    pub id: i64,
    pub public_id: PublicId,
    /// Slug of its series.
    pub series: String,
    /// UTC seconds; at most now.
    pub visible_from: Option<i64>,
    pub date: Option<String>,
    /// When it arrived, in UTC seconds.
    pub arrived: i64,
}

/// SQL: recordings without a moment of publication.
macro_rules! without_moment {
    () => {
        "SELECT recording.id, recording.public_id, series.slug, recording.visible_from, recording.date,
                coalesce((SELECT min(given_at) FROM address WHERE address.recording_id = recording.id), :now) AS arrived
         FROM recording
         JOIN series ON series.id = recording.series_id
         WHERE recording.published IS NULL AND "
    };
}

fn unsettled_of(row: &Row<'_>) -> rusqlite::Result<Unsettled> {
    Ok(Unsettled {
        id: row.get("id")?,
        public_id: row.get("public_id")?,
        series: row.get("slug")?,
        visible_from: row.get("visible_from")?,
        date: row.get("date")?,
        arrived: row.get("arrived")?,
    })
}

/// Those of these recordings (row ids) that visitors could find and play before the change that is about to be applied, and whose
/// moment of publication is not known: those that a version before this field made public, and those whose begin has passed.
pub fn unsettled(conn: &Connection, ids: &[i64], now: i64) -> Result<Vec<Unsettled>> {
    let sql = concat!(
        without_moment!(),
        "recording.id IN (SELECT value FROM json_each(:ids))
           AND EXISTS (SELECT 1 FROM original WHERE original.recording_id = recording.id AND original.state = 'ready')
           AND ",
        once_listed_recording!()
    );
    let params = named_params! {
        ":ids": query::json(ids)?,
        ":now": now,
        ":link": None::<Token>,
    };
    conn.rows(sql, params, unsettled_of)
}

/// When each of these subjects of the audit list was first made public, in UTC seconds.
pub fn acts(conn: &Connection, subjects: &[String]) -> Result<HashMap<String, i64>> {
    // An act of the desk has lines of the sidecar, one of the scan has the fields that differ.
    let sql = "SELECT subject, min(at)
               FROM audit
               WHERE subject IN (SELECT value FROM json_each(:subjects))
                 AND (instr(after, 'visibility = \"public\"') > 0 OR instr(after, 'visibility = public') > 0)
               GROUP BY subject";
    let found: Vec<(String, i64)> = conn.rows(
        sql,
        named_params! { ":subjects": query::json(subjects)? },
        |row| row.try_into(),
    )?;
    Ok(found.into_iter().collect())
}

/// Sets the moments of publication (UTC seconds) of recordings (row ids) that have none.
pub fn set(conn: &Connection, moments: &[(i64, i64)]) -> Result<()> {
    let sql = "UPDATE recording SET published = moment.value ->> 1
               FROM json_each(:moments) AS moment
               WHERE recording.id = moment.value ->> 0 AND recording.published IS NULL";
    conn.write(sql, named_params! { ":moments": query::json(moments)? })
}

/// Whether visitors find this recording in lists and can play it.
pub fn is_out(conn: &Connection, id: i64, now: i64) -> Result<bool> {
    let visitor = Viewer::visitor(now);
    let sql = concat!(
        "SELECT ",
        ready_recording!(),
        " AND ",
        listed_recording!(),
        " FROM recording WHERE recording.id = :id"
    );
    conn.value(sql, viewer_params! { visitor, ":id": id })
}

/// The recordings of a series that lost its password whose moment of publication is not known: visitors find them now.
pub fn unlocked(conn: &Connection, series: i64, now: i64) -> Result<Vec<Unsettled>> {
    let visitor = Viewer::visitor(now);
    let sql = concat!(
        without_moment!(),
        "recording.series_id = :series AND ",
        ready_recording!(),
        " AND ",
        listed_recording!()
    );
    let params = viewer_params! { visitor, ":series": series };
    conn.rows(sql, params, unsettled_of)
}

/// When the desk gave this subject of the audit list a password and took it away again, and whether it had one from then on, by UTC
/// seconds.
pub fn locks(conn: &Connection, subject: &str) -> Result<BTreeMap<i64, bool>> {
    let sql = "SELECT at, instr(coalesce(after, ''), 'password_hash') > 0
               FROM audit
               WHERE subject = :subject AND act = 'set password'
                 AND instr(coalesce(before, ''), 'password_hash') + instr(coalesce(after, ''), 'password_hash') > 0
               ORDER BY id";
    let found: Vec<(i64, bool)> = conn.rows(sql, named_params! { ":subject": subject }, |row| {
        row.try_into()
    })?;
    Ok(found.into_iter().collect())
}

/// Records that something visitors see of a recording has changed.
pub fn change(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE recording SET changed_at = :now WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}
