//! What somebody asks for. In: the words as they were typed. Out: what is looked for, as expressions for the index, and what is marked
//! in the results. Words from outside reach the query language of SQLite only folded and in quotes.

use std::collections::HashSet;
use std::ops::Range;

use rusqlite::Connection;

use super::stop_words::is_stop_word;
use super::terms::{Forms, Terms};
use super::typos::{Near, Reach};
use super::words::{MOST_JOINED, Word, words};
use crate::error::Result;

/// Words of a question that count; more would cost time and improve nothing.
const MOST_WORDS: usize = 8;

/// Characters of a question that count.
pub const LONGEST: usize = 200;

/// Characters from which a word that is still being typed finds what begins with it.
const SHORTEST_BEGINNING: usize = 3;

/// Characters from which a whole word that finds nothing does: *privacyverkl*.
const LONG_BEGINNING: usize = 5;

/// Words of a question at most for which another one is looked for, which reads all words of the catalogue.
const MOST_MEANT: usize = 2;

/// Words that may stand between two parts of a compound: *hulp bij hun schulden*.
const BETWEEN: usize = 5;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    typed: String,
    words: Vec<Word>,
    /// Whether its last word may be the beginning of one.
    is_being_typed: bool,
}

/// A question as the catalogue understands it.
#[derive(Default)]
pub struct Understood {
    pub wanted: Vec<Wanted>,
    /// Words that find nothing, and the word that is looked for instead.
    pub meant: Vec<(String, String)>,
    /// Words after those that count.
    pub ignored: Vec<String>,
}

/// A word that is looked for, or some that are one word when joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As it was typed.
    pub typed: String,
    /// The same, folded.
    word: String,
    /// What is looked for: any of these, each of which is all of its forms.
    pub(super) any: Vec<Vec<Forms>>,
    /// What a word begins with that is still being typed.
    pub(super) beginning: Option<String>,
}

/// What a question is asked of.
pub trait Searched {
    /// How much the viewer finds by a word, counted to `most`: no other word is taken for one that is only said where the viewer may
    /// not look.
    fn how_often(&self, wanted: &Wanted, most: u32) -> Result<u32>;

    /// Whether the viewer finds anything by a word.
    fn is_found(&self, wanted: &Wanted) -> Result<bool> {
        Ok(self.how_often(wanted, 1)? > 0)
    }

    /// The words that may be meant by one that finds nothing, the nearest first.
    fn near(&self, word: &str, reach: Reach) -> Result<Vec<Near>>;

    /// The one of some words by which most is found, if anything is.
    fn most_found(&self, words: Vec<String>) -> Result<Option<String>> {
        /// From so many on a word occurs often.
        const OFTEN: u32 = 100;
        let mut best: Option<(u32, String)> = None;
        for word in words {
            // The word itself has to be found: a compound of it, which is, would not make it one that the viewer may read.
            let count = self.how_often(&Wanted::one_of(vec![word.clone()]), OFTEN)?;
            if count > best.as_ref().map_or(0, |(most, _)| *most) {
                best = Some((count, word));
            }
        }
        Ok(best.map(|(_, word)| word))
    }
}

/// What counts as a word that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// The word and its forms.
    Exact,
    /// Compounds of it and words derived from it too.
    Loose,
    /// What begins with what is being typed as well. Only the index of what is said about recordings answers it fast.
    Begun,
}

impl Question {
    /// Of a text; at most [`LONGEST`] characters of it.
    pub fn of(text: &str) -> Self {
        let typed: String = text.trim().chars().take(LONGEST).collect();
        let words = words(&typed);
        Self {
            typed,
            words,
            is_being_typed: false,
        }
    }

    /// The same, of somebody who is still typing it.
    pub fn being_typed(text: &str) -> Self {
        let question = Self::of(text);
        // Behind a space the last word is whole.
        let is_being_typed = !text.ends_with(char::is_whitespace);
        Self {
            is_being_typed,
            ..question
        }
    }

