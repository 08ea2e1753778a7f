-- Links are listed by their names.
DROP INDEX IF EXISTS link_by_age;
CREATE INDEX IF NOT EXISTS link_by_name ON link (name);
