//! Removing a recording for good: its rows, what is said in it, its search entries, and the words about it in the audit list.
//! Only its addresses stay, and answer "gone".

use rusqlite::{Connection, named_params};

use crate::catalogue::PublicId;
use crate::error::Result;

/// Removes every row of a recording. `folder` and `stem`: under which names the scan wrote about it in the audit list.
pub fn erase(
    conn: &Connection,
    id: i64,
    public_id: &PublicId,
    folder: &str,
    stem: &str,
) -> Result<()> {
    let subject = format!("recording {public_id}");
    // It may have stood elsewhere before.
    let mut places: Vec<String> = conn
        .prepare_cached("SELECT DISTINCT before FROM audit WHERE subject = :subject AND act = 'move' AND before IS NOT NULL")?
        .query_map(named_params! { ":subject": subject }, |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    places.push(format!("{folder}/{stem}"));
    let mut forget = conn.prepare_cached(
        "UPDATE audit SET before = NULL, after = NULL,
                          subject = iif(subject = :subject, subject, 'removed')
         WHERE subject = :subject OR subject = :place OR instr(subject, :place || '.') = 1 OR before = :place",
    )?;
    for place in places {
        forget.execute(named_params! { ":subject": subject, ":place": place })?;
    }
    conn.prepare_cached(
        "DELETE FROM upload WHERE recording_id = :id AND state IN ('done', 'refused')",
    )?
    .execute(named_params! { ":id": id })?;
    conn.prepare_cached("DELETE FROM recording_index WHERE rowid = :id")?
        .execute(named_params! { ":id": id })?;
    conn.prepare_cached("UPDATE link SET name = '-' WHERE recording_id = :id")?
        .execute(named_params! { ":id": id })?;
    // Jobs, captions with their cues, chapters, poster, hand-outs and who speaks go with it.
    conn.prepare_cached("DELETE FROM original WHERE recording_id = :id")?
        .execute(named_params! { ":id": id })?;
    conn.prepare_cached("DELETE FROM recording WHERE id = :id")?
        .execute(named_params! { ":id": id })?;
    // Whoever speaks nowhere else is nobody here.
    conn.execute_batch(
        "DELETE FROM address
         WHERE kind = 'speaker' AND NOT EXISTS (SELECT 1 FROM recording_speaker WHERE recording_speaker.speaker_id = address.speaker_id);
         DELETE FROM speaker WHERE NOT EXISTS (SELECT 1 FROM recording_speaker WHERE speaker_id = speaker.id);
         INSERT INTO recording_index (recording_index) VALUES ('optimize');",
    )?;
    Ok(())
}
