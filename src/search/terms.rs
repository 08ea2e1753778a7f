//! The words that occur in the catalogue, by which a question is understood: which of them are forms of a word that is asked for, which
//! are compounds with it, and which is meant by a word that occurs nowhere. In: the words of a recording, and later those of a question.
//! Out: rows of `term` and `term_part`, and the words to look for.
//!
//! Compounds are resolved when the question is asked: both parts have to be words of the catalogue or of the question. So a new word
//! changes what older texts are found by, and no text is indexed anew for it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, named_params};

use super::stop_words::is_stop_word;
use super::words::{Language, is_plain, stem, stems, verb};
use crate::catalogue::query::{self, Query};
use crate::error::Result;

/// Characters of words that are divided: shorter ones have no two parts, and longer ones are no words.
const DIVIDED: std::ops::RangeInclusive<usize> = 6..=36;

/// Most words of each kind that are looked for instead of one word of a question.
const MOST_FORMS: usize = 40;

/// What a question may cost, in rows looked at; a statement counts as [`STATEMENT`] of them. Somebody who asks for eight long words gets
/// fewer compounds of them, and nobody else waits.
const COST: u32 = 12_000;
const STATEMENT: u32 = 4;

/// Ways to put a word together at most, and forms of each part, that are looked for next to each other: each is one more list to read.
const WAYS: usize = 3;
const FORMS_OF_A_PART: usize = 3;

/// Characters of a part at least: of one that is asked for, and of what stands beside it.
pub(super) const SHORTEST_PART: usize = 3;
const SHORTEST_REST: usize = 4;

/// Endings and beginnings that make other words of a word and are no parts of a compound, even where they are words themselves.
const AFFIXES: &[&str] = &[
    "aan", "achtig", "af", "atie", "baar", "bij", "door", "dom", "er", "ering", "ge", "haft",
    "heid", "her", "ing", "iteit", "isch", "isme", "ist", "lijk", "ling", "loos", "mis", "na",
    "om", "on", "onder", "ont", "over", "schap", "ster", "teit", "tegen", "toe", "uit", "ver",
    "voor", "wan", "zaam", "weg", "mede", "tie", "sch", "tje", "heden",
];

/// The first part of a compound, with and without what may link it to the next and is no ending of its own: *kinderfeest*.
pub(super) fn linked(left: &str) -> impl Iterator<Item = &str> {
    let bare = ["er", "ne"].iter().find_map(|link| left.strip_suffix(link));
    [Some(left), bare.filter(|bare| bare.len() >= SHORTEST_PART)]
        .into_iter()
        .flatten()
}

/// The ways to divide a word into two parts of at least so many characters.
pub(super) fn divisions(word: &str, shortest: usize) -> impl Iterator<Item = (&str, &str)> {
    let count = word.chars().count();
    let is_divided = DIVIDED.contains(&count);
    let places = word
        .char_indices()
        .enumerate()
        .filter_map(move |(place, (at, _))| {
            (is_divided && place >= shortest && count - place >= shortest).then_some(at)
        });
    places.map(|at| word.split_at(at))
}

/// What is looked for instead of a word of a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forms {
    /// The word itself and its other forms.
    pub exact: Vec<String>,
    /// Compounds with it, and words derived from it.
    pub loose: Vec<String>,
    /// The parts of it as a compound, each with its forms; they are found close to each other, in any order.
    pub near: Vec<Vec<Vec<String>>>,
    /// The word written as several, which are found next to each other.
    pub phrases: Vec<Vec<String>>,
}

impl Forms {
    /// A word and none of its forms.
    pub fn only(word: &str) -> Self {
        Self {
            exact: vec![word.to_owned()],
            ..Self::default()
        }
    }

    /// Words that are found where compounds are.
    pub fn loose(words: Vec<String>) -> Self {
        Self {
            loose: words,
            ..Self::default()
        }
    }
}

