-- What may be a hand-out is a list of kinds. What is one already and of no kind keeps its address: the next scan names it in its
-- sidecar, or ends it when a program left it behind.
ALTER TABLE attachment ADD COLUMN unnamed INTEGER NOT NULL DEFAULT 0 CONSTRAINT attachment_unnamed_is_yes_or_no CHECK (unnamed IN (0, 1));
UPDATE attachment SET unnamed = 1 WHERE superseded_at IS NULL AND missing_since IS NULL;
CREATE INDEX attachment_to_name ON attachment (id) WHERE unnamed = 1;
