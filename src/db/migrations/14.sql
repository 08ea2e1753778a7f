-- Lists are read in parts, each from the element on which it borders: in the order of the series, by date, and by age.
DROP INDEX recording_by_series;
CREATE INDEX recording_in_order ON recording (series_id, coalesce(number, 9223372036854775807), coalesce(date, ''), id);
CREATE INDEX recording_by_date ON recording (coalesce(date, ''), id);
CREATE INDEX link_by_age ON link (created_at, token);
