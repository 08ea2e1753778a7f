//! The hash of a whole file, so that two uploads of one recording are recognised and a damaged disk is noticed. The
//! version in the address is known at once and covers samples only; this reads everything and therefore waits its turn.

use std::io::{self, Read};

use crate::app::App;
use crate::catalogue::job::Job;
use crate::catalogue::original;
use crate::error::{Error, Result};

/// Read at a time; BLAKE3 is at its best from about this size.
const READ_BYTES: usize = 1024 * 1024;

/// Hashes the original of the job. One that is gone or superseded needs no hash.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let Some(id) = job.original_id else {
        return Ok(());
    };
    let original = app.db.read(move |conn| original::by_id(conn, id)).await?;
    if original.missing || original.superseded {
        return Ok(());
    }
    let library = app.library.clone();
    let hashed = tokio::task::spawn_blocking(move || {
        let mut file = library.open_known(&original.place)?;
        hash(&mut file).map_err(Error::from)
    });
    let hash = match hashed.await.map_err(Error::internal)? {
        // Another file lies there now: the scan will see to it and queue a job of its own.
        Err(Error::Changed) => return Ok(()),
        other => other?,
    };
    app.db
        .write(move |conn| original::set_content_hash(conn, id, &hash))
        .await
}

fn hash<R: Read>(file: &mut R) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => hasher.update(&buffer[..read]),
        };
    }
}
