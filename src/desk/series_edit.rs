//! `/desk/series/{id}/about`: what a series says about itself.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::form::{Field, Form, field, helped};
use super::frame;
use super::posted::{Errors, Posted};
use super::recording_typed::changed;
use super::recording_visibility::{self, CHOICES};
use super::series_page::{self, SeriesPage, Tab};
use crate::app::App;
use crate::archive::Archive;
use crate::catalogue::recording::Visibility;
use crate::error::Result;
use crate::sidecar::{LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS};
use crate::text;
use crate::web::Texts;
use crate::web::sign_in::Me;

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
const FIELDS: [Field<'_>; 6] = [TITLE, ORGANISER, DESCRIPTION, LANGUAGE, ORDER, VISIBILITY];

/// The names under which a browser sends what the series says about itself.
const SENT: [&str; 6] = [
    "title",
    "organiser",
    "description",
    "language",
    "order",
    "visibility",
];

/// `GET /desk/series/{id}/about`
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
    let shown = (StatusCode::OK, &posted, &Errors::new());
    Ok(page.show((&app, &texts, &me), done, shown))
}

/// `POST /desk/series/{id}/about`
pub async fn save(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    // Compared under the lock: two who save at the same moment must not both be the first.
    let archive = Archive::of_series(&app, &me.coordinator.email, id).await?;
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
        let shown = (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors);
        return Ok(page.show((&app, &texts, &me), None, shown));
    }
    // Two at once: who comes second is shown the page as it is now, with what they typed in it.
    if posted.get("base") != page.base() {
        let posted = posted
            .untouched_as(&page.as_form(), &SENT)
            .with("base", &page.base());
        let mut errors = page.differences(&texts, &posted);
        errors.insert("", text!("saved-by-another"));
        let shown = (StatusCode::CONFLICT, &posted, &errors);
        return Ok(page.show((&app, &texts, &me), None, shown));
    }
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let change = archive.series(id).await?.edited("edit", move |said| {
        said.title = some(title);
        said.organiser = some(organiser);
        said.description = some(description);
        said.language = some(language);
        said.order = order.parse().ok();
        said.visibility = visibility;
    })?;
    archive.commit(vec![change]).await?;
    frame::go(&texts, address(&page), Some("done-saved"))
}

impl SeriesPage {
    /// The form as it is filled in at first.
    pub fn as_form(&self) -> Posted {
        let series = &self.series;
        Posted::of([
            ("base", self.base()),
            ("title", series.title().to_owned()),
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
            ("language", series.language().to_owned()),
            (
                "order",
                series
                    .order
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
                &series.title(),
                &series.organiser,
                &series.description,
                &series.language(),
                series.order,
                series.visibility
            )
        );
        blake3::hash(said.as_bytes()).to_hex()[..16].to_owned()
    }

    fn differences(&self, texts: &Texts, posted: &Posted) -> Errors {
        let now = self.as_form();
        let said = |name: &str| match Visibility::parse(now.get(name)) {
            Some(visibility) => texts.t(recording_visibility::label(visibility)),
            None if name == "visibility" => texts.t("series-visibility-setting"),
            None => now.get(name).to_owned(),
        };
        SENT.into_iter()
            .filter(|name| posted.get(name).trim_end() != now.get(name))
            .map(|name| (name, changed(said(name))))
            .collect()
    }

    fn show(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        done: Option<String>,
        (status, posted, errors): (StatusCode, &Posted, &Errors),
    ) -> Response {
        let form = Form {
            texts,
            posted,
            errors,
        };
        let was = match posted.get("was") {
            "" => self.as_form().packed(),
            was => was.to_owned(),
        };
        let mut choices = vec![(String::new(), texts.t("series-visibility-setting"))];
        choices.extend(
            CHOICES.map(|(visibility, label)| (visibility.as_str().to_owned(), texts.t(label))),
        );
        let main = html! {
            (form.summary(&FIELDS))
            form.stack method="post" action=(texts.to(address(self))) data-guard {
                input type="hidden" name="base" value=(posted.get("base"));
                input type="hidden" name="was" value=(was);
                (form.input(TITLE, "text", None, true))
                (form.input(ORGANISER, "text", None, false))
                (form.area(DESCRIPTION, 6))
                div.pair { (form.input(LANGUAGE, "text", None, true)) (form.input(ORDER, "number", None, false)) }
                (form.select(VISIBILITY, &choices))
                p.actions { button.button type="submit" { (texts.t("save")) } }
            }
        };
        self.framed((app, texts, me), (Tab::About, status), done, &main)
    }
}

/// The address of this page.
fn address(page: &SeriesPage) -> String {
    format!("{}/about", series_page::desk(page.series.id))
}
