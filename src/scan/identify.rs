//! Identifies the recording that files belong to. In: the inspected files and the candidates in the catalogue. Out: a known
//! recording, or a new one. The id in the sidecar decides first, then the place, then the content, so that moved files keep their
//! address.

use std::collections::HashSet;

use rusqlite::Connection;

use super::inspected::{Inspected, MediaChange, Medium, Sidecar};
use super::report::Findings;
use crate::catalogue::address::{self, AddressKind};
use crate::catalogue::original::{self, FilePlace};
use crate::catalogue::recording::{self, stored};
use crate::catalogue::{PublicId, series};
use crate::error::Result;
use crate::library::Library;
use crate::sidecar;

/// The recording that files belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A recording of the catalogue; `from` is its old folder and stem when it moved.
    Existing {
        id: i64,
        from: Option<(String, String)>,
    },
    /// A recording in the same folder whose file was renamed without its sidecar; `stem` is that of the sidecar.
    Joins { id: i64, stem: String },
    /// A new recording, with the id that its sidecar asks for when that id is free.
    New { wanted: Option<PublicId> },
    /// No recording can be identified, for example until somebody repairs the sidecar.
    Unknown,
}

impl Identity {
    /// The row id of a recording of the catalogue.
    pub fn known(&self) -> Option<i64> {
        match self {
            Self::Existing { id, .. } | Self::Joins { id, .. } => Some(*id),
            Self::New { .. } | Self::Unknown => None,
        }
    }

    /// The recording that is known at this place.
    fn unmoved(id: i64) -> Self {
        Self::Existing { id, from: None }
    }
}

/// The decision about the files of one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    pub identity: Identity,
    /// Files whose bytes were at another place before and are gone there: file name here, and row id of the original.
    pub moved: Vec<(String, i64)>,
}

/// What the catalogue knows about the files of one recording; loaded in one closure, judged without a connection.
#[derive(Debug, Default)]
pub struct Candidates {
    /// The recording that has the id in the sidecar: row id, folder and stem.
    by_id: Option<(i64, String, String)>,
    /// Whether the id in the sidecar was given out before.
    id_is_given: bool,
    /// The recording known at this place: row id and public id.
    by_place: Option<(i64, PublicId)>,
    /// Originals with the same bytes, for each file that arrived.
    by_content: Vec<SameContent>,
}

/// A known original with the same bytes as a file that arrived.
#[derive(Debug)]
struct SameContent {
    /// Name of the file that arrived.
    file: String,
    original_id: i64,
    recording_id: i64,
    /// Place where the original was last found.
    lay: FilePlace,
    /// Folder and stem of the recording that owns the original.
    of: (String, String),
}

/// Loads the candidates for the files of one recording. `row`: the recording of this series that has the same stem.
pub fn candidates(
    conn: &Connection,
    inspected: &Inspected,
    row: Option<i64>,
) -> Result<Candidates> {
    let mut candidates = Candidates::default();
    if let Some(row) = row {
        candidates.by_place = Some((row, recording::public_id(conn, row)?));
    }
    if let Some(id) = sidecar_id(inspected) {
        candidates.by_id = stored::place(conn, &id)?;
        candidates.id_is_given = address::is_given(conn, AddressKind::Recording, id.as_str())?;
    }
    let mut holds_deleted = HashSet::new();
    for medium in &inspected.media {
        let Some(version) = arrived_version(medium) else {
            continue;
        };
        for original in original::of_samples(conn, version)? {
            let stored = stored::by_id(conn, original.recording_id)?;
            let folder = series::by_id(conn, stored.series_id)?.folder;
            if stored.deleted {
                holds_deleted.insert(stored.id);
            }
            candidates.by_content.push(SameContent {
                file: medium.place.file.clone(),
                original_id: original.id,
                recording_id: original.recording_id,
                lay: original.place,
                of: (folder, stored.entry.stem),
            });
        }
    }
    // New bytes at the place of a deleted recording make another recording.
    if let Some((row, _)) = candidates.by_place
        && has_arrived(inspected)
        && !holds_deleted.contains(&row)
        && stored::by_id(conn, row)?.deleted
    {
        candidates.by_place = None;
    }
    Ok(candidates)
}

fn sidecar_id(inspected: &Inspected) -> Option<PublicId> {
    match &inspected.sidecar {
        Sidecar::Stated { value, .. } => value.id.as_deref().and_then(PublicId::parse),
        Sidecar::None | Sidecar::Broken => None,
    }
}

fn arrived_version(medium: &Medium) -> Option<&str> {
    match &medium.change {
        MediaChange::Arrived { version, .. } => Some(version),
        MediaChange::Same | MediaChange::Unusable => None,
    }
}

/// Whether any of the media files has new bytes.
fn has_arrived(inspected: &Inspected) -> bool {
    let mut versions = inspected.media.iter().map(arrived_version);
    versions.any(|version| version.is_some())
}

