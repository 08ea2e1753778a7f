//! Runs queued jobs one after another: they read whole files, and viewers come first. Several workers may run, also in other processes:
//! a job is one worker's for as long as it renews its lease.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tracing::{debug, info, warn};

use super::ffmpeg::{Failed, Tools};
use super::work::{Rows, Work};
use super::{STEPS, Step, inspect};
use crate::app::App;
use crate::catalogue::job::Worker;
use crate::catalogue::{frame, job, rendition};
use crate::config::Config;
use crate::error::{Error, Result};

/// How often a worker renews its lease, notes how far it is, and sees whether it is to stop.
const RENEWAL: Duration = Duration::from_secs(2);

/// How long a worker without work waits before it looks by itself: a failed job becomes due without a notification, and other processes
/// send none.
const LOOK: Duration = Duration::from_secs(15);

/// Runs jobs until none is due, then waits for the notifier, until it is to stop. The job that it is busy with then goes back into the
/// queue, and its program ends with it.
pub async fn work_until(app: &App, worker: Worker, stopped: impl Future<Output = ()>) {
    let busy = Busy::of(worker);
    tokio::select! {
        () = work_for_ever(app, &busy) => {}
        () = stopped => {}
    }
    let Some(work) = busy.take() else {
        return;
    };
    work.stop();
    let released = app
        .db
        .write(move |conn| job::release(conn, &work.job))
        .await;
    if let Err(problem) = released {
        warn!(%problem, "a job could not be put back; it is taken again when its lease ends");
    }
}

async fn work_for_ever(app: &App, busy: &Busy) {
    loop {
        if let Err(problem) = work(app, busy).await {
            warn!(%problem, "the worker could not ask for a job");
        }
        let _ = tokio::time::timeout(LOOK, app.notifier.work_requested()).await;
    }
}

/// What a worker is busy with.
struct Busy {
    worker: Worker,
    work: Mutex<Option<Work>>,
    /// When it last swept (UTC seconds); 0: not yet.
    swept_at: AtomicI64,
}

impl Busy {
    fn of(worker: Worker) -> Self {
        Self {
            worker,
            work: Mutex::default(),
            swept_at: AtomicI64::new(0),
        }
    }

    /// Whether it is time to sweep; asked again only after an hour then.
    fn is_to_sweep(&self, now: i64) -> bool {
        let is_time = now >= self.swept_at.load(Ordering::Relaxed) + SWEEP_AGAIN;
        if is_time {
            self.swept_at.store(now, Ordering::Relaxed);
        }
        is_time
    }

    fn set(&self, work: &Work) {
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = Some(work.clone());
    }

