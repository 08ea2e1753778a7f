-- What was left out of captions stays known, and what is said in them apart from how it is drawn. The next scan reads all caption files again, also those that were refused for one bad cue.
ALTER TABLE caption ADD COLUMN
    -- What was left out of the file or put right, by line and kind, as `12.5-14.0`; empty when nothing was.
    warnings     TEXT NOT NULL DEFAULT '';
ALTER TABLE cue ADD COLUMN
    -- What is said in it that the cues before it do not show already, as cue text; null for all of it, empty for nothing. Players
    -- get the text; whoever reads or searches gets this.
    said       TEXT;
ALTER TABLE caption ADD COLUMN
    -- What the name of the file says they are. Forced ones hold only what is said in another language, and are no captions to follow a
    -- recording with.
    kind         TEXT CONSTRAINT caption_kind_is_known CHECK (kind IN ('cc', 'sdh', 'hi', 'forced'));
UPDATE library_file SET modified_ns = 0 WHERE file LIKE '%.vtt' OR file LIKE '%.srt';
