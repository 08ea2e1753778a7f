//! tus 1.0.0, decided: what a request means for an upload. In: method, headers, and how far the upload is. Out: what is to be
//! done, or the refusal with its status. Nothing is read or written here; each branch names what it follows in the protocol
//! (tus.io, protocol 1.0.0, by the names of its sections).

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The only version we speak.
pub const VERSION: &str = "1.0.0";
/// What we speak beyond the core.
pub const EXTENSIONS: &str =
    "creation,creation-with-upload,creation-defer-length,expiration,termination,checksum";
/// Of the extension checksum.
pub const ALGORITHMS: &str = "sha1,sha256";
/// The type of a piece.
const PIECE: &str = "application/offset+octet-stream";
/// Bytes of `Upload-Metadata` that are kept: a name, a title and some numbers.
const LONGEST_METADATA: usize = 8 * 1024;

/// What is done with an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// What the server speaks.
    Options,
    Create(Creation),
    /// How far it is.
    Head,
    Append(Piece),
    Terminate,
}

/// A file that is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// `None`: said later (creation-defer-length).
    pub size_bytes: Option<u64>,
    /// As it was sent.
    pub written: String,
    pub metadata: BTreeMap<String, String>,
    /// Its first piece comes along (creation-with-upload).
    pub piece: Option<Piece>,
}

/// Bytes that come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub offset: u64,
    /// The length of the whole, said with this piece (creation-defer-length).
    pub sets_size: Option<u64>,
    /// Bytes that still fit; `None` while the length is not known.
    pub room: Option<u64>,
    pub checksum: Option<Checksum>,
}

/// What the bytes of one piece must amount to.
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

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub offset: u64,
    pub size_bytes: Option<u64>,
}

/// Why a request is not done. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Another version, or none.
    Version,
    Method,
    /// `Upload-Length` is missing, no number, or comes together with `Upload-Defer-Length`.
    Length,
    Defer,
    Offset,
    Metadata,
    /// More than may be uploaded.
    TooLarge,
    /// Not a piece by its `Content-Type`.
    Type,
    /// Not where the upload is.
    Conflict,
    /// More than was announced.
    Beyond,
    /// `Upload-Checksum` is of no algorithm we know, or no base64.
    Checksum,
}

impl Refusal {
    /// The status, and the key of the sentence.
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
        }
    }
}

/// Decides about a request to the collection of uploads. `most`: bytes a file may have.
pub fn at_uploads(method: &Method, headers: &HeaderMap, most: u64) -> Result<Asked, Refusal> {
    match *effective(method, headers) {
        // Core, "Tus-Resumable": not looked at with OPTIONS.
        Method::OPTIONS => Ok(Asked::Options),
        _ if !speaks(headers) => Err(Refusal::Version),
        Method::POST => creation(headers, most).map(Asked::Create),
        _ => Err(Refusal::Method),
    }
}

/// Decides about a request to one upload.
pub fn at_upload(
    method: &Method,
    headers: &HeaderMap,
    progress: Progress,
    most: u64,
) -> Result<Asked, Refusal> {
    match *effective(method, headers) {
        Method::OPTIONS => Ok(Asked::Options),
        _ if !speaks(headers) => Err(Refusal::Version),
        Method::HEAD => Ok(Asked::Head),
        Method::PATCH => piece(headers, progress, most).map(Asked::Append),
        Method::DELETE => Ok(Asked::Terminate),
        _ => Err(Refusal::Method),
    }
}

/// Core, "X-HTTP-Method-Override": takes the place of the method. Only of POST, which every guard against requests from other
/// sites looks at.
pub fn effective<'a>(method: &'a Method, headers: &HeaderMap) -> &'a Method {
    let wanted = headers
        .get("x-http-method-override")
        .map(HeaderValue::as_bytes);
    match (method, wanted) {
        (&Method::POST, Some(b"PATCH")) => &Method::PATCH,
        (&Method::POST, Some(b"DELETE")) => &Method::DELETE,
        (&Method::POST, Some(b"HEAD")) => &Method::HEAD,
        (&Method::POST, Some(b"OPTIONS")) => &Method::OPTIONS,
        (method, _) => method,
    }
}

/// Core, "Tus-Resumable": on every request but OPTIONS; another version is refused and nothing done.
fn speaks(headers: &HeaderMap) -> bool {
    text(headers, "tus-resumable", Refusal::Version) == Ok(Some(VERSION))
}

/// Creation, with its extensions creation-defer-length and creation-with-upload.
fn creation(headers: &HeaderMap, most: u64) -> Result<Creation, Refusal> {
    let length = number(headers, "upload-length", Refusal::Length)?;
    let deferred = match text(headers, "upload-defer-length", Refusal::Defer)? {
        None => false,
        Some("1") => true,
        Some(_) => return Err(Refusal::Defer),
    };
    // Exactly one of both.
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

/// Core, "PATCH".
fn piece(headers: &HeaderMap, progress: Progress, most: u64) -> Result<Piece, Refusal> {
    if !is_piece(headers) {
        return Err(Refusal::Type);
    }
    let offset = number(headers, "upload-offset", Refusal::Offset)?.ok_or(Refusal::Offset)?;
    if offset != progress.offset {
        return Err(Refusal::Conflict);
    }
    let value = number(headers, "upload-length", Refusal::Length)?;
    // Creation-defer-length: said once; the same again is no change.
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

/// What comes in the body.
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

/// Checksum, "Upload-Checksum": the name of an algorithm, a space, the digest in base64.
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

/// Creation, "Upload-Metadata": pairs with commas between; a key of ASCII without space and comma, once; a value in base64,
/// which may be absent. `None` when it is anything else. Ours are text, so a value must be UTF-8.
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

/// The type of a piece, without parameters.
fn is_piece(headers: &HeaderMap) -> bool {
    let value = text(headers, "content-type", Refusal::Type);
    matches!(value, Ok(Some(value)) if value.eq_ignore_ascii_case(PIECE))
}

/// A header that must not come twice; refused when it does, or is no ASCII.
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

/// A number as the protocol writes it: digits and nothing else.
fn number(headers: &HeaderMap, name: &str, refusal: Refusal) -> Result<Option<u64>, Refusal> {
    let Some(value) = text(headers, name, refusal)? else {
        return Ok(None);
    };
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    // SQLite counts to 2⁶³ - 1.
    let most = i64::MAX.unsigned_abs();
    match value.parse() {
        Ok(number) if is_number && number <= most => Ok(Some(number)),
        Ok(_) | Err(_) => Err(refusal),
    }
}

#[cfg(test)]
#[path = "tus_cases.rs"]
mod cases;
