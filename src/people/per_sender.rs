//! How many things one sender may have at a time: connections, or answers under way. In: a sender. Out: one place of the limited
//! number, at once or after waiting for one of the same sender; others are not held up by that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::timeout;

use super::Sender;
use crate::error::{Error, Result};

/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(30);

/// The limits of all senders. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PerSender {
    most: usize,
    most_waiting: usize,
    places: Arc<Mutex<HashMap<Sender, Places>>>,
}

#[derive(Debug)]
struct Places {
    free: Arc<Semaphore>,
    /// Those who have a place, and those who wait for one.
    present: usize,
}

/// One place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    // Declared first, so that the place is free before its sender is forgotten.
    _free: OwnedSemaphorePermit,
    _present: Present,
}

/// Counts one of a sender as present until it is dropped, also when it stops waiting.
#[derive(Debug)]
struct Present {
    sender: Sender,
    all: PerSender,
}

impl PerSender {
    /// At most `most` at a time for each sender, and at most `most_waiting` who wait for one of those.
    pub fn new(most: usize, most_waiting: usize) -> Self {
        Self {
            most,
            most_waiting,
            places: Arc::default(),
        }
    }

    /// A place for this sender.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many of the same sender wait, or none became free in time.
    pub async fn place(&self, sender: Sender) -> Result<Place> {
        let (free, present) = self.enter(sender).ok_or(Error::Busy)?;
        let free = match Arc::clone(&free).try_acquire_owned() {
            Ok(free) => free,
            Err(TryAcquireError::NoPermits) => timeout(PATIENCE, free.acquire_owned())
                .await
                .map_err(|_| Error::Busy)?
                .map_err(Error::internal)?,
            Err(closed @ TryAcquireError::Closed) => return Err(Error::internal(closed)),
        };
        Ok(Place {
            _free: free,
            _present: present,
        })
    }

    /// A place for this sender, when one is free.
    pub fn free_place(&self, sender: Sender) -> Option<Place> {
        let (free, present) = self.enter(sender)?;
        Some(Place {
            _free: free.try_acquire_owned().ok()?,
            _present: present,
        })
    }

    /// Counts one more of a sender; `None` when there are too many already.
    fn enter(&self, sender: Sender) -> Option<(Arc<Semaphore>, Present)> {
        let mut all = self.all();
        let places = all.entry(sender).or_insert_with(|| Places {
            free: Arc::new(Semaphore::new(self.most)),
            present: 0,
        });
        if places.present >= self.most.saturating_add(self.most_waiting) {
            return None;
        }
        places.present += 1;
        let present = Present {
            sender,
            all: self.clone(),
        };
        Some((Arc::clone(&places.free), present))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Sender, Places>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut all = self.all.all();
        if let Some(places) = all.get_mut(&self.sender) {
            places.present -= 1;
            if places.present == 0 {
                all.remove(&self.sender);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn each_sender_has_its_own_places_and_is_forgotten_without_any() {
        let all = PerSender::new(2, 1);
        let (one, other) = (Sender::Device(1), Sender::Device(2));
        let first = all.place(one).await.unwrap();
        let second = all.place(one).await.unwrap();
        let mut third = Box::pin(all.place(one));
        assert!(third.as_mut().now_or_never().is_none());
        assert!(matches!(all.place(one).await, Err(Error::Busy)));
        drop(all.place(other).await.unwrap());
        assert_eq!(all.all().len(), 1);
        drop(first);
        let third = third.await.unwrap();
        // Whoever waits and leaves makes room for another one to wait.
        let mut fourth = Box::pin(all.place(one));
        assert!(fourth.as_mut().now_or_never().is_none());
        drop(fourth);
        let mut fifth = Box::pin(all.place(one));
        assert!(fifth.as_mut().now_or_never().is_none());
        drop((second, third));
        drop(fifth.await.unwrap());
        assert!(all.all().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let all = PerSender::new(1, 1);
        let _first = all.place(Sender::Unknown).await.unwrap();
        assert!(matches!(all.place(Sender::Unknown).await, Err(Error::Busy)));
        assert_eq!(all.all()[&Sender::Unknown].present, 1);
    }
}
