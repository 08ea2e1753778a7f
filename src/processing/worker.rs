//! Takes the jobs one after another. One at a time: they read whole files, and viewers come first.

use tracing::{debug, warn};

use crate::app::App;
use crate::catalogue::job;
use crate::error::Result;

/// Works until nothing can be taken, then waits for the bell; for ever.
pub async fn work_for_ever(app: App) {
    loop {
        if let Err(problem) = work_until_idle(&app).await {
            warn!(%problem, "the worker could not ask for a job");
        }
        // A job that failed becomes takeable by time alone; looking once a minute costs one question.
        let minute = std::time::Duration::from_secs(60);
        let _ = tokio::time::timeout(minute, app.bell.work_asked()).await;
    }
}

/// Works until nothing can be taken now. A job that fails is put back or parked, and the next is taken.
pub async fn work_until_idle(app: &App) -> Result<()> {
    loop {
        let now = app.clock.now();
        let Some(job) = app.db.write(move |conn| job::take(conn, now)).await? else {
            return Ok(());
        };
        debug!(step = ?job.step, recording = job.recording_id, "job taken");
        match super::run(app, &job).await {
            Ok(()) => app.db.write(move |conn| job::finish(conn, &job)).await?,
            Err(problem) => {
                warn!(step = ?job.step, recording = job.recording_id, %problem, "a job failed");
                let (said, now) = (problem.to_string(), app.clock.now());
                app.db
                    .write(move |conn| job::fail(conn, &job, &said, now))
                    .await?;
            }
        }
    }
}
