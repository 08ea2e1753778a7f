//! Parses and writes captions: WebVTT or SRT bytes become cues, and cues become WebVTT.
//!
//! The content of a file decides its format, not its name. No spoken text is lost without notice: a bad cue costs only itself and is
//! reported with its line like any correction ([`Warning`]), and a file in which most cues are bad is refused ([`Broken`]). The text of a cue is WebVTT cue text (W3C WebVTT
//! §4.2.2) with only the tags `<i> <b> <u> <c> <v Name>`; everything else is escaped, so it can be sent to a browser unchanged. The
//! siblings are `bytes` (encodings), `parse` (blocks), `time` (time lines), `text` (tags), `said` (what is
//! said, however often it is drawn) and `reword` (other words between the same tags).

mod bytes;
mod parse;
mod reword;
mod said;
pub mod shift;
mod text;
mod time;

use std::fmt::Write as _;

use crate::catalogue::name::composed;

pub use crate::catalogue::caption::Cue;
pub use reword::reworded;
pub use said::said;
pub use text::{Voiced, begins, escape, plain as plain_text, voices};

/// The largest caption file in bytes, because it is read into memory; a three-hour session is 300 KiB of text.
pub const LARGEST_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Most cues of a file; ten hours with a cue every third of a second stay below it.
pub const MOST_CUES: usize = 100_000;
/// Most visible characters of one cue, without tags. A longer one comes from a file without blank lines.
pub const LONGEST_CUE_CHARS: usize = 5_000;
/// Most warnings about a file; a file with one mistake usually repeats it everywhere.
pub const MOST_WARNINGS: usize = 100;

/// The content of a caption file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captions {
    /// Cues by start time; cues that start together keep the order of the file.
    pub cues: Vec<Cue>,
    /// The WHATWG name of the encoding (`UTF-8`, `windows-1252`, …).
    pub encoding: &'static str,
    /// Corrections in the order of the file; at most [`MOST_WARNINGS`].
    pub warnings: Vec<Warning>,
}

/// A correction that the author of the file may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    /// Line, counted from 1.
    pub line: usize,
    /// The kind of correction.
    pub kind: WarningKind,
}

impl Warning {
    /// Warnings as one word, for an address and a column: `12.5-14.0`, line and kind.
    pub fn word(warnings: &[Self]) -> String {
        let place = |kind| WarningKind::ALL.iter().position(|one| *one == kind);
        let write = |one: &Self| Some(format!("{}.{}", one.line, place(one.kind)?));
        let lines: Vec<String> = warnings.iter().filter_map(write).collect();
        lines.join("-")
    }

    /// The warnings in such a word, at most [`MOST_WARNINGS`]; what is none is passed over.
    pub fn of_word(word: &str) -> Vec<Self> {
        let read = |one: &str| {
            let (line, place) = one.split_once('.')?;
            let kind = *WarningKind::ALL.get(place.parse::<usize>().ok()?)?;
            let line = line.parse().ok()?;
            Some(Self { line, kind })
        };
        word.split('-')
            .filter_map(read)
            .take(MOST_WARNINGS)
            .collect()
    }
}

/// The kinds of [`Warning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WarningKind {
    #[error("begins before the cue above it; the cues were sorted")]
    OutOfOrder,
    #[error("a setting behind the times is unknown or impossible; it was left out")]
    SettingLeftOut,
    #[error("stands below an empty line; it was kept with the cue above")]
    TextJoined,
    /// A block of a WebVTT file that is neither cue nor comment, which every browser ignores.
    #[error("is neither a cue nor a comment; it was left out")]
    BlockLeftOut,
    #[error("a comment (NOTE) holds a time line; it stays a comment")]
    CueInComment,
    #[error("the cue has no text; it was left out")]
    EmptyCue,
    /// Bytes that are invalid in the encoding of the file, replaced by U+FFFD.
    #[error("holds characters that cannot be read; they were replaced")]
    BytesReplaced,
    #[error("the time line cannot be read; the cue was left out")]
    BadTime,
    #[error("the cue ends before it begins; it was left out")]
    EndsBeforeStart,
    /// More than [`LONGEST_CUE_CHARS`].
    #[error("the text of the cue is too long; the cue was left out")]
    CueTooLong,
}

impl WarningKind {
    /// All kinds; addresses and the catalogue refer to them by position.
    pub const ALL: [Self; 10] = [
        Self::OutOfOrder,
        Self::SettingLeftOut,
        Self::TextJoined,
        Self::BlockLeftOut,
        Self::CueInComment,
        Self::EmptyCue,
        Self::BytesReplaced,
        Self::BadTime,
        Self::EndsBeforeStart,
        Self::CueTooLong,
    ];

