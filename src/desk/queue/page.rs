//! `/desk/queue`: the background work: what runs and how far it is, what comes next, what was stopped or failed, and what waits of the
//! recordings that were there before the portal made files for playing.

use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::rows::{self, Drawn};
use crate::catalogue::job::{self, Backlog, ListedJob};
use crate::desk::kit::{Context, Page};
use crate::error::Result;
use crate::processing::estimate;
use crate::web::{Texts, format, urls};

/// Rows of each list.
const RUNNING: u32 = 20;
const COMING: u32 = 10;
const ENDED: u32 = 50;

/// What the page shows.
struct Queue {
    running: Vec<ListedJob>,
    coming: Vec<ListedJob>,
    ended: Vec<ListedJob>,
    /// Of those that come, and of those that were stopped or failed.
    counts: (u32, u32),
    backlog: Backlog,
    is_paused: bool,
    mark: String,
}

impl Queue {
    fn load(conn: &Connection, now: i64) -> Result<Self> {
        Ok(Self {
            running: job::running(conn, RUNNING, now)?,
            coming: job::coming(conn, COMING, now)?,
            ended: job::ended(conn, ENDED, now)?,
            counts: job::counts(conn, now)?,
            backlog: job::backlog(conn)?,
            is_paused: job::is_paused(conn)?,
            mark: job::mark(conn)?,
        })
    }

    fn draw(&self, context: &Context, has_tools: bool) -> Markup {
        let texts = &context.texts;
        let drawn = Drawn {
            context,
            is_paused: self.is_paused,
            of: None,
        };
        let (coming, ended) = self.counts;
        html! {
            p.lead { (texts.t("queue-lead")) }
            @if !has_tools { div.beyond { (rows::missing(texts, &context.app.config)) } }
            p.field-help data-reload { (texts.t("queue-reload")) " " a href=(texts.to(urls::desk("queue"))) { (texts.t("queue-reload-link")) } }
            div.queue data-queue=(texts.to(urls::desk("queue/events"))) data-mark=(self.mark) {
                section aria-labelledby="running" {
                    h2 #running { (texts.t("queue-running")) }
                    @if self.running.is_empty() { p { (texts.t("queue-running-none")) } }
                    @else { (drawn.rows(&self.running)) }
                }
                @if !self.ended.is_empty() {
                    section aria-labelledby="ended" {
                        h2 #ended { (texts.t("queue-ended")) }
                        (drawn.rows(&self.ended))
                        (rest(texts, ended, &self.ended))
                    }
                }
                @if !self.coming.is_empty() {
                    section aria-labelledby="coming" {
                        h2 #coming { (texts.t("queue-coming")) }
                        (drawn.rows(&self.coming))
                        (rest(texts, coming, &self.coming))
                    }
                }
                @if self.backlog.recordings > 0 || self.is_paused { (self.backlog(texts)) }
            }
            div.unseen role="status" data-queue-said {}
        }
    }

    /// The recordings that were there before, what they cost, and the button that lets them wait or go on.
    fn backlog(&self, texts: &Texts) -> Markup {
        let (time_ms, bytes) = estimate::of(&self.backlog.steps);
        let (sentence, label, to) = match self.is_paused {
            true => ("queue-backlog-paused", "queue-backlog-start", "start"),
            false => ("queue-backlog-runs", "queue-backlog-pause", "pause"),
        };
        let count = |count: u32| [("count", count.into())];
        html! {
            section aria-labelledby="backlog" {
                h2 #backlog { (texts.t("queue-backlog")) }
                p { (texts.t_args("queue-backlog-count", &count(self.backlog.recordings))) " " (texts.t(sentence)) }
                @if time_ms > 0 {
                    p { (texts.t_args("queue-backlog-estimate", &[
                        ("length", format::length(texts.lang(), time_ms).into()),
                        ("size", format::size(texts.lang(), bytes).into()),
                    ])) }
                }
                @if self.backlog.without_length > 0 {
                    p.field-help { (texts.t_args("queue-backlog-unknown", &count(self.backlog.without_length))) }
                }
                form method="post" action=(texts.to(urls::desk("queue/backlog"))) {
                    input type="hidden" name="to" value=(to);
                    button.button type="submit" data-kind="quiet" { (texts.t(label)) }
                }
            }
        }
    }
}

/// How many there are beside these.
fn rest(texts: &Texts, all: u32, shown: &[ListedJob]) -> Markup {
    let shown = u32::try_from(shown.len()).unwrap_or(u32::MAX);
    html! {
        @if all > shown { p { (texts.t_args("queue-rest", &[("count", (all - shown).into())])) } }
    }
}

/// `GET /desk/queue`
pub async fn show(context: Context) -> Result<Response> {
    let now = context.now();
    let queue = context.read(move |conn| Queue::load(conn, now)).await?;
    let has_tools = rows::has_tools(&context.app).await?;
    let page = Page::new("queue", context.texts.t("desk-queue"));
    let page = page.scripts(&["desk.js", "queue.js"]);
    Ok(page.with(&context, &queue.draw(&context, has_tools)))
}
