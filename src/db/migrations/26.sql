-- Files that are made for playing, and how far a job is.
ALTER TABLE job ADD COLUMN taken_at INTEGER;
ALTER TABLE job ADD COLUMN done INTEGER NOT NULL DEFAULT 0 CONSTRAINT job_done_is_in_thousandths CHECK (done BETWEEN 0 AND 1000);
ALTER TABLE job ADD COLUMN held_by TEXT;
ALTER TABLE job ADD COLUMN stopped_by TEXT;
CREATE TABLE rendition (
    -- One file made for playing, from one original. The step that makes it writes the row when the whole file lies in
    -- data/renditions, and takes it away with the file when the original was replaced. All of them can be made again.
    id          INTEGER PRIMARY KEY,
    original_id INTEGER NOT NULL CONSTRAINT rendition_is_of_an_original REFERENCES original (id) ON DELETE CASCADE,
    -- full: as large as the original, for browsers that do not play that one · 720p, 360p: for weaker lines · sound: alone.
    kind        TEXT NOT NULL CONSTRAINT rendition_kind_is_known CHECK (kind IN ('full', '720p', '360p', 'sound')),
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
CREATE UNIQUE INDEX rendition_of_original ON rendition (original_id, kind);
CREATE TRIGGER rendition_inserted AFTER INSERT ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_updated AFTER UPDATE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_deleted AFTER DELETE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TABLE step_done (
    -- What a step of processing has done for an original, also where there was nothing to do. Without its row the step is queued.
    original_id INTEGER NOT NULL CONSTRAINT step_done_is_for_an_original REFERENCES original (id) ON DELETE CASCADE,
    step        TEXT NOT NULL,
    -- The version of the step; a newer one is done again.
    recipe      INTEGER NOT NULL,
    PRIMARY KEY (original_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE processing (
    -- What coordinators decided about the queue.
    id       INTEGER PRIMARY KEY CONSTRAINT processing_is_one_row CHECK (id = 1),
    -- Originals up to this row were there before the portal made files for playing: their jobs are the last ones.
    backlog  INTEGER NOT NULL,
    -- Whether the jobs of those wait.
    paused   INTEGER NOT NULL DEFAULT 0 CONSTRAINT processing_paused_is_yes_or_no CHECK (paused IN (0, 1))
) STRICT;
INSERT INTO processing (id, backlog) SELECT 1, coalesce(max(id), 0) FROM original;
ALTER TABLE poster ADD COLUMN original_id INTEGER CONSTRAINT poster_is_a_frame_of_an_original REFERENCES original (id) ON DELETE CASCADE;
CREATE TABLE frame (
    -- A still of a film that may become the picture of its recording. The step `picture` writes six at most, with their files, in place
    -- of those of before; only coordinators see them. One that is chosen is written beside the media file, as any picture.
    recording_id INTEGER NOT NULL CONSTRAINT frame_belongs_to_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    original_id  INTEGER NOT NULL CONSTRAINT frame_is_of_an_original REFERENCES original (id) ON DELETE CASCADE,
    -- 1 is the best.
    rank         INTEGER NOT NULL,
    -- Its moment in the film.
    at_ms        INTEGER NOT NULL CONSTRAINT frame_moment_is_not_negative CHECK (at_ms >= 0),
    -- A name in data/frames.
    file         TEXT NOT NULL CONSTRAINT frame_file_is_unique UNIQUE,
    version      TEXT NOT NULL,
    size_bytes   INTEGER NOT NULL,
    modified_ns  INTEGER NOT NULL,
    inode        INTEGER NOT NULL,
    PRIMARY KEY (recording_id, rank)
) STRICT;
CREATE TABLE no_picture (
    -- A recording that gets no picture by itself, because a coordinator took it away. Deleted when a picture is chosen.
    recording_id INTEGER PRIMARY KEY CONSTRAINT no_picture_is_of_a_recording REFERENCES recording (id) ON DELETE CASCADE
) STRICT;