    /// The Fluent key of its text, which takes `{ $line }`.
    pub fn key(self) -> &'static str {
        match self {
            Self::OutOfOrder => "caption-warning-out-of-order",
            Self::SettingLeftOut => "caption-warning-setting",
            Self::TextJoined => "caption-warning-text-joined",
            Self::BlockLeftOut => "caption-warning-block",
            Self::CueInComment => "caption-warning-cue-in-comment",
            Self::EmptyCue => "caption-warning-empty-cue",
            Self::BytesReplaced => "caption-warning-bytes-replaced",
            Self::BadTime => "caption-warning-bad-time",
            Self::EndsBeforeStart => "caption-warning-ends-before-start",
            Self::CueTooLong => "caption-warning-cue-too-long",
        }
    }

    /// Whether words of the file are shown to nobody.
    pub(super) fn loses_words(self) -> bool {
        match self {
            Self::BlockLeftOut
            | Self::CueInComment
            | Self::BytesReplaced
            | Self::BadTime
            | Self::EndsBeforeStart
            | Self::CueTooLong => true,
            Self::OutOfOrder | Self::SettingLeftOut | Self::TextJoined | Self::EmptyCue => false,
        }
    }
}

/// The reason why a file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Broken {
    /// Line, counted from 1; 1 for the file as a whole.
    pub line: usize,
    /// The reason.
    pub reason: Reason,
}

/// Why a caption file was refused. A bad cue refuses it only where most of them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// More than [`LARGEST_FILE_BYTES`].
    #[error("the file is too large for captions")]
    TooLarge,
    /// There is no time line: a transcript, an unsupported format, or no text at all.
    #[error("this is neither WebVTT nor SRT")]
    NotCaptions,
    /// A time line is missing or malformed here.
    #[error("the time line cannot be read")]
    Time,
    /// The cue ends at its start or before it.
    #[error("the cue ends before it begins")]
    EndsBeforeStart,
    /// The cue that begins here has more than [`LONGEST_CUE_CHARS`].
    #[error("the text of the cue is too long")]
    CueTooLong,
    /// More than [`MOST_CUES`].
    #[error("the file has too many cues")]
    TooManyCues,
}

impl Reason {
    /// The Fluent key of its text, which takes `{ $line }`.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLarge => "caption-broken-too-large",
            Self::NotCaptions => "caption-broken-not-captions",
            Self::Time => "caption-broken-time",
            Self::EndsBeforeStart => "caption-broken-ends-before-start",
            Self::CueTooLong => "caption-broken-cue-too-long",
            Self::TooManyCues => "caption-broken-too-many-cues",
        }
    }
}

/// Parses WebVTT or SRT in any of the usual encodings and line endings.
///
/// # Errors
/// [`Broken`] with the line of the first bad cue when most are bad, or when the file as a whole cannot be read.
pub fn read(bytes: &[u8]) -> Result<Captions, Broken> {
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(Broken {
            line: 1,
            reason: Reason::TooLarge,
        });
    }
    let decoded = bytes::decode(bytes);
    let mut captions = parse::parse(&decoded.text)?;
    captions.encoding = decoded.encoding;
    let kind = WarningKind::BytesReplaced;
    let replaced = decoded.replaced_lines.into_iter();
    let replaced = replaced.map(|line| Warning { line, kind });
    captions.warnings = parse::in_order(replaced.chain(captions.warnings));
    Ok(captions)
}

/// Plain text as a line of captions can show it, in one spelling: its lines without spaces around them, and no empty ones.
pub fn shown_lines(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    composed(&lines.join("\n")).into_owned()
}

/// What a reader sees of a cue, as plain text.
pub fn shown_text(cue: &Cue) -> String {
    shown_lines(&plain_text(&cue.text))
}

/// Writes the cues as a WebVTT file (UTF-8, LF).
///
/// Text and settings are cleaned again, so that a cue that did not come from [`read`] cannot break the file; a cue without text or
/// duration is left out. Cues are written in the given order.
pub fn write_vtt<'a>(cues: impl Iterator<Item = &'a Cue>) -> String {
    let mut vtt = String::from("WEBVTT\n");
    for cue in cues.filter(|cue| cue.start_ms < cue.end_ms) {
        let shown = text::clean(&cue.text);
        if text::shows_nothing(&shown) {
            continue;
        }
        let start = time::written(cue.start_ms);
        let end = time::written(cue.end_ms);
        let (settings, _) = time::settings(cue.settings.as_deref().unwrap_or_default());
        // Writing to a String cannot fail.
        let _ = match settings {
            Some(settings) => write!(vtt, "\n{start} --> {end} {settings}\n{shown}\n"),
            None => write!(vtt, "\n{start} --> {end}\n{shown}\n"),
        };
    }
    vtt
}

#[cfg(test)]
#[path = "cases.rs"]
mod cases;
