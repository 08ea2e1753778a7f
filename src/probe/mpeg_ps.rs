//! Reads MPEG program streams (ISO/IEC 13818-1 §2.5, also MPEG-1): there is no index, so times, codecs and picture size are
//! searched at the beginning and the end.

use super::bytes::{Fields, length_ms};
use super::codecs::{Audio, AudioCodec, Video, VideoCodec};
use super::source::Source;
use super::{Result, Tracks, mp3};

/// Bytes that are searched at each end: half a second of DVD video at its highest rate.
pub(super) const STRETCH: usize = 512 * 1024;
/// §2.4.3.7: times are 33 bits of a 90 kHz clock, and wrap after 26 hours.
const CLOCK_HZ: u64 = 90_000;

/// Reads a file that begins with a pack.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let head = source.up_to(0, STRETCH)?;
    let first = packets(head).filter_map(|(_, packet)| time(packet)).min();
    let video = packets(head)
        .find(|(stream, _)| matches!(stream, 0xe0..=0xef))
        .and_then(|_| mpeg_picture(head));
    let audio = packets(head).find_map(|(stream, packet)| sound(stream, packet));
    let tail = source.tail(STRETCH)?;
    let last = packets(tail).filter_map(|(_, packet)| time(packet)).max();
    Ok(Tracks {
        duration_ms: between_ms(first, last),
        video,
        audio,
        ..Tracks::default()
    })
}

/// Milliseconds from the first to the last time, also when the clock wrapped between them.
pub(super) fn between_ms(first: Option<u64>, last: Option<u64>) -> Option<u64> {
    let (first, last) = (first?, last?);
    let ticks = if last < first {
        last + (1 << 33) - first
    } else {
        last - first
    };
    length_ms(ticks, CLOCK_HZ)
}

/// The packets with picture, sound or private data: stream id, and the bytes after it.
fn packets(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let found = rest
                .windows(4)
                .position(|code| code[..3] == [0, 0, 1] && matches!(code[3], 0xbd | 0xc0..=0xef))?;
            at += found + 4;
            // The stream id is followed by the length of the packet, and then by its header.
            if let Some(packet) = bytes.get(at + 2..) {
                return Some((bytes[at - 1], packet));
            }
        }
    })
}

/// The presentation time in a packet's header, in MPEG-2 (§2.4.3.6) or MPEG-1 (ISO/IEC 11172-1 §2.4.3.3).
pub(super) fn time(packet: &[u8]) -> Option<u64> {
    let mut fields = Fields(packet);
    let first = *packet.first()?;
    if first & 0xc0 == 0x80 {
        let has_time = *packet.get(1)? & 0x80 != 0;
        fields.skip(3)?;
        return if has_time {
            stamp(fields.array()?)
        } else {
            None
        };
    }
    let stuffing = packet
        .iter()
        .take(16)
        .take_while(|byte| **byte == 0xff)
        .count();
    fields.skip(stuffing)?;
    if fields.0.first()? & 0xc0 == 0x40 {
        fields.skip(2)?;
    }
    stamp(fields.array()?)
}

/// Parses 33 bits in five bytes, with a marker bit after each part; `None` without the markers.
fn stamp([a, b, c, d, e]: [u8; 5]) -> Option<u64> {
    let is_time = matches!(a >> 4, 2 | 3) && a & c & e & 1 == 1;
    let bits = u64::from(a >> 1 & 0b111) << 30
        | u64::from(b) << 22
        | u64::from(c >> 1) << 15
        | u64::from(d) << 7
        | u64::from(e >> 1);
    is_time.then_some(bits)
}

/// The picture in a sequence header of MPEG-1 or MPEG-2 video: twelve bits of width, twelve of height, four of aspect ratio.
pub(super) fn mpeg_picture(bytes: &[u8]) -> Option<Video> {
    let at = bytes.windows(4).position(|code| code == [0, 0, 1, 0xb3])?;
    let mut fields = Fields(bytes.get(at + 4..)?);
    let packed = fields.be32()?;
    let (width, height) = (packed >> 20, packed >> 8 & 0xfff);
    // Only MPEG-2 has an extension, which follows the two quantiser tables.
    let extended = bytes[at..]
        .windows(4)
        .take(200)
        .any(|code| code == [0, 0, 1, 0xb5]);
    // H.262 §6.3.3: in MPEG-2 the aspect ratio is that of the whole picture.
    let (across, down) = match (extended, packed >> 4 & 0xf) {
        (true, 2) => (4, 3),
        (true, 3) => (16, 9),
        _ => (width, height),
    };
    let wide = (height * across)
        .checked_div(down)
        .filter(|wide| wide.abs_diff(width) > 2)
        .unwrap_or(width);
    Some(Video::plain(
        if extended {
            VideoCodec::Mpeg2
        } else {
            VideoCodec::Mpeg1
        },
        wide,
        height,
    ))
}

fn sound(stream: u8, packet: &[u8]) -> Option<Audio> {
    match stream {
        0xc0..=0xdf => {
            let start = packet.iter().take(64).position(|byte| *byte == 0xff)?;
            let frame = (start..64).find_map(|at| mp3::frame(packet.get(at..)?));
            let codec = frame.map_or(AudioCodec::Mp2, |frame| frame.codec());
            Some(Audio::new(codec))
        }
        // DVDs use private stream 1, whose contents begin with a substream id.
        0xbd => {
            let header = usize::from(*packet.get(2)?);
            match packet.get(3 + header)? {
                0x80..=0x87 => Some(Audio::new(AudioCodec::Ac3)),
                0x88..=0x8f => Some(Audio::new(AudioCodec::Dts)),
                0xa0..=0xa7 => Some(Audio::new(AudioCodec::Pcm)),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_their_markers() {
        assert_eq!(
            time(&[0x80, 0x80, 5, 0x21, 0, 0x05, 0xbf, 0x21]),
            Some(90_000)
        );
        assert_eq!(time(&[0x80, 0x00, 0]), None);
        assert_eq!(
            time(&[0xff, 0xff, 0x40, 0x20, 0x21, 0, 0x05, 0xbf, 0x21]),
            Some(90_000)
        );
        assert_eq!(time(&[]), None);
    }

    #[test]
    fn a_clock_that_started_again_still_counts_on() {
        assert_eq!(
            between_ms(Some((1 << 33) - 90_000), Some(90_000)),
            Some(2000)
        );
        assert_eq!(between_ms(None, Some(1)), None);
    }
}
