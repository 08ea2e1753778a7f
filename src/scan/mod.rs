//! What lies in the media folder becomes rows. In: folders of series. Out: rows of the catalogue, and the ids that are written
//! beside the files. A file's bytes are never changed here.
//!
//! `full_scan` reads every folder, `rescan` what we changed ourselves; both are a [`scanner::Scanner`], which takes recordings batch by
//! batch through list → inspect → identify → apply, and then looks what is missing.

pub mod full_scan;
pub mod rescan;
pub mod scanner;

// List: what lies in a folder, and which files are one recording.
pub mod file_name;
pub mod folder;
pub mod list;
pub mod stem;

// Inspect: what is new or changed is read, without a connection.
mod captions;
mod inspect;
mod inspected;
mod media;
mod previous;

// Identify: which recording the files are of.
mod identify;

// Apply: rows in one transaction, then the sidecars that say less than the catalogue.
mod apply;
mod apply_media;
mod companions;
mod metadata;
pub mod series;
mod sidecar_write;
mod trash;

// What no longer lies where it lay, and what is told about all of it.
mod missing;
pub mod report;
