//! `GET|HEAD /media/{id}/{version}/{file}`: an original or a hand-out. The version decides which bytes; the file name is
//! there for people who keep them, and an address with yesterday's name goes on answering.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    LAST_MODIFIED, LOCATION, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::byteranges::Multipart;
use super::forgotten;
use super::range::{self, Answer, Representation, Span};
use super::source::{Extent, Source};
use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::original::Place;
use crate::catalogue::recording::{self, Sharing};
use crate::catalogue::{PublicId, Viewer, address, id, original};
use crate::error::{Error, Result};
use crate::web::urls;

/// A year: as long as a cache may be told (RFC 9111 §5.2.2.1 sets no limit, but more than a year means nothing more).
const FOR_EVER: i64 = 31_536_000;

/// How long a browser may keep what is not public before it asks again.
const PRIVATE_SECONDS: i64 = 3600;

/// Sends a file, or a part of it, or says why not.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    headers: HeaderMap,
    Path((id, version, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let (Some(id), true) = (PublicId::parse(&id), id::is_version(&version)) else {
        return Err(Error::NotFound);
    };
    let sees_all = viewer.sees_all();
    let found = app
        .db
        .read(move |conn| find(conn, &viewer, &id, (&version, &name)))
        .await?;
    match found {
        Found::Forgotten { address } => lead_on(&headers, &address),
        Found::Here(file) => {
            let opened = open(&app, &file).await?;
            send(&method, &headers, file, opened)
        }
        Found::Superseded { id, address, old } => {
            // Coordinators look at what was replaced; nobody else is ever sent it again.
            if sees_all && let Some(opened) = open_kept(&app, &id, &old).await? {
                return send(&method, &headers, old, opened);
            }
            match address {
                Some(address) => lead_on(&headers, &address),
                None => Err(Error::NotFound),
            }
        }
    }
}

async fn open(app: &App, sendable: &Sendable) -> Result<File> {
    let (library, place) = (app.library.clone(), sendable.place.clone());
    let opened = tokio::task::spawn_blocking(move || library.open_known(&place))
        .await
        .map_err(Error::internal)?;
    opened.inspect_err(|problem| {
        if matches!(problem, Error::Changed) {
            app.bell.ring_scan();
        }
    })
}

/// A version that was replaced, when it is kept.
async fn open_kept(app: &App, id: &PublicId, old: &Sendable) -> Result<Option<File>> {
    let (library, id) = (app.library.clone(), id.clone());
    let (folder, version) = (old.place.folder.clone(), old.version.clone());
    let opened = tokio::task::spawn_blocking(move || {
        let kept = library.version_kept(&folder, &id, &version)?;
        library.open_version(&folder, &id, &kept)
    });
    match opened.await.map_err(Error::internal)? {
        Ok(file) => Ok(Some(file)),
        Err(Error::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// What the catalogue says of an address.
enum Found {
    Here(Sendable),
    /// Other bytes of the recording took its place, at this address.
    Superseded {
        id: PublicId,
        address: Option<String>,
        old: Sendable,
    },
    /// A version this catalogue never knew of a file that is there: one made again from the folder knows nothing of those before.
    Forgotten {
        address: String,
    },
}

/// A file that this viewer may have.
struct Sendable {
    place: Place,
    version: String,
    media_type: String,
    /// A hand-out is kept, never shown inside the portal: whatever it is, it runs nothing here.
    keep: bool,
    cache: String,
}

/// `name`: of the file, as the address says it.
fn find(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
    (version, name): (&str, &str),
) -> Result<Found> {
    let now = viewer.now();
    let row = address::follow_recording(conn, viewer, id)?.here()?;
    if let Some(original) = original::by_version(conn, row, version)? {
        let is_here = !original.missing && original.facts.problem.is_none() && !original.superseded;
        let next = match is_here {
            true => None,
            false => original::successor(conn, &original)?.filter(|next| next.version != version),
        };
        let cache = match is_here {
            true => cache(&recording::sharing(conn, row, now)?, now),
            false => "no-store".to_owned(),
        };
        let sendable = Sendable {
            place: original.place,
            version: original.version,
            media_type: original
                .facts
                .media_type
                .unwrap_or_else(|| "application/octet-stream".to_owned()),
            keep: false,
            cache,
        };
        if is_here {
            return Ok(Found::Here(sendable));
        }
        let id = recording::public_id(conn, row)?;
        return Ok(Found::Superseded {
            address: next.map(|next| urls::media(&id, &next.version, &next.place.file)),
            old: sendable,
            id,
        });
    }
    let Some(attachment) = attachment::by_version(conn, row, version)? else {
        let address = forgotten::lead(conn, row, name)?.ok_or(Error::NotFound)?;
        return Ok(Found::Forgotten { address });
    };
    if attachment.missing || attachment.superseded {
        let Some(next) = attachment::successor(conn, &attachment)? else {
            return Err(Error::Gone(crate::error::Gone::default()));
        };
        let id = recording::public_id(conn, row)?;
        return Ok(Found::Superseded {
            address: Some(urls::media(&id, &next.version, &next.place.file)),
            old: hand_out(attachment, "no-store".to_owned()),
            id,
        });
    }
    let cache = cache(&recording::sharing(conn, row, now)?, now);
    Ok(Found::Here(hand_out(attachment, cache)))
}

fn hand_out(attachment: Attachment, cache: String) -> Sendable {
    let Attachment {
        place,
        version,
        media_type,
        ..
    } = attachment;
    Sendable {
        place,
        version,
        media_type,
        keep: true,
        cache,
    }
}

/// Shared caches only for what is public, and never beyond the moment at which it stops being so.
pub(super) fn cache(sharing: &Sharing, now: i64) -> String {
    let seconds = sharing
        .visible_until
        .map_or(FOR_EVER, |until| (until - now).clamp(0, FOR_EVER));
    match sharing.is_public {
        true if seconds == FOR_EVER => format!("public, max-age={FOR_EVER}, immutable"),
        true => format!("public, max-age={seconds}"),
        false => format!("private, max-age={}", seconds.min(PRIVATE_SECONDS)),
    }
}

/// 308 to the bytes that are there now, when the client has none of the old ones yet; else 410, because the rest of one version
/// behind the beginning of another is broken in a way no player can see. Also with If-Range: Chromium follows the redirect with
/// the range and without the condition.
fn lead_on(headers: &HeaderMap, address: &str) -> Result<Response> {
    let from_the_start = match headers.get(RANGE).map(HeaderValue::to_str) {
        None => true,
        Some(Ok(ranges)) => ranges
            .to_ascii_lowercase()
            .replace(' ', "")
            .starts_with("bytes=0-"),
        Some(Err(_)) => false,
    };
    if !from_the_start {
        return Err(Error::Gone(crate::error::Gone {
            reason: None,
            successor: Some(address.to_owned()),
        }));
    }
    let headers = [
        (
            LOCATION,
            HeaderValue::try_from(address).map_err(Error::internal)?,
        ),
        // The next version may take this one's place any day.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    Ok((StatusCode::PERMANENT_REDIRECT, headers).into_response())
}

fn send(method: &Method, headers: &HeaderMap, sendable: Sendable, file: File) -> Result<Response> {
    let etag = format!("\"{}\"", sendable.version);
    let modified = u64::try_from(sendable.place.modified_ns)
        .ok()
        .map(|ns| SystemTime::UNIX_EPOCH + Duration::from_nanos(ns));
    let size_bytes = sendable.place.size_bytes;
    let representation = Representation {
        size_bytes,
        etag: &etag,
        modified,
    };
    let answer = range::decide(method, headers, &representation);
    let mut response = body(&answer, file, size_bytes, &sendable.media_type)?;
    let said = response.headers_mut();
    said.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    said.insert(ETAG, HeaderValue::try_from(etag).map_err(Error::internal)?);
    said.insert(
        CACHE_CONTROL,
        HeaderValue::try_from(sendable.cache).map_err(Error::internal)?,
    );
    // An embed in a sandbox has no origin of its own; what a visitor may see here anyone may play there.
    said.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    said.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Content-Range, Accept-Ranges, ETag"),
    );
    // RFC 9110 §15.3.7: left out of a 206 that answers If-Range, because the client has it.
    if let Some(modified) = modified
        && !(headers.contains_key(IF_RANGE) && response_is_part(&answer))
    {
        said.insert(
            LAST_MODIFIED,
            HeaderValue::try_from(httpdate::fmt_http_date(modified)).map_err(Error::internal)?,
        );
    }
    if sendable.keep {
        said.insert(CONTENT_DISPOSITION, disposition(&sendable.place.file)?);
    }
    Ok(response)
}

fn response_is_part(answer: &Answer) -> bool {
    match answer {
        Answer::Part(_) | Answer::Parts(_) => true,
        Answer::NotModified
        | Answer::PreconditionFailed
        | Answer::Whole
        | Answer::Unsatisfiable => false,
    }
}

/// Status, length, type and bytes of an answer.
fn body(answer: &Answer, file: File, size_bytes: u64, media_type: &str) -> Result<Response> {
    let file = Arc::new(file);
    let media_type = HeaderValue::try_from(media_type).map_err(Error::internal)?;
    let response = match answer {
        Answer::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Answer::PreconditionFailed => StatusCode::PRECONDITION_FAILED.into_response(),
        Answer::Whole => {
            let whole = Source::piece(&file, 0, size_bytes);
            let headers = [
                (CONTENT_TYPE, media_type),
                (CONTENT_LENGTH, HeaderValue::from(size_bytes)),
            ];
            (headers, whole.into_body()).into_response()
        }
        Answer::Part(span) => {
            let part = Source::piece(&file, span.first, span.len_bytes());
            let range = HeaderValue::try_from(range::content_range(*span, size_bytes))
                .map_err(Error::internal)?;
            let headers = [
                (CONTENT_TYPE, media_type),
                (CONTENT_LENGTH, HeaderValue::from(span.len_bytes())),
                (CONTENT_RANGE, range),
            ];
            (StatusCode::PARTIAL_CONTENT, headers, part.into_body()).into_response()
        }
        Answer::Parts(spans) => parts(spans, &file, size_bytes, &media_type)?,
        Answer::Unsatisfiable => {
            let range = HeaderValue::try_from(range::unsatisfied_range(size_bytes))
                .map_err(Error::internal)?;
            (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, range)]).into_response()
        }
    };
    Ok(response)
}

fn parts(
    spans: &[Span],
    file: &Arc<File>,
    size_bytes: u64,
    media_type: &HeaderValue,
) -> Result<Response> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(Error::internal)?;
    let frame = Multipart::new(spans, media_type, size_bytes, nonce);
    let content_type = HeaderValue::try_from(frame.content_type()).map_err(Error::internal)?;
    let length = HeaderValue::from(frame.content_length());
    let mut source = Source::default();
    for part in frame.parts {
        source.push(Extent::Memory(part.head.into()));
        source.push(Extent::File {
            file: Arc::clone(file),
            offset: part.span.first,
            len_bytes: part.span.len_bytes(),
        });
    }
    source.push(Extent::Memory(frame.closing.into()));
    let headers = [(CONTENT_TYPE, content_type), (CONTENT_LENGTH, length)];
    Ok((StatusCode::PARTIAL_CONTENT, headers, source.into_body()).into_response())
}

/// RFC 6266 §4.3 with RFC 8187: a plain name for old programs, the real one for the others.
fn disposition(file: &str) -> Result<HeaderValue> {
    let plain: String = file
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = percent_encoding::utf8_percent_encode(file, percent_encoding::NON_ALPHANUMERIC);
    HeaderValue::try_from(format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    ))
    .map_err(Error::internal)
}
