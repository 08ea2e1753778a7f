//! The versions of a recording's file: one is current, and replaced ones are kept and can be restored. The addresses of pages,
//! captions, pictures and feeds never depend on the version; the address of the media always does.

use rusqlite::Connection;

use super::{Archive, Change};
use crate::app::App;
use crate::catalogue::original::{self, Original};
use crate::catalogue::{PublicId, frame, id, library_file};
use crate::error::{Error, Result};
use crate::library::{self, Library};
use crate::search;
use crate::search::index::Extent;
use crate::text;

/// Moves the current files of a recording to its kept versions. A file that is missing, or was moved before an interruption, is
/// skipped.
pub fn set_aside(
    library: &Library,
    folder: &str,
    id: &PublicId,
    current: &[Original],
) -> Result<()> {
    current
        .iter()
        .try_for_each(|old| library.keep_version(folder, &old.place.file, id, &old.version))
}

/// Makes the file at a place the only current one of its recording, to which the addresses of its other files then lead. Returns
/// its original.
pub fn supersede_others(conn: &Connection, folder: &str, file: &str, now: i64) -> Result<Original> {
    let Some(arrived) = original::at_place(conn, folder, file)? else {
        return Err(Error::internal(format!(
            "{folder}/{file} was not taken over"
        )));
    };
    for old in original::current(conn, arrived.recording_id)? {
        if old.id != arrived.id {
            original::supersede(conn, old.id, now)?;
            frame::delete_of_original(conn, old.id)?;
        }
    }
    // Which cues are for visitors depends on how long its files are.
    search::index::reindex(conn, arrived.recording_id, Extent::All)?;
    Ok(arrived)
}

/// Restores a kept version as the current file, and keeps the current file in its place. `actor`: for the audit list.
///
/// [`Error::NotFound`] when the version is not kept; [`Error::Refused`] when another file has its name.
pub async fn put_back(app: &App, actor: &str, id: &PublicId, version: &str) -> Result<()> {
    let archive = Archive::of_recordings(app, actor, std::slice::from_ref(id)).await?;
    let current = archive.recording(id).await?;
    let row = current.stored.id;
    let originals = app
        .db
        .read(move |conn| original::current(conn, row))
        .await?;
    let before = originals.first().map(|original| original.version.clone());
    let (folder, stem) = current.place();
    let (folder, stem) = (folder.to_owned(), stem.to_owned());
    let (place, public_id, wanted) = (folder.clone(), id.clone(), version.to_owned());
    let found = app.library.run(move |library| {
        let kept = library.version_kept(&place, &public_id, &wanted)?;
        let file = format!("{stem}.{}", kept.ending);
        let is_ours = originals.iter().any(|original| original.place.file == file);
        // The check runs before any file is moved, so that the recording never ends up without a file.
        if !is_ours && library.stat(&place, &file)?.is_some() {
            return Err(Error::Refused(text!("version-name-taken", file = file)));
        }
        // The restored version gets its old address, unless other bytes with the same samples use that address now.
        let is_taken = originals.iter().any(|now| now.version == kept.version);
        let address = match is_taken {
            true => id::version_of(&library::hash(
                &mut library.open_version(&place, &public_id, &kept)?,
            )?),
            false => kept.version.clone(),
        };
        Ok((kept, file, originals, address))
    });
    let (kept, file, originals, address) = found.await?;
    let (place, public_id, name) = (folder.clone(), id.clone(), file.clone());
    let files = move |library: &Library| {
        set_aside(library, &place, &public_id, &originals)?;
        library.take_version(&place, &public_id, &kept, &name)
    };
    let (place, name) = (folder.clone(), file.clone());
    // The file that comes may have the size and time of the one that it replaces, and is read all the same.
    let forgotten = app
        .db
        .write(move |conn| library_file::forget(conn, &place, &name));
    forgotten.await?;
    let now = app.clock.now();
    let change = Change::of_recording("replace file", current.subject(), current.place(), files)
        .saying(before, Some(version.to_owned()))
        .with_rows(move |conn| {
            let arrived = supersede_others(conn, &folder, &file, now)?;
            match arrived.version == address {
                true => Ok(()),
                false => original::set_version(conn, &arrived, &address),
            }
        });
    archive.commit(vec![change]).await.map(drop)
}

/// Removes a kept version for good. `actor`: for the audit list.
///
/// [`Error::NotFound`] when the version is not kept.
pub async fn remove(app: &App, actor: &str, id: &PublicId, version: &str) -> Result<()> {
    let archive = Archive::of_recordings(app, actor, std::slice::from_ref(id)).await?;
    let current = archive.recording(id).await?;
    let (place, public_id, wanted) = (current.folder.clone(), id.clone(), version.to_owned());
    let kept = app
        .library
        .run(move |library| library.version_kept(&place, &public_id, &wanted));
    let kept = kept.await?;
    let (place, public_id) = (current.folder.clone(), id.clone());
    let files = move |library: &Library| library.remove_version(&place, &public_id, &kept);
    let change = Change::of_recording("remove version", current.subject(), current.place(), files)
        .saying(Some(version.to_owned()), None);
    archive.commit(vec![change]).await.map(drop)
}
