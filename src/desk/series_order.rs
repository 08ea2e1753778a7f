//! The recordings of a series: planned ahead, and in their order.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::frame;
use super::posted::{Errors, Posted};
use super::save::{self, Change};
use super::series_edit::SeriesPage;
use crate::app::App;
use crate::catalogue::id;
use crate::catalogue::recording::Recording;
use crate::error::{Error, Result};
use crate::intake::scan;
use crate::sidecar::{self, LONGEST_LINE_CHARS};
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

/// `POST /desk/series/{id}/plan`: a recording that is still to be held; its page and its address exist at once.
pub async fn plan(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let mut errors = Errors::new();
    let title = posted.needed("plan_title", LONGEST_LINE_CHARS, &mut errors);
    let date = posted.line("plan_date", 10, &mut errors);
    if !date.is_empty() && (date.len() != 10 || date.parse::<jiff::civil::Date>().is_err()) {
        errors.insert("plan_date", text!("date-odd"));
    }
    if !errors.is_empty() {
        let form = page
            .as_form()
            .with("plan_title", posted.get("plan_title"))
            .with("plan_date", posted.get("plan_date"));
        return Ok(page.show(
            &app,
            &texts,
            &me,
            None,
            (StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
        ));
    }
    let number = page
        .recordings
        .iter()
        .filter_map(|recording| recording.number)
        .max()
        .unwrap_or(0)
        + 1;
    let lock = scan::lock(&app).await?;
    let stem = free_stem(&app, &page.series.folder, number, &title).await?;
    let text = sidecar::edit_recording(None, |said| {
        said.title = Some(title);
        said.number = Some(number);
        said.date = Some(date).filter(|date| !date.is_empty());
    })
    .map_err(Error::internal)?;
    save::write(
        &app,
        &lock,
        &page.series.folder,
        format!("{stem}.toml"),
        text.clone(),
    )
    .await?;
    save::note(
        &app,
        &me,
        "plan",
        format!("series {}", page.series.slug),
        "",
        &text,
    )
    .await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}")),
        Some("done-planned"),
    )
}

/// A name for the files of a new recording that nothing in the folder has yet.
async fn free_stem(app: &App, folder: &str, number: i64, title: &str) -> Result<String> {
    let (library, place) = (app.library.clone(), folder.to_owned());
    let entries = tokio::task::spawn_blocking(move || library.folder(&place))
        .await
        .map_err(Error::internal)??;
    let mut words = id::slug(title);
    words.truncate(80);
    let words = words.trim_matches('-').to_owned();
    let words = if words.is_empty() {
        "bijeenkomst".to_owned()
    } else {
        words
    };
    let stem = format!("{number:02}-{words}");
    let is_free = |stem: &str| {
        !entries
            .iter()
            .any(|entry| entry.name.starts_with(&format!("{stem}.")))
    };
    let more = (2u32..).map(|again| format!("{stem}-{again}"));
    std::iter::once(stem.clone())
        .chain(more)
        .find(|stem| is_free(stem))
        .ok_or(Error::NotFound)
}

/// `POST /desk/series/{id}/move`: changes places with the one before or after.
pub async fn reorder(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let here = page
        .recordings
        .iter()
        .position(|recording| recording.public_id.as_str() == posted.get("recording"))
        .ok_or(Error::NotFound)?;
    let there = match posted.get("to") {
        "up" => here.checked_sub(1),
        _ => Some(here + 1).filter(|next| *next < page.recordings.len()),
    };
    if let Some(there) = there {
        // Numbered anew where two have the same number, or none, so that changing places always shows.
        let mut order: Vec<&Recording> = page.recordings.iter().collect();
        order.swap(here, there);
        let mut free: Vec<i64> = page
            .recordings
            .iter()
            .filter_map(|recording| recording.number)
            .collect();
        free.sort_unstable();
        free.dedup();
        if free.len() < order.len() {
            free = (1..=i64::try_from(order.len()).unwrap_or(i64::MAX)).collect();
        }
        let changes = order
            .into_iter()
            .zip(free)
            .filter(|(recording, number)| recording.number != Some(*number))
            .map(|(recording, number)| {
                let change: Change = Box::new(move |said| said.number = Some(number));
                (recording.public_id.clone(), change)
            })
            .collect();
        save::recordings(&app, &me, "reorder", changes).await?;
    }
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}")),
        Some("done-saved"),
    )
}
