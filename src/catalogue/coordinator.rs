//! A person with an account.

use rusqlite::{Connection, Row, named_params};

use super::mail_address;
use super::query::{Query, sql_word};
use super::slice::{Cursor, Direction, Slice};
use crate::error::{Error, Result};
use crate::text;

/// What a coordinator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// An editor works with recordings.
    Editor,
    /// An administrator also manages accounts, reads the audit list and erases recordings.
    Administrator,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Editor, Self::Administrator];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Administrator => "administrator",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

sql_word!(Role);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coordinator {
    pub id: i64,
    /// The mail address in its one form ([`mail_address`]).
    pub email: String,
    pub name: String,
    pub role: Role,
    /// PHC string; `None` until the coordinator chose a password.
    pub password_hash: Option<String>,
    pub disabled: bool,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Coordinator> {
    Ok(Coordinator {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.get("role")?,
        password_hash: row.get("password_hash")?,
        disabled: row.get::<_, Option<i64>>("disabled_at")?.is_some(),
    })
}

/// A mail address as it is stored. `None` when the text cannot be one.
pub fn email(text: &str) -> Option<String> {
    mail_address::written(text)
}

/// All coordinators in order of name, disabled ones last.
pub fn all(conn: &Connection) -> Result<Vec<Coordinator>> {
    let sql = "SELECT * FROM coordinator ORDER BY disabled_at IS NOT NULL, name, email";
    conn.rows(sql, [], from_row)
}

/// All coordinators in that order, when there are at most `most`.
pub fn few(conn: &Connection, most: u32) -> Result<Option<Vec<Coordinator>>> {
    let sql =
        "SELECT * FROM coordinator ORDER BY disabled_at IS NOT NULL, name, email LIMIT :most + 1";
    let found: Vec<_> = conn.rows(sql, named_params! { ":most": most }, from_row)?;
    Ok(Some(found).filter(|found| found.len() <= most as usize))
}

/// The coordinator whom a colleague means: by row id or mail address.
pub fn meant(conn: &Connection, words: &str) -> Result<Option<Coordinator>> {
    let sql = "SELECT * FROM coordinator WHERE id = :id OR email = :email";
    let id: Option<i64> = words.trim().parse().ok();
    let params = named_params! { ":id": id, ":email": email(words) };
    conn.find(sql, params, from_row)
}

/// A part of all coordinators; a cursor names one by row id.
pub fn slice(conn: &Connection, cursor: &Cursor, most: usize) -> Result<Slice<Coordinator>> {
    let key = |name: &str| {
        let sql = "SELECT disabled_at IS NOT NULL, name, email FROM coordinator WHERE id = :id";
        let id: Option<i64> = name.parse().ok();
        conn.find(sql, named_params! { ":id": id }, |row| {
            <(bool, String, String)>::try_from(row)
        })
    };
    Slice::find(cursor, most, key, |key, direction, most| {
        let sql = match direction {
            Direction::Forward => {
                "SELECT * FROM coordinator
                 WHERE :email IS NULL OR (disabled_at IS NOT NULL, name, email) > (:disabled, :name, :email)
                 ORDER BY disabled_at IS NOT NULL, name, email LIMIT :most"
            }
            Direction::Backward => {
                "SELECT * FROM coordinator
                 WHERE :email IS NULL OR (disabled_at IS NOT NULL, name, email) < (:disabled, :name, :email)
                 ORDER BY disabled_at IS NOT NULL DESC, name DESC, email DESC LIMIT :most"
            }
        };
        let params = named_params! {
            ":disabled": key.map(|(disabled, _, _)| disabled),
            ":name": key.map(|(_, name, _)| name),
            ":email": key.map(|(_, _, email)| email),
            ":most": i64::try_from(most).unwrap_or(i64::MAX),
        };
        conn.rows(sql, params, from_row)
    })
}

pub fn by_id(conn: &Connection, id: i64) -> Result<Coordinator> {
    let sql = "SELECT * FROM coordinator WHERE id = :id";
    conn.row(sql, named_params! { ":id": id }, from_row)
}

/// The coordinator with this mail address, in the form that [`email`] returns.
pub fn by_email(conn: &Connection, email: &str) -> Result<Option<Coordinator>> {
    let sql = "SELECT * FROM coordinator WHERE email = :email";
    conn.find(sql, named_params! { ":email": email }, from_row)
}

/// The coordinator whom an administrator of the server means: with exactly this address, which may be another spelling of that of
/// another account, else with this address in its one form.
pub fn named(conn: &Connection, typed: &str) -> Result<Option<Coordinator>> {
    if let Some(exact) = by_email(conn, typed.trim())? {
        return Ok(Some(exact));
    }
    match email(typed) {
        Some(email) => by_email(conn, &email),
        None => Ok(None),
    }
}

/// Whether any administrator can sign in.
pub fn is_anyone_there(conn: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM coordinator
                              WHERE role = 'administrator' AND password_hash IS NOT NULL AND disabled_at IS NULL)";
    conn.value(sql, [])
}

