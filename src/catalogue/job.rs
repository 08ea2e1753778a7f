//! One queued run of a step. Queued in the transaction that makes it needed, taken with a lease, deleted when done: a
//! worker that dies lets its lease run out and the job is taken again, so every step may run twice.

use rusqlite::{Connection, named_params};

use super::PublicId;
use super::query::{Query, sql_word};
use crate::error::Result;

/// Seconds a worker may hold a job before another takes it. Longer than any step here may take.
const LEASE: i64 = 15 * 60;

/// Runs before a job that keeps failing, or keeps killing its worker, is parked: it must not be what every start ends on.
const ATTEMPTS: i64 = 3;

/// A kind of work. A step that is taken out takes its rows along in a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The sizes of a poster.
    Poster,
    /// The hash of a whole original.
    Hash,
}

impl Step {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Poster => "poster",
            Self::Hash => "hash",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Poster, Self::Hash]
            .into_iter()
            .find(|step| step.as_str() == text)
    }

    /// The lowest goes first.
    fn priority(self) -> i64 {
        match self {
            // The pictures of a page are wanted before anything else a worker does.
            Self::Poster => 1,
            // Nobody waits for it.
            Self::Hash => 9,
        }
    }
}

sql_word!(Step);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    pub step: Step,
    pub recording_id: i64,
    pub original_id: Option<i64>,
    /// Which asking it answers: the same run may be queued again while this one is under way.
    pub round: i64,
}

/// Queues a run. One that waits already stays one; one that is under way has to run again.
pub fn queue(
    conn: &Connection,
    step: Step,
    recording_id: i64,
    original_id: Option<i64>,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO job (step, recording_id, original_id, priority, run_after)
               VALUES (:step, :recording, :original, :priority, :now)
               ON CONFLICT DO UPDATE
               SET run_after = excluded.run_after, attempts = 0, parked_at = NULL, lease_until = NULL, round = round + 1";
    let params = named_params! {
        ":step": step,
        ":recording": recording_id,
        ":original": original_id,
        ":priority": step.priority(),
        ":now": now,
    };
    conn.write(sql, params)
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
               RETURNING id, step, recording_id, original_id, round";
    conn.find(sql, named_params! { ":now": now, ":lease": LEASE }, |row| {
        Ok(Job {
            id: row.get("id")?,
            step: row.get("step")?,
            recording_id: row.get("recording_id")?,
            original_id: row.get("original_id")?,
            round: row.get("round")?,
        })
    })
}

/// It is done, unless it was asked for again meanwhile.
pub fn finish(conn: &Connection, job: &Job) -> Result<()> {
    let sql = "DELETE FROM job WHERE id = :id AND round = :round";
    conn.write(sql, named_params! { ":id": job.id, ":round": job.round })
}

/// Nobody needs it any more: what it would find out is known.
pub fn cancel(conn: &Connection, step: Step, recording_id: i64, original_id: i64) -> Result<()> {
    let sql = "DELETE FROM job WHERE step = :step AND recording_id = :recording AND original_id = :original";
    let params =
        named_params! { ":step": step, ":recording": recording_id, ":original": original_id };
    conn.write(sql, params)
}

/// It did not work: again after a while, or parked with the reason when it has been tried often enough.
pub fn fail(conn: &Connection, job: &Job, problem: &str, now: i64) -> Result<()> {
    let sql = "UPDATE job
               SET lease_until = NULL,
                   problem = :problem,
                   run_after = :now + 60 * attempts * attempts,
                   parked_at = iif(attempts >= :attempts, :now, NULL)
               WHERE id = :id AND round = :round";
    let params = named_params! {
        ":id": job.id,
        ":round": job.round,
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
    pub step: Step,
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
    let sql = "UPDATE job SET parked_at = NULL, attempts = 0, run_after = :now, lease_until = NULL, round = round + 1
               WHERE id = :id AND parked_at IS NOT NULL";
    let tried = conn.change(sql, named_params! { ":id": id, ":now": now })?;
    Ok(tried > 0)
}
