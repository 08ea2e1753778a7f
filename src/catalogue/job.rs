//! A job: one queued run of a step. It is planned from the state of the tables, taken with a lease that its worker renews, and deleted
//! when done. When a worker dies its lease ends and the job is taken again, so every step may run twice.

use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::query::{self, Query};
use crate::error::Result;

/// Seconds for which a worker holds a job before another may take it, unless it renews the lease.
const LEASE: i64 = 60;

/// Attempts before a failing job is parked, so that a job that kills its worker does not break every start.
const ATTEMPTS: i64 = 3;

/// Seconds after which a job that found no room is tried again.
const ROOM_AGAIN: i64 = 10 * 60;

/// What is added to the priority of the jobs for originals that were there before the portal made files for playing.
pub const BACKLOG: i64 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    /// The name of the step, as in the table of steps.
    pub step: String,
    pub recording_id: i64,
    pub original_id: Option<i64>,
    /// The version of the file; another version needs another run.
    pub version: String,
    /// Which attempt this is: with the version it tells whether the worker still holds the job.
    pub attempt: i64,
}

/// Queues the outstanding runs of a step that have no job yet, and deletes waiting jobs that are no longer needed. A job for
/// another version of the same file starts again, even when it was parked or is under way.
///
/// `wanted` is a query that returns `recording_id`, `original_id` (null: the whole recording) and `version` of everything that the
/// step still has to be done for. The job with the lowest `priority` runs first.
pub fn plan(conn: &Connection, step: &str, wanted: &str, priority: i64, now: i64) -> Result<()> {
    let sql = format!(
        "DELETE FROM job
         WHERE step = :step AND (lease_until IS NULL OR lease_until < :now)
           AND NOT EXISTS (SELECT 1 FROM ({wanted}) AS wanted
                           WHERE wanted.recording_id = job.recording_id AND wanted.original_id IS job.original_id)"
    );
    conn.write(&sql, named_params! { ":step": step, ":now": now })?;
    let sql = format!(
        "INSERT INTO job (step, recording_id, original_id, version, priority, run_after)
         SELECT :step, recording_id, original_id, version,
                :priority + iif(original_id <= (SELECT backlog FROM processing), {BACKLOG}, 0), :now
         FROM ({wanted}) AS wanted
         WHERE true
         ON CONFLICT DO UPDATE
         SET version = excluded.version, run_after = excluded.run_after, attempts = 0, problem = NULL, parked_at = NULL,
             lease_until = NULL, taken_at = NULL, done = 0, stopped_by = NULL
         WHERE version <> excluded.version"
    );
    conn.write(
        &sql,
        named_params! { ":step": step, ":priority": priority, ":now": now },
    )
}

/// Deletes the jobs of all other steps: those that an older version of the program queued, and those that need a program which is not
/// there.
pub fn keep_only(conn: &Connection, steps: &[&str]) -> Result<()> {
    let sql = "DELETE FROM job WHERE step NOT IN (SELECT value FROM json_each(:steps))";
    conn.write(sql, named_params! { ":steps": query::json(steps)? })
}

/// A kind of worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    /// Of the server, of which there is one.
    Server,
    /// One beside it.
    Beside,
}

impl Worker {
    /// The word in rows.
    fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Beside => "beside",
        }
    }
}

/// Ends the leases of the server's workers, when the server starts: they died with the one before.
pub fn abandon(conn: &Connection) -> Result<()> {
    let sql = "UPDATE job SET lease_until = 0 WHERE lease_until IS NOT NULL AND held_by = :server";
    conn.write(sql, named_params! { ":server": Worker::Server.as_str() })
}

/// Takes the next due job and leases it. A job whose lease ended on its last attempt is parked instead. While the backlog is paused its
/// jobs wait.
pub fn take(conn: &Connection, worker: Worker, now: i64) -> Result<Option<Job>> {
    let sql = "UPDATE job
               SET parked_at = :now, lease_until = NULL, problem = coalesce(problem, 'the worker died')
               WHERE parked_at IS NULL AND attempts >= :attempts AND lease_until < :now";
    conn.write(sql, named_params! { ":now": now, ":attempts": ATTEMPTS })?;
    let sql = "UPDATE job
               SET lease_until = :now + :lease, attempts = attempts + 1, taken_at = :now, done = 0, held_by = :worker
               WHERE id = (SELECT id
                           FROM job
                           WHERE parked_at IS NULL
                             AND run_after <= :now
                             AND (lease_until IS NULL OR lease_until < :now)
                             AND (priority < :backlog OR NOT (SELECT paused FROM processing))
                           ORDER BY priority, id
                           LIMIT 1)
               RETURNING id, step, recording_id, original_id, version, attempts";
    let params = named_params! { ":now": now, ":lease": LEASE, ":backlog": BACKLOG, ":worker": worker.as_str() };
    conn.find(sql, params, |row| {
        Ok(Job {
            id: row.get("id")?,
            step: row.get("step")?,
            recording_id: row.get("recording_id")?,
            original_id: row.get("original_id")?,
            version: row.get("version")?,
            attempt: row.get("attempts")?,
        })
    })
}