    /// Whether its last word may be the beginning of one.
    pub fn is_being_typed(&self) -> bool {
        self.is_being_typed
    }

    /// As it was typed, with another word instead of a folded one.
    pub(super) fn with_another(&self, word: &str, other: &str) -> Option<String> {
        let place = self.words.iter().find(|one| one.folded == word)?;
        let mut typed = self.typed.clone();
        typed.replace_range(place.at.clone(), other);
        Some(typed)
    }

    /// As it was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What is looked for: the words that say something, or all of them when none does.
    pub fn understand(&self, conn: &Connection, searched: &impl Searched) -> Result<Understood> {
        let says_something = self.words.iter().any(|word| self.says_something(word));
        let telling = self.words.iter().filter(|word| self.says_something(word));
        let telling = telling.take(MOST_WORDS).map(|word| word.folded.as_str());
        let terms = Terms::new(conn, telling);
        let mut understood = Understood::default();
        let (mut seen, mut tries) = (HashSet::new(), MOST_MEANT);
        let mut place = 0;
        while place < self.words.len() {
            let is_full = understood.wanted.len() == MOST_WORDS;
            let count = match is_full {
                true => 1,
                false => self.joined_at(&terms, searched, place)?,
            };
            let range = place..place + count;
            place += count;
            let together = self.words.get(range.clone()).unwrap_or_default();
            let is_left = count == 1 && says_something;
            if is_left && !together.iter().any(|word| self.says_something(word)) {
                continue;
            }
            if !seen.insert(Self::joined(together)) {
                continue;
            }
            if is_full {
                understood.ignored.push(self.typed_in(together).to_owned());
                continue;
            }
            let mut wanted = self.wanted(&terms, range)?;
            if !searched.is_found(&wanted)?
                && let Some((other, meant)) = self.instead(&terms, searched, &wanted, &mut tries)?
            {
                let typed = wanted.typed.clone();
                understood.meant.extend(meant.map(|meant| (typed, meant)));
                wanted = other;
            }
            understood.wanted.push(wanted);
        }
        Ok(understood)
    }

    /// Whether a word says something about what is looked for; one in capitals does: *iets over IT*.
    fn says_something(&self, word: &Word) -> bool {
        let typed = self.typed_in(std::slice::from_ref(word));
        let is_upper = |text: &str| !text.contains(char::is_lowercase);
        let is_acronym =
            word.folded.chars().count() > 1 && is_upper(typed) && !is_upper(&self.typed);
        is_acronym || !is_stop_word(&word.folded)
    }

    /// Words as they were typed, with what stands between them.
    fn typed_in(&self, together: &[Word]) -> &str {
        let typed = match (together.first(), together.last()) {
            (Some(first), Some(last)) => self.typed.get(first.at.start..last.at.end),
            _ => None,
        };
        typed.unwrap_or_default()
    }

    /// How many words from this place on are one word when they are joined: *smart phone*.
    fn joined_at(
        &self,
        terms: &Terms<'_>,
        searched: &impl Searched,
        place: usize,
    ) -> Result<usize> {
        for count in (2..=MOST_JOINED).rev() {
            let Some(together) = self.words.get(place..place + count) else {
                continue;
            };
            let has_hyphens = together.iter().skip(1).all(|word| word.is_joined);
            let joined = Self::joined(together);
            // *voor de* is no form of *voor*.
            let forms = match together.iter().any(|word| is_stop_word(&word.folded)) {
                true if terms.occurs(&joined)? => vec![joined],
                true => Vec::new(),
                false => terms.forms_by_stem(&joined)?,
            };
            let is_word = !forms.is_empty() && searched.is_found(&Wanted::one_of(forms))?;
            if has_hyphens || is_word {
                return Ok(count);
            }
        }
        Ok(1)
    }

    fn joined(together: &[Word]) -> String {
        together.iter().map(|word| word.folded.as_str()).collect()
    }

