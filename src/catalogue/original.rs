//! A file as it came. A recording keeps every version; those not superseded are current, one for each media file of it.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::chapter::Chapter;
use super::query::{self, Query};
use crate::error::Result;

/// Where a file lies in the library and what it looked like when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The folder of a series.
    pub folder: String,
    pub file: String,
    pub size_bytes: u64,
    /// Nanoseconds since 1970.
    pub modified_ns: i64,
    pub inode: i64,
}

impl FilePlace {
    /// Of a row of any table that names one.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            folder: row.get("folder")?,
            file: row.get("file")?,
            size_bytes: row.get("size_bytes")?,
            modified_ns: row.get("modified_ns")?,
            inode: row.get("inode")?,
        })
    }
}

/// Those that were read and whose hash is still to be made, for [`super::job::plan`].
pub const UNHASHED: &str =
    "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE content_hash IS NULL AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'";

/// What the probe found; `None` in the catalogue when it could not read the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// By content, e.g. `video/mp4`.
    pub media_type: Option<String>,
    pub duration_ms: Option<u64>,
    /// Pixels as shown, after rotation.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// RFC 6381 list.
    pub codecs: Option<String>,
    pub index_first: Option<bool>,
    pub playable: bool,
    /// Key of the sentence that says which browsers play it.
    pub verdict: Option<String>,
    /// When the container says it was made, UTC seconds.
    pub recorded_at: Option<i64>,
    /// Chapters inside the file.
    pub chapters: Vec<Chapter>,
    /// Why the probe could not read it; then the state is `failed`.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub id: i64,
    pub recording_id: i64,
    pub place: FilePlace,
    /// The part of the media address that changes with the bytes.
    pub version: String,
    /// What size and samples alone give; another than the version where that was taken by other bytes of the recording.
    pub samples: String,
    /// BLAKE3 of the whole, hexadecimal; `None` until somebody needed it or the job came round.
    pub content_hash: Option<String>,
    pub facts: Facts,
    pub missing: bool,
    pub superseded: bool,
}

impl Original {
    /// As in `Content-Type`.
    pub fn media_type(&self) -> &str {
        let media_type = self.facts.media_type.as_deref();
        media_type.unwrap_or("application/octet-stream")
    }

