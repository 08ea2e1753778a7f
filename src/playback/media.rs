//! `GET|HEAD /media/{id}/{version}/{file}`: an original or a hand-out. The version selects the bytes; the file name is for people
//! who save the file, and an address with an old name keeps working.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::byteranges::Multipart;
use super::caching::Caching;
use super::forgotten;
use super::range;
use super::representation::{Answer, Representation};
use super::source::{Extent, Source};
use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::name::of_file;
use crate::catalogue::original::{self, FilePlace, Original};
use crate::catalogue::recording;
use crate::catalogue::{PublicId, Viewer, address, id};
use crate::error::{Error, Gone, Result};
use crate::web::reply::{self, header};
use crate::web::urls;

/// Sends a file or a part of it, or the reason why not.
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
        .read(move |conn| find(conn, &viewer, &id, (&version, &name)));
    match found.await? {
        Requested::Forgotten(address) => lead_on(&headers, &address),
        Requested::Current(file, caching) => {
            let opened = open(&app, &file).await?;
            send(&method, &headers, (file, opened), &caching)
        }
        Requested::Superseded { id, address, old } => {
            // Coordinators may watch a replaced version; nobody else ever gets it.
            if sees_all && let Some(opened) = open_kept(&app, id, &old).await? {
                return send(&method, &headers, (old, opened), &Caching::none());
            }
            lead_on(&headers, &address.ok_or(Error::NotFound)?)
        }
    }
}

async fn open(app: &App, sendable: &Sendable) -> Result<File> {
    let place = sendable.place.clone();
    let opened = app
        .library
        .run(move |library| library.open_unchanged(&place));
    opened.await.inspect_err(|problem| {
        if matches!(problem, Error::Changed) && app.notifier.notify_scan() {
            let Sendable { place, .. } = sendable;
            let (folder, file) = (&place.folder, &place.file);
            tracing::warn!(
                "{folder}/{file} is not the file that was read; the media folder is read again"
            );
        }
    })
}

