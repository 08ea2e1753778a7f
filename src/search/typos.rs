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

/// How near a word is, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearness {
    /// How many letters differ; two that changed places are one.
    pub distance: usize,
    /// Whether the word has other letters, rather than the same ones in another order.
    has_others: bool,
    begins_otherwise: bool,
}

/// Words that are equally near.
#[derive(Debug)]
pub struct Near {
    pub nearness: Nearness,
    /// By the alphabet.
    pub words: Vec<String>,
}

/// The words of the catalogue that may be meant by one that finds nothing, the nearest first. Numbers are meant as they are.
pub fn meant(conn: &Connection, word: &str, reach: Reach) -> Result<Vec<Near>> {
    let Some(mut nearest) = Nearest::to(word) else {
        return Ok(Vec::new());
    };
    let begins: String = word.chars().take(2).collect();
    let sql = "SELECT word FROM term WHERE word > :begins AND word < :end";
    let params = named_params! { ":begins": begins, ":end": format!("{begins}\u{10ffff}") };
    nearest.look_at_all(conn, sql, params)?;
    let has_one_off = nearest.found.iter().any(|(near, _)| near.distance == 1);
    if reach == Reach::All && !has_one_off {
        let (count, most) = (word.chars().count(), nearest.most);
        let sql = "SELECT word FROM term WHERE length(word) BETWEEN :shortest AND :longest";
        let params = named_params! {
            ":shortest": i64::try_from(count - most).unwrap_or_default(),
            ":longest": i64::try_from(count + most).unwrap_or_default(),
        };
        nearest.look_at_all(conn, sql, params)?;
    }
    Ok(nearest.into_groups())
}

/// Those of some words that may be meant by one that is none of them, the nearest first.
pub fn meant_among<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Vec<Near> {
    let Some(mut nearest) = Nearest::to(word) else {
        return Vec::new();
    };
    words.for_each(|candidate| nearest.look_at(candidate));
    nearest.into_groups()
}

/// The words that are spelt nearly like one.
struct Nearest<'a> {
    word: &'a str,
    letters: u32,
    /// How many letters may differ.
    most: usize,
    found: Vec<(Nearness, String)>,
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
            let nearness = Nearness {
                distance,
                has_others: sorted(candidate) != sorted(self.word),
                begins_otherwise: candidate.chars().next() != self.word.chars().next(),
            };
            self.found.push((nearness, candidate.to_owned()));
        }
    }

    fn look_at_all(&mut self, conn: &Connection, sql: &str, params: impl Params) -> Result<()> {
        conn.each(sql, params, |row| {
            self.look_at(row.get_ref(0)?.as_str()?);
            Ok(())
        })
    }

    fn into_groups(mut self) -> Vec<Near> {
        self.found.sort();
        self.found.dedup();
        self.found.truncate(MOST);
        let groups = self.found.chunk_by(|one, other| one.0 == other.0);
        let groups = groups.filter_map(|group| {
            let (nearness, _) = group.first()?;
            Some(Near {
                nearness: *nearness,
                words: group.iter().map(|(_, word)| word.clone()).collect(),
            })
        });
        groups.collect()
    }
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// The letters that a word has, as bits.
fn letters(word: &str) -> u32 {
    let bit = |byte: u8| 1_u32.rotate_left(u32::from(byte));
    word.bytes().fold(0, |letters, byte| letters | bit(byte))
}
