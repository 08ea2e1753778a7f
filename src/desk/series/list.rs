//! `/desk/series`: all series, and a form for a new one. A new series is a folder with its `series.toml`, which visitors do not see
//! before a recording is published.

use axum::response::Response;
use maud::{Markup, html};

use crate::archive::{self, Archive, demonstration};
use crate::catalogue::address::{self, AddressKind};
use crate::catalogue::id;
use crate::catalogue::recording::Count;
use crate::catalogue::series::Series;
use crate::catalogue::series::listed;
use crate::catalogue::slice::PAGE;
use crate::desk::kit::{Context, Errors, Field, FormState, Page, Posted, act, field, helped};
use crate::error::Result;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::web::components::how_many;
use crate::web::components::name;
use crate::web::{parts, urls};

const TITLE: Field<'_> = field("title", "series-name");
const FOLDER: Field<'_> = helped("folder", "series-folder", "series-folder-help");

/// `GET /desk/series`
pub async fn show(context: Context) -> Result<Response> {
    page(&context, &FormState::empty()).await
}

/// `POST /desk/series`: creates a series.
pub async fn add(context: Context, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let title = posted.needed("title", LONGEST_LINE_CHARS, &mut errors);
    let typed = posted.line("folder", 80, &mut errors);
    let wanted = id::slug(if typed.is_empty() { &title } else { &typed });
    if wanted.is_empty() && !title.is_empty() {
        errors.insert("folder", text!("series-folder-odd"));
    }
    let folder = wanted.clone();
    // The folder is locked before it exists, so that two coordinators who create it at once do not both succeed.
    let archive = Archive::of_folders(&context.app, context.email(), [wanted.clone()]).await?;
    let is_given = context.read(move |conn| address::is_given(conn, AddressKind::Series, &folder));
    let is_taken = is_given.await? || context.app.library.has_folder(&wanted);
    if is_taken && !wanted.is_empty() {
        let taken = text!("series-folder-taken", folder = wanted.clone());
        errors.insert("folder", taken);
    }
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return page(&context, &state).await;
    }
    let made = archive::make_series(&archive, &wanted, title).await?;
    context.go(urls::desk_series(made), "done-saved")
}

async fn page(context: &Context, state: &FormState) -> Result<Response> {
    let texts = &context.texts;
    let cursor = parts::cursor(context.query());
    let found = context.read(move |conn| listed::of_desk(conn, &cursor, PAGE));
    let all = found.await?;
    let form = state.form(texts);
    let rows = parts::draw(&all, |(series, count)| row(context, series, *count));
    let main = html! {
        ul.desk-rows {
            @for (row, _) in &rows.items { li { (row) } }
        }
        (parts::links(texts, &urls::desk("series"), &rows, |(_, (series, _))| series.id.to_string()))
        section aria-labelledby="new" {
            h2 #new { (texts.t("series-new")) }
            (form.summary(&[TITLE, FOLDER]))
            form.stack method="post" action=(texts.to(urls::desk("series"))) data-guard {
                (form.input(TITLE, "text", Some("off"), true))
                (form.input(FOLDER, "text", Some("off"), false))
                p.actions { button.button type="submit" { (texts.t("series-add")) } }
            }
        }
    };
    let page = Page::new("series", texts.t("desk-series")).status(state.status);
    Ok(page.with(context, &main))
}

fn row(context: &Context, series: &Series, count: Count) -> Markup {
    let texts = &context.texts;
    let is_to_go = demonstration::is_delivered(series) && context.me.is_administrator();
    html! {
        div.words {
            a href=(texts.to(urls::desk_series(series.id))) { strong { (name(series.title())) } }
            span { (how_many(texts.lang(), count)) @if series.demonstration() { " · " (texts.t("demonstration")) } }
        }
        a href=(texts.to(urls::desk_upload_to(series.id))) { (texts.t("series-upload")) span.unseen { ": " (name(series.title())) } }
        a href=(texts.to(urls::with(&urls::desk("recordings"), "series", &series.id.to_string()))) { (texts.t("series-table")) }
        @if is_to_go { (act(texts, &urls::desk("demonstration/remove"), "demo-remove", "", &[])) }
    }
}
