//! `/desk/audit`: the audit list for administrators, newest first, with a filter and an export as a table.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::audit::{self, Entry, Filter};
use crate::catalogue::slice::Direction;
use crate::desk::kit::{Administrator, Context, Page};
use crate::desk::people::audit_words::{self, Subject, Words};
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::{Lang, Texts, format, markdown, parts, urls};

/// Lines on a page.
const LINES: usize = 100;

/// Keys of the heads of the columns.
const HEADS: [&str; 6] = [
    "audit-when",
    "audit-who",
    "audit-what",
    "audit-subject",
    "audit-before",
    "audit-after",
];

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
        let entries = audit::slice(conn, &in_words(conn, asked, lang)?, &cursor, LINES)?;
        let known = audit::known(conn, &entries.items)?;
        Ok((entries, known))
    });
    let (entries, known) = found.await?;
    let words = Words::new(&context.app, texts, &known);
    let [before, after] = ["audit-before", "audit-after"].map(|key| texts.t(key));
    let rows = parts::draw(&entries, |entry| {
        html! {
            tr {
                td { (format::moment(texts.lang(), entry.at, &words.zone)) }
                td { (words.actor(&entry.actor)) }
                td { (words.act(&entry.act)) }
                td { (subject(texts, &words.subject(&entry.subject))) }
                td data-label=(before) { (value(&words.before(entry))) }
                td data-label=(after) { (value(&words.after(entry))) }
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
        @if rows.items.is_empty() { p { (texts.t("audit-none")) } } @else {
            div.table-scroll role="region" aria-label=(texts.t("desk-audit")) tabindex="0" {
                table.log {
                    thead { tr {
                        @for head in HEADS { th scope="col" { (texts.t(head)) } }
                    } }
                    tbody { @for (row, _) in &rows.items { (row) } }
                }
            }
        }
        (parts::links(texts, &list, &rows, |(_, entry)| entry.id.to_string()))
    };
    let page = Page::new("audit", texts.t("desk-audit"));
    Ok(page.with(&context, &main))
}

/// The lines of a value, as much as fits.
fn value(lines: &[String]) -> Markup {
    let fitting = markdown::shorten(&lines.join("\n"), VALUE);
    html! {
        @for (place, line) in fitting.lines().enumerate() {
            @if place > 0 { br; }
            (name(line))
        }
    }
}

/// The subject of the act, which leads to a recording that is still there.
fn subject(texts: &Texts, subject: &Subject) -> Markup {
    html! {
        (subject.label) " "
        @match &subject.id {
            Some(id) => a href=(texts.to(urls::desk_recording(id))) { (name(&subject.name)) },
            None if subject.name.is_empty() => {}
            None => (name(&subject.name)),
        }
    }
}

/// `GET /desk/audit/export.csv`: RFC 4180 in the words of the list, times as RFC 3339, recordings with their id.
pub async fn export(Administrator(context): Administrator) -> Result<Response> {
    let (asked, lang) = (filter(&context), context.texts.lang());
    let filter = context
        .read(move |conn| in_words(conn, asked, lang))
        .await?;
    let head = row(HEADS.map(|key| context.texts.t(key)));
    let begin = (Some(i64::MAX), EXPORTED, head);
    let table = stream::try_unfold(begin, move |(border, left, head)| {
        let (filter, context) = (filter.clone(), context.clone());
        async move {
            let Some(border) = border.filter(|_| left > 0) else {
                return Ok::<_, Error>(None);
            };
            let most = left.min(CHUNK);
            let border = (Some(border), Direction::Forward);
            let read = context.read(move |conn| {
                let entries = audit::entries(conn, &filter, border, most)?;
                let known = audit::known(conn, &entries)?;
                Ok((entries, known))
            });
            let (entries, known) = read.await?;
            let words = Words::new(&context.app, &context.texts, &known);
            let lines: String = entries.iter().map(|entry| line(&words, entry)).collect();
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
        meant: Vec::new(),
    }
}

/// The filter that finds the word also where the list says it in the reader's language.
fn in_words(conn: &Connection, mut filter: Filter, lang: Lang) -> Result<Filter> {
    let word = filter.word.to_lowercase();
    if !word.is_empty() {
        filter.meant = audit_words::meant(lang, &word, audit::acts(conn)?);
    }
    Ok(filter)
}

fn line(words: &Words<'_>, entry: &Entry) -> String {
    let at = jiff::Timestamp::from_second(entry.at)
        .map_or_else(|_| entry.at.to_string(), |at| at.to_string());
    let Subject { label, name, id } = words.subject(&entry.subject);
    // In a table nothing leads to a recording but its id.
    let id = id.map(|id| format!("({id})")).unwrap_or_default();
    let subject = format!("{label} {name} {id}").trim().to_owned();
    row([
        at,
        words.actor(&entry.actor),
        words.act(&entry.act),
        subject,
        words.before(entry).join("\n"),
        words.after(entry).join("\n"),
    ])
}

fn row(cells: [String; 6]) -> String {
    format!("{}\r\n", cells.map(|text| cell(&text)).join(","))
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
