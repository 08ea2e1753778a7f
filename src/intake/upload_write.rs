//! Bytes of an upload on their way to the disk: hashed, written and made durable, a batch at a time on a thread that may wait.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use tokio::task::JoinHandle;

use super::upload_tus::{Algorithm, Checksum, Piece};
use crate::error::{Error, Result};

/// Bytes after which they are made durable.
const SYNC_BYTES: u64 = 8 * 1024 * 1024;
/// Time after which they are made durable.
pub const SYNC_TIME: Duration = Duration::from_secs(1);
/// Bytes that arrived and are not on their way to the disk yet.
#[derive(Default)]
pub struct Waiting {
    pieces: Vec<Bytes>,
    pub bytes: usize,
}

impl Waiting {
    pub fn push(&mut self, data: Bytes) {
        self.bytes += data.len();
        self.pieces.push(data);
    }

    fn take(&mut self) -> Vec<Bytes> {
        self.bytes = 0;
        std::mem::take(&mut self.pieces)
    }
}

/// The writer back from a batch, and what went wrong with it.
pub type Written = (Box<Writer>, Option<io::Error>);

/// Whether a batch is on its way.
pub enum Step {
    Idle(Box<Writer>),
    Busy(JoinHandle<Written>),
}

impl Step {
    /// Sends a batch on its way, unless one is.
    pub fn begin(self, waiting: &mut Waiting) -> Self {
        match self {
            Self::Idle(mut writer) => {
                let batch = waiting.take();
                Self::Busy(tokio::task::spawn_blocking(move || {
                    let done = writer.write(&batch);
                    (writer, done.err())
                }))
            }
            busy => busy,
        }
    }

    /// Whether there is something that should be durable by now.
    pub fn is_due(&self) -> bool {
        match self {
            Self::Idle(writer) => writer.is_due(),
            Self::Busy(_) => false,
        }
    }

    /// Waits for the batch that is on its way; for ever when none is.
    pub async fn done(&mut self) -> Result<Written> {
        match self {
            Self::Idle(_) => std::future::pending().await,
            Self::Busy(batch) => batch.await.map_err(Error::internal),
        }
    }

    pub async fn join(self) -> Result<Written> {
        match self {
            Self::Idle(writer) => Ok((writer, None)),
            Self::Busy(batch) => batch.await.map_err(Error::internal),
        }
    }
}

/// The file, and what is known of the bytes in it.
pub struct Writer {
    file: File,
    /// Where the next byte goes.
    at: u64,
    /// BLAKE3 of everything before that; `None` when its beginning was not seen by this process.
    hasher: Option<blake3::Hasher>,
    checksum: Option<Sum>,
    /// Where the durable bytes end, their hash, and when that was.
    pub synced: u64,
    pub synced_hasher: Option<blake3::Hasher>,
    since: Instant,
}

enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Writer {
    pub fn new(file: File, piece: &Piece, hasher: Option<blake3::Hasher>) -> Self {
        let sum = |checksum: &Checksum| match checksum.algorithm {
            Algorithm::Sha1 => Sum::Sha1(Sha1::new()),
            Algorithm::Sha256 => Sum::Sha256(Sha256::new()),
        };
        Self {
            file,
            at: piece.offset,
            synced_hasher: hasher.clone(),
            hasher,
            checksum: piece.checksum.as_ref().map(sum),
            synced: piece.offset,
            since: Instant::now(),
        }
    }

    /// Writes a batch and hashes it, and makes it durable when enough or time enough went by.
    fn write(&mut self, batch: &[Bytes]) -> io::Result<()> {
        for bytes in batch {
            self.file.write_all_at(bytes, self.at)?;
            self.at = self
                .at
                .saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
            if let Some(hasher) = &mut self.hasher {
                hasher.update(bytes);
            }
            match &mut self.checksum {
                Some(Sum::Sha1(sum)) => sum.update(bytes),
                Some(Sum::Sha256(sum)) => sum.update(bytes),
                None => {}
            }
        }
        match self.is_due() {
            true => self.sync(),
            false => Ok(()),
        }
    }

    /// Enough was written since the last time, or time enough went by. What a checksum belongs to counts as a whole or not at
    /// all.
    fn is_due(&self) -> bool {
        let unsynced = self.at - self.synced;
        let is_late = unsynced > 0 && self.since.elapsed() >= SYNC_TIME;
        self.checksum.is_none() && (unsynced >= SYNC_BYTES || is_late)
    }

    /// Makes durable what was written.
    pub fn sync(&mut self) -> io::Result<()> {
        if self.at > self.synced {
            self.file.sync_data()?;
            self.synced = self.at;
            self.synced_hasher = self.hasher.clone();
        }
        self.since = Instant::now();
        Ok(())
    }

    /// Of all bytes of this request; `None` when none was asked for.
    pub fn digest(&mut self) -> Option<Vec<u8>> {
        Some(match self.checksum.take()? {
            Sum::Sha1(sum) => sum.finalize().to_vec(),
            Sum::Sha256(sum) => sum.finalize().to_vec(),
        })
    }

    /// The bytes of this request do not count.
    pub fn forget(&mut self) {
        self.at = self.synced;
        self.hasher = self.synced_hasher.clone();
    }
}
