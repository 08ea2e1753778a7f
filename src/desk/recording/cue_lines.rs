//! The lines of captions as a form has them: begin, end and text. In: what was typed, and the cues it is about. Out: cues in order of
//! time, or the sentences about what is wrong.

use std::collections::{HashMap, HashSet, VecDeque};

use super::captions;
use crate::catalogue::caption::Cue;
use crate::catalogue::timecode;
use crate::desk::kit::Posted;
use crate::error::Text;
use crate::text;
use crate::timed_text;

/// Most characters of a line.
const LONGEST: usize = 2000;

/// Most sentences about what is wrong at a time.
const MOST_WRONG: usize = 20;

/// How far a line may end after the recording, in milliseconds: players round the end, and files made of it are a little longer.
const BEYOND_MS: u64 = 1000;

/// A line of the form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CueLine {
    pub start: String,
    pub end: String,
    pub text: String,
}

impl CueLine {
    pub fn of(cue: &Cue) -> Self {
        Self {
            start: timecode::exact(cue.start_ms),
            end: timecode::exact(cue.end_ms),
            text: cue.text.clone(),
        }
    }

    /// As it comes back from a form, in which spaces around a text are not kept.
    pub fn sent_back(cue: &Cue) -> Self {
        let line = Self::of(cue);
        Self {
            text: line.text.trim().to_owned(),
            ..line
        }
    }

    /// The lines of a posted form: `start`, `end` and `text` of each. Empty ones at the end are left out.
    pub fn posted(posted: &Posted) -> Vec<Self> {
        let lines = posted
            .all("start")
            .zip(posted.all("end"))
            .zip(posted.all("text"));
        let mut lines: Vec<Self> = lines
            .map(|((start, end), text)| Self {
                start: start.trim().to_owned(),
                end: end.trim().to_owned(),
                text: text.trim().to_owned(),
            })
            .collect();
        let used = lines.iter().rposition(|line| *line != Self::default());
        lines.truncate(used.map_or(0, |last| last + 1));
        lines
    }

    /// Whether nobody typed anything in it: the page proposes a begin by itself.
    pub fn is_unused(&self) -> bool {
        self.end.is_empty() && self.text.is_empty()
    }

    /// Whether the line has no text, or only markup.
    pub fn shows_nothing(&self) -> bool {
        let shown = timed_text::plain_text(&captions::spoken(&self.text));
        shown.trim().is_empty()
    }
}

/// What is wrong with a line, counted from 0.
pub type Wrong = (usize, Text);

