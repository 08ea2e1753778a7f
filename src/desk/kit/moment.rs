//! Moments in the time zone of the portal, as a browser's field gives them (`2026-07-01T12:00`). In: the text of a form field. Out:
//! RFC 3339, or an error.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, AmbiguousZoned, TimeZone};

use crate::desk::kit::posted::{Errors, Posted};
use crate::error::{Error, Result};
use crate::text;

/// Parses a form field. `None` when it is empty; a text that is no valid moment adds to `errors`.
pub fn parse(
    posted: &Posted,
    name: &'static str,
    zone: &TimeZone,
    errors: &mut Errors,
) -> Option<String> {
    let typed = posted.line(name, 30, errors);
    if typed.is_empty() {
        return None;
    }
    let ambiguous = civil(&typed).map(|civil| zone.to_ambiguous_zoned(civil));
    let is_skipped = |at: &AmbiguousZoned| matches!(at.offset(), AmbiguousOffset::Gap { .. });
    if ambiguous.as_ref().is_some_and(is_skipped) {
        errors.insert(name, text!("moment-skipped"));
        return None;
    }
    let moment = ambiguous.and_then(|at| at.compatible().ok());
    if moment.is_none() {
        errors.insert(name, text!("moment-odd"));
    }
    moment.map(written)
}

/// The typed local date and time. A text with a zone of its own (`+09:00`) is refused, because its zone would be ignored; so is a
/// year before 1, which RFC 3339 §5.6 cannot express.
fn civil(typed: &str) -> Option<DateTime> {
    let typed = typed.replace(' ', "T");
    let (day, time) = typed.split_once('T').unwrap_or((&typed, "00:00"));
    let is_plain = time
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    let civil = typed.parse::<DateTime>().ok()?;
    (is_plain && day.len() == 10 && civil.year() >= 1).then_some(civil)
}

/// The moment in RFC 3339 with the local offset, so that a person who opens the file reads the hour that was typed. Offsets until
/// 1940 had seconds (Europe/Amsterdam: +00:19:32), which RFC 3339 §4.2 cannot express; those moments are written in UTC.
fn written(moment: jiff::Zoned) -> String {
    match moment.offset().seconds() % 60 {
        0 => moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        _ => moment.timestamp().to_string(),
    }
}

/// A moment (UTC seconds) as text for a form field; empty for a moment that the field cannot show.
pub fn on_the_clock(at: i64, zone: &TimeZone) -> String {
    // An unreadable moment is stored as 0 or `i64::MAX`: always or never.
    let at = Some(at).filter(|at| !matches!(at, 0 | &i64::MAX));
    let zoned = at
        .and_then(|at| Timestamp::from_second(at).ok())
        .map(|at| at.to_zoned(zone.clone()));
    zoned.map_or_else(String::new, |at| at.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// A moment (UTC seconds) in RFC 3339, as in a sidecar.
pub fn rfc_3339(at: i64) -> Result<String> {
    Ok(Timestamp::from_second(at)
        .map_err(Error::internal)?
        .to_string())
}
