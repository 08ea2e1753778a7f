//! Inspects the files of one recording: files that are new or changed since the last scan are read, others are not opened. In: a
//! group of files and the previous files. Out: an [`Inspected`].

use std::fs::File;

use super::captions;
use super::folder::{Group, Unclaimed};
use super::inspected::{Inspected, MediaChange, Medium, PreviousFiles, Sidecar};
use super::media::{Examined, examine};
use super::passwords;
use super::report::{FindingKind, Report};
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::name::is_same;
use crate::catalogue::original::FilePlace;
use crate::error::Result;
use crate::library::{self, Library};
use crate::sidecar;

/// Inspects a group of files. Reads from disk and uses no connection.
pub fn inspect(
    library: &Library,
    folder: &str,
    stem: &str,
    group: &Group,
    previous: &PreviousFiles,
    report: &mut Report,
) -> Result<Inspected> {
    let mut inspected = Inspected {
        stem: stem.to_owned(),
        ..Inspected::default()
    };
    if group.has_unread_sidecar {
        inspected.sidecar = Sidecar::Broken;
    } else if group.has_sidecar {
        inspected.sidecar = read_sidecar(library, folder, stem, report)?;
        let links = inspected.stated().links.iter();
        let is_unusable = passwords::has_unusable(links.map(|link| link.password_hash.as_ref()));
        let file = sidecar::file_of(stem);
        let refused = match (is_unusable, previous.files.get(&file)) {
            (true, _) => passwords::refused(library, folder, &file, report),
            (false, Some(before)) => Some(LibraryFile {
                state: FileState::Taken,
                problem: None,
                ..before.clone()
            }),
            (false, None) => None,
        };
        inspected.places.extend(refused);
    }
    for place in &group.media {
        report.media_files += 1;
        let change = match previous.is_same(place) {
            Some(FileState::Taken) if previous.originals.contains(&place.file) => MediaChange::Same,
            Some(FileState::Refused) => MediaChange::Unusable,
            // A taken file without an original was read earlier, but not applied because its sidecar was unreadable; it is read
            // again.
            Some(FileState::Taken | FileState::Waiting) | None => {
                read_medium(library, place, &mut inspected.places, report)?
            }
        };
        inspected.media.push(Medium {
            place: place.clone(),
            change,
        });
    }
    let captions = captions::of(group, &captions::spoken(&inspected, previous), report);
    inspected.captions = captions::read(
        library,
        stem,
        &captions,
        previous,
        &mut inspected.places,
        report,
    )?;
    if let Some(place) = &group.poster {
        inspected.poster =
            version_of(library, place, previous)?.map(|version| (place.clone(), version));
    }
    for (stated, place) in &group.attachments {
        if let Some(version) = version_of(library, place, previous)? {
            inspected
                .attachments
                .push((stated.clone(), place.clone(), version));
        }
    }
    for unclaimed in &group.unclaimed {
        take_unclaimed(library, unclaimed, previous, &mut inspected)?;
    }
    Ok(inspected)
}

/// Inspects a file that is no hand-out by itself: it is one when the sidecar names it. The bytes of the others are only read when
/// the catalogue may know them as hand-outs.
fn take_unclaimed(
    library: &Library,
    unclaimed: &Unclaimed,
    previous: &PreviousFiles,
    inspected: &mut Inspected,
) -> Result<()> {
    let Unclaimed {
        words,
        place,
        unfit,
    } = unclaimed;
    let named = inspected.stated().attachments.iter();
    let is_named = unfit.may_be_named()
        && named
            .map(|named| &named.file)
            .any(|it| is_same(it, &place.file));
    let is_asked = is_named || previous.has_unnamed || previous.versions.contains_key(&place.file);
    let version = match is_asked {
        true => version_of(library, place, previous)?,
        false => None,
    };
    match version {
        Some(version) if is_named => {
            let attachment = (words.clone(), place.clone(), version);
            inspected.attachments.push(attachment);
        }
        version => inspected.unclaimed.push((unclaimed.clone(), version)),
    }
    Ok(())
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
            Ok(Sidecar::Stated {
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

/// Reads a media file and records the result, so that the file is not opened again without need.
fn read_medium(
    library: &Library,
    place: &FilePlace,
    places: &mut Vec<LibraryFile>,
    report: &mut Report,
) -> Result<MediaChange> {
    let name = format!("{}/{}", place.folder, place.file);
    report.opened += 1;
    let (state, why, change) = match examine(library, place)? {
        Examined::Usable(version, facts) => {
            let why = facts.problem.clone();
            let facts = Box::new(facts);
            (
                FileState::Taken,
                why,
                MediaChange::Arrived { version, facts },
            )
        }
        Examined::Arriving(why) => (FileState::Waiting, Some(why), MediaChange::Unusable),
        Examined::Useless(why) => (FileState::Refused, Some(why), MediaChange::Unusable),
    };
    if let Some(why) = why.clone() {
        let found = match state {
            FileState::Waiting => FindingKind::Waiting(why),
            FileState::Taken | FileState::Refused => FindingKind::Refused(why),
        };
        report.find(name, found);
    }
    places.push(LibraryFile {
        place: place.clone(),
        state,
        problem: why,
    });
    Ok(change)
}

/// The version of a poster or hand-out, read only when the file changed since the last scan. `None` when the file is gone.
fn version_of(
    library: &Library,
    place: &FilePlace,
    previous: &PreviousFiles,
) -> Result<Option<String>> {
    if let Some((before, version)) = previous.versions.get(&place.file)
        && place.is_same_file(before)
    {
        return Ok(Some(version.clone()));
    }
    let Ok(mut file): Result<File> = library.open(&place.folder, &place.file) else {
        return Ok(None);
    };
    Ok(Some(library::version(&mut file, place.size_bytes)?))
}
