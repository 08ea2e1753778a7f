//! Temporary files that a kill or a power cut left behind, in every folder that this program writes to. One that a running server or
//! command is writing is locked, and stays.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;
use rustix::process::{Pid, test_kill_process};

use super::write::TEMPORARY;
use super::{EntryKind, Library, moves, uploads, versions};

/// The age from which a temporary file is nobody's, also where a process of that number runs or the drive knows no locks: writing
/// a small file takes less than a second.
const OLD: Duration = Duration::from_secs(60 * 60);

impl Library {
    /// Removes temporary files that nobody finishes any more. `is_start`: this process has written nothing yet, so that a file with
    /// its number is of an earlier one. Returns how many; a folder that cannot be read is passed over.
    pub fn sweep_leftovers(&self, is_start: bool) -> usize {
        let mut folders = vec![
            self.data.clone(),
            self.data.join("posters"),
            self.media.clone(),
            self.media.join(uploads::FOLDER),
            self.media.join(moves::FOLDER),
        ];
        let top = self.top().unwrap_or_default().into_iter();
        for series in top.filter(|entry| entry.kind == EntryKind::Folder) {
            let path = self.media.join(series.name);
            folders.push(path.join(versions::FOLDER));
            folders.push(path);
        }
        folders
            .iter()
            .filter(|folder| {
                // The two folders themselves may be links; nothing below them is followed.
                let metadata = match **folder == self.data || **folder == self.media {
                    true => folder.metadata(),
                    false => folder.symlink_metadata(),
                };
                metadata.is_ok_and(|it| it.is_dir())
            })
            .flat_map(|folder| temporary_files(folder))
            .filter(|path| sweep(path, is_start))
            .count()
    }
}

fn temporary_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_temporary = |name: &OsStr| name.as_encoded_bytes().starts_with(TEMPORARY.as_bytes());
    entries
        .filter(|entry| is_temporary(&entry.file_name()))
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

/// Removes a temporary file, unless somebody is writing it. Returns whether it was removed.
fn sweep(path: &Path, is_start: bool) -> bool {
    let Ok(metadata) = path.symlink_metadata() else {
        return false;
    };
    let age = |at: SystemTime| at.elapsed().unwrap_or_default();
    let is_old = metadata.modified().is_ok_and(|at| age(at) >= OLD);
    // Network drives lock only what is opened for writing.
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    let opened = File::options()
        .read(true)
        .write(true)
        .custom_flags(flags)
        .open(path);
    let locked = opened.as_ref().ok().map(File::try_lock);
    if matches!(locked, Some(Err(TryLockError::WouldBlock))) {
        return false;
    }
    // Where there is no lock to be had, the writer may be on another machine, and the age alone tells.
    let is_locked = matches!(locked, Some(Ok(())));
    let is_abandoned = is_old || (is_locked && metadata.is_file() && !is_alive(path, is_start));
    // The lock is held meanwhile: a writer that comes between finds its file removed, and takes another one.
    is_abandoned && std::fs::remove_file(path).is_ok()
}

/// Whether a process with the number in the name of the file runs on this machine.
fn is_alive(path: &Path, is_start: bool) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let rest = name.strip_prefix(TEMPORARY).unwrap_or_default();
    let number = rest.split('-').next().unwrap_or_default();
    let Some(number) = number.parse().ok().and_then(Pid::from_raw) else {
        // Not a name of ours: its age decides.
        return true;
    };
    let is_this = number == rustix::process::getpid();
    match is_this {
        true => !is_start,
        // EPERM: it runs, and belongs to somebody else.
        false => !matches!(test_kill_process(number), Err(rustix::io::Errno::SRCH)),
    }
}
