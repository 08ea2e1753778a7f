//! Originals that were replaced, in `.versions` below the folder of their series: kept under the id of the recording and the
//! version of the bytes, so that a catalogue made again finds them.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::{Library, move_file, open_beneath, plain};
use crate::catalogue::PublicId;
use crate::error::{Error, Result};

/// Where they lie.
const FOLDER: &str = ".versions";

/// An original that was replaced and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// 12 base-32 characters.
    pub version: String,
    /// Of the name it had.
    pub ending: String,
    pub size_bytes: u64,
}

impl Kept {
    fn name(&self, id: &PublicId) -> String {
        format!("{id}-{}.{}", self.version, self.ending)
    }
}

impl Library {
    fn versions_folder(&self, folder: &str) -> Result<PathBuf> {
        Ok(self.media.join(plain(folder)?).join(FOLDER))
    }

    /// The versions of a recording that are kept, in order of their names.
    pub fn versions(&self, folder: &str, id: &PublicId) -> Result<Vec<Kept>> {
        let entries = match std::fs::read_dir(self.versions_folder(folder)?) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let parts = name
                .strip_prefix(id.as_str())
                .and_then(|rest| rest.strip_prefix('-'))
                .and_then(|rest| rest.split_once('.'));
            if let Some((version, ending)) = parts {
                kept.push(Kept {
                    version: version.to_owned(),
                    ending: ending.to_owned(),
                    size_bytes: entry.metadata()?.len(),
                });
            }
        }
        kept.sort_by(|one, other| one.version.cmp(&other.version));
        Ok(kept)
    }

    /// One of them.
    ///
    /// [`Error::NotFound`] when it is not kept.
    pub fn version_kept(&self, folder: &str, id: &PublicId, version: &str) -> Result<Kept> {
        let all = self.versions(folder, id)?;
        all.into_iter()
            .find(|kept| kept.version == version)
            .ok_or(Error::NotFound)
    }

    /// Opens one of them for reading, without following links.
    pub fn open_version(&self, folder: &str, id: &PublicId, kept: &Kept) -> Result<File> {
        let (name, versions) = (kept.name(id), format!("{}/{FOLDER}", plain(folder)?));
        Ok(open_beneath(&self.media, &versions, plain(&name)?)?)
    }

    /// Puts the file of a series among the versions of its recording. The same bytes kept twice are kept once.
    pub fn keep_version(
        &self,
        folder: &str,
        file: &str,
        id: &PublicId,
        version: &str,
    ) -> Result<()> {
        let versions = self.versions_folder(folder)?;
        if !versions.is_dir() {
            std::fs::create_dir(&versions)?;
        }
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        let kept = Kept {
            version: version.to_owned(),
            ending: ending.to_owned(),
            size_bytes: 0,
        };
        let name = kept.name(id);
        if versions.join(plain(&name)?).is_file() {
            return self.remove(folder, file);
        }
        move_file(
            &self.media.join(plain(folder)?),
            plain(file)?,
            &versions,
            &name,
        )
    }

    /// Takes one of them back into the series under a name that is free there.
    pub fn take_version(&self, folder: &str, id: &PublicId, kept: &Kept, file: &str) -> Result<()> {
        let name = kept.name(id);
        let versions = self.versions_folder(folder)?;
        move_file(
            &versions,
            plain(&name)?,
            &self.media.join(plain(folder)?),
            plain(file)?,
        )
    }

    /// Removes one of them for good.
    pub fn remove_version(&self, folder: &str, id: &PublicId, kept: &Kept) -> Result<()> {
        let name = kept.name(id);
        let versions = self.versions_folder(folder)?;
        match std::fs::remove_file(versions.join(plain(&name)?)) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
            Ok(()) => Ok(File::open(versions)?.sync_all()?),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Takes the versions of a recording along to another series.
    pub fn move_versions(&self, from: &str, to: &str, id: &PublicId) -> Result<()> {
        for kept in self.versions(from, id)? {
            let target = self.versions_folder(to)?;
            if !target.is_dir() {
                std::fs::create_dir(&target)?;
            }
            let name = kept.name(id);
            move_file(&self.versions_folder(from)?, plain(&name)?, &target, &name)?;
        }
        Ok(())
    }
}
