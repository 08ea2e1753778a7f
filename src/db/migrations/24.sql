-- The search knows everything that is said, by the words of the catalogue. What was indexed before is indexed anew while the portal
-- serves.
DROP TABLE recording_index;
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
