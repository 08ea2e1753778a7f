//! A second reading of RFC 9110 §13 and §14, in the plainest words and without the program's own: what the answer to a request for a
//! file must be. Where the RFC leaves a choice, the choices of this program are named beside it.

/// A request: its method and the lines of its header.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: &'static str,
    pub lines: Vec<(&'static str, Vec<u8>)>,
}

/// What the world knows of a file.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub size: u64,
    /// With its quotes.
    pub etag: &'a str,
    /// Seconds since 1970.
    pub modified: Option<u64>,
}

/// Status and the first and last positions of what a 206 holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub status: u16,
    pub spans: Vec<(u64, u64)>,
}

impl Expected {
    fn just(status: u16) -> Self {
        let spans = Vec::new();
        Self { status, spans }
    }

    /// As the kept requests write it: `206 0-1,4-5`.
    pub fn text(&self) -> String {
        let spans: Vec<String> = self.spans.iter().map(|(a, b)| format!("{a}-{b}")).collect();
        format!("{} {}", self.status, spans.join(","))
            .trim_end()
            .to_owned()
    }
}

impl Asked {
    fn all(&self, name: &str) -> Vec<&[u8]> {
        let of_name = self.lines.iter().filter(|(field, _)| *field == name);
        of_name.map(|(_, value)| trimmed(value)).collect()
    }

    /// The value of a field that is no list: of two lines of it neither counts.
    fn one(&self, name: &str) -> Option<&[u8]> {
        match self.all(name).as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|(field, _)| *field == name)
    }

    fn date(&self, name: &str) -> Option<u64> {
        seconds(std::str::from_utf8(self.one(name)?).ok()?)
    }
}

/// §13.2.2, step by step.
pub fn expected(asked: &Asked, file: &Known<'_>) -> Expected {
    let is_read = matches!(asked.method, "GET" | "HEAD");
    if asked.has("if-match") {
        if !names(&asked.all("if-match"), file.etag, false) {
            return Expected::just(412);
        }
    } else if let (Some(date), Some(modified)) = (asked.date("if-unmodified-since"), file.modified)
        && modified > date
    {
        return Expected::just(412);
    }
    if asked.has("if-none-match") {
        if names(&asked.all("if-none-match"), file.etag, true) {
            return Expected::just(if is_read { 304 } else { 412 });
        }
    } else if let (Some(date), Some(modified)) = (asked.date("if-modified-since"), file.modified)
        && is_read
        && modified <= date
    {
        return Expected::just(304);
    }
    if asked.method != "GET" || !asked.has("range") {
        return Expected::just(200);
    }
    if asked.has("if-range") && !is_still_that_file(asked, file) {
        return Expected::just(200);
    }
    // A choice: two lines of Range are none.
    let ranges = asked.one("range").and_then(ranges);
    ranges.map_or(Expected::just(200), |ranges| chosen(&ranges, file.size))
}

/// §13.1.5: a strong tag, or exactly the date.
fn is_still_that_file(asked: &Asked, file: &Known<'_>) -> bool {
    let Some(value) = asked.one("if-range") else {
        return false;
    };
    if is_tag(value) {
        return value == file.etag.as_bytes() && !value.starts_with(b"W/");
    }
    file.modified.is_some() && asked.date("if-range") == file.modified
}

/// Whether a list of tags names this one. What is no such list names none, which is a choice.
fn names(lines: &[&[u8]], etag: &str, weakly: bool) -> bool {
    // §5.3: several lines are one list.
    let list = lines.join(&b", "[..]);
    if list == b"*" {
        return true;
    }
    let members = members_of_tags(&list);
    if !members.iter().all(|member| is_tag(member)) {
        return false;
    }
    let plain = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_vec();
    let etag = etag.as_bytes();
    members.iter().any(|member| match weakly {
        true => plain(member) == plain(etag),
        false => *member == etag && !member.starts_with(b"W/"),
    })
}

/// The members of a list, split at commas that stand in no quotes; empty ones are none.
fn members_of_tags(list: &[u8]) -> Vec<&[u8]> {
    let mut is_quoted = false;
    let members = list.split(|&byte| {
        is_quoted ^= byte == b'"';
        byte == b',' && !is_quoted
    });
    let members = members.map(trimmed);
    members.filter(|member| !member.is_empty()).collect()
}

/// §8.8.3: `[ W/ ] DQUOTE *etagc DQUOTE`.
fn is_tag(text: &[u8]) -> bool {
    let quoted = text.strip_prefix(b"W/").unwrap_or(text);
    let inside = quoted
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inside.is_some_and(|inside| {
        inside
            .iter()
            .all(|&byte| byte > b' ' && byte != b'"' && byte != 0x7f)
    })
}

/// §14.1.1: what each range says before and after its dash; `None` when the field is to be ignored. A field of more than 1,024 bytes
/// and more than eight ranges are ignored as well, a choice that §14.2 and §17.15 give.
fn ranges(value: &[u8]) -> Option<Vec<(&str, &str)>> {
    let text = std::str::from_utf8(value).ok()?;
    let (unit, set) = text.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") || value.len() > 1024 {
        return None;
    }
    let members = set
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']));
    let members: Vec<&str> = members.filter(|member| !member.is_empty()).collect();
    if !(1..=8).contains(&members.len()) {
        return None;
    }
    members.into_iter().map(one_range).collect()
}

fn one_range(member: &str) -> Option<(&str, &str)> {
    let (before, after) = member.split_once('-')?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(before) || !is_digits(after) || member == "-" {
        return None;
    }
    let (first, last) = (significant(before), significant(after));
    let is_backwards = (first.len(), first) > (last.len(), last);
    let has_both = !before.is_empty() && !after.is_empty();
    (!(has_both && is_backwards)).then_some((before, after))
}