    fn wanted(&self, terms: &Terms<'_>, range: Range<usize>) -> Result<Wanted> {
        let together = self.words.get(range.clone()).unwrap_or_default();
        let is_last = range.end == self.words.len();
        let word = Self::joined(together);
        let is_begun = is_last && self.is_being_typed && word.chars().count() >= SHORTEST_BEGINNING;
        if is_begun {
            // What it will be is not known yet, so compounds of it would be in vain.
            let begun = Forms {
                loose: terms.begun(&word)?,
                ..terms.plain(&word)?
            };
            return Ok(Wanted {
                typed: self.typed_in(together).to_owned(),
                any: vec![vec![begun]],
                beginning: Some(word.clone()),
                word,
            });
        }
        let mut any = vec![vec![terms.forms(&word)?]];
        if together.len() > 1 {
            let mut each = Vec::new();
            for word in together.iter().filter(|word| !is_stop_word(&word.folded)) {
                each.push(terms.forms(&word.folded)?);
            }
            if !each.is_empty() {
                any.push(each);
            }
        }
        Ok(Wanted {
            typed: self.typed_in(together).to_owned(),
            any,
            beginning: None,
            word,
        })
    }

    /// What is looked for instead of a word that finds nothing, if anything: longer words that begin like it, one that is spelt nearly
    /// so, or a part of it. The latter two are given too, as people read them. `tries`: how many more words may be looked for among all.
    fn instead(
        &self,
        terms: &Terms<'_>,
        searched: &impl Searched,
        wanted: &Wanted,
        tries: &mut usize,
    ) -> Result<Option<(Wanted, Option<String>)>> {
        let taken_for = |forms: Forms| Wanted {
            any: vec![vec![forms]],
            beginning: None,
            ..wanted.clone()
        };
        if wanted.word.chars().count() >= LONG_BEGINNING && wanted.beginning.is_none() {
            let begun = terms.begun(&wanted.word)?;
            let longer = taken_for(Forms::loose(begun));
            if searched.is_found(&longer)? {
                return Ok(Some((longer, None)));
            }
        }
        let reach = match self.is_being_typed || *tries == 0 {
            true => Reach::Near,
            false => Reach::All,
        };
        let is_last = *tries == 0;
        *tries = tries.saturating_sub(1);
        for near in searched.near(&wanted.word, reach)? {
            if let Some(other) = searched.most_found(near.words)? {
                return Ok(Some((taken_for(terms.forms(&other)?), Some(other))));
            }
        }
        if wanted.is_begun() || is_last {
            return Ok(None);
        }
        for beginning in terms.beginnings(&wanted.word)? {
            let longer = taken_for(Forms::loose(terms.begun(&beginning)?));
            if searched.is_found(&longer)? {
                return Ok(Some((longer, Some(format!("{beginning}…")))));
            }
        }
        for part in terms.long_parts(&wanted.word)? {
            let other = taken_for(terms.forms(&part)?);
            if searched.is_found(&other)? {
                return Ok(Some((other, Some(part))));
            }
        }
        Ok(None)
    }
}

impl Wanted {
    /// One of some words as they are.
    pub(super) fn one_of(words: Vec<String>) -> Self {
        let forms = Forms {
            exact: words,
            ..Forms::default()
        };
        Self {
            typed: String::new(),
            word: String::new(),
            any: vec![vec![forms]],
            beginning: None,
        }
    }

    /// The word, folded.
    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// Whether it is found as several words too, which have to stand in one sentence.
    pub(super) fn is_several(&self) -> bool {
        let mut forms = self.any.iter().flatten();
        forms.any(|forms| !forms.phrases.is_empty() || !forms.near.is_empty())
            || self.any.iter().any(|all| all.len() > 1)
    }

    /// The word as it is, when it was not found as such and in no other form: what was found are compounds of it and its parts.
    pub(super) fn unknown(&self) -> Option<&str> {
        let [all] = self.any.as_slice() else {
            return None;
        };
        let [forms] = all.as_slice() else {
            return None;
        };
        let is_only = forms.exact == [self.word.as_str()];
        (is_only && !self.is_begun()).then_some(self.word.as_str())
    }

