//! Keeps the search index: what is said about a recording, everything in it, and each of its cues. In: the row id of a recording that
//! changed, in the transaction of that change. Out: rows of the three indexes, and the words of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, named_params};

use super::learned;
use super::words::{Language, indexed, of_date};
use crate::catalogue::query::Query;
use crate::error::Result;
use crate::{timed_for_visitors, timed_text};

/// The number of this way of indexing. What was indexed in another way is indexed anew, see [`catch_up`].
const VERSION: i64 = 3;

/// How much of a recording is indexed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is said about it: its cues are what they were.
    About,
    All,
}

/// Rewrites the entries of a recording, in the transaction that changed it. Nothing that visitors cannot see is in them.
/// Returns how many cues they are.
pub fn reindex(conn: &Connection, recording_id: i64, extent: Extent) -> Result<usize> {
    let about = About::load(conn, recording_id)?;
    let mut learned: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut learn = |text: &str, language: Language| {
        let words = learned.entry(language.code()).or_default();
        words.extend(text.split(' ').map(str::to_owned));
    };
    let language = Language::of_tag(&about.language);
    for text in [&about.title, &about.chapters, &about.description] {
        learn(text, language);
    }
    learn(&about.speakers, Language::Other);
    let cues = cues(conn, recording_id)?;
    let is_current = "SELECT 1 FROM indexed WHERE recording_id = :id AND version = :version";
    let params = named_params! { ":id": recording_id, ":version": VERSION };
    let is_current: Option<i64> = conn.find_value(is_current, params)?;
    // Cues that were indexed in another way wait for no second chance.
    let extent = is_current.map_or(Extent::All, |_| extent);
    if extent == Extent::All {
        for cue in &cues {
            learn(&cue.words, Language::of_tag(&cue.language));
        }
    }
    rewrite_texts(conn, recording_id, &about, &cues)?;
    if extent == Extent::All {
        reindex_cues(conn, recording_id, &cues)?;
    }
    for language in [Language::Dutch, Language::English, Language::Other] {
        if let Some(words) = learned.get_mut(language.code()) {
            words.remove("");
            learned::learn(conn, words, language)?;
        }
    }
    let sql = "INSERT INTO indexed (recording_id, version) VALUES (:id, :version)
               ON CONFLICT DO UPDATE SET version = excluded.version";
    conn.write(
        sql,
        named_params! { ":id": recording_id, ":version": VERSION },
    )?;
    Ok(cues.len())
}

/// Rewrites what is said about a recording, and that with everything said in it.
fn rewrite_texts(
    conn: &Connection,
    recording_id: i64,
    about: &About,
    cues: &[IndexedCue],
) -> Result<()> {
    let id = named_params! { ":id": recording_id };
    for index in ["recording_index", "whole_index"] {
        conn.write(&format!("DELETE FROM {index} WHERE rowid = :id"), id)?;
    }
    let sql = "INSERT INTO recording_index (rowid, title, chapters, speakers, description)
               VALUES (:id, :title, :chapters, :speakers, :description)";
    let params = named_params! {
        ":id": recording_id,
        ":title": about.title,
        ":chapters": about.chapters,
        ":speakers": about.speakers,
        ":description": about.description,
    };
    conn.write(sql, params)?;
    let said: Vec<&str> = cues.iter().map(|cue| cue.words.as_str()).collect();
    let said = said.join(" ");
    let whole = [
        &about.title,
        &about.chapters,
        &about.speakers,
        &about.description,
        &said,
    ];
    let sql = "INSERT INTO whole_index (rowid, text) VALUES (:id, :text)";
    let params = named_params! {
        ":id": recording_id,
        ":text": whole.map(String::as_str).join(" "),
    };
    conn.write(sql, params)
}

/// Rewrites the entries of a series whose title or organiser changed, because they are searched too: those of its newest recordings at
/// once, and of a series with very many the others with [`catch_up`], so that nobody waits for a minute to save anything.
pub fn reindex_series(conn: &Connection, series_id: i64) -> Result<()> {
    const AT_ONCE: usize = 200;
    let sql = "SELECT id FROM recording WHERE series_id = :series ORDER BY id DESC";
    let ids: Vec<i64> = conn.values(sql, named_params! { ":series": series_id })?;
    for id in ids.iter().take(AT_ONCE) {
        reindex(conn, *id, Extent::About)?;
    }
    let sql = "DELETE FROM indexed WHERE recording_id = :id";
    ids.iter()
        .skip(AT_ONCE)
        .try_for_each(|id| conn.write(sql, named_params! { ":id": id }))
}

fn reindex_cues(conn: &Connection, recording_id: i64, cues: &[IndexedCue]) -> Result<()> {
    let sql = "DELETE FROM cue_index
               WHERE rowid IN (SELECT cue.id
                               FROM caption
                               JOIN cue ON cue.caption_id = caption.id
                               WHERE caption.recording_id = :id)";
    conn.write(sql, named_params! { ":id": recording_id })?;
    let sql = "INSERT INTO cue_index (rowid, text) VALUES (:id, :text)";
    for cue in cues {
        conn.write(sql, named_params! { ":id": cue.id, ":text": cue.words })?;
    }
    Ok(())
}

/// What is said about a recording, as the index holds it.
struct About {
    language: String,
    title: String,
    chapters: String,
    speakers: String,
    /// With the title of its series, the names of its hand-outs and its date.
    description: String,
}

