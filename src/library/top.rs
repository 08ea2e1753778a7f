//! Files beside the folders of the series: what the association says of itself, and its logo. In: names. Out: bytes, or durable files.

use std::path::Path;

use super::access::Access;
use super::write::{remove_file, write_whole};
use super::{Library, is_absent, no_file, place_of, plain, read_whole};
use crate::catalogue::original::FilePlace;
use crate::error::Result;

/// The media folder itself, for the system.
const HERE: &str = ".";

impl Library {
    /// Reads a small file that stands in the media folder itself; refuses one over `limit` bytes. `None` when it does not exist.
    pub fn read_top(&self, file: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        read_whole((self.media(), HERE), ("", plain(file)?), limit)
    }

    /// Place, size and time of a file in the media folder itself; `None` when there is no such file.
    pub fn stat_top(&self, file: &str) -> Result<Option<FilePlace>> {
        match self.media().join(plain(file)?).symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Some(place_of("", file, &metadata))),
            Ok(_) => Ok(None),
            Err(problem) if is_absent(&problem) => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Writes a small file in the media folder itself, as [`Library::write`] does.
    pub fn write_top(&self, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.media().join(plain(file)?);
        if path.symlink_metadata().is_ok_and(|it| !it.is_file()) {
            return Err(no_file("", file));
        }
        let access = Access::of_file(&path).or_else(|| Access::in_folder(self.media()));
        write_whole(self.media(), file, bytes, access)
    }

    /// Removes a file in the media folder itself; a file that does not exist is no error. Durable when it returns.
    pub fn remove_top(&self, file: &str) -> Result<()> {
        remove_file(self.media(), plain(file)?)
    }

    /// Whether files can be written in the media folder itself.
    pub fn is_top_writable(&self) -> bool {
        rustix::fs::access(self.media(), rustix::fs::Access::WRITE_OK).is_ok()
    }

    /// The name in the media folder itself of a file that stands there, wherever the path comes from.
    pub fn name_at_top(&self, path: &Path) -> Option<String> {
        let folder = path.parent()?.canonicalize().ok()?;
        let is_here = self.media().canonicalize().is_ok_and(|it| it == folder);
        is_here.then(|| path.file_name()?.to_str().map(str::to_owned))?
    }
}
