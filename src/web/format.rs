//! Formats dates, durations and sizes for people, and times for players and feeds. In: numbers and ISO dates. Out: text in the
//! reader's language.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::texts::{FluentValue, Lang, Texts};
use crate::catalogue::caption::{Caption, CaptionKind};
use crate::catalogue::language;

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// Units of size, from the largest to the smallest.
const UNITS: [(&str, u64); 4] = [
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1000),
];

/// A date, `24 januari 2021` or `24 January 2021`; the unchanged text when it is no ISO 8601 date.
pub fn date(lang: Lang, iso: &str) -> String {
    let Ok(date) = iso.parse::<Date>() else {
        return iso.to_owned();
    };
    let month = usize::from(date.month().unsigned_abs()) - 1;
    lang.t_args(
        "date",
        &[
            ("day", FluentValue::from(date.day())),
            ("month", FluentValue::from(lang.t(MONTHS[month]))),
            // The year is text, because a number would get a thousands separator.
            ("year", FluentValue::from(date.year().to_string())),
        ],
    )
}

/// Noon of an ISO 8601 date; `None` when the text is no date.
pub fn noon(iso: &str, zone: &TimeZone) -> Option<Zoned> {
    let noon = iso.parse::<Date>().ok()?.at(12, 0, 0, 0);
    noon.to_zoned(zone.clone()).ok()
}

/// A moment (UTC seconds) in a time zone: `24 januari 2021 om 13:05`.
pub fn moment(lang: Lang, at: i64, zone: &TimeZone) -> String {
    let Ok(moment) = jiff::Timestamp::from_second(at) else {
        return at.to_string();
    };
    let moment = moment.to_zoned(zone.clone());
    let time = format!("{:02}:{:02}", moment.hour(), moment.minute());
    lang.t_args(
        "moment",
        &[
            ("date", date(lang, &moment.date().to_string()).into()),
            ("time", time.into()),
        ],
    )
}

/// The years of the first and last ISO date: `2021`, or `2021–2023`.
pub fn years(first: &str, last: &str) -> String {
    let year = |date: &str| date.get(..4).unwrap_or(date).to_owned();
    match (year(first), year(last)) {
        (first, last) if first == last => first,
        (first, last) => format!("{first}–{last}"),
    }
}

/// A duration, rounded for reading: `38 min`, `1 u 12 min`, `45 s`. What lasts less than a second lasts one.
pub fn length(lang: Lang, duration_ms: u64) -> String {
    let seconds = (duration_ms.saturating_add(500) / 1000).max(u64::from(duration_ms > 0));
    if seconds < 60 {
        return lang.t_args("length-seconds", &[("seconds", FluentValue::from(seconds))]);
    }
    let minutes = (seconds + 30) / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let args = [
        ("hours", FluentValue::from(hours)),
        ("minutes", FluentValue::from(minutes)),
    ];
    match (hours, minutes) {
        (0, _) => lang.t_args("length-minutes", &args),
        (_, 0) => lang.t_args("length-hours", &args),
        _ => lang.t_args("length-hours-minutes", &args),
    }
}

/// A duration for the `datetime` of `<time>` and for feeds: `PT45S` (ISO 8601 duration in seconds).
pub fn iso_length(duration_ms: u64) -> String {
    format!("PT{}S", duration_ms / 1000)
}

/// A size in powers of ten, as phones show it: `310 MB`, `1,2 GB`, `3 kB`.
pub fn size(lang: Lang, bytes: u64) -> String {
    // A size just below a unit would be rounded up to 1000 of the smaller unit, so it takes the larger one.
    let unit = UNITS.iter().find(|(_, unit)| bytes >= unit - unit / 2000);
    let Some((name, unit)) = unit else {
        return format!("{bytes} B");
    };
    if bytes >= 10 * unit {
        let whole = (u128::from(bytes) + u128::from(unit / 2)) / u128::from(*unit);
        return format!("{whole} {name}");
    }
    let tenths = (bytes * 10 + unit / 2) / unit;
    match (tenths / 10, tenths % 10, lang) {
        (whole, 0, _) => format!("{whole} {name}"),
        (whole, rest, Lang::Nl) => format!("{whole},{rest} {name}"),
        (whole, rest, Lang::En) => format!("{whole}.{rest} {name}"),
    }
}

