//! One change of the folder: which files, which rows besides, and the line of the audit list it is. In: changes in order. Out: how
//! far they came.

use std::collections::BTreeSet;
use std::io;

use rusqlite::Connection;

use crate::catalogue::audit::{self, Act};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::rescan::Changed;
use crate::scan::scanner::RowChange;
use crate::sidecar;
use crate::text;

type Files = Box<dyn FnOnce(&Library) -> Result<()> + Send>;

/// One change of the folder, with its line in the audit list.
pub struct Change {
    /// `None`: the rows say it themselves, because only they know what became of it.
    line: Option<AuditLine>,
    /// What is read again: folder, and stem of a recording or `None` for what the series says of itself. The first is that with
    /// which the rest is noted.
    reads: Vec<(String, Option<String>)>,
    files: Files,
    rows: Vec<RowChange>,
}

/// What the audit list says.
struct AuditLine {
    act: &'static str,
    subject: String,
    before: Option<String>,
    after: Option<String>,
}

impl Change {
    /// Changes files of a recording without a line in the audit list; `rows` write it.
    pub fn of_files(
        (folder, stem): (&str, &str),
        files: impl FnOnce(&Library) -> Result<()> + Send + 'static,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            line: None,
            reads: vec![(folder.to_owned(), Some(stem.to_owned()))],
            files: Box::new(files),
            rows: vec![Box::new(rows)],
        }
    }

    /// Changes files of a recording: `files` is done first, and then the recording is read again. `act` and `subject`: the verb
    /// for the audit list, and what it was done to.
    pub fn of_recording(
        act: &'static str,
        subject: String,
        (folder, stem): (&str, &str),
        files: impl FnOnce(&Library) -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            line: Some(AuditLine {
                act,
                subject,
                before: None,
                after: None,
            }),
            reads: vec![(folder.to_owned(), Some(stem.to_owned()))],
            files: Box::new(files),
            rows: Vec::new(),
        }
    }

    /// Changes what a series says of itself.
    pub fn of_series(
        act: &'static str,
        subject: String,
        folder: &str,
        files: impl FnOnce(&Library) -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            reads: vec![(folder.to_owned(), None)],
            ..Self::of_recording(act, subject, (folder, ""), files)
        }
    }

    /// What the audit list says of before and after.
    pub fn saying(mut self, before: Option<String>, after: Option<String>) -> Self {
        if let Some(line) = &mut self.line {
            (line.before, line.after) = (before, after);
        }
        self
    }

    /// The same with the lines that only one of two texts has.
    pub fn differing(self, before: &str, after: &str) -> Self {
        let (went, came) = difference(before, after);
        self.saying(went, came)
    }

    /// Reads this place again as well.
    pub fn reading(mut self, folder: &str, stem: &str) -> Self {
        self.reads.push((folder.to_owned(), Some(stem.to_owned())));
        self
    }

    /// Changes rows in the same transaction, after the folder was taken over.
    pub fn with_rows(
        mut self,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Self {
        self.rows.push(Box::new(rows));
        self
    }

    /// What is read again, and what is written down with it.
    pub(super) fn noted(self, actor: &str, now: i64) -> Vec<Changed> {
        let (actor, mut rows) = (actor.to_owned(), self.rows);
        if let Some(line) = self.line {
            rows.push(Box::new(move |conn| {
                let act = Act {
                    actor: &actor,
                    act: line.act,
                    subject: &line.subject,
                    before: line.before.as_deref(),
                    after: line.after.as_deref(),
                };
                audit::note(conn, &act, now)
            }));
        }
        let mut row_changes = Some(rows);
        self.reads
            .into_iter()
            .map(|(folder, stem)| Changed {
                folder,
                stem,
                row_changes: row_changes.take().unwrap_or_default(),
            })
            .collect()
    }

    /// After it failed half-way: its places are read again, and nothing of it is noted as done.
    fn half_done(self) -> Self {
        Self {
            line: None,
            rows: Vec::new(),
            ..self
        }
    }
}

/// Changes the files, one change after the other, until one fails. Answers what has to be read again, and noted as far as it was
/// done; and what was not done.
pub(super) fn perform(library: &Library, changes: Vec<Change>) -> (Vec<Change>, Result<()>) {
    let all = changes.len();
    let mut changed = Vec::with_capacity(all);
    for mut change in changes {
        let files = std::mem::replace(&mut change.files, Box::new(|_| Ok(())));
        if let Err(problem) = files(library) {
            let failed = failure(problem, changed.len(), all);
            changed.push(change.half_done());
            return (changed, Err(failed));
        }
        changed.push(change);
    }
    (changed, Ok(()))
}

/// The answer: what was done and what was not. RFC 4918 §11.5: 507 when the disk is full.
fn failure(problem: Error, done: usize, all: usize) -> Error {
    let is_full = problem.is_disk_full();
    match (all, is_full) {
        (0..=1, true) => Error::Status(507, text!("save-disk-full")),
        (0..=1, false) => problem,
        (_, is_full) => {
            tracing::error!(%problem, "of {all} changes {done} were made");
            let (done, all) = (done.to_string(), all.to_string());
            let status = if is_full { 507 } else { 503 };
            Error::Status(status, text!("save-partly", done = done, all = all))
        }
    }
}

impl Error {
    /// Whether a disk, or someone's share of it, is full.
    pub fn is_disk_full(&self) -> bool {
        let Self::Internal(cause) = self else {
            return false;
        };
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(
            kind,
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        )
    }
}

/// Replaces a sidecar, if it still is what was read: a person may have saved it in the meantime.
///
/// [`Error::Status`] with 503 when it is not.
pub(super) fn replace(
    library: &Library,
    folder: &str,
    file: &str,
    was: Option<&str>,
    text: &str,
) -> Result<()> {
    if sidecar::read_text(library, folder, file)?.as_deref() != was {
        return Err(Error::Status(503, text!("save-changed-by-hand")));
    }
    library.write(folder, file, text.as_bytes())
}

/// The lines that only one of two texts has.
pub fn difference(before: &str, after: &str) -> (Option<String>, Option<String>) {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    let (old, new) = (lines(before), lines(after));
    let only = |text: &str, other: &BTreeSet<String>| {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !other.contains(line.trim_end()))
            // The list is read and exported; what opens something does not belong there, however it is written.
            .map(|line| match line {
                line if line.contains("password_hash") => "password_hash = …",
                line if line.contains("token") => "token = …",
                _ => line,
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    (only(before, &new), only(after, &old))
}
