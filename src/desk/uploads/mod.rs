//! Recordings that are sent in: the page with what became of them, and the form without script.

pub mod form_file;
pub mod page;
