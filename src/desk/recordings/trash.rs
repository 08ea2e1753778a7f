//! The trash: what lies in it is seen by nobody and can be put back. Everything stays in the folder; the sidecar says since
//! when it is deleted, so that a catalogue made again knows it too.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::archive;
use crate::catalogue::PublicId;
use crate::desk::kit::form::act;
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::moment::rfc_3339;
use crate::desk::recording::page as recording_page;
use crate::desk::recordings::list::{Asked, List};
use crate::error::{Error, Result};
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// `GET /desk/trash`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let list = List::load(&app, Asked::of(query.as_deref(), true)).await?;
    let (zone, days) = (app.config.zone(), app.config.trash_days);
    let main = html! {
        p { (texts.t("trash-lead")) " " @if days > 0 { (texts.t_args("trash-days", &[("count", days.into())])) } }
        @if list.lines.is_empty() { p { (texts.t("trash-empty")) } }
        ul.desk-rows {
            @for line in &list.lines {
                li {
                    div.words {
                        strong { (line.title) }
                        span { (list.series_title(line)) " · " (texts.t_args("trash-since", &[("when", format::moment(texts.lang(), line.deleted_at.unwrap_or_default(), &zone).into())])) }
                    }
                    div.acts { (act(&texts, &format!("{}/restore", recording_page::desk(&line.public_id)), "restore", &line.title, &[]))
                        @if me.is_administrator() { a.button data-kind="quiet" href=(texts.to(format!("{}/erase", recording_page::desk(&line.public_id)))) { (texts.t("erase-link")) span.unseen { ": " (line.title) } } } }
                }
            }
        }
        (list.next(&texts))
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "trash",
        title: texts.t("desk-trash"),
        done: layout::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

/// `POST /desk/recordings/{id}/trash`: its addresses answer "gone"; everything stays in the folder.
pub async fn delete(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let who = &me.coordinator.email;
    let since = rfc_3339(app.clock.now())?;
    archive::edit(&app, who, "delete", &id, |said| said.deleted = Some(since)).await?;
    layout::go(&texts, urls::desk("trash"), Some("done-trashed"))
}

/// `POST /desk/recordings/{id}/restore`
pub async fn restore(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let who = &me.coordinator.email;
    archive::edit(&app, who, "restore", &id, |said| said.deleted = None).await?;
    layout::go(&texts, recording_page::desk(&id), Some("done-restored"))
}
