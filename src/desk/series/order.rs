//! `/desk/series/{id}`: the recordings of a series in order, planned ones included, and a visibility for all of them.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::archive::{self, Edit};
use crate::catalogue::PublicId;
use crate::catalogue::recording::order::{self, Shown};
use crate::catalogue::recording::{self, Recording, Visibility};
use crate::catalogue::slice::{Cursor, PAGE, Slice};
use crate::catalogue::source::{self, Unplayable};
use crate::desk::kit::published::DONE;
use crate::desk::kit::{Context, Errors, Field, FormState, Posted, Tab, act, field, fields};
use crate::desk::recording::visibility;
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::sidecar::{LONGEST_LINE_CHARS, SeriesSidecar};
use crate::text;
use crate::web::components::name;
use crate::web::components::state_name;
use crate::web::{Texts, format, parts, plays, urls};

const PLAN_TITLE: Field<'_> = field("plan_title", "recording-title");
const PLAN_DATE: Field<'_> = field("plan_date", "recording-date");

/// The visibilities that can be set for all recordings at once, and the key of each button.
const ALL: [(Visibility, &str); 3] = [
    (Visibility::Public, "series-publish"),
    (Visibility::Withdrawn, "series-withdraw"),
    (Visibility::Draft, "series-draft"),
];

/// `GET /desk/series/{id}`, with `?after=` or `?before=` the recording on which the part of the list borders.
pub async fn show(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let page = OrderPage::load(&context, id).await?;
    let state = FormState::empty();
    Ok(page.draw(&context, &state))
}

/// `POST /desk/series/{id}/plan`: plans a recording that is still to be held; its page and address exist at once.
pub async fn plan(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let title = posted.needed("plan_title", LONGEST_LINE_CHARS, &mut errors);
    let date = fields::date(&posted, "plan_date", &mut errors);
    if !errors.is_empty() {
        let page = OrderPage::load(&context, id).await?;
        let state = FormState::wrong(posted, errors);
        return Ok(page.draw(&context, &state));
    }
    let (actor, owner) = (context.email(), context.me.coordinator.id);
    let date = Some(date).filter(|date| !date.is_empty());
    archive::plan(&context.app, actor, owner, id, (title, date)).await?;
    context.go(urls::desk_series(id), "done-planned")
}

/// `POST /desk/series/{id}/move`: swaps a recording with its neighbour.
pub async fn reorder(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let viewer = context.viewer();
    let all = move |conn: &Connection, _| order::numbers(conn, &viewer, id);
    let recordings = SeriesPage::load_with(&context, id, all).await?;
    let is_meant = |(one, _): &(PublicId, _)| one.as_str() == posted.get("recording");
    let at = recordings.iter().position(is_meant);
    let at = at.ok_or(Error::NotFound)?;
    let there = match posted.get("to") {
        "up" => at.checked_sub(1),
        _ => Some(at + 1).filter(|next| *next < recordings.len()),
    };
    if let Some(there) = there {
        // When two recordings have the same number or none, all are renumbered, so that the swap always has an effect.
        let mut order = recordings.clone();
        order.swap(at, there);
        let numbers = recordings.iter().filter_map(|(_, number)| *number);
        let mut free: Vec<i64> = numbers.collect();
        free.sort_unstable();
        free.dedup();
        if free.len() < order.len() {
            free = (1..=i64::try_from(order.len()).unwrap_or(i64::MAX)).collect();
        }
        let changes = order
            .into_iter()
            .zip(free)
            .filter(|((_, before), number)| *before != Some(*number))
            .map(|((recording, _), number)| {
                let change: Edit = Box::new(move |sidecar| sidecar.number = Some(number));
                (recording, change)
            })
            .collect();
        archive::edit_all(&context.app, context.email(), "reorder", changes).await?;
    }
    let cursor = parts::cursor(Some(&posted.packed()));
    context.go(
        parts::address(&urls::desk_series(id), &cursor),
        "done-saved",
    )
}

/// `POST /desk/series/{id}/all`: sets the visibility of all recordings; without `sure` it first shows the effect.
pub async fn show_all(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let viewer = context.viewer();
    let all = move |conn: &Connection, page| {
        let recordings = recording::of_series(conn, &viewer, id)?;
        let rows: Vec<i64> = recordings.iter().map(|one| one.id).collect();
        Ok((page, recordings, source::unplayable(conn, &rows)?))
    };
    let (page, recordings, unplayable) = SeriesPage::load_with(&context, id, all).await?;
    let visibility = Visibility::parse(posted.get("visibility"))
        .ok_or(Error::Refused(text!("form-unreadable")))?;
    if posted.get("sure") != "yes" {
        return Ok(ask(&context, &page, (&recordings, &unplayable), visibility));
    }
    let actor = context.email();
    let change = move |sidecar: &mut SeriesSidecar| sidecar.visibility = Some(visibility);
    archive::edit_series(&context.app, actor, "set visibility of all", id, change).await?;
    let changes = recordings.into_iter().map(|recording| {
        // Recordings that set their own visibility set the new one; the others inherit it.
        let change: Edit = Box::new(move |sidecar| {
            let own = sidecar.visibility.map(|_| visibility);
            sidecar.set_visibility(own);
        });
        (recording.public_id, change)
    });
    archive::edit_all(&context.app, actor, "set visibility", changes.collect()).await?;
    let done = match visibility {
        Visibility::Public => DONE,
        _ => "done-saved",
    };
    context.go(urls::desk_series(id), done)
}

