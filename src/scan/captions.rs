//! Reads the caption files of a recording. In: the files. Out: the cues of each language, when any file is new, changed or gone.

use super::file_name;
use super::folder::{Group, PassedOver};
use super::inspected::{Inspected, PreviousFiles, Sidecar};
use super::report::{FindingKind, Report};
use crate::catalogue::caption::{self, CaptionKind};
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::original::FilePlace;
use crate::error::Result;
use crate::library::Library;
use crate::timed_text::{self, Warning};

/// The language of the recording, as far as it is known before its metadata is applied.
pub fn spoken(inspected: &Inspected, previous: &PreviousFiles) -> String {
    let stated = match &inspected.sidecar {
        Sidecar::Stated { value, .. } => value.language.as_deref().and_then(file_name::language),
        // Without a readable sidecar the language that the catalogue has stays valid.
        Sidecar::None | Sidecar::Broken => previous.languages.get(&inspected.stem).cloned(),
    };
    stated.unwrap_or_else(|| previous.language.clone())
}

/// The file with the captions in a language.
pub struct CaptionsIn<'a> {
    pub language: String,
    pub kind: Option<CaptionKind>,
    pub place: &'a FilePlace,
}

/// The captions of a recording, one for each language. Those that hold all that is said win over those that do not, and a file with a
/// language in its name over one without.
pub fn of<'a>(group: &'a Group, spoken: &str, report: &mut Report) -> Vec<CaptionsIn<'a>> {
    let mut all: Vec<_> = group.captions.iter().collect();
    all.sort_by_key(|(said, _)| {
        let is_forced = said.kind == Some(CaptionKind::Forced);
        (is_forced, said.language.is_none(), said.kind)
    });
    let mut captions: Vec<CaptionsIn<'_>> = Vec::new();
    for (said, place) in all {
        let language = said.language.clone().unwrap_or_else(|| spoken.to_owned());
        if captions.iter().any(|one| one.language == language) {
            report.find(name(place), FindingKind::PassedOver(PassedOver::SecondOne));
        } else {
            let kind = said.kind;
            captions.push(CaptionsIn {
                language,
                kind,
                place,
            });
        }
    }
    captions
}

/// Reads all captions of a recording when any file is new, changed or gone, because all cues are replaced together; `None` when
/// nothing changed. What is wrong with a file is said by every scan, whoever read it first.
pub fn read(
    library: &Library,
    stem: &str,
    captions: &[CaptionsIn<'_>],
    previous: &PreviousFiles,
    places: &mut Vec<LibraryFile>,
    report: &mut Report,
) -> Result<Option<Vec<caption::NewCaption>>> {
    let before = previous.captions.get(stem).map_or(&[][..], Vec::as_slice);
    let (refused, now): (Vec<&CaptionsIn<'_>>, Vec<_>) = captions
        .iter()
        .partition(|one| previous.is_same(one.place) == Some(FileState::Refused));
    for one in refused {
        let known = previous.files.get(&one.place.file);
        let problem = known.and_then(|known| known.problem.clone());
        report.note(name(one.place), problem.unwrap_or_default());
    }
    let known = |one: &CaptionsIn<'_>| {
        let of_this =
            |it: &&caption::CaptionFile| it.language == one.language && it.file == one.place.file;
        let is_taken = previous.is_same(one.place) == Some(FileState::Taken);
        before.iter().find(of_this).filter(|_| is_taken)
    };
    let same: Vec<_> = now.iter().copied().map_while(known).collect();
    if same.len() == now.len() && now.len() == before.len() {
        for (known, one) in same.into_iter().zip(&now) {
            tell(&Warning::of_word(&known.warnings), one.place, report);
        }
        return Ok(None);
    }
    let mut read_now = Vec::new();
    for one in now {
        let place = one.place;
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
                tell(&read.warnings, place, report);
                read_now.push(caption::NewCaption {
                    language: one.language.clone(),
                    kind: one.kind,
                    file: place.file.clone(),
                    said: timed_text::said(&read.cues),
                    cues: read.cues,
                    warnings: Warning::word(&read.warnings),
                });
                (FileState::Taken, None)
            }
            Err(problem) => {
                report.note(name(place), problem.clone());
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

fn tell(warnings: &[Warning], place: &FilePlace, report: &mut Report) {
    for warning in warnings {
        let place = format!("{}, line {}", name(place), warning.line);
        report.note(place, warning.kind.to_string());
    }
}

fn name(place: &FilePlace) -> String {
    format!("{}/{}", place.folder, place.file)
}
