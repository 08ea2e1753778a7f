//! The media and data folders, and the only code that builds paths on disk. In: names of folders and files, never paths. Out: open
//! files and bytes. A name that is not exactly one plain component is refused, and a link is never followed.

mod access;
mod disk;
mod disk_kind;
pub mod leftovers;
pub mod lock;
pub mod moves;
mod open_files;
mod opened;
mod pictures;
mod presence;
mod renditions;
pub mod server;
mod top;
pub mod uploads;
pub mod versions;
mod write;

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::catalogue::id;
use crate::catalogue::original::FilePlace;
use crate::error::{Error, Result};
use crate::text;

pub use access::Access;
use open_files::OpenFiles;
pub use opened::Opened;
pub use presence::MediaFolder;
use write::{move_file, remove_file, write_whole};

/// Number of evenly spread samples of a file for its version; the next constant is the size of each in bytes.
const SAMPLES: u64 = 16;
const SAMPLE_BYTES: u64 = 64 * 1024;

/// The media folder with the originals, and the data folder with generated files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Library {
    media: PathBuf,
    data: PathBuf,
    queues: lock::Queues,
    threads: Arc<Semaphore>,
    open_files: OpenFiles,
}

/// Threads that may wait for a disk in [`Library::run`]. Of the 512 of tokio others are left when a disk (a network drive that is
/// away) never answers: what needs no file goes on.
const THREADS: usize = 192;

