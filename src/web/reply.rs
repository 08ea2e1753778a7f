//! Builds responses, and turns an [`Error`] into a status. [`super::failure`] adds the text later, because it knows the reader's
//! language.

use std::any::Any;
use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::head::Head;
use super::layout;
use super::texts::Texts;
use crate::app::App;
use crate::error::Error;

/// Value of `Retry-After` in seconds.
const SOON: &str = "5";

/// RFC 9110 §11.6.1 requires a challenge with 401; this one makes no browser open a login dialog.
pub const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// The error in a response, until its text is written.
#[derive(Debug, Clone)]
pub struct Fault(pub Arc<Error>);

/// A page with status 200.
pub fn page(markup: Markup) -> Response {
    page_with(StatusCode::OK, markup)
}

/// A page with another status.
pub fn page_with(status: StatusCode, markup: Markup) -> Response {
    let headers = [
        (CONTENT_TYPE, HTML),
        // A browser may store the page but must revalidate it: 304 is cheap, and a withdrawn recording must disappear.
        (CACHE_CONTROL, "no-cache"),
    ];
    (status, headers, markup.into_string()).into_response()
}

/// A page that asks for a sign-in or a password: it is not cached or listed by search engines, and reveals nothing about what it
/// protects.
pub fn entrance(
    app: &App,
    texts: &Texts,
    title: String,
    main: &Markup,
    status: StatusCode,
) -> Response {
    let head = Head {
        title,
        hidden: true,
        scripts: vec!["desk.js", "search.js"],
        desk: true,
        ..Head::default()
    };
    let mut answer = page_with(status, layout::page(app, texts, "entrance", &head, main));
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    answer
}

/// A permanent redirect (308, RFC 9110 §15.4.9: the method stays).
pub fn moved(address: &str) -> Result<Response, Error> {
    redirect(StatusCode::PERMANENT_REDIRECT, address, "no-cache")
}

/// A redirect. `cache`: its `Cache-Control`.
pub fn redirect(status: StatusCode, address: &str, cache: &'static str) -> Result<Response, Error> {
    let location = [(LOCATION, header(address)?)];
    Ok((status, location, [(CACHE_CONTROL, cache)]).into_response())
}

/// A header value from text.
pub fn header(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(Error::internal)
}

/// The handler for unknown addresses.
pub async fn nothing_here() -> Error {
    Error::NotFound
}

/// The answer for a panicking handler; later requests are not affected.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    // A message that was put together may repeat what somebody sent; the log has the place of the panic.
    let message = cause.downcast_ref::<&'static str>().copied();
    Error::internal(format!(
        "a handler panicked: {}",
        message.unwrap_or("its message is not logged")
    ))
    .into_response()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = status(&self);
        if let Self::Internal(cause) = &self {
            tracing::error!(%cause, "a request could not be answered");
        }
        let mut response = status.into_response();
        let headers = response.headers_mut();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(SOON));
        }
        if let Self::TooOften(seconds) = &self {
            headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 §11.6.1 requires a challenge; this one makes no browser open a login dialog.
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // A missing page may exist a minute later, and RFC 9110 §15.1 would allow caching this answer.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response.extensions_mut().insert(Fault(Arc::new(self)));
        response
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Gone(_) | Error::Over(_) => StatusCode::GONE,
        Error::SignInNeeded => StatusCode::UNAUTHORIZED,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Refused(_) => StatusCode::BAD_REQUEST,
        Error::Status(status, _) => {
            StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST)
        }
        Error::Changed | Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
