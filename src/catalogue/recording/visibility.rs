//! The visibility of a recording: its states, and the conditions that every query includes. In: a [`crate::catalogue::Viewer`],
//! which fills in the parameters `:sees_all`, `:now` and `:link`. Out: literals for `concat!`, the larger ones built from the
//! smaller, so that each rule is written once; a test checks that no other file repeats one.

use rusqlite::{Connection, named_params};

use crate::catalogue::Viewer;
use crate::catalogue::query::{Query, sql_word};
use crate::error::Result;
use crate::{gone_recording, listed_recording, viewer_params};

/// Who may see a recording, apart from its begin and end moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Only coordinators see it.
    Draft,
    /// Visitors with a named link see it.
    Link,
    /// Everyone who knows the address sees it.
    Unlisted,
    Public,
    /// Nobody sees it; its address shows the reason and the successor.
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

    /// Whether visitors may see it in any way: by its address, in a list or with a named link.
    pub fn is_for_visitors(self) -> bool {
        match self {
            Self::Link | Self::Unlisted | Self::Public => true,
            Self::Draft | Self::Withdrawn => false,
        }
    }
}

sql_word!(Visibility);

/// How widely, and until when, caches may keep the bytes of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing {
    /// Whether everybody finds the recording at this moment, without a link or a password.
    pub is_public: bool,
    /// When the viewer may no longer see it, in UTC seconds: its own end, or that of the link or the access grant.
    pub visible_until: Option<i64>,
}

impl Sharing {
    /// Seconds for which a cache may keep the bytes, at most `most`.
    pub fn seconds(&self, most: i64, now: i64) -> i64 {
        self.visible_until
            .map_or(most, |until| (until - now).clamp(0, most))
    }
}

/// How widely a recording may be cached. The caller has checked that the viewer may see it.
pub fn sharing(conn: &Connection, viewer: &Viewer, id: i64) -> Result<Sharing> {
    let visitor = Viewer::visitor(viewer.now());
    let sql = concat!(
        "SELECT ",
        listed_recording!(),
        " AS is_public, recording.visible_until FROM recording WHERE recording.id = :id"
    );
    let sharing = conn.row(sql, viewer_params! { visitor, ":id": id }, |row| {
        Ok(Sharing {
            is_public: row.get("is_public")?,
            visible_until: row.get("visible_until")?,
        })
    })?;
    if sharing.is_public {
        return Ok(sharing);
    }
    let ends = [sharing.visible_until, held_until(conn, viewer)?];
    Ok(Sharing {
        visible_until: ends.into_iter().flatten().min(),
        ..sharing
    })
}

/// Who could ever see a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EverSeen {
    /// Visitors: its address answers 410 once it is gone.
    pub by_visitors: bool,
    /// Holders of its links.
    pub by_holders: bool,
}

/// Who could see a recording at some moment until now.
pub fn ever_seen(conn: &Connection, id: i64, now: i64) -> Result<EverSeen> {
    let sql = concat!(
        "SELECT ",
        gone_recording!(reachable),
        " AS by_visitors, visibility FROM recording WHERE recording.id = :id"
    );
    conn.row(sql, named_params! { ":id": id, ":now": now }, |row| {
        let by_visitors = row.get("by_visitors")?;
        let visibility: Visibility = row.get("visibility")?;
        Ok(EverSeen {
            by_visitors,
            by_holders: by_visitors || visibility != Visibility::Draft,
        })
    })
}

/// When the viewer's link or access grant ends, in UTC seconds; `None` when it has no end, or the viewer none.
pub fn held_until(conn: &Connection, viewer: &Viewer) -> Result<Option<i64>> {
    let Some(link) = viewer.link() else {
        return Ok(None);
    };
    let sql = "SELECT min(expires_at)
               FROM (SELECT expires_at FROM link WHERE token = :link
                     UNION ALL
                     SELECT expires_at FROM access_grant WHERE token = :link
                     UNION ALL
                     SELECT link.expires_at FROM access_grant JOIN link ON link.token = access_grant.link
                     WHERE access_grant.token = :link)";
    conn.value(sql, named_params! { ":link": link })
}

/// SQL: this row of `recording` needs no link to appear in lists (`listed`) or to answer at its address (`reachable`).
#[macro_export]
macro_rules! open_recording {
    (listed) => {
        "recording.visibility = 'public'"
    };
    (reachable) => {
        "recording.visibility IN ('public', 'unlisted')"
    };
}

/// SQL: this row of `recording` was withdrawn, as [`Visibility::Withdrawn`] says.
#[macro_export]
macro_rules! withdrawn_recording {
    () => {
        "recording.visibility = 'withdrawn'"
    };
}

