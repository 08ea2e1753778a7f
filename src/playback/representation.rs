//! The properties of a media file and the possible answers to a request for it, with which [`super::range`] decides.

use std::time::SystemTime;

/// The properties of a file that clients learn. The bytes at its address never change.
#[derive(Debug, Clone, Copy)]
pub struct Representation<'a> {
    /// Length of the file in bytes.
    pub size_bytes: u64,
    /// Strong entity tag with its quotes, as sent in `ETag` (RFC 9110 §8.8.3).
    pub etag: &'a str,
    /// Date for `Last-Modified`; fractions of a second are ignored, because the field cannot carry them.
    pub modified: Option<SystemTime>,
}

/// The answer to a request for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 304: the client has these bytes already.
    NotModified,
    /// 412: the client wants an answer only for another state of the file.
    PreconditionFailed,
    /// 200 with the whole file; for HEAD its headers alone.
    Whole,
    /// 206 with one span and a `Content-Range`, see [`super::range::content_range`].
    Part(Span),
    /// 206 as `multipart/byteranges`, see `byteranges`: two or more spans in the order they were asked for,
    /// together no longer than the file.
    Parts(Vec<Span>),
    /// 416 with the size in `Content-Range`, see [`super::range::unsatisfied_range`].
    Unsatisfiable,
}

/// A run of bytes inside a file, counted from 0. Both ends are included, so it holds at least one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Position of the first byte.
    pub first: u64,
    /// Position of the last byte; never before `first`.
    pub last: u64,
}

impl Span {
    /// Bytes in the span.
    pub fn len_bytes(self) -> u64 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}
