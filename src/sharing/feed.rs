//! `/feed.xml`, `/series/{slug}/feed.xml` and `/series/{slug}/podcast.xml`: recordings for feed readers and podcast apps. In: what
//! visitors see. Out: RSS 2.0; for podcast apps with the tags that Apple requires and those of the podcast namespace, as a course.
//!
//! The guid is the id of the recording, which never changes with its title, its file or the name of its series.

use std::collections::{HashMap, HashSet};

use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use jiff::Zoned;
use maud::{Markup, PreEscaped, html};
use rusqlite::Connection;

use super::xml;
use crate::app::App;
use crate::catalogue::licence::Licence;
use crate::catalogue::recording::order::{self, Shown};
use crate::catalogue::recording::{Recording, publication as published};
use crate::catalogue::series::{self, Series};
use crate::catalogue::slice::Cursor;
use crate::catalogue::source::{self, Source};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{Viewer, address, chapter};
use crate::error::Result;
use crate::web::{Texts, components, format, markdown, publication, reply, urls};

/// Items in the feed of the whole portal, and in that of a series.
const MOST: u32 = 100;

/// Bytes of the episodes of a podcast: it keeps every episode, and beyond this size the older ones have only what an app needs to play them.
const PODCAST_BYTES: usize = 2_900_000;

/// Characters of a description; Apple accepts 4,000 bytes.
const DESCRIPTION: usize = 900;

/// Characters of a title; Apple accepts 255.
const TITLE: usize = 250;

/// Characters of the title of an episode that has only what an app needs.
const SHORT_TITLE: usize = 100;

/// `GET /feed.xml`
pub async fn all(State(app): State<App>, texts: Texts) -> Result<Response> {
    let viewer = app.visitor();
    let feed = app.db.read(move |conn| {
        let recordings = published::newest(conn, &viewer, MOST)?;
        Feed::load(conn, &viewer, recordings, None)
    });
    let feed = feed.await?;
    Ok(answer(feed.rss(&app, &texts, &urls::feed())))
}

/// `GET /series/{slug}/feed.xml`
pub async fn of_series(
    State(app): State<App>,
    Path(slug): Path<String>,
    texts: Texts,
) -> Result<Response> {
    match find(&app, &slug, Some(MOST)).await? {
        Ok(feed) => Ok(answer(feed.rss(&app, &texts, &urls::feed_of(&slug)))),
        Err(today) => reply::moved(&urls::feed_of(&today)),
    }
}

/// `GET /series/{slug}/podcast.xml`
pub async fn podcast(
    State(app): State<App>,
    Path(slug): Path<String>,
    texts: Texts,
) -> Result<Response> {
    match find(&app, &slug, None).await? {
        Ok(feed) => Ok(answer(feed.podcast(&app, &texts, &urls::podcast_of(&slug)))),
        Err(today) => reply::moved(&urls::podcast_of(&today)),
    }
}

/// The feed of a series with its last recordings (`most`: `None` for all), or its current slug.
async fn find(
    app: &App,
    slug: &str,
    most: Option<u32>,
) -> Result<std::result::Result<Feed, String>> {
    let (viewer, slug) = (app.visitor(), slug.to_owned());
    let found = app.db.read(move |conn| {
        address::resolve_series(conn, &viewer, &slug)?.load(|row| {
            // Feed readers expect the newest item first.
            let recordings = published::newest_of(conn, &viewer, row, most)?;
            let first = order::slice(conn, &viewer, (row, Shown::All), &Cursor::First, 1)?;
            let mut feed = Feed::load(conn, &viewer, recordings, Some(series::by_id(conn, row)?))?;
            feed.first = first.items.into_iter().next();
            feed.oldest_slug = address::of_series(conn, row)?.into_iter().next();
            Ok(feed)
        })
    });
    found.await?.here_or_moved()
}

