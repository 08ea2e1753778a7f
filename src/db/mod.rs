//! The SQLite database, without knowledge of any noun. In: closures on a connection. Out: their results. One connection writes and
//! two to eight read, each on its own thread, so that no query blocks an async thread.
//!
//! A page loads all its data in *one* closure: one hand-over, one snapshot. A closure never touches files.

mod open;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

pub use open::{MIGRATIONS, fresh_in_memory, sqlite_version};

/// Closures that may wait for a connection before further ones are refused with 503: as many as the default of `connections`, so
/// that a thousand visitors who open a recording at once all see it. Each takes a few kB.
const QUEUE: usize = 4096;

/// The catalogue's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writer: ConnectionPool,
    readers: ConnectionPool,
}

impl Db {
    /// Opens or creates the database at `path` and migrates its tables.
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

    /// Runs a read-only closure on one snapshot of the whole database.
    pub async fn read<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.readers
            .run(move |conn| {
                // A deferred transaction gives all queries of the closure the same snapshot.
                let snapshot = conn.transaction_with_behavior(TransactionBehavior::Deferred)?;
                question(&snapshot)
            })
            .await
    }

    /// Runs a closure in a transaction: all its changes are committed and on disk when this returns `Ok`, and none otherwise.
    pub async fn write<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    {
        self.writer
            .run(move |conn| {
                // An immediate transaction waits for its lock, while a deferred one that starts writing later fails at once when
                // another process (`terugkijken scan`) holds the lock, whatever the busy timeout.
                let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let answer = command(&transaction)?;
                transaction.commit()?;
                Ok(answer)
            })
            .await
    }

    /// Number of closures handed over since the database was opened, for reading and writing.
    pub fn handed_over(&self) -> u64 {
        self.readers.handed_over.load(Ordering::Relaxed)
            + self.writer.handed_over.load(Ordering::Relaxed)
    }

    /// Moves the write-ahead log into the database file, so that after an orderly stop that file is complete.
    pub async fn checkpoint(&self) -> Result<()> {
        self.writer
            .run(|conn| Ok(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?))
            .await
    }

    /// Runs SQLite's quick check, for the `check` command. Returns its findings, none for an intact file.
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

/// A pool of connections of one kind, each of which runs one closure at a time.
#[derive(Clone)]
struct ConnectionPool {
    idle: Arc<Mutex<Vec<tokio_rusqlite::Connection>>>,
    free: Arc<Semaphore>,
    /// Free places in the queue.
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
        // A visitor who disconnects also gives up the place.
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
            // A panic would end the thread of the connection, so that every later closure failed.
            let answer = catch_unwind(AssertUnwindSafe(|| work(conn)));
            // The connection is returned here and not by the caller, whose future is dropped when a visitor disconnects.
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
