//! The disks of the two folders: how much room they have, and whether they can be read and written.

use std::io;
use std::path::Path;

use super::write::temporary;
use super::{Library, unless_absent};
use crate::error::{Error, Result};

impl Library {
    /// Free bytes on the disk of the media folder; `None` when the system cannot tell.
    pub fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.media)
    }

    /// [`Error::DiskFull`] when the data folder has too little room for the rows of a change: it is known before a file is changed.
    pub fn has_room_for_rows(&self) -> Result<()> {
        match free_bytes(&self.data) {
            Some(free) if free < ROOM_FOR_ROWS => Err(Error::DiskFull),
            _ => Ok(()),
        }
    }

    /// [`Error::DiskFull`] when the database would not fit into the data folder twice more: once in its log, and once in a temporary
    /// file, which may be on that disk too.
    pub fn has_room_for_rewrite(&self) -> Result<()> {
        let size = unless_absent(self.database().metadata())?.map_or(0, |it| it.len());
        match free_bytes(&self.data) {
            Some(free) if free < size.saturating_mul(2).saturating_add(ROOM_FOR_ROWS) => {
                Err(Error::DiskFull)
            }
            _ => Ok(()),
        }
    }

    /// Checks that the media folder can be read.
    pub fn try_reading(&self) -> io::Result<()> {
        std::fs::read_dir(&self.media).map(drop)
    }

    /// Checks that the data folder takes new bytes, by writing a file; a full or read-only disk is an error.
    pub fn try_writing(&self) -> io::Result<()> {
        try_writing(&self.data)
    }

    /// Checks that the media folder would take new bytes. Nothing is written, because other programs watch that folder and its disk may
    /// be asleep.
    pub fn is_media_writable(&self) -> io::Result<()> {
        rustix::fs::access(&self.media, rustix::fs::Access::WRITE_OK)?;
        match self.free_bytes() {
            Some(free) if free < ROOM_FOR_SIDECARS => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

/// Bytes that the rows of a change and their log take at most, with some left for who signs in meanwhile.
const ROOM_FOR_ROWS: u64 = 1024 * 1024;

/// The same for the sidecars of a change.
const ROOM_FOR_SIDECARS: u64 = 1024 * 1024;

/// Free bytes on the disk of a folder; `None` when the system cannot tell.
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn try_writing(folder: &Path) -> io::Result<()> {
    let (path, mut file) = temporary(folder)?;
    let done = io::Write::write_all(&mut file, &[0; 4096]).and_then(|()| file.sync_all());
    // The file is removed after a failure too, because a part of it may exist.
    let _ = std::fs::remove_file(&path);
    done
}
