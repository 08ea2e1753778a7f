//! Parts that several pages show: a recording in a list, large with its picture or small beside another.

use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};

use super::texts::Texts;
use super::{format, urls};
use crate::catalogue::recording::{Recording, State};
use crate::catalogue::series::Overview;
use crate::catalogue::speaker::Speaker;

/// Pixels across of the pictures in lists.
const THUMBNAIL: u32 = 480;

/// A recording as a card: picture, number, title, length. `heading` is the level of its title.
pub fn card(recording: &Recording, texts: &Texts) -> Markup {
    html! {
        article.card data-state=(state(recording)) data-recording=(recording.public_id) {
            (picture(recording))
            h3 {
                @if let Some(number) = recording.number { span.number { (number) } " " }
                a href=(texts.link(&urls::watch(&recording.public_id))) { (recording.title) }
            }
            p.facts { (short_facts(recording, texts)) }
        }
    }
}

/// A recording as a row: number, picture, title, one line about it, and what a visitor on the move wants to know.
pub fn row(
    recording: &Recording,
    speakers: &[Speaker],
    context: Option<&str>,
    texts: &Texts,
) -> Markup {
    html! {
        article.recording-row data-state=(state(recording)) data-recording=(recording.public_id) {
            span.number aria-hidden="true" { @if let Some(number) = recording.number { (number) } }
            (picture(recording))
            div.words {
                h3 {
                    @if let Some(number) = recording.number {
                        span.visually-hidden { (texts.with("recording-number", &[("number", FluentValue::from(number))])) ": " }
                    }
                    a href=(texts.link(&urls::watch(&recording.public_id))) { (recording.title) }
                }
                @if let Some(context) = context { p.context { (context) } }
                @if let Some(summary) = &recording.summary { p { (summary) } }
                p.facts { (facts(recording, texts)) }
                @if !speakers.is_empty() {
                    p.facts { (texts.t("watch-speakers")) " " (names(speakers, texts)) }
                }
            }
        }
    }
}

/// A recording as one line in a list beside a player.
pub fn line(recording: &Recording, is_here: bool, texts: &Texts) -> Markup {
    html! {
        li data-recording=(recording.public_id) {
            a.line href=(texts.link(&urls::watch(&recording.public_id))) aria-current=[is_here.then_some("page")] {
                span.number { @if let Some(number) = recording.number { (number) } }
                span.title { (recording.title) }
                span.length { (length_or_state(recording, texts)) }
            }
        }
    }
}

/// The picture of a recording; a recording without one shows its number large.
fn picture(recording: &Recording) -> Markup {
    html! {
        div.picture {
            @match &recording.poster_version {
                Some(version) => img src=(urls::poster_sized(&recording.public_id, THUMBNAIL, version)) alt="" width="480" height="270" loading="lazy";,
                None => span.tile aria-hidden="true" { @if let Some(number) = recording.number { (number) } @else { "–" } },
            }
        }
    }
}

fn state(recording: &Recording) -> &'static str {
    match recording.state {
        State::Ready => "ready",
        State::Planned => "planned",
        State::Missing => "missing",
    }
}

fn length_or_state(recording: &Recording, texts: &Texts) -> String {
    match recording.state {
        State::Planned => texts.t("recording-planned"),
        State::Missing => texts.t("recording-missing"),
        State::Ready => recording
            .duration_ms
            .map(|length| format::length(length, texts))
            .unwrap_or_default(),
    }
}

/// What a card says: how long it is, and whether there is something to see.
fn short_facts(recording: &Recording, texts: &Texts) -> Markup {
    let is_sound = recording.state == State::Ready && recording.sound_only;
    html! {
        (length_or_state(recording, texts))
        @if is_sound { " · " (texts.t("recording-sound-only")) }
    }
}

/// Length, date, captions and size, as far as they are known, divided by dots.
fn facts(recording: &Recording, texts: &Texts) -> Markup {
    let mut facts = vec![length_or_state(recording, texts)];
    if let Some(date) = &recording.date {
        facts.push(format::date(date, texts));
    }
    if recording.state == State::Ready {
        if recording.sound_only {
            facts.push(texts.t("recording-sound-only"));
        }
        if !recording.caption_languages.is_empty() {
            let languages: Vec<String> = recording
                .caption_languages
                .iter()
                .map(|tag| tag.to_uppercase())
                .collect();
            facts.push(texts.with(
                "recording-captions",
                &[("languages", FluentValue::from(languages.join(", ")))],
            ));
        }
        if let Some(size) = recording.size_bytes {
            facts.push(format::size(size, texts));
        }
    }
    facts.retain(|fact| !fact.is_empty());
    html! { (facts.join(" · ")) }
}

/// Names as links, with what they did.
pub fn names(speakers: &[Speaker], texts: &Texts) -> Markup {
    html! {
        @for (place, speaker) in speakers.iter().enumerate() {
            @if place > 0 { ", " }
            a href=(texts.link(&urls::speaker(&speaker.slug))) { (speaker.name) }
        }
    }
}

/// Number of sessions, years, who organised it.
pub fn series_facts(overview: &Overview, texts: &Texts) -> Markup {
    let mut facts = vec![texts.count("recordings-count", overview.recordings)];
    facts.extend(format::years(
        overview.first_date.as_deref(),
        overview.last_date.as_deref(),
    ));
    if overview.duration_ms > 0 {
        facts.push(format::length(overview.duration_ms, texts));
    }
    facts.extend(overview.series.organiser.clone());
    html! { (facts.join(" · ")) }
}
