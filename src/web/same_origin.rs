//! Whether a request that changes something comes from a page of this portal. In: its headers and the address of the portal. Out: the
//! request goes on, or 403. No form carries a token: browsers say from where they send (Fetch Metadata, and RFC 6454 §7).
//!
//! What is ours is known by `base_url`: a proxy may make anything of `Host`, and nobody but a page of ours can send that `Origin`.
//! Where people use another name than that of the settings (an address within the building), `Host` decides.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN, REFERER};
use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::Config;
use crate::error::Error;
use crate::text;

/// From where a browser sends a request, in its own words (Fetch Metadata §2.4). It is sent over TLS, and to this machine.
pub const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Middleware for all routes: refuses a change that a page of another site sends.
pub async fn only(State(config): State<Arc<Config>>, request: Request, next: Next) -> Response {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if is_safe || is_ours(&config, request.headers()) {
        return next.run(request).await;
    }
    let address = config.base();
    Error::Status(403, text!("form-from-elsewhere", address = address)).into_response()
}

/// Whether a page of this portal sent these headers, or a program that is no browser.
fn is_ours(config: &Config, headers: &HeaderMap) -> bool {
    let sent_from = sent_from(headers);
    let base = config.base_url.as_deref().and_then(Origin::of_page);
    if let (Some(Some(from)), Some(base)) = (&sent_from, &base)
        && from == base
    {
        return true;
    }
    if headers.contains_key(FETCH_SITE) {
        return matches!(one(headers, FETCH_SITE), Some("same-origin" | "none"));
    }
    match sent_from {
        // No browser: browsers send at least one of these headers, or no cookie (`SameSite`).
        None => true,
        // `null`, or no address.
        Some(None) => false,
        // Another port or scheme of the same host is another site (RFC 6454 §4), though `Host` may have lost its port on the way.
        Some(Some(from)) if base.is_some_and(|base| base.host == from.host) => false,
        Some(Some(from)) => {
            let host = one(headers, HOST).and_then(|host| from.with_host(host));
            host.is_some_and(|host| host == from)
        }
    }
}

/// From where a browser says that it sends: `None` when it says nothing, and `Some(None)` when that is no address.
fn sent_from(headers: &HeaderMap) -> Option<Option<Origin>> {
    match headers.contains_key(ORIGIN) {
        true => Some(one(headers, ORIGIN).and_then(Origin::parse)),
        // Older browsers send no `Origin` with a form; the page is in `Referer`.
        false => headers
            .contains_key(REFERER)
            .then(|| one(headers, REFERER).and_then(Origin::of_page)),
    }
}

/// The value of a header that is there once.
pub fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter().map(HeaderValue::to_str);
    match (values.next(), values.next()) {
        (Some(Ok(value)), None) => Some(value),
        _ => None,
    }
}

/// Scheme, host and port (RFC 6454 §4).
#[derive(Debug, PartialEq, Eq)]
pub struct Origin {
    pub scheme: Scheme,
    /// In lower case.
    pub host: String,
    port: u16,
}

