//! One queued run of a step. Planned from what the tables say is still to be done, taken with a lease, deleted when done: a
//! worker that dies lets its lease run out and the job is taken again, so every step may run twice.

use rusqlite::{Connection, named_params};

use super::PublicId;
use super::query::{self, Query};
use crate::error::Result;

/// Seconds a worker may hold a job before another takes it. Longer than any step here may take.
const LEASE: i64 = 15 * 60;

/// Runs before a job that keeps failing, or keeps killing its worker, is parked: it must not be what every start ends on.
const ATTEMPTS: i64 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    /// The name of a kind of work, as the table of steps has it.
    pub step: String,
    pub recording_id: i64,
    pub original_id: Option<i64>,
    /// The version of the file that is worked on: another one is another run.
    pub version: String,
}

/// Queues what a step is wanted for and has no job yet, and takes out what it is no longer wanted for. A job about another version
/// of the same file starts anew, also one that was parked or is under way.
///
/// `wanted` is a question of a noun that answers `recording_id`, `original_id` (null: the whole recording) and `version` of
/// everything the step has not been done for; once it has, the question leaves it out. The lowest `priority` goes first.
pub fn plan(conn: &Connection, step: &str, wanted: &str, priority: i64, now: i64) -> Result<()> {
    let sql = format!(
        "DELETE FROM job
         WHERE step = :step AND lease_until IS NULL
           AND NOT EXISTS (SELECT 1 FROM ({wanted}) AS wanted
                           WHERE wanted.recording_id = job.recording_id AND wanted.original_id IS job.original_id)"
    );
    conn.write(&sql, named_params! { ":step": step })?;
    let sql = format!(
        "INSERT INTO job (step, recording_id, original_id, version, priority, run_after)
         SELECT :step, recording_id, original_id, version, :priority, :now FROM ({wanted}) AS wanted
         WHERE true
         ON CONFLICT DO UPDATE
         SET version = excluded.version, run_after = excluded.run_after, attempts = 0, problem = NULL, parked_at = NULL, lease_until = NULL
         WHERE version <> excluded.version"
    );
    conn.write(
        &sql,
        named_params! { ":step": step, ":priority": priority, ":now": now },
    )
}

/// Takes out the jobs of all other steps: of those that an older program knew.
pub fn keep_only(conn: &Connection, steps: &[&str]) -> Result<()> {
    let sql = "DELETE FROM job WHERE step NOT IN (SELECT value FROM json_each(:steps))";
    conn.write(sql, named_params! { ":steps": query::json(steps)? })
}

/// Takes the next job and leases it. A job whose lease ran out on its last attempt is parked instead.
pub fn take(conn: &Connection, now: i64) -> Result<Option<Job>> {
    let sql = "UPDATE job
               SET parked_at = :now, lease_until = NULL, problem = coalesce(problem, 'the worker died')
               WHERE parked_at IS NULL AND attempts >= :attempts AND lease_until < :now";
    conn.write(sql, named_params! { ":now": now, ":attempts": ATTEMPTS })?;
    let sql = "UPDATE job
               SET lease_until = :now + :lease, attempts = attempts + 1
               WHERE id = (SELECT id
                           FROM job
                           WHERE parked_at IS NULL
                             AND run_after <= :now
                             AND (lease_until IS NULL OR lease_until < :now)
                           ORDER BY priority, id
                           LIMIT 1)
               RETURNING id, step, recording_id, original_id, version";
    conn.find(sql, named_params! { ":now": now, ":lease": LEASE }, |row| {
        Ok(Job {
            id: row.get("id")?,
            step: row.get("step")?,
            recording_id: row.get("recording_id")?,
            original_id: row.get("original_id")?,
            version: row.get("version")?,
        })
    })
}

/// It is done, unless another version came meanwhile.
pub fn finish(conn: &Connection, job: &Job) -> Result<()> {
    let sql = "DELETE FROM job WHERE id = :id AND version = :version";
    conn.write(
        sql,
        named_params! { ":id": job.id, ":version": job.version },
    )
}

/// It did not work: again after a while, or parked with the reason when it has been tried often enough.
pub fn fail(conn: &Connection, job: &Job, problem: &str, now: i64) -> Result<()> {
    let sql = "UPDATE job
               SET lease_until = NULL,
                   problem = :problem,
                   run_after = :now + 60 * attempts * attempts,
                   parked_at = iif(attempts >= :attempts, :now, NULL)
               WHERE id = :id AND version = :version";
    let params = named_params! {
        ":id": job.id,
        ":version": job.version,
        ":problem": problem,
        ":now": now,
        ":attempts": ATTEMPTS,
    };
    conn.write(sql, params)
}

/// A parked job: its row, its step, the recording with its title, and the last failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub id: i64,
    pub step: String,
    pub recording: PublicId,
    pub title: String,
    pub problem: String,
}

/// Jobs that were parked, the oldest first.
pub fn parked(conn: &Connection, most: u32) -> Result<Vec<Parked>> {
    let sql = "SELECT job.id, job.step, recording.public_id, recording.title, coalesce(job.problem, '') AS problem
               FROM job JOIN recording ON recording.id = job.recording_id
               WHERE job.parked_at IS NOT NULL ORDER BY job.id LIMIT :most";
    conn.rows(sql, named_params! { ":most": most }, |row| {
        Ok(Parked {
            id: row.get("id")?,
            step: row.get("step")?,
            recording: row.get("public_id")?,
            title: row.get("title")?,
            problem: row.get("problem")?,
        })
    })
}

/// Tries a parked job again. Answers whether there was one.
pub fn unpark(conn: &Connection, id: i64, now: i64) -> Result<bool> {
    let sql = "UPDATE job SET parked_at = NULL, attempts = 0, run_after = :now, lease_until = NULL
               WHERE id = :id AND parked_at IS NOT NULL";
    let tried = conn.change(sql, named_params! { ":id": id, ":now": now })?;
    Ok(tried > 0)
}
