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
use super::source::{Extent, Source, Way};
use crate::catalogue::attachment::Attachment;
use crate::catalogue::name::of_file;
use crate::catalogue::original::{FilePlace, Original};
use crate::catalogue::rendition::Rendition;
use crate::error::{Error, Result};
use crate::library::Opened;
use crate::web::class::Class;
use crate::web::guard;
use crate::web::reply::header;

/// Headers of an answer at most: one with more would have to be put together anew.
const MOST_HEADERS: usize = 24;

/// A file that a viewer may have.
pub struct Sendable {
    pub place: FilePlace,
    pub version: String,
    media_type: HeaderValue,
    etag: String,
    modified: Option<SystemTime>,
    /// The headers of an answer with bytes, of one that says that they are unchanged, and of a refusal.
    with_bytes: HeaderMap,
    unchanged: HeaderMap,
    without: HeaderMap,
}

impl Sendable {
    pub fn original(original: Original, caching: &Caching) -> Result<Self> {
        let media_type = header(original.media_type())?;
        Self::new(original.place, original.version, media_type, caching)
    }

    pub fn rendition(rendition: Rendition, caching: &Caching) -> Result<Self> {
        let media_type = header(&rendition.media_type)?;
        // One that was made anew has the same address and, with another ffmpeg, other bytes: its name in the folder is that of the run.
        let tag = rendition.place.file.clone();
        Self::new(rendition.place, tag, media_type, caching)
    }

    /// A hand-out, which browsers save instead of showing it, so that it never runs code in the portal's origin.
    pub fn hand_out(attachment: Attachment, caching: &Caching) -> Result<Self> {
        let media_type = header(&attachment.media_type)?;
        let mut file = Self::new(attachment.place, attachment.version, media_type, caching)?;
        let disposition = disposition(&file.place.file)?;
        for headers in [&mut file.with_bytes, &mut file.without] {
            headers.insert(CONTENT_DISPOSITION, disposition.clone());
        }
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
        let mut headers = HeaderMap::with_capacity(MOST_HEADERS);
        headers.insert(ETAG, header(&etag)?);
        headers.insert(CACHE_CONTROL, header(&caching.control)?);
        // An embed in a sandbox has no origin of its own, and a page there may play what the visitor may see here.
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if let Some(modified) = modified {
            headers.insert(LAST_MODIFIED, header(&httpdate::fmt_http_date(modified))?);
        }
        // RFC 9110 §15.4.5: what the client has kept need not be told again.
        let unchanged = headers.clone();
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let exposed = HeaderValue::from_static("Content-Range, Accept-Ranges, ETag");
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        let mut with_bytes = headers.clone();
        with_bytes.insert(CONTENT_TYPE, media_type.clone());
        // What differs from answer to answer has its place already.
        with_bytes.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        with_bytes.insert(CONTENT_RANGE, HeaderValue::from_static(""));
        guard::secure(&mut with_bytes, Class::File);
        guard::secure(&mut headers, Class::File);
        Ok(Self {
            place,
            version,
            media_type,
            etag,
            modified,
            with_bytes,
            unchanged,
            without: headers,
        })
    }

    /// Answers a request for it.
    pub fn answer(
        &self,
        (method, headers): (&Method, &HeaderMap),
        opened: &Arc<Opened>,
        way: Way,
    ) -> Result<Response> {
        let representation = Representation {
            size_bytes: self.place.size_bytes,
            etag: &self.etag,
            modified: self.modified,
        };
        let answer = range::decide(method, headers, &representation);
        let mut answered = match answer {
            Answer::Whole | Answer::Part(_) | Answer::Parts(_) => self.with_bytes.clone(),
            Answer::NotModified => self.unchanged.clone(),
            Answer::PreconditionFailed | Answer::Unsatisfiable => self.without.clone(),
        };
        // RFC 9110 §15.3.7: a 206 for a request with If-Range omits it, because the client has it.
        if matches!(answer, Answer::Part(_) | Answer::Parts(_)) && headers.contains_key(IF_RANGE) {
            answered.remove(LAST_MODIFIED);
        }
        let (status, source) = self.body(&answer, &mut answered, opened)?;
        let mut response = match source {
            Some(source) => Response::new(source.into_body(way)),
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
        Ok(match answer {
            Answer::NotModified => (StatusCode::NOT_MODIFIED, None),
            Answer::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, None),
            Answer::Whole => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(size_bytes));
                headers.remove(CONTENT_RANGE);
                (StatusCode::OK, Some(Source::piece(opened, 0, size_bytes)))
            }
            Answer::Part(span) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(span.len_bytes()));
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
                headers.remove(CONTENT_RANGE);
                headers.insert(CONTENT_TYPE, header(&frame.content_type())?);
                headers.insert(CONTENT_LENGTH, HeaderValue::from(frame.content_length()));
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
