//! Removing a recording for good, for an administrator: the file with all its versions, pictures, captions, hand-outs, what is
//! found of it in search and said of it in the log. First the page says what goes and where copies may still be. The address
//! answers "gone" for ever.
//!

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::archive::{Current, erase};
use crate::catalogue::PublicId;
use crate::desk::kit::{Administrator, Page, Posted};
use crate::error::{Error, Result};
use crate::text;
use crate::web::{format, urls};

/// `GET /desk/recordings/{id}/erase`: what would go.
pub async fn ask(
    Administrator(context): Administrator,
    Path(id): Path<String>,
) -> Result<Response> {
    let texts = &context.texts;
    let current = trashed(&context.app, &id).await?;
    let (folder, stem) = (current.folder.clone(), current.stored.entry.stem.clone());
    let library = &context.app.library;
    let files = library.run(move |library| erase::files(library, &folder, &stem));
    let files = files.await?;
    let main = html! {
        p.lead { (texts.t_args("erase-sure", &[("title", current.stored.entry.metadata.title().into())])) }
        ul.plain-list { @for (name, size) in &files { li { span { (name) } span { (format::size(texts.lang(), *size)) } } } }
        p { (texts.t("erase-also")) }
        p { strong { (texts.t("erase-backups")) } }
        form.stack method="post" action=(texts.to(urls::desk(&format!("recordings/{}/erase", current.stored.public_id)))) {
            label.field data-kind="check" { input type="checkbox" name="sure" value="yes" required autocomplete="off"; " " (texts.t("erase-understood")) }
            p.actions {
                button.button type="submit" { (texts.t("erase-button")) }
                a.button data-kind="quiet" href=(texts.to(urls::desk("trash"))) { (texts.t("bulk-not")) }
            }
        }
    };
    let page = Page::new("trash", texts.t("erase-title"));
    Ok(page.with(&context, &main))
}

/// `POST /desk/recordings/{id}/erase`
pub async fn wipe(
    Administrator(context): Administrator,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    if posted.get("sure") != "yes" {
        return Err(Error::Refused(text!("erase-not-sure")));
    }
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    erase::wipe(&context.app, context.email(), &id).await?;
    context.go(urls::desk("trash"), "done-erased")
}

/// The recording of this id, when it lies in the trash.
async fn trashed(app: &App, id: &str) -> Result<Current> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let current = Current::find(app, &id).await?;
    match current.stored.deleted {
        true => Ok(current),
        false => Err(Error::Refused(text!("erase-not-trashed"))),
    }
}
