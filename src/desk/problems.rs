//! `/desk/problems`: files that could not be used and jobs that failed, each with a remedy.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::catalogue::job;
use crate::catalogue::library_file;
use crate::catalogue::name::of_file;
use crate::desk::kit::{Context, Page, act};
use crate::error::{Error, Result};
use crate::scan::file_name::{self, FileKind};
use crate::web::components::name;
use crate::web::{Texts, urls};

/// Lines in each list.
const LISTED: u32 = 200;

/// `GET /desk/problems`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let found = context.read(|conn| {
        let refused = library_file::refused(conn, LISTED)?;
        Ok((refused, job::parked(conn, LISTED)?))
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
                            strong { (name(&of_file(&format!("{folder}/{file}")))) }
                            span { (texts.t(sentence(file))) }
                            // The technical reason, in English for the operator of the server.
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
                                a href=(texts.to(urls::desk_recording(&job.recording))) { strong { (name(&job.title)) } }
                                span { (failed(texts, &job.step)) }
                                span lang="en" dir="ltr" { (job.problem) }
                            }
                            (act(texts, &urls::desk(&format!("problems/{}", job.id)), "problems-again", &job.title, &[]))
                        }
                    }
                }
            }
        }
    };
    let page = Page::new("", texts.t("problems-title"));
    Ok(page.with(&context, &main))
}

/// `POST /desk/problems/{id}`: runs a failed job again.
pub async fn again(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let now = context.now();
    let was_there = context
        .write(move |conn| job::unpark(conn, id, now))
        .await?;
    if !was_there {
        return Err(Error::NotFound);
    }
    context.app.notifier.notify_worker();
    context.go(urls::desk("problems"), "done-again")
}

/// The text for a failed step: its own text when there is one, otherwise a general one.
fn failed(texts: &Texts, step: &str) -> String {
    let own = texts.lang().find(&format!("problem-{step}-step"));
    own.unwrap_or_else(|| texts.t("problem-step"))
}

fn sentence(file: &str) -> &'static str {
    match file_name::kind(file).1 {
        FileKind::Caption => "problem-caption",
        FileKind::Media => "problem-media",
        FileKind::Picture => "problem-picture",
        FileKind::Sidecar | FileKind::Other => "problem-file",
    }
}
