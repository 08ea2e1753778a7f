//! Reads Flash Video: a sequence of tags, the first of which usually is a script with duration and size.

use super::bytes::{Fields, seconds_to_ms};
use super::codec_strings::{aac_object_type, from_avc_record};
use super::codecs::{Audio, AudioCodec, Video, VideoCodec};
use super::source::Source;
use super::{Result, Tracks, Unreadable};

/// Bytes that contain the first tags.
const HEAD: usize = 64 * 1024;
/// Most tags that are read to find picture and sound.
const MOST_TAGS: usize = 64;

/// The values in the script `onMetaData`.
#[derive(Debug, Default, PartialEq)]
struct Note {
    duration_ms: Option<u64>,
    width: u32,
    height: u32,
}

/// Reads a file that begins with FLV.
///
/// # Errors
/// `Incomplete` when it stops before its first tag.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let head = source.up_to(0, HEAD)?;
    let mut fields = Fields(head);
    let start = fields
        .skip(5)
        .and_then(|()| fields.be32())
        .and_then(|length| usize::try_from(length).ok());
    let mut tags = Fields(
        start
            .and_then(|start| head.get(start..))
            .unwrap_or_default(),
    );
    let (mut note, mut video, mut audio) = (Note::default(), None, None);
    let mut read = 0;
    while read < MOST_TAGS
        && let Some((kind, contents)) = tag(&mut tags)
    {
        match kind {
            8 => audio = audio.or_else(|| sound(contents)),
            9 => video = video.or_else(|| picture(contents)),
            18 => note = self::note(contents),
            _ => {}
        }
        read += 1;
    }
    if read == 0 {
        return Err(Unreadable::Incomplete);
    }
    let duration_ms = match note.duration_ms {
        Some(ms) => Some(ms),
        None => last_timestamp(source)?,
    };
    Ok(Tracks {
        duration_ms,
        video: video.map(|video| video.sized(note.width, note.height)),
        audio,
        ..Tracks::default()
    })
}

/// Reads a tag: the length of the tag before, then its own type, length and time, then its contents.
fn tag<'a>(fields: &mut Fields<'a>) -> Option<(u8, &'a [u8])> {
    fields.skip(4)?;
    let kind = fields.u8()? & 0x1f;
    let length = usize::try_from(fields.be24()?).ok()?;
    fields.skip(7)?;
    Some((kind, fields.take(length)?))
}

fn sound(contents: &[u8]) -> Option<Audio> {
    let first = *contents.first()?;
    let codec = match first >> 4 {
        0 | 3 => AudioCodec::Pcm,
        2 | 14 => AudioCodec::Mp3,
        10 => AudioCodec::Aac(aac_object_type(contents.get(2..)?)),
        number => AudioCodec::Other(format!("flv-{number}")),
    };
    Some(Audio::new(codec))
}

fn picture(contents: &[u8]) -> Option<Video> {
    let name = match contents.first()? & 0x0f {
        7 => return Some(from_avc_record("avc1", contents.get(5..)?)),
        2 => "flv1".to_owned(),
        number => format!("flv-{number}"),
    };
    Some(Video::plain(VideoCodec::Other(name), 0, 0))
}

/// The numbers in `onMetaData`: a string, then pairs of a name and a value (AMF 0). The wanted names are searched for, so that
/// nested values need not be parsed.
fn note(contents: &[u8]) -> Note {
    let value = |name: &[u8]| {
        let at = contents
            .windows(name.len())
            .position(|window| window == name)?;
        let mut fields = Fields(contents.get(at + name.len()..)?);
        // AMF 0 §2.2: type 0 is a number of eight bytes.
        if fields.u8()? != 0 {
            return None;
        }
        fields.array().map(f64::from_be_bytes)
    };
    // `seconds_to_ms` is used here to convert a number of pixels to an integer.
    let side = |name| {
        value(name)
            .and_then(|pixels| seconds_to_ms(pixels / 1000.0))
            .and_then(|side| u32::try_from(side).ok())
            .unwrap_or(0)
    };
    Note {
        duration_ms: value(b"\0\x08duration").and_then(seconds_to_ms),
        width: side(b"\0\x05width"),
        height: side(b"\0\x06height"),
    }
}

/// The time of the last tag in milliseconds; the file ends with the length of that tag.
fn last_timestamp(source: &mut Source) -> Result<Option<u64>> {
    let end = source.size().saturating_sub(4);
    let length = Fields(source.up_to(end, 4)?).be32().map_or(0, u64::from);
    let Some(at) = end.checked_sub(length).filter(|_| length > 0) else {
        return Ok(None);
    };
    let mut fields = Fields(source.up_to(at, 8)?);
    let time = fields
        .skip(4)
        .and_then(|()| Some((fields.be24()?, fields.u8()?)));
    Ok(time
        .map(|(low, high)| u64::from(high) << 24 | u64::from(low))
        .filter(|ms| *ms > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_tells_length_and_size() {
        let mut contents = b"\x02\0\x0aonMetaData\x08\0\0\0\x02\0\x08duration\0".to_vec();
        contents.extend(1.5_f64.to_be_bytes());
        contents.extend(b"\0\x05width\0");
        contents.extend(320_f64.to_be_bytes());
        assert_eq!(
            note(&contents),
            Note {
                duration_ms: Some(1500),
                width: 320,
                height: 0
            }
        );
        assert_eq!(note(&contents[..20]), Note::default());
    }
}
