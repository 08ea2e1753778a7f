//! The form for a mistake in the captions: a visitor chooses the line and writes how it should be. In: the captions in a language and a
//! moment. Out: the line with a field, or the question which line it is. Nobody is asked who they are.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::asked::{self, Asked, LONGEST, TRAP, check_trap, deliver, moment, refused};
use crate::app::App;
use crate::catalogue::caption::{self, Caption, Cue};
use crate::catalogue::message::{CaptionLine, LONGEST_LINE, MessageKind, NewMessage};
use crate::catalogue::name::is_visible;
use crate::catalogue::{PublicId, language, timecode};
use crate::error::Result;
use crate::people::Sender;
use crate::text;
use crate::timed_text::{LONGEST_CUE_CHARS, shown_lines, shown_text};
use crate::web::components::{foreign, icon};
use crate::web::form::{Field, helped};
use crate::web::form_state::FormState;
use crate::web::head::Head;
use crate::web::posted::{Errors, Posted};
use crate::web::{Lang, Texts, urls};

const TEXT: Field<'_> = helped("text", "correction-text", "correction-text-help");
const AT: Field<'_> = helped("at", "correction-at", "correction-at-help");

/// Lines to choose from before and after a moment, and those that are read to count lines that begin together.
const NEAR: usize = 5;
const AROUND: usize = 20;

/// Captions with at most so many lines are shown whole to choose from.
const SHORT: usize = 20;

/// Which line an address asks for.
pub struct Wanted {
    /// The recording, by any name it ever had.
    id: PublicId,
    language: Option<String>,
    /// Of the page.
    lang: Lang,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Nobody said where.
    Nowhere,
    /// Somebody typed where, as it was typed; the seconds when it is a time.
    Near(String, Option<u64>),
    /// The line that is said at this second.
    At(u64),
    /// The line that begins at this millisecond; of several the one with this number, from one.
    Cue(u64, usize),
}

impl Wanted {
    /// `None` when the address asks for no line of captions.
    pub fn of(query: Option<&str>, lang: Lang) -> Option<Self> {
        let kind = urls::parameter(query, "kind").and_then(|kind| MessageKind::parse(&kind));
        let is_of_captions = kind == Some(MessageKind::Captions);
        let id = urls::parameter(query, "about").and_then(|id| PublicId::parse(&id))?;
        let language = urls::parameter(query, "language");
        is_of_captions.then(|| Self {
            id,
            language: language.and_then(|tag| language::tag(&tag)),
            lang,
            place: Place::of(query),
        })
    }
}

impl Place {
    fn of(query: Option<&str>) -> Self {
        let parameter = |name| urls::parameter(query, name);
        let cue = parameter("cue").and_then(|cue| Self::cue(&cue));
        let at = parameter("t").and_then(|at| timecode::parse_seconds(&at));
        let at = at.filter(|at| *at <= LONGEST);
        let typed = parameter("at").map(|typed| typed.trim().to_owned());
        let typed = typed.filter(|typed| !typed.is_empty());
        let near = |typed: String| {
            let at = moment(&typed);
            Self::Near(typed, at)
        };
        cue.or(at.map(Self::At))
            .or(typed.map(near))
            .unwrap_or(Self::Nowhere)
    }

    /// `12500`, or `12500.2` for the second line that begins there.
    fn cue(text: &str) -> Option<Self> {
        let (start, number) = text.split_once('.').unwrap_or((text, "1"));
        let start: u64 = start.parse().ok()?;
        let number = number.parse().ok()?;
        (start / 1000 <= LONGEST).then_some(Self::Cue(start, number))
    }
}

// Each line there can be fits in a message.
const _: () = assert!(LONGEST_LINE == LONGEST_CUE_CHARS);

/// The line that is wrong, or those to choose from.
pub struct Lines {
    id: PublicId,
    language: String,
    place: Place,
    cues: Vec<Cue>,
    /// The place of the line that was chosen.
    chosen: Option<usize>,
}

impl Lines {
    /// Loads the lines of a recording that the visitor may see. `None` when there are none.
    pub fn load(conn: &Connection, row: i64, wanted: Wanted) -> Result<Option<Self>> {
        let captions = caption::shown(conn, row)?;
        let Some(caption) = wanted.among(&captions) else {
            return Ok(None);
        };
        let around = |at_ms| caption::shown_around(conn, caption.id, at_ms, AROUND);
        let (cues, chosen) = match wanted.place {
            Place::Cue(start_ms, number) => {
                let cues = around(start_ms)?;
                let chosen = with_number(&cues, start_ms, number);
                (cues, chosen)
            }
            Place::At(at) => {
                let cues = around(end_of(at))?;
                let chosen = last_before(&cues, end_of(at));
                (cues, chosen)
            }
            Place::Near(_, Some(at)) => (around(end_of(at))?, None),
            Place::Near(_, None) | Place::Nowhere => {
                let cues = caption::shown_cues(conn, caption.id, SHORT + 1)?;
                (cues, None)
            }
        };
        Ok((!cues.is_empty()).then(|| Self {
            id: wanted.id,
            language: caption.language.clone(),
            place: wanted.place,
            cues,
            chosen,
        }))
    }

