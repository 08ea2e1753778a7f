//! Bytes of an upload on their way to the disk: hashed and written a batch at a time, and made durable beside that, each on a
//! thread that may wait.

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

/// Bytes that go to the disk at once.
pub const BATCH: usize = 2 * 1024 * 1024;
/// Bytes that may wait while a batch is on its way there, and what comes in one go besides.
pub const ROOM: usize = 2 * BATCH + 512 * 1024;
/// Bytes from which on it pays to go past the page cache and to hash beside that.
const WORTH_IT: usize = 256 * 1024;
/// Bytes after which they are made durable.
pub const SYNC_BYTES: u64 = 8 * 1024 * 1024;
/// Time after which they are made durable.
pub const SYNC_TIME: Duration = Duration::from_secs(1);

/// The writer back from a batch, with the batch to be filled anew, and what went wrong.
pub struct Written {
    pub writer: Box<Writer>,
    pub batch: Batch,
    pub problem: Option<io::Error>,
}

/// Whether a batch is on its way.
pub enum Step {
    Idle(Box<Writer>),
    Busy(JoinHandle<Written>),
}

impl Step {
    /// Sends what waits on its way, unless something is. Up to the last block of the file that is whole, so that the disk takes it
    /// as it is, or (`all`) to the last byte; what is left, and what comes next, waits in the emptied `spare`.
    pub fn begin(self, waiting: &mut Batch, spare: &mut Batch, all: bool) -> Self {
        let Self::Idle(mut writer) = self else {
            return self;
        };
        let (_, _, behind) = waiting.blocks();
        let behind = if all { 0 } else { behind.len() };
        let sent = waiting.len() - behind;
        spare.make_room(ROOM);
        spare.begin_at(writer.at + u64::try_from(sent).unwrap_or(0));
        spare.push(&waiting.as_slice()[sent..]);
        waiting.shorten(behind);
        let batch = std::mem::replace(waiting, std::mem::take(spare));
        Self::Busy(tokio::task::spawn_blocking(move || {
            let problem = writer.write(&batch).err();
            Written {
                writer,
                batch,
                problem,
            }
        }))
    }

    /// The writer, when it has nothing to do.
    pub fn idle(&self) -> Option<&Writer> {
        match self {
            Self::Idle(writer) => Some(writer),
            Self::Busy(_) => None,
        }
    }

    /// Waits for the batch that is on its way; for ever when none is.
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

/// The file, and what is known of the bytes in it.
pub struct Writer {
    file: Arc<File>,
    /// Where the next byte goes.
    pub at: u64,
    /// The same file past the page cache; `None` where that cannot be.
    direct: Option<File>,
    sums: Sums,
}

/// What is reckoned of the bytes as they come.
struct Sums {
    /// BLAKE3 of everything so far; `None` when its beginning was not seen by this process.
    hasher: Option<blake3::Hasher>,
    /// Of the bytes of this request, when one was asked for.
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

/// Whole blocks past the page cache, what stands before and behind them through it. A file system that changes its mind about
/// that is not asked again.
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

/// Where bytes end, and the hash of those before.
#[derive(Clone)]
pub struct Mark {
    pub at: u64,
    pub hasher: Option<blake3::Hasher>,
}

impl Writer {
    /// `files`: the file as it is opened twice, as usual and past the page cache.
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

    /// Writes a batch and hashes it, both at once when that is worth it: the one waits for the disk, the other works.
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
            // It has seen bytes that are not there; the whole file is hashed when it is complete.
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

    /// Makes durable what was written until now, on a thread of its own.
    pub fn sync(&self) -> impl Future<Output = Result<io::Result<()>>> + use<> {
        let file = Arc::clone(&self.file);
        let synced = tokio::task::spawn_blocking(move || file.sync_data());
        async { synced.await.map_err(Error::internal) }
    }

    /// Of all bytes of this request; `None` when none was asked for.
    pub fn digest(&mut self) -> Option<Box<[u8]>> {
        self.sums.checksum.take().map(DynDigest::finalize)
    }
}
