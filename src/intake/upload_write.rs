//! Bytes of an upload on their way to the disk: hashed and written a batch at a time, and made durable beside that, each on a
//! thread that may wait.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use sha1::{Digest, Sha1};
use sha2::Sha256;
use tokio::task::JoinHandle;

use super::upload_tus::{Algorithm, Checksum, Piece};
use crate::error::{Error, Result};

/// Bytes after which they are made durable.
pub const SYNC_BYTES: u64 = 8 * 1024 * 1024;
/// Time after which they are made durable.
pub const SYNC_TIME: Duration = Duration::from_secs(1);

/// The writer back from a batch, with the batch to be filled anew, and what went wrong.
pub struct Written {
    pub writer: Box<Writer>,
    pub batch: Vec<u8>,
    pub problem: Option<io::Error>,
}

/// Whether a batch is on its way.
pub enum Step {
    Idle(Box<Writer>),
    Busy(JoinHandle<Written>),
}

impl Step {
    /// Sends a batch on its way, unless one is. `waiting` gets the emptied buffer of the batch before in its place: buffers
    /// that are made anew cost more than what is done with them, because each page of them has to be made first.
    pub fn begin(self, waiting: &mut Vec<u8>, spare: &mut Vec<u8>) -> Self {
        match self {
            Self::Idle(mut writer) => {
                let batch = std::mem::replace(waiting, std::mem::take(spare));
                Self::Busy(tokio::task::spawn_blocking(move || {
                    let problem = writer.write(&batch).err();
                    let mut batch = batch;
                    batch.clear();
                    Written {
                        writer,
                        batch,
                        problem,
                    }
                }))
            }
            busy => busy,
        }
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
    /// BLAKE3 of everything before that; `None` when its beginning was not seen by this process.
    hasher: Option<blake3::Hasher>,
    checksum: Option<Sum>,
}

enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

/// Where bytes end, and the hash of those before.
#[derive(Clone)]
pub struct Mark {
    pub at: u64,
    pub hasher: Option<blake3::Hasher>,
}

impl Writer {
    pub fn new(file: File, piece: &Piece, hasher: Option<blake3::Hasher>) -> Self {
        let sum = |checksum: &Checksum| match checksum.algorithm {
            Algorithm::Sha1 => Sum::Sha1(Sha1::new()),
            Algorithm::Sha256 => Sum::Sha256(Sha256::new()),
        };
        Self {
            file: Arc::new(file),
            at: piece.offset,
            hasher,
            checksum: piece.checksum.as_ref().map(sum),
        }
    }

    /// Writes a batch and hashes it.
    fn write(&mut self, batch: &[u8]) -> io::Result<()> {
        self.file.write_all_at(batch, self.at)?;
        self.at = self
            .at
            .saturating_add(u64::try_from(batch.len()).unwrap_or(0));
        if let Some(hasher) = &mut self.hasher {
            hasher.update(batch);
        }
        match &mut self.checksum {
            Some(Sum::Sha1(sum)) => sum.update(batch),
            Some(Sum::Sha256(sum)) => sum.update(batch),
            None => {}
        }
        Ok(())
    }

    pub fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            hasher: self.hasher.clone(),
        }
    }

    /// Makes durable what was written until now, on a thread of its own.
    pub async fn sync(file: Arc<File>) -> Result<io::Result<()>> {
        tokio::task::spawn_blocking(move || file.sync_data())
            .await
            .map_err(Error::internal)
    }

    pub fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Of all bytes of this request; `None` when none was asked for.
    pub fn digest(&mut self) -> Option<Vec<u8>> {
        Some(match self.checksum.take()? {
            Sum::Sha1(sum) => sum.finalize().to_vec(),
            Sum::Sha256(sum) => sum.finalize().to_vec(),
        })
    }
}
