//! Tells the copy of a sidecar from the sidecar of a recording. In: the entries of a folder. Out: whether a stem is that of a copy; no
//! file is read.

use std::collections::HashSet;

use super::file_name::{self, FileKind};
use crate::catalogue::hand_out;
use crate::catalogue::name::composed;
use crate::library::{Entry, EntryKind};

/// The stems of a folder, in the spelling in which they are compared.
pub struct Copies {
    films: HashSet<String>,
    sidecars: HashSet<String>,
}

impl Copies {
    pub fn among(entries: &[Entry]) -> Self {
        let of = |entry: &Entry| {
            let (stem, kind) = file_name::kind(&entry.name);
            (composed(stem).into_owned(), kind)
        };
        let is_film = |entry: &&Entry| matches!(entry.kind, EntryKind::File(_));
        let stems = |kind| move |(stem, of): (String, FileKind)| (of == kind).then_some(stem);
        Self {
            films: entries
                .iter()
                .filter(is_film)
                .map(of)
                .filter_map(stems(FileKind::Media))
                .collect(),
            // One that is not read, because it is a link, may have a copy too.
            sidecars: entries
                .iter()
                .map(of)
                .filter_map(stems(FileKind::Sidecar))
                .collect(),
        }
    }

    /// Whether the sidecar of this stem is the copy of another one. The sidecar of a film is none.
    pub fn has(&self, stem: &str) -> bool {
        let has_film = |stem: &str| self.films.contains(&*composed(stem));
        let stands = |stem: &str| has_film(stem) || self.sidecars.contains(&*composed(stem));
        !has_film(stem) && hand_out::is_copied_sidecar(stem, &stands)
    }
}
