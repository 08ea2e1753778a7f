//! Moves recordings to another series: all files of a stem go to another folder, the sidecar last, and the addresses stay. In: ids
//! and target series. Out: changes in the media folder.
//!
//! Each file is renamed, never copied and never over another file. A move is written down before its first file goes; one that is cut
//! off half-way is completed by the next scan, or before the recording is moved again.

use super::{Archive, Change, Current};
use crate::app::App;
use crate::catalogue::{PublicId, recording::stored, series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::moves::{Move, Spot};
use crate::scan::moves::{after_stem, rename, tell};
use crate::scan::rescan::{Changed, rescan};
use crate::scan::{file_name, list, stem};
use crate::sidecar;
use crate::text;

/// Moves each recording to the series with this row id. A recording that is already there stays. `actor`: for the audit list.
///
/// [`Error::Refused`] when one of the folders cannot be written.
pub async fn to_series(app: &App, actor: &str, wanted: Vec<(PublicId, i64)>) -> Result<()> {
    let (ids, rows): (Vec<PublicId>, Vec<i64>) = wanted.into_iter().unzip();
    let (asked, targets) = (ids.clone(), rows.clone());
    let found = app.db.read(move |conn| {
        let series = series::by_ids(conn, &targets)?;
        Ok((stored::with_folders(conn, &asked)?, series))
    });
    let (from, series) = found.await?;
    let to = |row: &i64| series.get(row).map(|series| series.folder.clone());
    let targets = rows.iter().map(to).collect::<Option<Vec<String>>>();
    let targets = targets.ok_or(Error::NotFound)?;
    let folders = from.into_iter().map(|(_, folder)| folder);
    let archive = Archive::of_folders(app, actor, folders.chain(targets.clone())).await?;
    let names = ids.iter().map(ToString::to_string).collect();
    complete(app, &archive, names).await?;
    let found = archive.recordings(&ids).await?;
    let moves = found
        .into_iter()
        .zip(targets)
        .filter(|(current, to)| current.folder != *to);
    let mut changes = Vec::new();
    for (current, to) in moves {
        changes.push(planned(app, current, to).await?);
    }
    archive.commit(changes).await.map(drop)
}

/// The moves of recordings with these ids that were begun and not completed.
pub(super) fn under_way(library: &Library, ids: &[String]) -> Result<Vec<Move>> {
    let mut moves = library.moves_under_way()?;
    moves.retain(|what| ids.contains(&what.id));
    Ok(moves)
}

/// Completes earlier moves of these recordings that were cut off, so that they are not moved under another stem than the rest of
/// their files.
///
/// [`Error::Status`] with 503 when another series has to be locked for it.
pub(super) async fn complete(app: &App, archive: &Archive, ids: Vec<String>) -> Result<()> {
    let folders = archive.folders.clone();
    let completed = app.library.run(move |library| {
        let mut places = Vec::new();
        for what in under_way(library, &ids)? {
            let spots = [&what.to, &what.from];
            if !spots.iter().all(|spot| folders.contains(&spot.folder)) {
                return Err(Error::Status(503, text!("series-busy")));
            }
            library.complete_move(&what, tell)?;
            places.extend(spots.map(|spot| Changed {
                folder: spot.folder.clone(),
                stem: Some(file_name::kind(&spot.sidecar).0.to_owned()),
                row_changes: Vec::new(),
            }));
        }
        Ok(places)
    });
    let places = completed.await?;
    match places.is_empty() {
        true => Ok(()),
        false => rescan(app, places).await.map(drop),
    }
}

/// The change that moves a recording to another folder, under a stem that is free there.
async fn planned(app: &App, current: Current, to: String) -> Result<Change> {
    app.library
        .run(move |library| {
            let (from, stem) = current.place();
            let files = list::all_files(library, from, stem)?;
            // The media file may have a stem of its own, when the sidecar names the file.
            let named = current.sidecar.file.as_deref().unwrap_or_default();
            let other = file_name::kind(named).0.to_owned();
            let new = stem::free_like(&library.names(&to)?, stem);
            let text = current.edited_text(|sidecar| rename(sidecar, (stem, &other), &new))?;
            let (before, after) = (format!("{from}/{stem}"), format!("{to}/{new}"));
            let renamed = |file: String| {
                let rest = after_stem(&file, (stem, &other));
                let after =
                    rest.map_or_else(|| format!("{new}{file}"), |rest| format!("{new}{rest}"));
                (file, after)
            };
            let what = Move {
                id: current.stored.public_id.to_string(),
                from: Spot {
                    folder: from.to_owned(),
                    sidecar: sidecar::file_of(stem),
                    text: current.text().map(str::to_owned),
                },
                to: Spot {
                    folder: to.clone(),
                    sidecar: sidecar::file_of(&new),
                    text: Some(text),
                },
                files: files.into_iter().map(renamed).collect(),
            };
            // The new place is scanned first, so that the recording is never marked as missing.
            Ok(
                Change::of_recording("move", current.subject(), (&to, &new), move |library| {
                    library.make_move(&what, tell)
                })
                .reading(from, stem)
                .saying(Some(before), Some(after)),
            )
        })
        .await
}