    fn take(&self) -> Option<Work> {
        self.work
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// Seconds after which the outstanding work is planned anew while jobs run, because another process may have scanned.
const PLAN_AGAIN: i64 = 60;

/// Seconds after which files that no row names are looked for again: a folder of a hundred thousand files is read for it.
const SWEEP_AGAIN: i64 = 60 * 60;

/// Plans the outstanding work and runs jobs until none is due. Work that arrives meanwhile is planned before the next job, so that
/// it takes its place by priority. A failed job is retried later or given up, and the next one is taken.
pub async fn work_until_idle(app: &App) -> Result<()> {
    work(app, &Busy::of(Worker::Server)).await
}

async fn work(app: &App, busy: &Busy) -> Result<()> {
    let (worker, mut planned) = (busy.worker, None);
    // Whether facts were corrected since the last plan, from which other steps may follow.
    let mut is_inspected = false;
    loop {
        let (requests, now) = (app.notifier.work_requests(), app.clock.now());
        let is_stale = planned.is_none_or(|(of, at)| of != requests || now >= at + PLAN_AGAIN);
        let tools = find_tools(app).await?;
        let steps = wanted(&app.config, tools.is_some());
        if is_stale
            || is_inspected
                && !app
                    .db
                    .read(move |conn| job::is_due(conn, inspect::NAME, now))
                    .await?
        {
            plan_each(app, &steps, now).await?;
            planned = Some((requests, now));
        }
        if busy.is_to_sweep(now) {
            sweep(app).await?;
        }
        let taken = app
            .db
            .write(move |conn| job::take(conn, worker, now))
            .await?;
        let Some(job) = taken else {
            return Ok(());
        };
        is_inspected = job.step == inspect::NAME;
        debug!(step = job.step, recording = job.recording_id, "job taken");
        let work = Work::new(job, tools.clone());
        busy.set(&work);
        let done = run(app, &work).await;
        busy.take();
        end(app, &work, done).await?;
    }
}

/// The programs of this machine. They are looked for each time, so that one that was installed is found.
async fn find_tools(app: &App) -> Result<Option<Arc<Tools>>> {
    let config = Arc::clone(&app.config);
    let found = tokio::task::spawn_blocking(move || Tools::find(&config));
    Ok(found.await.map_err(Error::internal)?.map(Arc::new))
}

/// The steps that the settings want and this machine can do.
pub fn wanted(config: &Config, has_ffmpeg: bool) -> Vec<&'static Step> {
    let is_wanted = |step: &&Step| (has_ffmpeg || !step.needs_ffmpeg) && (step.is_wanted)(config);
    STEPS.iter().filter(is_wanted).collect()
}

/// Queues a job for everything that a step still has to be done for.
///
/// Errors when the catalogue cannot be written.
pub fn plan(conn: &Connection, steps: &[&Step], now: i64) -> Result<()> {
    tidy(conn, steps)?;
    steps.iter().try_for_each(|step| plan_step(conn, step, now))
}

/// The same in a transaction for each step, between which others write: over a large catalogue each takes a moment.
async fn plan_each(app: &App, steps: &[&'static Step], now: i64) -> Result<()> {
    let all = steps.to_vec();
    app.db.write(move |conn| tidy(conn, &all)).await?;
    for step in steps {
        let step: &'static Step = step;
        app.db.write(move |conn| plan_step(conn, step, now)).await?;
    }
    Ok(())
}

/// Deletes the jobs of other steps, and the rows of what was made of replaced originals.
fn tidy(conn: &Connection, steps: &[&Step]) -> Result<()> {
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    job::keep_only(conn, &names)?;
    rendition::delete_superseded(conn)
}

fn plan_step(conn: &Connection, step: &Step, now: i64) -> Result<()> {
    job::plan(conn, step.name, step.wanted, step.priority, now)
}

/// Removes files that no row names: those of replaced originals, of jobs that were killed, and their folders.
async fn sweep(app: &App) -> Result<()> {
    let files = app.library.run(|library| {
        Ok((
            library.renditions()?,
            library.frames()?,
            library.work_folders()?,
        ))
    });
    let (files, frames, folders) = files.await?;
    if files.is_empty() && frames.is_empty() && folders.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let found = app.db.read(move |conn| {
        Ok((
            rendition::without_row(conn, &files)?,
            frame::without_row(conn, &frames)?,
            job::held(conn, now)?,
        ))
    });
    let (files, frames, held) = found.await?;
    let held: HashSet<String> = held.into_iter().map(|id| id.to_string()).collect();
    let is_held = move |name: &String| held.contains(name.split('-').next().unwrap_or_default());
    let swept = app.library.run(move |library| {
        library.remove_renditions_without_row(&files)?;
        library.remove_frames_without_row(&frames)?;
        folders
            .iter()
            .filter(|name| !is_held(name))
            .try_for_each(|name| library.remove_work_folder(name))
    });
    swept.await
}

/// Runs the step of a job, and meanwhile renews its lease.
async fn run(app: &App, work: &Work) -> Result<Rows> {
    let step = STEPS.iter().find(|step| step.name == work.job.step);
    let step = step.ok_or_else(|| Error::internal("there is no such step"))?;
    let running = (step.run)(app, work);
    tokio::pin!(running);
    loop {
        tokio::select! {
            done = &mut running => return done,
            () = tokio::time::sleep(RENEWAL) => renew(app, work).await,
        }
    }
}

async fn renew(app: &App, work: &Work) {
    if work.is_stopped() {
        return;
    }
    let (job, done, now) = (Arc::clone(&work.job), work.done(), app.clock.now());
    match app
        .db
        .write(move |conn| job::renew(conn, &job, done, now))
        .await
    {
        Ok(true) => {}
        Ok(false) => work.stop(),
        // The lease lasts longer than the database is away, or another worker takes the job.
        Err(problem) => warn!(%problem, "the lease of a job could not be renewed"),
    }
}

/// Writes how a job ended.
async fn end(app: &App, work: &Work, done: Result<Rows>) -> Result<()> {
    let (job, now) = (Arc::clone(&work.job), app.clock.now());
    let (step, recording) = (&work.job.step, work.job.recording_id);
    match done {
        Ok(rows) => {
            app.db
                .write(move |conn| match job::finish(conn, &job)? {
                    true => rows(conn, now),
                    false => Ok(()),
                })
                .await
        }
        Err(_) if work.is_stopped() => {
            info!(step, recording, "a job was stopped, or its file replaced");
            Ok(())
        }
        Err(problem @ Error::DiskFull) => {
            info!(step, recording, "a job waits for room");
            let sentence = problem.to_string();
            app.db
                .write(move |conn| job::wait_for_room(conn, &job, &sentence, now))
                .await
        }
        Err(problem) => {
            warn!(step, recording, %problem, "a job failed");
            let failed = (problem.to_string(), took_too_long(&problem));
            app.db
                .write(move |conn| job::fail(conn, &job, (&failed.0, failed.1), now))
                .await
        }
    }
}

fn took_too_long(problem: &Error) -> bool {
    let Error::Internal(cause) = problem else {
        return false;
    };
    matches!(cause.downcast_ref::<Failed>(), Some(Failed::TookTooLong(_)))
}
