//! A file arrives. In: what lies in the media folder. Out: rows of the catalogue, jobs for the worker, and the ids that are
//! written beside the files. A file's bytes are never changed here.

pub mod again;
pub mod reading;
pub mod report;
pub mod scan;

mod accept;
mod captions;
mod companions;
mod deleted;
mod examine;
pub mod folder;
mod inspect;
mod known;
pub mod look;
pub mod name;
mod said;
mod seen;
pub mod series;
mod sidecar_write;
pub mod stem;
mod vanish;
mod who;
