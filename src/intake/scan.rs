//! Reading the media folder: folder by folder, recording by recording, in batches small enough that memory stays flat with
//! ten thousand files. In: the library and the catalogue. Out: the catalogue as the folder says it, and a [`Report`].
//!
//! Each batch is looked at (files, no connection), asked about (one closure), decided (files), taken over (one
//! transaction) and its sidecars written (files): the writer never waits for a disk.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::accept::{self, Here};
use super::folder::{self, Group, PassedOver};
use super::known::Known;
use super::look::{look, sort};
use super::report::{Findings, Report};
use super::seen::{self, Seen};
use super::series::{self, SeriesFolder};
use super::sidecar_write;
use super::vanish;
use super::who::{self, Decision};
use crate::app::App;
use crate::catalogue::{library_file, recording::stored};
use crate::error::{Error, Result};
use crate::library::lock::SeriesLock;
use crate::library::{EntryKind, Library};

/// Recordings looked at and written together: enough that a commit's fsync is shared, few enough to hold in memory.
const BATCH: usize = 64;

/// Told while a scan runs how many media files were seen since the last time.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// Reads the whole media folder. A folder that fails is reported and does not stop the others.
///
/// Errors when the media folder itself cannot be read or the catalogue cannot be written.
pub async fn scan(app: &App, progress: Progress) -> Result<Report> {
    let lock = lock(app).await?;
    let mut scan = Scan::new(app, progress);
    let entries = scan.files(|library, _| library.top()).await?;
    let folders = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Folder);
    scan.findings.folders = folders.map(|entry| entry.name.clone()).collect();
    scan.read_ids().await?;
    for entry in entries {
        match entry.kind {
            EntryKind::Folder if !folder::is_readable(&entry.name) => {
                scan.findings.pass_over(entry.name, PassedOver::Name);
            }
            EntryKind::Folder => scan.folder(&entry.name).await?,
            EntryKind::File(_) => scan
                .findings
                .pass_over(entry.name, PassedOver::OutsideSeries),
            EntryKind::Link => scan.findings.pass_over(entry.name, PassedOver::Link),
            EntryKind::Other => scan.findings.pass_over(entry.name, PassedOver::NoFile),
        }
    }
    scan.end().await?;
    drop(lock);
    app.bell.ring_work();
    Ok(scan.findings.report)
}

/// Reads one folder of the media folder, after something in it was changed by us. What moved there from elsewhere, or is
/// gone as a whole, is left to the next scan of all. `_lock`: that of [`lock`], so that nobody reads in between.
///
/// Errors when the media folder cannot be read or the catalogue cannot be written.
pub async fn scan_folder(app: &App, _lock: &Lock, folder: &str) -> Result<Report> {
    let mut scan = Scan::new(app, Arc::new(|_| {}));
    let entries = scan.files(|library, _| library.top()).await?;
    let folders = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Folder);
    let all: HashSet<String> = folders.map(|entry| entry.name.clone()).collect();
    scan.findings.folders = all.iter().filter(|name| *name == folder).cloned().collect();
    scan.read_ids().await?;
    scan.findings.folders = all;
    scan.folder(folder).await?;
    app.bell.ring_work();
    Ok(scan.findings.report)
}

/// Held while the media folder is read or changed: two at once would both make ids for the same files.
pub type Lock = Vec<SeriesLock>;

/// Waits until nobody else reads or changes the media folder.
pub async fn lock(app: &App) -> Result<Lock> {
    app.library.lock([""]).await
}

/// A scan under way.
struct Scan<'a> {
    app: &'a App,
    progress: Progress,
    findings: Findings,
    /// The series of the folders read so far, by row.
    series: HashMap<i64, Arc<SeriesFolder>>,
}

impl<'a> Scan<'a> {
    fn new(app: &'a App, progress: Progress) -> Self {
        Self {
            app,
            progress,
            findings: Findings::default(),
            series: HashMap::new(),
        }
    }

