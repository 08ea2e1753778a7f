//! Finds in what is said in one recording. In: a question, and the sentences in their order. Out: those that it means, and the words to
//! mark. Also how much a single sentence has of what is wanted.

use std::collections::{BTreeSet, HashSet};

use rusqlite::Connection;

use super::question::{Marks, Question, Searched, Wanted};
use super::terms::Forms;
use super::typos::{self, Reach};
use super::words::indexed;
use crate::error::Result;

/// The sentences that a question means.
#[derive(Debug, Default)]
pub struct Hits {
    /// Their places, in their order.
    pub places: Vec<usize>,
    /// Whether each of them has all words of the question; otherwise none has, and these have some.
    pub have_all: bool,
    /// Words that nobody says, and the word that was looked for instead.
    pub meant: Vec<(String, String)>,
    /// Words after those that count, which were not looked for.
    pub ignored: Vec<String>,
    pub marks: Marks,
}

impl Hits {
    /// The sentences that have all words of a question, or else those that have some.
    pub fn of(conn: &Connection, question: &Question, sentences: &[String]) -> Result<Self> {
        let said: Vec<String> = sentences.iter().map(|one| indexed(one)).collect();
        let said: Vec<Vec<&str>> = said.iter().map(|one| one.split(' ').collect()).collect();
        let words: BTreeSet<&str> = said.iter().flatten().copied().collect();
        let words: Vec<&str> = words.into_iter().collect();
        let said = Said {
            sentences: said,
            words,
        };
        let understood = question.understand(conn, &said)?;
        let weigher = Weigher::of(&understood.wanted);
        let (mut all, mut some) = (Vec::new(), Vec::new());
        for (place, sentence) in said.sentences.iter().enumerate() {
            let weights = weigher.weights(sentence);
            if weights.iter().any(|weight| *weight > 0) {
                some.push(place);
                if weights.iter().all(|weight| *weight > 0) {
                    all.push(place);
                }
            }
        }
        let have_all = !all.is_empty();
        Ok(Self {
            places: if have_all { all } else { some },
            have_all,
            meant: understood.meant,
            ignored: understood.ignored,
            marks: Marks::of(&understood.wanted),
        })
    }
}

/// Everything said in a recording, as the index holds it.
struct Said<'a> {
    sentences: Vec<Vec<&'a str>>,
    /// Each of its words once.
    words: Vec<&'a str>,
}

impl Searched for Said<'_> {
    fn is_found(&self, wanted: &Wanted) -> Result<bool> {
        let weigher = Weigher::of(std::slice::from_ref(wanted));
        let has = |said: &[&str]| weigher.weights(said) != [0];
        // Words that follow each other are found in sentences alone.
        let phrases = || wanted.has_phrases() && self.sentences.iter().any(|one| has(one));
        Ok(has(&self.words) || phrases())
    }

    /// Words of this recording: that they are said elsewhere helps nobody here.
    fn near(&self, word: &str, _: Reach) -> Result<Vec<String>> {
        Ok(typos::meant_among(word, self.words.iter().copied()))
    }
}

/// What is wanted, ready to be compared with many sentences.
pub struct Weigher<'a>(Vec<Sought<'a>>);

struct Sought<'a> {
    /// Any of these, each of which is all of its parts.
    any: Vec<Vec<Part<'a>>>,
    beginning: Option<&'a str>,
}

struct Part<'a> {
    forms: &'a Forms,
    exact: HashSet<&'a str>,
    loose: HashSet<&'a str>,
}

impl<'a> Weigher<'a> {
    pub fn of(wanted: &'a [Wanted]) -> Self {
        fn part(forms: &Forms) -> Part<'_> {
            Part {
                forms,
                exact: forms.exact.iter().map(String::as_str).collect(),
                loose: forms.loose.iter().map(String::as_str).collect(),
            }
        }
        let sought = |one: &'a Wanted| Sought {
            any: (one.any.iter())
                .map(|all| all.iter().map(part).collect())
                .collect(),
            beginning: one.beginning.as_deref(),
        };
        Self(wanted.iter().map(sought).collect())
    }

    /// How much of each wanted word a sentence has: two when it has the word or a form of it, one when it has a compound of it, and
    /// nothing otherwise. `said`: its words as the index holds them.
    pub fn weights(&self, said: &[&str]) -> Vec<u8> {
        self.0.iter().map(|one| one.weight(said)).collect()
    }
}

impl Sought<'_> {
    fn weight(&self, said: &[&str]) -> u8 {
        let least = |all: &Vec<Part<'_>>| all.iter().map(|part| part.weight(said)).min();
        let weight = self.any.iter().filter_map(least).max().unwrap_or_default();
        let begins = |beginning: &str| said.iter().any(|word| word.starts_with(beginning));
        match weight {
            0 => u8::from(self.beginning.is_some_and(begins)),
            weight => weight,
        }
    }
}

impl Part<'_> {
    fn weight(&self, said: &[&str]) -> u8 {
        let has = |word: &str| said.contains(&word);
        if said.iter().any(|word| self.exact.contains(word)) {
            return 2;
        }
        let has_phrase =
            |phrase: &Vec<String>| said.windows(phrase.len()).any(|some| some == phrase);
        let has_near = |parts: &Vec<Vec<String>>| {
            (parts.iter()).all(|forms| forms.iter().any(|form| has(form)))
        };
        let is_loose = said.iter().any(|word| self.loose.contains(word))
            || self.forms.phrases.iter().any(has_phrase)
            || self.forms.near.iter().any(has_near);
        u8::from(is_loose)
    }
}
