//! `/desk/problems`: files in the folders that could not be used, and work that failed, each with what can be done about it.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::job::{self, Step};
use crate::catalogue::library_file;
use crate::desk::kit::form::act;
use crate::desk::kit::layout::{self, Desk};
use crate::desk::recording::page as recording_page;
use crate::error::{Error, Result};
use crate::intake::name::{self, Kind};
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

/// Lines of each list.
const LISTED: u32 = 200;

/// `GET /desk/problems`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let found = app.db.read(|conn| {
        Ok((
            library_file::refused(conn, LISTED)?,
            job::parked(conn, LISTED)?,
        ))
    });
    let (refused, parked) = found.await?;
    let main = html! {
        @if refused.is_empty() && parked.is_empty() { p.lead { (texts.t("problems-none")) } }
        @if !refused.is_empty() {
            section aria-labelledby="files" {
                h2 #files { (texts.t("problems-files")) }
                p { (texts.t("problems-files-text")) }
                ul.desk-rows {
                    @for (folder, file, why) in &refused {
                        li { div.words {
                            strong { (folder) "/" (file) }
                            span { (texts.t(sentence(file))) }
                            // For whoever keeps the server running; the program's own words.
                            span lang="en" dir="ltr" { (why) }
                        } }
                    }
                }
            }
        }
        @if !parked.is_empty() {
            section aria-labelledby="jobs" {
                h2 #jobs { (texts.t("problems-jobs")) }
                ul.desk-rows {
                    @for job in &parked {
                        li {
                            div.words {
                                a href=(texts.to(recording_page::desk(&job.recording))) { strong { (job.title) } }
                                span { (texts.t(step(job.step))) }
                                span lang="en" dir="ltr" { (job.problem) }
                            }
                            (act(&texts, &urls::desk(&format!("problems/{}", job.id)), "problems-again", &job.title, &[]))
                        }
                    }
                }
            }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "",
        title: texts.t("problems-title"),
        done: layout::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

/// `POST /desk/problems/{id}`: tries work that failed again.
pub async fn again(
    State(app): State<App>,
    Path(id): Path<i64>,
    _: Me,
    texts: Texts,
) -> Result<Response> {
    let now = app.clock.now();
    let was_there = app.db.write(move |conn| job::unpark(conn, id, now)).await?;
    if !was_there {
        return Err(Error::NotFound);
    }
    app.bell.ring_work();
    layout::go(&texts, urls::desk("problems"), Some("done-again"))
}

fn sentence(file: &str) -> &'static str {
    match name::kind(file).1 {
        Kind::Caption => "problem-caption",
        Kind::Media => "problem-media",
        Kind::Picture => "problem-picture",
        Kind::Sidecar | Kind::Other => "problem-file",
    }
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Poster => "problem-poster-step",
        Step::Hash => "problem-hash-step",
    }
}