    /// Does something with files, on a thread that may wait for the disk.
    async fn files<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Library, &mut Findings) -> Result<T> + Send + 'static,
    {
        let library = self.app.library.clone();
        let mut findings = std::mem::take(&mut self.findings);
        let done = tokio::task::spawn_blocking(move || (work(&library, &mut findings), findings));
        let (done, findings) = done.await.map_err(Error::internal)?;
        self.findings = findings;
        done
    }

    /// Changes rows, in one transaction.
    async fn rows<T, F>(&mut self, work: F) -> Result<T>
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

    /// Reads which ids lie where.
    async fn read_ids(&mut self) -> Result<()> {
        self.files(|library, findings| {
            for folder in &findings.folders {
                for entry in library.folder(folder).unwrap_or_default() {
                    let Some(stem) = entry.name.strip_suffix(".toml") else {
                        continue;
                    };
                    if let Some(id) = seen::id_in(library, folder, stem) {
                        findings
                            .ids
                            .entry(id)
                            .or_insert((folder.clone(), stem.to_owned()));
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// Reads one folder. A folder without a recording is no series yet.
    async fn folder(&mut self, name: &str) -> Result<()> {
        let folder = name.to_owned();
        let sorted = self
            .files(move |library, findings| Ok(sort(library, &folder, findings)))
            .await?;
        let Some((mut sorted, series_file)) = sorted else {
            return Ok(());
        };
        let facts = (
            self.app.config.new_recordings,
            self.app.config.zone(),
            self.app.clock.now(),
        );
        let is_empty = sorted.groups.is_empty() && !sorted.has_series_file;
        let folder = name.to_owned();
        let here = self
            .rows(move |conn, _| series::accept(conn, &folder, is_empty, series_file, facts))
            .await?;
        let Some(here) = here else { return Ok(()) };
        let here = Arc::new(here);
        self.series.insert(here.id, Arc::clone(&here));
        let folder = name.to_owned();
        let (series_id, language) = (here.id, here.around.language.clone());
        let known = Arc::new(
            self.app
                .db
                .read(move |conn| Known::load(conn, &folder, series_id, &language))
                .await?,
        );
        let files: HashSet<String> = sorted.groups.values().flat_map(Group::files).collect();
        let groups: Vec<(String, Group)> = std::mem::take(&mut sorted.groups).into_iter().collect();
        for batch in groups.chunks(BATCH) {
            let media: usize = batch.iter().map(|(_, group)| group.media.len()).sum();
            self.batch(&here, &known, batch.to_vec()).await?;
            (self.progress)(u64::try_from(media).unwrap_or(0));
        }
        let (folder, now) = (name.to_owned(), self.app.clock.now());
        let place = Arc::clone(&here);
        let unsaid = self.rows(move |conn, findings| {
            vanish::lose_files(conn, &folder, &files, now, &mut findings.report)?;
            series::unsaid_slugs(conn, &place)
        });
        let unsaid = unsaid.await?;
        self.write_slugs(here, unsaid).await
    }

    /// Writes into a folder which other addresses lead to its series.
    async fn write_slugs(&mut self, here: Arc<SeriesFolder>, unsaid: Vec<String>) -> Result<()> {
        if unsaid.is_empty() || !here.is_writable {
            return Ok(());
        }
        self.files(move |library, findings| {
            series::write_slugs(library, &here.folder, unsaid, &mut findings.report);
            Ok(())
        })
        .await
    }

    /// Takes a batch over and writes its sidecars.
    async fn batch(
        &mut self,
        here: &Arc<SeriesFolder>,
        known: &Arc<Known>,
        batch: Vec<(String, Group)>,
    ) -> Result<()> {
        let decided = self.decided(here, known, batch).await?;
        let (place, now) = (Arc::clone(here), self.app.clock.now());
        let ready = self.rows(move |conn, findings| {
            let here = Here {
                series: &place,
                folders: &findings.folders,
                now,
            };
            let mut dues = Vec::new();
            let mut left = Vec::new();
            for (seen, decision) in decided {
                let place = format!("{}/{}", place.folder, seen.name());
                match one(conn, |conn| {
                    accept::accept(
                        conn,
                        &here,
                        &seen,
                        decision,
                        &mut left,
                        &mut findings.report,
                    )
                }) {
                    Ok(due) => dues.extend(due),
                    Err(problem) => findings
                        .report
                        .note(place, format!("could not be taken over: {problem}")),
                }
            }
            findings.left.extend(left);
            sidecar_write::gather(conn, dues, &place.around)
        });
        let ready = ready.await?;
        if ready.is_empty() {
            return Ok(());
        }
        let folder = here.folder.clone();
        let written = self.files(move |library, findings| {
            Ok(sidecar_write::write(
                library,
                &folder,
                ready,
                &mut findings.report,
            ))
        });
        let written = written.await?;
        self.rows(move |conn, _| sidecar_write::record(conn, &written))
            .await
    }

    /// Looks at a batch, asks the catalogue about it and decides which recording each is of.
    async fn decided(
        &mut self,
        here: &SeriesFolder,
        known: &Arc<Known>,
        batch: Vec<(String, Group)>,
    ) -> Result<Vec<(Seen, Decision)>> {
        let (folder, knows) = (here.folder.clone(), Arc::clone(known));
        let seen = self
            .files(move |library, findings| {
                Ok(look(library, &folder, &batch, &knows.files, findings))
            })
            .await?;
        let knows = Arc::clone(known);
        let asked = self.app.db.read(move |conn| {
            let ask = |seen: Seen| {
                let candidates = who::candidates(conn, &seen, knows.rows.get(&seen.stem).copied())?;
                Ok((seen, candidates))
            };
            seen.into_iter().map(ask).collect::<Result<Vec<_>>>()
        });
        let asked = asked.await?;
        let folder = here.folder.clone();
        self.files(move |library, findings| {
            let mut decided = Vec::with_capacity(asked.len());
            for (seen, candidates) in asked {
                match who::decide(library, &folder, &seen, candidates, findings) {
                    Ok(decision) => decided.push((seen, decision)),
                    Err(problem) => {
                        let place = format!("{folder}/{}", seen.name());
                        findings
                            .report
                            .note(place, format!("could not be recognised: {problem}"));
                    }
                }
            }
            Ok(decided)
        })
        .await
    }

    /// After the last folder: what lay in folders that are gone, what left no trace, and which series got another name.
    async fn end(&mut self) -> Result<()> {
        let now = self.app.clock.now();
        self.rows(move |conn, findings| {
            for folder in library_file::folders(conn)? {
                if !findings.folders.contains(&folder) {
                    vanish::lose_files(conn, &folder, &HashSet::new(), now, &mut findings.report)?;
                }
            }
            Ok(())
        })
        .await?;
        let planned = self.app.db.read(stored::planned).await?;
        let lost = self
            .files(move |library, findings| {
                Ok(vanish::without_a_trace(library, planned, &findings.folders))
            })
            .await?;
        let changed = self.rows(move |conn, findings| {
            vanish::lose_planned(conn, &lost, now, &mut findings.report)?;
            vanish::settle(conn, &findings.left, &findings.folders)
        });
        for series in changed.await? {
            let Some(here) = self.series.get(&series).cloned() else {
                continue;
            };
            let place = Arc::clone(&here);
            let unsaid = self
                .rows(move |conn, _| series::unsaid_slugs(conn, &place))
                .await?;
            self.write_slugs(here, unsaid).await?;
        }
        Ok(())
    }
}

/// Takes one thing over whole or not at all: what a rule of the tables refuses must not stop the others.
fn one<T>(conn: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    conn.execute_batch("SAVEPOINT one")?;
    let done = work(conn);
    conn.execute_batch(match done {
        Ok(_) => "RELEASE one",
        Err(_) => "ROLLBACK TO one; RELEASE one",
    })?;
    done
}
