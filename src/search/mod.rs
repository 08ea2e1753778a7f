//! Searches recordings by what is said about them and by everything said in them. In: the words of a visitor. Out: recordings, the
//! best first, and the words to mark. The siblings are `words` (folding and stems), `terms` (forms, compounds and typing errors),
//! `question` (the words that are asked for), `index` (what keeps the tables), `filters` and
//! `moments` (the sentences).
//!
//! No query walks more than it must: each asks for the newest of one rank, and the ranks follow each other until there are enough.

pub mod filters;
pub mod index;
pub mod moments;
pub mod question;
mod stop_words;
pub mod terms;
pub mod words;

use std::collections::HashSet;

use rusqlite::Connection;

pub use filters::Filters;
pub use index::{catch_up, reindex_series, waiting};
pub use question::{Marks, Question};

use self::question::Wanted;
use crate::catalogue::Viewer;
use crate::catalogue::query::Query;
use crate::error::Result;
use crate::{listed_recording, viewer_params};

/// Results are counted up to this number.
pub const COUNTED: u32 = 1000;

/// Results at most for which the moments are looked for: what few people scroll to is a recording and no more.
pub const WITH_MOMENTS: usize = 20;

/// From a rank with so many recordings the newest are taken.
const OF_A_RANK: u32 = 200;

/// Most of the newest sentences with all words that are looked at.
const SENTENCES: u32 = 400;

/// SQL: this row of `recording` is one that the filters leave.
macro_rules! left_by_filters {
    () => {
        "(:series IS NULL OR recording.series_id = (SELECT id FROM series WHERE slug = :series))
         AND (:speaker IS NULL OR EXISTS (SELECT 1 FROM recording_speaker
                                          JOIN speaker ON speaker.id = recording_speaker.speaker_id
                                          WHERE recording_speaker.recording_id = recording.id AND speaker.slug = :speaker))
         AND (:year IS NULL OR substr(recording.date, 1, 4) = :year)
         AND (:language IS NULL OR recording.language = :language)
         AND (NOT :has_captions OR EXISTS (SELECT 1 FROM caption WHERE caption.recording_id = recording.id))
         AND (:shortest IS NULL
              OR (SELECT max(duration_ms) FROM original
                  WHERE original.recording_id = recording.id AND superseded_at IS NULL) BETWEEN :shortest AND :longest) "
    };
}

/// The parameters of a query with filters.
macro_rules! search_params {
    ($search:expr $(, $name:literal: $value:expr)* $(,)?) => {{
        let filters = $search.filters;
        let length = filters.length.map(filters::Length::range_ms);
        viewer_params! {
            $search.viewer,
            $($name: $value,)*
            ":series": filters.series,
            ":speaker": filters.speaker,
            ":year": filters.year,
            ":language": filters.language,
            ":has_captions": filters.has_captions,
            ":shortest": length.map(|range| range.0),
            ":longest": length.map(|range| range.1),
        }
    }};
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Row ids, the best first.
    pub ids: Vec<i64>,
    /// How many there are, counted to [`COUNTED`].
    pub total: u32,
    /// Whether there are more than were counted.
    pub has_more: bool,
    /// Words of the question, as they were typed, that the results do not all have.
    pub left_out: Vec<String>,
    /// Words that occur nowhere, and the word that was looked for instead.
    pub meant: Vec<(String, String)>,
    /// What is marked in the results.
    pub marks: Marks,
    /// The words by which sentences are found.
    pub wanted: Vec<Wanted>,
}

/// The recordings that the viewer may see in lists and that a question means, at most `limit`.
pub fn recordings(
    conn: &Connection,
    viewer: &Viewer,
    filters: &Filters,
    question: &Question,
    limit: u32,
) -> Result<Found> {
    let search = Search {
        conn,
        viewer,
        filters,
        limit: limit as usize,
    };
    // Whatever the filters leave, a word that is found elsewhere occurs.
    let unfiltered = Search {
        filters: &Filters::default(),
        ..search
    };
    let is_found = |wanted: &Wanted| Ok(unfiltered.count(std::slice::from_ref(wanted))?.0 > 0);
    let understood = question.understand(conn, is_found)?;
    let mut found = Found {
        meant: understood.meant,
        marks: Marks::of(&understood.wanted),
        ..Found::default()
    };
    let wanted = understood.wanted;
    let (total, has_more) = search.count(&wanted)?;
    if total > 0 {
        found.ids = search.ranked(&wanted)?;
        (found.total, found.has_more) = (total, has_more);
        found.wanted = wanted;
        return Ok(found);
    }
    // Not all words fit: as many as do.
    for fewer in search.fewer(&wanted)? {
        let (total, has_more) = search.count(&fewer)?;
        if total > 0 {
            found.ids = search.ranked(&fewer)?;
            (found.total, found.has_more) = (total, has_more);
            let kept: HashSet<&str> = fewer.iter().map(|one| one.typed.as_str()).collect();
            let left = wanted.iter().map(|one| one.typed.clone());
            found.left_out = left
                .filter(|typed| !kept.contains(typed.as_str()))
                .collect();
            found.wanted = wanted;
            break;
        }
    }
    Ok(found)
}

/// One search.
#[derive(Clone, Copy)]
struct Search<'a> {
    conn: &'a Connection,
    viewer: &'a Viewer,
    filters: &'a Filters,
    limit: usize,
}

