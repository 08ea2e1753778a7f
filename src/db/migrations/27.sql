-- A job keeps its number for itself: a page that was opened before it was done must not stop another one.
CREATE TABLE numbered_job (
    -- One queued run of a step over one original or poster. The worker plans it from what the other tables say is still to be
    -- done; deleted when done. Its number is never given to another one: a page that was opened earlier may still name it.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    step         TEXT NOT NULL CONSTRAINT job_step_is_named CHECK (step <> ''),
    recording_id INTEGER NOT NULL CONSTRAINT job_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    original_id  INTEGER CONSTRAINT job_is_about_an_original REFERENCES original (id) ON DELETE CASCADE,
    -- Of the original or poster: another version is another run, also of a job that was parked or is under way.
    version      TEXT NOT NULL,
    -- Lowest first.
    priority     INTEGER NOT NULL,
    run_after    INTEGER NOT NULL,
    -- While a worker holds it. A lease that ran out belongs to a worker that died: the job is taken again.
    lease_until  INTEGER,
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- The last failure, in words. A job that failed too often is parked: it keeps its row and is not run again.
    problem      TEXT,
    parked_at    INTEGER,
    -- When the worker that holds it took it, and how much of it is done, in thousandths; written with each renewal of the lease.
    taken_at     INTEGER,
    done         INTEGER NOT NULL DEFAULT 0 CONSTRAINT job_done_is_in_thousandths CHECK (done BETWEEN 0 AND 1000),
    -- Which worker holds it: that of the server, or one beside it.
    held_by      TEXT,
    -- Who stopped it, by their mail address. It is parked then, without a problem.
    stopped_by   TEXT
) STRICT;
INSERT INTO numbered_job (id, step, recording_id, original_id, version, priority, run_after, lease_until, attempts, problem, parked_at, taken_at, done, held_by, stopped_by)
SELECT id, step, recording_id, original_id, version, priority, run_after, lease_until, attempts, problem, parked_at, taken_at, done, held_by, stopped_by FROM job;
DROP TABLE job;
ALTER TABLE numbered_job RENAME TO job;
CREATE UNIQUE INDEX job_is_queued_once ON job (step, recording_id, coalesce(original_id, 0));
CREATE INDEX job_next ON job (priority, id) WHERE parked_at IS NULL;
