//! Components that several pages show: a recording in a list, its picture, its facts, an icon. Each has one name in the style
//! sheet, and variants by attribute.

use maud::{Markup, html};

use super::texts::{FluentValue, Lang, Texts};
use super::{assets, format, hyphens, markdown, urls};
use crate::catalogue::poster::WIDTHS;
use crate::catalogue::recording::order::Extent;
use crate::catalogue::recording::{Count, Recording, RecordingState, Visibility};
use crate::catalogue::series::Series;
use crate::catalogue::speaker::Speaker;

/// Most characters of a summary in a list, because a sidecar may contain a longer one.
const SUMMARY: usize = 300;

/// Most speakers that a list names for one recording; its own page names more.
const SPEAKERS: usize = 8;

/// Most characters of a name in a list.
const NAME: usize = 150;

/// An icon from `assets/icons.svg`; the text beside it has the same meaning, so it is hidden from screen readers.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" viewBox="0 0 24 24" width="20" height="20" {
            use href={ (assets::asset("icons.svg")) "#" (name) } {}
        }
    }
}

/// A name that a person gave, which turns nothing around it, whatever its direction.
pub fn name(name: &str) -> Markup {
    html! { bdi { (name) } }
}

/// The title of a card or a row, whose long words end a line with a hyphen.
pub fn title(title: &str) -> Markup {
    html! { bdi { @for (at, piece) in hyphens::pieces(title).into_iter().enumerate() { @if at > 0 { span.hyphen {} } (piece) } } }
}

/// A short label, such as "Demonstratie".
pub fn badge(text: &str) -> Markup {
    html! { span.badge { (text) } }
}

/// Several facts on one line, without the absent ones.
pub fn facts(facts: impl IntoIterator<Item = Option<Markup>>) -> Markup {
    html! {
        ul.facts {
            @for fact in facts.into_iter().flatten() { li { (fact) } }
        }
    }
}

/// The picture of a recording, or a tile with an icon. The title is shown beside it, so it has no alternative text. `sizes`: its
/// width, as in `<img sizes>`.
pub fn picture(texts: &Texts, recording: &Recording, sizes: &str) -> Markup {
    let id = &recording.public_id;
    let version = recording.poster_version.as_deref();
    let (small, large) = (
        texts.asset(urls::poster_sized(id, WIDTHS[0], version)),
        texts.asset(urls::poster_sized(id, WIDTHS[1], version)),
    );
    html! {
        span.picture {
            @if version.is_some() {
                img src=(small) srcset={ (small) " " (WIDTHS[0]) "w, " (large) " " (WIDTHS[1]) "w" } sizes=(sizes)
                    width="480" height="270" loading="lazy" decoding="async" alt="";
            } @else {
                span.tile data-state=(state_name(recording.state)) { (icon(mark(recording))) }
            }
            progress.progress data-progress=(id) max="1" value="0" aria-hidden="true" hidden {}
        }
    }
}

/// The icon of a tile without a picture.
fn mark(recording: &Recording) -> &'static str {
    match recording.state {
        RecordingState::Ready if recording.sound_only => "sound",
        RecordingState::Ready => "play",
        RecordingState::Planned => "clock",
        RecordingState::Missing => "film",
    }
}

/// The language tag of a text that differs from the language of the page (WCAG 2.2 §3.1.2); `None` when it does not.
pub fn foreign<'a>(texts: &Texts, tag: &'a str) -> Option<&'a str> {
    (Lang::from_tag(tag) != Some(texts.lang())).then_some(tag)
}

/// A recording in a grid: the picture, and below it the number and the title.
pub fn recording_card(texts: &Texts, recording: &Recording) -> Markup {
    html! {
        article.recording-card data-state=(state_name(recording.state)) {
            (picture(texts, recording, "(min-width: 60rem) 17rem, (min-width: 40rem) 30vw, 45vw"))
            (number(texts, recording))
            div.words {
                h3.title lang=[foreign(texts, recording.language())] { a.cover href=(texts.to(urls::watch(&recording.public_id))) { (title(recording.title())) } }
                (facts([
                    Some(length_or_state(texts, recording)),
                    (!recording.caption_languages.is_empty()).then(|| html! { (texts.t("with-captions")) }),
                ]))
                (seen_so_far(texts, recording))
            }
        }
    }
}

