//! A rendition: one file made for playing, from one original. It lies in the data folder and can be made again; the original it was made
//! from counts, so that a rendition of a replaced or missing one is never offered.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::original::FilePlace;
use super::query::{self, Query, sql_word};
use super::{PublicId, id};
use crate::error::Result;

/// What a rendition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RenditionKind {
    /// As large as the original, for browsers that do not play that one.
    Full,
    /// 720 pixels high.
    P720,
    /// 360 pixels high, for a phone on a weak line.
    P360,
    /// The sound alone.
    Sound,
    /// The same sound in fewer bytes, as Opus in MP4, for browsers that say they play it.
    Opus,
}

impl RenditionKind {
    const ALL: [Self; 5] = [Self::Full, Self::P720, Self::P360, Self::Sound, Self::Opus];

    /// The word in rows and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::P720 => "720p",
            Self::P360 => "360p",
            Self::Sound => "sound",
            Self::Opus => "opus",
        }
    }

    /// Whether every common browser plays it.
    pub fn plays_everywhere(self) -> bool {
        match self {
            Self::Full | Self::P720 | Self::P360 | Self::Sound => true,
            // Safari takes it since version 17, and programs for podcasts rarely do.
            Self::Opus => false,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

sql_word!(RenditionKind);

/// A way in which renditions of a kind are made. A new one is another address, because the bytes behind an address never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipe {
    pub kind: RenditionKind,
    pub number: u32,
}

impl Recipe {
    /// What follows the version of the original in a media address: `-360p1`.
    fn suffix(self) -> String {
        format!("-{}{}", self.kind.as_str(), self.number)
    }
}

/// The version of the original and the recipe in the version of a media address; `None` when that is no rendition's.
pub fn parse_version(version: &str) -> Option<(&str, Recipe)> {
    let (original, rest) = version.split_once('-')?;
    let kind = RenditionKind::ALL
        .into_iter()
        .find(|kind| rest.starts_with(kind.as_str()))?;
    let recipe = Recipe {
        kind,
        number: rest.strip_prefix(kind.as_str())?.parse().ok()?,
    };
    // The one way in which it is written, so that no file has several addresses.
    let is_exact = id::is_version(original) && version == format!("{original}{}", recipe.suffix());
    is_exact.then_some((original, recipe))
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    pub recording_id: i64,
    pub original_id: i64,
    pub recipe: Recipe,
    pub place: FilePlace,
    /// The version of the media address.
    pub version: String,
    pub media_type: String,
    /// List of codecs (RFC 6381).
    pub codecs: Option<String>,
    pub duration_ms: Option<u64>,
    /// Pixels as shown; `None` for sound.
    pub width: Option<u32>,
    pub height: Option<u32>,
}

impl Rendition {
    /// The media type with its codecs, for `<source type>` (RFC 6381 §3).
    pub fn full_type(&self) -> String {
        match self.codecs.as_deref() {
            Some(codecs) => format!("{}; codecs=\"{codecs}\"", self.media_type),
            None => self.media_type.clone(),
        }
    }

    /// The name under which visitors get and save it: that of the original, with the kind and the ending of its own container.
    pub fn file_name(&self, original: &str) -> String {
        let stem = original.rsplit_once('.').map_or(original, |(stem, _)| stem);
        let ending = self
            .place
            .file
            .rsplit_once('.')
            .map_or("mp4", |(_, ending)| ending);
        match self.recipe.kind {
            RenditionKind::Full => format!("{stem}.{ending}"),
            kind => format!("{stem}-{}.{ending}", kind.as_str()),
        }
    }
}

/// The name in the data folder of the rendition of a version of an original; the id of its recording begins it.
pub fn file_of(id: &PublicId, version: &str, recipe: Recipe, ending: &str) -> String {
    format!("{id}-{version}{}.{ending}", recipe.suffix())
}

/// SQL: the columns of a rendition and its original.
macro_rules! select_rendition {
    () => {
        "SELECT rendition.*, original.recording_id, original.version AS of_version
         FROM original JOIN rendition ON rendition.original_id = original.id "
    };
}

/// SQL: this row of `original` is one that visitors may get.
macro_rules! current_original {
    () => {
        "original.superseded_at IS NULL AND original.missing_since IS NULL AND original.state = 'ready'"
    };
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Rendition> {
    let version: String = row.get("of_version")?;
    let recipe = Recipe {
        kind: row.get("kind")?,
        number: row.get("recipe")?,
    };
    Ok(Rendition {
        recording_id: row.get("recording_id")?,
        original_id: row.get("original_id")?,
        recipe,
        place: FilePlace {
            folder: FilePlace::RENDITIONS.to_owned(),
            file: row.get("file")?,
            size_bytes: row.get("size_bytes")?,
            modified_ns: row.get("modified_ns")?,
            inode: row.get("inode")?,
        },
        version: format!("{version}{}", recipe.suffix()),
        media_type: row.get("media_type")?,
        codecs: row.get("codecs")?,
        duration_ms: row.get("duration_ms")?,
        width: row.get("width")?,
        height: row.get("height")?,
    })
}

/// The renditions of a recording, the smallest picture first and sound before them. The caller has checked that the viewer may see the
/// recording.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Rendition>> {
    let sql = concat!(
        select_rendition!(),
        "WHERE original.recording_id = :recording AND ",
        current_original!(),
        " ORDER BY coalesce(rendition.width, 0) * coalesce(rendition.height, 0), rendition.size_bytes"
    );
    conn.rows(sql, named_params! { ":recording": recording_id }, from_row)
}

/// The renditions of several recordings, by recording and in the same order.
pub fn of_recordings(
    conn: &Connection,
    recordings: &[i64],
) -> Result<HashMap<i64, Vec<Rendition>>> {
    let sql = concat!(
        select_rendition!(),
        "WHERE original.recording_id IN (SELECT value FROM json_each(:recordings)) AND ",
        current_original!(),
        " ORDER BY coalesce(rendition.width, 0) * coalesce(rendition.height, 0), rendition.size_bytes"
    );
    let params = named_params! { ":recordings": query::json(recordings)? };
    conn.groups(sql, params, |row| {
        let rendition = from_row(row)?;
        Ok((rendition.recording_id, rendition))
    })
}

/// The rendition of an original by kind, whatever its recipe.
pub fn of_original(
    conn: &Connection,
    original_id: i64,
    kind: RenditionKind,
) -> Result<Option<Rendition>> {
    let sql = concat!(
        select_rendition!(),
        "WHERE original.id = :original AND rendition.kind = :kind"
    );
    conn.find(
        sql,
        named_params! { ":original": original_id, ":kind": kind },
        from_row,
    )
}

/// By which recipes an older version of a step made what there is of an original; none when all of it is to be made anew.
pub fn made_by_older(conn: &Connection, original_id: i64, step: &str) -> Result<Vec<Recipe>> {
    let sql = "SELECT kind, rendition.recipe
               FROM rendition JOIN step_done USING (original_id)
               WHERE original_id = :original AND step = :step";
    let params = named_params! { ":original": original_id, ":step": step };
    conn.rows(sql, params, |row| {
        Ok(Recipe {
            kind: row.get(0)?,
            number: row.get(1)?,
        })
    })
}

/// What a step made.
#[derive(Debug, Clone)]
pub struct Made {
    pub original_id: i64,
    pub recipe: Recipe,
    pub place: FilePlace,
    pub media_type: String,
    pub codecs: Option<String>,
    pub duration_ms: Option<u64>,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// Records a rendition, in place of that of an older recipe.
pub fn add(conn: &Connection, made: &Made, now: i64) -> Result<()> {
    let sql = "INSERT INTO rendition (original_id, kind, recipe, file, size_bytes, modified_ns, inode, media_type, codecs, duration_ms,
                                      width, height, made_at)
               VALUES (:original, :kind, :recipe, :file, :size, :modified, :inode, :media_type, :codecs, :duration, :width, :height, :now)
               ON CONFLICT (original_id, kind) DO UPDATE
               SET recipe = excluded.recipe, file = excluded.file, size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns,
                   inode = excluded.inode, media_type = excluded.media_type, codecs = excluded.codecs,
                   duration_ms = excluded.duration_ms, width = excluded.width, height = excluded.height, made_at = excluded.made_at";
    let params = named_params! {
        ":original": made.original_id,
        ":kind": made.recipe.kind,
        ":recipe": made.recipe.number,
        ":file": made.place.file,
        ":size": made.place.size_bytes,
        ":modified": made.place.modified_ns,
        ":inode": made.place.inode,
        ":media_type": made.media_type,
        ":codecs": made.codecs,
        ":duration": made.duration_ms,
        ":width": made.width,
        ":height": made.height,
        ":now": now,
    };
    conn.write(sql, params)
}

/// Deletes the renditions of replaced originals. Their files have no row then.
pub fn delete_superseded(conn: &Connection) -> Result<()> {
    let sql = "DELETE FROM rendition
               WHERE EXISTS (SELECT 1 FROM original WHERE original.id = rendition.original_id AND original.superseded_at IS NOT NULL)";
    conn.write(sql, [])
}

/// Those of these files that no rendition has.
pub fn without_row(conn: &Connection, files: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT value FROM json_each(:files)
               WHERE NOT EXISTS (SELECT 1 FROM rendition WHERE rendition.file = json_each.value)";
    conn.rows(
        sql,
        named_params! { ":files": query::json(files)? },
        |row| row.get(0),
    )
}

/// The bytes that all renditions take.
pub fn total_bytes(conn: &Connection) -> Result<u64> {
    conn.value("SELECT coalesce(sum(size_bytes), 0) FROM rendition", [])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_names_an_original_and_a_recipe_in_one_way() {
        let (original, recipe) = parse_version("0123456789ab-360p12").unwrap();
        assert_eq!(original, "0123456789ab");
        assert_eq!(
            recipe,
            Recipe {
                kind: RenditionKind::P360,
                number: 12
            }
        );
        for odd in [
            "0123456789ab",
            "0123456789ab-",
            "0123456789ab-360p",
            "0123456789ab-360p+1",
            "0123456789ab-360p01",
            "0123456789ab-480p1",
            "0123456789a-360p1",
            "0123456789ab-360p1-",
            "0123456789ab-full99999999999",
            "-full1",
        ] {
            assert_eq!(parse_version(odd), None, "{odd}");
        }
    }
}
