//! The moments of a recording at which something is said that a question means. In: recordings that were found. Out: the sentences that
//! have most of its words, each with its moment.

use std::cmp::Reverse;

use rusqlite::{Connection, named_params};

use super::question::{self, Wanted};
use crate::catalogue::query::Query;
use crate::error::Result;
use crate::timed_text;

/// Most cues of one recording that are compared.
const COMPARED: u32 = 300;

/// Milliseconds within which the next cue still belongs to a sentence, and within which two cues say the same in two languages.
const GOES_ON_MS: u64 = 1500;
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
    moment: Moment,
    end_ms: u64,
    weights: Vec<u8>,
}

/// The best moments of a recording, the best first; at most `most`. Captions in `language` come before others that say the same.
pub fn best(
    conn: &Connection,
    recording_id: i64,
    wanted: &[Wanted],
    language: &str,
    most: usize,
) -> Result<Vec<Moment>> {
    let Some(expression) = question::any_of(wanted) else {
        return Ok(Vec::new());
    };
    // The cues of a caption were written together, so their row ids follow each other in the order of time.
    let sql = "SELECT cue.id, cue.start_ms, cue.end_ms, cue.text, caption.language
               FROM caption
               CROSS JOIN cue_index
               CROSS JOIN cue ON cue.id = cue_index.rowid
               WHERE caption.recording_id = :recording
                 AND cue_index MATCH :match
                 AND cue_index.rowid BETWEEN
                     (SELECT id FROM cue WHERE caption_id = caption.id ORDER BY start_ms, id LIMIT 1)
                     AND (SELECT id FROM cue WHERE caption_id = caption.id ORDER BY start_ms DESC, id DESC LIMIT 1)
               LIMIT :most";
    let params =
        named_params! { ":recording": recording_id, ":match": expression, ":most": COMPARED };
    let mut candidates: Vec<Candidate> = conn.rows(sql, params, |row| {
        let text: String = row.get("text")?;
        let text = timed_text::plain_text(&text).replace('\n', " ");
        Ok(Candidate {
            id: row.get("id")?,
            weights: question::weight(wanted, &text),
            end_ms: row.get("end_ms")?,
            moment: Moment {
                start_ms: row.get("start_ms")?,
                text,
                language: row.get("language")?,
            },
        })
    })?;
    candidates.sort_by_key(|one| one.id);
    let mut weighed = weighed(&candidates);
    let primary = |tag: &str| tag.split('-').next().map(str::to_owned);
    let is_other = |moment: &Moment| primary(&moment.language) != primary(language);
    weighed.sort_by_key(|(weight, moment)| (Reverse(*weight), is_other(moment), moment.start_ms));
    let mut best: Vec<Moment> = Vec::new();
    for (_, moment) in weighed {
        let is_near = |other: &Moment| other.start_ms.abs_diff(moment.start_ms) < SAME_MS;
        if best.len() < most && !best.iter().any(is_near) {
            best.push(moment);
        }
    }
    Ok(best)
}

/// The moments of cues in the order of time, with how much each has of what is wanted. A sentence may go on in the next cue: where both
/// together have more than each, its moment is that of the first.
fn weighed(candidates: &[Candidate]) -> Vec<(u32, Moment)> {
    let mut weighed = Vec::with_capacity(candidates.len());
    for (place, one) in candidates.iter().enumerate() {
        let alone = sum(&one.weights);
        let next = candidates.get(place + 1).filter(|next| {
            next.id == one.id + 1 && next.moment.start_ms <= one.end_ms.saturating_add(GOES_ON_MS)
        });
        let together = |next: &Candidate| {
            let pairs = one.weights.iter().zip(&next.weights);
            pairs
                .map(|(one, next)| u32::from(*one.max(next)))
                .sum::<u32>()
        };
        match next {
            Some(next) if together(next) > alone.max(sum(&next.weights)) => {
                let text = format!("{} {}", one.moment.text, next.moment.text);
                let moment = Moment {
                    text,
                    ..one.moment.clone()
                };
                weighed.push((together(next), moment));
            }
            _ => weighed.push((alone, one.moment.clone())),
        }
    }
    weighed
}

fn sum(weights: &[u8]) -> u32 {
    weights.iter().map(|weight| u32::from(*weight)).sum()
}
