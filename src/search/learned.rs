//! Learns the words of the catalogue. In: the words of a recording. Out: rows of `term` and `term_part`, by which questions are understood.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};

use super::terms::{SHORTEST_PART, divisions, linked};
use super::words::{Language, stem, stems, verb};
use crate::catalogue::query::Query;
use crate::error::Result;

/// Most different words of one recording and language that are learned; a training of a day has half of them.
pub const MOST_WORDS: usize = 10_000;

/// Adds the words of a text in this language to those of the catalogue.
pub fn learn(conn: &Connection, words: &BTreeSet<String>, language: Language) -> Result<()> {
    let sql = "INSERT INTO term (word, language, stem, verb) VALUES (:word, :language, :stem, :verb) ON CONFLICT DO NOTHING";
    for word in words.iter().take(MOST_WORDS) {
        let mut is_new = false;
        for stem in stems(word, language) {
            let params = named_params! { ":word": word, ":language": language.code(), ":stem": stem, ":verb": false };
            is_new |= conn.change(sql, params)? > 0;
        }
        if !is_new || language != Language::Dutch {
            continue;
        }
        if let Some(verb) = verb(word) {
            let params = named_params! { ":word": word, ":language": language.code(), ":stem": verb, ":verb": true };
            conn.write(sql, params)?;
        }
        learn_parts(conn, word)?;
    }
    Ok(())
}

fn learn_parts(conn: &Connection, word: &str) -> Result<()> {
    let sql = "INSERT INTO term_part (part, word, rest) VALUES (:part, :word, :rest) ON CONFLICT DO NOTHING";
    for (left, right) in divisions(word, SHORTEST_PART) {
        let right = stem(right, Language::Dutch);
        for left in linked(left) {
            let left = stem(left, Language::Dutch);
            for (part, rest) in [(&left, &right), (&right, &left)] {
                let params = named_params! { ":part": part, ":word": word, ":rest": rest };
                conn.write(sql, params)?;
            }
        }
    }
    Ok(())
}
