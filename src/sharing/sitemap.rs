//! For search engines: `/sitemap.xml` with a video entry for each recording, and `/robots.txt`; for security researchers
//! `/.well-known/security.txt`. They name only what visitors see in lists, without demonstration series.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{Span, Timestamp};
use maud::{Markup, html};
use rusqlite::Connection;

use super::xml;
use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::{self, Recording, RecordingState};
use crate::catalogue::series::{self, Overview};
use crate::error::{Error, Result};
use crate::web::{components, format, markdown, urls};

/// Most addresses of recordings; a sitemap may hold 50,000 addresses (sitemaps.org).
const MOST: u32 = 45_000;

/// Characters of a title in a video entry; the next constant bounds a description.
const TITLE: usize = 100;
const DESCRIPTION: usize = 2000;

/// Days for which `security.txt` is valid; it is generated at each request (RFC 9116 §2.5.5: less than a year).
const VALID_DAYS: i64 = 180;

struct Map {
    series: Vec<Overview>,
    recordings: Vec<(Recording, Option<Original>)>,
}

impl Map {
    fn load(conn: &Connection, viewer: &Viewer) -> Result<Self> {
        let mut series = series::overviews(conn, viewer)?;
        series.retain(|one| !one.series.demonstration());
        let mut recordings = recording::newest(conn, viewer, MOST)?;
        recordings.retain(|one| series.iter().any(|it| it.series.id == one.series_id));
        let ids: Vec<i64> = recordings.iter().map(|one| one.id).collect();
        let mut sources = original::sources_of(conn, &ids)?;
        let recordings = recordings.into_iter().map(|one| {
            // The last file with a picture is the largest video; smaller ones and audio files precede it.
            let file = sources
                .remove(&one.id)
                .and_then(|files| files.into_iter().rfind(|it| it.facts.width.is_some()));
            (one, file)
        });
        Ok(Self {
            recordings: recordings.collect(),
            series,
        })
    }
}

/// `GET /sitemap.xml`
pub async fn show(State(app): State<App>) -> Result<Response> {
    let viewer = app.visitor();
    let map = app.db.read(move |conn| Map::load(conn, &viewer)).await?;
    let base = app.config.base();
    let addresses = html! {
        (page(&base, &urls::home()))
        @for one in &map.series { (page(&base, &urls::series(&one.series.slug))) }
        @for (one, file) in &map.recordings {
            url {
                loc { (base) (urls::watch(&one.public_id)) }
                @if let Some(file) = file { (video(&app, &base, one, file)) }
            }
        }
    };
    let body = format!(
        "{}<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:video=\"http://www.google.com/schemas/sitemap-video/1.1\">{}</urlset>\n",
        xml::DECLARATION,
        addresses.0
    );
    Ok(([(CONTENT_TYPE, "application/xml")], body).into_response())
}

fn page(base: &str, path: &str) -> Markup {
    html! { url { loc { (base) (path) } } }
}

/// A video entry, for a recording that can be watched and has a picture.
fn video(app: &App, base: &str, one: &Recording, file: &Original) -> Markup {
    if one.state != RecordingState::Ready || one.sound_only {
        return html! {};
    }
    // Sitemaps allow durations from 1 to 28,800 seconds.
    let seconds = one.duration_ms.map(|ms| ms / 1000);
    let seconds = seconds.filter(|seconds| (1..=28_800).contains(seconds));
    let date = one.date.as_deref();
    let day = date.and_then(|date| format::noon_iso(date, &app.config.zone()));
    let text = components::description(one, DESCRIPTION);
    let text = text.unwrap_or_else(|| one.title().to_owned());
    html! {
        video:video {
            video:thumbnail_loc { (base) (urls::poster_play(&one.public_id, 1200, None)) }
            video:title { (xml::text(&markdown::shorten(one.title(), TITLE))) }
            video:description { (xml::text(&text)) }
            @if one.download() { video:content_loc { (base) (urls::media(&one.public_id, &file.version, &file.place.file)) } }
            video:player_loc { (base) (urls::embed(&one.public_id)) }
            @if let Some(seconds) = seconds { video:duration { (seconds) } }
            @if let Some(day) = day { video:publication_date { (day) } }
            video:family_friendly { "yes" }
        }
    }
}

/// `GET /robots.txt` (RFC 9309)
pub async fn robots(State(app): State<App>) -> Response {
    let base = app.config.base();
    text(format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /sign-in\nDisallow: /welcome/\nDisallow: /l/\nDisallow: /uploads\n\nSitemap: {base}/sitemap.xml\n"
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
