//! Hashes a whole file, so that a second upload of the same bytes is recognised and a damaged disk is noticed. The version in an
//! address covers samples only; this hash reads the whole file and therefore runs as a job, unless it is needed at once.

use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::original::{self, Original};
use crate::error::{Error, Result};
use crate::library;

/// Hashes the original of the job, unless it is gone or was replaced: then the next scan says what is to be hashed instead.
pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(id) = work.job.original_id else {
        return Ok(done());
    };
    let original = app.db.read(move |conn| original::by_id(conn, id)).await?;
    match original.missing || original.superseded {
        true => Ok(done()),
        false => of_original(app, &original).await.map(|_| done()),
    }
}

/// The BLAKE3 hash of a present original in hexadecimal, computed and stored when it is not known yet. `None`: the file was
/// replaced, which the next scan notices.
pub async fn of_original(app: &App, original: &Original) -> Result<Option<String>> {
    if original.content_hash.is_some() {
        return Ok(original.content_hash.clone());
    }
    let place = original.place.clone();
    let hashed = app.library.run(move |library| {
        let mut file = library.open_unchanged(&place)?;
        Ok(library::hash(&mut file)?)
    });
    let hash = match hashed.await {
        Err(Error::Changed) => return Ok(None),
        hash => hash?.to_hex().to_string(),
    };
    let (id, noted) = (original.id, hash.clone());
    app.db
        .write(move |conn| original::set_content_hash(conn, id, &noted))
        .await?;
    Ok(Some(hash))
}
