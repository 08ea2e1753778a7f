//! The one way this program changes the media folder: lock the series, change its files, read again what was changed, and take
//! that over with its line in the audit list in one transaction. In: what is to be changed and who changes it. Out: the folder and
//! the catalogue say the same, or the sentence what was not done. Desk, command line, uploads and trash all go through here.
//!
//! So nothing is kept in two places, and a crash or a power cut leaves the old text or the new: what was written and not yet noted
//! is noted by the next scan. No lock is held while bytes move, since files are only ever renamed.

mod change;
pub mod erase;
pub mod moving;
pub mod owner;
mod recording;
mod series;
pub mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use change::{Change, difference};
pub use recording::{Current, Edit, edit, edit_all};
pub use series::{CurrentSeries, edit_series, make_series, plan};

use change::perform;

use crate::app::App;
use crate::catalogue::{PublicId, recording::stored, series as catalogue_series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::lock::SeriesLock;
use crate::scan::rescan::{Changed, rescan};
use crate::text;

/// Some series, locked by someone who changes them. Given back when the last copy is dropped.
#[derive(Clone)]
pub struct Archive {
    app: App,
    /// For the audit list: the address of a coordinator, `command line` or `trash`.
    actor: String,
    folders: BTreeSet<String>,
    /// Held, never looked at.
    _locks: Arc<Vec<SeriesLock>>,
}

impl Archive {
    /// Locks the series in these folders, in the order of their names.
    ///
    /// [`Error::Status`] with 503 when that takes too long.
    pub async fn of_folders(
        app: &App,
        actor: &str,
        folders: impl IntoIterator<Item = String>,
    ) -> Result<Self> {
        let folders: BTreeSet<String> = folders.into_iter().collect();
        let locks = app.library.lock(folders.iter().map(String::as_str)).await?;
        Ok(Self {
            app: app.clone(),
            actor: actor.to_owned(),
            folders,
            _locks: Arc::new(locks),
        })
    }

    /// Locks the series of these recordings. [`Error::NotFound`] when one of them is none.
    pub async fn of_recordings(app: &App, actor: &str, ids: &[PublicId]) -> Result<Self> {
        let ids = ids.to_vec();
        let found = app.db.read(move |conn| stored::with_folders(conn, &ids));
        let folders = found.await?.into_iter().map(|(_, folder)| folder);
        Self::of_folders(app, actor, folders).await
    }

    /// Locks the series of this row.
    pub async fn of_series(app: &App, actor: &str, id: i64) -> Result<Self> {
        let found = app.db.read(move |conn| catalogue_series::by_id(conn, id));
        let folder = found.await?.folder;
        Self::of_folders(app, actor, [folder]).await
    }

    /// A recording as it is now that nobody else changes it, the trash included. What a person changed in its sidecar by hand is
    /// taken over first, so that nothing of it is lost.
    pub async fn recording(&self, id: &PublicId) -> Result<Current> {
        let found = self.recordings(std::slice::from_ref(id)).await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }

    /// The same of several, in the order asked.
    pub async fn recordings(&self, ids: &[PublicId]) -> Result<Vec<Current>> {
        let found = Current::all(&self.app, ids).await?;
        // Between asking where it lies and locking that, it was moved.
        if found.iter().any(|one| !self.folders.contains(&one.folder)) {
            return Err(Error::Status(503, text!("series-busy")));
        }
        let changed = found.iter().filter(|one| one.is_changed_by_hand());
        let changed: Vec<Changed> = changed
            .map(|one| Changed {
                folder: one.folder.clone(),
                stem: Some(one.stored.entry.stem.clone()),
                row_changes: Vec::new(),
            })
            .collect();
        if changed.is_empty() {
            return Ok(found);
        }
        rescan(&self.app, changed).await?;
        Current::all(&self.app, ids).await
    }

    /// The series of this row as it is now that nobody else changes it.
    pub async fn series(&self, id: i64) -> Result<CurrentSeries> {
        CurrentSeries::find(&self.app, id).await
    }

    /// Does it: all of it, or as much as could be done before something failed. What was done is noted in any case.
    ///
    /// [`Error::Refused`] before anything is changed when a folder cannot be written; [`Error::Status`] with 507 when the disk is
    /// full, with what was done and what was not.
    pub async fn commit(&self, changes: Vec<Change>) -> Result<Committed> {
        // A browser that goes away in the middle neither leaves a change unnoted nor gives the series back too soon.
        let archive = self.clone();
        tokio::spawn(async move { archive.perform(changes).await })
            .await
            .map_err(Error::internal)?
    }

    async fn perform(&self, changes: Vec<Change>) -> Result<Committed> {
        let folders = self.folders.clone();
        let performed = self.app.library.run(move |library| {
            folders
                .iter()
                .try_for_each(|folder| is_writable(library, folder))?;
            Ok(perform(library, changes))
        });
        let (changed, done) = performed.await?;
        let changed = changed
            .into_iter()
            .flat_map(|change| change.noted(&self.actor, self.app.clock.now()));
        let report = rescan(&self.app, changed.collect()).await?;
        done.map(|()| Committed {
            sidecars: report.sidecars,
        })
    }
}

/// What a change cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Sidecars of recordings that were read again.
    pub sidecars: u32,
}

/// [`Error::Refused`] when nothing can be written there.
fn is_writable(library: &Library, folder: &str) -> Result<()> {
    match library.is_writable(folder) {
        true => Ok(()),
        false => Err(Error::Refused(text!(
            "folder-read-only",
            folder = folder.to_owned()
        ))),
    }
}
