//! Who may change a series, or read all of it, at this moment: one at a time, in this process and in others beside it
//! (`terugkijken scan`). In: the names of folders. Out: a [`SeriesLock`] that is held until it is dropped, or the sentence that
//! someone else is at work.
//!
//! Waiting holds no thread. It ends after [`PATIENCE`], because whoever waits holds a form in memory and a browser in suspense,
//! and no more than `MOST_WAITING` wait for one series.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Library;
use crate::error::{Error, Result};
use crate::text;

/// How long one waits for a series.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Requests that wait for one series at the same time; the next is refused at once.
const MOST_WAITING: usize = 256;

/// Pause between two looks at a lock that another process holds: the kernel cannot tell us that it was given back.
const POLL: Duration = Duration::from_millis(50);

/// Queues that are remembered after nobody waits in them.
const MOST_QUEUES: usize = 1024;

/// Held while a series is changed, or read as a whole; given back when dropped.
#[derive(Debug)]
#[must_use]
pub struct SeriesLock {
    queue: Arc<Queue>,
    // In the order in which they are given back: other processes first, then the next in this one.
    _file: File,
    _turn: OwnedSemaphorePermit,
}

impl SeriesLock {
    /// Whether someone in this process waits for it; whoever reads a large series lets them go first.
    pub fn is_wanted(&self) -> bool {
        self.queue.places.available_permits() < MOST_WAITING
    }
}

/// The queues of this process, by the name of the lock.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues(Arc<Mutex<HashMap<String, Arc<Queue>>>>);

#[derive(Debug)]
struct Queue {
    /// One permit: the turn. Fair, so that the first to come is the first to go.
    turn: Arc<Semaphore>,
    /// Places in the queue.
    places: Semaphore,
}

impl Queues {
    fn of(&self, name: &str) -> Arc<Queue> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_QUEUES {
            all.retain(|_, queue| Arc::strong_count(queue) > 1);
        }
        let queue = all.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Queue {
                turn: Arc::new(Semaphore::new(1)),
                places: Semaphore::new(MOST_WAITING),
            })
        });
        Arc::clone(queue)
    }
}

impl Library {
    /// Waits until nobody else changes or reads these series, and takes all of them: always in the order of their names, so that
    /// two who want the same ones never wait for each other.
    ///
    /// [`Error::Status`] with 503 when that takes longer than [`PATIENCE`], or too many wait already.
    pub async fn lock<'a>(
        &self,
        folders: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<SeriesLock>> {
        let deadline = Instant::now() + PATIENCE;
        let names: BTreeSet<&str> = folders.into_iter().collect();
        let mut locks = Vec::with_capacity(names.len());
        for name in names {
            locks.push(self.lock_until(name, deadline).await?);
        }
        Ok(locks)
    }

    async fn lock_until(&self, name: &str, deadline: Instant) -> Result<SeriesLock> {
        let busy = || Error::Status(503, text!("series-busy"));
        let queue = self.queues.of(name);
        let turn = {
            let _place = queue.places.try_acquire().map_err(|_| busy())?;
            tokio::time::timeout_at(deadline, Arc::clone(&queue.turn).acquire_owned())
                .await
                .map_err(|_| busy())?
                .map_err(Error::internal)?
        };
        loop {
            let name = name.to_owned();
            if let Some(file) = self.run(move |library| library.try_lock(&name)).await? {
                return Ok(SeriesLock {
                    queue,
                    _file: file,
                    _turn: turn,
                });
            }
            if Instant::now() + POLL > deadline {
                return Err(busy());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Takes the lock of that name if no other process holds it (flock(2)).
    fn try_lock(&self, name: &str) -> Result<Option<File>> {
        // The name of a folder may be as long as a name can be; that of its lock is short.
        let file = &blake3::hash(name.as_bytes()).to_hex()[..32];
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.data.join(LOCKS).join(file))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(problem)) => Err(problem.into()),
        }
    }
}

/// Where the locks lie in the data folder. They are never removed: a lock that is taken on a file without a name holds nobody.
pub(super) const LOCKS: &str = "locks";
