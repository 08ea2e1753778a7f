//! Pictures rendered from posters, in the data folder; all of them can be rendered again.

use super::{Library, plain, unless_absent, write_whole};
use crate::error::Result;

impl Library {
    /// Stores a rendered picture in the data folder.
    pub fn write_picture(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write_whole(&self.data.join("posters"), plain(name)?, bytes, None)
    }

    /// Reads a rendered picture; `None` when it does not exist.
    pub fn read_picture(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.data.join("posters").join(plain(name)?);
        Ok(unless_absent(std::fs::read(path))?)
    }

    /// Removes the pictures whose names begin with `id` (that of a recording, or more) and not with `keep`, because their poster was
    /// replaced, or their colour.
    pub fn keep_pictures(&self, id: &str, keep: &str) -> Result<()> {
        for entry in std::fs::read_dir(self.data.join("posters"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(id) && !name.starts_with(keep) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}
