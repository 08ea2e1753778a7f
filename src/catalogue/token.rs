//! Secrets that are handed out once: the browser, the person or the script holds the token, the catalogue only its hash, so
//! that a stolen copy of the tables opens nothing.

use std::fmt::Write as _;

use crate::error::{Error, Result};

/// 256 random bits, hexadecimal.
///
/// Errors when the machine has no randomness to give.
pub fn random() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let mut token = String::with_capacity(64);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}

/// What the catalogue keeps of it. A fast hash is enough for 256 random bits; passwords have a slow one.
pub fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}
