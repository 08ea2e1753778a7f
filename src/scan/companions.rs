//! Applies the companions of a recording: captions, poster, links and hand-outs. In: the inspected files. Out: their rows.

use rusqlite::Connection;

use super::inspected::Inspected;
use super::metadata;
use crate::catalogue::link::{self, Target};
use crate::catalogue::{attachment, caption, poster};
use crate::error::Result;

/// Replaces the captions, poster, links and hand-outs of a recording by those that were inspected. Returns whether anything changed
/// that visitors see.
pub fn take(conn: &Connection, id: i64, inspected: &Inspected, now: i64) -> Result<bool> {
    // A sidecar that is gone or unreadable removes no link.
    if inspected.sidecar_hash().is_some() {
        let links = metadata::links(&inspected.stated().links, Target::Recording(id), now);
        link::replace(conn, Target::Recording(id), &links, now)?;
    }
    let before = conn.total_changes();
    if let Some(captions) = &inspected.captions {
        caption::replace(conn, id, captions)?;
    }
    match (&inspected.poster, poster::of_recording(conn, id)?) {
        (Some((place, version)), before) => {
            let is_same = before.as_ref().is_some_and(|before| {
                place.is_same_file(&before.place) && before.version == *version
            });
            if !is_same {
                poster::replace(conn, id, place, version)?;
            }
        }
        (None, Some(_)) => poster::remove(conn, id)?,
        (None, None) => {}
    }
    let stated: Vec<attachment::NewAttachment> = inspected
        .attachments
        .iter()
        .map(|(words, place, version)| attachment::NewAttachment {
            place: place.clone(),
            title: metadata::attachment_title(inspected.stated(), &place.file, words),
            version: version.clone(),
            media_type: mime_guess::from_path(&place.file)
                .first_or_octet_stream()
                .to_string(),
        })
        .collect();
    attachment::replace(conn, id, &stated, now)?;
    Ok(conn.total_changes() != before)
}
