//! Chapters in Vorbis comments (Vorbis I §5; RFC 7845 §5.2, RFC 9639 §8.6), which Ogg and FLAC share: `CHAPTER001=00:01:02.500` and
//! `CHAPTER001NAME=…`.

use std::collections::BTreeMap;

use super::MOST_CHAPTERS;
use super::bytes::{Fields, clean_text, seconds_to_ms};

/// Largest block of comments in bytes. One that is longer holds pictures, and is not understood in part.
pub(super) const LARGEST: usize = 1024 * 1024;
/// Most comments that are looked at.
const MOST_COMMENTS: usize = 10_000;

/// Start in milliseconds and title of each chapter; none when the block breaks off.
pub(super) fn chapters(block: &[u8]) -> Vec<(u64, String)> {
    parse(block).unwrap_or_default()
}

fn parse(block: &[u8]) -> Option<Vec<(u64, String)>> {
    let mut fields = Fields(block);
    let vendor = usize::try_from(fields.le32()?).ok()?;
    fields.skip(vendor)?;
    let count = usize::try_from(fields.le32()?).ok()?;
    let mut found = BTreeMap::<u32, (Option<u64>, String)>::new();
    for _ in 0..count.min(MOST_COMMENTS) {
        let length = usize::try_from(fields.le32()?).ok()?;
        let comment = fields.take(length)?;
        let Some((number, is_name, value)) = of_chapter(comment) else {
            continue;
        };
        if found.len() >= MOST_CHAPTERS && !found.contains_key(&number) {
            continue;
        }
        let chapter = found.entry(number).or_default();
        match is_name {
            true => chapter.1 = clean_text(value),
            false => chapter.0 = moment_ms(value),
        }
    }
    let chapters = found.into_values();
    Some(
        chapters
            .filter_map(|(start_ms, title)| Some((start_ms?, title)))
            .collect(),
    )
}

/// The number of the chapter that a comment is about, whether it names it, and its value.
fn of_chapter(comment: &[u8]) -> Option<(u32, bool, &[u8])> {
    let equals = comment.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (comment.get(..equals)?, comment.get(equals + 1..)?);
    let key = std::str::from_utf8(key).ok()?.to_ascii_uppercase();
    let rest = key.strip_prefix("CHAPTER")?;
    let (number, is_name) = match rest.strip_suffix("NAME") {
        Some(number) => (number, true),
        None => (rest, false),
    };
    Some((number.parse().ok()?, is_name, value))
}

/// `hours:minutes:seconds.fraction` in milliseconds.
fn moment_ms(value: &[u8]) -> Option<u64> {
    let mut parts = std::str::from_utf8(value).ok()?.trim().splitn(3, ':');
    let hours: u32 = parts.next()?.parse().ok()?;
    let minutes: u32 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next()?.parse().ok()?;
    let seconds = f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + seconds;
    match seconds {
        0.0 => Some(0),
        seconds => seconds_to_ms(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(comments: &[&str]) -> Vec<u8> {
        let mut bytes = vec![1, 0, 0, 0, b'x'];
        bytes.extend(u32::try_from(comments.len()).unwrap().to_le_bytes());
        for comment in comments {
            bytes.extend(u32::try_from(comment.len()).unwrap().to_le_bytes());
            bytes.extend(comment.as_bytes());
        }
        bytes
    }

    #[test]
    fn a_chapter_is_two_comments_in_any_order() {
        let block = block(&[
            "TITLE=Dag",
            "CHAPTER002NAME=Vragen",
            "CHAPTER001=00:00:00.000",
            "chapter002=01:00:10.500",
            "Chapter001Name=Welkom",
            "CHAPTER003NAME=nergens",
            "CHAPTERS=3",
        ]);
        let expected = [(0, "Welkom".to_owned()), (3_610_500, "Vragen".to_owned())];
        assert_eq!(chapters(&block), expected);
        assert!(chapters(&block[..block.len() - 1]).is_empty());
    }
}
