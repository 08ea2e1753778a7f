//! A visitor comes here to watch one session, to find the sentence they remember, and to go on to the next.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::address::{self, Kind};
use crate::catalogue::attachment::Attachment;
use crate::catalogue::caption::{Caption, Cue};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::original::Original;
use crate::catalogue::recording::{self, Recording, State as RecordingState, Visibility};
use crate::catalogue::series::Series;
use crate::catalogue::speaker::Speaker;
use crate::catalogue::{PublicId, Viewer, attachment, caption, chapter, original, series, speaker};
use crate::error::{Error, Result};
use crate::timed_text;
use crate::web::head::Head;
use crate::web::player::{self, Player};
use crate::web::texts::{Parameters, Texts};
use crate::web::{components, format, layout, markdown, urls};

/// Lines of the transcript on the page; an hour of talk is about 700.
const TRANSCRIPT_LINES: usize = 2000;

/// Characters of the description in a shared link.
const PREVIEW: usize = 200;

/// `GET /watch/{id}`: a former id leads to the one of today.
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(parameters): Parameters,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let (viewer, lang) = (app.visitor(), texts.lang.code());
    let loaded = app
        .db
        .read(move |conn| WatchPage::load(conn, &viewer, &id, lang))
        .await?;
    let mut page = match loaded {
        Loaded::Page(page) => page,
        Loaded::Moved(id) => {
            return Ok(Redirect::permanent(&texts.link(&urls::watch(&id))).into_response());
        }
    };
    page.start_ms = format::start_ms(parameters.get("t"));
    let recording = &page.recording;
    let description = page.preview();
    let head = Head {
        title: &recording.title,
        description: description.as_deref(),
        address: Some(urls::watch(&recording.public_id)),
        picture: Some(urls::poster(&recording.public_id)),
        is_hidden: page.series.demonstration || recording.visibility != Visibility::Public,
        is_demonstration: page.series.demonstration,
        scripts: &["player.js", "lists.js"],
    };
    Ok(layout::page(&app.config, &texts, &head, &page.render(&texts)).into_response())
}

enum Loaded {
    Page(Box<WatchPage>),
    Moved(PublicId),
}

struct WatchPage {
    recording: Recording,
    series: Series,
    /// The whole series as the viewer finds it, this recording among them unless it is unlisted.
    siblings: Vec<Recording>,
    speakers: Vec<Speaker>,
    chapters: Vec<Chapter>,
    sources: Vec<Original>,
    captions: Vec<Caption>,
    /// Language and lines of the transcript.
    transcript: Option<(String, Vec<Cue>)>,
    attachments: Vec<Attachment>,
    start_ms: Option<u64>,
}

impl WatchPage {
    fn load(conn: &Connection, viewer: &Viewer, id: &PublicId, lang: &str) -> Result<Loaded> {
        let Some(recording) = recording::by_public_id(conn, viewer, id)? else {
            if let Some(gone) = recording::gone(conn, viewer, id)? {
                return Err(Error::Gone(gone));
            }
            let today = address::current(conn, Kind::Recording, id.as_str())?
                .and_then(|today| PublicId::parse(&today));
            return match today {
                Some(today)
                    if today != *id && recording::by_public_id(conn, viewer, &today)?.is_some() =>
                {
                    Ok(Loaded::Moved(today))
                }
                Some(_) | None => Err(Error::NotFound),
            };
        };
        let captions = caption::of_recording(conn, recording.id)?;
        // The language of the page if there is one, else the one that is spoken, else any.
        let rank = |caption: &&Caption| {
            (
                caption.language != lang,
                caption.language != recording.language,
            )
        };
        let transcript = match captions.iter().min_by_key(rank) {
            Some(caption) => Some((caption.language.clone(), caption::cues(conn, caption.id)?)),
            None => None,
        };
        Ok(Loaded::Page(Box::new(Self {
            series: series::by_id(conn, recording.series_id)?,
            siblings: recording::of_series(conn, viewer, recording.series_id)?,
            speakers: speaker::of_recording(conn, recording.id)?,
            chapters: chapter::of_recording(conn, recording.id)?,
            sources: original::sources(conn, recording.id)?,
            attachments: attachment::of_recording(conn, recording.id)?,
            captions,
            transcript,
            recording,
            start_ms: None,
        })))
    }

    fn preview(&self) -> Option<String> {
        let recording = &self.recording;
        let described = recording
            .description
            .as_deref()
            .map(|text| markdown::plain(text, PREVIEW));
        recording.summary.clone().or(described)
    }

