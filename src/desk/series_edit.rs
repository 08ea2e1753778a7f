//! `/desk/series/{id}`: what a series says about itself, the order of its recordings, recordings planned ahead, and who may
//! see all of it.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::form::{Field, Form, act, field, helped};
use super::frame::{self, Desk};
use super::links;
use super::posted::{Errors, Posted};
use super::recording_edit;
use super::recording_visibility::{self, CHOICES};
use super::save::{self, Change};
use super::series_lock;
use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::recording::{self, Recording, Visibility};
use crate::catalogue::series::{self, Series};
use crate::error::{Error, Result};
use crate::sidecar::{LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, RecordingSidecar};
use crate::text;
use crate::web::components::state_name;
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

const TITLE: Field<'_> = field("title", "series-name");
const ORGANISER: Field<'_> = field("organiser", "series-organiser");
const DESCRIPTION: Field<'_> = helped(
    "description",
    "recording-description",
    "recording-description-help",
);
const LANGUAGE: Field<'_> = helped("language", "recording-language", "recording-language-help");
const ORDER: Field<'_> = helped("order", "series-order", "series-order-help");
const VISIBILITY: Field<'_> = helped("visibility", "series-visibility", "series-visibility-help");
const PLAN_TITLE: Field<'_> = field("plan_title", "recording-title");
const PLAN_DATE: Field<'_> = field("plan_date", "recording-date");
const FIELDS: [Field<'_>; 8] = [
    TITLE,
    ORGANISER,
    DESCRIPTION,
    LANGUAGE,
    ORDER,
    VISIBILITY,
    PLAN_TITLE,
    PLAN_DATE,
];

/// The names under which a browser sends what the series says about itself.
const SENT: [&str; 6] = [
    "title",
    "organiser",
    "description",
    "language",
    "order",
    "visibility",
];

/// `GET /desk/series/{id}`
pub async fn show(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let posted = page.as_form();
    let done = frame::done(&texts, query.as_deref());
    Ok(page.show(
        &app,
        &texts,
        &me,
        done,
        (StatusCode::OK, &posted, &Errors::new()),
    ))
}

/// `POST /desk/series/{id}`
pub async fn save(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let mut errors = Errors::new();
    let title = posted.needed("title", LONGEST_LINE_CHARS, &mut errors);
    let organiser = posted.line("organiser", LONGEST_LINE_CHARS, &mut errors);
    let description = posted.lines("description", LONGEST_PROSE_CHARS, &mut errors);
    let language = posted.line("language", 35, &mut errors).to_lowercase();
    let order = posted.line("order", 6, &mut errors);
    if crate::intake::name::language(&language).is_none() {
        errors.insert("language", text!("language-odd"));
    }
    if !order.is_empty() && order.parse::<i64>().is_err() {
        errors.insert("order", text!("number-odd"));
    }
    let visibility = Visibility::parse(posted.get("visibility"));
    if !errors.is_empty() {
        return Ok(page.show(
            &app,
            &texts,
            &me,
            None,
            (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors),
        ));
    }
    // Two at once: who comes second is shown the page as it is now, with what they typed in it.
    if posted.get("base") != page.base() {
        let posted = posted
            .untouched_as(&page.as_form(), &SENT)
            .with("base", &page.base());
        let done = Some(texts.t("saved-by-another"));
        let errors = page.differences(&posted);
        return Ok(page.show(
            &app,
            &texts,
            &me,
            done,
            (StatusCode::CONFLICT, &posted, &errors),
        ));
    }
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    save::series(&app, &me, "edit", id, move |said| {
        said.title = some(title);
        said.organiser = some(organiser);
        said.description = some(description);
        said.language = some(language);
        said.order = order.parse().ok();
        said.visibility = visibility;
    })
    .await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}")),
        Some("done-saved"),
    )
}

/// `POST /desk/series/{id}/all`: publishes or withdraws every recording of it.
pub async fn show_all(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let visibility = Visibility::parse(posted.get("visibility"))
        .ok_or(Error::Refused(text!("form-unreadable")))?;
    save::series(&app, &me, "set visibility of all", id, move |said| {
        said.visibility = Some(visibility)
    })
    .await?;
    // Those that say for themselves say the same from now on.
    let same = |said: &mut RecordingSidecar, visibility| {
        if said.visibility.is_some() {
            said.visibility = Some(visibility);
        }
    };
    let changes = page
        .recordings
        .iter()
        .map(|recording| {
            let change: Change = Box::new(move |said| same(said, visibility));
            (recording.public_id.clone(), change)
        })
        .collect();
    save::recordings(&app, &me, "set visibility", changes).await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}")),
        Some("done-saved"),
    )
}

/// What the page shows.
pub struct SeriesPage {
    pub series: Series,
    pub recordings: Vec<Recording>,
    links: Vec<Link>,
}

impl SeriesPage {
    /// Loads what is there now.
    pub async fn load(app: &App, id: i64) -> Result<Self> {
        let viewer = Viewer::coordinator(app.clock.now());
        app.db
            .read(move |conn| {
                Ok(Self {
                    series: series::by_id(conn, id)?,
                    recordings: recording::of_series(conn, &viewer, id)?,
                    links: link::of(conn, Target::Series(id))?,
                })
            })
            .await
    }

