-- The sound alone is made as Opus as well. What is there already gets it last, after what comes in meanwhile.
CREATE TABLE rendition_with_opus (
    -- One file made for playing, from one original. The step that makes it writes the row when the whole file lies in
    -- data/renditions, and takes it away with the file when the original was replaced. All of them can be made again.
    id          INTEGER PRIMARY KEY,
    original_id INTEGER NOT NULL CONSTRAINT rendition_is_of_an_original REFERENCES original (id) ON DELETE CASCADE,
    -- full: as large as the original, for browsers that do not play that one · 720p, 360p: for weaker lines · sound: alone ·
    -- opus: the same sound in fewer bytes, for browsers that take it.
    kind        TEXT NOT NULL CONSTRAINT rendition_kind_is_known CHECK (kind IN ('full', '720p', '360p', 'sound', 'opus')),
    -- The version of the way in which it was made; with the kind it follows the version of the original in the media address.
    recipe      INTEGER NOT NULL,
    -- A name in data/renditions.
    file        TEXT NOT NULL CONSTRAINT rendition_file_is_unique UNIQUE,
    size_bytes  INTEGER NOT NULL CONSTRAINT rendition_size_is_not_negative CHECK (size_bytes >= 0),
    modified_ns INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    media_type  TEXT NOT NULL,
    -- RFC 6381 list for the codecs parameter of the media type.
    codecs      TEXT,
    duration_ms INTEGER CONSTRAINT rendition_duration_is_not_negative CHECK (duration_ms >= 0),
    -- Pixels as shown. Null for sound.
    width       INTEGER,
    height      INTEGER,
    -- UTC seconds.
    made_at     INTEGER NOT NULL
) STRICT;
INSERT INTO rendition_with_opus (id, original_id, kind, recipe, file, size_bytes, modified_ns, inode, media_type, codecs, duration_ms, width, height, made_at)
SELECT id, original_id, kind, recipe, file, size_bytes, modified_ns, inode, media_type, codecs, duration_ms, width, height, made_at FROM rendition;
DROP TABLE rendition;
ALTER TABLE rendition_with_opus RENAME TO rendition;
CREATE UNIQUE INDEX rendition_of_original ON rendition (original_id, kind);
CREATE TRIGGER rendition_inserted AFTER INSERT ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_updated AFTER UPDATE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_deleted AFTER DELETE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
UPDATE processing SET backlog = (SELECT coalesce(max(id), 0) FROM original);
