//! `/desk`: what needs attention, each item as a sentence with the button that solves it.

use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::series::{self, Begun};
use crate::catalogue::{desk_list, heartbeat, message};
use crate::desk::kit::{Context, Page};
use crate::desk::messages;
use crate::error::Result;
use crate::search;
use crate::web::{Texts, format, urls};

/// Free bytes below which the page warns: the size of a recording of an hour and a half.
pub const LITTLE: u64 = 4 * 1024 * 1024 * 1024;

/// `GET /desk`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let today = context.today()?;
    let (trashed_before, now) = (context.app.trashed_before(), context.now());
    let reader = messages::reader(&context);
    let found = context.read(move |conn| {
        let found = desk_list::attention(conn, &today)?;
        let (messages, _) = message::counts(conn, reader)?;
        let written_before = message::written_before(now);
        let begun = series::begun(conn)?;
        let wait_s = heartbeat::kept_s(conn, trashed_before, written_before, now)?;
        Ok((found, messages, wait_s, search::waiting(conn)?, begun))
    });
    let (found, messages, wait_s, unindexed, begun) = found.await?;
    let free = context.app.library.run(|library| Ok(library.free_bytes()));
    let free = free.await?;
    let problems = context.app.readiness.last_problems();
    let table = |name, value| urls::with(&urls::desk("recordings"), name, value);
    let lacks = |what| table("lacks", what);
    let things = [
        (messages, "attention-messages", urls::desk("messages")),
        (found.missing, "attention-missing", lacks("file")),
        (found.overdue, "attention-overdue", lacks("recording")),
        (found.unplayable, "attention-plays", urls::desk("problems")),
        (found.timing, "attention-timing", urls::desk("problems")),
        (found.problems, "attention-problems", urls::desk("problems")),
        (
            found.drafts,
            "attention-drafts",
            table("visibility", "draft"),
        ),
        (found.uncaptioned, "attention-captions", lacks("captions")),
    ];
    let is_all_well = problems.is_empty() && things.iter().all(|(count, _, _)| *count == 0);
    let main = html! {
        p.lead { (texts.t_args("desk-welcome", &[("name", context.me.coordinator.name.as_str().into())])) " "
            @if is_all_well { (texts.t("attention-none")) } }
        (first_steps(texts, &begun))
        ul.desk-rows {
            @for problem in &problems {
                li { div.words {
                    strong { (texts.t(problem.text())) }
                    // The technical reason, in English for the operator of the server.
                    span lang="en" dir="ltr" { (problem.subject.name()) ": " (problem.why) }
                } }
            }
            @for (count, key, address) in things {
                @if count > 0 { (thing(texts, &texts.t_args(key, &[("count", count.into())]), &address)) }
            }
            @if context.app.branding().contact.is_none() { li { (without_contact(&context)) } }
            @if unindexed > 0 { li { (texts.t_args("attention-index", &[("count", unindexed.into())])) } }
            @if wait_s > 0 { li { (age_waits(texts, wait_s)) } }
            @if let Some(free) = free {
                li { (texts.t_args(if free < LITTLE { "attention-space" } else { "space-free" }, &[("size", format::size(texts.lang(), free).into())])) }
            }
        }
        (actions(texts))
    };
    let page = Page::new("", texts.t("desk-home"));
    Ok(page.with(&context, &main))
}

/// That visitors find no mail address, with where an administrator fills one in.
fn without_contact(context: &Context) -> Markup {
    let texts = &context.texts;
    html! {
        (texts.t("attention-contact"))
        @if context.me.is_administrator() { " " a href=(texts.to(urls::desk("association"))) { (texts.t("association-title")) } }
    }
}

/// The first three steps of an association, those that are done ticked off; nothing when all are.
fn first_steps(texts: &Texts, begun: &Begun) -> Markup {
    let steps = [
        (
            begun.series > 0,
            ("first-series", "first-series-help"),
            format!("{}#new", texts.to(urls::desk("series"))),
        ),
        (
            begun.recordings > 0,
            ("first-upload", "first-upload-help"),
            texts.to(urls::desk("upload")),
        ),
        (
            begun.public > 0,
            ("first-publish", "first-publish-help"),
            texts.to(urls::desk("recordings")),
        ),
    ];
    html! {
        @if steps.iter().any(|(is_done, _, _)| !is_done) {
            section.ready aria-labelledby="first" {
                h2 #first { (texts.t("first-heading")) }
                ol.first-steps {
                    @for (is_done, (key, help), address) in steps {
                        li {
                            span aria-hidden="true" { (if is_done { "✓ " } else { "○ " }) }
                            a href=(address) { (texts.t(key)) }
                            @if is_done { span.unseen { " (" (texts.t("first-done")) ")" } }
                            " " span.field-help { (texts.t(help)) }
                        }
                    }
                }
            }
        }
    }
}

/// Where one goes from here.
fn actions(texts: &Texts) -> Markup {
    html! {
        p.actions {
            a.button href=(texts.to(urls::desk("upload"))) { (texts.t("desk-upload")) }
            a.button data-kind="quiet" href=(texts.to(urls::desk("series"))) { (texts.t("desk-series")) }
            a.button data-kind="quiet" href=(texts.to(urls::desk("recordings"))) { (texts.t("desk-recordings")) }
        }
    }
}

/// That nothing is destroyed by age for so many seconds of running time.
pub fn age_waits(texts: &Texts, wait_s: i64) -> String {
    let hours = wait_s.max(0).unsigned_abs().div_ceil(3600);
    texts.t_args("attention-clock", &[("hours", hours.into())])
}

fn thing(texts: &Texts, sentence: &str, address: &str) -> Markup {
    html! {
        li {
            span { (sentence) }
            a.button data-kind="quiet" href=(texts.to(address.to_owned())) { (texts.t("attention-look")) span.unseen { ": " (sentence) } }
        }
    }
}
