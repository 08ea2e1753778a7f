//! How often one sender may do something that leaves a trace here, such as sending a message. In: sender and time. Out: whether it is
//! allowed now. The state is in memory only, so that no address is ever stored, and a restart clears it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Sender;

/// Length of the window in seconds.
const WINDOW: i64 = 60 * 60;

/// Most senders in memory; beyond it, expired ones are removed, and then those who took the least.
const REMEMBERED: usize = 10_000;

/// The allowance of all senders. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// Times in a window.
    most: u32,
    /// Times in a window of all senders together of whom nothing is known.
    most_unknown: u32,
    taken: Arc<Mutex<HashMap<Sender, Taken>>>,
}

#[derive(Debug, Clone, Copy)]
struct Taken {
    count: u32,
    /// The first time in UTC seconds.
    since: i64,
}

impl Taken {
    /// Whether the window still runs; a clock that was set back must not shut anyone out for long.
    fn is_recent(&self, now: i64) -> bool {
        (self.since..self.since + WINDOW).contains(&now)
    }
}

impl Allowance {
    pub fn new(most: u32, most_unknown: u32) -> Self {
        Self {
            most,
            most_unknown,
            taken: Arc::default(),
        }
    }

    /// Takes one. `Err`: seconds to wait. Senders of whom nothing is known are everyone behind a proxy, and share a larger allowance.
    pub fn take(&self, sender: Sender, now: i64) -> Result<(), i64> {
        let most = match sender {
            Sender::Unknown => self.most_unknown,
            Sender::Coordinator(_) | Sender::Device(_) | Sender::Address(_) => self.most,
        };
        let mut all = self.all();
        if all.len() >= REMEMBERED && !all.contains_key(&sender) {
            make_room(&mut all, now);
        }
        let none = Taken {
            count: 0,
            since: now,
        };
        let taken = all.entry(sender).or_insert(none);
        if !taken.is_recent(now) {
            *taken = none;
        }
        if taken.count >= most {
            return Err(taken.since + WINDOW - now);
        }
        taken.count += 1;
        Ok(())
    }

    /// Gives one back that was taken for nothing.
    pub fn give_back(&self, sender: Sender) {
        if let Some(taken) = self.all().get_mut(&sender) {
            taken.count = taken.count.saturating_sub(1);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Sender, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(all: &mut HashMap<Sender, Taken>, now: i64) {
    all.retain(|_, taken| taken.is_recent(now));
    if all.len() >= REMEMBERED {
        let least = all.values().map(|taken| taken.count).min();
        all.retain(|_, taken| Some(taken.count) > least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_allowed_some_in_an_hour_and_others_as_many() {
        let allowance = Allowance::new(3, 5);
        let (one, other) = (Sender::Device(1), Sender::Device(2));
        for at in 0..3 {
            assert_eq!(allowance.take(one, 1000 + at), Ok(()));
        }
        assert_eq!(allowance.take(one, 1600), Err(3000));
        assert_eq!(allowance.take(other, 1600), Ok(()));
        allowance.give_back(one);
        assert_eq!(allowance.take(one, 1600), Ok(()));
        assert_eq!(allowance.take(one, 4600), Ok(()), "an hour later");
        // The clock was set back by a day.
        assert_eq!(allowance.take(one, -80_000), Ok(()));
        // Those of whom nothing is known share what is more than one is allowed.
        for _ in 0..5 {
            assert_eq!(allowance.take(Sender::Unknown, 1600), Ok(()));
        }
        assert_eq!(allowance.take(Sender::Unknown, 1700), Err(3500));
        assert_eq!(allowance.take(Sender::Device(3), 1700), Ok(()));
    }

    #[test]
    fn a_flood_of_senders_takes_little_memory_and_frees_nobody() {
        let allowance = Allowance::new(2, 2);
        let busy = Sender::Device(-1);
        assert_eq!(allowance.take(busy, 1000), Ok(()));
        assert_eq!(allowance.take(busy, 1000), Ok(()));
        for number in 0..25_000 {
            assert_eq!(allowance.take(Sender::Device(number), 1000), Ok(()));
            assert!(allowance.all().len() <= REMEMBERED);
        }
        assert!(allowance.take(busy, 1001).is_err());
    }
}
