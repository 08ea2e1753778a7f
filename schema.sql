-- Terugkijken: what is true. Tables stand in the order in which a recording meets them.
-- Times are UTC in whole seconds, durations in milliseconds, sizes in bytes. A new database is made from this file; an
-- older one is brought to the same shape by src/db/migrations, and a test compares the two.

CREATE TABLE series (
    -- A folder below the media folder, from the first scan that saw a recording in it. The scan writes it; the folder's
    -- series.toml says everything about it, so a row can be made again from the folder alone.
    id            INTEGER PRIMARY KEY,
    -- The folder's name as it is, or was, on disk. The row outlives the folder, because its address was given out.
    folder        TEXT NOT NULL CONSTRAINT series_folder_is_one_name CHECK (folder NOT LIKE '%/%' AND folder NOT LIKE '.%'),
    slug          TEXT NOT NULL
                  CONSTRAINT series_slug_is_lowercase CHECK (slug = lower(slug) AND slug GLOB '[a-z0-9]*' AND slug NOT GLOB '*[^a-z0-9-]*'),
    title         TEXT NOT NULL CONSTRAINT series_title_is_not_empty CHECK (title <> ''),
    organiser     TEXT,
    -- Markdown, as a person wrote it; drawn by comrak, which drops raw HTML.
    description   TEXT,
    language      TEXT NOT NULL DEFAULT 'nl' CONSTRAINT series_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    -- What its recordings are when they do not say so themselves. Null: the setting new_recordings decides.
    visibility    TEXT CONSTRAINT series_visibility_is_known CHECK (visibility IN ('draft', 'link', 'unlisted', 'public', 'withdrawn')),
    -- Made for showing the program: labelled on every page, kept out of search engines, taken out by `demo remove`.
    demonstration INTEGER NOT NULL DEFAULT 0 CONSTRAINT series_demonstration_is_yes_or_no CHECK (demonstration IN (0, 1)),
    -- Place on the home page, lowest first; null comes after, newest first.
    position      INTEGER,
    -- argon2id of the password that opens it, as its series.toml says it; null without one. With one it is in no list.
    password_hash TEXT,
    -- Which sites may show the player: everywhere, nowhere or a list of them. Null: the setting embed_sites decides.
    embed_sites   TEXT CONSTRAINT series_embed_sites_say_something CHECK (embed_sites <> ''),
    -- Under which licence others may use its recordings, as src/catalogue/licence.rs spells it. Null: the setting licence decides.
    licence       TEXT CONSTRAINT series_licence_says_something CHECK (licence <> ''),
    -- What podcast apps know it by (podcast:guid), a UUID that stays when its address changes; kept in its series.toml. Null
    -- until the first scan of a portal with an address of its own.
    podcast_guid  TEXT,
    -- When its own texts last changed, for feeds and search engines. Null: not since it arrived.
    changed_at    INTEGER,
    -- When it was removed at the desk. It is back as soon as it has a recording outside the trash.
    removed_at    INTEGER,
    CONSTRAINT series_slug_is_unique UNIQUE (slug),
    CONSTRAINT series_folder_is_unique UNIQUE (folder)
) STRICT;

