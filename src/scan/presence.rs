//! Whether the media folder is there. When its disk is not mounted, an empty folder is left in its place, and a scan of that would
//! call every recording missing. In: the library and the catalogue. Out: nothing, or an error before anything is changed.

use crate::app::App;
use crate::error::{Error, Result};
use crate::readiness::absence;
use crate::text;

/// Checks that the media folder is the one that was scanned before, or holds at least half of its series: before a disk is mounted,
/// a folder or two may have been put in its place.
///
/// [`Error::Status`] with 503 otherwise.
pub async fn check(app: &App) -> Result<()> {
    match absence(&app.db, &app.library).await? {
        None => Ok(()),
        Some(_) => Err(Error::Status(503, text!("media-folder-gone"))),
    }
}

/// Like [`check`], with a sentence for the operator.
pub(super) async fn check_for_scan(app: &App) -> Result<()> {
    match absence(&app.db, &app.library).await? {
        None => Ok(()),
        Some(why) => Err(Error::internal(why)),
    }
}
