//! Reads the caption files of a recording. In: the files. Out: the cues of each language, when any file is new, changed or gone.

use super::file_name;
use super::folder::{Group, PassedOver};
use super::inspected::{Inspected, PreviousFiles, Sidecar};
use super::report::{FindingKind, Report};
use crate::catalogue::caption;
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::original::FilePlace;
use crate::error::Result;
use crate::library::Library;
use crate::timed_text;

/// The language of the recording, as far as it is known before its metadata is applied.
pub fn spoken(inspected: &Inspected, previous: &PreviousFiles) -> String {
    let stated = match &inspected.sidecar {
        Sidecar::Stated { value, .. } => value.language.as_deref().and_then(file_name::language),
        // Without a readable sidecar the language that the catalogue has stays valid.
        Sidecar::None | Sidecar::Broken => previous.languages.get(&inspected.stem).cloned(),
    };
    stated.unwrap_or_else(|| previous.language.clone())
}

/// The captions of a recording, one for each language; a file with a language in its name wins over one without.
pub fn of<'a>(group: &'a Group, spoken: &str, report: &mut Report) -> Vec<(String, &'a FilePlace)> {
    let (stated, unsaid): (Vec<_>, Vec<_>) = group
        .captions
        .iter()
        .partition(|(language, _)| language.is_some());
    let mut captions: Vec<(String, &FilePlace)> = Vec::new();
    for (language, place) in stated.into_iter().chain(unsaid) {
        let language = language.clone().unwrap_or_else(|| spoken.to_owned());
        if captions.iter().any(|(existing, _)| *existing == language) {
            let name = format!("{}/{}", place.folder, place.file);
            report.find(name, FindingKind::PassedOver(PassedOver::SecondOne));
        } else {
            captions.push((language, place));
        }
    }
    captions
}

/// Reads all captions of a recording when any file is new, changed or gone, because all cues are replaced together; `None` when
/// nothing changed.
pub fn read(
    library: &Library,
    stem: &str,
    captions: &[(String, &FilePlace)],
    previous: &PreviousFiles,
    places: &mut Vec<LibraryFile>,
    report: &mut Report,
) -> Result<Option<Vec<caption::NewCaption>>> {
    let before = previous.captions.get(stem).map_or(&[][..], Vec::as_slice);
    let usable = |place: &FilePlace| previous.is_same(place) != Some(FileState::Refused);
    let now: Vec<(&String, &FilePlace)> = captions
        .iter()
        .map(|(language, place)| (language, *place))
        .filter(|(_, place)| usable(place))
        .collect();
    let same = now.len() == before.len()
        && now.iter().all(|(language, place)| {
            previous.is_same(place) == Some(FileState::Taken)
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
                read_now.push(caption::NewCaption {
                    language: language.clone(),
                    file: place.file.clone(),
                    cues: read.cues,
                });
                (FileState::Taken, None)
            }
            Err(problem) => {
                report.note(name, problem.clone());
                (FileState::Refused, Some(problem))
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
