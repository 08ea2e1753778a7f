//! A series: an ordered set of recordings in one folder below the media folder. A series is shown when one of its recordings is.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::LazyLock;

use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

pub mod listed;
pub mod metadata;
pub mod removed;

use crate::catalogue::field;
use crate::catalogue::name::composed;
use crate::catalogue::query::{self, Query};
use crate::catalogue::recording::{Count, Recording};
use crate::embed_sites::EmbedSites;
use crate::error::Result;
use crate::{kept_series, open_recording};

/// The folder for recordings that were uploaded without a series.
pub const INBOX: &str = "inbox";

pub use listed::overview;
use metadata::FIELDS;
pub use metadata::Metadata;

/// A series. It dereferences to its metadata: `series.organiser`, `series.title()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub id: i64,
    /// Name of the folder on disk, even when it is gone.
    pub folder: String,
    pub slug: String,
    /// Metadata including inherited values.
    pub metadata: Metadata,
}

impl Deref for Series {
    type Target = Metadata;

    fn deref(&self) -> &Metadata {
        &self.metadata
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Series> {
    Ok(Series {
        id: row.get("id")?,
        folder: row.get("folder")?,
        slug: row.get("slug")?,
        metadata: field::from_row(FIELDS, row)?,
    })
}

impl Series {
    /// The sites that may embed the player of a recording (`None`: of the series as a whole): those of the recording, otherwise of
    /// the series, otherwise `portal`.
    pub fn embed_sites_of(&self, recording: Option<&Recording>, portal: EmbedSites) -> EmbedSites {
        let own = recording.and_then(|recording| recording.embed_sites.as_ref());
        own.or(self.embed_sites.as_ref()).cloned().unwrap_or(portal)
    }
}

/// A series with the numbers for a list, counting only recordings that the viewer may see in lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub series: Series,
    /// Number of recordings, at least 1 of either kind.
    pub count: Count,
    /// Total duration in milliseconds.
    pub duration_ms: u64,
    /// ISO 8601 dates of the first and the last recording with a date; one that is still planned says nothing about the years of a
    /// series.
    pub first_date: Option<String>,
    pub last_date: Option<String>,
}

/// The series with this row id. The caller has checked that the viewer may see one of its recordings.
pub fn by_id(conn: &Connection, id: i64) -> Result<Series> {
    let sql = "SELECT * FROM series WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// These series by row id, in one query. The caller has checked that the viewer may see their recordings.
pub fn by_ids(conn: &Connection, ids: &[i64]) -> Result<HashMap<i64, Series>> {
    let ids = query::json(ids)?;
    let sql = "SELECT * FROM series WHERE id IN (SELECT value FROM json_each(:ids))";
    conn.rows(sql, named_params! { ":ids": ids }, |row| {
        from_row(row).map(|series| (series.id, series))
    })
}

/// The series in a folder, for the scan.
pub fn by_folder(conn: &Connection, folder: &str) -> Result<Option<Series>> {
    let sql = "SELECT * FROM series WHERE folder = :folder";
    conn.find(sql, named_params! { ":folder": folder }, from_row)
}

/// All series; for the scan and the command line.
pub fn all(conn: &Connection) -> Result<Vec<Series>> {
    conn.rows("SELECT * FROM series ORDER BY folder", [], from_row)
}

/// How far an association has come, without the demonstration and the trash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Begun {
    pub series: u32,
    /// Recordings with a file.
    pub recordings: u32,
    /// Those of them that visitors find.
    pub public: u32,
}

/// Counts what an association has of its own.
pub fn begun(conn: &Connection) -> Result<Begun> {
    let sql = concat!(
        "SELECT (SELECT count(*) FROM series WHERE demonstration = 0 AND ",
        kept_series!(),
        ") AS series,
                count(*) AS recordings,
                coalesce(sum(",
        open_recording!(listed),
        "), 0) AS public
               FROM recording JOIN series ON series.id = recording.series_id
               WHERE series.demonstration = 0 AND recording.deleted_at IS NULL AND recording.file IS NOT NULL"
    );
    let counted = conn.find(sql, [], |row| {
        Ok(Begun {
            series: row.get("series")?,
            recordings: row.get("recordings")?,
            public: row.get("public")?,
        })
    });
    Ok(counted?.unwrap_or_default())
}

/// Whether a demonstration series with recordings is here.
pub fn has_demonstration(conn: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM series
                              WHERE demonstration = 1
                                AND EXISTS (SELECT 1 FROM recording WHERE series_id = series.id AND deleted_at IS NULL))";
    conn.value(sql, [])
}

/// Row id and title of every series of the desk, when there are at most `most`.
pub fn few(conn: &Connection, most: u32) -> Result<Option<Vec<(i64, String)>>> {
    let sql = concat!(
        "SELECT id, title FROM series WHERE ",
        kept_series!(),
        " LIMIT :most + 1"
    );
    let found: Vec<_> = conn.rows(sql, named_params! { ":most": most }, |row| row.try_into())?;
    Ok(Some(found).filter(|found| found.len() <= most as usize))
}

/// The series that a coordinator means: its row id, the name in its address, or its title. `by_name`: whether a number is the name
/// rather than the row id of a series, when both exist.
pub fn meant(conn: &Connection, words: &str, by_name: bool) -> Result<Option<i64>> {
    let sql = concat!(
        "SELECT id FROM series
         WHERE (id = :id OR slug = lower(:words) OR title = :words COLLATE NOCASE) AND ",
        kept_series!(),
        " ORDER BY (id IS :id) = :by_name, slug = lower(:words) DESC, id
         LIMIT 1"
    );
    let words = &*composed(words.trim());
    let id: Option<i64> = words.parse().ok();
    conn.find_value(
        sql,
        named_params! { ":id": id, ":words": words, ":by_name": by_name },
    )
}

/// Adds the series of a folder under a slug that was never given out (see `address::free_name`). Returns its row id.
pub fn add(conn: &Connection, folder: &str, slug: &str, metadata: &Metadata) -> Result<i64> {
    let sql = "INSERT INTO series (folder, slug, title) VALUES (:folder, :slug, :title)";
    let params = named_params! {
        ":folder": folder,
        ":slug": slug,
        ":title": metadata.title,
    };
    let id = conn.insert(sql, params)?;
    describe(conn, id, metadata)?;
    Ok(id)
}

static DESCRIBE: LazyLock<String> = LazyLock::new(|| {
    let columns = field::assignments(FIELDS);
    format!("UPDATE series SET {columns} WHERE id = :id")
});

/// Stores the metadata that the folder now states.
pub fn describe(conn: &Connection, id: i64, metadata: &Metadata) -> Result<()> {
    field::execute(
        conn,
        &DESCRIBE,
        (FIELDS, metadata),
        named_params! { ":id": id },
    )
}

/// Records that its own texts, which visitors see, have changed.
pub fn change(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE series SET changed_at = :now WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// The namespace of `podcast:guid` (podcastindex.org/namespace/1.0).
const PODCASTS: Uuid = Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// The id of a podcast that has none yet, made from the address at which its feed was first given out, without scheme and slash at
/// the end (podcastindex.org/namespace/1.0). `base`: the address of the portal; `slug`: the oldest one of the series. It is kept
/// from then on, so this form of the address never changes.
pub fn new_podcast_guid(base: &str, slug: &str) -> String {
    let bare = base.split_once("://").map_or(base, |(_, rest)| rest);
    let feed = format!("{}/series/{slug}/podcast.xml", bare.trim_end_matches('/'));
    Uuid::new_v5(&PODCASTS, feed.as_bytes()).to_string()
}

/// Gives each series that visitors may follow and that has no podcast id yet the one that was told so far. A demonstration is
/// followed by nobody.
pub fn keep_podcast_guids(conn: &Connection, base: &str) -> Result<()> {
    // A series whose file was copied from another one is another podcast.
    let sql = "UPDATE series SET podcast_guid = NULL
               WHERE podcast_guid IS NOT NULL
                 AND EXISTS (SELECT 1 FROM series AS first WHERE first.podcast_guid = series.podcast_guid AND first.id < series.id)";
    conn.write(sql, [])?;
    let sql = "SELECT series.id, (SELECT name FROM address WHERE address.series_id = series.id ORDER BY given_at, name LIMIT 1)
               FROM series
               WHERE podcast_guid IS NULL AND demonstration = 0";
    let found: Vec<(i64, Option<String>)> = conn.rows(sql, [], |row| row.try_into())?;
    let guids = found
        .into_iter()
        .filter_map(|(id, slug)| Some((id, new_podcast_guid(base, &slug?))));
    let guids: Vec<(i64, String)> = guids.collect();
    if guids.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE series SET podcast_guid = guid.value ->> 1
               FROM json_each(:guids) AS guid
               WHERE series.id = guid.value ->> 0";
    conn.write(sql, named_params! { ":guids": query::json(&guids)? })
}

/// The podcast ids of all series, by row.
pub fn podcast_guids(conn: &Connection) -> Result<HashMap<i64, String>> {
    let sql = "SELECT id, podcast_guid FROM series WHERE podcast_guid IS NOT NULL";
    let found: Vec<(i64, String)> = conn.rows(sql, [], |row| row.try_into())?;
    Ok(found.into_iter().collect())
}

/// Removes a series without recordings; its addresses must be redirected before.
pub fn remove(conn: &Connection, id: i64) -> Result<()> {
    let sql = "DELETE FROM series WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// Whether a series has no recordings at all, also none in the trash.
pub fn is_empty(conn: &Connection, id: i64) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM recording WHERE series_id = :id)";
    conn.value(sql, named_params! { ":id": id })
}
