//! For the one who watches over the machine: `/healthz` says that the program lives, `/readyz` that it can do its work, and
//! if not, why.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;

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

#[derive(Debug, Serialize)]
struct Checks {
    database: String,
    media: String,
    data: String,
}

/// `GET /readyz`: 200 when the database answers and can be written and both folders are there, else 503 with the reason.
pub async fn ready(State(app): State<App>) -> Response {
    // Takes the writer's lock and commits: a database that is locked or read-only refuses that.
    let database = app
        .db
        .write(|conn| Ok(conn.execute_batch("UPDATE revision SET number = number")?))
        .await;
    let (media, data) = (
        app.library.media().to_owned(),
        app.library.data().to_owned(),
    );
    let folders = tokio::task::spawn_blocking(move || (folder(&media), folder(&data))).await;
    let (media, data) = folders.unwrap_or_else(|_| {
        (
            "cannot be looked at".to_owned(),
            "cannot be looked at".to_owned(),
        )
    });
    let database = database.map_or_else(|problem| problem.to_string(), |()| OK.to_owned());
    let checks = Checks {
        database,
        media,
        data,
    };
    let ready = [&checks.database, &checks.media, &checks.data]
        .into_iter()
        .all(|check| check == OK);
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Ready { ready, checks })).into_response()
}

const OK: &str = "ok";

fn folder(path: &Path) -> String {
    match std::fs::read_dir(path) {
        Ok(_) => OK.to_owned(),
        Err(problem) => format!("cannot be read: {}", problem.kind()),
    }
}