/// SQL: the job that this worker took, if nobody else has it and it was not stopped.
macro_rules! held {
    () => {
        "id = :id AND version = :version AND attempts = :attempt AND lease_until IS NOT NULL"
    };
}

/// Renews the lease and notes how much is done, in thousandths. Returns whether the worker still holds the job: it does not when the file
/// was replaced, somebody stopped it, or another worker took it.
pub fn renew(conn: &Connection, job: &Job, done: u32, now: i64) -> Result<bool> {
    let sql = concat!(
        "UPDATE job SET lease_until = :now + :lease, done = :done WHERE ",
        held!()
    );
    let params = named_params! {
        ":id": job.id, ":version": job.version, ":attempt": job.attempt, ":done": done.min(1000), ":now": now, ":lease": LEASE,
    };
    Ok(conn.change(sql, params)? > 0)
}

/// Deletes a job that is done. Returns whether the worker still held it.
pub fn finish(conn: &Connection, job: &Job) -> Result<bool> {
    let sql = concat!("DELETE FROM job WHERE ", held!());
    let params = named_params! { ":id": job.id, ":version": job.version, ":attempt": job.attempt };
    Ok(conn.change(sql, params)? > 0)
}

/// Records a failure: the job runs again after a backoff, or is parked after its last attempt, or at
/// once (`is_final`) when another would take as long and end alike.
pub fn fail(
    conn: &Connection,
    job: &Job,
    (problem, is_final): (&str, bool),
    now: i64,
) -> Result<()> {
    let sql = concat!(
        "UPDATE job
         SET lease_until = NULL,
             problem = :problem,
             run_after = :now + 60 * attempts * attempts,
             parked_at = iif(:final OR attempts >= :attempts, :now, NULL)
         WHERE ",
        held!()
    );
    let params = named_params! {
        ":id": job.id,
        ":version": job.version,
        ":attempt": job.attempt,
        ":problem": problem,
        ":now": now,
        ":attempts": ATTEMPTS,
        ":final": is_final,
    };
    conn.write(sql, params)
}

/// Puts a job back whose worker stops in good order: it did not fail.
pub fn release(conn: &Connection, job: &Job) -> Result<()> {
    let sql = concat!(
        "UPDATE job SET lease_until = NULL, attempts = attempts - 1, taken_at = NULL, done = 0 WHERE ",
        held!()
    );
    let params = named_params! { ":id": job.id, ":version": job.version, ":attempt": job.attempt };
    conn.write(sql, params)
}

/// Puts a job back that found no room on the disk: it did not fail, and waits.
pub fn wait_for_room(conn: &Connection, job: &Job, problem: &str, now: i64) -> Result<()> {
    let sql = concat!(
        "UPDATE job SET lease_until = NULL, attempts = attempts - 1, problem = :problem, run_after = :now + :wait WHERE ",
        held!()
    );
    let params = named_params! {
        ":id": job.id, ":version": job.version, ":attempt": job.attempt, ":problem": problem, ":now": now, ":wait": ROOM_AGAIN,
    };
    conn.write(sql, params)
}

/// Records that a step is done for an original, in this version of the step.
pub fn mark_done(conn: &Connection, original_id: i64, step: &str, recipe: u32) -> Result<()> {
    let sql = "INSERT INTO step_done (original_id, step, recipe) VALUES (:original, :step, :recipe)
               ON CONFLICT DO UPDATE SET recipe = excluded.recipe";
    conn.write(
        sql,
        named_params! { ":original": original_id, ":step": step, ":recipe": recipe },
    )
}

/// Forgets what the steps did for the originals of a recording, so that they are queued again.
pub fn forget_done(conn: &Connection, recording_id: i64) -> Result<()> {
    let sql = "DELETE FROM step_done WHERE original_id IN (SELECT id FROM original WHERE recording_id = :recording)";
    conn.write(sql, named_params! { ":recording": recording_id })
}

/// Whether a job of this step is due.
pub fn is_due(conn: &Connection, step: &str, now: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM job
                              WHERE step = :step AND parked_at IS NULL AND run_after <= :now AND (lease_until IS NULL OR lease_until < :now))";
    conn.value(sql, named_params! { ":step": step, ":now": now })
}

