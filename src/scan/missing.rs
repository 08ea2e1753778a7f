//! Finds what is missing from the media folder. In: what the catalogue knows and what the scan found. Out: missing files and
//! recordings, whose pages keep answering, and series whose folder was renamed. Nothing is deleted here.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::file_name;
use super::folder::PassedOver;
use super::report::{FindingKind, Report};
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::original::FilePlace;
use crate::catalogue::recording::stored::{self, Planned};
use crate::catalogue::{address, library_file, link, original, series};
use crate::error::Result;
use crate::library::{Entry, Library};
use crate::sidecar;

/// Marks the originals of a folder, or of one stem in it, that are not among `files` as missing.
pub fn lose_files(
    conn: &Connection,
    folder: &str,
    stem: Option<&str>,
    files: &HashSet<String>,
    now: i64,
    report: &mut Report,
) -> Result<()> {
    for original in original::of_folder(conn, folder, stem)? {
        if !original.missing && !files.contains(&original.place.file) {
            original::lose(conn, original.id, now)?;
            let place = format!("{folder}/{}", original.place.file);
            report.find(place, FindingKind::Missing);
        }
    }
    for file in library_file::of_folder(conn, folder, stem)?.into_keys() {
        if !files.contains(&file) {
            library_file::forget(conn, folder, &file)?;
        }
    }
    Ok(())
}

/// The entries of a folder (empty: of the media folder itself) that a coordinator has to take away, as refused files.
pub fn in_the_way(folder: &str, passed_over: &[(String, PassedOver)]) -> Vec<LibraryFile> {
    let in_the_way = passed_over
        .iter()
        .filter(|(name, why)| why.is_in_the_way(name));
    in_the_way
        .map(|(name, why)| LibraryFile {
            // What stands there was not read, so its size and time say nothing.
            place: FilePlace {
                folder: folder.to_owned(),
                file: name.clone(),
                size_bytes: 0,
                modified_ns: 0,
                inode: 0,
            },
            state: FileState::Refused,
            problem: Some(why.reason().to_owned()),
        })
        .collect()
}

/// Records what is in the way in a folder now.
pub fn replace_in_the_way(conn: &Connection, folder: &str, now: &[LibraryFile]) -> Result<()> {
    library_file::forget_no_files(conn, folder)?;
    now.iter()
        .try_for_each(|file| library_file::note(conn, file))
}

/// The planned recordings that have no file in the media folder any more. A folder that cannot be read makes none of them missing.
pub fn without_a_trace(
    library: &Library,
    planned: Vec<Planned>,
    folders: &HashSet<String>,
) -> Vec<Planned> {
    let stems_of = |folder: &str| -> Option<HashSet<String>> {
        if !folders.contains(folder) {
            return Some(HashSet::new());
        }
        let entries = library.folder(folder).ok()?;
        let stem = |entry: &Entry| file_name::kind(&entry.name).0.to_owned();
        Some(entries.iter().map(stem).collect())
    };
    let mut there: HashMap<String, Option<HashSet<String>>> = HashMap::new();
    let mut lost = Vec::new();
    for one in planned {
        let stems = there
            .entry(one.folder.clone())
            .or_insert_with(|| stems_of(&one.folder));
        if stems
            .as_ref()
            .is_some_and(|stems| !stems.contains(&one.stem))
        {
            lost.push(one);
        }
    }
    lost
}

/// Marks these planned recordings as missing.
pub fn lose_planned(
    conn: &Connection,
    lost: &[Planned],
    now: i64,
    report: &mut Report,
) -> Result<()> {
    for planned in lost {
        // A recording that moved since the check is not marked.
        if stored::lose(conn, planned, now)? {
            let file = sidecar::file_of(&planned.stem);
            report.find(format!("{}/{file}", planned.folder), FindingKind::Missing);
        }
    }
    Ok(())
}

/// Handles a recording that moved to another series. When the old series is empty and its folder is gone, it was renamed or merged,
/// and its addresses lead to the new series.
pub fn leave(conn: &Connection, old: i64, new: i64, folders: &HashSet<String>) -> Result<()> {
    let is_gone = !folders.contains(&series::by_id(conn, old)?.folder);
    if is_gone && series::is_empty(conn, old)? {
        address::lead_series_on(conn, old, new)?;
        link::lead_series_on(conn, old, new)?;
        series::remove(conn, old)?;
    }
    Ok(())
}

/// Merges, at the end of a scan, each series whose folder is gone and whose remaining recordings are all missing or deleted into
/// the series that the others moved to. Returns the rows of the series that got addresses.
pub fn settle(
    conn: &Connection,
    left: &HashMap<i64, i64>,
    folders: &HashSet<String>,
) -> Result<Vec<i64>> {
    let mut changed = Vec::new();
    for old in series::all(conn)? {
        let Some(new) = left.get(&old.id) else {
            continue;
        };
        if folders.contains(&old.folder) || stored::has_any_there(conn, old.id)? {
            continue;
        }
        stored::move_all(conn, old.id, *new)?;
        address::lead_series_on(conn, old.id, *new)?;
        link::lead_series_on(conn, old.id, *new)?;
        series::remove(conn, old.id)?;
        changed.push(*new);
    }
    Ok(changed)
}
