//! Pieces of files on their way through hyper, which are sent without being read. In: a piece of an open file. Out: bytes that stand
//! in for it, and later, when the socket is given them back to be written, the piece again, for sendfile(2).
//!
//! hyper passes the bytes of a body to the socket of its connection as they are, in their order (its "queue" strategy, for sockets
//! that say `is_write_vectored`). So a body gives slices of one area of zeros, which is never read or written, and the socket knows
//! them by their address. The pieces that they stand for wait in a queue of the connection. Whoever has no such queue (a request that
//! did not come over our socket) gets real bytes: see `playback/source.rs`.
//!
//! Nothing is mapped, so that a file that becomes shorter while it is sent ends its connection and not the program.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::library::Opened;

/// The largest piece in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// Bytes that the kernel took of a connection that show that somebody reads: by itself it takes fewer (`UNSENT` in `server/socket.rs`).
pub const PROOF: u64 = 256 * 1024;

/// Successive pieces begin at as many places of the area, so that a slice tells which of them it stands for.
const BEGINS: usize = 16;
const STEP: usize = 4096;

/// What stands in for pieces of files. The system gives no memory for it, because nobody reads it.
static STAND_IN: [u8; LARGEST + BEGINS * STEP] = [0; LARGEST + BEGINS * STEP];

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
pub struct Pieces(Arc<Shared>);

/// What the bodies and the socket of a connection share.
#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    taken_bytes: AtomicU64,
}

#[derive(Debug, Default)]
struct Queue {
    pieces: VecDeque<Queued>,
    /// Pieces that were ever added.
    added: usize,
}

#[derive(Debug)]
struct Queued {
    piece: Piece,
    /// Where in the area its stand-in begins.
    begin: usize,
    /// What is dropped when it was sent.
    guard: Option<Box<dyn Any + Send>>,
}

impl Pieces {
    /// Adds a piece, and returns what stands in for it: the body has to give it, whole and in its turn.
    ///
    /// # Errors
    /// When the piece is longer than [`LARGEST`].
    pub fn push(&self, piece: Piece) -> io::Result<Bytes> {
        let mut queue = self.queue();
        let begin = queue.added % BEGINS * STEP;
        let stand_in = STAND_IN.get(begin..begin + piece.len_bytes.min(LARGEST));
        let stand_in = stand_in.filter(|area| area.len() == piece.len_bytes);
        let stand_in = stand_in.ok_or_else(|| io::Error::other("a piece of a file is too long"))?;
        queue.added = queue.added.wrapping_add(1);
        queue.pieces.push_back(Queued {
            piece,
            begin,
            guard: None,
        });
        Ok(Bytes::from_static(stand_in))
    }

    /// The rest of the piece that a slice stands in for.
    ///
    /// # Errors
    /// When it is not the one whose turn it is. The connection is of no use then, because its reader would get other bytes.
    pub fn rest(&self, slice: &[u8]) -> io::Result<Piece> {
        let queue = self.queue();
        let at = begin(slice);
        let next = queue.pieces.front().and_then(|next| {
            let done = at.checked_sub(next.begin)?;
            (next.piece.len_bytes == done + slice.len()).then_some((&next.piece, done))
        });
        let Some((next, done)) = next else {
            return Err(io::Error::other("a piece of a file has lost its place"));
        };
        Ok(Piece {
            file: Arc::clone(&next.file),
            offset: next.offset + u64::try_from(done).map_err(io::Error::other)?,
            len_bytes: slice.len(),
            is_checked: next.is_checked && done == 0,
        })
    }

    /// Records that the last bytes of the first piece were sent.
    pub fn pop(&self) {
        let sent = self.queue().pieces.pop_front();
        // What it kept may have locks of its own.
        drop(sent);
    }

    /// Keeps something until all pieces that are there now were sent, or the connection ends.
    pub fn keep_until_sent(&self, guard: impl Any + Send) {
        if let Some(last) = self.queue().pieces.back_mut() {
            let guard: Box<dyn Any + Send> = match last.guard.take() {
                None => Box::new(guard),
                Some(other) => Box::new((other, guard)),
            };
            last.guard = Some(guard);
        }
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

    fn queue(&self) -> MutexGuard<'_, Queue> {
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
        let metadata = file.metadata().unwrap();
        Piece {
            file: Arc::new(Opened::new(file, &metadata)),
            offset,
            len_bytes,
            is_checked: false,
        }
    }

    #[test]
    fn a_slice_leads_to_the_rest_of_its_piece_and_to_no_other() {
        let pieces = Pieces::default();
        let first = pieces.push(piece(10, LARGEST)).unwrap();
        let second = pieces.push(piece(7, 100)).unwrap();
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
        assert!(pieces.push(piece(0, LARGEST + 1)).is_err());
    }

    #[test]
    fn equal_pieces_are_not_taken_for_each_other() {
        let pieces = Pieces::default();
        let stand_ins: Vec<_> = (0..40)
            .map(|number| pieces.push(piece(number, LARGEST)).unwrap())
            .collect();
        // The first one got lost.
        pieces.pop();
        assert!(pieces.rest(&stand_ins[0]).is_err());
        for (number, stand_in) in stand_ins.iter().enumerate().skip(1) {
            assert_eq!(pieces.rest(stand_in).unwrap().offset, number as u64);
            pieces.pop();
        }
    }

    #[test]
    fn what_an_answer_keeps_is_kept_until_its_last_piece_was_sent() {
        let (pieces, kept) = (Pieces::default(), Arc::new(()));
        pieces.keep_until_sent(Arc::clone(&kept));
        assert_eq!(Arc::strong_count(&kept), 1, "nothing is to be sent");
        for _ in 0..2 {
            pieces.push(piece(0, 100)).unwrap();
        }
        pieces.keep_until_sent(Arc::clone(&kept));
        pieces.keep_until_sent(Arc::clone(&kept));
        pieces.pop();
        assert_eq!(Arc::strong_count(&kept), 3);
        pieces.pop();
        assert_eq!(Arc::strong_count(&kept), 1);
    }

    #[test]
    fn bytes_of_their_own_stand_for_nothing() {
        let (own, none) = (vec![0; LARGEST], Bytes::new());
        assert!(!stands_in(&own) && !stands_in(&none));
        assert!(!stands_in(b"HTTP/1.1 206"));
    }
}
