//! `/desk/links`: what was handed out when, the newest first.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::link::{self, Target};
use crate::desk::kit::layout::{self, Desk};
use crate::desk::links::page as links;
use crate::desk::recording::page as recording_page;
use crate::desk::series::page as series_page;
use crate::error::Result;
use crate::web::Texts;
use crate::web::sign_in::Me;

/// Links of the list; older ones stand with their recording.
const LISTED: u32 = 500;

/// `GET /desk/links`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let found = app.db.read(|conn| link::all(conn, LISTED)).await?;
    let now = app.clock.now();
    let main = html! {
        p { (texts.t("links-lead")) }
        @if found.is_empty() { p { (texts.t("links-none")) } }
        ul.desk-rows {
            @for (link, title, id) in &found {
                @let place = match (id, link.target) {
                    (Some(id), _) => format!("{}/links", recording_page::desk(id)),
                    (None, Target::Series(series) | Target::Recording(series)) => format!("{}/links", series_page::desk(series)),
                };
                li { div.words {
                    strong { (link.name) }
                    span { a href=(texts.to(place)) { (title) } " · " (links::state(&app, &texts, link, now)) }
                } }
            }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "links",
        title: texts.t("desk-links"),
        done: layout::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}