    /// The media type with its codecs, as `<source type>` and `canPlayType` take it (RFC 6381 §3).
    pub fn full_type(&self) -> String {
        let media_type = self.media_type();
        match self.facts.codecs.as_deref() {
            Some(codecs) => format!("{media_type}; codecs=\"{codecs}\""),
            None => media_type.to_owned(),
        }
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Original> {
    let version: String = row.get("version")?;
    let samples: Option<String> = row.get("samples")?;
    Ok(Original {
        id: row.get("id")?,
        recording_id: row.get("recording_id")?,
        place: FilePlace::from_row(row)?,
        samples: samples.unwrap_or_else(|| version.clone()),
        version,
        content_hash: row.get("content_hash")?,
        facts: Facts {
            media_type: row.get("media_type")?,
            duration_ms: row.get("duration_ms")?,
            width: row.get("width")?,
            height: row.get("height")?,
            codecs: row.get("codecs")?,
            index_first: row.get("index_first")?,
            playable: row.get("playable")?,
            verdict: row.get("verdict")?,
            recorded_at: row.get("recorded_at")?,
            chapters: row
                .get::<_, Option<String>>("chapters")?
                .and_then(|chapters| serde_json::from_str(&chapters).ok())
                .unwrap_or_default(),
            problem: row.get("problem")?,
        },
        missing: row.get::<_, Option<i64>>("missing_since")?.is_some(),
        superseded: row.get::<_, Option<i64>>("superseded_at")?.is_some(),
    })
}

/// The files a player may choose from, smallest picture first so that a small screen takes the small one. For a
/// recording the viewer has already been shown.
pub fn sources(conn: &Connection, recording_id: i64) -> Result<Vec<Original>> {
    let sql = "SELECT *
               FROM original
               WHERE recording_id = :recording AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
               ORDER BY playable DESC, coalesce(width, 0) * coalesce(height, 0), size_bytes";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The same of several recordings at once.
pub fn sources_of(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Vec<Original>>> {
    let sql = "SELECT original.*
               FROM json_each(:recordings) AS wanted
               JOIN original ON original.recording_id = wanted.value
               WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
               ORDER BY playable DESC, coalesce(width, 0) * coalesce(height, 0), size_bytes";
    let params = named_params! { ":recordings": query::json(recordings)? };
    conn.groups(sql, params, |row| {
        Ok((row.get("recording_id")?, from_row(row)?))
    })
}

/// The files that a recording has now, missing and unreadable ones included; those that are there first.
pub fn current(conn: &Connection, recording_id: i64) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original WHERE recording_id = :recording AND superseded_at IS NULL
               ORDER BY missing_since IS NOT NULL, id";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// A version that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub version: String,
    /// UTC seconds.
    pub superseded_at: i64,
    /// The address of the coordinator who replaced it, when it was one.
    pub replaced_by: Option<String>,
}

/// The versions that a recording had, the last first.
pub fn past(conn: &Connection, recording_id: i64) -> Result<Vec<Past>> {
    let sql = "SELECT original.version, original.superseded_at,
                      (SELECT actor FROM audit
                       WHERE audit.act = 'replace file' AND audit.before = original.version AND audit.subject = 'recording ' || recording.public_id
                       ORDER BY audit.id DESC LIMIT 1) AS replaced_by
               FROM original JOIN recording ON recording.id = original.recording_id
               WHERE original.recording_id = :recording AND original.superseded_at IS NOT NULL
               ORDER BY original.superseded_at DESC, original.id DESC";
    conn.rows(sql, named_params! { ":recording": recording_id }, |row| {
        Ok(Past {
            version: row.get("version")?,
            superseded_at: row.get("superseded_at")?,
            replaced_by: row.get("replaced_by")?,
        })
    })
}

/// The file of a version, whatever became of it. For a recording the viewer has already been shown.
pub fn by_version(conn: &Connection, recording_id: i64, version: &str) -> Result<Option<Original>> {
    let asked = named_params! { ":recording": recording_id, ":version": version };
    let sql = "SELECT *
               FROM original
               WHERE recording_id = :recording AND version = :version
               ORDER BY superseded_at IS NOT NULL, missing_since IS NOT NULL, id DESC
               LIMIT 1";
    conn.find(sql, asked, from_row)
}

/// The file that is there now in place of a superseded one: of the same name first, else the first a player would take.
pub fn successor(conn: &Connection, old: &Original) -> Result<Option<Original>> {
    let sql = "SELECT *
               FROM original
               WHERE recording_id = :recording AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
               ORDER BY file <> :file, playable DESC, size_bytes
               LIMIT 1";
    let params = named_params! { ":recording": old.recording_id, ":file": old.place.file };
    conn.find(sql, params, from_row)
}

pub fn by_id(conn: &Connection, id: i64) -> Result<Original> {
    let sql = "SELECT * FROM original WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// Every current file of a folder, or of it what begins with a stem and a dot; missing ones included. For the scan.
pub fn of_folder(conn: &Connection, folder: &str, stem: Option<&str>) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original
               WHERE folder = :folder AND superseded_at IS NULL
                 AND (:stem IS NULL OR file >= :stem || '.' AND file < :stem || '/')
               ORDER BY id";
    let params = named_params! { ":folder": folder, ":stem": stem };
    conn.rows(sql, params, from_row)
}

/// The current file of a place, also when it is missing; the one that is there first.
pub fn at_place(conn: &Connection, folder: &str, file: &str) -> Result<Option<Original>> {
    let sql = "SELECT *
               FROM original
               WHERE folder = :folder AND file = :file AND superseded_at IS NULL
               ORDER BY missing_since IS NOT NULL, id DESC
               LIMIT 1";
    let params = named_params! { ":folder": folder, ":file": file };
    conn.find(sql, params, from_row)
}

/// Current files of this size and these samples, wherever they lie or lay; for the scan, to recognise what moved.
pub fn of_samples(conn: &Connection, samples: &str) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original
               WHERE ((version = :samples AND samples IS NULL) OR samples = :samples) AND superseded_at IS NULL
               ORDER BY id";
    conn.rows(sql, named_params! { ":samples": samples }, from_row)
}

/// Files of this size and these samples that a recording has or had, those in the trash left out; for an upload.
pub fn alike(conn: &Connection, samples: &str) -> Result<Vec<Original>> {
    let sql = "SELECT original.*
               FROM original JOIN recording ON recording.id = original.recording_id
               WHERE ((version = :samples AND samples IS NULL) OR samples = :samples) AND recording.deleted_at IS NULL
               ORDER BY original.id";
    conn.rows(sql, named_params! { ":samples": samples }, from_row)
}

/// Whether other bytes come to a place than size and samples say: those of an upload, which is held against what is here before,
/// or those of a version that is put back.
pub fn is_replaced(conn: &Connection, recording_id: i64, place: &FilePlace) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM upload WHERE state = 'finishing' AND folder = :folder AND file = :file)
                   OR EXISTS (SELECT 1 FROM original
                              WHERE recording_id = :recording AND superseded_at IS NOT NULL
                                AND size_bytes = :size AND modified_ns = :modified AND inode = :inode)";
    let params = named_params! {
        ":recording": recording_id,
        ":folder": place.folder,
        ":file": place.file,
        ":size": place.size_bytes,
        ":modified": place.modified_ns,
        ":inode": place.inode,
    };
    conn.value(sql, params)
}