impl About {
    fn load(conn: &Connection, recording_id: i64) -> Result<Self> {
        let sql = concat!(
            "SELECT recording.language,
                    recording.title,
                    (SELECT group_concat(chapter.title, ' ') FROM chapter
                     WHERE chapter.recording_id = recording.id AND ",
            timed_for_visitors!("chapter.start_ms"),
            "),
                    (SELECT group_concat(speaker.name || ' ' || coalesce(recording_speaker.role, ''), ' ')
                     FROM recording_speaker
                     JOIN speaker ON speaker.id = recording_speaker.speaker_id
                     WHERE recording_speaker.recording_id = recording.id),
                    concat_ws(' ', recording.summary, recording.description, series.title, series.organiser,
                              (SELECT group_concat(attachment.title, ' ') FROM attachment
                               WHERE attachment.recording_id = recording.id AND superseded_at IS NULL AND missing_since IS NULL)),
                    recording.date
             FROM recording
             JOIN series ON series.id = recording.series_id
             WHERE recording.id = :id"
        );
        conn.row(sql, named_params! { ":id": recording_id }, |row| {
            let text = |column: usize| {
                let text: Option<String> = row.get(column)?;
                Ok::<_, rusqlite::Error>(indexed(&text.unwrap_or_default()))
            };
            let date: Option<String> = row.get(5)?;
            let date = date.as_deref().map(of_date).unwrap_or_default();
            Ok(Self {
                language: row.get(0)?,
                title: text(1)?,
                chapters: text(2)?,
                speakers: text(3)?,
                description: format!("{} {date}", text(4)?).trim().to_owned(),
            })
        })
    }
}

/// A cue that visitors get.
struct IndexedCue {
    id: i64,
    language: String,
    words: String,
}

fn cues(conn: &Connection, recording_id: i64) -> Result<Vec<IndexedCue>> {
    let sql = concat!(
        "SELECT cue.id, caption.language, coalesce(cue.said, cue.text)
         FROM recording
         JOIN caption ON caption.recording_id = recording.id
         JOIN cue ON cue.caption_id = caption.id
         WHERE recording.id = :id AND cue.said IS NOT '' AND ",
        timed_for_visitors!("cue.start_ms"),
        "ORDER BY cue.id"
    );
    conn.rows(sql, named_params! { ":id": recording_id }, |row| {
        let text: String = row.get(2)?;
        Ok(IndexedCue {
            id: row.get(0)?,
            language: row.get(1)?,
            words: indexed(&timed_text::plain_text(&text)),
        })
    })
}

/// Indexes the recordings that this version has not indexed yet, the newest of those with a smaller row id than `before` first, until
/// they have this many cues together. Returns the row id of the last one; `None` when there was none.
pub fn catch_up(conn: &Connection, before: i64, most_cues: usize) -> Result<Option<i64>> {
    /// What is said about a recording is as much work as so many cues.
    const AS_CUES: usize = 20;
    let mut last = None;
    let mut cues = 0;
    while let Some(id) = next(conn, last.unwrap_or(before))? {
        cues += reindex(conn, id, Extent::All)? + AS_CUES;
        last = Some(id);
        if cues >= most_cues {
            break;
        }
    }
    Ok(last)
}

/// The newest recording with a smaller row id than `before` that waits for [`catch_up`].
pub fn next(conn: &Connection, before: i64) -> Result<Option<i64>> {
    let sql = "SELECT recording.id
               FROM recording
               LEFT JOIN indexed ON indexed.recording_id = recording.id
               WHERE recording.id < :before AND indexed.version IS NOT :version
               ORDER BY recording.id DESC
               LIMIT 1";
    conn.find_value(
        sql,
        named_params! { ":before": before, ":version": VERSION },
    )
}

/// How many recordings wait for [`catch_up`].
pub fn waiting(conn: &Connection) -> Result<u32> {
    let sql = "SELECT (SELECT count(*) FROM recording) - (SELECT count(*) FROM indexed WHERE version = :version)";
    conn.value(sql, named_params! { ":version": VERSION })
}

/// Brings the parts of the index together a bit more, since each part costs every search; SQLite does so only when there are many.
/// Returns whether there is more to do.
pub fn merge(conn: &Connection) -> Result<bool> {
    /// Pages that one step writes at most, so that nobody waits for it.
    const PAGES: i64 = 250;
    let mut has_more = false;
    for index in ["recording_index", "whole_index", "cue_index"] {
        let before = conn.total_changes();
        let sql = format!("INSERT INTO {index} ({index}, rank) VALUES ('merge', :pages)");
        conn.write(&sql, named_params! { ":pages": -PAGES })?;
        // SQLite FTS5 §6.9: a step that merged nothing changes a single row.
        has_more |= conn.total_changes() - before >= 2;
    }
    Ok(has_more)
}

/// Deletes what the index keeps of what was deleted: words that were only marked as such, and words that occur nowhere any more.
pub fn forget(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "INSERT INTO recording_index (recording_index) VALUES ('optimize');
         INSERT INTO whole_index (whole_index) VALUES ('optimize');
         INSERT INTO cue_index (cue_index) VALUES ('optimize');
         DELETE FROM term WHERE word NOT IN (SELECT term FROM whole_word);
         DELETE FROM term_part WHERE word NOT IN (SELECT word FROM term);",
    )?;
    Ok(())
}
