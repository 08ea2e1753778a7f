//! Decides tus 1.0.0 requests. In: method, headers and the progress of the upload. Out: the action, or the refusal with its status.
//! Nothing is read or written here; each branch names its section of the protocol (tus.io, protocol 1.0.0).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The only supported version of the protocol.
pub const VERSION: &str = "1.0.0";
/// The supported extensions.
pub const EXTENSIONS: &str =
    "creation,creation-with-upload,creation-defer-length,expiration,termination,checksum";
/// The algorithms of the checksum extension.
pub const ALGORITHMS: &str = "sha1,sha256";
/// The content type of a piece.
const PIECE: &str = "application/offset+octet-stream";
/// The headers of requests in tus 1.0.0 that mean something here, of those whose name begins like an extension's. `Upload-Expires` is
/// one of answers, and asks for nothing.
const HEADERS: [&str; 6] = [
    "upload-length",
    "upload-offset",
    "upload-metadata",
    "upload-defer-length",
    "upload-checksum",
    "upload-expires",
];
/// The longest `Upload-Metadata` that is accepted, in bytes: room for a name, a title and some numbers.
const LONGEST_METADATA: usize = 8 * 1024;

/// The action that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Lists the capabilities of the server.
    Options,
    Create(Creation),
    /// Reports the progress of the upload.
    Head,
    Append(Piece),
    Terminate,
}

/// A new upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// `None`: the length follows later (creation-defer-length).
    pub size_bytes: Option<u64>,
    /// The metadata as it was sent.
    pub written: String,
    pub metadata: BTreeMap<String, String>,
    /// The first piece in the same request (creation-with-upload).
    pub piece: Option<Piece>,
}

/// A piece of the file in the body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub offset: u64,
    /// The length of the whole file, stated with this piece (creation-defer-length).
    pub sets_size: Option<u64>,
    /// How many more bytes fit; `None` while the length is not known.
    pub room: Option<u64>,
    pub checksum: Option<Checksum>,
}

/// The checksum that the bytes of a piece must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    pub algorithm: Algorithm,
    pub digest: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Sha1,
    Sha256,
}

/// The progress of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub offset: u64,
    pub size_bytes: Option<u64>,
}

/// Why a request is refused. Nothing changes then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The protocol version is missing or unsupported.
    Version,
    Method,
    /// `Upload-Length` is missing, no number, or combined with `Upload-Defer-Length`.
    Length,
    Defer,
    Offset,
    Metadata,
    /// The file is larger than allowed.
    TooLarge,
    /// The `Content-Type` is not that of a piece.
    Type,
    /// The offset is not that of the upload.
    Conflict,
    /// The body is longer than announced.
    Beyond,
    /// `Upload-Checksum` has an unknown algorithm or no valid base64.
    Checksum,
    /// `Upload-Concat`: a part of a file, which could never become whole here.
    Concatenation,
    /// A header of an extension that is not offered.
    Extension,
    /// The bytes are coded (`Content-Encoding`), and would be kept as they come.
    Coding,
}

impl Refusal {
    /// The status, and the key of the text.
    pub fn status_and_text(self) -> (StatusCode, &'static str) {
        match self {
            Self::Version => (StatusCode::PRECONDITION_FAILED, "tus-version"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "error-405-text"),
            Self::Length => (StatusCode::BAD_REQUEST, "tus-length"),
            Self::Defer => (StatusCode::BAD_REQUEST, "tus-defer"),
            Self::Offset => (StatusCode::BAD_REQUEST, "tus-offset"),
            Self::Metadata => (StatusCode::BAD_REQUEST, "tus-metadata"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "upload-too-large"),
            Self::Type => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "tus-type"),
            Self::Conflict => (StatusCode::CONFLICT, "tus-conflict"),
            Self::Beyond => (StatusCode::PAYLOAD_TOO_LARGE, "tus-beyond"),
            Self::Checksum => (StatusCode::BAD_REQUEST, "tus-checksum"),
            // Not 501: clients try again after a 5xx, and proxies give such answers too.
            Self::Concatenation => (StatusCode::BAD_REQUEST, "tus-concatenation"),
            Self::Extension => (StatusCode::BAD_REQUEST, "tus-extension"),
            Self::Coding => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "tus-coding"),
        }
    }
}

