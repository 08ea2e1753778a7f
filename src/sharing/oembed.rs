//! `/oembed` (oEmbed 1.0): a site that was given the address of a recording or a series asks here what to show for it. In: an
//! address of ours as people copied it. Out: a frame with the player, as JSON or XML; with `variant=email` the newsletter snippet.
//!
//! Sites that do not know us keep only a bare `iframe` of what they get (WordPress does), so nothing else is sent.

use axum::extract::{RawQuery, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use maud::{PreEscaped, html};
use percent_encoding::percent_decode_str;
use rusqlite::Connection;
use serde::Serialize;

use super::kit::Kit;
use super::newsletter::Width;
use super::wish::Wish;
use super::xml;
use crate::app::App;
use crate::catalogue::address::{self, Place, Resolved};
use crate::catalogue::link::{Target, Token};
use crate::catalogue::{PublicId, Viewer};
use crate::embed_sites::EmbedSites;
use crate::error::{Error, Result};
use crate::playback::poster_play;
use crate::text;
use crate::web::{Texts, urls};

/// Pixels of a frame when a site names none, and at most.
const WIDTH: u32 = 640;
const WIDEST: u32 = 1280;

/// Below the player of a series stands its list, in pixels.
const LIST: u32 = 220;

/// Seconds a site may keep an answer.
const CACHE_AGE: u32 = 3600;

/// What a site is told (oEmbed 1.0 §2.3.4).
#[derive(Debug, Serialize)]
struct Answer {
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

/// `GET /oembed?url=…`, with `format`, `maxwidth`, `maxheight` and `variant`; other parameters are ignored.
///
/// 400 without `url`, 401 when a password stands before it, 404 when there is nothing to show, 501 for other formats.
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let query = query.as_deref();
    let said = |name: &str| urls::parameter(query, name);
    let url = said("url").ok_or_else(|| Error::Told(400, text!("oembed-no-url")))?;
    let format = said("format").unwrap_or_else(|| "json".to_owned());
    if !matches!(format.as_str(), "json" | "xml") {
        return Err(Error::Told(501, text!("oembed-format")));
    }
    let asked = Asked::parse(&url, &app.config.base()).ok_or(Error::NotFound)?;
    let most = |name: &str| said(name)?.parse().ok().filter(|size| *size > 0);
    let bounds = (most("maxwidth"), most("maxheight"));
    let wish = Wish {
        label: None,
        ..Wish::of(query, &texts)
    };
    let (now, link) = (app.clock.now(), asked.link);
    let found = app.db.read(move |conn| {
        // Whoever asks is a site: it sees what visitors see, or what the named link in the address opens.
        let viewer = match link {
            Some(token) => Viewer::holder(token, now),
            None => Viewer::visitor(now),
        };
        let shared = asked.shared(conn, &viewer)?;
        Kit::load(conn, &viewer, shared, wish)
    });
    let mut kit = found.await?;
    let answer = match said("variant").as_deref() {
        Some("email") => {
            if let Some(link) = link {
                // The parts of a series have no addresses that its link opens in a mail.
                if kit.recording.is_none() {
                    return Err(Error::NotFound);
                }
                kit.open_by(link);
            }
            if bounds.0.is_some_and(|widest| widest < Width::Mail.pixels()) {
                kit.wish.width = Width::Column;
            }
            mail(&app, &kit, link.as_ref(), bounds)
        }
        _ => player(&app, &kit, link.as_ref(), bounds),
    };
    respond(&answer, &format)
}

/// What an address of ours names.
struct Asked {
    /// `None`: what the link leads to.
    place: Option<Place>,
    link: Option<Token>,
}

impl Asked {
    /// Reads an address as it was copied: with `http` or `https`, a slash at the end, and whatever a mail tool put behind it.
    fn parse(url: &str, base: &str) -> Option<Self> {
        let (scheme, rest) = url.trim().split_once("://")?;
        let rest = rest
            .strip_prefix(urls::bare(base))
            .filter(|_| matches!(scheme, "http" | "https"))?;
        let rest = rest.split('#').next()?;
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let token = urls::parameter(query, "link").and_then(|token| Token::parse(&token));
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let slug = |slug: &str| percent_decode_str(slug).decode_utf8_lossy().into_owned();
        let (place, link) = match parts.as_slice() {
            ["", "watch" | "embed" | "share", id] => {
                (Some(Place::Recording(PublicId::parse(id)?)), token)
            }
            ["", "series", name] | ["", "embed" | "share", "series", name] => {
                (Some(Place::Series(slug(name))), token)
            }
            ["", "l", token] => (None, Some(Token::parse(token)?)),
            _ => return None,
        };
        Some(Self { place, link })
    }

    /// What is there now, also for an address that was given out long ago.
    fn shared(self, conn: &Connection, viewer: &Viewer) -> Result<Target> {
        let place = match self.place {
            Some(place) => place,
            None => opened(conn, self.link, viewer.now())?,
        };
        match place {
            Place::Recording(id) => {
                let found = address::follow_recording(conn, viewer, &id)?;
                shown(found).map(Target::Recording)
            }
            Place::Series(slug) => {
                let found = address::follow_series(conn, viewer, &slug)?;
                shown(found).map(Target::Series)
            }
        }
    }
}

/// To what a named link leads.
fn opened(conn: &Connection, link: Option<Token>, now: i64) -> Result<Place> {
    match address::resolve_link(conn, &link.ok_or(Error::NotFound)?, now) {
        Ok((place, None)) => Ok(place),
        Ok((_, Some(_))) => Err(Error::Told(401, text!("oembed-locked"))),
        // A site is told that there is nothing to show, whatever became of it (oEmbed 1.0 §2.3.6).
        Err(Error::Over(_) | Error::Gone(_)) => Err(Error::NotFound),
        Err(problem) => Err(problem),
    }
}

fn shown<Name>(found: Resolved<Name>) -> Result<i64> {
    match found {
        Resolved::Here(row) => Ok(row),
        Resolved::Locked(_) => Err(Error::Told(401, text!("oembed-locked"))),
        Resolved::Gone(_) | Resolved::Moved(_) => Err(Error::NotFound),
    }
}

/// A frame with the player, within what the site has room for.
fn player(
    app: &App,
    kit: &Kit,
    link: Option<&Token>,
    (widest, highest): (Option<u32>, Option<u32>),
) -> Answer {
    let base = app.config.base();
    let picture = thumbnail(&base, kit, link, (widest, highest));
    // No site may show the player: a link is all there is (§2.3.4.3).
    if kit.embed_sites(app) == EmbedSites::Nowhere {
        return answer(app, kit, "link", None, picture);
    }
    let below = if kit.recording.is_some() { 0 } else { LIST };
    let mut width = widest.unwrap_or(WIDTH).min(WIDEST);
    let mut height = poster_play::height(width).saturating_add(below);
    if let Some(highest) = highest.filter(|highest| *highest < height) {
        height = highest;
        // A series scrolls within what room there is; a single picture keeps its shape.
        if below == 0 {
            width = width.min(highest.saturating_mul(16) / 9).max(1);
        }
    }
    let path = match &kit.recording {
        Some(recording) => urls::embed(&recording.public_id),
        None => urls::embed_series(&kit.series.slug),
    };
    let src = format!("{base}{}", urls::opened(path, link));
    let frame = html! {
        iframe src=(src) width=(width) height=(height) title=(kit.title()) frameborder="0" scrolling="no" allow="fullscreen; picture-in-picture" allowfullscreen {}
    };
    let frame = Some((frame.into_string(), width, height));
    answer(app, kit, "video", frame, picture)
}

/// The newsletter snippet, for scripts that make mails.
fn mail(app: &App, kit: &Kit, link: Option<&Token>, bounds: (Option<u32>, Option<u32>)) -> Answer {
    let snippet = kit.snippet(app);
    let width = snippet.width.pixels();
    let height = poster_play::height(width);
    let picture = thumbnail(&app.config.base(), kit, link, bounds);
    let block = Some((snippet.html(), width, height));
    answer(app, kit, "rich", block, picture)
}

fn answer(
    app: &App,
    kit: &Kit,
    kind: &'static str,
    shown: Option<(String, u32, u32)>,
    picture: Option<(String, u32)>,
) -> Answer {
    Answer {
        version: "1.0",
        kind,
        title: kit.title().to_owned(),
        author_name: kit.series.organiser.clone(),
        provider_name: app.config.name.clone(),
        provider_url: format!("{}/", app.config.base()),
        cache_age: CACHE_AGE,
        thumbnail_width: picture.as_ref().map(|(_, width)| *width),
        thumbnail_height: picture
            .as_ref()
            .map(|(_, width)| poster_play::height(*width)),
        thumbnail_url: picture.map(|(address, _)| address),
        width: shown.as_ref().map(|(_, width, _)| *width),
        height: shown.as_ref().map(|(_, _, height)| *height),
        html: shown.map(|(html, _, _)| html),
    }
}

/// The largest picture that stays within the bounds too; all three of its fields or none (§2.3.4.2).
fn thumbnail(
    base: &str,
    kit: &Kit,
    link: Option<&Token>,
    (widest, highest): (Option<u32>, Option<u32>),
) -> Option<(String, u32)> {
    let of = kit
        .chosen()
        .into_iter()
        .find(|one| one.poster_version.is_some())?;
    let fits = |width: &u32| {
        widest.is_none_or(|widest| *width <= widest)
            && highest.is_none_or(|highest| poster_play::height(*width) <= highest)
    };
    let width = poster_play::WIDTHS.into_iter().rev().find(fits)?;
    let path = urls::poster_play(&of.public_id, width, of.poster_version.as_deref());
    Some((format!("{base}{}", urls::opened(path, link)), width))
}

fn respond(answer: &Answer, format: &str) -> Result<Response> {
    let (kind, body) = match format {
        "xml" => ("text/xml; charset=utf-8", as_xml(answer)),
        _ => {
            let body = serde_json::to_string(answer).map_err(Error::internal)?;
            ("application/json", body)
        }
    };
    let said = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-cache"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        // The variant for mails has words.
        (VARY, "Accept-Language"),
    ];
    Ok((said, body).into_response())
}

fn as_xml(answer: &Answer) -> String {
    let picture = answer
        .thumbnail_url
        .as_deref()
        .zip(answer.thumbnail_width)
        .zip(answer.thumbnail_height);
    let markup = html! {
        (PreEscaped(xml::DECLARATION))
        oembed {
            version { (answer.version) }
            type { (answer.kind) }
            title { (xml::text(&answer.title)) }
            @if let Some(name) = &answer.author_name { author_name { (xml::text(name)) } }
            provider_name { (xml::text(&answer.provider_name)) }
            provider_url { (answer.provider_url) }
            cache_age { (answer.cache_age) }
            @if let Some(((url, width), height)) = picture {
                thumbnail_url { (url) }
                thumbnail_width { (width) }
                thumbnail_height { (height) }
            }
            @if let Some(html) = &answer.html { html { (xml::text(html)) } }
            @if let Some((width, height)) = answer.width.zip(answer.height) {
                width { (width) }
                height { (height) }
            }
        }
    };
    markup.into_string()
}
