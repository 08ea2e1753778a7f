//! Parses and writes the time line of a cue: `00:01:02.500 --> 00:01:04.000 align:start`.
//!
//! The parser accepts more than WebVTT allows (comma, one-digit fields, no fraction), because SRT never had a standard; the writer
//! follows W3C WebVTT §4.1 exactly.

use crate::catalogue::timecode;

/// The arrow between the two times.
pub(super) const ARROW: &str = "-->";

/// The times of one cue, and the settings after them.
pub(super) struct TimeLine<'a> {
    pub start_ms: u64,
    pub end_ms: u64,
    pub settings: &'a str,
}

/// Parses a time line; `None` when either time is malformed.
pub(super) fn time_line(line: &str) -> Option<TimeLine<'_>> {
    let (start, rest) = line.split_once(ARROW)?;
    let rest = rest.trim();
    let (end, settings) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    Some(TimeLine {
        start_ms: milliseconds(start.trim())?,
        end_ms: milliseconds(end)?,
        settings,
    })
}

/// Whether a line is meant as a time line: it has the arrow, or begins like a time and has a common misspelling of the arrow. Such
/// a line is parsed or refused, and never taken for text.
pub(super) fn means_a_time_line(line: &str) -> bool {
    let line = line.trim();
    let begins_like_a_time = || {
        let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        after_digits.len() < line.len() && after_digits.starts_with(':')
    };
    let nearly_an_arrow = || {
        ["->", "–>", "—>", "→", "-- >", "=>"]
            .iter()
            .any(|arrow| line.contains(arrow))
    };
    line.contains(ARROW) || (begins_like_a_time() && nearly_an_arrow())
}

/// `[h:]mm:ss[.mmm]`, with dot or comma. A fraction of one or two digits is refused: programs disagree whether `,5`
/// is 5 or 500 milliseconds.
fn milliseconds(time: &str) -> Option<u64> {
    let milliseconds = timecode::parse(&time.replacen(',', ".", 1))?;
    let has_hours = time.matches(':').count() == 2;
    (has_hours || milliseconds < 3_600_000).then_some(milliseconds)
}

fn number(digits: &str, most_digits: usize) -> Option<u64> {
    let digits_only = digits.len() <= most_digits && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| digits_only)
}

/// The valid settings (W3C WebVTT §4.4), each once with its last value, and whether any other was left out.
///
/// `region` is left out, because regions are not kept.
pub(super) fn settings(written: &str) -> (Option<String>, bool) {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    let mut left_out = false;
    for setting in written.split_ascii_whitespace() {
        match setting.split_once(':') {
            Some((name, value)) if is_valid(name, value) => {
                kept.retain(|(earlier, _)| *earlier != name);
                kept.push((name, value));
            }
            _ => left_out = true,
        }
    }
    let joined: Vec<String> = kept
        .iter()
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    ((!joined.is_empty()).then(|| joined.join(" ")), left_out)
}

fn is_valid(name: &str, value: &str) -> bool {
    let (first, alignment) = match value.split_once(',') {
        Some((first, alignment)) => (first, Some(alignment)),
        None => (value, None),
    };
    let aligned = |allowed: &[&str]| alignment.is_none_or(|alignment| allowed.contains(&alignment));
    match name {
        "vertical" => matches!(value, "rl" | "lr"),
        "line" => (is_line(first) || is_percentage(first)) && aligned(&["start", "center", "end"]),
        "position" => is_percentage(first) && aligned(&["line-left", "center", "line-right"]),
        "size" => is_percentage(value),
        "align" => matches!(value, "start" | "center" | "end" | "left" | "right"),
        _ => false,
    }
}

fn is_line(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && number(digits, 4).is_some()
}

fn is_percentage(value: &str) -> bool {
    let Some(figure) = value.strip_suffix('%') else {
        return false;
    };
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, "0"));
    let Some(percent) = number(whole, 3) else {
        return false;
    };
    let Some(rest) = number(fraction, 9) else {
        return false;
    };
    percent < 100 || (percent == 100 && rest == 0)
}

/// Milliseconds in the format of WebVTT: `hh:mm:ss.mmm`.
pub(super) fn written(ms: u64) -> String {
    format!("{}.{:03}", timecode::full(ms), ms % 1000)
}
