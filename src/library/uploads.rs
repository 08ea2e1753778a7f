//! Files of arriving uploads, in `.uploads` below the media folder: on the same disk, so that the final rename is atomic.

use std::fs::{File, FileTimes, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use super::access::{Access, create_new_private, make_folder_like};
use super::{Library, is_no_file, move_file, no_file, plain, real_folder, unless_absent};
use crate::error::Result;

/// Name of the folder below the media folder.
pub const FOLDER: &str = ".uploads";

impl Library {
    fn uploads(&self) -> PathBuf {
        self.media.join(FOLDER)
    }

    /// The folder, unless a link or a file stands in its place.
    fn real_uploads(&self) -> Result<PathBuf> {
        real_folder(self.uploads(), FOLDER)
    }

    /// Whether a link or a file stands in the place of the folder of the uploads.
    pub fn has_odd_uploads_folder(&self) -> bool {
        self.real_uploads().is_err()
    }

    /// Creates an empty file for an upload. Durable when it returns.
    ///
    /// An error of the kind `AlreadyExists` when the file exists.
    pub fn create_upload(&self, id: &str) -> Result<()> {
        let folder = self.real_uploads()?;
        if !folder.is_dir() {
            make_folder_like(&self.media, &folder)?;
            File::open(&self.media)?.sync_all()?;
        }
        // Until it is whole, nobody else has a use for it.
        create_new_private(&folder.join(plain(id)?))?;
        Ok(File::open(&folder)?.sync_all()?)
    }

    /// Opens the file of an upload for reading and writing.
    pub fn open_upload(&self, id: &str) -> Result<File> {
        let path = self.real_uploads()?.join(plain(id)?);
        let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
        let mut options = OpenOptions::new();
        let opened = options
            .read(true)
            .write(true)
            .custom_flags(flags)
            .open(path);
        let file = match opened {
            Err(problem) if is_no_file(&problem) => return Err(no_file(FOLDER, id)),
            opened => opened?,
        };
        match file.metadata()?.is_file() {
            true => Ok(file),
            false => Err(no_file(FOLDER, id)),
        }
    }

    /// Opens the file of an upload for writing directly (open(2), `O_DIRECT`), so that arriving bytes do not push the files being
    /// watched out of the page cache, and are not copied again. `None` where the file system does not support that.
    pub fn open_upload_direct(&self, id: &str) -> Option<File> {
        let path = self.real_uploads().ok()?.join(plain(id).ok()?);
        let flags = i32::try_from((OFlags::DIRECT | OFlags::NOFOLLOW).bits()).ok()?;
        let mut options = OpenOptions::new();
        options.write(true).custom_flags(flags).open(path).ok()
    }

    /// Whether the file of an upload exists.
    pub fn has_upload(&self, id: &str) -> bool {
        let (Ok(folder), Ok(id)) = (self.real_uploads(), plain(id)) else {
            return false;
        };
        let metadata = folder.join(id).symlink_metadata();
        metadata.is_ok_and(|it| it.is_file())
    }

    /// Removes the file of an upload; a file that does not exist is no error.
    pub fn remove_upload(&self, id: &str) -> Result<()> {
        if self.has_odd_uploads_folder() {
            return Ok(());
        }
        unless_absent(std::fs::remove_file(self.uploads().join(plain(id)?)))?;
        Ok(())
    }

    /// Names of all files of uploads, without hidden ones and without folders, which nobody but a person can have put there.
    pub fn upload_ids(&self) -> Result<Vec<String>> {
        if self.has_odd_uploads_folder() {
            return Ok(Vec::new());
        }
        let entries = unless_absent(std::fs::read_dir(self.uploads()))?;
        let mut ids = Vec::new();
        for entry in entries.into_iter().flatten() {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && !entry.file_type()?.is_dir() {
                ids.push(name);
            }
        }
        Ok(ids)
    }

    /// Moves the file of an upload to its place in a series, never over another file. `to`: folder and file name; `modified`: last
    /// change on the coordinator's machine, in UTC seconds. `access`: the mode and group of the file that it replaces; `None`: those
    /// that its folder gives. Durable when it returns.
    pub fn place_upload(
        &self,
        id: &str,
        to: (&str, &str),
        modified: i64,
        access: Option<Access>,
    ) -> Result<()> {
        let file = self.open_upload(id)?;
        let folder = self.series(to.0)?;
        if let Some(access) = access.or_else(|| Access::in_folder(&folder)) {
            access.give(&file)?;
        }
        let modified = u64::try_from(modified).unwrap_or(0);
        let times =
            FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(modified));
        file.set_times(times)?;
        file.sync_all()?;
        move_file(&self.real_uploads()?, plain(id)?, &folder, plain(to.1)?)
    }
}
