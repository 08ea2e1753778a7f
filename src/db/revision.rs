//! The number of the revision of what visitors can see (table `revision`), kept in memory, so that what was decided or made for one
//! revision can be used again without asking the database.
//!
//! Our own writes move it before they are acknowledged. That another process wrote is known at the next reading, which is why the
//! number counts for [`LEASE`] only, and a command beside the server waits that long. The number itself is read: SQLite's
//! `data_version` would only tell that it has to be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::Db;
use crate::error::Result;

/// How long the number counts after it was read.
pub const LEASE: Duration = Duration::from_secs(1);

/// The number as it was last read or written. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Revision(Arc<Last>);

#[derive(Debug)]
struct Last {
    number: AtomicU64,
    began: Instant,
    /// Until when the number counts, in milliseconds since `began`.
    until_ms: AtomicU64,
    /// Readings that began before this, in milliseconds since `began`, do not count.
    forgotten_ms: AtomicU64,
}

impl Default for Revision {
    fn default() -> Self {
        Self(Arc::new(Last {
            number: AtomicU64::new(0),
            began: Instant::now(),
            until_ms: AtomicU64::new(0),
            forgotten_ms: AtomicU64::new(0),
        }))
    }
}

impl Revision {
    /// Notes the number of a snapshot that was taken at `read` or later. A newer one, of a write that came meanwhile, stays.
    pub(super) fn read(&self, number: u64, read: Instant) {
        let last = &*self.0;
        last.number.fetch_max(number, Ordering::SeqCst);
        let read = read.duration_since(last.began);
        if millis(read) >= last.forgotten_ms.load(Ordering::SeqCst) {
            let until = millis(read + LEASE);
            last.until_ms.fetch_max(until, Ordering::SeqCst);
        }
    }

    /// Notes the number after a write of ours, which says nothing about others.
    pub(super) fn written(&self, number: u64) {
        self.0.number.fetch_max(number, Ordering::SeqCst);
    }

    /// Forgets the number: what the database holds is not known for sure.
    pub(super) fn forget(&self) {
        let now = millis(self.0.began.elapsed());
        self.0.forgotten_ms.store(now + 1, Ordering::SeqCst);
        self.0.until_ms.store(0, Ordering::SeqCst);
    }

    fn current(&self) -> Option<u64> {
        let last = &*self.0;
        let counts = millis(last.began.elapsed()) < last.until_ms.load(Ordering::SeqCst);
        counts.then(|| last.number.load(Ordering::SeqCst))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The number in a snapshot.
pub(super) fn number(conn: &Connection) -> Result<u64> {
    let sql = "SELECT number FROM revision";
    Ok(conn
        .prepare_cached(sql)?
        .query_row([], |row| row.get("number"))?)
}

impl Db {
    /// The number of the current revision; `None` when it was not read lately: then the database has to be asked.
    pub fn revision(&self) -> Option<u64> {
        self.revision.current()
    }

    /// Runs a read-only closure on one snapshot, as [`Db::read`] does. Returns its answer and the number of the revision that it is of.
    pub async fn read_revision<T, F>(&self, question: F) -> Result<(T, u64)>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let revision = self.revision.clone();
        self.read(move |conn| {
            let began = Instant::now();
            let number = number(conn)?;
            let answer = question(conn)?;
            revision.read(number, began);
            Ok((answer, number))
        })
        .await
    }

    /// Whether what visitors see was changed since the database was opened.
    pub fn has_changed(&self) -> bool {
        self.revision.0.number.load(Ordering::SeqCst) != self.opened_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_counts_for_a_moment_and_never_goes_back() {
        let revision = Revision::default();
        assert_eq!(revision.current(), None);
        revision.written(3);
        assert_eq!(revision.current(), None, "others may have written");
        revision.read(2, Instant::now());
        assert_eq!(revision.current(), Some(3));
        revision.written(5);
        assert_eq!(revision.current(), Some(5));
        revision.forget();
        assert_eq!(revision.current(), None);
        // A reading that began before says nothing.
        revision.read(6, revision.0.began);
        assert_eq!(revision.current(), None);
        revision.read(6, Instant::now() + Duration::from_millis(5));
        assert_eq!(revision.current(), Some(6));
    }
}
