//! Completes moves of recordings that were cut off between two files, before a folder is read: in between, a recording lies under two
//! stems. In: what [`crate::library::moves`] wrote down. Out: lines in the report.

use std::sync::Arc;

use super::scanner::Scanner;
use super::{file_name, presence};
use crate::app::App;
use crate::catalogue::name::composed;
use crate::error::{Error, Result};
use crate::library::moves::{Move, Told};
use crate::sidecar::{self, RecordingSidecar};
use crate::text;

/// Completes moves at the start, before somebody changes what was being moved.
pub async fn complete_all(app: &App) -> Result<()> {
    let media_folder = presence::check(app).await?;
    let mut scanner = Scanner::new(app, media_folder, Arc::new(|_| {}));
    scanner.complete_moves().await
}

impl Scanner<'_> {
    /// Completes the moves of this media folder, each under the locks of its two series. One whose series is busy is being made.
    pub(super) async fn complete_moves(&mut self) -> Result<()> {
        let found = self.with_library(|library, _| library.moves_under_way());
        for what in found.await? {
            let folders = [what.from.folder.clone(), what.to.folder.clone()];
            let locks = self.app.library.lock(folders.iter().map(String::as_str));
            let Ok(_locks) = locks.await else { continue };
            self.with_library(move |library, findings| {
                // Whoever held the locks may have completed it.
                if !library.has_move(&what)? {
                    return Ok(());
                }
                let place = format!("{}/{}", what.to.folder, what.to.sidecar);
                let outcome = match library.complete_move(&what, tell) {
                    Ok(()) => "its move was cut off and is complete now".to_owned(),
                    Err(problem) => {
                        format!("its move was cut off and cannot be completed: {problem}")
                    }
                };
                findings.report.note(place, outcome);
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}

/// Reads a sidecar that stands at one end of a move.
///
/// [`Error::Refused`] when it cannot be read.
pub fn tell(what: &Move, text: &[u8]) -> Result<Told> {
    let broken = |why: String| Error::Refused(text!("sidecar-broken", why = why));
    let text = std::str::from_utf8(text).map_err(|problem| broken(problem.to_string()))?;
    let (old, new) = (&what.from.sidecar, &what.to.sidecar);
    let mut id = None;
    let renamed = sidecar::edit_recording(Some(text), |sidecar| {
        // The id that a hand took out is put back: the address depends on it.
        id.clone_from(&sidecar.id);
        sidecar.id.get_or_insert_with(|| what.id.clone());
        // A file of another stem than the sidecar went along when it was known.
        let named = sidecar.file.clone().unwrap_or_default();
        let is_known = |(before, _): &(String, String)| composed(before) == composed(&named);
        let other = match what.files.iter().any(is_known) {
            true => file_name::kind(&named).0,
            false => "",
        };
        rename(
            sidecar,
            (file_name::kind(old).0, other),
            file_name::kind(new).0,
        );
    });
    let renamed = renamed.map_err(|broken_text| broken(broken_text.message))?;
    Ok(Told { id, renamed })
}

/// The part of a file name after the stem of the recording or, if that differs, of its media file; `None` when it begins with neither.
/// Names may be spelt in two ways.
pub fn after_stem(file: &str, (stem, other): (&str, &str)) -> Option<String> {
    let file = composed(file);
    let behind = |stem: &str| {
        let rest = file.strip_prefix(&*composed(stem))?;
        (!stem.is_empty() && rest.starts_with('.')).then(|| rest.to_owned())
    };
    behind(stem).or_else(|| behind(other))
}

/// Renames the files that the sidecar lists from the old stem to the new one.
pub fn rename(sidecar: &mut RecordingSidecar, old: (&str, &str), new: &str) {
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
