//! Whether the media folder is there. When its disk is not mounted, an empty folder is left in its place, and a scan of that would
//! call every recording missing. In: the library and the catalogue. Out: nothing, or an error before anything is changed.

use crate::app::App;
use crate::catalogue::library_file;
use crate::error::{Error, Result};
use crate::text;

/// Checks that the media folder is the one that was scanned before, or holds at least half of its series: before a disk is mounted,
/// a folder or two may have been put in its place.
///
/// [`Error::Status`] with 503 otherwise.
pub async fn check(app: &App) -> Result<()> {
    match absence(app).await? {
        None => Ok(()),
        Some(_) => Err(Error::Status(503, text!("media-folder-gone"))),
    }
}

/// Like [`check`], with a sentence for the operator.
pub(super) async fn check_for_scan(app: &App) -> Result<()> {
    match absence(app).await? {
        None => Ok(()),
        Some(why) => Err(Error::internal(why)),
    }
}

/// Why the media folder is not there; `None` when it is.
async fn absence(app: &App) -> Result<Option<String>> {
    let media = app.library.media().display();
    let is_known = app.library.run(|library| library.is_known_media_folder());
    match is_known.await {
        Ok(true) => return Ok(None),
        Ok(false) => {}
        Err(problem) => return Ok(Some(format!("{media}: {problem}"))),
    }
    let folders = app.db.read(library_file::folders).await?;
    let found = app.library.run(move |library| {
        let there = folders.iter().filter(|folder| library.has_folder(folder));
        Ok(2 * there.count() >= folders.len())
    });
    Ok((!found.await?).then(|| {
        format!(
            "{media} holds fewer than half of the series that it held, and is another folder than before; is its disk mounted? \
             Nothing was changed. If it is meant to be another one, remove {}",
            app.library.media_folder_record().display()
        )
    }))
}
