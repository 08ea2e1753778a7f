//! Slows down password guessing. In: account, sender and time of an attempt, and whether the password was wrong. Out: whether an
//! attempt is allowed now. The state is in memory only, so that no address is ever stored, and a restart clears it.
//!
//! An account may fail ten times in a quarter of an hour, from anywhere. An address, which a whole office may share, may fail fifty
//! times; after that it waits, also with names that were not tried yet. Who tries one password with many names fails at each name once
//! and comes back after each wait: an address at which many names failed within hours that never got in waits twice as long each time,
//! and may fail less often. Waits of more than two hours come only after guesses that were refused. An office does not come to that:
//! people who mistype a password get in after all, and mail addresses that are mistyped are few in two hours. A browser in which the
//! coordinator signed in before has a count of its own: no guessing of others shuts it out. Only a password that was looked at and is
//! wrong counts.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;

use super::Sender;

/// Length of the window in seconds.
const WINDOW: i64 = 15 * 60;

/// Failures of one account in a window.
const OF_ACCOUNT: u32 = 10;

/// Failures from one address in a window.
const OF_ADDRESS: u32 = 50;

/// Names that failed from one address and did not get in from there, with which its guesses are at many accounts.
const MANY_NAMES: usize = 20;

/// Failures in a window from an address that guesses at many accounts.
const OF_GUESSER: u32 = 20;

/// The longest window in seconds, of an address that goes on guessing at many accounts.
const LONGEST_WINDOW: i64 = 24 * 3600;

/// Seconds for which a name that failed counts: a mistyped mail address never gets in, and one a day is no guessing. After a window
/// in which all was used up, those of that window count as well.
const RECENT: i64 = 2 * 3600;

/// Seconds without a failure after which an address begins anew.
const QUIET: i64 = 2 * LONGEST_WINDOW;

/// Most accounts and addresses in memory; beyond it, expired ones are removed, and then those with the fewest failures: many names
/// tried once must not remove the failures of the account under attack.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Default)]
pub struct Throttle {
    accounts: HashMap<String, Failures>,
    /// By the address of [`Sender::Address`].
    addresses: HashMap<IpAddr, Failures>,
    /// The names behind them, by the same address.
    names: HashMap<IpAddr, Names>,
    hasher: RandomState,
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
    /// Length of the window in seconds.
    lasts: i64,
}

/// The names that failed from one address and did not get in since.
#[derive(Debug, Clone, Default)]
struct Names {
    /// Hashes of those that count and when they last failed, the latest last, at most [`MANY_NAMES`].
    failed: Vec<(u64, i64)>,
    /// Last failure in UTC seconds.
    at: i64,
}

impl Names {
    fn are_many(&self) -> bool {
        self.failed.len() >= MANY_NAMES
    }

    fn note(&mut self, name: u64, now: i64) {
        self.remove(name);
        if self.are_many() {
            self.failed.remove(0);
        }
        self.failed.push((name, now));
        self.at = now;
    }

