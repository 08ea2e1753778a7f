//! `/desk/series/{id}/about`: what a series says about itself.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::series::metadata::{
    DESCRIBED, DESCRIPTION, LANGUAGE, Metadata, ORDER, ORGANISER, TITLE,
};
use crate::desk::kit::fields;
use crate::desk::kit::form::{self, Form};
use crate::desk::kit::layout;
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::recording::page::Shown;
use crate::desk::series::page as series_page;
use crate::desk::series::page::{SeriesPage, Tab};
use crate::error::Result;
use crate::web::Texts;
use crate::web::sign_in::Me;

/// How many of the fields have a place of their own on the page; those behind them follow.
const LAID_OUT: usize = 5;

/// `GET /desk/series/{id}/about`
pub async fn show(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let page = SeriesPage::load(&app, id).await?;
    let done = layout::done(&texts, query.as_deref());
    let shown = Shown::first(page.as_form(&app));
    Ok(page.show((&app, &texts, &me), done, &shown))
}

/// `POST /desk/series/{id}/about`
pub async fn save(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let (archive, page) = SeriesPage::locked(&app, &me, id).await?;
    let (scope, mut errors) = (fields::Scope::of(&app), Errors::new());
    let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
    if !errors.is_empty() {
        let shown = Shown::wrong(posted, errors);
        return Ok(page.show((&app, &texts, &me), None, &shown));
    }
    let (filled, names) = (page.as_form(&app), fields::names(DESCRIBED));
    let now = fields::untouched(DESCRIBED, &page.series.metadata, &scope);
    if fields::is_conflict(&names, &posted, &filled) || !posted.has("base") {
        let posted = posted.untouched_as(&filled, &names);
        let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
        let errors = fields::differences(&texts, &scope, DESCRIBED, (&typed, &now));
        let shown = Shown::by_another(posted, &filled, errors);
        return Ok(page.show((&app, &texts, &me), None, &shown));
    }
    let change = page.current.edited("edit", move |sidecar| {
        fields::change(DESCRIBED, &mut sidecar.metadata, &typed, &now);
    })?;
    archive.commit(vec![change]).await?;
    layout::go(&texts, address(&page), Some("done-saved"))
}

impl SeriesPage {
    /// The form as it is filled in at first.
    fn as_form(&self, app: &App) -> Posted {
        let scope = fields::Scope::of(app);
        fields::fill(DESCRIBED, &self.series.metadata, &scope).and("base", &self.current.base())
    }

    fn show(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        done: Option<String>,
        shown: &Shown,
    ) -> Response {
        let form = Form {
            texts,
            posted: &shown.posted,
            errors: &shown.errors,
        };
        let main = html! {
            (form.summary(&form::labels(DESCRIBED)))
            form.stack method="post" action=(texts.to(address(self))) data-guard {
                input type="hidden" name="base" value=(shown.posted.get("base"));
                (form.was(&self.as_form(app)))
                (form.field(&TITLE))
                (form.field(&ORGANISER))
                (form.field(&DESCRIPTION))
                div.pair { (form.field(&LANGUAGE)) (form.field(&ORDER)) }
                // One choice for many: how many is said before it is made.
                p.field-help { (texts.t_args("series-goes-for", &[("count", self.recordings.len().into())])) }
                @for field in DESCRIBED.iter().skip(LAID_OUT) { (form.field(field)) }
                p.actions { button.button type="submit" { (texts.t("save")) } }
            }
        };
        self.framed((app, texts, me), (Tab::About, shown.status), done, &main)
    }
}

/// The address of this page.
fn address(page: &SeriesPage) -> String {
    format!("{}/about", series_page::desk(page.series.id))
}
