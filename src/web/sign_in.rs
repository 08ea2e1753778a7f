//! Identifies the sender of a request. In: the cookie or access key of the request. Out: [`Me`], or `None`. A visitor sends
//! neither, so no query is needed.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use rusqlite::Connection;

use super::reply::header;
use super::urls;
use crate::app::App;
use crate::catalogue::access_key::Opens;
use crate::catalogue::coordinator::{Coordinator, Role};
use crate::catalogue::{Viewer, access_key, device_mark, sign_in};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::people::address::{self, Peer};

/// The signed-in coordinator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    pub coordinator: Coordinator,
    pub via: Via,
    /// Seconds for which the cookie is to last from now; `None` while its last use is noted well enough.
    renewal: Option<i64>,
}

/// How the coordinator was identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By a signed-in browser: row id of the sign-in.
    Browser(i64),
    /// By a script with an access key.
    Key,
}

impl Me {
    pub fn is_administrator(&self) -> bool {
        self.coordinator.role == Role::Administrator
    }

    /// Row id of the sign-in; `None` for an access key.
    pub fn sign_in(&self) -> Option<i64> {
        match self.via {
            Via::Browser(id) => Some(id),
            Via::Key => None,
        }
    }
}

/// The name of the cookie. The prefix makes browsers refuse a cookie that another host set, or without TLS (RFC 6265bis §4.1.3.2);
/// a portal without TLS could not set it.
fn cookie_name(config: &Config) -> &'static str {
    match config.is_secure() {
        true => "__Host-terugkijken",
        false => "terugkijken",
    }
}

/// The name of the cookie with the mark of a browser in which a coordinator signed in before.
fn mark_name(config: &Config) -> &'static str {
    match config.is_secure() {
        true => "__Host-terugkijken-device",
        false => "terugkijken-device",
    }
}

/// The cookie that keeps a browser signed in.
pub fn cookie(config: &Config, token: String) -> Result<HeaderValue> {
    cookie_for(config, cookie_name(config), token, sign_in::LASTS)
}

/// The cookie that removes the sign-in from a browser.
pub fn no_cookie(config: &Config) -> Result<HeaderValue> {
    cookie_for(config, cookie_name(config), String::new(), 0)
}

/// The cookie that marks a browser, also after signing out.
pub fn mark_cookie(config: &Config, token: String) -> Result<HeaderValue> {
    cookie_for(config, mark_name(config), token, device_mark::LASTS)
}

fn cookie_for(
    config: &Config,
    name: &'static str,
    token: String,
    seconds: i64,
) -> Result<HeaderValue> {
    // With SameSite=Lax, people who follow links in webmail stay signed in.
    let cookie = Cookie::build((name, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_secure());
    header(&format!("{}; Max-Age={seconds}", cookie.build()))
}

/// The sign-in token in the request's cookie.
pub fn token(config: &Config, headers: &HeaderMap) -> Option<String> {
    value(headers, cookie_name(config))
}

/// Whether a request says that it comes from somebody with an account, rightly or not.
pub fn says_who(config: &Config, headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION) || token(config, headers).is_some()
}

/// The token of a device mark in the request's cookie.
pub fn mark(config: &Config, headers: &HeaderMap) -> Option<String> {
    value(headers, mark_name(config))
}

fn value(headers: &HeaderMap, cookie: &str) -> Option<String> {
    if !headers.contains_key(COOKIE) {
        return None;
    }
    let jar = CookieJar::from_headers(headers);
    jar.get(cookie).map(|cookie| cookie.value().to_owned())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| key.trim().to_owned())
}

/// The desk can still be read when the disk is full.
fn unless_full(touched: Result<()>) -> Result<()> {
    match touched {
        Err(Error::DiskFull) => Ok(()),
        touched => touched,
    }
}

/// The coordinator who sent these headers; `None` for a visitor.
pub async fn identify(app: &App, headers: &HeaderMap) -> Result<Option<Me>> {
    let now = app.clock.now();
    if let Some(key) = bearer(headers) {
        let found = app
            .db
            .read(move |conn| access_key::by_key(conn, &key, Opens::Everything));
        let Some((key, coordinator)) = found.await? else {
            return Ok(None);
        };
        if key.is_to_be_touched(now) {
            let touched = app
                .db
                .write(move |conn| access_key::touch(conn, key.id, now));
            unless_full(touched.await)?;
        }
        return Ok(Some(Me {
            coordinator,
            via: Via::Key,
            renewal: None,
        }));
    }
    let Some(token) = token(&app.config, headers) else {
        return Ok(None);
    };
    let found = app
        .db
        .read(move |conn| sign_in::by_token(conn, &token, now));
    let Some((signed_in, coordinator)) = found.await? else {
        return Ok(None);
    };
    let renewal = signed_in
        .is_to_be_touched(now)
        .then(|| signed_in.lasts(now));
    Ok(Some(Me {
        coordinator,
        via: Via::Browser(signed_in.id),
        renewal,
    }))
}

/// What somebody identified themselves with, to see later whether it still counts.
#[derive(Clone)]
pub enum Shown {
    Key(String),
    Token(String),
}

impl Shown {
    /// What these headers show; nothing of it was looked at yet.
    pub fn in_headers(config: &Config, headers: &HeaderMap) -> Option<Self> {
        let key = bearer(headers).map(Self::Key);
        key.or_else(|| token(config, headers).map(Self::Token))
    }

