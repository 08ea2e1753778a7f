//! Passwords and addresses: hashes and rates passwords, slows down guessing, and finds the address of a request behind a proxy. In:
//! a typed password. Out: right, wrong, or too many attempts. Nothing here is stored.

pub mod address;
pub mod password;
pub mod throttle;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result};

/// The state that all requests share. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub hashing: password::Hashing,
    throttle: Arc<Mutex<throttle::Throttle>>,
}

impl People {
    /// Whether a typed password is that of `account`, the name under which failures are counted. `from`: the address, when it is
    /// known; `hash`: of the right password, looked up only when an attempt is allowed; with `None` it takes as long and is never
    /// right; `now`: UTC seconds.
    ///
    /// [`Error::TooOften`] after too many failures.
    pub async fn verify(
        &self,
        (account, from): (&str, Option<IpAddr>),
        typed: &str,
        hash: impl Future<Output = Result<Option<String>>>,
        now: i64,
    ) -> Result<bool> {
        let attempt = self.throttle()?.attempt(account, from, now);
        attempt.map_err(Error::TooOften)?;
        let verified = match hash.await {
            Ok(hash) => self.hashing.verify(typed.to_owned(), hash).await,
            Err(problem) => Err(problem),
        };
        match verified {
            Ok(true) => self.throttle()?.succeeded(account, from),
            Ok(false) => {}
            // The password was not checked, so the attempt does not count.
            Err(_) => self.throttle()?.untried(account, from),
        }
        verified
    }

    fn throttle(&self) -> Result<MutexGuard<'_, throttle::Throttle>> {
        let locked = self.throttle.lock();
        locked.map_err(|_| Error::internal("the throttle is broken"))
    }
}
