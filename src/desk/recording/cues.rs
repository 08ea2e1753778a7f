//! `/desk/recordings/{id}/captions/{language}`: edits captions as lines beside the video, each with begin, end and text. Emptied
//! lines are removed, and empty ones are added at the end. The result is stored like captions from a file.

use std::collections::{HashMap, VecDeque};

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::captions;
use super::companions::CompanionPlace;
use super::corrections::Corrections;
use super::page::RecordingPage;
use crate::catalogue::caption::{self, Cue};
use crate::catalogue::original::{self, Original};
use crate::catalogue::{language, timecode};
use crate::desk::kit::{Context, Page, Posted, Tab};
use crate::error::{Error, Result, Text};
use crate::text;
use crate::timed_text::{self, MOST_WARNINGS, Warning, WarningKind};
use crate::web::components::name;
use crate::web::texts::sentence;
use crate::web::{format, urls};

/// Most lines in the form; longer captions have to be replaced by a file.
const MOST: usize = 2000;

/// Bytes of the form: those of a line without its text, and the most of all lines.
const LINE_BYTES: usize = 330;
const FORM_BYTES: usize = 950 * 1024;

/// Empty lines after the last one.
const MORE: usize = 3;

/// Most characters of a line.
const LONGEST: usize = 2000;

/// A line of the form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct CueLine {
    start: String,
    end: String,
    text: String,
}

impl CueLine {
    fn of(cue: &Cue) -> Self {
        Self {
            start: timecode::exact(cue.start_ms),
            end: timecode::exact(cue.end_ms),
            text: cue.text.clone(),
        }
    }

    /// As it comes back from a form, in which spaces around a text are not kept.
    fn sent_back(cue: &Cue) -> Self {
        let line = Self::of(cue);
        Self {
            text: line.text.trim().to_owned(),
            ..line
        }
    }

    /// Whether the line has no text, or only markup.
    fn shows_nothing(&self) -> bool {
        let shown = timed_text::plain_text(&captions::spoken(&self.text));
        shown.trim().is_empty()
    }
}

/// `GET /desk/recordings/{id}/captions/{language}`
pub async fn show(
    context: Context,
    Path((id, language)): Path<(String, String)>,
) -> Result<Response> {
    let language = language::tag(&language).unwrap_or(language);
    let asked = language.clone();
    let loaded = RecordingPage::load_with(&context, &id, move |conn, page| {
        let before = Stored::load(conn, page.recording.id, &asked)?;
        let row = page.recording.id;
        let corrections = Corrections::load(conn, row, &asked, &before.cues)?;
        Ok((page, before, corrections))
    });
    let (page, before, corrections) = loaded.await?;
    let too_long = before.too_long();
    if let Some(why) = too_long.clone().filter(|_| corrections.is_empty()) {
        return Err(Error::Refused(why));
    }
    let form = Form {
        page: &page,
        language: &language,
        lines: before.cues.iter().map(CueLine::of).collect(),
        before: &before,
        corrections: Some(&corrections),
        wrong: None,
    };
    if let Some(why) = too_long {
        return Ok(form.show_corrections(&context, &why));
    }
    Ok(form.show(&context, StatusCode::OK, None))
}