/// Decides which recording the files belong to. Checks on disk whether other files with this id or content still exist; uses no
/// connection.
pub fn identify(
    library: &Library,
    folder: &str,
    inspected: &Inspected,
    mut candidates: Candidates,
    findings: &mut Findings,
) -> Result<Identified> {
    let mut moved_here = Vec::new();
    for same in candidates.by_content.drain(..) {
        if library.stat(&same.lay.folder, &same.lay.file)?.is_none() {
            moved_here.push(same);
        }
    }
    let moved = moved_here
        .iter()
        .map(|same| (same.file.clone(), same.original_id))
        .collect();
    let identity = match sidecar_id(inspected) {
        Some(id) => by_id(library, folder, inspected, &candidates, &id, findings)?,
        None => without_id(
            library,
            folder,
            inspected,
            &candidates,
            &moved_here,
            findings,
        )?,
    };
    Ok(Identified { identity, moved })
}

/// Identifies by the id in the sidecar: the recording with that id, unless another file has the id already.
fn by_id(
    library: &Library,
    folder: &str,
    inspected: &Inspected,
    candidates: &Candidates,
    id: &PublicId,
    Findings { taken, report, .. }: &mut Findings,
) -> Result<Identity> {
    let place = format!("{folder}/{}", sidecar::file_of(&inspected.stem));
    let elsewhere = candidates
        .by_id
        .as_ref()
        .filter(|(_, other, stem)| other != folder || *stem != inspected.stem);
    // A sidecar read earlier in this scan may carry the id as well, unless it was moved since.
    let read_before = taken
        .get(id.as_str())
        .filter(|(other, stem)| other != folder || *stem != inspected.stem);
    let is_copy = match (read_before, elsewhere) {
        (Some((other, stem)), _) | (None, Some((_, other, stem))) => {
            states_id(library, other, stem, id)
        }
        (None, None) => false,
    };
    if is_copy {
        report.note(
            &place,
            format!("has the id of another recording ({id}); it gets one of its own"),
        );
        return Ok(at_place(candidates));
    }
    taken.insert(id.to_string(), (folder.to_owned(), inspected.stem.clone()));
    match &candidates.by_id {
        Some((row, other, stem)) => {
            let from = elsewhere.is_some().then(|| (other.clone(), stem.clone()));
            Ok(Identity::Existing { id: *row, from })
        }
        None if candidates.id_is_given => {
            report.note(
                &place,
                format!("has an id that was removed for good ({id}); it gets a new one"),
            );
            Ok(Identity::New { wanted: None })
        }
        // The id was changed by hand: the recording at this place keeps its own id, because its address depends on it.
        None if candidates.by_place.is_some() => {
            report.note(
                &place,
                format!("had another id before; {id} was not taken over"),
            );
            Ok(at_place(candidates))
        }
        None => Ok(Identity::New {
            wanted: Some(id.clone()),
        }),
    }
}

/// The recording known at this place, or a new one.
fn at_place(candidates: &Candidates) -> Identity {
    match &candidates.by_place {
        Some((id, _)) => Identity::unmoved(*id),
        None => Identity::New { wanted: None },
    }
}

/// Identifies files without an id: by place, then by content.
fn without_id(
    library: &Library,
    folder: &str,
    inspected: &Inspected,
    candidates: &Candidates,
    moved_here: &[SameContent],
    findings: &mut Findings,
) -> Result<Identity> {
    // When the sidecar with the recording's id is elsewhere now, the recording moved and these files are another one under its old
    // name.
    let moved_away = |(_, id): &&(i64, PublicId)| {
        let lies = findings.ids.get(id.as_str());
        lies.is_some_and(|(other, stem)| other != folder || *stem != inspected.stem)
    };
    let has_sidecar = !matches!(inspected.sidecar, Sidecar::None);
    if let Some((id, _)) = candidates
        .by_place
        .as_ref()
        .filter(|place| has_sidecar || !moved_away(place))
    {
        return Ok(Identity::unmoved(*id));
    }
    match &inspected.sidecar {
        // The unreadable sidecar may carry an id, and a new id would give the same recording a second address.
        Sidecar::Broken => return Ok(Identity::Unknown),
        // Without a sidecar and without a usable file there is no recording to show.
        Sidecar::None if !has_arrived(inspected) => return Ok(Identity::Unknown),
        Sidecar::None | Sidecar::Stated { .. } => {}
    }
    for same in moved_here {
        let key = format!("row {}", same.recording_id);
        let place = (folder.to_owned(), inspected.stem.clone());
        if findings.taken.insert(key, place).is_none() {
            let (from, stem) = &same.of;
            if from == folder && library.stat(folder, &sidecar::file_of(stem))?.is_some() {
                return Ok(Identity::Joins {
                    id: same.recording_id,
                    stem: stem.clone(),
                });
            }
            return Ok(Identity::Existing {
                id: same.recording_id,
                from: Some(same.of.clone()),
            });
        }
    }
    Ok(Identity::New { wanted: None })
}

/// Whether the sidecar at another place carries this id; then the sidecar here is a copy, and no recording moved.
fn states_id(library: &Library, folder: &str, stem: &str, id: &PublicId) -> bool {
    let there = sidecar::glance(library, folder, stem);
    there.is_some_and(|there| there.id.as_deref() == Some(id.as_str()))
}
