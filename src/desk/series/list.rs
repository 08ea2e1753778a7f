//! `/desk/series`: all series, and a new one. A new series is a folder with its `series.toml`, and nobody but coordinators
//! knows of it until something in it is published.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::archive::{self, Archive};
use crate::catalogue::address::{self, Kind};
use crate::catalogue::{Viewer, id, series};
use crate::desk::kit::form::{Field, Form, field, helped};
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::{Errors, Posted};
use crate::error::Result;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::web::components::how_many;
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

const TITLE: Field<'_> = field("title", "series-name");
const FOLDER: Field<'_> = helped("folder", "series-folder", "series-folder-help");

/// `GET /desk/series`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let done = layout::done(&texts, query.as_deref());
    page(
        &app,
        &texts,
        &me,
        done,
        (StatusCode::OK, &Posted::default(), &Errors::new()),
    )
    .await
}

/// `POST /desk/series`: makes one.
pub async fn add(State(app): State<App>, me: Me, texts: Texts, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let title = posted.needed("title", LONGEST_LINE_CHARS, &mut errors);
    let typed = posted.line("folder", 80, &mut errors);
    let wanted = id::slug(if typed.is_empty() { &title } else { &typed });
    if wanted.is_empty() && !title.is_empty() {
        errors.insert("folder", text!("series-folder-odd"));
    }
    let taken = wanted.clone();
    // Locked before it is there: two who make it at the same moment must not both be the first.
    let archive = Archive::of_folders(&app, &me.coordinator.email, [wanted.clone()]).await?;
    let is_taken = app
        .db
        .read(move |conn| address::is_given(conn, Kind::Series, &taken))
        .await?
        || app.library.has_folder(&wanted);
    if is_taken && !wanted.is_empty() {
        errors.insert(
            "folder",
            text!("series-folder-taken", folder = wanted.clone()),
        );
    }
    if !errors.is_empty() {
        let shown = (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors);
        return page(&app, &texts, &me, None, shown).await;
    }
    let made = archive::make_series(&archive, &wanted, title).await?;
    let address = urls::desk(&format!("series/{made}"));
    layout::go(&texts, address, Some("done-saved"))
}

async fn page(
    app: &App,
    texts: &Texts,
    me: &Me,
    done: Option<String>,
    (status, posted, errors): (StatusCode, &Posted, &Errors),
) -> Result<Response> {
    let viewer = Viewer::coordinator(app.clock.now());
    let found = app
        .db
        .read(move |conn| Ok((series::all(conn)?, series::overviews(conn, &viewer)?)));
    let (all, overviews) = found.await?;
    let form = Form {
        texts,
        posted,
        errors,
    };
    let main = html! {
        ul.desk-rows {
            @for series in &all {
                @let count = overviews.iter().find(|overview| overview.series.id == series.id).map_or(0, |overview| overview.recordings);
                li {
                    div.words {
                        a href=(texts.to(urls::desk(&format!("series/{}", series.id)))) { strong { (series.title()) } }
                        span { (how_many(texts, count)) @if series.demonstration() { " · " (texts.t("demonstration")) } }
                    }
                    a href=(texts.to(urls::with(&urls::desk("recordings"), "series", &series.id.to_string()))) { (texts.t("series-table")) }
                }
            }
        }
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
    let desk = Desk {
        app,
        texts,
        me,
        place: "series",
        title: texts.t("desk-series"),
        done,
    };
    Ok(desk.show_with(status, &main))
}
