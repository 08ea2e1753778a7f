//! How a request for a media file is answered: whole, in part, or not at all. In come the method, the request's
//! headers and what we know of the file; out comes an [`Answer`]. Nothing is opened or sent here.
//!
//! The rules are those of RFC 9110 §13–15; each branch names its clause. Where the RFC leaves a choice, the whole file
//! is the answer: a player that asked strangely still plays. Every header is hostile: reading one takes time linear in
//! its length and memory for at most [`MAX_RANGES`] ranges.

use axum::http::header::RANGE;
use axum::http::{HeaderMap, Method};

use super::preconditions::{if_range_holds, only_line, refusal};
use super::representation::{Answer, Representation, Span};

/// Ranges one request may ask for. Players ask for one, a PDF reader for a few; more is a sign of the attack that
/// RFC 9110 §17.15 describes.
pub const MAX_RANGES: usize = 8;

/// Ranges of one request that may share bytes with another of them: the number RFC 9110 §14.2 names.
const MAX_OVERLAPPING: usize = 2;

/// Bytes of a Range field that are looked at. Eight ranges of two 20-digit numbers take less than 350, so a longer one
/// is padding: zeros, blanks, or the empty elements that §5.6.1.2 asks us to bear only in reasonable number.
const MAX_RANGE_FIELD_BYTES: usize = 1024;

/// Decides how a GET or HEAD on `file` is answered.
pub fn decide(method: &Method, headers: &HeaderMap, file: &Representation<'_>) -> Answer {
    // §14.2: preconditions come first, and Range counts only where the answer without it would be 200. So a request
    // that is both out of reach and known to the client's cache is a 304, not a 416.
    if let Some(answer) = refusal(method, headers, file) {
        return answer;
    }
    // §14.2: GET is the only method for which Range means anything; HEAD describes the whole file.
    if *method != Method::GET {
        return Answer::Whole;
    }
    // §14.2 with §5.3: Range is not a list field. Two lines of it are an invalid specifier, which may be ignored;
    // joining them would let a proxy and us read different ranges from one request.
    let Some(range) = only_line(headers, RANGE) else {
        return Answer::Whole;
    };
    // §13.1.5: a client whose part is of another file must get all of this one. Without Range, If-Range means nothing.
    if !if_range_holds(headers, file) {
        return Answer::Whole;
    }
    // §14.2: an unknown unit must be ignored, an invalid specifier may be.
    match asked_ranges(range.as_bytes()) {
        Some(asked) => satisfy(&asked, file.size_bytes),
        None => Answer::Whole,
    }
}

/// The value of `Content-Range` for a span of a file (RFC 9110 §14.4).
pub fn content_range(span: Span, size_bytes: u64) -> String {
    format!("bytes {}-{}/{size_bytes}", span.first, span.last)
}

/// The value of `Content-Range` that tells a client how long the file really is (RFC 9110 §15.5.17).
pub fn unsatisfied_range(size_bytes: u64) -> String {
    format!("bytes */{size_bytes}")
}

/// One range as the client wrote it, before the size of the file is known.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// From `first` to `last`; an open end is the largest number there is.
    Between { first: u64, last: u64 },
    /// The last so many bytes.
    Suffix(u64),
}

/// Reads a `ranges-specifier` of the unit `bytes` (§14.1.1); `None` when the field is to be ignored.
fn asked_ranges(value: &[u8]) -> Option<Vec<Asked>> {
    // §17.15: a field of many thousand bytes is turned away before it is read.
    if value.len() > MAX_RANGE_FIELD_BYTES {
        return None;
    }
    let equals = value.iter().position(|&byte| byte == b'=')?;
    let (unit, set) = (value.get(..equals)?, value.get(equals + 1..)?);
    // §14.1: the names of units are case-insensitive.
    if !unit.trim_ascii_start().eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let mut asked = Vec::new();
    // §5.6.1.2: blanks around the members and empty members are borne; §14.1.2 itself shows a blank after the `=`.
    for member in set
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .filter(|member| !member.is_empty())
    {
        if asked.len() == MAX_RANGES {
            return None;
        }
        // §14.1.1: one invalid range makes the whole set invalid.
        asked.push(asked_range(member)?);
    }
    (!asked.is_empty()).then_some(asked)
}

