//! Removing a recording for good, for an administrator: the file with all its versions, pictures, captions, hand-outs, what is
//! found of it in search and said of it in the log. First the page says what goes and where copies may still be. The address
//! answers "gone" for ever.
//!
//! The order keeps a power cut from undoing it: the folder first says that the id is spent, then the files go, then the rows.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;

use super::frame::{self, Desk};
use super::posted::Posted;
use super::save::{self, Here};
use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::{
    PublicId, address,
    recording::{erase, stored},
};
use crate::error::{Error, Result};
use crate::intake::look;
use crate::intake::scan;
use crate::library::Library;
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
    let files = files(&app, &here).await?;
    let main = html! {
        p.lead { (texts.t_args("erase-sure", &[("title", here.known.said.title.as_str().into())])) }
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
pub async fn erase(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    if posted.get("sure") != "yes" {
        return Err(Error::Refused(text!("erase-not-sure")));
    }
    let here = trashed(&app, &id).await?;
    wipe(&app, &me.coordinator.email, here).await?;
    frame::go(&texts, urls::desk("trash"), Some("done-erased"))
}

/// Wipes what has lain in the trash for longer than the setting says. Answers how many; one that fails stays for the next time.
pub async fn empty_trash(app: &App) -> Result<usize> {
    let days = i64::from(app.config.trash_days);
    if days == 0 {
        return Ok(0);
    }
    let before = app.clock.now() - days * 24 * 60 * 60;
    let old = app
        .db
        .read(move |conn| stored::deleted_before(conn, before))
        .await?;
    let mut wiped = 0;
    for id in old {
        let done = match Here::find(app, &id).await {
            Ok(here) => wipe(app, "trash", here).await,
            Err(problem) => Err(problem),
        };
        match done {
            Ok(()) => wiped += 1,
            Err(problem) => tracing::warn!(%problem, "recording {id} could not be wiped"),
        }
    }
    Ok(wiped)
}

/// Removes everything of a recording. `who`: for the audit list.
async fn wipe(app: &App, who: &str, here: Here) -> Result<()> {
    let public_id = here.known.public_id;
    let lock = scan::lock(app).await?;
    // As it is now that nobody else changes it: it may have been put back, or be gone already.
    let here = Here::find(app, &public_id).await?;
    if !here.known.deleted {
        return Err(Error::Refused(text!("erase-not-trashed")));
    }
    let row = here.known.id;
    let spent = app
        .db
        .read(move |conn| address::of_recording(conn, row))
        .await?;
    save::series_locked(app, &lock, who, "erase", here.series_id, move |said| {
        for id in spent {
            if !said.deleted.contains(&id) {
                said.deleted.push(id);
            }
        }
    })
    .await?;
    let names: Vec<String> = files(app, &here)
        .await?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let (library, folder, drawn) = (app.library.clone(), here.folder.clone(), public_id.clone());
    tokio::task::spawn_blocking(move || remove(&library, &folder, &names, &drawn))
        .await
        .map_err(Error::internal)??;
    let (who, now) = (who.to_owned(), app.clock.now());
    let (place, stem) = (here.folder.clone(), here.known.said.stem.clone());
    app.db
        .write(move |conn| {
            erase::erase(conn, row, &public_id, &place, &stem)?;
            let subject = format!("recording {public_id}");
            audit::note(
                conn,
                &Act {
                    who: &who,
                    act: "erase",
                    subject: &subject,
                    before: None,
                    after: None,
                },
                now,
            )
        })
        .await?;
    // What was freed is overwritten in the file itself, not only in its log.
    app.db.checkpoint().await?;
    scan::scan_folder(app, &lock, &here.folder).await?;
    Ok(())
}

/// The recording of this id, when it lies in the trash.
async fn trashed(app: &App, id: &str) -> Result<Here> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let here = Here::find(app, &id).await?;
    match here.known.deleted {
        true => Ok(here),
        false => Err(Error::Refused(text!("erase-not-trashed"))),
    }
}

/// Names and bytes of all files of the recording in the folder of its series, the sidecar last.
async fn files(app: &App, here: &Here) -> Result<Vec<(String, u64)>> {
    let (library, place, stem) = (
        app.library.clone(),
        here.folder.clone(),
        here.known.said.stem.clone(),
    );
    let listed = tokio::task::spawn_blocking(move || {
        let group = look::group(&library, &place, &stem)?;
        let mut names = group.files();
        if group.has_sidecar {
            names.push(format!("{stem}.toml"));
        }
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            if let Some(there) = library.look(&place, &name)? {
                found.push((name, there.size_bytes));
            }
        }
        Ok(found)
    });
    listed.await.map_err(Error::internal)?
}

/// The files, and the pictures that were drawn from its poster.
fn remove(library: &Library, folder: &str, names: &[String], id: &PublicId) -> Result<()> {
    for name in names {
        library.remove(folder, name)?;
    }
    for kept in library.versions(folder, id)? {
        library.remove_version(folder, id, &kept)?;
    }
    library.keep_pictures(id.as_str(), "none of them")
}
