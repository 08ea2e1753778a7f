//! The SQLite database, without knowledge of any noun. In: closures on a connection. Out: their results. One connection writes and
//! two to eight read, each on its own thread, so that no query blocks an async thread.
//!
//! A page loads all its data in *one* closure: one hand-over, one snapshot. A closure never touches files.

mod open;
mod revision;
mod rewrite;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::{Mutex as AsyncMutex, Semaphore};
use tokio::time::timeout;

use crate::error::{Error, Result};

pub use open::{MIGRATIONS, fresh_in_memory, sqlite_version};
pub use revision::LEASE;
use revision::Revision;

/// Closures that may wait for a connection before further ones are refused with 503: as many as the default of `connections`, so
/// that a thousand visitors who open a recording at once all see it. Each takes a few kB.
const QUEUE: usize = 4096;

/// How long a closure waits for a connection: a question takes milliseconds, and a save that finds the database locked by another
/// process 5 s, so that after this time somebody holds it who does not let go.
const PATIENCE: Duration = Duration::from_secs(30);

/// The catalogue's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    path: Arc<Path>,
    pools: Arc<RwLock<Pools>>,
    /// Held while the file is written anew.
    rewriting: Arc<AsyncMutex<()>>,
    revision: Revision,
    /// The number of the revision when the database was opened.
    opened_at: u64,
}

#[derive(Clone)]
struct Pools {
    /// `None` when the disk was too full to open the database for writing.
    writer: Option<ConnectionPool>,
    readers: ConnectionPool,
}

impl Db {
    /// Opens or creates the database at `path` and migrates its tables.
    ///
    /// Errors when the file cannot be opened, is damaged, or was written by a newer version of the program.
    /// [`Error::DiskFull`] when its files beside it cannot be made.
    pub async fn open(path: &Path) -> Result<Self> {
        Self::on(path, Pools::open(path).await?).await
    }

    async fn on(path: &Path, pools: Pools) -> Result<Self> {
        let mut db = Self {
            path: path.into(),
            pools: Arc::new(RwLock::new(pools)),
            rewriting: Arc::default(),
            revision: Revision::default(),
            opened_at: 0,
        };
        ((), db.opened_at) = db.read_revision(|_| Ok(())).await?;
        Ok(db)
    }

    /// Opens a database of this version for reading alone, which takes no room on the disk. Every write is answered
    /// [`Error::DiskFull`] until [`Db::open_for_writing`] succeeds. No other process can use the database meanwhile.
    pub async fn open_read_only(path: &Path) -> Result<Self> {
        Self::on(path, Pools::open_read_only(path).await?).await
    }

    pub fn is_read_only(&self) -> bool {
        self.pools().writer.is_none()
    }

    /// Opens a database for writing too that was opened for reading alone. Whoever asks something meanwhile is told that it is busy.
    ///
    /// Errors when that does not succeed; it can then be read as before.
    pub async fn open_for_writing(&self) -> Result<()> {
        self.pools().readers.close().await?;
        let opened = Pools::open(&self.path).await;
        let (pools, opened) = match opened {
            Ok(pools) => (pools, Ok(())),
            Err(problem) => (Pools::open_read_only(&self.path).await?, Err(problem)),
        };
        *self.pools.write().unwrap_or_else(PoisonError::into_inner) = pools;
        opened
    }

    fn pools(&self) -> Pools {
        let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
        pools.clone()
    }

    fn writer(&self) -> Result<ConnectionPool> {
        self.pools().writer.ok_or(Error::DiskFull)
    }
}

impl Pools {
    async fn open(path: &Path) -> Result<Self> {
        let readers = std::thread::available_parallelism()
            .map_or(2, std::num::NonZero::get)
            .clamp(2, 8);
        let writer = Some(ConnectionPool::of(vec![open::writer(path).await?]));
        let mut connections = Vec::with_capacity(readers);
        for _ in 0..readers {
            connections.push(open::reader(path).await?);
        }
        Ok(Self {
            writer,
            readers: ConnectionPool::of(connections),
        })
    }

    async fn open_read_only(path: &Path) -> Result<Self> {
        let reader = open::only_reader(path).await?;
        Ok(Self {
            writer: None,
            readers: ConnectionPool::of(vec![reader]),
        })
    }
}

