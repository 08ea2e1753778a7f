//! Reads MPEG transport streams (ISO/IEC 13818-1 §2.4) from cameras (`.mts`) and television: packets of 188 bytes, whose tables
//! name the streams. There is no index, so the beginning and the end are searched.

use super::codecs::{Audio, AudioCodec, Video, VideoCodec};
use super::mpeg_ps::{self, STRETCH};
use super::source::Source;
use super::{Result, Tracks, damaged, h264};
use std::collections::BTreeMap;

/// The first byte of every packet (§2.4.3.2).
const SYNC: u8 = 0x47;
/// Length of a packet.
const PACKET: usize = 188;
/// Number of packets in sequence that make a transport stream; text could contain the sync byte `G` by chance.
const ENOUGH: usize = 5;
/// Bytes of a stream that suffice to find the size of its pictures.
const LONGEST_BEGINNING: usize = 64 * 1024;

/// The distance of packets, and the offset of the first. Cameras put four bytes before each packet.
pub(super) fn stride(head: &[u8]) -> Option<(usize, usize)> {
    [(PACKET, 0), (PACKET + 4, 4)]
        .into_iter()
        .find(|(step, first)| {
            let mut syncs = head.iter().skip(*first).step_by(*step);
            syncs.len() >= ENOUGH && syncs.all(|byte| *byte == SYNC)
        })
}

/// A packet: its stream, whether a unit begins in it, and its contents.
struct Packet<'a> {
    pid: u16,
    begins: bool,
    contents: &'a [u8],
}

/// Reads a file that [`stride`] recognised.
///
/// # Errors
/// `Damaged` when no packets are found any more.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let size = source.size();
    let head = source.up_to(0, STRETCH)?;
    let Some((step, first)) = stride(head.get(..4096).unwrap_or(head)) else {
        return damaged("the packets got out of step");
    };
    let streams = streams(head, step, first);
    let begin = times(head, step, first).min();
    let picture = streams
        .iter()
        .find_map(|(pid, kind)| video(*kind, &beginning(head, step, first, *pid)));
    let audio = streams.values().find_map(|kind| audio(*kind));
    // The searched end must begin at a packet.
    let whole_packets =
        size.saturating_sub(u64::try_from(STRETCH).unwrap_or(0)) / u64::try_from(step).unwrap_or(1);
    let tail = source.up_to(whole_packets * u64::try_from(step).unwrap_or(1), STRETCH)?;
    let end = times(tail, step, first).max();
    Ok(Tracks {
        duration_ms: mpeg_ps::between_ms(begin, end),
        video: picture,
        audio,
        ..Tracks::default()
    })
}

fn packets(bytes: &[u8], step: usize, first: usize) -> impl Iterator<Item = Packet<'_>> {
    bytes
        .get(first..)
        .unwrap_or_default()
        .chunks(step)
        .filter_map(|packet| {
            let &[SYNC, high, low, flags] = packet.first_chunk()? else {
                return None;
            };
            let pid = u16::from(high & 0x1f) << 8 | u16::from(low);
            // §2.4.3.4: an adaptation field begins with its length.
            let start = if flags & 0x20 != 0 {
                5 + usize::from(*packet.get(4)?)
            } else {
                4
            };
            let contents = if flags & 0x10 != 0 {
                packet.get(start..PACKET.min(packet.len()))?
            } else {
                &[]
            };
            Some(Packet {
                pid,
                begins: high & 0x40 != 0,
                contents,
            })
        })
}

/// The streams of the first programme by packet id, each with its type (§2.4.4.9).
fn streams(bytes: &[u8], step: usize, first: usize) -> BTreeMap<u16, u8> {
    let section = |pid: u16| {
        packets(bytes, step, first)
            .find(|packet| packet.pid == pid && packet.begins)
            .and_then(|packet| table(packet.contents))
    };
    let programme = section(0).and_then(|programmes| {
        // §2.4.4.3: programme 0 is the network information.
        programmes
            .get(5..)?
            .chunks_exact(4)
            .find(|row| row[..2] != [0, 0])
            .map(|row| u16::from(row[2] & 0x1f) << 8 | u16::from(row[3]))
    });
    let mut streams = BTreeMap::new();
    let Some(mut rest) = programme.and_then(section).and_then(|map| {
        let information = usize::from(*map.get(7)? & 0x0f) << 8 | usize::from(*map.get(8)?);
        map.get(9 + information..)
    }) else {
        return streams;
    };
    while let &[kind, high, low, length_high, length_low, ref after @ ..] = rest {
        let length = usize::from(length_high & 0x0f) << 8 | usize::from(length_low);
        let Some((descriptors, after)) = after.split_at_checked(length) else {
            break;
        };
        streams.insert(
            u16::from(high & 0x1f) << 8 | u16::from(low),
            private_kind(kind, descriptors),
        );
        rest = after;
    }
    streams
}

