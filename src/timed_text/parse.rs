//! Parses decoded text into cues: the blocks of a WebVTT or an SRT file.
//!
//! The formats differ in what may be between cues. WebVTT (W3C WebVTT §6.1) has comments, style sheets and regions, which are
//! skipped, and stray text, which no browser shows. SRT has only cues, so text after an empty line belongs to the cue above it, and
//! a number must be followed by a time line.

use std::iter::{Map, Zip};
use std::ops::RangeFrom;
use std::str::Split;

use super::{
    Broken, Captions, Cue, LONGEST_CUE_CHARS, MOST_CUES, MOST_WARNINGS, Reason, Warning,
    WarningKind,
};
use super::{text, time};

/// Most bytes of one cue with its tags. Five thousand escaped characters with a tag around every other word stay below it; it
/// bounds the memory that a file of `<` characters takes.
const LARGEST_CUE_BYTES: usize = 64 * 1024;

/// Parses the whole text; the caller sets the encoding.
pub(super) fn parse(text: &str) -> Result<Captions, Broken> {
    let mut parser = Parser::new(text);
    if !parser.skip_header() && !text.split('\n').any(time::means_a_time_line) {
        return Err(broken(1, Reason::NotCaptions));
    }
    while let Some(line) = parser.lines.next() {
        if !parser.is_blank(line.text) {
            parser.block(line)?;
        }
    }
    parser.finish_cue()?;
    parser.most_are_good()?;
    // The sort is stable, so cues that start together keep the order of the file.
    parser.cues.sort_by_key(|cue| cue.start_ms);
    Ok(Captions {
        cues: parser.cues,
        encoding: "",
        warnings: in_order(parser.lost.into_iter().chain(parser.put_right)),
    })
}

fn broken(line: usize, reason: Reason) -> Broken {
    Broken { line, reason }
}

#[derive(Clone, Copy)]
struct SourceLine<'a> {
    /// Line number, counted from 1.
    number: usize,
    text: &'a str,
}

/// An iterator over the lines; a clone of it looks ahead.
type Lines<'a> =
    Map<Zip<RangeFrom<usize>, Split<'a, char>>, fn((usize, &'a str)) -> SourceLine<'a>>;

