//! Who is asking. Every question to the catalogue takes a [`Viewer`], so that what may be seen is decided in SQL, in one
//! place, and nothing is shown because a page forgot to look.
//!
//! The conditions are literals, put into each statement with `concat!`; they use the parameters `:sees_all`, `:now` and
//! `:link`, which [`Viewer::sees_all`], [`Viewer::now`] and [`Viewer::link`] fill in.

use super::link::Token;

/// The one who asks, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    who: Who,
    now: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Visitor,
    /// Whoever was handed a named link.
    Holder(Token),
    Coordinator,
}

impl Viewer {
    /// Anyone on the web. `now`: UTC seconds, against which scheduled moments are judged.
    pub fn visitor(now: i64) -> Self {
        Self {
            who: Who::Visitor,
            now,
        }
    }

    /// Anyone who asks with a named link, whatever it still opens.
    pub fn holder(token: Token, now: i64) -> Self {
        Self {
            who: Who::Holder(token),
            now,
        }
    }

    /// One who works with the catalogue: a coordinator, the scan, the command line. Sees all but the trash.
    pub fn coordinator(now: i64) -> Self {
        Self {
            who: Who::Coordinator,
            now,
        }
    }

    /// Whether drafts and scheduled recordings are shown too; binds `:sees_all`.
    pub fn sees_all(&self) -> bool {
        match self.who {
            Who::Visitor | Who::Holder(_) => false,
            Who::Coordinator => true,
        }
    }

    /// The named link asked with; binds `:link`.
    pub fn link(&self) -> Option<Token> {
        match self.who {
            Who::Holder(token) => Some(token),
            Who::Visitor | Who::Coordinator => None,
        }
    }

    /// UTC seconds; binds `:now`.
    pub fn now(&self) -> i64 {
        self.now
    }
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
