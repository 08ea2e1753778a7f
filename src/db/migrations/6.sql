-- Who looks after a recording, so that what a colleague kept can be handed on.
ALTER TABLE recording ADD COLUMN keeper_id INTEGER CONSTRAINT recording_is_kept_by_a_coordinator REFERENCES coordinator (id) ON DELETE SET NULL;
CREATE INDEX recording_by_keeper ON recording (keeper_id) WHERE keeper_id IS NOT NULL;
