//! What the last scan saw at each place of the media folder, so that a file that looks the same is not opened again.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::original::FilePlace;
use super::query::{Query, sql_word};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Became part of a recording.
    Taken,
    /// Seems still to be arriving; looked at again by the next scan.
    Waiting,
    /// Could not be used.
    Refused,
}

impl FileState {
    const ALL: [Self; 3] = [Self::Taken, Self::Waiting, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

sql_word!(FileState);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryFile {
    pub place: FilePlace,
    pub state: FileState,
    /// Key of the sentence that says why it waits or was refused.
    pub problem: Option<String>,
}

/// By file name, all that the last scan saw in a folder, or of it what begins with a stem and a dot.
pub fn of_folder(
    conn: &Connection,
    folder: &str,
    stem: Option<&str>,
) -> Result<HashMap<String, LibraryFile>> {
    // The slash stands right behind the dot.
    let sql = "SELECT * FROM library_file
               WHERE folder = :folder AND (:stem IS NULL OR file >= :stem || '.' AND file < :stem || '/')";
    let params = named_params! { ":folder": folder, ":stem": stem };
    conn.rows(sql, params, |row| {
        let file = LibraryFile {
            place: FilePlace::from_row(row)?,
            state: row.get("state")?,
            problem: row.get("problem")?,
        };
        Ok((file.place.file.clone(), file))
    })
}

/// Writes down what a scan saw at a place.
pub fn note(conn: &Connection, file: &LibraryFile) -> Result<()> {
    let sql = "INSERT INTO library_file (folder, file, size_bytes, modified_ns, inode, state, problem)
               VALUES (:folder, :file, :size, :modified, :inode, :state, :problem)
               ON CONFLICT (folder, file) DO UPDATE
               SET size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns, inode = excluded.inode,
                   state = excluded.state, problem = excluded.problem";
    let params = named_params! {
        ":folder": file.place.folder,
        ":file": file.place.file,
        ":size": file.place.size_bytes,
        ":modified": file.place.modified_ns,
        ":inode": file.place.inode,
        ":state": file.state,
        ":problem": file.problem,
    };
    conn.write(sql, params)
}

/// Nothing lies at this place any more.
pub fn forget(conn: &Connection, folder: &str, file: &str) -> Result<()> {
    let sql = "DELETE FROM library_file WHERE folder = :folder AND file = :file";
    conn.write(sql, named_params! { ":folder": folder, ":file": file })
}

/// A file moved: what was noted about its old place counts no longer, unless that is where it lies now.
pub fn forget_moved(conn: &Connection, from: &FilePlace, to: &FilePlace) -> Result<()> {
    match (&from.folder, &from.file) == (&to.folder, &to.file) {
        true => Ok(()),
        false => forget(conn, &from.folder, &from.file),
    }
}

/// Folders something was seen in by the last scan.
pub fn folders(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT folder FROM library_file ORDER BY folder";
    conn.values(sql, [])
}

/// Files that could not be used: folder, file and why, in order of places.
pub fn refused(conn: &Connection, most: u32) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT folder, file, coalesce(problem, '') FROM library_file WHERE state = 'refused' ORDER BY folder, file LIMIT :most";
    conn.rows(sql, named_params! { ":most": most }, |row| row.try_into())
}
