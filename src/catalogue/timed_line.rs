//! Lines of a description that begin with a time, `00:12:30 Vragen uit de groep`: they are its chapters when nothing else says which it
//! has. In: the text of a description. Out: chapters, and the place of each time in its line.

use std::ops::Range;

use super::chapter::{Chapter, LATEST_HOURS};
use super::field::{LONGEST_LINE_CHARS, MOST_ENTRIES};
use super::name::is_visible;
use super::timecode;

/// Fewest lines that are chapters: a single time is one that somebody mentions.
const FEWEST: usize = 2;

/// A line that begins with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedLine {
    /// Its place in the text, with its end of line.
    pub line: Range<usize>,
    /// The place of its time in the text.
    pub time: Range<usize>,
    pub chapter: Chapter,
}

/// The lines of a text that are chapters of a recording of this length: at least two, each later than the one before, none after the
/// end. Times in another order are those of something else, such as of two days.
pub fn all(text: &str, length_ms: Option<u64>) -> Vec<TimedLine> {
    let mut lines: Vec<TimedLine> = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive('\n') {
        let (from, end) = (start, start + piece.len());
        start = end;
        let Some((time, chapter)) = parse(piece) else {
            continue;
        };
        let is_later = |last: &TimedLine| last.chapter.start_ms < chapter.start_ms;
        if !lines.last().is_none_or(is_later) {
            return Vec::new();
        }
        lines.push(TimedLine {
            line: from..end,
            time: from + time.start..from + time.end,
            chapter,
        });
    }
    lines.retain(|line| length_ms.is_none_or(|length| line.chapter.start_ms < length));
    lines.truncate(MOST_ENTRIES);
    match lines.len() < FEWEST {
        true => Vec::new(),
        false => lines,
    }
}

/// The chapters of a description, see [`all`].
pub fn chapters(description: Option<&str>, length_ms: Option<u64>) -> Vec<Chapter> {
    let lines = description.map_or_else(Vec::new, |text| all(text, length_ms));
    lines.into_iter().map(|line| line.chapter).collect()
}

/// The place of the time in a line that begins with one, and the chapter that it names.
fn parse(line: &str) -> Option<(Range<usize>, Chapter)> {
    let (time, start_ms) = time(line)?;
    let behind = line.get(time.end..)?;
    let behind = behind.strip_prefix([']', ')']).unwrap_or(behind);
    let title = title(behind)?;
    Some((time, Chapter { start_ms, title }))
}

/// The place of the time with which a line begins, behind the mark of a list or a bracket, and its milliseconds.
pub fn time(line: &str) -> Option<(Range<usize>, u64)> {
    let rest = line.trim_start();
    let rest = without_mark(rest).unwrap_or(rest);
    let (close, inside) = match rest.chars().next()? {
        '[' => (Some(']'), &rest[1..]),
        '(' => (Some(')'), &rest[1..]),
        _ => (None, rest),
    };
    let (text, start_ms) = leading_time(inside)?;
    let behind = inside.get(text.len()..)?;
    // In Markdown a bracket behind another one makes a link of the first.
    let is_closed = match close {
        Some(close) => behind
            .strip_prefix(close)
            .is_some_and(|behind| !behind.starts_with(['(', '[', ':'])),
        None => true,
    };
    let from = line.len() - inside.len();
    is_closed.then(|| (from..from + text.len(), start_ms))
}

/// What is behind the mark of a list: `-`, `*`, `+`, `•`, `1.`.
fn without_mark(line: &str) -> Option<&str> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let behind = match digits {
        0 => line.strip_prefix(['-', '–', '*', '+', '•', '·'])?,
        1..=3 => line.get(digits..)?.strip_prefix(['.', ')'])?,
        _ => return None,
    };
    let rest = behind.trim_start();
    (rest.len() < behind.len()).then_some(rest)
}

/// The time at the very start of a text, without the full stop or colon behind it.
fn leading_time(text: &str) -> Option<(&str, u64)> {
    let is_of_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let end = text.find(|c| !is_of_time(c)).unwrap_or(text.len());
    let written = text.get(..end)?.trim_end_matches([':', '.']);
    let start_ms = timecode::parse(written)?;
    (start_ms <= LATEST_HOURS * 3_600_000).then_some((written, start_ms))
}

