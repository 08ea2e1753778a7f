//! Converts moments in a recording between milliseconds and text. The details of a format (the comma of SRT, the three digits of
//! WebVTT) are handled where that format is read and written.

/// Milliseconds of `MM:SS` or `H:MM:SS`, with an optional `.mmm`. Without hours the minutes may exceed sixty; `None` for any other
/// text.
pub fn parse(text: &str) -> Option<u64> {
    let (whole, milliseconds) = match text.split_once('.') {
        Some((whole, fraction)) if fraction.len() == 3 => (whole, digits(fraction)?),
        Some(_) => return None,
        None => (text, 0),
    };
    let fields: Vec<u64> = whole.splitn(4, ':').map(digits).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match *fields.as_slice() {
        [minutes, seconds] => (0, minutes, seconds),
        [hours, minutes, seconds] if minutes < 60 => (hours, minutes, seconds),
        _ => return None,
    };
    (seconds < 60).then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds)
}

/// Milliseconds of a moment as people type it: as [`parse`], and also seconds alone, a comma, and fewer digits behind it (`12`, `0:12,5`).
pub fn typed(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "000"));
    if !(1..=3).contains(&fraction.len()) {
        return None;
    }
    let whole = match whole.contains(':') {
        true => parse(whole)?,
        false => digits(whole)? * 1000,
    };
    Some(whole + digits(&format!("{fraction:0<3}"))?)
}

/// Six digits of hours are a century, and keep the sum from overflowing.
fn digits(text: &str) -> Option<u64> {
    let few_digits = text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if few_digits { text.parse().ok() } else { None }
}

/// Seconds of a moment in an address: `754`, `754s`, `12m34s`, `1h2m3s`, in capitals too, `12:34`, `1:02:03`; `None` for any other text. What a mail left
/// behind it, such as a bracket, does not count, nor the `=3D` of quoted-printable before it (RFC 2045 §6.7).
pub fn parse_seconds(text: &str) -> Option<u64> {
    let text = text.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let text = text.trim_start().to_ascii_lowercase();
    let text = text.strip_prefix("3d").unwrap_or(&text);
    if text.contains(':') {
        let whole = text.split('.').next()?;
        return parse(whole).map(|ms| ms / 1000);
    }
    let mut seconds = 0u64;
    let mut number = None::<u64>;
    for character in text.chars() {
        let unit = match (character, number) {
            ('0'..='9', _) => {
                let digit = u64::from(character.to_digit(10)?);
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
                continue;
            }
            ('h', Some(_)) => 3600,
            ('m', Some(_)) => 60,
            ('s', Some(_)) => 1,
            // Players write a fraction, but whole seconds are precise enough.
            ('.', Some(_)) => break,
            _ => return None,
        };
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    match number {
        Some(rest) => seconds.checked_add(rest),
        None => (seconds > 0).then_some(seconds),
    }
}

/// The text that [`parse`] reads: `12:40`, `1:02:40`, with `.mmm` when there are milliseconds.
pub fn exact(ms: u64) -> String {
    let (hours, minutes, seconds) = fields(ms);
    let mut text = match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    if !ms.is_multiple_of(1000) {
        text.push_str(&format!(".{:03}", ms % 1000));
    }
    text
}

/// The text that a player shows: `0:12`, `12:40`, `1:02:40`.
pub fn short(ms: u64) -> String {
    match fields(ms) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// The text in lists of times that programs read too: `00:12:40`.
pub fn full(ms: u64) -> String {
    let (hours, minutes, seconds) = fields(ms);
    format!("{hours:02}:{minutes:02}:{seconds:02}")
}

fn fields(ms: u64) -> (u64, u64, u64) {
    let seconds = ms / 1000;
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_player() {
        assert_eq!(full(760_000), "00:12:40");
        assert_eq!(short(12_000), "0:12");
        assert_eq!(short(760_999), "12:40");
        assert_eq!(short(3_760_000), "1:02:40");
        for (ms, text) in [
            (12_000, "00:12"),
            (3_760_500, "1:02:40.500"),
            (1, "00:00.001"),
        ] {
            assert_eq!((exact(ms).as_str(), parse(text)), (text, Some(ms)));
        }
    }

    #[test]
    fn a_time_is_read_as_people_write_it_and_nothing_else_is_one() {
        for (text, expected) in [
            ("0:05", Some(5_000)),
            ("75:00", Some(4_500_000)),
            ("1:2:3.004", Some(3_723_004)),
            ("1:75:00", None),
            ("0:60", None),
            ("5", None),
            ("0:05.5", None),
            ("0:05,500", None),
            ("-0:05", None),
            ("1:00:00:00", None),
            ("9999999:00", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_is_read_as_people_type_it() {
        for (text, expected) in [
            ("12", Some(12_000)),
            (" 1:05 ", Some(65_000)),
            ("0:12.5", Some(12_500)),
            ("0:12,25", Some(12_250)),
            ("90,125", Some(90_125)),
            ("1:02:03.004", Some(3_723_004)),
            ("0:60", None),
            ("0:12.", None),
            ("0:12.5000", None),
            (".5", None),
            ("1.2.3", None),
            ("1:05.+5", None),
            ("-1", None),
            ("9999999", None),
            ("straks", None),
            ("", None),
        ] {
            assert_eq!(typed(text), expected, "{text}");
        }
    }

    #[test]
    fn moments_are_read_as_addresses_write_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("754", Some(754)),
            ("754s", Some(754)),
            ("12.9", Some(12)),
            ("12m34s", Some(754)),
            ("1h2m3s", Some(3723)),
            ("1h30", Some(3630)),
            ("1M30S", Some(90)),
            ("90)", Some(90)),
            ("1m30s.\u{201d}", Some(90)),
            ("3D90", Some(90)),
            ("90e", None),
            (")", None),
            ("", None),
            ("h", None),
            ("-3", None),
            ("1:30", Some(90)),
            ("12:34.5", Some(754)),
            ("1:02:03)", Some(3723)),
            ("1:75:00", None),
            ("-1:30", None),
            ("1m:30", None),
            (":", None),
            ("99999999999999999999", None),
            ("9999999999999999999h", None),
        ] {
            assert_eq!(parse_seconds(text), expected, "{text}");
        }
    }
}
