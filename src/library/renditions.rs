//! Files that are made for playing, and frames, in the data folder, and the folders in which jobs make them. In: what a job wrote. Out: a whole and
//! durable file under its name, or nothing.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::make_private_folder;
use super::{Library, place_of, plain, unless_absent};
use crate::catalogue::original::FilePlace;
use crate::error::Result;

/// Their folder in the data folder, that of the frames, and that of the jobs.
pub(super) const FOLDER: &str = "renditions";
pub(super) const FRAMES: &str = "frames";
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
        self.keep_made(made, (FOLDER, FilePlace::RENDITIONS), name)
    }

    /// The same, among the frames.
    pub fn keep_frame(&self, made: &Path, name: &str) -> Result<FilePlace> {
        self.keep_made(made, (FRAMES, FilePlace::FRAMES), name)
    }

    fn keep_made(&self, made: &Path, (folder, of): (&str, &str), name: &str) -> Result<FilePlace> {
        let folder = self.data.join(folder);
        make_private_folder(&folder)?;
        let file = File::open(made)?;
        file.sync_all()?;
        std::fs::rename(made, folder.join(plain(name)?))?;
        File::open(&folder)?.sync_all()?;
        Ok(place_of(of, name, &file.metadata()?))
    }

    /// The names of all renditions.
    pub fn renditions(&self) -> Result<Vec<String>> {
        names(&self.data.join(FOLDER))
    }

    /// The names of all frames.
    pub fn frames(&self) -> Result<Vec<String>> {
        names(&self.data.join(FRAMES))
    }

    /// Removes the files among these that are old enough: the row of a file that was just made is written a moment later.
    pub fn remove_renditions_without_row(&self, names: &[String]) -> Result<()> {
        self.remove_made(FOLDER, &self.old(FOLDER, names))
    }

    /// The same, among the frames.
    pub fn remove_frames_without_row(&self, names: &[String]) -> Result<()> {
        self.remove_made(FRAMES, &self.old(FRAMES, names))
    }

    fn old(&self, folder: &str, names: &[String]) -> Vec<String> {
        let folder = self.data.join(folder);
        let is_old = |name: &&String| {
            let modified = folder.join(name).metadata().and_then(|it| it.modified());
            modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ROW_COMES))
        };
        names.iter().filter(is_old).cloned().collect()
    }

    /// Removes what was made, by name; one that is not there is no error.
    fn remove_made(&self, folder: &str, names: &[String]) -> Result<()> {
        for name in names {
            unless_absent(std::fs::remove_file(
                self.data.join(folder).join(plain(name)?),
            ))?;
        }
        self.close_gone_files();
        Ok(())
    }

    /// Removes all renditions and frames of a recording. Durable when it returns.
    pub fn erase_renditions(&self, id: &str) -> Result<()> {
        for folder in [FOLDER, FRAMES] {
            let mut of_it = names(&self.data.join(folder))?;
            of_it.retain(|name| name.starts_with(id));
            self.remove_made(folder, &of_it)?;
            if !of_it.is_empty() {
                File::open(self.data.join(folder))?.sync_all()?;
            }
        }
        Ok(())
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
