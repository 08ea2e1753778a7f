//! An original: a media file as it came. A recording keeps every version; its current originals, one for each media file, are those
//! not superseded.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::chapter::Chapter;
use super::query::{self, Query};
use crate::error::Result;

/// Steps in nanoseconds to which file systems and network protocols round the time of a file down when it is stored: Windows
/// shares and NTFS, older network servers, exFAT, ext3 and HFS+, and FAT.
const TIME_STEPS_NS: [i64; 5] = [100, 1_000, 10_000_000, 1_000_000_000, 2_000_000_000];

/// The place of a file in the library, and its size, time and inode when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FilePlace {
    /// Folder of a series, [`FilePlace::RENDITIONS`] or [`FilePlace::FRAMES`].
    pub folder: String,
    pub file: String,
    pub size_bytes: u64,
    /// Last change in nanoseconds since 1970.
    pub modified_ns: i64,
    pub inode: i64,
}

impl FilePlace {
    /// The folder of the files that are made for playing. No folder of a series is called so, because of the dot.
    pub const RENDITIONS: &str = ".renditions";

    /// The folder of the frames that may become a picture.
    pub const FRAMES: &str = ".frames";

    /// Whether it is the place of a rendition, in the data folder.
    pub fn is_rendition(&self) -> bool {
        self.folder == Self::RENDITIONS
    }

    /// Whether this is still the file that was read as `before`, at the same place: size and time agree. The inode does not count,
    /// because FAT, exFAT and network drives number their files anew whenever they are mounted, or even while they are. Such
    /// drives may also give a time back in coarser steps than it was first told in, so a time that was only rounded down agrees.
    pub fn is_same_file(&self, before: &Self) -> bool {
        let rounded = |step: &i64| {
            before.modified_ns.div_euclid(*step).saturating_mul(*step) == self.modified_ns
        };
        (&self.folder, &self.file, self.size_bytes)
            == (&before.folder, &before.file, before.size_bytes)
            && (self.modified_ns == before.modified_ns || TIME_STEPS_NS.iter().any(rounded))
    }

    /// Reads the place from a row of any table with these columns.
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

/// Query for originals that still have to be hashed, for [`super::job::plan`].
pub const UNHASHED: &str =
    "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE content_hash IS NULL AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'";

/// The facts that the probe found; they are empty when it could not read the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Media type by content, such as `video/mp4`.
    pub media_type: Option<String>,
    pub duration_ms: Option<u64>,
    /// Width in pixels as shown, after rotation.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// List of codecs (RFC 6381).
    pub codecs: Option<String>,
    pub index_first: Option<bool>,
    pub playable: bool,
    /// Key of the text that says which browsers play the file.
    pub verdict: Option<String>,
    /// When the recording was made, as the container states, in UTC seconds.
    pub recorded_at: Option<i64>,
    /// Chapters inside the file.
    pub chapters: Vec<Chapter>,
    /// Whether it stops before the end that it states.
    pub broken_off: bool,
    /// Why the probe could not read the file; its state is then `failed`.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub id: i64,
    pub recording_id: i64,
    pub place: FilePlace,
    /// The version in the media address, which changes with the bytes.
    pub version: String,
    /// The version computed from size and samples alone; it differs from `version` when other bytes of the recording had that one.
    pub samples: String,
    /// BLAKE3 hash of the whole file in hexadecimal; `None` until it is computed on demand or by its job.
    pub content_hash: Option<String>,
    pub facts: Facts,
    pub missing: bool,
    pub superseded: bool,
}

impl Original {
    /// The media type for `Content-Type`.
    pub fn media_type(&self) -> &str {
        let media_type = self.facts.media_type.as_deref();
        media_type.unwrap_or("application/octet-stream")
    }

    /// The media type with its codecs, for `<source type>` and `canPlayType` (RFC 6381 §3).
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
            broken_off: row.get("broken_off")?,
            problem: row.get("problem")?,
        },
        missing: row.get::<_, Option<i64>>("missing_since")?.is_some(),
        superseded: row.get::<_, Option<i64>>("superseded_at")?.is_some(),
    })
}

/// The files that a player may choose from, the smallest picture first so that a small screen takes that one. The caller has
/// checked that the viewer may see the recording.
pub fn sources(conn: &Connection, recording_id: i64) -> Result<Vec<Original>> {
    let sql = "SELECT *
               FROM original
               WHERE recording_id = :recording AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
               ORDER BY playable DESC, coalesce(width, 0) * coalesce(height, 0), size_bytes";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The files for players of several recordings, by recording.
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

/// The current files of a recording, including missing and unreadable ones; present files first.
pub fn current(conn: &Connection, recording_id: i64) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original WHERE recording_id = :recording AND superseded_at IS NULL
               ORDER BY missing_since IS NOT NULL, id";
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// A version that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub version: String,
    /// When it was replaced, in UTC seconds.
    pub superseded_at: i64,
    /// The mail address of the coordinator who replaced it; `None` when the scan found the change.
    pub replaced_by: Option<String>,
}