/// Decides a request to the collection of uploads. `most`: the largest file in bytes.
pub fn at_uploads(method: &Method, headers: &HeaderMap, most: u64) -> Result<Asked, Refusal> {
    match effective(method, headers) {
        // Core, "Tus-Resumable": the header is ignored with OPTIONS.
        Method::OPTIONS => Ok(Asked::Options),
        _ if !speaks(headers) => Err(Refusal::Version),
        Method::POST => creation(headers, most).map(Asked::Create),
        _ => Err(Refusal::Method),
    }
}

/// Decides a request to one upload. `most`: the largest file in bytes.
pub fn at_upload(
    method: &Method,
    headers: &HeaderMap,
    progress: Progress,
    most: u64,
) -> Result<Asked, Refusal> {
    match effective(method, headers) {
        Method::OPTIONS => Ok(Asked::Options),
        _ if !speaks(headers) => Err(Refusal::Version),
        Method::HEAD => Ok(Asked::Head),
        Method::PATCH => piece(headers, progress, most).map(Asked::Append),
        Method::DELETE => Ok(Asked::Terminate),
        _ => Err(Refusal::Method),
    }
}

/// Core, "X-HTTP-Method-Override": the header replaces the method, also by one that is not offered. It works with POST only, because
/// the guards against requests from other sites check POST.
pub fn effective(method: &Method, headers: &HeaderMap) -> Method {
    match headers.get("x-http-method-override") {
        Some(wanted) if method == Method::POST => {
            Method::from_bytes(wanted.as_bytes()).unwrap_or(Method::TRACE)
        }
        Some(_) | None => method.clone(),
    }
}

/// Refuses what asks for more than is offered; carried out as if it had not asked, it would become something else than what the
/// client sends. Concatenation, "Upload-Concat": each part of a file that is sent in parallel would become a recording. Checksum: a
/// digest in a trailer (`checksum-trailer`) would not be compared. RFC 9110 §8.4: coded bytes are not those of the file. Other names of
/// headers that begin as those of extensions do are of later ones (`Upload-Complete`, `Upload-Limit`).
fn only_what_is_offered(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key("upload-concat") {
        return Err(Refusal::Concatenation);
    }
    let mut names = headers.keys().map(HeaderName::as_str);
    let is_unknown = |name: &str| name.starts_with("upload-") && !HEADERS.contains(&name);
    let trailer = text(headers, "trailer", Refusal::Extension)?.unwrap_or_default();
    let mut trailers = trailer.split(',').map(|name| name.trim().to_lowercase());
    if names.any(is_unknown) || trailers.any(|name| name.starts_with("upload-")) {
        return Err(Refusal::Extension);
    }
    match text(headers, "content-encoding", Refusal::Coding)? {
        None => Ok(()),
        Some(coding) if coding.eq_ignore_ascii_case("identity") => Ok(()),
        Some(_) => Err(Refusal::Coding),
    }
}

/// Core, "Tus-Resumable": every request but OPTIONS names the version; another version is refused.
fn speaks(headers: &HeaderMap) -> bool {
    text(headers, "tus-resumable", Refusal::Version) == Ok(Some(VERSION))
}

/// Decides a creation, with creation-defer-length and creation-with-upload.
fn creation(headers: &HeaderMap, most: u64) -> Result<Creation, Refusal> {
    only_what_is_offered(headers)?;
    let length = number(headers, "upload-length", Refusal::Length)?;
    let deferred = match text(headers, "upload-defer-length", Refusal::Defer)? {
        None => false,
        Some("1") => true,
        Some(_) => return Err(Refusal::Defer),
    };
    // Exactly one of both headers is allowed.
    if length.is_some() == deferred {
        return Err(Refusal::Length);
    }
    if length.is_some_and(|length| length > most) {
        return Err(Refusal::TooLarge);
    }
    let written = text(headers, "upload-metadata", Refusal::Metadata)?.unwrap_or_default();
    let metadata = metadata(written).ok_or(Refusal::Metadata)?;
    let start = Progress {
        offset: 0,
        size_bytes: length,
    };
    let piece = match is_piece(headers) {
        true => Some(bytes(headers, start)?),
        false => None,
    };
    Ok(Creation {
        size_bytes: length,
        written: written.to_owned(),
        metadata,
        piece,
    })
}

