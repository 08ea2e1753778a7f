//! `/oembed` (oEmbed 1.0): the endpoint where a site asks what to show for the address of a recording or series. In: an address of
//! the portal as people copied it. Out: a frame with the player, as JSON or XML; with `variant=email` the newsletter snippet.
//!
//! Many sites (WordPress) keep only a bare `iframe` of the answer, so nothing else is sent.

use axum::extract::{RawQuery, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use maud::{PreEscaped, html};
use percent_encoding::percent_decode_str;
use rusqlite::Connection;
use serde::Serialize;

use super::newsletter::Width;
use super::share_options::ShareOptions;
use super::share_page::SharePage;
use super::xml;
use crate::app::App;
use crate::catalogue::address::{self, Destination, Resolved};
use crate::catalogue::link::{Target, Token};
use crate::catalogue::name::isolated;
use crate::catalogue::{PublicId, Viewer, recording};
use crate::embed_sites::EmbedSites;
use crate::error::{Error, Result};
use crate::playback::poster_play;
use crate::text;
use crate::web::fragment::{self, Fragment};
use crate::web::{Lang, Texts, mangled, urls};

/// Width of a frame in pixels by default; the next constant is the largest width.
const WIDTH: u32 = 640;
const WIDEST: u32 = 1280;

/// Height of the list below the player of a series, in pixels.
const LIST: u32 = 220;

/// Seconds for which a site may cache an answer.
const CACHE_AGE: u32 = 3600;

/// The answer (oEmbed 1.0 §2.3.4).
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
    #[serde(flatten)]
    thumbnail: Option<Thumbnail>,
    #[serde(flatten)]
    content: Option<Content>,
}

/// A picture: all three fields or none (§2.3.4.2).
#[derive(Debug, Serialize)]
struct Thumbnail {
    thumbnail_url: String,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

/// The HTML for the page of the site; a plain link has none.
#[derive(Debug, Serialize)]
struct Content {
    html: String,
    width: u32,
    height: u32,
}

/// The size that the site allows, in pixels.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    widest: Option<u32>,
    highest: Option<u32>,
}

/// `GET /oembed?url=…`, with `format`, `maxwidth`, `maxheight` and `variant`; other parameters are ignored.
///
/// 400 without `url`, 401 when a password is needed, 404 when there is nothing to show, 501 for other formats.
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let query = query.as_deref();
    let parameter = |name: &str| urls::parameter(query, name);
    let url = parameter("url").ok_or_else(|| Error::Status(400, text!("oembed-no-url")))?;
    let format = parameter("format").unwrap_or_else(|| "json".to_owned());
    if !matches!(format.as_str(), "json" | "xml") {
        return Err(Error::Status(501, text!("oembed-format")));
    }
    let asked = Asked::all(&url, &app.config.base());
    let most = |name: &str| parameter(name)?.parse().ok().filter(|size| *size > 0);
    let bounds = Bounds {
        widest: most("maxwidth"),
        highest: most("maxheight"),
    };
    let options = ShareOptions {
        label: None,
        // The address that is asked about has the moments.
        moments: Default::default(),
        ..ShareOptions::of(query, &texts)
    };
    let now = app.clock.now();
    let found = app.db.read(move |conn| {
        let (asked, viewer, shared) = first_shared(conn, asked, now)?;
        let held_until = recording::held_until(conn, &viewer)?;
        let page = SharePage::load(conn, &viewer, shared, options)?.playing(asked.fragment);
        Ok((page, held_until, asked))
    });
    let (mut page, held_until, asked) = found.await?;
    let link = asked.link;
    let cache_age = cache_age(&page, held_until, now);
    let answer = match parameter("variant").as_deref() {
        Some("email") => {
            if let Some(link) = link {
                // The recordings of a series have no addresses that its link opens, so a mail cannot list them.
                if page.recording.is_none() {
                    return Err(Error::NotFound);
                }
                page.open_by(link);
            }
            let is_narrow = |widest| widest < Width::Mail.pixels();
            if bounds.widest.is_some_and(is_narrow) {
                page.options.width = Width::Column;
            }
            Answer::of(&app, &page, "rich", Some(mail(&app, &page)))
        }
        // When no site may embed the player, the answer is a plain link (§2.3.4.3).
        _ if page.embed_sites(&app) == EmbedSites::Nowhere => Answer::of(&app, &page, "link", None),
        _ => {
            let player = player(&app, &page, &asked, bounds);
            Answer::of(&app, &page, "video", Some(player))
        }
    };
    let thumbnail = thumbnail(&app.config.base(), &page, link.as_ref(), bounds);
    let answer = Answer {
        thumbnail,
        cache_age,
        ..answer
    };
    // What a link in the address opened is for its holder.
    let cache = link.map_or("no-cache", |_| "private, no-cache");
    respond(&answer, &format, cache)
}

