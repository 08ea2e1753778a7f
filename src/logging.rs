//! What the program says about itself: one line per answered request and one per thing worth knowing, for people or as
//! JSON. Nothing about who asked: no address, no user agent, no referrer, and no query, in which mail tools write down
//! their recipients.

use std::io::{self, IsTerminal};
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

use crate::config::LogFormat;
use crate::web::class::{self, Class};

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not one: `info`, `warn,terugkijken=debug` …
    #[error("the log filter {filter:?} cannot be read: {cause}")]
    Filter {
        /// As it was given.
        filter: String,
        /// What the parser says.
        cause: String,
    },
    /// Set up twice in one process.
    #[error("the log is already set up")]
    Twice,
}

/// Sends every line to standard error from now on. `filter` is `info` or finer, per module: `info,terugkijken=debug`.
///
/// # Errors
/// When the filter cannot be read, or a log is already set up.
pub fn set_up(format: LogFormat, filter: &str) -> Result<(), LogError> {
    let log = log(format, filter, io::stderr, io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(log).map_err(|_| LogError::Twice)
}

/// The log itself, writing wherever it is told to.
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
    let log = fmt::Subscriber::builder()
        .with_env_filter(filter)
        .with_writer(writer);
    Ok(match format {
        LogFormat::Human => Box::new(log.with_ansi(colour).with_target(false).finish()),
        LogFormat::Json => Box::new(
            log.json()
                .flatten_event(true)
                .with_current_span(false)
                .with_span_list(false)
                .finish(),
        ),
    })
}

/// Writes one line for each answered request; goes around everything else, so that a caught panic shows as its 500.
pub async fn requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = shown(request.uri().path());
    let began = Instant::now();
    let response = next.run(request).await;
    let (method, path) = (method.as_str(), path.as_str());
    let (status, bytes) = (response.status().as_u16(), bytes(&response));
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // The level of a line is fixed where it is written, so there is one for each.
    match level(class::of(&response), response.status(), response.headers()) {
        Level::ERROR => tracing::error!(method, path, status, ms, bytes, "answered"),
        Level::INFO => tracing::info!(method, path, status, ms, bytes, "answered"),
        _ => tracing::debug!(method, path, status, ms, bytes, "answered"),
    }
    response
}

/// Below these the path itself is what opens the door: a link handed out, an upload under way, an invitation.
const SECRET_BELOW: [&str; 3] = ["/l/", "/uploads/", "/welcome/"];
/// The longest path that is shown whole, in bytes. Ours stay below it; a prober's may have thousands.
const PATH_SHOWN: usize = 200;

fn shown(path: &str) -> String {
    if let Some(open) = SECRET_BELOW.iter().find(|open| path.starts_with(**open)) {
        return format!("{open}…");
    }
    if path.len() <= PATH_SHOWN {
        return path.to_owned();
    }
    format!("{}…", &path[..path.floor_char_boundary(PATH_SHOWN)])
}

/// How many bytes the answer has, where that is known before they are sent. A HEAD is answered with the length of what
/// a GET would have had.
fn bytes(response: &Response) -> Option<u64> {
    let declared = response.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse().ok());
    declared.or_else(|| response.body().size_hint().exact())
}

/// Our own faults are errors. Pages and the catalogue's answers are what an administrator wants to see; everything a
/// page brings with it, every range of a film and every health check would drown them.
fn level(class: Class, status: StatusCode, headers: &HeaderMap) -> Level {
    if status.is_server_error() {
        return Level::ERROR;
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_page = content_type.is_some_and(|kind| {
        ["text/html", "application/json", "application/problem+json"]
            .iter()
            .any(|page| kind.starts_with(page))
    });
    // Whoever follows a feed in vain should be seen, although there are no pages to tell them.
    let is_feed_in_vain = class == Class::Feed && status.is_client_error();
    match (is_page || is_feed_in_vain) && class != Class::Probe {
        true => Level::INFO,
        false => Level::DEBUG,
    }
}

#[cfg(test)]
#[path = "logging_cases.rs"]
mod cases;