/// SQL: visitors may see this row of `recording` in any way; the same condition as [`Visibility::is_for_visitors`].
#[macro_export]
macro_rules! for_visitors_recording {
    () => {
        "recording.visibility IN ('public', 'link', 'unlisted')"
    };
}

/// SQL: this row of `recording` is between its begin and end moments.
#[macro_export]
macro_rules! current_recording {
    () => {
        "(recording.visible_from IS NULL OR recording.visible_from <= :now)
         AND (recording.visible_until IS NULL OR :now < recording.visible_until)"
    };
}

/// SQL: this row of `series` is at the desk: it was not removed and is no demonstration that was taken out, or has a recording outside
/// the trash all the same.
#[macro_export]
macro_rules! kept_series {
    () => {
        "(series.removed_at IS NULL AND series.demonstration = 0
          OR EXISTS (SELECT 1 FROM recording WHERE recording.series_id = series.id AND recording.deleted_at IS NULL))"
    };
}

/// SQL: this row of `link` is open; the same condition as `Link::is_open`.
#[macro_export]
macro_rules! open_link {
    () => {
        "(link.withdrawn_at IS NULL AND (link.expires_at IS NULL OR :now < link.expires_at))"
    };
}

/// SQL: this row of `link` has a password.
#[macro_export]
macro_rules! locked_link {
    () => {
        "(link.password_hash IS NOT NULL)"
    };
}

/// SQL: this row of `access_grant` belongs to the viewer, and was given for the current password of this table.
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

/// SQL: the viewer's named link opens this row of `recording`; a link with a password needs its access grant.
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

/// SQL: this row of `recording` needs no password, or the viewer has an access grant for it.
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

/// SQL: the viewer may see this row of `recording`, in lists or at its address.
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
            " OR ",
            $crate::for_visitors_recording!(),
            " AND :link IS NOT NULL AND ",
            $crate::linked_recording!(),
            ") AND ",
            $crate::current_recording!(),
            "))"
        )
    };
}

/// SQL: lists, feeds and search show this row of `recording` to the viewer.
#[macro_export]
macro_rules! listed_recording {
    () => {
        $crate::visible_recording!(listed)
    };
}

/// SQL: this row of `recording` answers the viewer at its address.
#[macro_export]
macro_rules! reachable_recording {
    () => {
        $crate::visible_recording!(reachable)
    };
}

/// SQL: only a password keeps this row of `recording` from the viewer, in lists or at its address.
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

/// SQL: visitors could see this row of `recording` at some moment until now, or until it was put into the trash.
#[macro_export]
macro_rules! once_visible_recording {
    () => {
        concat!(
            "(recording.was_visible = 1 OR ",
            $crate::open_recording!(reachable),
            " AND (recording.visible_from IS NULL
                   OR recording.visible_from <= min(:now, coalesce(recording.deleted_at, :now))
                      AND (recording.visible_until IS NULL OR recording.visible_from < recording.visible_until)))"
        )
    };
}

/// SQL: lists showed this row of `recording` to visitors at some moment since it arrived (`arrived`, UTC seconds) until now, or until
/// it was put into the trash.
#[macro_export]
macro_rules! once_listed_recording {
    () => {
        concat!(
            $crate::open_recording!(listed),
            " AND ",
            $crate::unlocked_recording!(),
            " AND (recording.visible_from IS NULL
                   OR recording.visible_from <= min(:now, coalesce(recording.deleted_at, :now)))
              AND (recording.visible_until IS NULL OR coalesce(recording.visible_from, arrived) < recording.visible_until)"
        )
    };
}

/// SQL: lists show, or showed, this row of `recording` to visitors, so that its changes are theirs to know.
#[macro_export]
macro_rules! told_recording {
    () => {
        concat!(
            "((recording.published IS NOT NULL OR ",
            $crate::open_recording!(listed),
            ") AND ",
            $crate::unlocked_recording!(),
            ")"
        )
    };
}

/// SQL: the last of the begin and end moments of this row of `recording` that has passed (UTC seconds); 0 when none has.
#[macro_export]
macro_rules! passed_moment {
    () => {
        "max(iif(recording.visible_from <= :now, recording.visible_from, 0),
             iif(recording.visible_until <= :now, recording.visible_until, 0))"
    };
}

/// SQL for `SET`: records whether visitors could see the recording so far, before a change.
#[macro_export]
macro_rules! remember_visible {
    () => {
        concat!("was_visible = ", $crate::once_visible_recording!())
    };
}

/// SQL: this row of `recording`, hidden from the viewer, answers 410 because visitors could see it or it has a reason for its
/// withdrawal. All other hidden rows are not revealed. A series answers 410 when it once listed a recording.
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
