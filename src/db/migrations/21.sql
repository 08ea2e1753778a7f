CREATE TABLE notice (
    -- Something that needed the attention of the people at the desk, as the private feed tells it. Written by the look that noticed
    -- it, every five minutes and when the feed is asked for; forgotten 30 days after it was solved.
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CONSTRAINT notice_kind_is_known CHECK (kind IN ('job', 'file', 'timing', 'upload', 'space', 'readiness')),
    -- Which one of its kind: a row id, a hash or a key, never a name that somebody gave.
    subject    TEXT NOT NULL,
    noticed_at INTEGER NOT NULL,
    -- Null while it is so. What comes back within a day is the same notice.
    solved_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX notice_is_open_once ON notice (kind, subject) WHERE solved_at IS NULL;
ALTER TABLE access_key ADD COLUMN
    -- everything: what its coordinator may do · notices: the private feed alone, because the key stands in an address.
    opens          TEXT NOT NULL DEFAULT 'everything' CONSTRAINT access_key_opens_something_known CHECK (opens IN ('everything', 'notices'));
