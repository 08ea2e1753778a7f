//! Files of a recording in the trash. In: what was seen of them. Out: whether the recording comes back. The folder speaks:
//! a sidecar that was put back brings the recording back; bytes alone do not, lest something deleted be public again.

use rusqlite::Connection;

use super::inspected::{Inspected, MediaChange};
use super::report::{FindingKind, Report};
use crate::catalogue::recording::stored::{self, StoredRecording};
use crate::error::Result;

/// Takes the recording out of the trash when its own sidecar lies there again and says nothing of the trash. Otherwise a
/// file that is new here is reported, and stays where it is. `folder`: of its series.
pub fn comes_back(
    conn: &Connection,
    folder: &str,
    inspected: &Inspected,
    existing: &StoredRecording,
    report: &mut Report,
) -> Result<bool> {
    let place = format!("{folder}/{}", inspected.name());
    let is_its_own = inspected.stated().id.as_deref() == Some(existing.public_id.as_str());
    // A stale sidecar could not be written when the recording was deleted, and knows nothing of it.
    if is_its_own && !existing.sidecar_stale && inspected.stated().deleted.is_none() {
        stored::restore(conn, existing.id)?;
        report.find(place, FindingKind::Again);
        return Ok(true);
    }
    if inspected.stated().deleted.is_some() {
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
