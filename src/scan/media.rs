//! Examines one media file that is new or changed. In: its place. Out: its version and the verdict of the probe, or why the file
//! cannot be used now. The name does not matter, and no media data is read beyond the samples of the version.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalogue::chapter;
use crate::catalogue::original::{Facts, FilePlace};
use crate::error::Result;
use crate::library::{self, Library};
use crate::probe::{self, Unreadable};

/// A file whose container does not state its length counts as complete when it has not changed for this long.
const QUIET_NS: i64 = 3_000_000_000;

/// A file that stops before its end is taken for what it is when it has not changed for this long: copying programs pause for minutes,
/// not for an hour.
const BROKEN_OFF_NS: i64 = 3_600_000_000_000;

/// Why such a file is none.
const NOTHING_PLAYS: &str = "the file was broken off before anything in it plays";

/// The time of last change, in UTC seconds, with which a file that was broken off is taken at once: nobody writes to it any more,
/// because it was sent whole. `modified`: the one that it had.
pub fn given_up(modified: i64) -> i64 {
    modified.min((now_ns() - BROKEN_OFF_NS) / 1_000_000_000 - 1)
}

/// The result of examining a media file.
pub enum Examined {
    /// The version and facts of a media file, which may be damaged.
    Usable(String, Facts),
    Arriving(String),
    Useless(String),
}

/// Probes a file and checks that it did not change meanwhile; a file that changed is still arriving.
pub fn examine(library: &Library, place: &FilePlace) -> Result<Examined> {
    let mut file = match library.open(&place.folder, &place.file) {
        Ok(file) => file,
        // Waiting would not make this file readable.
        Err(problem) => return Ok(Examined::Useless(problem.to_string())),
    };
    let mut probed = probe::probe(&mut file, place.size_bytes);
    let age_ns = now_ns().saturating_sub(place.modified_ns);
    let is_given_up = age_ns > BROKEN_OFF_NS && matches!(probed, Err(Unreadable::Incomplete));
    if is_given_up {
        probed = probe::probe_broken_off(&mut file, place.size_bytes);
    }
    let version = library::version(&mut file, place.size_bytes)?;
    let (facts, ends_itself) = match probed {
        Ok(probe) => (facts(&probe), probe.self_delimiting || probe.is_broken_off),
        Err(Unreadable::Incomplete) if is_given_up => {
            return Ok(Examined::Useless(NOTHING_PLAYS.to_owned()));
        }
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
    let now = library.stat(&place.folder, &place.file)?;
    let is_changed = now.is_none_or(|now| !now.is_same_file(place));
    let is_quiet = ends_itself || age_ns > QUIET_NS;
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
        broken_off: probe.is_broken_off,
        problem: None,
    }
}
