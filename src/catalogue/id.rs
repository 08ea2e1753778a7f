//! Public names: ids, versions and slugs. In: random bytes, hashes and titles. Out: strings that are safe in an address, a file
//! name and a mail.

use std::fmt;

use super::name::composed;
use super::query::sql_word;
use crate::error::{Error, Result};

/// Crockford's base 32: without i, l, o and u, so that it can be read aloud and rarely forms words.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The longest slug in bytes; a longer title is cut at a word.
const SLUG_LENGTH: usize = 80;

/// The public id of a recording: 10 characters, 50 random bits, so it cannot be guessed and does not reveal how many recordings
/// there are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PublicId(String);

impl PublicId {
    /// A random id. The caller checks with `address` that it was never given out.
    ///
    /// Errors when the system has no random bytes.
    pub fn random() -> Result<Self> {
        random::<10>().map(Self)
    }

    /// Parses the exact form of a public id; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        is_base32(text, 10).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

sql_word!(PublicId);

/// `LENGTH` random characters of the alphabet, five bits each.
///
/// Errors when the system has no random bytes.
pub fn random<const LENGTH: usize>() -> Result<String> {
    let mut bytes = [0u8; LENGTH];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    // 256 is a multiple of 32, so the low five bits of each byte are uniformly distributed.
    Ok(bytes.iter().map(|byte| letter(*byte)).collect())
}

/// 12 base-32 characters (60 bits) of a hash: the part of a media address that changes with the bytes.
pub fn version_of(hash: &blake3::Hash) -> String {
    // Takes five bits at a time from the left, as in RFC 4648 §6 with another alphabet.
    let bits = hash
        .as_bytes()
        .iter()
        .take(8)
        .fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
    (0..12u32)
        .map(|index| letter((bits >> (59 - 5 * index)).to_le_bytes()[0]))
        .collect()
}

/// Whether `text` has the form of a version; other text never reaches the database or the disk.
pub fn is_version(text: &str) -> bool {
    is_base32(text, 12)
}

/// Whether `text` consists of `length` characters of the alphabet.
pub(super) fn is_base32(text: &str, length: usize) -> bool {
    text.len() == length && text.chars().all(is_letter)
}

/// Whether a character is in the alphabet of public ids.
pub fn is_letter(character: char) -> bool {
    u8::try_from(character).is_ok_and(|byte| ALPHABET.contains(&byte))
}

fn letter(byte: u8) -> char {
    char::from(ALPHABET[usize::from(byte & 31)])
}

/// A slug of lower-case ASCII letters, digits and single hyphens; empty when nothing of `title` can be written that way.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for character in composed(title).chars().flat_map(char::to_lowercase) {
        match plain(character) {
            Some(letters) => slug.push_str(letters.as_str()),
            None if !slug.ends_with('-') && !slug.is_empty() => slug.push('-'),
            None => {}
        }
        if slug.len() >= SLUG_LENGTH {
            slug.truncate(SLUG_LENGTH);
            let word_end = slug.rfind('-').filter(|at| *at > SLUG_LENGTH / 2);
            slug.truncate(word_end.unwrap_or(slug.len()));
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// `character` in ASCII letters, without the accents of common European languages; `None` when there are none for it.
fn plain(character: char) -> Option<String> {
    let folded = match character {
        'a'..='z' | '0'..='9' => return Some(character.to_string()),
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ä' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'į' => "i",
        'ĳ' => "ij",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // Apostrophes are dropped, so that "risico's" becomes "risicos".
        '\'' | '’' | '‘' => "",
        _ => return None,
    };
    Some(folded.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_words() {
        for (title, expected) in [
            ("Waarom online jongerenwerk?", "waarom-online-jongerenwerk"),
            (
                "De risico's van online werken",
                "de-risicos-van-online-werken",
            ),
            ("  Één & ander – 2021  ", "een-ander-2021"),
            ("日本語", ""),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
        assert!(slug(&"woord ".repeat(100)).len() <= SLUG_LENGTH);
    }

    #[test]
    fn a_public_id_is_ten_crockford_characters() {
        let id = PublicId::random().unwrap();
        assert_eq!(PublicId::parse(id.as_str()), Some(id));
        for wrong in [
            "",
            "abc",
            "0123456789a",
            "012345678i",
            "012345678U",
            "0123 56789",
        ] {
            assert_eq!(PublicId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_version_is_twelve_characters_of_the_hash() {
        let one = version_of(&blake3::hash(b"one"));
        assert!(is_version(&one));
        assert_ne!(one, version_of(&blake3::hash(b"two")));
    }
}
