//! Recordings change series: all files of a stem go to another folder, the sidecar last, and the addresses stay. In: ids and
//! the series each goes to. Out: the folders as every scan reads them.
//!
//! Each file is renamed, never copied, and never over another. A power cut in the middle leaves every file in one of the two
//! folders; moving once more takes the rest along.

use std::collections::BTreeSet;

use super::save::{Here, edited_text, is_writable};
use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::{PublicId, series};
use crate::error::{Error, Result};
use crate::intake::{look, name, scan, stem};
use crate::library::Library;
use crate::sidecar::RecordingSidecar;
use crate::web::sign_in::Me;

/// One recording on its way.
struct Move {
    here: Here,
    /// The folder it goes to.
    to: String,
}

/// Moves each recording to a series, by its row. One that is there already stays.
///
/// [`Error::Refused`] when one of the folders cannot be written.
pub async fn to_series(app: &App, me: &Me, wanted: Vec<(PublicId, i64)>) -> Result<()> {
    let lock = scan::lock(app).await?;
    let mut moves = Vec::new();
    for (id, to) in wanted {
        let here = Here::find(app, &id).await?;
        let to = app
            .db
            .read(move |conn| series::by_id(conn, to))
            .await?
            .folder;
        if here.folder != to {
            moves.push(Move { here, to });
        }
    }
    // The new places first: a recording is nowhere lost in between.
    let new: BTreeSet<String> = moves.iter().map(|one| one.to.clone()).collect();
    let old: BTreeSet<String> = moves.iter().map(|one| one.here.folder.clone()).collect();
    let library = app.library.clone();
    let moved = tokio::task::spawn_blocking(move || {
        for one in &moves {
            is_writable(&library, &one.here.folder)?;
            is_writable(&library, &one.to)?;
        }
        moves
            .iter()
            .map(|one| one.perform(&library))
            .collect::<Result<Vec<_>>>()
    });
    let moved = moved.await.map_err(Error::internal)??;
    for folder in new.iter().chain(old.difference(&new)) {
        scan::scan_folder(app, &lock, folder).await?;
    }
    let (who, now) = (me.coordinator.email.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            for (subject, before, after) in &moved {
                let act = Act {
                    who: &who,
                    act: "move",
                    subject,
                    before: Some(before),
                    after: Some(after),
                };
                audit::note(conn, &act, now)?;
            }
            Ok(())
        })
        .await
}

impl Move {
    /// Renames the files. Answers what moved, for the audit list: subject, from where, to where.
    fn perform(&self, library: &Library) -> Result<(String, String, String)> {
        let (from, to) = (self.here.folder.as_str(), self.to.as_str());
        let stem = self.here.known.said.stem.as_str();
        let files = look::group(library, from, stem)?.files();
        // A media file may have a stem of its own, which the sidecar names.
        let named = self.here.said.file.as_deref().unwrap_or_default();
        let other = name::kind(named).0;
        let taken: Vec<String> = library
            .folder(to)?
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        let new = stem::free_like(&taken, stem);
        let text = edited_text(&self.here, |said| rename(said, (stem, other), &new))?;
        for file in &files {
            let rest = after_stem(file, (stem, other));
            library.rename((from, file), (to, &format!("{new}{rest}")))?;
        }
        library.move_versions(from, to, &self.here.known.public_id)?;
        library.write(to, &format!("{new}.toml"), text.as_bytes())?;
        library.remove(from, &format!("{stem}.toml"))?;
        let subject = format!("recording {}", self.here.known.public_id);
        Ok((subject, format!("{from}/{stem}"), format!("{to}/{new}")))
    }
}

/// What stands behind the stem in the name of a file: the recording's, or the other one that its media file has.
fn after_stem<'a>(file: &'a str, (stem, other): (&str, &str)) -> &'a str {
    let behind = |stem: &str| {
        file.strip_prefix(stem)
            .filter(|rest| !stem.is_empty() && rest.starts_with('.'))
    };
    behind(stem).or_else(|| behind(other)).unwrap_or(file)
}

/// The sidecar names files of its stem.
fn rename(said: &mut RecordingSidecar, old: (&str, &str), new: &str) {
    let files = said
        .attachments
        .iter_mut()
        .map(|attachment| &mut attachment.file);
    for file in said.file.iter_mut().chain(files) {
        let rest = after_stem(file, old);
        if rest.len() < file.len() {
            *file = format!("{new}{rest}");
        }
    }
}