impl Origin {
    /// The value of an `Origin` header; `None` for `null` and whatever else is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let is_whole = !rest.contains(['/', '?', '#']);
        is_whole.then(|| Self::of_page(text)).flatten()
    }

    /// The origin of the page at this address.
    pub fn of_page(address: &str) -> Option<Self> {
        let uri = address.parse::<Uri>().ok()?;
        let scheme = uri.scheme()?.clone();
        Self::at(scheme, uri.authority()?)
    }

    /// The same scheme at the host and port of a `Host` header.
    pub fn with_host(&self, host: &str) -> Option<Self> {
        Self::at(self.scheme.clone(), &host.parse().ok()?)
    }

    fn at(scheme: Scheme, authority: &Authority) -> Option<Self> {
        let port = match (&scheme, authority.port()) {
            (_, Some(port)) => port.as_str().parse().ok()?,
            (scheme, None) if *scheme == Scheme::HTTP => 80,
            (scheme, None) if *scheme == Scheme::HTTPS => 443,
            _ => return None,
        };
        let has_user = authority.as_str().contains('@');
        let host = authority.host().to_ascii_lowercase();
        (!has_user).then_some(Self { scheme, host, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a request with these headers is ours; `base`: the setting, empty when it is not made.
    fn is_taken(base: &str, sent: &[(&'static str, &str)]) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::in_folder(folder.path()).unwrap();
        config.base_url = Some(base.to_owned()).filter(|base| !base.is_empty());
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        is_ours(&config, &headers)
    }

    #[test]
    fn the_address_of_the_settings_is_ours_whatever_became_of_the_host() {
        for (base, origin) in [
            ("http://portal.test:8302", "http://portal.test:8302"),
            ("http://portal.test:8302/", "http://portal.test:8302"),
            ("http://Portal.Test:8302", "http://portal.test:8302"),
            ("http://portal.test:80", "http://portal.test"),
            ("https://portal.test:443/", "https://portal.test"),
            (
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
            ),
            ("http://[::1]:8302", "http://[::1]:8302"),
        ] {
            for host in [
                "portal.test",
                "127.0.0.1:8080",
                "upstream",
                "portal.test:8302",
            ] {
                let sent = [("origin", origin), ("host", host)];
                assert!(is_taken(base, &sent), "{base} {sent:?}");
                let page = format!("{origin}/sign-in?to=%2Fdesk");
                let sent = [("referer", page.as_str()), ("host", host)];
                assert!(is_taken(base, &sent), "{base} {sent:?}");
            }
        }
    }

    #[test]
    fn no_other_origin_is_ours() {
        let base = "http://portal.test:8302";
        for host in [
            "portal.test:8302",
            "portal.test",
            "127.0.0.1:8080",
            "evil.example",
        ] {
            for origin in [
                "null",
                "",
                "http://portal.test",
                "http://portal.test:8303",
                "https://portal.test:8302",
                "https://portal.test",
                "http://portal.test:8302.evil.example",
                "http://portal.test.evil.example:8302",
                "http://portal.test:8302@evil.example",
                "http://evil.example#http://portal.test:8302",
                "http://evil.example/http://portal.test:8302",
                "http://portal.test:8302/",
                "portal.test:8302",
                "file://",
            ] {
                let sent = [("origin", origin), ("host", host)];
                assert!(!is_taken(base, &sent), "{sent:?}");
            }
            let sent = [
                (
                    "referer",
                    "http://elsewhere.example/?http://portal.test:8302",
                ),
                ("host", host),
            ];
            assert!(!is_taken(base, &sent), "{sent:?}");
            let twice = [
                ("origin", base),
                ("origin", "http://evil.example"),
                ("host", host),
            ];
            assert!(!is_taken(base, &twice), "{twice:?}");
        }
        let sent = [
            ("sec-fetch-site", "same-site"),
            ("origin", "http://a.portal.test"),
            ("host", "a.portal.test"),
        ];
        assert!(!is_taken(base, &sent));
    }

    #[test]
    fn under_another_name_the_host_decides() {
        for (base, origin, host, expected) in [
            ("", "http://192.168.1.5:8080", "192.168.1.5:8080", true),
            ("", "http://192.168.1.5:8080", "192.168.1.5", false),
            ("", "http://portal.test", "portal.test:80", true),
            (
                "https://portal.test",
                "http://192.168.1.5:8080",
                "192.168.1.5:8080",
                true,
            ),
            (
                "https://portal.test",
                "http://192.168.1.5:8081",
                "192.168.1.5:8080",
                false,
            ),
        ] {
            let sent = [("origin", origin), ("host", host)];
            assert_eq!(is_taken(base, &sent), expected, "{base} {sent:?}");
        }
        // A program sends none of it, and a page that the browser knows to be ours needs no other word.
        assert!(is_taken("", &[("host", "127.0.0.1:8080")]));
        assert!(is_taken(
            "",
            &[("sec-fetch-site", "same-origin"), ("origin", "null")]
        ));
        assert!(is_taken("", &[("sec-fetch-site", "none")]));
        assert!(!is_taken("", &[("sec-fetch-site", "cross-site")]));
    }
}
