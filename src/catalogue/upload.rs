//! A file that a coordinator sends. The row outlives the arrival: a client whose last answer was lost asks, and learns that it
//! is done.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{PublicId, id};
use crate::error::Result;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Arriving,
    /// Whole, and on its way to its place.
    Finishing,
    Done,
    /// The content is nothing we keep; the problem says why.
    Refused,
}

impl State {
    const ALL: [Self; 4] = [Self::Arriving, Self::Finishing, Self::Done, Self::Refused];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Finishing => "finishing",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or(FromSqlError::InvalidType)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// 20 characters of Crockford base 32, random.
    pub id: String,
    pub coordinator_id: i64,
    /// `None` until the client knows it.
    pub size_bytes: Option<u64>,
    /// Bytes that are on disk and were acknowledged.
    pub offset_bytes: u64,
    /// As it was sent.
    pub metadata: String,
    /// Of the file on the coordinator's machine.
    pub name: String,
    pub title: Option<String>,
    pub number: Option<i64>,
    pub series_id: Option<i64>,
    /// Row of the recording whose file it replaces.
    pub replaces_id: Option<i64>,
    pub state: State,
    /// Key of the sentence that says why it was refused.
    pub problem: Option<String>,
    /// Folder and file it is to get, once that is decided.
    pub place: Option<(String, String)>,
    /// What it became; of a refused one the recording that had these bytes already.
    pub recording: Option<PublicId>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl Upload {
    /// Every byte that was announced is here.
    pub fn is_whole(&self) -> bool {
        self.size_bytes == Some(self.offset_bytes)
    }
}

/// Uploads with the recordings they became.
macro_rules! select {
    () => {
        "SELECT upload.*, recording.public_id
         FROM upload LEFT JOIN recording ON recording.id = upload.recording_id "
    };
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let (folder, file): (Option<String>, Option<String>) = (row.get("folder")?, row.get("file")?);
    Ok(Upload {
        id: row.get("id")?,
        coordinator_id: row.get("coordinator_id")?,
        size_bytes: row.get("size_bytes")?,
        offset_bytes: row.get("offset_bytes")?,
        metadata: row.get("metadata")?,
        name: row.get("name")?,
        title: row.get("title")?,
        number: row.get("number")?,
        series_id: row.get("series_id")?,
        replaces_id: row.get("replaces_id")?,
        state: row.get("state")?,
        problem: row.get("problem")?,
        place: folder.zip(file),
        recording: row.get("public_id")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// What is known of a file before its first byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Announced {
    pub size_bytes: Option<u64>,
    pub metadata: String,
    pub name: String,
    pub title: Option<String>,
    pub number: Option<i64>,
    pub series_id: Option<i64>,
    pub replaces_id: Option<i64>,
}

/// Makes the row of a file that is announced. Answers its id.
pub fn add(
    conn: &Connection,
    coordinator: i64,
    announced: &Announced,
    now: i64,
    expires_at: i64,
) -> Result<String> {
    let id = id::random::<20>()?;
    conn.prepare_cached(
        "INSERT INTO upload (id, coordinator_id, size_bytes, metadata, name, title, number, series_id, replaces_id, created_at, expires_at)
         VALUES (:id, :coordinator, :size, :metadata, :name, :title, :number, :series, :replaces, :now, :expires)",
    )?
    .execute(named_params! {
        ":id": id,
        ":coordinator": coordinator,
        ":size": announced.size_bytes,
        ":metadata": announced.metadata,
        ":name": announced.name,
        ":title": announced.title,
        ":number": announced.number,
        ":series": announced.series_id,
        ":replaces": announced.replaces_id,
        ":now": now,
        ":expires": expires_at,
    })?;
    Ok(id)
}

/// One's own upload, unless it has expired.
pub fn by_id(conn: &Connection, id: &str, coordinator: i64, now: i64) -> Result<Option<Upload>> {
    let mut statement = conn.prepare_cached(concat!(
        select!(),
        "WHERE upload.id = :id AND coordinator_id = :coordinator AND expires_at > :now"
    ))?;
    let found = statement.query_row(
        named_params! { ":id": id, ":coordinator": coordinator, ":now": now },
        from_row,
    );
    Ok(found.optional()?)
}

/// One's own uploads, the newest first.
pub fn of_coordinator(conn: &Connection, coordinator: i64, now: i64) -> Result<Vec<Upload>> {
    let mut statement = conn.prepare_cached(concat!(
        select!(),
        "WHERE coordinator_id = :coordinator AND expires_at > :now ORDER BY upload.created_at DESC, upload.id LIMIT 200"
    ))?;
    let rows = statement.query_map(
        named_params! { ":coordinator": coordinator, ":now": now },
        from_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many a coordinator has under way, and the bytes announced for them.
pub fn under_way(conn: &Connection, coordinator: i64, now: i64) -> Result<(u32, u64)> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*), coalesce(sum(coalesce(size_bytes, offset_bytes)), 0)
         FROM upload WHERE coordinator_id = :coordinator AND state = 'arriving' AND expires_at > :now",
    )?;
    let found = statement.query_row(
        named_params! { ":coordinator": coordinator, ":now": now },
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    Ok(found?)
}

/// Those that are whole and did not reach their place, for a start after a crash.
pub fn unfinished(conn: &Connection) -> Result<Vec<Upload>> {
    let mut statement = conn.prepare_cached(concat!(
        select!(),
        "WHERE state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes) ORDER BY upload.created_at"
    ))?;
    Ok(statement
        .query_map([], from_row)?
        .collect::<Result<_, _>>()?)
}

/// One of those, by its id.
pub fn unfinished_one(conn: &Connection, id: &str) -> Result<Option<Upload>> {
    let mut statement = conn.prepare_cached(concat!(
        select!(),
        "WHERE upload.id = :id AND (state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes))"
    ))?;
    Ok(statement
        .query_row(named_params! { ":id": id }, from_row)
        .optional()?)
}

/// Bytes up to here are on disk. Never goes back; each piece puts the expiry off.
pub fn reached(conn: &Connection, id: &str, offset: u64, expires_at: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET offset_bytes = max(offset_bytes, :offset), expires_at = max(expires_at, :expires) WHERE id = :id",
    )?
    .execute(named_params! { ":id": id, ":offset": offset, ":expires": expires_at })?;
    Ok(())
}

/// Its length, once the client knows it. It is said once.
pub fn set_size(conn: &Connection, id: &str, size_bytes: u64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET size_bytes = :size WHERE id = :id AND size_bytes IS NULL",
    )?
    .execute(named_params! { ":id": id, ":size": size_bytes })?;
    Ok(())
}

/// What the form beside it says now.
pub fn describe(
    conn: &Connection,
    id: &str,
    title: Option<&str>,
    number: Option<i64>,
    series: Option<i64>,
) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET title = :title, number = :number, series_id = :series WHERE id = :id AND state = 'arriving'",
    )?
    .execute(named_params! { ":id": id, ":title": title, ":number": number, ":series": series })?;
    Ok(())
}

