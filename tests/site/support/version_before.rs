//! A catalogue as the version before made it: its tables, with what they hold, before the migrations since.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rusqlite::{Connection, params};
use terugkijken::{db, library};

use super::Site;

/// The migrations that the version before knew.
const KNOWN: usize = 15;

/// A file that the version before took for a hand-out: its name, and the sidecar of its recording.
pub type HandOut<'a> = (&'a str, &'a str);

impl Site {
    /// The same folders at the first start after the update: the catalogue has the tables of the version before, and these files are
    /// hand-outs. Returns their addresses too.
    pub async fn updated(self, hand_outs: &[HandOut<'_>]) -> (Self, Vec<String>) {
        let ids = hand_outs.iter().map(|(_, sidecar)| self.id_in(sidecar));
        let ids: Vec<String> = ids.collect();
        let media = self.media().to_owned();
        let mut addresses = Vec::new();
        self.app.db.checkpoint().await.unwrap();
        let updated = self.started_again(|data| {
            let old = older(data);
            for ((file, _), id) in hand_outs.iter().zip(&ids) {
                let version = version(&media.join(file));
                let (folder, name) = file.split_once('/').unwrap();
                let sql = "INSERT INTO attachment (recording_id, folder, file, title, version, media_type, size_bytes, modified_ns, inode)
                           SELECT id, ?1, ?2, 'Hand-out', ?3, 'application/octet-stream', ?4, ?5, ?6 FROM recording WHERE public_id = ?7";
                let about = std::fs::metadata(media.join(file)).unwrap();
                let modified = about.mtime() * 1_000_000_000 + about.mtime_nsec();
                let row = params![folder, name, version, about.len(), modified, about.ino(), id];
                assert_eq!(old.execute(sql, row).unwrap(), 1, "{file}");
                addresses.push(format!("/media/{id}/{version}/{name}"));
            }
        });
        (updated.await, addresses)
    }
}

fn version(path: &Path) -> String {
    let mut file = File::open(path).unwrap();
    let size = file.metadata().unwrap().len();
    library::version(&mut file, size).unwrap()
}

/// Gives a catalogue the tables of the version before, with the same rows.
fn older(data: &Path) -> Connection {
    let (path, newer) = (data.join("catalogue.db"), data.join("newer.db"));
    std::fs::rename(&path, &newer).unwrap();
    let mut old = Connection::open(&path).unwrap();
    db::MIGRATIONS.to_version(&mut old, KNOWN).unwrap();
    old.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    old.execute("ATTACH ?1 AS newer", [newer.to_str().unwrap()])
        .unwrap();
    let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '*_index*'";
    let tables = names(&old, sql);
    for table in tables {
        let of = |schema: &str| {
            let sql = format!("SELECT name FROM pragma_table_info('{table}', '{schema}')");
            names(&old, &sql)
        };
        let both: Vec<String> = of("main").intersection(&of("newer")).cloned().collect();
        let both = both.join(", ");
        let sql = format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} ({both}) SELECT {both} FROM newer.{table};"
        );
        old.execute_batch(&sql).unwrap();
    }
    old.execute_batch("DETACH newer").unwrap();
    std::fs::remove_file(newer).unwrap();
    old
}

fn names(conn: &Connection, sql: &str) -> BTreeSet<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}
