//! The report of a scan: one line for each finding that a coordinator or an operator may want to know. No finding is left out.

use crate::catalogue::name::of_file;
use std::collections::{HashMap, HashSet};
use std::fmt;

use super::folder::PassedOver;

/// One finding. The place is a folder and a file as a person would name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub place: String,
    pub found: FindingKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    New,
    /// The recording moved; its old folder and stem.
    Moved(String),
    Changed,
    Missing,
    Again,
    /// The file is still arriving, and why; the scan looks at it again soon.
    Waiting(String),
    /// The media file cannot be used, and why.
    Refused(String),
    /// The entry belongs to no recording, and why.
    PassedOver(PassedOver),
    /// Something in a sidecar, caption or name had no effect or needs a person's attention.
    Note(String),
}

impl Finding {
    /// Whether a person should look at this finding.
    pub fn wants_attention(&self) -> bool {
        matches!(
            self.found,
            FindingKind::Missing | FindingKind::Refused(_) | FindingKind::Note(_)
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = of_file(&self.place);
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
            FindingKind::PassedOver(why) => {
                write!(f, "not {}: {place}: {}", why.missed(), why.reason())
            }
            FindingKind::Note(note) => write!(f, "please look: {place}: {note}"),
        }
    }
}

/// All findings of a scan, with counts of the work it took.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// Number of media files that were opened and read; zero when nothing changed.
    pub opened: u32,
    /// Number of sidecars that were read.
    pub sidecars: u32,
    /// Number of media files found.
    pub media_files: u32,
    /// Whether a file is still arriving, so that another scan should follow soon.
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

/// What a scan gathers; it is moved into the closures that use files or rows, and back.
#[derive(Debug, Default)]
pub struct Findings {
    pub report: Report,
    /// Recordings identified so far (by id or row) with folder and stem, so that one recording is never identified twice.
    pub taken: HashMap<String, (String, String)>,
    /// Series folders that exist in the media folder.
    pub folders: HashSet<String>,
    /// Ids in all sidecars, with folder and stem. They are read first, so that a new file under an old name is not identified as
    /// the recording that moved away.
    pub ids: HashMap<String, (String, String)>,
    /// Series that a recording left, and the series it moved to.
    pub left: HashMap<i64, i64>,
}
