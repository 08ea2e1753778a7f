//! A file of the media folder that is open for sending. In: a file whose place the library has checked. Out: its bytes at any offset,
//! whether they are in memory, and whether the file is still the one that was opened.
//!
//! Asking about an open file never waits for a local disk, so that it is done on threads that must not wait. A network drive may make
//! each call wait for ever: everything about a file on one is done on a thread that may.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use rustix::fs::{Stat, fstat};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::system;

/// An open file, and what it was when it was opened.
#[derive(Debug)]
pub struct Opened {
    file: File,
    state: State,
    links: u64,
    disk: Disk,
    /// Whether the kernel refuses reads that do not wait, as some file systems do.
    always_waits: AtomicBool,
    /// The turns of those who read from its disk.
    turns: Arc<Semaphore>,
}

/// By what a change of the bytes shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size_bytes: u64,
    modified: (i64, u64),
}

impl State {
    fn of(stat: &Stat) -> Self {
        Self {
            size_bytes: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (stat.st_mtime, stat.st_mtime_nsec),
        }
    }
}

/// The kind of disk that a file lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disk {
    /// The kernel sends its pages by itself, and tells which are in memory.
    Sendable,
    /// It answers at once, and nothing more is known of it.
    Local,
    /// A network drive, or anything else that may make every call wait.
    Distant,
}

/// `f_type` of file systems whose pages are the kernel's own (statfs(2), `linux/magic.h`): ext2 to ext4, XFS, Btrfs, F2FS, bcachefs,
/// tmpfs, FAT, exFAT and NTFS.
const SENDABLE: [u64; 9] = [
    0xef53,
    0x5846_5342,
    0x9123_683e,
    0xf2f5_2010,
    0xca45_1a4e,
    0x0102_1994,
    0x4d44,
    0x2011_bab0,
    0x7366_746e,
];

/// The same of others that are local: overlayfs and ZFS, which keep pages elsewhere.
const LOCAL: [u64; 2] = [0x794c_7630, 0x2fc1_2fc1];

/// Reads from one disk at the same time, for each processor. More of them would take the processors from those whose bytes are in
/// memory: measured 67 ms instead of 7 for one of a hundred of them.
const READERS_OF_A_DISK: usize = 2;

/// The same for a network drive, which waits for its network most of the time, and whose readers may all wait for ever.
const READERS_OF_A_DISTANT_DISK: usize = 64;

/// How long a read waits for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that are read in one go to get them into memory; where they are read to is of no use, and small enough for the first cache.
const PIECE_BYTES: usize = 16 * 1024;

impl Opened {
    /// Takes note of what an open file is. Waits for its disk.
    pub fn new(file: File) -> io::Result<Self> {
        let stat = fstat(&file)?;
        let disk = disk_of(&file);
        Ok(Self {
            state: State::of(&stat),
            links: stat.st_nlink,
            disk,
            always_waits: AtomicBool::new(disk == Disk::Distant),
            turns: turns_of(stat.st_dev, disk),
            file,
        })
    }

    /// Whether asking about it never waits for its disk.
    pub fn answers_at_once(&self) -> bool {
        self.disk != Disk::Distant
    }

    /// Whether the kernel can send its bytes by itself (sendfile(2)), and tells whether that would wait.
    pub fn is_sendable(&self) -> bool {
        self.disk == Disk::Sendable
    }

    /// Whether the file is the one that was opened, at as many places as then: size, time and number of links agree. A file that was
    /// replaced or removed has one link less.
    pub fn is_untouched(&self) -> bool {
        let now = fstat(&self.file);
        now.is_ok_and(|now| State::of(&now) == self.state && now.st_nlink == self.links)
    }

    /// Whether its bytes are those that were there when it was opened, wherever it is now.
    ///
    /// # Errors
    /// When they are not: an answer that has begun cannot go on.
    pub fn has_its_bytes(&self) -> io::Result<()> {
        match State::of(&fstat(&self.file)?) == self.state {
            true => Ok(()),
            false => Err(io::Error::other("a file changed while it was sent")),
        }
    }

