//! A file arrives. In: what lies in the media folder. Out: rows of the catalogue, jobs for the worker, and the ids that are
//! written beside the files. A file's bytes are never changed here.

pub mod full_scan;
pub mod report;
pub mod rescan;
pub mod scanner;

mod apply;
mod captions;
mod companions;
pub mod file_name;
pub mod folder;
mod identify;
mod inspect;
mod inspected;
pub mod list;
mod media;
mod metadata;
mod missing;
mod previous;
pub mod series;
mod sidecar_write;
pub mod stem;
mod trash;
