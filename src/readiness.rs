//! Whether the portal can do its work. In: the database, the folders, the uploads and the background tasks. Out: one problem for each
//! check that fails, within 3 s, also when what is looked at never answers.
//!
//! A check that hangs is not started again before it ends, so that however often somebody asks, one thread at most is lost to each.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::catalogue::library_file;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::library::{Library, MediaFolder};
use crate::transfer::Transfers;

/// How long a check may take: with [`FRESH`] a fault is told within 5 s.
const PATIENCE: Duration = Duration::from_secs(3);

/// Seconds for which a report is reused: anyone may ask.
const FRESH: i64 = 2;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Database,
    Media,
    Data,
    Uploads,
    Work,
}

impl Subject {
    /// The name of its check in the answer of `/readyz`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Media => "media",
            Self::Data => "data",
            Self::Uploads => "uploads",
            Self::Work => "work",
        }
    }
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub subject: Subject,
    /// Whether visitors lose something by it; otherwise only coordinators do.
    pub is_for_visitors: bool,
    /// In English, for operators.
    pub why: String,
}

/// The checks of one portal and their last report. Cheap to clone.
#[derive(Clone)]
pub struct Readiness {
    db: Db,
    library: Library,
    transfers: Transfers,
    checks: Arc<[Check; 4]>,
    last: Arc<Mutex<Report>>,
    /// One look at a time.
    looking: Arc<AsyncMutex<()>>,
    /// Why background tasks are not running, by their names.
    stopped: Arc<Mutex<BTreeMap<&'static str, String>>>,
}

/// What was found, and when.
#[derive(Clone, Default)]
struct Report {
    /// UTC seconds.
    at: i64,
    problems: Vec<Problem>,
}

/// The task of one check while it runs.
#[derive(Default)]
struct Check(Mutex<Option<JoinHandle<Vec<Problem>>>>);

impl Readiness {
    pub fn new(db: &Db, library: &Library, transfers: &Transfers) -> Self {
        Self {
            db: db.clone(),
            library: library.clone(),
            transfers: transfers.clone(),
            checks: Arc::default(),
            last: Arc::default(),
            looking: Arc::default(),
            stopped: Arc::default(),
        }
    }

    /// What is wrong at this moment (UTC seconds); nothing when all is well. Answers within 3 s, or twice that for whoever asks while
    /// another waits.
    pub async fn problems(&self, now: i64) -> Vec<Problem> {
        // Whoever asks and leaves does not end the look: what it waits for would be started anew for the next one.
        let readiness = self.clone();
        let looked = tokio::spawn(async move {
            let _looking = readiness.looking.lock().await;
            let last = readiness.report().clone();
            if (last.at..last.at + FRESH).contains(&now) {
                return last.problems;
            }
            let problems = readiness.look().await;
            *readiness.report() = Report {
                at: now,
                problems: problems.clone(),
            };
            problems
        });
        let broken = |problem| vec![cannot_be_checked(Subject::Work, &problem)];
        looked.await.unwrap_or_else(broken)
    }

