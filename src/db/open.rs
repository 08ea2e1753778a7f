//! Opening the database: the one place where a connection is made, its pragmas with their reasons, and the migrations.

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::error::{Error, Result};

/// The way from the oldest shape of the tables to that of `schema.sql`; `user_version` counts the steps that were taken.
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
];

/// The newest shape.
const SCHEMA: &str = include_str!("../../schema.sql");

/// SQLite before 3.51.3 could corrupt a write-ahead log that was reset while being read.
const OLDEST_SQLITE: i32 = 3_051_003;

/// The version of the SQLite inside this program.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// A database in memory with the newest tables, for holding against a migrated one.
///
/// Errors when a migration does not apply.
pub fn fresh_in_memory() -> Result<Connection> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where connections are made"
    )]
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(SCHEMA)?;
    Ok(conn)
}

/// Makes the tables of a new database from `schema.sql`, comments included; brings those of an older one up to date.
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

/// The one connection that writes; brings the tables up to date.
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
        // Readers go on while someone writes. A property of the file, so only the writer sets it.
        conn.pragma_update(None, "journal_mode", "WAL")?;
        // NORMAL loses acknowledged commits in a power cut; FULL waits until they are on disk.
        conn.pragma_update(None, "synchronous", "FULL")?;
        // A long read keeps the log growing; afterwards it is cut back to this.
        conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
        // What was removed for good is overwritten, not only unlinked.
        conn.pragma_update(None, "secure_delete", true)?;
        shared_pragmas(conn)?;
        catch_up(conn)?;
        // Fresh statistics for the planner, bounded in work; without them a large catalogue may be walked whole.
        conn.execute_batch("PRAGMA optimize = 0x10002")?;
        Ok(())
    })
    .await?;
    Ok(conn)
}

/// A connection that only reads; the tables are there already.
pub(super) async fn reader(path: &Path) -> Result<tokio_rusqlite::Connection> {
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).await?;
    call(&conn, |conn| {
        shared_pragmas(conn)?;
        // A question that tries to write is a mistake of ours: refuse it loudly.
        conn.pragma_update(None, "query_only", true)?;
        Ok(())
    })
    .await?;
    Ok(conn)
}

async fn connect(path: &Path, flags: OpenFlags) -> Result<tokio_rusqlite::Connection> {
    // No mutex inside SQLite: each connection lives on its own thread.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where connections are made"
    )]
    let conn = tokio_rusqlite::Connection::open_with_flags(path, flags).await;
    Ok(conn?)
}

fn shared_pragmas(conn: &mut Connection) -> Result<()> {
    // `terugkijken scan` may write beside the server: wait for it rather than fail.
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    // References are promises here, not comments.
    conn.pragma_update(None, "foreign_keys", true)?;
    // Sorting in memory: a page of results is small, and the disk may be slow or full.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // Negative: KiB. 16 MiB holds the busy part of a catalogue of 10,000 recordings.
    conn.pragma_update(None, "cache_size", -16_000)?;
    // Every page's questions stay prepared.
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

async fn call<F>(conn: &tokio_rusqlite::Connection, work: F) -> Result<()>
where
    F: FnOnce(&mut Connection) -> Result<()> + Send + 'static,
{
    conn.call_raw(work).await.map_err(Error::internal)?
}
