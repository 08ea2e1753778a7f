//! The media and data folders; the only code that builds a path on disk. In: names of folders and files, never paths. Out:
//! open files and bytes. A name from outside that is not exactly one plain component is refused, and a link is never followed.

pub mod lock;
mod pictures;
mod uploads;
pub mod versions;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::catalogue::id;
use crate::catalogue::original::FilePlace;
use crate::error::{Error, Result};

/// Samples taken of a file for its version, evenly spread, and the bytes of each.
const SAMPLES: u64 = 16;
const SAMPLE_BYTES: u64 = 64 * 1024;

/// Temporary files are ours and begin with a dot, so that a scan passes over one that a power cut left behind.
const TEMPORARY: &str = ".terugkijken-";

/// The media folder with the originals and the data folder with what the program makes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Library {
    media: PathBuf,
    data: PathBuf,
    queues: lock::Queues,
}

/// An entry of a folder, as it looks without following links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    Folder,
    File(FilePlace),
    /// A symbolic link: never followed, because it may lead out of the media folder.
    Link,
    /// A socket, pipe or device.
    Other,
}

impl Library {
    pub fn new(media: &Path, data: &Path) -> Self {
        Self {
            media: media.to_owned(),
            data: data.to_owned(),
            queues: lock::Queues::default(),
        }
    }

