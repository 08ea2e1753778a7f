//! Replaced originals, in `.versions` below the folder of their series: their names hold the id of the recording and the version of
//! the bytes, so that a rebuilt catalogue finds them.

use std::fs::File;
use std::path::PathBuf;

use super::access::make_folder_like;
use super::{Library, move_file, open_beneath, plain, real_folder, remove_file, unless_absent};
use crate::catalogue::PublicId;
use crate::catalogue::id::version_of;
use crate::catalogue::original::FilePlace;
use crate::error::{Error, Result};

/// Name of the folder below that of the series.
pub const FOLDER: &str = ".versions";

/// A replaced original that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// 12 base-32 characters.
    pub version: String,
    /// The ending of its former name.
    pub ending: String,
    pub size_bytes: u64,
}

impl Kept {
    fn name(&self, id: &PublicId) -> String {
        format!("{id}-{}.{}", self.version, self.ending)
    }
}

impl Library {
    /// The folder of the versions of a series, which may not exist yet.
    fn versions_folder(&self, folder: &str) -> Result<PathBuf> {
        real_folder(
            self.series(folder)?.join(FOLDER),
            &format!("{folder}/{FOLDER}"),
        )
    }

    /// Whether a link or a file stands in the place of the folder of the versions.
    pub fn has_odd_versions_folder(&self, folder: &str) -> bool {
        self.versions_folder(folder).is_err()
    }

    /// The kept versions of a recording, in order of their names.
    pub fn versions(&self, folder: &str, id: &PublicId) -> Result<Vec<Kept>> {
        if self.has_odd_versions_folder(folder) {
            return Ok(Vec::new());
        }
        let entries = unless_absent(std::fs::read_dir(self.versions_folder(folder)?))?;
        let mut kept = Vec::new();
        for entry in entries.into_iter().flatten() {
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

    /// One kept version of a recording.
    ///
    /// [`Error::NotFound`] when it is not kept.
    pub fn version_kept(&self, folder: &str, id: &PublicId, version: &str) -> Result<Kept> {
        let all = self.versions(folder, id)?;
        all.into_iter()
            .find(|kept| kept.version == version)
            .ok_or(Error::NotFound)
    }

    /// Opens a kept version for reading, without following links.
    pub fn open_version(&self, folder: &str, id: &PublicId, kept: &Kept) -> Result<File> {
        let (name, versions) = (kept.name(id), format!("{}/{FOLDER}", plain(folder)?));
        Ok(open_beneath(&self.media, &versions, plain(&name)?)?)
    }

    /// Moves a file of a series to the kept versions of its recording. The same bytes are kept only once; different bytes with the
    /// same size and samples are kept under the hash of the whole file. A missing file is skipped.
    pub fn keep_version(
        &self,
        folder: &str,
        file: &str,
        id: &PublicId,
        version: &str,
    ) -> Result<()> {
        let Some(FilePlace { size_bytes, .. }) = self.stat(folder, file)? else {
            return Ok(());
        };
        let all = self.versions(folder, id)?;
        for kept in all.iter().filter(|kept| kept.size_bytes == size_bytes) {
            // A file that cannot be read completely, for example on a damaged disk, is kept as another version.
            if self.is_kept_as(folder, file, id, kept).unwrap_or(false) {
                return self.remove(folder, file);
            }
        }
        let version = match all.iter().any(|kept| kept.version == version) {
            true => version_of(&super::hash(&mut self.open(folder, file)?)?),
            false => version.to_owned(),
        };
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        let kept = Kept {
            version,
            ending: ending.to_owned(),
            size_bytes,
        };
        let versions = self.versions_folder(folder)?;
        let from = self.series(folder)?;
        make_folder_like(&from, &versions)?;
        move_file(&from, plain(file)?, &versions, plain(&kept.name(id))?)
    }

    /// Whether a file of the series and a kept version of the same size hold the same bytes.
    fn is_kept_as(&self, folder: &str, file: &str, id: &PublicId, kept: &Kept) -> Result<bool> {
        let mut file = self.open(folder, file)?;
        let mut there = self.open_version(folder, id, kept)?;
        let size = kept.size_bytes;
        // The whole files are read only when their samples are equal.
        Ok(
            super::version(&mut file, size)? == super::version(&mut there, size)?
                && super::hash(&mut file)? == super::hash(&mut there)?,
        )
    }

    /// Moves a kept version back into the series, under a free name.
    pub fn take_version(&self, folder: &str, id: &PublicId, kept: &Kept, file: &str) -> Result<()> {
        let name = kept.name(id);
        let versions = self.versions_folder(folder)?;
        move_file(
            &versions,
            plain(&name)?,
            &self.series(folder)?,
            plain(file)?,
        )
    }

    /// Removes a kept version for good.
    pub fn remove_version(&self, folder: &str, id: &PublicId, kept: &Kept) -> Result<()> {
        let name = kept.name(id);
        let versions = self.versions_folder(folder)?;
        remove_file(&versions, plain(&name)?)?;
        self.close_gone_files();
        Ok(())
    }

    /// Moves the kept versions of a recording to another series.
    pub fn move_versions(&self, from: &str, to: &str, id: &PublicId) -> Result<()> {
        for kept in self.versions(from, id)? {
            let target = self.versions_folder(to)?;
            make_folder_like(&self.series(to)?, &target)?;
            let name = kept.name(id);
            move_file(&self.versions_folder(from)?, plain(&name)?, &target, &name)?;
        }
        Ok(())
    }
}
