//! A queue for work that is done one at a time, in which senders take turns: however many one of them has waiting, the next one of
//! another sender is only behind the one under way and one of each sender that waits.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// Most that one sender may have waiting: an office of 60 laptops behind one address opens a series at the same moment.
const OF_ONE: usize = 64;

/// Most that may wait together.
const OF_ALL: usize = 512;

/// The queue; `S` tells senders apart. Cheap to clone.
#[derive(Debug)]
pub struct Queue<S: Eq + Hash + Copy>(Arc<Mutex<Waiting<S>>>);

#[derive(Debug)]
struct Waiting<S: Eq + Hash + Copy> {
    /// Whether somebody has the turn.
    taken: bool,
    /// Those of each sender, first come first served; no sender without one.
    lines: HashMap<S, VecDeque<oneshot::Sender<Turn<S>>>>,
    /// The senders that wait, in the order of their turns.
    order: VecDeque<S>,
    /// How many wait together.
    count: usize,
}

/// The turn; it passes to the next one when it is dropped.
#[derive(Debug)]
pub struct Turn<S: Eq + Hash + Copy>(Option<Queue<S>>);

impl<S: Eq + Hash + Copy> Clone for Queue<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Eq + Hash + Copy> Default for Queue<S> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Waiting {
            taken: false,
            lines: HashMap::new(),
            order: VecDeque::new(),
            count: 0,
        })))
    }
}

impl<S: Eq + Hash + Copy> Queue<S> {
    /// Waits for the turn of this sender. `is_known`: it goes before all others, and comes in however many of them wait.
    ///
    /// [`Error::Busy`] when this sender has 64 waiting, or when 512 wait and one of the longest line had to make room for a sender
    /// with a shorter one.
    pub async fn turn(&self, sender: S, is_known: bool) -> Result<Turn<S>> {
        let receiver = match self.waiting().come(sender, is_known)? {
            Some(receiver) => receiver,
            None => return Ok(Turn(Some(self.clone()))),
        };
        receiver.await.map_err(|_| Error::Busy)
    }

