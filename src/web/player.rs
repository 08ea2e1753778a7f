//! The player: the browser's own, with the sources, captions and poster of a recording. In: a recording and its files. Out:
//! `<video>` or `<audio>`, or the reason why there is none. It is complete without script; `player.js` adds to it.
//!
//! `preload="none"`: only the poster is loaded before playback starts. The page shows duration and size anyway, and a long
//! recording with its index at the end would cost a phone megabytes.

use maud::{Markup, html};

use super::components::name;
use super::player_bar::Bar;
use super::quality::{self, Quality};
use super::texts::{FluentValue, Texts};
use super::{format, urls};
use crate::catalogue::caption::Caption;
use crate::catalogue::name::isolated;
use crate::catalogue::name::of_file;
use crate::catalogue::poster::WIDTHS;
use crate::catalogue::recording::{Recording, RecordingState};
use crate::catalogue::source::Source;

/// Containers that some browser can open. Files in others are never offered to the player.
const CONTAINERS: [&str; 10] = [
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/x-matroska",
    "audio/mp4",
    "audio/webm",
    "audio/ogg",
    "audio/mpeg",
    "audio/wav",
    "audio/x-matroska",
];

/// The data of a player.
#[derive(Debug, Clone, Copy)]
pub struct Player<'a> {
    pub recording: &'a Recording,
    /// Sources that play in common browsers first, the smallest picture first.
    pub sources: &'a [Source],
    pub captions: &'a [Caption],
    /// Start of playback, in seconds.
    pub start: Option<u64>,
    /// End of playback in seconds; `None`: the end of the recording.
    pub end: Option<u64>,
    /// The address of its page, when the player is embedded on another site, perhaps in a sandbox without an origin or storage.
    pub elsewhere: Option<&'a str>,
    /// The title of its series.
    pub series: &'a str,
    /// The recording that is offered when this one has ended.
    pub next: Option<&'a Recording>,
}

