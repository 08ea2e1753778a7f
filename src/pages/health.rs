//! Health checks for operators: `/healthz` says that the program runs, `/readyz` whether it can do its work, and if not, why.

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
    /// The checks, each with `"ok"` or a description of the problem.
    checks: Checks,
}

/// `GET /readyz`: 200 when the database can be written, the media folder can be read, the data folder takes new bytes and the last
/// sync of an upload succeeded; otherwise 503 with the reason.
pub async fn ready(State(app): State<App>) -> Response {
    // Anyone may send this request, so only one check at a time uses the disk, and its result is reused.
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

/// Seconds for which a result is reused.
const FRESH: i64 = 2;

async fn check(app: &App) -> Checks {
    // The write takes the lock and commits, which a locked or read-only database refuses.
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
