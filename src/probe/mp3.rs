//! Reads MPEG audio (ISO/IEC 11172-3) with its ID3 tags: the header of the first frame, and the number of frames.

use super::bytes::{Fields, ticks_to_ms};
use super::codecs::{Audio, AudioCodec};
use super::source::Source;
use super::{Result, Tracks, Unreadable, damaged};

/// Bytes after a tag in which the first frame is searched, because padding may precede it.
const SEARCH: usize = 64 * 1024;

/// The fields of a frame header (§2.4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// 2 or 3.
    layer: u8,
    /// Samples per second.
    sample_rate: u32,
    /// 1 or 2.
    channels: u16,
    bits_per_second: u64,
    samples: u64,
    length: usize,
    mpeg1: bool,
}

impl Frame {
    /// The codec of this layer.
    pub(super) fn codec(&self) -> AudioCodec {
        match self.layer {
            3 => AudioCodec::Mp3,
            _ => AudioCodec::Mp2,
        }
    }
}

/// Whether the file begins with MPEG audio: two frames in sequence, perhaps after a tag.
pub(super) fn begins(source: &mut Source) -> Result<bool> {
    let tagged = tag_length(source)? > 0;
    match first_frame(source)? {
        // Without a tag, the first frame must be at the beginning of the file.
        Some((at, _)) => Ok(tagged || at == 0),
        None => Ok(false),
    }
}

/// Reads a file that [`begins`] recognised.
///
/// # Errors
/// `Damaged` when the frame is no longer found.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let Some((at, frame)) = first_frame(source)? else {
        return damaged("there is no audio frame");
    };
    let head = source.up_to(at, frame.length)?;
    let (count, rate) = (frames(head, &frame), u64::from(frame.sample_rate));
    let stated = count.and_then(|count| ticks_to_ms(count.saturating_mul(frame.samples), rate));
    let size = source.size().saturating_sub(at);
    // ID3v1: 128 bytes at the end.
    let is_tagged = source.tail(128)?.starts_with(b"TAG");
    let size = size.saturating_sub(if is_tagged { 128 } else { 0 });
    Ok(Tracks {
        duration_ms: stated.or_else(|| ticks_to_ms(size.saturating_mul(8), frame.bits_per_second)),
        audio: Some(Audio::new(frame.codec())),
        ..Tracks::default()
    })
}

/// Length of an ID3v2 tag (§3.1): ten bytes, the last four of which hold the length in groups of seven bits, and perhaps a footer.
fn tag_length(source: &mut Source) -> Result<u64> {
    let head = source.up_to(0, 10)?;
    let &[b'I', b'D', b'3', _, _, flags, a, b, c, d] = head else {
        return Ok(0);
    };
    let length = [a, b, c, d]
        .iter()
        .fold(0_u64, |length, byte| length << 7 | u64::from(byte & 0x7f));
    Ok(length + if flags & 0x10 != 0 { 20 } else { 10 })
}

/// The first frame that is followed by a similar one, or that ends the file.
fn first_frame(source: &mut Source) -> Result<Option<(u64, Frame)>> {
    let tag = tag_length(source)?;
    if tag > 0 && tag >= source.size() {
        return Err(Unreadable::Incomplete);
    }
    let size = source.size();
    let bytes = source.up_to(tag, SEARCH)?;
    let found = (0..bytes.len()).find_map(|offset| {
        let frame = frame(&bytes[offset..])?;
        let next = bytes.get(offset + frame.length..);
        let followed = next
            .and_then(self::frame)
            .is_some_and(|next| next.layer == frame.layer && next.sample_rate == frame.sample_rate);
        let last = tag + u64::try_from(offset + frame.length).ok()? == size;
        (followed || last).then_some((offset, frame))
    });
    Ok(found.and_then(|(offset, frame)| Some((tag + u64::try_from(offset).ok()?, frame))))
}

/// Parses a frame header of layer II or III; `None` for layer I and reserved values.
pub(super) fn frame(bytes: &[u8]) -> Option<Frame> {
    let &[0xff, second, third, fourth] = bytes.first_chunk()? else {
        return None;
    };
    let (version, layer) = (second >> 3 & 0b11, 4 - (second >> 1 & 0b11));
    if second & 0xe0 != 0xe0 || version == 1 || !matches!(layer, 2 | 3) {
        return None;
    }
    let mpeg1 = version == 3;
    let kilobits = match (mpeg1, layer) {
        (true, 2) => [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0,
        ],
        (true, _) => [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0,
        ],
        (false, _) => [
            0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0,
        ],
    }[usize::from(third >> 4)];
    let rate = [44_100_u32, 48_000, 32_000, 0][usize::from(third >> 2 & 0b11)];
    let sample_rate = match version {
        3 => rate,
        2 => rate / 2,
        _ => rate / 4,
    };
    if kilobits == 0 || sample_rate == 0 {
        return None;
    }
    let samples = if layer == 3 && !mpeg1 { 576 } else { 1152 };
    let padding = u64::from(third >> 1 & 1);
    let bits_per_second = kilobits * 1000;
    let length =
        usize::try_from(samples / 8 * bits_per_second / u64::from(sample_rate) + padding).ok()?;
    Some(Frame {
        layer,
        sample_rate,
        channels: if fourth >> 6 == 3 { 1 } else { 2 },
        bits_per_second,
        samples,
        length,
        mpeg1,
    })
}

/// Number of frames, when the first one is an information frame of the encoder (Xing, Info or VBRI).
fn frames(head: &[u8], frame: &Frame) -> Option<u64> {
    let side_information = match (frame.mpeg1, frame.channels) {
        (true, 1) | (false, 2) => 17,
        (true, _) => 32,
        (false, _) => 9,
    };
    let mut xing = Fields(head.get(4 + side_information..)?);
    if matches!(xing.take(4)?, b"Xing" | b"Info") {
        return if xing.be32()? & 1 == 1 {
            xing.be32().map(u64::from)
        } else {
            None
        };
    }
    let mut vbri = Fields(head.get(36..)?);
    if vbri.take(4)? != b"VBRI" {
        return None;
    }
    vbri.skip(10)?;
    vbri.be32().map(u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_the_length_of_its_frame() {
        let mpeg_1 = frame(&[0xff, 0xfb, 0x90, 0x00]).unwrap();
        assert_eq!(
            (
                mpeg_1.layer,
                mpeg_1.sample_rate,
                mpeg_1.channels,
                mpeg_1.length
            ),
            (3, 44_100, 2, 417)
        );
        assert_eq!(
            frame(&[0xff, 0xf3, 0x90, 0xc0]).unwrap().sample_rate,
            22_050
        );
    }

    #[test]
    fn a_byte_order_mark_and_aac_are_no_frames() {
        assert_eq!(frame(&[0xff, 0xfe, b'h', 0]), None);
        assert_eq!(frame(&[0xff, 0xf1, 0x50, 0x80]), None);
        assert_eq!(frame(&[0xff, 0xfb, 0xf0, 0]), None);
    }
}