    /// What was wrong when it was last looked at; nobody waits for this.
    pub fn last_problems(&self) -> Vec<Problem> {
        self.report().problems.clone()
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes why a background task is not running; `None`: it runs again.
    pub fn note_stopped(&self, task: &'static str, why: Option<String>) {
        let mut stopped = self.stopped();
        match why {
            Some(why) => drop(stopped.insert(task, why)),
            None => drop(stopped.remove(task)),
        }
    }

    fn stopped(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look(&self) -> Vec<Problem> {
        let [database, media, data, work] = self.checks.as_ref();
        let (db, library) = (self.db.clone(), self.library.clone());
        let mut problems = Vec::new();
        let (mut of_database, mut of_media, of_data, of_work) = tokio::join!(
            database.run(Subject::Database, look_at_database(db.clone())),
            media.run(Subject::Media, look_at_media(db, library.clone())),
            data.run(Subject::Data, look_at_data(library)),
            // The threads that wait for disks.
            work.run(Subject::Work, async {
                let _ = tokio::task::spawn_blocking(|| ()).await;
                Vec::new()
            }),
        );
        problems.append(&mut of_database);
        problems.append(&mut of_media);
        problems.extend(of_data);
        problems.extend(of_work);
        let stopped = self.stopped().clone();
        problems.extend(
            stopped
                .into_values()
                .map(|why| Problem::of_visitors(Subject::Work, why)),
        );
        let trouble = self.transfers.trouble();
        problems.extend(trouble.map(|why| Problem::of_coordinators(Subject::Uploads, why)));
        problems
    }
}

impl Problem {
    /// The text that tells coordinators of it.
    pub fn text(&self) -> &'static str {
        match (self.subject, self.is_for_visitors) {
            (Subject::Media, true) => "attention-media-gone",
            (Subject::Media, false) => "attention-media-full",
            (Subject::Database | Subject::Data, true) => "attention-database",
            (Subject::Database | Subject::Data, false) => "attention-data-full",
            (Subject::Uploads, _) => "attention-uploads",
            (Subject::Work, _) => "attention-work",
        }
    }

    fn of_visitors(subject: Subject, why: impl Into<String>) -> Self {
        Self {
            subject,
            is_for_visitors: true,
            why: why.into(),
        }
    }

    fn of_coordinators(subject: Subject, why: impl Into<String>) -> Self {
        Self {
            is_for_visitors: false,
            ..Self::of_visitors(subject, why)
        }
    }
}

impl Check {
    /// What the check finds; that it does not answer, after a while.
    async fn run(
        &self,
        subject: Subject,
        check: impl Future<Output = Vec<Problem>> + Send + 'static,
    ) -> Vec<Problem> {
        // One that hung and ended since then tells how it was.
        let before = self.slot().take().filter(|before| !before.is_finished());
        let mut running = before.unwrap_or_else(|| tokio::spawn(check));
        match timeout(PATIENCE, &mut running).await {
            Ok(done) => done.unwrap_or_else(|problem| vec![cannot_be_checked(subject, &problem)]),
            Err(_) => {
                *self.slot() = Some(running);
                vec![Problem::of_visitors(subject, "does not answer")]
            }
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<JoinHandle<Vec<Problem>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cannot_be_checked(subject: Subject, problem: &dyn Display) -> Problem {
    Problem::of_visitors(subject, format!("cannot be checked: {problem}"))
}

/// Whether the file is whole, the connections answer, and the database can be written.
async fn look_at_database(db: Db) -> Vec<Problem> {
    // Nobody else can open the file while it is read alone.
    let intact = match db.is_read_only() {
        true => Ok(()),
        false => db.is_intact().await,
    };
    let read = db.read(|conn| {
        Ok(conn.query_row("SELECT number FROM write_probe", [], |row| {
            row.get::<_, i64>(0)
        })?)
    });
    if let Err(problem) = intact.and(read.await.map(drop)) {
        return vec![Problem::of_visitors(
            Subject::Database,
            format!("cannot be read: {problem}"),
        )];
    }
    // Whoever saves waits while the file is written anew, for longer than a check when it is large.
    if db.is_being_rewritten() {
        return Vec::new();
    }
    // The write takes the lock and commits.
    let written =
        db.write(|conn| Ok(conn.execute_batch("UPDATE write_probe SET number = number + 1")?));
    let why = |problem: &Error| format!("cannot be written: {problem}");
    match written.await {
        Ok(()) => Vec::new(),
        Err(full @ Error::DiskFull) => {
            vec![Problem::of_coordinators(Subject::Database, why(&full))]
        }
        Err(problem) => vec![Problem::of_visitors(Subject::Database, why(&problem))],
    }
}

async fn look_at_media(db: Db, library: Library) -> Vec<Problem> {
    // What the database lacks is another check's.
    if let Ok(Presence::Away(why)) = presence(&db, &library).await {
        return vec![Problem::of_visitors(
            Subject::Media,
            format!("cannot be read: {why}"),
        )];
    }
    let found = library.run(|library| {
        if let Err(problem) = library.try_reading() {
            return Ok(Some(Problem::of_visitors(
                Subject::Media,
                format!("cannot be read: {problem}"),
            )));
        }
        let written = library.is_media_writable();
        Ok(written.err().map(|problem| {
            Problem::of_coordinators(Subject::Media, format!("cannot be written: {problem}"))
        }))
    });
    of_run(Subject::Media, found.await)
}

/// Whether the media folder is there.
pub enum Presence {
    There(MediaFolder),
    /// Why it is not, in English and without its path: anyone may ask `/readyz`.
    Away(String),
}

const ANOTHER: &str = "it holds fewer than half of the series that it held, and is another folder than before; is its disk mounted?";

/// Whether the media folder is the one that was scanned before, or holds at least half of its series: before a disk is mounted, a
/// folder or two may have been put in its place.
pub async fn presence(db: &Db, library: &Library) -> Result<Presence> {
    let found = library.run(|library| {
        let folder = library.media_folder()?;
        Ok((library.is_known_media_folder(&folder)?, folder))
    });
    let folder = match found.await {
        Ok((true, folder)) => return Ok(Presence::There(folder)),
        Ok((false, folder)) => folder,
        Err(problem) => return Ok(Presence::Away(problem.to_string())),
    };
    let folders = db.read(library_file::folders).await?;
    let found = library.run(move |library| {
        let there = folders.iter().filter(|folder| library.has_folder(folder));
        Ok(2 * there.count() >= folders.len())
    });
    Ok(match found.await? {
        true => Presence::There(folder),
        false => Presence::Away(ANOTHER.to_owned()),
    })
}

async fn look_at_data(library: Library) -> Vec<Problem> {
    let found = library.run(|library| {
        Ok(library.try_writing().err().map(|problem| {
            let why = format!("cannot be written: {problem}");
            match is_no_room(&problem) {
                true => Problem::of_coordinators(Subject::Data, why),
                false => Problem::of_visitors(Subject::Data, why),
            }
        }))
    });
    of_run(Subject::Data, found.await)
}

fn of_run(subject: Subject, found: Result<Option<Problem>>) -> Vec<Problem> {
    let broken = |problem| Some(cannot_be_checked(subject, &problem));
    found.unwrap_or_else(broken).into_iter().collect()
}

/// Whether a disk is full or takes nothing: what is there can still be watched.
fn is_no_room(problem: &io::Error) -> bool {
    matches!(
        problem.kind(),
        io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied
    )
}
