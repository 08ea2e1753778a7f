//! The application state of the handlers: settings, branding, database, library, clock and notifier.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use crate::branding::{Branding, CurrentBranding};
use crate::catalogue::{Viewer, heartbeat};
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::library::Library;
use crate::people::People;
use crate::readiness::Readiness;
use crate::request_body::FormMemory;
use crate::transfer::Transfers;

/// The application state. Cheap to clone: each request does so several times.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the application state consists of.
pub struct Parts {
    pub config: Arc<Config>,
    pub branding: CurrentBranding,
    pub db: Db,
    pub library: Library,
    pub clock: Clock,
    pub notifier: Notifier,
    pub streams: Streams,
    pub people: People,
    pub transfers: Transfers,
    pub form_memory: FormMemory,
    pub readiness: Readiness,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for App {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl App {
    /// Records that the server runs now ([`heartbeat::beat`]); before anything is destroyed by age.
    pub async fn beat(&self) -> Result<()> {
        let now = self.clock.now();
        let (ran_s, until) = self.clock.running();
        self.db
            .write(move |conn| heartbeat::beat(conn, now, ran_s))
            .await?;
        self.clock.count(until);
        Ok(())
    }

    /// UTC seconds: what was put into the trash before them is erased; `None`: nothing ever is.
    pub fn trashed_before(&self) -> Option<i64> {
        match i64::from(self.config.trash_days) {
            0 => None,
            days => Some(self.clock.now() - days * 24 * 60 * 60),
        }
    }

    /// What the association says of itself now. A page asks once, so that it is of one state.
    pub fn branding(&self) -> Arc<Branding> {
        self.branding.now()
    }

    /// A visitor at the current moment.
    pub fn visitor(&self) -> Viewer {
        Viewer::visitor(self.clock.now())
    }
}

/// The clock; tests set it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// UTC seconds at which the clock is held; 0 while it runs.
    held: Arc<AtomicI64>,
    /// Until when the running time was counted.
    counted: Arc<Mutex<Option<Instant>>>,
}

impl Clock {
    /// UTC seconds since 1970.
    pub fn now(&self) -> i64 {
        match self.held.load(Ordering::Relaxed) {
            0 => jiff::Timestamp::now().as_second(),
            held => held,
        }
    }

    /// Seconds that the program ran since its running time was last counted, by a clock that does not jump, and the moment up to which
    /// they go, for [`Clock::count`]; `None` the first time.
    fn running(&self) -> (Option<i64>, Instant) {
        let now = Instant::now();
        match *self.counted() {
            None => (None, now),
            Some(before) => {
                // The parts of a second that are not counted now are counted the next time.
                let ran = now.duration_since(before).as_secs();
                let until = before + Duration::from_secs(ran);
                (Some(i64::try_from(ran).unwrap_or(i64::MAX)), until)
            }
        }
    }

    fn count(&self, until: Instant) {
        *self.counted() = Some(until);
    }

    fn counted(&self) -> MutexGuard<'_, Option<Instant>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the clock at a moment in UTC seconds.
    pub fn hold(&self, at: i64) {
        self.held.store(at, Ordering::Relaxed);
    }
}

/// The notifier wakes the background scan and the worker. Several notifications during a run cause one further run.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    scan: Arc<Notify>,
    work: Arc<Notify>,
    /// How often the worker was woken.
    work_requests: Arc<AtomicU64>,
    /// True from the request for a scan until that scan begins.
    scan_is_requested: Arc<AtomicBool>,
    /// True when the first scan since the start is done; until then the home page of an empty portal says that a scan is running.
    first_scan_done: Arc<AtomicBool>,
}

impl Notifier {
    /// Requests a scan, because the media folder may have changed. Returns whether this is the first request for it, and so a line
    /// in the log.
    pub fn notify_scan(&self) -> bool {
        let is_first = !self.scan_is_requested.swap(true, Ordering::Relaxed);
        self.scan.notify_one();
        is_first
    }

    /// Wakes the worker, because a change of the catalogue may have left it something to do.
    pub fn notify_worker(&self) {
        self.work_requests.fetch_add(1, Ordering::Relaxed);
        self.work.notify_one();
    }

    /// How often the worker was woken since the start: when this grows, there may be new jobs to plan.
    pub fn work_requests(&self) -> u64 {
        self.work_requests.load(Ordering::Relaxed)
    }

    /// Waits until a scan is requested.
    pub async fn scan_requested(&self) {
        self.scan.notified().await;
        self.scan_is_requested.store(false, Ordering::Relaxed);
    }

    /// Waits until the worker is woken.
    pub async fn work_requested(&self) {
        self.work.notified().await;
    }

    /// Records that the first scan since the start is done.
    pub fn first_scan_is_done(&self) {
        self.first_scan_done.store(true, Ordering::Relaxed);
    }

    /// Whether the first scan since the start is done.
    pub fn has_scanned(&self) -> bool {
        self.first_scan_done.load(Ordering::Relaxed)
    }
}

/// Answers that tell for minutes what changes: how many there may be, and that all of them end with the program.
#[derive(Debug, Clone)]
pub struct Streams {
    places: Arc<Semaphore>,
    ended: Arc<watch::Sender<bool>>,
}

impl Streams {
    /// Most of them at once: one for each coordinator of an association who looks on.
    pub const MOST: usize = 16;

    /// A place for one more, if there is one; it is free again when this is dropped.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Ends all of them, also those that begin later.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits for the end.
    pub async fn ended(&self) {
        // The sender is held here, so that waiting fails never.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(Self::MOST)),
            ended: Arc::new(watch::Sender::new(false)),
        }
    }
}