/// It is whole and goes to this place.
pub fn finishing(conn: &Connection, id: &str, folder: &str, file: &str) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET state = 'finishing', folder = :folder, file = :file WHERE id = :id",
    )?
    .execute(named_params! { ":id": id, ":folder": folder, ":file": file })?;
    Ok(())
}

/// It became a recording.
pub fn done(conn: &Connection, id: &str, recording: i64) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET state = 'done', problem = NULL, recording_id = :recording WHERE id = :id",
    )?
    .execute(named_params! { ":id": id, ":recording": recording })?;
    Ok(())
}

/// Its content is nothing we keep. `recording`: the one that had these bytes already.
pub fn refuse(conn: &Connection, id: &str, problem: &str, recording: Option<i64>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE upload SET state = 'refused', problem = :problem, recording_id = :recording WHERE id = :id",
    )?
    .execute(named_params! { ":id": id, ":problem": problem, ":recording": recording })?;
    Ok(())
}

/// Takes a row away. Answers whether there was one.
pub fn remove(conn: &Connection, id: &str) -> Result<bool> {
    let mut statement = conn.prepare_cached("DELETE FROM upload WHERE id = :id")?;
    Ok(statement.execute(named_params! { ":id": id })? > 0)
}

/// Ids of all rows that are not over at a moment; files of any other lie there for nothing.
pub fn living(conn: &Connection, now: i64) -> Result<Vec<String>> {
    let mut statement = conn
        .prepare_cached("SELECT id FROM upload WHERE expires_at > :now OR state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes)")?;
    Ok(statement
        .query_map(named_params! { ":now": now }, |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Takes away the rows of what has expired.
pub fn remove_expired(conn: &Connection, now: i64) -> Result<()> {
    // One that is whole waits for its place however long that takes.
    conn.prepare_cached(
        "DELETE FROM upload WHERE expires_at <= :now AND state <> 'finishing'
         AND NOT (state = 'arriving' AND offset_bytes IS size_bytes)",
    )?
    .execute(named_params! { ":now": now })?;
    Ok(())
}
