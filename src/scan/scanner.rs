//! Scans the recordings of a series in batches, so that memory use stays flat with ten thousand files. In: the library and the
//! catalogue. Out: a catalogue that matches the folder, and the findings.
//!
//! Each batch is inspected (files, no connection), looked up (one closure), identified (files) and applied (one transaction), and
//! its sidecars are written (files): the database writer never waits for a disk.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::apply::{Apply, ApplyContext};
use super::folder::{Folder, Group};
use super::identify::{self, Identified};
use super::inspected::Inspected;
use super::list::{inspect_batch, sort};
use super::missing;
use super::presence::check_unchanged;
use super::previous::PreviousFolder;
use super::published;
use super::report::{FindingKind, Findings};
use super::series::{self, SeriesFolder};
use super::sidecar_write;
use crate::app::App;
use crate::error::{Error, Result};
use crate::library::lock::SeriesLock;
use crate::library::{Library, MediaFolder};

/// Recordings per batch: enough to share the fsync of a commit, few enough to hold in memory.
pub(super) const BATCH: usize = 64;

/// Called during a scan with the number of media files found since the last call.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// A change to rows that runs in the transaction that applies the changed files.
pub type RowChange = Box<dyn FnOnce(&Connection) -> Result<()> + Send>;

/// Row changes of each recording, by stem.
pub type RowChangesByStem = HashMap<String, Vec<RowChange>>;

