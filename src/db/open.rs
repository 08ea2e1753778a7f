//! Opens the database: the only place where connections are made, their pragmas with reasons, and the migrations.

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::error::{Error, Result};

/// The migrations from the oldest tables to those of `schema.sql`; `user_version` counts the applied steps.
pub static MIGRATIONS: LazyLock<Migrations<'static>> =
    LazyLock::new(|| Migrations::from_slice(STEPS));

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/1.sql")),
    M::up(include_str!("migrations/2.sql")),
    M::up(include_str!("migrations/3.sql")),
    M::up(include_str!("migrations/4.sql")),
    M::up(include_str!("migrations/5.sql")),
    M::up(include_str!("migrations/6.sql")),
    M::up(include_str!("migrations/7.sql")),
    M::up(include_str!("migrations/8.sql")),
    M::up(include_str!("migrations/9.sql")),
    M::up(include_str!("migrations/10.sql")),
    M::up(include_str!("migrations/11.sql")),
    M::up(include_str!("migrations/12.sql")),
    M::up(include_str!("migrations/13.sql")),
    M::up(include_str!("migrations/14.sql")),
    M::up(include_str!("migrations/15.sql")),
    M::up(include_str!("migrations/16.sql")),
    M::up(include_str!("migrations/17.sql")),
    M::up(include_str!("migrations/18.sql")),
    M::up(include_str!("migrations/19.sql")),
    M::up(include_str!("migrations/20.sql")),
    M::up(include_str!("migrations/21.sql")),
    M::up(include_str!("migrations/22.sql")),
    M::up(include_str!("migrations/23.sql")),
    M::up(include_str!("migrations/24.sql")),
    M::up(include_str!("migrations/25.sql")),
    M::up(include_str!("migrations/26.sql")),
    M::up(include_str!("migrations/27.sql")),
    M::up(include_str!("migrations/28.sql")),
    M::up(include_str!("migrations/29.sql")),
    M::up(include_str!("migrations/30.sql")),
    M::up(include_str!("migrations/31.sql")),
    M::up(include_str!("migrations/32.sql")),
];

/// The current tables.
const SCHEMA: &str = include_str!("../../schema.sql");

/// SQLite before 3.51.3 could corrupt a write-ahead log that was reset while it was read.
const OLDEST_SQLITE: i32 = 3_051_003;

/// The version of the linked SQLite.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// A database in memory with the current tables, for comparison with a migrated one.
///
/// Errors when the tables cannot be created.
pub fn fresh_in_memory() -> Result<Connection> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where connections are made"
    )]
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(SCHEMA)?;
    Ok(conn)
}

/// Creates the tables of a new database from `schema.sql`, with its comments; migrates those of an older one.
fn catch_up(conn: &mut Connection) -> Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_new: bool = transaction.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
        [],
        |row| row.get(0),
    )?;
    if is_new {
        transaction.execute_batch(SCHEMA)?;
        transaction.pragma_update(None, "user_version", STEPS.len())?;
    }
    transaction.commit()?;
    MIGRATIONS.to_latest(conn).map_err(Error::internal)
}

/// Opens the only writing connection, and migrates the tables.
pub(super) async fn writer(path: &Path) -> Result<tokio_rusqlite::Connection> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::internal(format!(
            "SQLite {} is too old to be trusted with a write-ahead log",
            rusqlite::version()
        )));
    }
    let conn = connect(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )
    .await?;
    call(&conn, |conn| {
        // In WAL mode readers continue during a write. It is a property of the file, so only the writer sets it.
        conn.pragma_update(None, "journal_mode", "WAL")?;
        // NORMAL may lose acknowledged commits in a power cut; FULL waits until they are on disk.
        conn.pragma_update(None, "synchronous", "FULL")?;
        // A long read makes the log grow; afterwards it is truncated to this size.
        conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        // Erased content is overwritten, not only unlinked.
        conn.pragma_update(None, "secure_delete", true)?;
        shared_pragmas(conn)?;
        catch_up(conn)?;
        // The planner needs fresh statistics, without which it may scan a large catalogue. The limit bounds the work of the
        // analysis, and with one SQLite takes no samples of names and addresses into sqlite_stat4, where no wipe would find them.
        conn.pragma_update(None, "analysis_limit", 2000)?;
        conn.execute_batch("PRAGMA optimize = 0x10002")?;
        forget_samples(conn)
    })
    .await?;
    Ok(conn)
}

