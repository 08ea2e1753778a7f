//! Hashes passwords one at a time, each sender in turn: a flood of guesses takes one core and 19 MiB, and whoever comes from elsewhere
//! waits for one of its hashes at most.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::Block;
use tokio::time::{Instant, sleep_until};

use super::Sender;
use super::password;
use super::queue::{Queue, Turn};
use crate::error::{Error, Result};

/// Time without a hash after which its memory is given back.
const KEPT: Duration = Duration::from_secs(10);

/// Hashes and verifies passwords. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Hashing {
    queue: Queue<Sender>,
    memory: Arc<Mutex<Memory>>,
}

/// The memory of the hash under way, and of the next one.
#[derive(Default)]
struct Memory {
    blocks: Vec<Block>,
    /// When it was last used; `None` when it is empty.
    used: Option<Instant>,
}

impl std::fmt::Debug for Memory {
    /// Not the blocks: they come from a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} blocks)", self.blocks.len())
    }
}

impl Hashing {
    /// Waits until this sender may have a password hashed.
    ///
    /// [`Error::Busy`] when too many wait.
    pub async fn turn(&self, sender: Sender) -> Result<Turn<Sender>> {
        self.queue.turn(sender, sender.is_known()).await
    }

    /// The PHC string of a password, with a random salt, and the turn, which is to end when the result was noted.
    pub async fn hash(
        &self,
        turn: Turn<Sender>,
        password: String,
    ) -> Result<(String, Turn<Sender>)> {
        self.run(turn, move |memory| password::hash(&password, memory))
            .await
    }

    /// Whether this is the password of that hash ([`password::is_right`]), and the turn, as above.
    pub async fn is_right(
        &self,
        turn: Turn<Sender>,
        password: String,
        hash: Option<String>,
    ) -> Result<(bool, Turn<Sender>)> {
        self.run(turn, move |memory| {
            password::is_right(&password, hash.as_deref(), memory)
        })
        .await
    }

    async fn run<T, F>(&self, turn: Turn<Sender>, work: F) -> Result<(T, Turn<Sender>)>
    where
        T: Send + 'static,
        F: FnOnce(&mut Vec<Block>) -> Result<T> + Send + 'static,
    {
        let (memory, kept) = (Arc::clone(&self.memory), Arc::clone(&self.memory));
        let runtime = tokio::runtime::Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let done = work(&mut memory.blocks);
            let was_empty = memory.used.replace(Instant::now()).is_none();
            drop(memory);
            if was_empty {
                runtime.spawn(give_back(kept));
            }
            // When the request was dropped meanwhile, the turn ends with this result, which nobody takes.
            (done, turn)
        });
        let (done, turn) = done.await.map_err(Error::internal)?;
        Ok((done?, turn))
    }

    /// Bytes that are kept for the next hash.
    pub fn kept_bytes(&self) -> usize {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.blocks.len() * Block::SIZE
    }
}

/// Frees the memory once no hash has used it for a while.
async fn give_back(memory: Arc<Mutex<Memory>>) {
    loop {
        let until = match memory.try_lock() {
            Ok(mut memory) => match memory.used.map(|used| used + KEPT) {
                Some(until) if until > Instant::now() => until,
                Some(_) | None => {
                    *memory = Memory::default();
                    return;
                }
            },
            // A hash is under way; nobody waits here for its end.
            Err(_) => Instant::now() + KEPT,
        };
        sleep_until(until).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_memory_is_used_again_and_given_back() {
        let hashing = Hashing::default();
        let hash = async || {
            let turn = hashing.turn(Sender::Unknown).await.unwrap();
            hashing
                .hash(turn, "vier losse woorden".into())
                .await
                .unwrap()
                .0
        };
        for _ in 0..3 {
            hash().await;
            assert_eq!(hashing.kept_bytes(), 19_456 * 1024);
        }
        tokio::time::sleep(KEPT / 2).await;
        hash().await;
        tokio::time::sleep(KEPT - Duration::from_millis(1)).await;
        assert_eq!(hashing.kept_bytes(), 19_456 * 1024);
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert_eq!(hashing.kept_bytes(), 0);
        hash().await;
        tokio::time::sleep(2 * KEPT).await;
        assert_eq!(hashing.kept_bytes(), 0);
    }
}