/// The replaced versions of a recording, the last one first.
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

/// The file of a version, even when it was replaced or is missing. The caller has checked that the viewer may see the recording.
pub fn by_version(conn: &Connection, recording_id: i64, version: &str) -> Result<Option<Original>> {
    let asked = named_params! { ":recording": recording_id, ":version": version };
    let sql = "SELECT *
               FROM original
               WHERE recording_id = :recording AND version = :version
               ORDER BY superseded_at IS NOT NULL, missing_since IS NOT NULL, id DESC
               LIMIT 1";
    conn.find(sql, asked, from_row)
}

/// The file that replaced a superseded one: preferably one of the same name, otherwise the one that a player would take.
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

/// The current files of a folder, or only those whose name begins with a stem and a dot, including missing ones. For the scan.
pub fn of_folder(conn: &Connection, folder: &str, stem: Option<&str>) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original
               WHERE folder = :folder AND superseded_at IS NULL
                 AND (:stem IS NULL OR file >= :stem || '.' AND file < :stem || '/')
               ORDER BY id";
    let params = named_params! { ":folder": folder, ":stem": stem };
    conn.rows(sql, params, from_row)
}

/// The current file at a place, even when it is missing; a present one is preferred.
pub fn at_place(conn: &Connection, folder: &str, file: &str) -> Result<Option<Original>> {
    let sql = "SELECT *
               FROM original
               WHERE folder = :folder AND file = :file AND superseded_at IS NULL
               ORDER BY missing_since IS NOT NULL, id DESC
               LIMIT 1";
    let params = named_params! { ":folder": folder, ":file": file };
    conn.find(sql, params, from_row)
}

/// Current files with this size and these samples at any place, with which the scan recognises moved files.
pub fn of_samples(conn: &Connection, samples: &str) -> Result<Vec<Original>> {
    let sql = "SELECT * FROM original
               WHERE ((version = :samples AND samples IS NULL) OR samples = :samples) AND superseded_at IS NULL
               ORDER BY id";
    conn.rows(sql, named_params! { ":samples": samples }, from_row)
}

/// Files with this size and these samples that any recording outside the trash has or had, with which an upload is compared.
pub fn alike(conn: &Connection, samples: &str) -> Result<Vec<Original>> {
    let sql = "SELECT original.*
               FROM original JOIN recording ON recording.id = original.recording_id
               WHERE ((version = :samples AND samples IS NULL) OR samples = :samples) AND recording.deleted_at IS NULL
               ORDER BY original.id";
    conn.rows(sql, named_params! { ":samples": samples }, from_row)
}

/// Whether the file at a place differs from a known one although size and samples agree: an upload that is being finished, or a
/// version that was restored.
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

/// Adds an original for a file that arrived. Returns its row id.
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
                                     recorded_at, chapters, broken_off)
               VALUES (:recording, :folder, :file, :version, :size, :modified, :inode, :state, :problem, :media_type,
                       :duration, :width, :height, :codecs, :index_first, :playable, :verdict, :recorded_at, :chapters, :broken_off)";
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
        ":broken_off": facts.broken_off,
    };
    conn.insert(sql, params)
}

/// Corrects what was read of a file: its length, its size as shown and its chapters.
pub fn correct(conn: &Connection, id: i64, facts: &Facts) -> Result<()> {
    let chapters = match facts.chapters.is_empty() {
        true => None,
        false => Some(query::json(&facts.chapters)?),
    };
    let sql = "UPDATE original SET duration_ms = :duration, width = :width, height = :height, chapters = :chapters WHERE id = :id";
    let params = named_params! {
        ":id": id,
        ":duration": facts.duration_ms,
        ":width": facts.width,
        ":height": facts.height,
        ":chapters": chapters,
    };
    conn.write(sql, params)
}

/// Records that the scan found the same bytes at a place, which may differ from before, and for a recording, which may differ too.
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

/// Marks the file as missing.
pub fn lose(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE original SET missing_since = coalesce(missing_since, :now) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Marks the file as superseded by other bytes.
pub fn supersede(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE original SET superseded_at = coalesce(superseded_at, :now) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Stores the BLAKE3 hash of the whole file, in hexadecimal.
pub fn set_content_hash(conn: &Connection, id: i64, hash: &str) -> Result<()> {
    let sql = "UPDATE original SET content_hash = :hash WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":hash": hash })
}

/// Whether the recording has or had other bytes, or bytes without a known hash, under the same version.
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

/// Gives an original another version than that of its samples and clears its hash, which the caller stores afterwards.
pub fn set_version(conn: &Connection, original: &Original, version: &str) -> Result<()> {
    let sql = "UPDATE original SET version = :version, samples = :samples, content_hash = NULL WHERE id = :id";
    let params =
        named_params! { ":id": original.id, ":version": version, ":samples": original.samples };
    conn.write(sql, params)
}
