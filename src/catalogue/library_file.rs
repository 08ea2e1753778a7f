//! What the last scan saw at each place of the media folder, so that a file that looks the same is not opened again.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::original::Place;
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Became part of a recording.
    Taken,
    /// Seems still to be arriving; looked at again by the next scan.
    Waiting,
    /// Could not be used.
    Refused,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryFile {
    pub place: Place,
    pub state: State,
    /// Key of the sentence that says why it waits or was refused.
    pub problem: Option<String>,
}

impl LibraryFile {
    /// Whether the file still looks as it did. Size, time and inode together: a copy over it changes at least one.
    pub fn looks_like(&self, place: &Place) -> bool {
        self.place == *place
    }
}

/// By file name, all that the last scan saw in a folder, or of it what begins with a stem and a dot.
pub fn of_folder(
    conn: &Connection,
    folder: &str,
    stem: Option<&str>,
) -> Result<HashMap<String, LibraryFile>> {
    let mut statement = conn.prepare_cached(
        // The slash stands right behind the dot.
        "SELECT * FROM library_file
         WHERE folder = :folder AND (:stem IS NULL OR file >= :stem || '.' AND file < :stem || '/')",
    )?;
    let rows = statement.query_map(named_params! { ":folder": folder, ":stem": stem }, |row| {
        let file: String = row.get("file")?;
        let state: String = row.get("state")?;
        Ok((
            file.clone(),
            LibraryFile {
                place: Place {
                    folder: folder.to_owned(),
                    file,
                    size_bytes: row.get("size_bytes")?,
                    modified_ns: row.get("modified_ns")?,
                    inode: row.get("inode")?,
                },
                state: match state.as_str() {
                    "taken" => State::Taken,
                    "waiting" => State::Waiting,
                    _ => State::Refused,
                },
                problem: row.get("problem")?,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes down what a scan saw at a place.
pub fn note(conn: &Connection, seen: &LibraryFile) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO library_file (folder, file, size_bytes, modified_ns, inode, state, problem)
         VALUES (:folder, :file, :size, :modified, :inode, :state, :problem)
         ON CONFLICT (folder, file) DO UPDATE
         SET size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns, inode = excluded.inode,
             state = excluded.state, problem = excluded.problem",
    )?
    .execute(named_params! {
        ":folder": seen.place.folder,
        ":file": seen.place.file,
        ":size": seen.place.size_bytes,
        ":modified": seen.place.modified_ns,
        ":inode": seen.place.inode,
        ":state": seen.state.as_str(),
        ":problem": seen.problem,
    })?;
    Ok(())
}

/// Nothing lies at this place any more.
pub fn forget(conn: &Connection, folder: &str, file: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM library_file WHERE folder = :folder AND file = :file")?
        .execute(named_params! { ":folder": folder, ":file": file })?;
    Ok(())
}

/// A file moved: what was noted about its old place counts no longer, unless that is where it lies now.
pub fn forget_moved(conn: &Connection, from: &Place, to: &Place) -> Result<()> {
    match (&from.folder, &from.file) == (&to.folder, &to.file) {
        true => Ok(()),
        false => forget(conn, &from.folder, &from.file),
    }
}

/// Folders something was seen in by the last scan.
pub fn folders(conn: &Connection) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare_cached("SELECT DISTINCT folder FROM library_file ORDER BY folder")?;
    Ok(statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Files that could not be used: folder, file and why, in order of places.
pub fn refused(conn: &Connection, most: u32) -> Result<Vec<(String, String, String)>> {
    let mut statement = conn.prepare_cached(
        "SELECT folder, file, coalesce(problem, '') FROM library_file WHERE state = 'refused' ORDER BY folder, file LIMIT :most",
    )?;
    let rows = statement.query_map(named_params! { ":most": most }, |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
