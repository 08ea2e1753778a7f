//! Examining one media file that is new or changed. In: where it lies. Out: its version and what the probe says of it, or
//! why it cannot be used now. Nothing is asked of its name, and no media data is read beyond the samples of the version.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalogue::chapter;
use crate::catalogue::original::{Facts, FilePlace};
use crate::error::Result;
use crate::library::{self, Library};
use crate::probe::{self, Unreadable};

/// A file whose container does not say where it ends counts as arrived once it has been left alone this long.
const QUIET_NS: i64 = 3_000_000_000;

/// What a media file turned out to be.
pub enum Examined {
    /// Its version and what is known of it; also of one that is media but damaged.
    Usable(String, Facts),
    Arriving(String),
    Useless(String),
}

/// Probes a file between two looks at it; one that changes meanwhile is still arriving.
pub fn examine(library: &Library, place: &FilePlace) -> Result<Examined> {
    let mut file = match library.open(&place.folder, &place.file) {
        Ok(file) => file,
        // It will not become readable by waiting.
        Err(problem) => return Ok(Examined::Useless(problem.to_string())),
    };
    let probed = probe::probe(&mut file, place.size_bytes);
    let version = library::version(&mut file, place.size_bytes)?;
    let (facts, ends_itself) = match probed {
        Ok(probe) => (facts(&probe), probe.self_delimiting),
        Err(problem @ Unreadable::Incomplete) => {
            return Ok(Examined::Arriving(problem.to_string()));
        }
        Err(problem @ (Unreadable::NotMedia | Unreadable::TooLarge)) => {
            return Ok(Examined::Useless(problem.to_string()));
        }
        Err(problem @ (Unreadable::Damaged(_) | Unreadable::Io(_))) => (
            Facts {
                problem: Some(problem.to_string()),
                ..Facts::default()
            },
            true,
        ),
    };
    let is_changed = library.stat(&place.folder, &place.file)?.as_ref() != Some(place);
    let is_quiet = ends_itself || place.modified_ns < now_ns().saturating_sub(QUIET_NS);
    match is_changed || !is_quiet {
        true => Ok(Examined::Arriving("it is still changing".to_owned())),
        false => Ok(Examined::Usable(version, facts)),
    }
}

fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
}

fn facts(probe: &probe::Probe) -> Facts {
    Facts {
        media_type: Some(probe.media_type().to_owned()),
        duration_ms: probe.duration_ms,
        width: probe.video.as_ref().map(|video| video.width),
        height: probe.video.as_ref().map(|video| video.height),
        codecs: probe.codecs.clone(),
        index_first: probe.index_first,
        playable: probe.verdict.playable,
        verdict: Some(probe.verdict.reason.key().to_owned()),
        recorded_at: probe.recorded_at,
        chapters: probe
            .chapters
            .iter()
            .map(|(start_ms, title)| chapter::Chapter {
                start_ms: *start_ms,
                title: title.clone(),
            })
            .collect(),
        problem: None,
    }
}
