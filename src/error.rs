//! What can go wrong, in words for people. Every room answers with [`Error`]; `web::reply` turns it into a page, JSON
//! or plain text in the reader's language. Causes go to the log and are never shown.

use std::borrow::Cow;

/// A sentence for a reader: the key of a text in `web/texts/*.ftl` and what it is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub key: &'static str,
    pub args: Vec<(&'static str, Cow<'static, str>)>,
}

/// Names a text: `text!("recording-withdrawn")`, `text!("scan-two-ids", id = id.to_string())`.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::error::Text {
            key: $key,
            args: vec![$((stringify!($name), ::std::borrow::Cow::from($value))),*],
        }
    };
}

/// Why a question or a command was not answered with what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing here, or nothing this viewer may know of: the two cannot be told apart from outside.
    #[error("not found")]
    NotFound,
    /// It was here and visitors could see it; the address stays and says so.
    #[error("gone")]
    Gone(Gone),
    /// It worked until someone ended it, in a sentence.
    #[error("over: {}", .0.key)]
    Over(Text),
    /// Only for coordinators who are signed in, or scripts with a key.
    #[error("signing in is needed")]
    SignInNeeded,
    /// Signed in, and still not theirs to see or do.
    #[error("not allowed")]
    Forbidden,
    /// Tried too often; again after so many seconds.
    #[error("tried too often")]
    TooOften(i64),
    /// A rule of ours says no, in a sentence.
    #[error("refused: {}", .0.key)]
    Refused(Text),
    /// A protocol of ours says no: the HTTP status it asks for, and a sentence.
    #[error("refused with {0}: {key}", key = .1.key)]
    Status(u16, Text),
    /// The file on disk is not the one the catalogue knows; a scan has been asked for.
    #[error("changed on disk")]
    Changed,
    /// More questions at once than we can hold in memory; asking again soon helps.
    #[error("busy")]
    Busy,
    /// Our own fault, or the machine's. Logged in full, shown as an apology.
    #[error("internal: {0}")]
    Internal(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// What is known of something that is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// What its coordinator said about it.
    pub reason: Option<String>,
    /// Root-relative address of what took its place.
    pub successor: Option<String>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps a cause that is not the reader's business.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        Self::internal(cause)
    }
}

impl From<rusqlite::Error> for Error {
    /// A broken rule of `schema.sql` is our own fault here: what people type is checked before it reaches a row.
    fn from(cause: rusqlite::Error) -> Self {
        match cause {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            other => Self::internal(other),
        }
    }
}
