//! Erases a recording: its rows, captions, search entries, and the values about it in the audit list. Only its addresses stay, and
//! answer 410, unless `address::forget_recording` took them away before.

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::catalogue::query::Query;
use crate::error::Result;

/// Erases every row of a recording. `folder` and `stem`: the place under which the audit list names it.
pub fn erase(
    conn: &Connection,
    id: i64,
    public_id: &PublicId,
    folder: &str,
    stem: &str,
) -> Result<()> {
    let subject = format!("recording {public_id}");
    // The audit list also names the earlier places of the recording.
    let sql = "SELECT DISTINCT before FROM audit WHERE subject = :subject AND act = 'move' AND before IS NOT NULL";
    let mut places: Vec<String> = conn.values(sql, named_params! { ":subject": subject })?;
    places.push(format!("{folder}/{stem}"));
    let sql = "UPDATE audit SET before = NULL, after = NULL,
                                subject = iif(subject = :subject, subject, 'removed')
               WHERE subject = :subject OR subject = :place OR instr(subject, :place || '.') = 1 OR before = :place";
    for place in places {
        conn.write(sql, named_params! { ":subject": subject, ":place": place })?;
    }
    let sql = "DELETE FROM upload WHERE recording_id = :id AND state IN ('done', 'refused')";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "DELETE FROM recording_index WHERE rowid = :id";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "UPDATE link SET name = '-' WHERE recording_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    // The foreign keys delete jobs, captions with their cues, chapters, poster, hand-outs and credits.
    let sql = "DELETE FROM original WHERE recording_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "DELETE FROM recording WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    // A speaker without any other recording is removed.
    conn.execute_batch(
        "DELETE FROM address
         WHERE kind = 'speaker' AND NOT EXISTS (SELECT 1 FROM recording_speaker WHERE recording_speaker.speaker_id = address.speaker_id);
         DELETE FROM speaker WHERE NOT EXISTS (SELECT 1 FROM recording_speaker WHERE speaker_id = speaker.id);
         INSERT INTO recording_index (recording_index) VALUES ('optimize');",
    )?;
    Ok(())
}
