//! What is said, apart from how it is drawn. In: the cues of a file. Out: for each cue what is said in it for the first time.
//!
//! Captions made by a machine roll: a line stays while the next one comes below it, so that most sentences are in two or three cues, or a
//! cue is drawn again with one more word. Readers, and whoever searches, get each of them once. What a person says twice stays: a single
//! line counts as drawn again only in a cue too short to say it in, and lines above others only where the whole file is like that.

use super::Cue;
use super::text::{self, Voiced};

/// Cues up to this length draw a line and say none.
const TOO_SHORT_TO_SAY_MS: u64 = 100;
/// What is drawn again follows within this time.
const TOUCHING_MS: u64 = 100;
/// So often at least something is drawn again in a file that rolls or grows.
const A_FEW: usize = 2;
const SEVERAL: usize = 3;

/// What is said in each cue for the first time, as cue text: `None` when all of it is, and an empty one when nothing is.
pub fn said(cues: &[Cue]) -> Vec<Option<String>> {
    let drawn: Vec<Drawn<'_>> = cues.iter().map(Drawn::of).collect();
    let again: Vec<Again> = drawn
        .windows(2)
        .map(|pair| pair[1].again(&pair[0]))
        .collect();
    let kind = Kind::of(&drawn, &again);
    let mut kept: Vec<(usize, usize)> = drawn.iter().map(|it| (0, it.lines.len())).collect();
    for (place, again) in again.iter().enumerate() {
        let (from, is_grown) = kind.left_out(again);
        kept[place + 1].0 = from;
        if is_grown {
            kept[place].1 = kept[place].1.saturating_sub(1);
        }
    }
    let said = drawn.iter().zip(kept);
    said.map(|(drawn, (from, to))| drawn.part(from, to))
        .collect()
}

/// A cue by its lines: the place of each in the text, and who says what in it.
struct Drawn<'a> {
    cue: &'a Cue,
    lines: Vec<(usize, Vec<Voiced>)>,
}

/// Who says what in a line, whatever the space between the words.
fn words(line: &str) -> Vec<Voiced> {
    let mut voiced = text::voices(line);
    for one in &mut voiced {
        one.text = one.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    voiced
}

/// How many of its first lines a cue draws again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Nothing,
    /// All of them, in a cue that says nothing: it is too short, or stands there twice.
    Only(usize),
    /// Those above new ones, or those that stay when one above them goes.
    Rolled(usize),
    /// Those above one that has more words than before.
    Grown(usize),
}

impl<'a> Drawn<'a> {
    fn of(cue: &'a Cue) -> Self {
        let lines = (0..=cue.text.matches('\n').count())
            .map(|line| (line, words(&text::part(&cue.text, line..line + 1))));
        Self {
            cue,
            lines: lines.filter(|(_, words)| !words.is_empty()).collect(),
        }
    }

    fn is_short(&self) -> bool {
        self.cue.end_ms - self.cue.start_ms <= TOO_SHORT_TO_SAY_MS
    }

    /// Whether the last lines of this cue are these.
    fn ends_with(&self, lines: &[(usize, Vec<Voiced>)]) -> bool {
        let mine = self.lines.iter().rev().map(|(_, words)| words);
        let theirs = lines.iter().rev().map(|(_, words)| words);
        lines.len() <= self.lines.len() && mine.zip(theirs).all(|(one, other)| one == other)
    }

    fn again(&self, before: &Self) -> Again {
        let (now, all) = (self.cue, self.lines.len());
        if *now == *before.cue {
            return Again::Only(all);
        }
        if now.start_ms > before.cue.end_ms + TOUCHING_MS || all == 0 {
            return Again::Nothing;
        }
        let stays = before.ends_with(&self.lines);
        if stays && self.is_short() {
            return Again::Only(all);
        }
        let above = (1..all)
            .rev()
            .find(|count| before.ends_with(&self.lines[..*count]));
        if let Some(count) = above {
            return Again::Rolled(count);
        }
        if stays && all < before.lines.len() {
            return Again::Rolled(all);
        }
        self.grown(before).map_or(Again::Nothing, Again::Grown)
    }

