//! Erases a recording for good: its file with all versions, pictures, captions, hand-outs, its entries in search and its metadata
//! in the audit list. Its addresses answer 410 for ever; those of a recording that nobody ever saw answer as if it never was.
//!
//! The order makes it safe against a power cut: the series file first records that the id is spent, then the files are removed (the
//! description of a move that was cut off before the sidecar, which goes last), then the rows, and then the last bytes in the database file (`purge`), of which the rows leave a mark.

use super::purge::purge;
use super::{Archive, Change, Current, moving};
use crate::app::App;
use crate::catalogue::recording::visibility::{self, EverSeen};
use crate::catalogue::recording::{erase, stored};
use crate::catalogue::{PublicId, address};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::list;
use crate::scan::moves::tell;
use crate::sidecar;
use crate::text;

/// Erases recordings that were in the trash for longer than the setting allows; the [`purge`] that
/// follows finishes all of them at once. Returns how many; a recording that fails is tried again next time.
pub async fn empty_trash(app: &App) -> Result<usize> {
    let Some(before) = app.trashed_before() else {
        return Ok(0);
    };
    let old = app
        .db
        .read(move |conn| stored::deleted_before(conn, before))
        .await?;
    let mut wiped = 0;
    for id in old {
        match remove(app, "trash", &id).await {
            Ok(()) => wiped += 1,
            Err(problem) => tracing::warn!(%problem, "recording {id} could not be wiped"),
        }
    }
    Ok(wiped)
}

/// Erases a recording. `actor`: for the audit list. Returns whether nothing of it is left in the database file either; otherwise
/// [`purge`] goes on with that later.
///
/// [`Error::Refused`] when the recording is not in the trash.
pub async fn wipe(app: &App, actor: &str, id: &PublicId) -> Result<bool> {
    remove(app, actor, id).await?;
    match purge(app).await {
        Ok(is_finished) => Ok(is_finished),
        Err(problem) => {
            tracing::warn!(%problem, "the database file could not be written anew after a wipe");
            Ok(false)
        }
    }
}

/// Removes the files and the rows of a recording in the trash.
async fn remove(app: &App, actor: &str, id: &PublicId) -> Result<()> {
    let archive = locked(app, actor, id).await?;
    let current = archive.recording(id).await?;
    if !current.stored.deleted {
        return Err(Error::Refused(text!("erase-not-trashed")));
    }
    let row = current.stored.id;
    let now = app.clock.now();
    let found = app.db.read(move |conn| {
        Ok((
            address::of_recording(conn, row)?,
            visibility::ever_seen(conn, row, now)?,
        ))
    });
    let (spent, seen) = found.await?;
    let (ids, mut changes) = (spent.clone(), Vec::new());
    if seen.by_visitors {
        let series = archive.series(current.stored.series_id).await?;
        changes.push(series.edited("erase", move |sidecar| {
            for id in spent {
                if !sidecar.deleted.contains(&id) {
                    sidecar.deleted.push(id);
                }
            }
        })?);
    }
    changes.push(removal(&current, ids, seen));
    archive.commit(changes).await.map(drop)
}

/// Locks the series of a recording, and those between which it was being moved. That move is completed first; one that cannot be
/// does not keep the recording from being erased at both its ends.
async fn locked(app: &App, actor: &str, id: &PublicId) -> Result<Archive> {
    let wanted = [id.clone()];
    let found = app.db.read(move |conn| {
        let mut found = stored::with_folders(conn, &wanted)?;
        let (stored, folder) = found.pop().ok_or(Error::NotFound)?;
        Ok((folder, address::of_recording(conn, stored.id)?))
    });
    let (folder, ids) = found.await?;
    let known = ids.clone();
    let moves = app
        .library
        .run(move |library| moving::under_way(library, &known));
    let spots = moves.await?.into_iter().flat_map(|it| [it.from, it.to]);
    let folders = spots.map(|spot| spot.folder).chain([folder]);
    let archive = Archive::of_folders(app, actor, folders).await?;
    if let Err(problem) = moving::complete(app, &archive, ids).await {
        tracing::warn!(%problem, "a move of recording {id}, which is being wiped, could not be completed");
    }
    Ok(archive)
}

/// The change that removes all of it. `ids`: every id that the recording ever had.
fn removal(current: &Current, ids: Vec<String>, seen: EverSeen) -> Change {
    let (row, id) = (current.stored.id, current.stored.public_id.clone());
    let (folder, stem) = current.place();
    let (folder, stem) = (folder.to_owned(), stem.to_owned());
    let (place, name, public_id) = (folder.clone(), stem.clone(), id);
    let known = ids.clone();
    let files = move |library: &Library| {
        let last = sidecar::file_of(&name);
        // Listed while the sidecar is there, which may name a file of another stem.
        let own = files(library, &place, &name)?;
        for what in moving::under_way(library, &known)? {
            library.erase_move(&what, (&place, &last), tell)?;
        }
        // The description of a move holds the words of the sidecar, also one that cannot be read.
        for id in &known {
            library.forget_move(id)?;
        }
        for (file, _) in own {
            library.remove(&place, &file)?;
        }
        for kept in library.versions(&place, &public_id)? {
            library.remove_version(&place, &public_id, &kept)?;
        }
        // What was made of it is removed as well.
        library.erase_renditions(public_id.as_str())?;
        library.keep_pictures(public_id.as_str(), "none of them")
    };
    Change::of_recording("erase", current.subject(), current.place(), files)
        .making_room()
        .with_rows(move |conn| {
            if !seen.by_visitors {
                address::forget_recording(conn, row, !seen.by_holders)?;
            }
            erase::erase(conn, row, &ids, &format!("{folder}/{stem}"))
        })
}

/// Names and sizes in bytes of all files of a recording in its series folder, the sidecar last.
pub fn files(library: &Library, folder: &str, stem: &str) -> Result<Vec<(String, u64)>> {
    let mut names = list::all_files(library, folder, stem)?;
    names.push(sidecar::file_of(stem));
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        if let Some(there) = library.stat(folder, &name)? {
            found.push((name, there.size_bytes));
        }
    }
    Ok(found)
}