/// The page that shows the effect of a visibility for all recordings.
fn ask(
    context: &Context,
    page: &SeriesPage,
    (recordings, unplayable): (&[Recording], &HashMap<i64, Unplayable>),
    visibility: Visibility,
) -> Response {
    let texts = &context.texts;
    let path = urls::desk_series(page.series.id);
    let changed: Vec<&Recording> = recordings
        .iter()
        .filter(|one| one.visibility() != visibility)
        .collect();
    // What visitors will not see need not play.
    let told = |one: &Recording| {
        unplayable
            .get(&one.id)
            .filter(|_| visibility.is_for_visitors())
    };
    let count = changed.iter().filter(|one| told(one).is_some()).count();
    let what = texts.t(visibility::label(visibility));
    let main = html! {
        p.lead { (texts.t_args("series-all-sure", &[("count", changed.len().into()), ("what", what.into())])) }
        @if count > 0 { p.notice role="note" { (texts.t_args("plays-count", &[("count", count.into())])) } }
        ul.plain-list {
            @for recording in changed.iter().take(PAGE) {
                li {
                    strong { (name(recording.title())) }
                    span { (texts.t(visibility::label(recording.visibility()))) }
                    @if let Some(why) = told(recording) { span.field-error { (plays::sentence(texts, why)) } }
                }
            }
            @if changed.len() > PAGE { li { (texts.t_args("and-more", &[("count", (changed.len() - PAGE).into())])) } }
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

/// The content of the page.
struct OrderPage {
    page: SeriesPage,
    cursor: Cursor,
    recordings: Slice<Recording>,
    /// How many recordings precede these.
    before: u32,
}

impl OrderPage {
    async fn load(context: &Context, id: i64) -> Result<Self> {
        let (viewer, cursor) = (context.viewer(), parts::cursor(context.query()));
        let whole = move |conn: &Connection, page| {
            let recordings = order::slice(conn, &viewer, (id, Shown::All), &cursor, PAGE)?;
            let before = match recordings.items.first() {
                Some(first) if recordings.has_before => order::count_before(conn, &viewer, first)?,
                _ => 0,
            };
            Ok(Self {
                page,
                cursor,
                recordings,
                before,
            })
        };
        SeriesPage::load_with(context, id, whole).await
    }

    fn draw(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let path = urls::desk_series(self.page.series.id);
        let main = html! {
            (form.summary(&[PLAN_TITLE, PLAN_DATE]))
            (self.list(texts, &path))
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
        let shown = (Tab::Recordings, state.status);
        self.page.framed(context, shown, &main)
    }

    fn list(&self, texts: &Texts, path: &str) -> Markup {
        let (first, last) = (self.recordings.items.first(), self.recordings.items.last());
        let is_first = |one: &Recording| !self.recordings.has_before && Some(one) == first;
        let is_last = |one: &Recording| !self.recordings.has_after && Some(one) == last;
        let rows = parts::draw(&self.recordings, |one| {
            html! {
                li data-state=(state_name(one.state)) {
                    (words(texts, one))
                    div.acts {
                        @if !is_first(one) { (self.step(texts, path, one, ("series-up", "up"))) }
                        @if !is_last(one) { (self.step(texts, path, one, ("series-down", "down"))) }
                    }
                }
            }
        });
        let before = self.before + rows.lost_before(&self.recordings);
        let range = parts::range(texts, &rows, before, self.page.count);
        html! {
            section aria-labelledby="recordings" {
                h2 #recordings { (texts.t("series-recordings-title")) @if let Some(range) = &range { " " span.range { (range) } } }
                @if rows.items.is_empty() { p { (texts.t("series-empty")) } }
                @else {
                    ol.desk-rows { @for (row, _) in &rows.items { (row) } }
                    (parts::links(texts, &format!("{path}#recordings"), &rows, |(_, one)| one.public_id.to_string()))
                    div.acts { @for (visibility, label) in ALL { (act(texts, &format!("{path}/all"), label, "", &[("visibility", visibility.as_str())])) } }
                }
            }
        }
    }

    /// The button that swaps a recording with its neighbour, and comes back to this part of the list.
    fn step(
        &self,
        texts: &Texts,
        path: &str,
        one: &Recording,
        (label, to): (&str, &str),
    ) -> Markup {
        let mut fields = vec![("recording", one.public_id.as_str()), ("to", to)];
        fields.extend(parts::field(&self.cursor));
        act(texts, &format!("{path}/move"), label, one.title(), &fields)
    }
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
