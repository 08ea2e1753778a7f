//! Pages for uploads: the upload page, and the form without script.

mod form_file;
pub mod page;
