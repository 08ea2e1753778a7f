//! Moments on the clocks of the portal, as a browser's field gives them (`2026-07-01T12:00`). In: what was typed. Out: RFC 3339,
//! or what is wrong with it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, AmbiguousZoned, TimeZone};

use crate::desk::kit::posted::{Errors, Posted};
use crate::error::{Error, Result};
use crate::text;

/// Reads a field. `None` when it is empty; what no clock shows lands in `errors`.
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

/// What is typed, as a clock shows it. One with a zone of its own (`+09:00`) would be read as another moment than it says; a
/// year before 1 cannot be written down (RFC 3339 §5.6).
fn civil(typed: &str) -> Option<DateTime> {
    let typed = typed.replace(' ', "T");
    let (day, time) = typed.split_once('T').unwrap_or((&typed, "00:00"));
    let is_plain = time
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    let civil = typed.parse::<DateTime>().ok()?;
    (is_plain && day.len() == 10 && civil.year() >= 1).then_some(civil)
}

/// With the clock's own offset, so that a person who opens the file reads the hour that was typed. Until 1940 that had seconds
/// (Europe/Amsterdam: +00:19:32), which RFC 3339 §4.2 cannot say; then in UTC.
fn written(moment: jiff::Zoned) -> String {
    match moment.offset().seconds() % 60 {
        0 => moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        _ => moment.timestamp().to_string(),
    }
}

/// A moment (UTC seconds) as it is typed; empty for one that is on no clock.
pub fn on_the_clock(at: i64, zone: &TimeZone) -> String {
    // "Always over" and "never" are what is made of a moment that cannot be read.
    let at = Some(at).filter(|at| !matches!(at, 0 | &i64::MAX));
    let zoned = at
        .and_then(|at| Timestamp::from_second(at).ok())
        .map(|at| at.to_zoned(zone.clone()));
    zoned.map_or_else(String::new, |at| at.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// A moment (UTC seconds) as a sidecar says it.
pub fn rfc_3339(at: i64) -> Result<String> {
    Ok(Timestamp::from_second(at)
        .map_err(Error::internal)?
        .to_string())
}