/// Opens a replaced version; `None` when it was not kept.
async fn open_kept(app: &App, id: PublicId, old: &Sendable) -> Result<Option<File>> {
    let (folder, version) = (old.place.folder.clone(), old.version.clone());
    let opened = app.library.run(move |library| {
        let kept = library.version_kept(&folder, &id, &version)?;
        library.open_version(&folder, &id, &kept)
    });
    match opened.await {
        Ok(file) => Ok(Some(file)),
        Err(Error::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The file that an address asks for.
enum Requested {
    Current(Sendable, Caching),
    /// The version was replaced by other bytes of the recording, at this address.
    Superseded {
        id: PublicId,
        address: Option<String>,
        old: Sendable,
    },
    /// The catalogue never knew this version of a file that now has this address, because it was rebuilt.
    Forgotten(String),
}

/// A file that this viewer may have.
struct Sendable {
    place: FilePlace,
    version: String,
    media_type: String,
    /// Whether browsers must save the file instead of showing it, so that a hand-out never runs code in the portal's origin.
    keep: bool,
}

impl Sendable {
    fn original(original: Original) -> Self {
        Self {
            media_type: original.media_type().to_owned(),
            place: original.place,
            version: original.version,
            keep: false,
        }
    }

    fn hand_out(attachment: Attachment) -> Self {
        Self {
            place: attachment.place,
            version: attachment.version,
            media_type: attachment.media_type,
            keep: true,
        }
    }
}

/// Resolves an address. `name`: the file name in it.
fn find(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
    (version, name): (&str, &str),
) -> Result<Requested> {
    let row = address::follow_recording(conn, viewer, id)?.found()?;
    let current = |file| {
        let sharing = recording::sharing(conn, viewer, row)?;
        Ok(Requested::Current(
            file,
            Caching::of(&sharing, viewer.now()),
        ))
    };
    if let Some(original) = original::by_version(conn, row, version)? {
        if !original.missing && original.facts.problem.is_none() && !original.superseded {
            return current(Sendable::original(original));
        }
        let next = original::successor(conn, &original)?.filter(|next| next.version != version);
        let id = recording::public_id(conn, row)?;
        return Ok(Requested::Superseded {
            address: next.map(|next| urls::media(&id, &next.version, &next.place.file)),
            old: Sendable::original(original),
            id,
        });
    }
    let Some(attachment) = attachment::by_version(conn, row, version)? else {
        let address = forgotten::lead(conn, row, name)?.ok_or(Error::NotFound)?;
        return Ok(Requested::Forgotten(address));
    };
    if !attachment.missing && !attachment.superseded {
        return current(Sendable::hand_out(attachment));
    }
    let next = attachment::successor(conn, &attachment)?;
    let next = next.ok_or_else(|| Error::Gone(Gone::default()))?;
    let id = recording::public_id(conn, row)?;
    Ok(Requested::Superseded {
        address: Some(urls::media(&id, &next.version, &next.place.file)),
        old: Sendable::hand_out(attachment),
        id,
    })
}

/// Redirects (308) to the current bytes when the client has none of the old ones; otherwise 410, because the rest of one version
/// after the beginning of another is broken in a way that no player notices. This holds with If-Range too: Chromium follows the
/// redirect with the range and without the condition.
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
        return Err(Error::Gone(Gone {
            reason: None,
            successor: Some(address.to_owned()),
        }));
    }
    // A permanent redirect must not be cached for long, because the next version may come at any time.
    let mut response = reply::moved(address)?;
    let headers_out = response.headers_mut();
    headers_out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

fn send(
    method: &Method,
    headers: &HeaderMap,
    (sendable, file): (Sendable, File),
    caching: &Caching,
) -> Result<Response> {
    let etag = caching.etag(&sendable.version);
    let modified = u64::try_from(sendable.place.modified_ns)
        .ok()
        .filter(|_| caching.has_date())
        .map(|ns| SystemTime::UNIX_EPOCH + Duration::from_nanos(ns));
    let size_bytes = sendable.place.size_bytes;
    let representation = Representation {
        size_bytes,
        etag: &etag,
        modified,
    };
    let answer = range::decide(method, headers, &representation);
    let mut response = body(&answer, file, size_bytes, &sendable.media_type)?;
    let headers_out = response.headers_mut();
    headers_out.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers_out.insert(ETAG, header(&etag)?);
    headers_out.insert(CACHE_CONTROL, header(&caching.control)?);
    // An embed in a sandbox has no origin of its own, and a page there may play what the visitor may see here.
    headers_out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("Content-Range, Accept-Ranges, ETag");
    headers_out.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    // RFC 9110 §15.3.7: a 206 for a request with If-Range omits it, because the client has it.
    let is_part = matches!(answer, Answer::Part(_) | Answer::Parts(_));
    if let Some(modified) = modified
        && !(headers.contains_key(IF_RANGE) && is_part)
    {
        let date = httpdate::fmt_http_date(modified);
        headers_out.insert(LAST_MODIFIED, header(&date)?);
    }
    if sendable.keep {
        headers_out.insert(CONTENT_DISPOSITION, disposition(&sendable.place.file)?);
    }
    Ok(response)
}

/// Status, length, type and bytes of an answer.
fn body(answer: &Answer, file: File, size_bytes: u64, media_type: &str) -> Result<Response> {
    let file = Arc::new(file);
    let media_type = header(media_type)?;
    let part = StatusCode::PARTIAL_CONTENT;
    let unsent = |status: StatusCode| status.into_response();
    Ok(match answer {
        Answer::NotModified => unsent(StatusCode::NOT_MODIFIED),
        Answer::PreconditionFailed => unsent(StatusCode::PRECONDITION_FAILED),
        Answer::Whole => {
            let whole = Source::piece(&file, 0, size_bytes);
            sent(StatusCode::OK, media_type, size_bytes, whole)
        }
        Answer::Part(span) => {
            let piece = Source::piece(&file, span.first, span.len_bytes());
            let range = header(&range::content_range(*span, size_bytes))?;
            let mut response = sent(part, media_type, span.len_bytes(), piece);
            response.headers_mut().insert(CONTENT_RANGE, range);
            response
        }
        Answer::Parts(spans) => {
            let mut nonce = [0; 16];
            getrandom::fill(&mut nonce).map_err(Error::internal)?;
            let frame = Multipart::new(spans, &media_type, size_bytes, nonce);
            let media_type = header(&frame.content_type())?;
            sent(
                part,
                media_type,
                frame.content_length(),
                framed(frame, &file),
            )
        }
        Answer::Unsatisfiable => {
            let mut response = unsent(StatusCode::RANGE_NOT_SATISFIABLE);
            let range = header(&range::unsatisfied_range(size_bytes))?;
            response.headers_mut().insert(CONTENT_RANGE, range);
            response
        }
    })
}

fn sent(status: StatusCode, media_type: HeaderValue, len_bytes: u64, source: Source) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_LENGTH, HeaderValue::from(len_bytes)),
    ];
    (status, headers, source.into_body()).into_response()
}

fn framed(frame: Multipart, file: &Arc<File>) -> Source {
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
    source
}

/// The `Content-Disposition` of a file. RFC 6266 §4.3 with RFC 8187: a plain name for old clients, and the real one for others.
fn disposition(file: &str) -> Result<HeaderValue> {
    let file = &*of_file(file);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
    let plain = file.replace(|c: char| !is_plain(c), "_");
    let encoded = percent_encoding::utf8_percent_encode(file, percent_encoding::NON_ALPHANUMERIC);
    header(&format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    ))
}
