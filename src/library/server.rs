//! One server at a time on a data folder and on a media folder: two would give the same new file two addresses. In: the folders.
//! Out: a [`ServerLock`] for the life of the server, or a sentence that says who holds it.
//!
//! The locks are flock(2) on a file in each folder. They hold for every name of the folder (a link, a bind mount), go with the
//! process however it ends, and are not inherited by programs that it starts, so that nothing has to be cleaned up and nobody waits
//! for a server that is gone. Commands do not take them. A media folder that this process cannot write is not locked, because
//! nothing is put into it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::Library;
use super::access::Access;
use crate::error::{Error, Result};

/// The lock files in the data folder and in the media folder. They are never removed, because a lock on an unlinked file would
/// exclude nobody.
const DATA: &str = "server.lock";
const MEDIA: &str = ".server.lock";

/// The longest line about a holder that is read, in bytes.
const LONGEST_LINE: u64 = 300;

/// The locks of a server, released when dropped.
#[derive(Debug)]
#[must_use]
pub struct ServerLock {
    files: Vec<File>,
    /// Sentences for the log, about folders that could not be locked.
    pub warnings: Vec<String>,
}

impl Library {
    /// Takes the locks of a server.
    ///
    /// Errors with a sentence that says who holds one of the folders.
    pub fn lock_for_server(&self) -> Result<ServerLock> {
        let mut lock = ServerLock {
            files: Vec::new(),
            warnings: Vec::new(),
        };
        lock.take("data", &self.data, DATA)?;
        if rustix::fs::access(&self.media, rustix::fs::Access::WRITE_OK).is_ok() {
            lock.take("media", &self.media, MEDIA)?;
        }
        Ok(lock)
    }
}

impl ServerLock {
    /// Locks a folder. One that cannot be locked is served all the same, because a lock protects from a mistake only.
    fn take(&mut self, what: &str, folder: &Path, name: &str) -> Result<()> {
        let path = folder.join(name);
        let taken = open(&path).and_then(|file| match file.try_lock() {
            Ok(()) => Ok(Ok(file)),
            Err(TryLockError::WouldBlock) => Ok(Err(holder(file))),
            Err(TryLockError::Error(problem)) => Err(problem),
        });
        let shown = folder.display();
        match taken {
            Ok(Ok(file)) => {
                self.files.push(file);
                Ok(())
            }
            Ok(Err(holder)) => Err(Error::internal(format!(
                "the {what} folder {shown} is in use by another server: {holder}. Stop that one first, or give this one a {what} folder of its own"
            ))),
            Err(problem) => {
                self.warnings.push(format!(
                    "the {what} folder {shown} cannot be locked ({problem}), so a second server on it would not be noticed"
                ));
                Ok(())
            }
        }
    }

    /// Writes into the lock files who holds them. `address`: where the server answers; `since`: as a person reads it.
    pub fn write_holder(&self, address: &str, since: &str) {
        let host = rustix::system::uname();
        let host = host.nodename().to_string_lossy();
        let line = format!(
            "process {} on {host}, {address}, since {since}\n",
            std::process::id()
        );
        for file in &self.files {
            // The lock counts, and not what is written in it: a full disk keeps nobody from serving.
            let written = file.write_all_at(line.as_bytes(), 0);
            let _ = written.and_then(|()| file.set_len(line.len() as u64));
        }
    }
}

/// Opens a lock file, which is created with the access that its folder gives. One that belongs to somebody else is opened for
/// reading, which is enough for a lock on a local disk.
fn open(path: &Path) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags);
    let mut writing = options.clone();
    let is_new = !path.exists();
    let opened = writing.write(true).create(true).mode(0o600).open(path);
    let file = opened.or_else(|problem| options.open(path).map_err(|_| problem))?;
    let access = path.parent().and_then(Access::in_folder);
    if let (true, Some(access)) = (is_new, access) {
        // Without it the lock file is the owner's alone, and locks all the same.
        let _ = access.give(&file);
    }
    if !file.metadata()?.is_file() {
        return Err(io::Error::other(format!("{} is no file", path.display())));
    }
    Ok(file)
}

/// What a lock file says about its holder.
fn holder(file: File) -> String {
    let mut line = String::new();
    let read = file.take(LONGEST_LINE).read_to_string(&mut line);
    let line = line.lines().next().unwrap_or_default().trim();
    match read.is_ok() && !line.is_empty() && !line.contains(char::is_control) {
        true => line.to_owned(),
        false => "one that has not said who it is yet".to_owned(),
    }
}