    /// Whether it may be the beginning of a word.
    pub fn is_begun(&self) -> bool {
        self.beginning.is_some()
    }

    /// The clause for one column or document; `None` when nothing can match.
    fn clause(&self, breadth: Breadth) -> Option<String> {
        let is_loose = breadth != Breadth::Exact;
        let all_of = |all: &Vec<Forms>| {
            let all: Option<Vec<String>> = all.iter().map(|one| clause(one, is_loose)).collect();
            all.map(|all| format!("({})", all.join(" AND ")))
        };
        let mut any: Vec<String> = self.any.iter().filter_map(all_of).collect();
        if breadth == Breadth::Begun
            && let Some(beginning) = &self.beginning
        {
            any.push(format!("{}*", quoted(beginning)));
        }
        (!any.is_empty()).then(|| format!("({})", any.join(" OR ")))
    }

    /// The words that are marked wherever they stand.
    pub(super) fn marked(&self) -> impl Iterator<Item = &String> {
        self.any.iter().flatten().flat_map(|forms| {
            let near = forms.near.iter().flatten().flatten();
            forms.exact.iter().chain(&forms.loose).chain(near)
        })
    }
}

/// The clause for the forms of one word; `None` when nothing can match.
fn clause(forms: &Forms, loose: bool) -> Option<String> {
    let mut any: Vec<String> = forms.exact.iter().map(|word| quoted(word)).collect();
    if loose {
        any.extend(forms.loose.iter().map(|word| quoted(word)));
        any.extend(forms.phrases.iter().map(|words| quoted(&words.join(" "))));
        any.extend(forms.near.iter().flat_map(|parts| near(parts)));
    }
    (!any.is_empty()).then(|| format!("({})", any.join(" OR ")))
}

/// Each combination of the forms of parts, close to each other (SQLite FTS5 §3.4).
fn near(parts: &[Vec<String>]) -> Vec<String> {
    const MOST: usize = 9;
    let mut combinations = vec![String::new()];
    for part in parts {
        combinations = combinations
            .iter()
            .flat_map(|before| {
                part.iter()
                    .map(move |form| format!("{before} {}", quoted(form)))
            })
            .take(MOST)
            .collect();
    }
    combinations
        .into_iter()
        .map(|words| {
            let between = BETWEEN * parts.len().saturating_sub(1);
            format!("NEAR({}, {between})", words.trim_start())
        })
        .collect()
}

/// A string of the query language (SQLite FTS5 §3.1).
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// The expression for what has all of these; `None` when nothing can.
pub fn expression(wanted: &[Wanted], breadth: Breadth) -> Option<String> {
    let clauses = wanted.iter().map(|one| one.clause(breadth));
    let clauses = clauses.collect::<Option<Vec<String>>>()?;
    (!clauses.is_empty()).then(|| clauses.join(" AND "))
}

/// The expression for what has any of these; `None` when nothing can.
pub fn any_of(wanted: &[Wanted]) -> Option<String> {
    let clauses = wanted.iter().filter_map(|one| one.clause(Breadth::Loose));
    let clauses: Vec<String> = clauses.collect();
    (!clauses.is_empty()).then(|| clauses.join(" OR "))
}

/// The ways to keep some of these: all, all but one, all but two, and then each alone; the last ones are left out first.
pub fn fewer(wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let without = |out: &[usize]| -> Vec<Wanted> {
        let kept = wanted
            .iter()
            .enumerate()
            .filter(|(place, _)| !out.contains(place));
        kept.map(|(_, one)| one.clone()).collect()
    };
    let count = wanted.len();
    let mut ways = vec![without(&[])];
    if count > 1 {
        ways.extend((0..count).rev().map(|out| without(&[out])));
    }
    if count > 2 {
        for second in (0..count).rev() {
            ways.extend((0..second).rev().map(|first| without(&[first, second])));
        }
    }
    if count > 3 {
        ways.extend(wanted.into_iter().map(|one| vec![one]));
    }
    ways
}
