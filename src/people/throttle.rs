//! Slows down password guessing. In: account, sender and time of an attempt, and whether the password was wrong. Out: whether an
//! attempt is allowed now. The state is in memory only, so that no address is ever stored, and a restart clears it.
//!
//! An account may fail ten times in a quarter of an hour, from anywhere. An address, which a whole office may share, may fail fifty
//! times; after that it waits, also with names that were not tried yet. A browser in which the coordinator signed in before has a
//! count of its own: no guessing of others shuts it out. Only a password that was looked at and is wrong counts.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use super::Sender;

/// Length of the window in seconds.
const WINDOW: i64 = 15 * 60;

/// Failures of one account in a window.
const OF_ACCOUNT: u32 = 10;

/// Failures from one address in a window.
const OF_ADDRESS: u32 = 50;

/// Most accounts and addresses in memory; beyond it, expired ones are removed, and then those with the fewest failures: many names
/// tried once must not remove the failures of the account under attack.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Default)]
pub struct Throttle {
    accounts: HashMap<String, Failures>,
    /// By the address of [`Sender::Address`].
    addresses: HashMap<IpAddr, Failures>,
    /// Of senders that are coordinators: [`Sender::is_known`].
    known: HashMap<Sender, Failures>,
    /// When an attempt was last refused because too many waited.
    crowded: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    /// First failure in UTC seconds.
    since: i64,
}

impl Throttle {
    /// Whether an attempt on this account by this sender is allowed now. `Err`: seconds to wait.
    pub fn check(&self, account: &str, sender: Sender, now: i64) -> Result<(), i64> {
        let account_failed = match sender.is_known() {
            true => failures(&self.known, &sender, now),
            false => failures(&self.accounts, account, now),
        };
        let address_failed = match sender {
            Sender::Address(from) => failures(&self.addresses, &from, now),
            Sender::Coordinator(_) | Sender::Device(_) | Sender::Unknown => None,
        };
        let account_failed = account_failed.filter(|failed| failed.count >= OF_ACCOUNT);
        let address_failed = address_failed.filter(|failed| failed.count >= OF_ADDRESS);
        match account_failed.or(address_failed) {
            Some(failed) => Err(failed.since + WINDOW - now),
            None => Ok(()),
        }
    }

    /// Counts a wrong password. Answers whether it is the last one that is allowed: a flood has its one line in the log.
    pub fn failed(&mut self, account: &str, sender: Sender, now: i64) -> bool {
        let of_account = match sender.is_known() {
            true => count(&mut self.known, sender, now),
            false => count(&mut self.accounts, account.to_owned(), now),
        };
        let of_address = match sender {
            Sender::Address(from) => count(&mut self.addresses, from, now),
            Sender::Coordinator(_) | Sender::Device(_) | Sender::Unknown => 0,
        };
        of_account == OF_ACCOUNT || of_address == OF_ADDRESS
    }

    /// Notes that too many attempts wait. Answers whether that is news, for the one line of a flood in the log.
    pub fn crowded(&mut self, now: i64) -> bool {
        let before = self.crowded.replace(now);
        before.is_none_or(|before| !(before..before + WINDOW).contains(&now))
    }

    /// The password was right: the failures of the account are cleared. Those of the address stay, or somebody with one account
    /// could guess at all the others.
    pub fn succeeded(&mut self, account: &str, sender: Sender) {
        match sender.is_known() {
            true => drop(self.known.remove(&sender)),
            false => drop(self.accounts.remove(account)),
        }
    }
}

fn failures<K, Q>(of: &HashMap<K, Failures>, key: &Q, now: i64) -> Option<Failures>
where
    K: std::borrow::Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + ?Sized,
{
    of.get(key).copied().filter(|failed| is_recent(failed, now))
}

/// Whether the window still runs; a clock that was set back must not lock anyone out for long.
fn is_recent(failed: &Failures, now: i64) -> bool {
    (failed.since..failed.since + WINDOW).contains(&now)
}

