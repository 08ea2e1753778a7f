//! Who may see a recording: the states, and the conditions that every question puts into its SQL. In: a [`crate::catalogue::Viewer`],
//! who fills in the parameters `:sees_all`, `:now` and `:link`. Out: literals for `concat!`, the larger ones made of the smaller, so
//! that each rule is written once; a test sees to it that no other file says one of them.

use rusqlite::Connection;

use crate::catalogue::Viewer;
use crate::catalogue::query::{Query, sql_word};
use crate::error::Result;
use crate::{listed_recording, viewer_params};

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
    pub const fn as_str(self) -> &'static str {
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

    /// Whether anyone but coordinators may see it: by its address, in a list or with a named link.
    pub fn is_for_visitors(self) -> bool {
        match self {
            Self::Link | Self::Unlisted | Self::Public => true,
            Self::Draft | Self::Withdrawn => false,
        }
    }
}

sql_word!(Visibility);

/// How widely the bytes of a recording may be kept by caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing {
    /// Whether anyone finds it at this moment, with no link and no password.
    pub is_public: bool,
    /// UTC seconds at which visitors no longer see it.
    pub visible_until: Option<i64>,
}

/// For a recording the viewer has already been shown.
pub fn sharing(conn: &Connection, id: i64, now: i64) -> Result<Sharing> {
    let visitor = Viewer::visitor(now);
    let sql = concat!(
        "SELECT ",
        listed_recording!(),
        " AS is_public, recording.visible_until FROM recording WHERE recording.id = :id"
    );
    conn.row(sql, viewer_params! { visitor, ":id": id }, |row| {
        Ok(Sharing {
            is_public: row.get("is_public")?,
            visible_until: row.get("visible_until")?,
        })
    })
}

/// SQL: this row of `recording` needs no link, to stand in lists (`listed`) or to answer at its address (`reachable`).
#[macro_export]
macro_rules! open_recording {
    (listed) => {
        "recording.visibility = 'public'"
    };
    (reachable) => {
        "recording.visibility IN ('public', 'unlisted')"
    };
}

/// SQL: the moment from which this row of `recording` may be seen has come.
#[macro_export]
macro_rules! begun_recording {
    () => {
        "(recording.visible_from IS NULL OR recording.visible_from <= :now)"
    };
}

/// SQL: this row of `recording` is between the moments from which and until which it may be seen.
#[macro_export]
macro_rules! current_recording {
    () => {
        concat!(
            $crate::begun_recording!(),
            " AND (recording.visible_until IS NULL OR :now < recording.visible_until)"
        )
    };
}

/// SQL: this row of `link` opens what it leads to; the same as `Link::is_open`.
#[macro_export]
macro_rules! open_link {
    () => {
        "(link.withdrawn_at IS NULL AND (link.expires_at IS NULL OR :now < link.expires_at))"
    };
}

/// SQL: this row of `link` asks for a password.
#[macro_export]
macro_rules! locked_link {
    () => {
        "(link.password_hash IS NOT NULL)"
    };
}

/// SQL: this row of `access_grant` was given to the one who asks, for the password that this table has now.
#[macro_export]
macro_rules! valid_grant {
    ($table:literal) => {
        concat!(
            "access_grant.token = :link AND :now < access_grant.expires_at AND access_grant.proof = ",
            $table,
            ".password_hash"
        )
    };
}

/// SQL: the named link opens this row of `recording`; with a password on the link, the access grant that was given for it does.
#[macro_export]
macro_rules! linked_recording {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM link
                     LEFT JOIN access_grant ON access_grant.link = link.token AND ",
            $crate::valid_grant!("link"),
            " WHERE (link.recording_id = recording.id OR link.series_id = recording.series_id)
                AND (access_grant.token IS NOT NULL OR link.token = :link AND NOT ",
            $crate::locked_link!(),
            ") AND ",
            $crate::open_link!(),
            ")"
        )
    };
}

/// SQL: no password stands before this row of `recording`, or the one who asks has an access grant for it.
#[macro_export]
macro_rules! unlocked_recording {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM series AS own
                     WHERE own.id = recording.series_id
                       AND (own.password_hash IS NULL
                            OR EXISTS (SELECT 1 FROM access_grant WHERE access_grant.series_id = own.id AND ",
            $crate::valid_grant!("own"),
            ")))"
        )
    };
}

/// SQL: the one who asks sees this row of `recording`, in lists or at its address.
#[macro_export]
macro_rules! visible_recording {
    ($where:ident) => {
        concat!(
            "(recording.deleted_at IS NULL
              AND (:sees_all
                   OR (",
            $crate::open_recording!($where),
            " AND ",
            $crate::unlocked_recording!(),
            " OR recording.visibility IN ('public', 'link', 'unlisted') AND :link IS NOT NULL AND ",
            $crate::linked_recording!(),
            ") AND ",
            $crate::current_recording!(),
            "))"
        )
    };
}

/// SQL: this row of `recording` is shown in lists, feeds and search to the one who asks.
#[macro_export]
macro_rules! listed_recording {
    () => {
        $crate::visible_recording!(listed)
    };
}

/// SQL: this row of `recording` answers to the one who asks for it by its address.
#[macro_export]
macro_rules! reachable_recording {
    () => {
        $crate::visible_recording!(reachable)
    };
}

/// SQL: a password, and nothing else, keeps this row of `recording` from the one who asks, in lists or at its address.
#[macro_export]
macro_rules! locked_recording {
    ($where:ident) => {
        concat!(
            "(recording.deleted_at IS NULL AND ",
            $crate::open_recording!($where),
            " AND ",
            $crate::current_recording!(),
            " AND NOT ",
            $crate::unlocked_recording!(),
            ")"
        )
    };
}

/// SQL: visitors could see this row of `recording` at some moment until now.
#[macro_export]
macro_rules! once_visible_recording {
    () => {
        concat!(
            "(recording.was_visible = 1 OR ",
            $crate::open_recording!(reachable),
            " AND ",
            $crate::begun_recording!(),
            ")"
        )
    };
}

/// SQL: for `SET`, so that what visitors could see so far is known after a change.
#[macro_export]
macro_rules! remember_visible {
    () => {
        concat!("was_visible = ", $crate::once_visible_recording!())
    };
}

/// SQL: this row of `recording`, which the one who asks does not see, says that it is gone: visitors could see it, or it says why
/// it was withdrawn. Of all else nobody learns that it is there. A series says so of what it once listed.
#[macro_export]
macro_rules! gone_recording {
    (reachable) => {
        concat!(
            "(",
            $crate::once_visible_recording!(),
            " OR recording.visibility = 'withdrawn' AND recording.withdrawn_reason IS NOT NULL)"
        )
    };
    (listed) => {
        concat!(
            "(recording.visibility IN ('public', 'withdrawn') AND ",
            $crate::gone_recording!(reachable),
            ")"
        )
    };
}
