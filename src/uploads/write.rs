//! Writes bytes of an upload to disk: each batch is hashed and written, and syncs run beside that, all on threads that may wait for
//! the disk.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use sha1::Sha1;
use sha1::digest::DynDigest;
use sha2::Sha256;
use tokio::task::JoinHandle;

use super::batch::{BLOCK, Batch};
use super::tus::{Algorithm, Checksum, Piece};
use crate::error::{Error, Result};

/// Bytes in one write of a fast sender, and of all others: two hundred phones on a slow connection take 30 MB together.
pub const LARGE: usize = 2 * 1024 * 1024;
pub const SMALL: usize = 64 * 1024;

/// Bytes that may wait while a batch is written, with room for one more chunk of the body.
pub const fn room(batch: usize) -> usize {
    2 * batch + batch / 4
}

/// The batch size in bytes from which direct writing and parallel hashing are worth it.
const WORTH_IT: usize = 256 * 1024;
/// Bytes after which the file is synced.
pub const SYNC_BYTES: u64 = 8 * 1024 * 1024;
/// Time after which the file is synced.
pub const SYNC_TIME: Duration = Duration::from_secs(1);

/// The result of writing a batch: the writer, the emptied batch, and the error if any.
pub struct Written {
    pub writer: Box<Writer>,
    pub batch: Batch,
    pub problem: Option<io::Error>,
}

/// The state of the writer: idle, or busy with a batch.
pub enum Step {
    Idle(Box<Writer>),
    Busy(JoinHandle<Written>),
}

impl Step {
    /// Starts writing the waiting bytes, unless a write is under way: up to the last whole block of the file, for direct writing,
    /// or (`all`) up to the last byte. The remaining bytes move to the empty `spare`, which gathers the next ones, a `batch` at most.
    pub fn begin(self, waiting: &mut Batch, spare: &mut Batch, all: bool, batch: usize) -> Self {
        let Self::Idle(mut writer) = self else {
            return self;
        };
        let (_, _, behind) = waiting.blocks();
        let behind = if all { 0 } else { behind.len() };
        let sent = waiting.len() - behind;
        spare.resize(room(batch));
        spare.begin_at(writer.at + u64::try_from(sent).unwrap_or(0));
        spare.push(&waiting.as_slice()[sent..]);
        waiting.shorten(behind);
        let full = std::mem::replace(waiting, std::mem::take(spare));
        Self::Busy(tokio::task::spawn_blocking(move || {
            let problem = writer.write(&full).err();
            Written {
                writer,
                batch: full,
                problem,
            }
        }))
    }

    /// The writer, when it is idle.
    pub fn idle(&self) -> Option<&Writer> {
        match self {
            Self::Idle(writer) => Some(writer),
            Self::Busy(_) => None,
        }
    }

    /// Waits for the write under way; for ever when there is none.
    pub async fn done(&mut self) -> Result<Written> {
        match self {
            Self::Idle(_) => std::future::pending().await,
            Self::Busy(batch) => batch.await.map_err(Error::internal),
        }
    }

    pub async fn join(self) -> Result<(Box<Writer>, Option<io::Error>)> {
        match self {
            Self::Idle(writer) => Ok((writer, None)),
            Self::Busy(batch) => {
                let written = batch.await.map_err(Error::internal)?;
                Ok((written.writer, written.problem))
            }
        }
    }
}

/// The file of an upload, with the hashes of its bytes.
pub struct Writer {
    file: Arc<File>,
    /// The offset of the next byte.
    pub at: u64,
    /// The same file opened for direct writing; `None` where that is not supported.
    direct: Option<File>,
    sums: Sums,
}

/// Hashes of the bytes, computed as they arrive.
struct Sums {
    /// BLAKE3 of all bytes so far; `None` when this process did not receive the first ones.
    hasher: Option<blake3::Hasher>,
    /// The digest of the bytes in this request, when the client sent a checksum.
    checksum: Option<Box<dyn DynDigest + Send>>,
}

impl Sums {
    fn update(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(bytes);
        }
    }
}

/// Writes whole blocks directly, and the bytes before and after them through the page cache. When the file system rejects direct
/// writing, it is not tried again.
fn write(file: &File, direct: &mut Option<File>, batch: &Batch, at: u64) -> io::Result<()> {
    let (before, whole, behind) = batch.blocks();
    file.write_all_at(before, at)?;
    let (mut at, mut left) = (at + length(before), whole);
    while let (Some(disk), false) = (direct.as_ref(), left.is_empty()) {
        match disk.write_at(left, at) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                at += length(&left[..written]);
                left = &left[written..];
                if written % BLOCK != 0 {
                    break;
                }
            }
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            Err(problem) if problem.kind() == io::ErrorKind::InvalidInput => *direct = None,
            Err(problem) => return Err(problem),
        }
    }
    file.write_all_at(left, at)?;
    file.write_all_at(behind, at + length(left))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(0)
}

/// An offset, and the hash of the bytes before it.
#[derive(Clone)]
pub struct Mark {
    pub at: u64,
    pub hasher: Option<blake3::Hasher>,
}

impl Writer {
    /// A writer at the offset of a piece. `file` and `direct`: the same file opened for normal and for direct writing.
    pub fn new(
        (file, direct): (File, Option<File>),
        piece: &Piece,
        hasher: Option<blake3::Hasher>,
    ) -> Self {
        let digest = |checksum: &Checksum| -> Box<dyn DynDigest + Send> {
            match checksum.algorithm {
                Algorithm::Sha1 => Box::new(Sha1::default()),
                Algorithm::Sha256 => Box::new(Sha256::default()),
            }
        };
        Self {
            file: Arc::new(file),
            at: piece.offset,
            direct,
            sums: Sums {
                hasher,
                checksum: piece.checksum.as_ref().map(digest),
            },
        }
    }

    /// Writes a batch and hashes it, in parallel when the batch is large enough.
    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        let (file, direct, at) = (&self.file, &mut self.direct, self.at);
        let sums = &mut self.sums;
        let written = match batch.len() < WORTH_IT {
            true => {
                sums.update(batch.as_slice());
                file.write_all_at(batch.as_slice(), at)
            }
            false => std::thread::scope(|scope| {
                scope.spawn(|| sums.update(batch.as_slice()));
                write(file, direct, batch, at)
            }),
        };
        if written.is_err() {
            // The hash covers bytes that were not written, so it is dropped; the complete file is hashed later.
            self.sums.hasher = None;
        }
        written?;
        self.at = at.saturating_add(u64::try_from(batch.len()).unwrap_or(0));
        Ok(())
    }

    pub fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            hasher: self.sums.hasher.clone(),
        }
    }

    /// Syncs the written bytes, on a thread of its own.
    pub fn sync(&self) -> impl Future<Output = Result<io::Result<()>>> + use<> {
        let file = Arc::clone(&self.file);
        let synced = tokio::task::spawn_blocking(move || file.sync_data());
        async { synced.await.map_err(Error::internal) }
    }

    /// The digest of the bytes in this request; `None` when the client sent no checksum.
    pub fn digest(&mut self) -> Option<Box<[u8]>> {
        self.sums.checksum.take().map(DynDigest::finalize)
    }
}
