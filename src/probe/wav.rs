//! Reads RIFF WAVE (RFC 2361, EBU Tech 3306 for files over 4 GiB): its format chunk, and the size of its data.

use super::bytes::{Fields, ticks_to_ms};
use super::codecs::{Audio, AudioCodec};
use super::source::Source;
use super::{Result, Tracks, Unreadable, damaged};

/// Most chunks before the data; recorders write fewer than ten.
const MOST_CHUNKS: usize = 256;

/// Reads a file that begins with RIFF and WAVE.
///
/// # Errors
/// `Incomplete` when RIFF or data states more bytes than the file has.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let mut fields = Fields(source.bytes(0, 8)?);
    let large = fields.take(4) == Some(b"RF64");
    // Programs that write to a pipe cannot fill in the size later, and leave 0 or the largest number.
    let stated = fields
        .le32()
        .filter(|size| !matches!(*size, 0 | u32::MAX))
        .map(u64::from);
    if !large && stated.is_some_and(|size| size.saturating_add(8) > source.size()) {
        return Err(Unreadable::Incomplete);
    }
    let mut format = None;
    let mut large_data = None;
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        let mut head = Fields(source.up_to(at, 8)?);
        let (Some(name), Some(length)) = (head.array::<4>(), head.le32()) else {
            break;
        };
        match &name {
            b"fmt " => format = self::format(source.up_to(at + 8, 40)?),
            b"ds64" => large_data = Fields(source.up_to(at + 16, 8)?).le64(),
            b"data" => {
                let stated = if length == u32::MAX {
                    large_data
                } else {
                    Some(u64::from(length)).filter(|size| *size > 0)
                };
                return finish(source, format, stated, at + 8);
            }
            _ => {}
        }
        // Chunks of an odd length are padded to an even one.
        at = at.saturating_add(8 + u64::from(length) + u64::from(length % 2));
    }
    Err(if at >= source.size() {
        Unreadable::Incomplete
    } else {
        Unreadable::Damaged("there is no data chunk")
    })
}

fn finish(
    source: &Source,
    format: Option<(AudioCodec, u64)>,
    stated: Option<u64>,
    at: u64,
) -> Result<Tracks> {
    let Some((codec, bytes_per_second)) = format else {
        return damaged("there is no format chunk before the data");
    };
    let there = source.size().saturating_sub(at);
    if stated.is_some_and(|size| size > there) {
        return Err(Unreadable::Incomplete);
    }
    let duration_ms = ticks_to_ms(stated.unwrap_or(there), bytes_per_second);
    let mut audio = Audio::new(codec);
    if audio.codec == AudioCodec::Pcm {
        // RFC 2361 §4: in WAV, uncompressed samples are codec 1.
        audio.codec_string = Some("1".to_owned());
    }
    Ok(Tracks {
        duration_ms,
        audio: Some(audio),
        self_delimiting: stated.is_some(),
        ..Tracks::default()
    })
}

/// Codec of the sound and bytes per second in a WAVEFORMATEX.
pub(super) fn format(contents: &[u8]) -> Option<(AudioCodec, u64)> {
    let mut fields = Fields(contents);
    let tag = fields.le16()?;
    fields.skip(6)?;
    Some((AudioCodec::from_windows(tag), u64::from(fields.le32()?)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn wav(riff: u32, data: u32) -> Vec<u8> {
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(riff.to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data");
        bytes.extend(data.to_le_bytes());
        bytes.extend([0; 8000]);
        bytes
    }

    fn read(bytes: Vec<u8>) -> Result<Tracks, Unreadable> {
        let size = u64::try_from(bytes.len()).unwrap();
        super::read(&mut Source::new(Cursor::new(bytes), size))
    }

    #[test]
    fn a_second_of_sound_is_a_second() {
        let found = read(wav(8036, 8000)).unwrap();
        assert_eq!(
            (found.duration_ms, found.self_delimiting),
            (Some(1000), true)
        );
    }

    #[test]
    fn a_pipe_leaves_the_size_open() {
        let found = read(wav(u32::MAX, u32::MAX)).unwrap();
        assert_eq!(
            (found.duration_ms, found.self_delimiting),
            (Some(1000), false)
        );
    }

    #[test]
    fn a_promise_of_more_means_more_is_coming() {
        assert!(matches!(read(wav(9000, 8000)), Err(Unreadable::Incomplete)));
        assert!(matches!(read(wav(0, 9000)), Err(Unreadable::Incomplete)));
    }
}