impl Player<'_> {
    /// Draws the player, or the reason why nothing can be played.
    pub fn render(&self, texts: &Texts) -> Markup {
        match self.recording.state {
            RecordingState::Planned => self.planned(texts),
            RecordingState::Missing => nothing(&texts.t("missing-title"), &texts.t("missing-text")),
            RecordingState::Ready if !self.offers() => {
                html! { div.stage data-empty { (self.refusal(texts, false)) } }
            }
            RecordingState::Ready => self.playing(texts),
        }
    }

    /// Whether a source plays in common browsers.
    pub fn plays(&self) -> bool {
        self.sources.iter().any(|source| source.playable)
    }

    /// Whether there is a source that a browser may try.
    pub fn offers(&self) -> bool {
        !self.offered().is_empty()
    }

    /// The file to download: the largest original that plays, otherwise what was made of it, otherwise the first.
    pub fn to_keep(&self) -> Option<&Source> {
        let sure = self
            .sources
            .iter()
            .filter(|source| source.playable && !source.is_replaced);
        sure.max_by_key(|source| (source.kind.is_none(), source.size_bytes))
            .or(self.sources.first())
    }

    fn playing(&self, texts: &Texts) -> Markup {
        let recording = self.recording;
        html! {
            div.player data-player=(recording.public_id) data-title=(isolated(recording.title())) data-series=(isolated(self.series))
                data-number=[recording.number] data-start=[self.start] data-end=[self.end] data-elsewhere[self.elsewhere.is_some()]
                data-resume=(texts.t_args("resume", &[("time", "%".into())])) {
                div.stage data-sound[recording.sound_only] data-portrait[self.is_portrait()] {
                    @if recording.sound_only { (self.sound(texts)) } @else { (self.film(texts)) }
                    (self.refusal(texts, true))
                }
                p.lost role="status" data-lost=(texts.t("connection-lost")) data-gone=(texts.t("recording-gone")) {
                    span data-lost-words {}
                    button type="button" hidden { (texts.t("connection-again")) }
                }
                @if self.end.is_some() { (self.part_ended(texts)) }
                @let choice = self.choice(texts);
                @if choice.is_some() { (quality::slow_line(texts)) }
                @if self.elsewhere.is_none() { (self.bar(choice).render(texts)) } @else if let Some(choice) = choice { (choice) }
            }
            @if !self.plays() { p.notice { (self.verdict(texts)) } }
        }
    }

    /// Whether its picture is higher than wide, as phones make them.
    fn is_portrait(&self) -> bool {
        let shape = |source: &&Source| source.width.zip(source.height);
        let largest = self.offered().into_iter().rev().find_map(|one| shape(&one));
        largest.is_some_and(|(width, height)| height > width)
    }

    /// What `part.js` says where a part ends: a browser stops there, and by itself it says nothing.
    fn part_ended(&self, texts: &Texts) -> Markup {
        html! {
            div.part-ended data-part-ended hidden {
                span role="status" data-words=(texts.t("fragment-ended")) {}
                button type="button" data-go-on { (texts.t("fragment-on")) }
                @match self.elsewhere {
                    Some(page) => a data-page-link href=(page) target="_blank" rel="noopener" { (texts.t("fragment-page")) },
                    None => a href=(texts.to(urls::watch(&self.recording.public_id))) { (texts.t("fragment-whole")) },
                }
            }
        }
    }

    fn bar(&self, quality: Option<Markup>) -> Bar<'_> {
        Bar {
            recording: self.recording,
            captions: self.captions,
            next: self.next,
            quality,
        }
    }

    /// What one may choose among, the best first; empty for a recording without a picture, and where there is one file.
    pub fn qualities(&self) -> Vec<Quality<'_>> {
        if self.recording.sound_only {
            return Vec::new();
        }
        let mut pictures = self.offered();
        pictures.retain(|source| source.playable && source.width.is_some());
        quality::of(&pictures, self.sources)
    }

    fn choice(&self, texts: &Texts) -> Option<Markup> {
        let qualities = self.qualities();
        let address =
            |source: &Source| format!("{}{}", self.address(texts, source), self.fragment());
        let is_elsewhere = self.elsewhere.is_some();
        (!qualities.is_empty()).then(|| quality::choice(texts, &qualities, &address, is_elsewhere))
    }

    fn film(&self, texts: &Texts) -> Markup {
        let largest = self
            .offered()
            .into_iter()
            .rev()
            .find_map(|source| source.width.zip(source.height));
        html! {
            video controls playsinline preload="none" poster=(self.poster(texts, WIDTHS[1])) aria-label=(isolated(self.recording.title()))
                width=[largest.map(|(width, _)| width)] height=[largest.map(|(_, height)| height)]
                crossorigin=[self.elsewhere.map(|_| "anonymous")] {
                (self.source_list(texts))
                (self.tracks(texts))
                p { (texts.t("player-too-old")) }
            }
        }
    }

    fn sound(&self, texts: &Texts) -> Markup {
        html! {
            @if self.recording.poster_version.is_some() {
                img src=(self.poster(texts, WIDTHS[1])) width="1280" height="720" alt="";
            } @else {
                span.tile aria-hidden="true" { @if let Some(number) = self.recording.number { (number) } }
            }
            audio controls preload="none" aria-label=(isolated(self.recording.title())) crossorigin=[self.elsewhere.map(|_| "anonymous")] {
                (self.source_list(texts))
                (self.tracks(texts))
                p { (texts.t("player-too-old")) }
            }
        }
    }

    /// The media fragment with start and end (Media Fragments URI 1.0 §4.2.1).
    fn fragment(&self) -> String {
        match (self.start, self.end) {
            (None, None) => String::new(),
            (start, None) => format!("#t={}", start.unwrap_or(0)),
            (start, Some(end)) => format!("#t={},{end}", start.unwrap_or(0)),
        }
    }

    /// A source with a smaller picture is for screens that it fills, held upright or sideways; a browser that ignores `media` takes the
    /// first source, which is the smallest. Where the largest plays in some browsers only, the largest that plays in all stands once
    /// more behind it, for screens of any size.
    pub fn source_list(&self, texts: &Texts) -> Markup {
        let offered = self.offered();
        let playable = || offered.iter().filter(|source| source.playable);
        let largest = playable().next_back();
        let screens = |source: &Source| {
            let is_smaller =
                source.playable && largest.is_some_and(|it| source.pixels() < it.pixels());
            let (long, short) = source.shape().filter(|_| is_smaller)?;
            Some(format!("(max-width: {long}px), (max-height: {short}px)"))
        };
        let sure = playable().rfind(|source| source.plays_everywhere());
        let behind = sure.filter(|it| {
            screens(it).is_some() && largest.is_some_and(|one| !one.plays_everywhere())
        });
        let all = offered.iter().map(|source| (source, screens(source)));
        html! {
            @for (source, screens) in all.chain(behind.map(|source| (source, None))) {
                source src={ (self.address(texts, source)) (self.fragment()) } type=(source.full_type()) media=[screens];
            }
        }
    }

    /// Captions are off by default; a button below the player turns them on, and one of the browser's own. A recording without a picture has
    /// them for what is said now, which stands below it.
    fn tracks(&self, texts: &Texts) -> Markup {
        html! {
            @for caption in self.captions {
                track kind="captions" srclang=(caption.language) label=(format::caption_name(texts, caption))
                    src=(texts.asset(urls::caption(&self.recording.public_id, &caption.language)));
            }
        }
    }

    /// The sources in the order in which a browser tries them. Sound alone is not offered beside a picture: it would be taken first.
    fn offered(&self) -> Vec<&Source> {
        let opens = |source: &&Source| {
            source.playable
                || source
                    .known_type()
                    .is_some_and(|it| CONTAINERS.contains(&it))
        };
        let opened = || {
            self.sources
                .iter()
                .filter(opens)
                .filter(|source| !source.is_replaced)
        };
        let has_picture = opened().any(|source| source.width.is_some());
        opened()
            .filter(|source| source.width.is_some() || !has_picture)
            .collect()
    }

    fn planned(&self, texts: &Texts) -> Markup {
        let title = texts.t("planned-title");
        match self.recording.date.as_deref() {
            Some(date) => {
                let date = format::date(texts.lang(), date);
                nothing(
                    &title,
                    &texts.t_args("planned-on", &[("date", date.into())]),
                )
            }
            None => nothing(&title, &texts.t("planned-text")),
        }
    }

    /// The reason why nothing plays, shown in place of the player, or (`hidden`) when the browser fails to play.
    fn refusal(&self, texts: &Texts, hidden: bool) -> Markup {
        html! {
            div.nothing-to-play data-refusal[hidden] hidden[hidden] {
                p.title { (texts.t("cannot-play-title")) }
                p { @if self.plays() { (texts.t("cannot-play-text")) } @else { (self.verdict(texts)) } }
                @if self.recording.download() { @if let Some(source) = self.to_keep() { (self.download(texts, source)) } }
            }
        }
    }

    fn verdict(&self, texts: &Texts) -> String {
        let verdict = self
            .sources
            .first()
            .and_then(|source| source.verdict.as_deref());
        let sentence = verdict.and_then(|key| texts.lang().find(key));
        sentence.unwrap_or_else(|| texts.t("cannot-play-text"))
    }

    /// The download link with the size of the file.
    pub fn download(&self, texts: &Texts, source: &Source) -> Markup {
        let size = format::size(texts.lang(), source.size_bytes);
        html! {
            a.button data-kind="quiet" href=(self.address(texts, source)) download=(of_file(&source.file)) {
                // In a sandbox the SVG icons are cross-origin and would not be shown.
                @if self.elsewhere.is_none() { (super::components::icon("download")) }
                (texts.t_args("download", &[("size", FluentValue::from(size))]))
            }
        }
    }

    /// Where the file of a source is.
    pub fn address(&self, texts: &Texts, source: &Source) -> String {
        texts.asset(urls::media(
            &self.recording.public_id,
            &source.version,
            &source.file,
        ))
    }

    fn poster(&self, texts: &Texts, width: u32) -> String {
        texts.asset(urls::poster_sized(
            &self.recording.public_id,
            width,
            self.recording.poster_version.as_deref(),
        ))
    }
}

/// A title and a text in place of a player.
fn nothing(title: &str, text: &str) -> Markup {
    html! {
        div.stage data-empty {
            div.nothing-to-play {
                p.title { (name(title)) }
                p { (text) }
            }
        }
    }
}