    /// Does something with files, on a thread that may wait for the disk.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let library = self.clone();
        tokio::task::spawn_blocking(move || work(&library))
            .await
            .map_err(Error::internal)?
    }

    pub fn media(&self) -> &Path {
        &self.media
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the catalogue lies.
    pub fn database(&self) -> PathBuf {
        self.data.join("catalogue.db")
    }

    /// Makes the data folder. The media folder is only made when its parent is there and it is not.
    pub fn make_folders(&self) -> Result<()> {
        std::fs::create_dir_all(&self.data)?;
        std::fs::create_dir_all(self.data.join("posters"))?;
        std::fs::create_dir_all(self.data.join(lock::LOCKS))?;
        if !self.media.exists() {
            std::fs::create_dir_all(&self.media)?;
        }
        Ok(())
    }

    /// What lies in the media folder itself, by name; our own dot files and names that are not text are left out.
    pub fn top(&self) -> Result<Vec<Entry>> {
        entries(&self.media, "")
    }

    /// Where the folder of a series lies.
    fn series(&self, folder: &str) -> Result<PathBuf> {
        Ok(self.media.join(plain(folder)?))
    }

    /// What lies in the folder of a series, by name.
    pub fn folder(&self, folder: &str) -> Result<Vec<Entry>> {
        entries(&self.series(folder)?, folder)
    }

    /// The names of what lies in the folder of a series.
    pub fn names(&self, folder: &str) -> Result<Vec<String>> {
        let entries = self.folder(folder)?.into_iter();
        Ok(entries.map(|entry| entry.name).collect())
    }

    /// Whether a folder of that name is there.
    pub fn has_folder(&self, folder: &str) -> bool {
        plain(folder).is_ok_and(|folder| self.media.join(folder).is_dir())
    }

    /// Opens a file of a series for reading, without following links.
    pub fn open(&self, folder: &str, file: &str) -> Result<File> {
        Ok(open_beneath(&self.media, plain(folder)?, plain(file)?)?)
    }

    /// Opens a file for sending, and only if it is still the one the catalogue knows: [`Error::Changed`] otherwise, so
    /// that bytes of two versions are never mixed.
    pub fn open_unchanged(&self, place: &FilePlace) -> Result<File> {
        let file = match open_beneath(&self.media, plain(&place.folder)?, plain(&place.file)?) {
            Ok(file) => file,
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Changed);
            }
            Err(problem) => return Err(problem.into()),
        };
        let now = place_of(&place.folder, &place.file, &file.metadata()?);
        if now == *place {
            Ok(file)
        } else {
            Err(Error::Changed)
        }
    }

    /// What a file looks like now; `None` when it is not there.
    pub fn stat(&self, folder: &str, file: &str) -> Result<Option<FilePlace>> {
        let path = self.series(folder)?.join(plain(file)?);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Some(place_of(folder, file, &metadata))),
            Ok(_) => Ok(None),
            Err(problem) if is_absent(&problem) => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Reads a small file of a series whole; refuses one over `limit` bytes. `None` when it is not there.
    pub fn read(&self, folder: &str, file: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let opened = match open_beneath(&self.media, plain(folder)?, plain(file)?) {
            Ok(opened) => opened,
            Err(problem) if is_absent(&problem) => return Ok(None),
            Err(problem) => return Err(problem.into()),
        };
        if !opened.metadata()?.is_file() {
            return Err(io::Error::other(format!("{file} is no file")).into());
        }
        let mut bytes = Vec::new();
        opened.take(limit + 1).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
            return Err(io::Error::other(format!("{file} is larger than {limit} bytes")).into());
        }
        Ok(Some(bytes))
    }

    /// Writes a small file of a series: temporary name, fsync, rename, fsync of the folder. After a power cut there is
    /// the old text or the new, never half of one.
    pub fn write(&self, folder: &str, file: &str, bytes: &[u8]) -> Result<()> {
        write_whole(&self.series(folder)?, plain(file)?, bytes)
    }

    /// Makes the folder of a series. One that is there is well.
    pub fn make_folder(&self, folder: &str) -> Result<()> {
        match std::fs::create_dir(self.series(folder)?) {
            Err(problem) if problem.kind() != io::ErrorKind::AlreadyExists => Err(problem.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Takes away a file of a series. One that is not there is well. Durable when it returns.
    pub fn remove(&self, folder: &str, file: &str) -> Result<()> {
        remove_file(&self.series(folder)?, plain(file)?)
    }

    /// Moves a file to another series or name, never over another file: place by folder and name. Durable when it returns.
    ///
    /// An error of the kind `AlreadyExists` when something lies there.
    pub fn rename(&self, from: (&str, &str), to: (&str, &str)) -> Result<()> {
        let (old, new) = (self.series(from.0)?, self.series(to.0)?);
        move_file(&old, plain(from.1)?, &new, plain(to.1)?)
    }

    /// Takes away the folder of a series in which nothing lies any more.
    pub fn remove_empty_folder(&self, folder: &str) -> Result<()> {
        Ok(std::fs::remove_dir(self.series(folder)?)?)
    }

    /// Whether sidecars can be written there; of a folder that is not there, whether it can be made.
    pub fn is_writable(&self, folder: &str) -> bool {
        plain(folder).is_ok_and(|folder| {
            let path = self.media.join(folder);
            let path = if path.is_dir() { &path } else { &self.media };
            rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
        })
    }

    /// Bytes that can still be written to the disk of the media folder; `None` when it cannot be asked.
    pub fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.media).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether the media folder answers; why not.
    pub fn try_reading(&self) -> io::Result<()> {
        std::fs::read_dir(&self.media).map(drop)
    }

    /// Whether the data folder takes new bytes: a full disk or one that went read-only says so here. Why not.
    pub fn try_writing(&self) -> io::Result<()> {
        let path = self.data.join("ready.check");
        let done = File::create(&path).and_then(|mut file| {
            file.write_all(&[0; 4096])?;
            file.sync_all()
        });
        // Also after a failure, which may have left a part.
        let _ = std::fs::remove_file(&path);
        done
    }
}

/// The version of a file: of its size and of samples evenly spread over it, so that it is known at once for 100 GB too.
/// A file of up to 1 MiB is read whole.
pub fn version<R: Read + Seek>(file: &mut R, size_bytes: u64) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size_bytes.to_le_bytes());
    if size_bytes <= SAMPLES * SAMPLE_BYTES {
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file.take(SAMPLES * SAMPLE_BYTES), &mut hasher)?;
    } else {
        let step = (size_bytes - SAMPLE_BYTES) / (SAMPLES - 1);
        for sample in 0..SAMPLES {
            file.seek(SeekFrom::Start(sample * step))?;
            io::copy(&mut file.take(SAMPLE_BYTES), &mut hasher)?;
        }
    }
    Ok(id::version_of(&hasher.finalize()))
}

/// The hash of a whole file, from its first byte.
pub fn hash(file: &mut File) -> io::Result<blake3::Hash> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize())
}

