//! The inspected files of one recording, and what the last scan knew of them: enough to apply them to the catalogue without
//! touching a file.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::folder::Unclaimed;
use crate::catalogue::caption;
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::original::{Facts, FilePlace};
use crate::sidecar::{self, RecordingSidecar};

/// The inspected files of one recording.
#[derive(Debug, Default)]
pub struct Inspected {
    pub stem: String,
    pub sidecar: Sidecar,
    pub media: Vec<Medium>,
    /// `None` when no caption file changed since the last scan.
    pub captions: Option<Vec<caption::NewCaption>>,
    pub poster: Option<(FilePlace, String)>,
    /// The words between stem and ending, place and version of each hand-out.
    pub attachments: Vec<(String, FilePlace, String)>,
    /// Files that are no hand-out by themselves and that the sidecar does not name, with their version when the catalogue may know
    /// them as hand-outs.
    pub unclaimed: Vec<(Unclaimed, Option<String>)>,
    /// The result to record for each file, so that it is not opened again.
    pub places: Vec<LibraryFile>,
}

impl Inspected {
    /// The content of the sidecar; empty when there is none or it cannot be read.
    pub fn stated(&self) -> &RecordingSidecar {
        static NOTHING: LazyLock<RecordingSidecar> = LazyLock::new(RecordingSidecar::default);
        match &self.sidecar {
            Sidecar::Stated { value, .. } => value,
            Sidecar::None | Sidecar::Broken => &NOTHING,
        }
    }

    /// BLAKE3 hash of a readable sidecar, in hexadecimal.
    pub fn sidecar_hash(&self) -> Option<String> {
        match &self.sidecar {
            Sidecar::Stated { hash, .. } => Some(hash.clone()),
            Sidecar::None | Sidecar::Broken => None,
        }
    }

    /// The file name by which a person knows the recording.
    pub fn name(&self) -> String {
        self.media.first().map_or_else(
            || sidecar::file_of(&self.stem),
            |medium| medium.place.file.clone(),
        )
    }
}

/// The sidecar of a recording, as it was read.
#[derive(Debug, Default)]
pub enum Sidecar {
    #[default]
    None,
    /// The content of the sidecar and the BLAKE3 hash of its bytes.
    Stated {
        value: Box<RecordingSidecar>,
        hash: String,
    },
    /// The sidecar cannot be read: metadata it may have set stays until a person repairs it.
    Broken,
}

/// A media file and how it changed.
#[derive(Debug)]
pub struct Medium {
    pub place: FilePlace,
    pub change: MediaChange,
}

impl Medium {
    /// Whether the file can be part of the recording now.
    pub fn is_usable(&self) -> bool {
        match self.change {
            MediaChange::Same | MediaChange::Arrived { .. } => true,
            MediaChange::Unusable => false,
        }
    }
}

#[derive(Debug)]
pub enum MediaChange {
    /// The file did not change since the last scan.
    Same,
    /// The file has new bytes, which were read.
    Arrived { version: String, facts: Box<Facts> },
    /// The file cannot be part of the recording now, or ever.
    Unusable,
}

/// What the last scan knew of the files of a folder.
#[derive(Debug, Default)]
pub struct PreviousFiles {
    pub files: HashMap<String, LibraryFile>,
    /// Names of the media files that have an original which is not missing.
    pub originals: HashSet<String>,
    /// Versions of posters and hand-outs by file name, so that unchanged ones are not read again.
    pub versions: HashMap<String, (FilePlace, String)>,
    /// Whether any hand-out still has to be named in its sidecar, see [`crate::catalogue::attachment::Attachment::unnamed`].
    pub has_unnamed: bool,
    /// Captions in the catalogue by stem.
    pub captions: HashMap<String, Vec<caption::CaptionFile>>,
    /// Language of each recording by stem.
    pub languages: HashMap<String, String>,
    /// Language of the series.
    pub language: String,
}

impl PreviousFiles {
    /// The state of a file that is unchanged since the last scan; `None` when it is new or changed.
    pub fn is_same(&self, place: &FilePlace) -> Option<FileState> {
        self.files
            .get(&place.file)
            .filter(|previous| place.is_same_file(&previous.place))
            .map(|previous| previous.state)
    }
}