/// The title behind a time; `None` when nothing separates the two, or when nobody can see anything of it.
fn title(behind: &str) -> Option<String> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ':' | '.' | '|' | '-' | '–' | '—');
    let rest = behind.trim_start_matches(is_between);
    let between = &behind[..behind.len() - rest.len()];
    let has_dash = between.contains(['-', '–', '—']);
    // `12:30–13:00 Vragen` also says when the part ends.
    let end = leading_time(rest).filter(|_| has_dash);
    let rest = match end {
        Some((end, _)) => {
            let behind = rest.get(end.len()..)?;
            let title = behind.trim_start_matches(is_between);
            behind.starts_with(is_between).then_some(title)?
        }
        None if between.contains(char::is_whitespace) => rest,
        None => return None,
    };
    // A chapter is plain text; the marks of bold words and of the end of a line in Markdown are left out.
    let plain = rest.replace("**", "").replace("__", "").replace('`', "");
    let plain = plain.trim().trim_end_matches('\\').trim_end();
    let title: String = plain.chars().take(LONGEST_LINE_CHARS).collect();
    is_visible(&title).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, length_ms: Option<u64>) -> Vec<(u64, String)> {
        let all = chapters(Some(text), length_ms).into_iter();
        all.map(|one| (one.start_ms / 1000, one.title)).collect()
    }

    #[test]
    fn a_time_is_written_in_many_ways() {
        for line in [
            "00:12:30 Vragen",
            "12:30 Vragen",
            "  12:30   Vragen  ",
            "0:12:30 – Vragen",
            "12:30 - Vragen",
            "12:30: Vragen",
            "12:30. Vragen",
            "12:30 | Vragen",
            "[12:30] Vragen",
            "(12:30) Vragen",
            "- 12:30: Vragen",
            "* 12:30 Vragen",
            "* [12:30] – Vragen",
            "+ 12:30 Vragen",
            "• 12:30 Vragen",
            "2. 12:30 Vragen",
            "12:30–14:00 Vragen",
            "12:30 - 14:00: Vragen",
            "12:30.000 Vragen",
            "12:30 **Vragen**\\",
        ] {
            let text = format!("Eerst dit.\r\n0:00 Begin\r\n{line}\r\nDan dat.");
            let expected = [(0, "Begin".to_owned()), (750, "Vragen".to_owned())];
            assert_eq!(found(&text, None), expected, "{line}");
            let line_of = &all(&text, None)[1];
            assert_eq!(
                timecode::parse(&text[line_of.time.clone()]),
                Some(750_000),
                "{line}"
            );
            assert_eq!(text[line_of.line.clone()].trim_end(), line.trim_end());
        }
    }

    #[test]
    fn a_time_elsewhere_is_no_chapter() {
        for line in [
            "Om 12:30 pauze",
            "12:30",
            "12:30 –",
            "12:30Vragen",
            "12:30,5 km verder",
            "12.30 Vragen",
            "12 Vragen",
            "1:75:00 Vragen",
            "12:60 Vragen",
            "-12:30 Vragen",
            "[12:30](https://example.org) Vragen",
            "[12:30 Vragen",
            "[12:30]: https://example.org",
            "2026-11-30 12:30 Vragen",
            "9999999:00 Vragen",
            "999999:00 Vragen",
            "12:30 \u{200b}",
        ] {
            let text = format!("0:00 Begin\n{line}");
            assert_eq!(found(&text, None), [], "{line}");
        }
    }

    #[test]
    fn chapters_are_several_in_order_and_inside_the_recording() {
        let (a, b) = ((0, "A".to_owned()), (60, "B".to_owned()));
        let both = [a, b];
        assert_eq!(found("0:00 A\n1:00 B", None), both);
        assert_eq!(found("0:00 A\n1:00 B\n2:00 C", Some(120_000)), both);
        assert_eq!(found("0:00 A\n1:00 B", Some(60_000)), []);
        assert_eq!(found("1:00 B\n0:00 A", None), []);
        assert_eq!(found("0:00 A\n1:00 B\n1:00 C", None), []);
        assert_eq!(found("0:00 A", None), []);
        assert_eq!(found("", None), []);
        assert_eq!(chapters(None, None), []);
        let lines = |n: u64| (0..n).map(|at| format!("{}:00 Deel {at}\n", at));
        let many: String = lines(10_000).collect();
        assert_eq!(found(&many, None).len(), MOST_ENTRIES);
        let long = format!("0:00 A\n1:00 {}", "é".repeat(10_000));
        assert_eq!(found(&long, None)[1].1.chars().count(), LONGEST_LINE_CHARS);
    }
}