/// SQL: recordings of which an entry of an index matches, the newest first.
macro_rules! newest_matches {
    ($index:literal) => {
        concat!(
            "SELECT recording.id
             FROM ",
            $index,
            " CROSS JOIN recording ON recording.id = ",
            $index,
            ".rowid WHERE ",
            $index,
            " MATCH :match AND ",
            left_by_filters!(),
            "AND ",
            listed_recording!(),
            "ORDER BY ",
            $index,
            ".rowid DESC LIMIT :limit"
        )
    };
}

impl Search<'_> {
    /// How many recordings have all of these, and whether there are more than [`COUNTED`].
    fn count(&self, wanted: &[Wanted]) -> Result<(u32, bool)> {
        if wanted.is_empty() {
            return Ok((0, false));
        }
        let sql = concat!(
            "SELECT count(*) FROM (",
            newest_matches!("whole_index"),
            ")"
        );
        let params = search_params! {
            self,
            ":match": question::expression(wanted, true),
            ":limit": COUNTED + 1,
        };
        let count: u32 = self.conn.value(sql, params)?;
        Ok((count.min(COUNTED), count > COUNTED))
    }

    /// The ways to leave words out, those first that keep the words that say most: what occurs nowhere is left out of all of them, and
    /// what occurs most is left out first.
    fn fewer(&self, wanted: &[Wanted]) -> Result<Vec<Vec<Wanted>>> {
        let mut counted = Vec::new();
        for one in wanted {
            let (count, _) = self.count(std::slice::from_ref(one))?;
            if count > 0 {
                counted.push((count, one.clone()));
            }
        }
        counted.sort_by_key(|(count, _)| *count);
        let kept: Vec<Wanted> = counted.into_iter().map(|(_, one)| one).collect();
        Ok(question::fewer(kept))
    }

    /// Recordings that have all of these, the best first: those with them in the title, then in title and chapters, and so on; in each
    /// rank those with the words themselves before those with compounds of them.
    fn ranked(&self, wanted: &[Wanted]) -> Result<Vec<i64>> {
        const RANKS: [&str; 4] = [
            "{title}",
            "{title chapters}",
            "{title chapters speakers}",
            "{title chapters speakers description}",
        ];
        let mut ranked = Ranked::default();
        let is_loose = [false, true];
        // Without compounds there is nothing to be loose about.
        let expressions = is_loose.map(|loose| question::expression(wanted, loose));
        let kinds = if expressions[0] == expressions[1] {
            1
        } else {
            2
        };
        for columns in RANKS {
            for expression in expressions.iter().take(kinds) {
                let expression = format!("{columns} : ({expression})");
                ranked.add(self.about(&expression)?);
            }
            if ranked.ids.len() >= self.limit {
                break;
            }
        }
        for loose in is_loose.into_iter().take(kinds) {
            if ranked.ids.len() < self.limit && wanted.len() > 1 {
                ranked.add(self.in_one_sentence(wanted, loose)?);
            }
        }
        for loose in is_loose.into_iter().take(kinds) {
            if ranked.ids.len() < self.limit {
                ranked.add(self.anywhere(wanted, loose)?);
            }
        }
        ranked.ids.truncate(self.limit);
        Ok(ranked.ids)
    }

    fn about(&self, expression: &str) -> Result<Vec<i64>> {
        let sql = newest_matches!("recording_index");
        let params = search_params! { self, ":match": expression, ":limit": OF_A_RANK };
        self.conn.values(sql, params)
    }

    /// Recordings with a sentence that has all of these; those with most such sentences first.
    fn in_one_sentence(&self, wanted: &[Wanted], loose: bool) -> Result<Vec<i64>> {
        let sql = concat!(
            "SELECT recording.id
             FROM (SELECT rowid AS cue_id FROM cue_index WHERE cue_index MATCH :match ORDER BY rowid DESC LIMIT :sentences) AS sentence
             JOIN cue ON cue.id = sentence.cue_id
             JOIN caption ON caption.id = cue.caption_id
             JOIN recording ON recording.id = caption.recording_id
             WHERE ",
            left_by_filters!(),
            "AND ",
            listed_recording!(),
            "GROUP BY recording.id
             ORDER BY count(DISTINCT cue.start_ms) DESC, recording.id DESC
             LIMIT :limit"
        );
        let params = search_params! {
            self,
            ":match": question::expression(wanted, loose),
            ":sentences": SENTENCES,
            ":limit": OF_A_RANK,
        };
        self.conn.values(sql, params)
    }

    /// Recordings that have all of these anywhere; few are weighed by how much they have of them, and of many the newest are taken.
    fn anywhere(&self, wanted: &[Wanted], loose: bool) -> Result<Vec<i64>> {
        let expression = question::expression(wanted, loose);
        let sql = newest_matches!("whole_index");
        let params = search_params! { self, ":match": expression, ":limit": OF_A_RANK };
        let newest: Vec<i64> = self.conn.values(sql, params)?;
        if newest.len() >= OF_A_RANK as usize {
            return Ok(newest);
        }
        let sql = concat!(
            "SELECT recording.id
             FROM whole_index
             CROSS JOIN recording ON recording.id = whole_index.rowid
             WHERE whole_index MATCH :match AND ",
            left_by_filters!(),
            "AND ",
            listed_recording!(),
            "ORDER BY bm25(whole_index), recording.id DESC
             LIMIT :limit"
        );
        let params = search_params! { self, ":match": expression, ":limit": OF_A_RANK };
        self.conn.values(sql, params)
    }
}

/// Row ids in the order in which they were first found.
#[derive(Default)]
struct Ranked {
    ids: Vec<i64>,
    seen: HashSet<i64>,
}

impl Ranked {
    fn add(&mut self, ids: Vec<i64>) {
        for id in ids {
            if self.seen.insert(id) {
                self.ids.push(id);
            }
        }
    }
}
