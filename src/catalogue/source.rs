//! A source: a file that a player may choose from, as HTML calls it. Originals and renditions are one list here; what plays in every
//! browser is told apart from what some refuse. In: a recording. Out: its sources, those that play first and the smallest picture first.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use super::original::{self, Original};
use super::query::{self, Query};
use super::rendition::{self, Rendition, RenditionKind};
use crate::error::Result;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The version of its media address, and the file name in it.
    pub version: String,
    pub file: String,
    pub size_bytes: u64,
    media_type: Option<String>,
    codecs: Option<String>,
    /// Pixels as shown; `None` for sound.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Whether at least some browsers play it.
    pub playable: bool,
    /// Key of the text that says which browsers play an original.
    pub verdict: Option<String>,
    /// Whether the file stops before its end.
    pub broken_off: bool,
    /// `None`: the original.
    pub kind: Option<RenditionKind>,
    /// Whether a rendition as large takes its place in players.
    pub is_replaced: bool,
    /// The same sound as Opus. It stands in no list of its own: whoever does not ask a browser first gets what plays everywhere.
    pub in_opus: Option<Box<Source>>,
}

impl Source {
    /// The media type; `None` for a file that could not be read.
    pub fn known_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The media type for `Content-Type`.
    pub fn media_type(&self) -> &str {
        self.known_type().unwrap_or("application/octet-stream")
    }

    /// The media type with its codecs, for `<source type>` and `canPlayType` (RFC 6381 §3).
    pub fn full_type(&self) -> String {
        let media_type = self.media_type();
        match self.codecs.as_deref() {
            Some(codecs) => format!("{media_type}; codecs=\"{codecs}\""),
            None => media_type.to_owned(),
        }
    }

    /// Whether every common browser plays it.
    pub fn plays_everywhere(&self) -> bool {
        match self.kind {
            Some(kind) => kind.plays_everywhere(),
            None => self.verdict.as_deref() == Some("verdict-plays"),
        }
    }

    /// The longest and the shortest side of its picture.
    pub fn shape(&self) -> Option<(u32, u32)> {
        let (width, height) = self.width.zip(self.height)?;
        Some((width.max(height), width.min(height)))
    }

    /// How large its picture is; 0 for sound.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width.unwrap_or(0)) * u64::from(self.height.unwrap_or(0))
    }

    fn of_original(original: Original, is_replaced: bool) -> Self {
        Self {
            version: original.version,
            file: original.place.file,
            size_bytes: original.place.size_bytes,
            media_type: original.facts.media_type,
            codecs: original.facts.codecs,
            width: original.facts.width,
            height: original.facts.height,
            playable: original.facts.playable,
            verdict: original.facts.verdict,
            broken_off: original.facts.broken_off,
            kind: None,
            is_replaced,
            in_opus: None,
        }
    }

    fn of_rendition(rendition: Rendition, originals: &[Original]) -> Self {
        let of = originals
            .iter()
            .find(|original| original.id == rendition.original_id);
        let file = of.map_or_else(String::new, |of| rendition.file_name(&of.place.file));
        Self {
            file,
            kind: Some(rendition.recipe.kind),
            version: rendition.version,
            size_bytes: rendition.place.size_bytes,
            media_type: Some(rendition.media_type),
            codecs: rendition.codecs,
            width: rendition.width,
            height: rendition.height,
            playable: true,
            verdict: None,
            broken_off: false,
            is_replaced: false,
            in_opus: None,
        }
    }
}

/// Why a recording does not play for every visitor, by all of its sources together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplayable {
    /// Whether no browser plays it, and not only some do not.
    pub is_for_all: bool,
    /// Key of the text that says why.
    pub verdict: Option<String>,
    /// Whether a file that plays is still to be made of it.
    pub is_under_way: bool,
}

/// Those of these recordings (row ids) that do not play for every visitor. One without a file is none of them.
pub fn unplayable(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Unplayable>> {
    let sql = "SELECT DISTINCT recording_id
               FROM job
               WHERE recording_id IN (SELECT value FROM json_each(:ids))
                 AND step IN ('inspect', 'full') AND parked_at IS NULL";
    let ids = query::json(recordings)?;
    let under_way: Vec<i64> = conn.rows(sql, named_params! { ":ids": ids }, |row| row.get(0))?;
    let all = of_recordings(conn, recordings)?.into_iter();
    let all = all.filter_map(|(id, sources)| {
        // Those that play stand first.
        let first = sources.first()?;
        let plays = sources.iter().any(Source::plays_everywhere);
        (!plays).then(|| {
            let one = Unplayable {
                is_for_all: !first.playable,
                verdict: first.verdict.clone(),
                is_under_way: under_way.contains(&id),
            };
            (id, one)
        })
    });
    Ok(all.collect())
}

/// SQL: this row of `recording` has a file and no source that a browser plays, as in [`of_recording`]: renditions are made to be played.
/// One that is planned has no file.
#[macro_export]
macro_rules! plays_nowhere {
    () => {
        "(SELECT max(original.playable OR EXISTS (SELECT 1 FROM rendition WHERE rendition.original_id = original.id))
          FROM original WHERE original.recording_id = recording.id
          AND superseded_at IS NULL AND missing_since IS NULL AND original.state = 'ready') IS 0"
    };
}

/// The sources of a recording. The caller has checked that the viewer may see it.
pub fn of_recording(conn: &Connection, recording_id: i64) -> Result<Vec<Source>> {
    let originals = original::sources(conn, recording_id)?;
    Ok(together(
        originals,
        rendition::of_recording(conn, recording_id)?,
    ))
}

/// The sources of several recordings, by recording.
pub fn of_recordings(conn: &Connection, recordings: &[i64]) -> Result<HashMap<i64, Vec<Source>>> {
    let mut renditions = rendition::of_recordings(conn, recordings)?;
    let originals = original::sources_of(conn, recordings)?.into_iter();
    let all = originals.map(|(id, originals)| {
        let renditions = renditions.remove(&id).unwrap_or_default();
        (id, together(originals, renditions))
    });
    Ok(all.collect())
}

fn together(originals: Vec<Original>, renditions: Vec<Rendition>) -> Vec<Source> {
    let has_full = |original: &Original| {
        let is_its = |one: &Rendition| {
            one.original_id == original.id && one.recipe.kind == RenditionKind::Full
        };
        renditions.iter().any(is_its)
    };
    let replaced: Vec<bool> = originals.iter().map(has_full).collect();
    let is_opus = |one: &Rendition| one.recipe.kind == RenditionKind::Opus;
    let (in_opus, made): (Vec<_>, Vec<_>) = renditions.into_iter().partition(is_opus);
    let made = made.into_iter().map(|one| {
        let is_sound = one.recipe.kind == RenditionKind::Sound;
        let same = |opus: &&Rendition| is_sound && opus.original_id == one.original_id;
        let same = in_opus.iter().find(same).cloned();
        Source {
            in_opus: same.map(|opus| Box::new(Source::of_rendition(opus, &originals))),
            ..Source::of_rendition(one, &originals)
        }
    });
    let mut all: Vec<Source> = made.collect();
    let as_they_came = originals.into_iter().zip(replaced);
    all.extend(
        as_they_came.map(|(original, is_replaced)| Source::of_original(original, is_replaced)),
    );
    // The order of `original::sources`, for both.
    all.sort_by_key(|one| (!one.playable, one.pixels(), one.size_bytes));
    all
}
