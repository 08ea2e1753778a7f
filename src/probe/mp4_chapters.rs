//! Reads chapters of MP4 and QuickTime: a list in the user data (Nero's `chpl`), or a track of titles (QuickTime's `chap`).

use super::bytes::{Fields, clean_text, ticks_to_ms};
use super::mp4_boxes::Mp4Box;
use super::mp4_track::Track;
use super::source::Source;
use super::{MOST_CHAPTERS, Result, Unreadable};

/// Largest list in bytes: 255 entries of at most 264 bytes.
const LONGEST_LIST: usize = 72 * 1024;
/// Largest part of a sample table that is read; entries for more than [`MOST_CHAPTERS`] are ignored.
const LONGEST_TABLE: usize = 16 + MOST_CHAPTERS * 12;
/// Largest title in a track, in bytes; its length field could state 65,535.
const LONGEST_TITLE: usize = 2048;

/// The chapters of the movie: the list when there is one, otherwise the track that picture or sound refer to.
///
/// Chapters are optional: unreadable ones are left out, and only a failing disk is an error.
pub(super) fn read(
    source: &mut Source,
    moov: &Mp4Box,
    tracks: &[Track],
) -> Result<Vec<(u64, String)>> {
    let listed = forgiving(list(source, moov))?;
    if !listed.is_empty() {
        return Ok(listed);
    }
    let mut wanted = tracks.iter().flat_map(|track| &track.chapter_tracks);
    // Apple also refers to a track of pictures, one per chapter; the titles are in the track without a picture.
    let is_titles = |track: &&Track, id| track.id == id && track.video.is_none();
    let titles = wanted.find_map(|id| tracks.iter().find(|track| is_titles(track, *id)));
    titles.map_or(Ok(Vec::new()), |track| forgiving(from_track(source, track)))
}

fn forgiving(chapters: Result<Vec<(u64, String)>>) -> Result<Vec<(u64, String)>> {
    match chapters {
        Err(error @ Unreadable::Io(_)) => Err(error),
        Err(_) => Ok(Vec::new()),
        found => found,
    }
}

fn list(source: &mut Source, moov: &Mp4Box) -> Result<Vec<(u64, String)>> {
    let chpl = moov.contents_of(source, &[b"udta", b"chpl"], LONGEST_LIST)?;
    Ok(entries(chpl).unwrap_or_default())
}

/// Parses the list: version, flags, in version 1 a reserved field, a count of one byte, and per chapter a start in units of 100 ns
/// and a title.
fn entries(contents: &[u8]) -> Option<Vec<(u64, String)>> {
    let mut fields = Fields(contents);
    let version = fields.u8()?;
    fields.skip(if version == 0 { 3 } else { 7 })?;
    let count = fields.u8()?;
    let mut chapters = Vec::new();
    for _ in 0..count {
        let start = fields.be64()?;
        let length = fields.u8()?;
        let title = fields.take(usize::from(length))?;
        chapters.push((ticks_to_ms(start, 10_000_000)?, clean_text(title)));
    }
    Some(chapters)
}

fn from_track(source: &mut Source, track: &Track) -> Result<Vec<(u64, String)>> {
    let starts = starts(&table(source, &track.stbl, b"stts")?);
    let places = places(source, &track.stbl)?;
    let mut chapters = Vec::new();
    for (start, (at, length)) in starts.into_iter().zip(places) {
        let Some(start_ms) = track.clock.at_ms(start) else {
            break;
        };
        let sample = source.up_to(at, length.min(LONGEST_TITLE))?;
        chapters.push((start_ms, title(sample)));
    }
    Ok(chapters)
}

/// Parses a title: a length in two bytes, and text in UTF-8 or, after a byte order mark, UTF-16.
fn title(sample: &[u8]) -> String {
    let mut fields = Fields(sample);
    let length = fields.be16().unwrap_or(0);
    let text = fields.0.get(..usize::from(length)).unwrap_or(fields.0);
    match text {
        [0xfe, 0xff, text @ ..] => {
            let units = text
                .chunks_exact(2)
                .filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
            let letters: String = char::decode_utf16(units).filter_map(Result::ok).collect();
            clean_text(letters.as_bytes())
        }
        text => clean_text(text),
    }
}