    /// The form for the line, or the question which line it is.
    pub fn page(&self, app: &App, texts: &Texts, asked: &Asked) -> Response {
        match self.line() {
            Some((place, cue)) => {
                let line = shown_text(cue);
                let filled = Posted::of([("base", tag(&line)), ("text", line)]);
                let state = FormState::filled(filled);
                self.line_page(app, texts, (asked, place, cue), &state)
            }
            None => self.choice_page(app, texts, asked),
        }
    }

    /// Sends the line as it should be.
    pub async fn send(
        &self,
        app: &App,
        sender: Sender,
        texts: &Texts,
        (asked, posted): (&Asked, Posted),
    ) -> Result<Response> {
        let Some((place, cue)) = self.line() else {
            return Ok(self.choice_page(app, texts, asked));
        };
        let page = |state: &FormState| self.line_page(app, texts, (asked, place, cue), state);
        let line = shown_text(cue);
        // What was typed is not about the line that stands there now.
        if posted.get("base") != tag(&line) {
            let posted = posted.with("base", &tag(&line));
            let why = text!("correction-line-changed");
            return Ok(page(&refused(&posted, why, StatusCode::CONFLICT)));
        }
        let text = match parse(&posted, &line) {
            Ok(text) => text,
            Err(errors) => return Ok(page(&FormState::wrong(posted, errors))),
        };
        let message = NewMessage {
            recording: Some(self.id.clone()),
            kind: MessageKind::Captions,
            at_s: i64::try_from(cue.start_ms / 1000).ok(),
            text,
            reply_to: None,
            language: texts.lang().tag(),
            line: Some(CaptionLine {
                language: self.language.clone(),
                start_ms: cue.start_ms,
                text: line,
            }),
        };
        let again = |why, status| page(&refused(&posted, why, status));
        let sent = urls::with("/message/sent", "about", self.id.as_str());
        let sent = urls::with(&sent, "kind", MessageKind::Captions.as_str());
        let sent = urls::with(&sent, "t", &(cue.start_ms / 1000).to_string());
        deliver(app, sender, message, again, texts.to(sent)).await
    }

    fn line(&self) -> Option<(usize, &Cue)> {
        let place = self.chosen?;
        Some((place, self.cues.get(place)?))
    }

    /// The address of the form for one of the lines.
    fn address(&self, place: usize) -> Option<String> {
        let start_ms = self.cues.get(place)?.start_ms;
        let before = self.cues.iter().take(place);
        let number = before.filter(|cue| cue.start_ms == start_ms).count() + 1;
        let name = match number {
            1 => start_ms.to_string(),
            number => format!("{start_ms}.{number}"),
        };
        let address = urls::mistake(&self.id, &self.language, None);
        Some(urls::with(&address, "cue", &name))
    }

    fn line_page(
        &self,
        app: &App,
        texts: &Texts,
        (asked, place, cue): (&Asked, usize, &Cue),
        state: &FormState,
    ) -> Response {
        let form = state.form(texts);
        let language = foreign(texts, &self.language);
        let moment = timecode::short(cue.start_ms);
        let other = urls::with(
            &urls::mistake(&self.id, &self.language, None),
            "at",
            &moment,
        );
        let main = html! {
            article.about {
                h1.series-title { (texts.t("correction-title")) }
                p.lead { (texts.t("correction-lead")) }
                (form.summary(&[TEXT, TRAP]))
                (asked.line(texts))
                h2 { (texts.t_args("correction-line", &[("moment", moment.into())])) }
                p.letter lang=[language] dir="auto" { (shown_text(cue)) }
                (self.neighbours(texts, place))
                form.stack method="post" action=[self.address(place).map(|address| texts.to(address))] {
                    input type="hidden" name="base" value=(state.posted.get("base"));
                    (form.area_in(TEXT, 3, Some(&self.language)))
                    (asked::end(&form))
                }
                p.actions {
                    a.button data-kind="quiet" rel="nofollow" href=(texts.to(other)) { (texts.t("correction-other")) }
                    a.button data-kind="quiet" href=(texts.to(urls::watch_at(&self.id, cue.start_ms / 1000))) { (texts.t("message-back")) }
                }
            }
        };
        asked::page(app, texts, &head(texts), (&main, state.status))
    }

    /// The ways to the line before and after.
    fn neighbours(&self, texts: &Texts, place: usize) -> Markup {
        let before = place.checked_sub(1).and_then(|place| self.address(place));
        let after = self.address(place + 1);
        html! {
            @if before.is_some() || after.is_some() {
                nav.parts aria-label=(texts.t("correction-neighbours")) {
                    @if let Some(before) = before { a.arrow rel="prev nofollow" href=(texts.to(before)) { (icon("previous")) (texts.t("correction-previous")) } }
                    @if let Some(after) = after { a.arrow rel="next nofollow" href=(texts.to(after)) { (texts.t("correction-next")) (icon("next")) } }
                }
            }
        }
    }