    fn remove(&mut self, name: u64) {
        self.failed.retain(|(failed, _)| *failed != name);
    }
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
        let address_failed = address_failed.filter(|failed| failed.count >= most(failed));
        match account_failed.or(address_failed) {
            Some(failed) => Err(failed.since + failed.lasts - now),
            None => Ok(()),
        }
    }

    /// Counts a wrong password. Answers whether it is the last one that is allowed: a flood has its one line in the log.
    pub fn failed(&mut self, account: &str, sender: Sender, now: i64) -> bool {
        let of_account = match sender.is_known() {
            true => count(&mut self.known, sender, now, WINDOW).count,
            false => count(&mut self.accounts, account.to_owned(), now, WINDOW).count,
        };
        let is_last_of_address = match sender {
            Sender::Address(from) => {
                let window = self.next_window(from, account, now);
                let failed = count(&mut self.addresses, from, now, window);
                failed.count == most(&failed)
            }
            Sender::Coordinator(_) | Sender::Device(_) | Sender::Unknown => false,
        };
        of_account == OF_ACCOUNT || is_last_of_address
    }

    /// Notes the name of a failure. Answers the length of a window that begins with it: twice the one before when the address guesses at
    /// many accounts, but more than [`RECENT`] only when all that was allowed was used up.
    fn next_window(&mut self, from: IpAddr, account: &str, now: i64) -> i64 {
        let name = self.hasher.hash_one(account);
        let is_quiet = |names: &Names| !(names.at..=names.at + QUIET).contains(&now);
        if self.names.len() >= REMEMBERED && !self.names.contains_key(&from) {
            self.names.retain(|_, names| !is_quiet(names));
            if self.names.len() >= REMEMBERED {
                self.names.retain(|_, names| names.are_many());
            }
        }
        if self.names.len() >= REMEMBERED && !self.names.contains_key(&from) {
            return WINDOW;
        }
        let names = self.names.entry(from).or_default();
        if is_quiet(names) {
            *names = Names::default();
            self.addresses.remove(&from);
        }
        let before = self.addresses.get(&from).copied();
        let is_used_up = before.is_some_and(|it| it.count >= most(&it));
        let runs = before.is_some_and(|it| is_recent(&it, now));
        let window = before.filter(|_| is_used_up || runs);
        let since = window.map_or(now, |it| it.since).min(now - RECENT);
        names.failed.retain(|(_, at)| (since..=now).contains(at));
        let were_many = names.are_many();
        names.note(name, now);
        let before = before.map_or(WINDOW, |it| it.lasts);
        match (were_many, is_used_up) {
            (true, true) => (2 * before).min(LONGEST_WINDOW),
            (true, false) => (2 * before).min(RECENT),
            // Somebody who guesses at one name less than many is not let off at once.
            (false, true) => (before / 2).max(WINDOW),
            (false, false) => WINDOW,
        }
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
        if let Sender::Address(from) = sender
            && let Some(names) = self.names.get_mut(&from)
            && !names.are_many()
        {
            let name = self.hasher.hash_one(account);
            names.remove(name);
        }
    }
}

