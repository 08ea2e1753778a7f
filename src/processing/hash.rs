//! The hash of a whole file, so that two uploads of one recording are recognised and a damaged disk is noticed. The
//! version in the address is known at once and covers samples only; this reads everything and therefore waits its turn, unless
//! somebody needs it now.

use crate::app::App;
use crate::catalogue::job::Job;
use crate::catalogue::original::{self, Original};
use crate::error::{Error, Result};
use crate::library;

/// Hashes the original of the job. [`Error::Changed`] when another file lies there now: the scan will see to it.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let id = job.original_id.ok_or(Error::NotFound)?;
    let original = app.db.read(move |conn| original::by_id(conn, id)).await?;
    let hash = of_original(app, &original).await?;
    hash.map(drop).ok_or(Error::Changed)
}

/// The hash of an original that is there, hexadecimal; reckoned and noted when it is not known yet. `None`: another file lies
/// there now, and the scan will see to it.
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
