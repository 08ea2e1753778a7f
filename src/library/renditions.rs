//! Files that are made for playing, in the data folder, and the folders in which jobs make them. In: what a job wrote. Out: a whole and
//! durable file under its name, or nothing.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::make_private_folder;
use super::{Library, place_of, plain, unless_absent};
use crate::catalogue::original::FilePlace;
use crate::error::Result;

/// Their folder in the data folder, and that of the jobs.
pub(super) const FOLDER: &str = "renditions";
const WORK: &str = "work";

/// How long after a file its row may come.
const ROW_COMES: Duration = Duration::from_secs(10 * 60);

impl Library {
    /// An empty folder for a job, in which it alone writes. `name`: of that run of the job.
    pub fn make_work_folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.data.join(WORK).join(plain(name)?);
        make_private_folder(&self.data.join(WORK))?;
        unless_absent(std::fs::remove_dir_all(&path))?;
        make_private_folder(&path)?;
        // A confined program is told of it by its whole path.
        Ok(path.canonicalize()?)
    }

    /// Removes the folder of a job with all that is in it.
    pub fn remove_work_folder(&self, name: &str) -> Result<()> {
        unless_absent(std::fs::remove_dir_all(
            self.data.join(WORK).join(plain(name)?),
        ))?;
        Ok(())
    }

    /// The names of the folders of jobs, also of those that nobody goes on with.
    pub fn work_folders(&self) -> Result<Vec<String>> {
        names(&self.data.join(WORK))
    }

    /// Gives a file that a job made its name among the renditions. Durable when it returns; a file of that name is replaced.
    pub fn keep_rendition(&self, made: &Path, name: &str) -> Result<FilePlace> {
        let folder = self.data.join(FOLDER);
        make_private_folder(&folder)?;
        let file = File::open(made)?;
        file.sync_all()?;
        std::fs::rename(made, folder.join(plain(name)?))?;
        File::open(&folder)?.sync_all()?;
        Ok(place_of(FilePlace::RENDITIONS, name, &file.metadata()?))
    }

    /// The names of all renditions.
    pub fn renditions(&self) -> Result<Vec<String>> {
        names(&self.data.join(FOLDER))
    }

    /// Removes the files among these that are old enough: the row of a file that was just made is written a moment later.
    pub fn remove_renditions_without_row(&self, names: &[String]) -> Result<()> {
        let is_old = |name: &&String| {
            let modified = self
                .data
                .join(FOLDER)
                .join(name)
                .metadata()
                .and_then(|it| it.modified());
            modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ROW_COMES))
        };
        let old: Vec<String> = names.iter().filter(is_old).cloned().collect();
        self.remove_renditions(&old)
    }

    /// Removes renditions by name; one that is not there is no error.
    pub fn remove_renditions(&self, names: &[String]) -> Result<()> {
        for name in names {
            unless_absent(std::fs::remove_file(
                self.data.join(FOLDER).join(plain(name)?),
            ))?;
        }
        self.close_gone_files();
        Ok(())
    }

    /// Removes all renditions of a recording. Durable when it returns.
    pub fn erase_renditions(&self, id: &str) -> Result<()> {
        let mut of_it = self.renditions()?;
        of_it.retain(|name| name.starts_with(id));
        self.remove_renditions(&of_it)?;
        match of_it.is_empty() {
            true => Ok(()),
            false => Ok(File::open(self.data.join(FOLDER))?.sync_all()?),
        }
    }
}

/// The names in a folder, which may not be there yet.
fn names(folder: &Path) -> Result<Vec<String>> {
    let Some(entries) = unless_absent(std::fs::read_dir(folder))? else {
        return Ok(Vec::new());
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    Ok(names.collect::<io::Result<_>>()?)
}
