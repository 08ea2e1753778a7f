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
    stated_end(source)?;
    let mut format = None;
    let (mut large_data, mut samples) = (None, None);
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        let mut head = Fields(source.up_to(at, 8)?);
        let (Some(name), Some(length)) = (head.array::<4>(), head.le32()) else {
            break;
        };
        match &name {
            b"fmt " => format = self::format(source.up_to(at + 8, 40)?),
            b"ds64" => large_data = Fields(source.up_to(at + 16, 8)?).le64(),
            // The number of samples, which counts for sounds that are compressed (RFC 2361 §1).
            b"fact" => samples = Fields(source.up_to(at + 8, 4)?).le32(),
            b"data" => {
                let stated = if length == u32::MAX {
                    large_data
                } else {
                    Some(u64::from(length)).filter(|size| *size > 0)
                };
                return finish(source, format, samples, stated, at + 8);
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

/// Where the outermost chunk ends; `None` when it does not tell.
///
/// # Errors
/// `Incomplete` when that is behind the end of the file.
fn stated_end(source: &mut Source) -> Result<Option<u64>> {
    let mut fields = Fields(source.bytes(0, 8)?);
    let large = fields.take(4) == Some(b"RF64");
    // Programs that write to a pipe cannot fill in the size later, and leave 0 or the largest number.
    let stated = fields
        .le32()
        .filter(|size| !large && !matches!(*size, 0 | u32::MAX))
        .map(|size| u64::from(size) + 8);
    match stated {
        Some(end) if end > source.size() => {
            source.stops_early()?;
            Ok(Some(source.size()))
        }
        stated => Ok(stated),
    }
}

/// Whether an AVI file is all there; nothing else is read of it.
///
/// # Errors
/// `Incomplete` when it states more bytes than the file has.
pub(super) fn avi(source: &mut Source) -> Result<Tracks> {
    let end = stated_end(source)?;
    Ok(Tracks {
        // A file over 1 GiB consists of several chunks, and the first states only its own size.
        self_delimiting: end.is_some_and(|end| end + 2 >= source.size()),
        ..Tracks::default()
    })
}

fn finish(
    source: &mut Source,
    format: Option<Format>,
    samples: Option<u32>,
    stated: Option<u64>,
    at: u64,
) -> Result<Tracks> {
    let Some(Format {
        tag,
        rate,
        bytes_per_second,
    }) = format
    else {
        return damaged("there is no format chunk before the data");
    };
    let there = source.size().saturating_sub(at);
    if stated.is_some_and(|size| size > there) {
        source.stops_early()?;
    }
    let stated = stated.map(|size| size.min(there));
    let mut audio = Audio::new(AudioCodec::from_windows(tag));
    let is_whole = !source.is_broken_off();
    let samples = samples.filter(|count| *count > 0 && audio.codec != AudioCodec::Pcm && is_whole);
    let duration_ms = match samples {
        Some(count) => ticks_to_ms(u64::from(count), rate),
        None => ticks_to_ms(stated.unwrap_or(there), bytes_per_second),
    };
    // RFC 2361 §4: in WAV, uncompressed samples of whole numbers are codec 1; browsers list no other.
    audio.codec_string = (tag == 1).then(|| "1".to_owned());
    Ok(Tracks {
        duration_ms,
        audio: Some(audio),
        self_delimiting: stated.is_some(),
        ..Tracks::default()
    })
}

/// A WAVEFORMATEX, as far as it is needed.
struct Format {
    tag: u16,
    rate: u64,
    bytes_per_second: u64,
}

fn format(contents: &[u8]) -> Option<Format> {
    let mut fields = Fields(contents);
    let tag = fields.le16()?;
    fields.skip(2)?;
    let rate = u64::from(fields.le32()?);
    let stated = u64::from(fields.le32()?);
    let block = u64::from(fields.le16()?);
    fields.skip(2)?;
    // The extensible form has the tag of its contents in front of its identifier.
    let tag = match tag {
        0xfffe => fields.skip(8).and_then(|()| fields.le16()).unwrap_or(tag),
        tag => tag,
    };
    // Of samples that are not compressed the rate is a product, which counts more than a number that is read by nobody.
    let is_plain = AudioCodec::from_windows(tag) == AudioCodec::Pcm && block > 0 && rate > 0;
    Some(Format {
        tag,
        rate,
        bytes_per_second: if is_plain { rate * block } else { stated },
    })
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
