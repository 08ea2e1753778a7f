//! An upload of a file by a coordinator. Its row outlives the transfer, so that a client whose last answer was lost can ask for the
//! result.

use rusqlite::{Connection, Row, named_params};

use super::heartbeat::ages_count;
use super::query::{Query, sql_word};
use super::{PublicId, id};
use crate::error::Result;

/// The progress of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    Arriving,
    /// All bytes have arrived, and the file is being moved to its place.
    Finishing,
    Done,
    /// The content cannot be used; the problem says why.
    Refused,
}

impl UploadState {
    const ALL: [Self; 4] = [Self::Arriving, Self::Finishing, Self::Done, Self::Refused];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Finishing => "finishing",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

sql_word!(UploadState);

/// The beginning of an upload's id, by which the log names it: the whole of it is an address.
pub fn in_log(id: &str) -> String {
    format!("{}…", id.get(..6).unwrap_or_default())
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// 20 random characters of Crockford base 32.
    pub id: String,
    pub coordinator_id: i64,
    /// Size in bytes; `None` until the client states it.
    pub size_bytes: Option<u64>,
    /// Bytes that are on disk and were acknowledged.
    pub offset_bytes: u64,
    /// `Upload-Metadata` as it was sent.
    pub metadata: String,
    /// Name of the file on the coordinator's machine.
    pub name: String,
    pub title: Option<String>,
    pub number: Option<i64>,
    pub series_id: Option<i64>,
    /// Row id of the recording whose file it replaces.
    pub replaces_id: Option<i64>,
    pub state: UploadState,
    /// Key of the text that says why the upload was refused.
    pub problem: Option<String>,
    /// Folder and file name of its place, once that is decided.
    pub place: Option<(String, String)>,
    /// The recording that it became; for a refused upload, the recording that has the same bytes.
    pub recording: Option<PublicId>,
    /// Its row id.
    pub recording_id: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl Upload {
    /// Whether every announced byte has arrived.
    pub fn is_whole(&self) -> bool {
        self.size_bytes == Some(self.offset_bytes)
    }
}

/// SQL that selects uploads with the recordings they became.
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
        recording_id: row.get("recording_id")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}

/// What a client states about a file before its first byte.
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

/// Adds the row of an upload. Returns its id.
pub fn add(
    conn: &Connection,
    coordinator: i64,
    announced: &Announced,
    now: i64,
    expires_at: i64,
) -> Result<String> {
    let id = id::random::<20>()?;
    let sql = "INSERT INTO upload (id, coordinator_id, size_bytes, metadata, name, title, number, series_id, replaces_id, created_at, expires_at)
               VALUES (:id, :coordinator, :size, :metadata, :name, :title, :number, :series, :replaces, :now, :expires)";
    let params = named_params! {
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
    };
    conn.write(sql, params)?;
    Ok(id)
}

/// Condition of an SQL statement: the upload has not expired at `:now`.
macro_rules! is_valid {
    () => {
        concat!("(upload.expires_at > :now OR NOT ", ages_count!(), ")")
    };
}

/// An upload of this coordinator, unless it has expired.
pub fn by_id(conn: &Connection, id: &str, coordinator: i64, now: i64) -> Result<Option<Upload>> {
    let sql = concat!(
        select!(),
        "WHERE upload.id = :id AND coordinator_id = :coordinator AND ",
        is_valid!()
    );
    let params = named_params! { ":id": id, ":coordinator": coordinator, ":now": now };
    conn.find(sql, params, from_row)
}

/// The uploads of this coordinator, the newest first.
pub fn of_coordinator(conn: &Connection, coordinator: i64, now: i64) -> Result<Vec<Upload>> {
    let sql = concat!(
        select!(),
        "WHERE coordinator_id = :coordinator AND ",
        is_valid!(),
        " ORDER BY upload.created_at DESC, upload.id LIMIT 200"
    );
    let params = named_params! { ":coordinator": coordinator, ":now": now };
    conn.rows(sql, params, from_row)
}

/// The number of arriving uploads of a coordinator, and the bytes announced for them.
pub fn under_way(conn: &Connection, coordinator: i64, now: i64) -> Result<(u32, u64)> {
    let sql = concat!(
        "SELECT count(*), coalesce(sum(coalesce(size_bytes, offset_bytes)), 0)
               FROM upload WHERE coordinator_id = :coordinator AND state = 'arriving' AND ",
        is_valid!()
    );
    let params = named_params! { ":coordinator": coordinator, ":now": now };
    conn.row(sql, params, |row| row.try_into())
}

/// Complete uploads that have not reached their place; for a start after a crash.
pub fn unfinished(conn: &Connection) -> Result<Vec<Upload>> {
    let sql = concat!(
        select!(),
        "WHERE state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes) ORDER BY upload.created_at"
    );
    conn.rows(sql, [], from_row)
}

/// The upload with this id, when it is complete and has not reached its place.
pub fn unfinished_one(conn: &Connection, id: &str) -> Result<Option<Upload>> {
    let sql = concat!(
        select!(),
        "WHERE upload.id = :id AND (state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes))"
    );
    conn.find(sql, named_params! { ":id": id }, from_row)
}

/// Records the bytes that are on disk. The offset never decreases, and each piece extends the expiry (UTC seconds).
pub fn reached(conn: &Connection, id: &str, offset: u64, expires_at: i64) -> Result<()> {
    let sql = "UPDATE upload SET offset_bytes = max(offset_bytes, :offset), expires_at = max(expires_at, :expires) WHERE id = :id";
    let params = named_params! { ":id": id, ":offset": offset, ":expires": expires_at };
    conn.write(sql, params)
}

/// Sets the length in bytes, unless it is known.
pub fn set_size(conn: &Connection, id: &str, size_bytes: u64) -> Result<()> {
    let sql = "UPDATE upload SET size_bytes = :size WHERE id = :id AND size_bytes IS NULL";
    conn.write(sql, named_params! { ":id": id, ":size": size_bytes })
}

/// Sets the values of the form for an upload that is still arriving.
pub fn describe(
    conn: &Connection,
    id: &str,
    title: Option<&str>,
    number: Option<i64>,
    series: Option<i64>,
) -> Result<()> {
    let sql = "UPDATE upload SET title = :title, number = :number, series_id = :series WHERE id = :id AND state = 'arriving'";
    let params = named_params! { ":id": id, ":title": title, ":number": number, ":series": series };
    conn.write(sql, params)
}

/// Records that the upload is complete and moves to this place.
pub fn finishing(conn: &Connection, id: &str, folder: &str, file: &str) -> Result<()> {
    let sql =
        "UPDATE upload SET state = 'finishing', folder = :folder, file = :file WHERE id = :id";
    let params = named_params! { ":id": id, ":folder": folder, ":file": file };
    conn.write(sql, params)
}

/// Records that the upload became a recording.
pub fn done(conn: &Connection, id: &str, recording: i64) -> Result<()> {
    let sql = "UPDATE upload SET state = 'done', problem = NULL, recording_id = :recording WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":recording": recording })
}

/// Refuses the content of an upload. `recording`: the one that has the same bytes.
pub fn refuse(conn: &Connection, id: &str, problem: &str, recording: Option<i64>) -> Result<()> {
    let sql = "UPDATE upload SET state = 'refused', problem = :problem, recording_id = :recording WHERE id = :id";
    let params = named_params! { ":id": id, ":problem": problem, ":recording": recording };
    conn.write(sql, params)
}

/// Removes an upload. Returns whether there was one.
pub fn remove(conn: &Connection, id: &str) -> Result<bool> {
    let removed = conn.change(
        "DELETE FROM upload WHERE id = :id",
        named_params! { ":id": id },
    );
    Ok(removed? > 0)
}

/// Ids of the uploads that are still valid at a moment; the files of all others can be deleted.
pub fn living(conn: &Connection, now: i64) -> Result<Vec<String>> {
    let sql = concat!(
        "SELECT id FROM upload WHERE ",
        is_valid!(),
        " OR state = 'finishing' OR (state = 'arriving' AND offset_bytes = size_bytes)"
    );
    conn.values(sql, named_params! { ":now": now })
}

/// Removes expired uploads.
pub fn remove_expired(conn: &Connection, now: i64) -> Result<()> {
    // A complete upload does not expire before it reaches its place.
    let sql = concat!(
        "DELETE FROM upload WHERE NOT ",
        is_valid!(),
        " AND state <> 'finishing' AND NOT (state = 'arriving' AND offset_bytes IS size_bytes)"
    );
    conn.write(sql, named_params! { ":now": now })
}
