//! A notice: something that needs the attention of the people at the desk, from the look that noticed it until some weeks after it
//! was solved. It gives the private feed a moment and a name for each, and keeps what came and went between two visits of a reader.

use rusqlite::{Connection, Row, named_params};

use super::query::{self, Query, sql_word};
use crate::error::Result;

const DAY: i64 = 24 * 60 * 60;

/// Seconds within which what comes back is the same notice: a disk at the border of full is told once a day.
const SAME: i64 = DAY;

/// Seconds for which a notice stays after it was solved, for readers who look rarely.
const KEPT: i64 = 30 * DAY;

/// Notices that are kept at most; the oldest that were solved go first.
const MOST: i64 = 500;

/// Notices of one kind that one look adds at most, the newest first: a feed shows no more.
const ADDED: i64 = 100;

/// Troubles of one kind that a look asks the tables for. All of them count as open, so that what stands behind the newest is not
/// taken for solved.
pub const OPEN: u32 = 10_000;

/// What needs attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A job that failed too often.
    Job,
    /// A file in the media folder that cannot be used.
    File,
    /// Captions and chapters that may not fit their file any more.
    Timing,
    /// An upload whose content was refused.
    Upload,
    /// Little space is left for uploads.
    Space,
    /// A check of `/readyz` that failed.
    Readiness,
}

impl NoticeKind {
    const ALL: [Self; 6] = [
        Self::Job,
        Self::File,
        Self::Timing,
        Self::Upload,
        Self::Space,
        Self::Readiness,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::File => "file",
            Self::Timing => "timing",
            Self::Upload => "upload",
            Self::Space => "space",
            Self::Readiness => "readiness",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

sql_word!(NoticeKind);

/// A kind, and which one of it, without a word of what it is about: a notice outlives what was wiped.
pub type Trouble = (NoticeKind, String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its name in the feed, which no other notice ever has.
    pub name: String,
    pub kind: NoticeKind,
    /// Which one of its kind.
    pub subject: String,
    /// UTC seconds.
    pub noticed_at: i64,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let (id, noticed_at): (i64, i64) = (row.get("id")?, row.get("noticed_at")?);
    Ok(Notice {
        // The database may give the id of an old row again.
        name: format!("{id}-{noticed_at}"),
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        noticed_at,
    })
}

/// Failed jobs, refused uploads and times that nobody has looked at, as far as the tables know of them; the newest of a kind first.
pub fn failed(conn: &Connection) -> Result<Vec<Trouble>> {
    let sql = "SELECT * FROM (SELECT 'job', id || '-' || parked_at FROM job WHERE parked_at IS NOT NULL AND stopped_by IS NULL ORDER BY id DESC LIMIT :open)
               UNION ALL
               SELECT * FROM (SELECT 'upload', id FROM upload WHERE state = 'refused' ORDER BY created_at DESC LIMIT :open)
               UNION ALL
               SELECT * FROM (SELECT 'timing', id || '' FROM recording WHERE timing = 'unchecked' AND deleted_at IS NULL
                              ORDER BY id DESC LIMIT :open)";
    conn.rows(sql, named_params! { ":open": OPEN }, |row| row.try_into())
}

/// Writes down what is the trouble at this moment: what is new, what is solved, and what came back. Forgets what is old. `present`:
/// all of it, since what is not among it is solved.
pub fn note(conn: &Connection, present: &[Trouble], now: i64) -> Result<()> {
    let present: Vec<_> = present
        .iter()
        .map(|(kind, subject)| [kind.as_str(), subject])
        .collect();
    let present = query::json(&present)?;
    let sql = "UPDATE notice SET solved_at = :now
               WHERE solved_at IS NULL AND (kind, subject) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(:present))";
    conn.write(sql, named_params! { ":now": now, ":present": present })?;
    let sql = "UPDATE OR IGNORE notice SET solved_at = NULL
               WHERE solved_at > :now - :same AND (kind, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:present))";
    let params = named_params! { ":now": now, ":same": SAME, ":present": present };
    conn.write(sql, params)?;
    let sql = "INSERT INTO notice (kind, subject, noticed_at)
               SELECT DISTINCT value ->> 0, value ->> 1, :now
               FROM (SELECT value, row_number() OVER (PARTITION BY value ->> 0 ORDER BY key) AS place FROM json_each(:present))
               WHERE place <= :added
               ON CONFLICT DO NOTHING";
    let params = named_params! { ":now": now, ":present": present, ":added": ADDED };
    conn.write(sql, params)?;
    let sql = "DELETE FROM notice
               WHERE solved_at < :now - :kept
                  OR id IN (SELECT id FROM notice ORDER BY solved_at IS NULL DESC, solved_at DESC, id DESC LIMIT -1 OFFSET :most)";
    conn.write(
        sql,
        named_params! { ":now": now, ":kept": KEPT, ":most": MOST },
    )
}

/// The newest notices that concern a coordinator (row id; `None`: an administrator, whom all of them concern). Of uploads one's own
/// do, as far as they are still there.
pub fn newest(conn: &Connection, of: Option<i64>, most: usize) -> Result<Vec<Notice>> {
    let sql = "SELECT * FROM notice
               WHERE :of IS NULL OR kind <> 'upload'
                  OR EXISTS (SELECT 1 FROM upload WHERE upload.id = notice.subject AND upload.coordinator_id = :of)
               ORDER BY noticed_at DESC, id DESC LIMIT :most";
    let params = named_params! { ":of": of, ":most": i64::try_from(most).unwrap_or(i64::MAX) };
    conn.rows(sql, params, from_row)
}
