//! Which word is meant by one that finds nothing. In: a folded word. Out: words of the catalogue that are spelt nearly so.

use rusqlite::{Connection, Params, named_params};

use crate::catalogue::query::Query;
use crate::error::Result;

/// How far it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Among the words with the same two first letters: few, and nearly always the right one is among them.
    Near,
    /// Among all words that are about as long.
    All,
}

/// Words at most that are given.
const MOST: usize = 12;

/// A word that may be meant: how many letters differ, whether the first one does, and the word.
type Near = (usize, bool, String);

/// The words of the catalogue that may be meant by one that finds nothing, the nearest first. Numbers are meant as they are.
pub fn meant(conn: &Connection, word: &str, reach: Reach) -> Result<Vec<String>> {
    let Some(mut nearest) = Nearest::to(word) else {
        return Ok(Vec::new());
    };
    let begins: String = word.chars().take(2).collect();
    let sql = "SELECT word FROM term WHERE word > :begins AND word < :end";
    let params = named_params! { ":begins": begins, ":end": format!("{begins}\u{10ffff}") };
    nearest.look_at_all(conn, sql, params)?;
    let has_one_off = nearest.found.iter().any(|(distance, ..)| *distance == 1);
    if reach == Reach::All && !has_one_off {
        let (count, most) = (word.chars().count(), nearest.most);
        let sql = "SELECT word FROM term WHERE length(word) BETWEEN :shortest AND :longest";
        let params = named_params! {
            ":shortest": i64::try_from(count - most).unwrap_or_default(),
            ":longest": i64::try_from(count + most).unwrap_or_default(),
        };
        nearest.look_at_all(conn, sql, params)?;
    }
    Ok(nearest.into_words())
}

/// Those of some words that may be meant by one that is none of them, the nearest first.
pub fn meant_among<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let Some(mut nearest) = Nearest::to(word) else {
        return Vec::new();
    };
    words.for_each(|candidate| nearest.look_at(candidate));
    nearest.into_words()
}

/// The words that are spelt nearly like one.
struct Nearest<'a> {
    word: &'a str,
    letters: u32,
    /// How many letters may differ.
    most: usize,
    found: Vec<Near>,
}

impl<'a> Nearest<'a> {
    /// `None` for what is meant as it is: short words and numbers.
    fn to(word: &'a str) -> Option<Self> {
        let most = match word.chars().count() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        (!word.contains(char::is_numeric)).then_some(Self {
            word,
            letters: letters(word),
            most,
            found: Vec::new(),
        })
    }

    fn look_at(&mut self, candidate: &str) {
        // A letter that is another one is one letter less and one more.
        let differ = (self.letters ^ letters(candidate)).count_ones() as usize;
        if differ > 2 * self.most
            || self
                .found
                .last()
                .is_some_and(|(.., last)| last == candidate)
        {
            return;
        }
        let distance = strsim::osa_distance(self.word, candidate);
        if (1..=self.most).contains(&distance) {
            let begins_otherwise = candidate.chars().next() != self.word.chars().next();
            let near = (distance, begins_otherwise, candidate.to_owned());
            self.found.push(near);
        }
    }

    fn look_at_all(&mut self, conn: &Connection, sql: &str, params: impl Params) -> Result<()> {
        conn.each(sql, params, |row| {
            self.look_at(row.get_ref(0)?.as_str()?);
            Ok(())
        })
    }

    fn into_words(mut self) -> Vec<String> {
        self.found.sort();
        self.found.dedup();
        self.found.truncate(MOST);
        self.found.into_iter().map(|(.., word)| word).collect()
    }
}

/// The letters that a word has, as bits.
fn letters(word: &str) -> u32 {
    let bit = |byte: u8| 1_u32.rotate_left(u32::from(byte));
    word.bytes().fold(0, |letters, byte| letters | bit(byte))
}
