//! The only access of the probe to a file: reads at a position, within a budget.
//!
//! A malicious file could make a careless reader walk through gigabytes in steps of one byte. Here the bytes and the number of
//! reads are counted, so that all parsers terminate.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::{Result, Unreadable};

/// Most bytes that are read of a file. A three-hour fragmented recording needs about 20 MiB of headers.
const MOST_BYTES: u64 = 96 * 1024 * 1024;
/// Most reads of a file; each is a seek and a read, so this bounds the time on a slow disk.
const MOST_READS: u32 = 120_000;
/// Most bytes in one read, so that a claimed length never decides about memory.
const MOST_AT_ONCE: usize = 1024 * 1024;
/// Bytes of a buffered read; headers are close together, so this saves most of the reads.
const WINDOW: usize = 512;

/// A readable and seekable stream: a file, or bytes in a test.
trait Stream: Read + Seek {}

impl<S: Read + Seek> Stream for S {}

/// A file with its size and the remaining budget.
pub(super) struct Source<'a> {
    file: Box<dyn Stream + 'a>,
    size: u64,
    bytes_left: u64,
    reads_left: u32,
    window: Vec<u8>,
    window_at: u64,
    /// What to do about an end that is not there.
    end: End,
}

/// How a reader takes a file that stops before the end that it states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is still to come: [`Unreadable::Incomplete`].
    Awaited,
    /// It will not come: what is there is read.
    GivenUp,
    /// That was so of this file.
    Missing,
}

impl<'a> Source<'a> {
    /// Wraps `file`, which has `size` bytes.
    pub(super) fn new(file: impl Read + Seek + 'a, size: u64) -> Self {
        Source {
            file: Box::new(file),
            size,
            bytes_left: MOST_BYTES,
            reads_left: MOST_READS,
            window: Vec::new(),
            window_at: 0,
            end: End::Awaited,
        }
    }

    /// Reads what is there of a file that was broken off.
    pub(super) fn give_up_the_end(&mut self) {
        self.end = End::GivenUp;
    }

    /// To be called where the file states more than it has.
    ///
    /// # Errors
    /// `Incomplete` while the rest is still awaited.
    pub(super) fn stops_early(&mut self) -> Result<()> {
        if self.end == End::Awaited {
            return Err(Unreadable::Incomplete);
        }
        self.end = End::Missing;
        Ok(())
    }

    /// Whether it was broken off.
    pub(super) fn is_broken_off(&self) -> bool {
        self.end == End::Missing
    }

    /// Whether half of the bytes or reads are used up.
    pub(super) fn is_half_spent(&self) -> bool {
        self.bytes_left < MOST_BYTES / 2 || self.reads_left < MOST_READS / 2
    }

    /// Size of the file in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Exactly `length` bytes from `at`.
    ///
    /// # Errors
    /// `Incomplete` when the file ends before that, `TooLarge` when the budget is exhausted.
    pub(super) fn bytes(&mut self, at: u64, length: usize) -> Result<&[u8]> {
        let found = self.up_to(at, length)?;
        if found.len() < length {
            Err(Unreadable::Incomplete)
        } else {
            Ok(found)
        }
    }

    /// At most `length` bytes from `at`: fewer when the file ends, none after its end.
    ///
    /// # Errors
    /// `TooLarge` when the budget is spent, `Io` when the disk fails.
    pub(super) fn up_to(&mut self, at: u64, length: usize) -> Result<&[u8]> {
        if length > MOST_AT_ONCE {
            return Err(Unreadable::TooLarge);
        }
        let length =
            length.min(usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX));
        if length == 0 {
            return Ok(&[]);
        }
        if self.in_window(at, length).is_none() {
            self.fill(at, length.max(WINDOW))?;
        }
        self.in_window(at, length)
            .map_or(Err(Unreadable::Incomplete), |range| Ok(&self.window[range]))
    }

    /// The bytes between two positions, at most the first `most`.
    ///
    /// # Errors
    /// As [`Source::up_to`].
    pub(super) fn between(&mut self, from: u64, to: u64, most: usize) -> Result<&[u8]> {
        let length = usize::try_from(to.saturating_sub(from)).unwrap_or(most);
        self.up_to(from, length.min(most))
    }

    /// The last `length` bytes, or all of a shorter file.
    ///
    /// # Errors
    /// As [`Source::up_to`].
    pub(super) fn tail(&mut self, length: usize) -> Result<&[u8]> {
        let at = self
            .size
            .saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
        self.up_to(at, length)
    }

    fn in_window(&self, at: u64, length: usize) -> Option<std::ops::Range<usize>> {
        let start = usize::try_from(at.checked_sub(self.window_at)?).ok()?;
        let end = start.checked_add(length)?;
        (end <= self.window.len()).then_some(start..end)
    }

    fn fill(&mut self, at: u64, length: usize) -> Result<()> {
        let length = u64::try_from(length)
            .unwrap_or(u64::MAX)
            .min(self.size.saturating_sub(at));
        self.bytes_left = self
            .bytes_left
            .checked_sub(length)
            .ok_or(Unreadable::TooLarge)?;
        self.reads_left = self.reads_left.checked_sub(1).ok_or(Unreadable::TooLarge)?;
        self.window.clear();
        self.window_at = at;
        self.file.seek(SeekFrom::Start(at))?;
        // A file that became shorter gives fewer bytes, and the caller finds it incomplete.
        let mut wanted = self.file.by_ref().take(length);
        match wanted.read_to_end(&mut self.window) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Unreadable::Incomplete),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn reads_are_clipped_to_the_end_of_the_file() {
        let mut source = Source::new(Cursor::new(b"0123456789"), 10);
        assert_eq!(source.up_to(8, 100).unwrap(), b"89");
        assert!(source.up_to(100, 1).unwrap().is_empty());
        assert!(matches!(source.bytes(8, 3), Err(Unreadable::Incomplete)));
    }

    #[test]
    fn a_file_shorter_than_promised_is_incomplete() {
        let mut source = Source::new(Cursor::new(b"0123"), 4000);
        assert!(matches!(source.bytes(0, 8), Err(Unreadable::Incomplete)));
    }

    #[test]
    fn the_budget_ends_every_walk() {
        let size = 1 << 40;
        let mut source = Source::new(std::io::empty(), size);
        let stopped = (0..size)
            .step_by(4096)
            .find(|at| matches!(source.up_to(*at, 8), Err(Unreadable::TooLarge)));
        assert!(stopped.is_some());
    }
}
