//! What a scan has to say: one line for each thing a coordinator or a volunteer may want to know. Nothing found is left out.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::folder::PassedOver;

/// One finding. The place is folder and file as a person would name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub place: String,
    pub found: FindingKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    New,
    /// And where it lay before.
    Moved(String),
    Changed,
    Missing,
    Again,
    /// Still arriving, and why; looked at again soon.
    Waiting(String),
    /// A media file that cannot be used, and why.
    Refused(String),
    /// No part of a recording, and why.
    PassedOver(PassedOver),
    /// Something in a sidecar, caption or name that had no effect or needs a hand.
    Note(String),
}

impl Finding {
    /// Whether a person should look at it.
    pub fn wants_attention(&self) -> bool {
        matches!(
            self.found,
            FindingKind::Missing | FindingKind::Refused(_) | FindingKind::Note(_)
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match &self.found {
            FindingKind::New => write!(f, "new: {place}"),
            FindingKind::Moved(from) => write!(f, "moved: {place}, before at {from}"),
            FindingKind::Changed => write!(f, "changed: {place}"),
            FindingKind::Missing => write!(
                f,
                "missing: {place}; its page goes on answering and says so"
            ),
            FindingKind::Again => write!(f, "found again: {place}"),
            FindingKind::Waiting(why) => write!(f, "waiting: {place}: {why}"),
            FindingKind::Refused(why) => write!(f, "cannot be used: {place}: {why}"),
            FindingKind::PassedOver(why) => write!(f, "not a recording: {place}: {}", why.reason()),
            FindingKind::Note(note) => write!(f, "please look: {place}: {note}"),
        }
    }
}

/// All findings of a scan, with what it cost.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// Media files that were opened and read; none when nothing changed.
    pub opened: u32,
    /// Sidecars of recordings that were read.
    pub sidecars: u32,
    /// Media files seen.
    pub media_files: u32,
    /// Whether something is still arriving, so that it pays to look again soon.
    pub waiting: bool,
}

impl Report {
    pub fn find(&mut self, place: impl Into<String>, found: FindingKind) {
        self.waiting |= matches!(found, FindingKind::Waiting(_));
        let place = place.into();
        self.findings.push(Finding { place, found });
    }

    pub fn note(&mut self, place: impl Into<String>, note: impl Into<String>) {
        self.find(place, FindingKind::Note(note.into()));
    }
}

/// What a scan gathers; it travels into the closures that touch files or rows, and back.
#[derive(Debug, Default)]
pub struct Findings {
    pub report: Report,
    /// Recordings recognised so far (by id, or by row) and where they lie, so that two files are never one recording.
    pub taken: HashMap<String, (String, String)>,
    /// Folders that are there.
    pub folders: HashSet<String>,
    /// Ids that sidecars carry, and where those lie: folder and stem. Read before anything is decided, so that a new file
    /// under an old name is not taken for the recording that moved away from it.
    pub ids: HashMap<String, (String, String)>,
    /// Series that a recording left, and the one it came to.
    pub left: HashMap<i64, i64>,
}
