//! Decodes caption bytes: finds the encoding of a caption file, and removes control characters from its text.
//!
//! Subtitle programs on Windows still use a local code page, so a file that is not UTF-8 is normal. Each line end becomes one `\n`,
//! so that line numbers match those of an editor.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::MOST_WARNINGS;

/// The decoded text of a caption file.
pub(super) struct Decoded {
    /// Lines end in `\n`; tab is the only other control character.
    pub text: String,
    /// The WHATWG name of the encoding.
    pub encoding: &'static str,
    /// The lines with a byte that is invalid in this encoding, counted from 1, at most [`MOST_WARNINGS`].
    pub replaced_lines: Vec<usize>,
}

/// Number of bytes that decide whether a file without a byte order mark is UTF-16.
const SAMPLE_BYTES: usize = 4096;

/// Decodes by byte order mark, otherwise UTF-16 by its zero bytes, otherwise UTF-8, otherwise by the frequency of letters.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None => (guess(bytes), bytes),
    };
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    // Programs that join files leave a second byte order mark after the first.
    let text = tidy(text.trim_start_matches('\u{feff}'));
    let replaced_lines = if replaced {
        lines_of_replacement(&text)
    } else {
        Vec::new()
    };
    Decoded {
        text,
        encoding: encoding.name(),
        replaced_lines,
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(utf_16) = utf_16_without_mark(bytes) {
        return utf_16;
    }
    if mostly_utf_8(bytes) {
        return UTF_8;
    }
    // ISO-2022-JP is refused because its escape sequences let one text read as another.
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // The detector gets no hint of a country, because captions are often a translation into another language.
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark. Times, arrows and line ends are ASCII in every language, so about half of the units in a
/// UTF-16 caption file have a zero byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let pairs = sample.chunks_exact(2);
    let units = pairs.len();
    let first = pairs
        .clone()
        .filter(|pair| pair.first() == Some(&0))
        .count();
    let second = pairs.filter(|pair| pair.last() == Some(&0)).count();
    if units < 4 {
        return None;
    }
    if second * 5 > units && first * 10 < second {
        return Some(UTF_16LE);
    }
    if first * 5 > units && second * 10 < first {
        return Some(UTF_16BE);
    }
    None
}

/// Whether a file is UTF-8 with a few invalid bytes, which must not turn all its text into "Ã«". In other encodings valid UTF-8
/// sequences are rare, and those of Latin letters and quotation marks hardly happen, so that as many of these are enough.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let is_latin = |c: char| matches!(c, '\u{c0}'..='\u{17f}' | '\u{2010}'..='\u{2026}');
    let (mut sequences, mut latin, mut invalid) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars().filter(|c| !c.is_ascii()) {
            sequences += 1;
            latin += usize::from(is_latin(character));
        }
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    invalid == 0 || sequences > invalid * 4 || latin >= invalid
}

/// Replaces every line end by `\n` and removes control characters; marks of writing direction stay.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                tidy.push('\n');
            }
            '\n' | '\t' => tidy.push(character),
            _ if character.is_control() => {}
            _ => tidy.push(character),
        }
    }
    tidy
}

fn lines_of_replacement(text: &str) -> Vec<usize> {
    (1..)
        .zip(text.split('\n'))
        .filter(|(_, line)| line.contains(char::REPLACEMENT_CHARACTER))
        .map(|(number, _)| number)
        .take(MOST_WARNINGS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_empty_units_tell_utf_16_and_which_half_tells_which() {
        // Of a hundred units, `first` have an empty first half and `second` an empty second half.
        let units = |first: usize, second: usize| {
            let unit = |number: usize| match number {
                _ if number < first => [0, b'a'],
                _ if number < first + second => [b'a', 0],
                _ => [b'a', b'a'],
            };
            (0..100).flat_map(unit).collect::<Vec<u8>>()
        };
        for (first, second, expected) in [
            (0, 100, Some(UTF_16LE)),
            (0, 21, Some(UTF_16LE)),
            (0, 20, None),
            (5, 51, Some(UTF_16LE)),
            (5, 50, None),
            (100, 0, Some(UTF_16BE)),
            (21, 0, Some(UTF_16BE)),
            (20, 0, None),
            (51, 5, Some(UTF_16BE)),
            (50, 5, None),
            (0, 0, None),
        ] {
            let found = utf_16_without_mark(&units(first, second));
            assert_eq!(found, expected, "{first} and {second}");
        }
        // Three units are too few to decide.
        assert_eq!(utf_16_without_mark(b"1\x002\x003\0"), None);
        let four = utf_16_without_mark(b"1\x002\x003\x004\0");
        assert_eq!(four, Some(UTF_16LE));
    }

    #[test]
    fn a_few_invalid_bytes_do_not_make_another_encoding_of_utf_8() {
        for (letter, sequences, invalid, expected) in [
            ("é", 0, 0, true),
            ("é", 0, 1, false),
            ("é", 1, 1, true),
            ("”", 3, 3, true),
            ("é", 1, 2, false),
            ("ж", 4, 1, false),
            ("ж", 5, 1, true),
            ("ж", 8, 2, false),
            ("ж", 9, 2, true),
        ] {
            let mut bytes = letter.repeat(sequences).into_bytes();
            bytes.extend(b"a\xff".repeat(invalid));
            assert_eq!(
                mostly_utf_8(&bytes),
                expected,
                "{letter} {sequences} and {invalid}"
            );
        }
    }
}
