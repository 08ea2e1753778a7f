//! Searches recordings by title, speakers, series and description. In: the words of a visitor. Out: row ids, the best match first.
//! Words from outside reach the query language of SQLite only in quotes.

use rusqlite::{Connection, named_params};
use rust_stemmers::{Algorithm, Stemmer};

use super::Viewer;
use super::name::composed;
use super::query::Query;
use crate::error::Result;
use crate::{listed_recording, timed_for_visitors, viewer_params};

/// How many words of a query count; more would cost time and improve nothing.
const WORDS: usize = 12;

/// How many matches are ranked: the newest are kept beyond this number, so that a common word stays cheap.
const CANDIDATES: i64 = 2000;

/// The recordings that contain every word, as a prefix or by its stem, best first: matches in the title weigh most. At most
/// `limit`; empty for a query without words.
pub fn recordings(
    conn: &Connection,
    viewer: &Viewer,
    question: &str,
    limit: u32,
) -> Result<Vec<i64>> {
    let words = words(question);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let sql = concat!(
        "SELECT recording.id
         FROM recording_index
         JOIN recording ON recording.id = recording_index.rowid
         WHERE recording_index MATCH :match
           AND recording_index.rowid >= (SELECT min(rowid)
                                         FROM (SELECT rowid
                                               FROM recording_index
                                               WHERE recording_index MATCH :match
                                               ORDER BY rowid DESC
                                               LIMIT :candidates))
           AND ",
        listed_recording!(),
        "ORDER BY bm25(recording_index, 8.0, 4.0, 2.0, 1.0, 1.0), recording.date DESC, recording.number
         LIMIT :limit"
    );
    let params = viewer_params! {
        viewer,
        ":match": expression(&words),
        ":candidates": CANDIDATES,
        ":limit": limit,
    };
    conn.values(sql, params)
}

/// The words of a text in lower case, without punctuation; at most [`WORDS`].
fn words(question: &str) -> Vec<String> {
    composed(question)
        .split(|character: char| {
            !character.is_alphanumeric() && character != '\'' && character != '’'
        })
        .map(|word| word.trim_matches(['\'', '’']).to_lowercase())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect()
}

/// An FTS5 expression of quoted strings only (SQLite FTS5 §3.1): each word as written, as a prefix, or by its stem.
fn expression(words: &[String]) -> String {
    let stemmer = Stemmer::create(Algorithm::Dutch);
    let clauses: Vec<String> = words
        .iter()
        .map(|word| {
            let stem = stemmer.stem(word);
            format!(
                "({{title speakers series description}} : {}* OR stems : {})",
                quoted(word),
                quoted(&stem)
            )
        })
        .collect();
    clauses.join(" AND ")
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// Rewrites the index entry of a recording, in the transaction that changed the recording.
pub fn reindex(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM recording_index WHERE rowid = :id";
    conn.write(sql, named_params! { ":id": recording_id })?;
    let sql = concat!(
        "SELECT recording.title,
                          coalesce((SELECT group_concat(speaker.name || ' ' || coalesce(recording_speaker.role, ''), ' ')
                                    FROM recording_speaker
                                    JOIN speaker ON speaker.id = recording_speaker.speaker_id
                                    WHERE recording_speaker.recording_id = recording.id), '') AS speakers,
                          series.title || ' ' || coalesce(series.organiser, '') AS series,
                          coalesce(recording.summary, '') || ' ' || coalesce(recording.description, '') || ' '
                              || coalesce((SELECT group_concat(chapter.title, ' ') FROM chapter
                                           WHERE chapter.recording_id = recording.id AND ",
        timed_for_visitors!("chapter.start_ms"),
        "), '') AS description
                   FROM recording
                   JOIN series ON series.id = recording.series_id
                   WHERE recording.id = :id"
    );
    let text = conn.row(sql, named_params! { ":id": recording_id }, |row| {
        Ok([
            row.get::<_, String>(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
        ])
    })?;
    let stemmer = Stemmer::create(Algorithm::Dutch);
    let stems = text.iter().map(|part| composed(part)).collect::<Vec<_>>();
    let stems: Vec<String> = stems
        .iter()
        .flat_map(|part| part.split(|character: char| !character.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| stemmer.stem(&word.to_lowercase()).into_owned())
        .collect();
    let [title, speakers, series, description] = text;
    let sql = "INSERT INTO recording_index (rowid, title, speakers, series, description, stems)
               VALUES (:id, :title, :speakers, :series, :description, :stems)";
    let params = named_params! {
        ":id": recording_id,
        ":title": title,
        ":speakers": speakers,
        ":series": series,
        ":description": description,
        ":stems": stems.join(" "),
    };
    conn.write(sql, params)
}

/// Rewrites the index entries of a series, because its title and organiser are searched too.
pub fn reindex_series(conn: &Connection, series_id: i64) -> Result<()> {
    let sql = "SELECT id FROM recording WHERE series_id = :series";
    let ids: Vec<i64> = conn.values(sql, named_params! { ":series": series_id })?;
    ids.into_iter().try_for_each(|id| reindex(conn, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_are_only_ever_quoted() {
        assert_eq!(
            words("De risico’s, \"NEAR(a b)\" * ^x"),
            ["de", "risico’s", "near", "a", "b", "x"]
        );
        assert!(words(" -- \0 \" ").is_empty());
        assert!(
            expression(&words("or"))
                .starts_with("({title speakers series description} : \"or\"* OR stems : \"or\")")
        );
    }
}