/// Deletes the samples that an earlier version of the program let SQLite take.
fn forget_samples(conn: &Connection) -> Result<()> {
    let has_samples: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4')",
        [],
        |row| row.get(0),
    )?;
    if has_samples {
        conn.execute_batch("DELETE FROM sqlite_stat4")?;
    }
    Ok(())
}

/// Opens a reading connection; the tables exist already.
pub(super) async fn reader(path: &Path) -> Result<tokio_rusqlite::Connection> {
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).await?;
    call(&conn, |conn| {
        shared_pragmas(conn)?;
        // A query that tries to write is a bug and must fail.
        conn.pragma_update(None, "query_only", true)?;
        Ok(())
    })
    .await?;
    Ok(conn)
}

/// How long a look at a database may take.
pub(super) const GLANCE: Duration = Duration::from_millis(500);

/// Looks at the file with a connection of its own.
pub(super) async fn glance(path: &Path) -> Result<()> {
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).await?;
    let looked = call(&conn, |conn| {
        conn.busy_timeout(Duration::from_secs(1))?;
        conn.pragma_update(None, "query_only", true)?;
        if !is_current(conn)? {
            return Err(Error::internal(
                "the file is not the database that was opened",
            ));
        }
        let until = Instant::now() + GLANCE;
        conn.progress_handler(1000, Some(move || Instant::now() > until))?;
        let found = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        match found {
            Ok(found) if found != "ok" => Err(Error::internal(found)),
            Err(problem)
                if problem.sqlite_error_code() != Some(ErrorCode::OperationInterrupted) =>
            {
                Err(problem.into())
            }
            _ => Ok(()),
        }
    });
    let looked = looked.await;
    conn.close().await.map_err(Error::internal)?;
    looked
}

/// Opens the only connection to a database that cannot be written, because its disk is full. In the exclusive mode SQLite keeps the
/// index of its log in memory and makes no file for it.
pub(super) async fn only_reader(path: &Path) -> Result<tokio_rusqlite::Connection> {
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).await?;
    call(&conn, |conn| {
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        shared_pragmas(conn)?;
        conn.pragma_update(None, "query_only", true)?;
        match is_current(conn)? {
            true => Ok(()),
            // It must be migrated first.
            false => Err(Error::DiskFull),
        }
    })
    .await?;
    Ok(conn)
}

/// Whether the tables are those of this version of the program.
fn is_current(conn: &Connection) -> Result<bool> {
    let steps: usize = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(steps == STEPS.len())
}

async fn connect(path: &Path, flags: OpenFlags) -> Result<tokio_rusqlite::Connection> {
    // SQLite needs no mutex, because each connection is used by one thread.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where connections are made"
    )]
    let conn = tokio_rusqlite::Connection::open_with_flags(path, flags).await;
    Ok(conn?)
}

fn shared_pragmas(conn: &mut Connection) -> Result<()> {
    // `terugkijken scan` may write beside the server, so a connection waits for it instead of failing.
    conn.busy_timeout(Duration::from_secs(5))?;
    // SQLite enforces references only with this pragma.
    conn.pragma_update(None, "foreign_keys", true)?;
    // Sorting happens in memory, because a page of results is small and the disk may be slow or full.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // A negative number is in KiB: 16 MiB hold the busy part of a catalogue of 10,000 recordings.
    conn.pragma_update(None, "cache_size", -16_000)?;
    // The cache holds the prepared statements of all pages.
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

async fn call<F>(conn: &tokio_rusqlite::Connection, work: F) -> Result<()>
where
    F: FnOnce(&mut Connection) -> Result<()> + Send + 'static,
{
    conn.call_raw(work).await.map_err(Error::internal)?
}
