-- A recording that left the folder whole is missing, also one that never had a file; a job that is queued again while it
-- runs is run again.
ALTER TABLE recording ADD COLUMN lost_since INTEGER;
ALTER TABLE job ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
