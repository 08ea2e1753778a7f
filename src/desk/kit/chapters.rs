//! Chapters as lines of text, `0:12:30 Titel`. In: the text of a form field. Out: chapters in order, or the error that names the
//! invalid line.

use crate::catalogue::chapter::Chapter;
use crate::catalogue::name::is_visible;
use crate::catalogue::timecode;
use crate::error::Text;
use crate::sidecar::{LONGEST_LINE_CHARS, MOST_ENTRIES};
use crate::text;

/// The chapters as lines of text.
pub fn lines(chapters: &[Chapter]) -> String {
    let line =
        |chapter: &Chapter| format!("{} {}", timecode::exact(chapter.start_ms), chapter.title);
    chapters.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Parses the lines of a form field. `duration_ms`: of the recording, when it is known; no chapter begins after its end.
pub fn parse(text: &str, duration_ms: Option<u64>) -> Result<Vec<Chapter>, Text> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = (index + 1).to_string();
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let (time, title) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let written: String = time.chars().take(40).collect();
        let Some(start_ms) = timecode::parse(time) else {
            return Err(text!("chapter-time", line = number, written = written));
        };
        let title = title.trim().trim_start_matches(['-', '–', '—']).trim();
        if !is_visible(title) {
            return Err(text!("chapter-title", line = number));
        }
        if title.chars().count() > LONGEST_LINE_CHARS {
            return Err(text!("chapter-long", line = number));
        }
        if duration_ms.is_some_and(|length| start_ms >= length) {
            return Err(text!("chapter-late", line = number, written = written));
        }
        if chapters.iter().any(|other| other.start_ms == start_ms) {
            return Err(text!("chapter-twice", line = number, written = written));
        }
        chapters.push(Chapter {
            start_ms,
            title: title.to_owned(),
        });
        if chapters.len() > MOST_ENTRIES {
            return Err(text!("chapter-many", most = MOST_ENTRIES.to_string()));
        }
    }
    chapters.sort_by_key(|chapter| chapter.start_ms);
    Ok(chapters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_time_and_a_title_or_is_named() {
        for (text, expected) in [
            (
                "0:00 Begin\n\n00:12:30 – Vragen",
                Ok(vec![(0, "Begin"), (750_000, "Vragen")]),
            ),
            (
                "12:30 Later\n0:10 Eerder",
                Ok(vec![(10_000, "Eerder"), (750_000, "Later")]),
            ),
            ("", Ok(vec![])),
            ("0:00 Begin\nzonder tijd", Err(("chapter-time", "2"))),
            ("0:00", Err(("chapter-title", "1"))),
            ("0:61 Te veel", Err(("chapter-time", "1"))),
            ("1:00:00 Na het einde", Err(("chapter-late", "1"))),
            ("0:10 A\n0:10 B", Err(("chapter-twice", "2"))),
            (
                "0:00 <script>alert(1)</script>",
                Ok(vec![(0, "<script>alert(1)</script>")]),
            ),
        ] {
            let found = parse(text, Some(3_600_000));
            let found = found
                .as_ref()
                .map(|all| {
                    all.iter()
                        .map(|it| (it.start_ms, it.title.as_str()))
                        .collect::<Vec<_>>()
                })
                .map_err(|why| (why.key, why.args[0].1.as_ref()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
