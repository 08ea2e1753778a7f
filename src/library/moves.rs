//! Moves of recordings to another folder or stem. In: a [`Move`], which is written down in `.moves` below the media folder before its
//! first file goes. Out: all files of the recording at one place. Each step may run twice, so that a move that a power cut, a kill or a
//! full disk ends between two files is completed later by whoever finds it.

use std::fs::File;

use serde::{Deserialize, Serialize};

use super::access::{Access, make_folder_like};
use super::{Library, is_absent, plain, real_folder, remove_file, write_whole};
use crate::catalogue::PublicId;
use crate::error::{Error, Result};
use crate::text;

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

/// What a sidecar says that stands at one end of a move.
pub struct Told {
    /// Id of the recording; `None`: it names none.
    pub id: Option<String>,
    /// The text with the new names of the files.
    pub renamed: String,
}

/// Reads a sidecar at one end of a move; a library does not read what its files say.
pub type Tell = fn(&Move, &[u8]) -> Result<Told>;

/// The sidecars at both ends of a move.
struct Ends {
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
}

impl Spot {
    /// Whether this is the text that was written down.
    fn is_noted(&self, text: &[u8]) -> bool {
        self.text.as_deref().is_some_and(|it| it.as_bytes() == text)
    }
}

impl Ends {
    /// Whether another recording has the old name by now.
    fn is_old_taken(&self, what: &Move, tell: Tell) -> bool {
        let is_other = |told: Told| told.id.is_some_and(|id| id != what.id);
        let old = self.old.as_ref();
        old.is_some_and(|text| !what.from.is_noted(text) && tell(what, text).is_ok_and(is_other))
    }

    /// Whether another recording has the new name by now. A sidecar that cannot be read is nobody's.
    fn is_new_taken(&self, what: &Move, tell: Tell) -> bool {
        let is_other = |told: Told| told.id.as_deref() != Some(what.id.as_str());
        let new = self.new.as_ref();
        new.is_some_and(|text| !what.to.is_noted(text) && tell(what, text).is_ok_and(is_other))
    }

    /// The text that the new sidecar still needs; `None`: it is as it should be. What a person wrote into the old one meanwhile goes
    /// along.
    ///
    /// [`Error::Refused`] when the new sidecar is of another recording, or people edited both.
    fn to_write(&self, what: &Move, tell: Tell) -> Result<Option<Vec<u8>>> {
        let edited = match &self.old {
            Some(text) if !what.from.is_noted(text) && !self.is_old_taken(what, tell) => {
                Some(tell(what, text)?.renamed.into_bytes())
            }
            Some(_) | None => None,
        };
        let noted = what.to.text.as_ref().map(|text| text.clone().into_bytes());
        let Some(new) = &self.new else {
            return Ok(edited.or(noted));
        };
        match edited {
            Some(edited) if edited == *new => Ok(None),
            Some(edited) if what.to.is_noted(new) => Ok(Some(edited)),
            None if what.to.is_noted(new) => Ok(None),
            None if tell(what, new)?.id.as_ref() == Some(&what.id) => Ok(None),
            Some(_) | None => Err(is_taken(&what.to.folder, &what.to.sidecar)),
        }
    }
}

fn is_taken(folder: &str, file: &str) -> Error {
    let file = format!("{folder}/{file}");
    Error::Refused(text!("version-name-taken", file = file))
}

impl Library {
    /// Writes a move down and makes it.
    ///
    /// Errors when the disk fails or is full, or something is in the way; what was made of it is then taken back. Where that cannot
    /// be done, the move stays written down, and the next scan completes it or says why not.
    pub fn make_move(&self, what: &Move, tell: Tell) -> Result<()> {
        let folder = self.moves()?;
        if !folder.is_dir() {
            make_folder_like(&self.media, &folder)?;
            File::open(&self.media)?.sync_all()?;
        }
        let text = serde_json::to_vec(what).map_err(Error::internal)?;
        let access = Access::in_folder(&folder);
        write_whole(&folder, &name_of(&what.id)?, &text, access)?;
        self.complete_move(what, tell)
    }

