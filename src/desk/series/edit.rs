//! `/desk/series/{id}/about`: what a series says about itself.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::series::metadata::{
    DESCRIBED, DESCRIPTION, LANGUAGE, Metadata, ORDER, ORGANISER, TITLE,
};
use crate::desk::kit::{Context, Errors, FormState, Posted, Tab, fields, form};
use crate::desk::series::page::SeriesPage;
use crate::error::Result;
use crate::web::urls;

/// How many of the fields have a place of their own on the page; those behind them follow.
const LAID_OUT: usize = 5;

/// `GET /desk/series/{id}/about`
pub async fn show(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let page = SeriesPage::load(&context, id).await?;
    let state = FormState::filled(page.as_form(&context.app));
    Ok(page.show(&context, &state))
}

/// `POST /desk/series/{id}/about`
pub async fn save(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let texts = &context.texts;
    let (archive, page) = SeriesPage::locked(&context, id).await?;
    let (scope, mut errors) = (fields::Scope::of(&context.app), Errors::new());
    let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(page.show(&context, &state));
    }
    let (filled, names) = (page.as_form(&context.app), fields::names(DESCRIBED));
    let now = fields::untouched(DESCRIBED, &page.series.metadata, &scope);
    if fields::is_conflict(&names, &posted, &filled) || !posted.has("base") {
        let posted = posted.untouched_as(&filled, &names);
        let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
        let errors = fields::differences(texts, &scope, DESCRIBED, (&typed, &now));
        let state = FormState::by_another(posted, &filled, errors);
        return Ok(page.show(&context, &state));
    }
    let change = page.current.edited("edit", move |sidecar| {
        fields::change(DESCRIBED, &mut sidecar.metadata, &typed, &now);
    })?;
    archive.commit(vec![change]).await?;
    context.go(address(&page), "done-saved")
}

impl SeriesPage {
    /// The form as it is filled in at first.
    fn as_form(&self, app: &App) -> Posted {
        let scope = fields::Scope::of(app);
        fields::fill(DESCRIBED, &self.series.metadata, &scope).and("base", &self.current.base())
    }

    fn show(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let main = html! {
            (form.summary(&form::labels(DESCRIBED)))
            form.stack method="post" action=(texts.to(address(self))) data-guard {
                input type="hidden" name="base" value=(state.posted.get("base"));
                (form.was(&self.as_form(&context.app)))
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
        self.framed(context, (Tab::About, state.status), &main)
    }
}

/// The address of this page.
fn address(page: &SeriesPage) -> String {
    format!("{}/about", urls::desk_series(page.series.id))
}
