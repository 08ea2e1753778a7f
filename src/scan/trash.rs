//! Decides whether a recording in the trash comes back. In: its inspected files. Out: the decision. A sidecar that was put back
//! restores the recording; media files alone do not, so that nothing deleted becomes public again.

use rusqlite::Connection;

use super::inspected::{Inspected, MediaChange};
use super::metadata;
use super::report::{FindingKind, Report};
use crate::catalogue::recording::stored::{self, StoredRecording};
use crate::error::Result;

/// Restores the recording when its own sidecar is in the folder again and no longer says that it is deleted. Otherwise new files
/// are reported and stay where they are. `folder`: the folder of its series.
pub fn comes_back(
    conn: &Connection,
    folder: &str,
    inspected: &Inspected,
    existing: &StoredRecording,
    report: &mut Report,
) -> Result<bool> {
    let place = format!("{folder}/{}", inspected.name());
    let is_its_own = inspected.stated().id.as_deref() == Some(existing.public_id.as_str());
    // A stale sidecar could not be written when the recording was deleted, so it does not say that the recording is deleted.
    if is_its_own && !existing.sidecar_stale && inspected.stated().deleted.is_none() {
        stored::restore(conn, existing.id)?;
        report.find(place, FindingKind::Again);
        return Ok(true);
    }
    if let Some(since) = inspected.stated().deleted.as_deref() {
        if let Some(since) = metadata::moment(since) {
            stored::delete_again(conn, existing.id, since)?;
        }
        return Ok(false);
    }
    let is_new = |change: &MediaChange| matches!(change, MediaChange::Arrived { .. });
    if inspected.media.iter().any(|medium| is_new(&medium.change)) {
        report.note(
            place,
            format!(
                "is a recording that was deleted ({}); it stays deleted until its sidecar is put back as well",
                existing.public_id
            ),
        );
    }
    Ok(false)
}