/// Parses lines into cues in order of time; the errors name the lines that are not right. What was not touched stays as it is in
/// `before`, and a line with an unchanged begin keeps its cue settings. `length_ms`: of the recording.
pub fn parse(
    lines: &[CueLine],
    before: &[Cue],
    length_ms: Option<u64>,
) -> Result<Vec<Cue>, Vec<Wrong>> {
    let (mut cues, mut wrong) = (Vec::new(), Vec::new());
    let mut stored: HashMap<CueLine, VecDeque<&Cue>> = HashMap::new();
    for cue in before {
        let same = stored.entry(CueLine::sent_back(cue)).or_default();
        same.push_back(cue);
    }
    let known: HashSet<(u64, u64)> = before.iter().map(|it| (it.start_ms, it.end_ms)).collect();
    for (index, line) in lines.iter().enumerate() {
        // What was not touched stays as it is in the file.
        if let Some(cue) = stored.get_mut(line).and_then(VecDeque::pop_front) {
            cues.push(cue.clone());
            continue;
        }
        match cue_of(line, index + 1, &known, length_ms) {
            Ok(None) => {}
            Ok(Some(cue)) => {
                let same = before.iter().find(|it| it.start_ms == cue.start_ms);
                let settings = same.and_then(|cue| cue.settings.clone());
                cues.push(Cue { settings, ..cue });
            }
            Err(why) if wrong.len() < MOST_WRONG => wrong.push((index, why)),
            Err(_) => {}
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    if cues.is_empty() {
        return Err(vec![(0, text!("cues-none"))]);
    }
    cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
    Ok(cues)
}

/// The cue of a line that was typed; `None` for one that was emptied or never filled in. `known`: the times of the cues before.
fn cue_of(
    line: &CueLine,
    number: usize,
    known: &HashSet<(u64, u64)>,
    length_ms: Option<u64>,
) -> Result<Option<Cue>, Text> {
    let number = number.to_string();
    let (start, end) = (timecode::typed(&line.start), timecode::typed(&line.end));
    let times = start.zip(end);
    if line.text.is_empty() {
        // An emptied line is removed; times without a text were meant to become a line.
        let is_removed = line.end.is_empty() || times.is_some_and(|times| known.contains(&times));
        return match is_removed {
            true => Ok(None),
            false => Err(text!("cue-no-text", line = number)),
        };
    }
    if line.shows_nothing() {
        return Ok(None);
    }
    let Some((start_ms, end_ms)) = times else {
        return Err(text!("cue-time", line = number));
    };
    if end_ms <= start_ms {
        return Err(text!("caption-broken-ends-before-start", line = number));
    }
    if line.text.chars().count() > LONGEST {
        return Err(text!("caption-broken-cue-too-long", line = number));
    }
    let is_beyond = |length: u64| start_ms >= length || end_ms > length + BEYOND_MS;
    // What a file says stays as it is, also behind the end.
    if let Some(length) =
        length_ms.filter(|it| is_beyond(*it) && !known.contains(&(start_ms, end_ms)))
    {
        let length = timecode::exact(length);
        return Err(text!("cue-beyond", line = number, length = length));
    }
    Ok(Some(Cue {
        start_ms,
        end_ms,
        text: captions::spoken(&line.text),
        settings: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(start: &str, end: &str, text: &str) -> CueLine {
        CueLine {
            start: start.into(),
            end: end.into(),
            text: text.into(),
        }
    }

    #[test]
    fn lines_become_cues_in_order() {
        let cue = |start_ms, end_ms, text: &str, settings: Option<&str>| Cue {
            start_ms,
            end_ms,
            text: text.into(),
            settings: settings.map(str::to_owned),
        };
        let before = [
            cue(1000, 2000, "Oud", Some("line:0")),
            cue(3000, 4000, "Weg", None),
            cue(70_000, 80_000, "<v Anna>Na het eind", Some("align:start")),
        ];
        let typed = [
            line("5", "0:06", "Later"),
            line("0:01", "0:02,5", "Nu"),
            line("00:03", "00:04", ""),
            line("01:10", "01:20", "<v Anna>Na het eind"),
            line("6", "", ""),
            CueLine::default(),
        ];
        assert_eq!(
            parse(&typed, &before, Some(60_000)).unwrap(),
            [
                cue(1000, 2500, "Nu", Some("line:0")),
                cue(5000, 6000, "Later", None),
                cue(70_000, 80_000, "<v Anna>Na het eind", Some("align:start")),
            ]
        );
    }

    #[test]
    fn every_line_that_is_not_right_is_named() {
        let ends_first = "caption-broken-ends-before-start";
        let long = "x".repeat(2001);
        for (lines, expected) in [
            (
                vec![
                    line("0:01", "0:02", "A"),
                    line("straks", "0:03", "B"),
                    line("0:04", "", "C"),
                ],
                vec![(1, "cue-time"), (2, "cue-time")],
            ),
            (vec![line("0:02", "0:01", "A")], vec![(0, ends_first)]),
            (vec![line("0:02", "0:02", "A")], vec![(0, ends_first)]),
            (
                vec![line("0:01", "0:02", &long)],
                vec![(0, "caption-broken-cue-too-long")],
            ),
            (vec![line("0:01", "0:02", "")], vec![(0, "cue-no-text")]),
            (vec![line("0:50", "1:01.001", "A")], vec![(0, "cue-beyond")]),
            (vec![line("1:00", "1:00.5", "A")], vec![(0, "cue-beyond")]),
            (vec![CueLine::default()], vec![(0, "cues-none")]),
            (vec![line("0:02", "", "")], vec![(0, "cues-none")]),
        ] {
            let found = parse(&lines, &[], Some(60_000)).unwrap_err().into_iter();
            let found: Vec<_> = found.map(|(at, why)| (at, why.key)).collect();
            assert_eq!(found, expected);
        }
        let many = vec![line("", "", "A"); 50];
        assert_eq!(parse(&many, &[], None).unwrap_err().len(), MOST_WRONG);
        assert!(parse(&[line("0:50", "1:00.9", "A")], &[], Some(60_000)).is_ok());
    }
}
