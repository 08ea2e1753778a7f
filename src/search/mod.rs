//! Searches recordings by what is said about them and by everything said in them. In: the words of a visitor. Out: recordings, the
//! best first, and the words to mark. The siblings are `words` (folding and stems), `learned` and `terms` (the words of the catalogue, their
//! forms and compounds), `typos`, `question` (the words that are asked for), `marks`, `index` (what keeps the tables), `filters`, `moments`
//! (the best sentences), `said` (all sentences of one recording) and `besides` (what else is said about a result).
//!
//! No query walks more than it must: each asks for the newest of one rank, and the ranks follow each other until there are enough.

pub mod besides;
pub mod filters;
pub mod index;
mod learned;
mod marks;
pub mod moments;
pub mod question;
pub mod said;
mod stop_words;
pub mod terms;
mod typos;
pub mod words;

use std::collections::HashSet;
use std::time::Duration;

use rusqlite::{Connection, named_params};

pub use filters::Filters;
pub use index::{catch_up, merge, next, reindex_series, waiting};
pub use marks::Marks;
pub use question::Question;

use self::question::{Breadth, Searched, Wanted};
use self::typos::{Near, Reach};
use crate::catalogue::Viewer;
use crate::catalogue::query::{Query, json};
use crate::error::Result;
use crate::{caption_for_visitors, listed_recording, timed_for_visitors, viewer_params};

/// Results are counted up to this number.
pub const COUNTED: u32 = 1000;

/// How many moments of the result at this place are shown at most: what few people scroll to is a recording and no more.
pub fn moments_at(place: usize) -> usize {
    const RESULTS: usize = 20;
    const MOMENTS: usize = 3;
    if place < RESULTS { MOMENTS } else { 0 }
}

/// How long a search may take; after that it ends with [`crate::error::Error::Busy`].
pub const TIME: Duration = Duration::from_secs(1);

/// The same while somebody is typing, who sees the first few.
const COUNTED_TYPING: u32 = 100;

/// From a rank with so many recordings the newest are taken.
const OF_A_RANK: u32 = 200;

/// Most of the newest sentences with all words that are looked at.
const SENTENCES: u32 = 200;

