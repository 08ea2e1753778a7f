//! The media and data folders, and the only code that builds paths on disk. In: names of folders and files, never paths. Out: open
//! files and bytes. A name that is not exactly one plain component is refused, and a link is never followed.

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

/// Number of evenly spread samples of a file for its version; the next constant is the size of each in bytes.
const SAMPLES: u64 = 16;
const SAMPLE_BYTES: u64 = 64 * 1024;

/// The beginning of the name of a temporary file: with its dot a scan ignores one that a power cut left behind.
const TEMPORARY: &str = ".terugkijken-";

/// The media folder with the originals, and the data folder with generated files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Library {
    media: PathBuf,
    data: PathBuf,
    queues: lock::Queues,
}

/// An entry of a folder; links are not followed.
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

    /// Runs work on files, on a thread that may wait for the disk.
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

    /// Path of the catalogue's database.
    pub fn database(&self) -> PathBuf {
        self.data.join("catalogue.db")
    }

    /// Creates the data folder, and the media folder when only that last folder of its path is missing.
    pub fn make_folders(&self) -> Result<()> {
        std::fs::create_dir_all(&self.data)?;
        std::fs::create_dir_all(self.data.join("posters"))?;
        std::fs::create_dir_all(self.data.join(lock::LOCKS))?;
        if !self.media.exists() {
            std::fs::create_dir_all(&self.media)?;
        }
        Ok(())
    }

    /// Entries of the media folder by name, without hidden ones and without names that are not UTF-8.
    pub fn top(&self) -> Result<Vec<Entry>> {
        entries(&self.media, "")
    }

    /// Path of the folder of a series.
    fn series(&self, folder: &str) -> Result<PathBuf> {
        Ok(self.media.join(plain(folder)?))
    }

    /// Entries of the folder of a series by name.
    pub fn folder(&self, folder: &str) -> Result<Vec<Entry>> {
        entries(&self.series(folder)?, folder)
    }

    /// Names of the entries in the folder of a series.
    pub fn names(&self, folder: &str) -> Result<Vec<String>> {
        let entries = self.folder(folder)?.into_iter();
        Ok(entries.map(|entry| entry.name).collect())
    }

    /// Whether a series folder of this name exists.
    pub fn has_folder(&self, folder: &str) -> bool {
        plain(folder).is_ok_and(|folder| self.media.join(folder).is_dir())
    }

    /// Opens a file of a series for reading, without following links.
    pub fn open(&self, folder: &str, file: &str) -> Result<File> {
        Ok(open_beneath(&self.media, plain(folder)?, plain(file)?)?)
    }

    /// Opens a file for sending, if it is still the one that the catalogue knows: [`Error::Changed`] otherwise, so that bytes of
    /// two versions are never mixed.
    pub fn open_unchanged(&self, place: &FilePlace) -> Result<File> {
        let file = match open_beneath(&self.media, plain(&place.folder)?, plain(&place.file)?) {
            Ok(file) => file,
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Changed);
            }
            Err(problem) => return Err(problem.into()),
        };
        let now = place_of(&place.folder, &place.file, &file.metadata()?);
        if now.is_same_file(place) {
            Ok(file)
        } else {
            Err(Error::Changed)
        }
    }

    /// Place, size and time of a file; `None` when it does not exist.
    pub fn stat(&self, folder: &str, file: &str) -> Result<Option<FilePlace>> {
        let path = self.series(folder)?.join(plain(file)?);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Some(place_of(folder, file, &metadata))),
            Ok(_) => Ok(None),
            Err(problem) if is_absent(&problem) => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Reads a small file of a series; refuses one over `limit` bytes. `None` when it does not exist.
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

    /// Writes a small file of a series: temporary name, fsync, rename, fsync of the folder. After a power cut the file holds the
    /// old text or the new one, never a part.
    pub fn write(&self, folder: &str, file: &str, bytes: &[u8]) -> Result<()> {
        write_whole(&self.series(folder)?, plain(file)?, bytes)
    }

    /// Creates the folder of a series; a folder that exists already is no error.
    pub fn make_folder(&self, folder: &str) -> Result<()> {
        match std::fs::create_dir(self.series(folder)?) {
            Err(problem) if problem.kind() != io::ErrorKind::AlreadyExists => Err(problem.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes a file of a series; a file that does not exist is no error. Durable when it returns.
    pub fn remove(&self, folder: &str, file: &str) -> Result<()> {
        remove_file(&self.series(folder)?, plain(file)?)
    }

    /// Moves a file to another series or name, never over another file. `from` and `to`: folder and file name. Durable when it
    /// returns.
    ///
    /// An error of the kind `AlreadyExists` when the target exists.
    pub fn rename(&self, from: (&str, &str), to: (&str, &str)) -> Result<()> {
        let (old, new) = (self.series(from.0)?, self.series(to.0)?);
        move_file(&old, plain(from.1)?, &new, plain(to.1)?)
    }

    /// Removes the empty folder of a series.
    pub fn remove_empty_folder(&self, folder: &str) -> Result<()> {
        Ok(std::fs::remove_dir(self.series(folder)?)?)
    }

    /// Whether files can be written in the folder of a series; for a folder that does not exist, whether it can be created.
    pub fn is_writable(&self, folder: &str) -> bool {
        plain(folder).is_ok_and(|folder| {
            let path = self.media.join(folder);
            let path = if path.is_dir() { &path } else { &self.media };
            rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
        })
    }

    /// Free bytes on the disk of the media folder; `None` when the system cannot tell.
    pub fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.media).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Checks that the media folder can be read.
    pub fn try_reading(&self) -> io::Result<()> {
        std::fs::read_dir(&self.media).map(drop)
    }

    /// Checks that the data folder takes new bytes, by writing a file; a full or read-only disk is an error.
    pub fn try_writing(&self) -> io::Result<()> {
        let path = self.data.join("ready.check");
        let done = File::create(&path).and_then(|mut file| {
            file.write_all(&[0; 4096])?;
            file.sync_all()
        });
        // The file is removed after a failure too, because a part of it may exist.
        let _ = std::fs::remove_file(&path);
        done
    }
}

/// The version of a file: a hash of its size and of samples spread evenly over it, which is fast for 100 GB too. A file of up to 1
/// MiB is read completely.
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

/// The BLAKE3 hash of a whole file, from its first byte.
pub fn hash(file: &mut File) -> io::Result<blake3::Hash> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file)?;
    Ok(hasher.finalize())
}

