//! Reads a file name. In: a name. Out: the kind of file, the stem it shares with its companions, and the number and title that a
//! coordinator put into it.

use std::collections::BTreeSet;

use crate::catalogue::caption::CaptionKind;
pub use crate::catalogue::language::tag as language;
use crate::catalogue::name::{composed, is_visible};
use crate::probe::Container;

const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp"];

const CAPTIONS: &[&str] = &["vtt", "srt"];

/// The kind of file that its ending suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Media,
    Caption,
    Picture,
    Sidecar,
    Other,
}

/// Splits a name into the part before its last dot and the kind that the ending suggests.
pub fn kind(name: &str) -> (&str, FileKind) {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return (name, FileKind::Other);
    };
    let ending = ending.to_lowercase();
    let kind = match ending.as_str() {
        "toml" => FileKind::Sidecar,
        ending if Container::all_endings().any(|one| one == ending) => FileKind::Media,
        ending if PICTURES.contains(&ending) => FileKind::Picture,
        ending if CAPTIONS.contains(&ending) => FileKind::Caption,
        _ => FileKind::Other,
    };
    (stem, kind)
}

/// The endings of media files as a value for the `accept` attribute of `<input>`.
pub fn accept_media() -> String {
    let endings: BTreeSet<&str> = Container::all_endings().collect();
    endings
        .iter()
        .fold("video/*,audio/*".to_owned(), |accept, ending| {
            accept + ",." + ending
        })
}

/// The ending for a media file of this container: the ending it arrived with when that fits, otherwise the first in the table.
pub fn media_ending(container: Container, came_as: &str) -> String {
    let endings = container.endings();
    let came = came_as
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    came.filter(|ending| endings.contains(&ending.as_str()))
        .unwrap_or_else(|| endings[0].to_owned())
}

/// What the name of a caption file says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionName {
    /// `None`: that of the recording.
    pub language: Option<String>,
    pub kind: Option<CaptionKind>,
}

/// Reads the words between stem and ending of a caption file: a language, and behind it what kind the captions are; a kind alone is in the
/// language of the recording. `None` for other words.
pub fn captions(words: &str) -> Option<CaptionName> {
    let (words, kind) = kind_of_captions(words);
    let language = match words {
        "" => None,
        // ISO 639-2: undetermined.
        words if words.eq_ignore_ascii_case("und") => None,
        words => Some(language(words)?),
    };
    Some(CaptionName { language, kind })
}

/// The words before those that say a kind, and the last kind they say. Alone, `hi` is Hindi.
fn kind_of_captions(words: &str) -> (&str, Option<CaptionKind>) {
    let (mut rest, mut found) = (words, None);
    loop {
        let at = rest.rfind(['.', '-', '_', ' ']);
        let (before, word) = at.map_or(("", rest), |at| (&rest[..at], &rest[at + 1..]));
        let kind = CaptionKind::parse(&word.to_ascii_lowercase());
        match kind {
            Some(CaptionKind::Hi) if at.is_none() => return (rest, found),
            // However it is called besides, what is forced is not all.
            Some(kind) => found = found.max(Some(kind)),
            None => return (rest, found),
        }
        rest = before;
    }
}

/// Whether a name ends in a language that is usually spelled otherwise, such as `x.dut.vtt`.
pub fn is_other_spelling(name: &str) -> bool {
    let (before_ending, kind) = kind(name);
    let (before_kind, _) = kind_of_captions(before_ending);
    let words = before_kind.rsplit('.').next().unwrap_or_default();
    kind == FileKind::Caption && language(words).is_some_and(|tag| !tag.eq_ignore_ascii_case(words))
}

/// The number at the beginning of a stem, `07` in `07-visie-op-online-werken`; `None` when the stem has none. A year is no number:
/// `2021-terugblik` begins with a date.
pub fn number(stem: &str) -> Option<i64> {
    let digits: String = stem.chars().take_while(char::is_ascii_digit).collect();
    let rest = &stem[digits.len()..];
    let ends_well = rest.is_empty() || rest.starts_with(['-', '_', ' ', '.', ')']);
    if digits.is_empty() || digits.len() > 3 || !ends_well {
        return None;
    }
    digits.parse().ok()
}

/// The title of a file whose name shows nothing.
const NAMELESS: &str = "?";

