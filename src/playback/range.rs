//! Decides how a request for a media file is answered: with all of it, a part, or an error. In: the method, the request's headers
//! and the [`Representation`] of the file. Out: an [`Answer`]. Nothing is opened or sent here.
//!
//! The rules are those of RFC 9110 §13–15; each branch names its clause. Where the RFC leaves a choice, the whole file is sent, so
//! that an unusual player still plays it. Every header is untrusted: parsing one takes time linear in its length, and memory for at
//! most [`MAX_RANGES`] ranges.

use axum::http::header::RANGE;
use axum::http::{HeaderMap, Method};

use super::preconditions::{if_range_holds, only_line, refusal};
use super::representation::{Answer, Representation, Span};

/// Ranges that one request may ask for. Players ask for one and PDF readers for a few; more indicate the attack that RFC 9110
/// §17.15 describes.
pub const MAX_RANGES: usize = 8;

/// Ranges of one request that may share bytes with another of them: the number RFC 9110 §14.2 names.
const MAX_OVERLAPPING: usize = 2;

/// The longest Range field that is parsed, in bytes. Eight ranges of two 20-digit numbers take less than 350, so a longer field is
/// padded with zeros, blanks or empty elements, which §5.6.1.2 requires to accept only in reasonable number.
const MAX_RANGE_FIELD_BYTES: usize = 1024;

/// Decides how a GET or HEAD on `file` is answered.
pub fn decide(method: &Method, headers: &HeaderMap, file: &Representation<'_>) -> Answer {
    // §14.2: preconditions come first, and Range counts only where the answer without it would be 200. A request whose range is
    // unsatisfiable and whose copy is current therefore gets 304, not 416.
    if let Some(answer) = refusal(method, headers, file) {
        return answer;
    }
    // §14.2: Range has a meaning for GET only; HEAD describes the whole file.
    if *method != Method::GET {
        return Answer::Whole;
    }
    // §14.2 with §5.3: Range is not a list field. Two lines of it are an invalid specifier, which may be ignored; joining them
    // could make a proxy and this server read different ranges from one request.
    let Some(range) = only_line(headers, RANGE) else {
        return Answer::Whole;
    };
    // §13.1.5: a client whose part belongs to another file must get the whole file. Without Range, If-Range has no meaning.
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

/// The value of `Content-Range` that states the size of the file after an unsatisfiable range (RFC 9110 §15.5.17).
pub fn unsatisfied_range(size_bytes: u64) -> String {
    format!("bytes */{size_bytes}")
}

/// One range as the client wrote it, before it is compared with the size of the file.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// From `first` to `last`; an open end is `u64::MAX`.
    Between { first: u64, last: u64 },
    /// The last bytes of the file, this many.
    Suffix(u64),
}

/// Parses a `ranges-specifier` of the unit `bytes` (§14.1.1); `None` when the field is to be ignored.
fn asked_ranges(value: &[u8]) -> Option<Vec<Asked>> {
    // §17.15: a field that is too long is rejected before it is parsed.
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
    // §5.6.1.2: blanks around members and empty members are accepted; §14.1.2 itself shows a blank after the `=`.
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

/// Parses one `range-spec` (§14.1.1): `5-9`, `5-` or `-5`.
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
    // §14.1.1: a range that ends before it begins is invalid, even when its numbers exceed `u64`.
    (magnitude(before) <= magnitude(after)).then_some(Asked::Between { first, last })
}

/// A number in digits only (§14.1.1 `1*DIGIT`), without the sign that Rust's `parse` would accept. §14.1.2: a number larger than
/// `u64` becomes the largest, which is beyond every file.
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

/// A sort key for decimal numbers of any length: without leading zeros the longer one is larger.
fn magnitude(digits: &[u8]) -> (usize, &[u8]) {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    let significant = digits.get(zeros..).unwrap_or_default();
    (significant.len(), significant)
}

/// Resolves the requested ranges against the size of the file.
fn satisfy(asked: &[Asked], size_bytes: u64) -> Answer {
    let spans: Vec<Span> = asked
        .iter()
        .filter_map(|one| span_of(*one, size_bytes))
        .collect();
    let wants_end = asked.iter().any(|one| matches!(one, Asked::Suffix(1..)));
    match spans.as_slice() {
        // §14.1.2: a suffix range of an empty file is satisfiable, but no Content-Range can express it; §14.2 allows sending the
        // empty file as a whole.
        [] if size_bytes == 0 && wants_end => Answer::Whole,
        // §14.2, §15.5.17: no range is satisfiable. This holds with If-Range too: a client that resumes a complete download learns
        // so, instead of getting the whole file again.
        [] => Answer::Unsatisfiable,
        // §15.3.7: unsatisfiable ranges are left out; a single remaining span is sent without multipart.
        [only] => Answer::Part(*only),
        several if is_wasteful(several, size_bytes) => Answer::Whole,
        // §15.3.7.2: the spans keep the order of the client, which may want a later part first.
        _ => Answer::Parts(spans),
    }
}

/// The bytes of the file that one range selects; `None` when it is unsatisfiable (§14.1.2).
fn span_of(asked: Asked, size_bytes: u64) -> Option<Span> {
    let end = size_bytes.checked_sub(1)?;
    match asked {
        // A range that reaches past the end stops at the end of the file.
        Asked::Between { first, last } => (first <= end).then_some(Span {
            first,
            last: last.min(end),
        }),
        Asked::Suffix(0) => None,
        // A suffix longer than the file selects all of it.
        Asked::Suffix(length) => Some(Span {
            first: size_bytes.saturating_sub(length),
            last: end,
        }),
    }
}

/// Whether several spans cost more than the whole file. §14.2 allows ignoring more than two overlapping ranges, or any Range;
/// §17.15 explains why a request must not fetch more bytes than the file has.
fn is_wasteful(spans: &[Span], size_bytes: u64) -> bool {
    let total: u128 = spans.iter().map(|span| u128::from(span.len_bytes())).sum();
    // Each span overlaps itself, so a second overlap means that it shares bytes with another span.
    let shares = |span: &&Span| spans.iter().filter(|other| span.overlaps(**other)).count() > 1;
    total > u128::from(size_bytes) || spans.iter().filter(shares).count() > MAX_OVERLAPPING
}

#[cfg(test)]
#[path = "range_cases.rs"]
mod cases;
