//! `<stem>.toml`: what a recording says about itself, beside its media file or in place of one that is still to come.

use std::ops::{Deref, DerefMut};

use super::fields::{self, instant};
use super::section::{Entry, Section, document};
use super::{Broken, Read};
use crate::catalogue::recording::Metadata;
use crate::catalogue::recording::metadata::FIELDS;

/// What a recording's sidecar may say; every key may be absent. What people say about the recording reads as its own:
/// `sidecar.title`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingSidecar {
    /// The public id, see [`super::is_id`].
    pub id: Option<String>,
    pub metadata: Metadata,
    /// The bare name of the media file it had last.
    pub file: Option<String>,
    /// RFC 3339; in the trash since this moment.
    pub deleted: Option<String>,
    /// Ids that led here and go on answering.
    pub former_ids: Vec<String>,
    /// Titles for hand-outs.
    pub attachments: Vec<Attachment>,
    /// Named links that were handed out.
    pub links: Vec<Link>,
}

impl Deref for RecordingSidecar {
    type Target = Metadata;

    fn deref(&self) -> &Metadata {
        &self.metadata
    }
}

impl DerefMut for RecordingSidecar {
    fn deref_mut(&mut self) -> &mut Metadata {
        &mut self.metadata
    }
}

/// A named link; kept when it expired or was withdrawn, since its address was given out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The last part of its address.
    pub token: String,
    /// To whom it was given.
    pub name: String,
    /// RFC 3339.
    pub created: Option<String>,
    /// RFC 3339; opens nothing from this moment on.
    pub expires: Option<String>,
    /// RFC 3339; opens nothing since this moment.
    pub withdrawn: Option<String>,
    /// argon2id of the password it asks for, as a PHC string.
    pub password_hash: Option<String>,
}

/// The title of a hand-out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The bare name of the file.
    pub file: String,
    /// As shown.
    pub title: String,
}

/// What Linux allows a file name.
const LONGEST_FILE_NAME_BYTES: usize = 255;

/// Reads a recording's sidecar.
///
/// # Errors
/// [`Broken`] where it is not TOML, a known key has the wrong type, form or too long a value, or the visibility is unknown.
pub fn read_recording(text: &str) -> Result<Read<RecordingSidecar>, Broken> {
    document(text, |keys| {
        Ok(RecordingSidecar {
            id: keys.id("id")?,
            metadata: fields::read(keys, FIELDS)?,
            file: file_name(keys, "file")?,
            deleted: instant(keys, "deleted")?,
            former_ids: keys.ids("former_ids")?,
            attachments: attachments(keys)?,
            links: links(keys)?,
        })
    })
}

/// A bare name: a sidecar must not point out of its folder, nor at the files that begin with a dot, which are ours.
fn file_name(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Option<String>, Broken> {
    let Some(name) = keys.line(key)? else {
        return Ok(None);
    };
    let outside = name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']);
    if outside || name.len() > LONGEST_FILE_NAME_BYTES || name.contains(char::is_control) {
        return Err(keys.refuse(
            key,
            "must be the bare name of a file, without folder and leading dot",
        ));
    }
    Ok(Some(name))
}

fn attachments(keys: &mut Section<'_, '_>) -> Result<Vec<Attachment>, Broken> {
    let refusal = keys.refuse(
        "attachments",
        "must be a list of tables with `file` and `title`",
    );
    keys.list("attachments", |entry| {
        let Entry::Table(mut keys) = entry else {
            return Err(refusal.clone());
        };
        let file = file_name(&mut keys, "file")?;
        let attachment = Attachment {
            file: file.ok_or_else(|| keys.refuse("file", "is missing here"))?,
            title: keys.required_line("title")?,
        };
        keys.finish();
        Ok(attachment)
    })
}

/// The list of links of a recording or a series.
pub(super) fn links(keys: &mut Section<'_, '_>) -> Result<Vec<Link>, Broken> {
    let refusal = keys.refuse("links", "must be a list of tables with `token` and `name`");
    keys.list("links", |entry| {
        let Entry::Table(mut keys) = entry else {
            return Err(refusal.clone());
        };
        let link = Link {
            token: keys.required_line("token")?,
            name: keys.required_line("name")?,
            created: instant(&mut keys, "created")?,
            expires: instant(&mut keys, "expires")?,
            withdrawn: instant(&mut keys, "withdrawn")?,
            password_hash: keys.line("password_hash")?,
        };
        keys.finish();
        Ok(link)
    })
}
