//! Writes, removes and moves files so that a power cut or a kill leaves the old file or the new one, never a part. In: a folder and
//! a name in it. Out: a file that is durable. Temporary files are locked while they are in use, so that [`super::leftovers`] can
//! tell those that nobody finishes any more.

use std::fs::{File, FileTimes};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::{Access, create_new_private};
use super::{place_of, unless_absent};
use crate::error::Result;

/// The beginning of the name of a temporary file: with its dot a scan ignores one that a power cut left behind. The number of the
/// process and bits at random follow.
pub(super) const TEMPORARY: &str = ".terugkijken-";

/// How much later a file is said to be changed than the one that it replaces, when a drive would give both the same time: the
/// coarsest step of any file system, that of FAT.
const LATER: Duration = Duration::from_secs(2);

/// Replaces or creates a file. `access`: its mode and group; `None`: only the owner can read it.
pub(super) fn write_whole(
    folder: &Path,
    file: &str,
    bytes: &[u8],
    access: Option<Access>,
) -> Result<()> {
    let (temporary, mut target) = temporary(folder)?;
    let written = (|| {
        target.write_all(bytes)?;
        if let Some(access) = access {
            access.give(&target)?;
        }
        unlike(&target, &folder.join(file))?;
        target.sync_all()?;
        std::fs::rename(&temporary, folder.join(file))?;
        // A rename is durable only after fsync of its folder.
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        // The original error is reported; the temporary file is only removed.
        let _ = std::fs::remove_file(&temporary);
    }
    Ok(written?)
}

/// A new temporary file in a folder, locked until it is closed.
pub(super) fn temporary(folder: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        // The name is short, whatever the length of the final one. Two containers may each have a process of one number, so that
        // bits at random tell their files apart.
        let mut bits = [0; 8];
        getrandom::fill(&mut bits).map_err(io::Error::other)?;
        let (process, bits) = (std::process::id(), u64::from_le_bytes(bits));
        let path = folder.join(format!("{TEMPORARY}{process}-{bits:016x}"));
        let file = match create_new_private(&path) {
            Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => continue,
            created => created?,
        };
        // A drive without locks keeps what it has: leftovers are then told by their age.
        let _ = file.lock();
        // Whoever sweeps may have removed the file before it was locked.
        if file.metadata()?.nlink() > 0 {
            return Ok((path, file));
        }
    }
}

/// Makes the time of a file differ from that of the file it is going to replace, when their sizes agree: by size and time a scan
/// tells whether a file changed.
fn unlike(file: &File, replaced: &Path) -> io::Result<()> {
    let Ok(old) = replaced.symlink_metadata() else {
        return Ok(());
    };
    let metadata = file.metadata()?;
    let (now, before) = (place_of("", "", &metadata), place_of("", "", &old));
    if now.is_same_file(&before) || before.is_same_file(&now) {
        let later = old.modified()?.max(metadata.modified()?) + LATER;
        file.set_times(FileTimes::new().set_modified(later))?;
    }
    Ok(())
}

/// Removes a file; a file that does not exist is no error. Durable when it returns.
pub(super) fn remove_file(folder: &Path, file: &str) -> Result<()> {
    if unless_absent(std::fs::remove_file(folder.join(file)))?.is_some() {
        // An erased file must not reappear after a power cut.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Moves a file between two folders on the same disk, never over another file. Durable when it returns.
pub(super) fn move_file(old: &Path, from: &str, new: &Path, to: &str) -> Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(
        CWD,
        old.join(from),
        CWD,
        new.join(to),
        RenameFlags::NOREPLACE,
    )
    .map_err(io::Error::from)?;
    // A rename is durable only after fsync of both folders.
    File::open(new)?.sync_all()?;
    Ok(File::open(old)?.sync_all()?)
}
