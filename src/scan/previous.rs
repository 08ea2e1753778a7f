//! Loads what the catalogue knows of a folder, in one closure before it is inspected. In: a folder. Out: the previous files, so
//! that only new and changed ones are read.

use std::collections::HashMap;

use rusqlite::Connection;

use super::inspected::PreviousFiles;
use crate::catalogue::{attachment, caption, library_file, original, poster, recording::stored};
use crate::error::Result;

/// The recordings and files of a folder that the catalogue knows.
pub struct PreviousFolder {
    pub files: PreviousFiles,
    /// Row id of each recording by stem.
    pub rows: HashMap<String, i64>,
}

impl PreviousFolder {
    /// Loads a folder. `stem`: the only recording to be read; `None`: all recordings.
    pub fn load(
        conn: &Connection,
        folder: &str,
        series_id: i64,
        language: &str,
        stem: Option<&str>,
    ) -> Result<Self> {
        let mut captions = caption::files_of_series(conn, series_id, stem)?;
        let mut files = PreviousFiles {
            files: library_file::of_folder(conn, folder, stem)?,
            has_unnamed: attachment::has_unnamed(conn)?,
            language: language.to_owned(),
            ..PreviousFiles::default()
        };
        let posters = poster::of_series(conn, series_id, stem)?
            .into_values()
            .map(|poster| (poster.place, poster.version));
        let attachments = attachment::of_series(conn, series_id, stem)?
            .into_values()
            .flatten();
        let attachments = attachments.map(|attachment| (attachment.place, attachment.version));
        for (place, version) in posters.chain(attachments) {
            files.versions.insert(place.file.clone(), (place, version));
        }
        let originals = original::of_folder(conn, folder, stem)?
            .into_iter()
            .filter(|original| !original.missing);
        files.originals = originals.map(|original| original.place.file).collect();
        let mut rows = HashMap::new();
        for stored in stored::of_series(conn, series_id, stem)? {
            let of_this = captions.remove(&stored.id).unwrap_or_default();
            files.captions.insert(stored.entry.stem.clone(), of_this);
            files.languages.insert(
                stored.entry.stem.clone(),
                stored.entry.metadata.language().to_owned(),
            );
            rows.insert(stored.entry.stem, stored.id);
        }
        Ok(Self { files, rows })
    }
}
