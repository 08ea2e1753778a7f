//! A file in a posted form. In: a multipart body (RFC 7578). Out: its name, its bytes and one more field.

use axum::extract::Multipart;
use axum::extract::multipart::{Field as Part, MultipartError};

use super::{form, posted};
use crate::app::App;
use crate::catalogue::name::composed;
use crate::error::{Error, Result};
use crate::request_body::Gathered;
use crate::request_body::minimum_rate::is_too_slow;
use crate::text;

/// The largest hand-out, picture or caption file in bytes; larger files are copied into the folder by hand.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// A posted file, with one more field of the form.
#[derive(Debug)]
pub struct Chosen {
    /// The file name that the browser sent.
    pub name: String,
    pub file: Gathered,
    pub words: String,
    /// What was typed beside a choice, and outweighs it.
    pub other: String,
}

impl Chosen {
    /// Nothing yet.
    pub fn nothing(app: &App) -> Self {
        Self {
            name: String::new(),
            file: app.form_memory.gather_file(),
            words: String::new(),
            other: String::new(),
        }
    }

    /// What the form says of the file: typed, or else chosen.
    pub fn meant(&self) -> &str {
        match self.other.as_str() {
            "" => &self.words,
            other => other,
        }
    }
}

/// Reads `file` and one more field; the parts that were read before an error are kept in `chosen`.
///
/// [`Error::Refused`] when the form has no file, or the file is too large; [`Error::Busy`] when other forms take all the memory.
pub async fn choose(mut form: Multipart, field: &str, chosen: &mut Chosen) -> Result<()> {
    let mut texts = TextFields::default();
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("file") => {
                chosen.name = composed(part.file_name().unwrap_or_default()).into_owned();
                gather(part, &mut chosen.file).await?;
            }
            Some(name) if name == field => chosen.words = texts.read(part).await?.trim().to_owned(),
            Some(name) if name == form::other(field) => {
                texts.read(part).await?.trim().clone_into(&mut chosen.other);
            }
            _ => drop(texts.read(part).await?),
        }
    }
    match chosen.file.bytes().is_empty() {
        true => Err(Error::Refused(text!("file-none"))),
        false => Ok(()),
    }
}

async fn gather(mut part: Part<'_>, file: &mut Gathered) -> Result<()> {
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        if file.bytes().len() + chunk.len() > LARGEST {
            return Err(Error::Refused(text!("file-large", most = "32 MB")));
        }
        file.push(&chunk).await?;
    }
    Ok(())
}

/// Reads the text fields of a form, which together are as long as any form may be, although the body may have gigabytes.
#[derive(Debug, Default)]
pub struct TextFields {
    bytes: usize,
    fields: usize,
}

impl TextFields {
    /// The text of a field.
    ///
    /// [`Error::Refused`] when the fields become too long together, or too many.
    pub async fn read(&mut self, mut part: Part<'_>) -> Result<String> {
        let mut value = Vec::new();
        self.fields += 1;
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            self.bytes += chunk.len();
            if self.bytes > posted::LARGEST {
                break;
            }
            value.extend_from_slice(&chunk);
        }
        if self.bytes > posted::LARGEST || self.fields > posted::MOST_FIELDS {
            return Err(Error::Refused(text!("form-large")));
        }
        Ok(composed(&String::from_utf8_lossy(&value)).into_owned())
    }
}

/// The error for a form that breaks off, is too slow, too large or cannot be parsed.
pub fn unreadable(problem: MultipartError) -> Error {
    if is_too_slow(&problem) {
        return Error::Status(408, text!("form-slow"));
    }
    match problem.status().as_u16() {
        413 => Error::Refused(text!("file-large", most = "32 MB")),
        _ => Error::Refused(text!("form-unreadable")),
    }
}
