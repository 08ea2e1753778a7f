//! A catalogue of a size that no story could upload: rows are put into the tables as a scan would, in one transaction.

use super::Site;

/// How many of everything there are.
pub struct Many {
    /// Recordings of the series `reeks`, each with a file and a speaker.
    pub recordings: u32,
    /// Further series, of one recording each.
    pub series: u32,
}

/// The public id of the recording with that number in `reeks`.
pub fn id(number: u32) -> String {
    format!("{number:010}")
}

impl Site {
    /// Puts them in; every recording of `reeks` is spoken by Bo.
    pub async fn put_many(&self, many: &Many) {
        let rows = ROWS
            .replace(":recordings", &many.recordings.to_string())
            .replace(":series", &many.series.to_string())
            .replace(":title", &"Ontmoetingen “in de wijk” & online, ".repeat(4));
        self.put_rows(&rows).await;
    }

    /// Puts rows in, in one transaction.
    pub async fn put_rows(&self, rows: &str) {
        let rows = rows.to_owned();
        let put = self
            .app
            .db
            .write(move |conn| Ok(conn.execute_batch(&rows)?));
        put.await.unwrap();
    }
}

const ROWS: &str = "
INSERT INTO series (id, folder, slug, title, organiser, description, visibility, position)
VALUES (1, 'reeks', 'reeks', 'Reeks', 'Vereniging', 'Alles over ontmoeten.', 'public', 1);
INSERT INTO address (kind, name, series_id, given_at) VALUES ('series', 'reeks', 1, 0);
INSERT INTO speaker (id, slug, name) VALUES (1, 'bo', 'Bo');
INSERT INTO address (kind, name, speaker_id, given_at) VALUES ('speaker', 'bo', 1, 0);

WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < :recordings)
INSERT INTO recording (id, public_id, series_id, stem, number, title, summary, date, visibility, was_visible)
SELECT n, printf('%010d', n), 1, printf('%05d-deel', n), n, 'Deel ' || n || ' :title', 'Waar het over ging, in een zin of twee. :title',
       date('2000-01-01', '+' || (n % 9000) || ' days'), 'public', 1 FROM place;
INSERT INTO address (kind, name, recording_id, given_at) SELECT 'recording', public_id, id, 0 FROM recording;
INSERT INTO recording_speaker (recording_id, speaker_id, position) SELECT id, 1, 0 FROM recording;
INSERT INTO original (recording_id, folder, file, version, size_bytes, modified_ns, inode, state, media_type, duration_ms, width, height, playable)
SELECT id, 'reeks', stem || '.mp4', printf('%012d', id), 1000000, 0, 0, 'ready', 'video/mp4', 3600000, 1280, 720, 1 FROM recording;
INSERT INTO recording_index (rowid, title, chapters, speakers, description)
SELECT id, title, '', 'bo', 'reeks ' || summary FROM recording;
INSERT INTO whole_index (rowid, text) SELECT id, title || ' bo reeks ' || summary FROM recording;
INSERT INTO indexed (recording_id, version) SELECT id, 1 FROM recording;

WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < :series)
INSERT INTO series (id, folder, slug, title, description, visibility)
SELECT n + 1, printf('reeks-%05d', n), printf('reeks-%05d', n), 'Reeks ' || n || ' :title', 'Een reeks van een. :title', 'public' FROM place;
INSERT INTO address (kind, name, series_id, given_at) SELECT 'series', slug, id, 0 FROM series WHERE id > 1;
INSERT INTO recording (public_id, series_id, stem, number, title, date, visibility, was_visible)
SELECT 'x' || printf('%09d', id), id, '01-deel', 1, title, date('1990-01-01', '+' || id || ' days'), 'public', 1 FROM series WHERE id > 1;
INSERT INTO address (kind, name, recording_id, given_at) SELECT 'recording', public_id, id, 0 FROM recording WHERE series_id > 1;
";
