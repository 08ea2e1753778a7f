//! Whether the media folder is there. When its disk is not mounted, an empty folder is left in its place, and a scan of that would
//! call every recording missing. In: the library and the catalogue. Out: nothing, or an error before anything is changed.

use crate::app::App;
use crate::error::{Error, Result};
use crate::library::{Library, MediaFolder};
use crate::readiness::{Presence, presence};
use crate::text;

/// Checks that the media folder is the one that was scanned before, or holds at least half of its series: before a disk is mounted,
/// a folder or two may have been put in its place. Returns which folder was checked.
///
/// [`Error::Status`] with 503 otherwise.
pub async fn check(app: &App) -> Result<MediaFolder> {
    match presence(&app.db, &app.library).await? {
        Presence::There(folder) => Ok(folder),
        Presence::Away(_) => Err(gone()),
    }
}

/// Like [`check`], with a sentence for the operator.
pub(super) async fn check_for_scan(app: &App) -> Result<MediaFolder> {
    match presence(&app.db, &app.library).await? {
        Presence::There(folder) => Ok(folder),
        Presence::Away(why) => {
            let media = app.library.media().display();
            Err(Error::internal(format!(
                "{media}: {why} Nothing was changed. If it is meant to be another one, run once, with the same settings: \
                 terugkijken scan --new-media-folder"
            )))
        }
    }
}

/// Checks that what was just read was read in the folder that was checked: its disk may go away during a scan.
///
/// [`Error::Status`] with 503 otherwise.
pub(super) fn check_unchanged(library: &Library, folder: &MediaFolder) -> Result<()> {
    match library.media_folder() {
        Ok(now) if now == *folder => Ok(()),
        Ok(_) | Err(_) => Err(gone()),
    }
}

fn gone() -> Error {
    Error::Status(503, text!("media-folder-gone"))
}
