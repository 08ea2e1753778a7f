//! Moves cues, chapters and the lines of a description that begin with a time, when their file was replaced by one that begins elsewhere. Nothing may begin before 0 or after
//! the end of the file.

use super::Cue;
use crate::catalogue::chapter::Chapter;
use crate::catalogue::{timecode, timed_line};

/// The cues later by `by_ms`, or earlier. Those that would end before the begin, or begin after `end_ms`, are left out.
pub fn cues(cues: &[Cue], by_ms: i64, end_ms: Option<u64>) -> Vec<Cue> {
    let moved = cues.iter().filter_map(|cue| {
        let end_of_cue = cue.end_ms.checked_add_signed(by_ms).filter(|ms| *ms > 0)?;
        let start_ms = cue.start_ms.saturating_add_signed(by_ms);
        end_ms.is_none_or(|end| start_ms < end).then(|| Cue {
            start_ms,
            end_ms: end_of_cue,
            ..cue.clone()
        })
    });
    moved.collect()
}

/// The chapters later by `by_ms`, or earlier. The one that is under way at the begin starts there; those before it, and those after
/// `end_ms`, are left out.
pub fn chapters(chapters: &[Chapter], by_ms: i64, end_ms: Option<u64>) -> Vec<Chapter> {
    let mut sorted = chapters.to_vec();
    sorted.sort_by_key(|chapter| chapter.start_ms);
    let is_before = |chapter: &Chapter| chapter.start_ms.checked_add_signed(by_ms).is_none();
    let gone = sorted
        .iter()
        .take_while(|chapter| is_before(chapter))
        .count();
    let starts_at = |chapter: &Chapter| chapter.start_ms.saturating_add_signed(by_ms);
    let has_first = sorted.get(gone).is_some_and(|next| starts_at(next) == 0);
    let under_way = if has_first {
        gone
    } else {
        gone.saturating_sub(1)
    };
    let moved = sorted.into_iter().skip(under_way).map(|chapter| Chapter {
        start_ms: starts_at(&chapter),
        title: chapter.title,
    });
    moved
        .filter(|chapter| end_ms.is_none_or(|end| chapter.start_ms < end))
        .collect()
}

/// A description whose lines with a time are moved as chapters are; the lines of those that are left out go.
pub fn description(text: &str, by_ms: i64, end_ms: Option<u64>) -> String {
    let lines = timed_line::all(text, None);
    let before: Vec<Chapter> = lines.iter().map(|line| line.chapter.clone()).collect();
    let moved = chapters(&before, by_ms, None);
    let gone = before.len() - moved.len();
    let (mut written, mut at) = (String::new(), 0);
    for (place, line) in lines.iter().enumerate() {
        let now = place.checked_sub(gone).and_then(|place| moved.get(place));
        let now = now.filter(|now| end_ms.is_none_or(|end| now.start_ms < end));
        match now {
            Some(now) => {
                written.push_str(&text[at..line.time.start]);
                written.push_str(&timecode::exact(now.start_ms));
                at = line.time.end;
            }
            None => {
                written.push_str(&text[at..line.line.start]);
                at = line.line.end;
            }
        }
    }
    written.push_str(&text[at..]);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_falls_outside_the_file_is_left_out() {
        let cue = |start_ms, end_ms| Cue {
            start_ms,
            end_ms,
            text: "Ja".into(),
            settings: Some("line:0".into()),
        };
        let all = [cue(0, 5000), cue(8000, 12_000), cue(20_000, 21_000)];
        let times = |found: Vec<Cue>| -> Vec<(u64, u64)> {
            found.iter().map(|cue| (cue.start_ms, cue.end_ms)).collect()
        };
        assert_eq!(times(cues(&all, -10_000, Some(10_000))), [(0, 2000)]);
        assert_eq!(
            times(cues(&all, -5000, None)),
            [(3000, 7000), (15_000, 16_000)]
        );
        assert_eq!(
            times(cues(&all, 2000, Some(22_000))),
            [(2000, 7000), (10_000, 14_000)]
        );
        assert_eq!(cues(&all, i64::MIN, None), []);
        assert_eq!(
            cues(&all[..1], 0, None)[0].settings.as_deref(),
            Some("line:0")
        );
    }

    #[test]
    fn the_chapter_under_way_at_the_begin_starts_there() {
        let of = |starts: &[u64]| -> Vec<Chapter> {
            let chapter = |start_ms: &u64| Chapter {
                start_ms: *start_ms,
                title: start_ms.to_string(),
            };
            starts.iter().map(chapter).collect()
        };
        let shifted = |starts: &[u64], by, end| -> Vec<(u64, String)> {
            let found = chapters(&of(starts), by, end);
            found
                .into_iter()
                .map(|it| (it.start_ms, it.title))
                .collect()
        };
        let titled = |pairs: &[(u64, &str)]| -> Vec<(u64, String)> {
            pairs
                .iter()
                .map(|(at, title)| (*at, (*title).to_owned()))
                .collect()
        };
        assert_eq!(
            shifted(&[0, 5000, 15_000, 30_000], -10_000, Some(15_000)),
            titled(&[(0, "5000"), (5000, "15000")])
        );
        assert_eq!(
            shifted(&[0, 10_000], -10_000, None),
            titled(&[(0, "10000")])
        );
        assert_eq!(
            shifted(&[5000, 0], 1000, None),
            titled(&[(1000, "0"), (6000, "5000")])
        );
        assert_eq!(shifted(&[0, 1000], -10_000, None), titled(&[(0, "1000")]));
        assert_eq!(shifted(&[], -1, None), titled(&[]));
    }

    #[test]
    fn the_lines_of_a_description_move_along() {
        let text = "Over *alles*.\n\n- 0:00 Inloop\n- [5:00] Begin\n- 10:00 Eind\nTot 12:30.";
        for (by_ms, end_ms, expected) in [
            (
                60_000,
                None,
                "Over *alles*.\n\n- 01:00 Inloop\n- [06:00] Begin\n- 11:00 Eind\nTot 12:30.",
            ),
            (
                -360_000,
                None,
                "Over *alles*.\n\n- [00:00] Begin\n- 04:00 Eind\nTot 12:30.",
            ),
            (
                0,
                Some(600_000),
                "Over *alles*.\n\n- 00:00 Inloop\n- [05:00] Begin\nTot 12:30.",
            ),
        ] {
            assert_eq!(description(text, by_ms, end_ms), expected);
        }
        assert_eq!(description("Om 12:30.", 5_000, None), "Om 12:30.");
    }
}
