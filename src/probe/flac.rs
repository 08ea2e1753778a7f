//! Reads FLAC (RFC 9639) in a file of its own: the description of the stream, and the comments.

use super::bytes::{Fields, length_ms};
use super::codecs::{Audio, AudioCodec};
use super::source::Source;
use super::{Result, Tracks, comments, damaged, id3};

/// Most blocks before the sound; real files have fewer than ten.
const MOST_BLOCKS: usize = 128;
/// Type of the description, which is the first block (§8.2).
const STREAM_INFO: u8 = 0;
/// Type of the comments (§8.6).
const VORBIS_COMMENT: u8 = 4;

/// Reads a file that has `fLaC` behind its tags.
///
/// # Errors
/// `Incomplete` when it stops before its sound, `Damaged` without a description.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let start = id3::start_of_sound(source)?;
    let mut at = start + 4;
    let mut found = Tracks {
        audio: Some(Audio::new(AudioCodec::Flac)),
        chapters: id3::chapters(source, start)?,
        ..Tracks::default()
    };
    for number in 0..MOST_BLOCKS {
        let mut fields = Fields(source.bytes(at, 4)?);
        let (Some(head), Some(length)) = (fields.u8(), fields.be24()) else {
            break;
        };
        let (body, end) = (at + 4, at + 4 + u64::from(length));
        match head & 0x7f {
            STREAM_INFO => found.duration_ms = duration_ms(source.bytes(body, 34)?),
            _ if number == 0 => return damaged("the stream has no description"),
            VORBIS_COMMENT if found.chapters.is_empty() => {
                found.chapters =
                    comments::chapters(source.between(body, end, comments::LARGEST)?);
            }
            _ => {}
        }
        at = end;
        // §8.1: the first bit says that no block follows.
        if head & 0x80 != 0 {
            break;
        }
    }
    Ok(found)
}

/// Number of samples by their rate, of 36 and 20 bits (§8.2); 0 samples mean that the number was not known.
pub(super) fn duration_ms(description: &[u8]) -> Option<u64> {
    let mut fields = Fields(description);
    fields.skip(10)?;
    let packed = fields.be64()?;
    length_ms(packed & 0xf_ffff_ffff, packed >> 44)
}
