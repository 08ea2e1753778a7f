//! The password of a whole series. With one it is in no list, and every page of it asks visitors for it.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::form::act;
use super::posted::Posted;
use super::{frame, links, save};
use crate::app::App;
use crate::error::Result;
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

/// `POST /desk/series/{id}/password`: sets the password of the whole series, or takes it away when it is empty.
pub async fn set_password(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let hash = links::hashed(&app, posted.get("password")).await?;
    save::series(&app, &me, "set password", id, move |said| {
        said.password_hash = hash
    })
    .await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}")),
        Some("done-saved"),
    )
}

/// The section on the page of a series.
pub fn section(texts: &Texts, path: &str, is_locked: bool) -> Markup {
    html! {
        section aria-labelledby="lock" {
            h2 #lock { (texts.t("lock-title")) }
            p { (texts.t(if is_locked { "lock-on" } else { "lock-off" })) }
            form.stack method="post" action=(texts.to(path.to_owned())) {
                div.field {
                    label for="series-password" { (texts.t("lock-password")) }
                    input #series-password type="text" name="password" required maxlength="200" autocomplete="off";
                }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("lock-set")) } }
            }
            @if is_locked { (act(texts, path, "lock-remove", &[("password", "")])) }
        }
    }
}