/// The large number of a recording in a list; empty when it has none.
fn number(texts: &Texts, recording: &Recording) -> Markup {
    html! {
        span.number {
            @if let Some(number) = recording.number { span.unseen { (texts.t("number")) " " } (number) }
        }
    }
}

/// A recording in a list: number, picture, title, summary, facts. `series`: shown where the list mixes several.
pub fn recording_row(
    texts: &Texts,
    recording: &Recording,
    speakers: &[Speaker],
    series: Option<&Series>,
) -> Markup {
    html! {
        article.recording-row data-state=(state_name(recording.state)) {
            (number(texts, recording))
            (picture(texts, recording, "(min-width: 40rem) 13rem, 7.5rem"))
            div.words {
                h3.title lang=[foreign(texts, recording.language())] { a.cover href=(texts.to(urls::watch(&recording.public_id))) { (title(recording.title())) } }
                @if let Some(summary) = &recording.summary { p.summary lang=[foreign(texts, recording.language())] { (markdown::shorten(summary, SUMMARY)) } }
                (row_facts(texts, recording, speakers, series))
                (seen_so_far(texts, recording))
            }
        }
    }
}

/// The button to the first recording of a series; `resume.js` makes it that to the next of these, or to where one stopped.
pub fn begin(texts: &Texts, first: &Recording, all: &[Recording]) -> Markup {
    let numbered = |key: &str| texts.t_args(key, &[("number", "%1".into()), ("time", "%2".into())]);
    let ready = all.iter().filter(|it| it.state == RecordingState::Ready);
    // With the number of each behind its id.
    let listed = ready.map(|it| {
        let number = it.number.map_or(String::new(), |number| number.to_string());
        format!("{}:{number}", it.public_id)
    });
    html! {
        a.button href=(texts.to(urls::watch(&first.public_id))) data-begin=(listed.collect::<Vec<_>>().join(" "))
            data-on=(numbered("begin-on")) data-at=(numbered("begin-at")) data-next=(texts.t("begin-next")) {
            (icon("play"))
            span { @match first.number {
                Some(number) => (texts.t_args("begin", &[("number", number.into())])),
                None => (texts.t("begin-first")),
            } }
        }
    }
}

/// A hidden line in which `resume.js` says how far one is.
pub fn seen_so_far(texts: &Texts, recording: &Recording) -> Markup {
    html! {
        p.seen data-seen=(recording.public_id) data-done=(texts.t("seen"))
            data-words=(texts.t_args("seen-until", &[("time", "%".into())])) hidden {}
    }
}

fn row_facts(
    texts: &Texts,
    recording: &Recording,
    speakers: &[Speaker],
    series: Option<&Series>,
) -> Markup {
    let lang = texts.lang();
    let is_here = recording.state == RecordingState::Ready;
    facts([
        series.map(
            |series| html! { span lang=[foreign(texts, series.language())] { (name(series.title())) } },
        ),
        Some(length_or_state(texts, recording)),
        recording.date.as_deref().map(|date| day(lang, date)),
        (!speakers.is_empty()).then(|| names(texts, speakers)),
        is_here
            .then(|| caption_languages(texts, recording))
            .flatten(),
        recording
            .size_bytes
            .filter(|_| is_here && recording.download())
            .map(|bytes| html! { (format::size(lang, bytes)) }),
    ])
}

/// The duration of a recording, or why it cannot be watched.
fn length_or_state(texts: &Texts, recording: &Recording) -> Markup {
    match (recording.state, recording.duration_ms) {
        (RecordingState::Planned, _) => html! { span.soon { (texts.t("planned")) } },
        (RecordingState::Missing, _) => html! { span.soon { (texts.t("missing")) } },
        (RecordingState::Ready, length) => html! {
            @if recording.sound_only { (texts.t("sound-only")) @if length.is_some() { ", " } }
            @if let Some(ms) = length { (duration(texts.lang(), ms)) }
        },
    }
}