/// The contents of a sample table after version and flags; empty when it is missing.
fn table(source: &mut Source, stbl: &Mp4Box, kind: &[u8; 4]) -> Result<Vec<u8>> {
    let contents = stbl.contents_of(source, &[kind], LONGEST_TABLE)?;
    Ok(contents.get(4..).unwrap_or_default().to_vec())
}

/// Start of each sample (`stts`, §8.6.1.2).
fn starts(stts: &[u8]) -> Vec<u64> {
    let mut fields = Fields(stts.get(4..).unwrap_or_default());
    let runs = std::iter::from_fn(|| Some((fields.be32()?, u64::from(fields.be32()?))));
    let lengths = runs.flat_map(|(count, lasts)| (0..count).map(move |_| lasts));
    let starts = lengths.scan(0_u64, |now, lasts| {
        let start = *now;
        *now = start.saturating_add(lasts);
        Some(start)
    });
    starts.take(MOST_CHAPTERS).collect()
}

/// Position and size of each sample (§8.7: `stsz`, `stsc`, `stco` or `co64`).
fn places(source: &mut Source, stbl: &Mp4Box) -> Result<Vec<(u64, usize)>> {
    let sizes = sizes(&table(source, stbl, b"stsz")?);
    let runs = runs(&table(source, stbl, b"stsc")?);
    let narrow = table(source, stbl, b"stco")?;
    let wide = table(source, stbl, b"co64")?;
    let chunks = chunks(&narrow, &wide);
    let mut sizes = sizes.into_iter();
    let mut places = Vec::new();
    for (index, chunk) in chunks.into_iter().enumerate() {
        let mut at = chunk;
        let in_chunk = runs
            .iter()
            .rev()
            .find(|(first, _)| usize::try_from(*first).is_ok_and(|first| first <= index + 1));
        for _ in 0..in_chunk.map_or(1, |(_, count)| *count) {
            let Some(size) = sizes.next() else {
                return Ok(places);
            };
            places.push((at, usize::try_from(size).unwrap_or(usize::MAX)));
            at = at.saturating_add(u64::from(size));
        }
    }
    Ok(places)
}

fn sizes(stsz: &[u8]) -> Vec<u32> {
    let mut fields = Fields(stsz);
    let (Some(same), Some(count)) = (fields.be32(), fields.be32()) else {
        return Vec::new();
    };
    let count = usize::try_from(count)
        .unwrap_or(MOST_CHAPTERS)
        .min(MOST_CHAPTERS);
    if same != 0 {
        return vec![same; count];
    }
    std::iter::from_fn(|| fields.be32()).take(count).collect()
}

/// First chunk (counted from 1) of each run, and samples per chunk.
fn runs(stsc: &[u8]) -> Vec<(u32, u32)> {
    let mut fields = Fields(stsc.get(4..).unwrap_or_default());
    std::iter::from_fn(|| Some((fields.be32()?, fields.be32()?, fields.be32()?)))
        .map(|(first, count, _)| (first, count))
        .take(MOST_CHAPTERS)
        .collect()
}

fn chunks(narrow: &[u8], wide: &[u8]) -> Vec<u64> {
    let mut narrow = Fields(narrow.get(4..).unwrap_or_default());
    let mut wide = Fields(wide.get(4..).unwrap_or_default());
    std::iter::from_fn(|| narrow.be32().map(u64::from).or_else(|| wide.be64()))
        .take(MOST_CHAPTERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_its_chapters() {
        let mut list = vec![1, 0, 0, 0, 0, 0, 0, 0, 1];
        list.extend(25_000_000_u64.to_be_bytes());
        list.extend([3, b'D', b'u', b'o']);
        assert_eq!(entries(&list).unwrap(), [(2500, "Duo".to_owned())]);
        assert_eq!(entries(&list[..list.len() - 1]), None);
    }

    #[test]
    fn titles_come_in_two_alphabets() {
        assert_eq!(title(&[0, 3, b'a', b'b', b'c', 0, 0]), "abc");
        assert_eq!(title(&[0, 6, 0xfe, 0xff, 0, b'h', 0, b'i']), "hi");
        assert_eq!(title(&[]), "");
    }

    #[test]
    fn a_table_that_claims_millions_is_cut() {
        assert_eq!(
            starts(&[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1]).len(),
            MOST_CHAPTERS
        );
        assert_eq!(
            sizes(&[0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff]).len(),
            MOST_CHAPTERS
        );
    }
}