/// The jobs that workers hold.
pub fn held(conn: &Connection, now: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM job WHERE lease_until >= :now";
    conn.rows(sql, named_params! { ":now": now }, |row| row.get(0))
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// In the queue.
    Waiting,
    /// Not before this moment (UTC seconds): it failed and is tried again, or waits for room.
    Again(i64),
    /// A worker holds it since this moment (UTC seconds); so many thousandths are done.
    Running { since: i64, done: u32 },
    /// Somebody stopped it.
    Stopped,
    /// It failed too often.
    Parked,
}

/// A job as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    pub id: i64,
    pub step: String,
    pub recording: PublicId,
    pub title: String,
    pub state: JobState,
    /// The last failure, in English.
    pub problem: Option<String>,
    /// Who stopped it, by their mail address.
    pub stopped_by: Option<String>,
    pub is_backlog: bool,
}

/// SQL: jobs with what the desk shows of them.
macro_rules! select_listed {
    () => {
        "SELECT job.*, recording.public_id, recording.title FROM job JOIN recording ON recording.id = job.recording_id "
    };
}

fn listed(now: i64) -> impl Fn(&Row<'_>) -> rusqlite::Result<ListedJob> {
    move |row| {
        let priority: i64 = row.get("priority")?;
        let (lease, parked): (Option<i64>, Option<i64>) =
            (row.get("lease_until")?, row.get("parked_at")?);
        let (stopped, again): (Option<String>, i64) =
            (row.get("stopped_by")?, row.get("run_after")?);
        let state = match (parked, lease) {
            (Some(_), _) if stopped.is_some() => JobState::Stopped,
            (Some(_), _) => JobState::Parked,
            (None, Some(until)) if until >= now => JobState::Running {
                since: row.get::<_, Option<i64>>("taken_at")?.unwrap_or(now),
                done: row.get("done")?,
            },
            (None, _) if again > now => JobState::Again(again),
            (None, _) => JobState::Waiting,
        };
        Ok(ListedJob {
            id: row.get("id")?,
            step: row.get("step")?,
            recording: row.get("public_id")?,
            title: row.get("title")?,
            state,
            problem: row.get("problem")?,
            stopped_by: stopped,
            is_backlog: priority >= BACKLOG,
        })
    }
}

/// The jobs of a recording, in the order in which they run.
pub fn of_recording(conn: &Connection, recording_id: i64, now: i64) -> Result<Vec<ListedJob>> {
    let sql = concat!(
        select_listed!(),
        "WHERE job.recording_id = :recording ORDER BY job.priority, job.id LIMIT 50"
    );
    conn.rows(
        sql,
        named_params! { ":recording": recording_id },
        listed(now),
    )
}

/// The jobs that workers hold, the first taken one first.
pub fn running(conn: &Connection, most: u32, now: i64) -> Result<Vec<ListedJob>> {
    let sql = concat!(
        select_listed!(),
        "WHERE job.parked_at IS NULL AND job.lease_until >= :now ORDER BY job.taken_at, job.id LIMIT :most"
    );
    let params = named_params! { ":most": most, ":now": now };
    conn.rows(sql, params, listed(now))
}

/// The jobs that come next, without those for originals that were there before.
pub fn coming(conn: &Connection, most: u32, now: i64) -> Result<Vec<ListedJob>> {
    let sql = concat!(
        select_listed!(),
        "WHERE job.parked_at IS NULL AND coalesce(job.lease_until, 0) < :now AND job.priority < :border
         ORDER BY job.run_after > :now, job.priority, job.id LIMIT :most"
    );
    let params = named_params! { ":most": most, ":now": now, ":border": BACKLOG };
    conn.rows(sql, params, listed(now))
}

/// The jobs that were stopped or failed too often, the last one first.
pub fn ended(conn: &Connection, most: u32, now: i64) -> Result<Vec<ListedJob>> {
    let sql = concat!(
        select_listed!(),
        "WHERE job.parked_at IS NOT NULL ORDER BY job.parked_at DESC, job.id DESC LIMIT :most"
    );
    conn.rows(sql, named_params! { ":most": most }, listed(now))
}