/// The short form of `length_or_state`, for a list beside a player.
pub fn short_length_or_state(texts: &Texts, recording: &Recording) -> Markup {
    match (recording.state, recording.duration_ms) {
        (RecordingState::Planned, _) => html! { (texts.t("planned")) },
        (RecordingState::Missing, _) => html! { (texts.t("missing")) },
        (RecordingState::Ready, Some(ms)) => duration(texts.lang(), ms),
        (RecordingState::Ready, None) => html! {},
    }
}

/// The beginning of a recording's description as plain text, otherwise its summary.
pub fn description(recording: &Recording, limit: usize) -> Option<String> {
    let text = recording.description.as_deref();
    let text = text.map(|text| markdown::plain(text, limit));
    let summary = recording.summary.as_deref();
    text.or_else(|| summary.map(|summary| markdown::shorten(summary, limit)))
}

/// The sentence that says who can see a recording of this visibility.
pub fn who_can_see(texts: &Texts, visibility: Visibility) -> String {
    texts.t(&format!("seen-{}", visibility.as_str()))
}

/// A duration in a `<time>` element.
pub fn duration(lang: Lang, ms: u64) -> Markup {
    html! { time datetime=(format::iso_length(ms)) { (format::length(lang, ms)) } }
}

/// A date in a `<time>` element.
pub fn day(lang: Lang, iso: &str) -> Markup {
    html! { time datetime=(iso) { (format::date(lang, iso)) } }
}

/// The names of the first speakers, and how many there are besides them.
/// The speakers that a list names.
pub fn named(speakers: &[Speaker]) -> impl Iterator<Item = &Speaker> {
    speakers.iter().take(SPEAKERS)
}

fn names(texts: &Texts, speakers: &[Speaker]) -> Markup {
    let more = speakers.len().saturating_sub(SPEAKERS);
    html! {
        @for (index, speaker) in named(speakers).enumerate() {
            @if index > 0 { ", " }
            (name(&markdown::shorten(&speaker.name, NAME)))
        }
        @if more > 0 { " " (texts.t_args("and-more", &[("count", more.into())])) }
    }
}

fn caption_languages(texts: &Texts, recording: &Recording) -> Option<Markup> {
    let languages = &recording.caption_languages;
    (!languages.is_empty()).then(|| {
        let tags = languages
            .iter()
            .map(|tag| tag.to_uppercase())
            .collect::<Vec<_>>()
            .join(", ");
        html! { (texts.t("captions")) " " (tags) }
    })
}

/// The position in the series, such as "3 van 12"; only the number for a planned recording, `None` without a number. `all`: how many
/// recordings the series has.
pub fn position(lang: Lang, recording: &Recording, all: &Extent) -> Option<String> {
    let number = recording.number?;
    // The total is at least the last number, because a series may lack a number.
    let count = all.highest.max(i64::from(all.held));
    match recording.state {
        RecordingState::Planned => Some(number.to_string()),
        _ if number > count => Some(number.to_string()),
        _ => Some(lang.t_args(
            "position",
            &[("number", number.into()), ("count", count.into())],
        )),
    }
}

/// Title and address of the feeds of a series; none on a page that a named link opened.
pub fn feeds(texts: &Texts, series: &Series) -> Vec<(String, String)> {
    match texts.has_link() {
        true => Vec::new(),
        false => vec![
            (series.title().to_owned(), urls::feed_of(&series.slug)),
            (
                format!("{} (podcast)", series.title()),
                urls::podcast_of(&series.slug),
            ),
        ],
    }
}

/// The number of recordings in words, such as "12 opnamen, 1 volgt nog".
pub fn how_many(lang: Lang, count: Count) -> String {
    let words = |key, count: u32| lang.t_args(key, &[("count", FluentValue::from(count))]);
    match (count.held, count.planned) {
        (held, 0) => words("recordings", held),
        (0, planned) => words("recordings-planned", planned),
        (held, planned) => format!(
            "{}, {}",
            words("recordings", held),
            words("recordings-to-come", planned)
        ),
    }
}

/// The name of a state in the style sheet.
pub fn state_name(state: RecordingState) -> &'static str {
    match state {
        RecordingState::Ready => "ready",
        RecordingState::Planned => "planned",
        RecordingState::Missing => "missing",
    }
}
