//! A memory buffer for bytes of an upload, aligned for direct writes: the first byte has the same offset within a memory block as
//! within a block of the file (open(2), `O_DIRECT`).

/// Bytes in a block; no disk needs a coarser alignment.
pub const BLOCK: usize = 4096;

/// A buffer of gathered bytes. Its memory is reused, because allocating fresh pages costs more than processing the bytes.
#[derive(Default)]
pub struct Batch {
    memory: Vec<u8>,
    start: usize,
    end: usize,
}

impl Batch {
    /// Empties the buffer, for bytes that begin at this offset in the file.
    pub fn begin_at(&mut self, offset: u64) {
        let within = usize::try_from(offset).unwrap_or(0) % BLOCK;
        let first = self.memory.as_ptr().align_offset(BLOCK);
        // When the allocator cannot report the alignment, the write goes through the page cache.
        self.start = if first < BLOCK { first + within } else { 0 };
        self.end = self.start;
    }

    /// Allocates room for `bytes`, unless the buffer is large enough; its content is lost.
    pub fn make_room(&mut self, bytes: usize) {
        if self.memory.len() < bytes + 2 * BLOCK {
            // Zeroed pages take no memory until they are used.
            self.memory = vec![0; bytes + 2 * BLOCK];
        }
    }

    /// Allocates room for `bytes`, and gives back what is much more than that; the content is lost.
    pub fn resize(&mut self, bytes: usize) {
        if self.memory.len() > 2 * (bytes + 2 * BLOCK) {
            self.memory = Vec::new();
        }
        self.make_room(bytes);
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let end = self.end + bytes.len();
        if end > self.memory.len() {
            let mut larger = Self::default();
            larger.make_room(2 * (self.len() + bytes.len()));
            larger.begin_at(u64::try_from(self.offset_in_block()).unwrap_or(0));
            larger.push(self.as_slice());
            *self = larger;
            return self.push(bytes);
        }
        self.memory[self.end..end].copy_from_slice(bytes);
        self.end = end;
    }

    fn offset_in_block(&self) -> usize {
        self.memory.as_ptr().addr().wrapping_add(self.start) % BLOCK
    }

    /// Removes this number of bytes from the end.
    pub fn shorten(&mut self, bytes: usize) {
        self.end -= bytes.min(self.len());
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.memory[self.start..self.end]
    }

    pub fn len(&self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// The bytes before the first whole block of the file, the whole blocks, and the bytes after them.
    pub fn blocks(&self) -> (&[u8], &[u8], &[u8]) {
        let bytes = self.as_slice();
        let first = (BLOCK - self.offset_in_block()) % BLOCK;
        let (before, rest) = bytes.split_at(first.min(bytes.len()));
        let (whole, behind) = rest.split_at(rest.len() / BLOCK * BLOCK);
        (before, whole, behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_holds_what_was_pushed_and_its_blocks_are_those_of_the_file(
            offset in 0_u64..20_000,
            pieces in prop::collection::vec(0_usize..9_000, 0..8),
            room in 0_usize..30_000,
        ) {
            let mut batch = Batch::default();
            batch.make_room(room);
            batch.begin_at(offset);
            let mut expected = Vec::new();
            for (length, byte) in pieces.into_iter().zip(1_u8..) {
                batch.push(&vec![byte; length]);
                expected.extend(vec![byte; length]);
            }
            prop_assert_eq!(batch.as_slice(), &expected[..]);
            let (before, whole, behind) = batch.blocks();
            prop_assert_eq!([before, whole, behind].concat(), expected);
            prop_assert!(before.len() < BLOCK && behind.len() < BLOCK);
            if !whole.is_empty() {
                prop_assert_eq!(whole.as_ptr().addr() % BLOCK, 0);
                let at = usize::try_from(offset).unwrap() + before.len();
                prop_assert_eq!(at % BLOCK, 0);
            }
        }
    }
}
