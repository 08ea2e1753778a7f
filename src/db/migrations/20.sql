-- A sign-in lasts as long as it is used, and 180 days at most; for those that are there these begin at their last use.
CREATE TABLE sign_in_that_began (
    -- A coordinator's browser that is signed in. The row alone opens nothing: the browser holds the token, the row its hash.
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT sign_in_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    -- BLAKE3 of the token, hexadecimal.
    token_hash     TEXT NOT NULL,
    -- The browser in words, so that a person recognises it in the list ("Firefox, Android").
    device         TEXT NOT NULL,
    -- UTC seconds; 180 days later it has ended, however often it was used.
    began_at       INTEGER NOT NULL,
    -- Kept to the hour, of the pages of the desk; a sign-in that was not used for 30 days has ended. The cookie is sent again with it.
    seen_at        INTEGER NOT NULL,
    CONSTRAINT sign_in_token_is_unique UNIQUE (token_hash)
) STRICT;
INSERT INTO sign_in_that_began (id, coordinator_id, token_hash, device, began_at, seen_at)
SELECT id, coordinator_id, token_hash, device, seen_at, seen_at FROM sign_in;
DROP TABLE sign_in;
ALTER TABLE sign_in_that_began RENAME TO sign_in;
CREATE INDEX sign_in_by_coordinator ON sign_in (coordinator_id);