    /// The lines above one that begins with the whole last line of the cue before, and has more words.
    fn grown(&self, before: &Self) -> Option<usize> {
        let ((_, last), above) = before.lines.split_last()?;
        let [last] = last.as_slice() else {
            return None;
        };
        let is_longer = |words: &[Voiced]| match words {
            [now] if now.who == last.who => {
                let more = now.text.strip_prefix(last.text.as_str());
                more.is_some_and(|more| more.starts_with(' '))
            }
            _ => false,
        };
        let at = self.lines.iter().position(|(_, words)| is_longer(words))?;
        let same = self.lines[..at].iter().rev().zip(above.iter().rev());
        let is_same = at <= above.len() && same.clone().all(|((_, one), (_, other))| one == other);
        is_same.then_some(at)
    }

    /// Its lines from one to before another, as cue text; `None` for all of them.
    fn part(&self, from: usize, to: usize) -> Option<String> {
        if from == 0 && to == self.lines.len() {
            return None;
        }
        let lines = self.lines.get(from..to).unwrap_or_default();
        let (first, last) = (lines.first(), lines.last());
        let Some(((first, _), (last, _))) = first.zip(last) else {
            return Some(String::new());
        };
        Some(text::part(&self.cue.text, *first..*last + 1))
    }
}

/// How the cues of a file are drawn.
struct Kind {
    rolls: bool,
    grows: bool,
}

