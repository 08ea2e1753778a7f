-- What was left out of captions stays known. The next scan reads all caption files again, also those that were refused for one bad cue.
ALTER TABLE caption ADD COLUMN
    -- What was left out of the file or put right, by line and kind, as `12.5-14.0`; empty when nothing was.
    warnings     TEXT NOT NULL DEFAULT '';
UPDATE library_file SET modified_ns = 0 WHERE file LIKE '%.vtt' OR file LIKE '%.srt';