/// The object that an address names.
struct Asked {
    /// `None`: the object of the link.
    place: Option<Destination>,
    link: Option<Token>,
    /// The part of the recording that the address names.
    fragment: Fragment,
    /// The recording that a frame with a series shows.
    recording: Option<PublicId>,
    /// The language of the frame.
    lang: Option<Lang>,
}

impl Asked {
    /// The objects that a copied address may name, the likeliest first: as it is, and as it was before a mail or fingers changed it.
    fn all(url: &str, base: &str) -> Vec<Self> {
        let Some((path, query)) = own(url, base) else {
            return Vec::new();
        };
        let as_it_is = Self::parse(path, query);
        let repaired = mangled::repairs(path, query);
        let repaired = repaired.iter().filter_map(|address| {
            let (path, query) = split(address);
            Self::parse(path, query)
        });
        as_it_is.into_iter().chain(repaired).collect()
    }

    /// Parses an address of ours: with perhaps a trailing slash, and parameters that a mail tool added.
    fn parse(path: &str, query: Option<&str>) -> Option<Self> {
        let token = urls::parameter(query, "link").and_then(|token| Token::parse(&token));
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let slug = |slug: &str| percent_decode_str(slug).decode_utf8_lossy().into_owned();
        let (place, link) = match parts.as_slice() {
            ["", "watch" | "embed" | "share", id] => {
                (Some(Destination::Recording(PublicId::parse(id)?)), token)
            }
            ["", "series", name] | ["", "embed" | "share", "series", name] => {
                (Some(Destination::Series(slug(name))), token)
            }
            ["", "l", token] => (None, Some(Token::parse(token)?)),
            _ => return None,
        };
        Some(Self {
            place,
            link,
            fragment: fragment(&parts, query),
            recording: urls::parameter(query, "recording")
                .and_then(|id| PublicId::parse(&id))
                .filter(|_| parts.starts_with(&["", "embed", "series"])),
            lang: urls::parameter(query, "lang").and_then(|tag| Lang::from_tag(&tag)),
        })
    }

    /// Resolves the address, also a former one.
    fn shared(&self, conn: &Connection, viewer: &Viewer) -> Result<Target> {
        let place = match self.place.clone() {
            Some(place) => place,
            None => opened(conn, self.link, viewer.now())?,
        };
        match place {
            Destination::Recording(id) => {
                let found = address::follow_recording(conn, viewer, &id)?;
                shown(found).map(Target::Recording)
            }
            Destination::Series(slug) => {
                let found = address::follow_series(conn, viewer, &slug)?;
                shown(found).map(Target::Series)
            }
        }
    }
}

/// Path and query of an address of this portal, with `http` or `https`.
fn own<'a>(url: &'a str, base: &str) -> Option<(&'a str, Option<&'a str>)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let host = urls::bare(base);
    // Scheme and host have no case (RFC 3986 §6.2.2.1).
    let is_ours = ["http", "https"]
        .iter()
        .any(|one| scheme.eq_ignore_ascii_case(one))
        && rest.get(..host.len())?.eq_ignore_ascii_case(host);
    let rest = is_ours.then(|| rest.get(host.len()..)).flatten()?;
    Some(split(rest.split('#').next()?))
}

fn split(address: &str) -> (&str, Option<&str>) {
    match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    }
}

/// The fragment in an address with these parts: `t` of a page is `start` of the player, both as those read them. The page of a series
/// has no moments.
fn fragment(parts: &[&str], query: Option<&str>) -> Fragment {
    let [start, t] = fragment::OF_FRAME;
    match (parts.contains(&"embed"), parts.contains(&"series")) {
        (true, _) => Fragment::beginning(query, &[start, t]),
        (false, false) => Fragment::beginning(query, &[t, start]),
        (false, true) => Fragment::default(),
    }
}

