//! For search engines: `/sitemap.xml` with a video entry for each recording, and `/robots.txt`; for security researchers
//! `/.well-known/security.txt`. They name only what visitors see in lists, without demonstration series.

use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{Span, Timestamp, Zoned};
use maud::{Markup, html};
use rusqlite::Connection;

use super::xml;
use crate::app::App;
use crate::catalogue::recording::{
    Recording, RecordingState, mapped, publication as publication_of,
};
use crate::catalogue::source::{self, Source};
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::web::texts::Lang;
use crate::web::{components, markdown, publication, urls};

/// The address of the sitemap.
const SITEMAP: &str = "/sitemap.xml";

/// Most recordings and most series in one sitemap; a larger portal has an index of sitemaps (sitemaps.org), each of them short enough
/// to be made while it is asked for.
const RECORDINGS: u32 = 250;
const SERIES: u32 = 1000;

/// Characters of a title in a video entry; the next constant bounds a description.
const TITLE: usize = 100;
const DESCRIPTION: usize = 500;

/// Days for which `security.txt` is valid; it is generated at each request (RFC 9116 §2.5.5: less than a year).
const VALID_DAYS: i64 = 180;

/// What is asked for.
enum Asked {
    /// All addresses, or the index when they are too many.
    Whole,
    /// The series after this slug.
    Series(String),
    /// The recordings after this one.
    Recordings(Option<PublicId>),
}

impl Asked {
    /// Parses the query of a sitemap in the index: `of`, and `after`.
    fn of(query: Option<&str>) -> Self {
        let after = urls::parameter(query, "after").unwrap_or_default();
        match urls::parameter(query, "of").as_deref() {
            Some("series") => Self::Series(after),
            Some("recordings") => Self::Recordings(PublicId::parse(&after)),
            _ => Self::Whole,
        }
    }

    /// The address of this sitemap.
    fn path(&self) -> String {
        let (of, after) = match self {
            Self::Whole => return SITEMAP.to_owned(),
            Self::Series(after) => ("series", after.as_str()),
            Self::Recordings(after) => ("recordings", after.as_ref().map_or("", PublicId::as_str)),
        };
        let path = urls::with(SITEMAP, "of", of);
        match after {
            "" => path,
            after => urls::with(&path, "after", after),
        }
    }
}

/// A sitemap, or the index of several.
enum Map {
    Index(Vec<Asked>),
    Addresses {
        has_home: bool,
        series: Vec<(String, i64)>,
        recordings: Vec<(Recording, Option<Source>)>,
        /// When anything of the portal last changed for visitors, in UTC seconds.
        changed_at: Option<i64>,
    },
}

impl Map {
    fn load(conn: &Connection, viewer: &Viewer, asked: &Asked) -> Result<Self> {
        let (series, recordings) = match asked {
            Asked::Whole => {
                let recordings = mapped::recording_borders(conn, viewer, RECORDINGS)?;
                let series = mapped::series_borders(conn, viewer, SERIES)?;
                if !recordings.is_empty() || !series.is_empty() {
                    let series = series.into_iter().map(Asked::Series);
                    let recordings = recordings.into_iter().map(|id| Asked::Recordings(Some(id)));
                    let first = [Asked::Series(String::new()), Asked::Recordings(None)];
                    let all = first.into_iter().chain(series).chain(recordings);
                    return Ok(Self::Index(all.collect()));
                }
                (
                    mapped::series(conn, viewer, "", SERIES)?,
                    with_files(conn, mapped::recordings(conn, viewer, None, RECORDINGS)?)?,
                )
            }
            Asked::Series(after) => (mapped::series(conn, viewer, after, SERIES)?, Vec::new()),
            Asked::Recordings(after) => {
                let found = mapped::recordings(conn, viewer, after.as_ref(), RECORDINGS)?;
                (Vec::new(), with_files(conn, found)?)
            }
        };
        Ok(Self::Addresses {
            has_home: matches!(asked, Asked::Whole)
                || matches!(asked, Asked::Series(after) if after.is_empty()),
            series,
            recordings,
            changed_at: publication_of::last_change(conn, viewer, None)?,
        })
    }
}

/// The recordings, each with its largest video. It is the last file with a picture; smaller ones and audio files precede it.
fn with_files(
    conn: &Connection,
    recordings: Vec<Recording>,
) -> Result<Vec<(Recording, Option<Source>)>> {
    let ids: Vec<i64> = recordings.iter().map(|one| one.id).collect();
    let mut sources = source::of_recordings(conn, &ids)?;
    let recordings = recordings.into_iter().map(|one| {
        let files = sources.remove(&one.id).unwrap_or_default();
        let file = files
            .into_iter()
            .rfind(|it| it.width.is_some() && !it.is_replaced);
        (one, file)
    });
    Ok(recordings.collect())
}

