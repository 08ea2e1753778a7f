//! Looking at the files of one recording: whatever is new since the last scan is read, the rest is not opened. In: a
//! group of files and what the last scan knew. Out: a [`Seen`] that can be taken into the catalogue without touching a file.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::sync::LazyLock;

use super::captions;
use super::examine::{Examined, examine};
use super::folder::Group;
use super::report::{Found, Report};
use crate::catalogue::caption;
use crate::catalogue::library_file::{LibraryFile, State};
use crate::catalogue::original::{Facts, Place};
use crate::error::Result;
use crate::library::{self, Library};
use crate::sidecar::{self, RecordingSidecar};

/// All that was seen of one recording.
#[derive(Debug, Default)]
pub struct Seen {
    pub stem: String,
    pub sidecar: Sidecar,
    pub media: Vec<Medium>,
    /// `None` when nothing about them changed since the last scan.
    pub captions: Option<Vec<caption::Said>>,
    pub poster: Option<(Place, String)>,
    pub attachments: Vec<(String, Place, String)>,
    /// What to write down about each place, so that it is not opened again.
    pub places: Vec<LibraryFile>,
}

impl Seen {
    /// What the sidecar says; nothing when there is none or it cannot be read.
    pub fn said(&self) -> &RecordingSidecar {
        static NOTHING: LazyLock<RecordingSidecar> = LazyLock::new(RecordingSidecar::default);
        match &self.sidecar {
            Sidecar::Said { value, .. } => value,
            Sidecar::None | Sidecar::Broken => &NOTHING,
        }
    }

    /// BLAKE3 of a sidecar that could be read, hexadecimal.
    pub fn sidecar_hash(&self) -> Option<String> {
        match &self.sidecar {
            Sidecar::Said { hash, .. } => Some(hash.clone()),
            Sidecar::None | Sidecar::Broken => None,
        }
    }

    /// The file by which a person knows the recording.
    pub fn name(&self) -> String {
        self.media.first().map_or_else(
            || sidecar::file_of(&self.stem),
            |medium| medium.place.file.clone(),
        )
    }
}

/// What the sidecar says.
#[derive(Debug, Default)]
pub enum Sidecar {
    #[default]
    None,
    /// Its content and the BLAKE3 of its bytes.
    Said {
        value: Box<RecordingSidecar>,
        hash: String,
    },
    /// It cannot be read: nothing it may have said is changed until a person has mended it.
    Broken,
}

/// A media file and what became of it.
#[derive(Debug)]
pub struct Medium {
    pub place: Place,
    pub look: Look,
}

impl Medium {
    /// Whether it is part of the recording now.
    pub fn is_usable(&self) -> bool {
        match self.look {
            Look::Same | Look::Arrived { .. } => true,
            Look::Unusable => false,
        }
    }
}

#[derive(Debug)]
pub enum Look {
    /// As the last scan left it.
    Same,
    /// New bytes, read.
    Arrived { version: String, facts: Box<Facts> },
    /// Not yet, or never, part of the recording.
    Unusable,
}

/// What the last scan knew of a folder's files.
#[derive(Debug, Default)]
pub struct KnownFiles {
    pub files: HashMap<String, LibraryFile>,
    /// Names of the media files that the catalogue knows to be there.
    pub originals: HashSet<String>,
    /// Versions of posters and hand-outs by place, so that an unchanged one is not read again.
    pub versions: HashMap<String, (Place, String)>,
    /// By stem: the captions that are in the catalogue, language and file.
    pub captions: HashMap<String, Vec<(String, String)>>,
    /// By stem: the language of the recording.
    pub languages: HashMap<String, String>,
    /// That of the series.
    pub language: String,
}

impl KnownFiles {
    /// What became of a file that looks as it did at the last scan; `None` when it does not.
    pub fn is_same(&self, place: &Place) -> Option<State> {
        self.files
            .get(&place.file)
            // It looks as it did. Size, time and inode together: a copy over it changes at least one.
            .filter(|known| known.place == *place)
            .map(|known| known.state)
    }
}

/// Looks at a group. Reads files; holds no connection.
pub fn look(
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
