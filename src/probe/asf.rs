//! Reads Advanced Systems Format, the container of Windows Media: one header object has all needed fields (specification §3).

use super::bytes::{Fields, moment};
use super::source::Source;
use super::{Result, Tracks, Unreadable, avi, damaged};

/// Largest header in bytes; it has a few kilobytes, and more with a cover picture.
const LONGEST_HEADER: usize = 1024 * 1024;
/// The epoch of Windows times, 1 January 1601, in Unix seconds; they count units of 100 ns.
const EPOCH_1601: i64 = -11_644_473_600;

/// File Properties Object, §3.2.
const FILE_PROPERTIES: [u8; 16] = [
    0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65,
];
/// Stream Properties Object, §3.3.
const STREAM_PROPERTIES: [u8; 16] = [
    0x91, 0x07, 0xdc, 0xb7, 0xb7, 0xa9, 0xcf, 0x11, 0x8e, 0xe6, 0x00, 0xc0, 0x0c, 0x20, 0x53, 0x65,
];
/// Stream types, §10.4: those of picture and sound differ in their first four bytes only; these are the others.
const STREAM_TYPE: [u8; 12] = [
    0x4d, 0x5b, 0xcf, 0x11, 0xa8, 0xfd, 0x00, 0x80, 0x5f, 0x5c, 0x44, 0x2b,
];

/// Reads a file that begins with the header object.
///
/// # Errors
/// `Incomplete` when the header or the file is shorter than it says.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let size = source.size();
    let mut fields = Fields(source.bytes(16, 8)?);
    let length = fields.le64().unwrap_or(0);
    if length > size {
        return Err(Unreadable::Incomplete);
    }
    let length = usize::try_from(length)
        .unwrap_or(LONGEST_HEADER)
        .min(LONGEST_HEADER);
    let header = source.up_to(0, length)?;
    let mut found = Tracks::default();
    for (kind, contents) in objects(header.get(30..).unwrap_or_default()) {
        match kind {
            FILE_PROPERTIES => file_properties(contents, size, &mut found)?,
            STREAM_PROPERTIES => stream_properties(contents, &mut found),
            _ => {}
        }
    }
    Ok(found)
}

/// The objects in `bytes` (§2.1): a 16-byte identifier, and a size that includes this header.
fn objects(bytes: &[u8]) -> impl Iterator<Item = ([u8; 16], &[u8])> {
    let mut fields = Fields(bytes);
    std::iter::from_fn(move || {
        let kind = fields.array()?;
        let length = usize::try_from(fields.le64()?.checked_sub(24)?).ok()?;
        Some((kind, fields.take(length)?))
    })
}

/// Reads the file properties (§3.2): size, creation time, duration, and whether it was a broadcast, which knows none of them.
fn file_properties(contents: &[u8], size: u64, found: &mut Tracks) -> Result<()> {
    let Some((stated, created, play, preroll_ms, flags)) = (|| {
        let mut fields = Fields(contents);
        fields.skip(16)?;
        let (stated, created) = (fields.le64()?, fields.le64()?);
        fields.skip(8)?;
        let play = fields.le64()?;
        fields.skip(8)?;
        Some((stated, created, play, fields.le64()?, fields.le32()?))
    })() else {
        return damaged("the file properties are too short");
    };
    if flags & 1 == 1 {
        return Ok(());
    }
    if stated > size {
        return Err(Unreadable::Incomplete);
    }
    // The duration includes the time in which a player fills its buffer.
    found.duration_ms = super::bytes::ticks_to_ms(play, 10_000_000)
        .and_then(|ms| ms.checked_sub(preroll_ms))
        .filter(|ms| *ms > 0);
    found.recorded_at = moment(created / 10_000_000, EPOCH_1601);
    found.self_delimiting = stated > 0;
    Ok(())
}

/// Reads the stream properties (§3.3): the type of a stream, and after 54 bytes its own description.
fn stream_properties(contents: &[u8], found: &mut Tracks) {
    let Some(description) = contents.get(54..) else {
        return;
    };
    match contents {
        // §9.2: width, height and two more fields come before the BITMAPINFOHEADER.
        [0xc0, 0xef, 0x19, 0xbc, rest @ ..] if is_type(rest) && found.video.is_none() => {
            found.video = avi::picture(description.get(11..).unwrap_or_default());
        }
        // §9.1: a WAVEFORMATEX.
        [0x40, 0x9e, 0x69, 0xf8, rest @ ..] if is_type(rest) && found.audio.is_none() => {
            found.audio = avi::sound(description)
        }
        _ => {}
    }
}

fn is_type(rest: &[u8]) -> bool {
    rest.starts_with(&STREAM_TYPE)
}