/// Decides a piece (Core, "PATCH").
fn piece(headers: &HeaderMap, progress: Progress, most: u64) -> Result<Piece, Refusal> {
    only_what_is_offered(headers)?;
    if !is_piece(headers) {
        return Err(Refusal::Type);
    }
    let offset = number(headers, "upload-offset", Refusal::Offset)?.ok_or(Refusal::Offset)?;
    if offset != progress.offset {
        return Err(Refusal::Conflict);
    }
    let value = number(headers, "upload-length", Refusal::Length)?;
    // Creation-defer-length: the length is stated once; repeating the same length is allowed.
    let sets_size = match (progress.size_bytes, value) {
        (Some(progress), Some(value)) if progress != value => return Err(Refusal::Length),
        (None, Some(value)) if value < offset => return Err(Refusal::Length),
        (None, Some(value)) if value > most => return Err(Refusal::TooLarge),
        (None, Some(value)) => Some(value),
        (_, _) => None,
    };
    let progress = Progress {
        offset,
        size_bytes: progress.size_bytes.or(sets_size),
    };
    let piece = bytes(headers, progress)?;
    Ok(Piece { sets_size, ..piece })
}

/// The piece in the body of a request.
fn bytes(headers: &HeaderMap, progress: Progress) -> Result<Piece, Refusal> {
    let room = progress.size_bytes.map(|size| size - progress.offset);
    let announced = number(headers, "content-length", Refusal::Beyond)?;
    if room.is_some_and(|room| announced.is_some_and(|announced| announced > room)) {
        return Err(Refusal::Beyond);
    }
    Ok(Piece {
        offset: progress.offset,
        sets_size: None,
        room,
        checksum: checksum(headers)?,
    })
}

/// Checksum, "Upload-Checksum": the name of an algorithm, a space, and the digest in base64.
fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Refusal> {
    let Some(value) = text(headers, "upload-checksum", Refusal::Checksum)? else {
        return Ok(None);
    };
    let (name, digest) = value.split_once(' ').ok_or(Refusal::Checksum)?;
    let (algorithm, length) = match name {
        "sha1" => (Algorithm::Sha1, 20),
        "sha256" => (Algorithm::Sha256, 32),
        _ => return Err(Refusal::Checksum),
    };
    let digest = STANDARD.decode(digest).map_err(|_| Refusal::Checksum)?;
    match digest.len() == length {
        true => Ok(Some(Checksum { algorithm, digest })),
        false => Err(Refusal::Checksum),
    }
}

/// Creation, "Upload-Metadata": pairs separated by commas; each key is ASCII without space and comma and occurs once; its value is
/// base64 and may be absent. `None` for anything else. All our values are text, so they must be UTF-8.
pub fn metadata(written: &str) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    if written.len() > LONGEST_METADATA {
        return None;
    }
    if written.is_empty() {
        return Some(found);
    }
    for pair in written.split(',') {
        let pair = pair.trim_matches(' ');
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_key || found.insert(key.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(found)
}

/// Whether the content type is that of a piece; parameters are not allowed.
fn is_piece(headers: &HeaderMap) -> bool {
    let value = text(headers, "content-type", Refusal::Type);
    matches!(value, Ok(Some(value)) if value.eq_ignore_ascii_case(PIECE))
}

/// The text of a header; refused when the header occurs twice or is not ASCII.
fn text<'a>(
    headers: &'a HeaderMap,
    name: &str,
    refusal: Refusal,
) -> Result<Option<&'a str>, Refusal> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().map(Some).map_err(|_| refusal),
        (Some(_), Some(_)) => Err(refusal),
    }
}

/// A number as the protocol writes it, in digits only.
fn number(headers: &HeaderMap, name: &str, refusal: Refusal) -> Result<Option<u64>, Refusal> {
    let Some(value) = text(headers, name, refusal)? else {
        return Ok(None);
    };
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    // SQLite integers end at 2⁶³ - 1.
    let most = i64::MAX.unsigned_abs();
    match value.parse() {
        Ok(number) if is_number && number <= most => Ok(Some(number)),
        Ok(_) | Err(_) => Err(refusal),
    }
}

#[cfg(test)]
#[path = "tus_cases.rs"]
mod cases;
