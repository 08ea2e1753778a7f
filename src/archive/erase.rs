//! Erases a recording for good: its file with all versions, pictures, captions, hand-outs, its entries in search and its metadata
//! in the audit list. Its addresses answer 410 for ever; those of a recording that nobody ever saw answer as if it never was.
//!
//! The order makes it safe against a power cut: the series file first records that the id is spent, then the files are removed,
//! then the rows, and then the last bytes in the database file (`purge`), of which the rows leave a mark.

use super::purge::purge;
use super::{Archive, Change, Current};
use crate::app::App;
use crate::catalogue::recording::visibility::{self, EverSeen};
use crate::catalogue::recording::{erase, stored};
use crate::catalogue::{PublicId, address};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::list;
use crate::sidecar;
use crate::text;

/// Erases recordings that were in the trash for longer than the setting allows; [`purge`] then finishes all of them at once. Returns
/// how many; a recording that fails is tried again next time.
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
    let archive = Archive::of_recordings(app, actor, std::slice::from_ref(id)).await?;
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

/// The change that removes all of it. `ids`: every id that the recording ever had.
fn removal(current: &Current, ids: Vec<String>, seen: EverSeen) -> Change {
    let (row, id) = (current.stored.id, current.stored.public_id.clone());
    let (folder, stem) = current.place();
    let (folder, stem) = (folder.to_owned(), stem.to_owned());
    let (place, name, public_id) = (folder.clone(), stem.clone(), id);
    let files = move |library: &Library| {
        for (file, _) in files(library, &place, &name)? {
            library.remove(&place, &file)?;
        }
        for kept in library.versions(&place, &public_id)? {
            library.remove_version(&place, &public_id, &kept)?;
        }
        // Pictures rendered from the poster are removed as well.
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