/// The content of a feed, loaded with a fixed number of queries.
struct Feed {
    /// Those that can be watched: a planned one is left out, because readers would skip it as known on the day it appears.
    recordings: Vec<Recording>,
    /// The first recording of the series, planned or not, whose picture is that of the podcast.
    first: Option<Recording>,
    /// `None`: the feed of the whole portal.
    series: Option<Series>,
    all_series: HashMap<i64, Series>,
    sources: HashMap<i64, Vec<Source>>,
    speakers: HashMap<i64, Vec<Speaker>>,
    with_chapters: HashSet<i64>,
    /// When any of it last changed, in UTC seconds.
    changed_at: Option<i64>,
    /// The moment of the request, in UTC seconds.
    now: i64,
    /// The first slug of the series, from which its id for podcast apps is made until the scan keeps one.
    oldest_slug: Option<String>,
}

impl Feed {
    fn load(
        conn: &Connection,
        viewer: &Viewer,
        recordings: Vec<Recording>,
        series: Option<Series>,
    ) -> Result<Self> {
        let ids: Vec<i64> = recordings.iter().map(|one| one.id).collect();
        let of: Vec<i64> = recordings.iter().map(|one| one.series_id).collect();
        Ok(Self {
            all_series: series::by_ids(conn, &of)?,
            sources: source::of_recordings(conn, &ids)?,
            speakers: speaker::of_recordings(conn, &ids)?,
            with_chapters: chapter::having(conn, &ids)?,
            changed_at: published::last_change(conn, viewer, series.as_ref().map(|one| one.id))?,
            now: viewer.now(),
            first: None,
            oldest_slug: None,
            recordings,
            series,
        })
    }

    fn rss(&self, app: &App, texts: &Texts, own_path: &str) -> String {
        let base = app.config.base();
        let channel = html! {
            (self.channel(app, texts, own_path))
            @for one in &self.recordings {
                item {
                    (self.item(app, texts, one))
                    @if let Some((source, _)) = self.enclosures(one) { (enclosure(&base, one, source)) }
                }
            }
        };
        document("xmlns:atom=\"http://www.w3.org/2005/Atom\"", &channel)
    }

    /// The podcast feed: only recordings that can be played, in the order of the course.
    fn podcast(&self, app: &App, texts: &Texts, own_path: &str) -> String {
        let base = app.config.base();
        let first = self.first.as_ref();
        let cover = first.map(|one| format!("{base}{}", urls::cover(&one.public_id)));
        let author = self.author(app);
        let kept = self
            .series
            .as_ref()
            .and_then(|one| one.podcast_guid.clone());
        let oldest = self.oldest_slug.as_deref().unwrap_or_default();
        let guid = kept.unwrap_or_else(|| series::new_podcast_guid(&base, oldest));
        let channel = html! {
            (self.channel(app, texts, own_path))
            itunes:author { (xml::text(&author)) }
            itunes:owner { itunes:name { (xml::text(&author)) } @if let Some(contact) = &app.branding().contact { itunes:email { (contact) } } }
            itunes:explicit { "false" }
            itunes:type { "serial" }
            itunes:category text="Education" { itunes:category text="Courses" {} }
            @if let Some(cover) = &cover {
                itunes:image href=(cover) {}
                image { url { (cover) } title { (xml::text(&self.title(app))) } (linked(&self.link(&base))) }
            }
            podcast:guid { (guid) }
            podcast:medium { "course" }
            podcast:locked { "no" }
            @if let Some(licence) = self.series.as_ref().and_then(|one| one.licence).or(app.config.licence()) { (licensed(licence, &self.link(&base))) }
            @for episode in self.episodes(app, texts) { (episode) }
        };
        let spaces = "xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
                      xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"";
        document(spaces, &channel)
    }

    /// All recordings that can be played, the last ones in full as far as [`PODCAST_BYTES`] allow.
    fn episodes(&self, app: &App, texts: &Texts) -> Vec<Markup> {
        let base = app.config.base();
        let playing = self.recordings.iter();
        let playing = playing.filter_map(|one| Some((one, self.enclosures(one)?)));
        let playing: Vec<_> = playing.collect();
        let short = playing
            .iter()
            .map(|(one, (source, _))| self.short(app, one, source));
        let short: Vec<Markup> = short.collect();
        let least: usize = short.iter().map(|item| item.0.len()).sum();
        let mut left = PODCAST_BYTES.saturating_sub(least);
        let items = playing.into_iter().zip(short);
        let items = items.map(|((one, (source, sound)), short)| {
            if left == 0 {
                return short;
            }
            let whole = html! {
                item {
                    (self.item(app, texts, one))
                    (enclosure(&base, one, source))
                    (self.episode(&base, one))
                    @if let Some(sound) = sound { (alternate(&base, one, sound)) }
                }
            };
            let more = whole.0.len().saturating_sub(short.0.len());
            let fits = more <= left;
            left = if fits { left - more } else { 0 };
            if fits { whole } else { short }
        });
        items.collect()
    }

