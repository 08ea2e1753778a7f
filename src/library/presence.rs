//! Tells the media folder from the empty folder that is left in its place when its disk is not mounted. In the data folder stands
//! which folder (file system and inode) the last scan read.

use std::os::unix::fs::MetadataExt;

use super::write::write_whole;
use super::{Library, unless_absent};
use crate::error::Result;

/// The name of the file in the data folder.
const FILE: &str = "media-folder";

/// Which folder the media folder is: another one when another disk is in its place, and the same one when its disk is mounted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFolder(String);

impl Library {
    /// Which folder the media folder is now.
    pub fn media_folder(&self) -> Result<MediaFolder> {
        let metadata = self.media.metadata()?;
        // The number of a device may change at each mount, and another disk may get it. A file system without an id has that only.
        let disk = match rustix::fs::statvfs(&self.media) {
            Ok(disk) if disk.f_fsid != 0 => format!("{:x}", disk.f_fsid),
            Ok(_) | Err(_) => format!("device {}", metadata.dev()),
        };
        Ok(MediaFolder(format!("{disk} {}\n", metadata.ino())))
    }

    /// Whether it is the folder that [`Self::remember_media_folder`] was last called with.
    pub fn is_known_media_folder(&self, folder: &MediaFolder) -> Result<bool> {
        let stated = unless_absent(std::fs::read_to_string(self.data.join(FILE)))?;
        Ok(stated.as_ref() == Some(&folder.0))
    }

    /// Records which folder is the media folder. Writes only when that changed.
    pub fn remember_media_folder(&self, folder: &MediaFolder) -> Result<()> {
        match self.is_known_media_folder(folder)? {
            true => Ok(()),
            false => write_whole(&self.data, FILE, folder.0.as_bytes(), None),
        }
    }
}