impl<'a> SourceLine<'a> {
    fn all(text: &'a str) -> Lines<'a> {
        (1..)
            .zip(text.split('\n'))
            .map(|(number, text)| Self { number, text })
    }
}

/// A cue to whose text more lines may be added.
struct Begun {
    line: usize,
    start_ms: u64,
    end_ms: u64,
    settings: Option<String>,
    text: String,
}

impl Begun {
    fn add(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
    }
}

/// At most [`MOST_WARNINGS`] in the order of lines. What lost somebody's words comes before what was only put right, however much of
/// that there is.
pub(super) fn in_order(warnings: impl Iterator<Item = Warning>) -> Vec<Warning> {
    let (mut first, put_right): (Vec<_>, Vec<_>) = warnings.partition(|it| it.kind.loses_words());
    first.extend(put_right);
    first.truncate(MOST_WARNINGS);
    first.sort_by_key(|warning| warning.line);
    first
}

struct Parser<'a> {
    lines: Lines<'a>,
    webvtt: bool,
    begun: Option<Begun>,
    latest_start_ms: u64,
    cues: Vec<Cue>,
    /// How many cues were left out because they are bad, and the first of them.
    bad: usize,
    first_bad: Option<Broken>,
    lost: Vec<Warning>,
    put_right: Vec<Warning>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            lines: SourceLine::all(text),
            webvtt: false,
            begun: None,
            latest_start_ms: 0,
            cues: Vec::new(),
            bad: 0,
            first_bad: None,
            lost: Vec::new(),
            put_right: Vec::new(),
        }
    }

    /// Whether the file has a WebVTT header, which is skipped (a title, `Kind:` and `Language:` lines).
    fn skip_header(&mut self) -> bool {
        let mut ahead = self.lines.clone();
        let first = ahead.find(|line| !line.text.trim().is_empty());
        let after_word = first.and_then(|line| line.text.strip_prefix("WEBVTT"));
        self.webvtt =
            after_word.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t']));
        // SRT has no header, so its first line is not consumed.
        if self.webvtt {
            self.lines = ahead;
            self.skip_block();
        }
        self.webvtt
    }

    fn peek(&self) -> Option<SourceLine<'a>> {
        self.lines.clone().next()
    }

    fn warn(&mut self, line: usize, kind: WarningKind) {
        let told = match kind.loses_words() {
            true => &mut self.lost,
            false => &mut self.put_right,
        };
        if told.len() < MOST_WARNINGS {
            told.push(Warning { line, kind });
        }
    }

    /// Leaves a bad cue out: it costs its own text, and not that of the others.
    fn leave_out(&mut self, line: usize, reason: Reason, kind: WarningKind) {
        self.bad += 1;
        self.first_bad.get_or_insert(broken(line, reason));
        self.warn(line, kind);
    }

    /// A file of which most cues are bad is something else, or spoilt: it is refused with the first of them.
    fn most_are_good(&self) -> Result<(), Broken> {
        match self.first_bad {
            Some(first) if self.cues.is_empty() || self.bad > self.cues.len() => Err(first),
            _ => Ok(()),
        }
    }

    /// Whether a line ends a block: an empty line, and in SRT also a blank one, which old programs write.
    fn is_blank(&self, line: &str) -> bool {
        line.is_empty() || (!self.webvtt && line.trim().is_empty())
    }

    /// Whether a line begins a cue even without an empty line before it. In SRT an arrow may be spoken text ("klik op -->
    /// opslaan"), if the line has no digit.
    fn begins_a_cue(&self, line: &str) -> bool {
        line.contains(time::ARROW) && (self.webvtt || line.contains(|c: char| c.is_ascii_digit()))
    }

    fn block(&mut self, first: SourceLine<'a>) -> Result<(), Broken> {
        if time::means_a_time_line(first.text) {
            return self.cue(first);
        }
        if self.webvtt {
            self.webvtt_block(first)
        } else {
            self.srt_block(first)
        }
    }

    fn webvtt_block(&mut self, first: SourceLine<'a>) -> Result<(), Broken> {
        if first.text == "NOTE"
            || first.text.starts_with("NOTE ")
            || first.text.starts_with("NOTE\t")
        {
            self.comment();
            return Ok(());
        }
        // W3C WebVTT §4.1: a line before the time line is the identifier of the cue, which is not kept.
        if let Some(second) = self.peek()
            && time::means_a_time_line(second.text)
        {
            self.lines.next();
            return self.cue(second);
        }
        if !matches!(first.text.trim_end(), "STYLE" | "REGION") {
            self.warn(first.number, WarningKind::BlockLeftOut);
        }
        self.skip_block();
        Ok(())
    }

    fn comment(&mut self) {
        while let Some(line) = self.lines.next() {
            if line.text.is_empty() {
                return;
            }
            if line.text.contains(time::ARROW) {
                self.warn(line.number, WarningKind::CueInComment);
            }
        }
    }

    /// Skips to the end of the block or to a time line, so that a missing empty line costs no cue.
    fn skip_block(&mut self) {
        while let Some(line) = self.peek() {
            if line.text.is_empty() || self.begins_a_cue(line.text) {
                return;
            }
            self.lines.next();
        }
    }

    fn srt_block(&mut self, first: SourceLine<'a>) -> Result<(), Broken> {
        let next = self.peek();
        if is_number(first.text) {
            if let Some(next) = next.filter(|next| !self.is_blank(next.text)) {
                self.lines.next();
                return self.cue(next);
            }
            let mut ahead = self.lines.clone();
            let next_text = ahead.find(|line| !line.text.trim().is_empty());
            if next_text.is_none_or(|line| self.begins_a_cue(line.text)) {
                return Ok(());
            }
        }
        match &mut self.begun {
            Some(begun) => {
                begun.add(first.text);
                self.warn(first.number, WarningKind::TextJoined);
            }
            // The text of a cue that was left out goes with it.
            None if self.bad > 0 => {}
            None => self.leave_out(first.number, Reason::Time, WarningKind::BlockLeftOut),
        }
        self.cue_text();
        Ok(())
    }

    fn cue(&mut self, line: SourceLine<'a>) -> Result<(), Broken> {
        self.finish_cue()?;
        let times = match time::time_line(line.text) {
            None => Err((Reason::Time, WarningKind::BadTime)),
            Some(times) if times.end_ms <= times.start_ms => {
                Err((Reason::EndsBeforeStart, WarningKind::EndsBeforeStart))
            }
            Some(times) => Ok(times),
        };
        let times = match times {
            Ok(times) => times,
            Err((reason, kind)) => {
                self.leave_out(line.number, reason, kind);
                self.cue_text();
                return Ok(());
            }
        };
        let (settings, left_out) = time::settings(times.settings);
        if left_out {
            self.warn(line.number, WarningKind::SettingLeftOut);
        }
        if times.start_ms < self.latest_start_ms {
            self.warn(line.number, WarningKind::OutOfOrder);
        }
        self.latest_start_ms = self.latest_start_ms.max(times.start_ms);
        self.begun = Some(Begun {
            line: line.number,
            start_ms: times.start_ms,
            end_ms: times.end_ms,
            settings,
            text: String::new(),
        });
        self.cue_text();
        Ok(())
    }

    /// Adds lines to the cue until an empty line or the next cue.
    fn cue_text(&mut self) {
        while let Some(line) = self.peek() {
            if self.is_blank(line.text)
                || self.begins_a_cue(line.text)
                || self.is_index_of_next(line)
            {
                return;
            }
            self.lines.next();
            if let Some(begun) = &mut self.begun {
                begun.add(line.text);
            }
        }
    }

    /// Whether a line is the number of the next SRT cue and not text of this one, in a file without empty lines.
    fn is_index_of_next(&self, line: SourceLine<'a>) -> bool {
        if self.webvtt || !is_number(line.text) {
            return false;
        }
        let mut ahead = self.lines.clone();
        ahead
            .nth(1)
            .is_some_and(|next| self.begins_a_cue(next.text))
    }

    fn finish_cue(&mut self) -> Result<(), Broken> {
        let Some(begun) = self.begun.take() else {
            return Ok(());
        };
        // The limit is doubled here, because cleaning removes white space and unknown tags.
        if begun.text.len() > 2 * LARGEST_CUE_BYTES {
            self.too_long(begun.line);
            return Ok(());
        }
        let text = if self.webvtt {
            text::clean(&begun.text)
        } else {
            text::clean(&text::without_style_overrides(&begun.text))
        };
        if text::shows_nothing(&text) {
            self.warn(begun.line, WarningKind::EmptyCue);
            return Ok(());
        }
        // The cleaned text is measured, so that a file written by this program is never too long to be read.
        let shown = text::plain(&text).chars().count();
        if shown > LONGEST_CUE_CHARS || text.len() > LARGEST_CUE_BYTES {
            self.too_long(begun.line);
            return Ok(());
        }
        if self.cues.len() >= MOST_CUES {
            return Err(broken(begun.line, Reason::TooManyCues));
        }
        self.cues.push(Cue {
            start_ms: begun.start_ms,
            end_ms: begun.end_ms,
            text,
            settings: begun.settings,
        });
        Ok(())
    }

    fn too_long(&mut self, line: usize) {
        self.leave_out(line, Reason::CueTooLong, WarningKind::CueTooLong);
    }
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}