/// Creates an account without a password. Returns its row id.
///
/// [`Error::Refused`] when an account with this address exists.
pub fn add(conn: &Connection, email: &str, name: &str, role: Role) -> Result<i64> {
    if by_email(conn, email)?.is_some() {
        return Err(Error::Refused(text!(
            "coordinator-known",
            email = email.to_owned()
        )));
    }
    let sql = "INSERT INTO coordinator (email, name, role) VALUES (:email, :name, :role)";
    let params = named_params! { ":email": email, ":name": name, ":role": role };
    conn.insert(sql, params)
}

/// Sets the password and ends all sign-ins except `keep`, so that nobody stays signed in with the old password. Who chooses it says
/// whether access keys go on: whoever knew the old one may have made some.
pub fn set_password(conn: &Connection, id: i64, hash: &str, keep: Option<i64>) -> Result<()> {
    let sql = "UPDATE coordinator SET password_hash = :hash WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":hash": hash })?;
    let sql = "DELETE FROM sign_in WHERE coordinator_id = :id AND id IS NOT :keep";
    conn.write(sql, named_params! { ":id": id, ":keep": keep })?;
    let sql = "DELETE FROM welcome WHERE coordinator_id = :id";
    conn.write(sql, named_params! { ":id": id })
}

/// Changes the role of a coordinator.
///
/// [`Error::Refused`] when no administrator would be left.
pub fn set_role(conn: &Connection, id: i64, role: Role) -> Result<()> {
    if role != Role::Administrator {
        stays_administered(conn, id)?;
    }
    let sql = "UPDATE coordinator SET role = :role WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":role": role })
}

/// Disables an account and ends its sign-ins, access keys and open welcome links at once.
///
/// [`Error::Refused`] when no administrator would be left.
pub fn disable(conn: &Connection, id: i64, now: i64) -> Result<()> {
    stays_administered(conn, id)?;
    let sql = "UPDATE coordinator SET disabled_at = coalesce(disabled_at, :now) WHERE id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })?;
    let sql = "DELETE FROM sign_in WHERE coordinator_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    let sql = "DELETE FROM welcome WHERE coordinator_id = :id";
    conn.write(sql, named_params! { ":id": id })?;
    let sql =
        "UPDATE access_key SET revoked_at = coalesce(revoked_at, :now) WHERE coordinator_id = :id";
    conn.write(sql, named_params! { ":id": id, ":now": now })
}

/// Enables an account again. Its revoked access keys stay revoked.
pub fn enable(conn: &Connection, id: i64) -> Result<()> {
    let sql = "UPDATE coordinator SET disabled_at = NULL WHERE id = :id";
    conn.write(sql, named_params! { ":id": id })
}

fn stays_administered(conn: &Connection, without: i64) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM coordinator
                              WHERE id <> :id AND role = 'administrator' AND disabled_at IS NULL AND password_hash IS NOT NULL)
                   OR NOT EXISTS (SELECT 1 FROM coordinator WHERE id = :id AND role = 'administrator' AND disabled_at IS NULL)";
    match conn.value(sql, named_params! { ":id": without })? {
        true => Ok(()),
        false => Err(Error::Refused(text!("last-administrator"))),
    }
}
