//! Everything that search engines are told of, without demonstration series: recordings by row and series by slug, so that a part
//! of a sitemap stays the same when others are added. In: a border. Out: a bounded part, or the borders of all parts.

use rusqlite::Connection;

use super::publication::published_at;
use super::{Recording, columns, from_row};
use crate::catalogue::query::Query;
use crate::catalogue::{PublicId, Viewer};
use crate::error::Result;
use crate::{listed_recording, viewer_params};

/// SQL: a recording that is told of.
macro_rules! is_mapped {
    () => {
        concat!(
            "recording.series_id IN (SELECT id FROM series WHERE demonstration = 0) AND ",
            listed_recording!()
        )
    };
}

/// SQL: a series that is told of.
macro_rules! has_mapped {
    () => {
        concat!(
            "series.demonstration = 0 AND EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND ",
            listed_recording!(),
            ")"
        )
    };
}

/// The recordings after this one, at most `most`; the first ones without one, or when it is not told of.
pub fn recordings(
    conn: &Connection,
    viewer: &Viewer,
    after: Option<&PublicId>,
    most: u32,
) -> Result<Vec<Recording>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM recording
          WHERE recording.id > coalesce((SELECT recording.id FROM recording WHERE recording.public_id = :after AND ",
        is_mapped!(),
        "), 0) AND ",
        is_mapped!(),
        " ORDER BY recording.id LIMIT :most"
    );
    let params = viewer_params! { viewer, ":after": after, ":most": most };
    conn.rows(sql, params, from_row)
}

/// The slugs of the series after this one, at most `most`, each with the moment (UTC seconds) at which its page last changed for
/// visitors.
pub fn series(
    conn: &Connection,
    viewer: &Viewer,
    after: &str,
    most: u32,
) -> Result<Vec<(String, i64)>> {
    let sql = concat!(
        "SELECT slug, max(coalesce(series.changed_at, 0),
                          (SELECT max(max(coalesce(recording.changed_at, 0), ",
        published_at!(),
        ")) FROM recording WHERE recording.series_id = series.id AND ",
        listed_recording!(),
        "))
         FROM series WHERE slug > :after AND ",
        has_mapped!(),
        " ORDER BY slug LIMIT :most"
    );
    let params = viewer_params! { viewer, ":after": after, ":most": most };
    conn.rows(sql, params, |row| row.try_into())
}

/// The last recording of every full part of `most`, but for the last part.
pub fn recording_borders(conn: &Connection, viewer: &Viewer, most: u32) -> Result<Vec<PublicId>> {
    let sql = concat!(
        "SELECT public_id
         FROM (SELECT public_id, row_number() OVER (ORDER BY recording.id) AS place, count(*) OVER () AS total
               FROM recording WHERE ",
        is_mapped!(),
        ")
         WHERE place % :most = 0 AND place < total"
    );
    conn.values(sql, viewer_params! { viewer, ":most": most })
}

/// The last series of every full part of `most`, but for the last part.
pub fn series_borders(conn: &Connection, viewer: &Viewer, most: u32) -> Result<Vec<String>> {
    let sql = concat!(
        "SELECT slug
         FROM (SELECT slug, row_number() OVER (ORDER BY slug) AS place, count(*) OVER () AS total
               FROM series WHERE ",
        has_mapped!(),
        ")
         WHERE place % :most = 0 AND place < total"
    );
    conn.values(sql, viewer_params! { viewer, ":most": most })
}