/// `POST /desk/recordings/{id}/captions/{language}`, with `start`, `end` and `text` for each line.
pub async fn save(
    context: Context,
    Path((id, language)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let language = language::tag(&language).unwrap_or(language);
    // The comparison runs under the lock, so that two coordinators who save at once do not both succeed.
    let place = CompanionPlace::locked(&context, &id).await?;
    let (page, asked) = (&place.page, language.clone());
    let (db, row) = (&context.app.db, page.recording.id);
    let before = db.read(move |conn| Stored::load(conn, row, &asked)).await?;
    if let Some(why) = before.too_long() {
        return Err(Error::Refused(why));
    }
    let lines: Vec<CueLine> = posted
        .all("start")
        .zip(posted.all("end"))
        .zip(posted.all("text"))
        .map(|((start, end), text)| CueLine {
            start: start.trim().to_owned(),
            end: end.trim().to_owned(),
            text: text.trim().to_owned(),
        })
        .collect();
    let filled: Vec<CueLine> = before.cues.iter().map(CueLine::sent_back).collect();
    let typed = lines.iter().filter(|line| **line != CueLine::default());
    if typed.eq(&filled) {
        return context.go(page.path(Tab::Files.path()), "done-captions");
    }
    let parsed = parse(&lines, &before.cues);
    let is_first = posted.get("base") == before.base;
    let cues = match parsed {
        Ok(cues) if is_first => cues,
        parsed => {
            let by_another = || context.texts.t("saved-by-another");
            let (message, status) = match parsed {
                Ok(_) => (Some(by_another()), StatusCode::CONFLICT),
                Err(_) => (None, StatusCode::UNPROCESSABLE_ENTITY),
            };
            let form = Form {
                page,
                language: &language,
                lines,
                before: &before,
                corrections: None,
                wrong: parsed.err(),
            };
            return Ok(form.show(&context, status, message));
        }
    };
    captions::put(&place, &language, &cues).await?;
    let numbered = (1..).zip(&lines);
    let left_out = numbered.filter(|(_, line)| !line.text.is_empty() && line.shows_nothing());
    let warning = |(line, _)| Warning {
        line,
        kind: WarningKind::EmptyCue,
    };
    let left_out: Vec<Warning> = left_out.map(warning).take(MOST_WARNINGS).collect();
    context.go(captions::address_after(page, &left_out), "done-captions")
}

/// The current captions of a language.
struct Stored {
    cues: Vec<Cue>,
    /// The tag of the current state.
    base: String,
    /// The media file that is shown beside the lines.
    playable: Option<Original>,
}

impl Stored {
    fn load(conn: &Connection, recording: i64, language: &str) -> Result<Self> {
        let mut all = caption::of_recording(conn, recording)?.into_iter();
        let caption = all.find(|caption| caption.language == language);
        let cues = caption::cues(conn, caption.ok_or(Error::NotFound)?.id)?;
        let written = timed_text::write_vtt(cues.iter());
        let mut sources = original::sources(conn, recording)?.into_iter();
        Ok(Self {
            base: blake3::hash(written.as_bytes()).to_hex()[..16].to_owned(),
            cues,
            playable: sources.find(|source| source.facts.playable),
        })
    }

    /// Why the lines do not fit in a form.
    fn too_long(&self) -> Option<Text> {
        if self.cues.len() > MOST {
            return Some(text!("cues-many", most = MOST.to_string()));
        }
        // A quotation mark takes six bytes in a page.
        let weight = |cue: &Cue| {
            LINE_BYTES + cue.text.len() + 5 * cue.text.matches(['"', '&', '<', '>']).count()
        };
        let weight = self.cues.iter().map(weight).sum::<usize>();
        (weight > FORM_BYTES).then(|| text!("cues-long"))
    }
}

/// Parses lines into cues in order of time; the error names the first invalid line. A line with an unchanged begin keeps its cue
/// settings (`before`).
fn parse(lines: &[CueLine], before: &[Cue]) -> std::result::Result<Vec<Cue>, (usize, Text)> {
    let mut cues = Vec::new();
    let mut stored: HashMap<CueLine, VecDeque<&Cue>> = HashMap::new();
    for cue in before {
        stored
            .entry(CueLine::sent_back(cue))
            .or_default()
            .push_back(cue);
    }
    for (index, line) in lines.iter().enumerate() {
        // What was not touched stays as it is in the file.
        if let Some(cue) = stored.get_mut(line).and_then(VecDeque::pop_front) {
            cues.push(cue.clone());
            continue;
        }
        // An emptied line is removed, even when its times are invalid.
        if line.shows_nothing() {
            continue;
        }
        let number = (index + 1).to_string();
        let time = |text: &str| {
            timecode::parse(text).ok_or_else(|| (index, text!("cue-time", line = number.clone())))
        };
        let (start_ms, end_ms) = (time(&line.start)?, time(&line.end)?);
        if end_ms <= start_ms {
            let why = text!("caption-broken-ends-before-start", line = number);
            return Err((index, why));
        }
        if line.text.chars().count() > LONGEST {
            return Err((index, text!("caption-broken-cue-too-long", line = number)));
        }
        let before = before.iter().find(|cue| cue.start_ms == start_ms);
        cues.push(Cue {
            start_ms,
            end_ms,
            text: captions::spoken(&line.text),
            settings: before.and_then(|cue| cue.settings.clone()),
        });
    }
    if cues.is_empty() {
        return Err((0, text!("captions-empty")));
    }
    cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
    Ok(cues)
}

/// The form of the page.
struct Form<'a> {
    page: &'a RecordingPage,
    language: &'a str,
    lines: Vec<CueLine>,
    before: &'a Stored,
    /// What visitors proposed; `None` beside lines that were typed and not saved, whose places differ.
    corrections: Option<&'a Corrections>,
    /// The first invalid line, counted from 0.
    wrong: Option<(usize, Text)>,
}

