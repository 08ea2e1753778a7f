//! The captions beside a media file. In: their files. Out: the cues of each language, when any of them is new, changed or gone.

use super::file_name;
use super::folder::{Group, PassedOver};
use super::inspected::{KnownFiles, Seen, Sidecar};
use super::report::{Found, Report};
use crate::catalogue::caption;
use crate::catalogue::library_file::{LibraryFile, State};
use crate::catalogue::original::Place;
use crate::error::Result;
use crate::library::Library;
use crate::timed_text;

/// The language of the recording, as far as it can be known before it is taken over.
pub fn spoken(seen: &Seen, known: &KnownFiles) -> String {
    let said = match &seen.sidecar {
        Sidecar::Said { value, .. } => value.language.as_deref().and_then(file_name::language),
        // What it said before stays true.
        Sidecar::None | Sidecar::Broken => known.languages.get(&seen.stem).cloned(),
    };
    said.unwrap_or_else(|| known.language.clone())
}

/// The captions of a recording, one for each language: the one whose name says it goes first.
pub fn of<'a>(group: &'a Group, spoken: &str, report: &mut Report) -> Vec<(String, &'a Place)> {
    let (said, unsaid): (Vec<_>, Vec<_>) = group
        .captions
        .iter()
        .partition(|(language, _)| language.is_some());
    let mut captions: Vec<(String, &Place)> = Vec::new();
    for (language, place) in said.into_iter().chain(unsaid) {
        let language = language.clone().unwrap_or_else(|| spoken.to_owned());
        if captions.iter().any(|(known, _)| *known == language) {
            let name = format!("{}/{}", place.folder, place.file);
            report.find(name, Found::PassedOver(PassedOver::SecondOne));
        } else {
            captions.push((language, place));
        }
    }
    captions
}

/// All captions of a recording when any of them is new, changed or gone: cues are written together.
pub fn read(
    library: &Library,
    stem: &str,
    captions: &[(String, &Place)],
    known: &KnownFiles,
    places: &mut Vec<LibraryFile>,
    report: &mut Report,
) -> Result<Option<Vec<caption::Said>>> {
    let before = known.captions.get(stem).map_or(&[][..], Vec::as_slice);
    let usable = |place: &Place| known.is_same(place) != Some(State::Refused);
    let now: Vec<(&String, &Place)> = captions
        .iter()
        .map(|(language, place)| (language, *place))
        .filter(|(_, place)| usable(place))
        .collect();
    let same = now.len() == before.len()
        && now.iter().all(|(language, place)| {
            known.is_same(place) == Some(State::Taken)
                && before
                    .iter()
                    .any(|(tag, file)| tag == *language && *file == place.file)
        });
    if same {
        return Ok(None);
    }
    let mut read_now = Vec::new();
    for (language, place) in now {
        let name = format!("{}/{}", place.folder, place.file);
        let read = library
            .read(
                &place.folder,
                &place.file,
                timed_text::LARGEST_FILE_BYTES as u64,
            )
            .map(Option::unwrap_or_default);
        let read = read
            .map_err(|problem| problem.to_string())
            .and_then(|bytes| timed_text::read(&bytes).map_err(|broken| broken.to_string()));
        let (state, problem) = match read {
            Ok(read) => {
                for warning in &read.warnings {
                    let place = format!("{name}, line {}", warning.line);
                    report.note(place, warning.kind.to_string());
                }
                read_now.push(caption::Said {
                    language: language.clone(),
                    file: place.file.clone(),
                    cues: read.cues,
                });
                (State::Taken, None)
            }
            Err(problem) => {
                report.note(name, problem.clone());
                (State::Refused, Some(problem))
            }
        };
        places.push(LibraryFile {
            place: place.clone(),
            state,
            problem,
        });
    }
    Ok(Some(read_now))
}
