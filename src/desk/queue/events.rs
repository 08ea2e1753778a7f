//! `/desk/queue/events`: how far the jobs are, as server-sent events, for as long as a coordinator looks on. Each event is JSON: the jobs
//! that run, and a mark that differs when the lists of the page do. The page works by reload without them.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep};

use super::rows;
use crate::catalogue::job::{self, JobState};
use crate::desk::kit::Context;
use crate::error::{Error, Result};
use crate::web::sign_in::Shown;

/// How often the queue is looked at: workers write how far they are as often.
const LOOK: Duration = Duration::from_secs(2);

/// After which the browser comes again, so that no stream outlives what it was opened with for long.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// How often something is sent although nothing changed, so that no proxy takes the connection for a dead one.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// Most jobs of an event.
const RUNNING: u32 = 20;

/// Tells nginx not to collect the answer before it hands it on.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The queue at a moment.
#[derive(Serialize)]
struct State {
    mark: String,
    running: Vec<Running>,
}

/// A job that runs.
#[derive(Serialize)]
struct Running {
    id: i64,
    /// In thousandths.
    done: u32,
    /// How far it is, and how long it still takes.
    words: String,
}

/// One stream.
struct Watching {
    context: Context,
    shown: Shown,
    until: Instant,
    last: Option<String>,
    _place: OwnedSemaphorePermit,
}

/// `GET /desk/queue/events`
pub async fn stream(context: Context, headers: HeaderMap) -> Result<Response> {
    let shown = Shown::in_headers(&context.app.config, &headers).ok_or(Error::SignInNeeded)?;
    let place = context.app.streams.place().ok_or(Error::Busy)?;
    let watching = Watching {
        context,
        shown,
        until: Instant::now() + LONGEST,
        last: None,
        _place: place,
    };
    let events = stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((Ok::<_, Infallible>(event), watching))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE));
    Ok(([(UNBUFFERED, "no")], events).into_response())
}

impl Watching {
    /// The next state that differs from the last one; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.last.is_some() {
                let streams = self.context.app.streams.clone();
                tokio::select! {
                    () = streams.ended() => return None,
                    () = sleep(LOOK) => {}
                }
            }
            let state = self.look().await.ok().flatten()?;
            if self.last.as_ref() != Some(&state) {
                let event = Event::default().data(&state);
                self.last = Some(state);
                return Some(event);
            }
        }
    }

    /// The state now; `None` when the time is over or the coordinator was signed out.
    async fn look(&self) -> Result<Option<String>> {
        if Instant::now() >= self.until {
            return Ok(None);
        }
        let (now, shown) = (self.context.now(), self.shown.clone());
        let found = self.context.read(move |conn| {
            if !shown.counts(conn, now)? {
                return Ok(None);
            }
            Ok(Some((job::mark(conn)?, job::running(conn, RUNNING, now)?)))
        });
        let Some((mark, jobs)) = found.await? else {
            return Ok(None);
        };
        let texts = &self.context.texts;
        let running = jobs.iter().filter_map(|job| match job.state {
            JobState::Running { since, done } => Some(Running {
                id: job.id,
                done,
                words: rows::how_far(texts, since, done, now),
            }),
            _ => None,
        });
        let state = State {
            mark,
            running: running.collect(),
        };
        serde_json::to_string(&state)
            .map(Some)
            .map_err(Error::internal)
    }
}