/// A name with a capital, as it stands in a list.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next();
    first.map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What a track of captions is called: its language, and its kind when that is said.
pub fn caption_name(texts: &Texts, caption: &Caption) -> String {
    let language = language_name(&caption.language);
    let kind = match caption.kind {
        None => return language,
        Some(CaptionKind::Cc) => "caption-kind-cc",
        Some(CaptionKind::Sdh | CaptionKind::Hi) => "caption-kind-sdh",
        Some(CaptionKind::Forced) => "caption-kind-forced",
    };
    format!("{language} ({})", texts.t(kind))
}

/// The languages that have a name here, each in itself; those of the portal first.
pub const LANGUAGES: [(&str, &str); 21] = [
    ("nl", "Nederlands"),
    ("en", "English"),
    ("ar", "العربية"),
    ("bg", "Български"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("fy", "Frysk"),
    ("it", "Italiano"),
    ("ku", "Kurdî"),
    ("pap", "Papiamentu"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("so", "Soomaali"),
    ("ti", "ትግርኛ"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("zh", "中文"),
];

/// The name of a language in that language, as players list captions; the tag itself for an unknown language.
pub fn language_name(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or(tag);
    let known = LANGUAGES.iter().find(|(known, _)| *known == primary);
    let name = match (known, language::own_name(primary)) {
        (Some((_, name)), _) => (*name).to_owned(),
        (None, Some(name)) => capital(name),
        (None, None) => return tag.to_owned(),
    };
    match tag.split_once('-') {
        Some((_, region)) => format!("{name} ({})", region.to_uppercase()),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out_in_the_language_of_the_reader() {
        assert_eq!(date(Lang::Nl, "2021-01-24"), "24 januari 2021");
        assert_eq!(date(Lang::En, "2021-01-24"), "24 January 2021");
        assert_eq!(date(Lang::Nl, "2021-02-31"), "2021-02-31");
        assert_eq!(years("2021-01-24", "2021-12-01"), "2021");
        assert_eq!(years("2021-01-24", "2023-12-01"), "2021–2023");
        assert_eq!(years("é", "é"), "é");
    }

    #[test]
    fn lengths_are_rounded_as_one_would_say_them() {
        for (ms, nl, en) in [
            (0, "0 s", "0 s"),
            (1, "1 s", "1 s"),
            (12_020, "12 s", "12 s"),
            (44_100, "44 s", "44 s"),
            (59_999, "1 min", "1 min"),
            (89_000, "1 min", "1 min"),
            (90_000, "2 min", "2 min"),
            (38 * 60_000, "38 min", "38 min"),
            (3_600_000, "1 u", "1 h"),
            (3_599_000, "1 u", "1 h"),
            (72 * 60_000, "1 u 12 min", "1 h 12 min"),
        ] {
            assert_eq!(length(Lang::Nl, ms), nl);
            assert_eq!(length(Lang::En, ms), en);
        }
        assert_eq!(iso_length(4_320_500), "PT4320S");
        assert!(!length(Lang::Nl, u64::MAX).is_empty());
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, nl) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1 kB"),
            (1234, "1,2 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_182_375, "1,2 MB"),
            (9_960_000, "10 MB"),
            (310_000_000, "310 MB"),
            (1_200_000_000, "1,2 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(size(Lang::Nl, bytes), nl, "{bytes}");
        }
        assert_eq!(size(Lang::En, 1_200_000_000), "1.2 GB");
    }

    #[test]
    fn a_language_has_its_own_name() {
        assert_eq!(language_name("pt-br"), "Português (BR)");
        assert_eq!(language_name("xx"), "xx");
    }
}
