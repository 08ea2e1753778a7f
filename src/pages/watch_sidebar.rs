//! The parts beside and below the player: transcript, chapters, and the series. Each line links to its moment, so that it works
//! without script; with script the player jumps there and the current line is highlighted.

use maud::{Markup, html};
use rusqlite::Connection;

use super::find::{self, Find, Found, Rank};
use crate::catalogue::caption::{self, Caption, Cue};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::recording::order::{self, Extent, Shown};
use crate::catalogue::recording::{self, Recording, RecordingState};
use crate::catalogue::series::Series;
use crate::catalogue::slice::Cursor;
use crate::catalogue::{PublicId, Viewer, timecode};
use crate::error::Result;
use crate::search::said::{Line, goes_on};
use crate::timed_text::{self, Voiced};
use crate::web::components::{
    facts, foreign, icon, picture, seen_so_far, short_length_or_state, state_name,
};
use crate::web::components::{name, title};
use crate::web::fragment::Fragment;
use crate::web::{Lang, Texts, format, parts, urls};

/// Most lines of a transcript on the page, about five hours of talk; the rest is in a text file.
const LINES: usize = 6000;

/// Most lines in which words are looked for, about ten hours of talk, and other languages in which they are.
const LINES_SEARCHED: usize = 10_000;
const BYTES_SEARCHED: usize = 1024 * 1024;
const OTHERS_SEARCHED: usize = 4;

/// Most bytes of those lines: a page with a transcript is not above 2 MiB.
const LINES_BYTES: usize = 1024 * 1024;

/// About the bytes of a line on the page beside its text.
const LINE_BYTES: usize = 250;

/// Most bytes of the list of chapters; the rest is in the file of chapters.
const CHAPTERS_BYTES: usize = 200 * 1024;

/// Recordings listed beside the player before and after this one; a longer series has its own page.
const NEAR: usize = 15;

/// The transcript in one language.
pub struct Transcript {
    language: String,
    cues: Vec<Cue>,
    /// Whether the captions have more lines than the page shows.
    goes_on: bool,
    /// Other languages in which there is a transcript.
    others: Vec<String>,
    /// What a visitor looks for in it.
    found: Option<Found>,
    /// The place of the line at the moment that was asked for.
    now: Option<usize>,
}

impl Transcript {
    /// Loads the transcript in the reader's language, otherwise in that of the recording, otherwise in any; when somebody looks for
    /// what is only said in another one, in that. `None` without captions.
    pub fn load(
        conn: &Connection,
        recording: &Recording,
        captions: &[Caption],
        (lang, start, find): (Lang, Option<u64>, Option<&Find>),
    ) -> Result<Option<Self>> {
        let whole = || captions.iter().filter(|caption| !caption.is_forced());
        let in_language = |tag: &str| {
            whole().find(|caption| caption.language.split('-').next() == tag.split('-').next())
        };
        let chosen = in_language(lang.tag())
            .or_else(|| in_language(recording.language()))
            .or_else(|| whole().next());
        let Some(chosen) = chosen else {
            return Ok(None);
        };
        let others = captions.iter().filter(|it| it.id != chosen.id);
        let Some(find) = find else {
            let cues = caption::said_cues(conn, chosen.id, LINES + 1)?;
            return Ok(Self::of(chosen, captions, (cues, start), None));
        };
        let mut best: Option<(Rank, Option<Self>)> = None;
        for caption in std::iter::once(chosen).chain(others.take(OTHERS_SEARCHED)) {
            let cues = caption::said_cues(conn, caption.id, LINES_SEARCHED)?;
            let found = Found::of(conn, find, &lines(&cues))?;
            let found = found.looking_at(start.and_then(|start| now(&cues, start)));
            let (rank, is_best) = (found.rank(), found.is_best());
            if best.as_ref().is_none_or(|(other, _)| rank > *other) {
                best = Some((
                    rank,
                    Self::of(caption, captions, (cues, start), Some(found)),
                ));
            }
            if is_best {
                break;
            }
        }
        Ok(best.and_then(|(_, transcript)| transcript))
    }

