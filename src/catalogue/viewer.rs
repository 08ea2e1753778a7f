//! Who is asking. Every question to the catalogue takes a [`Viewer`], so that what may be seen is decided in SQL, in one
//! place, and nothing is shown because a page forgot to look.
//!
//! The conditions are literals, put into each statement with `concat!`; they use the parameters `:sees_all` and `:now`,
//! which [`Viewer::sees_all`] and [`Viewer::now`] fill in.

/// The one who asks, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    who: Who,
    now: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Visitor,
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
            Who::Visitor => false,
            Who::Coordinator => true,
        }
    }

    /// UTC seconds; binds `:now`.
    pub fn now(&self) -> i64 {
        self.now
    }
}

/// SQL: this row of `recording` is shown in lists, feeds and search to the one who asks.
#[macro_export]
macro_rules! listed_recording {
    () => {
        "(recording.deleted_at IS NULL
          AND (:sees_all
               OR (recording.visibility = 'public'
                   AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
                   AND (recording.visible_until IS NULL OR :now < recording.visible_until))))"
    };
}

/// SQL: this row of `recording` answers to the one who asks for it by its address.
#[macro_export]
macro_rules! reachable_recording {
    () => {
        "(recording.deleted_at IS NULL
          AND (:sees_all
               OR (recording.visibility IN ('public', 'unlisted')
                   AND (recording.visible_from IS NULL OR recording.visible_from <= :now)
                   AND (recording.visible_until IS NULL OR :now < recording.visible_until))))"
    };
}