    /// Whether it still lets in.
    pub fn counts(&self, conn: &Connection, now: i64) -> Result<bool> {
        match self {
            Self::Key(key) => Ok(access_key::by_key(conn, key, Opens::Everything)?.is_some()),
            Self::Token(token) => Ok(sign_in::by_token(conn, token, now)?.is_some()),
        }
    }
}

/// Notes the use of a sign-in, once an hour, and answers its cookie, which lasts again as long from now on. Only pages of the desk do it:
/// no cache keeps them, and a cookie in an answer that a cache keeps would sign others in.
pub async fn renew(app: &App, me: &Me, headers: &HeaderMap) -> Result<Option<HeaderValue>> {
    let (Some(lasts), Some(id), Some(token)) =
        (me.renewal, me.sign_in(), token(&app.config, headers))
    else {
        return Ok(None);
    };
    let now = app.clock.now();
    let touched = app.db.write(move |conn| sign_in::touch(conn, id, now));
    unless_full(touched.await)?;
    cookie_for(&app.config, cookie_name(&app.config), token, lasts).map(Some)
}

/// The robots rules of an answer, for those without a head (Google: "Robots meta tag, data-nosnippet, and X-Robots-Tag").
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Middleware for all routes: what an answer owes to who asks is kept by no cache but their own. An answer to a coordinator or to the
/// holder of a link is `private`, unless its handler said that visitors get the same (`public`) or that nothing keeps it. An answer
/// that says nothing about caches is kept by none. What a link opened is listed by no search engine, its pictures and files included.
pub async fn private(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let has_link = urls::link_in(request.uri().path(), request.uri().query()).is_some();
    let may_see_more = says_who(&app.config, headers) || has_link;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if has_link {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    let said = headers.get(CACHE_CONTROL).map(HeaderValue::as_bytes);
    let decided: [&[u8]; 3] = [b"public", b"private", b"no-store"];
    let is_decided = said.is_some_and(|said| decided.iter().any(|start| said.starts_with(start)));
    let value = match said {
        None => "no-store",
        Some(_) if may_see_more && !is_decided => "private, no-cache",
        Some(_) => return response,
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
    response
}

/// The address from which a request comes, behind trusted proxies; `None` when it is unknown.
pub struct Origin(pub Option<IpAddr>);

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get().map(|Peer(peer)| *peer);
        let proxies = app.config.proxies();
        Ok(Self(address::of(&parts.headers, peer, &proxies)))
    }
}

/// The viewer of a request: a coordinator sees everything except the trash, unless they ask to see a page as a visitor
/// (`?as=visitor`).
impl FromRequestParts<App> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let me = match is_as_visitor(parts) {
            true => None,
            false => identify(app, &parts.headers).await?,
        };
        Ok(viewer(app, parts, me.as_ref()))
    }
}

/// The viewer of a script. One that shows an access key which does not count (any more) is told so: without its key it would see less
/// and not know why (RFC 6750 §3.1).
pub struct ScriptViewer(pub Viewer);

impl FromRequestParts<App> for ScriptViewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let me = identify(app, &parts.headers).await?;
        if me.is_none() && bearer(&parts.headers).is_some() {
            return Err(Error::SignInNeeded);
        }
        let me = me.filter(|_| !is_as_visitor(parts));
        Ok(Self(viewer(app, parts, me.as_ref())))
    }
}

fn is_as_visitor(parts: &Parts) -> bool {
    urls::parameter(parts.uri.query(), "as").is_some_and(|value| value == "visitor")
}

fn viewer(app: &App, parts: &Parts, me: Option<&Me>) -> Viewer {
    match me {
        Some(_) => Viewer::coordinator(app.clock.now()),
        None => match urls::link_in(parts.uri.path(), parts.uri.query()) {
            Some(link) => Viewer::holder(link, app.clock.now()),
            None => app.visitor(),
        },
    }
}

/// The address to redirect to after signing in: a page of this portal; `None` for other sites.
pub fn way_back(to: Option<&str>) -> Option<String> {
    let to = to?;
    // Browsers read `//host` and `/\host` as another site (WHATWG URL, relative slash state).
    let is_ours = to.starts_with('/') && !to[1..].starts_with(['/', '\\']);
    let is_plain = to.len() <= 2000 && !to.chars().any(|c| c.is_control() || c == '\\');
    (is_ours && is_plain && to.is_ascii()).then(|| to.to_owned())
}

/// Adds a cookie to a response.
pub fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// A description of the browser by which its owner recognises it; it contains only fixed words.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers
        .get(axum::http::header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("OPR", "Opera"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_elsewhere() {
        for (to, expected) in [
            ("/desk/series/3?lang=en", true),
            ("/", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("/a\\b", false),
            ("https://evil.example", false),
            ("javascript:alert(1)", false),
            ("", false),
            ("/desk\r\nSet-Cookie: a=b", false),
        ] {
            assert_eq!(way_back(Some(to)).is_some(), expected, "{to:?}");
        }
    }

    #[test]
    fn a_cookie_is_fenced_in() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path()).unwrap();
        let plain = cookie(&config, "ab".into()).unwrap();
        assert_eq!(
            plain,
            "terugkijken=ab; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000"
        );
        config.base_url = Some("https://training.example.org".into());
        let secure = cookie(&config, "ab".into()).unwrap();
        assert_eq!(
            secure,
            "__Host-terugkijken=ab; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000"
        );
    }
}