/// The failures of an address that are allowed in a window.
fn most(failed: &Failures) -> u32 {
    match failed.lasts > WINDOW {
        true => OF_GUESSER,
        false => OF_ADDRESS,
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
    (failed.since..failed.since + failed.lasts).contains(&now)
}

/// Counts one more. `lasts`: of a window that begins with it. Answers the failures of the window.
fn count<K: Eq + Hash>(of: &mut HashMap<K, Failures>, key: K, now: i64, lasts: i64) -> Failures {
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
        lasts,
    };
    let failed = of.entry(key).or_insert(none);
    if !is_recent(failed, now) {
        *failed = none;
    }
    failed.count = failed.count.saturating_add(1);
    *failed
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

    /// As many guesses as are allowed, each at another name, and how long one waits then.
    fn spray(throttle: &mut Throttle, from: Sender, now: i64) -> (usize, i64) {
        for number in 0.. {
            let name = format!("name-{number}");
            if let Err(wait) = guess(throttle, &name, from, now) {
                return (number, wait);
            }
        }
        unreachable!()
    }

    #[test]
    fn one_password_at_many_names_waits_longer_each_time() {
        let mut throttle = Throttle::default();
        let (mut now, mut sum) = (1000, 0);
        for (allowed, minutes) in [
            (50, 15),
            (20, 30),
            (20, 60),
            (20, 120),
            (20, 240),
            (20, 480),
            (20, 960),
            (20, 1440),
            (20, 1440),
        ] {
            assert_eq!(spray(&mut throttle, OFFICE, now), (allowed, minutes * 60));
            // With the right password neither, and known browsers are not shut out.
            assert!(throttle.check("mira", OFFICE, now + 1).is_err());
            assert_eq!(throttle.check("mira", Sender::Device(7), now + 1), Ok(()));
            assert_eq!(throttle.check("mira", ELSEWHERE, now + 1), Ok(()));
            now += minutes * 60;
            sum += allowed;
        }
        assert_eq!(
            sum, 210,
            "in three days, of 14,400 without the longer waits"
        );
        // After two days of silence it begins anew.
        now += QUIET + 1;
        assert_eq!(spray(&mut throttle, OFFICE, now), (50, 900));
    }

    #[test]
    fn an_office_that_mistypes_and_gets_in_waits_no_longer_than_before() {
        let mut throttle = Throttle::default();
        for day in 0..5 {
            let now = 1000 + day * LONGEST_WINDOW / 2;
            for number in 0..40 {
                let name = format!("colleague-{number}");
                assert_eq!(guess(&mut throttle, &name, OFFICE, now), Ok(()));
                throttle.succeeded(&name, OFFICE);
            }
            let wait = spray_one_name(&mut throttle, now + 1);
            assert_eq!(wait, 899, "{day}");
        }
    }

    #[test]
    fn mistyped_mail_addresses_do_not_shut_an_office_out() {
        for (names, apart, allowed, wait) in [
            // One a day for half a year, one an hour for a week, and nineteen in two hours for a day.
            (180, LONGEST_WINDOW, 50, 900),
            (168, 3600, 50, 900),
            (228, RECENT / 19 + 1, 50, 900),
            // Thirty in two and a half hours make windows of an hour, which end when it is over.
            (30, 300, 50, 900),
            // A meeting at which twenty-five mistype it, and the next day.
            (25, 1, 50, 900),
        ] {
            let mut throttle = Throttle::default();
            let mut now = 1000;
            for number in 0..names {
                let name = format!("mistyped-{number}");
                // Somebody whose address is right gets in meanwhile, at the second attempt.
                let _ = guess(&mut throttle, &name, OFFICE, now);
                if number % 7 == 0 && guess(&mut throttle, "mira", OFFICE, now).is_ok() {
                    throttle.succeeded("mira", OFFICE);
                }
                now += apart;
            }
            // When the last window has passed, and for the meeting a day later, all in the office try a password they forgot.
            now += if apart == 1 { LONGEST_WINDOW } else { 0 };
            now += throttle
                .addresses
                .values()
                .map(|it| it.since + it.lasts - now)
                .max()
                .unwrap()
                .max(0);
            let forgotten = (0..).find_map(|number: usize| {
                let name = format!("forgotten-{}", number % 9);
                let refused = guess(&mut throttle, &name, OFFICE, now).err();
                refused.map(|wait| (number, wait))
            });
            assert_eq!(
                forgotten,
                Some((allowed, wait)),
                "{names} names, {apart} s apart"
            );
        }
    }

    #[test]
    fn an_address_that_was_used_up_is_an_office_again_after_a_quiet_day() {
        let mut throttle = Throttle::default();
        let mut now = 1000;
        for _ in 0..9 {
            now += spray(&mut throttle, OFFICE, now).1;
        }
        // The next window is as long as the last; in it only a few mistype their address.
        for number in 0..3 {
            throttle.failed(&format!("mistyped-{number}"), OFFICE, now);
        }
        now += LONGEST_WINDOW;
        assert_eq!(spray(&mut throttle, OFFICE, now), (50, 900));
    }

    /// Ten wrong ones at one name, and how long the address or the account waits then.
    fn spray_one_name(throttle: &mut Throttle, now: i64) -> i64 {
        for _ in 0..10 {
            let _ = guess(throttle, "forgetful", OFFICE, now);
        }
        throttle.check("mira", OFFICE, now).unwrap_err()
    }

    #[test]
    fn what_is_remembered_of_names_is_bounded() {
        let mut throttle = Throttle::default();
        for number in 0..12_000_u32 {
            let from = Sender::Address(std::net::Ipv4Addr::from(number).into());
            throttle.failed(&number.to_string(), from, 1000);
            assert!(throttle.names.len() <= REMEMBERED);
        }
        for number in 0..1000 {
            throttle.failed(&number.to_string(), OFFICE, 1000);
        }
        assert!(
            throttle
                .names
                .values()
                .all(|it| it.failed.len() <= MANY_NAMES)
        );
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
