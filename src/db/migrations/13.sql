-- A browser that is known keeps its owner from being shut out by the guesses of others.
CREATE TABLE device_mark (
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT device_mark_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    token_hash     TEXT NOT NULL,
    seen_at        INTEGER NOT NULL,
    CONSTRAINT device_mark_is_made_once UNIQUE (token_hash, coordinator_id)
) STRICT;
CREATE INDEX device_mark_by_coordinator ON device_mark (coordinator_id, seen_at);
