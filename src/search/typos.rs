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
const MOST: usize = 4;

/// A word of the catalogue that may be meant: how many letters differ, whether the first one does, and the word.
type Near = (usize, bool, String);

/// The words of the catalogue that may be meant by one that finds nothing, the nearest first. Numbers are meant as they are.
pub fn meant(conn: &Connection, word: &str, reach: Reach) -> Result<Vec<String>> {
    let count = word.chars().count();
    let most = match count {
        0..=3 => return Ok(Vec::new()),
        _ if word.contains(char::is_numeric) => return Ok(Vec::new()),
        4..=7 => 1,
        _ => 2,
    };
    let begins: String = word.chars().take(2).collect();
    let sql = "SELECT word FROM term WHERE word > :begins AND word < :end";
    let params = named_params! { ":begins": begins, ":end": format!("{begins}\u{10ffff}") };
    let mut near = near(conn, (sql, params), word, most)?;
    if reach == Reach::All && near.first().is_none_or(|(distance, ..)| *distance > 1) {
        let sql = "SELECT word FROM term WHERE length(word) BETWEEN :shortest AND :longest";
        let params = named_params! {
            ":shortest": i64::try_from(count - most).unwrap_or_default(),
            ":longest": i64::try_from(count + most).unwrap_or_default(),
        };
        near = self::near(conn, (sql, params), word, most)?;
    }
    near.truncate(MOST);
    Ok(near.into_iter().map(|(.., word)| word).collect())
}

/// Those of the words of a query that differ in `most` letters at most, the nearest first.
fn near(
    conn: &Connection,
    (sql, params): (&str, impl Params),
    word: &str,
    most: usize,
) -> Result<Vec<Near>> {
    let (first, own) = (word.chars().next(), letters(word));
    let mut near: Vec<Near> = Vec::new();
    conn.each(sql, params, |row| {
        let candidate = row.get_ref(0)?.as_str()?;
        // A letter that is another one is one letter less and one more.
        let differ = (own ^ letters(candidate)).count_ones() as usize;
        if differ <= 2 * most && near.last().is_none_or(|(.., last)| last != candidate) {
            let distance = strsim::osa_distance(word, candidate);
            if (1..=most).contains(&distance) {
                let begins_otherwise = candidate.chars().next() != first;
                near.push((distance, begins_otherwise, candidate.to_owned()));
            }
        }
        Ok(())
    })?;
    near.sort();
    near.dedup();
    Ok(near)
}

/// The letters that a word has, as bits.
fn letters(word: &str) -> u32 {
    let bit = |byte: u8| 1_u32.rotate_left(u32::from(byte));
    word.bytes().fold(0, |letters, byte| letters | bit(byte))
}
