//! Sound that is a row of frames without an index: MPEG audio and ADTS. Each frame tells its length, so that the next is found.

use std::collections::BTreeMap;

use super::bytes::ticks_to_ms;
use super::source::Source;
use super::{Result, Unreadable, id3};

/// Frames that must follow each other where sound is not expected, because single headers occur in any bytes.
const ENOUGH: usize = 5;
/// Largest sound whose frames are all counted. Of a larger one a few places are looked at.
const MOST_COUNTED: u64 = 32 * 1024 * 1024;
/// Bytes that are read at once while counting.
const STEP: usize = 64 * 1024;
/// Longest header that is parsed.
const HEADER: usize = 8;
/// Places that are looked at in a large sound.
const PLACES: u64 = 24;
/// Bytes that are looked at in each place.
const PLACE: usize = 16 * 1024;

/// The header of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Length in bytes, header included.
    pub(super) length: usize,
    /// Samples per channel.
    pub(super) samples: u64,
    /// Samples per second.
    pub(super) rate: u32,
    /// Bits per second; 0 where the header does not tell.
    pub(super) bits_per_second: u64,
    /// What stays the same from frame to frame, besides the rate.
    pub(super) kind: u8,
}

/// Parses a header at the front of bytes.
pub(super) type Parse = fn(&[u8]) -> Option<Frame>;

/// The first frame in the `search` bytes from `start` that others follow.
pub(super) fn first(
    source: &mut Source,
    start: u64,
    search: usize,
    parse: Parse,
) -> Result<Option<(u64, Frame)>> {
    let size = source.size();
    let bytes = source.up_to(start, search.saturating_add(STEP))?;
    let is_whole = start + u64::try_from(bytes.len()).unwrap_or(u64::MAX) >= size;
    let found = (0..bytes.len().min(search)).find_map(|offset| {
        let frame = parse(bytes.get(offset..)?)?;
        let enough = if offset == 0 { 2 } else { ENOUGH };
        is_row(&bytes[offset..], enough, is_whole, parse).then_some((offset, frame))
    });
    Ok(found.and_then(|(offset, frame)| Some((start + u64::try_from(offset).ok()?, frame))))
}

/// Whether `enough` frames of one kind follow each other, or all that are left in the file.
fn is_row(bytes: &[u8], enough: usize, is_whole: bool, parse: Parse) -> bool {
    let mut rest = bytes;
    let mut kind = None;
    for count in 0..enough {
        if rest.is_empty() {
            return is_whole && count > 0;
        }
        let Some(frame) = parse(rest) else {
            return false;
        };
        if kind.is_some_and(|kind| kind != (frame.kind, frame.rate)) {
            return false;
        }
        kind = Some((frame.kind, frame.rate));
        match rest.get(frame.length..) {
            Some(next) => rest = next,
            // The file breaks off within its last frame.
            None => return is_whole && count > 0,
        }
    }
    true
}

/// Duration in milliseconds of all frames from `start`; `None` when there are too many to count.
pub(super) fn counted_ms(source: &mut Source, start: u64, parse: Parse) -> Result<Option<u64>> {
    let size = source.size();
    if size.saturating_sub(start) > MOST_COUNTED {
        return Ok(None);
    }
    let mut samples = BTreeMap::<u32, u64>::new();
    let mut at = start;
    while at < size {
        let bytes = source.up_to(at, STEP)?.to_vec();
        let mut offset = 0;
        while let Some(frame) = bytes.get(offset..).and_then(parse) {
            // A frame that breaks off is not heard.
            if at + u64::try_from(offset + frame.length).unwrap_or(0) <= size {
                *samples.entry(frame.rate).or_default() += frame.samples;
            }
            offset += frame.length;
        }
        let is_at_end = offset + HEADER > bytes.len();
        at += u64::try_from(offset).unwrap_or(u64::MAX);
        if is_at_end && offset > 0 {
            continue;
        }
        // Something else stands between the frames: the tags of a piece, or bytes that players pass over.
        at = match id3::length(source, at)? {
            Some(length) => at + length,
            None => match first(source, at + 1, STEP, parse)? {
                Some((next, _)) => next,
                None => at + u64::try_from(STEP).unwrap_or(0),
            },
        };
    }
    let lengths = samples
        .iter()
        .map(|(rate, samples)| ticks_to_ms(*samples, u64::from(*rate)));
    let total: Option<u64> = lengths.sum();
    Ok(total.filter(|ms| *ms > 0))
}

/// The bits per second of a large sound, when they are the same in all places that are looked at.
pub(super) fn constant_rate(
    source: &mut Source,
    start: u64,
    end: u64,
    parse: Parse,
) -> Result<Option<u64>> {
    let mut same = None;
    for place in 0..PLACES {
        let at = start + (end - start) / PLACES * place;
        let Some((from, _)) = first(source, at, PLACE, parse)? else {
            return Ok(None);
        };
        let mut rest = source.between(from, end, PLACE)?;
        while let Some(frame) = parse(rest) {
            if same.is_some_and(|same| same != frame.bits_per_second) {
                return Ok(None);
            }
            same = Some(frame.bits_per_second);
            rest = rest.get(frame.length..).unwrap_or_default();
        }
    }
    Ok(same.filter(|rate| *rate > 0))
}

/// As `result`, but a file that is too large to be understood only leaves it open.
pub(super) fn or_unknown(result: Result<Option<u64>>) -> Result<Option<u64>> {
    match result {
        Err(error @ Unreadable::Io(_)) => Err(error),
        Err(_) => Ok(None),
        found => found,
    }
}
