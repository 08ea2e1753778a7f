//! The moments of a recording at which something is said that a question means. In: recordings that were found. Out: the sentences that
//! have most of its words, each with its moment.

use std::cmp::Reverse;

use rusqlite::{Connection, Row, named_params};

use super::question::{self, Breadth, Wanted};
use super::said::{self, Weigher, sum};
use super::words::indexed;
use crate::catalogue::query::Query;
use crate::error::Result;
use crate::{timed_for_visitors, timed_text};

/// Most cues of one recording that are compared.
const COMPARED: u32 = 300;

/// Most captions of one recording that are looked at.
const CAPTIONS: u32 = 10;

/// Cues of a caption up to which they are read all.
const FEW: i64 = 150;

/// Milliseconds within which two cues say the same in two languages.
const SAME_MS: u64 = 2000;

/// A moment at which something is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub start_ms: u64,
    /// What is said, without tags, in one line.
    pub text: String,
    /// The tag of the language of the caption.
    pub language: String,
}

/// A cue that has some of the words.
struct Candidate {
    id: i64,
    /// The row id of the next cue in which something is said: between two lines that roll there may be one that says nothing.
    next_id: i64,
    moment: Moment,
    end_ms: u64,
    weights: Vec<u8>,
}

/// The best moments of a recording.
#[derive(Debug, Default)]
pub struct Best {
    /// The best first.
    pub moments: Vec<Moment>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// The best moments of a recording, at most `most`: where something has all that is wanted, those that have all, as in [`said::Hits`].
/// Captions in `language` come before others that say the same.
pub fn best(
    conn: &Connection,
    recording_id: i64,
    wanted: &[Wanted],
    language: &str,
    most: usize,
) -> Result<Best> {
    if wanted.is_empty() || most == 0 {
        return Ok(Best::default());
    }
    let weigher = Weigher::of(wanted);
    let mut candidates = Vec::new();
    for (first, last) in cue_ids(conn, recording_id)? {
        let is_short = last - first < FEW;
        let cues = match is_short {
            true => all_cues(conn, (first, last), &weigher)?,
            false => matching_cues(conn, (first, last), wanted, &weigher)?,
        };
        candidates.extend(cues.into_iter().filter(|one| sum(&one.weights) > 0));
    }
    candidates.sort_by_key(|one| one.id);
    let mut weighed = weighed(&candidates);
    let primary = |tag: &str| tag.split('-').next().map(str::to_owned);
    let is_other = |moment: &Moment| primary(&moment.language) != primary(language);
    weighed.sort_by_key(|(weight, moment)| (Reverse(*weight), is_other(moment), moment.start_ms));
    let mut best = Best::default();
    for (_, moment) in weighed {
        let is_near = |other: &Moment| other.start_ms.abs_diff(moment.start_ms) < SAME_MS;
        if best.moments.iter().any(is_near) {
            continue;
        }
        if best.moments.len() == most {
            best.has_more = true;
            break;
        }
        best.moments.push(moment);
    }
    Ok(best)
}

/// The first and the last row id of the cues of each caption of a recording: they were written together, in the order of time.
fn cue_ids(conn: &Connection, recording_id: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT (SELECT id FROM cue WHERE caption_id = caption.id ORDER BY start_ms, id LIMIT 1) AS first,
                      (SELECT id FROM cue WHERE caption_id = caption.id ORDER BY start_ms DESC, id DESC LIMIT 1) AS last
               FROM caption
               WHERE caption.recording_id = :recording AND first IS NOT NULL
               ORDER BY caption.language
               LIMIT :most";
    let params = named_params! { ":recording": recording_id, ":most": CAPTIONS };
    conn.rows(sql, params, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Few cues are read all: asking the index for each word takes longer. Those that visitors do not get are not in the index.
fn all_cues(
    conn: &Connection,
    (first, last): (i64, i64),
    weigher: &Weigher<'_>,
) -> Result<Vec<Candidate>> {
    let sql = concat!(
        "SELECT cue.id, cue.start_ms, cue.end_ms, coalesce(cue.said, cue.text) AS text, caption.language,
                EXISTS (SELECT 1 FROM cue AS next WHERE next.id = cue.id + 1 AND next.said = '') AS is_drawn_again
         FROM cue
         JOIN caption ON caption.id = cue.caption_id
         JOIN recording ON recording.id = caption.recording_id
         WHERE cue.id BETWEEN :first AND :last AND cue.said IS NOT '' AND ",
        timed_for_visitors!("cue.start_ms")
    );
    let params = named_params! { ":first": first, ":last": last };
    conn.rows(sql, params, |row| candidate(row, weigher))
}

fn matching_cues(
    conn: &Connection,
    (first, last): (i64, i64),
    wanted: &[Wanted],
    weigher: &Weigher<'_>,
) -> Result<Vec<Candidate>> {
    let sql = concat!(
        "SELECT cue.id, cue.start_ms, cue.end_ms, coalesce(cue.said, cue.text) AS text, caption.language,
                EXISTS (SELECT 1 FROM cue AS next WHERE next.id = cue.id + 1 AND next.said = '') AS is_drawn_again
         FROM cue_index
         CROSS JOIN cue ON cue.id = cue_index.rowid
         CROSS JOIN caption ON caption.id = cue.caption_id
         CROSS JOIN recording ON recording.id = caption.recording_id
         WHERE cue_index MATCH :match AND cue_index.rowid BETWEEN :first AND :last AND ",
        timed_for_visitors!("cue.start_ms"),
        "ORDER BY cue_index.rowid
         LIMIT :most"
    );
    let mut cues: Vec<Candidate> = Vec::new();
    let all_of = question::expression(wanted, Breadth::Loose);
    // Those with all of the words first: of a long recording there may be too many with one of them.
    for expression in [all_of, question::any_of(wanted)].into_iter().flatten() {
        let params = named_params! {
            ":match": expression,
            ":first": first,
            ":last": last,
            ":most": COMPARED,
        };
        let more: Vec<Candidate> = conn.rows(sql, params, |row| candidate(row, weigher))?;
        cues.extend(more);
    }
    cues.sort_by_key(|cue| cue.id);
    cues.dedup_by_key(|cue| cue.id);
    Ok(cues)
}

fn candidate(row: &Row<'_>, weigher: &Weigher<'_>) -> rusqlite::Result<Candidate> {
    let text: String = row.get("text")?;
    let text = timed_text::plain_text(&text).replace('\n', " ");
    let said = indexed(&text);
    let said: Vec<&str> = said.split(' ').collect();
    let (id, is_drawn_again): (i64, bool) = (row.get("id")?, row.get("is_drawn_again")?);
    Ok(Candidate {
        id,
        next_id: id + 1 + i64::from(is_drawn_again),
        weights: weigher.weights(&said),
        end_ms: row.get("end_ms")?,
        moment: Moment {
            start_ms: row.get("start_ms")?,
            text,
            language: row.get("language")?,
        },
    })
}

/// The moments of cues in the order of time, with how much each has of what is wanted. A sentence may go on in the next cue: where both
/// together have all, they are one. Where something has all, nothing else is given.
fn weighed(candidates: &[Candidate]) -> Vec<(u32, Moment)> {
    let goes_on = |one: &Candidate, next: &Candidate| {
        next.id == one.next_id
            && next.moment.language == one.moment.language
            && said::goes_on(one.end_ms, next.moment.start_ms)
    };
    let next = candidates.iter().skip(1).map(Some).chain([None]);
    let lines = candidates.iter().zip(next).map(|(one, next)| {
        let goes_on = next.is_some_and(|next| goes_on(one, next));
        (one.weights.clone(), goes_on)
    });
    let told = said::told(&lines.collect::<Vec<_>>());
    if told.is_empty() {
        let each = candidates.iter();
        return each
            .map(|one| (sum(&one.weights), one.moment.clone()))
            .collect();
    }
    let moment = |one: said::Told| {
        let first = candidates.get(one.place)?;
        let Some(beside) = one.beside.and_then(|beside| candidates.get(beside)) else {
            return Some((sum(&first.weights), first.moment.clone()));
        };
        let both = sum(&said::together(&first.weights, &beside.weights));
        let text = match one.beside > Some(one.place) {
            true => format!("{} {}", first.moment.text, beside.moment.text),
            false => first.moment.text.clone(),
        };
        let moment = first.moment.clone();
        Some((both, Moment { text, ..moment }))
    };
    told.into_iter().filter_map(moment).collect()
}
