//! `/desk/audit`: who did what, when. An administrator reads it, newest first, filters it, and takes it along as a table.

use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::frame::Desk;
use crate::app::App;
use crate::catalogue::audit::{self, Entry, Filter};
use crate::error::Result;
use crate::web::sign_in::Administrator;
use crate::web::{Texts, format, urls};

/// Lines of a page.
const LINES: u32 = 100;

/// Lines of an export: as many as a spreadsheet can bear.
const EXPORTED: u32 = 100_000;

/// `GET /desk/audit`, with `?q=` a word in it and `?before=` the line to go on after.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let filter = filter(query.as_deref(), LINES);
    let asked = filter.clone();
    let entries = app
        .db
        .read(move |conn| audit::entries(conn, &asked))
        .await?;
    let zone = app.config.zone();
    let next = entries
        .last()
        .filter(|_| entries.len() >= LINES as usize)
        .map(|last| last.id);
    let main = html! {
        form.filter method="get" action=(urls::desk("audit")) {
            label for="audit-q" { (texts.t("audit-filter")) }
            input #audit-q type="search" name="q" value=(filter.word);
            @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
            button.button type="submit" { (texts.t("filter")) }
            a.button data-kind="quiet" href=(urls::with(&urls::desk("audit/export.csv"), "q", &filter.word)) { (texts.t("audit-export")) }
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
                            td { (entry.who) }
                            td { (entry.act) }
                            td { (entry.subject) }
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
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "audit",
        title: texts.t("desk-audit"),
        done: None,
    };
    Ok(desk.show(&main))
}

/// `GET /desk/audit/export.csv`: RFC 4180, times as RFC 3339.
pub async fn export(
    State(app): State<App>,
    Administrator(_): Administrator,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let filter = filter(query.as_deref(), EXPORTED);
    let entries = app
        .db
        .read(move |conn| audit::entries(conn, &filter))
        .await?;
    let mut table = String::from("at,who,act,subject,before,after\r\n");
    for entry in &entries {
        table.push_str(&line(entry));
    }
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"audit.csv\""),
        ),
    ];
    Ok((headers, table).into_response())
}

fn filter(query: Option<&str>, most: u32) -> Filter {
    let before = urls::parameter(query, "before").and_then(|before| before.parse().ok());
    let word: String = urls::parameter(query, "q")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(200)
        .collect();
    Filter { word, before, most }
}

fn line(entry: &Entry) -> String {
    let at = jiff::Timestamp::from_second(entry.at)
        .map_or_else(|_| entry.at.to_string(), |at| at.to_string());
    let fields = [
        at.as_str(),
        &entry.who,
        &entry.act,
        &entry.subject,
        entry.before.as_deref().unwrap_or_default(),
        entry.after.as_deref().unwrap_or_default(),
    ];
    format!("{}\r\n", fields.map(cell).join(","))
}

/// A cell in quotes. A spreadsheet would run what begins like a formula, so that gets an apostrophe (OWASP, CSV injection).
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
