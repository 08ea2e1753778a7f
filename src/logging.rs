//! The log: one line for each answered request and each notable event, for people or as JSON. It holds nothing about the visitor:
//! no address, no user agent, no referrer, and no query, in which mail tools put their recipients. It holds no token either: of an
//! address it has the pattern of its route and what is public of it, and of the libraries it has warnings only, whatever the filter asks for.

use std::io::{self, IsTerminal};
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, registry};

use crate::config::LogFormat;
use crate::error::Error;
use crate::web::class::{self, Class};
use crate::web::reply::Fault;

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is invalid; valid ones are `info` or `warn,terugkijken=debug`.
    #[error("the log filter {filter:?} cannot be read: {cause}")]
    Filter {
        /// The filter as given.
        filter: String,
        /// The message of the parser.
        cause: String,
    },
    /// A log is already set up in this process.
    #[error("the log is already set up")]
    Twice,
}

/// Sends all lines to standard error from now on, also the place of a panic. `filter` is `info` or finer, also per module: `info,terugkijken=debug`.
///
/// # Errors
/// When the filter cannot be read, or a log is already set up.
pub fn set_up(format: LogFormat, filter: &str) -> Result<(), LogError> {
    let log = log(format, filter, io::stderr, io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(log).map_err(|_| LogError::Twice)?;
    // The hook of the standard library prints the message, which may repeat what somebody sent.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let message = panic.payload().downcast_ref::<&'static str>();
        tracing::error!(place, message, "panicked");
    }));
    Ok(())
}

/// The subscriber that writes lines to `writer`.
fn log<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
    colour: bool,
) -> Result<Box<dyn Subscriber + Send + Sync>, LogError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).map_err(|cause| LogError::Filter {
        filter: filter.to_owned(),
        cause: cause.to_string(),
    })?;
    let layers = registry().with(filter).with(filter_fn(is_for_the_log));
    let lines = fmt::layer().with_writer(writer);
    Ok(match format {
        LogFormat::Human => Box::new(layers.with(lines.with_ansi(colour).with_target(false))),
        LogFormat::Json => Box::new(
            layers.with(
                lines
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(false),
            ),
        ),
    })
}

/// Whether an event may be logged at all. A library that traces its work would write out addresses and headers.
fn is_for_the_log(event: &Metadata<'_>) -> bool {
    let is_ours = event.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"));
    is_ours || *event.level() <= Level::WARN
}

/// Middleware that logs each answered request. It is the outermost layer, so that a caught panic is logged as 500.
pub async fn requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let path = route.map_or(UNKNOWN.to_owned(), |route| {
        shown(route.as_str(), request.uri().path())
    });
    let began = Instant::now();
    let response = next.run(request).await;
    let method = if is_known(&method) {
        method.as_str()
    } else {
        UNKNOWN
    };
    let path = path.as_str();
    let (status, bytes) = (response.status().as_u16(), bytes(&response));
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // The macros need a constant level, so there is one call for each.
    match level(class::of(&response), &response) {
        Level::ERROR => tracing::error!(method, path, status, ms, bytes, "answered"),
        Level::INFO => tracing::info!(method, path, status, ms, bytes, "answered"),
        _ => tracing::debug!(method, path, status, ms, bytes, "answered"),
    }
    response
}

/// Logs an answer for which no layer ran: of a recording, whose address has this path.
pub fn at_once(path: &str, response: &Response) {
    if !tracing::enabled!(Level::DEBUG) {
        return;
    }
    let path = shown("/media/{id}/{version}/{file}", path);
    let (status, bytes) = (response.status().as_u16(), bytes(response));
    tracing::debug!(method = "GET", path, status, ms = 0, bytes, "answered");
}

/// Stands for a path without a route, which may be any spelling of one that opens something (`//l/…`, `/%6c/…`, `/L/…`), and for a
/// method that is none.
const UNKNOWN: &str = "…";

/// Whether a method is one of RFC 9110 §9.1 or RFC 5789; any other word may be sent as one.
fn is_known(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ]
    .contains(method)
}

/// The parameters of routes that may be filled in. A link, an upload and a welcome link are secrets; so is a parameter of a new route
/// until it stands here.
const PUBLIC: [&str; 6] = ["id", "slug", "version", "file", "language", "part"];

/// The longest part of a path that is logged, in bytes.
const LONGEST_PART: usize = 80;

/// Letters and digits in a row of the shortest secret in an address, the token of a link.
const SHORTEST_SECRET: usize = 16;

/// The path as the log shows it: the pattern of its route, with those parameters filled in that are public and plainly spelled.
fn shown(pattern: &str, path: &str) -> String {
    let parts = pattern.split('/').zip(path.split('/'));
    let parts = parts.map(|(part, value)| {
        let name = part.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        let is_public = name.is_some_and(|name| PUBLIC.contains(&name));
        if is_public && is_plain(value) {
            value
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether a part of a path is spelled as in our own addresses and cannot be a secret in the place of a name.
fn is_plain(part: &str) -> bool {
    let is_of_an_address =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let mut words = part.split(['-', '.', '_']);
    part.len() <= LONGEST_PART
        && part.chars().all(is_of_an_address)
        && words.all(|word| word.len() < SHORTEST_SECRET)
}

/// Number of bytes in the answer, when it is known before they are sent. An answer to HEAD has the length of the answer to GET.
fn bytes(response: &Response) -> Option<u64> {
    let declared = response.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse().ok());
    declared.or_else(|| response.body().size_hint().exact())
}

/// The log level of an answer: server errors are errors, and pages and API answers are for administrators to see. Parts of pages,
/// media ranges and health checks would drown them.
fn level(class: Class, response: &Response) -> Level {
    let status = response.status();
    let fault = response.extensions().get::<Fault>();
    // A flood, or a disk that is away, has one line, written where it is noticed, and not one for each of its requests.
    if matches!(
        fault.map(|fault| fault.0.as_ref()),
        Some(Error::Busy | Error::TooOften(_) | Error::Changed)
    ) {
        return Level::DEBUG;
    }
    if status.is_server_error() {
        return Level::ERROR;
    }
    let content_type = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_page = content_type.is_some_and(|kind| {
        ["text/html", "application/json", "application/problem+json"]
            .iter()
            .any(|page| kind.starts_with(page))
    });
    // A failing feed is logged too, because its readers never see an error page.
    let is_feed_in_vain = class == Class::Feed && status.is_client_error();
    match (is_page || is_feed_in_vain) && class != Class::Probe {
        true => Level::INFO,
        false => Level::DEBUG,
    }
}

#[cfg(test)]
#[path = "logging_cases.rs"]
mod cases;
