//! For the one who watches over the machine: `/healthz` says that the program lives, `/readyz` that it can do its work, and
//! if not, why.

use std::io;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::{App, Checks};

/// `GET /healthz`: 200 as long as the program answers at all.
pub async fn alive() -> Json<Alive> {
    Json(Alive { alive: true })
}

#[derive(Debug, Serialize)]
pub struct Alive {
    alive: bool,
}

#[derive(Debug, Serialize)]
pub struct Ready {
    ready: bool,
    /// What was looked at, with `"ok"` or what is wrong with it.
    checks: Checks,
}

/// `GET /readyz`: 200 when the database answers and can be written, the media folder is there and the data folder takes new
/// bytes and those of uploads last became durable, else 503 with the reason.
pub async fn ready(State(app): State<App>) -> Response {
    // Anyone may ask; only one at a time makes the disk work.
    let mut last = app.readiness.lock().await;
    let now = app.clock.now();
    let checks = match last.as_ref() {
        Some((at, checks)) if (*at..*at + FRESH).contains(&now) => checks.clone(),
        _ => last.insert((now, check(&app).await)).1.clone(),
    };
    drop(last);
    let Checks {
        database,
        media,
        data,
        uploads,
    } = &checks;
    let ready = [database, media, data, uploads]
        .into_iter()
        .all(|check| check == OK);
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(Ready { ready, checks })).into_response()
}

/// Seconds for which an answer is good.
const FRESH: i64 = 2;

async fn check(app: &App) -> Checks {
    // Takes the writer's lock and commits: a database that is locked or read-only refuses that.
    let database = app
        .db
        .write(|conn| Ok(conn.execute_batch("UPDATE write_probe SET number = number + 1")?))
        .await;
    let folders = app.library.run(|library| {
        let outcome = |done: io::Result<()>, verb: &str| match done {
            Ok(()) => OK.to_owned(),
            Err(problem) => format!("cannot be {verb}: {problem}"),
        };
        let media = outcome(library.try_reading(), "read");
        Ok((media, outcome(library.try_writing(), "written")))
    });
    let unknown = "cannot be looked at".to_owned();
    let (media, data) = folders.await.unwrap_or((unknown.clone(), unknown));
    Checks {
        database: database.map_or_else(|problem| problem.to_string(), |()| OK.to_owned()),
        media,
        data,
        uploads: app.transfers.trouble().unwrap_or_else(|| OK.to_owned()),
    }
}

const OK: &str = "ok";
