//! The state of each file in the media folder at the last scan, so that an unchanged file is not opened again.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::original::FilePlace;
use super::query::{Query, sql_word};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// The file became part of a recording.
    Taken,
    /// The file seems to be arriving still; the next scan looks at it again.
    Waiting,
    /// The file could not be used.
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
    /// Key of the text that says why the file waits or was refused.
    pub problem: Option<String>,
}

/// The files of a folder at the last scan, by name; with a stem only those whose name begins with the stem and a dot.
pub fn of_folder(
    conn: &Connection,
    folder: &str,
    stem: Option<&str>,
) -> Result<HashMap<String, LibraryFile>> {
    // In ASCII the slash follows the dot, so this range is the prefix search.
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

/// Records the state of a file.
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

/// Deletes the record of a file that is gone.
pub fn forget(conn: &Connection, folder: &str, file: &str) -> Result<()> {
    let sql = "DELETE FROM library_file WHERE folder = :folder AND file = :file";
    conn.write(sql, named_params! { ":folder": folder, ":file": file })
}

/// Deletes the record at the old place of a file that moved.
pub fn forget_moved(conn: &Connection, from: &FilePlace, to: &FilePlace) -> Result<()> {
    match (&from.folder, &from.file) == (&to.folder, &to.file) {
        true => Ok(()),
        false => forget(conn, &from.folder, &from.file),
    }
}

/// Deletes the records of what stood in the way in a folder, and was no file.
pub fn forget_no_files(conn: &Connection, folder: &str) -> Result<()> {
    let sql = "DELETE FROM library_file
               WHERE folder = :folder AND state = 'refused' AND (size_bytes, modified_ns, inode) = (0, 0, 0)";
    conn.write(sql, named_params! { ":folder": folder })
}

/// Folders in which the last scan found files; what is beside them in the media folder has none.
pub fn folders(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT folder FROM library_file WHERE folder <> '' ORDER BY folder";
    conn.values(sql, [])
}

/// Refused files with folder, name and reason, in order of place.
pub fn refused(conn: &Connection, most: u32) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT folder, file, coalesce(problem, '') FROM library_file WHERE state = 'refused' ORDER BY folder, file LIMIT :most";
    conn.rows(sql, named_params! { ":most": most }, |row| row.try_into())
}