/// The first of each word, at most [`MOST_FORMS`].
fn distinct(mut words: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.truncate(MOST_FORMS);
    words
}

/// Which words with a stem are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    /// Forms of the verb that has it.
    Verb,
    /// Those that may be the infinitive of that verb.
    Infinitive,
}

/// The words of the catalogue, as they are asked for together with the other words of a question.
pub struct Terms<'a> {
    conn: &'a Connection,
    /// The Dutch stems of the question, which count as words of the catalogue.
    asked: BTreeSet<String>,
    /// What the question may still cost.
    left: Cell<u32>,
    /// Which stems are those of a word, and which words occur, as far as they were asked for.
    parts: RefCell<HashMap<String, bool>>,
    occurring: RefCell<HashMap<String, bool>>,
}

impl<'a> Terms<'a> {
    /// `question`: its words that say something, folded.
    pub fn new<'b>(conn: &'a Connection, question: impl Iterator<Item = &'b str>) -> Self {
        let asked = question
            .flat_map(|word| stems(word, Language::Dutch))
            .collect();
        Self {
            conn,
            asked,
            left: Cell::new(COST),
            parts: RefCell::default(),
            occurring: RefCell::default(),
        }
    }

    /// Whether the question may cost this many rows more.
    fn affords(&self, rows: u32) -> bool {
        let left = self.left.get().checked_sub(rows + STATEMENT);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// A word and its other forms, without compounds.
    pub fn plain(&self, word: &str) -> Result<Forms> {
        Ok(Forms {
            exact: self.exact(word)?,
            ..Forms::default()
        })
    }

    /// What is looked for instead of a folded word.
    pub fn forms(&self, word: &str) -> Result<Forms> {
        let mut forms = self.plain(word)?;
        let mut compounds = self.derived(word)?;
        compounds.extend(self.shared(word)?);
        for stem in stems(word, Language::Dutch) {
            compounds.extend(self.compounds(&stem)?);
        }
        // A compound may be part of a longer one: *onlinejongerenwerk* has *jongeren* in its middle.
        let mut longer = Vec::new();
        for compound in compounds.iter().take(MOST_FORMS) {
            longer.extend(self.compounds(&stem(compound, Language::Dutch))?);
        }
        compounds.extend(longer);
        let mut seen: HashSet<String> = forms.exact.iter().cloned().collect();
        compounds.retain(|compound| seen.insert(compound.clone()));
        compounds.truncate(MOST_FORMS);
        forms.loose = compounds;
        for parts in self.parts(word)?.into_iter().take(WAYS) {
            let mut near = Vec::new();
            for part in &parts {
                let mut part = self.exact(part)?;
                part.truncate(FORMS_OF_A_PART);
                near.push(part);
            }
            if near.iter().all(|part| !part.is_empty()) {
                forms.near.push(near);
            }
        }
        forms.phrases = self.phrases(word)?;
        Ok(forms)
    }

    /// The word and its other forms that occur in the catalogue, those of its verb too.
    fn exact(&self, word: &str) -> Result<Vec<String>> {
        let mut exact = vec![word.to_owned()];
        exact.extend(self.forms_by_stem(word)?);
        if let Some(verb) = verb(word) {
            exact.extend(self.with_stems(
                std::slice::from_ref(&verb),
                Language::Dutch,
                Kind::Infinitive,
            )?);
            exact.extend(self.with_stems(&[verb], Language::Dutch, Kind::Verb)?);
        }
        if word.ends_with("en") {
            let infinitive = stem(word, Language::Dutch);
            exact.extend(self.with_stems(&[infinitive], Language::Dutch, Kind::Verb)?);
        }
        Ok(distinct(exact))
    }

    /// The word and the forms with one of its stems that occur in the catalogue, in any language.
    pub fn forms_by_stem(&self, word: &str) -> Result<Vec<String>> {
        let mut forms: Vec<String> = Vec::new();
        if self.occurs(word)? {
            forms.push(word.to_owned());
        }
        for language in Language::STEMMED {
            forms.extend(self.with_stems(&stems(word, language), language, Kind::Any)?);
        }
        Ok(distinct(forms))
    }

    fn with_stems(&self, stems: &[String], language: Language, kind: Kind) -> Result<Vec<String>> {
        let sql = "SELECT term.word
                   FROM json_each(:stems) AS wanted
                   CROSS JOIN term ON term.stem = wanted.value AND term.language = :language
                   WHERE verb = :verb AND (NOT :infinitive OR word GLOB '*en')
                   LIMIT :most";
        let params = named_params! {
            ":stems": query::json(stems)?,
            ":language": language.code(),
            ":verb": kind == Kind::Verb,
            ":infinitive": kind == Kind::Infinitive,
            ":most": i64::try_from(MOST_FORMS).unwrap_or(i64::MAX),
        };
        self.conn.values(sql, params)
    }

    /// Whether exactly this word occurs in the catalogue.
    pub fn occurs(&self, word: &str) -> Result<bool> {
        if let Some(known) = self.occurring.borrow().get(word) {
            return Ok(*known);
        }
        if !self.affords(1) {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM term WHERE word = :word LIMIT 1";
        let found: Option<i64> = self.conn.find_value(sql, named_params! { ":word": word })?;
        let mut occurring = self.occurring.borrow_mut();
        occurring.insert(word.to_owned(), found.is_some());
        Ok(found.is_some())
    }

    /// Whether one of these Dutch stems is that of a word of the catalogue or the question that can be part of a compound.
    fn is_known(&self, stems: &[String]) -> Result<bool> {
        let can_be: Vec<&String> = stems.iter().filter(|stem| is_no_affix(stem)).collect();
        if can_be.is_empty() {
            return Ok(false);
        }
        if can_be.iter().any(|stem| self.asked.contains(*stem)) {
            return Ok(true);
        }
        let can_be = query::json(&can_be)?;
        if let Some(known) = self.parts.borrow().get(&can_be) {
            return Ok(*known);
        }
        if !self.affords(1) {
            return Ok(false);
        }
        let sql = "SELECT 1
                   FROM json_each(:stems) AS wanted
                   CROSS JOIN term ON term.stem = wanted.value AND term.language = 'nl'
                   WHERE NOT verb
                   LIMIT 1";
        let found: Option<i64> = self
            .conn
            .find_value(sql, named_params! { ":stems": can_be })?;
        let mut parts = self.parts.borrow_mut();
        parts.insert(can_be, found.is_some());
        Ok(found.is_some())
    }

    /// Who does what a compound names, and the other way round: *jongerenwerker* and *jongerenwerk*.
    fn derived(&self, word: &str) -> Result<Vec<String>> {
        const DOERS: [&str; 4] = ["er", "ers", "ster", "sters"];
        const SHORTEST: usize = 6;
        let mut candidates: Vec<String> = Vec::new();
        let bare = DOERS.iter().rev().find_map(|doer| word.strip_suffix(doer));
        let base = bare.filter(|base| base.len() >= SHORTEST).unwrap_or(word);
        if base.len() >= SHORTEST && self.parts(base)?.iter().any(|parts| parts.len() > 1) {
            candidates.push(base.to_owned());
            candidates.extend(DOERS.iter().map(|doer| format!("{base}{doer}")));
        }
        let mut derived = Vec::new();
        for candidate in candidates {
            if candidate != word && self.occurs(&candidate)? {
                derived.push(candidate);
            }
        }
        Ok(derived)
    }

    /// The words of the catalogue of which a stem is a part.
    fn compounds(&self, part: &str) -> Result<Vec<String>> {
        const CANDIDATES: u32 = 400;
        if part.chars().count() < SHORTEST_PART || !is_no_affix(part) || !self.affords(0) {
            return Ok(Vec::new());
        }
        let sql = "SELECT word,
                          rest,
                          EXISTS (SELECT 1 FROM term WHERE stem = rest AND language = 'nl' AND NOT verb)
                   FROM term_part
                   WHERE part = :part AND length(rest) >= :rest
                   LIMIT :most";
        let params = named_params! {
            ":part": part,
            ":rest": i64::try_from(SHORTEST_REST).unwrap_or_default(),
            ":most": CANDIDATES.min(self.left.get()),
        };
        let candidates: Vec<(String, String, bool)> = self.conn.rows(sql, params, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        self.affords(u32::try_from(candidates.len()).unwrap_or(CANDIDATES));
        let mut compounds = Vec::new();
        for (word, rest, is_stem) in candidates {
            let is_word = is_no_affix(&rest) && (is_stem || self.asked.contains(&rest));
            if compounds.len() < MOST_FORMS && (is_word || self.is_compound(&rest)?) {
                compounds.push(word);
            }
        }
        Ok(compounds)
    }

    /// The words of the catalogue that have this one and another one of the question next to each other: *schuldhulpverlening* for
    /// *hulp bij schulden*.
    fn shared(&self, word: &str) -> Result<Vec<String>> {
        const CANDIDATES: u32 = 1000;
        let sql = "SELECT word
                   FROM (SELECT word, rest FROM term_part WHERE part = :part LIMIT :candidates)
                   WHERE substr(rest, 1, length(:next)) = :next OR substr(rest, -length(:next)) = :next
                   LIMIT :most";
        let own = stem(word, Language::Dutch);
        let is_long = |stem: &str| stem.chars().count() >= SHORTEST_REST;
        let others = self.asked.iter().filter(|other| is_plain(other));
        let others = others.filter(|other| **other != own && is_long(other) && is_long(&own));
        let mut shared = Vec::new();
        for other in others {
            for (part, next) in [(other, &own), (&own, other)] {
                if !self.affords(CANDIDATES / 10) {
                    return Ok(shared);
                }
                let params = named_params! {
                    ":part": part,
                    ":next": next,
                    ":candidates": CANDIDATES,
                    ":most": i64::try_from(MOST_FORMS).unwrap_or(i64::MAX),
                };
                let words: Vec<String> = self.conn.values(sql, params)?;
                shared.extend(words);
            }
        }
        Ok(shared)
    }

    /// Whether the rest of a word is no stem of the catalogue and one all the same: a compound, or who does something of it.
    fn is_compound(&self, rest: &str) -> Result<bool> {
        let base = ["ster", "er"].iter().find_map(|end| rest.strip_suffix(end));
        if let Some(base) = base.filter(|base| base.chars().count() >= SHORTEST_REST)
            && self.is_known(&[stem(base, Language::Dutch)])?
        {
            return Ok(true);
        }
        for (left, right) in divisions(rest, SHORTEST_REST) {
            let [left, right] = [left, right].map(|part| [stem(part, Language::Dutch)]);
            if self.is_known(&left)? && self.is_known(&right)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The ways in which a word is put together of two or three words.
    fn parts(&self, word: &str) -> Result<Vec<Vec<String>>> {
        let mut ways = Vec::new();
        for (left, right) in divisions(word, SHORTEST_PART) {
            let Some(left) = self.known_part(left)? else {
                continue;
            };
            if let Some(right) = self.known_part(right)? {
                ways.push(vec![left, right]);
                continue;
            }
            for (middle, last) in divisions(right, SHORTEST_PART) {
                if let Some(middle) = self.known_part(middle)?
                    && let Some(last) = self.known_part(last)?
                {
                    ways.push(vec![left.clone(), middle, last]);
                }
            }
        }
        Ok(ways)
    }

    /// A part of a compound as it is when it stands alone; `None` when it is no word.
    fn known_part(&self, part: &str) -> Result<Option<String>> {
        for part in linked(part) {
            if self.is_known(&stems(part, Language::Dutch))? {
                return Ok(Some(part.to_owned()));
            }
        }
        Ok(None)
    }

    /// The ways to write a word as two or three that occur in the catalogue.
    fn phrases(&self, word: &str) -> Result<Vec<Vec<String>>> {
        const MOST: usize = 4;
        let mut phrases = Vec::new();
        for (left, right) in divisions(word, 1) {
            if !self.occurs(left)? {
                continue;
            }
            if self.occurs(right)? {
                phrases.push(vec![left.to_owned(), right.to_owned()]);
            }
            for (middle, last) in divisions(right, 2) {
                if self.occurs(middle)? && self.occurs(last)? {
                    phrases.push([left, middle, last].map(str::to_owned).to_vec());
                }
            }
        }
        phrases.truncate(MOST);
        Ok(phrases)
    }

    /// The longest beginnings of a word with which words of the catalogue begin, the longest first: *sollicit* of *solliciteren*.
    pub fn beginnings(&self, word: &str) -> Result<Vec<String>> {
        /// Characters of one at least, and how much of the word it is at least, in thirds: what two words share by chance is shorter.
        const SHORTEST: usize = 7;
        const THIRDS: usize = 2;
        let letters: Vec<char> = word.chars().collect();
        let shortest = SHORTEST.max((letters.len() * THIRDS).div_ceil(3));
        // The words beside it in the alphabet are those that have most of it.
        let sql = "SELECT (SELECT max(word) FROM term WHERE word < :word), (SELECT min(word) FROM term WHERE word > :word)";
        let beside: [Option<String>; 2] =
            self.conn.row(sql, named_params! { ":word": word }, |row| {
                Ok([row.get(0)?, row.get(1)?])
            })?;
        let shared = |other: &String| {
            let pairs = letters.iter().zip(other.chars());
            pairs.take_while(|(one, other)| **one == *other).count()
        };
        let longest = beside
            .iter()
            .flatten()
            .map(shared)
            .max()
            .unwrap_or_default();
        let beginnings = (shortest..=longest.min(letters.len() - 1)).rev();
        Ok(beginnings
            .map(|count| letters.iter().take(count).collect())
            .collect())
    }

    /// The long parts of a word that are words of the catalogue or parts of some, the longest first: *corona* of *coronatijd*.
    pub fn long_parts(&self, word: &str) -> Result<Vec<String>> {
        const SHORTEST: usize = 5;
        let sides = divisions(word, SHORTEST_PART).flat_map(|(left, right)| [left, right]);
        let mut sides: Vec<&str> = sides.filter(|side| side.len() >= SHORTEST).collect();
        sides.sort_by_key(|side| std::cmp::Reverse(side.len()));
        let mut parts = Vec::new();
        for side in sides {
            // A stem alone does not make it one: *organ* of *organiseren* is none because of *organen*.
            if is_no_affix(side) && (self.occurs(side)? || !self.compounds(side)?.is_empty()) {
                parts.push(side.to_owned());
            }
        }
        Ok(parts)
    }

    /// Longer words of the catalogue that begin like this one, the shortest first.
    pub fn begun(&self, word: &str) -> Result<Vec<String>> {
        const CANDIDATES: u32 = 2000;
        let sql = "SELECT DISTINCT word
                   FROM (SELECT word FROM term WHERE word > :word AND word < :end LIMIT :candidates)
                   ORDER BY length(word), word
                   LIMIT :most";
        let params = named_params! {
            ":word": word,
            // No word has this character.
            ":end": format!("{word}\u{10ffff}"),
            ":candidates": CANDIDATES,
            ":most": i64::try_from(MOST_FORMS).unwrap_or(i64::MAX),
        };
        self.conn.values(sql, params)
    }
}

/// Whether a stem is no ending or beginning and says something.
fn is_no_affix(stem: &str) -> bool {
    !AFFIXES.contains(&stem) && !is_stop_word(stem)
}
