//! Corrections of lines of captions that visitors proposed, above the lines they are about. In: the current lines, and what was
//! proposed. Out: each proposal beside its line, to accept or to leave.
//!
//! What is accepted is plain text of a stranger: it is escaped, and stored like a line that was edited here. It takes the place of the
//! line that the coordinator saw beside it, and of no other.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::captions;
use super::companions::CompanionPlace;
use super::page::RecordingPage;
use crate::catalogue::caption::{self, Cue};
use crate::catalogue::correction::{self, Correction};
use crate::catalogue::{message, timecode};
use crate::desk::kit::{Context, Posted, Tab};
use crate::desk::messages::{note, reader};
use crate::error::{Error, Result};
use crate::timed_text::{reworded, shown_text};
use crate::web::{Texts, format, parts, urls};

/// Most corrections on the page, and most bytes of them; the others come when these are handled.
const MOST: usize = 50;
const BYTES: usize = 300 * 1024;

/// The corrections that wait for the captions in a language.
pub struct Corrections {
    found: Vec<(Correction, Line)>,
    /// How many wait behind them.
    more: usize,
}

/// The line that a correction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// It is as the visitor read it; its place.
    Same(usize),
    /// At its begin stands another text.
    Changed(usize),
    Gone,
}

impl Line {
    fn place(self) -> Option<usize> {
        match self {
            Self::Same(place) | Self::Changed(place) => Some(place),
            Self::Gone => None,
        }
    }
}

impl Corrections {
    /// Loads them, with the current lines in order of time.
    pub fn load(conn: &Connection, recording: i64, language: &str, cues: &[Cue]) -> Result<Self> {
        let found = correction::of_captions(conn, recording, language, MOST)?;
        let counts = correction::counts(conn, recording)?;
        let all = counts.iter().find(|(tag, _)| tag == language);
        let all = all.map_or(0, |(_, count)| *count as usize);
        let more = all.saturating_sub(found.len());
        let lines = match found.is_empty() {
            true => Lines::default(),
            false => Lines::of(cues),
        };
        let beside = |one: Correction| {
            let line = lines.of_correction(cues, &one);
            (one, line)
        };
        Ok(Self {
            found: found.into_iter().map(beside).collect(),
            more,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The section of the page.
    pub fn section(
        &self,
        context: &Context,
        page: &RecordingPage,
        (language, cues): (&str, &[Cue]),
    ) -> Markup {
        let texts = &context.texts;
        let rows = self.found.iter().map(|(one, line)| {
            let cue = line
                .place()
                .and_then(|place| Some((place, cues.get(place)?)));
            Row {
                context,
                page,
                language,
                one,
                line: *line,
                cue,
            }
            .draw()
        });
        let (rows, _) = parts::fitting(rows, BYTES);
        let more = self.found.len() - rows.len() + self.more;
        html! {
            @if !self.is_empty() {
                section.corrections aria-labelledby="corrections" {
                    h2 #corrections { (texts.t("corrections-title")) }
                    p.field-help { (texts.t("corrections-help")) }
                    ul.plain-list { @for row in &rows { (row) } }
                    @if more > 0 { p { (texts.t_args("corrections-more", &[("count", more.into())])) } }
                }
            }
        }
    }

    /// Links from a line, by its place, to what was proposed for it.
    pub fn links(&self, texts: &Texts, place: usize) -> Markup {
        let of_line = self
            .found
            .iter()
            .filter(|(_, line)| line.place() == Some(place));
        html! {
            @for (one, _) in of_line { a href={ "#correction-" (one.id) } { (texts.t("correction-there")) } }
        }
    }
}

/// The current lines by what they say.
#[derive(Default)]
struct Lines {
    texts: Vec<String>,
    by_text: HashMap<String, Vec<usize>>,
}

impl Lines {
    fn of(cues: &[Cue]) -> Self {
        let texts: Vec<String> = cues.iter().map(shown_text).collect();
        let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, text) in texts.iter().enumerate() {
            by_text.entry(text.clone()).or_default().push(place);
        }
        Self { texts, by_text }
    }

    /// The line with the begin and the text that the visitor read; else the only one with that text, because the times may have been
    /// moved; else the one with that begin.
    fn of_correction(&self, cues: &[Cue], one: &Correction) -> Line {
        let start_ms = one.line.start_ms;
        let first = cues.partition_point(|cue| cue.start_ms < start_ms);
        let begun = cues
            .iter()
            .skip(first)
            .take_while(|cue| cue.start_ms == start_ms);
        let begun = first..first + begun.count();
        let is_same = |place: &usize| self.texts.get(*place) == Some(&one.line.text);
        if let Some(place) = begun.clone().find(is_same) {
            return Line::Same(place);
        }
        match self.by_text.get(&one.line.text).map(Vec::as_slice) {
            Some(&[place]) => Line::Same(place),
            _ if begun.is_empty() => Line::Gone,
            _ => Line::Changed(begun.start),
        }
    }
}

/// A correction on the page.
struct Row<'a> {
    context: &'a Context,
    page: &'a RecordingPage,
    language: &'a str,
    one: &'a Correction,
    line: Line,
    cue: Option<(usize, &'a Cue)>,
}

impl Row<'_> {
    fn draw(&self) -> Markup {
        let (texts, one) = (&self.context.texts, self.one);
        let id = &self.page.recording.public_id;
        let start_ms = self.cue.map_or(one.line.start_ms, |(_, cue)| cue.start_ms);
        let moment = timecode::short(start_ms);
        let zone = self.context.app.config.zone();
        let when = format::moment(texts.lang(), one.received_at, &zone);
        html! {
            li #{ "correction-" (one.id) } {
                div.words {
                    p {
                        @match self.cue {
                            Some((place, _)) => a href={ "#cue-" (place + 1) } { (texts.t_args("correction-of-line", &[("number", (place + 1).into())])) },
                            None => strong { (texts.t("correction-line-gone")) },
                        }
                        " · " a href=(texts.to(urls::watch_at(id, start_ms / 1000))) { (texts.t_args("messages-at", &[("moment", moment.as_str().into())])) }
                        " · " (when)
                    }
                    @if let Line::Changed(_) = self.line { p.beyond { (texts.t("correction-changed")) } }
                    dl.versions-of-line {
                        @if self.line.place().is_none() || matches!(self.line, Line::Changed(_)) { (self.version("correction-was", &one.line.text)) }
                        @if let Some((_, cue)) = self.cue { (self.version("correction-now", &shown_text(cue))) }
                        (self.version("correction-proposed", &one.text))
                    }
                    (self.acts(&moment))
                }
            }
        }
    }

