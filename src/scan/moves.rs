//! Completes moves of recordings that were cut off between two files, before a folder is read: in between, a recording lies under two
//! stems. In: what [`crate::library::moves`] wrote down. Out: lines in the report.

use std::sync::Arc;

use super::presence;
use super::scanner::Scanner;
use crate::app::App;
use crate::error::Result;

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
                let outcome = match library.complete_move(&what) {
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
