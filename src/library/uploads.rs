//! Files of arriving uploads, in `.uploads` below the media folder: on the same disk, so that the final rename is atomic.

use std::fs::{File, FileTimes, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use super::{Library, move_file, plain, unless_absent};
use crate::error::Result;

/// Name of the folder below the media folder.
const FOLDER: &str = ".uploads";

impl Library {
    fn uploads(&self) -> PathBuf {
        self.media.join(FOLDER)
    }

    /// Creates an empty file for an upload. Durable when it returns.
    ///
    /// An error of the kind `AlreadyExists` when the file exists.
    pub fn create_upload(&self, id: &str) -> Result<()> {
        let folder = self.uploads();
        if !folder.is_dir() {
            std::fs::create_dir_all(&folder)?;
            File::open(&self.media)?.sync_all()?;
        }
        File::create_new(folder.join(plain(id)?))?;
        Ok(File::open(&folder)?.sync_all()?)
    }

    /// Opens the file of an upload for reading and writing.
    pub fn open_upload(&self, id: &str) -> Result<File> {
        let path = self.uploads().join(plain(id)?);
        Ok(OpenOptions::new().read(true).write(true).open(path)?)
    }

    /// Opens the file of an upload for writing directly (open(2), `O_DIRECT`), so that arriving bytes do not push the files being
    /// watched out of the page cache, and are not copied again. `None` where the file system does not support that.
    pub fn open_upload_direct(&self, id: &str) -> Option<File> {
        let path = self.uploads().join(plain(id).ok()?);
        let flags = i32::try_from(OFlags::DIRECT.bits()).ok()?;
        let mut options = OpenOptions::new();
        options.write(true).custom_flags(flags).open(path).ok()
    }

    /// Whether the file of an upload exists.
    pub fn has_upload(&self, id: &str) -> bool {
        plain(id).is_ok_and(|id| self.uploads().join(id).is_file())
    }

    /// Removes the file of an upload; a file that does not exist is no error.
    pub fn remove_upload(&self, id: &str) -> Result<()> {
        unless_absent(std::fs::remove_file(self.uploads().join(plain(id)?)))?;
        Ok(())
    }

    /// Ids of all uploads that have a file.
    pub fn upload_ids(&self) -> Result<Vec<String>> {
        let entries = unless_absent(std::fs::read_dir(self.uploads()))?;
        let mut ids = Vec::new();
        for entry in entries.into_iter().flatten() {
            ids.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(ids)
    }

    /// Moves the file of an upload to its place in a series, never over another file. `to`: folder and file name; `modified`: last
    /// change on the coordinator's machine, in UTC seconds. Durable when it returns.
    pub fn place_upload(&self, id: &str, to: (&str, &str), modified: i64) -> Result<()> {
        let file = self.open_upload(id)?;
        let modified = u64::try_from(modified).unwrap_or(0);
        let times =
            FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(modified));
        file.set_times(times)?;
        file.sync_all()?;
        move_file(
            &self.uploads(),
            plain(id)?,
            &self.series(to.0)?,
            plain(to.1)?,
        )
    }
}
