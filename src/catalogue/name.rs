//! Names that people give: titles, speakers, chapters, links, hand-outs, accounts. In: a text as it came. Out: whether a reader sees
//! anything of it, and the form in which it can stand in a line without turning what stands around it.

use std::borrow::Cow;

use finl_unicode::categories::{CharacterCategories, MajorCategory, MinorCategory};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A text in the one spelling in which names are kept and compared, NFC (Unicode Standard Annex #15): macOS writes `é` as two
/// characters, and other systems as one.
pub fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect()),
    }
}

/// The spelling of a name that macOS writes (NFD).
pub fn decomposed(text: &str) -> String {
    text.nfd().collect()
}

/// Whether two names are the same, however they are spelt.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || composed(one) == composed(other)
}

/// Whether a reader sees anything: a text of spaces, invisible characters or accents alone is no name.
pub fn is_visible(text: &str) -> bool {
    text.chars().any(is_seen)
}

/// Whether a character shows something by itself.
fn is_seen(c: char) -> bool {
    let is_filler = matches!(c,
        // Letters and signs that are drawn as nothing: Hangul fillers, the empty braille pattern, the null notehead, and the place of
        // an object that is not there.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{1d159}' | '\u{fffc}'
        // Unassigned, and never drawn (Default_Ignorable_Code_Point), and noncharacters.
        | '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe;
    let is_unseen = matches!(c.get_major_category(), MajorCategory::M | MajorCategory::Z)
        || matches!(
            c.get_minor_category(),
            MinorCategory::Cc | MinorCategory::Cf
        );
    !is_filler && !is_unseen && !c.is_whitespace()
}

/// Whether a text may turn the direction of what stands around it: it holds a mark of direction, or a letter of a script that is
/// written from right to left (Unicode Standard Annex #9).
fn has_direction(text: &str) -> bool {
    text.chars().any(|c| {
        is_embedding(c)
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{590}'..='\u{8ff}'
                | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// The marks that open or close an embedding, an override or an isolate.
fn is_embedding(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text without the marks that reach beyond it, for what other programs draw. Isolates that are closed again stay.
pub fn closed(text: &str) -> Cow<'_, str> {
    match is_closed(text) {
        true => Cow::Borrowed(text),
        false => of_file(text),
    }
}

/// Whether each mark of direction is an isolate that ends within the text.
fn is_closed(text: &str) -> bool {
    let depth = text.chars().try_fold(0_u32, |depth, c| match c {
        '\u{2066}'..='\u{2068}' => depth.checked_add(1),
        '\u{2069}' => depth.checked_sub(1),
        '\u{202a}'..='\u{202e}' => None,
        _ => Some(depth),
    });
    depth == Some(0)
}

/// The name of a file without any mark of an embedding: an override would show `gpj.exe` as a picture.
pub fn of_file(file: &str) -> Cow<'_, str> {
    match file.contains(is_embedding) {
        true => Cow::Owned(file.replace(is_embedding, "")),
        false => Cow::Borrowed(file),
    }
}

/// A text for the middle of a line where no markup can stand: an attribute, a title or a sentence. When it has a direction of its own
/// it is isolated with U+2068 and U+2069, and whatever it opens ends there (Unicode Standard Annex #9, X6a).
pub fn isolated(text: &str) -> Cow<'_, str> {
    if !has_direction(text) {
        return Cow::Borrowed(text);
    }
    let mut depth = 0_usize;
    let mut isolated = String::with_capacity(text.len() + 6);
    isolated.push('\u{2068}');
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => depth += 1,
            // It would end the isolate around the text.
            '\u{2069}' if depth == 0 => continue,
            '\u{2069}' => depth -= 1,
            _ => {}
        }
        isolated.push(c);
    }
    // One for each isolate that is still open, and one for the text.
    isolated.extend(std::iter::repeat_n('\u{2069}', depth + 1));
    Cow::Owned(isolated)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of every kind of character that shows nothing by itself.
    const NOTHING: &[&str] = &[
        "",
        " ",
        "\u{a0}",
        "\u{3000}",
        "\u{2003}",
        "\u{200b}",
        "\u{200c}\u{200d}",
        "\u{2060}",
        "\u{feff}",
        "\u{ad}",
        "\u{34f}",
        "\u{115f}",
        "\u{1160}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{2800}",
        "\u{fe0f}",
        "\u{e0100}",
        "\u{e0041}",
        "\u{180e}",
        "\u{180b}",
        "\u{202e}",
        "\u{2066}\u{2069}",
        "\u{61c}",
        "\u{17b4}",
        "\u{301}",
        " \u{301}",
        "\u{20dd}",
        "\u{2028}",
        "\u{85}",
        "\u{fff9}",
        "\u{1d173}",
        "\u{ffff}",
        "\u{2065}",
        "\u{fff0}",
        "\u{e0fff}",
    ];

    const SOMETHING: &[&str] = &[
        "a",
        "1",
        "?",
        "-",
        "…",
        "★",
        "🎉",
        "❤\u{fe0f}",
        "é",
        "e\u{301}",
        "שלום",
        "\u{200f}א",
        "한",
        "ᄀ",
        "日",
        "\u{200b}x",
        "\u{2801}",
        "#\u{20e3}",
        "ก็",
    ];

    #[test]
    fn a_name_is_the_same_in_both_spellings() {
        assert_eq!(composed("e\u{301}e\u{301}n"), "één");
        assert_eq!(composed("Één"), "Één");
        assert_eq!(decomposed("één"), "e\u{301}e\u{301}n");
        // Hangul is composed too, and what looks alike stays apart (NFC, not NFKC).
        assert!(is_same("\u{1112}\u{1161}\u{11ab}", "한"));
        assert!(is_same("i\u{308}", "ï") && !is_same("ﬁ", "fi") && !is_same("e", "é"));
    }

    #[test]
    fn what_shows_nothing_is_no_name() {
        for nothing in NOTHING {
            assert!(!is_visible(nothing), "{nothing:?}");
        }
        for something in SOMETHING {
            assert!(is_visible(something), "{something:?}");
        }
    }

    #[test]
    fn a_name_turns_nothing_around_it() {
        for (name, expected) in [
            ("Hooks", "Hooks"),
            ("Één 🎉", "Één 🎉"),
            ("שלום", "\u{2068}שלום\u{2069}"),
            ("a\u{200f}", "\u{2068}a\u{200f}\u{2069}"),
            ("a\u{202e}gpj", "\u{2068}a\u{202e}gpj\u{2069}"),
            ("\u{2069}\u{2067}x", "\u{2068}\u{2067}x\u{2069}\u{2069}"),
            ("a \u{2068}א\u{2069}", "\u{2068}a \u{2068}א\u{2069}\u{2069}"),
        ] {
            assert_eq!(isolated(name), expected);
        }
        assert_eq!(closed("a\u{202e}b"), "ab");
        assert_eq!(of_file("a\u{2067}\u{202e}gpj.exe\u{2069}"), "agpj.exe");
    }
}
