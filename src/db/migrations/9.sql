-- What was written and never read; and a place of its own for the question whether the database can be written.
ALTER TABLE series DROP COLUMN created_at;
ALTER TABLE recording DROP COLUMN created_at;
ALTER TABLE recording DROP COLUMN first_cue;
ALTER TABLE recording DROP COLUMN last_cue;
ALTER TABLE original DROP COLUMN bit_rate;
ALTER TABLE original DROP COLUMN received_at;
ALTER TABLE coordinator DROP COLUMN created_at;
ALTER TABLE sign_in DROP COLUMN created_at;
ALTER TABLE access_key DROP COLUMN created_at;
CREATE TABLE write_probe (
    id     INTEGER PRIMARY KEY CONSTRAINT write_probe_is_one_row CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO write_probe (id, number) VALUES (1, 0);
