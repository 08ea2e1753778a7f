//! The versions of a recording's file: one is current, those it replaced are kept aside and can be put back. Addresses of pages,
//! captions, pictures and feeds never change with them; that of the media always does.

use std::io;

use rusqlite::Connection;

use super::scan;
use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::original::{self, Original};
use crate::catalogue::{PublicId, recording::stored};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::text;

/// Puts the current files of a recording among its versions. One that is missing, or was put there before something was cut
/// off, is passed over.
pub fn set_aside(
    library: &Library,
    folder: &str,
    id: &PublicId,
    current: &[Original],
) -> Result<()> {
    for old in current {
        match library.keep_version(folder, &old.place.file, id, &old.version) {
            Err(problem) if is_absent(&problem) => {}
            done => done?,
        }
    }
    Ok(())
}

fn is_absent(problem: &Error) -> bool {
    match problem {
        Error::Internal(cause) => cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::NotFound),
        _ => false,
    }
}

/// The file at a place is the only current one of its recording: addresses of the others lead to it. Answers its row.
pub fn is_current(conn: &Connection, folder: &str, file: &str, now: i64) -> Result<Original> {
    let Some(arrived) = original::at_place(conn, folder, file)? else {
        return Err(Error::internal(format!(
            "{folder}/{file} was not taken over"
        )));
    };
    for old in original::current(conn, arrived.recording_id)? {
        if old.id != arrived.id {
            original::supersede(conn, old.id, now)?;
        }
    }
    Ok(arrived)
}

/// Makes a version that is kept the current one again; the one that was is kept in its place. `who`: for the audit list.
///
/// [`Error::NotFound`] when it is not kept; [`Error::Refused`] when another file has taken its name.
pub async fn put_back(app: &App, who: &str, id: &PublicId, version: &str) -> Result<()> {
    let lock = scan::lock(app).await?;
    let asked = id.clone();
    let found = app.db.read(move |conn| {
        let (row, folder, stem) = stored::place(conn, &asked)?.ok_or(Error::NotFound)?;
        Ok((folder, stem, original::current(conn, row)?))
    });
    let (folder, stem, current) = found.await?;
    let before = current.first().map(|original| original.version.clone());
    let (library, place, id, version) = (
        app.library.clone(),
        folder.clone(),
        id.clone(),
        version.to_owned(),
    );
    let (public_id, wanted) = (id.clone(), version.clone());
    let file = tokio::task::spawn_blocking(move || {
        let kept = library.version_kept(&place, &public_id, &wanted)?;
        let file = format!("{stem}.{}", kept.ending);
        let is_ours = current.iter().any(|original| original.place.file == file);
        // Before anything is moved: a recording must not be left without a file.
        if !is_ours && library.look(&place, &file)?.is_some() {
            return Err(Error::Refused(text!("version-name-taken", file = file)));
        }
        set_aside(&library, &place, &public_id, &current)?;
        library.take_version(&place, &public_id, &kept, &file)?;
        Ok::<_, Error>(file)
    });
    let file = file.await.map_err(Error::internal)??;
    scan::scan_folder(app, &lock, &folder).await?;
    let (who, now) = (who.to_owned(), app.clock.now());
    app.db
        .write(move |conn| {
            is_current(conn, &folder, &file, now)?;
            let act = Act {
                who: &who,
                act: "replace file",
                subject: &format!("recording {id}"),
                before: before.as_deref(),
                after: Some(&version),
            };
            audit::note(conn, &act, now)
        })
        .await
}