/// The first of the objects that can be shown, or that says why not. The client is a site, so it gets what visitors see, or what the
/// named link in the address opens.
fn first_shared(conn: &Connection, asked: Vec<Asked>, now: i64) -> Result<(Asked, Viewer, Target)> {
    for one in asked {
        let viewer = match one.link {
            Some(token) => Viewer::holder(token, now),
            None => Viewer::visitor(now),
        };
        match one.shared(conn, &viewer) {
            Ok(shared) => return Ok((one, viewer, shared)),
            Err(Error::NotFound) => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(Error::NotFound)
}

/// Resolves a named link.
fn opened(conn: &Connection, link: Option<Token>, now: i64) -> Result<Destination> {
    match address::resolve_link(conn, &link.ok_or(Error::NotFound)?, now) {
        Ok((place, None)) => Ok(place),
        Ok((_, Some(_))) => Err(Error::Status(401, text!("oembed-locked"))),
        // The site learns that there is nothing to show, not what happened to it (oEmbed 1.0 §2.3.6).
        Err(Error::Over(_) | Error::Gone(_)) => Err(Error::NotFound),
        Err(problem) => Err(problem),
    }
}

fn shown<Name>(found: Resolved<Name>) -> Result<i64> {
    match found {
        Resolved::Found(row) => Ok(row),
        Resolved::Locked(_) => Err(Error::Status(401, text!("oembed-locked"))),
        Resolved::Gone(_) | Resolved::Moved(_) => Err(Error::NotFound),
    }
}

/// Seconds for which a site may cache the answer: not beyond the moment at which it may no longer show one of the recordings.
fn cache_age(page: &SharePage, held_until: Option<i64>, now: i64) -> u32 {
    let ends = page.chosen().iter();
    let ends = ends.filter_map(|one| one.metadata.visible_until.as_ref().map(|moment| moment.at));
    let next = ends.chain(held_until).min();
    let left = next.map(|end| u32::try_from(end.saturating_sub(now).max(0)).unwrap_or(u32::MAX));
    left.map_or(CACHE_AGE, |left| left.min(CACHE_AGE))
}

impl Answer {
    /// An answer of a type in §2.3.4.
    fn of(app: &App, page: &SharePage, kind: &'static str, content: Option<Content>) -> Self {
        Self {
            version: "1.0",
            kind,
            title: page.title().to_owned(),
            author_name: page.series.organiser.clone(),
            provider_name: app.branding().name.clone(),
            provider_url: format!("{}/", app.config.base()),
            cache_age: CACHE_AGE,
            thumbnail: None,
            content,
        }
    }
}

/// A frame with the player, within the size that the site allows.
fn player(app: &App, page: &SharePage, asked: &Asked, bounds: Bounds) -> Content {
    let below = if page.recording.is_some() { 0 } else { LIST };
    let mut width = bounds.widest.unwrap_or(WIDTH).min(WIDEST);
    let mut height = poster_play::height(width).saturating_add(below);
    if let Some(highest) = bounds.highest.filter(|highest| *highest < height) {
        height = highest;
        // The list of a series can scroll, while a single picture keeps its aspect ratio.
        if below == 0 {
            width = width.min(highest.saturating_mul(16) / 9).max(1);
        }
    }
    let path = urls::opened(page.player(), asked.link.as_ref());
    let path = match &asked.recording {
        Some(id) => urls::with(&path, "recording", id.as_str()),
        None => path,
    };
    let path = asked.fragment.of_frame(&path);
    let path = match asked.lang {
        Some(lang) => urls::with(&path, "lang", lang.tag()),
        None => path,
    };
    let src = format!("{}{path}", app.config.base());
    let frame = html! {
        iframe src=(src) width=(width) height=(height) title=(isolated(page.title())) frameborder="0" scrolling="no" allow="fullscreen; picture-in-picture" allowfullscreen {}
    };
    Content {
        html: frame.into_string(),
        width,
        height,
    }
}

/// The newsletter snippet, for scripts that create mails.
fn mail(app: &App, page: &SharePage) -> Content {
    let snippet = page.snippet(app);
    let width = snippet.width.pixels();
    Content {
        html: snippet.html(),
        width,
        height: poster_play::height(width),
    }
}

/// The largest picture within the size that the site allows.
fn thumbnail(
    base: &str,
    page: &SharePage,
    link: Option<&Token>,
    bounds: Bounds,
) -> Option<Thumbnail> {
    let mut chosen = page.chosen().iter();
    let of = chosen.find(|one| one.poster_version.is_some())?;
    let fits = |width: &u32| {
        bounds.widest.is_none_or(|widest| *width <= widest)
            && (bounds.highest).is_none_or(|highest| poster_play::height(*width) <= highest)
    };
    let width = poster_play::WIDTHS.into_iter().rev().find(fits)?;
    let path = urls::poster_play(&of.public_id, width, of.poster_version.as_deref());
    Some(Thumbnail {
        thumbnail_url: format!("{base}{}", urls::opened(path, link)),
        thumbnail_width: width,
        thumbnail_height: poster_play::height(width),
    })
}

fn respond(answer: &Answer, format: &str, cache: &'static str) -> Result<Response> {
    let (kind, body) = match format {
        "xml" => ("text/xml; charset=utf-8", as_xml(answer)),
        _ => {
            let body = serde_json::to_string(answer).map_err(Error::internal)?;
            ("application/json", body)
        }
    };
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, cache),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        // The variant for mails contains translated text.
        (VARY, "Accept-Language"),
    ];
    Ok((headers, body).into_response())
}

fn as_xml(answer: &Answer) -> String {
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
            @if let Some(picture) = &answer.thumbnail {
                thumbnail_url { (picture.thumbnail_url) }
                thumbnail_width { (picture.thumbnail_width) }
                thumbnail_height { (picture.thumbnail_height) }
            }
            @if let Some(content) = &answer.content {
                html { (xml::text(&content.html)) }
                width { (content.width) }
                height { (content.height) }
            }
        }
    };
    markup.into_string()
}