/// Whether the error means that the file does not exist or cannot exist: a name too long for the disk, or a folder that is a file.
fn is_absent(problem: &io::Error) -> bool {
    matches!(
        problem.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

/// The name, when it is exactly one visible component: no separator, not `.` or `..`, no NUL, not hidden. [`Error::NotFound`]
/// otherwise.
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
        // A name that is not UTF-8 cannot be an address; the scan reports it by its readable part.
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // This is the metadata of the entry itself, so a link is seen as a link.
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
        // The inode identifies a file and is no quantity, so its bits are kept as they are.
        inode: metadata.ino().cast_signed(),
    }
}

/// Opens `base/folder/file`. The kernel refuses links in the path (openat2 with RESOLVE_NO_SYMLINKS), so that nobody can swap one
/// in between a check and the opening.
#[cfg(target_os = "linux")]
fn open_beneath(base: &Path, folder: &str, file: &str) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};
    let base = openat(
        CWD,
        base,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    // NONBLOCK keeps a pipe with the name of a recording from blocking the scan.
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
        // In a sandbox without openat2 the folder is opened first and then the file, both without following links.
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

/// Opens `base/folder/file` after checking that neither is a link.
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
    // The temporary name is short, whatever the length of the final one, and unique for each write.
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!("{TEMPORARY}{}-{write}", std::process::id()));
    let written = (|| {
        // A file left by an earlier process with the same id is removed; a link in its place is never followed.
        unless_absent(std::fs::remove_file(&temporary))?;
        let mut target = File::create_new(&temporary)?;
        target.write_all(bytes)?;
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

/// Removes a file; a file that does not exist is no error. Durable when it returns.
fn remove_file(folder: &Path, file: &str) -> Result<()> {
    if unless_absent(std::fs::remove_file(folder.join(file)))?.is_some() {
        // An erased file must not reappear after a power cut.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The result, or `None` when the file did not exist.
fn unless_absent<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}

/// Moves a file between two folders on the same disk, never over another file. Durable when it returns.
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
    // A rename is durable only after fsync of both folders.
    File::open(new)?.sync_all()?;
    Ok(File::open(old)?.sync_all()?)
}
