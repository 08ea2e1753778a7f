//! How an answer leaves: errors become pages in the reader's language, every answer carries its security headers, and a
//! page that the reader already has is not sent again.

use std::any::Any;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error_page;
use super::texts::Texts;
use crate::app::App;
use crate::error::{Error, Result};

/// The largest page that is hashed; the largest we draw is a tenth of it.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// Only what comes from here, and nothing inline: a text that becomes markup by mistake still runs nothing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";

/// What went wrong, on its way to `errors`.
#[derive(Clone)]
struct Failed(Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = status(&self).into_response();
        response.extensions_mut().insert(Failed(Arc::new(self)));
        response
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Gone(_) => StatusCode::GONE,
        Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Changed | Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// For an address that is none.
pub async fn nothing_here() -> Error {
    Error::NotFound
}

/// For a handler that panicked: our fault, and the next request is answered as ever.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::internal(format!("a handler panicked: {}", cause.unwrap_or_default())).into_response()
}

/// Turns an error into an answer in the dialect of its address: JSON under `/api`, a line of text for bytes, a page for people.
pub async fn errors(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let Ok(texts) = Texts::from_request_parts(&mut parts, &()).await;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let failed = response.extensions_mut().remove::<Failed>();
    let status = response.status();
    // Refusals of axum itself (a path that is not UTF-8, a wrong method) carry no error of ours and are plain text.
    let is_ours = failed.is_some() || (status.is_client_error() && is_plain(&response));
    if !is_ours
        || status == StatusCode::RANGE_NOT_SATISFIABLE
        || status == StatusCode::PRECONDITION_FAILED
    {
        return response;
    }
    if let Some(Error::Internal(cause)) = failed.as_ref().map(|failed| failed.0.as_ref()) {
        tracing::error!(%path, %cause, "answered 500");
    }
    let sentence = error_page::sentence(
        status,
        failed.as_ref().map(|failed| failed.0.as_ref()),
        &texts,
    );
    let mut answer = match dialect(&path) {
        Dialect::Json => axum::Json(serde_json::json!({ "error": sentence.text })).into_response(),
        Dialect::Plain => format!("{}\n", sentence.text).into_response(),
        Dialect::Page => error_page::draw(&app.config, &texts, &sentence).into_response(),
    };
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    // A 404 of today may be a recording tomorrow; RFC 9110 §15.5.11 would let a 410 be kept.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    if let Some(allow) = response.headers().get(axum::http::header::ALLOW) {
        headers.insert(axum::http::header::ALLOW, allow.clone());
    }
    answer
}

fn is_plain(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

enum Dialect {
    Json,
    Plain,
    Page,
}

fn dialect(path: &str) -> Dialect {
    const BYTES: [&str; 6] = [
        "/media/",
        "/captions/",
        "/transcripts/",
        "/chapters/",
        "/posters/",
        "/assets/",
    ];
    match path {
        path if path.starts_with("/api/") => Dialect::Json,
        path if BYTES.iter().any(|bytes| path.starts_with(bytes)) => Dialect::Plain,
        _ => Dialect::Page,
    }
}

/// Puts on every answer what browsers are to hold to.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_embed = path.starts_with("/embed/");
    // What an embed on another site fetches: pictures, bytes, captions and the player's own files.
    let is_shared = matches!(dialect(path), Dialect::Plain) || is_embed;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let frames = if is_embed { "*" } else { "'self'" };
    if let Ok(policy) = HeaderValue::try_from(format!("{POLICY}{frames}")) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    );
    let own = [
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        ),
        (
            "cross-origin-resource-policy",
            if is_shared {
                "cross-origin"
            } else {
                "same-origin"
            },
        ),
    ];
    for (name, value) in own {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if !is_embed {
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
    }
    response
}

/// A weak ETag over each page (weak, because the same page leaves compressed and plain), and 304 for who has it already.
pub async fn etag(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    match tagged(response, known).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn tagged(response: Response, known: Option<HeaderValue>) -> Result<Response> {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST_PAGE)
        .await
        .map_err(Error::internal)?;
    let etag = format!("W/\"{}\"", &blake3::hash(&bytes).to_hex()[..20]);
    let is_known = known
        .as_ref()
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| {
            // RFC 9110 §13.1.2: compared weakly, so only what stands between the quotes counts.
            known
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == &etag[2..] || tag == "*")
        });
    parts
        .headers
        .insert(ETAG, HeaderValue::try_from(etag).map_err(Error::internal)?);
    parts.headers.insert(
        VARY,
        HeaderValue::from_static("accept-language, accept-encoding"),
    );
    // Pages are asked for again each time: who may see what can change any minute.
    parts
        .headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
