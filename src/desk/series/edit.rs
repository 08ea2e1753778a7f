//! `/desk/series/{id}/about`: the metadata of a series.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::series::metadata::{
    DESCRIBED, DESCRIPTION, LANGUAGE, Metadata, ORDER, ORGANISER, TITLE,
};
use crate::desk::kit::fields::{FieldsForm, Scope};
use crate::desk::kit::{Context, Errors, FormState, Posted, Tab, form};
use crate::desk::series::page::SeriesPage;
use crate::desk::series::remove;
use crate::error::Result;

/// How many fields have a fixed place on the page; the others follow.
const LAID_OUT: usize = 5;

/// `GET /desk/series/{id}/about`
pub async fn show(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let page = SeriesPage::load(&context, id).await?;
    let state = FormState::filled(page.form(&context.app).filled);
    Ok(page.show(&context, &state))
}

/// `POST /desk/series/{id}/about`
pub async fn save(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let (archive, page) = SeriesPage::locked(&context, id).await?;
    let (form, mut errors) = (page.form(&context.app), Errors::new());
    let typed = form.parse(&posted, &mut errors);
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(page.show(&context, &state));
    }
    if form.is_conflict(&posted) || !posted.has("base") {
        let state = form.by_another(&context.texts, posted);
        return Ok(page.show(&context, &state));
    }
    if form.is_untouched(&posted) {
        return context.go(page.path(Tab::About.path()), "done-saved");
    }
    let change = page.current.edited("edit", move |sidecar| {
        form.change(&mut sidecar.metadata, &typed);
    })?;
    archive.commit(vec![change]).await?;
    context.go(page.path(Tab::About.path()), "done-saved")
}

impl SeriesPage {
    /// The fields of the page.
    fn form(&self, app: &App) -> FieldsForm<Metadata> {
        let now = self.series.metadata.clone();
        FieldsForm::of(DESCRIBED, now, &self.current.base(), Scope::of(app))
    }

    fn show(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let main = html! {
            (form.summary(&form::labels(DESCRIBED)))
            form.stack method="post" action=(texts.to(self.path(Tab::About.path()))) data-guard {
                input type="hidden" name="base" value=(state.posted.get("base"));
                (form.was(&self.form(&context.app).filled))
                (form.field(&TITLE))
                (form.field(&ORGANISER))
                (form.field(&DESCRIPTION))
                div.pair { (form.field(&LANGUAGE)) (form.field(&ORDER)) }
                // The following choices apply to all recordings of the series, so their number is shown first.
                p.field-help { (texts.t_args("series-goes-for", &[("count", self.count.into())])) }
                @for field in DESCRIBED.iter().skip(LAID_OUT) { (form.field(field)) }
                p.actions { button.button type="submit" { (texts.t("save")) } }
            }
            (remove::section(texts, self))
        };
        self.framed(context, (Tab::About, state.status), &main)
    }
}