    fn render(&self, texts: &Texts) -> Markup {
        let player = Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            start_ms: self.start_ms,
            is_embed: false,
        };
        html! {
            (self.way(texts))
            article.watch lang=(self.recording.language) {
                div.stage lang=(texts.lang.code()) data-recording=(self.recording.public_id) data-title=(self.recording.title) data-series=(self.series.title)
                    data-poster=[self.recording.poster_version.as_deref().map(|version| urls::poster_sized(&self.recording.public_id, 480, version))] {
                    (player.draw(texts))
                    (self.controls(texts))
                }
                div.about {
                    (self.jump(texts))
                    (self.about(texts))
                }
                div.beside lang=(texts.lang.code()) {
                    (self.chapter_list(texts))
                    (self.transcript_list(texts))
                    (self.series_list(texts))
                }
            }
        }
    }

    /// Where this page stands: series, place in it, neighbours.
    fn way(&self, texts: &Texts) -> Markup {
        let place = self
            .siblings
            .iter()
            .position(|sibling| sibling.id == self.recording.id);
        let neighbour = |step: isize| {
            place
                .and_then(|place| place.checked_add_signed(step))
                .and_then(|at| self.siblings.get(at))
        };
        html! {
            div.way {
                nav aria-label=(texts.t("watch-breadcrumb")) {
                    a href=(texts.link(&urls::series(&self.series.slug))) lang=(self.series.language) { (self.series.title) }
                    @if let Some(number) = self.place_in_series(place) {
                        span.place { (texts.with("watch-of", &[("number", FluentValue::from(number)), ("total", FluentValue::from(self.siblings.len()))])) }
                    }
                }
                nav.neighbours aria-label=(texts.t("watch-neighbours")) {
                    @if let Some(previous) = neighbour(-1) {
                        a rel="prev" href=(texts.link(&urls::watch(&previous.public_id))) title=(previous.title) { "← " (texts.t("watch-previous")) }
                    }
                    @if let Some(next) = neighbour(1) {
                        a rel="next" href=(texts.link(&urls::watch(&next.public_id))) title=(next.title) { (texts.t("watch-next")) " →" }
                    }
                }
            }
        }
    }

    /// Counted as the visitor counts: the third of what they find.
    fn place_in_series(&self, place: Option<usize>) -> Option<usize> {
        place
            .map(|place| place + 1)
            .filter(|_| self.siblings.len() > 1)
    }

    /// What script adds to the browser's own controls; without script there is nothing to press, so nothing is shown.
    fn controls(&self, texts: &Texts) -> Markup {
        if self.recording.state != RecordingState::Ready
            || !self.sources.iter().any(|source| source.facts.playable)
        {
            return html! {};
        }
        html! {
            div.controls hidden {
                button type="button" data-do="resume" data-text=(texts.with("watch-resume", &[("time", FluentValue::from("{time}"))])) hidden {}
                button type="button" data-do="back" { (texts.t("watch-back")) }
                button type="button" data-do="forward" { (texts.t("watch-forward")) }
                label { (texts.t("watch-speed")) " "
                    select data-do="speed" {
                        @for speed in ["0.75", "1", "1.25", "1.5", "1.75", "2"] {
                            option value=(speed) selected[speed == "1"] { (speed) "×" }
                        }
                    }
                }
            }
        }
    }

    fn about(&self, texts: &Texts) -> Markup {
        let recording = &self.recording;
        let largest = self
            .sources
            .iter()
            .filter(|source| source.facts.playable)
            .max_by_key(|source| source.place.size_bytes);
        html! {
            h1 { (recording.title) }
            p.facts lang=(texts.lang.code()) { (self.facts(texts)) }
            @if let Some(largest) = largest {
                p.actions lang=(texts.lang.code()) { (player::download(recording, largest, texts)) }
            }
            @if let Some(summary) = &recording.summary { p.summary { (summary) } }
            @if let Some(description) = &recording.description { div.prose { (markdown::draw(description)) } }
            @if !self.attachments.is_empty() {
                section.attachments {
                    h2 lang=(texts.lang.code()) { (texts.t("watch-attachments")) }
                    ul {
                        @for attachment in &self.attachments {
                            li {
                                a href=(urls::media(&recording.public_id, &attachment.version, &attachment.place.file)) download=(attachment.place.file) { (attachment.title) }
                                span.facts { " " (kind(&attachment.place.file)) " · " (format::size(attachment.place.size_bytes, texts)) }
                            }
                        }
                    }
                }
            }
            (self.next_up(texts))
        }
    }

    /// On a phone what stands beside the player stands far below it.
    fn jump(&self, texts: &Texts) -> Markup {
        let sections = [
            ("#chapters", "watch-chapters", !self.chapters.is_empty()),
            ("#transcript", "watch-transcript", self.transcript.is_some()),
            ("#series", "watch-series", self.siblings.len() > 1),
        ];
        html! {
            nav.jump lang=(texts.lang.code()) aria-label=(texts.t("watch-jump")) {
                @for (address, key, _) in sections.iter().filter(|(_, _, is_here)| *is_here) {
                    a href=(address) { (texts.t(key)) }
                }
            }
        }
    }

    fn facts(&self, texts: &Texts) -> Markup {
        let recording = &self.recording;
        html! {
            @if let Some(date) = &recording.date { time datetime=(date) { (format::date(date, texts)) } " · " }
            @if !self.speakers.is_empty() { (components::names(&self.speakers, texts)) }
            @if let Some(length) = recording.duration_ms {
                @if !self.speakers.is_empty() { " · " }
                time datetime=(format::iso_duration(length)) { (format::length(length, texts)) }
            }
        }
    }

    /// The next session, as a quiet way on after the last word.
    fn next_up(&self, texts: &Texts) -> Markup {
        let place = self
            .siblings
            .iter()
            .position(|sibling| sibling.id == self.recording.id);
        let Some(next) = place.and_then(|place| self.siblings.get(place + 1)) else {
            return html! {};
        };
        html! {
            section.next-up {
                h2 lang=(texts.lang.code()) { (texts.t("watch-next-up")) }
                (components::card(next, texts))
            }
        }
    }

    fn chapter_list(&self, texts: &Texts) -> Markup {
        html! {
            @if !self.chapters.is_empty() {
                section.chapters #chapters {
                    h2 { (texts.t("watch-chapters")) }
                    ol lang=(self.recording.language) {
                        @for chapter in &self.chapters { li { (self.moment(chapter.start_ms, &chapter.title, texts)) } }
                    }
                }
            }
        }
    }

    fn transcript_list(&self, texts: &Texts) -> Markup {
        let Some((language, cues)) = &self.transcript else {
            return html! {};
        };
        html! {
            section.transcript #transcript {
                h2 { (texts.t("watch-transcript")) }
                p.facts { (texts.t("watch-transcript-help")) }
                ol lang=(language) tabindex="0" aria-label=(texts.t("watch-transcript")) {
                    @for cue in cues.iter().take(TRANSCRIPT_LINES) {
                        li data-end=(cue.end_ms / 1000) { (self.moment(cue.start_ms, &timed_text::plain_text(&cue.text).replace('\n', " "), texts)) }
                    }
                }
                @if cues.len() > TRANSCRIPT_LINES { p { (texts.t("watch-transcript-cut")) } }
                p.facts {
                    (texts.t("watch-transcript-text")) ": "
                    @for (place, caption) in self.captions.iter().enumerate() {
                        @if place > 0 { ", " }
                        a href=(urls::transcript(&self.recording.public_id, &caption.language)) hreflang=(caption.language) { (format::language_name(&caption.language)) }
                    }
                }
            }
        }
    }

    /// A line that leads to a moment: without script by loading the page there, with script at once.
    fn moment(&self, start_ms: u64, text: &str, texts: &Texts) -> Markup {
        html! {
            a href=(texts.link(&urls::watch_at(&self.recording.public_id, start_ms))) data-seek=(format!("{}.{:03}", start_ms / 1000, start_ms % 1000)) {
                span.time { (format::timecode(start_ms)) } " "
                span.text { (text) }
            }
        }
    }

    fn series_list(&self, texts: &Texts) -> Markup {
        html! {
            @if self.siblings.len() > 1 {
                section.whole-series #series {
                    h2 { (texts.t("watch-series")) }
                    ol lang=(self.series.language) {
                        @for sibling in &self.siblings { (components::line(sibling, sibling.id == self.recording.id, texts)) }
                    }
                }
            }
        }
    }
}

/// `PDF`, from the name of a hand-out.
fn kind(file: &str) -> String {
    file.rsplit_once('.')
        .map(|(_, ending)| ending.to_uppercase())
        .unwrap_or_default()
}
