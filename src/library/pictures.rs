//! Pictures made from posters, in the data folder: they can all be made again.

use super::{Library, plain, unless_absent, write_whole};
use crate::error::Result;

impl Library {
    /// Stores a picture made from a poster in the data folder.
    pub fn write_picture(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write_whole(&self.data.join("posters"), plain(name)?, bytes)
    }

    /// A picture made from a poster; `None` when it has not been made.
    pub fn read_picture(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.data.join("posters").join(plain(name)?);
        Ok(unless_absent(std::fs::read(path))?)
    }

    /// Takes away pictures made for `id` whose names do not begin with `keep`: those of a poster that was replaced.
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
