-- A mistake in the captions is reported from its line. SQLite changes no CHECK of a table that is there.
CREATE TABLE message_of_a_line (
    -- What a visitor wrote to the people at the desk, with the form that needs no mail server. Erased with its recording, by a
    -- coordinator, or after 180 days. Nothing says who sent it but what they wrote themselves.
    id               INTEGER PRIMARY KEY,
    -- Null: about no recording in particular.
    recording_id     INTEGER CONSTRAINT message_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    kind             TEXT NOT NULL CONSTRAINT message_kind_is_known CHECK (kind IN ('picture', 'playing', 'question', 'captions')),
    -- The moment in the recording, in seconds.
    at_s             INTEGER CONSTRAINT message_moment_is_not_negative CHECK (at_s >= 0),
    -- Of kind captions: the line as it should be, in plain text.
    text             TEXT NOT NULL CONSTRAINT message_says_something CHECK (text <> ''),
    -- How the visitor wants to be reached, in their own words. Null: they want no answer.
    reply_to         TEXT CONSTRAINT message_reply_to_says_something CHECK (reply_to <> ''),
    -- Of the page on which it was written.
    language         TEXT NOT NULL CONSTRAINT message_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    received_at      INTEGER NOT NULL,
    handled_at       INTEGER,
    handled_by       INTEGER CONSTRAINT message_was_handled_by_a_coordinator REFERENCES coordinator (id) ON DELETE SET NULL,
    -- Of kind captions, and null otherwise: which captions, where the line began, and its plain text when the visitor read it, so
    -- that the desk sees whether it has changed since. Cues are written anew with each change, so nothing refers to their rows.
    caption_language TEXT CONSTRAINT message_caption_language_is_a_tag CHECK (caption_language GLOB '[a-z][a-z]*' AND length(caption_language) <= 35),
    cue_start_ms     INTEGER CONSTRAINT message_cue_start_is_not_negative CHECK (cue_start_ms >= 0),
    cue_text         TEXT,
    CONSTRAINT message_of_captions_names_a_line
    CHECK ((kind = 'captions') = (recording_id IS NOT NULL AND caption_language IS NOT NULL AND cue_start_ms IS NOT NULL AND cue_text IS NOT NULL))
) STRICT;
INSERT INTO message_of_a_line (id, recording_id, kind, at_s, text, reply_to, language, received_at, handled_at, handled_by)
SELECT id, recording_id, kind, at_s, text, reply_to, language, received_at, handled_at, handled_by FROM message;
DROP TABLE message;
ALTER TABLE message_of_a_line RENAME TO message;
CREATE INDEX message_by_recording ON message (recording_id);
CREATE INDEX message_by_age ON message (received_at);
