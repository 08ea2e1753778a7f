//! Looking at the files of one recording: whatever is new since the last scan is read, the rest is not opened. In: a
//! group of files and what the last scan knew. Out: a [`Seen`].

use std::fs::File;

use super::captions;
use super::folder::Group;
use super::inspected::{KnownFiles, Look, Medium, Seen, Sidecar};
use super::media::{Examined, examine};
use super::report::{Found, Report};
use crate::catalogue::library_file::{LibraryFile, State};
use crate::catalogue::original::Place;
use crate::error::Result;
use crate::library::{self, Library};
use crate::sidecar;

/// Looks at a group. Reads files; holds no connection.
pub fn inspect(
    library: &Library,
    folder: &str,
    stem: &str,
    group: &Group,
    known: &KnownFiles,
    report: &mut Report,
) -> Result<Seen> {
    let mut seen = Seen {
        stem: stem.to_owned(),
        ..Seen::default()
    };
    if group.has_unread_sidecar {
        seen.sidecar = Sidecar::Broken;
    } else if group.has_sidecar {
        seen.sidecar = read_sidecar(library, folder, stem, report)?;
    }
    for place in &group.media {
        report.media_files += 1;
        let look = match known.is_same(place) {
            Some(State::Taken) if known.originals.contains(&place.file) => Look::Same,
            Some(State::Refused) => Look::Unusable,
            // Also one that was read but not taken over, because its sidecar could not be read then.
            Some(State::Taken | State::Waiting) | None => {
                read_medium(library, place, &mut seen.places, report)?
            }
        };
        seen.media.push(Medium {
            place: place.clone(),
            look,
        });
    }
    let captions = captions::of(group, &captions::spoken(&seen, known), report);
    seen.captions = captions::read(library, stem, &captions, known, &mut seen.places, report)?;
    if let Some(place) = &group.poster {
        seen.poster = version_of(library, place, known)?.map(|version| (place.clone(), version));
    }
    for (said, place) in &group.attachments {
        if let Some(version) = version_of(library, place, known)? {
            seen.attachments
                .push((said.clone(), place.clone(), version));
        }
    }
    Ok(seen)
}

fn read_sidecar(
    library: &Library,
    folder: &str,
    stem: &str,
    report: &mut Report,
) -> Result<Sidecar> {
    let file = sidecar::file_of(stem);
    let place = format!("{folder}/{file}");
    report.sidecars += 1;
    let text = match sidecar::read_text(library, folder, &file) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(Sidecar::None),
        Err(problem) => {
            report.note(place, format!("{problem}; nothing of it was taken over"));
            return Ok(Sidecar::Broken);
        }
    };
    let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
    match sidecar::read_recording(&text) {
        Ok(read) => {
            for unknown in &read.unknown {
                report.note(
                    format!("{place}, line {}", unknown.line),
                    format!("has no meaning for \"{}\"", unknown.key),
                );
            }
            for note in &read.notes {
                report.note(
                    format!("{place}, line {}", note.line),
                    format!(
                        "\"{}\" cannot be {} and was passed over",
                        note.written, note.key
                    ),
                );
            }
            Ok(Sidecar::Said {
                value: Box::new(read.value),
                hash,
            })
        }
        Err(broken) => {
            report.note(
                format!("{place}, line {}", broken.line),
                format!("{}; nothing of it was taken over", broken.message),
            );
            Ok(Sidecar::Broken)
        }
    }
}

/// Reads a media file and notes what became of it, so that it is not opened again without need.
fn read_medium(
    library: &Library,
    place: &Place,
    places: &mut Vec<LibraryFile>,
    report: &mut Report,
) -> Result<Look> {
    let name = format!("{}/{}", place.folder, place.file);
    report.opened += 1;
    let (state, why, look) = match examine(library, place)? {
        Examined::Usable(version, facts) => {
            let why = facts.problem.clone();
            let facts = Box::new(facts);
            (State::Taken, why, Look::Arrived { version, facts })
        }
        Examined::Arriving(why) => (State::Waiting, Some(why), Look::Unusable),
        Examined::Useless(why) => (State::Refused, Some(why), Look::Unusable),
    };
    if let Some(why) = why.clone() {
        let found = match state {
            State::Waiting => Found::Waiting(why),
            State::Taken | State::Refused => Found::Refused(why),
        };
        report.find(name, found);
    }
    places.push(LibraryFile {
        place: place.clone(),
        state,
        problem: why,
    });
    Ok(look)
}

/// The version of a poster or hand-out, read only when it looks different from the last time. `None` when it vanished.
fn version_of(library: &Library, place: &Place, known: &KnownFiles) -> Result<Option<String>> {
    if let Some((before, version)) = known.versions.get(&place.file)
        && before == place
    {
        return Ok(Some(version.clone()));
    }
    let Ok(mut file): Result<File> = library.open(&place.folder, &place.file) else {
        return Ok(None);
    };
    Ok(Some(library::version(&mut file, place.size_bytes)?))
}
