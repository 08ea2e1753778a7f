//! `series.toml`: the sidecar of a series.

use std::ops::{Deref, DerefMut};

use super::fields;
use super::recording::{Link, links};
use super::section::document;
use super::{Broken, Read};
use crate::catalogue::series::Metadata;
use crate::catalogue::series::metadata::FIELDS;

/// The sidecar of a series; every key may be absent. It dereferences to its metadata: `sidecar.title`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesSidecar {
    pub metadata: Metadata,
    /// Former slugs, whose addresses keep leading to the series.
    pub former_slugs: Vec<String>,
    /// Ids of erased recordings, which are never given out again.
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

/// Parses `series.toml`.
///
/// # Errors
/// [`Broken`] when it is not TOML, a known key has the wrong type or too long a value, or a word for visibility or embed sites is
/// unknown.
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
