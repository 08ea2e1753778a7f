//! Moves of recordings to another folder or stem. In: a [`Move`], which is written down in `.moves` below the media folder before its
//! first file goes. Out: all files of the recording at one place. Each step may run twice, so that a move that a power cut, a kill or a
//! full disk ends between two files is completed later by whoever finds it.

use std::fs::File;

use serde::{Deserialize, Serialize};

use super::access::{Access, make_folder_like};
use super::{Library, is_absent, plain, real_folder, remove_file, write_whole};
use crate::catalogue::PublicId;
use crate::error::{Error, Result};

/// Name of the folder below the media folder.
pub const FOLDER: &str = ".moves";

const ENDING: &str = ".json";

/// The largest description of a move in bytes: two sidecars, and names of files.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// A move of one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Public id of the recording.
    pub id: String,
    pub from: Spot,
    pub to: Spot,
    /// Names of all files but the sidecar, before and afterwards.
    pub files: Vec<(String, String)>,
}

/// Where a recording lies, with its sidecar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    pub folder: String,
    /// Name of the sidecar.
    pub sidecar: String,
    /// Text of the sidecar; `None`: there is none.
    pub text: Option<String>,
}

impl Move {
    fn public_id(&self) -> Result<PublicId> {
        PublicId::parse(&self.id).ok_or(Error::NotFound)
    }
}

impl Library {
    /// Writes a move down and makes it.
    ///
    /// Errors when the disk fails or is full, or something is in the way; then everything is as before. Where not even that can be
    /// done, the next scan completes what is written down.
    pub fn make_move(&self, what: &Move) -> Result<()> {
        let folder = self.moves()?;
        if !folder.is_dir() {
            make_folder_like(&self.media, &folder)?;
            File::open(&self.media)?.sync_all()?;
        }
        let text = serde_json::to_vec(what).map_err(Error::internal)?;
        let access = Access::in_folder(&folder);
        write_whole(&folder, &name_of(what)?, &text, access)?;
        let made = self.complete_move(what);
        // With the old sidecar the last step is made.
        if made.is_err() && self.stat(&what.from.folder, &what.from.sidecar)?.is_some() {
            self.undo_move(what)?;
        }
        made
    }

    /// Takes back what was made of a move.
    fn undo_move(&self, what: &Move) -> Result<()> {
        let (from, to) = (&what.from, &what.to);
        let written = self.read(&to.folder, &to.sidecar, LARGEST_BYTES)?;
        if written.is_some() && written.as_deref() == to.text.as_deref().map(str::as_bytes) {
            self.remove(&to.folder, &to.sidecar)?;
        }
        for (before, after) in &what.files {
            let is_there = self.stat(&to.folder, after)?.is_some();
            if is_there && self.stat(&from.folder, before)?.is_none() {
                self.rename((&to.folder, after), (&from.folder, before))?;
            }
        }
        // What stands in the place of the folder of versions holds none.
        let back = self.move_versions(&to.folder, &from.folder, &what.public_id()?);
        if !matches!(back, Ok(()) | Err(Error::Refused(_))) {
            return back;
        }
        remove_file(&self.moves()?, &name_of(what)?)
    }

    /// Makes what is left of a move. A file that is gone, or whose new name is taken, stays as it is.
    pub fn complete_move(&self, what: &Move) -> Result<()> {
        let (from, to) = (&what.from, &what.to);
        for (before, after) in &what.files {
            let is_there = self.stat(&from.folder, before)?.is_some();
            if is_there && self.stat(&to.folder, after)?.is_none() {
                self.rename((&from.folder, before), (&to.folder, after))?;
            }
        }
        self.move_versions(&from.folder, &to.folder, &what.public_id()?)?;
        let found = self.read(&from.folder, &from.sidecar, LARGEST_BYTES)?;
        let is_ours = found.as_deref() == from.text.as_deref().map(str::as_bytes);
        if self.stat(&to.folder, &to.sidecar)?.is_none() {
            // What a person wrote into it meanwhile goes along.
            let text = match (&found, is_ours) {
                (Some(text), false) => Some(text.as_slice()),
                (Some(_) | None, _) => to.text.as_deref().map(str::as_bytes),
            };
            if let Some(text) = text {
                self.write(&to.folder, &to.sidecar, text)?;
            }
        }
        // The old sidecar goes last: until then both say whose files these are.
        self.remove(&from.folder, &from.sidecar)?;
        remove_file(&self.moves()?, &name_of(what)?)
    }

    /// Whether a move is written down as it is here.
    pub fn has_move(&self, what: &Move) -> Result<bool> {
        Ok(self.moves_under_way()?.contains(what))
    }

    /// The moves that were begun and not completed. A description that cannot be read is passed over.
    pub fn moves_under_way(&self) -> Result<Vec<Move>> {
        let entries = match std::fs::read_dir(self.moves()?) {
            Ok(entries) => entries,
            Err(problem) if is_absent(&problem) => return Ok(Vec::new()),
            Err(problem) => return Err(problem.into()),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let is_one = entry.file_name().to_string_lossy().ends_with(ENDING);
            let metadata = entry.metadata()?;
            if !is_one || !metadata.is_file() || metadata.len() > LARGEST_BYTES {
                continue;
            }
            let text = std::fs::read(entry.path())?;
            found.extend(serde_json::from_slice::<Move>(&text).ok());
        }
        Ok(found)
    }

    fn moves(&self) -> Result<std::path::PathBuf> {
        real_folder(self.media.join(FOLDER), FOLDER)
    }
}

/// The name of its description.
fn name_of(what: &Move) -> Result<String> {
    Ok(format!("{}{ENDING}", plain(&what.id)?))
}
