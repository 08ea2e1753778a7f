//! The words of a question that are marked in its results. In: what is wanted. Out: the places in a text.

use std::collections::HashSet;
use std::ops::Range;

use super::question::Wanted;
use super::words::{Word, joined, words};

/// The words that are marked in results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    words: HashSet<String>,
    /// Words that are marked where they follow each other.
    phrases: Vec<Vec<String>>,
    beginnings: Vec<String>,
}

impl Marks {
    pub fn of(wanted: &[Wanted]) -> Self {
        let words = wanted.iter().flat_map(Wanted::marked);
        Self {
            words: words.cloned().collect(),
            phrases: (wanted.iter().flat_map(|one| one.any.iter().flatten()))
                .flat_map(|forms| forms.phrases.clone())
                .collect(),
            beginnings: wanted
                .iter()
                .filter_map(|one| one.beginning.clone())
                .collect(),
        }
    }

    /// The places in a text that are marked, in bytes.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let words = words(text);
        let mut in_phrase = HashSet::new();
        for phrase in &self.phrases {
            for (place, some) in words.windows(phrase.len()).enumerate() {
                if some.iter().map(|word| &word.folded).eq(phrase) {
                    in_phrase.extend(place..place + phrase.len());
                }
            }
        }
        let is_marked = |place: usize, word: &Word| {
            self.has(&word.folded)
                || joined(&words, place).is_some_and(|joined| self.has(&joined))
                || in_phrase.contains(&place)
        };
        let marked = words
            .iter()
            .enumerate()
            .filter(|(place, word)| is_marked(*place, word));
        marked.map(|(_, word)| word.at.clone()).collect()
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(word)
            || self
                .beginnings
                .iter()
                .any(|beginning| word.starts_with(beginning.as_str()))
    }
}