/// A number without the zeros before it.
fn significant(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// Digits of any number: whatever is larger than every file is as good as the largest.
fn number(digits: &str) -> u128 {
    significant(digits)
        .parse()
        .unwrap_or(if significant(digits).is_empty() {
            0
        } else {
            u128::MAX
        })
}

/// §14.1.2, §14.2, §15.3.7 and §15.5.17.
fn chosen(ranges: &[(&str, &str)], size: u64) -> Expected {
    let mut spans = Vec::new();
    let mut wants_end = false;
    for (before, after) in ranges {
        let size = u128::from(size);
        let (first, end) = match (before.is_empty(), after.is_empty()) {
            (true, _) => (size.saturating_sub(number(after)), size),
            (false, true) => (number(before), size),
            (false, false) => (number(before), size.min(number(after).saturating_add(1))),
        };
        wants_end |= before.is_empty() && number(after) > 0;
        if first < end {
            let position = |at: u128| u64::try_from(at).unwrap();
            spans.push((position(first), position(end - 1)));
        }
    }
    match spans.len() {
        // The end of an empty file can be had, and no Content-Range names it.
        0 if size == 0 && wants_end => Expected::just(200),
        0 => Expected::just(416),
        1 => Expected { status: 206, spans },
        // A choice that §14.2 gives: what is more than the file, and three that share bytes, is the whole.
        _ if is_more(&spans, size) || sharing(&spans) > 2 => Expected::just(200),
        _ => Expected { status: 206, spans },
    }
}

fn is_more(spans: &[(u64, u64)], size: u64) -> bool {
    let length = |(first, last): &(u64, u64)| u128::from(last - first) + 1;
    spans.iter().map(length).sum::<u128>() > u128::from(size)
}

/// How many spans have a byte that another has too.
fn sharing(spans: &[(u64, u64)]) -> usize {
    let mut count = 0;
    for (at, one) in spans.iter().enumerate() {
        let mut others = spans.iter().enumerate().filter(|(other, _)| *other != at);
        count += usize::from(others.any(|(_, other)| one.0 <= other.1 && other.0 <= one.1));
    }
    count
}

fn trimmed(value: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(begin) = value.iter().position(|byte| !blank(byte)) else {
        return &[];
    };
    let end = value.iter().rposition(|byte| !blank(byte)).unwrap();
    &value[begin..=end]
}

/// The three forms of a date (§5.6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Fixdate,
    Rfc850,
    Asctime,
}

pub const FORMS: [Form; 3] = [Form::Fixdate, Form::Rfc850, Form::Asctime];

const DAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment from 1970 on as a date of this form.
pub fn date(seconds: u64, form: Form) -> String {
    let (mut day, second) = (seconds / 86_400, seconds % 86_400);
    let name = DAYS[usize::try_from(day % 7).unwrap()];
    let mut year = 1970;
    while day >= days_of(year) {
        day -= days_of(year);
        year += 1;
    }
    let mut month = 0;
    while day >= days_in(year, month) {
        day -= days_in(year, month);
        month += 1;
    }
    let (short, month, day) = (&name[..3], MONTHS[month], day + 1);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    match form {
        Form::Fixdate => format!("{short}, {day:02} {month} {year} {clock} GMT"),
        Form::Rfc850 => format!("{name}, {day:02}-{month}-{:02} {clock} GMT", year % 100),
        Form::Asctime => format!("{short} {month} {day:>2} {clock} {year}"),
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of(year: u64) -> u64 {
    365 + u64::from(is_leap(year))
}

fn days_in(year: u64, month: usize) -> u64 {
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days[month] + u64::from(month == 1 && is_leap(year))
}

/// The moment that a date names; `None` when it is none. A date is what is written that way. Dates before 1970 are not read, and two
/// digits of a year are those of 1970 to 2069, which are choices.
fn seconds(text: &str) -> Option<u64> {
    let words: Vec<&str> = text
        .split([' ', ',', '-', ':'])
        .filter(|word| !word.is_empty())
        .collect();
    let (form, year, month, day, clock) = match words[..] {
        [name, day, month, year, ref clock @ .., "GMT"] if name.len() == 3 => {
            (Form::Fixdate, year, month, day, clock)
        }
        [_, day, month, year, ref clock @ .., "GMT"] => (Form::Rfc850, year, month, day, clock),
        [_, month, day, ref clock @ .., year] => (Form::Asctime, year, month, day, clock),
        _ => return None,
    };
    let mut year: u64 = year.parse().ok()?;
    if form == Form::Rfc850 {
        year += if year < 70 { 2000 } else { 1900 };
    }
    let month = MONTHS.iter().position(|name| *name == month)?;
    let day: u64 = day.parse().ok()?;
    let numbers: Vec<u64> = clock.iter().map_while(|word| word.parse().ok()).collect();
    let [hour, minute, second] = numbers[..] else {
        return None;
    };
    if !(1970..=9999).contains(&year) || day == 0 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = (1970..year).map(days_of).sum::<u64>()
        + (0..month).map(|month| days_in(year, month)).sum::<u64>()
        + (day - 1);
    let moment = days * 86_400 + hour * 3600 + minute * 60 + second;
    let mut written = date(moment, form);
    // §5.6.7: a day of one digit stands after a blank or after a zero.
    if form == Form::Asctime && text.get(8..9) == Some("0") {
        written.replace_range(8..9, "0");
    }
    (written == text).then_some(moment)
}
