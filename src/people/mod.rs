//! Passwords and addresses: hashes and rates passwords, slows down guessing, and finds the address of a request behind a proxy. In:
//! a typed password. Out: right, wrong, or too many attempts. Nothing here is stored. Also how many connections or answers one sender
//! may have at a time, and how many messages in an hour.

pub mod address;
pub mod allowance;
pub mod hashing;
pub mod password;
pub mod per_sender;
pub mod queue;
pub mod throttle;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result};
use queue::Turn;

/// Who attempts something, as far as it can be known: the attempts of one sender wait for each other and count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sender {
    /// A coordinator who is signed in; the row id.
    Coordinator(i64),
    /// A browser in which this coordinator signed in before; the row id of its mark.
    Device(i64),
    /// An IPv4 address, or the first of the network of an IPv6 address.
    Address(IpAddr),
    /// Nothing is known.
    Unknown,
}

impl Sender {
    /// Whether this is a coordinator, whose attempts are not counted together with those of others.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Coordinator(_) | Self::Device(_))
    }

    /// The sender at an address, when it is known. An IPv6 household or office has at least a whole /64 (RFC 6177 §2).
    pub fn at(from: Option<IpAddr>) -> Self {
        match from.map(|from| from.to_canonical()) {
            Some(IpAddr::V6(address)) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                Self::Address(IpAddr::V6(network.into()))
            }
            Some(address) => Self::Address(address),
            None => Self::Unknown,
        }
    }
}

/// Messages that one sender may send in an hour: an office shares an address, and nobody has as much to say.
const MESSAGES: u32 = 10;

/// The same of all senders together of whom nothing is known, everyone behind a proxy that is not configured: so few that one of them
/// does not fill the room of a day within an hour.
const MESSAGES_OF_UNKNOWN: u32 = 3 * MESSAGES;

/// The state that all requests share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct People {
    pub hashing: hashing::Hashing,
    /// How often visitors may send a message.
    pub messages: allowance::Allowance,
    throttle: Arc<Mutex<throttle::Throttle>>,
}

impl Default for People {
    fn default() -> Self {
        Self {
            hashing: hashing::Hashing::default(),
            messages: allowance::Allowance::new(MESSAGES, MESSAGES_OF_UNKNOWN),
            throttle: Arc::default(),
        }
    }
}

impl People {
    /// Whether a typed password is that of `account`, the name under which failures are counted. `hash`: of the right password,
    /// looked up only when an attempt is allowed; with `None` it takes as long and is never right; `now`: UTC seconds.
    ///
    /// [`Error::TooOften`] after too many failures, [`Error::Busy`] when too many wait.
    pub async fn verify(
        &self,
        (account, sender): (&str, Sender),
        typed: &str,
        hash: impl Future<Output = Result<Option<String>>>,
        now: i64,
    ) -> Result<bool> {
        // Nobody has such a password; it is not worth a hash.
        if password::too_long(typed).is_some() {
            return Ok(false);
        }
        let check = || {
            self.throttle()?
                .check(account, sender, now)
                .map_err(Error::TooOften)
        };
        // Who is slowed down anyway does not wait in the queue.
        check()?;
        let hash = hash.await?;
        let turn = self.turn(sender, now).await?;
        // Those before this one in the queue may have failed. From here on nobody else is counted until this one is.
        check()?;
        // It is counted also when its sender leaves before it is answered.
        let (people, account, typed) = (self.clone(), account.to_owned(), typed.to_owned());
        let counted = tokio::spawn(async move {
            let (is_right, _turn) = people.hashing.is_right(turn, typed, hash).await?;
            let mut throttle = people.throttle()?;
            if is_right {
                throttle.succeeded(&account, sender);
            } else if throttle.failed(&account, sender, now) {
                tracing::warn!("somebody guesses passwords and is slowed down");
            }
            Ok(is_right)
        });
        counted.await.map_err(Error::internal)?
    }

    /// The PHC string of a new password. `now`: UTC seconds.
    ///
    /// [`Error::Busy`] when too many wait.
    pub async fn hash(&self, sender: Sender, password: &str, now: i64) -> Result<String> {
        let turn = self.turn(sender, now).await?;
        let (hash, _turn) = self.hashing.hash(turn, password.to_owned()).await?;
        Ok(hash)
    }

    async fn turn(&self, sender: Sender, now: i64) -> Result<Turn<Sender>> {
        let turn = self.hashing.turn(sender).await;
        if matches!(turn, Err(Error::Busy)) && self.throttle()?.crowded(now) {
            tracing::warn!("too many passwords wait to be checked; some are refused");
        }
        turn
    }

    fn throttle(&self) -> Result<MutexGuard<'_, throttle::Throttle>> {
        let locked = self.throttle.lock();
        locked.map_err(|_| Error::internal("the throttle is broken"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_network_are_one_sender() {
        let at = |address: &str| Sender::at(Some(address.parse().unwrap()));
        assert_eq!(at("2001:db8:0:1::1"), at("2001:db8:0:1:ffff::9"));
        assert_ne!(at("2001:db8:0:1::1"), at("2001:db8:0:2::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
        assert_eq!(Sender::at(None), Sender::Unknown);
    }
}
