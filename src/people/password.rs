//! Password hashing: argon2id with the default parameters of the library (19 MiB, two passes, parallelism 1: the minimum of OWASP),
//! on blocking threads and two at a time, because each hash takes its memory.

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{Error, Result, Text};
use crate::text;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;

/// Most bytes of a password; more would cost time and add nothing.
const LONGEST: usize = 1024;

/// Hashes that run at the same time.
const AT_ONCE: usize = 2;

/// Hashes that may wait; further ones are refused with 503.
const QUEUE: usize = 32;

/// Hashes and verifies passwords. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hashing {
    turns: Arc<Semaphore>,
    /// Free places in the queue.
    places: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(QUEUE)),
        }
    }
}

impl Hashing {
    /// The PHC string of a password, with a random salt.
    ///
    /// [`Error::Busy`] when too many hashes wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || hash(&password)).await?
    }

    /// Whether this is the password of that hash. Without a hash (an unknown account) the same work is done, so that the time does
    /// not reveal it.
    ///
    /// [`Error::Busy`] when too many hashes wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let nobody = nobody()?;
            let text = hash.as_deref().unwrap_or(nobody);
            let parsed = PasswordHash::new(text).map_err(Error::internal)?;
            let is_right = Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            Ok(is_right && hash.is_some())
        })
        .await?
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        let permit = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(place);
        tokio::task::spawn_blocking(move || {
            let done = work();
            // The permit is held until here, even when the request was dropped.
            drop(permit);
            done
        })
        .await
        .map_err(Error::internal)
    }
}

fn hash(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(Error::internal)?.to_string())
}

/// A hash that belongs to no account.
fn nobody() -> Result<&'static str> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = NOBODY.get() {
        return Ok(hash);
    }
    let made = hash("nobody has this password")?;
    Ok(NOBODY.get_or_init(|| made))
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
    if password.len() > LONGEST {
        return Some(text!("password-long"));
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
            weakness(&"a b c d ".repeat(200), &[]).map(|text| text.key),
            Some("password-long")
        );
    }

    #[tokio::test]
    async fn a_password_is_recognised_and_nobody_has_one() {
        let hashing = Hashing::default();
        let hash = hashing.hash("vier losse woorden".into()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let verify = |password: &str, hash: Option<&str>| {
            hashing.verify(password.to_owned(), hash.map(str::to_owned))
        };
        assert!(verify("vier losse woorden", Some(&hash)).await.unwrap());
        assert!(!verify("vijf losse woorden", Some(&hash)).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
    }
}
