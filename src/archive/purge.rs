//! Takes the last bytes of what was wiped, replaced or taken out from the database file. In: the mark that a wipe left. Out: a file
//! and a log that hold what the tables hold, and nothing else.

use crate::app::App;
use crate::catalogue::purge;
use crate::error::{Error, Result};
use crate::search;

/// Finishes the wipes so far, also those of an earlier run. Returns whether nothing is left to do: while another process reads the
/// database its log cannot be emptied, and all of it is done again later.
///
/// [`Error::DiskFull`] when the new file does not fit on the disk beside the old one.
pub async fn purge(app: &App) -> Result<bool> {
    // A task of its own goes on when the browser disconnects.
    let app = app.clone();
    tokio::spawn(async move { perform(&app).await })
        .await
        .map_err(Error::internal)?
}

async fn perform(app: &App) -> Result<bool> {
    let now = app.clock.now();
    let due = || app.db.read(move |conn| purge::due(conn, now));
    if due().await?.is_none() {
        return Ok(true);
    }
    // Before the turn is taken: `/readyz` asks for no write while the file is being written anew, and must see a full disk.
    let has_room = app.library.run(|library| library.has_room_for_rewrite());
    has_room.await?;
    let _alone = app.db.lock_for_rewrite().await;
    let Some(wipes) = due().await? else {
        return Ok(true);
    };
    app.db
        .write(|conn| {
            purge::forget(conn)?;
            search::index::forget(conn)
        })
        .await?;
    if !app.db.rewrite().await? {
        return Ok(false);
    }
    app.db
        .write(move |conn| purge::done(conn, wipes, now))
        .await?;
    Ok(true)
}
