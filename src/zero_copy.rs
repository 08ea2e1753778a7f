//! Pieces of files on their way through hyper, which are sent without being read. In: a piece of an open file. Out: bytes that stand
//! in for it, and later, when the socket is given them back to be written, the piece again, for sendfile(2).
//!
//! hyper passes the bytes of a body to the socket of its connection as they are, in their order (its "queue" strategy, for sockets
//! that say `is_write_vectored`). So a body gives slices of one area of zeros, which is never read or written, and the socket knows
//! them by their address. The pieces that they stand for wait in a queue of the connection. Whoever has no such queue (a request that
//! did not come over our socket) gets real bytes: see `playback/source.rs`.
//!
//! Nothing is mapped, so that a file that becomes shorter while it is sent ends its connection and not the program.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::library::Opened;

/// The largest piece in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// What stands in for pieces of files. The system gives no memory for it, because nobody reads it.
static STAND_IN: [u8; LARGEST] = [0; LARGEST];

/// A piece of a file that is to be sent.
#[derive(Debug, Clone)]
pub struct Piece {
    pub file: Arc<Opened>,
    pub offset: u64,
    pub len_bytes: usize,
    /// Whether the file was asked a moment ago whether its bytes are what they were.
    pub is_checked: bool,
}

/// The pieces that a connection has yet to send, in their order. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Pieces(Arc<Connection>);

/// What the bodies and the socket of a connection share.
#[derive(Debug, Default)]
struct Connection {
    queue: Mutex<VecDeque<Piece>>,
    taken_bytes: AtomicU64,
}

impl Pieces {
    /// Adds a piece of at most [`LARGEST`] bytes, and returns what stands in for it: the body has to give it, whole and in its turn.
    pub fn push(&self, piece: Piece) -> Bytes {
        let stand_in = Bytes::from_static(STAND_IN.get(..piece.len_bytes).unwrap_or_default());
        self.queue().push_back(piece);
        stand_in
    }

    /// The rest of the piece that a slice stands in for.
    ///
    /// # Errors
    /// When it is not the one whose turn it is. The connection is of no use then, because its reader would get other bytes.
    pub fn rest(&self, slice: &[u8]) -> io::Result<Piece> {
        let queue = self.queue();
        let next = queue.front().filter(|next| {
            let done = begin(slice);
            next.len_bytes == done + slice.len()
        });
        let Some(next) = next else {
            return Err(io::Error::other("a piece of a file has lost its place"));
        };
        let done = u64::try_from(begin(slice)).map_err(io::Error::other)?;
        Ok(Piece {
            file: Arc::clone(&next.file),
            offset: next.offset + done,
            len_bytes: slice.len(),
            is_checked: next.is_checked && done == 0,
        })
    }

    /// Records that the last bytes of the first piece were sent.
    pub fn pop(&self) {
        self.queue().pop_front();
    }

    /// Bytes that the kernel took of all answers on the connection so far.
    pub fn taken_bytes(&self) -> u64 {
        self.0.taken_bytes.load(Ordering::Relaxed)
    }

    /// Records that the kernel took bytes.
    pub fn take(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.0.taken_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Piece>> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a slice stands in for a piece of a file.
pub fn stands_in(slice: &[u8]) -> bool {
    !slice.is_empty() && STAND_IN.as_ptr_range().contains(&slice.as_ptr())
}

/// How far from the first byte of the area a slice of it begins, which is how much of its piece was sent.
fn begin(slice: &[u8]) -> usize {
    slice
        .as_ptr()
        .addr()
        .saturating_sub(STAND_IN.as_ptr().addr())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(offset: u64, len_bytes: usize) -> Piece {
        let file = tempfile::tempfile().unwrap();
        Piece {
            file: Arc::new(Opened::new(file).unwrap()),
            offset,
            len_bytes,
            is_checked: false,
        }
    }

    #[test]
    fn a_slice_leads_to_the_rest_of_its_piece_and_to_no_other() {
        let pieces = Pieces::default();
        let first = pieces.push(piece(10, LARGEST));
        let second = pieces.push(piece(7, 100));
        assert!(stands_in(&first) && stands_in(&second[99..]));
        for done in [0, 1, 4096, LARGEST - 1] {
            let rest = pieces.rest(&first[done..]).unwrap();
            assert_eq!(rest.offset, 10 + done as u64);
            assert_eq!(rest.len_bytes, LARGEST - done);
        }
        // Not in its turn, or cut at its end.
        assert!(pieces.rest(&second).is_err());
        assert!(pieces.rest(&first[..100]).is_err());
        pieces.pop();
        assert_eq!(pieces.rest(&second[40..]).unwrap().offset, 47);
        pieces.pop();
        assert!(pieces.rest(&second).is_err());
    }

    #[test]
    fn bytes_of_their_own_stand_for_nothing() {
        let (own, none) = (vec![0; LARGEST], Bytes::new());
        assert!(!stands_in(&own) && !stands_in(&none));
        assert!(!stands_in(b"HTTP/1.1 206"));
    }
}
