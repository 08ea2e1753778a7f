//! `/desk/audit`: the audit list for administrators, newest first, with a filter and an export as a table.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Entry, Filter};
use crate::catalogue::slice::Direction;
use crate::desk::kit::{Administrator, Context, Page};
use crate::desk::queue::rows;
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::{Lang, Texts, format, markdown, parts, urls};

/// Lines on a page.
const LINES: usize = 100;

/// Most characters of a value in the list; the export has all of it.
const VALUE: usize = 500;

/// Lines in an export, as many as a spreadsheet can handle.
const EXPORTED: usize = 100_000;

/// Lines of an export that are read at once.
const CHUNK: usize = 500;

/// `GET /desk/audit`, with a search word `?q=` and `?after=` or `?before=` the line on which the part of the list borders.
pub async fn show(Administrator(context): Administrator) -> Result<Response> {
    let texts = &context.texts;
    let (filter, lang) = (filter(&context), texts.lang());
    let (asked, cursor) = (filter.clone(), parts::cursor(context.query()));
    let found = context.read(move |conn| {
        let entries = audit::slice(conn, &with_acts(conn, asked, lang)?, &cursor, LINES)?;
        let named = audit::titles(conn, &entries.items)?;
        Ok((entries, named))
    });
    let (entries, named) = found.await?;
    let zone = context.app.config.zone();
    let rows = parts::draw(&entries, |entry| {
        html! {
            tr {
                td { (format::moment(texts.lang(), entry.at, &zone)) }
                td { (actor(texts, &entry.actor)) }
                td { (act(texts.lang(), &entry.act)) }
                td { (subject(texts, &entry.subject, &named)) }
                td { (value(entry.before.as_deref())) }
                td { (after(texts, entry)) }
            }
        }
    });
    let list = urls::with(&urls::desk("audit"), "q", &filter.word);
    let main = html! {
        form.filter method="get" action=(urls::desk("audit")) {
            label { span { (texts.t("audit-filter")) } input type="search" name="q" value=(filter.word); }
            @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
            button.button type="submit" { (texts.t("filter")) }
            a.button data-kind="quiet" href=(texts.to(urls::with(&urls::desk("audit/export.csv"), "q", &filter.word))) { (texts.t("audit-export")) }
        }
        div.table-scroll role="region" aria-label=(texts.t("desk-audit")) tabindex="0" {
            table {
                thead { tr {
                    @for head in ["audit-when", "audit-who", "audit-what", "audit-subject", "audit-before", "audit-after"] { th scope="col" { (texts.t(head)) } }
                } }
                tbody { @for (row, _) in &rows.items { (row) } }
            }
        }
        @if rows.items.is_empty() { p { (texts.t("audit-none")) } }
        (parts::links(texts, &list, &rows, |(_, entry)| entry.id.to_string()))
    };
    let page = Page::new("audit", texts.t("desk-audit"));
    Ok(page.with(&context, &main))
}

/// What it is after the act; the step of a job in words.
fn after(texts: &Texts, entry: &Entry) -> Markup {
    match (entry.act.as_str(), &entry.after) {
        ("stop job" | "retry job", Some(step)) => html! { (rows::step(texts, step)) },
        (_, after) => value(after.as_deref()),
    }
}

fn value(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { (name(&markdown::shorten(text, VALUE))) } }
}

/// The actor in the reader's language: a coordinator or a part of the program.
fn actor(texts: &Texts, actor: &str) -> String {
    match actor {
        "scan" => texts.t("audit-who-scan"),
        "trash" => texts.t("audit-who-trash"),
        "command line" => texts.t("audit-who-command-line"),
        person => person.to_owned(),
    }
}

/// The act in the reader's language. An act of an older version without a text is shown as it is stored.
fn act(lang: Lang, act: &str) -> String {
    let words = lang.find(&format!("act-{}", act.replace(' ', "-")));
    words.unwrap_or_else(|| act.to_owned())
}

/// The subject of the act, by its title when it still has one.
fn subject(texts: &Texts, subject: &str, named: &HashMap<String, String>) -> Markup {
    let Some((kind, key)) = subject.split_once(' ') else {
        return match subject {
            "message" => html! { (texts.t("audit-message")) },
            "queue" => html! { (texts.t("desk-queue")) },
            _ => html! { (subject) },
        };
    };
    let label = match kind {
        "recording" => "audit-recording",
        "series" => "audit-series",
        "coordinator" => "audit-coordinator",
        _ => return html! { (subject) },
    };
    let words = match named.get(subject) {
        Some(title) => name(title),
        None => html! { (key) },
    };
    html! {
        (texts.t(label)) " "
        @match (PublicId::parse(key), kind) {
            (Some(id), "recording") => a href=(texts.to(urls::desk_recording(&id))) { (words) },
            _ => (words),
        }
    }
}

/// `GET /desk/audit/export.csv`: RFC 4180, times as RFC 3339.
pub async fn export(Administrator(context): Administrator) -> Result<Response> {
    let (asked, lang) = (filter(&context), context.texts.lang());
    let filter = context
        .read(move |conn| with_acts(conn, asked, lang))
        .await?;
    let head = String::from("at,who,act,subject,before,after\r\n");
    let begin = (Some(i64::MAX), EXPORTED, head);
    let table = stream::try_unfold(begin, move |(border, left, head)| {
        let (filter, db) = (filter.clone(), context.app.db.clone());
        async move {
            let Some(border) = border.filter(|_| left > 0) else {
                return Ok::<_, Error>(None);
            };
            let most = left.min(CHUNK);
            let border = (Some(border), Direction::Forward);
            let read = db.read(move |conn| audit::entries(conn, &filter, border, most));
            let entries = read.await?;
            let lines: String = entries.iter().map(line).collect();
            let last = entries.last().filter(|_| entries.len() == most);
            let next = (
                last.map(|last| last.id),
                left - entries.len(),
                String::new(),
            );
            Ok(Some((head + &lines, next)))
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, Body::from_stream(table)).into_response())
}

fn filter(context: &Context) -> Filter {
    let word = context.parameter("q").unwrap_or_default();
    Filter {
        word: word.trim().chars().take(200).collect(),
        acts: Vec::new(),
    }
}

/// The filter that finds the word also in the names of acts in the reader's language.
fn with_acts(conn: &Connection, mut filter: Filter, lang: Lang) -> Result<Filter> {
    let word = filter.word.to_lowercase();
    if !word.is_empty() {
        filter.acts = audit::acts(conn)?;
        filter
            .acts
            .retain(|it| act(lang, it).to_lowercase().contains(&word));
    }
    Ok(filter)
}

fn line(entry: &Entry) -> String {
    let at = jiff::Timestamp::from_second(entry.at)
        .map_or_else(|_| entry.at.to_string(), |at| at.to_string());
    let fields = [
        at.as_str(),
        &entry.actor,
        &entry.act,
        &entry.subject,
        entry.before.as_deref().unwrap_or_default(),
        entry.after.as_deref().unwrap_or_default(),
    ];
    format!("{}\r\n", fields.map(cell).join(","))
}

/// A quoted cell. A text that begins like a formula gets an apostrophe, because a spreadsheet would run it (OWASP, CSV injection).
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_to_every_spreadsheet() {
        for (text, expected) in [
            ("gewoon", "\"gewoon\""),
            ("met \"aanhaling\"", "\"met \"\"aanhaling\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