    fn version(&self, label: &str, text: &str) -> Markup {
        html! { div { dt { (self.context.texts.t(label)) } dd.letter lang=(self.language) dir="auto" { (text) } } }
    }

    fn acts(&self, moment: &str) -> Markup {
        let texts = &self.context.texts;
        let action = self.page.path(&format!("/corrections/{}", self.one.id));
        let accept = match self.line {
            Line::Same(_) => Some("correction-accept"),
            Line::Changed(_) => Some("correction-accept-all-the-same"),
            Line::Gone => None,
        };
        let acts = accept.map(|label| ("accept", label));
        let acts = acts.into_iter().chain([("leave", "correction-leave")]);
        html! {
            form method="post" action=(texts.to(action)) {
                @if let Some((_, cue)) = self.cue { input type="hidden" name="base" value=(tag(cue)); }
                div.acts {
                    @for (act, label) in acts {
                        button.button type="submit" name="act" value=(act) data-kind="quiet" { (texts.t(label)) span.unseen { ": " (moment) } }
                    }
                }
            }
        }
    }
}

/// `POST /desk/recordings/{id}/corrections/{message}`: `act` is `accept`, with the tag of the line that the coordinator saw (`base`), or
/// `leave`.
pub async fn decide(
    context: Context,
    Path((id, message)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let message: i64 = message.parse().map_err(|_| Error::NotFound)?;
    // The comparison runs under the lock, so that no edit of another coordinator is lost.
    let place = CompanionPlace::locked(&context, &id).await?;
    let row = place.page.recording.id;
    let loaded = context.read(move |conn| {
        let Some(one) = correction::by_id(conn, row, message)? else {
            return Ok(None);
        };
        let caption = caption::by_language(conn, row, &one.line.language)?;
        let cues = caption.map_or(Ok(Vec::new()), |caption| caption::cues(conn, caption))?;
        Ok(Some((one, cues)))
    });
    let Some((one, cues)) = loaded.await? else {
        return context.go(place.page.path(Tab::Files.path()), "done-correction-gone");
    };
    let language = one.line.language.clone();
    let list = place.page.path(&format!("/captions/{language}"));
    let done = match posted.get("act") {
        "accept" => match accepted(cues, &one, posted.get("base")) {
            None => return context.go(list, "done-correction-changed"),
            Some(cues) => {
                let close = closing(&context, message);
                captions::put_with(&place, &language, &cues, close).await?;
                "done-correction-accepted"
            }
        },
        "leave" => {
            context.write(closing(&context, message)).await?;
            "done-correction-left"
        }
        _ => return Err(Error::NotFound),
    };
    let waiting = context.read(move |conn| correction::of_captions(conn, row, &language, 1));
    match waiting.await?.is_empty() {
        true => context.go(place.page.path(Tab::Files.path()), done),
        false => context.go(list, done),
    }
}

/// The lines with the correction in them. `None` when the line is not the one that the coordinator saw.
fn accepted(mut cues: Vec<Cue>, one: &Correction, base: &str) -> Option<Vec<Cue>> {
    let place = Lines::of(&cues).of_correction(&cues, one).place()?;
    let cue = cues.get_mut(place).filter(|cue| tag(cue) == base)?;
    cue.text = reworded(&cue.text, &captions::spoken(&one.text));
    Some(cues)
}

/// Closes the message, with its line in the audit list.
fn closing(
    context: &Context,
    message: i64,
) -> impl FnOnce(&Connection) -> Result<()> + Send + 'static {
    let (me, now) = (context.me.coordinator.id, context.now());
    let (reader, email) = (reader(context), context.email().to_owned());
    move |conn| {
        let count = message::set_handled(conn, reader, &[message], Some(me), now)?;
        note(conn, &email, "handle message", count, now)
    }
}

/// The tag of a line, by which a button knows whether it is still the same.
fn tag(cue: &Cue) -> String {
    blake3::hash(cue.text.as_bytes()).to_hex()[..16].to_owned()
}
