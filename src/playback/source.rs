//! The bytes of an answer as a list of extents, each a piece of an open file or bytes in memory. In: open files. Out: a body that
//! reads at the pace of the client. Answers with one file and with several parts are handled alike.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Bytes that are read in one go: large enough that the way to another thread costs little compared with the copy.
const READ_BYTES: u64 = 64 * 1024;

/// The same for the first [`FIRST_BYTES`] of an answer, which may be all that somebody ever takes: 4,000 such readers hold less than
/// half of the memory.
const FIRST_READ_BYTES: u64 = READ_BYTES / 2;
const FIRST_BYTES: u64 = 256 * 1024;

/// The pieces of that, each given back when the client took it, so that who stands still does not hold all of it
/// (`cargo bench --bench abuse -- readers` measures it).
const PIECE_BYTES: u64 = 16 * 1024;

/// Reads that may wait for the disk at the same time, so that one that never answers does not take the threads of everything else.
static READING: Semaphore = Semaphore::const_new(192);

/// How long an answer waits for its turn to read; after that it ends, and a player asks for the rest.
const PATIENCE: Duration = Duration::from_secs(60);

/// A part of an answer.
#[derive(Debug, Clone)]
pub enum Extent {
    /// `len_bytes` of an open file from `offset` on.
    File {
        file: Arc<File>,
        offset: u64,
        len_bytes: u64,
    },
    Memory(Bytes),
}

impl Extent {
    fn len_bytes(&self) -> u64 {
        match self {
            Self::File { len_bytes, .. } => *len_bytes,
            Self::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// The parts of an answer in order.
#[derive(Debug, Clone, Default)]
pub struct Source {
    extents: VecDeque<Extent>,
    /// Bytes that were read for the body so far.
    done_bytes: u64,
}

impl Source {
    /// A source of `len_bytes` of a file from `offset` on.
    pub fn piece(file: &Arc<File>, offset: u64, len_bytes: u64) -> Self {
        let mut source = Self::default();
        source.push(Extent::File {
            file: Arc::clone(file),
            offset,
            len_bytes,
        });
        source
    }

    /// Adds an extent at the end; an empty one is ignored.
    pub fn push(&mut self, extent: Extent) {
        if extent.len_bytes() > 0 {
            self.extents.push_back(extent);
        }
    }

    /// A body that reads the next piece only after the client took the last one, on a thread that may wait for the disk.
    pub fn into_body(self) -> Body {
        Body::from_stream(stream::try_unfold(self, |mut rest| async move {
            let Some(extent) = rest.extents.pop_front() else {
                return Ok::<_, io::Error>(None);
            };
            match extent {
                Extent::Memory(bytes) => Ok(Some((bytes, rest))),
                Extent::File {
                    file,
                    offset,
                    len_bytes,
                } => {
                    let is_begin = rest.done_bytes < FIRST_BYTES;
                    let most = if is_begin {
                        FIRST_READ_BYTES
                    } else {
                        READ_BYTES
                    };
                    let now = len_bytes.min(most);
                    let reader = Arc::clone(&file);
                    let turn = timeout(PATIENCE, READING.acquire()).await?;
                    let turn = turn.map_err(io::Error::other)?;
                    let read = tokio::task::spawn_blocking(move || {
                        let _turn = turn;
                        read(&reader, offset, now)
                    });
                    let mut pieces = read.await??.into_iter();
                    rest.done_bytes += now;
                    if len_bytes > now {
                        rest.extents.push_front(Extent::File {
                            file,
                            offset: offset + now,
                            len_bytes: len_bytes - now,
                        });
                    }
                    let first = pieces.next().unwrap_or_default();
                    for piece in pieces.rev() {
                        rest.extents.push_front(Extent::Memory(piece));
                    }
                    Ok(Some((first, rest)))
                }
            }
        }))
    }
}

/// Reads exactly `len_bytes` of a file. When the file became shorter the connection breaks, so that a partial answer does not look
/// complete.
fn read(file: &File, offset: u64, len_bytes: u64) -> io::Result<Vec<Bytes>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    while done < len_bytes {
        let now = PIECE_BYTES.min(len_bytes - done);
        let mut buffer = vec![0; usize::try_from(now).map_err(io::Error::other)?];
        file.read_exact_at(&mut buffer, offset + done)?;
        pieces.push(buffer.into());
        done += now;
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use std::io::Write;

    #[tokio::test]
    async fn extents_follow_each_other_without_a_seam() {
        let bytes: Vec<u8> = (0..700_000u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let file = Arc::new(file);
        let mut source = Source::piece(&file, 3, 600_000);
        source.push(Extent::Memory(Bytes::from_static(b"--")));
        source.push(Extent::Memory(Bytes::new()));
        source.push(Extent::File {
            file,
            offset: 0,
            len_bytes: 2,
        });
        let lengths = source.extents.iter().map(Extent::len_bytes);
        assert_eq!(lengths.sum::<u64>(), 600_004);
        let sent = to_bytes(source.into_body(), usize::MAX).await.unwrap();
        assert_eq!(sent, [&bytes[3..600_003], b"--", &bytes[..2]].concat());
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_is_an_error_and_not_a_short_answer() {
        let file = Arc::new(tempfile::tempfile().unwrap());
        let source = Source::piece(&file, 0, 10);
        assert!(to_bytes(source.into_body(), usize::MAX).await.is_err());
    }
}
