//! What a scan has to say: one line for each thing a coordinator or a volunteer may want to know. Nothing found is left out.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::folder::PassedOver;

/// One finding. The place is folder and file as a person would name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Added {
        place: String,
    },
    Moved {
        place: String,
        from: String,
    },
    Changed {
        place: String,
    },
    Missing {
        place: String,
    },
    Found {
        place: String,
    },
    /// Still arriving; looked at again soon.
    Waiting {
        place: String,
        why: String,
    },
    /// A media file that cannot be used.
    Refused {
        place: String,
        why: String,
    },
    /// No part of a recording.
    PassedOver {
        place: String,
        why: String,
    },
    /// Something in a sidecar, caption or name that had no effect or needs a hand.
    Note {
        place: String,
        note: String,
    },
}

impl Finding {
    /// Whether a person should look at it.
    pub fn wants_attention(&self) -> bool {
        match self {
            Self::Missing { .. } | Self::Refused { .. } | Self::Note { .. } => true,
            Self::Added { .. }
            | Self::Moved { .. }
            | Self::Changed { .. }
            | Self::Found { .. }
            | Self::Waiting { .. }
            | Self::PassedOver { .. } => false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { place } => write!(f, "new: {place}"),
            Self::Moved { place, from } => write!(f, "moved: {place}, before at {from}"),
            Self::Changed { place } => write!(f, "changed: {place}"),
            Self::Missing { place } => write!(
                f,
                "missing: {place}; its page goes on answering and says so"
            ),
            Self::Found { place } => write!(f, "found again: {place}"),
            Self::Waiting { place, why } => write!(f, "waiting: {place}: {why}"),
            Self::Refused { place, why } => write!(f, "cannot be used: {place}: {why}"),
            Self::PassedOver { place, why } => write!(f, "not a recording: {place}: {why}"),
            Self::Note { place, note } => write!(f, "please look: {place}: {note}"),
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
    pub fn find(&mut self, finding: Finding) {
        self.waiting |= matches!(finding, Finding::Waiting { .. });
        self.findings.push(finding);
    }

    pub fn note(&mut self, place: impl Into<String>, note: impl Into<String>) {
        self.find(Finding::Note {
            place: place.into(),
            note: note.into(),
        });
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

impl Findings {
    /// Something that is no part of a recording.
    pub fn pass_over(&mut self, place: String, why: PassedOver) {
        self.report.find(Finding::PassedOver {
            place,
            why: why.reason().to_owned(),
        });
    }
}
