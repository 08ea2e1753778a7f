//! Finds the end of a Matroska recording that does not state its length, as recorders write it into a pipe: the last cluster, and in
//! it the block that ends last (RFC 9559 §5.1.3).

use std::collections::BTreeMap;

use super::bytes::Fields;
use super::ebml::{self, Element};
use super::source::Source;
use super::{Result, Unreadable};

/// Bytes that are searched at once, from the end.
const STEP: u64 = 512 * 1024;
/// Most bytes from the end in which the last cluster is searched. Recorders begin one every few seconds.
const MOST_SEARCHED: u64 = 24 * 1024 * 1024;
/// Most blocks of one cluster.
const MOST_BLOCKS: usize = 30_000;

/// The element that holds pictures and sound.
pub(super) const CLUSTER: u32 = 0x1f43_b675;
const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const BLOCK_DURATION: u32 = 0x9b;
/// Elements that stand beside clusters (§5.1), which end a cluster without a size.
const BESIDE: [u32; 7] = [
    CLUSTER,
    0x1c53_bb6b,
    0x1254_c367,
    0x1043_a770,
    0x1549_a966,
    0x114d_9b74,
    0x1941_a469,
];

/// What is needed to understand blocks.
pub(super) struct Clock {
    /// Nanoseconds of a tick of clusters and blocks.
    pub(super) tick_ns: u64,
    /// How long a frame of each track lasts in nanoseconds, where its track says so.
    pub(super) frame_ns: BTreeMap<u64, u64>,
}

/// When a block begins and how long it lasts, in nanoseconds.
struct Block {
    track: u64,
    begin: u64,
    length: Option<u64>,
}

/// Length in milliseconds from the cluster at `first` to the end of the last one before `limit`; `None` when no cluster is found
/// in its last part.
///
/// # Errors
/// Only when the disk fails.
pub(super) fn length_ms(
    source: &mut Source,
    first: u64,
    limit: u64,
    clock: &Clock,
) -> Result<Option<u64>> {
    match measured(source, first, limit, clock) {
        Err(error @ Unreadable::Io(_)) => Err(error),
        Err(_) => Ok(None),
        found => found,
    }
}

fn measured(source: &mut Source, first: u64, limit: u64, clock: &Clock) -> Result<Option<u64>> {
    let Some(begin) = begin_of(source, first, clock)? else {
        return Ok(None);
    };
    let lowest = limit.saturating_sub(MOST_SEARCHED).max(first);
    let mut until = limit;
    while until > lowest {
        let from = until.saturating_sub(STEP).max(lowest);
        // Three bytes more: an id may stand across the border.
        let bytes = source.between(from, (until + 3).min(limit), 1024 * 1024)?;
        let places: Vec<u64> = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, id)| *id == CLUSTER.to_be_bytes())
            .filter_map(|(offset, _)| Some(from + u64::try_from(offset).ok()?))
            .collect();
        for at in places.into_iter().rev() {
            if let Some(end) = end_of(source, at, limit, clock)? {
                return Ok(end.checked_sub(begin).map(|ns| ns / 1_000_000));
            }
        }
        until = from;
    }
    Ok(None)
}

/// When the cluster at `at` begins, in nanoseconds: its timestamp is its first element, or nearly so.
fn begin_of(source: &mut Source, at: u64, clock: &Clock) -> Result<Option<u64>> {
    let Some(cluster) = ebml::element(source, at)?.filter(|it| it.id == CLUSTER) else {
        return Ok(None);
    };
    let mut at = cluster.body;
    for _ in 0..4 {
        let Some(Element {
            id,
            body,
            end: Some(end),
        }) = ebml::element(source, at)?
        else {
            return Ok(None);
        };
        if id == TIMESTAMP {
            let ticks = ebml::unsigned(source.between(body, end.min(body + 8), 8)?);
            return Ok(ticks.checked_mul(clock.tick_ns));
        }
        at = end;
    }
    Ok(None)
}

