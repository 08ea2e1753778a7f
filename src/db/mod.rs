//! SQLite itself; knows no noun. In: closures on a connection. Out: what they answer. One writer and as many readers as
//! there are cores, each connection on a thread of its own, so that no question ever waits on an async thread.
//!
//! A page asks all it needs in *one* closure: one hand-over, one snapshot. Files are never touched inside a closure.

mod open;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

pub use open::{MIGRATIONS, fresh_in_memory, sqlite_version};

/// Questions that may wait for a connection before the next is told to come back later (503): as many as there are connections
/// by default (`connections`), so that a thousand who open a recording in one moment all see it. Each holds a few kB.
const QUEUE: usize = 4096;

/// The catalogue's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writer: ConnectionPool,
    readers: ConnectionPool,
}

impl Db {
    /// Opens or makes the database at `path` and brings its tables up to date.
    ///
    /// Errors when the file cannot be opened, is damaged, or was written by a newer version of the program.
    pub async fn open(path: &Path) -> Result<Self> {
        let readers = std::thread::available_parallelism()
            .map_or(2, std::num::NonZero::get)
            .clamp(2, 8);
        let writer = ConnectionPool::of(vec![open::writer(path).await?]);
        let mut connections = Vec::with_capacity(readers);
        for _ in 0..readers {
            connections.push(open::reader(path).await?);
        }
        Ok(Self {
            writer,
            readers: ConnectionPool::of(connections),
        })
    }

    /// Asks: `question` sees one snapshot of the whole database and cannot change it.
    pub async fn read<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.readers
            .run(move |conn| {
                // Deferred, so that several questions in one closure see the same moment.
                let snapshot = conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
                question(&snapshot)
            })
            .await
    }

    /// Changes: everything `command` does is committed and on disk when this returns `Ok`, or none of it happened.
    pub async fn write<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    {
        self.writer
            .run(move |conn| {
                // Immediate: a deferred transaction that starts writing later fails at once when another process
                // (`terugkijken scan` beside the server) has the lock, whatever the busy timeout says.
                let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let answer = command(&transaction)?;
                transaction.commit()?;
                Ok(answer)
            })
            .await
    }

    /// How many closures were handed over since the database was opened, to read and to write.
    pub fn handed_over(&self) -> u64 {
        self.readers.handed_over.load(Ordering::Relaxed)
            + self.writer.handed_over.load(Ordering::Relaxed)
    }

    /// Moves the write-ahead log into the database file; on an orderly stop, so that the file alone is whole.
    pub async fn checkpoint(&self) -> Result<()> {
        self.writer
            .run(|conn| Ok(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?))
            .await
    }

    /// The file's own check of itself; `check` runs it. Answers SQLite's findings, empty when all is well.
    pub async fn quick_check(&self) -> Result<Vec<String>> {
        self.read(|conn| {
            let mut statement = conn.prepare("PRAGMA quick_check(10)")?;
            let findings: Vec<String> = statement
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(findings
                .into_iter()
                .filter(|finding| finding != "ok")
                .collect())
        })
        .await
    }
}

/// Connections of one kind, handed out one closure at a time.
#[derive(Clone)]
struct ConnectionPool {
    idle: Arc<Mutex<Vec<tokio_rusqlite::Connection>>>,
    free: Arc<Semaphore>,
    /// In the queue.
    places: Arc<Semaphore>,
    handed_over: Arc<AtomicU64>,
}

impl ConnectionPool {
    fn of(connections: Vec<tokio_rusqlite::Connection>) -> Self {
        let free = Arc::new(Semaphore::new(connections.len()));
        Self {
            idle: Arc::new(Mutex::new(connections)),
            free,
            places: Arc::new(Semaphore::new(QUEUE)),
            handed_over: Arc::default(),
        }
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        // Given up also by a visitor who leaves.
        let place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        let permit = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(place);
        self.handed_over.fetch_add(1, Ordering::Relaxed);
        let conn = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let conn = conn.ok_or_else(|| Error::internal("more permits than connections"))?;
        let back = conn.clone();
        let idle = Arc::clone(&self.idle);
        conn.call_raw(move |conn| {
            // A panic would end the connection's thread and with it every later question.
            let answer = catch_unwind(AssertUnwindSafe(|| work(conn)));
            // Given back here and not by the caller: a visitor who leaves must not take a connection along.
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(back);
            drop(permit);
            answer.unwrap_or_else(|_| Err(Error::internal("a question to the database panicked")))
        })
        .await
        .map_err(Error::internal)?
    }
}
