//! Resolves a media address whose version the catalogue does not know, because a rebuilt catalogue knows only the files that it
//! found. In: the file name in the address. Out: the address of the current file.

use rusqlite::Connection;

use crate::catalogue::{attachment, original, recording};
use crate::error::Result;
use crate::web::urls;

/// The address of the current file or hand-out with this name; when the file was also renamed, that of the same kind.
pub fn lead(conn: &Connection, recording: i64, name: &str) -> Result<Option<String>> {
    let files = original::sources(conn, recording)?;
    let attachments = attachment::of_recording(conn, recording)?;
    let ending = |name: &str| name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
    let files = files.iter().map(|it| (&it.version, &it.place.file));
    let attachments = attachments.iter().map(|it| (&it.version, &it.place.file));
    let mut same = files.clone().chain(attachments).filter(|it| it.1 == name);
    let mut alike = files.filter(|it| ending(it.1) == ending(name));
    let Some((version, file)) = same.next().or_else(|| alike.next()) else {
        return Ok(None);
    };
    let id = recording::public_id(conn, recording)?;
    Ok(Some(urls::media(&id, version, file)))
}
