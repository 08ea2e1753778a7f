//! Who talks. The same name is the same speaker; a page lists all of theirs.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::credit::Credit;
use super::query::{self, Query};
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
    let sql = "SELECT speaker.id, speaker.slug, speaker.name, recording_speaker.role
               FROM recording_speaker
               JOIN speaker ON speaker.id = recording_speaker.speaker_id
               WHERE recording_speaker.recording_id = :recording
               ORDER BY recording_speaker.position";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The speakers of all these recordings in one question, by recording.
pub fn of_recordings(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Vec<Speaker>>> {
    let sql = "SELECT recording_speaker.recording_id, speaker.id, speaker.slug, speaker.name, recording_speaker.role
               FROM json_each(:recordings) AS wanted
               JOIN recording_speaker ON recording_speaker.recording_id = wanted.value
               JOIN speaker ON speaker.id = recording_speaker.speaker_id
               ORDER BY recording_speaker.recording_id, recording_speaker.position";
    let params = named_params! { ":recordings": query::json(recordings)? };
    conn.groups(sql, params, |row| {
        Ok((row.get("recording_id")?, from_row(row)?))
    })
}

/// The names of all, at most a thousand; for the desk, to choose from.
pub fn names(conn: &Connection) -> Result<Vec<String>> {
    conn.values("SELECT name FROM speaker ORDER BY name LIMIT 1000", [])
}

/// The name of a speaker whom the viewer has already been shown.
pub fn name(conn: &Connection, id: i64) -> Result<String> {
    let sql = "SELECT name FROM speaker WHERE id = :id";
    conn.value(sql, named_params! { ":id": id })
}

/// Makes these the speakers of a recording; a name that is new gets a speaker and an address.
pub fn replace(conn: &Connection, recording_id: i64, speakers: &[Credit], now: i64) -> Result<()> {
    let sql = "DELETE FROM recording_speaker WHERE recording_id = :recording";
    conn.write(sql, named_params! { ":recording": recording_id })?;
    for (position, speaker) in speakers.iter().enumerate() {
        let speaker_id = find_or_add(conn, &speaker.name, now)?;
        let sql = "INSERT INTO recording_speaker (recording_id, speaker_id, role, position)
                   VALUES (:recording, :speaker, :role, :position)";
        let params = named_params! {
            ":recording": recording_id,
            ":speaker": speaker_id,
            ":role": speaker.role,
            ":position": position,
        };
        conn.write(sql, params)?;
    }
    Ok(())
}

fn find_or_add(conn: &Connection, name: &str, now: i64) -> Result<i64> {
    let sql = "SELECT id FROM speaker WHERE name = :name";
    let existing = conn.find_value(sql, named_params! { ":name": name })?;
    if let Some(id) = existing {
        return Ok(id);
    }
    let slug = address::free_name(
        conn,
        address::AddressKind::Speaker,
        &id::slug(name),
        "spreker",
    )?;
    let sql = "INSERT INTO speaker (slug, name) VALUES (:slug, :name)";
    let id = conn.insert(sql, named_params! { ":slug": slug, ":name": name })?;
    address::give(conn, address::AddressKind::Speaker, &slug, id, now)?;
    Ok(id)
}
