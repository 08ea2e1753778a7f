//! Middleware that does not send unchanged content again. In: responses with pages, timed text and JSON. Out: the response with an
//! `ETag` over its bytes, or 304 (RFC 9110 §13.1.2, §15.4.5).

use axum::Router;
use axum::body::HttpBody as _;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use tower_http::compression::CompressionLayer;

use super::whole;
use crate::error::{Error, Result};

/// A larger answer gets no `ETag`. The largest page, a transcript of hours, is below 2 MB.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Media types of answers that are generated at each request.
const MADE: [&[u8]; 6] = [
    b"text/html",
    b"text/vtt",
    b"text/plain",
    b"application/json",
    b"application/rss+xml",
    b"application/xml",
];

/// Adds the layers for answers that are made from rows: they are compressed, and sent again only after a change.
pub fn made_anew<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router
        .layer(from_fn(answers))
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn(whole::answers))
}

/// Middleware that compares an answer with the browser's copy.
async fn answers(request: Request, next: Next) -> Result<Response> {
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let etags: Vec<HeaderValue> = request
        .headers()
        .get_all(IF_NONE_MATCH)
        .iter()
        .cloned()
        .collect();
    let mut response = next.run(request).await;
    let Some(media_type) = made(&response) else {
        return Ok(response);
    };
    // The answer depends on these headers; an outer layer decides the encoding. Answers other than pages set Vary themselves when
    // they contain translated text.
    let has_language = media_type == b"text/html" || response.headers().contains_key(VARY);
    let varies = match has_language {
        true => "Accept-Language, Accept-Encoding",
        false => "Accept-Encoding",
    };
    response
        .headers_mut()
        .insert(VARY, HeaderValue::from_static(varies));
    let is_large = response
        .body()
        .size_hint()
        .exact()
        .is_none_or(|size| size > LARGEST);
    if !asks || response.status() != StatusCode::OK || is_large {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
    let etag = etag(&bytes)?;
    let is_one_of = etags.iter().any(|value| names(value, &etag));
    parts.headers.insert(ETAG, etag);
    if is_one_of {
        return Ok(not_modified(&parts.headers));
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// The media type of a generated answer, without its parameters.
fn made(response: &Response) -> Option<&'static [u8]> {
    let media_type = response.headers().get(CONTENT_TYPE)?.as_bytes();
    MADE.into_iter().find(|made| media_type.starts_with(made))
}

/// A weak tag, because an outer layer compresses the bytes without changing the content (RFC 9110 §8.8.1).
fn etag(bytes: &[u8]) -> Result<HeaderValue> {
    let hash = blake3::hash(bytes).to_hex();
    HeaderValue::from_str(&format!("W/\"{}\"", &hash[..32])).map_err(Error::internal)
}

/// Whether an `If-None-Match` contains this tag, by weak comparison (RFC 9110 §13.1.2).
fn names(header: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(header), Ok(etag)) = (header.to_str(), etag.to_str()) else {
        return false;
    };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header
        .split(',')
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// RFC 9110 §15.4.5: a 304 has the caching headers of the 200, and none about a body.
fn not_modified(headers: &HeaderMap) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    // A browser updates the headers of its copy from this answer, so a page with its own policy must keep that policy.
    for name in [
        ETAG,
        VARY,
        CACHE_CONTROL,
        ACCESS_CONTROL_ALLOW_ORIGIN,
        CONTENT_SECURITY_POLICY,
    ] {
        if let Some(value) = headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response.headers_mut().remove(CONTENT_LENGTH);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_compared_weakly() {
        let etag = HeaderValue::from_static("W/\"abc\"");
        for (header, expected) in [
            ("W/\"abc\"", true),
            ("\"abc\"", true),
            ("\"x\", W/\"abc\"", true),
            ("*", true),
            ("\"ab\"", false),
            ("", false),
        ] {
            assert_eq!(
                names(&HeaderValue::from_static(header), &etag),
                expected,
                "{header}"
            );
        }
    }
}
