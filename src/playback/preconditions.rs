//! Evaluates the five conditional fields of RFC 9110 §13. In: the request's headers and the file's validators. Out: the answer when
//! a condition fails.
//!
//! A malformed field never counts as a match, so at worst the file is sent once more.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::header::{
    HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
};
use axum::http::{HeaderMap, HeaderValue, Method};

use super::representation::{Answer, Representation};

/// Evaluates the conditions of §13.2.2, steps 1 to 4, in order; returns the answer when one fails.
pub fn refusal(method: &Method, headers: &HeaderMap, file: &Representation<'_>) -> Option<Answer> {
    let reading = *method == Method::GET || *method == Method::HEAD;
    // §13.1.1: If-Match compares strongly, and its presence alone silences If-Unmodified-Since (§13.1.4).
    match names_tag(headers, IF_MATCH, file.etag, same_strong) {
        Some(true) => {}
        Some(false) => return Some(Answer::PreconditionFailed),
        None if modified_after(file, date(headers, IF_UNMODIFIED_SINCE)) == Some(true) => {
            return Some(Answer::PreconditionFailed);
        }
        None => {}
    }
    // §13.1.2: If-None-Match compares weakly, and its presence alone silences If-Modified-Since (§13.1.3).
    match names_tag(headers, IF_NONE_MATCH, file.etag, same_weak) {
        Some(true) if reading => Some(Answer::NotModified),
        Some(true) => Some(Answer::PreconditionFailed),
        Some(false) => None,
        None if reading
            && modified_after(file, date(headers, IF_MODIFIED_SINCE)) == Some(false) =>
        {
            Some(Answer::NotModified)
        }
        None => None,
    }
}

/// §13.1.5: whether Range may be obeyed, because there is no If-Range or it holds exactly the file's validator.
pub fn if_range_holds(headers: &HeaderMap, file: &Representation<'_>) -> bool {
    if !headers.contains_key(IF_RANGE) {
        return true;
    }
    // Two If-Range lines are no single validator, so the condition is false.
    let Some(value) = only_line(headers, IF_RANGE) else {
        return false;
    };
    // The comparison is strong: a weak tag never holds.
    if let Some((tag, rest)) = split_entity_tag(value.as_bytes().trim_ascii()) {
        return rest.is_empty() && same_strong(tag, file.etag.as_bytes());
    }
    // §8.8.2.2: a date is a strong validator where the origin knows that the file did not change twice within that
    // second; ours never change. It has to be the same date: an earlier or a later one is of another file.
    date(headers, IF_RANGE).is_some_and(|date| last_modified(file) == Some(date))
}

/// The value of a field that occurs on exactly one line.
pub fn only_line(headers: &HeaderMap, field: HeaderName) -> Option<&HeaderValue> {
    let mut lines = headers.get_all(field).iter();
    let line = lines.next()?;
    lines.next().is_none().then_some(line)
}

/// Whether an If-Match or If-None-Match names the file's tag; `None` when the request has no such field.
///
/// A malformed field names no tag: then If-Match fails and If-None-Match sends the file, so that it never counts as a match.
fn names_tag(
    headers: &HeaderMap,
    field: HeaderName,
    etag: &str,
    same: fn(&[u8], &[u8]) -> bool,
) -> Option<bool> {
    if !headers.contains_key(&field) {
        return None;
    }
    // §13.1.1 and §13.1.2: `*` matches any file that exists, but only alone; with other members it is invalid.
    if only_line(headers, field.clone()).is_some_and(|line| line.as_bytes().trim_ascii() == b"*") {
        return Some(true);
    }
    // §5.3: several lines form one list.
    let mut named = false;
    for line in headers.get_all(field) {
        match lists(line.as_bytes(), |tag| same(tag, etag.as_bytes())) {
            Some(found) => named |= found,
            None => return Some(false),
        }
    }
    Some(named)
}

/// Whether one line of `#entity-tag` has a member that `wanted` accepts; `None` when the line is no such list. The line is not
/// split at commas, because a tag may contain them.
fn lists(line: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Option<bool> {
    let mut found = false;
    let mut rest = line;
    loop {
        // §5.6.1.2: empty members are skipped.
        while let [b' ' | b'\t' | b',', after @ ..] = rest {
            rest = after;
        }
        if rest.is_empty() {
            return Some(found);
        }
        let (tag, after) = split_entity_tag(rest)?;
        found |= wanted(tag);
        rest = after.trim_ascii_start();
        if rest.first().is_some_and(|&byte| byte != b',') {
            return None;
        }
    }
}

/// Splits the entity tag from the front of `text` (§8.8.3): a case-sensitive `W/`, then quotes without a blank between them.
fn split_entity_tag(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = opaque(text).strip_prefix(b"\"")?;
    let end = inside
        .iter()
        .position(|byte| !matches!(byte, 0x21 | 0x23..=0x7e | 0x80..))?;
    if inside.get(end) != Some(&b'"') {
        return None;
    }
    text.split_at_checked(text.len() - inside.len() + end + 1)
}

/// §8.8.3.2, strong comparison: the same characters, and neither is weak.
fn same_strong(left: &[u8], right: &[u8]) -> bool {
    left == right && !left.starts_with(b"W/")
}

/// §8.8.3.2, weak comparison: the same characters, whether weak or not.
fn same_weak(left: &[u8], right: &[u8]) -> bool {
    opaque(left) == opaque(right)
}

/// An entity tag without its weakness prefix.
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

/// Whether the file changed after `date`. `None` when the field is to be ignored, because it has no valid date or the file has none
/// (§13.1.3, §13.1.4).
fn modified_after(file: &Representation<'_>, date: Option<SystemTime>) -> Option<bool> {
    Some(last_modified(file)? > date?)
}

/// The file's date as in `Last-Modified`, in whole seconds (§8.8.2); `None` before 1970.
fn last_modified(file: &Representation<'_>) -> Option<SystemTime> {
    let seconds = file.modified?.duration_since(UNIX_EPOCH).ok()?.as_secs();
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// A date field in one of the three forms of §5.6.7. More than one line or member is no date (§13.1.3, §13.1.4).
fn date(headers: &HeaderMap, field: HeaderName) -> Option<SystemTime> {
    let text = only_line(headers, field)?.to_str().ok()?.trim();
    // Each form has three blanks at least. The parser takes any byte for the one between day and hour of the second form.
    if text.split(' ').count() < 4 {
        return None;
    }
    httpdate::parse_http_date(text).ok()
}
