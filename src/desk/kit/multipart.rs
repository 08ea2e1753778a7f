//! A file in a posted form. In: a multipart body (RFC 7578). Out: its name, its bytes and one more field.

use axum::extract::Multipart;

use crate::error::{Error, Result};
use crate::text;

/// The largest hand-out, picture or caption file in bytes; larger files are copied into the folder by hand.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// The largest other field in bytes, as in any form.
const LARGEST_WORDS: usize = crate::desk::kit::posted::LARGEST;

/// A posted file, with one more field of the form.
#[derive(Debug, Default)]
pub struct Chosen {
    /// The file name that the browser sent.
    pub name: String,
    pub bytes: Vec<u8>,
    pub words: String,
}

/// Reads `file` and one more field; the parts that were read before an error are kept in `chosen`.
///
/// [`Error::Refused`] when the form has no file, or the file is too large.
pub async fn choose(mut form: Multipart, field: &str, chosen: &mut Chosen) -> Result<()> {
    let unreadable = |_| Error::Refused(text!("file-large", most = "32 MB"));
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("file") => {
                chosen.name = part.file_name().unwrap_or_default().to_owned();
                chosen.bytes = part.bytes().await.map_err(unreadable)?.to_vec();
            }
            Some(name) if name == field => {
                let text = part.bytes().await.map_err(unreadable)?;
                if text.len() > LARGEST_WORDS {
                    return Err(Error::Refused(text!("form-large")));
                }
                String::from_utf8_lossy(&text)
                    .trim()
                    .clone_into(&mut chosen.words);
            }
            _ => {}
        }
    }
    match chosen.bytes.is_empty() {
        true => Err(Error::Refused(text!("file-none"))),
        false => Ok(()),
    }
}
