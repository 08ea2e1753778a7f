//! Reading a series: batch by batch, small enough that memory stays flat with ten thousand files. In: the library and the
//! catalogue. Out: the catalogue as the folder says it, and what was found on the way.
//!
//! Each batch is looked at (files, no connection), asked about (one closure), decided (files), taken over (one
//! transaction) and its sidecars written (files): the writer never waits for a disk.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::apply::{Acceptance, Here};
use super::folder::{Folder, Group};
use super::identify::{self, Decision};
use super::inspected::Seen;
use super::list::{look, sort};
use super::missing;
use super::previous::Known;
use super::report::{Findings, Found};
use super::series::{self, SeriesFolder};
use super::sidecar_write;
use crate::app::App;
use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::lock::SeriesLock;

/// Recordings looked at and written together: enough that a commit's fsync is shared, few enough to hold in memory.
pub(super) const BATCH: usize = 64;

/// Told while a scan runs how many media files were seen since the last time.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// What a change still has to write down, in the transaction in which what it changed is taken over.
pub type Then = Box<dyn FnOnce(&Connection) -> Result<()> + Send>;

/// What is to be written down with each recording, by stem.
pub type Thens = HashMap<String, Vec<Then>>;

/// A reading under way.
pub struct Reading<'a> {
    pub(super) app: &'a App,
    progress: Progress,
    pub(super) findings: Findings,
    /// The series of the folders read so far, by row.
    pub(super) series: HashMap<i64, Arc<SeriesFolder>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(app: &'a App, progress: Progress) -> Self {
        Self {
            app,
            progress,
            findings: Findings::default(),
            series: HashMap::new(),
        }
    }

    /// Does something with files, on a thread that may wait for the disk.
    pub(super) async fn files<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Library, &mut Findings) -> Result<T> + Send + 'static,
    {
        let mut findings = std::mem::take(&mut self.findings);
        let done = self
            .app
            .library
            .run(move |library| Ok((work(library, &mut findings), findings)));
        let (done, findings) = done.await?;
        self.findings = findings;
        done
    }

    /// Changes rows, in one transaction.
    pub(super) async fn rows<T, F>(&mut self, work: F) -> Result<T>
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

    /// The lock of a series; `None` when another is at work there, which is reported: then it is read the next time.
    pub(super) async fn lock(&mut self, folder: &str) -> Result<Option<SeriesLock>> {
        match self.app.library.lock([folder]).await {
            Ok(mut locks) => Ok(locks.pop()),
            Err(Error::Told(..)) => {
                let why = Found::Waiting("it is being changed".to_owned());
                self.findings.report.find(folder, why);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Sorts a folder and takes over what it says as a whole; `then` is written down with it. `None` when it cannot be read, or
    /// is no series: a folder without a recording is none yet.
    pub(super) async fn series(
        &mut self,
        name: &str,
        then: Vec<Then>,
    ) -> Result<Option<(Arc<SeriesFolder>, Folder)>> {
        let folder = name.to_owned();
        let sorted = self
            .files(move |library, findings| Ok(sort(library, &folder, findings)))
            .await?;
        let Some((sorted, series_file)) = sorted else {
            return Ok(None);
        };
        let facts = series::facts(self.app);
        let is_empty = sorted.groups.is_empty() && !sorted.has_series_file;
        let folder = name.to_owned();
        let here = self.rows(move |conn, _| {
            let here = series::accept(conn, &folder, is_empty, series_file, facts)?;
            then.into_iter().try_for_each(|then| then(conn))?;
            Ok(here)
        });
        let Some(here) = here.await? else {
            return Ok(None);
        };
        let here = Arc::new(here);
        self.series.insert(here.id, Arc::clone(&here));
        Ok(Some((here, sorted)))
    }

    /// Reads every recording of a series, and whatever else lies there. Whoever waits for the series goes first between two
    /// batches; then the folder is listed again.
    pub(super) async fn recordings(
        &mut self,
        here: Arc<SeriesFolder>,
        mut sorted: Folder,
        mut lock: SeriesLock,
    ) -> Result<()> {
        let folder = here.folder.clone();
        let mut last: Option<String> = None;
        'listing: loop {
            let known = self.known(&here, None).await?;
            let files: HashSet<String> = sorted.groups.values().flat_map(Group::files).collect();
            let left: Vec<(String, Group)> = std::mem::take(&mut sorted.groups)
                .into_iter()
                .filter(|(stem, _)| last.as_ref().is_none_or(|last| stem > last))
                .collect();
            for batch in left.chunks(BATCH) {
                self.batch(&here, &known, batch.to_vec(), Thens::new())
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
                    .files(move |library, findings| Ok(sort(library, &name, findings)))
                    .await?;
                let Some((again, _)) = listed else {
                    return Ok(());
                };
                sorted = again;
                continue 'listing;
            }
            let (place, now) = (Arc::clone(&here), self.app.clock.now());
            let unsaid = self.rows(move |conn, findings| {
                missing::lose_files(conn, &place.folder, None, &files, now, &mut findings.report)?;
                series::unsaid_slugs(conn, &place)
            });
            let unsaid = unsaid.await?;
            return self.write_slugs(here, unsaid).await;
        }
    }

    /// What the catalogue knows of a folder; of one recording with its stem.
    pub(super) async fn known(
        &self,
        here: &SeriesFolder,
        stem: Option<String>,
    ) -> Result<Arc<Known>> {
        let (folder, id, language) = (
            here.folder.clone(),
            here.id,
            here.around.metadata.language().to_owned(),
        );
        let known = self
            .app
            .db
            .read(move |conn| Known::load(conn, &folder, id, &language, stem.as_deref()));
        Ok(Arc::new(known.await?))
    }

    /// Writes into a folder which other addresses lead to its series.
    pub(super) async fn write_slugs(
        &mut self,
        here: Arc<SeriesFolder>,
        unsaid: Vec<String>,
    ) -> Result<()> {
        if unsaid.is_empty() || !here.is_writable {
            return Ok(());
        }
        self.files(move |library, findings| {
            series::write_slugs(library, &here.folder, unsaid, &mut findings.report);
            Ok(())
        })
        .await
    }

    /// Takes a batch over, with what is to be written down beside it, and writes its sidecars.
    pub(super) async fn batch(
        &mut self,
        here: &Arc<SeriesFolder>,
        known: &Arc<Known>,
        batch: Vec<(String, Group)>,
        mut thens: Thens,
    ) -> Result<()> {
        let media: usize = batch.iter().map(|(_, group)| group.media.len()).sum();
        let decided = self.decided(here, known, batch).await?;
        let (place, now) = (Arc::clone(here), self.app.clock.now());
        let ready = self.rows(move |conn, findings| {
            let here = Here {
                series: &place,
                folders: &findings.folders,
                now,
            };
            let (mut dues, mut left) = (Vec::new(), Vec::new());
            for (seen, decision) in decided {
                let place = format!("{}/{}", place.folder, seen.name());
                let then = thens.remove(&seen.stem).unwrap_or_default();
                // A change that cannot be taken over is not half noted: its author hears of it.
                let is_ours = !then.is_empty();
                let taken = one(conn, |conn| {
                    let acceptance = Acceptance {
                        conn,
                        here: &here,
                        seen: &seen,
                        is_ours,
                        left: &mut left,
                        report: &mut findings.report,
                    };
                    let due = acceptance.perform(decision)?;
                    then.into_iter().try_for_each(|then| then(conn))?;
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
            // Of those whose files are all gone.
            let mut others = thens.into_values().flatten();
            others.try_for_each(|then| then(conn))?;
            sidecar_write::gather(conn, dues, &place.around)
        });
        let ready = ready.await?;
        (self.progress)(u64::try_from(media).unwrap_or(0));
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
                let candidates =
                    identify::candidates(conn, &seen, knows.rows.get(&seen.stem).copied())?;
                Ok((seen, candidates))
            };
            seen.into_iter().map(ask).collect::<Result<Vec<_>>>()
        });
        let asked = asked.await?;
        let folder = here.folder.clone();
        self.files(move |library, findings| {
            let mut decided = Vec::with_capacity(asked.len());
            for (seen, candidates) in asked {
                match identify::decide(library, &folder, &seen, candidates, findings) {
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
