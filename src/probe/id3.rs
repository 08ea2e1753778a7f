//! Tags in front of a sound: ID3v2 with its chapters (ID3v2 Chapter Frame Addendum), APE, and zeros that fill up.

use std::io::Cursor;

use super::bytes::{Fields, clean_text};
use super::source::Source;
use super::{MOST_CHAPTERS, Result, Unreadable};

/// Most tags in front of a sound; programs that do not find one that is there put another before it.
const MOST_TAGS: usize = 16;
/// Most zeros between tags and sound.
const MOST_ZEROS: u64 = 4 * 1024 * 1024;
/// Most frames of one tag; each chapter is one.
const MOST_FRAMES: usize = 4096;
/// Longest title in bytes.
const LONGEST_TITLE: usize = 2048;
/// Largest tag that is read at once, because escapes are spread over it.
const LARGEST_ESCAPED: usize = 1024 * 1024;
/// Bytes that are searched at once.
const STEP: usize = 64 * 1024;
/// Length of a header, of a tag as of a frame.
const HEADER: u64 = 10;

/// A tag: its version, its flags, and where its frames begin and end.
struct Tag {
    version: u8,
    flags: u8,
    body: u64,
    end: u64,
    after: u64,
}

/// Where the sound begins: behind all tags, and behind zeros.
///
/// # Errors
/// `Incomplete` when a tag is longer than the file.
pub(super) fn start_of_sound(source: &mut Source) -> Result<u64> {
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        at = match tag(source, at)? {
            Some(tag) => tag.after,
            None => match ape_length(source, at)? {
                Some(length) => at + length,
                None => match zeros(source, at)? {
                    0 => return Ok(at),
                    count => at + count,
                },
            },
        };
        if at >= source.size() {
            return Err(Unreadable::Incomplete);
        }
    }
    Ok(at)
}

/// The tag at `at`: ten bytes, the last four of which hold the length in groups of seven bits, its frames, and perhaps a footer
/// (ID3v2.4 §3.1).
fn tag(source: &mut Source, at: u64) -> Result<Option<Tag>> {
    let &[b'I', b'D', b'3', version, _, flags, a, b, c, d] = source.up_to(at, 10)? else {
        return Ok(None);
    };
    let body = at + HEADER;
    let end = body + seven_bits([a, b, c, d]);
    Ok(Some(Tag {
        version,
        flags,
        body,
        end,
        after: end + if flags & 0x10 != 0 { HEADER } else { 0 },
    }))
}

/// Length of the tag at `at`, which may stand anywhere in a stream.
pub(super) fn length(source: &mut Source, at: u64) -> Result<Option<u64>> {
    if let Some(tag) = tag(source, at)? {
        return Ok(Some(tag.after - at));
    }
    if source.up_to(at, 3)? == b"TAG" {
        return Ok(Some(128));
    }
    ape_length(source, at)
}

/// Length of an APE tag that begins with its header: it states the length without that header, least significant byte first.
fn ape_length(source: &mut Source, at: u64) -> Result<Option<u64>> {
    let mut fields = Fields(source.up_to(at, 32)?);
    if fields.take(8) != Some(b"APETAGEX") {
        return Ok(None);
    }
    Ok(fields
        .skip(4)
        .and_then(|()| fields.le32())
        .map(|length| u64::from(length) + 32))
}

fn zeros(source: &mut Source, at: u64) -> Result<u64> {
    let mut count = 0;
    while count < MOST_ZEROS {
        let bytes = source.up_to(at + count, STEP)?;
        let here = bytes.iter().take_while(|byte| **byte == 0).count();
        count += u64::try_from(here).unwrap_or(0);
        if here < STEP {
            break;
        }
    }
    Ok(count)
}

fn seven_bits(bytes: [u8; 4]) -> u64 {
    bytes
        .iter()
        .fold(0, |length, byte| length << 7 | u64::from(byte & 0x7f))
}

/// Start in milliseconds and title of the chapters in the tags before `sound`. Unreadable ones are left out.
///
/// # Errors
/// Only when the disk fails.
pub(super) fn chapters(source: &mut Source, sound: u64) -> Result<Vec<(u64, String)>> {
    match all_chapters(source, sound) {
        Err(error @ Unreadable::Io(_)) => Err(error),
        found => Ok(found.unwrap_or_default()),
    }
}

fn all_chapters(source: &mut Source, sound: u64) -> Result<Vec<(u64, String)>> {
    let mut at = 0;
    while at < sound {
        let Some(tag) = tag(source, at)? else {
            break;
        };
        let found = of_tag(source, &tag)?;
        if !found.is_empty() {
            return Ok(found);
        }
        at = tag.after;
    }
    Ok(Vec::new())
}

