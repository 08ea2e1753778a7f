-- Files that agree in size and samples and are others all the same.
ALTER TABLE original ADD COLUMN samples TEXT;
CREATE INDEX original_by_samples ON original (samples) WHERE samples IS NOT NULL;
