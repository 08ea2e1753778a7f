//! A file that someone chose in a form. In: a multipart body (RFC 7578). Out: its name, its bytes and the field beside it.

use axum::extract::Multipart;

use crate::error::{Error, Result};
use crate::text;

/// Bytes of a hand-out, a picture or captions; what is larger is put into the folder by hand.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// Bytes of the field around it, as of any form.
const LARGEST_WORDS: usize = crate::desk::kit::posted::LARGEST;

/// A file that was chosen, with the field around it.
#[derive(Debug, Default)]
pub struct Chosen {
    /// As the browser says it.
    pub name: String,
    pub bytes: Vec<u8>,
    pub words: String,
}

/// Reads `file` and one more field; what was read before something went wrong is kept.
///
/// [`Error::Refused`] without a file, and when it is too large.
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
