//! The log: one line for each answered request and each notable event, for people or as JSON. It holds nothing about the visitor:
//! no address, no user agent, no referrer, and no query, in which mail tools put their recipients.

use std::io::{self, IsTerminal};
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::{self, MakeWriter};

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

/// Sends all lines to standard error from now on. `filter` is `info` or finer, also per module: `info,terugkijken=debug`.
///
/// # Errors
/// When the filter cannot be read, or a log is already set up.
pub fn set_up(format: LogFormat, filter: &str) -> Result<(), LogError> {
    let log = log(format, filter, io::stderr, io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(log).map_err(|_| LogError::Twice)
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

/// Middleware that logs each answered request. It is the outermost layer, so that a caught panic is logged as 500.
pub async fn requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = shown(request.uri().path());
    let began = Instant::now();
    let response = next.run(request).await;
    let (method, path) = (method.as_str(), path.as_str());
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

/// Below these prefixes the path itself is a secret: a named link, an upload, a welcome link.
const SECRET_BELOW: [&str; 3] = ["/l/", "/uploads/", "/welcome/"];
/// The longest path that is logged in full, in bytes. Real paths are shorter; those of probing bots may have thousands.
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
