//! `<stem>.toml`: the sidecar of a recording, which exists beside its media file, or without one for a planned recording.

use std::ops::{Deref, DerefMut};

use super::fields::{self, instant};
use super::section::{Entry, Section, document};
use super::{Broken, Read};
use crate::catalogue::recording::Metadata;
use crate::catalogue::recording::metadata::FIELDS;

/// The sidecar of a recording; every key may be absent. It dereferences to its metadata: `sidecar.title`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingSidecar {
    /// The public id, see [`super::is_id`].
    pub id: Option<String>,
    pub metadata: Metadata,
    /// Name of the last media file, without a folder.
    pub file: Option<String>,
    /// When the recording was put in the trash, in RFC 3339.
    pub deleted: Option<String>,
    /// Former ids, which keep leading to the recording.
    pub former_ids: Vec<String>,
    /// Titles of hand-outs.
    pub attachments: Vec<Attachment>,
    /// Named links.
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

/// A named link. It stays after it expired or was withdrawn, because its address was given out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The last part of its address.
    pub token: String,
    /// The recipient.
    pub name: String,
    /// Creation in RFC 3339.
    pub created: Option<String>,
    /// Expiry in RFC 3339.
    pub expires: Option<String>,
    /// Withdrawal in RFC 3339.
    pub withdrawn: Option<String>,
    /// argon2id hash of its password as a PHC string.
    pub password_hash: Option<String>,
}

/// The title of a hand-out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Name of the file, without a folder.
    pub file: String,
    /// Title as shown.
    pub title: String,
}

/// Longest file name that Linux allows.
const LONGEST_FILE_NAME_BYTES: usize = 255;

/// Parses the sidecar of a recording.
///
/// # Errors
/// [`Broken`] when it is not TOML, a known key has the wrong type or form or too long a value, or the visibility is unknown.
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

/// Reads a file name without a folder: a sidecar must not point outside its folder, nor to hidden files, which the program uses
/// itself.
fn file_name(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Option<String>, Broken> {
    let Some(name) = keys.name_of_file(key)? else {
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

/// Reads the list of links of a recording or a series.
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
