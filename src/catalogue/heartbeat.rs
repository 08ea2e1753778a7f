//! The heartbeat: when the server last ran, so that nothing is destroyed by age because of one reading of a clock. After more than a
//! day between two heartbeats (the clock jumped, or the machine was off) whatever is destroyed by age waits for a day of running time.

use rusqlite::{Connection, named_params};

use super::query::Query;
use crate::error::Result;

/// Seconds between two heartbeats above which the clock is not trusted, and seconds of running time until it is again.
const DAY: i64 = 24 * 60 * 60;

/// Seconds for which it waits at least after such a gap, also when a day is almost over.
const AT_LEAST: i64 = 2 * 60 * 60;

/// Condition of an SQL statement: ages can be trusted. A portal without heartbeats, such as that of a command, trusts them.
macro_rules! ages_count {
    () => {
        "NOT EXISTS (SELECT 1 FROM heartbeat WHERE wait_s > 0)"
    };
}
pub(crate) use ages_count;

/// Records a heartbeat. `now`: UTC seconds; `ran_s`: seconds that this process ran since its last heartbeat, by a clock that does not
/// jump; `None` at its start.
pub fn beat(conn: &Connection, now: i64, ran_s: Option<i64>) -> Result<()> {
    let sql = "SELECT at, wait_s FROM heartbeat";
    let before: Option<(i64, i64)> = conn.find(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let wait_s = match before {
        // The clock of a machine that starts for the first time may be wrong as well.
        None => DAY,
        Some((at, wait_s)) => {
            let ran = ran_s.unwrap_or(0);
            // A clock that goes back makes nothing older; when it goes on again, that is a jump.
            let has_jumped = now - at - ran > DAY;
            match (has_jumped, ran_s) {
                (false, _) => (wait_s - ran).max(0),
                // A machine that is off for days at a time adds up its running time all the same.
                (true, None) if wait_s > 0 => wait_s.max(AT_LEAST),
                (true, _) => DAY,
            }
        }
    };
    let sql = "INSERT INTO heartbeat (id, at, wait_s) VALUES (1, :now, :wait)
               ON CONFLICT (id) DO UPDATE SET at = excluded.at, wait_s = excluded.wait_s";
    conn.write(sql, named_params! { ":now": now, ":wait": wait_s })
}

/// Seconds of running time for which something is kept that is old enough to be destroyed; 0 when nothing is. `trashed_before`: UTC
/// seconds before which the trash would be emptied, when it is; `written_before`: before which a message would be erased; `now`: UTC
/// seconds.
pub fn kept_s(
    conn: &Connection,
    trashed_before: Option<i64>,
    written_before: i64,
    now: i64,
) -> Result<i64> {
    let sql = "SELECT wait_s FROM heartbeat
               WHERE EXISTS (SELECT 1 FROM recording WHERE deleted_at < :before)
                  OR EXISTS (SELECT 1 FROM upload WHERE state = 'arriving' AND expires_at <= :now)
                  OR EXISTS (SELECT 1 FROM message WHERE received_at <= :written)";
    let params =
        named_params! { ":before": trashed_before, ":written": written_before, ":now": now };
    Ok(conn.find_value(sql, params)?.unwrap_or(0))
}