    /// An old episode of a long podcast: who it is and where its file is.
    fn short(&self, app: &App, one: &Recording, source: &Source) -> Markup {
        html! {
            item {
                title { (xml::text(markdown::shorten(one.title(), SHORT_TITLE).as_str())) }
                guid isPermaLink="false" { "terugkijken:" (one.public_id) }
                (self.published(app, one))
                (enclosure(&app.config.base(), one, source))
            }
        }
    }

    fn title(&self, app: &App) -> String {
        let series = self.series.as_ref();
        series.map_or_else(|| app.branding().name.clone(), |one| one.title().to_owned())
    }

    fn author(&self, app: &App) -> String {
        let organiser = self.series.as_ref().and_then(|one| one.organiser.clone());
        organiser.unwrap_or_else(|| app.branding().name.clone())
    }

    fn link(&self, base: &str) -> String {
        let series = self.series.as_ref();
        let path = series.map_or_else(urls::home, |one| urls::series(&one.slug));
        format!("{base}{path}")
    }

    fn channel(&self, app: &App, texts: &Texts, own_path: &str) -> Markup {
        let base = app.config.base();
        let series = self.series.as_ref();
        let described = series.and_then(|one| one.description.as_deref());
        let description = described.map_or_else(
            || texts.t_args("feed-description", &[("name", self.title(app).into())]),
            |text| markdown::plain(text, DESCRIPTION),
        );
        let language = series.map_or(texts.lang().tag(), |one| one.language());
        html! {
            title { (xml::text(markdown::shorten(&self.title(app), TITLE).as_str())) }
            (linked(&self.link(&base)))
            description { (xml::html(&description)) }
            language { (language) }
            atom:link rel="self" type="application/rss+xml" href={ (base) (own_path) } {}
            @if let Some(changed) = self.last_change(app) { lastBuildDate { (changed) } }
        }
    }

    /// When the feed last changed, which is never before the publication of what it lists.
    fn last_change(&self, app: &App) -> Option<String> {
        let zone = app.config.zone();
        let newest = self.recordings.iter();
        let newest = newest.filter_map(|one| publication::moment(one, &zone, self.now));
        let newest = newest.map(|moment| moment.timestamp().as_second()).max();
        let at = self.changed_at.max(newest)?.min(self.now);
        rfc_2822(&publication::zoned(at, &zone)?)
    }

    /// RSS 2.0: "when the item was published". The day of the session is in the text.
    fn published(&self, app: &App, one: &Recording) -> Markup {
        let moment = publication::moment(one, &app.config.zone(), self.now);
        html! { @if let Some(moment) = moment.as_ref().and_then(rfc_2822) { pubDate { (moment) } } }
    }

    fn item(&self, app: &App, texts: &Texts, one: &Recording) -> Markup {
        let base = app.config.base();
        let of = self.all_series.get(&one.series_id);
        html! {
            title { (xml::text(markdown::shorten(one.title(), TITLE).as_str())) }
            (linked(&format!("{base}{}", urls::watch(&one.public_id))))
            guid isPermaLink="false" { "terugkijken:" (one.public_id) }
            (self.published(app, one))
            @if let Some(description) = description(texts, one) { description { (description) } }
            @if let (Some(series), None) = (of, &self.series) { category { (xml::text(series.title())) } }
        }
    }

