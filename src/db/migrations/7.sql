-- Files that coordinators send, in pieces and over days.
CREATE TABLE upload (
    -- A file that a coordinator sends, from the first byte announced to its expiry: the row stays after the file arrived, so
    -- that a client whose last answer was lost can ask. The bytes lie in .uploads below the media folder until then.
    id            TEXT NOT NULL PRIMARY KEY CONSTRAINT upload_id_has_twenty_characters CHECK (length(id) = 20 AND id NOT GLOB '*[^0-9abcdefghjkmnpqrstvwxyz]*'),
    coordinator_id INTEGER NOT NULL CONSTRAINT upload_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    -- Null until the client knows it (tus creation-defer-length).
    size_bytes    INTEGER CONSTRAINT upload_size_is_not_negative CHECK (size_bytes >= 0),
    -- Bytes that are on disk and were acknowledged; never more than was fdatasync'ed.
    offset_bytes  INTEGER NOT NULL DEFAULT 0 CONSTRAINT upload_offset_is_within CHECK (offset_bytes >= 0 AND (size_bytes IS NULL OR offset_bytes <= size_bytes)),
    -- Upload-Metadata as it was sent.
    metadata      TEXT NOT NULL DEFAULT '',
    -- The name of the file on the coordinator's machine.
    name          TEXT NOT NULL,
    -- What the form beside it says, kept apart from the bytes and before them.
    title         TEXT,
    number        INTEGER,
    series_id     INTEGER CONSTRAINT upload_goes_to_a_series REFERENCES series (id) ON DELETE SET NULL,
    -- The recording whose file it replaces.
    replaces_id   INTEGER CONSTRAINT upload_replaces_a_file_of_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    -- arriving · finishing: whole, and on its way to its place · done · refused: problem says why.
    state         TEXT NOT NULL DEFAULT 'arriving' CONSTRAINT upload_state_is_known CHECK (state IN ('arriving', 'finishing', 'done', 'refused')),
    -- Key of the sentence that says why.
    problem       TEXT,
    -- The place it is to get, decided before the file is moved there, so that a move that was cut off can be completed.
    folder        TEXT,
    file          TEXT,
    -- What it became; also the recording that had these bytes already.
    recording_id  INTEGER CONSTRAINT upload_became_a_recording REFERENCES recording (id) ON DELETE SET NULL,
    created_at    INTEGER NOT NULL,
    -- From this moment it is swept away.
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_coordinator ON upload (coordinator_id, created_at);
CREATE INDEX upload_by_expiry ON upload (expires_at);
CREATE INDEX upload_by_series ON upload (series_id);
CREATE INDEX upload_by_replaced ON upload (replaces_id);
CREATE INDEX upload_by_recording ON upload (recording_id);
