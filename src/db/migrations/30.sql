-- A file that was broken off is a recording all the same, and its page says that the end is missing.
ALTER TABLE original ADD COLUMN
    -- Whether the file stops before the end that it states: a recorder without power, a copy that was never finished.
    broken_off    INTEGER NOT NULL DEFAULT 0 CONSTRAINT original_broken_off_is_yes_or_no CHECK (broken_off IN (0, 1));
