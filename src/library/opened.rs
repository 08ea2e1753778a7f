//! A file of the media folder that is open for sending. In: a file whose place the library has checked. Out: its bytes at any offset,
//! whether they are in memory, and whether the file is still the one that was opened.
//!
//! Asking about an open file never waits for a local disk, so that it is done on threads that must not wait. A network drive may make
//! each call wait for ever: everything about a file on one is done on a thread that may.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::disk_kind::{DiskKind, kind_of, turns_of};
use crate::system;

/// An open file, and what it was when it was opened.
#[derive(Debug)]
pub struct Opened {
    file: File,
    state: State,
    links: u64,
    disk: DiskKind,
    /// Whether the kernel refuses reads that do not wait, as some file systems do.
    always_waits: AtomicBool,
    /// The turns of those who read from its disk.
    turns: Arc<Semaphore>,
}

/// By what a change of the bytes shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size_bytes: u64,
    modified: (i64, i64),
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self {
            size_bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// Bytes by which the kernel reads ahead.
const READ_AHEAD: usize = 128 * 1024;

/// How long a read waits for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that are read in one go to get them into memory; where they are read to is of no use, and small enough for the first cache.
const PIECE_BYTES: usize = 16 * 1024;

impl Opened {
    /// Takes note of what an open file is: `metadata` is its own. Waits for its disk.
    pub fn new(file: File, metadata: &Metadata) -> Self {
        let disk = kind_of(&file);
        Self {
            state: State::of(metadata),
            links: metadata.nlink(),
            disk,
            always_waits: AtomicBool::new(disk == DiskKind::Distant),
            turns: turns_of(metadata.dev(), disk),
            file,
        }
    }

    /// Whether asking about it never waits for its disk.
    pub fn answers_at_once(&self) -> bool {
        self.disk != DiskKind::Distant
    }

    /// Whether the kernel can send its bytes by itself (sendfile(2)), and tells whether that would wait.
    pub fn is_sendable(&self) -> bool {
        self.disk == DiskKind::Sendable
    }

    /// Whether the file is the one that was opened, at as many places as then: size, time and number of links agree. A file that was
    /// replaced or removed has one link less.
    pub fn is_untouched(&self) -> bool {
        let now = self.file.metadata();
        now.is_ok_and(|now| State::of(&now) == self.state && now.nlink() == self.links)
    }

    /// Whether its bytes are those that were there when it was opened, wherever it is now.
    ///
    /// # Errors
    /// When they are not: an answer that has begun cannot go on.
    pub fn has_its_bytes(&self) -> io::Result<()> {
        match State::of(&self.file.metadata()?) == self.state {
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
            // Older kernels do not count, and newer ones only for who may write the file: one byte of each stretch that a disk is read
            // ahead by tells.
            None => (offset..last)
                .step_by(READ_AHEAD)
                .chain([last])
                .all(|at| self.read_from_memory(&mut [0], at) == Some(1)),
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

/// Closing may wait as well: a network drive is told of it, and the blocks of a removed film are given back.
impl Drop for Opened {
    fn drop(&mut self) {
        let is_removed = || self.file.metadata().is_ok_and(|now| now.nlink() == 0);
        let may_wait = self.disk == DiskKind::Distant || is_removed();
        let (true, Ok(runtime)) = (may_wait, tokio::runtime::Handle::try_current()) else {
            return;
        };
        if let Ok(none) = File::open("/dev/null") {
            let file = std::mem::replace(&mut self.file, none);
            runtime.spawn_blocking(move || drop(file));
        }
    }
}

impl AsFd for Opened {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn opened(folder: &std::path::Path, bytes: &[u8]) -> Opened {
        let path = folder.join("film.mp4");
        std::fs::write(&path, bytes).unwrap();
        let file = File::open(path).unwrap();
        let metadata = file.metadata().unwrap();
        Opened::new(file, &metadata)
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