fn of_tag(source: &mut Source, tag: &Tag) -> Result<Vec<(u64, String)>> {
    if tag.version < 3 {
        return Ok(Vec::new());
    }
    // ID3v2.3 §5: with this flag a zero after each 0xff is no part of the frames.
    if tag.flags & 0x80 != 0 && tag.version == 3 {
        let length = usize::try_from(tag.end - tag.body).unwrap_or(usize::MAX);
        let plain = without_escapes(source.bytes(tag.body, length.min(LARGEST_ESCAPED))?);
        let end = u64::try_from(plain.len()).unwrap_or(0);
        return in_frames(&mut Source::new(Cursor::new(plain), end), tag, 0, end);
    }
    in_frames(source, tag, tag.body, tag.end)
}

fn in_frames(source: &mut Source, tag: &Tag, body: u64, end: u64) -> Result<Vec<(u64, String)>> {
    let mut at = body;
    if tag.flags & 0x40 != 0 {
        // ID3v2.3 §3.2 counts the length of this header without its own four bytes, ID3v2.4 §3.2 with them.
        let length = source
            .bytes(at, 4)?
            .first_chunk()
            .copied()
            .unwrap_or_default();
        at += match tag.version {
            3 => 4 + u64::from(u32::from_be_bytes(length)),
            _ => seven_bits(length),
        };
    }
    let mut found = Vec::new();
    for (kind, from, to) in frames(source, tag.version, at, end)? {
        if &kind == b"CHAP" && found.len() < MOST_CHAPTERS {
            found.extend(chapter(source, tag.version, from, to)?);
        }
    }
    Ok(found)
}

/// The frames between two positions: type, and where their contents begin and end.
fn frames(
    source: &mut Source,
    version: u8,
    mut at: u64,
    end: u64,
) -> Result<Vec<([u8; 4], u64, u64)>> {
    let mut found = Vec::new();
    while at + HEADER <= end && found.len() < MOST_FRAMES {
        let mut fields = Fields(source.up_to(at, 10)?);
        let (Some(kind), Some(length)) = (fields.array::<4>(), fields.array::<4>()) else {
            break;
        };
        let length = match version {
            3 => u64::from(u32::from_be_bytes(length)),
            _ => seven_bits(length),
        };
        let (from, to) = (at + HEADER, at + HEADER + length);
        // Zeros fill up the tag.
        if kind[0] == 0 || to > end {
            break;
        }
        found.push((kind, from, to));
        at = to;
    }
    Ok(found)
}

/// A chapter: its name for programs, when it begins and ends in milliseconds and in bytes, and frames that describe it.
fn chapter(source: &mut Source, version: u8, from: u64, to: u64) -> Result<Option<(u64, String)>> {
    let head = source.between(from, to, 256)?;
    let Some(name) = head.iter().position(|byte| *byte == 0) else {
        return Ok(None);
    };
    let mut fields = Fields(&head[name + 1..]);
    let Some(start_ms) = fields.be32().filter(|ms| *ms != u32::MAX) else {
        return Ok(None);
    };
    let inside = from + u64::try_from(name).unwrap_or(0) + 17;
    for (kind, from, to) in frames(source, version, inside, to)? {
        if &kind == b"TIT2" {
            let title = text(source.between(from, to, LONGEST_TITLE)?);
            return Ok(Some((u64::from(start_ms), title)));
        }
    }
    Ok(None)
}

/// A text: one byte for its encoding, and the letters (ID3v2.4 §4).
fn text(contents: &[u8]) -> String {
    let Some((encoding, letters)) = contents.split_first() else {
        return String::new();
    };
    let wide = |to_unit: fn([u8; 2]) -> u16, letters: &[u8]| -> String {
        let units = letters
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok().map(to_unit));
        let units = units.take_while(|unit| *unit != 0);
        char::decode_utf16(units).filter_map(Result::ok).collect()
    };
    let text = match (encoding, letters) {
        (0, _) => letters.iter().map(|byte| char::from(*byte)).collect(),
        (1, [0xff, 0xfe, letters @ ..]) => wide(u16::from_le_bytes, letters),
        (1, [0xfe, 0xff, letters @ ..]) => wide(u16::from_be_bytes, letters),
        (2, _) => wide(u16::from_be_bytes, letters),
        _ => String::from_utf8_lossy(letters).into_owned(),
    };
    clean_text(text.split('\0').next().unwrap_or_default().as_bytes())
}

fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut before = 0;
    for byte in bytes {
        if !(before == 0xff && *byte == 0) {
            plain.push(*byte);
        }
        before = *byte;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_in_four_alphabets() {
        assert_eq!(text(b"\0caf\xe9\0"), "café");
        assert_eq!(text(b"\x01\xff\xfeh\0i\0\0\0"), "hi");
        assert_eq!(text(b"\x02\0h\0i"), "hi");
        assert_eq!(text("\u{3}één".as_bytes()), "één");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn escapes_are_taken_out() {
        assert_eq!(
            without_escapes(&[0xff, 0, 0xe0, 0, 0xff]),
            [0xff, 0xe0, 0, 0xff]
        );
    }
}