/// Nothing lies there, or nothing can: a name too long for the disk, a folder that is none.
fn is_absent(problem: &io::Error) -> bool {
    matches!(
        problem.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

/// Exactly one component that is not ours: no separator, not `.` or `..`, no NUL, not hidden.
fn plain(name: &str) -> Result<&str> {
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
        return Err(Error::NotFound);
    }
    Ok(name)
}

fn entries(path: &Path, folder: &str) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // A name that is not UTF-8 cannot be an address; the scan reports it under its readable part.
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // Of the entry itself, so a link is seen as a link.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        let kind = match metadata.file_type() {
            kind if kind.is_symlink() => EntryKind::Link,
            kind if kind.is_dir() => EntryKind::Folder,
            kind if kind.is_file() => EntryKind::File(place_of(folder, &name, &metadata)),
            _ => EntryKind::Other,
        };
        found.push(Entry { name, kind });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn place_of(folder: &str, file: &str, metadata: &std::fs::Metadata) -> FilePlace {
    FilePlace {
        folder: folder.to_owned(),
        file: file.to_owned(),
        size_bytes: metadata.len(),
        modified_ns: metadata
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(metadata.mtime_nsec()),
        // An identity, not a quantity: the bits are kept as they are.
        inode: metadata.ino().cast_signed(),
    }
}

/// Opens `base/folder/file`. The kernel refuses links on the way (openat2 with RESOLVE_NO_SYMLINKS), so nobody can swap
/// one in between a look and the opening.
#[cfg(target_os = "linux")]
fn open_beneath(base: &Path, folder: &str, file: &str) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};
    let base = openat(
        CWD,
        base,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    // Not blocking: a pipe with the name of a recording must not hold the scan.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let path = Path::new(folder).join(file);
    match openat2(
        &base,
        &path,
        flags,
        Mode::empty(),
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS,
    ) {
        Ok(file) => Ok(file.into()),
        // Sandboxes without openat2: the folder first, then the file, neither through a link.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => {
            let folder = openat(
                &base,
                folder,
                OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC,
                Mode::empty(),
            )?;
            Ok(openat(&folder, file, flags, Mode::empty())?.into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Opens `base/folder/file` after looking that neither is a link.
#[cfg(not(target_os = "linux"))]
fn open_beneath(base: &Path, folder: &str, file: &str) -> io::Result<File> {
    let folder = base.join(folder);
    let path = folder.join(file);
    if folder.symlink_metadata()?.is_symlink() || path.symlink_metadata()?.is_symlink() {
        return Err(io::ErrorKind::NotFound.into());
    }
    File::open(path)
}

fn write_whole(folder: &Path, file: &str, bytes: &[u8]) -> Result<()> {
    // Short, whatever the length of the name it will get; its own for each writer at work.
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!("{TEMPORARY}{}-{write}", std::process::id()));
    let written = (|| {
        // A leftover of a process that had this number; never through a link that lies there.
        unless_absent(std::fs::remove_file(&temporary))?;
        let mut target = File::create_new(&temporary)?;
        target.write_all(bytes)?;
        target.sync_all()?;
        std::fs::rename(&temporary, folder.join(file))?;
        // A rename is only durable once its folder is.
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        // Whatever went wrong is reported; a leftover would only be clutter.
        let _ = std::fs::remove_file(&temporary);
    }
    Ok(written?)
}

/// Takes a file away; one that is not there is well. Durable when it returns.
fn remove_file(folder: &Path, file: &str) -> Result<()> {
    if unless_absent(std::fs::remove_file(folder.join(file)))?.is_some() {
        // A file that was wiped must not be there again after a power cut.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// What was done, or `None` when nothing of that name was there.
fn unless_absent<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}

/// Moves a file from one folder to another on the same disk, never over another file; durable when it returns.
fn move_file(old: &Path, from: &str, new: &Path, to: &str) -> Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(
        CWD,
        old.join(from),
        CWD,
        new.join(to),
        RenameFlags::NOREPLACE,
    )
    .map_err(io::Error::from)?;
    // A rename is only durable once both folders are.
    File::open(new)?.sync_all()?;
    Ok(File::open(old)?.sync_all()?)
}
