//! The folder of a series as a whole: its `series.toml`, and its address when the folder is renamed. In: a folder. Out: the row of
//! the series, and the defaults of its recordings.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::folder::Folder;
use super::metadata::{self, Defaults};
use super::passwords;
use super::published;
use super::report::Report;
use crate::app::App;
use crate::catalogue::address::{self, AddressKind};
use crate::catalogue::library_file::{self, LibraryFile};
use crate::catalogue::link::{self, Target};
use crate::catalogue::recording::{Metadata, Visibility};
use crate::catalogue::{id, series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::search;
use crate::sidecar::{self, SERIES_FILE, SeriesSidecar};

/// The content of the `series.toml` in a folder.
#[derive(Debug)]
pub struct SeriesFile {
    /// `None` when the file could not be read: the metadata in the catalogue stays.
    stated: Option<SeriesSidecar>,
    is_writable: bool,
    /// The file, when it holds a password that nobody can use.
    unusable: Option<LibraryFile>,
}

/// A folder whose series has a row.
#[derive(Debug)]
pub struct SeriesFolder {
    pub folder: String,
    pub id: i64,
    pub defaults: Defaults,
    /// Former slugs that the series file lists.
    former_slugs: Vec<String>,
    /// The id for podcast apps that the series file states; `None`: the file cannot be read, so it is not written either.
    pub podcast_guid: Option<Option<String>>,
    /// Whether sidecars can be written in the folder.
    pub is_writable: bool,
}

/// The default metadata from the settings, the time zone of the portal and the current time in UTC seconds.
pub type Facts = (Metadata, TimeZone, i64);

pub fn facts(app: &App) -> Facts {
    (
        app.config.of_recordings(),
        app.config.zone(),
        app.clock.now(),
    )
}

/// Reads `series.toml`. A broken file is reported with the line of the error.
pub fn read(library: &Library, folder: &str, sorted: &Folder, report: &mut Report) -> SeriesFile {
    let stated = stated(library, folder, sorted, report);
    let unusable = stated.as_ref().filter(|stated| {
        let links = stated.links.iter().map(|link| link.password_hash.as_ref());
        passwords::has_unusable(links.chain([stated.metadata.password_hash.as_ref()]))
    });
    SeriesFile {
        unusable: unusable.and_then(|_| passwords::refused(library, folder, SERIES_FILE, report)),
        stated,
        is_writable: library.is_writable(folder),
    }
}

/// The content of the series file: empty when there is no file, `None` when it cannot be read.
fn stated(
    library: &Library,
    folder: &str,
    sorted: &Folder,
    report: &mut Report,
) -> Option<SeriesSidecar> {
    if sorted.has_unread_series_file {
        return None;
    }
    if !sorted.has_series_file {
        return Some(SeriesSidecar::default());
    }
    let read = match sidecar::read_text(library, folder, SERIES_FILE) {
        Ok(None) => return Some(SeriesSidecar::default()),
        Ok(Some(text)) => sidecar::read_series(&text).map_err(|broken| broken.to_string()),
        Err(problem) => Err(problem.to_string()),
    };
    let place = format!("{folder}/{SERIES_FILE}");
    match read {
        Ok(read) => {
            for unknown in &read.unknown {
                report.note(
                    format!("{place}, line {}", unknown.line),
                    format!("\"{}\" has no meaning here", unknown.key),
                );
            }
            Some(read.value)
        }
        Err(problem) => {
            report.note(place, format!("{problem}; nothing of it was taken over"));
            None
        }
    }
}

/// Applies a series to the catalogue. `None` for a folder that never was a series and has neither a recording nor a `series.toml`
/// (`is_empty`).
pub fn apply(
    conn: &Connection,
    folder: &str,
    is_empty: bool,
    file: SeriesFile,
    (settings, zone, now): Facts,
) -> Result<Option<SeriesFolder>> {
    let stored = series::by_folder(conn, folder)?;
    let mut metadata = match (&stored, &file.stated) {
        (None, _) if is_empty => return Ok(None),
        (_, Some(stated)) => metadata::series(folder, &stated.metadata),
        (Some(stored), None) => stored.metadata.clone(),
        // The file of a new series cannot be read: its recordings wait as drafts, whatever the settings say.
        (None, None) => {
            let hidden = series::Metadata {
                visibility: Some(Visibility::Draft),
                ..series::Metadata::default()
            };
            metadata::series(folder, &hidden)
        }
    };
    if metadata.podcast_guid.is_none() {
        let before = stored.as_ref();
        metadata.podcast_guid = before.and_then(|stored| stored.metadata.podcast_guid.clone());
    }
    let id = match stored {
        Some(stored) => {
            describe(conn, &stored, &metadata, now)?;
            stored.id
        }
        None => add(conn, folder, &metadata, now)?,
    };
    match &file.unusable {
        Some(file) => library_file::note(conn, file)?,
        None => library_file::forget(conn, folder, SERIES_FILE)?,
    }
    if let Some(stated) = &file.stated {
        let links = metadata::links(&stated.links, Target::Series(id), now);
        link::replace(conn, Target::Series(id), &links, now)?;
    }
    let podcast_guid = file
        .stated
        .as_ref()
        .map(|stated| stated.podcast_guid.clone());
    let old = file.stated.unwrap_or_default();
    // The file lists the oldest slug first, and the moments given here keep that order.
    for (slug, before) in old.former_slugs.iter().rev().zip(1..) {
        let slug = id::slug(slug);
        if !slug.is_empty() && !address::is_given(conn, AddressKind::Series, &slug)? {
            address::give(conn, AddressKind::Series, &slug, id, now - before)?;
        }
    }
    for deleted in &old.deleted {
        address::retire(conn, AddressKind::Recording, deleted, now)?;
    }
    let defaults = metadata::defaults(&metadata, folder, &settings, zone);
    Ok(Some(SeriesFolder {
        folder: folder.to_owned(),
        id,
        defaults,
        former_slugs: old.former_slugs,
        podcast_guid,
        is_writable: file.is_writable,
    }))
}

/// Stores what the folder now states of a known series. The recordings of one that lost its password are published.
fn describe(
    conn: &Connection,
    stored: &series::Series,
    metadata: &series::Metadata,
    now: i64,
) -> Result<()> {
    if stored.metadata == *metadata {
        return Ok(());
    }
    series::describe(conn, stored.id, metadata)?;
    series::change(conn, stored.id, now)?;
    if stored.metadata.password_hash.is_some() && metadata.password_hash.is_none() {
        published::unlocked(conn, stored.id, now)?;
    }
    let is_searched = |it: &series::Metadata| (it.title.clone(), it.organiser.clone());
    match is_searched(&stored.metadata) == is_searched(metadata) {
        true => Ok(()),
        false => search::reindex_series(conn, stored.id),
    }
}

/// A series as the catalogue has it, for a scan in which the series file did not change; `None` when it has no row yet.
pub fn stored(
    conn: &Connection,
    folder: &str,
    is_writable: bool,
    (settings, zone, _): Facts,
) -> Result<Option<SeriesFolder>> {
    let found = series::by_folder(conn, folder)?;
    Ok(found.map(|found| SeriesFolder {
        folder: folder.to_owned(),
        id: found.id,
        defaults: metadata::defaults(&found.metadata, folder, &settings, zone),
        former_slugs: Vec::new(),
        podcast_guid: None,
        is_writable,
    }))
}

fn add(conn: &Connection, folder: &str, metadata: &series::Metadata, now: i64) -> Result<i64> {
    let slug = address::free_name(conn, AddressKind::Series, &id::slug(folder), "reeks")?;
    let id = series::add(conn, folder, &slug, metadata)?;
    address::give(conn, AddressKind::Series, &slug, id, now)?;
    Ok(id)
}

/// Slugs that lead to the series and that its file does not list yet.
pub fn unsaid_slugs(conn: &Connection, series_folder: &SeriesFolder) -> Result<Vec<String>> {
    let slug = series::by_id(conn, series_folder.id)?.slug;
    let given = address::of_series(conn, series_folder.id)?;
    Ok(given
        .into_iter()
        .filter(|given| *given != slug && !series_folder.former_slugs.contains(given))
        .collect())
}

/// Adds former slugs to the series file, so that they also lead to the series in a rebuilt catalogue.
pub fn write_slugs(library: &Library, folder: &str, slugs: Vec<String>, report: &mut Report) {
    if let Err(problem) = edit(library, folder, |stated| {
        for slug in slugs {
            if !stated.former_slugs.contains(&slug) {
                stated.former_slugs.push(slug);
            }
        }
    }) {
        report.note(
            format!("{folder}/{SERIES_FILE}"),
            format!("could not be written: {problem}"),
        );
    }
}

/// Adds the id for podcast apps to the series file, so that apps know the podcast in a rebuilt catalogue and at another address.
pub fn write_podcast_guid(library: &Library, folder: &str, guid: String, report: &mut Report) {
    if let Err(problem) = edit(library, folder, |stated| {
        stated.podcast_guid = Some(guid);
    }) {
        report.note(
            format!("{folder}/{SERIES_FILE}"),
            format!("could not be written: {problem}"),
        );
    }
}

/// Edits the series file, and creates it when there is none.
pub fn edit(
    library: &Library,
    folder: &str,
    change: impl FnOnce(&mut SeriesSidecar),
) -> Result<()> {
    let text = sidecar::read_text(library, folder, SERIES_FILE)?;
    let edited = sidecar::edit_series(text.as_deref(), change).map_err(Error::internal)?;
    library.write(folder, SERIES_FILE, edited.as_bytes())
}
