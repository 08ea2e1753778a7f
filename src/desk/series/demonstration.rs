//! Taking the demonstration series out, for administrators: first what that means, then that it is done.

use axum::response::Response;
use maud::html;

use crate::archive::demonstration;
use crate::desk::kit::{Administrator, Page, Posted};
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::urls;

/// `POST /desk/demonstration/remove`: takes it out; without `sure` it first says what that means.
pub async fn remove(Administrator(context): Administrator, posted: Posted) -> Result<Response> {
    let texts = &context.texts;
    let page = |main| Page::new("series", texts.t("demo-title")).with(&context, &main);
    if posted.get("sure") != "yes" {
        return Ok(page(html! {
            p { (texts.t("demo-sure")) }
            form method="post" action=(texts.to(urls::desk("demonstration/remove"))) {
                input type="hidden" name="sure" value="yes";
                p.actions {
                    button.button type="submit" { (texts.t("demo-remove")) }
                    a.button data-kind="quiet" href=(texts.to(urls::desk("series"))) { (texts.t("bulk-not")) }
                }
            }
        }));
    }
    let out = demonstration::take_out(&context.app, context.email()).await?;
    let out = out.ok_or(Error::NotFound)?;
    if out.stayed.is_empty() {
        return context.go(urls::desk("series"), "done-demonstration");
    }
    Ok(page(html! {
        p.done role="status" { (texts.t("done-demonstration")) }
        p { (texts.t("demo-stayed")) }
        ul.plain-list { @for file in &out.stayed { li { (name(file)) } } }
        p.actions { a.button href=(texts.to(urls::desk("series"))) { (texts.t("desk-series")) } }
    }))
}
