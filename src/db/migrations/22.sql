-- Whether the times of captions and chapters fit the file, after it was replaced by one of another length.
ALTER TABLE recording ADD COLUMN timing TEXT CONSTRAINT recording_timing_is_known CHECK (timing IN ('unchecked', 'hidden'));