    /// Reads bytes that are in memory, up to the first that is not; `None` when that is the first one, or nobody can tell.
    #[cfg(target_os = "linux")]
    pub fn read_from_memory(&self, into: &mut [u8], offset: u64) -> Option<usize> {
        use rustix::io::{Errno, ReadWriteFlags, preadv2};
        if self.always_waits.load(Ordering::Relaxed) {
            return None;
        }
        let mut parts = [io::IoSliceMut::new(into)];
        match preadv2(&self.file, &mut parts, offset, ReadWriteFlags::NOWAIT) {
            Ok(0) => None,
            Ok(read) => Some(read),
            Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
                self.always_waits.store(true, Ordering::Relaxed);
                None
            }
            Err(_) => None,
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub fn read_from_memory(&self, _: &mut [u8], _: u64) -> Option<usize> {
        None
    }

    /// Whether all of `len_bytes` from `offset` on are in memory.
    pub fn is_in_memory(&self, offset: u64, len_bytes: u64) -> bool {
        let Some(last) = len_bytes.checked_sub(1).map(|rest| offset + rest) else {
            return true;
        };
        let page = u64::try_from(rustix::param::page_size()).unwrap_or(u64::MAX);
        match system::pages_in_memory(&self.file, offset, len_bytes) {
            Some(pages) => pages > last / page - offset / page,
            // Where the kernel does not count, both ends tell.
            None => [offset, last]
                .iter()
                .all(|at| self.read_from_memory(&mut [0], *at) == Some(1)),
        }
    }

    /// Reads exactly as many bytes as `into` has. Waits for the disk.
    ///
    /// # Errors
    /// When the file became shorter or changed, so that a part of an answer never looks like the whole.
    pub fn read(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(into, offset)?;
        self.has_its_bytes()
    }

    /// Runs work that waits for the disk of this file on another thread, after those who came before.
    ///
    /// # Errors
    /// Those of the work, and when the disk does not answer the others.
    pub async fn wait_for_disk<T, F>(self: Arc<Self>, work: F) -> io::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> io::Result<T> + Send + 'static,
    {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await?;
        let turn = turn.map_err(io::Error::other)?;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&self)
        });
        work.await?
    }

    /// Tells the kernel which bytes will be read soon, so that its disk begins with them.
    pub fn will_need(&self, offset: u64, len_bytes: u64) {
        #[cfg(target_os = "linux")]
        let _ = rustix::fs::fadvise(
            &self.file,
            offset,
            std::num::NonZero::new(len_bytes),
            rustix::fs::Advice::WillNeed,
        );
        #[cfg(not(target_os = "linux"))]
        let _ = (offset, len_bytes);
    }

    /// Gets bytes into memory. Waits for the disk.
    ///
    /// # Errors
    /// When the file became shorter, or its disk is damaged.
    pub fn get_into_memory(&self, offset: u64, len_bytes: u64) -> io::Result<()> {
        let mut piece = [0; PIECE_BYTES];
        let mut done = 0;
        while done < len_bytes {
            let rest = usize::try_from(len_bytes - done).unwrap_or(PIECE_BYTES);
            let part = &mut piece[..rest.min(PIECE_BYTES)];
            self.file.read_exact_at(part, offset + done)?;
            done += u64::try_from(part.len()).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl AsFd for Opened {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

/// Whether the kernel can send what lies on the disk of this file or folder by itself.
pub(super) fn is_on_sendable_disk(file: &File) -> bool {
    disk_of(file) == Disk::Sendable
}

#[cfg(target_os = "linux")]
fn disk_of(file: &File) -> Disk {
    let kind = rustix::fs::fstatfs(file).map(|disk| u64::try_from(disk.f_type).unwrap_or(0));
    match kind {
        Ok(kind) if SENDABLE.contains(&kind) => Disk::Sendable,
        Ok(kind) if LOCAL.contains(&kind) => Disk::Local,
        Ok(_) | Err(_) => Disk::Distant,
    }
}

#[cfg(not(target_os = "linux"))]
fn disk_of(_: &File) -> Disk {
    Disk::Distant
}

/// Disks whose turns are remembered; beyond them come and gone ones are forgotten.
const MOST_DISKS: usize = 64;

/// The turns of those who read from a disk, by the number of its device.
fn turns_of(device: u64, disk: Disk) -> Arc<Semaphore> {
    static DISKS: LazyLock<Mutex<HashMap<u64, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    if disks.len() >= MOST_DISKS {
        disks.retain(|_, turns| Arc::strong_count(turns) > 1);
    }
    let most = match disk {
        Disk::Distant => READERS_OF_A_DISTANT_DISK,
        Disk::Sendable | Disk::Local => {
            let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
            READERS_OF_A_DISK * processors
        }
    };
    let turns = disks
        .entry(device)
        .or_insert_with(|| Arc::new(Semaphore::new(most)));
    Arc::clone(turns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn opened(folder: &std::path::Path, bytes: &[u8]) -> Opened {
        let path = folder.join("film.mp4");
        std::fs::write(&path, bytes).unwrap();
        Opened::new(File::open(path).unwrap()).unwrap()
    }

    #[test]
    fn a_file_that_was_changed_moved_or_removed_is_not_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film.mp4");
        let later = std::time::SystemTime::now() + Duration::from_secs(9);
        let cases: [(&str, &dyn Fn(), bool); 5] = [
            ("nothing", &|| {}, true),
            (
                "longer",
                &|| {
                    let mut file = File::options().append(true).open(&path).unwrap();
                    file.write_all(b"more").unwrap();
                },
                false,
            ),
            (
                "another time",
                &|| {
                    let file = File::options().write(true).open(&path).unwrap();
                    file.set_modified(later).unwrap();
                },
                false,
            ),
            ("removed", &|| std::fs::remove_file(&path).unwrap(), true),
            (
                "replaced",
                &|| {
                    std::fs::write(folder.path().join("other"), "1").unwrap();
                    std::fs::rename(folder.path().join("other"), &path).unwrap();
                },
                true,
            ),
        ];
        for (change, make, has_its_bytes) in cases {
            let file = opened(folder.path(), b"0123456789");
            assert!(file.is_untouched());
            make();
            assert_eq!(file.is_untouched(), change == "nothing", "{change}");
            assert_eq!(file.has_its_bytes().is_ok(), has_its_bytes, "{change}");
        }
    }

    #[test]
    fn what_is_read_is_what_is_there_and_nothing_behind_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..70_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let file = opened(folder.path(), &bytes);
        file.get_into_memory(0, 70_000).unwrap();
        assert!(file.get_into_memory(69_999, 2).is_err());
        let mut piece = [0; 1000];
        file.read(&mut piece, 69_000).unwrap();
        assert_eq!(piece, bytes[69_000..]);
        assert!(file.read(&mut piece, 69_001).is_err());
        if let Some(read) = file.read_from_memory(&mut piece, 69_500) {
            assert_eq!(piece[..read], bytes[69_500..]);
        }
        assert_eq!(file.read_from_memory(&mut piece, 70_000), None);
        assert!(file.is_in_memory(0, 0));
        assert!(!file.is_in_memory(0, 1 << 30));
    }
}
