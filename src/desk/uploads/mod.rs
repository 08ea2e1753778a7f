//! Recordings that are sent in: the page with what became of them, and the form without script.

mod form_file;
pub mod page;
