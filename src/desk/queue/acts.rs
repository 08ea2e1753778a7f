//! What coordinators do with the queue: stop a job, run it again, let the backlog wait. In: a posted form. Out: a line in the audit list
//! in the transaction of the change.

use axum::extract::Path;
use axum::response::Response;
use rusqlite::Connection;

use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::job;
use crate::desk::kit::{Context, Posted, Tab};
use crate::error::{Error, Result};
use crate::web::urls;

/// `POST /desk/queue/{job}/stop`, with `recording`: on whose page the button was.
pub async fn stop(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let (now, by) = (context.now(), context.email().to_owned());
    let stopped = context.write(move |conn| {
        let stopped = job::stop(conn, id, &by, now)?;
        note(conn, (&by, "stop job"), stopped, now)
    });
    let told = if stopped.await? {
        "done-job-stopped"
    } else {
        "done-job-over"
    };
    context.go(back(&posted), told)
}

/// `POST /desk/queue/{job}/again`, with `recording`: on whose page the button was.
pub async fn again(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let told = retry(&context, id).await?;
    context.go(back(&posted), told)
}

/// Runs a job again that was stopped or failed. Returns the text that says so, or that it is over.
pub async fn retry(context: &Context, id: i64) -> Result<&'static str> {
    let (now, by) = (context.now(), context.email().to_owned());
    let found = context.write(move |conn| {
        let found = job::unpark(conn, id, now)?;
        note(conn, (&by, "retry job"), found, now)
    });
    if !found.await? {
        return Ok("done-job-over");
    }
    context.app.notifier.notify_worker();
    Ok("done-again")
}

/// `POST /desk/queue/backlog`, with `to`: `pause` or `start`.
pub async fn backlog(context: Context, posted: Posted) -> Result<Response> {
    let (paused, done) = match posted.get("to") {
        "pause" => (true, "done-backlog-paused"),
        "start" => (false, "done-backlog-started"),
        _ => return Err(Error::NotFound),
    };
    let (now, by) = (context.now(), context.email().to_owned());
    let written = context.write(move |conn| {
        // A colleague may have been first.
        if job::is_paused(conn)? == paused {
            return Ok(());
        }
        job::pause(conn, paused)?;
        let act = if paused {
            "pause backlog"
        } else {
            "start backlog"
        };
        audit::note(conn, &Act::of(&by, act, "queue"), now)
    });
    written.await?;
    context.app.notifier.notify_worker();
    context.go(urls::desk("queue"), done)
}

/// Notes who did what to a job. Returns whether there was one: it may be done since the page was opened, or a colleague was first.
fn note(
    conn: &Connection,
    (actor, act): (&str, &str),
    job: Option<(String, PublicId)>,
    now: i64,
) -> Result<bool> {
    let Some((step, recording)) = job else {
        return Ok(false);
    };
    let act = Act {
        actor,
        act,
        subject: &format!("recording {recording}"),
        before: None,
        after: Some(&step),
    };
    audit::note(conn, &act, now)?;
    Ok(true)
}

/// The page on which the button was.
fn back(posted: &Posted) -> String {
    match PublicId::parse(posted.get("recording")) {
        Some(id) => urls::desk_recording(&id) + Tab::Files.path(),
        None => urls::desk("queue"),
    }
}
