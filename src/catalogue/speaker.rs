//! Who talks. The same name is the same speaker; a page lists all of theirs.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{address, id};
use crate::error::Result;

/// A speaker of one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// What they did in this recording, in the words of its sidecar.
    pub role: Option<String>,
}

/// A speaker as a sidecar names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Credit {
    pub name: String,
    /// "Trainer", "Gast".
    pub role: Option<String>,
}

impl From<&Speaker> for Credit {
    fn from(speaker: &Speaker) -> Self {
        Self {
            name: speaker.name.clone(),
            role: speaker.role.clone(),
        }
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Speaker> {
    Ok(Speaker {
        id: row.get("id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        role: row.get("role")?,
    })
}

/// In the order of the sidecar. For a recording the viewer has already been shown.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Speaker>> {
    let mut statement = conn.prepare_cached(
        "SELECT speaker.id, speaker.slug, speaker.name, recording_speaker.role
         FROM recording_speaker
         JOIN speaker ON speaker.id = recording_speaker.speaker_id
         WHERE recording_speaker.recording_id = :recording
         ORDER BY recording_speaker.position",
    )?;
    Ok(statement
        .query_map(named_params! { ":recording": recording_id }, from_row)?
        .collect::<Result<_, _>>()?)
}

/// The speakers of all these recordings in one question, by recording.
pub fn of_recordings(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Vec<Speaker>>> {
    let mut statement = conn.prepare_cached(
        "SELECT recording_speaker.recording_id, speaker.id, speaker.slug, speaker.name, recording_speaker.role
         FROM json_each(:recordings) AS wanted
         JOIN recording_speaker ON recording_speaker.recording_id = wanted.value
         JOIN speaker ON speaker.id = recording_speaker.speaker_id
         ORDER BY recording_speaker.recording_id, recording_speaker.position",
    )?;
    let wanted = serde_json::to_string(recordings).map_err(crate::error::Error::internal)?;
    let mut speakers: HashMap<i64, Vec<Speaker>> = HashMap::new();
    let mut rows = statement.query(named_params! { ":recordings": wanted })?;
    while let Some(row) = rows.next()? {
        speakers
            .entry(row.get("recording_id")?)
            .or_default()
            .push(from_row(row)?);
    }
    Ok(speakers)
}

/// The names of all, at most a thousand; for the desk, to choose from.
pub fn names(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached("SELECT name FROM speaker ORDER BY name LIMIT 1000")?;
    Ok(statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The name of a speaker whom the viewer has already been shown.
pub fn name(conn: &Connection, id: i64) -> Result<String> {
    let mut statement = conn.prepare_cached("SELECT name FROM speaker WHERE id = :id")?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Makes these the speakers of a recording; a name that is new gets a speaker and an address.
pub fn replace(conn: &Connection, recording_id: i64, speakers: &[Credit], now: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM recording_speaker WHERE recording_id = :recording")?
        .execute(named_params! { ":recording": recording_id })?;
    for (position, speaker) in speakers.iter().enumerate() {
        let speaker_id = find_or_add(conn, &speaker.name, now)?;
        conn.prepare_cached(
            "INSERT INTO recording_speaker (recording_id, speaker_id, role, position)
             VALUES (:recording, :speaker, :role, :position)",
        )?
        .execute(named_params! {
            ":recording": recording_id,
            ":speaker": speaker_id,
            ":role": speaker.role,
            ":position": position,
        })?;
    }
    Ok(())
}

fn find_or_add(conn: &Connection, name: &str, now: i64) -> Result<i64> {
    let known = conn
        .prepare_cached("SELECT id FROM speaker WHERE name = :name")?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let slug = address::free_name(conn, address::Kind::Speaker, &id::slug(name), "spreker")?;
    conn.prepare_cached("INSERT INTO speaker (slug, name) VALUES (:slug, :name)")?
        .execute(named_params! { ":slug": slug, ":name": name })?;
    let id = conn.last_insert_rowid();
    address::give(conn, address::Kind::Speaker, &slug, id, now)?;
    Ok(id)
}
