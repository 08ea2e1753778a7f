//! A job: one queued run of a step. It is planned from the state of the tables, taken with a lease, and deleted when done. When a
//! worker dies its lease ends and the job is taken again, so every step may run twice.

use rusqlite::{Connection, named_params};

use super::PublicId;
use super::query::{self, Query};
use crate::error::Result;

/// Seconds for which a worker holds a job before another may take it; longer than any step takes.
const LEASE: i64 = 15 * 60;

/// Attempts before a failing job is parked, so that a job that kills its worker does not break every start.
const ATTEMPTS: i64 = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    /// The name of the step, as in the table of steps.
    pub step: String,
    pub recording_id: i64,
    pub original_id: Option<i64>,
    /// The version of the file; another version needs another run.
    pub version: String,
}

/// Queues the outstanding runs of a step that have no job yet, and deletes waiting jobs that are no longer needed. A job for
/// another version of the same file starts again, even when it was parked or is under way.
///
/// `wanted` is a query that returns `recording_id`, `original_id` (null: the whole recording) and `version` of everything that the
/// step still has to be done for. The job with the lowest `priority` runs first.
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

/// Deletes the jobs of all other steps, which an older version of the program queued.
pub fn keep_only(conn: &Connection, steps: &[&str]) -> Result<()> {
    let sql = "DELETE FROM job WHERE step NOT IN (SELECT value FROM json_each(:steps))";
    conn.write(sql, named_params! { ":steps": query::json(steps)? })
}

/// Takes the next due job and leases it. A job whose lease ended on its last attempt is parked instead.
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

/// Deletes a job that is done, unless its version changed meanwhile.
pub fn finish(conn: &Connection, job: &Job) -> Result<()> {
    let sql = "DELETE FROM job WHERE id = :id AND version = :version";
    conn.write(
        sql,
        named_params! { ":id": job.id, ":version": job.version },
    )
}

/// Records a failure: the job runs again after a backoff, or is parked after its last attempt.
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

/// A parked job: row id, step, recording with its title, and the last failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub id: i64,
    pub step: String,
    pub recording: PublicId,
    pub title: String,
    pub problem: String,
}

/// Parked jobs, the oldest first.
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

/// Queues a parked job again. Returns whether there was one.
pub fn unpark(conn: &Connection, id: i64, now: i64) -> Result<bool> {
    let sql = "UPDATE job SET parked_at = NULL, attempts = 0, run_after = :now, lease_until = NULL
               WHERE id = :id AND parked_at IS NOT NULL";
    let tried = conn.change(sql, named_params! { ":id": id, ":now": now })?;
    Ok(tried > 0)
}
