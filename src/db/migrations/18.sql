CREATE TABLE purge (
    -- Whether what was deleted may still stand in unused bytes of this file. It is written anew from what it holds
    -- (archive/purge.rs) after each wipe, and once a day for what was corrected or taken out.
    id     INTEGER PRIMARY KEY CONSTRAINT purge_is_one_row CHECK (id = 1),
    -- Wipes so far, and how many of them the file was written anew after. Until they agree no wipe is finished, also not
    -- one that a kill cut off.
    wanted INTEGER NOT NULL,
    done   INTEGER NOT NULL,
    -- When it last was (UTC seconds).
    at     INTEGER NOT NULL
) STRICT;
-- What was wiped before this version.
INSERT INTO purge (id, wanted, done, at) VALUES (1, 1, 0, 0);
