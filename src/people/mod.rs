//! What it takes to let people in, apart from their rows: passwords are hashed and weighed, guessing is slowed down, and the
//! address of a request is found behind a proxy. In: what someone typed. Out: yes, no, or not now. Nothing here is kept.

pub mod address;
pub mod password;
pub mod throttle;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result};

/// What all requests share. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub hashing: password::Hashing,
    throttle: Arc<Mutex<throttle::Throttle>>,
}

impl People {
    /// Whether a password that was typed is the one of `account`, a name under which failures are counted. `from`: where it is typed,
    /// when that is known; `hash`: of the right one, looked up only when it may be tried; `None` takes as long and is never right; `now`: UTC seconds.
    ///
    /// [`Error::TooOften`] when too many were tried before it.
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
            // Nobody looked at it.
            Err(_) => self.throttle()?.untried(account, from),
        }
        verified
    }

    fn throttle(&self) -> Result<MutexGuard<'_, throttle::Throttle>> {
        let locked = self.throttle.lock();
        locked.map_err(|_| Error::internal("the throttle is broken"))
    }
}
