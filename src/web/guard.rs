//! The headers that keep a browser from doing what our pages never ask of it. In: every answer. Out: the same with its
//! policy, unless the room that made it set a stricter one itself.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::class::{self, Class};

/// Everything from here and nothing inline; shown in frames of our own pages only (Content Security Policy Level 3).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                      connect-src 'self'; frame-src 'self'; font-src 'none'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'self'";

/// The same for the player in pages of others. `ancestors`: who they may be, as in `frame-ancestors`.
pub fn embed_policy(ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; \
         font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )
}

/// What a frame says that has nothing to show, wherever it stands.
const EMBED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                            connect-src 'self'; font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// A file that somebody wrote, opened by itself: it runs nothing and belongs to no site (HTML §7.1.5).
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'self'";

/// Nothing a page could ask a visitor for; the player may fill the screen, also inside a frame.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), midi=(), serial=(), \
                           display-capture=(), browsing-topics=()";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Middleware: puts the policy on every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let class = class::of(&response);
    // What a browser plays by itself is no document.
    let plays = |kind: &HeaderValue| {
        kind.as_bytes().starts_with(b"video/") || kind.as_bytes().starts_with(b"audio/")
    };
    let is_played = response.headers().get(CONTENT_TYPE).is_some_and(plays);
    let headers = response.headers_mut();
    add(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Sites we link to may know that we sent someone, and not from which recording; our own player elsewhere needs to
    // know for whom it plays, so not `no-referrer`.
    add(headers, REFERRER_POLICY, "strict-origin-when-cross-origin");
    add(headers, PERMISSIONS_POLICY, PERMISSIONS);
    let policy = match class {
        Class::Frame => EMBED_POLICY,
        Class::File if !is_played => FILE_POLICY,
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
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}