    /// Takes back what was made of a move. `old`: the old sidecar.
    fn undo_move(&self, what: &Move, old: Option<Vec<u8>>, tell: Tell) -> Result<()> {
        let (from, to) = (&what.from, &what.to);
        let written = self.read(&to.folder, &to.sidecar, LARGEST_BYTES)?;
        let edited = Ends { old, new: None }.to_write(what, tell).ok().flatten();
        if written.is_some_and(|text| to.is_noted(&text) || edited == Some(text)) {
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
        self.forget_move(&what.id)
    }

    /// Makes what is left of a move; where nothing is left of the recording, only its description goes.
    ///
    /// [`Error::Refused`] when a new name is taken, or people edited both sidecars. After any error what was made is taken back, unless
    /// the old sidecar is gone or another recording's, or a person edited the new one: then all stays as it is, and written down.
    pub fn complete_move(&self, what: &Move, tell: Tell) -> Result<()> {
        let ends = self.ends(what)?;
        let made = self.finish_move(what, &ends, tell);
        let is_new_free = ends.new.as_ref().is_none_or(|new| what.to.is_noted(new));
        if made.is_err()
            && ends.old.is_some()
            && !ends.is_old_taken(what, tell)
            && (is_new_free || ends.is_new_taken(what, tell))
        {
            self.undo_move(what, ends.old, tell)?;
        }
        made
    }

    fn ends(&self, what: &Move) -> Result<Ends> {
        let read = |spot: &Spot| self.read(&spot.folder, &spot.sidecar, LARGEST_BYTES);
        Ok(Ends {
            old: read(&what.from)?,
            new: read(&what.to)?,
        })
    }

    fn finish_move(&self, what: &Move, ends: &Ends, tell: Tell) -> Result<()> {
        let (from, to) = (&what.from, &what.to);
        let (mut is_before, mut is_after, mut both) = (false, false, None);
        for (before, after) in &what.files {
            let here = self.stat(&from.folder, before)?.is_some();
            let there = self.stat(&to.folder, after)?.is_some();
            (is_before, is_after) = (is_before || here, is_after || there);
            both = both.or((here && there).then_some(after));
        }
        // What was wiped is not brought back, and what bears its new name without it is not its own.
        let has_new = match ends.new {
            Some(_) => !ends.is_new_taken(what, tell),
            None => is_after,
        };
        if ends.old.is_none() && !is_before && !has_new {
            return self.forget_move(&what.id);
        }
        // Both are known before the first file goes.
        let text = ends.to_write(what, tell)?;
        if let Some(after) = both {
            return Err(is_taken(&to.folder, after));
        }
        for (before, after) in &what.files {
            if self.stat(&from.folder, before)?.is_some() {
                self.rename((&from.folder, before), (&to.folder, after))?;
            }
        }
        self.move_versions(&from.folder, &to.folder, &what.public_id()?)?;
        if let Some(text) = text {
            self.write(&to.folder, &to.sidecar, &text)?;
        }
        // The old sidecar goes last: until then both say whose files these are.
        if !ends.is_old_taken(what, tell) {
            self.remove(&from.folder, &from.sidecar)?;
        }
        self.forget_move(&what.id)
    }

    /// Removes what a move left at either end of a recording that is being wiped, and its description. `last`: folder and name of the
    /// sidecar that the caller removes when all else is gone.
    pub fn erase_move(&self, what: &Move, last: (&str, &str), tell: Tell) -> Result<()> {
        let (from, to) = (&what.from, &what.to);
        let ends = self.ends(what)?;
        let is_old_ours = !ends.is_old_taken(what, tell);
        let is_new_ours = !ends.is_new_taken(what, tell);
        for (before, after) in &what.files {
            // A file that did not go has its new name taken by another.
            if is_old_ours && self.stat(&from.folder, before)?.is_some() {
                self.remove(&from.folder, before)?;
            } else if is_new_ours {
                self.remove(&to.folder, after)?;
            }
        }
        let id = what.public_id()?;
        for (spot, is_ours) in [(from, is_old_ours), (to, is_new_ours)] {
            for kept in self.versions(&spot.folder, &id)? {
                self.remove_version(&spot.folder, &id, &kept)?;
            }
            if is_ours && (spot.folder.as_str(), spot.sidecar.as_str()) != last {
                self.remove(&spot.folder, &spot.sidecar)?;
            }
        }
        self.forget_move(&what.id)
    }

    /// Removes the description of a move of the recording with this id, also one that cannot be read.
    pub fn forget_move(&self, id: &str) -> Result<()> {
        remove_file(&self.moves()?, &name_of(id)?)
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

/// The name of the description of a move.
fn name_of(id: &str) -> Result<String> {
    Ok(format!("{}{ENDING}", plain(id)?))
}