/// A scan under way.
pub struct Scanner<'a> {
    pub(super) app: &'a App,
    progress: Progress,
    /// The folder that is read; another one in its place ends the scan.
    media_folder: MediaFolder,
    pub(super) findings: Findings,
    /// The series scanned so far, by row id.
    pub(super) series: HashMap<i64, Arc<SeriesFolder>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(app: &'a App, media_folder: MediaFolder, progress: Progress) -> Self {
        Self {
            app,
            progress,
            media_folder,
            findings: Findings::default(),
            series: HashMap::new(),
        }
    }

    /// Runs work on files, on a thread that may wait for the disk. What was read while the disk went away counts for nothing.
    ///
    /// [`Error::Status`] with 503 when the media folder is another one by now.
    pub(super) async fn with_library<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Library, &mut Findings) -> Result<T> + Send + 'static,
    {
        let mut findings = std::mem::take(&mut self.findings);
        let media_folder = self.media_folder.clone();
        let done = self.app.library.run(move |library| {
            let done = work(library, &mut findings);
            let done = check_unchanged(library, &media_folder).and(done);
            Ok((done, findings))
        });
        let (done, findings) = done.await?;
        self.findings = findings;
        done
    }

    /// Runs work on rows, in one transaction.
    pub(super) async fn with_catalogue<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut Findings) -> Result<T> + Send + 'static,
    {
        let mut findings = std::mem::take(&mut self.findings);
        let done = self
            .app
            .db
            .write(move |conn| Ok((work(conn, &mut findings)?, findings)));
        let (done, findings) = done.await?;
        self.findings = findings;
        Ok(done)
    }

    /// The lock of a series; `None` when somebody else holds it, which is reported: the next scan reads the series.
    pub(super) async fn lock(&mut self, folder: &str) -> Result<Option<SeriesLock>> {
        match self.app.library.lock([folder]).await {
            Ok(mut locks) => Ok(locks.pop()),
            Err(Error::Status(..)) => {
                let why = FindingKind::Waiting("it is being changed".to_owned());
                self.findings.report.find(folder, why);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Sorts a folder and applies its series file, with the row changes in the same transaction. `None` when the folder cannot be
    /// read or is no series, because it has no recording yet.
    pub(super) async fn scan_series(
        &mut self,
        name: &str,
        row_changes: Vec<RowChange>,
    ) -> Result<Option<(Arc<SeriesFolder>, Folder)>> {
        let folder = name.to_owned();
        let sorted = self
            .with_library(move |library, findings| Ok(sort(library, &folder, findings)))
            .await?;
        let Some((sorted, series_file)) = sorted else {
            return Ok(None);
        };
        let facts = series::facts(self.app);
        let is_empty = sorted.groups.is_empty() && !sorted.has_series_file;
        let folder = name.to_owned();
        let series_folder = self.with_catalogue(move |conn, _| {
            let series_folder = series::apply(conn, &folder, is_empty, series_file, facts)?;
            row_changes
                .into_iter()
                .try_for_each(|change| change(conn))?;
            Ok(series_folder)
        });
        let Some(series_folder) = series_folder.await? else {
            return Ok(None);
        };
        let series_folder = Arc::new(series_folder);
        self.series
            .insert(series_folder.id, Arc::clone(&series_folder));
        Ok(Some((series_folder, sorted)))
    }

    /// Scans all recordings of a series and marks missing files. Between two batches the lock is released when somebody waits for
    /// it; then the folder is listed again.
    pub(super) async fn scan_recordings(
        &mut self,
        series_folder: Arc<SeriesFolder>,
        mut sorted: Folder,
        mut lock: SeriesLock,
    ) -> Result<()> {
        let folder = series_folder.folder.clone();
        let mut last: Option<String> = None;
        'listing: loop {
            let previous = self.load_previous(&series_folder, None).await?;
            let mut files: HashSet<String> =
                sorted.groups.values().flat_map(Group::files).collect();
            files.extend(sorted.sidecars());
            let in_the_way = missing::in_the_way(&folder, &sorted.passed_over);
            let left: Vec<(String, Group)> = std::mem::take(&mut sorted.groups)
                .into_iter()
                .filter(|(stem, _)| last.as_ref().is_none_or(|last| stem > last))
                .collect();
            for batch in left.chunks(BATCH) {
                self.scan_batch(
                    &series_folder,
                    &previous,
                    batch.to_vec(),
                    RowChangesByStem::new(),
                )
                .await?;
                last = batch.last().map(|(stem, _)| stem.clone());
                if !lock.is_wanted() || last == left.last().map(|(stem, _)| stem.clone()) {
                    continue;
                }
                drop(lock);
                let mut locks = self.app.library.lock([folder.as_str()]).await?;
                lock = locks.pop().ok_or(Error::Busy)?;
                let name = folder.clone();
                let listed = self
                    .with_library(move |library, findings| Ok(sort(library, &name, findings)))
                    .await?;
                let Some((listed_again, _)) = listed else {
                    return Ok(());
                };
                sorted = listed_again;
                continue 'listing;
            }
            let (place, now) = (Arc::clone(&series_folder), self.app.clock.now());
            let unsaid = self.with_catalogue(move |conn, findings| {
                missing::lose_files(conn, &place.folder, None, &files, now, &mut findings.report)?;
                missing::replace_in_the_way(conn, &place.folder, &in_the_way)?;
                series::unsaid_slugs(conn, &place)
            });
            let unsaid = unsaid.await?;
            return self.write_slugs(series_folder, unsaid).await;
        }
    }

    /// Loads what the catalogue knows of a folder, or of the one recording with this stem.
    pub(super) async fn load_previous(
        &self,
        series_folder: &SeriesFolder,
        stem: Option<String>,
    ) -> Result<Arc<PreviousFolder>> {
        let (folder, id, language) = (
            series_folder.folder.clone(),
            series_folder.id,
            series_folder.defaults.metadata.language().to_owned(),
        );
        let previous = self
            .app
            .db
            .read(move |conn| PreviousFolder::load(conn, &folder, id, &language, stem.as_deref()));
        Ok(Arc::new(previous.await?))
    }

    /// Writes slugs of the series that its file lacks into that file.
    pub(super) async fn write_slugs(
        &mut self,
        series_folder: Arc<SeriesFolder>,
        unsaid: Vec<String>,
    ) -> Result<()> {
        if unsaid.is_empty() || !series_folder.is_writable {
            return Ok(());
        }
        self.with_library(move |library, findings| {
            series::write_slugs(library, &series_folder.folder, unsaid, &mut findings.report);
            Ok(())
        })
        .await
    }

    /// Applies a batch of recordings with their row changes, and writes their sidecars.
    pub(super) async fn scan_batch(
        &mut self,
        series_folder: &Arc<SeriesFolder>,
        previous: &Arc<PreviousFolder>,
        batch: Vec<(String, Group)>,
        mut by_stem: RowChangesByStem,
    ) -> Result<()> {
        let media: usize = batch.iter().map(|(_, group)| group.media.len()).sum();
        let identified = self.identify(series_folder, previous, batch).await?;
        let (place, now) = (Arc::clone(series_folder), self.app.clock.now());
        let ready = self.with_catalogue(move |conn, findings| {
            let context = ApplyContext {
                series: &place,
                folders: &findings.folders,
                now,
            };
            let known = identified.iter().filter_map(|(_, of)| of.identity.known());
            let known: Vec<i64> = known.collect();
            published::settle(conn, &known, &place.defaults.zone, now)?;
            let (mut dues, mut left) = (Vec::new(), Vec::new());
            for (inspected, identity) in identified {
                let place = format!("{}/{}", place.folder, inspected.name());
                let row_changes = by_stem.remove(&inspected.stem).unwrap_or_default();
                // A change through the portal that cannot be applied fails as a whole, so that its author learns of it.
                let is_ours = !row_changes.is_empty();
                let taken = one(conn, |conn| {
                    let apply = Apply {
                        conn,
                        context: &context,
                        inspected: &inspected,
                        is_ours,
                        left: &mut left,
                        report: &mut findings.report,
                    };
                    let due = apply.perform(identity)?;
                    row_changes
                        .into_iter()
                        .try_for_each(|change| change(conn))?;
                    Ok(due)
                });
                match taken {
                    Ok(due) => dues.extend(due),
                    Err(problem) if is_ours => return Err(problem),
                    Err(problem) => findings
                        .report
                        .note(place, format!("could not be taken over: {problem}")),
                }
            }
            findings.left.extend(left);
            // The remaining row changes are those of recordings whose files are all gone.
            let mut others = by_stem.into_values().flatten();
            others.try_for_each(|change| change(conn))?;
            sidecar_write::gather(conn, dues, &place.defaults)
        });
        let ready = ready.await?;
        (self.progress)(u64::try_from(media).unwrap_or(0));
        self.write_sidecars(series_folder, ready).await
    }

    /// Writes sidecars that say less than the catalogue, and records that they were written.
    async fn write_sidecars(
        &mut self,
        series_folder: &SeriesFolder,
        ready: Vec<sidecar_write::Ready>,
    ) -> Result<()> {
        if ready.is_empty() {
            return Ok(());
        }
        let folder = series_folder.folder.clone();
        let written = self.with_library(move |library, findings| {
            let report = &mut findings.report;
            Ok(sidecar_write::write(library, &folder, ready, report))
        });
        let (written, now) = (written.await?, self.app.clock.now());
        self.with_catalogue(move |conn, _| sidecar_write::record(conn, &written, now))
            .await
    }

    /// Inspects a batch, loads the candidates from the catalogue and identifies each recording.
    async fn identify(
        &mut self,
        series_folder: &SeriesFolder,
        previous: &Arc<PreviousFolder>,
        batch: Vec<(String, Group)>,
    ) -> Result<Vec<(Inspected, Identified)>> {
        let (folder, previous_folder) = (series_folder.folder.clone(), Arc::clone(previous));
        let inspected = self
            .with_library(move |library, findings| {
                Ok(inspect_batch(
                    library,
                    &folder,
                    &batch,
                    &previous_folder.files,
                    findings,
                ))
            })
            .await?;
        let previous_folder = Arc::clone(previous);
        let asked = self.app.db.read(move |conn| {
            let ask = |inspected: Inspected| {
                let candidates = identify::candidates(
                    conn,
                    &inspected,
                    previous_folder.rows.get(&inspected.stem).copied(),
                )?;
                Ok((inspected, candidates))
            };
            inspected.into_iter().map(ask).collect::<Result<Vec<_>>>()
        });
        let asked = asked.await?;
        let folder = series_folder.folder.clone();
        self.with_library(move |library, findings| {
            let mut identified = Vec::with_capacity(asked.len());
            for (inspected, candidates) in asked {
                match identify::identify(library, &folder, &inspected, candidates, findings) {
                    Ok(identity) => identified.push((inspected, identity)),
                    Err(problem) => {
                        let place = format!("{folder}/{}", inspected.name());
                        findings
                            .report
                            .note(place, format!("could not be recognised: {problem}"));
                    }
                }
            }
            Ok(identified)
        })
        .await
    }
}

/// Runs work in a savepoint, so that a failing recording is undone as a whole and does not stop the others.
fn one<T>(conn: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    conn.execute_batch("SAVEPOINT one")?;
    let done = work(conn);
    conn.execute_batch(match done {
        Ok(_) => "RELEASE one",
        Err(_) => "ROLLBACK TO one; RELEASE one",
    })?;
    done
}
