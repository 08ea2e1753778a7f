CREATE TABLE message (
    -- What a visitor wrote to the people at the desk, with the form that needs no mail server. Erased with its recording, by a
    -- coordinator, or after 180 days. Nothing says who sent it but what they wrote themselves.
    id           INTEGER PRIMARY KEY,
    -- Null: about no recording in particular.
    recording_id INTEGER CONSTRAINT message_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL CONSTRAINT message_kind_is_known CHECK (kind IN ('picture', 'playing', 'question')),
    -- The moment in the recording, in seconds.
    at_s         INTEGER CONSTRAINT message_moment_is_not_negative CHECK (at_s >= 0),
    text         TEXT NOT NULL CONSTRAINT message_says_something CHECK (text <> ''),
    -- How the visitor wants to be reached, in their own words. Null: they want no answer.
    reply_to     TEXT CONSTRAINT message_reply_to_says_something CHECK (reply_to <> ''),
    -- Of the page on which it was written.
    language     TEXT NOT NULL CONSTRAINT message_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    received_at  INTEGER NOT NULL,
    handled_at   INTEGER,
    handled_by   INTEGER CONSTRAINT message_was_handled_by_a_coordinator REFERENCES coordinator (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX message_by_recording ON message (recording_id);
CREATE INDEX message_by_age ON message (received_at);
