//! A file that a viewer may have, and the headers of its answers. In: a row of the catalogue and how widely it may be kept. Out: the
//! answer to a request for it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE,
    LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::byteranges::Multipart;
use super::caching::Caching;
use super::range;
use super::representation::{Answer, Representation};
use super::source::{Extent, Source};
use crate::catalogue::attachment::Attachment;
use crate::catalogue::name::of_file;
use crate::catalogue::original::{FilePlace, Original};
use crate::error::{Error, Result};
use crate::library::Opened;
use crate::web::reply::header;
use crate::zero_copy::Pieces;

/// A file that a viewer may have.
pub(super) struct Sendable {
    pub place: FilePlace,
    pub version: String,
    media_type: HeaderValue,
    etag: String,
    modified: Option<SystemTime>,
    /// The headers of all its answers.
    headers: HeaderMap,
}

impl Sendable {
    pub fn original(original: Original, caching: &Caching) -> Result<Self> {
        let media_type = header(original.media_type())?;
        Self::new(original.place, original.version, media_type, caching)
    }

    /// A hand-out, which browsers save instead of showing it, so that it never runs code in the portal's origin.
    pub fn hand_out(attachment: Attachment, caching: &Caching) -> Result<Self> {
        let media_type = header(&attachment.media_type)?;
        let mut file = Self::new(attachment.place, attachment.version, media_type, caching)?;
        let disposition = disposition(&file.place.file)?;
        file.headers.insert(CONTENT_DISPOSITION, disposition);
        Ok(file)
    }

    fn new(
        place: FilePlace,
        version: String,
        media_type: HeaderValue,
        caching: &Caching,
    ) -> Result<Self> {
        let etag = caching.etag(&version);
        let modified = u64::try_from(place.modified_ns)
            .ok()
            .filter(|_| caching.has_date())
            .map(|ns| SystemTime::UNIX_EPOCH + Duration::from_nanos(ns));
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(ETAG, header(&etag)?);
        headers.insert(CACHE_CONTROL, header(&caching.control)?);
        // An embed in a sandbox has no origin of its own, and a page there may play what the visitor may see here.
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let exposed = HeaderValue::from_static("Content-Range, Accept-Ranges, ETag");
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        if let Some(modified) = modified {
            headers.insert(LAST_MODIFIED, header(&httpdate::fmt_http_date(modified))?);
        }
        Ok(Self {
            place,
            version,
            media_type,
            etag,
            modified,
            headers,
        })
    }

    /// Answers a request for it. `pieces`: those of the connection, where the kernel may send the file by itself.
    pub fn answer(
        &self,
        (method, headers): (&Method, &HeaderMap),
        opened: &Arc<Opened>,
        pieces: Option<Pieces>,
    ) -> Result<Response> {
        let representation = Representation {
            size_bytes: self.place.size_bytes,
            etag: &self.etag,
            modified: self.modified,
        };
        let answer = range::decide(method, headers, &representation);
        let mut answered = self.headers.clone();
        // RFC 9110 §15.3.7: a 206 for a request with If-Range omits it, because the client has it.
        if matches!(answer, Answer::Part(_) | Answer::Parts(_)) && headers.contains_key(IF_RANGE) {
            answered.remove(LAST_MODIFIED);
        }
        let (status, source) = self.body(&answer, &mut answered, opened)?;
        let mut response = match source {
            Some(source) => Response::new(source.into_body(pieces)),
            None => ().into_response(),
        };
        *response.status_mut() = status;
        *response.headers_mut() = answered;
        Ok(response)
    }

    /// Status and bytes of an answer; its length, type and range are added to its headers.
    fn body(
        &self,
        answer: &Answer,
        headers: &mut HeaderMap,
        opened: &Arc<Opened>,
    ) -> Result<(StatusCode, Option<Source>)> {
        let size_bytes = self.place.size_bytes;
        let part = StatusCode::PARTIAL_CONTENT;
        let mut says = |media_type: HeaderValue, len_bytes: u64| {
            headers.insert(CONTENT_TYPE, media_type);
            headers.insert(CONTENT_LENGTH, HeaderValue::from(len_bytes));
        };
        Ok(match answer {
            Answer::NotModified => (StatusCode::NOT_MODIFIED, None),
            Answer::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, None),
            Answer::Whole => {
                says(self.media_type.clone(), size_bytes);
                (StatusCode::OK, Some(Source::piece(opened, 0, size_bytes)))
            }
            Answer::Part(span) => {
                says(self.media_type.clone(), span.len_bytes());
                headers.insert(
                    CONTENT_RANGE,
                    header(&range::content_range(*span, size_bytes))?,
                );
                let piece = Source::piece(opened, span.first, span.len_bytes());
                (part, Some(piece))
            }
            Answer::Parts(spans) => {
                let mut nonce = [0; 16];
                getrandom::fill(&mut nonce).map_err(Error::internal)?;
                let frame = Multipart::new(spans, &self.media_type, size_bytes, nonce);
                says(header(&frame.content_type())?, frame.content_length());
                (part, Some(framed(frame, opened)))
            }
            Answer::Unsatisfiable => {
                let range = header(&range::unsatisfied_range(size_bytes))?;
                headers.insert(CONTENT_RANGE, range);
                (StatusCode::RANGE_NOT_SATISFIABLE, None)
            }
        })
    }
}

fn framed(frame: Multipart, opened: &Arc<Opened>) -> Source {
    let mut source = Source::default();
    for part in frame.parts {
        source.push(Extent::Memory(part.head.into()));
        source.push(Extent::File {
            file: Arc::clone(opened),
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