impl Db {
    /// Runs a read-only closure on one snapshot of the whole database.
    pub async fn read<T, F>(&self, question: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.pools()
            .readers
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
        let revision = self.revision.clone();
        self.writer()?
            .run(move |conn| {
                // An immediate transaction waits for its lock, while a deferred one that starts writing later fails at once when
                // another process (`terugkijken scan`) holds the lock, whatever the busy timeout.
                let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let answer = command(&transaction)?;
                let number = revision::number(&transaction)?;
                // A commit that fails may have reached the disk all the same.
                transaction.commit().inspect_err(|_| revision.forget())?;
                revision.written(number);
                Ok(answer)
            })
            .await
    }

    /// Number of closures handed over since the database was opened, for reading and writing.
    pub fn handed_over(&self) -> u64 {
        let Pools { writer, readers } = self.pools();
        let all = [Some(readers), writer].into_iter().flatten();
        all.map(|pool| pool.handed_over.load(Ordering::Relaxed))
            .sum()
    }

    /// Moves the write-ahead log into the database file, so that after an orderly stop that file is complete, and empties it. Returns
    /// whether all of it was moved: not when somebody reads for longer than a save waits.
    pub async fn checkpoint(&self) -> Result<bool> {
        self.writer()?
            .run(|conn| {
                let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
                let is_busy: bool = conn.query_row(sql, [], |row| row.get(0))?;
                Ok(!is_busy)
            })
            .await
    }

    /// Whether the file at the path of the database is still this database and whole: read anew from the disk, since the connections
    /// may have it in memory. A large file is judged as far as half a second allows.
    ///
    /// Errors with what is wrong.
    pub async fn is_intact(&self) -> Result<()> {
        open::glance(&self.path).await
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

/// Whether SQLite could not make sense of the file, or not read it.
fn is_damage(problem: &Error) -> bool {
    let Error::Internal(cause) = problem else {
        return false;
    };
    let code = cause.downcast_ref::<rusqlite::Error>();
    matches!(
        code.and_then(rusqlite::Error::sqlite_error_code),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::SystemIoFailure)
    )
}

/// A pool of connections of one kind, each of which runs one closure at a time.
#[derive(Clone)]
struct ConnectionPool {
    idle: Arc<Mutex<Vec<tokio_rusqlite::Connection>>>,
    free: Arc<Semaphore>,
    /// Number of all connections.
    connections: usize,
    /// Free places in the queue.
    places: Arc<Semaphore>,
    handed_over: Arc<AtomicU64>,
}

impl ConnectionPool {
    fn of(connections: Vec<tokio_rusqlite::Connection>) -> Self {
        let free = Arc::new(Semaphore::new(connections.len()));
        Self {
            connections: connections.len(),
            idle: Arc::new(Mutex::new(connections)),
            free,
            places: Arc::new(Semaphore::new(QUEUE)),
            handed_over: Arc::default(),
        }
    }

    /// Closes the connections after what they run; whoever waits for one is told that it is busy.
    async fn close(&self) -> Result<()> {
        if self.free.is_closed() {
            return Ok(());
        }
        let all = u32::try_from(self.connections).map_err(Error::internal)?;
        let all = timeout(PATIENCE, Arc::clone(&self.free).acquire_many_owned(all)).await;
        let _all = all.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        self.free.close();
        let connections = std::mem::take(&mut *self.idle());
        for conn in connections {
            conn.close().await.map_err(Error::internal)?;
        }
        Ok(())
    }

    fn idle(&self) -> MutexGuard<'_, Vec<tokio_rusqlite::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        // A visitor who disconnects also gives up the place.
        let place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        let permit = timeout(PATIENCE, Arc::clone(&self.free).acquire_owned())
            .await
            .map_err(|_| Error::Busy)?
            // The pool was closed.
            .map_err(|_| Error::Busy)?;
        drop(place);
        self.handed_over.fetch_add(1, Ordering::Relaxed);
        let conn = self.idle().pop();
        let conn = conn.ok_or_else(|| Error::internal("more permits than connections"))?;
        let back = conn.clone();
        let idle = Arc::clone(&self.idle);
        conn.call_raw(move |conn| {
            // A panic would end the thread of the connection, so that every later closure failed.
            let answer = catch_unwind(AssertUnwindSafe(|| work(conn)));
            if matches!(&answer, Ok(Err(problem)) if is_damage(problem)) {
                // What was read of a damaged file would be kept when the file is whole again.
                let _ = conn.execute_batch("PRAGMA shrink_memory");
            }
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
