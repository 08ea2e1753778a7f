//! Reads Audio Video Interleave: the header list at the beginning describes each stream.

use super::bytes::{Fields, length_ms};
use super::codecs::{Audio, Video, VideoCodec};
use super::source::Source;
use super::{Result, Tracks, Unreadable, damaged, wav};

/// Largest header list in bytes, including room for an index; real ones have some ten kilobytes.
const LONGEST_HEADER: usize = 256 * 1024;

/// A stream with its format and duration.
#[derive(Default)]
struct Stream {
    kind: [u8; 4],
    duration_ms: Option<u64>,
    format: Vec<u8>,
}

/// Reads a file that begins with RIFF and AVI.
///
/// # Errors
/// `Incomplete` when RIFF promises more than is there, `Damaged` without a header list.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let size = source.size();
    let head = source.up_to(0, LONGEST_HEADER)?;
    let mut fields = Fields(head);
    let stated = fields
        .skip(4)
        .and_then(|()| fields.le32())
        .filter(|size| *size > 0)
        .map(u64::from);
    if stated.is_some_and(|stated| stated.saturating_add(8) > size) {
        return Err(Unreadable::Incomplete);
    }
    fields.skip(4);
    let Some((_, list)) =
        chunks(fields.0).find(|(name, list)| name == b"LIST" && list.starts_with(b"hdrl"))
    else {
        return damaged("there is no header list");
    };
    let streams: Vec<Stream> = chunks(&list[4..])
        .filter(|(name, list)| name == b"LIST" && list.starts_with(b"strl"))
        .map(|(_, list)| stream(&list[4..]))
        .collect();
    Ok(Tracks {
        duration_ms: streams.iter().filter_map(|stream| stream.duration_ms).max(),
        video: streams
            .iter()
            .filter(|stream| &stream.kind == b"vids")
            .find_map(|stream| picture(&stream.format)),
        audio: streams
            .iter()
            .filter(|stream| &stream.kind == b"auds")
            .find_map(|stream| sound(&stream.format)),
        // A file over 1 GiB consists of several RIFF chunks, and the first states only its own size.
        self_delimiting: stated.is_some_and(|stated| stated.saturating_add(10) >= size),
        ..Tracks::default()
    })
}

/// The chunks in `bytes`: four letters, a length, and contents padded to an even length. An incomplete one is left out.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut fields = Fields(bytes);
    std::iter::from_fn(move || {
        let name = fields.array()?;
        let length = usize::try_from(fields.le32()?).ok()?;
        let contents = fields.take(length)?;
        fields.skip(length % 2);
        Some((name, contents))
    })
}

fn stream(list: &[u8]) -> Stream {
    let mut stream = Stream::default();
    for (name, contents) in chunks(list) {
        match &name {
            b"strh" => {
                stream.kind = contents.first_chunk().copied().unwrap_or_default();
                stream.duration_ms = duration_ms(contents);
            }
            b"strf" => stream.format = contents.to_vec(),
            _ => {}
        }
    }
    stream
}

/// Duration in an AVISTREAMHEADER: `length` units, `rate / scale` of them per second.
fn duration_ms(header: &[u8]) -> Option<u64> {
    let mut fields = Fields(header);
    fields.skip(20)?;
    let (scale, rate) = (fields.le32()?, fields.le32()?);
    fields.skip(4)?;
    let length = fields.le32()?;
    length_ms(u64::from(length) * u64::from(scale), u64::from(rate))
}

/// Picture in a BITMAPINFOHEADER; a negative height means that it is stored from top to bottom.
pub(super) fn picture(format: &[u8]) -> Option<Video> {
    let mut fields = Fields(format);
    fields.skip(4)?;
    let width = fields.le32()?;
    let height = fields.array().map(i32::from_le_bytes)?.unsigned_abs();
    fields.skip(4)?;
    Some(Video::plain(
        VideoCodec::from_windows(fields.array()?),
        width,
        height,
    ))
}

/// Sound in a WAVEFORMATEX, as in WAV.
pub(super) fn sound(format: &[u8]) -> Option<Audio> {
    wav::format(format).map(|(codec, _)| Audio::new(codec))
}
