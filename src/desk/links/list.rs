//! `/desk/links`: all named links, the newest first.

use axum::response::Response;
use maud::html;

use crate::catalogue::link::{self, Target};
use crate::desk::kit::{Context, Page};
use crate::desk::links::page;
use crate::error::Result;
use crate::web::components::name;
use crate::web::urls;

/// Most links in the list; older ones are shown with their recording.
const LISTED: u32 = 500;

/// `GET /desk/links`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let found = context.read(|conn| link::all(conn, LISTED)).await?;
    let now = context.now();
    let main = html! {
        p { (texts.t("links-lead")) }
        @if found.is_empty() { p { (texts.t("links-none")) } }
        ul.desk-rows {
            @for (link, title, id) in &found {
                @let place = match (id, link.target) {
                    (Some(id), _) => format!("{}/links", urls::desk_recording(id)),
                    (None, Target::Series(series) | Target::Recording(series)) => format!("{}/links", urls::desk_series(series)),
                };
                li { div.words {
                    strong { (name(&link.name)) }
                    span { a href=(texts.to(place)) { (name(title)) } " · " (page::state(&context.app, texts, link, now)) }
                } }
            }
        }
    };
    let page = Page::new("links", texts.t("desk-links"));
    Ok(page.with(&context, &main))
}
