//! Jobs as rows: what is done, to which recording, how far it is, and the button that belongs to it. In: jobs. Out: HTML for the page of
//! the queue and for that of a recording, and the words that replace those of a row while it runs.

use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::job::{JobState, ListedJob};
use crate::catalogue::name::isolated;
use crate::config::Config;
use crate::desk::kit::{Context, act};
use crate::error::{Error, Result};
use crate::processing::ffmpeg::Tools;
use crate::web::components::name;
use crate::web::{Texts, format, markdown, urls};

/// Most characters of a technical reason.
const REASON: usize = 1000;

/// Thousandths and seconds before which nothing is said of the time that is left: the first moments tell little.
const ENOUGH_DONE: u32 = 10;
const ENOUGH_S: i64 = 4;

/// What rows are drawn with.
pub struct Drawn<'a> {
    pub context: &'a Context,
    /// Whether the backlog waits.
    pub is_paused: bool,
    /// The recording on whose page they stand; `None` on that of the queue.
    pub of: Option<&'a PublicId>,
}

/// The step in words.
pub fn step(texts: &Texts, step: &str) -> String {
    let own = texts.lang().find(&format!("step-{step}"));
    own.unwrap_or_else(|| texts.t("step-other"))
}

/// The sentence about a failed step: its own when there is one, otherwise a general one.
pub fn failed(texts: &Texts, step: &str) -> String {
    let own = texts.lang().find(&format!("problem-{step}-step"));
    own.unwrap_or_else(|| texts.t("problem-step"))
}

/// How far a job is, and how long it still takes.
pub fn how_far(texts: &Texts, since: i64, done: u32, now: i64) -> String {
    let percent = texts.t_args("queue-percent", &[("percent", (done / 10).into())]);
    let elapsed = now - since;
    if done < ENOUGH_DONE || elapsed < ENOUGH_S {
        return percent;
    }
    let left_s = elapsed.unsigned_abs() * u64::from(1000 - done.min(1000)) / u64::from(done);
    let left = format::length(texts.lang(), left_s.saturating_mul(1000));
    let left = texts.t_args("queue-left", &[("length", left.into())]);
    format!("{percent} · {left}")
}

impl Drawn<'_> {
    /// The rows of these jobs.
    pub fn rows(&self, jobs: &[ListedJob]) -> Markup {
        html! { ul.desk-rows { @for job in jobs { (self.row(job)) } } }
    }

    fn row(&self, job: &ListedJob) -> Markup {
        let texts = &self.context.texts;
        let step = step(texts, &job.step);
        let title = isolated(&job.title);
        let said = |key| {
            texts.t_args(
                key,
                &[
                    ("step", step.as_str().into()),
                    ("title", title.clone().into()),
                ],
            )
        };
        let object = match self.of {
            Some(_) => step.clone(),
            None => format!("{step}, {}", job.title),
        };
        let is_over = matches!(job.state, JobState::Stopped | JobState::Parked);
        let (verb, label) = match is_over {
            true => ("again", "queue-again"),
            false => ("stop", "queue-stop"),
        };
        let action = urls::desk(&format!("queue/{}/{verb}", job.id));
        let from = self.of.map(|id| ("recording", id.as_str()));
        html! {
            li data-job=(job.id) data-over[is_over] data-done=(said("queue-is-done")) data-failed=(said("queue-is-over")) {
                div.words {
                    @match self.of {
                        Some(_) => strong { (step) },
                        None => {
                            a href=(texts.to(urls::desk_recording(&job.recording))) { strong { (name(&job.title)) } }
                            span { (step) }
                        }
                    }
                    (self.state(job, &object))
                }
                (act(texts, &action, label, &object, from.as_slice()))
            }
        }
    }

    fn state(&self, job: &ListedJob, object: &str) -> Markup {
        let texts = &self.context.texts;
        match job.state {
            JobState::Running { since, done } => html! {
                progress max="1000" value=(done) aria-label=(object) {}
                span data-far { (how_far(texts, since, done, self.context.now())) }
            },
            JobState::Waiting if job.is_backlog && self.is_paused => html! {
                span { (texts.t("queue-waits-paused")) }
            },
            JobState::Waiting => html! {
                @if self.of.is_some() { span { (texts.t("queue-waits")) } }
            },
            JobState::Again(at) => {
                let zone = self.context.app.config.zone();
                let at = format::moment(texts.lang(), at, &zone);
                html! {
                    span { (texts.t_args("queue-waits-until", &[("when", at.into())])) }
                    (reason(job))
                }
            }
            JobState::Stopped => {
                let who = isolated(job.stopped_by.as_deref().unwrap_or_default());
                html! { span { (texts.t_args("queue-stopped-by", &[("who", who.into())])) } }
            }
            JobState::Parked => html! {
                span { (failed(texts, &job.step)) }
                (reason(job))
            },
        }
    }
}

/// The technical reason, in English for the operator of the server.
fn reason(job: &ListedJob) -> Markup {
    html! {
        @if let Some(problem) = &job.problem { span lang="en" dir="ltr" { (markdown::shorten(problem, REASON)) } }
    }
}

/// Whether ffmpeg and ffprobe are there.
pub async fn has_tools(app: &App) -> Result<bool> {
    let config = std::sync::Arc::clone(&app.config);
    let found = tokio::task::spawn_blocking(move || Tools::find(&config).is_some());
    found.await.map_err(Error::internal)
}

/// What is missing for making recordings play everywhere, and what it would do.
pub fn missing(texts: &Texts, config: &Config) -> Markup {
    let why = match config.ffmpeg.is_empty() {
        true => "queue-tools-off",
        false => "queue-tools-missing",
    };
    html! {
        p { (texts.t(why)) " " (texts.t("queue-tools-would")) }
    }
}
