//! A key with which a script acts for a coordinator: `Authorization: Bearer tk_…` (RFC 6750 §2.1). Another kind stands in the address
//! of the private feed and opens nothing else, because feed readers, and whoever runs them, keep addresses.

use rusqlite::{Connection, Row, named_params};

use super::coordinator::{self, Coordinator};
use super::query::{Query, sql_word};
use super::token;
use crate::error::Result;

/// The beginning of every key, by which secret scanners recognise a leaked one.
pub const PREFIX: &str = "tk_";

/// The accuracy in seconds with which the last use of a key is recorded.
const TO_THE_HOUR: i64 = 3600;

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// What its coordinator may do, in a header.
    Everything,
    /// The private feed, in its address.
    Notices,
}

impl Opens {
    fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Notices => "notices",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Everything, Self::Notices]
            .into_iter()
            .find(|opens| opens.as_str() == text)
    }
}

sql_word!(Opens);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    pub id: i64,
    pub coordinator_id: i64,
    pub name: String,
    pub opens: Opens,
    /// Last use in UTC seconds.
    pub used_at: Option<i64>,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AccessKey> {
    Ok(AccessKey {
        id: row.get("id")?,
        coordinator_id: row.get("coordinator_id")?,
        name: row.get("name")?,
        opens: row.get("opens")?,
        used_at: row.get("used_at")?,
    })
}

impl AccessKey {
    /// Whether the last use should be recorded again.
    pub fn is_to_be_touched(&self, now: i64) -> bool {
        self.used_at.is_none_or(|used| now - used >= TO_THE_HOUR)
    }
}

/// Creates a key for a coordinator. Returns its full text, which is never shown again.
pub fn add(conn: &Connection, coordinator_id: i64, name: &str, opens: Opens) -> Result<String> {
    let key = format!("{PREFIX}{}", token::random()?);
    let sql = "INSERT INTO access_key (coordinator_id, name, token_hash, opens) VALUES (:coordinator, :name, :hash, :opens)";
    let params = named_params! {
        ":coordinator": coordinator_id,
        ":name": name,
        ":hash": token::hash(&key),
        ":opens": opens,
    };
    conn.write(sql, params)?;
    Ok(key)
}

/// The key and the coordinator it acts for; `None` when the key is unknown or revoked or opens something else, or the account is
/// disabled.
pub fn by_key(
    conn: &Connection,
    key: &str,
    opens: Opens,
) -> Result<Option<(AccessKey, Coordinator)>> {
    let sql = "SELECT * FROM access_key WHERE token_hash = :hash AND opens = :opens AND revoked_at IS NULL";
    let params = named_params! { ":hash": token::hash(key), ":opens": opens };
    let Some(key) = conn.find(sql, params, from_row)? else {
        return Ok(None);
    };
    let coordinator = coordinator::by_id(conn, key.coordinator_id)?;
    Ok((!coordinator.disabled).then_some((key, coordinator)))
}

/// The valid keys of a coordinator, the newest first.
pub fn of_coordinator(conn: &Connection, coordinator_id: i64) -> Result<Vec<AccessKey>> {
    let sql = "SELECT * FROM access_key WHERE coordinator_id = :coordinator AND revoked_at IS NULL ORDER BY id DESC";
    let params = named_params! { ":coordinator": coordinator_id };
    conn.rows(sql, params, from_row)
}

/// Records that the key was used now.
pub fn touch(conn: &Connection, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE access_key SET used_at = :now WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Revokes a key of a coordinator. Returns its name; `None` when there is no such key.
pub fn revoke(conn: &Connection, coordinator_id: i64, id: i64, now: i64) -> Result<Option<String>> {
    let sql = "UPDATE access_key SET revoked_at = :now
               WHERE id = :id AND coordinator_id = :coordinator AND revoked_at IS NULL
               RETURNING name";
    let params = named_params! { ":id": id, ":coordinator": coordinator_id, ":now": now };
    conn.find_value(sql, params)
}

/// Revokes all keys of a coordinator. Returns their names.
pub fn revoke_all(conn: &Connection, coordinator_id: i64, now: i64) -> Result<Vec<String>> {
    let sql = "UPDATE access_key SET revoked_at = :now WHERE coordinator_id = :coordinator AND revoked_at IS NULL RETURNING name";
    let params = named_params! { ":coordinator": coordinator_id, ":now": now };
    conn.rows(sql, params, |row| row.get(0))
}
