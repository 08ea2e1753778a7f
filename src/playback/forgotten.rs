//! A media address of a version that this catalogue never knew: one made again from the folder knows nothing of the files before
//! those that lie there. In: the name of the file in the address. Out: the address of what is there today.

use rusqlite::Connection;

use crate::catalogue::{PublicId, Viewer, attachment, original, recording};
use crate::error::Result;
use crate::web::urls;

/// The address of the file or hand-out that has this name today; of a file that was renamed besides, that of its kind.
pub fn lead(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
    name: &str,
) -> Result<Option<String>> {
    let Some(recording) = recording::by_public_id(conn, viewer, id)? else {
        return Ok(None);
    };
    let (files, beside) = (
        original::sources(conn, recording.id)?,
        attachment::of_recording(conn, recording.id)?,
    );
    let ending = |name: &str| name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
    let files = files.iter().map(|it| (&it.version, &it.place.file));
    let beside = beside.iter().map(|it| (&it.version, &it.place.file));
    let mut same = files.clone().chain(beside).filter(|it| it.1 == name);
    let mut alike = files.filter(|it| ending(it.1) == ending(name));
    let found = same.next().or_else(|| alike.next());
    Ok(found.map(|(version, file)| urls::media(id, version, file)))
}
