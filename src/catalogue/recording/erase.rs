//! Erases a recording: its rows, captions, search entries, and what the audit list says about it except that somebody did something,
//! and when. Only its addresses stay, and answer 410, unless `address::forget_recording` took them away before.

use rusqlite::{Connection, named_params};

use crate::catalogue::query::Query;
use crate::catalogue::{audit, purge};
use crate::error::Result;

/// Erases every row of a recording. `ids`: every id it ever had; `place`: its folder and stem.
pub fn erase(conn: &Connection, id: i64, ids: &[String], place: &str) -> Result<()> {
    let subjects: Vec<String> = ids.iter().map(|id| format!("recording {id}")).collect();
    audit::forget(conn, &subjects, &places(conn, id, place)?)?;
    // Also what was sent under the same name before, and was no recording.
    let sql = "DELETE FROM upload
               WHERE (recording_id = :id AND state IN ('done', 'refused'))
                  OR (recording_id IS NULL AND state = 'refused'
                      AND name IN (SELECT name FROM upload WHERE recording_id = :id))";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "UPDATE link SET name = '-' WHERE recording_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    // The foreign keys delete jobs, captions with their cues, chapters, poster, hand-outs and credits.
    let sql = "DELETE FROM original WHERE recording_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "DELETE FROM recording WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    // What follows deletes its speakers who have no other recording, and overwrites what all of these rows were.
    purge::want(conn)
}

/// The places of the recording and of its files, without their endings.
fn places(conn: &Connection, id: i64, place: &str) -> Result<Vec<String>> {
    let sql = "SELECT folder || '/' || file FROM original WHERE recording_id = :id";
    let files: Vec<String> = conn.values(sql, named_params! { ":id": id })?;
    let stem = |file: &String| {
        file.rsplit_once('.')
            .map_or(file.clone(), |(stem, _)| stem.to_owned())
    };
    let all = files.iter().map(stem).chain([place.to_owned()]);
    Ok(all.collect())
}
