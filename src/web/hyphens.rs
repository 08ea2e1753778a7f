//! Where a long word of a title may be broken at the end of a line. In: a text. Out: its pieces, between which a style sheet puts a soft
//! hyphen: not every browser hyphenates Dutch by itself, and a character in the text would be copied, read out and searched along.

/// Letters of a word that fits on a line of a card; a longer one may be broken.
const FITTING: usize = 12;

/// Fewest letters of a piece at the begin or the end of a word.
const FEWEST: usize = 4;

/// Consonants that begin a syllable together.
const TOGETHER: [&str; 21] = [
    "ch", "th", "ph", "sh", "bl", "br", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "kl", "kr", "pl",
    "pr", "tr", "vl", "vr", "wr",
];

/// The pieces of a text: one, unless it has long words.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut word) = (0, Vec::new());
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        if letter.is_alphabetic() {
            word.push((at, letter));
            continue;
        }
        for place in breaks(&word) {
            pieces.push(&text[from..place]);
            from = place;
        }
        word.clear();
    }
    pieces.push(&text[from..]);
    pieces
}

/// Where a word may be broken: before the last consonant between two vowels, or before two that belong together.
fn breaks(word: &[(usize, char)]) -> Vec<usize> {
    if word.len() <= FITTING {
        return Vec::new();
    }
    let letters: Vec<char> = word.iter().flat_map(|it| it.1.to_lowercase()).collect();
    if letters.len() != word.len() {
        return Vec::new();
    }
    // The Dutch "ij" is one vowel.
    let is_ij = |at: usize| letters[at] == 'j' && at > 0 && letters[at - 1] == 'i';
    let is_vowel = |at: usize| "aeiouyàáâäèéêëìíîïòóôöùúûü".contains(letters[at]) || is_ij(at);
    let is_place = |at: &usize| {
        if is_vowel(*at) {
            return false;
        }
        let pair: String = letters[*at..].iter().take(2).collect();
        let begins_pair = TOGETHER.contains(&pair.as_str()) && at + 2 < letters.len();
        let before: String = letters[at - 1..=*at].iter().collect();
        match begins_pair {
            true => is_vowel(at + 2) && letters[*at - 1] != 's',
            false => is_vowel(at + 1) && !TOGETHER.contains(&before.as_str()),
        }
    };
    let has_vowel = |at: &usize| (0..*at).any(is_vowel);
    let places = FEWEST..=letters.len() - FEWEST;
    let places = places.filter(is_place).filter(has_vowel);
    places.map(|at| word[at].0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_broken_between_syllables_and_short_ones_never() {
        for (text, expected) in [
            (
                "De risico's van online werken",
                "De risico's van online werken",
            ),
            ("Je informatiepositie", "Je infor-ma-tie-po-sitie"),
            (
                "Jongerenwerkersbijeenkomst",
                "Jonge-ren-wer-kers-bijeen-komst",
            ),
            ("Laagdrempelig contact", "Laag-drem-pelig contact"),
            (
                "gezondheidszorgmedewerkers",
                "gezond-heids-zorg-me-de-wer-kers",
            ),
            ("één privacyverklaring", "één priva-cy-ver-kla-ring"),
            ("https://example.org", "https://example.org"),
            ("Длинноеслововстроке", "Длинноеслововстроке"),
            ("", ""),
        ] {
            let pieces = pieces(text);
            assert_eq!(pieces.concat(), text);
            assert_eq!(pieces.join("-"), expected, "{pieces:?}");
        }
    }
}