/// How many jobs there are that come next, and that were stopped or failed.
pub fn counts(conn: &Connection, now: i64) -> Result<(u32, u32)> {
    let sql = "SELECT count(*) FILTER (WHERE parked_at IS NULL AND coalesce(lease_until, 0) < :now AND priority < :border),
                      count(*) FILTER (WHERE parked_at IS NOT NULL)
               FROM job";
    let params = named_params! { ":now": now, ":border": BACKLOG };
    conn.row(sql, params, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What is still to be done for originals that were there before the portal made files for playing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backlog {
    pub recordings: u32,
    /// Those of them of which the length is not known.
    pub without_length: u32,
    /// By step: the length of the originals, in milliseconds. `small again`: a newer version of the step makes what an older one did not.
    pub steps: Vec<(String, u64)>,
}

/// What waits of the backlog or is under way.
pub fn backlog(conn: &Connection) -> Result<Backlog> {
    let sql = "SELECT count(DISTINCT job.recording_id),
                      count(DISTINCT job.recording_id) FILTER (WHERE original.duration_ms IS NULL)
               FROM job LEFT JOIN original ON original.id = job.original_id
               WHERE job.parked_at IS NULL AND job.priority >= :border";
    let border = named_params! { ":border": BACKLOG };
    let (recordings, without_length) =
        conn.row(sql, border, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "SELECT job.step || iif(step_done.recipe IS NULL, '', ' again') AS cost, coalesce(sum(original.duration_ms), 0)
               FROM job
               LEFT JOIN original ON original.id = job.original_id
               LEFT JOIN step_done ON step_done.original_id = job.original_id AND step_done.step = job.step
               WHERE job.parked_at IS NULL AND job.priority >= :border
               GROUP BY cost";
    let steps = conn.rows(sql, border, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Backlog {
        recordings,
        without_length,
        steps,
    })
}

/// A word that is another one when the lists of jobs are: when one came, went, was taken, or ended.
pub fn mark(conn: &Connection) -> Result<String> {
    let sql = "SELECT format('%d-%d-%d-%d-%d', count(*), coalesce(sum(id), 0), coalesce(sum(parked_at), 0), coalesce(sum(attempts), 0),
                             (SELECT paused FROM processing))
               FROM job";
    conn.value(sql, [])
}

/// Whether the jobs for originals that were there before wait.
pub fn is_paused(conn: &Connection) -> Result<bool> {
    conn.value("SELECT paused FROM processing", [])
}

/// Lets the jobs for originals that were there before wait, or run.
pub fn pause(conn: &Connection, paused: bool) -> Result<()> {
    conn.write(
        "UPDATE processing SET paused = :paused",
        named_params! { ":paused": paused },
    )
}

/// Stops a job of the queue, also one that runs: its worker notices with the next renewal. Returns its step and recording; `None` when
/// there is none.
pub fn stop(conn: &Connection, id: i64, by: &str, now: i64) -> Result<Option<(String, PublicId)>> {
    let sql =
        "UPDATE job SET parked_at = :now, lease_until = NULL, stopped_by = :by, problem = NULL
               WHERE id = :id AND parked_at IS NULL
               RETURNING step, (SELECT public_id FROM recording WHERE recording.id = recording_id)";
    conn.find(
        sql,
        named_params! { ":id": id, ":by": by, ":now": now },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
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

/// Jobs that failed too often, the oldest first.
pub fn parked(conn: &Connection, most: u32) -> Result<Vec<Parked>> {
    let sql = "SELECT job.id, job.step, recording.public_id, recording.title, coalesce(job.problem, '') AS problem
               FROM job JOIN recording ON recording.id = job.recording_id
               WHERE job.parked_at IS NOT NULL AND job.stopped_by IS NULL ORDER BY job.id LIMIT :most";
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

/// Queues a parked or stopped job again. Returns its step and recording; `None` when there is none.
pub fn unpark(conn: &Connection, id: i64, now: i64) -> Result<Option<(String, PublicId)>> {
    let sql = "UPDATE job SET parked_at = NULL, attempts = 0, run_after = :now, lease_until = NULL, stopped_by = NULL, problem = NULL
               WHERE id = :id AND parked_at IS NOT NULL
               RETURNING step, (SELECT public_id FROM recording WHERE recording.id = recording_id)";
    conn.find(sql, named_params! { ":id": id, ":now": now }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// Queues a step for one recording as [`plan`] does for all of them, but not behind those that were there before: somebody asked for it.
/// A job that was stopped or failed starts again.
pub fn plan_at_once(
    conn: &Connection,
    recording_id: i64,
    (step, wanted, priority): (&str, &str, i64),
    now: i64,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO job (step, recording_id, original_id, version, priority, run_after)
         SELECT :step, recording_id, original_id, version, :priority, :now
         FROM ({wanted}) AS wanted
         WHERE recording_id = :recording
         ON CONFLICT DO UPDATE
         SET priority = excluded.priority, run_after = excluded.run_after,
             attempts = iif(parked_at IS NULL, attempts, 0), problem = NULL, parked_at = NULL, stopped_by = NULL"
    );
    let params = named_params! { ":step": step, ":recording": recording_id, ":priority": priority, ":now": now };
    conn.write(&sql, params)
}