impl Form<'_> {
    fn show(&self, context: &Context, status: StatusCode, message: Option<String>) -> Response {
        let texts = &context.texts;
        let id = &self.page.recording.public_id;
        let empty = CueLine::default();
        let lines = self.lines.iter().chain(std::iter::repeat_n(&empty, MORE));
        let main = html! {
            (self.above(context))
            @if let Some((line, why)) = &self.wrong {
                div.form-errors role="alert" tabindex="-1" { p { a href={ "#cue-" (line + 1) } { (sentence(texts.lang(), why)) } } }
            }
            @if let Some(source) = &self.before.playable {
                div.cue-player {
                    @if source.facts.width.is_some() {
                        video data-cue-player controls preload="metadata" playsinline src=(urls::media(id, &source.version, &source.place.file)) {}
                    } @else {
                        audio data-cue-player controls preload="metadata" src=(urls::media(id, &source.version, &source.place.file)) {}
                    }
                }
            }
            p.field-help { (texts.t("cues-help")) }
            form.stack.wide method="post" action=(texts.to(format!("{}/captions/{}", urls::desk_recording(id), self.language))) data-guard {
                input type="hidden" name="base" value=(self.before.base);
                ol.cues {
                    @for (index, line) in lines.enumerate() {
                        li #{ "cue-" (index + 1) } data-wrong[self.wrong.as_ref().is_some_and(|(wrong, _)| *wrong == index)] {
                            input type="text" name="start" value=(line.start) aria-label=(texts.t_args("cue-start", &[("number", (index + 1).into())])) autocomplete="off";
                            input type="text" name="end" value=(line.end) aria-label=(texts.t_args("cue-end", &[("number", (index + 1).into())])) autocomplete="off";
                            textarea name="text" rows="2" aria-label=(texts.t_args("cue-text", &[("number", (index + 1).into())])) { "\n" (line.text) }
                            @if let Some(corrections) = self.corrections { (corrections.links(texts, index)) }
                        }
                    }
                }
                p.actions.save { button.button type="submit" { (texts.t("save")) } }
            }
        };
        self.titled(context)
            .status(status)
            .message(message)
            .with(context, &main)
    }

    /// Only what visitors proposed, for lines that do not fit in a form.
    fn show_corrections(&self, context: &Context, why: &Text) -> Response {
        let main = html! {
            (self.above(context))
            p.field-help { (sentence(context.texts.lang(), why)) }
        };
        self.titled(context).with(context, &main)
    }

    /// The recording, and what visitors proposed.
    fn above(&self, context: &Context) -> Markup {
        let (texts, id) = (&context.texts, &self.page.recording.public_id);
        let lines = (self.language, self.before.cues.as_slice());
        html! {
            p.facts-line { a href=(texts.to(urls::desk_recording(id))) { (name(self.page.recording.title())) } }
            @if let Some(corrections) = self.corrections { (corrections.section(context, self.page, lines)) }
        }
    }

    fn titled(&self, context: &Context) -> Page {
        let language = format::language_name(self.language);
        let title = context
            .texts
            .t_args("cues-title", &[("language", language.into())]);
        Page::new("recordings", title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_cues_in_order() {
        let line = |start: &str, end: &str, text: &str| CueLine {
            start: start.into(),
            end: end.into(),
            text: text.into(),
        };
        let before = [Cue {
            start_ms: 1000,
            end_ms: 2000,
            text: "Oud".into(),
            settings: Some("line:0".into()),
        }];
        let cues = parse(
            &[
                line("0:05", "0:06", "Later"),
                line("0:01", "0:02.500", "Nu"),
                line("0:03", "0:04", ""),
                CueLine::default(),
            ],
            &before,
        )
        .unwrap();
        let found: Vec<_> = cues
            .iter()
            .map(|cue| {
                (
                    cue.start_ms,
                    cue.end_ms,
                    cue.text.as_str(),
                    cue.settings.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (1000, 2500, "Nu", Some("line:0")),
                (5000, 6000, "Later", None)
            ]
        );
    }

    #[test]
    fn the_first_line_that_is_not_right_is_named() {
        let line = |start: &str, end: &str, text: &str| CueLine {
            start: start.into(),
            end: end.into(),
            text: text.into(),
        };
        for (lines, expected) in [
            (
                vec![line("0:01", "0:02", "A"), line("straks", "0:03", "B")],
                (1, "cue-time"),
            ),
            (
                vec![line("0:02", "0:01", "A")],
                (0, "caption-broken-ends-before-start"),
            ),
            (
                vec![line("0:02", "0:02", "A")],
                (0, "caption-broken-ends-before-start"),
            ),
            (
                vec![line("0:01", "0:02", &"x".repeat(2001))],
                (0, "caption-broken-cue-too-long"),
            ),
            (vec![CueLine::default()], (0, "captions-empty")),
        ] {
            assert_eq!(
                parse(&lines, &[]).map_err(|(at, why)| (at, why.key)),
                Err(expected)
            );
        }
    }
}