/// Counts one more, and answers how many there are in this window.
fn count<K: Eq + Hash>(of: &mut HashMap<K, Failures>, key: K, now: i64) -> u32 {
    if of.len() >= REMEMBERED && !of.contains_key(&key) {
        of.retain(|_, failed| is_recent(failed, now));
        if of.len() >= REMEMBERED {
            let least = of.values().map(|failed| failed.count).min();
            of.retain(|_, failed| Some(failed.count) > least);
        }
    }
    let none = Failures {
        count: 0,
        since: now,
    };
    let failed = of.entry(key).or_insert(none);
    if !is_recent(failed, now) {
        *failed = none;
    }
    failed.count = failed.count.saturating_add(1);
    failed.count
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: Sender = Sender::Address(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));
    const ELSEWHERE: Sender = Sender::Unknown;

    /// An attempt with a wrong password, when it is allowed.
    fn guess(throttle: &mut Throttle, account: &str, sender: Sender, now: i64) -> Result<(), i64> {
        throttle.check(account, sender, now)?;
        throttle.failed(account, sender, now);
        Ok(())
    }

    #[test]
    fn an_account_is_tried_ten_times_in_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        for attempt in 0..10 {
            assert_eq!(
                guess(&mut throttle, "mira", ELSEWHERE, 1000 + attempt),
                Ok(())
            );
        }
        assert_eq!(throttle.check("mira", ELSEWHERE, 1100), Err(800));
        assert_eq!(throttle.check("bo", ELSEWHERE, 1100), Ok(()));
        assert_eq!(throttle.check("mira", ELSEWHERE, 1900), Ok(()));
        // The clock was set back by a day.
        assert_eq!(throttle.check("mira", ELSEWHERE, -80_000), Ok(()));
    }

    #[test]
    fn one_guesser_does_not_shut_the_office_out() {
        let mut throttle = Throttle::default();
        for attempt in 0..50 {
            let account = format!("account-{}", attempt % 10);
            assert_eq!(
                guess(&mut throttle, &account, OFFICE, 1000),
                Ok(()),
                "{attempt}"
            );
        }
        assert_eq!(throttle.check("account-3", OFFICE, 1001), Err(899));
        // Not with a new name either, however often one account of the guesser is right.
        throttle.succeeded("account-4", OFFICE);
        assert_eq!(throttle.check("mira", OFFICE, 1001), Err(899));
        // Whoever signed in before in this browser gets in, and nothing but own mistakes count there.
        let device = Sender::Device(7);
        for _ in 0..10 {
            assert_eq!(guess(&mut throttle, "mira", device, 1001), Ok(()));
        }
        assert_eq!(throttle.check("mira", device, 1002), Err(899));
        assert_eq!(throttle.check("mira", Sender::Device(8), 1002), Ok(()));
        // From elsewhere the account itself is below its limit.
        assert_eq!(throttle.check("account-3", ELSEWHERE, 1001), Ok(()));
        assert_eq!(throttle.check("mira", ELSEWHERE, 1001), Ok(()));
    }

    #[test]
    fn a_flood_of_names_does_not_wipe_out_what_was_counted() {
        let mut throttle = Throttle::default();
        for _ in 0..10 {
            assert_eq!(guess(&mut throttle, "mira", ELSEWHERE, 1000), Ok(()));
        }
        for name in 0..25_000 {
            assert_eq!(
                guess(&mut throttle, &name.to_string(), ELSEWHERE, 1000),
                Ok(())
            );
            assert!(throttle.accounts.len() <= REMEMBERED);
        }
        assert_eq!(throttle.check("mira", ELSEWHERE, 1001), Err(899));
        // New failures are counted even when the memory is full.
        for _ in 0..10 {
            assert_eq!(guess(&mut throttle, "bo", ELSEWHERE, 1001), Ok(()));
        }
        assert_eq!(throttle.check("bo", ELSEWHERE, 1001), Err(900));
    }

    #[test]
    fn the_last_failure_that_is_allowed_is_told_once() {
        let mut throttle = Throttle::default();
        let told: Vec<_> = (0..20)
            .map(|_| throttle.failed("mira", ELSEWHERE, 1000))
            .collect();
        assert_eq!(told.iter().filter(|told| **told).count(), 1);
        let told: Vec<_> = (0..100)
            .map(|name| throttle.failed(&name.to_string(), OFFICE, 1000))
            .collect();
        assert_eq!(told.iter().filter(|told| **told).count(), 1);
    }
}
