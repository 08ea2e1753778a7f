//! The viewer: who sends the request. Every query to the catalogue takes a [`Viewer`], so that SQL decides what may be seen, in one
//! place, and no page can forget the check.
//!
//! The conditions are in `recording/visibility.rs`; they use the parameters `:sees_all`, `:now` and `:link`, which
//! [`viewer_params!`] binds.
//!
//! [`viewer_params!`]: crate::viewer_params

use super::link::Token;

/// The sender of a request, at the moment of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    sees_all: bool,
    link: Option<Token>,
    now: i64,
}

impl Viewer {
    /// A visitor of the web site. `now`: UTC seconds, with which scheduled moments are compared.
    pub fn visitor(now: i64) -> Self {
        Self {
            sees_all: false,
            link: None,
            now,
        }
    }

    /// A visitor with a named link, which may have ended.
    pub fn holder(token: Token, now: i64) -> Self {
        Self {
            link: Some(token),
            ..Self::visitor(now)
        }
    }

    /// A coordinator, the scan or the command line, who sees all recordings except the trash.
    pub fn coordinator(now: i64) -> Self {
        Self {
            sees_all: true,
            ..Self::visitor(now)
        }
    }

    /// Whether it is a visitor without a named link, who sees what everybody sees.
    pub fn is_visitor(&self) -> bool {
        !self.sees_all && self.link.is_none()
    }

    /// Whether drafts and scheduled recordings are shown too; bound to `:sees_all`.
    pub fn sees_all(&self) -> bool {
        self.sees_all
    }

    /// The viewer's named link; bound to `:link`.
    pub fn link(&self) -> Option<Token> {
        self.link
    }

    /// The moment in UTC seconds; bound to `:now`.
    pub fn now(&self) -> i64 {
        self.now
    }
}

/// Parameters of a query: those of the viewer, followed by its own as in `named_params!`.
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