    /// Tags for podcast apps.
    fn episode(&self, base: &str, one: &Recording) -> Markup {
        let id = &one.public_id;
        html! {
            itunes:title { (xml::text(markdown::shorten(one.title(), TITLE).as_str())) }
            itunes:episodeType { "full" }
            @if let Some(number) = one.number.filter(|number| *number > 0) { itunes:episode { (number) } }
            @if let Some(ms) = one.duration_ms { itunes:duration { (ms / 1000) } }
            itunes:image href={ (base) (urls::cover(id)) } {}
            itunes:explicit { "false" }
            @if let Some(licence) = one.licence { (licensed(licence, &format!("{base}{}", urls::watch(id)))) }
            @for language in &one.caption_languages {
                podcast:transcript url={ (base) (urls::caption(id, language)) } type="text/vtt" language=(language) rel="captions" {}
                podcast:transcript url={ (base) (urls::transcript(id, language)) } type="text/plain" language=(language) {}
            }
            @if self.with_chapters.contains(&one.id) {
                podcast:chapters url={ (base) (urls::chapters_json(id)) } type="application/json+chapters" {}
            }
            @for speaker in self.speakers.get(&one.id).map_or(&[][..], Vec::as_slice) {
                podcast:person href={ (base) (urls::speaker(&speaker.slug)) } { (xml::text(&speaker.name)) }
            }
        }
    }

    /// The file of an episode, and an audio-only alternative to a video. The largest of the files that play in common browsers is
    /// taken.
    fn enclosures(&self, one: &Recording) -> Option<(&Source, Option<&Source>)> {
        // Apps download files, so a recording without a download is left out.
        if !one.download() {
            return None;
        }
        let sources = self.sources.get(&one.id)?;
        let sure = || {
            sources
                .iter()
                .filter(|source| source.playable && !source.is_replaced)
        };
        let film = sure().rfind(|source| source.width.is_some());
        let sound = sure().rfind(|source| source.width.is_none());
        match (film, sound) {
            (Some(film), sound) => Some((film, sound)),
            (None, Some(sound)) => Some((sound, None)),
            (None, None) => sources.first().map(|source| (source, None)),
        }
    }
}

/// The licence tag. A licence outside the SPDX list needs an address that explains it (podcastindex.org/namespace/1.0): the page of
/// the recording.
fn licensed(licence: Licence, page: &str) -> Markup {
    html! { podcast:license url=(licence.address().as_deref().unwrap_or(page)) { (licence.as_str()) } }
}

/// `link` is a void element in HTML, so maud cannot close it.
pub fn linked(address: &str) -> Markup {
    html! { (PreEscaped("<link>")) (address) (PreEscaped("</link>")) }
}

fn media(base: &str, one: &Recording, source: &Source) -> String {
    format!(
        "{base}{}",
        urls::media(&one.public_id, &source.version, &source.file)
    )
}

fn enclosure(base: &str, one: &Recording, source: &Source) -> Markup {
    html! { enclosure url=(media(base, one, source)) length=(source.size_bytes) type=(source.media_type()) {} }
}

fn alternate(base: &str, one: &Recording, source: &Source) -> Markup {
    html! {
        podcast:alternateEnclosure type=(source.media_type()) length=(source.size_bytes) lang=(one.language()) {
            podcast:source uri=(media(base, one, source)) {}
        }
    }
}

/// The text of an item: its description, and the day of the session. RSS 2.0 has HTML there, so plain text is escaped as HTML first.
fn description(texts: &Texts, one: &Recording) -> Option<String> {
    let text = components::description(one, DESCRIPTION);
    let day = one.date.as_deref().map(|date| {
        let day = format::date(texts.lang(), date);
        texts.t_args("feed-recorded", &[("date", day.into())])
    });
    let paragraphs = text.iter().chain(&day);
    let paragraphs: Vec<String> = paragraphs
        .map(|it| format!("<p>{}</p>", xml::html(it)))
        .collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n"))
}

/// A moment in the format of RSS (RFC 2822 §3.3).
fn rfc_2822(moment: &Zoned) -> Option<String> {
    jiff::fmt::rfc2822::to_string(moment).ok()
}

/// An RSS document. `spaces`: the namespaces of its tags, as attributes.
pub fn document(spaces: &str, channel: &Markup) -> String {
    format!(
        "{}<rss version=\"2.0\" {spaces}><channel>{}</channel></rss>\n",
        xml::DECLARATION,
        channel.0
    )
}

fn answer(body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/rss+xml; charset=utf-8"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CACHE_CONTROL, "no-cache"),
        (VARY, "Accept-Language"),
    ];
    (headers, body).into_response()
}
