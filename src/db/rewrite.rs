//! Writes the database file anew, from what it holds. `secure_delete` overwrites what is deleted where it stands; but when SQLite
//! divides the rows of a full page among others, copies of them stay behind in the unused part of the page, and no later deletion
//! finds those.

use rusqlite::Connection;
use tokio::sync::OwnedMutexGuard;

use super::Db;
use crate::error::Result;

/// Up to this size in bytes the new database is put together in memory, and a larger one in a temporary file, which SQLite unlinks
/// before it writes to it.
const IN_MEMORY: i64 = 64 * 1024 * 1024;

impl Db {
    /// For whoever calls [`Db::rewrite`]: once at a time.
    pub async fn lock_for_rewrite(&self) -> OwnedMutexGuard<()> {
        self.rewriting.clone().lock_owned().await
    }

    /// Whether the file is being written anew: whoever saves waits for some seconds.
    pub fn is_being_rewritten(&self) -> bool {
        self.rewriting.try_lock().is_err()
    }

    /// Writes the file anew, and empties the log. Reading goes on meanwhile, and writing waits. Returns whether the log could be
    /// emptied: not while another process reads, and then nothing is lost by doing all of it again.
    ///
    /// Errors when the disk lacks the room; the file is then what it was.
    pub async fn rewrite(&self) -> Result<bool> {
        let rewritten = self.writer()?.run(|conn| vacuum(conn)).await;
        // What a rewriting that failed left in the log takes as much room as the whole database.
        let is_emptied = self.checkpoint().await;
        rewritten?;
        is_emptied
    }
}

fn vacuum(conn: &Connection) -> Result<()> {
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let page: i64 = conn.pragma_query_value(None, "page_size", |row| row.get(0))?;
    if pages.saturating_mul(page) <= IN_MEMORY {
        return Ok(conn.execute_batch("VACUUM")?);
    }
    conn.pragma_update(None, "temp_store", "FILE")?;
    let done = conn.execute_batch("VACUUM");
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(done?)
}
