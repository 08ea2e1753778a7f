//! The bytes of an answer as a list of extents, each a piece of an open file or bytes in memory. In: open files. Out: a body that
//! gives them at the pace of the client. Answers with one file and with several parts are handled alike.
//!
//! A piece leaves in one of two ways. Where the kernel can send it by itself, what stands in for it is given ([`crate::zero_copy`]).
//! Otherwise it is read: at once when it is in memory, and on a thread that may wait for the disk when it is not.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::buffers::Buffer;
use crate::library::Opened;
use crate::zero_copy::{self, PROOF, Piece, Pieces};

/// Bytes of the shortest piece that is not read: below it a copy costs less than a second call of the kernel.
const WORTH_IT: u64 = 16 * 1024;

/// A part of an answer.
#[derive(Debug, Clone)]
pub enum Extent {
    /// `len_bytes` of an open file from `offset` on.
    File {
        file: Arc<Opened>,
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
}

impl Source {
    /// A source of `len_bytes` of a file from `offset` on.
    pub fn piece(file: &Arc<Opened>, offset: u64, len_bytes: u64) -> Self {
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

    /// A body that gives the next piece only after the client took the last one. Its files have just been asked whether they are what
    /// they were.
    pub fn into_body(self, way: Way) -> Body {
        Body::new(SourceBody {
            left_bytes: self.extents.iter().map(Extent::len_bytes).sum(),
            extents: self.extents,
            done_bytes: 0,
            way,
            reading: None,
        })
    }
}

/// The way by which an answer leaves.
#[derive(Debug, Default)]
pub struct Way {
    /// Those of its connection; `None` when it leaves by another way than our sockets.
    pieces: Option<Pieces>,
    /// Whether the kernel may send pieces of files by itself.
    zero_copy: bool,
}

impl Way {
    /// Over the connection that these pieces belong to.
    pub fn by(pieces: Pieces, zero_copy: bool) -> Self {
        Self {
            pieces: Some(pieces),
            zero_copy,
        }
    }

    /// Whether somebody is known to take what is sent; until then it is read in small pieces
    /// (`cargo bench --bench abuse -- readers` measures what thousands of readers take who never do).
    fn is_read(&self, done_bytes: u64) -> bool {
        let taken = self.pieces.as_ref().map_or(0, Pieces::taken_bytes);
        done_bytes.max(taken) >= PROOF
    }
}

/// What is left of an answer.
struct SourceBody {
    extents: VecDeque<Extent>,
    left_bytes: u64,
    done_bytes: u64,
    way: Way,
    /// A piece that is being read on another thread.
    reading: Option<Pin<Box<dyn Future<Output = io::Result<Bytes>> + Send>>>,
}

impl HttpBody for SourceBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.reading.is_none() && self.extents.is_empty() {
            return Poll::Ready(None);
        }
        let bytes = ready!(self.poll_bytes(cx))?;
        let given = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left_bytes = self.left_bytes.saturating_sub(given);
        self.done_bytes = self.done_bytes.saturating_add(given);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left_bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left_bytes)
    }
}

impl SourceBody {
    /// The next bytes, or what stands in for them.
    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if self.reading.is_none() {
            let (file, offset, len_bytes) = match self.extents.pop_front() {
                None => return Poll::Ready(Ok(Bytes::new())),
                Some(Extent::Memory(bytes)) => return Poll::Ready(Ok(bytes)),
                Some(Extent::File {
                    file,
                    offset,
                    len_bytes,
                }) => (file, offset, len_bytes),
            };
            let is_first = self.done_bytes == 0;
            if let Some(pieces) = &self.way.pieces
                && self.way.zero_copy
                && file.is_sendable()
                && len_bytes >= WORTH_IT
            {
                let now = len_bytes.min(zero_copy::LARGEST as u64);
                let stand_in = pieces.push(Piece {
                    file: Arc::clone(&file),
                    offset,
                    len_bytes: usize::try_from(now).unwrap_or(zero_copy::LARGEST),
                    is_checked: is_first,
                })?;
                self.put_back(file, offset + now, len_bytes - now);
                return Poll::Ready(Ok(stand_in));
            }
            let is_read = self.way.is_read(self.done_bytes);
            let mut buffer = Buffer::for_bytes(len_bytes, is_read);
            if let Some(read) = file.read_from_memory(buffer.bytes(), offset) {
                if !is_first {
                    file.has_its_bytes()?;
                }
                self.put_back(file, offset + read as u64, len_bytes - read as u64);
                return Poll::Ready(Ok(buffer.freeze(read)));
            }
            let now = buffer.bytes().len();
            self.put_back(
                Arc::clone(&file),
                offset + now as u64,
                len_bytes - now as u64,
            );
            self.reading = Some(Box::pin(file.wait_for_disk(move |file| {
                file.read(buffer.bytes(), offset)?;
                Ok(buffer.freeze(now))
            })));
        }
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(Ok(Bytes::new()));
        };
        let bytes = ready!(reading.as_mut().poll(cx));
        self.reading = None;
        Poll::Ready(bytes)
    }

    /// Puts the rest of an extent back in front.
    fn put_back(&mut self, file: Arc<Opened>, offset: u64, len_bytes: u64) {
        if len_bytes > 0 {
            self.extents.push_front(Extent::File {
                file,
                offset,
                len_bytes,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use std::fs::File;
    use std::io::Write;

    fn opened(bytes: &[u8]) -> (Arc<Opened>, File) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let again = file.try_clone().unwrap();
        let metadata = file.metadata().unwrap();
        (Arc::new(Opened::new(file, &metadata)), again)
    }

    #[tokio::test]
    async fn extents_follow_each_other_without_a_seam() {
        let bytes: Vec<u8> = (0..1_700_000u32).map(|n| n.to_le_bytes()[0]).collect();
        let (file, _) = opened(&bytes);
        let mut source = Source::piece(&file, 3, 1_600_000);
        source.push(Extent::Memory(Bytes::from_static(b"--")));
        source.push(Extent::Memory(Bytes::new()));
        source.push(Extent::File {
            file,
            offset: 0,
            len_bytes: 2,
        });
        let body = source.into_body(Way::default());
        assert_eq!(body.size_hint().exact(), Some(1_600_004));
        let sent = to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(sent, [&bytes[3..1_600_003], b"--", &bytes[..2]].concat());
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_or_changed_is_an_error_and_not_a_short_answer() {
        let (file, _) = opened(b"");
        let source = Source::piece(&file, 0, 10);
        assert!(
            to_bytes(source.into_body(Way::default()), usize::MAX)
                .await
                .is_err()
        );
        let (file, mut same) = opened(&[1; 1000]);
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
        same.write_all(b"more").unwrap();
        same.set_modified(later).unwrap();
        let mut source = Source::default();
        source.push(Extent::Memory(Bytes::from_static(b"--")));
        source.push(Extent::File {
            file,
            offset: 0,
            len_bytes: 1000,
        });
        let body = source.into_body(Way::default());
        assert!(to_bytes(body, usize::MAX).await.is_err());
    }
}