impl Kind {
    fn of(drawn: &[Drawn<'_>], again: &[Again]) -> Self {
        let count = |is: fn(&Again) -> bool| again.iter().filter(|it| is(it)).count();
        let rolled = count(|it| matches!(it, Again::Rolled(_)));
        let only = count(|it| matches!(it, Again::Only(_)));
        let grown = count(|it| matches!(it, Again::Grown(_)));
        let of_several_lines = drawn.iter().skip(1).filter(|it| it.lines.len() > 1).count();
        Self {
            rolls: rolled + only >= A_FEW && 2 * rolled >= of_several_lines,
            grows: grown >= SEVERAL && 2 * grown >= again.len(),
        }
    }

    /// How many of the first lines of a cue are left out, and whether the last one of the cue before is.
    fn left_out(&self, again: &Again) -> (usize, bool) {
        match *again {
            Again::Only(count) => (count, false),
            Again::Rolled(count) if self.rolls || self.grows => (count, false),
            Again::Grown(count) if self.grows => (count, true),
            Again::Nothing | Again::Rolled(_) | Again::Grown(_) => (0, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timed_text::read;

    /// The lines that a reader gets of a file.
    fn told(file: &str) -> Vec<String> {
        let cues = read(file.as_bytes()).unwrap().cues;
        let said = said(&cues);
        let told = cues.iter().zip(said);
        told.map(|(cue, said)| said.unwrap_or_else(|| cue.text.clone()))
            .map(|text| text::plain(&text).replace('\n', " / "))
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// A file of cues one behind the other, each with its milliseconds.
    fn cues(all: &[(u64, &str)]) -> String {
        let mut file = "WEBVTT\n\n".to_owned();
        let mut at = 0;
        for (length, text) in all {
            let stamp = crate::timed_text::time::written;
            file += &format!("{} --> {}\n{text}\n\n", stamp(at), stamp(at + length));
            at += length;
        }
        file
    }

    #[test]
    fn what_rolls_is_told_once() {
        let by_a_machine = [
            (
                2700,
                " \nwelkom<00:00:01.469><c> bij</c><00:00:01.620><c> de</c><c> eerste</c>",
            ),
            (10, "welkom bij de eerste\n "),
            (
                2300,
                "welkom bij de eerste\nbijeenkomst<00:00:03.500><c> van</c><c> dit</c><c> jaar</c>",
            ),
            (10, "bijeenkomst van dit jaar\n "),
            (2500, "bijeenkomst van dit jaar\nja<00:00:05.900>"),
            (10, "ja"),
            (2500, "ja\nja<00:00:05.900>"),
            (10, "ja"),
        ];
        let lines = [
            "welkom bij de eerste",
            "bijeenkomst van dit jaar",
            "ja",
            "ja",
        ];
        assert_eq!(told(&cues(&by_a_machine)), lines);
        let srt = cues(&by_a_machine).replace("WEBVTT\n\n", "");
        assert_eq!(told(&srt), lines);
        // Without the short cues, of three lines, and where the upper line goes first.
        for rolling in [
            &[
                (900, "een"),
                (900, "een\ntwee"),
                (900, "twee\ndrie"),
                (900, "drie\nvier"),
            ][..],
            &[
                (900, "een"),
                (900, "een\ntwee"),
                (900, "een\ntwee\ndrie"),
                (900, "twee\ndrie\nvier"),
            ],
            &[
                (900, "een\ntwee"),
                (900, "twee"),
                (900, "twee\ndrie"),
                (900, "drie"),
                (900, "drie\nvier"),
            ],
            &[
                (900, "een"),
                (10, "een"),
                (900, "twee"),
                (10, "twee"),
                (900, "drie"),
                (900, "vier"),
            ],
        ] {
            let told = told(&cues(rolling)).join(" / ");
            assert_eq!(told, "een / twee / drie / vier", "{rolling:?}");
        }
        let twice = "WEBVTT\n\n00:01.000 --> 00:02.000\nEen\n\n00:01.000 --> 00:02.000\nEen\n";
        assert_eq!(told(twice), ["Een"]);
    }

    #[test]
    fn what_grows_is_told_when_it_is_whole() {
        let growing = [
            (300, "we"),
            (300, "we beginnen"),
            (300, "we beginnen nu"),
            (300, "we beginnen nu\nmet"),
            (300, "we beginnen nu\nmet vragen"),
            (300, "met vragen\nvan"),
            (300, "met vragen\nvan jullie"),
        ];
        assert_eq!(
            told(&cues(&growing)),
            ["we beginnen nu", "met vragen", "van jullie"]
        );
    }

    #[test]
    fn what_a_person_says_twice_stays_twice() {
        for spoken in [
            &[(900, "ja"), (900, "ja"), (900, "ja")][..],
            &[
                (900, "Ja."),
                (900, "Ja.\nMaar niet nu."),
                (900, "Goed.\nDan later."),
                (900, "Dag.\nTot dan."),
            ],
            &[
                (900, "nee"),
                (900, "nee, dank je"),
                (900, "thee?"),
                (900, "koffie"),
            ],
            &[(900, "<v A>ja"), (10, "<v B>ja")],
        ] {
            let all: Vec<String> = spoken
                .iter()
                .map(|(_, text)| text::plain(text).replace('\n', " / "))
                .collect();
            assert_eq!(told(&cues(spoken)), all);
        }
        // With a pause between them nothing is drawn again.
        let apart = "WEBVTT\n\n00:01.000 --> 00:02.000\nja\n\n00:03.000 --> 00:03.050\nja\n";
        assert_eq!(told(apart), ["ja", "ja"]);
    }

    #[test]
    fn the_tags_around_what_is_new_stay() {
        let rolling = [
            (900, "<v Anna>een"),
            (900, "<v Anna>een\n<i>twee</i> &amp; meer</v>"),
            (900, "<v Anna><i>twee</i> &amp; meer\ndrie"),
        ];
        let cues = read(cues(&rolling).as_bytes()).unwrap().cues;
        let said = said(&cues);
        assert_eq!(said[0], None);
        assert_eq!(
            said[1].as_deref(),
            Some("<v Anna><i>twee</i> &amp; meer</v>")
        );
        assert_eq!(said[2].as_deref(), Some("<v Anna>drie</v>"));
    }
}
