//! Health checks for operators: `/healthz` says that the program runs, `/readyz` whether it can do its work, and if not, why.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::readiness::{Problem, Subject};

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
    checks: Checks,
    /// What only coordinators lose.
    warnings: Vec<String>,
}

/// The checks, each with `"ok"` or a description of the problem.
#[derive(Debug, Serialize)]
struct Checks {
    database: String,
    media: String,
    data: String,
    uploads: String,
    work: String,
}

/// `GET /readyz`: 503 with the reason when visitors lose something; otherwise 200, with warnings of what only coordinators lose.
pub async fn ready(State(app): State<App>) -> Response {
    let problems = app.readiness.problems(app.clock.now()).await;
    let ready = !problems.iter().any(|problem| problem.is_for_visitors);
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let of = |subject: Subject| -> String {
        let of_it = problems.iter().filter(|problem| problem.subject == subject);
        let all: Vec<&str> = of_it.map(|problem| problem.why.as_str()).collect();
        if all.is_empty() {
            "ok".to_owned()
        } else {
            all.join("; ")
        }
    };
    let warning = |problem: &Problem| format!("{}: {}", problem.subject.name(), problem.why);
    let warnings = problems
        .iter()
        .filter(|problem| !problem.is_for_visitors)
        .map(warning)
        .collect();
    let checks = Checks {
        database: of(Subject::Database),
        media: of(Subject::Media),
        data: of(Subject::Data),
        uploads: of(Subject::Uploads),
        work: of(Subject::Work),
    };
    let body = Json(Ready {
        ready,
        checks,
        warnings,
    });
    (status, body).into_response()
}