    /// The question which line it is: a field for the moment, and the lines around it.
    fn choice_page(&self, app: &App, texts: &Texts, asked: &Asked) -> Response {
        let (typed, is_wrong) = match &self.place {
            Place::Near(typed, at) => (typed.as_str(), at.is_none()),
            Place::Nowhere | Place::At(_) | Place::Cue(..) => ("", false),
        };
        let posted = Posted::of([("at", typed.to_owned())]);
        let state = match is_wrong {
            true => FormState::wrong(posted, Errors::from([("at", text!("message-at-wrong"))])),
            false => FormState::filled(posted),
        };
        let form = state.form(texts);
        let kept = [
            ("about", self.id.to_string()),
            ("kind", MessageKind::Captions.as_str().to_owned()),
            ("language", self.language.clone()),
        ];
        let main = html! {
            article.about {
                h1.series-title { (texts.t("correction-title")) }
                p.lead { (texts.t("correction-which")) }
                (form.summary(&[AT]))
                (asked.line(texts))
                form.stack method="get" action="/message" {
                    @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
                    @if let Some(link) = texts.link() { input type="hidden" name="link" value=(link); }
                    @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                    (form.input(AT, "text", Some("off"), false))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("correction-show")) } }
                }
                (self.choices(texts))
            }
        };
        asked::page(app, texts, &head(texts), (&main, state.status))
    }

    /// The lines to choose from.
    fn choices(&self, texts: &Texts) -> Markup {
        let all = 0..self.cues.len();
        let shown = match &self.place {
            Place::Near(_, Some(at)) => {
                let now = last_before(&self.cues, end_of(*at)).unwrap_or(0);
                now.saturating_sub(NEAR)..all.end.min(now + NEAR + 1)
            }
            _ if all.end > SHORT => 0..0,
            _ => all,
        };
        let shown = shown.filter_map(|place| Some((self.address(place)?, self.cues.get(place)?)));
        let shown: Vec<(String, &Cue)> = shown.collect();
        html! {
            @if !shown.is_empty() {
                section aria-labelledby="lines" {
                    h2 #lines { (texts.t("correction-choose")) }
                    ol.lines {
                        @for (address, cue) in shown {
                            li { a rel="nofollow" href=(texts.to(address)) {
                                span.time { (timecode::short(cue.start_ms)) }
                                span lang=[foreign(texts, &self.language)] dir="auto" { (shown_text(cue).replace('\n', " ")) }
                            } }
                        }
                    }
                }
            }
        }
    }
}

impl Wanted {
    /// The captions in the language that was asked for, else in that of the page, else the first.
    fn among<'a>(&self, captions: &'a [Caption]) -> Option<&'a Caption> {
        let exact = |caption: &&Caption| Some(&caption.language) == self.language.as_ref();
        let of_page = |caption: &&Caption| Lang::from_tag(&caption.language) == Some(self.lang);
        let mut all = captions.iter();
        let exact = all.clone().find(exact);
        exact.or(all.clone().find(of_page)).or_else(|| all.next())
    }
}

fn head(texts: &Texts) -> Head {
    Head {
        title: texts.t("correction-title"),
        hidden: true,
        scripts: vec!["desk.js", "search.js"],
        desk: true,
        ..Head::default()
    }
}

/// The last millisecond of a second.
fn end_of(second: u64) -> u64 {
    second * 1000 + 999
}

/// The place of the last line that begins at a moment or before; of the first when all begin later.
fn last_before(cues: &[Cue], at_ms: u64) -> Option<usize> {
    let after = cues.partition_point(|cue| cue.start_ms <= at_ms);
    (!cues.is_empty()).then(|| after.saturating_sub(1))
}

/// The place of the line that begins at this millisecond; when there is none any more, of the one before.
fn with_number(cues: &[Cue], start_ms: u64, number: usize) -> Option<usize> {
    let first = cues.partition_point(|cue| cue.start_ms < start_ms);
    let place = first.saturating_add(number.saturating_sub(1));
    let is_there = cues.get(place).is_some_and(|cue| cue.start_ms == start_ms);
    match is_there {
        true => Some(place),
        false => last_before(cues, start_ms),
    }
}

/// The tag of a line, by which a form knows whether it is still the same.
fn tag(line: &str) -> String {
    blake3::hash(line.as_bytes()).to_hex()[..16].to_owned()
}

/// How the line should be, or what is wrong with it.
fn parse(posted: &Posted, line: &str) -> std::result::Result<String, Errors> {
    let mut errors = Errors::new();
    let text = shown_lines(&posted.lines("text", LONGEST_LINE, &mut errors));
    if text.is_empty() {
        errors.insert("text", text!("correction-empty"));
    } else if !is_visible(&text) {
        errors.insert("text", text!("field-unseen"));
    } else if text == line {
        errors.insert("text", text!("correction-same"));
    }
    check_trap(posted, &mut errors);
    match errors.is_empty() {
        true => Ok(text),
        false => Err(errors),
    }
}
