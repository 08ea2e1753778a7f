//! `/desk/series/{id}`: the recordings of a series in order, planned ones included, and a visibility for all of them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::archive::{self, Edit};
use crate::catalogue::recording::{self, Recording, Visibility};
use crate::desk::kit::{Context, Errors, Field, FormState, Posted, Tab, act, field, fields};
use crate::desk::recording::visibility;
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::sidecar::{LONGEST_LINE_CHARS, SeriesSidecar};
use crate::text;
use crate::web::components::name;
use crate::web::components::state_name;
use crate::web::{Texts, format, urls};

const PLAN_TITLE: Field<'_> = field("plan_title", "recording-title");
const PLAN_DATE: Field<'_> = field("plan_date", "recording-date");

/// The visibilities that can be set for all recordings at once, and the key of each button.
const ALL: [(Visibility, &str); 3] = [
    (Visibility::Public, "series-publish"),
    (Visibility::Withdrawn, "series-withdraw"),
    (Visibility::Draft, "series-draft"),
];

/// `GET /desk/series/{id}`
pub async fn show(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let page = SeriesPage::load(&context, id).await?;
    let state = FormState::empty();
    Ok(draw(&context, &page, &state))
}

/// `POST /desk/series/{id}/plan`: plans a recording that is still to be held; its page and address exist at once.
pub async fn plan(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let title = posted.needed("plan_title", LONGEST_LINE_CHARS, &mut errors);
    let date = fields::date(&posted, "plan_date", &mut errors);
    if !errors.is_empty() {
        let page = SeriesPage::load(&context, id).await?;
        let state = FormState::wrong(posted, errors);
        return Ok(draw(&context, &page, &state));
    }
    let (actor, owner) = (context.email(), context.me.coordinator.id);
    let date = Some(date).filter(|date| !date.is_empty());
    archive::plan(&context.app, actor, owner, id, (title, date)).await?;
    context.go(urls::desk_series(id), "done-planned")
}

/// `POST /desk/series/{id}/move`: swaps a recording with its neighbour.
pub async fn reorder(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let page = SeriesPage::load(&context, id).await?;
    let is_meant = |one: &Recording| one.public_id.as_str() == posted.get("recording");
    let at = page.recordings.iter().position(is_meant);
    let at = at.ok_or(Error::NotFound)?;
    let there = match posted.get("to") {
        "up" => at.checked_sub(1),
        _ => Some(at + 1).filter(|next| *next < page.recordings.len()),
    };
    if let Some(there) = there {
        // When two recordings have the same number or none, all are renumbered, so that the swap always has an effect.
        let mut order: Vec<&Recording> = page.recordings.iter().collect();
        order.swap(at, there);
        let numbers = page.recordings.iter().filter_map(|one| one.number);
        let mut free: Vec<i64> = numbers.collect();
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
                let change: Edit = Box::new(move |sidecar| sidecar.number = Some(number));
                (recording.public_id.clone(), change)
            })
            .collect();
        archive::edit_all(&context.app, context.email(), "reorder", changes).await?;
    }
    context.go(urls::desk_series(id), "done-saved")
}

/// `POST /desk/series/{id}/all`: sets the visibility of all recordings; without `sure` it first shows the effect.
pub async fn show_all(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let page = SeriesPage::load(&context, id).await?;
    let visibility = Visibility::parse(posted.get("visibility"))
        .ok_or(Error::Refused(text!("form-unreadable")))?;
    if posted.get("sure") != "yes" {
        return Ok(ask(&context, &page, visibility));
    }
    let actor = context.email();
    let change = move |sidecar: &mut SeriesSidecar| sidecar.visibility = Some(visibility);
    archive::edit_series(&context.app, actor, "set visibility of all", id, change).await?;
    let changes = page.recordings.into_iter().map(|recording| {
        // Recordings that set their own visibility set the new one; the others inherit it.
        let change: Edit =
            Box::new(move |sidecar| sidecar.visibility = sidecar.visibility.map(|_| visibility));
        (recording.public_id, change)
    });
    archive::edit_all(&context.app, actor, "set visibility", changes.collect()).await?;
    context.go(urls::desk_series(id), "done-saved")
}

/// The page that shows the effect of a visibility for all recordings.
fn ask(context: &Context, page: &SeriesPage, visibility: Visibility) -> Response {
    let texts = &context.texts;
    let path = urls::desk_series(page.series.id);
    let recordings = page.recordings.iter();
    let changed: Vec<&Recording> = recordings
        .filter(|one| one.visibility() != visibility)
        .collect();
    let what = texts.t(visibility::label(visibility));
    let main = html! {
        p.lead { (texts.t_args("series-all-sure", &[("count", changed.len().into()), ("what", what.into())])) }
        ul.plain-list {
            @for recording in &changed {
                li { strong { (name(recording.title())) } span { (texts.t(visibility::label(recording.visibility()))) } }
            }
        }
        form method="post" action=(texts.to(format!("{path}/all"))) {
            input type="hidden" name="visibility" value=(visibility.as_str());
            input type="hidden" name="sure" value="yes";
            p.actions {
                button.button type="submit" { (texts.t("bulk-do")) }
                a.button data-kind="quiet" href=(texts.to(path)) { (texts.t("bulk-not")) }
            }
        }
    };
    page.framed(context, (Tab::Recordings, StatusCode::OK), &main)
}

fn draw(context: &Context, page: &SeriesPage, state: &FormState) -> Response {
    let texts = &context.texts;
    let form = state.form(texts);
    let path = urls::desk_series(page.series.id);
    let last = page.recordings.len().saturating_sub(1);
    let main = html! {
        (form.summary(&[PLAN_TITLE, PLAN_DATE]))
        section aria-labelledby="recordings" {
            h2 #recordings { (texts.t("series-recordings-title")) }
            @if page.recordings.is_empty() { p { (texts.t("series-empty")) } }
            @else {
                ol.desk-rows { @for (place, recording) in page.recordings.iter().enumerate() {
                    li data-state=(state_name(recording.state)) {
                        (words(texts, recording))
                        div.acts {
                            @for (is_there, label, to) in [(place > 0, "series-up", "up"), (place < last, "series-down", "down")] {
                                @if is_there { (act(texts, &format!("{path}/move"), label, recording.title(), &[("recording", recording.public_id.as_str()), ("to", to)])) }
                            }
                        }
                    }
                } }
                div.acts { @for (visibility, label) in ALL { (act(texts, &format!("{path}/all"), label, "", &[("visibility", visibility.as_str())])) } }
            }
        }
        section aria-labelledby="plan" {
            h2 #plan { (texts.t("series-plan")) }
            p { (texts.t("series-plan-text")) }
            form.stack method="post" action=(texts.to(format!("{path}/plan"))) data-guard {
                (form.input(PLAN_TITLE, "text", Some("off"), true))
                (form.input(PLAN_DATE, "date", None, false))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("series-plan-button")) } }
            }
        }
    };
    page.framed(context, (Tab::Recordings, state.status), &main)
}

fn words(texts: &Texts, recording: &Recording) -> Markup {
    html! {
        div.words {
            a href=(texts.to(urls::desk_recording(&recording.public_id))) {
                strong { @if let Some(number) = recording.number { (number) ". " } (name(recording.title())) }
            }
            span {
                (texts.t(visibility::label(recording.visibility())))
                @if let Some(date) = &recording.date { " · " (format::date(texts.lang(), date)) }
                @if recording.state != recording::RecordingState::Ready { " · " (texts.t(state_name(recording.state))) }
            }
        }
    }
}