/// `GET /sitemap.xml`; `?of=` and `?after=` name a part of it.
pub async fn show(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response> {
    let (viewer, asked) = (app.visitor(), Asked::of(query.as_deref()));
    let map = app.db.read(move |conn| Map::load(conn, &viewer, &asked));
    let base = app.config.base();
    let body = match map.await? {
        Map::Index(parts) => {
            let parts = html! { @for part in &parts { sitemap { loc { (base) (part.path()) } } } };
            let (declaration, parts) = (xml::DECLARATION, parts.0);
            format!(
                "{declaration}<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{parts}</sitemapindex>\n"
            )
        }
        Map::Addresses {
            has_home,
            series,
            recordings,
            changed_at,
        } => {
            let (zone, now) = (app.config.zone(), app.clock.now());
            let changed = |at: i64| publication::zoned(at.min(now), &zone).filter(|_| at > 0);
            let addresses = html! {
                @if has_home { (page(&base, &urls::home(), changed_at.and_then(changed))) }
                @for (slug, at) in &series { (page(&base, &urls::series(slug), changed(*at))) }
                @for (one, file) in &recordings {
                    url {
                        (located(&base, &urls::watch(&one.public_id)))
                        (last_change(publication::last_change(one, &zone, now)))
                        @if let Some(file) = file { (video(&app, &base, one, file)) }
                    }
                }
            };
            let (declaration, addresses) = (xml::DECLARATION, addresses.0);
            format!(
                "{declaration}<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\" xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\">{addresses}</urlset>\n"
            )
        }
    };
    Ok(([(CONTENT_TYPE, "application/xml")], body).into_response())
}

fn page(base: &str, path: &str, changed: Option<Zoned>) -> Markup {
    html! { url { (located(base, path)) (last_change(changed)) } }
}

/// The address of a page, and its address in each language, as the page itself says them.
fn located(base: &str, path: &str) -> Markup {
    html! {
        loc { (base) (path) }
        @for lang in Lang::ALL {
            xhtml:link rel="alternate" hreflang=(lang.tag()) href={ (base) (urls::with(path, "lang", lang.tag())) } {}
        }
        xhtml:link rel="alternate" hreflang="x-default" href={ (base) (path) } {}
    }
}

/// When a page last changed for visitors, which is never later than now (sitemaps.org, `lastmod`).
fn last_change(changed: Option<Zoned>) -> Markup {
    html! { @if let Some(changed) = &changed { lastmod { (publication::iso(changed)) } } }
}

/// A video entry, for a recording that can be watched and has a picture.
fn video(app: &App, base: &str, one: &Recording, file: &Source) -> Markup {
    if one.state != RecordingState::Ready || one.sound_only {
        return html! {};
    }
    // Sitemaps allow durations from 1 to 28,800 seconds.
    let seconds = one.duration_ms.map(|ms| ms / 1000);
    let seconds = seconds.filter(|seconds| (1..=28_800).contains(seconds));
    let published = publication::moment(one, &app.config.zone(), app.clock.now());
    let text = components::description(one, DESCRIPTION);
    let text = text.unwrap_or_else(|| one.title().to_owned());
    html! {
        video:video {
            video:thumbnail_loc { (base) (urls::poster_play(&one.public_id, 1200, None)) }
            video:title { (xml::text(&markdown::shorten(one.title(), TITLE))) }
            video:description { (xml::text(&text)) }
            @if one.download() { video:content_loc { (base) (urls::media(&one.public_id, &file.version, &file.file)) } }
            video:player_loc { (base) (urls::embed(&one.public_id)) }
            @if let Some(seconds) = seconds { video:duration { (seconds) } }
            @if let Some(moment) = &published { video:publication_date { (publication::iso(moment)) } }
            video:family_friendly { "yes" }
        }
    }
}

/// `GET /robots.txt` (RFC 9309). Named links stand open to robots: programs that draw previews obey these rules, and a search engine only
/// sees the `noindex` of a page that it may read.
pub async fn robots(State(app): State<App>) -> Response {
    let base = app.config.base();
    text(format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /sign-in\nDisallow: /welcome/\nDisallow: /uploads\nDisallow: /notices.xml\n\nSitemap: {base}/sitemap.xml\n"
    ))
}

/// `GET /.well-known/security.txt` (RFC 9116), when a security contact is set.
pub async fn security(State(app): State<App>) -> Result<Response> {
    let contact = app.config.security_contact.as_deref();
    let contact = contact.ok_or(Error::NotFound)?;
    let contact = match contact.contains("://") || contact.starts_with("mailto:") {
        true => contact.to_owned(),
        false => format!("mailto:{contact}"),
    };
    let now = Timestamp::from_second(app.clock.now()).map_err(Error::internal)?;
    let expires = now
        .checked_add(Span::new().hours(24 * VALID_DAYS))
        .map_err(Error::internal)?;
    let base = app.config.base();
    Ok(text(format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: nl, en\nCanonical: {base}/.well-known/security.txt\n"
    )))
}

fn text(body: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
