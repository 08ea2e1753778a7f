//! Who may read and write files, whatever the umask: the data folder is the owner's alone, and what comes into the media folder can
//! be used by whoever could use the file that it replaces, or else the folder that it comes into (Samba, rsync, volunteers).

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown,
};
use std::path::Path;

use crate::error::Result;

/// Modes of what only the owner can use.
const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// The bits of a mode that are about others than the owner.
const OTHERS: u32 = 0o077;

/// The bits about the group and about everybody else, and the one by which what comes into a folder gets its group.
const GROUP: u32 = 0o070;
const EVERYBODY: u32 = 0o007;
const SET_GROUP: u32 = 0o2000;

/// The mode, owner and group of a file.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    mode: u32,
    owner: u32,
    group: u32,
}

impl Access {
    /// The access to a file; `None` when there is no such file. Links are not followed.
    pub(super) fn of_file(path: &Path) -> Option<Self> {
        let metadata = path.symlink_metadata().ok()?;
        metadata
            .is_file()
            .then(|| Self::with(&metadata, metadata.mode() & 0o777))
    }

    /// The access to a new file in a folder: whoever may enter and change the folder may read and change the file.
    pub(super) fn in_folder(path: &Path) -> Option<Self> {
        let metadata = path.metadata().ok()?;
        let mode = metadata.mode() & 0o666 | PRIVATE_FILE;
        Some(Self::with(&metadata, mode))
    }

    fn with(metadata: &Metadata, mode: u32) -> Self {
        Self {
            mode,
            owner: metadata.uid(),
            group: metadata.gid(),
        }
    }

    /// Gives a file this access. The owner and the group are kept where the system allows it: only root may give a file away, and
    /// others give it to groups they are in.
    pub(super) fn give(self, file: &File) -> io::Result<()> {
        let now = file.metadata()?;
        let is_given = fchown(file, Some(self.owner), Some(self.group)).is_ok();
        if !is_given && now.gid() != self.group {
            let _ = fchown(file, None, Some(self.group));
        }
        // The mode comes last, because a change of the owner takes bits away.
        let mode = mode_for(self.mode, self.group, file.metadata()?.gid());
        unless_refused(file.set_permissions(Permissions::from_mode(mode)))
    }
}

/// The mode of what should have one group and has another: what was meant for the one is not for the other, which may do what
/// everybody may.
fn mode_for(mode: u32, meant: u32, group: u32) -> u32 {
    match meant == group {
        true => mode,
        false => (mode & !(GROUP | SET_GROUP)) | (mode & ((mode & EVERYBODY) << 3)),
    }
}

/// Drives without modes (FAT, some network drives) refuse to set one, and then every file has the mode of the drive.
fn unless_refused(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(problem)
            if matches!(
                problem.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Creates a file that only its owner can use. Never follows a link.
///
/// An error of the kind `AlreadyExists` when anything has that name.
pub(super) fn create_new_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let file = options.mode(PRIVATE_FILE).open(path)?;
    unless_refused(file.set_permissions(Permissions::from_mode(PRIVATE_FILE)))?;
    Ok(file)
}

/// Creates an empty file that only its owner can use, unless there is one.
pub(super) fn make_private_file(path: &Path) -> io::Result<()> {
    unless_there(create_new_private(path).map(drop))
}

/// The result, which is well when it was there already: another process may have made it.
fn unless_there(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        done => done,
    }
}

/// Creates a folder that only its owner can enter, with those above it, unless there is one.
pub(super) fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        std::fs::create_dir_all(above)?;
    }
    let mut folder = std::fs::DirBuilder::new();
    unless_there(folder.mode(PRIVATE_FOLDER).create(path))?;
    unless_refused(std::fs::set_permissions(
        path,
        Permissions::from_mode(PRIVATE_FOLDER),
    ))
}

/// Creates a folder with the mode and group of another one; a folder that exists already is no error.
pub(super) fn make_folder_like(model: &Path, path: &Path) -> Result<()> {
    match std::fs::create_dir(path) {
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        done => done?,
    }
    let metadata = model.metadata()?;
    if chown(path, Some(metadata.uid()), Some(metadata.gid())).is_err() {
        let _ = chown(path, None, Some(metadata.gid()));
    }
    let mode = metadata.mode() & 0o7777 | PRIVATE_FOLDER;
    let mode = mode_for(mode, metadata.gid(), path.metadata()?.gid());
    unless_refused(std::fs::set_permissions(path, Permissions::from_mode(mode)))?;
    Ok(())
}

/// Takes what others than the owner may do away from the data folder and all in it; the media folder may lie in it and stays as it
/// is. Returns what was changed, as a sentence for the log.
pub(super) fn close(data: &Path, media: &Path) -> Option<String> {
    let media = media.metadata().ok().map(|it| (it.dev(), it.ino()));
    let (mut closed, mut refused) = (0_u64, 0_u64);
    let mut open = vec![data.to_owned()];
    while let Some(path) = open.pop() {
        // A link is left alone, but the data folder itself may be one.
        let metadata = match path == data {
            true => path.metadata(),
            false => path.symlink_metadata(),
        };
        let Ok(metadata) = metadata else { continue };
        if metadata.is_symlink() || media == Some((metadata.dev(), metadata.ino())) {
            continue;
        }
        let mode = metadata.mode() & 0o7777;
        if mode & OTHERS != 0 {
            match std::fs::set_permissions(&path, Permissions::from_mode(mode & !OTHERS)) {
                Ok(()) => closed += 1,
                Err(_) => refused += 1,
            }
        }
        if metadata.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            open.extend(entries.map(|entry| entry.path()));
        }
    }
    let data = data.display();
    match (closed, refused) {
        (0, 0) => None,
        (closed, 0) => Some(format!(
            "the data folder {data} was open to others: {closed} files and folders are the owner's alone now"
        )),
        (_, refused) => Some(format!(
            "the data folder {data} is open to others, and the mode of {refused} files and folders cannot be changed"
        )),
    }
}
