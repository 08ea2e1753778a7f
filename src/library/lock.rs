//! Series locks: one holder at a time may change a series or scan it as a whole, in this process and in others (`terugkijken
//! scan`). In: the names of folders. Out: a [`SeriesLock`] that is held until it is dropped, or the error that the series is busy.
//!
//! Waiting blocks no thread. It ends after [`PATIENCE`], because a waiting request holds a form in memory and keeps a browser
//! waiting, and at most `MOST_WAITING` requests wait for one series.

use std::collections::{BTreeSet, HashMap};
use std::fs::{File, TryLockError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Library;
use super::access::make_private_file;
use crate::error::{Error, Result};
use crate::text;

/// How long a request waits for the lock of a series.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Requests that may wait for one series at the same time; further ones are refused at once.
const MOST_WAITING: usize = 256;

/// Pause between two attempts at a lock that another process holds, because the kernel does not notify when it is released.
const POLL: Duration = Duration::from_millis(50);

/// Number of queues that are kept in memory after nobody waits in them.
const MOST_QUEUES: usize = 1024;

/// The lock of a series, released when dropped.
#[derive(Debug)]
#[must_use]
pub struct SeriesLock {
    queue: Arc<Queue>,
    // Fields are dropped in this order: first the lock between processes, then the turn in this one.
    _file: File,
    _turn: OwnedSemaphorePermit,
}

impl SeriesLock {
    /// Whether a request in this process waits for the lock; the scan of a large series lets it go first.
    pub fn is_wanted(&self) -> bool {
        self.queue.places.available_permits() < MOST_WAITING
    }
}

/// The queues of this process, by the name of the folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues(Arc<Mutex<HashMap<String, Arc<Queue>>>>);

#[derive(Debug)]
struct Queue {
    /// One permit: the turn. The semaphore is fair, so requests get it in the order of arrival.
    turn: Arc<Semaphore>,
    /// Free places in the queue.
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
    /// Waits for the locks of these series and takes them all, always in the order of their names, so that two requests for the
    /// same series never deadlock.
    ///
    /// [`Error::Status`] with 503 when that takes longer than [`PATIENCE`], or too many requests wait already.
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

    /// Takes the lock file of a series, unless another process holds it (flock(2)).
    fn try_lock(&self, name: &str) -> Result<Option<File>> {
        // The name of a folder may be too long for a lock file, so its hash is used.
        let file = &blake3::hash(name.as_bytes()).to_hex()[..32];
        let path = self.data.join(LOCKS).join(file);
        make_private_file(&path)?;
        let file = File::options().write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(problem)) => Err(problem.into()),
        }
    }
}

/// The folder of the lock files in the data folder. They are never removed, because a lock on an unlinked file would exclude
/// nobody.
pub(super) const LOCKS: &str = "locks";