    /// What the page shows of it.
    fn of(
        caption: &Caption,
        captions: &[Caption],
        (mut cues, start): (Vec<Cue>, Option<u64>),
        mut found: Option<Found>,
    ) -> Option<Self> {
        let bytes: usize = cues.iter().map(|cue| cue.text.len() + LINE_BYTES).sum();
        let goes_on = cues.len() > LINES || bytes > LINES_BYTES;
        if let Some(some) = found.take_if(|found| goes_on && !found.is_empty()) {
            let longest = cues.iter().map(|cue| 2 * cue.text.len() + LINE_BYTES).max();
            let most = LINES.min(LINES_BYTES / longest.unwrap_or(LINE_BYTES));
            let (alone, lines) = some.alone(cues, most);
            (found, cues) = (Some(alone), lines);
        }
        cues.truncate(LINES);
        let others = captions.iter().filter(|it| it.id != caption.id);
        let now = start.and_then(|start| now(&cues, start));
        (!cues.is_empty()).then(|| Self {
            now,
            language: caption.language.clone(),
            goes_on,
            others: others.map(|it| it.language.clone()).collect(),
            cues,
            found,
        })
    }

    /// What is said in this line, and who says it.
    fn voices(&self, place: usize) -> Vec<Voiced> {
        let cue = self.cues.get(place);
        cue.map_or_else(Vec::new, |cue| timed_text::voices(&cue.text))
    }

    /// The words of one voice in a line; in one that was found they are marked.
    fn words(&self, place: usize, words: &str) -> Markup {
        let found = self.found.as_ref();
        match found.filter(|found| found.is_marked(place)) {
            Some(found) => found.marked(words),
            None => html! { (words) },
        }
    }

