//! Passwords: which are too weak or too long, and their hashes: argon2id with the default parameters of the library (19 MiB, two
//! passes, parallelism 1: the minimum of OWASP). In: a typed password, and memory to work in. Out: a hash, or right or wrong.

use std::sync::OnceLock;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::error::{Error, Result, Text};
use crate::text;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;

/// Most characters of a password; more would cost time and add nothing.
pub const LONGEST: usize = 1024;

/// The most memory in KiB, and the most passes, that a stored hash may ask for. A hash in `series.toml` may come from another
/// program, or from somebody who wants each guess to take a gigabyte.
const MOST_MEMORY: u32 = 64 * 1024;
const MOST_PASSES: u32 = 10;

/// Random bytes in the salt of a hash, as RFC 9106 §3.1 recommends.
const SALT: usize = 16;

/// The PHC string of a password, with a random salt. `memory` is enlarged when it is too small, and keeps nothing that is secret
/// for longer than the next hash.
///
/// Errors when the system has no random bytes.
pub fn hash(password: &str, memory: &mut Vec<Block>) -> Result<String> {
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(Error::internal)?;
    let params = Params::default();
    let output = digest(password, &salt, &params, Params::DEFAULT_OUTPUT_LEN, memory)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&params).map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// Whether this is the password of that PHC string. Without one (an unknown account), or with one that [`is_usable`] refuses, the
/// usual work is done, so that the time does not reveal it.
pub fn is_right(password: &str, hash: Option<&str>, memory: &mut Vec<Block>) -> Result<bool> {
    let stored = hash.and_then(usable);
    let is_known = stored.is_some();
    let (params, hash) = match stored {
        Some(stored) => stored,
        None => usable(nobody(memory)?).ok_or_else(|| Error::internal("no hash of nobody"))?,
    };
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Ok(false);
    };
    let length = expected.as_bytes().len();
    let output = digest(password, salt.as_ref(), &params, length, memory)?;
    // The comparison of `Output` takes the same time however many bytes agree.
    Ok(is_known && output == expected)
}

/// Whether a PHC string is one that this program verifies: argon2id, of at most 64 MiB and ten passes.
pub fn is_usable(hash: &str) -> bool {
    usable(hash).is_some()
}

fn usable(hash: &str) -> Option<(Params, PasswordHash)> {
    let hash = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let is_ours = hash.algorithm == Algorithm::Argon2id.ident()
        && hash
            .version
            .is_none_or(|version| version == u32::from(Version::V0x13));
    let is_cheap = params.m_cost() <= MOST_MEMORY && params.t_cost() <= MOST_PASSES;
    (is_ours && is_cheap && hash.salt.is_some() && hash.hash.is_some()).then_some((params, hash))
}

fn digest(
    password: &str,
    salt: &[u8],
    params: &Params,
    length: usize,
    memory: &mut Vec<Block>,
) -> Result<Output> {
    let mut out = [0; Output::MAX_LENGTH];
    let out = out
        .get_mut(..length)
        .ok_or_else(|| Error::internal("the hash of a password is too long"))?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize_with(blocks, Block::default);
    }
    let memory = memory.get_mut(..blocks).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password.as_bytes(), salt, out, memory)
        .map_err(Error::internal)?;
    Output::new(out).map_err(Error::internal)
}

/// A hash that belongs to no account.
fn nobody(memory: &mut Vec<Block>) -> Result<&'static str> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = NOBODY.get() {
        return Ok(hash);
    }
    let made = hash("nobody has this password", memory)?;
    Ok(NOBODY.get_or_init(|| made))
}

/// Why a password is too long; `None` when it is not.
pub fn too_long(password: &str) -> Option<Text> {
    let is_long = password.chars().nth(LONGEST).is_some();
    is_long.then(|| text!("password-long", most = LONGEST.to_string()))
}

/// Common passwords of sufficient length. The comparison ignores case, spaces and punctuation.
const WORST: [&str; 36] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789123",
    "123123123123",
    "112233445566",
    "123456123456",
    "987654321098",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwerty123456",
    "qwertyqwerty",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "asdfghjkl123",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "abc123abc123",
    "passwordpassword",
    "password1234",
    "password12345",
    "password123456",
    "wachtwoord12",
    "wachtwoord123",
    "wachtwoord1234",
    "wachtwoordwachtwoord",
    "welkomwelkom",
    "welkom123456",
    "welkom012345",
    "geheimgeheim",
    "geheim123456",
    "letmeinletmein",
    "adminadminadmin",
    "administrator",
    "administrator1",
];

/// Why a password is too weak; `None` when it is acceptable. `around`: known facts about the person, such as the mail address.
pub fn weakness(password: &str, around: &[&str]) -> Option<Text> {
    if password.chars().count() < SHORTEST {
        return Some(text!("password-short", least = SHORTEST.to_string()));
    }
    if let Some(why) = too_long(password) {
        return Some(why);
    }
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let plain = bare(password);
    let mut different: Vec<char> = plain.chars().collect();
    different.sort_unstable();
    different.dedup();
    let is_known = WORST.contains(&plain.as_str())
        || different.len() < 4
        || around.iter().any(|word| bare(word) == plain);
    is_known.then(|| text!("password-worst"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_none_of_the_worst() {
        for (password, key) in [
            ("kort", Some("password-short")),
            ("elf tekens!", Some("password-short")),
            ("Wachtwoord-123", Some("password-worst")),
            ("aaaaaaaaaaaaaaaa", Some("password-worst")),
            ("mira@example.org", Some("password-worst")),
            ("vier losse woorden hier", None),
            ("éééàààüüüööö", None),
            ("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", Some("password-worst")),
        ] {
            assert_eq!(
                weakness(password, &["mira@example.org", "Mira"]).map(|text| text.key),
                key,
                "{password}"
            );
        }
        assert_eq!(
            weakness(&"é b c d ".repeat(129), &[]).map(|text| text.key),
            Some("password-long")
        );
    }

    #[test]
    fn a_password_is_recognised_and_nobody_has_one() {
        let mut memory = Vec::new();
        let hash = hash("vier losse woorden", &mut memory).unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let mut is_right =
            |password: &str, hash: Option<&str>| is_right(password, hash, &mut memory).unwrap();
        assert!(is_right("vier losse woorden", Some(&hash)));
        assert!(!is_right("vijf losse woorden", Some(&hash)));
        assert!(!is_right("nobody has this password", None));
        // Another implementation, with other parameters: the test vector of the argon2 command line (`echo -n password | argon2
        // somesalt -id -t 2 -k 65536 -e`).
        let other = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(is_right("password", Some(other)));
        assert!(!is_right("passwort", Some(other)));
    }

    #[test]
    fn a_stored_hash_cannot_ask_for_a_gigabyte() {
        let of = |params: &str| {
            format!(
                "$argon2id$v=19${params}$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            )
        };
        assert!(is_usable(&of("m=65536,t=10,p=1")));
        for costly in [
            "m=65537,t=2,p=1",
            "m=1048576,t=1,p=1",
            "m=8,t=11,p=1",
            "m=8,t=4294967295,p=1",
        ] {
            assert!(!is_usable(&of(costly)), "{costly}");
            let mut memory = Vec::new();
            assert!(!is_right("password", Some(&of(costly)), &mut memory).unwrap());
            assert!(memory.len() <= Params::default().block_count(), "{costly}");
        }
        for other in [
            "",
            "password",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$tmdzmWTuLxlhkmmILs6T2A",
            "$2b$12$abc",
        ] {
            assert!(!is_usable(other), "{other}");
        }
    }
}