/// The type of a private stream (type 6): European television marks Dolby sound by a descriptor.
fn private_kind(kind: u8, descriptors: &[u8]) -> u8 {
    match (kind, descriptors.first()) {
        (6, Some(0x6a)) => 0x81,
        (6, Some(0x7a)) => 0x87,
        _ => kind,
    }
}

/// The rows of a table (§2.4.4): after a pointer, a type and a length, and before a checksum.
fn table(contents: &[u8]) -> Option<&[u8]> {
    let section = contents.get(1 + usize::from(*contents.first()?)..)?;
    let length = usize::from(*section.get(1)? & 0x0f) << 8 | usize::from(*section.get(2)?);
    // A table that continues in the next packet is read as far as this one contains it.
    section.get(3..(3 + length.saturating_sub(4)).min(section.len()))
}

/// The times in the headers of all units that begin in `bytes`.
fn times(bytes: &[u8], step: usize, first: usize) -> impl Iterator<Item = u64> {
    packets(bytes, step, first)
        .filter(|packet| packet.begins)
        .filter_map(|packet| match packet.contents {
            [0, 0, 1, 0xbd | 0xc0..=0xef, _, _, header @ ..] => mpeg_ps::time(header),
            _ => None,
        })
}

/// The beginning of one stream, joined from its packets.
fn beginning(bytes: &[u8], step: usize, first: usize, pid: u16) -> Vec<u8> {
    let mut together = Vec::new();
    for packet in packets(bytes, step, first).filter(|packet| packet.pid == pid) {
        together.extend_from_slice(packet.contents);
        if together.len() > LONGEST_BEGINNING {
            break;
        }
    }
    together
}

fn video(kind: u8, beginning: &[u8]) -> Option<Video> {
    match kind {
        0x01 | 0x02 => {
            mpeg_ps::mpeg_picture(beginning).or_else(|| Some(Video::plain(VideoCodec::Mpeg2, 0, 0)))
        }
        0x10 => Some(Video::plain(VideoCodec::Mpeg4, 0, 0)),
        0x1b => {
            let units = beginning
                .windows(4)
                .enumerate()
                .filter(|(_, code)| code[..3] == [0, 0, 1]);
            let parameters = units
                .filter_map(|(at, _)| h264::parameters(beginning.get(at + 3..)?))
                .next();
            let (width, height) = parameters
                .as_ref()
                .and_then(|it| it.size)
                .unwrap_or_default();
            Some(Video {
                bit_depth: parameters.as_ref().map(|parameters| parameters.bit_depth),
                chroma: parameters.map(|parameters| parameters.chroma),
                ..Video::plain(VideoCodec::H264, width, height)
            })
        }
        0x24 => Some(Video::plain(VideoCodec::HevcInBand, 0, 0)),
        0xea => Some(Video::plain(VideoCodec::Wmv, 0, 0)),
        _ => None,
    }
}

fn audio(kind: u8) -> Option<Audio> {
    let codec = match kind {
        0x03 | 0x04 => AudioCodec::Mp2,
        0x0f | 0x11 => AudioCodec::Aac(None),
        0x81 => AudioCodec::Ac3,
        0x87 => AudioCodec::Eac3,
        0x82 | 0x85 => AudioCodec::Dts,
        0x80 => AudioCodec::Pcm,
        _ => return None,
    };
    Some(Audio::new(codec))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_sync_bytes_makes_a_stream() {
        let mut bytes = vec![0; PACKET * 6];
        for packet in bytes.chunks_mut(PACKET) {
            packet[0] = SYNC;
        }
        assert_eq!(stride(&bytes), Some((188, 0)));
        assert_eq!(stride(&bytes[..PACKET * 3]), None);
        bytes[PACKET] = b'H';
        assert_eq!(stride(&bytes), None);
    }
}
