//! `/desk/links`: all named links, the newest first.

use axum::response::Response;
use maud::html;

use crate::catalogue::link::{self, Target};
use crate::desk::kit::{Context, Page};
use crate::desk::links::page;
use crate::error::Result;
use crate::web::components::name;
use crate::web::{parts, urls};

/// `GET /desk/links`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let cursor = parts::cursor(context.query());
    let found = context.read(move |conn| link::slice(conn, None, &cursor));
    let (found, now) = (found.await?, context.now());
    let rows = parts::draw(&found, |(link, title, id)| {
        let place = match (id, link.target) {
            (Some(id), _) => format!("{}/links", urls::desk_recording(id)),
            (None, Target::Series(series) | Target::Recording(series)) => {
                format!("{}/links", urls::desk_series(series))
            }
        };
        html! {
            div.words {
                strong { (name(&link.name)) }
                span { a href=(texts.to(place)) { (name(title)) } " · " (page::state(&context.app, texts, link, now)) }
            }
        }
    });
    let main = html! {
        p { (texts.t("links-lead")) }
        @if rows.items.is_empty() { p { (texts.t("links-none")) } }
        ul.desk-rows {
            @for (row, _) in &rows.items { li { (row) } }
        }
        (parts::links(texts, &urls::desk("links"), &rows, |(_, (link, _, _))| link::name_in_list(link)))
    };
    let page = Page::new("links", texts.t("desk-links"));
    Ok(page.with(&context, &main))
}
