//! How many questions an address asks the database.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use futures_util::future::join_all;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::Site;

static ASKED: AtomicUsize = AtomicUsize::new(0);

/// From now on every statement that a page of this portal begins is counted; one portal at a time.
pub async fn count(site: &Site) {
    hear(site, |_| {
        ASKED.fetch_add(1, Ordering::Relaxed);
    })
    .await;
    ASKED.store(0, Ordering::Relaxed);
}

/// From now on every statement that a page of this portal begins is told to `heard`.
pub async fn hear(site: &Site, heard: fn(TraceEvent<'_>)) {
    // Each of the connections that read is held until all of them are (as many as `Db::open` makes).
    let readers = std::thread::available_parallelism()
        .map_or(2, usize::from)
        .clamp(2, 8);
    let together = Arc::new(Barrier::new(readers));
    let counting = (0..readers).map(|_| {
        let together = Arc::clone(&together);
        site.app.db.read(move |conn| {
            together.wait();
            conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(heard));
            Ok(())
        })
    });
    for counted in join_all(counting).await {
        counted.unwrap();
    }
}

/// So many were begun since the last time.
pub fn asked() -> usize {
    ASKED.swap(0, Ordering::Relaxed)
}
