//! The kind of disk that a file lies on, and the turns of those who read from it. In: an open file. Out: what may be expected of its
//! disk.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::sync::Semaphore;

/// The kind of disk that a file lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DiskKind {
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

/// Whether the kernel can send what lies on the disk of this file or folder by itself.
pub(super) fn is_on_sendable_disk(file: &File) -> bool {
    kind_of(file) == DiskKind::Sendable
}

#[cfg(target_os = "linux")]
pub(super) fn kind_of(file: &File) -> DiskKind {
    let kind = rustix::fs::fstatfs(file).map(|disk| u64::try_from(disk.f_type).unwrap_or(0));
    match kind {
        Ok(kind) if SENDABLE.contains(&kind) => DiskKind::Sendable,
        Ok(kind) if LOCAL.contains(&kind) => DiskKind::Local,
        Ok(_) | Err(_) => DiskKind::Distant,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kind_of(_: &File) -> DiskKind {
    DiskKind::Distant
}

/// Disks whose turns are remembered; beyond them come and gone ones are forgotten.
const MOST_DISKS: usize = 64;

/// The turns of those who read from a disk, by the number of its device.
pub(super) fn turns_of(device: u64, disk: DiskKind) -> Arc<Semaphore> {
    static DISKS: LazyLock<Mutex<HashMap<u64, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    if disks.len() >= MOST_DISKS {
        disks.retain(|_, turns| Arc::strong_count(turns) > 1);
    }
    let most = match disk {
        DiskKind::Distant => READERS_OF_A_DISTANT_DISK,
        DiskKind::Sendable | DiskKind::Local => {
            let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
            READERS_OF_A_DISK * processors
        }
    };
    let turns = disks
        .entry(device)
        .or_insert_with(|| Arc::new(Semaphore::new(most)));
    Arc::clone(turns)
}