CREATE TABLE recording (
    -- One training session of a series, from the day it is planned to the archive. The scan writes it from the name of
    -- the file and its sidecar. It may not have a file yet (planned) or no longer (missing); a scan never deletes it.
    id               INTEGER PRIMARY KEY,
    -- The address: 10 characters of Crockford base 32, random, never given to another recording (see table address).
    public_id        TEXT NOT NULL
                     CONSTRAINT recording_public_id_has_ten_characters CHECK (length(public_id) = 10 AND public_id NOT GLOB '*[^0-9abcdefghjkmnpqrstvwxyz]*'),
    series_id        INTEGER NOT NULL CONSTRAINT recording_belongs_to_a_series REFERENCES series (id) ON DELETE RESTRICT,
    -- What the names of all its files begin with, within the folder of its series.
    stem             TEXT NOT NULL CONSTRAINT recording_stem_is_one_name CHECK (stem <> '' AND stem NOT LIKE '%/%'),
    -- From the sidecar, else from the name of the file, else null; order within the series.
    number           INTEGER CONSTRAINT recording_number_is_positive CHECK (number >= 0),
    title            TEXT NOT NULL CONSTRAINT recording_title_is_not_empty CHECK (title <> ''),
    summary          TEXT,
    description      TEXT,
    -- ISO 8601 calendar date in the portal's time zone; from the sidecar, else from the container, else null.
    date             TEXT CONSTRAINT recording_date_is_a_date CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    language         TEXT NOT NULL DEFAULT 'nl' CONSTRAINT recording_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    -- Who may see it, apart from the two moments below. Nothing is public because someone forgot to say otherwise.
    visibility       TEXT NOT NULL DEFAULT 'draft'
                     CONSTRAINT recording_visibility_is_known CHECK (visibility IN ('draft', 'link', 'unlisted', 'public', 'withdrawn')),
    -- Judged at each question, so that a planned moment needs no job. From is inclusive, until is exclusive.
    visible_from     INTEGER,
    visible_until    INTEGER,
    withdrawn_reason TEXT,
    -- The public id of what took its place; text, because that recording may come later or be in another series.
    replaced_by      TEXT,
    -- Whether a visitor is offered the file itself. The bytes a browser plays can always be kept by whoever plays them.
    download         INTEGER NOT NULL DEFAULT 1 CONSTRAINT recording_download_is_yes_or_no CHECK (download IN (0, 1)),
    -- True once any visitor could see it: decides between 410 and 404 when it goes. Set by the scan and by publishing.
    was_visible      INTEGER NOT NULL DEFAULT 0 CONSTRAINT recording_was_visible_is_yes_or_no CHECK (was_visible IN (0, 1)),
    -- BLAKE3 of the sidecar as last read or written, hexadecimal. A sidecar of other content was changed by hand.
    sidecar_hash     TEXT,
    -- 1 while the row says more than the sidecar does: set in the transaction of the change, cleared once written.
    sidecar_stale    INTEGER NOT NULL DEFAULT 0 CONSTRAINT recording_sidecar_stale_is_yes_or_no CHECK (sidecar_stale IN (0, 1)),
    -- The name the sidecar gives the media file; a sidecar that names one is of a recording that has, or had, a file.
    file             TEXT,
    -- Trash. What is deleted keeps its address, which answers "gone".
    deleted_at       INTEGER,
    -- When a scan found nothing of it any more, not even a sidecar. Its page goes on answering and says so.
    lost_since       INTEGER,
    -- Who looks after it, so that what a colleague kept can be handed on. No visitor sees it, and no sidecar says it.
    owner_id         INTEGER CONSTRAINT recording_is_kept_by_a_coordinator REFERENCES coordinator (id) ON DELETE SET NULL,
    -- Which sites may show the player, when not those that its series says.
    embed_sites      TEXT CONSTRAINT recording_embed_sites_say_something CHECK (embed_sites <> ''),
    -- Under which licence others may use it, its series and the setting included. Null: nobody said so, and nothing is shown.
    licence          TEXT CONSTRAINT recording_licence_says_something CHECK (licence <> ''),
    -- When visitors could first find and play it, and never another moment after that; kept in the sidecar. Null: not yet, or
    -- since visible_from, which the next scan or change stores here.
    published        INTEGER,
    -- When anything that visitors see of it last changed, for feeds and search engines. Null: not since it arrived.
    changed_at       INTEGER,
    -- The file was replaced by one of another length: unchecked until a coordinator has looked whether captions and chapters still
    -- fit (visitors see none that begin after its end), hidden when they chose so (visitors see none). Null: they fit.
    timing           TEXT CONSTRAINT recording_timing_is_known CHECK (timing IN ('unchecked', 'hidden')),
    CONSTRAINT recording_public_id_is_unique UNIQUE (public_id),
    CONSTRAINT recording_stem_is_unique_in_series UNIQUE (series_id, stem)
) STRICT;
CREATE INDEX recording_by_next_moment ON recording (visible_from, visible_until) WHERE visible_from IS NOT NULL OR visible_until IS NOT NULL;
CREATE INDEX recording_with_stale_sidecar ON recording (id) WHERE sidecar_stale = 1;
CREATE INDEX recording_by_owner ON recording (owner_id) WHERE owner_id IS NOT NULL;
-- Lists are read in parts, each from the element on which it borders: in the order of the series, and by date.
CREATE INDEX recording_in_order ON recording (series_id, coalesce(number, 9223372036854775807), coalesce(date, ''), id);
CREATE INDEX recording_by_date ON recording (coalesce(date, ''), id);
CREATE INDEX recording_by_publication
    ON recording (coalesce(published, visible_from, unixepoch(date, '+12 hours'), 0), id);

