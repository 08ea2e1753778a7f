//! The scan turns files in the media folder into rows. In: folders of series. Out: rows of the catalogue, and sidecars that carry
//! the ids. Media files are never changed.
//!
//! `full_scan` reads every folder and `rescan` reads what the portal changed itself; both use a [`scanner::Scanner`], which takes
//! recordings in batches through list → inspect → identify → apply, and then looks for missing files.

pub mod full_scan;
pub mod rescan;
pub mod scanner;

// List: which files a folder holds, and which of them form one recording.
mod copies;
pub mod file_name;
pub mod folder;
pub mod list;
mod spelling;
pub mod stem;

// Inspect: new and changed files are read, without a connection.
mod captions;
mod inspect;
mod inspected;
pub mod media;
pub mod passwords;
pub mod portal;
pub mod presence;
mod previous;

// Identify: which recording the files belong to.
mod identify;

// Apply: rows are written in one transaction, then the sidecars that say less than the catalogue.
mod apply;
mod apply_media;
mod companions;
mod metadata;
mod published;
pub mod series;
mod sidecar_write;
mod trash;

// Missing files, and the report of the scan.
mod missing;
pub mod moves;
pub mod report;
