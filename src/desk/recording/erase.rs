//! Erases a recording for good, for administrators: the file with all versions, pictures, captions, hand-outs, its search entries
//! and its values in the audit list. The page first shows what will be erased and where copies may remain. The address answers 410
//! for ever.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::archive::{Current, erase};
use crate::catalogue::PublicId;
use crate::catalogue::name::of_file;
use crate::desk::kit::{Administrator, Page, Posted};
use crate::error::{Error, Result};
use crate::text;
use crate::web::components::name;
use crate::web::{format, urls};

/// `GET /desk/recordings/{id}/erase`: shows what will be erased.
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
        ul.plain-list { @for (file, size) in &files { li { span { (name(&of_file(file))) } span { (format::size(texts.lang(), *size)) } } } }
        p { (texts.t("erase-also")) }
        p { strong { (texts.t("erase-backups")) } }
        form.stack method="post" action=(texts.to(urls::desk(&format!("recordings/{}/erase", current.stored.public_id)))) {
            label.ticked { input type="checkbox" name="sure" value="yes" required autocomplete="off"; " " (texts.t("erase-understood")) }
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
    let done = match erase::wipe(&context.app, context.email(), &id).await? {
        true => "done-erased",
        false => "done-erased-purging",
    };
    context.go(urls::desk("trash"), done)
}

/// The recording with this id, when it is in the trash.
async fn trashed(app: &App, id: &str) -> Result<Current> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let current = Current::find(app, &id).await?;
    match current.stored.deleted {
        true => Ok(current),
        false => Err(Error::Refused(text!("erase-not-trashed"))),
    }
}
