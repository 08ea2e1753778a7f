//! Tells the media folder from the empty folder that is left in its place when its disk is not mounted. In the data folder stands
//! which folder (device and inode) the last scan read.

use std::io;
use std::os::unix::fs::MetadataExt;

use super::write::write_whole;
use super::{Library, unless_absent};
use crate::error::Result;

/// The name of the file in the data folder.
const FILE: &str = "media-folder";

impl Library {
    /// Whether the media folder is the very folder that [`Self::remember_media_folder`] was last called for.
    pub fn is_known_media_folder(&self) -> Result<bool> {
        let stated = unless_absent(std::fs::read_to_string(self.data.join(FILE)))?;
        Ok(stated.as_deref() == Some(&self.identity()?))
    }

    /// Records which folder the media folder is. Writes only when that changed.
    pub fn remember_media_folder(&self) -> Result<()> {
        match self.is_known_media_folder()? {
            true => Ok(()),
            false => write_whole(&self.data, FILE, self.identity()?.as_bytes(), None),
        }
    }

    fn identity(&self) -> io::Result<String> {
        let metadata = self.media.metadata()?;
        Ok(format!("{} {}\n", metadata.dev(), metadata.ino()))
    }
}
