-- When visitors could first see a recording, and when anything that they see of it last changed.
ALTER TABLE recording ADD COLUMN published INTEGER;
ALTER TABLE recording ADD COLUMN changed_at INTEGER;
CREATE INDEX recording_by_publication
    ON recording (coalesce(published, visible_from, unixepoch(date, '+12 hours'), 0), id);

-- A recording that is public now gets its moment at the next scan, which knows the time zone. One that was public before and is
-- not any more keeps that it was: the act that made it public, otherwise (when it was withdrawn) its begin, its date or its arrival.
-- None of them is later than now: a date may be a plan.
UPDATE recording
SET published = (SELECT min(min(audit.at), unixepoch()) FROM audit
                 WHERE audit.subject = 'recording ' || recording.public_id
                   AND (instr(audit.after, 'visibility = "public"') > 0 OR instr(audit.after, 'visibility = public') > 0))
WHERE was_visible = 1 AND visibility <> 'public';
UPDATE recording
SET published = coalesce(iif(visible_from <= unixepoch(), visible_from, NULL),
                         iif(unixepoch(date, '+12 hours') <= unixepoch(), unixepoch(date, '+12 hours'), NULL),
                         (SELECT min(min(given_at), unixepoch()) FROM address WHERE address.recording_id = recording.id))
WHERE was_visible = 1 AND visibility = 'withdrawn' AND published IS NULL;

-- What a podcast app knows a series by, whatever becomes of its address; and when its own texts last changed.
ALTER TABLE series ADD COLUMN podcast_guid TEXT;
ALTER TABLE series ADD COLUMN changed_at INTEGER;
