//! The password of a series: with one the series is in no list, and all its pages ask visitors for it.

use maud::{Markup, html};

use crate::desk::kit::{Field, Form, act, field};
use crate::desk::series::page::SeriesPage;
use crate::web::urls;

const PASSWORD: Field<'_> = field("password", "lock-password");

/// The section on the links page of the series.
pub fn section(form: &Form<'_>, page: &SeriesPage) -> Markup {
    let texts = form.texts;
    let path = format!("{}/password", urls::desk_series(page.series.id));
    let is_locked = page.series.password_hash.is_some();
    html! {
        section aria-labelledby="lock" {
            h2 #lock { (texts.t("lock-title")) }
            p { (texts.t(if is_locked { "lock-on" } else { "lock-off" })) }
            form.stack method="post" action=(texts.to(path.clone())) {
                (form.input(PASSWORD, "text", Some("off"), true))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("lock-set")) } }
            }
            @if is_locked { (act(texts, &path, "lock-remove", "", &[("password", "")])) }
        }
    }
}
