//! Files of a recording in the trash. In: what was seen of them. Out: whether the recording comes back. The folder speaks:
//! a sidecar that was put back brings the recording back; bytes alone do not, lest something deleted be public again.

use rusqlite::Connection;

use super::inspected::{Look, Seen};
use super::report::{Found, Report};
use crate::catalogue::recording::stored::{self, Known};
use crate::error::Result;

/// Takes the recording out of the trash when its own sidecar lies there again and says nothing of the trash. Otherwise a
/// file that is new here is reported, and stays where it is. `folder`: of its series.
pub fn comes_back(
    conn: &Connection,
    folder: &str,
    seen: &Seen,
    known: &Known,
    report: &mut Report,
) -> Result<bool> {
    let place = format!("{folder}/{}", seen.name());
    let is_its_own = seen.said().id.as_deref() == Some(known.public_id.as_str());
    // A stale sidecar could not be written when the recording was deleted, and knows nothing of it.
    if is_its_own && !known.sidecar_stale && seen.said().deleted.is_none() {
        stored::restore(conn, known.id)?;
        report.find(place, Found::Again);
        return Ok(true);
    }
    if seen.said().deleted.is_some() {
        return Ok(false);
    }
    let is_new = |look: &Look| matches!(look, Look::Arrived { .. });
    if seen.media.iter().any(|medium| is_new(&medium.look)) {
        report.note(
            place,
            format!(
                "is a recording that was deleted ({}); it stays deleted until its sidecar is put back as well",
                known.public_id
            ),
        );
    }
    Ok(false)
}