/// When the last block of the cluster at `at` ends, in nanoseconds; `None` when this is no whole row of elements up to the end of
/// the cluster, or of what was written of it.
fn end_of(source: &mut Source, at: u64, limit: u64, clock: &Clock) -> Result<Option<u64>> {
    let Some(start) = begin_of(source, at, clock)? else {
        return Ok(None);
    };
    let Some(cluster) = ebml::element(source, at)? else {
        return Ok(None);
    };
    let until = cluster.end.unwrap_or(limit).min(limit);
    let mut tracks = BTreeMap::<u64, Times>::new();
    let mut at = cluster.body;
    for _ in 0..MOST_BLOCKS {
        if at >= until {
            return Ok(tracks.into_values().filter_map(Times::end).max());
        }
        let whole = match ebml::element(source, at)? {
            Some(Element { id, .. }) if BESIDE.contains(&id) => None,
            Some(Element {
                id,
                body,
                end: Some(end),
            }) if end <= until => Some((id, body, end)),
            // The recorder was cut off within this element, or it is none.
            Some(Element { end: Some(_), .. }) => None,
            Some(_) => return Ok(None),
            None if until - at < 12 => None,
            None => return Ok(None),
        };
        let Some((id, body, end)) = whole else {
            return Ok(tracks.into_values().filter_map(Times::end).max());
        };
        if let Some(block) = block(source, id, body, end, start, clock)? {
            tracks.entry(block.track).or_default().add(&block);
        }
        at = end;
    }
    Ok(None)
}

fn block(
    source: &mut Source,
    id: u32,
    body: u64,
    end: u64,
    start: u64,
    clock: &Clock,
) -> Result<Option<Block>> {
    match id {
        SIMPLE_BLOCK => Ok(parse(source.between(body, end, 16)?, start, clock)),
        BLOCK_GROUP => {
            let (mut found, mut length) = (None, None);
            let mut at = body;
            while at < end {
                let Some(Element {
                    id,
                    body,
                    end: Some(inner),
                }) = ebml::element(source, at)?
                else {
                    break;
                };
                match id {
                    BLOCK => found = parse(source.between(body, inner, 16)?, start, clock),
                    BLOCK_DURATION => {
                        let ticks = ebml::unsigned(source.between(body, inner, 8)?);
                        length = ticks.checked_mul(clock.tick_ns);
                    }
                    _ => {}
                }
                at = inner;
            }
            Ok(found.map(|block| Block {
                length: length.or(block.length),
                ..block
            }))
        }
        _ => Ok(None),
    }
}

/// Parses the head of a block (§10.1): track, time relative to the cluster, flags, and with lacing the number of frames but one.
fn parse(head: &[u8], start: u64, clock: &Clock) -> Option<Block> {
    let mut fields = Fields(head);
    let track = ebml::size(&mut fields)??;
    let relative = i64::from(i16::from_be_bytes(fields.array()?));
    let is_laced = fields.u8()? & 0x06 != 0;
    let frames = match is_laced {
        true => u64::from(fields.u8()?) + 1,
        false => 1,
    };
    let relative = relative.checked_mul(i64::try_from(clock.tick_ns).ok()?)?;
    let frame_ns = clock.frame_ns.get(&track);
    Some(Block {
        track,
        begin: start.saturating_add_signed(relative),
        length: frame_ns.and_then(|ns| ns.checked_mul(frames)),
    })
}

/// The last two beginnings of one track, and the end where one is stated.
#[derive(Default)]
struct Times {
    last: Option<u64>,
    before: Option<u64>,
    stated: Option<u64>,
}

impl Times {
    fn add(&mut self, block: &Block) {
        let begin = Some(block.begin);
        if begin > self.last {
            self.before = self.last;
            self.last = begin;
        } else if begin < self.last && begin > self.before {
            self.before = begin;
        }
        let end = block
            .length
            .map(|length| block.begin.saturating_add(length));
        self.stated = self.stated.max(end);
    }

    /// The end that is stated; otherwise the last block lasts as long as the one before it.
    fn end(self) -> Option<u64> {
        let last = self.last?;
        let gap = self.before.map_or(0, |before| last - before);
        Some(self.stated.unwrap_or(0).max(match self.stated {
            Some(_) => last,
            None => last.saturating_add(gap),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_tells_when_it_begins() {
        let clock = Clock {
            tick_ns: 1_000_000,
            frame_ns: BTreeMap::from([(1, 20_000_000)]),
        };
        let plain = parse(&[0x81, 0, 10, 0x80, 1, 2], 5_000_000, &clock).unwrap();
        assert_eq!(
            (plain.track, plain.begin, plain.length),
            (1, 15_000_000, Some(20_000_000))
        );
        let laced = parse(&[0x81, 0xff, 0xff, 0x04, 2, 2], 5_000_000, &clock).unwrap();
        assert_eq!((laced.begin, laced.length), (4_000_000, Some(60_000_000)));
        assert!(parse(&[0x82, 0], 0, &clock).is_none());
    }
}
