-- Jobs follow from what the other tables say is still to be done, each for one version; they are planned again.
DROP TABLE job;
CREATE TABLE job (
    id           INTEGER PRIMARY KEY,
    step         TEXT NOT NULL CONSTRAINT job_step_is_named CHECK (step <> ''),
    recording_id INTEGER NOT NULL CONSTRAINT job_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    original_id  INTEGER CONSTRAINT job_is_about_an_original REFERENCES original (id) ON DELETE CASCADE,
    version      TEXT NOT NULL,
    priority     INTEGER NOT NULL,
    run_after    INTEGER NOT NULL,
    lease_until  INTEGER,
    attempts     INTEGER NOT NULL DEFAULT 0,
    problem      TEXT,
    parked_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX job_is_queued_once ON job (step, recording_id, coalesce(original_id, 0));
CREATE INDEX job_next ON job (priority, id) WHERE parked_at IS NULL;
CREATE INDEX original_to_hash ON original (recording_id)
    WHERE content_hash IS NULL AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready';
CREATE INDEX poster_to_render ON poster (recording_id) WHERE rendered = 0;

-- What a password opens has the name that such a thing has everywhere.
CREATE TABLE access_grant (
    token      TEXT NOT NULL PRIMARY KEY CONSTRAINT access_grant_token_has_sixteen_characters CHECK (length(token) = 16),
    series_id  INTEGER CONSTRAINT access_grant_opens_a_series REFERENCES series (id) ON DELETE CASCADE,
    link       TEXT CONSTRAINT access_grant_opens_a_link REFERENCES link (token) ON DELETE CASCADE,
    proof      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO access_grant (token, series_id, link, proof, expires_at)
SELECT token, series_id, link, proof, expires_at FROM pass;
DROP TABLE pass;
CREATE INDEX access_grant_by_series ON access_grant (series_id);
CREATE INDEX access_grant_by_link ON access_grant (link);

-- So has who looks after a recording, and who did something.
DROP INDEX recording_by_keeper;
ALTER TABLE recording RENAME COLUMN keeper_id TO owner_id;
CREATE INDEX recording_by_owner ON recording (owner_id) WHERE owner_id IS NOT NULL;
ALTER TABLE audit RENAME COLUMN who TO actor;
