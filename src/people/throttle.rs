//! Slows down password guessing. In: account, address and time of an attempt. Out: whether it is allowed now. The state is in
//! memory only, so that no address is ever stored, and a restart clears it.
//!
//! An account may fail ten times in a quarter of an hour, from anywhere. An address, which a whole office may share, may fail fifty
//! times; after that it may still try accounts without recent failures, so that one guesser locks out nobody else.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

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
    addresses: HashMap<IpAddr, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    /// First failure in UTC seconds.
    since: i64,
}

impl Throttle {
    /// Whether an attempt on this account from this address is allowed now. It counts as a failure until [`Throttle::succeeded`]
    /// takes it back, so that simultaneous attempts are not all allowed. `Err`: seconds to wait.
    pub fn attempt(&mut self, account: &str, from: Option<IpAddr>, now: i64) -> Result<(), i64> {
        let from = from.map(network);
        let account_failed = failures(&self.accounts, account, now);
        if let Some(failed) = account_failed.filter(|failed| failed.count >= OF_ACCOUNT) {
            return Err(failed.since + WINDOW - now);
        }
        let address_failed = from.and_then(|from| failures(&self.addresses, &from, now));
        if let Some(failed) = address_failed.filter(|failed| failed.count >= OF_ADDRESS)
            && account_failed.is_some()
        {
            return Err(failed.since + WINDOW - now);
        }
        count(&mut self.accounts, account.to_owned(), now);
        if let Some(from) = from {
            count(&mut self.addresses, from, now);
        }
        Ok(())
    }

    /// The password was right: the failures of the account are cleared, and the address has one fewer.
    pub fn succeeded(&mut self, account: &str, from: Option<IpAddr>) {
        self.accounts.remove(account);
        take_back(&mut self.addresses, from.map(network));
    }

    /// The password was not checked, so the attempt is no failure.
    pub fn untried(&mut self, account: &str, from: Option<IpAddr>) {
        take_back(&mut self.accounts, Some(account.to_owned()));
        take_back(&mut self.addresses, from.map(network));
    }
}

/// The network of an address: an IPv6 household or office has at least a whole /64 (RFC 6177 §2).
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

fn take_back<K: Eq + Hash>(of: &mut HashMap<K, Failures>, key: Option<K>) {
    if let Some(failed) = key.and_then(|key| of.get_mut(&key)) {
        failed.count = failed.count.saturating_sub(1);
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

fn count<K: Eq + Hash>(of: &mut HashMap<K, Failures>, key: K, now: i64) {
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
    failed.count += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    #[test]
    fn an_account_is_tried_ten_times_in_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        for attempt in 0..10 {
            assert_eq!(throttle.attempt("mira", None, 1000 + attempt), Ok(()));
        }
        assert_eq!(throttle.attempt("mira", None, 1100), Err(800));
        assert_eq!(throttle.attempt("bo", None, 1100), Ok(()));
        assert_eq!(throttle.attempt("mira", None, 1900), Ok(()));
        // The clock was set back by a day.
        assert_eq!(throttle.attempt("mira", None, -80_000), Ok(()));
    }

    #[test]
    fn one_guesser_does_not_shut_the_office_out() {
        let mut throttle = Throttle::default();
        for guess in 0..50 {
            let account = format!("account-{}", guess % 10);
            assert_eq!(throttle.attempt(&account, OFFICE, 1000), Ok(()), "{guess}");
        }
        assert_eq!(throttle.attempt("account-3", OFFICE, 1001), Err(899));
        assert_eq!(throttle.attempt("mira", OFFICE, 1001), Ok(()));
        throttle.succeeded("mira", OFFICE);
        assert_eq!(throttle.attempt("mira", OFFICE, 1002), Ok(()));
        // From elsewhere the account itself is below its limit.
        assert_eq!(throttle.attempt("account-3", None, 1001), Ok(()));
    }

    #[test]
    fn a_flood_of_names_does_not_wipe_out_what_was_counted() {
        let mut throttle = Throttle::default();
        for _ in 0..10 {
            assert_eq!(throttle.attempt("mira", None, 1000), Ok(()));
        }
        for name in 0..25_000 {
            assert_eq!(throttle.attempt(&name.to_string(), None, 1000), Ok(()));
            assert!(throttle.accounts.len() <= REMEMBERED);
        }
        assert_eq!(throttle.attempt("mira", None, 1001), Err(899));
        // New failures are counted even when the memory is full.
        for _ in 0..10 {
            assert_eq!(throttle.attempt("bo", None, 1001), Ok(()));
        }
        assert_eq!(throttle.attempt("bo", None, 1001), Err(900));
    }

    #[test]
    fn the_addresses_of_one_network_count_together_and_what_was_not_looked_at_does_not() {
        let mut throttle = Throttle::default();
        let from = |last: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]));
        for guess in 0..50 {
            let account = format!("account-{}", guess % 10);
            assert_eq!(throttle.attempt(&account, from(guess), 1000), Ok(()));
        }
        assert_eq!(throttle.attempt("account-3", from(99), 1001), Err(899));
        for _ in 0..20 {
            assert_eq!(throttle.attempt("mira", None, 1000), Ok(()));
            throttle.untried("mira", None);
        }
    }
}
