//! `/desk/audit`: the audit list for administrators, newest first, with a filter and an export as a table.

use std::collections::HashMap;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Entry, Filter};
use crate::desk::kit::{Administrator, Context, Page};
use crate::error::Result;
use crate::web::{Lang, Texts, format, urls};

/// Lines on a page.
const LINES: u32 = 100;

/// Lines in an export, as many as a spreadsheet can handle.
const EXPORTED: u32 = 100_000;

/// `GET /desk/audit`, with a search word `?q=` and `?before=`, the id of the line to continue after.
pub async fn show(Administrator(context): Administrator) -> Result<Response> {
    let texts = &context.texts;
    let (filter, lang) = (filter(&context, LINES), texts.lang());
    let asked = filter.clone();
    let found = context.read(move |conn| {
        let entries = entries(conn, asked, lang)?;
        let named = audit::titles(conn, &entries)?;
        Ok((entries, named))
    });
    let (entries, named) = found.await?;
    let zone = context.app.config.zone();
    let is_full = entries.len() >= LINES as usize;
    let next = entries.last().filter(|_| is_full).map(|last| last.id);
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
                tbody {
                    @for entry in &entries {
                        tr {
                            td { (format::moment(texts.lang(), entry.at, &zone)) }
                            td { (actor(texts, &entry.actor)) }
                            td { (act(texts.lang(), &entry.act)) }
                            td { (subject(texts, &entry.subject, &named)) }
                            td { (entry.before.as_deref().unwrap_or_default()) }
                            td { (entry.after.as_deref().unwrap_or_default()) }
                        }
                    }
                }
            }
        }
        @if entries.is_empty() { p { (texts.t("audit-none")) } }
        @if let Some(next) = next {
            p.actions { a.button data-kind="quiet" href=(texts.to(urls::with(&urls::with(&urls::desk("audit"), "q", &filter.word), "before", &next.to_string()))) { (texts.t("older")) } }
        }
    };
    let page = Page::new("audit", texts.t("desk-audit"));
    Ok(page.with(&context, &main))
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
    let Some((kind, name)) = subject.split_once(' ') else {
        return html! { (subject) };
    };
    let key = match kind {
        "recording" => "audit-recording",
        "series" => "audit-series",
        "coordinator" => "audit-coordinator",
        _ => return html! { (subject) },
    };
    let words = named.get(subject).map_or(name, String::as_str);
    html! {
        (texts.t(key)) " "
        @match (PublicId::parse(name), kind) {
            (Some(id), "recording") => a href=(texts.to(urls::desk_recording(&id))) { (words) },
            _ => (words),
        }
    }
}

/// `GET /desk/audit/export.csv`: RFC 4180, times as RFC 3339.
pub async fn export(Administrator(context): Administrator) -> Result<Response> {
    let (filter, lang) = (filter(&context, EXPORTED), context.texts.lang());
    let entries = context.read(move |conn| entries(conn, filter, lang));
    let entries = entries.await?;
    let mut table = String::from("at,who,act,subject,before,after\r\n");
    for entry in &entries {
        table.push_str(&line(entry));
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, table).into_response())
}

fn filter(context: &Context, most: u32) -> Filter {
    let before = context.parameter("before").and_then(|it| it.parse().ok());
    let word = context.parameter("q").unwrap_or_default();
    Filter {
        word: word.trim().chars().take(200).collect(),
        acts: Vec::new(),
        before,
        most,
    }
}

/// Lines that contain the word, in their stored text or in the reader's language.
fn entries(conn: &Connection, mut filter: Filter, lang: Lang) -> Result<Vec<Entry>> {
    let word = filter.word.to_lowercase();
    if !word.is_empty() {
        filter.acts = audit::acts(conn)?;
        filter
            .acts
            .retain(|it| act(lang, it).to_lowercase().contains(&word));
    }
    audit::entries(conn, &filter)
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
