//! All changes to the media folder: lock the series, change files, scan the changed files, and apply them with their audit line in
//! one transaction. In: changes and their author. Out: a folder and a catalogue that agree, or the error that stopped the change.
//! Desk, command line, uploads and trash all use it.
//!
//! After a crash or a power cut a file holds the old text or the new one, and the next scan applies what was written but not
//! applied. No lock is held while file content is copied, because files are only renamed.

mod change;
pub mod demonstration;
pub mod erase;
pub mod moving;
pub mod owner;
pub mod portal;
pub mod purge;
mod recording;
mod removal;
mod series;
pub mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use change::{Change, difference};
pub use recording::{Current, Edit, edit, edit_all};
pub use removal::{remove_series, restore_recording, restore_series};
pub use series::{CurrentSeries, edit_series, make_series, plan};

use change::perform;

use crate::app::App;
use crate::catalogue::{PublicId, recording::stored, series as catalogue_series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::lock::SeriesLock;
use crate::scan::presence;
use crate::scan::rescan::{Changed, rescan};
use crate::text;

/// Locked series folders that one author changes. The locks are released when the last clone is dropped.
#[derive(Clone)]
pub struct Archive {
    app: App,
    /// The author for the audit list: the address of a coordinator, `command line` or `trash`.
    actor: String,
    folders: BTreeSet<String>,
    /// The locks are only held, never read.
    _locks: Arc<Vec<SeriesLock>>,
}

impl Archive {
    /// Locks the series in these folders, in the order of their names.
    ///
    /// [`Error::Status`] with 503 when a lock takes too long.
    pub async fn of_folders(
        app: &App,
        actor: &str,
        folders: impl IntoIterator<Item = String>,
    ) -> Result<Self> {
        let folders: BTreeSet<String> = folders.into_iter().collect();
        presence::check(app).await?;
        let locks = app.library.lock(folders.iter().map(String::as_str)).await?;
        Ok(Self {
            app: app.clone(),
            actor: actor.to_owned(),
            folders,
            _locks: Arc::new(locks),
        })
    }

    /// Locks the series of these recordings. [`Error::NotFound`] when one of the ids is unknown.
    pub async fn of_recordings(app: &App, actor: &str, ids: &[PublicId]) -> Result<Self> {
        let ids = ids.to_vec();
        let found = app.db.read(move |conn| stored::with_folders(conn, &ids));
        let folders = found.await?.into_iter().map(|(_, folder)| folder);
        Self::of_folders(app, actor, folders).await
    }

    /// Locks the series with this row id.
    pub async fn of_series(app: &App, actor: &str, id: i64) -> Result<Self> {
        let found = app.db.read(move |conn| catalogue_series::by_id(conn, id));
        let folder = found.await?.folder;
        Self::of_folders(app, actor, [folder]).await
    }

    /// Loads a recording under the lock, also from the trash. A sidecar that a person edited is applied first, so that the edit is
    /// not lost.
    pub async fn recording(&self, id: &PublicId) -> Result<Current> {
        let found = self.recordings(std::slice::from_ref(id)).await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }

    /// Loads several recordings under the lock, in the given order.
    pub async fn recordings(&self, ids: &[PublicId]) -> Result<Vec<Current>> {
        let found = Current::all(&self.app, ids).await?;
        // The recording moved to another folder between the lookup and the lock.
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

    /// Loads a series under the lock.
    pub async fn series(&self, id: i64) -> Result<CurrentSeries> {
        CurrentSeries::find(&self.app, id).await
    }

    /// Makes the changes until one fails, and applies those that were made in any case.
    ///
    /// [`Error::Refused`] before any change when a folder is read-only; [`Error::DiskFull`] and, for several
    /// changes, [`Error::Status`] with 507 and the number of changes that were made.
    pub async fn commit(&self, changes: Vec<Change>) -> Result<Committed> {
        // A task of its own finishes the change under its lock even when the browser disconnects.
        let archive = self.clone();
        tokio::spawn(async move { archive.perform(changes).await })
            .await
            .map_err(Error::internal)?
    }

    async fn perform(&self, changes: Vec<Change>) -> Result<Committed> {
        if self.app.db.is_read_only() {
            return Err(Error::DiskFull);
        }
        // What removes files makes room.
        let needs_room = !changes.iter().any(Change::makes_room);
        let folders = self.folders.clone();
        let performed = self.app.library.run(move |library| {
            folders
                .iter()
                .try_for_each(|folder| is_writable(library, folder))?;
            if needs_room {
                library.has_room_for_rows()?;
            }
            Ok(perform(library, changes))
        });
        let (changed, done) = performed.await?;
        let changed = changed
            .into_iter()
            .flat_map(|change| change.noted(&self.actor, self.app.clock.now()));
        let report = match rescan(&self.app, changed.collect()).await {
            // The next scan notes what stands in the folder.
            Err(Error::DiskFull) => return Err(Error::Status(507, text!("save-not-noted"))),
            report => report?,
        };
        done.map(|()| Committed {
            sidecars: report.sidecars,
        })
    }
}

/// Counts of the work that a commit took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Number of sidecars of recordings that were scanned.
    pub sidecars: u32,
}

/// [`Error::Refused`] when the folder cannot be written.
fn is_writable(library: &Library, folder: &str) -> Result<()> {
    match library.is_writable(folder) {
        true => Ok(()),
        false => Err(Error::Refused(text!(
            "folder-read-only",
            folder = folder.to_owned()
        ))),
    }
}