/// SQL: this row of `recording` is one that the filters leave.
macro_rules! left_by_filters {
    () => {
        concat!(
            "(:series IS NULL OR recording.series_id = (SELECT id FROM series WHERE slug = :series))
         AND (:speaker IS NULL OR EXISTS (SELECT 1 FROM recording_speaker
                                          JOIN speaker ON speaker.id = recording_speaker.speaker_id
                                          WHERE recording_speaker.recording_id = recording.id AND speaker.slug = :speaker))
         AND (:year IS NULL OR substr(recording.date, 1, 4) = :year)
         AND (:language IS NULL OR recording.language = :language)
         AND (NOT :has_captions OR EXISTS (SELECT 1 FROM caption WHERE caption.recording_id = recording.id AND caption.kind IS NOT 'forced' AND ",
            caption_for_visitors!(),
            "))
         AND (:shortest IS NULL
              OR (SELECT max(duration_ms) FROM original
                  WHERE original.recording_id = recording.id AND superseded_at IS NULL) BETWEEN :shortest AND :longest) "
        )
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
    /// Words after those that count, which were not looked for.
    pub ignored: Vec<String>,
    /// Words that find nothing, and the word that was looked for instead.
    pub meant: Vec<(String, String)>,
    /// The question with another word instead of one that occurs only in parts: perhaps that is meant.
    pub offered: Option<String>,
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
        counted: match question.is_being_typed() {
            true => COUNTED_TYPING,
            false => COUNTED,
        },
    };
    // Whatever the filters leave, a word that is found elsewhere occurs.
    let unfiltered = Search {
        filters: &Filters::default(),
        ..search
    };
    let mut found = Found::default();
    // Most questions are found as they are, and whatever is found has each of their words.
    let mut understood = question.understand(conn, &AsTyped)?;
    search.find(&understood.wanted, &mut found)?;
    if found.ids.is_empty() {
        understood = question.understand(conn, &unfiltered)?;
        search.find(&understood.wanted, &mut found)?;
    }
    let wanted = understood.wanted;
    found.meant = understood.meant;
    found.ignored = understood.ignored;
    found.marks = Marks::of(&wanted);
    if found.ids.is_empty() {
        // Not all words fit: as many as do.
        for kept in search.fewer(&wanted)? {
            search.find(&kept, &mut found)?;
            if !found.ids.is_empty() {
                let left = wanted.iter().filter(|one| !kept.contains(one));
                found.left_out = left.map(|one| one.typed.clone()).collect();
                break;
            }
        }
        let is_left = |typed: &String| found.left_out.contains(typed);
        found.meant.retain(|(typed, _)| !is_left(typed));
    } else if !question.is_being_typed() {
        found.offered = search.offered(question, &wanted, found.total)?;
    }
    found.wanted = wanted;
    Ok(found)
}

/// One search.
#[derive(Clone, Copy)]
struct Search<'a> {
    conn: &'a Connection,
    viewer: &'a Viewer,
    filters: &'a Filters,
    limit: usize,
    /// Up to which number results are counted.
    counted: u32,
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
    /// Finds the recordings that have all of these, if there are any.
    fn find(&self, wanted: &[Wanted], found: &mut Found) -> Result<()> {
        let most = self.counted;
        let count = self.count(wanted, most + 1)?;
        if count > 0 || self.is_begun(wanted)? {
            found.ids = self.ranked(wanted, count > 0)?;
            // A word that is still being typed is only counted where it is said as one of the shortest.
            let count = count.max(u32::try_from(found.ids.len()).unwrap_or(most));
            (found.total, found.has_more) = (count.min(most), count > most);
        }
        Ok(())
    }

    /// Whether what is said about a recording has all of these, the last of which may be the beginning of a word.
    fn is_begun(&self, wanted: &[Wanted]) -> Result<bool> {
        let begun = question::expression(wanted, Breadth::Begun);
        match begun.filter(|_| wanted.iter().any(Wanted::is_begun)) {
            Some(begun) => Ok(!self.about(&begun, 1)?.is_empty()),
            None => Ok(false),
        }
    }

    /// How many recordings have all of these, counted to `most`.
    fn count(&self, wanted: &[Wanted], most: u32) -> Result<u32> {
        let Some(expression) = question::expression(wanted, Breadth::Loose) else {
            return Ok(0);
        };
        let sql = concat!(
            "SELECT count(*) FROM (",
            newest_matches!("whole_index"),
            ")"
        );
        let params = search_params! { self, ":match": expression, ":limit": most };
        self.conn.value(sql, params)
    }

    /// The question with another word instead of one that nobody wrote like this, when only its parts were found, and more is found with
    /// a word that differs in one letter: *jongerewerk*, in which *werk* is found. `total`: how much was found.
    fn offered(
        &self,
        question: &Question,
        wanted: &[Wanted],
        total: u32,
    ) -> Result<Option<String>> {
        for one in wanted {
            let Some(word) = one.unknown() else { continue };
            if self.count_word(word, 1)? > 0 {
                continue;
            }
            let near = typos::meant(self.conn, word, Reach::Near)?.into_iter();
            for near in near.take_while(|near| near.nearness.distance == 1) {
                if let Some(other) = self.most_found(near.words)?
                    && let Some(offered) = question.with_another(word, &other)
                    && let wanted = Question::of(&offered)
                        .understand(self.conn, &AsTyped)?
                        .wanted
                    && self.count(&wanted, total + 1)? > total
                {
                    return Ok(Some(offered));
                }
            }
        }
        Ok(None)
    }

    /// How many recordings have exactly this word.
    fn count_word(&self, word: &str, most: u32) -> Result<u32> {
        self.count(&[Wanted::one_of(vec![word.to_owned()])], most)
    }

    /// The ways to leave words out, those first that keep the words that say most: what occurs nowhere is left out of all of them, and
    /// what occurs most is left out first. A word that occurs in other forms only says less than one that was said like this.
    fn fewer(&self, wanted: &[Wanted]) -> Result<Vec<Vec<Wanted>>> {
        /// From so many on a word occurs often.
        const OFTEN: u32 = 100;
        /// As how many times as frequent a word counts of which only other forms occur.
        const AS_FREQUENT: u32 = 4;
        let mut counted = Vec::new();
        for one in wanted {
            let count = self.count(std::slice::from_ref(one), OFTEN)?;
            if count > 0 || one.is_begun() {
                let is_said = self.count_word(one.word(), 1)? > 0;
                let weight = if is_said { 1 } else { AS_FREQUENT };
                counted.push((count * weight, one.clone()));
            }
        }
        counted.sort_by_key(|(count, _)| *count);
        let kept: Vec<Wanted> = counted.into_iter().map(|(_, one)| one).collect();
        let mut ways = question::fewer(kept);
        ways.retain(|kept| kept.len() < wanted.len());
        Ok(ways)
    }

    /// Recordings that have all of these, the best first: those with them in the title, then in title and chapters, and so on; in each
    /// rank those with the words themselves before those with compounds of them. `is_said`: whether any has them among everything said.
    fn ranked(&self, wanted: &[Wanted], is_said: bool) -> Result<Vec<i64>> {
        const RANKS: [&str; 4] = [
            "{title}",
            "{title chapters}",
            "{title chapters speakers}",
            "{title chapters speakers description}",
        ];
        let mut ranked = Ranked::default();
        let about = distinct([Breadth::Exact, Breadth::Begun], wanted);
        let said = match is_said {
            true => distinct([Breadth::Exact, Breadth::Loose], wanted),
            false => Vec::new(),
        };
        for columns in RANKS {
            for expression in &about {
                let expression = format!("{columns} : ({expression})");
                ranked.add(self.about(&expression, OF_A_RANK)?);
            }
            ranked.next();
            if ranked.ids.len() >= self.limit {
                break;
            }
        }
        for expression in &said {
            if ranked.ids.len() < self.limit && wanted.len() > 1 {
                ranked.add(self.in_one_sentence(expression)?);
            }
        }
        ranked.next();
        for expression in &said {
            if ranked.ids.len() < self.limit {
                ranked.add(self.anywhere(expression)?);
            }
        }
        self.playing_first(ranked)
    }

    /// The recordings of each rank in their order. Those that cannot be watched (yet) come last, or behind the others with all words in
    /// the title when they have them there too.
    fn playing_first(&self, ranked: Ranked) -> Result<Vec<i64>> {
        let sql = "SELECT found.value
                   FROM json_each(:ids) AS found
                   WHERE NOT EXISTS (SELECT 1 FROM original WHERE original.recording_id = found.value
                                     AND superseded_at IS NULL AND missing_since IS NULL AND original.state = 'ready')";
        let ids: Vec<i64> = ranked.ids.iter().map(|(_, id)| *id).collect();
        let waiting: Vec<i64> = self
            .conn
            .values(sql, named_params! { ":ids": json(&ids)? })?;
        let waiting: HashSet<i64> = waiting.into_iter().collect();
        let mut ids = ranked.ids;
        ids.sort_by_key(|(rank, id)| match waiting.contains(id) {
            true if *rank > 0 => (usize::MAX, true),
            is_waiting => (*rank, is_waiting),
        });
        let ids = ids.into_iter().map(|(_, id)| id);
        Ok(ids.take(self.limit).collect())
    }

    fn about(&self, expression: &str, most: u32) -> Result<Vec<i64>> {
        let sql = newest_matches!("recording_index");
        let params = search_params! { self, ":match": expression, ":limit": most };
        self.conn.values(sql, params)
    }

    /// Recordings with a sentence that matches; those with most such sentences first.
    fn in_one_sentence(&self, expression: &str) -> Result<Vec<i64>> {
        let sql = concat!(
            "SELECT id
             FROM (SELECT recording.id AS id, cue.start_ms AS start_ms
                   FROM cue_index
                   CROSS JOIN cue ON cue.id = cue_index.rowid
                   CROSS JOIN caption ON caption.id = cue.caption_id
                   CROSS JOIN recording ON recording.id = caption.recording_id
                   WHERE cue_index MATCH :match AND ",
            left_by_filters!(),
            "AND ",
            listed_recording!(),
            "AND ",
            timed_for_visitors!("cue.start_ms"),
            "ORDER BY cue_index.rowid DESC
                   LIMIT :sentences)
             GROUP BY id
             ORDER BY count(DISTINCT start_ms) DESC, id DESC
             LIMIT :limit"
        );
        let params = search_params! {
            self,
            ":match": expression,
            ":sentences": SENTENCES,
            ":limit": OF_A_RANK,
        };
        self.conn.values(sql, params)
    }

    /// Recordings that match anywhere; few are weighed by how much they have of the words, and of many the newest are taken.
    fn anywhere(&self, expression: &str) -> Result<Vec<i64>> {
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

/// Takes every word as it is typed.
struct AsTyped;

impl Searched for AsTyped {
    fn how_often(&self, _: &Wanted, most: u32) -> Result<u32> {
        Ok(most)
    }

    fn near(&self, _: &str, _: Reach) -> Result<Vec<Near>> {
        Ok(Vec::new())
    }
}

impl Searched for Search<'_> {
    fn how_often(&self, wanted: &Wanted, most: u32) -> Result<u32> {
        let wanted = std::slice::from_ref(wanted);
        match self.count(wanted, most)? {
            0 => Ok(u32::from(self.is_begun(wanted)?)),
            count => Ok(count),
        }
    }

    fn near(&self, word: &str, reach: Reach) -> Result<Vec<Near>> {
        typos::meant(self.conn, word, reach)
    }
}

/// The expressions for these, without one that says the same as the one before.
fn distinct(breadths: [Breadth; 2], wanted: &[Wanted]) -> Vec<String> {
    let expressions = breadths.map(|breadth| question::expression(wanted, breadth));
    let mut expressions: Vec<String> = expressions.into_iter().flatten().collect();
    expressions.dedup();
    expressions
}

/// Row ids in the order in which they were first found, each with its rank.
#[derive(Default)]
struct Ranked {
    rank: usize,
    ids: Vec<(usize, i64)>,
    seen: HashSet<i64>,
}

impl Ranked {
    /// Adds recordings of the same rank as those before.
    fn add(&mut self, ids: Vec<i64>) {
        for id in ids {
            if self.seen.insert(id) {
                self.ids.push((self.rank, id));
            }
        }
    }

    fn next(&mut self) {
        self.rank += 1;
    }
}
