//! Removing a series: first what that means, then that it is done; and putting it back.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use crate::archive::{self, demonstration};
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::{Context, Page, Posted, Tab, act};
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::web::{Texts, urls};

/// `POST /desk/series/{id}/remove`: removes it, with its recordings to the trash; without `sure` it first says what that means.
pub async fn remove(context: Context, Path(id): Path<i64>, posted: Posted) -> Result<Response> {
    let texts = &context.texts;
    let page = SeriesPage::load(&context, id).await?;
    // Only administrators take the demonstration out, from the list of series.
    if demonstration::is_delivered(&page.series) {
        return Err(Error::NotFound);
    }
    if posted.get("sure") == "yes" {
        let since = rfc_3339(context.now())?;
        archive::remove_series(&context.app, context.email(), id, since).await?;
        return context.go(urls::desk("series"), "done-series-removed");
    }
    let main = html! {
        p.lead { (texts.t_args("series-remove-sure", &[("count", page.count.into())])) }
        p { (texts.t("series-remove-keeps")) }
        form method="post" action=(texts.to(page.path("/remove"))) {
            input type="hidden" name="sure" value="yes";
            p.actions {
                button.button type="submit" { (texts.t("series-remove")) }
                a.button data-kind="quiet" href=(texts.to(page.path(Tab::About.path()))) { (texts.t("bulk-not")) }
            }
        }
    };
    Ok(Page::new("series", page.series.title().to_owned()).with(&context, &main))
}

/// `POST /desk/series/{id}/restore`: puts it back, with what went to the trash with it.
pub async fn restore(context: Context, Path(id): Path<i64>) -> Result<Response> {
    archive::restore_series(&context.app, context.email(), id).await?;
    context.go(urls::desk_series(id), "done-series-restored")
}

/// The section of its page that removes it. The demonstration is taken out from the list of series.
pub fn section(texts: &Texts, page: &SeriesPage) -> Markup {
    html! {
        @if !demonstration::is_delivered(&page.series) {
            section aria-labelledby="remove" {
                h2 #remove { (texts.t("series-remove")) }
                p { (texts.t("series-remove-text")) }
                (act(texts, &page.path("/remove"), "series-remove", "", &[]))
            }
        }
    }
}