    /// The form as it is filled in at first.
    pub fn as_form(&self) -> Posted {
        let series = &self.series;
        Posted::of([
            ("base", self.base()),
            ("title", series.title.clone()),
            ("organiser", series.organiser.clone().unwrap_or_default()),
            (
                "description",
                series
                    .description
                    .clone()
                    .unwrap_or_default()
                    .trim_end()
                    .to_owned(),
            ),
            ("language", series.language.clone()),
            (
                "order",
                series
                    .position
                    .map(|order| order.to_string())
                    .unwrap_or_default(),
            ),
            (
                "visibility",
                series
                    .visibility
                    .map(|it| it.as_str().to_owned())
                    .unwrap_or_default(),
            ),
        ])
    }

    /// Names what is there now.
    fn base(&self) -> String {
        let series = &self.series;
        let said = format!(
            "{:?}",
            (
                &series.title,
                &series.organiser,
                &series.description,
                &series.language,
                series.position,
                series.visibility
            )
        );
        blake3::hash(said.as_bytes()).to_hex()[..16].to_owned()
    }

    fn differences(&self, posted: &Posted) -> Errors {
        let now = self.as_form();
        SENT.into_iter()
            .filter(|name| posted.get(name).trim_end() != now.get(name))
            .map(|name| (name, text!("field-changed", now = now.get(name).to_owned())))
            .collect()
    }

    /// The page.
    pub fn show(
        &self,
        app: &App,
        texts: &Texts,
        me: &Me,
        done: Option<String>,
        (status, posted, errors): (StatusCode, &Posted, &Errors),
    ) -> Response {
        let form = Form {
            texts,
            posted,
            errors,
        };
        let path = |rest: &str| urls::desk(&format!("series/{}{rest}", self.series.id));
        let mut choices = vec![(String::new(), texts.t("series-visibility-setting"))];
        choices.extend(
            CHOICES.map(|(visibility, label)| (visibility.as_str().to_owned(), texts.t(label))),
        );
        let main = html! {
            @if !self.recordings.is_empty() {
                p.facts-line { a href=(texts.to(urls::series(&self.series.slug))) { (texts.t("to-page")) } }
            }
            (form.summary(&FIELDS))
            section aria-labelledby="recordings" {
                h2 #recordings { (texts.t("series-recordings-title")) }
                @if self.recordings.is_empty() { p { (texts.t("series-empty")) } }
                ol.desk-rows { @for recording in &self.recordings { li data-state=(state_name(recording.state)) { (self.recording(texts, recording)) } } }
                div.acts {
                    (act(texts, &path("/all"), "series-publish", &[("visibility", "public")]))
                    (act(texts, &path("/all"), "series-withdraw", &[("visibility", "withdrawn")]))
                    (act(texts, &path("/all"), "series-draft", &[("visibility", "draft")]))
                }
            }
            section aria-labelledby="plan" {
                h2 #plan { (texts.t("series-plan")) }
                p { (texts.t("series-plan-text")) }
                form.stack method="post" action=(texts.to(path("/plan"))) {
                    (form.input(PLAN_TITLE, "text", Some("off"), true))
                    (form.input(PLAN_DATE, "date", None, false))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("series-plan-button")) } }
                }
            }
            (links::section(app, texts, &path(""), &self.links, None))
            (series_lock::section(texts, &path("/password"), self.series.password_hash.is_some()))
            section aria-labelledby="about" {
                h2 #about { (texts.t("series-about")) }
                form.stack method="post" action=(texts.to(path(""))) data-guard {
                    input type="hidden" name="base" value=(posted.get("base"));
                    input type="hidden" name="was" value=(if posted.has("was") { posted.get("was").to_owned() } else { self.as_form().packed() });
                    (form.input(TITLE, "text", None, true))
                    (form.input(ORGANISER, "text", None, false))
                    (form.area(DESCRIPTION, 6))
                    div.pair { (form.input(LANGUAGE, "text", None, true)) (form.input(ORDER, "number", None, false)) }
                    (form.select(VISIBILITY, &choices))
                    p.actions { button.button type="submit" { (texts.t("save")) } }
                }
            }
        };
        let desk = Desk {
            app,
            texts,
            me,
            place: "series",
            title: self.series.title.clone(),
            done,
        };
        desk.show_with(status, &main)
    }

    fn recording(&self, texts: &Texts, recording: &Recording) -> Markup {
        let moving = urls::desk(&format!("series/{}/move", self.series.id));
        let id = recording.public_id.as_str();
        let label = recording_visibility::label(recording.visibility);
        html! {
            div.words {
                a href=(texts.to(recording_edit::desk(&recording.public_id))) {
                    strong { @if let Some(number) = recording.number { (number) ". " } (recording.title) }
                }
                span {
                    (texts.t(label))
                    @if let Some(date) = &recording.date { " · " (format::date(texts.lang(), date)) }
                    @match recording.state { recording::State::Planned => { " · " (texts.t("planned")) }, recording::State::Missing => { " · " (texts.t("missing")) }, recording::State::Ready => {} }
                }
            }
            div.acts {
                (mover(texts, &moving, "series-up", &recording.title, &[("recording", id), ("to", "up")]))
                (mover(texts, &moving, "series-down", &recording.title, &[("recording", id), ("to", "down")]))
            }
        }
    }
}

/// A button that says of which recording it is.
fn mover(texts: &Texts, action: &str, label: &str, title: &str, fields: &[(&str, &str)]) -> Markup {
    html! {
        form.act method="post" action=(texts.to(action.to_owned())) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.button type="submit" data-kind="quiet" { (texts.t(label)) span.unseen { ": " (title) } }
        }
    }
}
