//! Whether what was deleted may still stand in unused bytes of the database file.

use rusqlite::{Connection, named_params};

use super::query::Query;
use crate::error::Result;

/// Seconds after which the file is written anew when no wipe asks for it sooner: what was corrected, replaced or taken out, such as
/// a name, a sentence of a caption or a message, is not kept longer than that.
const DAY: i64 = 24 * 60 * 60;

/// Asks for the file to be written anew, in the transaction that wipes something.
pub fn want(conn: &Connection) -> Result<()> {
    conn.write("UPDATE purge SET wanted = wanted + 1", [])
}

/// The number of wipes for which the file is to be written anew at this moment (UTC seconds); `None`: it need not be.
pub fn due(conn: &Connection, now: i64) -> Result<Option<i64>> {
    let sql = "SELECT wanted FROM purge WHERE wanted > done OR abs(:now - at) >= :day";
    conn.find_value(sql, named_params! { ":now": now, ":day": DAY })
}

/// Deletes what the tables keep of what nothing names any more: speakers without a recording, with their addresses.
pub fn forget(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "DELETE FROM address
         WHERE kind = 'speaker' AND NOT EXISTS (SELECT 1 FROM recording_speaker WHERE recording_speaker.speaker_id = address.speaker_id);
         DELETE FROM speaker WHERE NOT EXISTS (SELECT 1 FROM recording_speaker WHERE speaker_id = speaker.id);",
    )?;
    Ok(())
}

/// Notes that the file was written anew for so many wipes. One that came meanwhile asks for another time.
pub fn done(conn: &Connection, wipes: i64, now: i64) -> Result<()> {
    let sql = "UPDATE purge SET done = :wipes, at = :now";
    conn.write(sql, named_params! { ":wipes": wipes, ":now": now })
}
