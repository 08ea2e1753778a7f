//! Security headers that forbid browsers what the pages never need. In: every response. Out: the response with a policy, unless its
//! handler set one itself.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::class::{self, Class};

/// The policy of pages: only own resources and nothing inline; only own pages may frame them (Content Security Policy Level 3).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                      connect-src 'self'; frame-src 'self'; font-src 'none'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'self'";

/// The policy of the embedded player. `ancestors`: the sites that may embed it, as in `frame-ancestors`.
pub fn embed_policy(ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; \
         font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )
}

/// The policy of a frame with nothing to show, which every site may embed.
const EMBED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                            connect-src 'self'; font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// The policy of a file from the media folder that is opened directly: it runs no script and has no origin (HTML §7.1.5).
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'self'";

/// Permissions that the pages never need; fullscreen stays allowed, also inside a frame.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), midi=(), serial=(), \
                           display-capture=(), browsing-topics=()";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Middleware that sets the security headers of every response.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let class = class::of(&response);
    // A file that is sent has them already. RFC 9110 §15.4.5: with a 304 they were told with the bytes.
    let is_sent = response.headers().contains_key(X_CONTENT_TYPE_OPTIONS)
        || response.status() == StatusCode::NOT_MODIFIED;
    if class != Class::File || !is_sent {
        secure(response.headers_mut(), class);
    }
    response
}

/// Sets the security headers of a response of this class that has all its other headers.
pub fn secure(headers: &mut HeaderMap, class: Class) {
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Audio and video that a browser plays are no documents: they run nothing, link nowhere and ask for no permission. Half of the
    // bytes of their heads would say so, at each of the thousands of ranges of a film.
    let plays = |kind: &HeaderValue| {
        kind.as_bytes().starts_with(b"video/") || kind.as_bytes().starts_with(b"audio/")
    };
    if class == Class::File && headers.get(CONTENT_TYPE).is_some_and(plays) {
        add(headers, RESOURCE_POLICY, "cross-origin");
        return;
    }
    // Linked sites learn the origin but not the page; `no-referrer` would hide the embedding site from the embedded player.
    add(headers, REFERRER_POLICY, "strict-origin-when-cross-origin");
    add(headers, PERMISSIONS_POLICY, PERMISSIONS);
    let policy = match class {
        Class::Frame => EMBED_POLICY,
        Class::File => FILE_POLICY,
        _ => POLICY,
    };
    add(headers, CONTENT_SECURITY_POLICY, policy);
    let is_for_other_sites = match class {
        Class::Frame | Class::Api | Class::Part | Class::File => true,
        Class::Page | Class::Feed | Class::Upload | Class::Probe => false,
    };
    match is_for_other_sites {
        true => add(headers, RESOURCE_POLICY, "cross-origin"),
        false => {
            add(headers, OPENER_POLICY, "same-origin");
            add(headers, RESOURCE_POLICY, "same-origin");
        }
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}