CREATE TABLE original (
    -- A file as it came. A recording keeps every version; those without superseded_at are current, one for each media
    -- file of its stem (a recording may have an MP4 and a WebM). The scan writes it once the probe has read the file.
    id            INTEGER PRIMARY KEY,
    recording_id  INTEGER NOT NULL CONSTRAINT original_belongs_to_a_recording REFERENCES recording (id) ON DELETE RESTRICT,
    -- Where it lies: the folder of a series and a name in it. Of a missing or superseded file: where it last lay.
    folder        TEXT NOT NULL,
    file          TEXT NOT NULL,
    -- 12 base-32 characters of BLAKE3 over size and samples: the part of the media address that changes with the bytes.
    version       TEXT NOT NULL CONSTRAINT original_version_has_twelve_characters CHECK (length(version) = 12),
    size_bytes    INTEGER NOT NULL CONSTRAINT original_size_is_not_negative CHECK (size_bytes >= 0),
    -- With size_bytes the identity of what was probed; held against the file each time it is opened for sending.
    modified_ns   INTEGER NOT NULL,
    -- Tells a version that was put back from another file of its size and time; some drives number their files anew.
    inode         INTEGER NOT NULL,
    -- received: here, not yet read · ready: probed · failed: the probe could not read it, problem says why.
    state         TEXT NOT NULL CONSTRAINT original_state_is_known CHECK (state IN ('received', 'ready', 'failed')),
    problem       TEXT,
    -- What the bytes are, by their content and never by the name; null until the probe has read the file.
    media_type    TEXT,
    -- Null when the container does not say (a WebM recorded by a browser); every list then leaves the length out.
    duration_ms   INTEGER CONSTRAINT original_duration_is_not_negative CHECK (duration_ms >= 0),
    -- Pixels as shown, after rotation. Null for sound.
    width         INTEGER,
    height        INTEGER,
    -- RFC 6381 list for the codecs parameter of the media type.
    codecs        TEXT,
    -- Whether the index (moov) stands before the media data; null where a container knows no such thing.
    index_first   INTEGER CONSTRAINT original_index_first_is_yes_or_no CHECK (index_first IN (0, 1)),
    -- Will the browsers of our visitors play it, and the key of the sentence that says why.
    playable      INTEGER NOT NULL DEFAULT 0 CONSTRAINT original_playable_is_yes_or_no CHECK (playable IN (0, 1)),
    verdict       TEXT,
    -- What the container itself says: the moment it was made, and its chapters as JSON. They
    -- count where the sidecar says nothing.
    recorded_at   INTEGER,
    chapters      TEXT,
    -- BLAKE3 of the whole file, hexadecimal; the job `hash` fills it in after arrival. What agrees in size and samples is the
    -- same only when this agrees.
    content_hash  TEXT,
    -- When a scan no longer found the file. Its page goes on answering and says so.
    missing_since INTEGER,
    -- When another file took its place; its address then leads to the current one.
    superseded_at INTEGER,
    -- What size and samples alone give, when other bytes of the recording had that for their version and these got one of the
    -- whole file; null: the version itself.
    samples       TEXT,
    -- Whether the file stops before the end that it states: a recorder without power, a copy that was never finished.
    broken_off    INTEGER NOT NULL DEFAULT 0 CONSTRAINT original_broken_off_is_yes_or_no CHECK (broken_off IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX original_current_by_place ON original (folder, file) WHERE superseded_at IS NULL AND missing_since IS NULL;
CREATE INDEX original_by_recording ON original (recording_id, superseded_at);
CREATE INDEX original_by_version ON original (version);
CREATE INDEX original_by_place ON original (folder, file) WHERE superseded_at IS NULL;
CREATE INDEX original_by_samples ON original (samples) WHERE samples IS NOT NULL;

CREATE TABLE rendition (
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
CREATE UNIQUE INDEX rendition_of_original ON rendition (original_id, kind);

CREATE TABLE speaker (
    -- Who talks. Made by the scan from the names in the sidecars; the same name is the same speaker.
    id   INTEGER PRIMARY KEY,
    slug TEXT NOT NULL
         CONSTRAINT speaker_slug_is_lowercase CHECK (slug = lower(slug) AND slug GLOB '[a-z0-9]*' AND slug NOT GLOB '*[^a-z0-9-]*'),
    name TEXT NOT NULL CONSTRAINT speaker_name_is_not_empty CHECK (name <> ''),
    CONSTRAINT speaker_slug_is_unique UNIQUE (slug),
    CONSTRAINT speaker_name_is_unique UNIQUE (name)
) STRICT;

CREATE TABLE recording_speaker (
    recording_id INTEGER NOT NULL CONSTRAINT recording_speaker_of_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    speaker_id   INTEGER NOT NULL CONSTRAINT recording_speaker_is_a_speaker REFERENCES speaker (id) ON DELETE CASCADE,
    role         TEXT,
    position     INTEGER NOT NULL,
    PRIMARY KEY (recording_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX recording_speaker_by_speaker ON recording_speaker (speaker_id);

CREATE TABLE chapter (
    -- A titled start time, from the sidecar, else from inside the file.
    recording_id INTEGER NOT NULL CONSTRAINT chapter_belongs_to_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    start_ms     INTEGER NOT NULL CONSTRAINT chapter_start_is_not_negative CHECK (start_ms >= 0),
    title        TEXT NOT NULL CONSTRAINT chapter_title_is_not_empty CHECK (title <> ''),
    PRIMARY KEY (recording_id, start_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE caption (
    -- The timed text of one recording in one language, read from a .vtt or .srt beside the media file. A language has one spelling, the
    -- shortest (RFC 5646 §2.2.1): `nl`, also of a file x.dut.vtt.
    id           INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL CONSTRAINT caption_belongs_to_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    language     TEXT NOT NULL CONSTRAINT caption_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    file         TEXT NOT NULL,
    -- What was left out of the file or put right, by line and kind, as `12.5-14.0`; empty when nothing was.
    warnings     TEXT NOT NULL DEFAULT '',
    -- What the name of the file says they are. Forced ones hold only what is said in another language, and are no captions to follow a
    -- recording with.
    kind         TEXT CONSTRAINT caption_kind_is_known CHECK (kind IN ('cc', 'sdh', 'hi', 'forced')),
    CONSTRAINT caption_is_one_per_language UNIQUE (recording_id, language)
) STRICT;

CREATE TABLE cue (
    -- One line of a caption. All cues of a recording are rewritten whole when any of its captions changes, never edited in place.
    id         INTEGER PRIMARY KEY,
    caption_id INTEGER NOT NULL CONSTRAINT cue_belongs_to_a_caption REFERENCES caption (id) ON DELETE CASCADE,
    start_ms   INTEGER NOT NULL CONSTRAINT cue_start_is_not_negative CHECK (start_ms >= 0),
    end_ms     INTEGER NOT NULL,
    -- WebVTT cue text: only the tags the caption reader lets through.
    text       TEXT NOT NULL,
    -- Valid WebVTT cue settings, or null.
    settings   TEXT,
    -- What is said in it that the cues before it do not show already, as cue text; null for all of it, empty for nothing. Players
    -- get the text; whoever reads or searches gets this.
    said       TEXT,
    CONSTRAINT cue_ends_after_it_starts CHECK (end_ms > start_ms)
) STRICT;
CREATE INDEX cue_by_caption ON cue (caption_id, start_ms);

CREATE TABLE poster (
    -- The still picture of a recording: the file beside the media file, or else a frame that became it by itself. The job `poster` makes
    -- the sizes that pages ask for, in the data folder.
    recording_id INTEGER PRIMARY KEY CONSTRAINT poster_belongs_to_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    file         TEXT NOT NULL,
    version      TEXT NOT NULL CONSTRAINT poster_version_has_twelve_characters CHECK (length(version) = 12),
    size_bytes   INTEGER NOT NULL,
    modified_ns  INTEGER NOT NULL,
    inode        INTEGER NOT NULL,
    -- 1 once the sizes stand in the data folder; a picture that could not be read stays 0 and its job says why.
    rendered     INTEGER NOT NULL DEFAULT 0 CONSTRAINT poster_rendered_is_yes_or_no CHECK (rendered IN (0, 1)),
    -- The original that it is a frame of; the file lies in data/frames then. Null: a person chose it, and it lies in the folder of the series.
    original_id  INTEGER CONSTRAINT poster_is_a_frame_of_an_original REFERENCES original (id) ON DELETE CASCADE
) STRICT;

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

CREATE TABLE attachment (
    -- A hand-out beside the media file.
    id            INTEGER PRIMARY KEY,
    recording_id  INTEGER NOT NULL CONSTRAINT attachment_belongs_to_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    folder        TEXT NOT NULL,
    file          TEXT NOT NULL,
    -- From the sidecar, else from the name of the file.
    title         TEXT NOT NULL,
    version       TEXT NOT NULL CONSTRAINT attachment_version_has_twelve_characters CHECK (length(version) = 12),
    media_type    TEXT NOT NULL,
    size_bytes    INTEGER NOT NULL,
    modified_ns   INTEGER NOT NULL,
    inode         INTEGER NOT NULL,
    -- A hand-out that went or was replaced keeps its row: its address was given out and answers "gone" or leads on.
    missing_since INTEGER,
    superseded_at INTEGER,
    -- 1: it was a hand-out before there were kinds of them (src/catalogue/hand_out.rs), and is of none. It stays one; the next scan
    -- names it in its sidecar and takes the mark away. Nothing else ever sets it.
    unnamed       INTEGER NOT NULL DEFAULT 0 CONSTRAINT attachment_unnamed_is_yes_or_no CHECK (unnamed IN (0, 1))
) STRICT;
CREATE INDEX attachment_by_recording ON attachment (recording_id);
CREATE INDEX attachment_to_name ON attachment (id) WHERE unnamed = 1;

CREATE TABLE address (
    -- Every address of a page ever given out, so that none is given twice and all go on answering. Written in the
    -- transaction that makes the series, recording or speaker, and never deleted, except with a wiped recording that no visitor
    -- ever could see, and with a speaker whom no recording names any more, because the name is in it. (Media addresses: original, attachment.)
    kind         TEXT NOT NULL CONSTRAINT address_kind_is_known CHECK (kind IN ('series', 'recording', 'speaker')),
    -- The part of the address that names it: a slug or a public id.
    name         TEXT NOT NULL,
    -- Where it leads now. All null: what it led to was removed for good, and it answers "gone" for ever.
    series_id    INTEGER CONSTRAINT address_leads_to_a_series REFERENCES series (id) ON DELETE SET NULL,
    recording_id INTEGER CONSTRAINT address_leads_to_a_recording REFERENCES recording (id) ON DELETE SET NULL,
    speaker_id   INTEGER CONSTRAINT address_leads_to_a_speaker REFERENCES speaker (id) ON DELETE SET NULL,
    given_at     INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_by_series ON address (series_id);
CREATE INDEX address_by_recording ON address (recording_id);
CREATE INDEX address_by_speaker ON address (speaker_id);

CREATE TABLE link (
    -- A named link handed out to one recording or one series. Taken over from the sidecars; never deleted, because it was
    -- given out: one that the folder no longer names is withdrawn.
    token        TEXT NOT NULL PRIMARY KEY CONSTRAINT link_token_has_sixteen_characters CHECK (length(token) = 16),
    -- To whom it was given, in a coordinator's words.
    name         TEXT NOT NULL CONSTRAINT link_name_is_not_empty CHECK (name <> ''),
    recording_id INTEGER CONSTRAINT link_leads_to_a_recording REFERENCES recording (id) ON DELETE SET NULL,
    series_id    INTEGER CONSTRAINT link_leads_to_a_series REFERENCES series (id) ON DELETE SET NULL,
    created_at   INTEGER NOT NULL,
    -- From this moment it opens nothing.
    expires_at   INTEGER,
    withdrawn_at INTEGER,
    -- argon2id; then only an access grant opens what it leads to.
    password_hash TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_recording ON link (recording_id);
CREATE INDEX link_by_series ON link (series_id);
CREATE INDEX link_by_name ON link (name);

CREATE TABLE access_grant (
    -- What someone got for the right password of a series or a link: asked with in the addresses of that visit. Deleted
    -- some time after it ended.
    token      TEXT NOT NULL PRIMARY KEY CONSTRAINT access_grant_token_has_sixteen_characters CHECK (length(token) = 16),
    series_id  INTEGER CONSTRAINT access_grant_opens_a_series REFERENCES series (id) ON DELETE CASCADE,
    link       TEXT CONSTRAINT access_grant_opens_a_link REFERENCES link (token) ON DELETE CASCADE,
    -- The hash the password was held against: another password ends it.
    proof      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_grant_by_series ON access_grant (series_id);
CREATE INDEX access_grant_by_link ON access_grant (link);

CREATE TABLE library_file (
    -- What the last scan saw at each place, recording or not: a file whose size and time are the same is not opened
    -- again. A place that is gone from the folder is gone from here. A link, or whatever else is no file, has size and
    -- time 0, and what stands beside the series has no folder.
    folder      TEXT NOT NULL,
    file        TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    -- taken: became part of a recording · waiting: seems still to be arriving · refused: could not be used, problem says why.
    state       TEXT NOT NULL CONSTRAINT library_file_state_is_known CHECK (state IN ('taken', 'waiting', 'refused')),
    problem     TEXT,
    PRIMARY KEY (folder, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    -- One queued run of a step over one original or poster. The worker plans it from what the other tables say is still to be
    -- done; deleted when done. Its number is never given to another one: a page that was opened earlier may still name it.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    step         TEXT NOT NULL CONSTRAINT job_step_is_named CHECK (step <> ''),
    recording_id INTEGER NOT NULL CONSTRAINT job_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    original_id  INTEGER CONSTRAINT job_is_about_an_original REFERENCES original (id) ON DELETE CASCADE,
    -- Of the original or poster: another version is another run, also of a job that was parked or is under way.
    version      TEXT NOT NULL,
    -- Lowest first.
    priority     INTEGER NOT NULL,
    run_after    INTEGER NOT NULL,
    -- While a worker holds it. A lease that ran out belongs to a worker that died: the job is taken again.
    lease_until  INTEGER,
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- The last failure, in words. A job that failed too often is parked: it keeps its row and is not run again.
    problem      TEXT,
    parked_at    INTEGER,
    -- When the worker that holds it took it, and how much of it is done, in thousandths; written with each renewal of the lease.
    taken_at     INTEGER,
    done         INTEGER NOT NULL DEFAULT 0 CONSTRAINT job_done_is_in_thousandths CHECK (done BETWEEN 0 AND 1000),
    -- Which worker holds it: that of the server, or one beside it.
    held_by      TEXT,
    -- Who stopped it, by their mail address. It is parked then, without a problem.
    stopped_by   TEXT
) STRICT;
CREATE UNIQUE INDEX job_is_queued_once ON job (step, recording_id, coalesce(original_id, 0));
CREATE INDEX job_next ON job (priority, id) WHERE parked_at IS NULL;
-- What the worker plans from.
CREATE INDEX original_to_hash ON original (recording_id)
    WHERE content_hash IS NULL AND superseded_at IS NULL AND missing_since IS NULL AND state = 'ready';
CREATE INDEX poster_to_render ON poster (recording_id) WHERE rendered = 0;

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
INSERT INTO processing (id, backlog) VALUES (1, 0);

CREATE TABLE coordinator (
    -- A person with an account: works at the desk, or gives a script a key. Made on the desk, on the command line, or with
    -- the set-up link of the first start. Never deleted: the audit list names people.
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL CONSTRAINT coordinator_email_is_a_lowercase_address CHECK (email LIKE '_%@_%' AND email = lower(email)),
    name          TEXT NOT NULL CONSTRAINT coordinator_name_is_not_empty CHECK (name <> ''),
    role          TEXT NOT NULL CONSTRAINT coordinator_role_is_known CHECK (role IN ('administrator', 'editor')),
    -- argon2id as a PHC string; null until the person has chosen a password through the link they were given.
    password_hash TEXT,
    -- May no longer sign in; all sign-ins and access keys end in the same transaction.
    disabled_at   INTEGER,
    CONSTRAINT coordinator_email_is_unique UNIQUE (email)
) STRICT;

CREATE TABLE sign_in (
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
CREATE INDEX sign_in_by_coordinator ON sign_in (coordinator_id);

CREATE TABLE device_mark (
    -- A browser in which a coordinator signed in before. It opens nothing: guesses of others do not shut its owner out there.
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT device_mark_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    -- BLAKE3 of the token in its cookie, hexadecimal. Colleagues who share a browser have a row each.
    token_hash     TEXT NOT NULL,
    -- The last time the coordinator signed in there; forgotten after 400 days.
    seen_at        INTEGER NOT NULL,
    CONSTRAINT device_mark_is_made_once UNIQUE (token_hash, coordinator_id)
) STRICT;
CREATE INDEX device_mark_by_coordinator ON device_mark (coordinator_id, seen_at);

CREATE TABLE welcome (
    -- A link that works once: to make the first account, or for a person to choose a password. Deleted when used, and when
    -- another is made for the same person.
    token_hash     TEXT NOT NULL PRIMARY KEY,
    -- Null: the first account, whoever opens it.
    coordinator_id INTEGER CONSTRAINT welcome_is_for_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX welcome_by_coordinator ON welcome (coordinator_id);

CREATE TABLE access_key (
    -- Lets a script act for a coordinator (Authorization: Bearer). Shown once; the row holds its hash.
    id             INTEGER PRIMARY KEY,
    coordinator_id INTEGER NOT NULL CONSTRAINT access_key_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    name           TEXT NOT NULL CONSTRAINT access_key_name_is_not_empty CHECK (name <> ''),
    token_hash     TEXT NOT NULL,
    -- Kept to the hour.
    used_at        INTEGER,
    revoked_at     INTEGER,
    -- everything: what its coordinator may do · notices: the private feed alone, because the key stands in an address.
    opens          TEXT NOT NULL DEFAULT 'everything' CONSTRAINT access_key_opens_something_known CHECK (opens IN ('everything', 'notices')),
    CONSTRAINT access_key_token_is_unique UNIQUE (token_hash)
) STRICT;
CREATE INDEX access_key_by_coordinator ON access_key (coordinator_id);

CREATE TABLE upload (
    -- A file that a coordinator sends, from the first byte announced to its expiry: the row stays after the file arrived, so
    -- that a client whose last answer was lost can ask. The bytes lie in .uploads below the media folder until then.
    id            TEXT NOT NULL PRIMARY KEY CONSTRAINT upload_id_has_twenty_characters CHECK (length(id) = 20 AND id NOT GLOB '*[^0-9abcdefghjkmnpqrstvwxyz]*'),
    coordinator_id INTEGER NOT NULL CONSTRAINT upload_is_of_a_coordinator REFERENCES coordinator (id) ON DELETE CASCADE,
    -- Null until the client knows it (tus creation-defer-length).
    size_bytes    INTEGER CONSTRAINT upload_size_is_not_negative CHECK (size_bytes >= 0),
    -- Bytes that are on disk and were acknowledged; never more than was fdatasync'ed.
    offset_bytes  INTEGER NOT NULL DEFAULT 0 CONSTRAINT upload_offset_is_within CHECK (offset_bytes >= 0 AND (size_bytes IS NULL OR offset_bytes <= size_bytes)),
    -- Upload-Metadata as it was sent.
    metadata      TEXT NOT NULL DEFAULT '',
    -- The name of the file on the coordinator's machine.
    name          TEXT NOT NULL,
    -- What the form beside it says, kept apart from the bytes and before them.
    title         TEXT,
    number        INTEGER,
    series_id     INTEGER CONSTRAINT upload_goes_to_a_series REFERENCES series (id) ON DELETE SET NULL,
    -- The recording whose file it replaces.
    replaces_id   INTEGER CONSTRAINT upload_replaces_a_file_of_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    -- arriving · finishing: whole, and on its way to its place · done · refused: problem says why.
    state         TEXT NOT NULL DEFAULT 'arriving' CONSTRAINT upload_state_is_known CHECK (state IN ('arriving', 'finishing', 'done', 'refused')),
    -- Key of the sentence that says why.
    problem       TEXT,
    -- The place it is to get, decided before the file is moved there, so that a move that was cut off can be completed.
    folder        TEXT,
    file          TEXT,
    -- What it became; also the recording that had these bytes already.
    recording_id  INTEGER CONSTRAINT upload_became_a_recording REFERENCES recording (id) ON DELETE SET NULL,
    created_at    INTEGER NOT NULL,
    -- From this moment it is swept away.
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_coordinator ON upload (coordinator_id, created_at);
CREATE INDEX upload_by_expiry ON upload (expires_at);
CREATE INDEX upload_by_series ON upload (series_id);
CREATE INDEX upload_by_replaced ON upload (replaces_id);
CREATE INDEX upload_by_recording ON upload (recording_id);

CREATE TABLE message (
    -- What a visitor wrote to the people at the desk, with the form that needs no mail server. Erased with its recording, by a
    -- coordinator, or after 180 days. Nothing says who sent it but what they wrote themselves.
    id               INTEGER PRIMARY KEY,
    -- Null: about no recording in particular.
    recording_id     INTEGER CONSTRAINT message_is_about_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    kind             TEXT NOT NULL CONSTRAINT message_kind_is_known CHECK (kind IN ('picture', 'playing', 'question', 'captions')),
    -- The moment in the recording, in seconds.
    at_s             INTEGER CONSTRAINT message_moment_is_not_negative CHECK (at_s >= 0),
    -- Of kind captions: the line as it should be, in plain text.
    text             TEXT NOT NULL CONSTRAINT message_says_something CHECK (text <> ''),
    -- How the visitor wants to be reached, in their own words. Null: they want no answer.
    reply_to         TEXT CONSTRAINT message_reply_to_says_something CHECK (reply_to <> ''),
    -- Of the page on which it was written.
    language         TEXT NOT NULL CONSTRAINT message_language_is_a_tag CHECK (language GLOB '[a-z][a-z]*' AND length(language) <= 35),
    received_at      INTEGER NOT NULL,
    handled_at       INTEGER,
    handled_by       INTEGER CONSTRAINT message_was_handled_by_a_coordinator REFERENCES coordinator (id) ON DELETE SET NULL,
    -- Of kind captions, and null otherwise: which captions, where the line began, and its plain text when the visitor read it, so
    -- that the desk sees whether it has changed since. Cues are written anew with each change, so nothing refers to their rows.
    caption_language TEXT CONSTRAINT message_caption_language_is_a_tag CHECK (caption_language GLOB '[a-z][a-z]*' AND length(caption_language) <= 35),
    cue_start_ms     INTEGER CONSTRAINT message_cue_start_is_not_negative CHECK (cue_start_ms >= 0),
    cue_text         TEXT,
    CONSTRAINT message_of_captions_names_a_line
    CHECK ((kind = 'captions') = (recording_id IS NOT NULL AND caption_language IS NOT NULL AND cue_start_ms IS NOT NULL AND cue_text IS NOT NULL))
) STRICT;
CREATE INDEX message_by_recording ON message (recording_id);
CREATE INDEX message_by_age ON message (received_at);

CREATE TABLE notice (
    -- Something that needed the attention of the people at the desk, as the private feed tells it. Written by the look that noticed
    -- it, every five minutes and when the feed is asked for; forgotten 30 days after it was solved.
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CONSTRAINT notice_kind_is_known CHECK (kind IN ('job', 'file', 'timing', 'upload', 'space', 'readiness')),
    -- Which one of its kind: a row id, a hash or a key, never a name that somebody gave.
    subject    TEXT NOT NULL,
    noticed_at INTEGER NOT NULL,
    -- Null while it is so. What comes back within a day is the same notice.
    solved_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX notice_is_open_once ON notice (kind, subject) WHERE solved_at IS NULL;

CREATE TABLE audit (
    -- Who did what, when. Written in the transaction of the act; read by administrators; never changed.
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    -- 'scan' or 'command line': the program's own hands.
    actor   TEXT NOT NULL,
    act     TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT,
    after   TEXT
) STRICT;

CREATE TABLE revision (
    -- One row that counts every change visitors can see: with the next scheduled moment the key of every cache. The
    -- triggers at the end of this file keep it, so that no writer can forget to.
    id     INTEGER PRIMARY KEY CONSTRAINT revision_is_one_row CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, number) VALUES (1, 0);

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
INSERT INTO purge (id, wanted, done, at) VALUES (1, 0, 0, unixepoch());

CREATE TABLE heartbeat (
    -- When the server last ran, so that nothing is destroyed by age because of one reading of a clock.
    id     INTEGER PRIMARY KEY CONSTRAINT heartbeat_is_one_row CHECK (id = 1),
    -- UTC seconds; written at each start, every ten minutes and before anything is destroyed by age.
    at     INTEGER NOT NULL,
    -- Seconds of running time for which nothing is destroyed by age, after the clock jumped or the machine was off for a day.
    wait_s INTEGER NOT NULL CONSTRAINT heartbeat_waits_some_time CHECK (wait_s >= 0)
) STRICT;

CREATE TABLE write_probe (
    -- Written to when somebody asks whether the database can be written (/readyz); says nothing.
    id     INTEGER PRIMARY KEY CONSTRAINT write_probe_is_one_row CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO write_probe (id, number) VALUES (1, 0);

CREATE TABLE indexed (
    -- Which recordings are in the search index, and by which way of indexing (search::index::VERSION).
    recording_id INTEGER PRIMARY KEY CONSTRAINT indexed_is_a_recording REFERENCES recording (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL
) STRICT;
CREATE TABLE term (
    -- A word that occurs in the catalogue, folded, with each stem that it may have in the language of the text it occurs in. Written with
    -- the index; those that occur nowhere any more are deleted each day.
    word       TEXT NOT NULL,
    -- 'nl', 'en', or '' for a word that is compared as it is.
    language   TEXT NOT NULL,
    stem       TEXT NOT NULL,
    -- 1: the stem of the verb that the word may be a form of, which only other forms of verbs share.
    verb       INTEGER NOT NULL CONSTRAINT term_verb_is_yes_or_no CHECK (verb IN (0, 1)),
    PRIMARY KEY (word, language, stem, verb)
) STRICT, WITHOUT ROWID;
CREATE INDEX term_by_stem ON term (stem, language);
CREATE INDEX term_by_length ON term (length(word));
CREATE TABLE term_part (
    -- Each way to divide a Dutch word in two: the stem of one part, the word, and the stem of what is left. Whether both are words is
    -- asked with each question.
    part TEXT NOT NULL,
    word TEXT NOT NULL,
    rest TEXT NOT NULL,
    PRIMARY KEY (part, word, rest)
) STRICT, WITHOUT ROWID;
-- The search index, kept by search::index::reindex in the transaction of each change. Words are folded in it, see search::words.
-- What is said about a recording (rowid = recording.id):
CREATE VIRTUAL TABLE recording_index USING fts5 (
    title, chapters, speakers, description,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3'
);
-- That and everything said in it (rowid = recording.id):
CREATE VIRTUAL TABLE whole_index USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE whole_word USING fts5vocab (whole_index, row);
-- Each sentence (rowid = cue.id):
CREATE VIRTUAL TABLE cue_index USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TRIGGER cue_leaves_the_index AFTER DELETE ON cue BEGIN DELETE FROM cue_index WHERE rowid = old.id; END;
CREATE TRIGGER recording_leaves_the_index AFTER DELETE ON recording BEGIN
    DELETE FROM recording_index WHERE rowid = old.id;
    DELETE FROM whole_index WHERE rowid = old.id;
END;

-- Every change visitors can see moves the revision.
CREATE TRIGGER series_inserted AFTER INSERT ON series BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER series_updated AFTER UPDATE ON series BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER series_deleted AFTER DELETE ON series BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_inserted AFTER INSERT ON recording BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_updated AFTER UPDATE ON recording BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_deleted AFTER DELETE ON recording BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER original_inserted AFTER INSERT ON original BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER original_updated AFTER UPDATE ON original BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER original_deleted AFTER DELETE ON original BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_inserted AFTER INSERT ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_updated AFTER UPDATE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER rendition_deleted AFTER DELETE ON rendition BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_speaker_inserted AFTER INSERT ON recording_speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_speaker_updated AFTER UPDATE ON recording_speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER recording_speaker_deleted AFTER DELETE ON recording_speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER speaker_inserted AFTER INSERT ON speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER speaker_updated AFTER UPDATE ON speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER speaker_deleted AFTER DELETE ON speaker BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER chapter_inserted AFTER INSERT ON chapter BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER chapter_updated AFTER UPDATE ON chapter BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER chapter_deleted AFTER DELETE ON chapter BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER caption_inserted AFTER INSERT ON caption BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER caption_updated AFTER UPDATE ON caption BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER caption_deleted AFTER DELETE ON caption BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER poster_inserted AFTER INSERT ON poster BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER poster_updated AFTER UPDATE ON poster BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER poster_deleted AFTER DELETE ON poster BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER attachment_inserted AFTER INSERT ON attachment BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER attachment_updated AFTER UPDATE ON attachment BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER attachment_deleted AFTER DELETE ON attachment BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER link_inserted AFTER INSERT ON link BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER link_updated AFTER UPDATE ON link BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER link_deleted AFTER DELETE ON link BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER address_inserted AFTER INSERT ON address BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER address_updated AFTER UPDATE ON address BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER address_deleted AFTER DELETE ON address BEGIN UPDATE revision SET number = number + 1; END;
