//! Runs queued jobs one after another: they read whole files, and viewers come first.

use rusqlite::Connection;
use tracing::{debug, warn};

use super::STEPS;
use crate::app::App;
use crate::catalogue::job::{self, Job};
use crate::error::{Error, Result};

/// Runs jobs until none is due, then waits for the notifier, and never returns.
pub async fn work_for_ever(app: App) {
    loop {
        if let Err(problem) = work_until_idle(&app).await {
            warn!(%problem, "the worker could not ask for a job");
        }
        // A failed job becomes due when its backoff ends, without a notification, so the worker also checks once a minute.
        let minute = std::time::Duration::from_secs(60);
        let _ = tokio::time::timeout(minute, app.notifier.work_requested()).await;
    }
}

/// Seconds after which the outstanding work is planned anew while jobs run, because another process may have scanned.
const PLAN_AGAIN: i64 = 60;

/// Plans the outstanding work and runs jobs until none is due. Work that arrives meanwhile is planned before the next job, so that
/// it takes its place by priority. A failed job is retried later or given up, and the next one is taken.
pub async fn work_until_idle(app: &App) -> Result<()> {
    let mut planned = None;
    loop {
        let (requests, now) = (app.notifier.work_requests(), app.clock.now());
        let is_stale = planned.is_none_or(|(of, at)| of != requests || now >= at + PLAN_AGAIN);
        let taken = app.db.write(move |conn| {
            if is_stale {
                plan(conn, now)?;
            }
            job::take(conn, now)
        });
        let Some(job) = taken.await? else {
            return Ok(());
        };
        if is_stale {
            planned = Some((requests, now));
        }
        debug!(step = job.step, recording = job.recording_id, "job taken");
        match run(app, &job).await {
            Ok(()) => app.db.write(move |conn| job::finish(conn, &job)).await?,
            Err(problem) => {
                warn!(step = job.step, recording = job.recording_id, %problem, "a job failed");
                let (sentence, now) = (problem.to_string(), app.clock.now());
                app.db
                    .write(move |conn| job::fail(conn, &job, &sentence, now))
                    .await?;
            }
        }
    }
}

/// Queues a job for everything that a step still has to be done for.
///
/// Errors when the catalogue cannot be written.
pub fn plan(conn: &Connection, now: i64) -> Result<()> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    job::keep_only(conn, &names)?;
    STEPS
        .iter()
        .try_for_each(|step| job::plan(conn, step.name, step.wanted, step.priority, now))
}

async fn run(app: &App, job: &Job) -> Result<()> {
    let step = STEPS.iter().find(|step| step.name == job.step);
    let step = step.ok_or_else(|| Error::internal("there is no such step"))?;
    (step.run)(app, job).await
}
