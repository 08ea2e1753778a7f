//! Who may see a recording: the states, and the conditions that every question puts into its SQL. In: a [`crate::catalogue::Viewer`],
//! who fills in the parameters `:sees_all`, `:now` and `:link`. Out: literals for `concat!`, so that what may be seen is decided
//! in one place.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, named_params};

use crate::error::Result;

/// Who may see a recording, apart from the two moments that may bound it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Coordinators only.
    Draft,
    /// Whoever was handed a named link.
    Link,
    /// Whoever knows the address.
    Unlisted,
    Public,
    /// Nobody; the address says why and what took its place.
    Withdrawn,
}

impl Visibility {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Link => "link",
            Self::Unlisted => "unlisted",
            Self::Public => "public",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Draft,
            Self::Link,
            Self::Unlisted,
            Self::Public,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|visibility| visibility.as_str() == text)
    }
}

impl ToSql for Visibility {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

impl FromSql for Visibility {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

/// How widely the bytes of a recording may be kept by caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing {
    /// Whether it is public, and not merely reachable.
    pub is_public: bool,
    /// UTC seconds from which visitors see it, and at which they no longer do.
    pub visible_from: Option<i64>,
    pub visible_until: Option<i64>,
}

/// For a recording the viewer has already been shown.
pub fn sharing(conn: &Connection, id: i64) -> Result<Sharing> {
    let mut statement =
        conn.prepare_cached(
            "SELECT recording.visibility, recording.visible_from, recording.visible_until, series.password_hash IS NOT NULL AS locked
             FROM recording
             JOIN series ON series.id = recording.series_id
             WHERE recording.id = :id",
        )?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| {
        let visibility: Visibility = row.get("visibility")?;
        Ok(Sharing {
            is_public: visibility == Visibility::Public && !row.get::<_, bool>("locked")?,
            visible_from: row.get("visible_from")?,
            visible_until: row.get("visible_until")?,
        })
    })?)
}

/// SQL: the named link opens this row of `recording`; with a password on the link, the pass that was given for it does.
#[macro_export]
macro_rules! linked_recording {
    () => {
        "EXISTS (SELECT 1 FROM link
                 LEFT JOIN pass ON pass.link = link.token AND pass.token = :link AND :now < pass.expires_at
                                   AND pass.proof = link.password_hash
                 WHERE (link.token = :link AND link.password_hash IS NULL OR pass.token IS NOT NULL)
                   AND link.withdrawn_at IS NULL
                   AND (link.expires_at IS NULL OR :now < link.expires_at)
                   AND (link.recording_id = recording.id OR link.series_id = recording.series_id))"
    };
}

/// SQL: no password stands before this row of `recording`, or the one who asks has a pass for it.
#[macro_export]
macro_rules! unlocked_recording {
    () => {
        "EXISTS (SELECT 1 FROM series AS door
                 WHERE door.id = recording.series_id
                   AND (door.password_hash IS NULL
                        OR EXISTS (SELECT 1 FROM pass
                                   WHERE pass.token = :link AND pass.series_id = door.id
                                     AND pass.proof = door.password_hash AND :now < pass.expires_at)))"
    };
}

/// SQL: this row of `recording` is shown in lists, feeds and search to the one who asks.
#[macro_export]
macro_rules! listed_recording {
    () => {
        concat!(
            "(recording.deleted_at IS NULL
              AND (:sees_all
                   OR ((recording.visibility = 'public' AND ",
            $crate::unlocked_recording!(),
            " OR recording.visibility IN ('public', 'link', 'unlisted') AND :link IS NOT NULL AND ",
            $crate::linked_recording!(),
            ")
                       AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
                       AND (recording.visible_until IS NULL OR :now < recording.visible_until))))"
        )
    };
}

/// SQL: this row of `recording` answers to the one who asks for it by its address.
#[macro_export]
macro_rules! reachable_recording {
    () => {
        concat!(
            "(recording.deleted_at IS NULL
              AND (:sees_all
                   OR ((recording.visibility IN ('public', 'unlisted') AND ",
            $crate::unlocked_recording!(),
            " OR recording.visibility IN ('public', 'link', 'unlisted') AND :link IS NOT NULL AND ",
            $crate::linked_recording!(),
            ")
                       AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
                       AND (recording.visible_until IS NULL OR :now < recording.visible_until))))"
        )
    };
}
