-- Passwords on a series or a link, and the passes they give.
ALTER TABLE series ADD COLUMN password_hash TEXT;
ALTER TABLE link ADD COLUMN password_hash TEXT;
CREATE TABLE pass (
    token      TEXT NOT NULL PRIMARY KEY CONSTRAINT pass_token_has_sixteen_characters CHECK (length(token) = 16),
    series_id  INTEGER CONSTRAINT pass_opens_a_series REFERENCES series (id) ON DELETE CASCADE,
    link       TEXT CONSTRAINT pass_opens_a_link REFERENCES link (token) ON DELETE CASCADE,
    proof      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_by_series ON pass (series_id);
CREATE INDEX pass_by_link ON pass (link);
