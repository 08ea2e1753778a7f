//! What was seen of the files of one recording, and what the last scan knew of them: all that is needed to take it into the
//! catalogue without touching a file.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::catalogue::caption;
use crate::catalogue::library_file::{FileState, LibraryFile};
use crate::catalogue::original::{Facts, FilePlace};
use crate::sidecar::{self, RecordingSidecar};

/// All that was seen of one recording.
#[derive(Debug, Default)]
pub struct Inspected {
    pub stem: String,
    pub sidecar: Sidecar,
    pub media: Vec<Medium>,
    /// `None` when nothing about them changed since the last scan.
    pub captions: Option<Vec<caption::NewCaption>>,
    pub poster: Option<(FilePlace, String)>,
    pub attachments: Vec<(String, FilePlace, String)>,
    /// What to write down about each place, so that it is not opened again.
    pub places: Vec<LibraryFile>,
}

impl Inspected {
    /// What the sidecar says; nothing when there is none or it cannot be read.
    pub fn stated(&self) -> &RecordingSidecar {
        static NOTHING: LazyLock<RecordingSidecar> = LazyLock::new(RecordingSidecar::default);
        match &self.sidecar {
            Sidecar::Stated { value, .. } => value,
            Sidecar::None | Sidecar::Broken => &NOTHING,
        }
    }

    /// BLAKE3 of a sidecar that could be read, hexadecimal.
    pub fn sidecar_hash(&self) -> Option<String> {
        match &self.sidecar {
            Sidecar::Stated { hash, .. } => Some(hash.clone()),
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
    Stated {
        value: Box<RecordingSidecar>,
        hash: String,
    },
    /// It cannot be read: nothing it may have said is changed until a person has mended it.
    Broken,
}

/// A media file and what became of it.
#[derive(Debug)]
pub struct Medium {
    pub place: FilePlace,
    pub change: MediaChange,
}

impl Medium {
    /// Whether it is part of the recording now.
    pub fn is_usable(&self) -> bool {
        match self.change {
            MediaChange::Same | MediaChange::Arrived { .. } => true,
            MediaChange::Unusable => false,
        }
    }
}

#[derive(Debug)]
pub enum MediaChange {
    /// As the last scan left it.
    Same,
    /// New bytes, read.
    Arrived { version: String, facts: Box<Facts> },
    /// Not yet, or never, part of the recording.
    Unusable,
}

/// What the last scan knew of a folder's files.
#[derive(Debug, Default)]
pub struct PreviousFiles {
    pub files: HashMap<String, LibraryFile>,
    /// Names of the media files that the catalogue knows to be there.
    pub originals: HashSet<String>,
    /// Versions of posters and hand-outs by place, so that an unchanged one is not read again.
    pub versions: HashMap<String, (FilePlace, String)>,
    /// By stem: the captions that are in the catalogue, language and file.
    pub captions: HashMap<String, Vec<(String, String)>>,
    /// By stem: the language of the recording.
    pub languages: HashMap<String, String>,
    /// That of the series.
    pub language: String,
}

impl PreviousFiles {
    /// What became of a file that looks as it did at the last scan; `None` when it does not.
    pub fn is_same(&self, place: &FilePlace) -> Option<FileState> {
        self.files
            .get(&place.file)
            // It looks as it did. Size, time and inode together: a copy over it changes at least one.
            .filter(|previous| previous.place == *place)
            .map(|previous| previous.state)
    }
}
