//! `series.toml`: what a folder says about the series it is.

use std::ops::{Deref, DerefMut};

use super::fields;
use super::recording::{Link, links};
use super::section::document;
use super::{Broken, Read};
use crate::catalogue::series::Metadata;
use crate::catalogue::series::metadata::FIELDS;

/// What `series.toml` may say; every key may be absent. What people say about the series reads as its own: `sidecar.title`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesSidecar {
    pub metadata: Metadata,
    /// Slugs whose addresses go on answering.
    pub former_slugs: Vec<String>,
    /// Ids of deleted recordings, never to be given out again.
    pub deleted: Vec<String>,
    /// Named links to the whole series.
    pub links: Vec<Link>,
}

impl Deref for SeriesSidecar {
    type Target = Metadata;

    fn deref(&self) -> &Metadata {
        &self.metadata
    }
}

impl DerefMut for SeriesSidecar {
    fn deref_mut(&mut self) -> &mut Metadata {
        &mut self.metadata
    }
}

/// Reads `series.toml`.
///
/// # Errors
/// [`Broken`] where it is not TOML, a known key has the wrong type or too long a value, or a word for who may see or show it is unknown.
pub fn read_series(text: &str) -> Result<Read<SeriesSidecar>, Broken> {
    document(text, |keys| {
        Ok(SeriesSidecar {
            metadata: fields::read(keys, FIELDS)?,
            former_slugs: keys.lines("former_slugs")?,
            deleted: keys.ids("deleted")?,
            links: links(keys)?,
        })
    })
}
