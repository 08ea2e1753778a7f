//! Reads MPEG audio (ISO/IEC 11172-3) with its ID3 tags: the header of the first frame, and the number of frames.

use super::bytes::{Fields, ticks_to_ms};
use super::codecs::{Audio, AudioCodec};
use super::frames::{self, Frame};
use super::source::Source;
use super::{Result, Tracks, damaged, id3};

/// Bytes after a tag in which the first frame is searched.
const SEARCH_BEHIND_TAG: usize = 64 * 1024;
/// Bytes in which it is searched without a tag: a recording may begin within a frame, and none is longer.
const SEARCH: usize = 4 * 1024;
/// Beginnings of archives, pictures and programs.
const SIGNATURES: [&[u8]; 8] = [
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"MZ",
];
/// Printable letters in sequence that make a text.
const TEXT: usize = 8;
/// Bytes by which a note about the file may be wrong, for tags at its end.
const ROUNDING: u64 = 8 * 1024;

/// What the encoder noted about the whole file in its first frame.
struct Note {
    frames: u64,
    /// Bytes of all frames, if it says so.
    bytes: Option<u64>,
}

/// Whether MPEG audio begins at `start`.
pub(super) fn begins(source: &mut Source, start: u64) -> Result<bool> {
    Ok(first_frame(source, start)?.is_some())
}

/// Reads a file that [`begins`] recognised.
///
/// # Errors
/// `Damaged` when the frame is no longer found.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let start = id3::start_of_sound(source)?;
    let Some((at, first)) = first_frame(source, start)? else {
        return damaged("there is no audio frame");
    };
    let codec = match first.kind & 3 {
        3 => AudioCodec::Mp3,
        _ => AudioCodec::Mp2,
    };
    Ok(Tracks {
        chapters: id3::chapters(source, start)?,
        duration_ms: frames::or_unknown(duration_ms(source, at, &first))?,
        audio: Some(Audio::new(codec)),
        ..Tracks::default()
    })
}

/// Duration in milliseconds: what the note says when it is about all of these bytes, otherwise what the frames add up to. Of a
/// file with too many of them it is only known when the bit rate is the same everywhere.
fn duration_ms(source: &mut Source, at: u64, first: &Frame) -> Result<Option<u64>> {
    let note = note(source.up_to(at, first.length)?);
    // ID3v1: 128 bytes at the end.
    let is_tagged = source.tail(128)?.starts_with(b"TAG");
    let end = source.size() - if is_tagged { 128 } else { 0 };
    let there = end.saturating_sub(at);
    let about_all = note.filter(|note| {
        let counted = note.bytes.unwrap_or(0);
        counted.abs_diff(there) <= ROUNDING.min(there / 50)
    });
    if let Some(note) = about_all {
        let samples = note.frames.saturating_mul(first.samples);
        return Ok(ticks_to_ms(samples, u64::from(first.rate)).filter(|ms| *ms > 0));
    }
    if let Some(counted) = frames::counted_ms(source, at, heard)? {
        return Ok(Some(counted));
    }
    let rate = frames::constant_rate(source, at, end, frame)?;
    Ok(rate.and_then(|rate| ticks_to_ms(there.saturating_mul(8), rate)))
}

/// The first frame that others follow.
fn first_frame(source: &mut Source, start: u64) -> Result<Option<(u64, Frame)>> {
    let search = if start > 0 { SEARCH_BEHIND_TAG } else { SEARCH };
    let found = frames::first(source, start, search, frame)?;
    // Without a tag, what stands before the first frame is the rest of another one, and nothing that has a name of its own.
    Ok(match found {
        Some((at, _)) if at > 0 && start == 0 && is_something_else(source)? => None,
        found => found,
    })
}

/// Whether the file begins as texts, archives, pictures and programs do, which may hold sound somewhere.
fn is_something_else(source: &mut Source) -> Result<bool> {
    let head = source.up_to(0, 512)?;
    let is_text = head
        .iter()
        .take(TEXT)
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    let is_named = SIGNATURES.iter().any(|known| head.starts_with(known));
    Ok(is_text || is_named || head.get(257..262) == Some(b"ustar"))
}

/// As [`frame`], but a frame with a note holds no sound.
fn heard(bytes: &[u8]) -> Option<Frame> {
    let frame = frame(bytes)?;
    let is_note = bytes.get(..frame.length).and_then(note).is_some();
    Some(Frame {
        samples: if is_note { 0 } else { frame.samples },
        ..frame
    })
}

/// Parses a frame header of layer II or III; `None` for layer I and reserved values.
fn frame(bytes: &[u8]) -> Option<Frame> {
    let &[0xff, second, third, _] = bytes.first_chunk()? else {
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
        length,
        samples,
        rate: sample_rate,
        bits_per_second,
        kind: version << 2 | layer,
    })
}

/// The note in the first frame (Xing, Info or VBRI). The first two stand behind the side information, whose length depends on
/// version and channels.
fn note(head: &[u8]) -> Option<Note> {
    let &[_, second, _, fourth] = head.first_chunk()?;
    let side_information = match (second >> 3 & 0b11 == 3, fourth >> 6 == 3) {
        (true, true) | (false, false) => 17,
        (true, false) => 32,
        (false, true) => 9,
    };
    let mut xing = Fields(head.get(4 + side_information..)?);
    if matches!(xing.take(4)?, b"Xing" | b"Info") {
        let flags = xing.be32()?;
        if flags & 1 == 0 {
            return None;
        }
        let frames = u64::from(xing.be32()?);
        let bytes = match flags & 2 {
            0 => None,
            _ => Some(u64::from(xing.be32()?)),
        };
        return Some(Note { frames, bytes });
    }
    let mut vbri = Fields(head.get(36..)?);
    if vbri.take(4)? != b"VBRI" {
        return None;
    }
    vbri.skip(6)?;
    let bytes = Some(u64::from(vbri.be32()?));
    let frames = u64::from(vbri.be32()?);
    Some(Note { frames, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_the_length_of_its_frame() {
        let mpeg_1 = frame(&[0xff, 0xfb, 0x90, 0x00]).unwrap();
        assert_eq!(
            (mpeg_1.kind & 3, mpeg_1.rate, mpeg_1.length),
            (3, 44_100, 417)
        );
        assert_eq!(frame(&[0xff, 0xf3, 0x90, 0xc0]).unwrap().rate, 22_050);
    }

    #[test]
    fn a_byte_order_mark_and_aac_are_no_frames() {
        assert_eq!(frame(&[0xff, 0xfe, b'h', 0]), None);
        assert_eq!(frame(&[0xff, 0xf1, 0x50, 0x80]), None);
        assert_eq!(frame(&[0xff, 0xfb, 0xf0, 0]), None);
    }
}
