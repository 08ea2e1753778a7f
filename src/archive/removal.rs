//! Removes a series with all that it holds, and puts it back. Its folder and its `series.toml` stay, so that its address is never given
//! to another.

use super::{Archive, Change};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::field::Moment;
use crate::catalogue::series::{self, removed};
use crate::error::{Error, Result};

/// Removes a series; its recordings go to the trash. One that was removed and holds nothing outside the trash stays as it is. `actor`:
/// for the audit list. `since`: the moment in RFC 3339.
pub async fn remove_series(app: &App, actor: &str, id: i64, since: String) -> Result<()> {
    let archive = Archive::of_series(app, actor, id).await?;
    let series = archive.series(id).await?;
    let delete = || ("delete", Some(since.clone()));
    let kept = recordings(&archive, id, None, delete()).await?;
    let before = series.series.removed.as_ref().map(|removed| removed.at);
    // What went with an earlier removal, or with one that stopped half-way, comes back with this one.
    let earlier = match before {
        Some(_) if kept.is_empty() => return Ok(()),
        Some(at) => recordings(&archive, id, Some(at), delete()).await?,
        None => Vec::new(),
    };
    // The series is marked first, so that whatever goes to the trash after that is put back with it.
    let mut changes = vec![series.edited("remove", |sidecar| {
        sidecar.removed = Some(Moment::written(since.clone()));
    })?];
    changes.extend(earlier);
    changes.extend(kept);
    archive.commit(changes).await.map(drop)
}

/// Puts a removed series back, with the recordings that went to the trash with it.
///
/// [`Error::NotFound`] when it was not removed.
pub async fn restore_series(app: &App, actor: &str, id: i64) -> Result<()> {
    let archive = Archive::of_series(app, actor, id).await?;
    let series = archive.series(id).await?;
    let removed = series.series.removed.as_ref().ok_or(Error::NotFound)?;
    let mut changes = recordings(&archive, id, Some(removed.at), ("restore", None)).await?;
    changes.push(series.edited("restore", |sidecar| sidecar.removed = None)?);
    archive.commit(changes).await.map(drop)
}

/// Puts a recording back from the trash. A removed series that holds it is at the desk again; with the last one that went to the trash
/// with it, it is no removed one any more.
pub async fn restore_recording(app: &App, actor: &str, id: &PublicId) -> Result<()> {
    let archive = Archive::of_recordings(app, actor, std::slice::from_ref(id)).await?;
    let current = archive.recording(id).await?;
    let series = current.stored.series_id;
    let mut changes = vec![current.edited("restore", |sidecar| sidecar.deleted = None)?];
    let found = app.db.read(
        move |conn| match series::by_id(conn, series)?.removed.as_ref() {
            Some(removed) => removed::recordings(conn, series, Some(removed.at)),
            None => Ok(Vec::new()),
        },
    );
    if found.await?.as_slice() == std::slice::from_ref(id) {
        // A recording comes back beside a series file that cannot be read, too: with it the series is at the desk again.
        let of_series = archive.series(series).await;
        let of_series =
            of_series.and_then(|series| series.edited("restore", |sidecar| sidecar.removed = None));
        match of_series {
            Ok(change) => changes.push(change),
            Err(problem) => {
                tracing::warn!(%problem, "the file of a removed series could not be read")
            }
        }
    }
    archive.commit(changes).await.map(drop)
}

/// The changes that put its recordings into the trash or take them out. `deleted_at`: of which; `act`: the verb for the audit list,
/// and since when they are in the trash.
async fn recordings(
    archive: &Archive,
    id: i64,
    deleted_at: Option<i64>,
    (act, since): (&'static str, Option<String>),
) -> Result<Vec<Change>> {
    let found = archive
        .app
        .db
        .read(move |conn| removed::recordings(conn, id, deleted_at));
    let current = archive.recordings(&found.await?).await?;
    let changes = current.iter().map(|one| {
        let since = since.clone();
        one.edited(act, |sidecar| sidecar.deleted = since)
    });
    changes.collect()
}
