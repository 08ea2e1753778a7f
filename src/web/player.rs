//! The player: the browser's own `<video>` or `<audio>`, with every file that may be played and every caption. What cannot be
//! played says so and is offered to keep.

use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};

use super::texts::Texts;
use super::{format, urls};
use crate::catalogue::caption::Caption;
use crate::catalogue::original::Original;
use crate::catalogue::recording::{Recording, State};

/// Screens up to this width take the smallest picture there is.
const SMALL_SCREEN: &str = "(max-width: 40rem)";

/// Poster widths for large and small screens.
const POSTER: u32 = 1280;

/// What is played, and where it begins.
pub struct Player<'a> {
    pub recording: &'a Recording,
    /// In the order of `original::sources`: playable first, smallest first.
    pub sources: &'a [Original],
    pub captions: &'a [Caption],
    /// Milliseconds from the start.
    pub start_ms: Option<u64>,
    /// In a page of another site, perhaps in a sandbox without an origin.
    pub is_embed: bool,
}

impl Player<'_> {
    /// The player, or in its place a word about why there is none.
    pub fn draw(&self, texts: &Texts) -> Markup {
        match self.recording.state {
            State::Planned => self.planned(texts),
            State::Missing => notice(
                &texts.t("watch-missing-title"),
                &texts.t("watch-missing-text"),
            ),
            State::Ready if self.playable().is_empty() => self.unplayable(texts),
            State::Ready if self.recording.sound_only => self.audio(texts),
            State::Ready => self.video(texts),
        }
    }

    fn playable(&self) -> Vec<&Original> {
        self.sources
            .iter()
            .filter(|source| source.facts.playable)
            .collect()
    }

    fn video(&self, texts: &Texts) -> Markup {
        let poster = self
            .recording
            .poster_version
            .as_deref()
            .map(|version| urls::poster_sized(&self.recording.public_id, POSTER, version));
        let (width, height) = self.shape();
        html! {
            video #player controls preload="none" playsinline crossorigin=[self.is_embed.then_some("anonymous")]
                poster=(poster.unwrap_or_else(|| urls::poster(&self.recording.public_id)))
                width=(width) height=(height)
                aria-label=(texts.with("watch-player", &[("title", FluentValue::from(self.recording.title.clone()))])) {
                (self.tracks_and_sources(texts))
                (self.trouble(texts))
            }
        }
    }

    fn audio(&self, texts: &Texts) -> Markup {
        let id = &self.recording.public_id;
        html! {
            div.sound {
                @if let Some(version) = &self.recording.poster_version {
                    img src=(urls::poster_sized(id, POSTER, version)) alt="" width="1280" height="720";
                }
                audio #player controls preload="none" crossorigin=[self.is_embed.then_some("anonymous")]
                    aria-label=(texts.with("watch-player", &[("title", FluentValue::from(self.recording.title.clone()))])) {
                    (self.tracks_and_sources(texts))
                    (self.trouble(texts))
                }
            }
        }
    }

    /// Nothing is fetched before the visitor presses play (`preload="none"`): length and picture stand on the page already,
    /// and even the index of a long recording can be megabytes.
    fn tracks_and_sources(&self, texts: &Texts) -> Markup {
        let mut sources = self.playable();
        let smallest = sources.first().copied();
        sources.reverse();
        let largest = sources.first().copied();
        let is_choice = smallest.and_then(|source| source.facts.height)
            != largest.and_then(|source| source.facts.height);
        let lang = texts.lang.code();
        // Captions are off until asked for, except for a reader of another language than the one that is spoken.
        let wanted = |language: &str| language == lang && self.recording.language != lang;
        html! {
            @if let Some(source) = smallest.filter(|_| is_choice) {
                source src=(self.address(source)) type=(source.full_type()) media=(SMALL_SCREEN);
            }
            @for source in sources {
                source src=(self.address(source)) type=(source.full_type());
            }
            @for caption in self.captions {
                track kind="captions" src=(urls::caption(&self.recording.public_id, &caption.language)) srclang=(caption.language)
                    label=(format::language_name(&caption.language)) default[wanted(&caption.language)];
            }
        }
    }

    /// Where in the file the player begins is said in the address (Media Fragments 1.0 §4.2.1), so it works without script.
    fn address(&self, source: &Original) -> String {
        let address = urls::media(
            &self.recording.public_id,
            &source.version,
            &source.place.file,
        );
        match self.start_ms {
            Some(start) => format!("{address}#t={}", start / 1000),
            None => address,
        }
    }

    fn trouble(&self, texts: &Texts) -> Markup {
        html! { p { (texts.t(if self.recording.download { "watch-trouble" } else { "watch-trouble-no-download" })) } }
    }

    /// The shape of the largest picture, so that the page does not jump when it arrives.
    fn shape(&self) -> (u32, u32) {
        let facts = self
            .playable()
            .last()
            .map(|source| &source.facts)
            .and_then(|facts| facts.width.zip(facts.height));
        facts.unwrap_or((1280, 720))
    }

    fn planned(&self, texts: &Texts) -> Markup {
        let text = match &self.recording.date {
            Some(date) => texts.with(
                "watch-planned-date",
                &[("date", FluentValue::from(format::date(date, texts)))],
            ),
            None => texts.t("watch-planned-no-date"),
        };
        notice(&texts.t("watch-planned-title"), &text)
    }

    fn unplayable(&self, texts: &Texts) -> Markup {
        let Some(source) = self.sources.first() else {
            return notice(
                &texts.t("watch-failed-title"),
                &texts.t("watch-failed-text"),
            );
        };
        let reason = source.facts.verdict.as_deref().map(|key| texts.t(key));
        html! {
            div.notice {
                h2 { (texts.t("watch-unplayable-title")) }
                @if let Some(reason) = reason { p { (reason) } }
                p { (texts.t("watch-unplayable-help")) }
                (download(self.recording, source, texts))
            }
        }
    }
}

/// A word in place of a player.
fn notice(title: &str, text: &str) -> Markup {
    html! {
        div.notice {
            h2 { (title) }
            p { (text) }
        }
    }
}

/// The file itself, with its size: on a phone that matters more than its name.
pub fn download(recording: &Recording, source: &Original, texts: &Texts) -> Markup {
    let size = format::size(source.place.size_bytes, texts);
    html! {
        @if recording.download {
            a.button data-kind="quiet" href=(urls::media(&recording.public_id, &source.version, &source.place.file))
                download=(source.place.file) {
                (texts.with("watch-download", &[("size", FluentValue::from(size))]))
            }
        }
    }
}
