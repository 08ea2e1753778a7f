//! Moves recordings to another series: all files of a stem go to another folder, the sidecar last, and the addresses stay. In: ids
//! and target series. Out: changes in the media folder.
//!
//! Each file is renamed, never copied and never over another file. A power cut half-way leaves every file in one of the two
//! folders, and repeating the move completes it.

use super::{Archive, Change, Current};
use crate::app::App;
use crate::catalogue::name::composed;
use crate::catalogue::{PublicId, recording::stored, series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::{file_name, list, stem};
use crate::sidecar::{self, RecordingSidecar};

/// Moves each recording to the series with this row id. A recording that is already there stays. `actor`: for the audit list.
///
/// [`Error::Refused`] when one of the folders cannot be written.
pub async fn to_series(app: &App, actor: &str, wanted: Vec<(PublicId, i64)>) -> Result<()> {
    let (ids, rows): (Vec<PublicId>, Vec<i64>) = wanted.into_iter().unzip();
    let (asked, targets) = (ids.clone(), rows.clone());
    let found = app.db.read(move |conn| {
        let series = series::by_ids(conn, &targets)?;
        Ok((stored::with_folders(conn, &asked)?, series))
    });
    let (from, series) = found.await?;
    let to = |row: &i64| series.get(row).map(|series| series.folder.clone());
    let targets = rows.iter().map(to).collect::<Option<Vec<String>>>();
    let targets = targets.ok_or(Error::NotFound)?;
    let folders = from.into_iter().map(|(_, folder)| folder);
    let archive = Archive::of_folders(app, actor, folders.chain(targets.clone())).await?;
    let found = archive.recordings(&ids).await?;
    let moves = found
        .into_iter()
        .zip(targets)
        .filter(|(current, to)| current.folder != *to);
    let mut changes = Vec::new();
    for (current, to) in moves {
        changes.push(planned(app, current, to).await?);
    }
    archive.commit(changes).await.map(drop)
}

/// The change that moves a recording to another folder, under a stem that is free there.
async fn planned(app: &App, current: Current, to: String) -> Result<Change> {
    app.library
        .run(move |library| {
            let (from, stem) = current.place();
            let files = list::group(library, from, stem)?.files();
            // The media file may have a stem of its own, when the sidecar names the file.
            let named = current.sidecar.file.as_deref().unwrap_or_default();
            let other = file_name::kind(named).0.to_owned();
            let new = stem::free_like(&library.names(&to)?, stem);
            let text = current.edited_text(|sidecar| rename(sidecar, (stem, &other), &new))?;
            let (before, after) = (format!("{from}/{stem}"), format!("{to}/{new}"));
            let change = Move {
                files,
                other,
                to: (to.clone(), new.clone()),
                text,
                current: current.clone(),
            };
            // The new place is scanned first, so that the recording is never marked as missing.
            Ok(
                Change::of_recording("move", current.subject(), (&to, &new), move |library| {
                    change.perform(library)
                })
                .reading(from, stem)
                .saying(Some(before), Some(after)),
            )
        })
        .await
}

/// The move of one recording's files.
struct Move {
    current: Current,
    files: Vec<String>,
    /// The stem of its media file, when it differs from that of the recording.
    other: String,
    /// Target folder and stem.
    to: (String, String),
    text: String,
}

impl Move {
    fn perform(&self, library: &Library) -> Result<()> {
        let (from, stem) = self.current.place();
        let (to, new) = (self.to.0.as_str(), &self.to.1);
        for file in &self.files {
            let rest = after_stem(file, (stem, &self.other));
            let rest = rest.as_deref().unwrap_or(file);
            library.rename((from, file), (to, &format!("{new}{rest}")))?;
        }
        library.move_versions(from, to, &self.current.stored.public_id)?;
        library.write(to, &sidecar::file_of(new), self.text.as_bytes())?;
        library.remove(from, &sidecar::file_of(stem))
    }
}

/// The part of a file name after the stem of the recording or, if that differs, of its media file; `None` when it begins with neither.
/// Names may be spelt in two ways.
fn after_stem(file: &str, (stem, other): (&str, &str)) -> Option<String> {
    let file = composed(file);
    let behind = |stem: &str| {
        let rest = file.strip_prefix(&*composed(stem))?;
        (!stem.is_empty() && rest.starts_with('.')).then(|| rest.to_owned())
    };
    behind(stem).or_else(|| behind(other))
}

/// Renames the files that the sidecar lists from the old stem to the new one.
fn rename(sidecar: &mut RecordingSidecar, old: (&str, &str), new: &str) {
    let files = sidecar
        .attachments
        .iter_mut()
        .map(|attachment| &mut attachment.file);
    for file in sidecar.file.iter_mut().chain(files) {
        if let Some(rest) = after_stem(file, old) {
            *file = format!("{new}{rest}");
        }
    }
}
