//! The error type of all rooms. `web::reply` turns an [`Error`] into a page, JSON or plain text in the reader's language. Causes
//! are logged and never shown.

use std::borrow::Cow;

/// A text for a reader: its key in `web/texts/*.ftl` and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub key: &'static str,
    pub args: Vec<(&'static str, Cow<'static, str>)>,
}

/// Creates a `Text`: `text!("recording-withdrawn")`, `text!("scan-two-ids", id = id.to_string())`.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::error::Text {
            key: $key,
            args: vec![$((stringify!($name), ::std::borrow::Cow::from($value))),*],
        }
    };
}

/// Why a request or a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object does not exist, or this viewer may not know of it: the two cannot be told apart from outside.
    #[error("not found")]
    NotFound,
    /// Visitors could see the object once; its address stays and says so.
    #[error("gone")]
    Gone(Gone),
    /// The object was ended, and the text says why.
    #[error("over: {}", .0.key)]
    Over(Text),
    /// The request needs a sign-in or an access key.
    #[error("signing in is needed")]
    SignInNeeded,
    /// The signed-in coordinator may not do this.
    #[error("not allowed")]
    Forbidden,
    /// Too many attempts; the next one is allowed after this number of seconds.
    #[error("tried too often")]
    TooOften(i64),
    /// A rule of the portal refuses the request, and the text says why.
    #[error("refused: {}", .0.key)]
    Refused(Text),
    /// A protocol refuses the request, with this HTTP status and text.
    #[error("refused with {0}: {key}", key = .1.key)]
    Status(u16, Text),
    /// The file on disk is not the one that the catalogue knows; a scan was requested.
    #[error("changed on disk")]
    Changed,
    /// Too many requests wait already; trying again soon helps.
    #[error("busy")]
    Busy,
    /// The disk is full or the quota is used up; nothing was changed.
    #[error("the disk is full")]
    DiskFull,
    /// A fault of the program or the machine. The cause is logged, and the reader sees an apology.
    #[error("internal: {0}")]
    Internal(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// Details of a removed object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// The reason, in the words of a coordinator.
    pub reason: Option<String>,
    /// Root-relative address of the successor.
    pub successor: Option<String>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps a cause that is logged but not shown.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::internal(cause),
        }
    }
}

impl From<rusqlite::Error> for Error {
    /// A violated constraint of `schema.sql` is an internal error, because input is validated before it reaches a row.
    fn from(cause: rusqlite::Error) -> Self {
        match cause {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            late if late.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                Self::Busy
            }
            full if full.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) => {
                Self::DiskFull
            }
            other => Self::internal(other),
        }
    }
}