    /// One line with its moment, and the names of those who begin to speak in it; one that was found has a number.
    fn line(&self, texts: &Texts, id: &PublicId, (place, cue): (usize, &Cue)) -> Markup {
        let found = self.found.as_ref();
        let hit = found.and_then(|found| Some((found, found.number(place)?)));
        let is_now = self.now == Some(place);
        let voices = self.voices(place);
        let before = place
            .checked_sub(1)
            .and_then(|before| self.voices(before).pop());
        let (first, others) = (voices.first(), voices.windows(2));
        html! {
            li id=[hit.map(|(_, number)| format!("hit-{number}"))] data-hit=[hit.map(|(found, number)| if found.is_now(number) { "now" } else { "" })] {
                a href=(texts.to(urls::watch_at(id, cue.start_ms / 1000))) data-at=(cue.start_ms) data-end=(cue.end_ms) aria-current=[is_now.then_some("true")] {
                    span.time { (timecode::short(cue.start_ms)) }
                    span {
                        @if let Some(first) = first {
                            (who(before.as_ref(), first))
                            span data-words {
                                (self.words(place, &first.text))
                                @for pair in others { " " (who(pair.first(), &pair[1])) (self.words(place, &pair[1].text)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The second of the line that the page shows: the one that was found, or the one at `start`.
    fn moment(&self, start: Option<u64>) -> Option<u64> {
        let found = self.found.as_ref().and_then(Found::place);
        let cue = found.or(self.now).and_then(|place| self.cues.get(place));
        cue.map(|cue| cue.start_ms / 1000).or(start)
    }

    /// `fragment`: the part of the recording that the page was asked for.
    pub fn render(&self, texts: &Texts, recording: &Recording, fragment: Fragment) -> Markup {
        let id = &recording.public_id;
        let is_alone = self.found.as_ref().is_some_and(|found| found.alone);
        let lines =
            (self.cues.iter().enumerate()).map(|(place, cue)| self.line(texts, id, (place, cue)));
        let (lines, is_all) = parts::fitting(lines, LINES_BYTES);
        let goes_on = self.goes_on || !is_all;
        html! {
            section.watch-transcript aria-labelledby="transcript" {
                h2 #transcript { (texts.t("transcript")) }
                a.skip.within href="#after-transcript" { (texts.t("skip-transcript")) }
                (find::form(texts, id, fragment, self.found.as_ref()))
                div.quote data-quote=(texts.to(urls::watch(id))) hidden {
                    button.plain type="button" data-quote-begin aria-pressed="false" { (texts.t("quote-begin")) }
                    button.button data-kind="quiet" type="button" data-quote-copy hidden { (texts.t("quote-copy")) }
                    span role="status" data-said data-how=(texts.t("quote-how")) data-chosen=(texts.t_args("quote-chosen", &[("count", "%".into())])) data-copied=(texts.t("copied")) data-failed=(texts.t("copy-by-hand")) {}
                }
                div.scroll data-scroll lang=(self.language) {
                    ol.lines data-lines data-alone[is_alone] { @for line in &lines { (line) } }
                    @if goes_on { p lang=(texts.lang().tag()) { (texts.t("transcript-cut")) } }
                    p.elsewhere #after-transcript tabindex="-1" lang=(texts.lang().tag()) {
                        a href=(texts.asset(urls::transcript(id, &self.language))) {
                            (texts.t(if goes_on { "transcript-rest" } else { "transcript-file" }))
                        }
                        a data-message rel="nofollow" href=(texts.to(urls::mistake(id, &self.language, self.moment(fragment.start)))) { (texts.t("transcript-mistake")) }
                        @for other in &self.others {
                            a href=(texts.asset(urls::transcript(id, other))) hreflang=(other) {
                                (texts.t_args("transcript-other", &[("language", format::language_name(other).into())]))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The name of who begins to speak.
fn who(before: Option<&Voiced>, now: &Voiced) -> Markup {
    html! { @if let Some(who) = timed_text::begins(before, now) { span.who { (name(who)) ": " } } }
}

/// The lines in which words are looked for.
fn lines(cues: &[Cue]) -> Vec<Line> {
    let next = cues.iter().skip(1).map(Some).chain([None]);
    let mut lines: Vec<Line> = cues
        .iter()
        .zip(next)
        .map(|(cue, next)| Line {
            text: line(cue),
            goes_on: next.is_some_and(|next| goes_on(cue.end_ms, next.start_ms)),
        })
        .collect();
    let mut left = BYTES_SEARCHED;
    lines.retain(|line| {
        left = left.saturating_sub(line.text.len());
        left > 0
    });
    lines
}

/// The place of the line at a moment, in seconds: the last one that starts in it or before.
fn now(cues: &[Cue], start: u64) -> Option<usize> {
    let after = cues.partition_point(|cue| cue.start_ms / 1000 <= start);
    after.checked_sub(1)
}

/// The text of a cue in one line.
fn line(cue: &Cue) -> String {
    timed_text::plain_text(&cue.text).replace('\n', " ")
}

/// The chapters and the other recordings of the series.
pub struct Sidebar {
    pub chapters: Vec<Chapter>,
    /// How many recordings of the series the viewer may see in lists.
    pub extent: Extent,
    /// The recordings of the series around this one, in order; the first ones when the viewer sees it in no list.
    near: Vec<Recording>,
    /// The place of the recording among those; `None` when it is in no list.
    at: Option<usize>,
    /// Slug of the series.
    slug: String,
}

impl Sidebar {
    pub fn load(
        conn: &Connection,
        viewer: &Viewer,
        recording: &Recording,
        series: &Series,
    ) -> Result<Self> {
        let of = (series.id, Shown::All);
        let extent = order::extent(conn, viewer, of)?;
        let listed = recording::among(conn, viewer, &[recording.id])?.pop();
        let is_short = extent.listed as usize <= 2 * NEAR;
        let near = match listed {
            Some(listed) if !is_short => {
                let (mut near, after) = order::around(conn, viewer, &listed, NEAR)?;
                near.push(listed);
                near.extend(after);
                near
            }
            _ => order::slice(conn, viewer, of, &Cursor::First, 2 * NEAR)?.items,
        };
        Ok(Self {
            chapters: chapter::shown(conn, recording.id)?,
            at: near.iter().position(|one| one.id == recording.id),
            slug: series.slug.clone(),
            extent,
            near,
        })
    }

    pub fn render(&self, texts: &Texts, recording: &Recording) -> Markup {
        html! {
            @if !self.chapters.is_empty() { (self.chapter_list(texts, recording)) }
            @if self.extent.listed > 1 { (self.series_list(texts, recording)) }
        }
    }

    pub fn neighbours(&self, texts: &Texts) -> Markup {
        let (previous, next) = self.around();
        html! {
            @if previous.is_some() || next.is_some() {
                nav.neighbours aria-label=(texts.t("neighbours")) {
                    @if let Some(previous) = previous {
                        a.arrow rel="prev" href=(texts.to(urls::watch(&previous.public_id))) {
                            (icon("previous")) span.word.unseen { (texts.t("previous")) } span.unseen { ": " span lang=[foreign(texts, previous.language())] { (name(previous.title())) } }
                        }
                    }
                    @if let Some(next) = next {
                        a.arrow rel="next" href=(texts.to(urls::watch(&next.public_id))) {
                            span.word.unseen { (texts.t("next")) } span.unseen { ": " span lang=[foreign(texts, next.language())] { (name(next.title())) } } (icon("next"))
                        }
                    }
                }
            }
        }
    }

    /// A small card for the next recording.
    pub fn next_up(&self, texts: &Texts) -> Markup {
        html! {
            @if let (_, Some(next)) = self.around() {
                aside.next-up aria-label=(texts.t("next-up")) {
                    a.cover href=(texts.to(urls::watch(&next.public_id))) {
                        (picture(texts, next, "9rem"))
                        span.words {
                            span.over { (texts.t("next-up")) @if let Some(number) = next.number { " · " (number) } }
                            span.title lang=[foreign(texts, next.language())] { (title(next.title())) }
                        }
                    }
                }
            }
        }
    }

    /// The next recording that can be watched, if it is the one that follows.
    pub fn next(&self) -> Option<&Recording> {
        let (_, next) = self.around();
        next.filter(|next| next.state == RecordingState::Ready)
    }

    fn around(&self) -> (Option<&Recording>, Option<&Recording>) {
        let before = self.at.and_then(|at| at.checked_sub(1));
        let after = self.at.map(|at| at + 1);
        let near = |at: usize| self.near.get(at);
        (before.and_then(near), after.and_then(near))
    }

    fn chapter_list(&self, texts: &Texts, recording: &Recording) -> Markup {
        let id = &recording.public_id;
        let rows = self.chapters.iter().map(|chapter| html! {
            li { a href=(texts.to(urls::watch_at(id, chapter.start_ms / 1000))) data-at=(chapter.start_ms) {
                span.time { (timecode::short(chapter.start_ms)) }
                span lang=[foreign(texts, recording.language())] { (name(&chapter.title)) }
            } }
        });
        let (rows, is_all) = parts::fitting(rows, CHAPTERS_BYTES);
        html! {
            section.watch-chapters aria-labelledby="chapters" {
                h2 #chapters { (texts.t("chapters")) }
                ol.lines data-lines { @for row in &rows { (row) } }
                @if !is_all { p { a href=(texts.asset(urls::chapters(id))) { (texts.t("chapters-rest")) } } }
            }
        }
    }

    fn series_list(&self, texts: &Texts, recording: &Recording) -> Markup {
        let is_all = self.near.len() >= self.extent.listed as usize;
        html! {
            section.watch-series aria-labelledby="series" {
                h2 #series { (texts.t("series-beside")) }
                ol.short-list {
                    @for one in &self.near {
                        @let is_current = one.id == recording.id;
                        li data-state=(state_name(one.state)) {
                            a href=(texts.to(urls::watch(&one.public_id))) aria-current=[is_current.then_some("page")] {
                                span.number { @if let Some(number) = one.number { (number) } }
                                span.words {
                                    span.title lang=[foreign(texts, one.language())] { (title(one.title())) }
                                    (facts([Some(short_length_or_state(texts, one))]))
                                    (seen_so_far(texts, one))
                                }
                            }
                        }
                    }
                }
                @if !is_all {
                    p { a.arrow href=(texts.to(urls::series(&self.slug))) { (texts.t("whole-series")) (icon("next")) } }
                }
            }
        }
    }
}