/// How long work waits for one of them.
const PATIENCE: Duration = Duration::from_secs(10);

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
            threads: Arc::new(Semaphore::new(THREADS)),
            open_files: OpenFiles::default(),
        }
    }

    /// Runs work on files, on a thread that may wait for the disk.
    ///
    /// [`Error::Busy`] when the disk does not answer those who came before.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let thread = timeout(PATIENCE, Arc::clone(&self.threads).acquire_owned());
        let thread = thread.await.map_err(|_| Error::Busy)?;
        let thread = thread.map_err(Error::internal)?;
        let library = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _thread = thread;
            work(&library)
        });
        work.await.map_err(Error::internal)?
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

    /// Creates the data folder, and the media folder when it is missing. Nobody but the owner gets into the data folder, whatever
    /// the umask. Returns what was opened wider before, as a sentence for the log.
    pub fn make_folders(&self) -> Result<Option<String>> {
        for folder in [
            self.data.clone(),
            self.data.join("posters"),
            self.data.join(lock::LOCKS),
        ] {
            access::make_private_folder(&folder)?;
        }
        if !self.media.exists() {
            std::fs::create_dir_all(&self.media)?;
        }
        // SQLite gives its log the mode of the database.
        access::make_private_file(&self.database())?;
        Ok(access::close(&self.data, &self.media))
    }

    /// Entries of the media folder by name, without hidden ones and without names that are not UTF-8.
    pub fn top(&self) -> Result<Vec<Entry>> {
        entries(&self.media, "")
    }

    /// Path of the folder of a series, which may not exist yet.
    ///
    /// [`Error::Refused`] when something else than a folder has its name.
    fn series(&self, folder: &str) -> Result<PathBuf> {
        real_folder(self.media.join(plain(folder)?), folder)
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
        let metadata = |folder: &str| self.media.join(folder).symlink_metadata();
        plain(folder).is_ok_and(|folder| metadata(folder).is_ok_and(|it| it.is_dir()))
    }

    /// Whether there certainly is no series folder of this name: it is gone, or something else has its name. A disk that does not
    /// answer says neither.
    pub fn has_lost_folder(&self, folder: &str) -> bool {
        let Ok(folder) = plain(folder) else {
            return true;
        };
        match self.media.join(folder).symlink_metadata() {
            Ok(metadata) => !metadata.is_dir(),
            Err(problem) => is_absent(&problem),
        }
    }

    /// Opens a file of a series for reading, without following links.
    pub fn open(&self, folder: &str, file: &str) -> Result<File> {
        Ok(open_beneath(&self.media, plain(folder)?, plain(file)?)?)
    }

    /// Opens a file, if it is still the one that the catalogue knows: [`Error::Changed`] otherwise, so that bytes of
    /// two versions are never mixed.
    pub fn open_unchanged(&self, place: &FilePlace) -> Result<File> {
        Ok(self.open_checked(place)?.0)
    }

    /// The same, with what was held against the catalogue.
    fn open_checked(&self, place: &FilePlace) -> Result<(File, Metadata)> {
        let (base, folder) = match place.is_rendition() {
            true => (&self.data, renditions::FOLDER),
            false => (&self.media, plain(&place.folder)?),
        };
        let file = match open_beneath(base, folder, plain(&place.file)?) {
            Ok(file) => file,
            Err(problem) if is_absent(&problem) || is_no_file(&problem) => {
                return Err(Error::Changed);
            }
            Err(problem) => return Err(problem.into()),
        };
        let metadata = file.metadata()?;
        let now = place_of(&place.folder, &place.file, &metadata);
        if metadata.is_file() && now.is_same_file(place) {
            Ok((file, metadata))
        } else {
            Err(Error::Changed)
        }
    }

    /// Place, size and time of a file; `None` when it does not exist.
    pub fn stat(&self, folder: &str, file: &str) -> Result<Option<FilePlace>> {
        let path = match self.series(folder) {
            _ if folder == FilePlace::RENDITIONS => self.data.join(renditions::FOLDER),
            // What stands in the place of the folder holds no file of a series.
            Err(Error::Refused(_)) => return Ok(None),
            path => path?,
        }
        .join(plain(file)?);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Some(place_of(folder, file, &metadata))),
            Ok(_) => Ok(None),
            Err(problem) if is_absent(&problem) => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    /// Reads a small file of a series, or a frame; refuses one over `limit` bytes. `None` when it does not exist.
    pub fn read(&self, folder: &str, file: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let (base, below) = match folder {
            FilePlace::FRAMES => (&self.data, renditions::FRAMES),
            _ => (&self.media, plain(folder)?),
        };
        read_whole((base, below), (folder, plain(file)?), limit)
    }

    /// Writes a small file of a series: temporary name, fsync, rename, fsync of the folder. After a power cut the file holds the
    /// old text or the new one, never a part.
    ///
    /// A file that is replaced keeps its mode and group, and a new one gets those of its folder.
    pub fn write(&self, folder: &str, file: &str, bytes: &[u8]) -> Result<()> {
        let path = self.series(folder)?;
        match path.join(plain(file)?).symlink_metadata() {
            Ok(metadata) if !metadata.is_file() => return Err(no_file(folder, file)),
            Ok(_) | Err(_) => {}
        }
        if !path.is_dir() {
            return Err(no_folder(folder));
        }
        let access = Access::of_file(&path.join(file)).or_else(|| Access::in_folder(&path));
        write_whole(&path, file, bytes, access)
    }

    /// Creates the folder of a series, with the mode and group of the media folder; a folder that exists already is no error.
    pub fn make_folder(&self, folder: &str) -> Result<()> {
        access::make_folder_like(&self.media, &self.series(folder)?)
    }

    /// The mode and group of a file of a series; `None` when there is no such file.
    pub fn access_to(&self, folder: &str, file: &str) -> Option<Access> {
        let path = self.series(folder).ok()?.join(plain(file).ok()?);
        Access::of_file(&path)
    }

    /// Removes a file of a series; a file that does not exist is no error. Durable when it returns.
    pub fn remove(&self, folder: &str, file: &str) -> Result<()> {
        remove_file(&self.series(folder)?, plain(file)?)?;
        self.close_gone_files();
        Ok(())
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
        self.series(folder).is_ok_and(|path| {
            let path = if path.is_dir() { &path } else { &self.media };
            rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
        })
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

/// Whether the error means that something else than a file has the name: a link, also one to itself, a folder or a socket.
fn is_no_file(problem: &io::Error) -> bool {
    use rustix::io::Errno;
    let errno = Errno::from_io_error(problem);
    matches!(
        errno,
        Some(Errno::LOOP | Errno::ISDIR | Errno::NXIO | Errno::NODEV | Errno::XDEV)
    )
}

/// Reads the file of this name below `place`; `folder`: its name for people. As [`Library::read`].
fn read_whole(
    place: (&Path, &str),
    (folder, file): (&str, &str),
    limit: u64,
) -> Result<Option<Vec<u8>>> {
    let opened = match open_beneath(place.0, place.1, file) {
        Ok(opened) => opened,
        Err(problem) if is_absent(&problem) => return Ok(None),
        Err(problem) if is_no_file(&problem) => return Err(no_file(folder, file)),
        Err(problem) => return Err(problem.into()),
    };
    if !opened.metadata()?.is_file() {
        return Err(no_file(folder, file));
    }
    let mut bytes = Vec::new();
    opened.take(limit + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(io::Error::other(format!("{file} is larger than {limit} bytes")).into());
    }
    Ok(Some(bytes))
}

/// The refusal to use what is no file, for whoever can put one in its place.
fn no_file(folder: &str, file: &str) -> Error {
    let file = format!("{folder}/{file}");
    let file = file.trim_start_matches('/').to_owned();
    Error::Refused(text!("place-no-file", file = file))
}

/// The refusal to use what is no folder, or no longer there.
fn no_folder(shown: &str) -> Error {
    Error::Refused(text!("place-no-folder", folder = shown.to_owned()))
}

/// The path, unless something else than a folder stands there: a link could lead out of the media folder. `shown`: its name for
/// people.
///
/// [`Error::Refused`] for a link, a file or anything else.
fn real_folder(path: PathBuf, shown: &str) -> Result<PathBuf> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_dir() => Err(no_folder(shown)),
        Ok(_) => Ok(path),
        Err(problem) if is_absent(&problem) => Ok(path),
        Err(problem) => Err(problem.into()),
    }
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
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            // It was removed while the folder was listed.
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => continue,
            // A disk that does not answer has not lost the file.
            Err(problem) => return Err(problem.into()),
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

fn place_of(folder: &str, file: &str, metadata: &Metadata) -> FilePlace {
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

/// The result, or `None` when the file did not exist.
fn unless_absent<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        done => done.map(Some),
    }
}
