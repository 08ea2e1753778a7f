//! The trash: nobody sees its recordings, and each can be restored. All files stay in the folder; the sidecar states when the
//! recording was deleted, so that a rebuilt catalogue knows it too.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use crate::archive;
use crate::catalogue::PublicId;
use crate::catalogue::series::removed::{self, Removed};
use crate::catalogue::{heartbeat, message};
use crate::desk::home::age_waits;
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::{Context, Page, act};
use crate::desk::recordings::list::{Asked, List};
use crate::error::{Error, Result};
use crate::web::components::{foreign, name, title};
use crate::web::{format, parts, urls};

/// `GET /desk/trash`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let (trashed_before, now) = (context.app.trashed_before(), context.now());
    let found = context.read(move |conn| {
        let wait_s = heartbeat::kept_s(conn, trashed_before, message::written_before(now), now);
        Ok((wait_s?, removed::latest(conn)?))
    });
    let (wait_s, removed) = found.await?;
    let list = List::load(&context, Asked::of(context.query(), true)).await?;
    let (zone, days) = (context.app.config.zone(), context.app.config.trash_days);
    let rows = parts::draw(&list.lines, |line| {
        let address = urls::desk_recording(&line.public_id);
        let since = format::moment(texts.lang(), line.deleted_at.unwrap_or_default(), &zone);
        html! {
            div.words {
                strong lang=[foreign(texts, &line.language)] { (title(&line.title)) }
                span { (list.series_title(texts, line)) " · " (texts.t_args("trash-since", &[("when", since.into())])) }
            }
            div.acts {
                (act(texts, &format!("{address}/restore"), "restore", &line.title, &[]))
                @if context.me.is_administrator() { a.button data-kind="quiet" href=(texts.to(format!("{address}/erase"))) { (texts.t("erase-link")) span.unseen { ": " (name(&line.title)) } } }
            }
        }
    });
    let main = html! {
        p { (texts.t("trash-lead")) " " @if days > 0 { (texts.t_args("trash-days", &[("count", days.into())])) } }
        @if wait_s > 0 { p { (age_waits(texts, wait_s)) } }
        @if rows.items.is_empty() && removed.is_empty() { p { (texts.t("trash-empty")) } }
        @if !removed.is_empty() {
            section aria-labelledby="series" {
                h2 #series { (texts.t("trash-series")) }
                p { (texts.t("trash-series-text")) }
                ul.desk-rows { @for one in &removed { li { (row_of_series(&context, one)) } } }
            }
        }
        @if !removed.is_empty() && !rows.items.is_empty() { h2 { (texts.t("desk-recordings")) } }
        ul.desk-rows {
            @for (row, _) in &rows.items { li { (row) } }
        }
        (list.others(texts, &rows))
    };
    let page = Page::new("trash", texts.t("desk-trash"));
    Ok(page.with(&context, &main))
}

fn row_of_series(context: &Context, series: &Removed) -> Markup {
    let (texts, zone) = (&context.texts, context.app.config.zone());
    let since = format::moment(texts.lang(), series.removed_at, &zone);
    html! {
        div.words {
            strong { (title(&series.title)) }
            span { (texts.t_args("trash-since", &[("when", since.into())])) }
        }
        div.acts { (act(texts, &format!("{}/restore", urls::desk_series(series.id)), "restore", &series.title, &[])) }
    }
}

/// `POST /desk/recordings/{id}/trash`: deletes the recording, whose addresses answer 410; all files stay in the folder.
pub async fn delete(context: Context, Path(id): Path<String>) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let (app, actor) = (&context.app, context.email());
    let since = rfc_3339(context.now())?;
    archive::edit(app, actor, "delete", &id, |sidecar| {
        sidecar.deleted = Some(since)
    })
    .await?;
    context.go(urls::desk("trash"), "done-trashed")
}

/// `POST /desk/recordings/{id}/restore`
pub async fn restore(context: Context, Path(id): Path<String>) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let (app, actor) = (&context.app, context.email());
    archive::restore_recording(app, actor, &id).await?;
    context.go(urls::desk_recording(&id), "done-restored")
}
