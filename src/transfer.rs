//! Who is writing which upload at this moment. One request at a time; a newer one asks the older to stop and goes on where that
//! was acknowledged, because a client that comes back knows nothing of its connection that still hangs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, watch};

/// How long a newer request waits for the older one to put down what it has.
const PATIENCE: Duration = Duration::from_secs(20);

/// The transfers of this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Transfers {
    all: Arc<Mutex<HashMap<String, Arc<Transfer>>>>,
    /// Why what was written could not be made durable, the last time that failed and until it works again.
    trouble: Arc<Mutex<Option<String>>>,
}

struct Transfer {
    hash: Arc<tokio::sync::Mutex<Hash>>,
    /// Counts the requests that wanted it; whoever writes stops when it moves on.
    turn: watch::Sender<u64>,
}

/// BLAKE3 of the first bytes of an upload, kept between its requests.
#[derive(Default)]
pub struct Hash {
    pub hasher: blake3::Hasher,
    /// So many bytes went in.
    pub bytes: u64,
}

/// The right to write an upload, until it is dropped or a newer request comes.
pub struct Turn {
    pub hash: OwnedMutexGuard<Hash>,
    mine: u64,
    turn: watch::Receiver<u64>,
}

impl Turn {
    /// Waits until a newer request comes.
    pub async fn over(&mut self) {
        let mine = self.mine;
        // An error says that nobody can come any more: then there is nothing to wait for.
        if self.turn.wait_for(|now| *now != mine).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Transfers {
    /// Takes over an upload: whoever writes it stops first. `None` when they did not in time.
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

    /// It is over: nothing of it is kept in memory.
    pub fn forget(&self, id: &str) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
    }

    /// Notes how making bytes durable went; `None`: well.
    pub fn note(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Why what was written could not be made durable, if that failed last.
    pub fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