/// Reads one `range-spec` (§14.1.1): `5-9`, `5-` or `-5`.
fn asked_range(member: &[u8]) -> Option<Asked> {
    let dash = member.iter().position(|&byte| byte == b'-')?;
    let (before, after) = (member.get(..dash)?, member.get(dash + 1..)?);
    if before.is_empty() {
        return Some(Asked::Suffix(decimal(after)?));
    }
    let first = decimal(before)?;
    if after.is_empty() {
        let last = u64::MAX;
        return Some(Asked::Between { first, last });
    }
    let last = decimal(after)?;
    // §14.1.1: a range that ends before it begins is invalid, however many digits it takes to say so.
    (magnitude(before) <= magnitude(after)).then_some(Asked::Between { first, last })
}

/// A number in digits alone (§14.1.1 `1*DIGIT`): no sign, no blank, which Rust's own `parse` would partly let pass.
/// §14.1.2: a number may be larger than ours; it then means the largest, which lies beyond every file.
fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let appended = |number: u64, digit: &u8| {
        number
            .saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    };
    Some(digits.iter().fold(0, appended))
}

/// Orders decimal numbers of any length: without leading zeros the longer one is larger.
fn magnitude(digits: &[u8]) -> (usize, &[u8]) {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    let significant = digits.get(zeros..).unwrap_or_default();
    (significant.len(), significant)
}

/// Holds what was asked against the size of the file.
fn satisfy(asked: &[Asked], size_bytes: u64) -> Answer {
    let spans: Vec<Span> = asked
        .iter()
        .filter_map(|one| span_of(*one, size_bytes))
        .collect();
    let wants_end = asked.iter().any(|one| matches!(one, Asked::Suffix(1..)));
    match spans.as_slice() {
        // §14.1.2: of an empty file the last bytes can be had, but no Content-Range can say so; §14.2 lets an empty
        // file be sent whole.
        [] if size_bytes == 0 && wants_end => Answer::Whole,
        // §14.2, §15.5.17: nothing of it can be had. This holds behind an If-Range too: whoever resumes a download
        // that is complete learns so, rather than getting it all again.
        [] => Answer::Unsatisfiable,
        // §15.3.7: what cannot be had is left out; one span that remains is sent plainly.
        [only] => Answer::Part(*only),
        several if is_wasteful(several, size_bytes) => Answer::Whole,
        // §15.3.7.2: the order is the client's, who may want a later part first.
        _ => Answer::Parts(spans),
    }
}

/// The bytes of the file that one range selects; `None` when it is unsatisfiable (§14.1.2).
fn span_of(asked: Asked, size_bytes: u64) -> Option<Span> {
    let end = size_bytes.checked_sub(1)?;
    match asked {
        // A range that reaches past the end means: as far as there is.
        Asked::Between { first, last } => (first <= end).then_some(Span {
            first,
            last: last.min(end),
        }),
        Asked::Suffix(0) => None,
        // More than the file has means: all of it.
        Asked::Suffix(length) => Some(Span {
            first: size_bytes.saturating_sub(length),
            last: end,
        }),
    }
}

/// Whether several spans cost more than the file is worth. §14.2 lets more than two overlapping ranges be ignored,
/// and any Range at all; §17.15 says why a request must not be able to fetch more than the file.
fn is_wasteful(spans: &[Span], size_bytes: u64) -> bool {
    let total: u128 = spans.iter().map(|span| u128::from(span.len_bytes())).sum();
    // Each span overlaps itself; those that overlap one more share bytes with another.
    let shares = |span: &&Span| spans.iter().filter(|other| span.overlaps(**other)).count() > 1;
    total > u128::from(size_bytes) || spans.iter().filter(shares).count() > MAX_OVERLAPPING
}

#[cfg(test)]
#[path = "range_cases.rs"]
mod cases;
