//! What a handler may reach: settings, database, library, clock and bell. Cheap to clone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio::sync::Notify;

use crate::catalogue::Viewer;
use crate::config::Config;
use crate::db::Db;
use crate::library::Library;
use crate::people::People;
use crate::transfer::Transfers;

#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: Db,
    pub library: Library,
    pub clock: Clock,
    pub notifier: Notifier,
    pub people: People,
    pub transfers: Transfers,
    /// What `/readyz` found last, and when (UTC seconds).
    pub readiness: Arc<tokio::sync::Mutex<Option<(i64, Checks)>>>,
}

/// What a portal needs to do its work: `"ok"`, or what is wrong with it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Checks {
    pub database: String,
    pub media: String,
    pub data: String,
    pub uploads: String,
}

impl App {
    /// Anyone on the web, asking now.
    pub fn visitor(&self) -> Viewer {
        Viewer::visitor(self.clock.now())
    }
}

/// The time of day; tests move it by hand.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Seconds since 1970 when held still; 0 while it runs.
    held: Arc<AtomicI64>,
}

impl Clock {
    /// UTC seconds since 1970.
    pub fn now(&self) -> i64 {
        match self.held.load(Ordering::Relaxed) {
            0 => jiff::Timestamp::now().as_second(),
            held => held,
        }
    }

    /// Holds the clock at a moment (UTC seconds).
    pub fn hold(&self, at: i64) {
        self.held.store(at, Ordering::Relaxed);
    }
}

/// Wakes the program's own hands: the scan and the worker. Ringing twice while one looks makes it look once more.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    scan: Arc<Notify>,
    work: Arc<Notify>,
    /// True until the first scan since the start is through; the home page of an empty portal says so.
    first_scan_done: Arc<AtomicBool>,
}

impl Notifier {
    /// Something in the media folder changed, or may have.
    pub fn notify_scan(&self) {
        self.scan.notify_one();
    }

    /// A job was queued.
    pub fn notify_worker(&self) {
        self.work.notify_one();
    }

    /// Waits until someone asks for a scan.
    pub async fn scan_requested(&self) {
        self.scan.notified().await;
    }

    /// Waits until someone asks for work.
    pub async fn work_requested(&self) {
        self.work.notified().await;
    }

    /// The first scan since the start is through.
    pub fn first_scan_is_done(&self) {
        self.first_scan_done.store(true, Ordering::Relaxed);
    }

    /// Whether the media folder has been read once since the start.
    pub fn has_scanned(&self) -> bool {
        self.first_scan_done.load(Ordering::Relaxed)
    }
}