/// A title made from a stem: its number is dropped, hyphens and underscores become spaces, and the first letter is a capital.
pub fn title(stem: &str) -> String {
    let stem = &*composed(stem);
    let without_number = match number(stem) {
        Some(_) => stem
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start_matches(['-', '_', ' ', '.', ')']),
        None => stem,
    };
    let words = without_number
        .split(['-', '_', ' '])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let words: String = words.chars().filter(|c| !c.is_control()).collect();
    let mut letters = words.chars();
    match letters.next() {
        Some(first) if is_visible(&words) => {
            first.to_uppercase().chain(letters).take(500).collect()
        }
        // The stem holds only a number or nothing readable, and showing it is better than no title.
        _ if is_visible(stem) => stem.chars().filter(|c| !c.is_control()).take(500).collect(),
        _ => NAMELESS.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_number_and_title() {
        for (stem, expected_number, expected_title) in [
            (
                "07-visie-op-online-werken",
                Some(7),
                "Visie op online werken",
            ),
            ("3_De risico's", Some(3), "De risico's"),
            ("12", Some(12), "12"),
            ("2021-terugblik", None, "2021 terugblik"),
            ("3d-printen", None, "3d printen"),
            ("één", None, "Één"),
            ("03-e\u{301}e\u{301}n", Some(3), "Één"),
            ("001 - Opening", Some(1), "Opening"),
        ] {
            assert_eq!(number(stem), expected_number, "{stem}");
            assert_eq!(title(stem), expected_title, "{stem}");
        }
    }

    #[test]
    fn the_name_of_captions_says_their_language_and_kind() {
        use CaptionKind::{Cc, Forced, Hi, Sdh};
        for (words, language, kind) in [
            ("", None, None),
            ("nl", Some("nl"), None),
            ("dut.SDH", Some("nl"), Some(Sdh)),
            ("pt_BR.cc", Some("pt-br"), Some(Cc)),
            ("fr.forced", Some("fr"), Some(Forced)),
            ("fr.forced.sdh", Some("fr"), Some(Forced)),
            ("en-forced", Some("en"), Some(Forced)),
            ("eng_hi", Some("en"), Some(Hi)),
            ("hi", Some("hi"), None),
            ("hi.cc", Some("hi"), Some(Cc)),
            ("cc", None, Some(Cc)),
            ("Sdh", None, Some(Sdh)),
            ("forced", None, Some(Forced)),
            ("und", None, None),
        ] {
            let said = captions(words).unwrap();
            assert_eq!(
                (said.language.as_deref(), said.kind),
                (language, kind),
                "{words}"
            );
        }
        for words in [
            "xx",
            "xx.cc",
            "foo.bar",
            "nl.kladversie",
            "zxx",
            ".nl",
            "cc.klad",
        ] {
            assert_eq!(captions(words), None, "{words}");
        }
        assert!(is_other_spelling("01-a.dut.sdh.vtt") && !is_other_spelling("01-a.nl.sdh.vtt"));
    }

    #[test]
    fn endings_are_judged_in_any_case() {
        assert_eq!(kind("A.MP4"), ("A", FileKind::Media));
        assert_eq!(kind("a.nl.vtt"), ("a.nl", FileKind::Caption));
        assert_eq!(kind("README"), ("README", FileKind::Other));
    }

    #[test]
    fn whatever_holds_a_recording_counts_as_one() {
        for ending in [
            "mp4", "m4v", "mov", "m4a", "m4b", "f4v", "3gp", "3g2", "webm", "weba", "mkv", "mka",
            "avi", "wmv", "wma", "asf", "mpg", "mpeg", "vob", "ts", "mts", "m2ts", "flv", "mp3",
            "mp2", "aac", "flac", "ogg", "oga", "ogv", "opus", "wav",
        ] {
            let name = format!("a.{ending}");
            assert_eq!(kind(&name), ("a", FileKind::Media), "{ending}");
            assert!(accept_media().split(',').any(|it| it[1..] == *ending));
        }
        assert_eq!(media_ending(Container::Mp4, "boek.m4b"), "m4b");
        assert_eq!(media_ending(Container::WebM, "stem.weba"), "weba");
        assert_eq!(media_ending(Container::Flac, "stem.wav"), "flac");
        assert_eq!(media_ending(Container::Adts, "stem"), "aac");
    }
}
