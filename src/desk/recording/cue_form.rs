//! The form with the lines of captions beside the player. In: the lines, and what is wrong with them. Out: the page. It is complete
//! without script; `cues.js` stamps lines with the time of the player.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::captions;
use super::corrections::Corrections;
use super::cue_lines::{CueLine, Wrong};
use super::page::RecordingPage;
use super::stored_cues::{MOST, Stored, base};
use crate::catalogue::timecode;
use crate::desk::kit::{Context, Page};
use crate::error::Text;
use crate::web::components::name;
use crate::web::texts::sentence;
use crate::web::{Texts, format, urls};

/// Empty lines after the last one.
const MORE: usize = 3;

/// What the page says at its top, and its status.
pub struct Said {
    status: StatusCode,
    message: Option<String>,
    /// The key of the message about what another did.
    key: Option<&'static str>,
}

impl Said {
    /// The page as it is asked for.
    pub fn nothing() -> Self {
        Self::with(StatusCode::OK)
    }

    /// What is wrong stands at its lines.
    pub fn wrong() -> Self {
        Self::with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Nothing is wrong with a line, and still it could not be stored.
    pub fn refused(context: &Context, why: &Text) -> Self {
        Self {
            message: Some(sentence(context.texts.lang(), why)),
            ..Self::wrong()
        }
    }

    fn with(status: StatusCode) -> Self {
        Self {
            status,
            message: None,
            key: None,
        }
    }
}

/// The form of the page.
pub struct Form<'a> {
    pub page: &'a RecordingPage,
    pub language: &'a str,
    pub lines: Vec<CueLine>,
    pub before: &'a Stored,
    /// What visitors proposed; `None` beside lines that were typed and not saved, whose places differ.
    pub corrections: Option<&'a Corrections>,
    pub wrong: Vec<Wrong>,
}

