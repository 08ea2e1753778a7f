//! Who is asking. Every question to the catalogue takes a [`Viewer`], so that what may be seen is decided in SQL, in one
//! place, and nothing is shown because a page forgot to look.
//!
//! The conditions stand in `recording/visibility.rs`; they use the parameters `:sees_all`, `:now` and `:link`, which
//! [`Viewer::sees_all`], [`Viewer::now`] and [`Viewer::link`] fill in.

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
