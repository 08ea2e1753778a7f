//! Reads AAC in a stream of its own (ADTS, ISO/IEC 14496-3 §1.A.2.2), perhaps behind an ID3 tag.

use super::codecs::{Audio, AudioCodec};
use super::frames::{self, Frame};
use super::source::Source;
use super::{Result, Tracks, Unreadable, id3};

/// Bytes in which the first frame is searched; a recording may begin within one, and none is longer.
const SEARCH: usize = 8 * 1024;
/// Samples per second by index (§1.6.3.4).
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// Whether frames begin at `start`.
pub(super) fn begins(source: &mut Source, start: u64) -> Result<bool> {
    Ok(frames::first(source, start, SEARCH, frame)?.is_some())
}

/// Reads a file that [`begins`] recognised.
///
/// # Errors
/// `Damaged` when the frame is no longer found.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let start = id3::start_of_sound(source)?;
    let Some((at, first)) = frames::first(source, start, SEARCH, frame)? else {
        return Err(Unreadable::Damaged("there is no audio frame"));
    };
    Ok(Tracks {
        chapters: id3::chapters(source, start)?,
        duration_ms: frames::or_unknown(frames::counted_ms(source, at, frame))?,
        audio: Some(Audio::new(AudioCodec::Aac(Some((first.kind & 3) + 1)))),
        ..Tracks::default()
    })
}

/// Parses a header (§1.A.3.2): twelve ones, a version, no layer, profile and rate, and a length of 13 bits.
fn frame(bytes: &[u8]) -> Option<Frame> {
    let &[0xff, second, third, fourth, fifth, sixth, seventh] = bytes.first_chunk()? else {
        return None;
    };
    if second & 0xf6 != 0xf0 {
        return None;
    }
    let rate = *RATES.get(usize::from(third >> 2 & 0xf))?;
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    let header = if second & 1 == 1 { 7 } else { 9 };
    (length > header).then_some(Frame {
        length,
        samples: 1024 * (u64::from(seventh & 3) + 1),
        rate,
        bits_per_second: 0,
        kind: third >> 6,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_length_and_rate() {
        let known = frame(&[0xff, 0xf1, 0x50, 0x80, 0x2e, 0x7f, 0xfc]).unwrap();
        assert_eq!((known.length, known.rate, known.kind), (371, 44_100, 1));
        assert_eq!(frame(&[0xff, 0xfb, 0x90, 0, 0, 0, 0]), None);
        assert_eq!(frame(&[0xff, 0xf1, 0x50, 0x80, 0, 0x1f, 0xfc]), None);
    }
}
