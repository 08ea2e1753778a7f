//! Coordinates writers of uploads: one request at a time writes to an upload. A newer request makes the older one stop and
//! continues at its acknowledged offset, because a client that reconnects cannot know that its old connection still hangs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, watch};

/// Most uploads that are written in large batches at the same time, at 9 MB each.
const MOST_LARGE: usize = 8;

/// How long a newer request waits until the older one has written its bytes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The uploads that this process is writing. Cheap to clone.
#[derive(Clone)]
pub struct Transfers {
    all: Arc<Mutex<HashMap<String, Arc<Transfer>>>>,
    /// The large batches that may be in memory.
    large: Arc<Semaphore>,
    /// Why the last sync failed; `None` once a sync succeeds again.
    trouble: Arc<Mutex<Option<String>>>,
}

struct Transfer {
    hash: Arc<tokio::sync::Mutex<Hash>>,
    /// Counts the requests for the upload; the writing request stops when the number changes.
    turn: watch::Sender<u64>,
}

/// BLAKE3 of the first bytes of an upload, kept between its requests.
#[derive(Default)]
pub struct Hash {
    pub hasher: blake3::Hasher,
    /// Number of hashed bytes.
    pub bytes: u64,
}

/// The exclusive right to write an upload, until it is dropped or a newer request comes.
pub struct Turn {
    pub hash: OwnedMutexGuard<Hash>,
    mine: u64,
    turn: watch::Receiver<u64>,
}

impl Turn {
    /// Waits until a newer request comes.
    pub async fn over(&mut self) {
        let mine = self.mine;
        // An error means that no newer request can come, so this waits for ever.
        if self.turn.wait_for(|now| *now != mine).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Default for Transfers {
    fn default() -> Self {
        Self {
            all: Arc::default(),
            large: Arc::new(Semaphore::new(MOST_LARGE)),
            trouble: Arc::default(),
        }
    }
}

impl Transfers {
    /// The right to write an upload in large batches; `None` while others have all of them.
    pub fn large_batch(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.large).try_acquire_owned().ok()
    }

    /// Takes the turn to write an upload after the older request has stopped. `None` when that one does not stop in time.
    pub async fn take(&self, id: &str) -> Option<Turn> {
        let transfer = {
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(id.to_owned()).or_insert_with(|| {
                Arc::new(Transfer {
                    hash: Arc::default(),
                    turn: watch::channel(0).0,
                })
            }))
        };
        let mut mine = 0;
        transfer.turn.send_modify(|turn| {
            *turn += 1;
            mine = *turn;
        });
        let turn = transfer.turn.subscribe();
        let hash = tokio::time::timeout(PATIENCE, Arc::clone(&transfer.hash).lock_owned())
            .await
            .ok()?;
        Some(Turn { hash, mine, turn })
    }

    /// Drops the state of an upload that has ended.
    pub fn forget(&self, id: &str) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
    }

    /// Records the result of a sync; `None`: it succeeded.
    pub fn note(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Why the last sync failed; `None` when it succeeded.
    pub fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
