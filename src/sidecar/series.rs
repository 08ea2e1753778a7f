//! `series.toml`: what a folder says about the series it is.

use super::recording::{Link, links};
use super::section::document;
use super::{Broken, Read};
use crate::catalogue::recording::Visibility;
use crate::embed_sites::EmbedSites;

/// What `series.toml` may say; every key may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesSidecar {
    /// Without it the folder's name is shown.
    pub title: Option<String>,
    /// Who organised the series.
    pub organiser: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// BCP 47, as written.
    pub language: Option<String>,
    /// What its recordings are unless their own sidecar says otherwise.
    pub visibility: Option<Visibility>,
    /// Made up to show the portal; labelled as such everywhere.
    pub demonstration: Option<bool>,
    /// Position among the series, ascending.
    pub order: Option<i64>,
    /// Slugs whose addresses go on answering.
    pub former_slugs: Vec<String>,
    /// Ids of deleted recordings, never to be given out again.
    pub deleted: Vec<String>,
    /// Named links to the whole series.
    pub links: Vec<Link>,
    /// argon2id of the password that opens it, as a PHC string.
    pub password_hash: Option<String>,
    /// Sites that may show the player in a frame.
    pub embed_sites: Option<EmbedSites>,
}

/// Reads `series.toml`.
///
/// # Errors
/// [`Broken`] where it is not TOML, a known key has the wrong type or too long a value, or a word for who may see or show it is unknown.
pub fn read_series(text: &str) -> Result<Read<SeriesSidecar>, Broken> {
    document(text, |keys| {
        Ok(SeriesSidecar {
            title: keys.line("title")?,
            organiser: keys.line("organiser")?,
            description: keys.prose("description")?,
            language: keys.line("language")?,
            visibility: keys.visibility("visibility")?,
            demonstration: keys.flag("demonstration")?,
            order: keys.whole_number("order")?,
            former_slugs: keys.lines("former_slugs")?,
            deleted: keys.ids("deleted")?,
            links: links(keys)?,
            password_hash: keys.line("password_hash")?,
            embed_sites: keys.embed_sites("embed_sites")?,
        })
    })
}
