//! Who is asking. Every question to the catalogue takes a [`Viewer`], so that what may be seen is decided in SQL, in one
//! place, and nothing is shown because a page forgot to look.
//!
//! The conditions stand in `recording/visibility.rs`; they use the parameters `:sees_all`, `:now` and `:link`, which
//! [`viewer_params!`] binds.
//!
//! [`viewer_params!`]: crate::viewer_params

use super::link::Token;

/// The one who asks, at the moment of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    sees_all: bool,
    link: Option<Token>,
    now: i64,
}

impl Viewer {
    /// Anyone on the web. `now`: UTC seconds, against which scheduled moments are judged.
    pub fn visitor(now: i64) -> Self {
        Self {
            sees_all: false,
            link: None,
            now,
        }
    }

    /// Anyone who asks with a named link, whatever it still opens.
    pub fn holder(token: Token, now: i64) -> Self {
        Self {
            link: Some(token),
            ..Self::visitor(now)
        }
    }

    /// One who works with the catalogue: a coordinator, the scan, the command line. Sees all but the trash.
    pub fn coordinator(now: i64) -> Self {
        Self {
            sees_all: true,
            ..Self::visitor(now)
        }
    }

    /// Whether drafts and scheduled recordings are shown too; bound to `:sees_all`.
    pub fn sees_all(&self) -> bool {
        self.sees_all
    }

    /// The named link asked with; bound to `:link`.
    pub fn link(&self) -> Option<Token> {
        self.link
    }

    /// UTC seconds; bound to `:now`.
    pub fn now(&self) -> i64 {
        self.now
    }
}

/// The parameters of a question: those that say who asks, and its own, as in `named_params!`.
#[macro_export]
macro_rules! viewer_params {
    ($viewer:expr $(, $name:literal: $value:expr)* $(,)?) => {
        ::rusqlite::named_params! {
            $($name: $value,)*
            ":sees_all": $viewer.sees_all(),
            ":now": $viewer.now(),
            ":link": $viewer.link(),
        }
    };
}
