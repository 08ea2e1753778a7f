//! Finds in what is said in one recording. In: a question, and the sentences in their order. Out: those that it means, and the words to
//! mark. Also how much a single sentence has of what is wanted.

use std::collections::{BTreeSet, HashSet};

use rusqlite::Connection;

use super::marks::Marks;
use super::question::{Question, Searched, Wanted};
use super::terms::Forms;
use super::typos::{self, Near, Reach};
use super::words::indexed;
use crate::error::Result;

/// A line of what is said.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    /// Whether the next line may end its sentence.
    pub goes_on: bool,
}

/// Whether what ends at one moment may go on in what starts at another, in milliseconds.
pub fn goes_on(end_ms: u64, start_ms: u64) -> bool {
    const PAUSE_MS: u64 = 1500;
    start_ms <= end_ms.saturating_add(PAUSE_MS)
}

/// The lines that a question means.
#[derive(Debug, Default)]
pub struct Hits {
    /// Their places, in their order.
    pub places: Vec<usize>,
    /// Places of lines before or after those, which have the other words of the same sentence.
    pub beside: Vec<usize>,
    /// Whether each of them has all words of the question; otherwise none has, and these have some.
    pub have_all: bool,
    /// Words that nobody says, and the word that was looked for instead.
    pub meant: Vec<(String, String)>,
    /// Words after those that count, which were not looked for.
    pub ignored: Vec<String>,
    pub marks: Marks,
}

impl Hits {
    /// The sentences that have all words of a question, or else the lines that have some.
    pub fn of(conn: &Connection, question: &Question, lines: &[Line]) -> Result<Self> {
        let said: Vec<String> = lines.iter().map(|one| indexed(&one.text)).collect();
        let said: Vec<Vec<&str>> = said.iter().map(|one| one.split(' ').collect()).collect();
        let words: BTreeSet<&str> = said.iter().flatten().copied().collect();
        let words: Vec<&str> = words.into_iter().collect();
        let said = Said {
            sentences: said,
            words,
        };
        let understood = question.understand(conn, &said)?;
        let weigher = Weigher::of(&understood.wanted);
        let weighed = said.sentences.iter().zip(lines);
        let weighed = weighed.map(|(one, line)| (weigher.weights(one), line.goes_on));
        let weighed: Vec<(Vec<u8>, bool)> = weighed.collect();
        let told = told(&weighed);
        let (mut places, mut beside): (Vec<usize>, Vec<Option<usize>>) =
            told.into_iter().map(|one| (one.place, one.beside)).unzip();
        let have_all = !places.is_empty();
        if !have_all {
            let has_some = |place: &usize| weighed.get(*place).is_some_and(|(it, _)| sum(it) > 0);
            places = (0..weighed.len()).filter(has_some).collect();
            beside.clear();
        }
        Ok(Self {
            places,
            beside: beside.into_iter().flatten().collect(),
            have_all,
            meant: understood.meant,
            ignored: understood.ignored,
            marks: Marks::of(&understood.wanted),
        })
    }
}

/// A sentence with everything that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The place of the line at which it begins: the one with all of it, or with most.
    pub place: usize,
    /// The line before or after it that has the rest.
    pub beside: Option<usize>,
}

/// The sentences with everything that is wanted, of lines with how much each has and whether it goes on in the next.
pub fn told(lines: &[(Vec<u8>, bool)]) -> Vec<Told> {
    let mut told = Vec::new();
    let has_all = |weights: &[u8]| !weights.is_empty() && !weights.contains(&0);
    let mut place = 0;
    while let Some((weights, goes_on)) = lines.get(place) {
        let next = lines.get(place + 1).filter(|_| *goes_on);
        let next = next.map(|(next, _)| next).filter(|next| !has_all(next));
        if has_all(weights) {
            told.push(Told {
                place,
                beside: None,
            });
        } else if let Some(next) = next.filter(|next| has_all(&together(weights, next))) {
            let (first, second) = (place, place + 1);
            let (place, beside) = match sum(next) > sum(weights) {
                true => (second, first),
                false => (first, second),
            };
            let beside = Some(beside);
            told.push(Told { place, beside });
        } else {
            place += 1;
            continue;
        }
        // What was told does not begin another sentence.
        place = told
            .last()
            .map_or(place, |one| one.place.max(one.beside.unwrap_or_default()))
            + 1;
    }
    told
}

/// How much two lines have together.
pub fn together(one: &[u8], next: &[u8]) -> Vec<u8> {
    let pairs = one.iter().zip(next);
    pairs.map(|(one, next)| *one.max(next)).collect()
}

/// How much a line has.
pub fn sum(weights: &[u8]) -> u32 {
    weights.iter().map(|weight| u32::from(*weight)).sum()
}

/// Everything said in a recording, as the index holds it.
struct Said<'a> {
    sentences: Vec<Vec<&'a str>>,
    /// Each of its words once.
    words: Vec<&'a str>,
}

impl Searched for Said<'_> {
    fn how_often(&self, wanted: &Wanted, most: u32) -> Result<u32> {
        let weigher = Weigher::of(std::slice::from_ref(wanted));
        let has = |said: &[&str]| weigher.weights(said) != [0];
        if most == 1 && !wanted.is_several() {
            return Ok(u32::from(has(&self.words)));
        }
        // Words that follow each other are found in sentences alone.
        let found = self.sentences.iter().filter(|one| has(one));
        Ok(u32::try_from(found.take(most as usize).count()).unwrap_or(most))
    }

    /// Words of this recording: that they are said elsewhere helps nobody here.
    fn near(&self, word: &str, _: Reach) -> Result<Vec<Near>> {
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
