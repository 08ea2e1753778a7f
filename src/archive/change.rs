//! A change in the media folder: its files, its rows and its line in the audit list. In: changes in order. Out: the changes that
//! were made, and the error that stopped the others.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::catalogue::audit::{self, Act};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::rescan::Changed;
use crate::scan::scanner::RowChange;
use crate::sidecar;
use crate::text;

type Files = Box<dyn FnOnce(&Library) -> Result<()> + Send>;

/// A change in the media folder, with its line in the audit list.
pub struct Change {
    /// `None`: a row change writes the line, because only that change knows the outcome.
    line: Option<AuditLine>,
    /// Places to scan after the change: folder, and stem of a recording or `None` for the series file. The line and the row changes
    /// run with the first place.
    reads: Vec<(String, Option<String>)>,
    /// Whether it removes files.
    makes_room: bool,
    files: Files,
    rows: Vec<RowChange>,
}

/// The line that a change adds to the audit list.
struct AuditLine {
    act: &'static str,
    subject: String,
    before: Option<String>,
    after: Option<String>,
}

impl Change {
    /// A change to files of a recording without an audit line of its own; `rows` writes that line.
    pub fn of_files(
        (folder, stem): (&str, &str),
        files: impl FnOnce(&Library) -> Result<()> + Send + 'static,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            line: None,
            reads: vec![(folder.to_owned(), Some(stem.to_owned()))],
            makes_room: false,
            files: Box::new(files),
            rows: vec![Box::new(rows)],
        }
    }

    /// A change to files of a recording: `files` runs first, and then the recording is scanned. `act` and `subject`: the verb and
    /// the object in the audit list.
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
            makes_room: false,
            files: Box::new(files),
            rows: Vec::new(),
        }
    }

    /// A change to the series file of a folder.
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

    /// Marks a change that removes files: it is made on a full disk too.
    pub fn making_room(mut self) -> Self {
        self.makes_room = true;
        self
    }

    pub(super) fn makes_room(&self) -> bool {
        self.makes_room
    }

    /// Sets the values before and after the change in the audit list.
    pub fn saying(mut self, before: Option<String>, after: Option<String>) -> Self {
        if let Some(line) = &mut self.line {
            (line.before, line.after) = (before, after);
        }
        self
    }

    /// Sets the lines that differ between two texts as the values before and after the change.
    pub fn differing(self, before: &str, after: &str) -> Self {
        let (went, came) = difference(before, after);
        self.saying(went, came)
    }

    /// Adds another place to scan after the change.
    pub fn reading(mut self, folder: &str, stem: &str) -> Self {
        self.reads.push((folder.to_owned(), Some(stem.to_owned())));
        self
    }

    /// Adds row changes that run in the same transaction, after the files were applied.
    pub fn with_rows(
        mut self,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Self {
        self.rows.push(Box::new(rows));
        self
    }

    /// The places to scan, with the row changes and the audit line attached.
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

    /// The change after it failed half-way: its places are scanned, and no row change or audit line remains.
    fn half_done(self) -> Self {
        Self {
            line: None,
            rows: Vec::new(),
            ..self
        }
    }
}

/// Makes the file changes in order until one fails. Returns the changes whose places have to be scanned, and the error that stopped
/// the rest.
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

/// The error for a failed change, with how many changes were made. RFC 4918 §11.5: 507 when the disk is full.
fn failure(problem: Error, done: usize, all: usize) -> Error {
    match all {
        0..=1 => problem,
        _ => {
            tracing::error!(%problem, "of {all} changes {done} were made");
            let (done, all) = (done.to_string(), all.to_string());
            let is_full = matches!(problem, Error::DiskFull);
            let status = if is_full { 507 } else { 503 };
            Error::Status(status, text!("save-partly", done = done, all = all))
        }
    }
}

/// Replaces a sidecar, unless a person saved it since it was read.
///
/// [`Error::Status`] with 503 when the sidecar was changed.
pub(super) fn replace(
    library: &Library,
    folder: &str,
    file: &str,
    was: Option<&str>,
    text: &str,
) -> Result<()> {
    check(library, folder, file, was)?;
    library.write(folder, file, text.as_bytes())
}

/// [`Error::Status`] with 503 when a person saved the sidecar since it was read.
pub(super) fn check(library: &Library, folder: &str, file: &str, was: Option<&str>) -> Result<()> {
    match sidecar::read_text(library, folder, file)?.as_deref() == was {
        true => Ok(()),
        false => Err(Error::Status(503, text!("save-changed-by-hand"))),
    }
}

/// The lines that only one of two texts has: first those of `before`, then those of `after`.
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
            // The audit list is read and exported, so secrets are left out of it.
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