    /// Passes the turn to the next one who still waits.
    fn pass_on(&self) {
        loop {
            let Some(next) = self.waiting().next() else {
                return;
            };
            match next.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // They left. This turn must not pass itself on as well.
                Err(mut turn) => turn.0 = None,
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Eq + Hash + Copy> Waiting<S> {
    /// Joins the queue; `None` when nobody is before this one.
    fn come(&mut self, sender: S, is_known: bool) -> Result<Option<oneshot::Receiver<Turn<S>>>> {
        if !self.taken {
            self.taken = true;
            return Ok(None);
        }
        if self.count >= OF_ALL
            || self
                .lines
                .get(&sender)
                .is_some_and(|line| line.len() >= OF_ONE)
        {
            self.forget_those_who_left();
        }
        let ahead = self.lines.get(&sender).map_or(0, VecDeque::len);
        let is_full = self.count >= OF_ALL && !is_known;
        if ahead >= OF_ONE || (is_full && !self.make_room(ahead)) {
            return Err(Error::Busy);
        }
        let (tell, told) = oneshot::channel();
        match self.lines.entry(sender) {
            Entry::Occupied(line) => line.into_mut().push_back(tell),
            Entry::Vacant(place) => {
                place.insert(VecDeque::from([tell]));
                match is_known {
                    true => self.order.push_front(sender),
                    false => self.order.push_back(sender),
                }
            }
        }
        self.count += 1;
        Ok(Some(told))
    }

    /// Browsers that were closed do not hold a place.
    fn forget_those_who_left(&mut self) {
        for line in self.lines.values_mut() {
            line.retain(|tell| !tell.is_closed());
        }
        self.lines.retain(|_, line| !line.is_empty());
        self.order.retain(|sender| self.lines.contains_key(sender));
        self.count = self.lines.values().map(VecDeque::len).sum();
    }

    /// Sends the last one of the longest line away, when that line is longer than `ahead` by more than one.
    fn make_room(&mut self, ahead: usize) -> bool {
        let longest = self.lines.values_mut().max_by_key(|line| line.len());
        let Some(line) = longest.filter(|line| line.len() > ahead + 1) else {
            return false;
        };
        // Its receiver learns of it because the sending end is gone.
        line.pop_back();
        self.count -= 1;
        true
    }

    /// Takes the next one out of the queue; without one the turn is free.
    fn next(&mut self) -> Option<oneshot::Sender<Turn<S>>> {
        while let Some(sender) = self.order.pop_front() {
            let Some(mut line) = self.lines.remove(&sender) else {
                continue;
            };
            let next = line.pop_front();
            if !line.is_empty() {
                self.lines.insert(sender, line);
                self.order.push_back(sender);
            }
            if next.is_some() {
                self.count -= 1;
                return next;
            }
        }
        self.taken = false;
        None
    }
}

impl<S: Eq + Hash + Copy> Drop for Turn<S> {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::{FutureExt, join_all};

    use super::*;

    #[tokio::test]
    async fn each_sender_has_every_other_turn() {
        let queue = Queue::default();
        let first = queue.turn('a', false).await.unwrap();
        let served = Arc::new(Mutex::new(String::new()));
        let one = |sender: char| {
            let (queue, served) = (queue.clone(), Arc::clone(&served));
            async move {
                let turn = queue.turn(sender, false).await.unwrap();
                served.lock().unwrap().push(sender);
                drop(turn);
            }
        };
        let mut all: Vec<_> = "aaaaabbc"
            .chars()
            .map(|sender| one(sender).boxed())
            .collect();
        // They come in this order.
        for one in &mut all {
            assert!(one.now_or_never().is_none());
        }
        drop(first);
        join_all(all).await;
        assert_eq!(*served.lock().unwrap(), "abcabaaa");
        assert!(
            queue.turn('d', false).now_or_never().is_some(),
            "it is free again"
        );
    }

    #[tokio::test]
    async fn a_flood_of_one_or_of_many_leaves_room_for_another() {
        let queue = Queue::default();
        let turn = queue.turn(0, false).await.unwrap();
        let wait = |sender: usize| {
            let mut waits = queue.turn(sender, false).boxed();
            let refused = (&mut waits).now_or_never().is_some_and(|it| it.is_err());
            (waits, refused)
        };
        let mut waiting: Vec<_> = (0..OF_ONE).map(|_| wait(1)).collect();
        assert!(waiting.iter().all(|(_, refused)| !refused));
        assert!(wait(1).1, "one sender has so many and no more");
        for sender in 2..=8 {
            waiting.extend((0..OF_ONE).map(|_| wait(sender)));
        }
        waiting.retain(|(_, refused)| !refused);
        assert_eq!(waiting.len(), OF_ALL);
        let (mut late, refused) = wait(99);
        assert!(!refused, "one of the floods made room");
        let sent_away = waiting
            .iter_mut()
            .filter_map(|(waits, _)| waits.now_or_never())
            .filter(Result::is_err);
        assert_eq!(sent_away.count(), 1);
        // Nobody who is known is sent away, and they go first.
        let (mut known, refused) = {
            let mut waits = queue.turn(100, true).boxed();
            let refused = (&mut waits).now_or_never().is_some();
            (waits, refused)
        };
        assert!(!refused);
        // All of them leave, without having had their turn.
        drop(waiting);
        drop(turn);
        let turn = (&mut known).now_or_never().unwrap().unwrap();
        assert!((&mut late).now_or_never().is_none());
        drop(turn);
        assert!((&mut late).now_or_never().unwrap().is_ok());
        assert!(queue.turn(1, false).now_or_never().unwrap().is_ok());
        let state = queue.waiting();
        assert_eq!(
            (state.count, state.order.len(), state.lines.len()),
            (0, 0, 0)
        );
    }

    #[tokio::test]
    async fn who_leaves_with_the_turn_on_its_way_passes_it_on() {
        let queue = Queue::default();
        let turn = queue.turn('a', false).await.unwrap();
        let mut leaves = queue.turn('a', false).boxed();
        let mut stays = queue.turn('a', false).boxed();
        assert!((&mut leaves).now_or_never().is_none() && (&mut stays).now_or_never().is_none());
        drop(turn);
        drop(leaves);
        assert!(stays.now_or_never().unwrap().is_ok());
    }
}
