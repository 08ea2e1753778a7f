//! Dates, lengths and sizes as a reader says them: `24 januari 2021`, `1 u 12 min`, `310 MB`.

use super::texts::{Lang, Texts};

const MONTHS_NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An ISO 8601 date in words; what is none is shown as it is.
pub fn date(iso: &str, texts: &Texts) -> String {
    let Ok(date) = iso.parse::<jiff::civil::Date>() else {
        return iso.to_owned();
    };
    let months = match texts.lang {
        Lang::Nl => MONTHS_NL,
        Lang::En => MONTHS_EN,
    };
    let month = usize::try_from(date.month())
        .ok()
        .and_then(|month| months.get(month - 1))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// The years of a series: `2021` or `2021–2022`.
pub fn years(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let (first, last) = (first?.get(..4)?, last?.get(..4)?);
    Some(if first == last {
        first.to_owned()
    } else {
        format!("{first}–{last}")
    })
}

/// `45 sec`, `38 min`, `1 u 12 min`.
pub fn length(duration_ms: u64, texts: &Texts) -> String {
    let seconds = duration_ms.div_ceil(1000);
    let minutes = (seconds + 30) / 60;
    let hour = match texts.lang {
        Lang::Nl => "u",
        Lang::En => "h",
    };
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds} sec"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} {hour}"),
        (hours, minutes) => format!("{hours} {hour} {minutes} min"),
    }
}

/// A place in a recording, `12:40` or `1:02:03`.
pub fn timecode(ms: u64) -> String {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A moment as an address says it, in whole seconds → milliseconds; anything else is no moment.
pub fn start_ms(seconds: Option<&String>) -> Option<u64> {
    seconds?
        .parse::<u32>()
        .ok()
        .map(|seconds| u64::from(seconds) * 1000)
}

/// ISO 8601 duration for `<time datetime>`.
pub fn iso_duration(ms: u64) -> String {
    format!("PT{}S", ms.div_ceil(1000))
}

/// `900 kB`, `4,2 MB`, `310 MB`, `1,3 GB`; powers of ten, as phones count.
pub fn size(bytes: u64, texts: &Texts) -> String {
    let tenths = |unit: u64| (bytes + unit / 20) / (unit / 10);
    let (tenths, unit) = match bytes {
        ..1_000_000 => return format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => (tenths(1_000_000), "MB"),
        _ => (tenths(1_000_000_000), "GB"),
    };
    let comma = match texts.lang {
        Lang::Nl => ',',
        Lang::En => '.',
    };
    match (tenths / 10, tenths % 10) {
        (whole @ 10.., _) => format!("{whole} {unit}"),
        (whole, 0) => format!("{whole} {unit}"),
        (whole, tenth) => format!("{whole}{comma}{tenth} {unit}"),
    }
}

/// A language by the name its speakers give it; a tag we have no name for is shown as it is.
pub fn language_name(tag: &str) -> String {
    let name = match tag.split('-').next().unwrap_or(tag) {
        "nl" => "Nederlands",
        "en" => "English",
        "de" => "Deutsch",
        "fr" => "Français",
        "fy" => "Frysk",
        "es" => "Español",
        "pt" => "Português",
        "pl" => "Polski",
        "tr" => "Türkçe",
        "ar" => "العربية",
        "uk" => "Українська",
        "ti" => "ትግርኛ",
        "pap" => "Papiamentu",
        other => other,
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_as_people_say_them() {
        let (nl, en) = (Texts::new(Lang::Nl), Texts::new(Lang::En));
        assert_eq!(date("2021-01-24", &nl), "24 januari 2021");
        assert_eq!(date("2021-01-24", &en), "24 January 2021");
        assert_eq!(date("onzin", &nl), "onzin");
        for (ms, dutch) in [
            (0, "0 sec"),
            (20_000, "20 sec"),
            (75_000, "1 min"),
            (2_280_000, "38 min"),
            (3_600_000, "1 u"),
            (4_320_000, "1 u 12 min"),
        ] {
            assert_eq!(length(ms, &nl), dutch);
        }
        for (bytes, dutch) in [
            (1, "1 kB"),
            (900_000, "900 kB"),
            (4_200_000, "4,2 MB"),
            (310_000_000, "310 MB"),
            (1_300_000_000, "1,3 GB"),
        ] {
            assert_eq!(size(bytes, &nl), dutch);
        }
        assert_eq!(size(4_200_000, &en), "4.2 MB");
        assert_eq!(
            (timecode(760_000), timecode(3_723_000)),
            ("12:40".to_owned(), "1:02:03".to_owned())
        );
        assert_eq!(
            years(Some("2021-01-01"), Some("2022-01-01")).as_deref(),
            Some("2021–2022")
        );
    }
}
