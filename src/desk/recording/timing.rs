//! Captions and chapters after the file was replaced by one of another length: both lengths, and what to do. They are kept, moved in
//! time, or hidden from visitors until somebody has looked.

use maud::{Markup, html};
use rusqlite::Connection;

use super::captions;
use super::companions::CompanionPlace;
use super::page::RecordingPage;
use super::player::DeskPlayer;
use crate::archive::Change;
use crate::catalogue::caption::{self, Caption, Cue};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::recording::timing::{self, Timing};
use crate::catalogue::{timecode, timed_line};
use crate::desk::kit::{Context, Field, Form, Posted, act, field, helped};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::text;
use crate::timed_text::{plain_text, shift};
use crate::web::markdown;

pub const LINE: Field<'_> = field("line", "timing-line");
pub const AT: Field<'_> = helped("at", "timing-at", "timing-at-help");

/// Most lines to choose from, and most characters of each.
const LINES: usize = 300;
const LINE_CHARS: usize = 70;

/// What the section shows; `None` for times that fit.
pub struct TimingSection {
    timing: Timing,
    /// Lengths in milliseconds, of the file of before and of the current one.
    before_ms: Option<u64>,
    now_ms: Option<u64>,
    /// Begin in milliseconds and text of what can be looked up in the file: the lines of one language, else the chapters.
    lines: Vec<(u64, String)>,
}

impl TimingSection {
    /// Loads the data in the catalogue.
    pub fn load(
        conn: &Connection,
        page: &RecordingPage,
        captions: &[Caption],
    ) -> Result<Option<Self>> {
        let recording = &page.recording;
        let Some(timing) = recording.timing else {
            return Ok(None);
        };
        let own = captions
            .iter()
            .find(|caption| caption.language == recording.language());
        let lines = match own.or(captions.first()) {
            Some(caption) => {
                let cues = caption::cues(conn, caption.id)?.into_iter();
                let line = |cue: Cue| (cue.start_ms, plain_text(&cue.text).replace('\n', " "));
                cues.take(LINES).map(line).collect()
            }
            None => {
                let chapters = chapter::of_recording(conn, recording.id)?.into_iter();
                let line = |chapter: Chapter| (chapter.start_ms, chapter.title);
                chapters.take(LINES).map(line).collect()
            }
        };
        Ok(Some(Self {
            timing,
            before_ms: timing::replaced_length_ms(conn, recording.id)?,
            now_ms: recording.duration_ms,
            lines,
        }))
    }

    /// The section on the page, with the player beside the choice.
    pub fn section(&self, form: &Form<'_>, page: &RecordingPage, player: &DeskPlayer) -> Markup {
        let (texts, path) = (form.texts, page.path("/timing"));
        let choose = |key, choice| act(texts, &path, key, "", &[("choice", choice)]);
        let line = |(start, words): &(u64, String)| {
            let words = markdown::shorten(words, LINE_CHARS);
            (
                start.to_string(),
                format!("{} {words}", timecode::exact(*start)),
            )
        };
        let options: Vec<(String, String)> = self.lines.iter().map(line).collect();
        html! {
            section.beyond #timing aria-labelledby="timing-title" {
                h2 #timing-title { (texts.t("timing-title")) }
                p { strong { (self.lengths(form)) } }
                p { (texts.t(match self.timing { Timing::Unchecked => "timing-unchecked-text", Timing::Hidden => "timing-hidden-text" })) }
                div.acts {
                    (choose("timing-keep", "keep"))
                    @if self.timing == Timing::Unchecked { (choose("timing-hide", "hide")) }
                }
                @if !options.is_empty() {
                    h3 { (texts.t("timing-shift-title")) }
                    p.field-help { (texts.t("timing-shift-text")) }
                    form.stack method="post" action=(texts.to(path.clone())) data-begins-here {
                        @if let Some(element) = player.draw(texts, &page.recording, "cue-player") { div.cue-player { (element) } }
                        input type="hidden" name="choice" value="shift";
                        (form.select(LINE, &options))
                        (form.input(AT, "text", Some("off"), true))
                        p.actions {
                            // Only script can read where the player is, so script shows this button.
                            button.button type="button" data-kind="quiet" hidden data-here { (texts.t("timing-here")) }
                            button.button type="submit" { (texts.t("timing-shift")) }
                        }
                    }
                }
            }
        }
    }

    /// Both lengths in one sentence.
    fn lengths(&self, form: &Form<'_>) -> String {
        let texts = form.texts;
        let length = |ms: Option<u64>| ms.map(timecode::short);
        match (length(self.before_ms), length(self.now_ms)) {
            (Some(before), Some(now)) => {
                let lengths = [("before", before.into()), ("now", now.into())];
                texts.t_args("timing-lengths", &lengths)
            }
            _ => texts.t("timing-length-unknown"),
        }
    }
}

/// The change that a form asks for: its `choice` is `keep`, `hide` or `shift`. To shift it also has `line`, the begin of a line in
/// milliseconds, and `at`, where that line begins in the current file.
///
/// [`Error::Refused`] when `at` is no time.
pub async fn change(context: &Context, place: &CompanionPlace, posted: &Posted) -> Result<Change> {
    let current = &place.page.current;
    match posted.get("choice") {
        "keep" => current.edited("keep timing", |sidecar| sidecar.timing = None),
        "hide" => current.edited("hide timing", |sidecar| {
            sidecar.timing = Some(Timing::Hidden)
        }),
        "shift" => {
            let from = posted.get(LINE.name).parse::<i64>().ok();
            let to = timecode::typed(posted.get(AT.name));
            let to = to.and_then(|ms| i64::try_from(ms).ok());
            let by_ms = from.zip(to).map(|(from, to)| to.saturating_sub(from));
            let by_ms = by_ms.ok_or(Error::Refused(text!("timing-at-odd")))?;
            shifted(context, place, by_ms).await
        }
        _ => Err(Error::NotFound),
    }
}

/// The change that moves all captions, the chapters of the sidecar and the times in its description.
async fn shifted(context: &Context, place: &CompanionPlace, by_ms: i64) -> Result<Change> {
    let page = &place.page;
    let (row, end_ms) = (page.recording.id, page.recording.duration_ms);
    let all = context.read(move |conn| {
        let captions = caption::of_recording(conn, row)?.into_iter();
        let with_cues = captions.map(|one| Ok((one.language, caption::cues(conn, one.id)?)));
        with_cues.collect::<Result<Vec<_>>>()
    });
    let described = timed_line::chapters(page.current.sidecar.description.as_deref(), None);
    if !described.is_empty() && shift::chapters(&described, by_ms, end_ms).is_empty() {
        return Err(Error::Refused(text!("timing-lines-left")));
    }
    let mut files = Vec::new();
    for (language, cues) in all.await? {
        let moved = shift::cues(&cues, by_ms, end_ms);
        // A slip of the pen must not cost the captions of a language.
        if moved.is_empty() && !cues.is_empty() {
            return Err(Error::Refused(text!("timing-nothing-left")));
        }
        if !moved.is_empty() {
            files.push(captions::written(place, &language, &moved)?);
        }
    }
    page.current.edited_after(
        "shift timing",
        move |sidecar| {
            sidecar.chapters = shift::chapters(&sidecar.chapters, by_ms, end_ms);
            let text = sidecar.description.take();
            sidecar.description = text.map(|text| shift::description(&text, by_ms, end_ms));
            sidecar.timing = None;
        },
        move |library: &Library, folder: &str| {
            files.iter().try_for_each(|one| one.store(library, folder))
        },
    )
}