/// Records a file that arrived. Answers its row id.
pub fn add(
    conn: &Connection,
    recording_id: i64,
    place: &FilePlace,
    version: &str,
    facts: &Facts,
) -> Result<i64> {
    let chapters = match facts.chapters.is_empty() {
        true => None,
        false => Some(query::json(&facts.chapters)?),
    };
    let sql = "INSERT INTO original (recording_id, folder, file, version, size_bytes, modified_ns, inode, state, problem, media_type,
                                     duration_ms, width, height, codecs, index_first, playable, verdict,
                                     recorded_at, chapters)
               VALUES (:recording, :folder, :file, :version, :size, :modified, :inode, :state, :problem, :media_type,
                       :duration, :width, :height, :codecs, :index_first, :playable, :verdict, :recorded_at, :chapters)";
    let params = named_params! {
        ":recording": recording_id,
        ":folder": place.folder,
        ":file": place.file,
        ":version": version,
        ":size": place.size_bytes,
        ":modified": place.modified_ns,
        ":inode": place.inode,
        ":state": if facts.problem.is_some() { "failed" } else { "ready" },
        ":problem": facts.problem,
        ":media_type": facts.media_type,
        ":duration": facts.duration_ms,
        ":width": facts.width,
        ":height": facts.height,
        ":codecs": facts.codecs,
        ":index_first": facts.index_first,
        ":playable": facts.playable,
        ":verdict": facts.verdict,
        ":recorded_at": facts.recorded_at,
        ":chapters": chapters,
    };
    conn.insert(sql, params)
}

/// The same bytes were found here (again), perhaps elsewhere or for another recording than before.
pub fn found_at(conn: &Connection, id: i64, recording_id: i64, place: &FilePlace) -> Result<()> {
    let sql = "UPDATE original
               SET recording_id = :recording, folder = :folder, file = :file, size_bytes = :size, modified_ns = :modified,
                   inode = :inode, missing_since = NULL
               WHERE id = :id";
    let params = named_params! {
        ":id": id,
        ":recording": recording_id,
        ":folder": place.folder,
        ":file": place.file,
        ":size": place.size_bytes,
        ":modified": place.modified_ns,
        ":inode": place.inode,
    };
    conn.write(sql, params)
}

/// A scan no longer found the file.
pub fn lose(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE original SET missing_since = coalesce(missing_since, :now) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Other bytes took its place.
pub fn supersede(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE original SET superseded_at = coalesce(superseded_at, :now) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// The hash of the whole file.
pub fn set_content_hash(conn: &Connection, id: i64, hash: &str) -> Result<()> {
    let sql = "UPDATE original SET content_hash = :hash WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":hash": hash })
}

/// Whether bytes that the recording had before, and that are not known to be these, have its version.
pub fn shares_version(conn: &Connection, original: &Original, hash: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM original
                              WHERE recording_id = :recording AND version = :version AND id <> :id AND content_hash IS NOT :hash)";
    let params = named_params! {
        ":recording": original.recording_id,
        ":version": original.version,
        ":id": original.id,
        ":hash": hash,
    };
    conn.value(sql, params)
}

/// Gives bytes another version than their samples do. Their hash is to be noted after that.
pub fn set_version(conn: &Connection, original: &Original, version: &str) -> Result<()> {
    let sql = "UPDATE original SET version = :version, samples = :samples, content_hash = NULL WHERE id = :id";
    let params =
        named_params! { ":id": original.id, ":version": version, ":samples": original.samples };
    conn.write(sql, params)
}
