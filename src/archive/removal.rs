//! Removes a series with all that it holds, and puts it back. Its folder and its `series.toml` stay, so that its address is never given
//! to another.

use super::{Archive, Change};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::field::Moment;
use crate::catalogue::series::{self, removed};
use crate::error::{Error, Result};

/// Removes a series; its recordings go to the trash. `actor`: for the audit list. `since`: the moment in RFC 3339.
pub async fn remove_series(app: &App, actor: &str, id: i64, since: String) -> Result<()> {
    let archive = Archive::of_series(app, actor, id).await?;
    let series = archive.series(id).await?;
    let mut changes = recordings(&archive, id, None, ("delete", Some(since.clone()))).await?;
    changes.push(series.edited("remove", |sidecar| {
        sidecar.removed = Some(Moment::written(since));
    })?);
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

/// Puts a recording back from the trash. A removed series that holds it is back as well, and stays when the recording goes again.
pub async fn restore_recording(app: &App, actor: &str, id: &PublicId) -> Result<()> {
    let archive = Archive::of_recordings(app, actor, std::slice::from_ref(id)).await?;
    let current = archive.recording(id).await?;
    let series = current.stored.series_id;
    let mut changes = vec![current.edited("restore", |sidecar| sidecar.deleted = None)?];
    // The file of a series that was not removed is left alone: a recording comes back beside one that cannot be read, too.
    let found = app.db.read(move |conn| series::by_id(conn, series));
    if found.await?.removed.is_some() {
        let series = archive.series(series).await?;
        changes.push(series.edited("restore", |sidecar| sidecar.removed = None)?);
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
