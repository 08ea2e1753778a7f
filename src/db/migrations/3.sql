-- People: accounts, their signed-in browsers, links that work once, and keys for scripts.

CREATE TABLE coordinator (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL CONSTRAINT coordinator_email_is_a_lowercase_address CHECK (email LIKE '_%@_%' AND email = lower(email)),
    name          TEXT NOT NULL CONSTRAINT coordinator_name_is_not_empty CHECK (name <> ''),
    role          TEXT NOT NULL CONSTRAINT coordinator_role_is_known CHECK (role IN ('administrator', 'editor')),
    password_hash TEXT,
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    CONSTRAINT coordinator_email_is_unique UNIQUE (email)
) STRICT;

CREATE TABLE sign_in (
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT sign_in_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    token_hash     TEXT NOT NULL,
    device         TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    CONSTRAINT sign_in_token_is_unique UNIQUE (token_hash)
) STRICT;
CREATE INDEX sign_in_by_coordinator ON sign_in (coordinator_id);

CREATE TABLE welcome (
    token_hash     TEXT NOT NULL PRIMARY KEY,
    coordinator_id INTEGER CONSTRAINT welcome_is_for_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX welcome_by_coordinator ON welcome (coordinator_id);

CREATE TABLE access_key (
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT access_key_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    name           TEXT NOT NULL CONSTRAINT access_key_name_is_not_empty CHECK (name <> ''),
    token_hash     TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    used_at        INTEGER,
    revoked_at     INTEGER,
    CONSTRAINT access_key_token_is_unique UNIQUE (token_hash)
) STRICT;
CREATE INDEX access_key_by_coordinator ON access_key (coordinator_id);

