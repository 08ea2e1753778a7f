//! Removing a recording for good, for an administrator: the file with all its versions, pictures, captions, hand-outs, what is
//! found of it in search and said of it in the log. First the page says what goes and where copies may still be. The address
//! answers "gone" for ever.
//!

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::archive::{Current, erase};
use crate::catalogue::PublicId;
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::Posted;
use crate::error::{Error, Result};
use crate::text;
use crate::web::sign_in::Administrator;
use crate::web::{Texts, format, urls};

/// `GET /desk/recordings/{id}/erase`: what would go.
pub async fn ask(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let here = trashed(&app, &id).await?;
    let (folder, stem) = (here.folder.clone(), here.known.said.stem.clone());
    let files = app
        .library
        .run(move |library| erase::files(library, &folder, &stem))
        .await?;
    let main = html! {
        p.lead { (texts.t_args("erase-sure", &[("title", here.known.said.metadata.title().into())])) }
        ul.plain-list { @for (name, size) in &files { li { span { (name) } span { (format::size(texts.lang(), *size)) } } } }
        p { (texts.t("erase-also")) }
        p { strong { (texts.t("erase-backups")) } }
        form.stack method="post" action=(texts.to(urls::desk(&format!("recordings/{}/erase", here.known.public_id)))) {
            label.field data-kind="check" { input type="checkbox" name="sure" value="yes" required autocomplete="off"; " " (texts.t("erase-understood")) }
            p.actions {
                button.button type="submit" { (texts.t("erase-button")) }
                a.button data-kind="quiet" href=(texts.to(urls::desk("trash"))) { (texts.t("bulk-not")) }
            }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "trash",
        title: texts.t("erase-title"),
        done: None,
    };
    Ok(desk.show(&main))
}

/// `POST /desk/recordings/{id}/erase`
pub async fn wipe(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    if posted.get("sure") != "yes" {
        return Err(Error::Refused(text!("erase-not-sure")));
    }
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    erase::wipe(&app, &me.coordinator.email, &id).await?;
    layout::go(&texts, urls::desk("trash"), Some("done-erased"))
}

/// The recording of this id, when it lies in the trash.
async fn trashed(app: &App, id: &str) -> Result<Current> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let here = Current::find(app, &id).await?;
    match here.known.deleted {
        true => Ok(here),
        false => Err(Error::Refused(text!("erase-not-trashed"))),
    }
}
