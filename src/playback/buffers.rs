//! The memory into which pieces of files are read, used again and again. What is out at the same time is bounded: beyond that a
//! reader gets small pieces, so that thousands who take nothing hold little.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// Bytes of a large piece: the way from the kernel and back costs little compared with the copy.
pub const LARGE: usize = 256 * 1024;

/// Bytes of a small piece.
pub const SMALL: usize = 32 * 1024;

/// Large pieces that may be out at the same time: 16 MB.
const MOST: usize = 64;

/// Large pieces that are kept for the next time.
const KEPT: usize = 8;

static SHELF: Mutex<Shelf> = Mutex::new(Shelf {
    free: Vec::new(),
    out: 0,
});

struct Shelf {
    free: Vec<Vec<u8>>,
    out: usize,
}

/// A piece of memory; a large one goes back when it is dropped.
pub struct Buffer(Vec<u8>);

impl Buffer {
    /// Memory for at most `len_bytes`. `is_read`: whether its reader is known to take what they get; others get a small piece, as does
    /// who comes when all large ones are out.
    pub fn for_bytes(len_bytes: u64, is_read: bool) -> Self {
        let wanted = usize::try_from(len_bytes).unwrap_or(LARGE);
        if wanted <= SMALL || !is_read {
            return Self(vec![0; wanted.min(SMALL)]);
        }
        let mut shelf = shelf();
        if shelf.out >= MOST {
            return Self(vec![0; SMALL]);
        }
        shelf.out += 1;
        let free = shelf.free.pop();
        drop(shelf);
        let mut bytes = free.unwrap_or_else(|| vec![0; LARGE]);
        bytes.resize(wanted.min(LARGE), 0);
        Self(bytes)
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The first bytes; all of it goes back when they are dropped.
    pub fn freeze(mut self, len_bytes: usize) -> Bytes {
        if self.is_large() {
            return Bytes::from_owner(self).slice(..len_bytes);
        }
        Bytes::from(std::mem::take(&mut self.0)).slice(..len_bytes)
    }

    fn is_large(&self) -> bool {
        self.0.capacity() >= LARGE
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if !self.is_large() {
            return;
        }
        let mut shelf = shelf();
        shelf.out = shelf.out.saturating_sub(1);
        if shelf.free.len() < KEPT {
            shelf.free.push(std::mem::take(&mut self.0));
        }
    }
}

fn shelf() -> MutexGuard<'static, Shelf> {
    SHELF.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pieces_are_for_those_who_read_and_used_again() {
        assert_eq!(Buffer::for_bytes(2, true).bytes().len(), 2);
        assert_eq!(Buffer::for_bytes(u64::MAX, false).bytes().len(), SMALL);
        let mut buffer = Buffer::for_bytes(u64::MAX, true);
        assert_eq!(buffer.bytes().len(), LARGE);
        let bytes = buffer.freeze(SMALL + 1);
        assert_eq!(bytes.len(), SMALL + 1);
        drop(bytes);
        assert_eq!(
            Buffer::for_bytes(SMALL as u64 + 7, true).bytes().len(),
            SMALL + 7
        );
        assert_eq!(Buffer::for_bytes(u64::MAX, true).bytes().len(), LARGE);
    }

    #[test]
    fn what_is_out_at_the_same_time_is_bounded() {
        let many: Vec<_> = (0..3 * MOST)
            .map(|_| Buffer::for_bytes(u64::MAX, true))
            .collect();
        let large = many.iter().filter(|buffer| buffer.is_large()).count();
        assert!(large <= MOST, "{large}");
    }
}
