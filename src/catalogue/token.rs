//! Secrets that are shown once: a browser, person or script holds the token and the catalogue only its hash, so that a stolen copy
//! of the tables gives no access.

use std::fmt::Write as _;

use crate::error::{Error, Result};

/// A token of 256 random bits in hexadecimal.
///
/// Errors when the system has no random bytes.
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

/// The hash that the catalogue stores. A fast hash suffices for 256 random bits; passwords have a slow one.
pub fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}