impl Form<'_> {
    /// Prepares the form for lines that another saved since it was opened, with `opened` as its base: nothing of theirs is replaced.
    /// Where there was nothing, their lines stand above those that were typed, so that saving keeps both.
    pub fn after_another(&mut self, opened: &str) -> Said {
        let was_new = opened == base(&[]);
        if was_new && self.before.too_long().is_none() {
            let theirs = self.before.cues.iter().map(CueLine::of);
            let typed = std::mem::take(&mut self.lines);
            self.lines = theirs.chain(typed).collect();
        }
        Said {
            key: Some(match was_new {
                true => "cues-begun-by-another",
                false => "cues-by-another",
            }),
            ..Said::with(StatusCode::CONFLICT)
        }
    }

    pub fn show(&self, context: &Context, said: Said) -> Response {
        let texts = &context.texts;
        let action = self.page.path(&captions::lines_path(self.language));
        let is_typed = said.status != StatusCode::OK;
        let main = html! {
            (self.above(context))
            @if !self.wrong.is_empty() {
                div.form-errors role="alert" tabindex="-1" {
                    ul { @for (line, why) in &self.wrong { li { a href={ "#cue-" (line + 1) } { (sentence(texts.lang(), why)) } } } }
                }
            }
            (self.player(texts))
            p.field-help { (texts.t(if self.before.is_new { "cues-help-new" } else { "cues-help" })) " " (texts.t("cues-help-times")) }
            form.stack.wide method="post" action=(texts.to(action)) data-guard=(if is_typed { "typed" } else { "" }) {
                input type="hidden" name="base" value=(self.before.base);
                (self.rows(texts))
                p.actions.save {
                    button.button type="submit" { (texts.t("save")) }
                    button.button type="submit" name="more" value="yes" data-kind="quiet" { (texts.t("cues-more")) }
                }
            }
        };
        let message = said.message.or_else(|| said.key.map(|key| texts.t(key)));
        let page = self.titled(context).status(said.status).message(message);
        page.with(context, &main)
    }

    /// The player, or that there is none. What stamps a line is for script alone.
    fn player(&self, texts: &Texts) -> Markup {
        let player = &self.before.player;
        let button = |act: &str, key: &str| html! { button.button type="button" data-kind="quiet" data-cue-act=(act) { (texts.t(key)) } };
        let words = |key: &str| {
            let marks = [("line", "%1".into()), ("time", "%2".into())];
            texts.t_args(key, &marks)
        };
        html! {
            @if let Some(why) = player.sentence(texts) { p.notice { (why) } }
            @match player.draw(texts, &self.page.recording, "cue-player") {
                Some(element) => {
                    div.cue-player data-cue-player data-begins=(words("cue-begins")) data-ends=(words("cue-ends")) data-not-yet=(words("cue-not-yet")) {
                        (element)
                        p.actions hidden data-cue-acts { (button("begin", "cue-here")) (button("back", "cue-back")) }
                        p.field-help role="status" data-cue-said {}
                    }
                    p.field-help hidden data-cue-keys { (texts.t("cue-keys")) }
                }
                None => p.field-help { (texts.t("cues-no-player")) }
            }
        }
    }

    fn rows(&self, texts: &Texts) -> Markup {
        let ends = self.lines.iter();
        let last = ends.filter_map(|line| timecode::typed(&line.end)).max();
        // A new line begins where the last one ends, unless its begin was typed.
        let next = CueLine {
            start: timecode::exact(last.unwrap_or(0)),
            ..CueLine::default()
        };
        let next = (self.next() == self.lines.len()).then_some(&next);
        let empty = CueLine::default();
        let lines = self.lines.iter().chain(next);
        let lines = lines.chain(std::iter::repeat_n(&empty, MORE - 1));
        html! {
            ol.cues data-most=(MOST + MORE) {
                @for (index, line) in lines.enumerate() { (self.row(texts, index, line)) }
            }
        }
    }

    /// The place of the first line to type in: behind the last one that was.
    fn next(&self) -> usize {
        let used = self.lines.iter().rposition(|line| !line.is_unused());
        used.map_or(0, |last| last + 1)
    }

    fn row(&self, texts: &Texts, index: usize, line: &CueLine) -> Markup {
        let number = (index + 1).to_string();
        let wrong = self.wrong.iter().find(|(wrong, _)| *wrong == index);
        let links = self.corrections.map(|all| all.links(texts, index));
        Row {
            number: &number,
            line,
            is_new: index >= self.before.cues.len(),
            is_next: index == self.next(),
            why: wrong.map(|(_, why)| why),
            links,
        }
        .draw(texts)
    }

    /// Only what visitors proposed, for lines that do not fit in a form.
    pub fn show_corrections(&self, context: &Context, why: &Text) -> Response {
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
        Page::new("recordings", title).scripts(&["desk.js", "cues.js"])
    }
}

/// A line of the form.
struct Row<'a> {
    number: &'a str,
    line: &'a CueLine,
    /// Whether it is not in the captions yet: the key Enter ends it.
    is_new: bool,
    /// Whether it is the first one to type in.
    is_next: bool,
    why: Option<&'a Text>,
    links: Option<Markup>,
}

impl Row<'_> {
    fn draw(&self, texts: &Texts) -> Markup {
        let (number, line) = (self.number, self.line);
        let label = |key: &str| texts.t_args(key, &[("number", number.into())]);
        let hint = |key: &str| self.is_new.then(|| texts.t(key));
        let invalid = self.why.map(|_| "true");
        let error = self.why.map(|_| format!("error-{number}"));
        html! {
            li #{ "cue-" (number) } data-wrong[self.why.is_some()] data-new[self.is_new] {
                input type="text" name="start" value=(line.start) aria-label=(label("cue-start")) placeholder=[hint("cue-start-short")] autocomplete="off" aria-invalid=[invalid] aria-describedby=[error.as_deref()];
                input type="text" name="end" value=(line.end) aria-label=(label("cue-end")) placeholder=[hint("cue-end-short")] autocomplete="off" aria-invalid=[invalid] aria-describedby=[error.as_deref()];
                textarea id=[self.is_next.then_some("next")] name="text" rows="2" aria-label=(label("cue-text")) placeholder=[hint("cue-text-short")] aria-invalid=[invalid] aria-describedby=[error.as_deref()] { "\n" (line.text) }
                @if let Some(why) = self.why { p.field-error #{ "error-" (number) } { (sentence(texts.lang(), why)) } }
                @if let Some(links) = &self.links { (links) }
            }
        }
    }
}
