//! A speaker. The same name is the same person, whose page lists all of their recordings.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::credit::Credit;
use super::name::decomposed;
use super::query::{self, Query};
use super::{address, id};
use crate::error::Result;

/// A speaker of one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// Their role in this recording, as its sidecar names it.
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

/// The speakers of a recording in the order of the sidecar. The caller has checked that the viewer may see the recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Speaker>> {
    let sql = "SELECT speaker.id, speaker.slug, speaker.name, recording_speaker.role
               FROM recording_speaker
               JOIN speaker ON speaker.id = recording_speaker.speaker_id
               WHERE recording_speaker.recording_id = :recording
               ORDER BY recording_speaker.position";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The speakers of several recordings in one query, by recording.
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

/// The names of speakers, at most a thousand of up to a hundred characters, as suggestions on the desk.
pub fn names(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM speaker WHERE length(name) <= 100 ORDER BY name LIMIT 1000";
    conn.values(sql, [])
}

/// The name of a speaker. The caller has checked that the viewer may see one of their recordings.
pub fn name(conn: &Connection, id: i64) -> Result<String> {
    let sql = "SELECT name FROM speaker WHERE id = :id";
    conn.value(sql, named_params! { ":id": id })
}

/// Replaces the speakers of a recording; a new name gets a speaker and an address.
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
    // A name that was kept as macOS spells it keeps its speaker and address, and is kept as others spell it from now on.
    let sql = "SELECT id FROM speaker WHERE name IN (:name, :decomposed) ORDER BY name = :name DESC LIMIT 1";
    let params = named_params! { ":name": name, ":decomposed": decomposed(name) };
    if let Some(id) = conn.find_value(sql, params)? {
        let sql = "UPDATE speaker SET name = :name WHERE id = :id AND name <> :name";
        conn.write(sql, named_params! { ":id": id, ":name": name })?;
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
