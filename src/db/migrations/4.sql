-- Named links.

CREATE TABLE link (
    token        TEXT NOT NULL PRIMARY KEY CONSTRAINT link_token_has_sixteen_characters CHECK (length(token) = 16),
    name         TEXT NOT NULL CONSTRAINT link_name_is_not_empty CHECK (name <> ''),
    recording_id INTEGER CONSTRAINT link_leads_to_a_recording REFERENCES recording (id) ON DELETE SET NULL,
    series_id    INTEGER CONSTRAINT link_leads_to_a_series REFERENCES series (id) ON DELETE SET NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_recording ON link (recording_id);
CREATE INDEX link_by_series ON link (series_id);
CREATE TRIGGER link_inserted AFTER INSERT ON link BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER link_updated AFTER UPDATE ON link BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER link_deleted AFTER DELETE ON link BEGIN UPDATE revision SET number = number + 1; END;
