//! The gate in front of hyper's parser: finds the end of a request head and the length of its body, and decides whether the head is
//! acceptable. In: bytes. Out: a verdict; nothing here uses a socket.
//!
//! hyper accepts more than the specification: a bare LF as line end, Transfer-Encoding together with Content-Length, and a missing
//! Host. Behind a proxy that reads the same bytes differently, each of these lets one request be taken for two (request smuggling).
//! So the gate refuses every ambiguous head.

/// The largest head in bytes; a larger one gets 431. Browsers send less than 2 kB; the rest is for cookies of other programs on the
/// same host and a long Range.
pub const HEAD_LIMIT: usize = 32 * 1024;

/// Finds the end of a head in bytes that arrive in pieces; each byte is examined once, however small the pieces are.
#[derive(Debug, Default)]
pub struct Scan {
    looked: usize,
    line: usize,
}

/// The result of [`Scan::end`].
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The empty line has not arrived yet.
    NotYet,
    /// Length of the head in bytes, including its empty line. Two means an empty line without a head.
    After(usize),
    /// A line ended without CR.
    BareLf,
}

impl Scan {
    /// Continues where the last call stopped; `bytes` begins with the first byte of the head at every call.
    pub fn end(&mut self, bytes: &[u8]) -> End {
        let unseen = bytes.iter().enumerate().skip(self.looked);
        for (at, _) in unseen.filter(|(_, byte)| **byte == b'\n') {
            let line = bytes.get(self.line..=at).unwrap_or_default();
            if !line.ends_with(b"\r\n") {
                return End::BareLf;
            }
            if line.len() == 2 {
                return End::After(at + 1);
            }
            self.line = at + 1;
        }
        self.looked = bytes.len();
        End::NotYet
    }
}

/// How the length of a request's body is determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// The body has this many bytes; 0 without a body.
    Bytes(u64),
    /// The body is chunked. Such a request is the last of its connection, so that no interpretation of its chunks can decide where
    /// another request begins.
    Chunked,
}

/// Why a head gets 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A line ended in LF alone.
    BareLf,
    /// The request line is not `METHOD target HTTP/1.1` or `/1.0`.
    RequestLine,
    /// The method is CONNECT, which only proxies support.
    Connect,
    /// A field continues on a second line.
    Folded,
    /// A field has no colon, no name, or a name that is no token, for example one with a space.
    FieldName,
    /// A value has a control character, for example a CR without LF.
    FieldValue,
    /// Host is missing, repeated or invalid.
    Host,
    /// Content-Length is not a number, too large, or repeated.
    ContentLength,
    /// Transfer-Encoding is anything but one `chunked` in HTTP/1.1.
    TransferEncoding,
    /// The head has both a length and an encoding.
    TwoFramings,
}

/// Judges a whole head, from its first byte to its empty line.
pub fn judge(head: &[u8]) -> Result<Framing, Flaw> {
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .take_while(|line| !line.is_empty());
    let minor = request_line(lines.next().unwrap_or_default())?;
    let mut fields = Fields::default();
    for line in lines {
        fields.take(line)?;
    }
    fields.framing(minor)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Minor {
    Zero,
    One,
}

/// Checks the parts of the request line that framing depends on; hyper checks method and target.
fn request_line(line: &[u8]) -> Result<Minor, Flaw> {
    // RFC 9112 §9.3.1: a tunnel has no framing.
    if line.starts_with(b"CONNECT ") {
        return Err(Flaw::Connect);
    }
    if line.contains(&b'\r') {
        return Err(Flaw::RequestLine);
    }
    match line.last_chunk() {
        Some(b" HTTP/1.1") => Ok(Minor::One),
        Some(b" HTTP/1.0") => Ok(Minor::Zero),
        Some(_) | None => Err(Flaw::RequestLine),
    }
}

/// The fields that decide about framing, as far as they were read.
#[derive(Default)]
struct Fields {
    length: Option<u64>,
    chunked: bool,
    host: bool,
}

impl Fields {
    fn take(&mut self, line: &[u8]) -> Result<(), Flaw> {
        // RFC 9112 §5.2: a server that receives a folded line outside message/http answers 400.
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            return Err(Flaw::Folded);
        }
        let colon = line
            .iter()
            .position(|byte| *byte == b':')
            .ok_or(Flaw::FieldName)?;
        let (name, value) = line.split_at(colon);
        // RFC 9112 §5.1: whitespace between name and colon is answered 400; it is no token character.
        if name.is_empty() || !name.iter().all(is_token) {
            return Err(Flaw::FieldName);
        }
        let value = value.get(1..).unwrap_or_default();
        // RFC 9110 §5.5: CR, LF and NUL within a value are dangerous; RFC 9112 §2.2 for the bare CR.
        if value
            .iter()
            .any(|byte| byte.is_ascii_control() && *byte != b'\t')
        {
            return Err(Flaw::FieldValue);
        }
        self.note(name, value.trim_ascii())
    }

    fn note(&mut self, name: &[u8], value: &[u8]) -> Result<(), Flaw> {
        if name.eq_ignore_ascii_case(b"content-length") {
            // RFC 9110 §8.6 allows accepting a repeated equal length, but no real client sends one.
            let length = digits(value).ok_or(Flaw::ContentLength)?;
            if self.length.replace(length).is_some() {
                return Err(Flaw::ContentLength);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // RFC 9112 §6.1: an unknown encoding may be refused, and `chunked` must not be sent twice.
            if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Flaw::TransferEncoding);
            }
            self.chunked = true;
        } else if name.eq_ignore_ascii_case(b"host") {
            if self.host || !value.iter().all(may_stand_in_host) {
                return Err(Flaw::Host);
            }
            self.host = true;
        }
        Ok(())
    }

    fn framing(&self, minor: Minor) -> Result<Framing, Flaw> {
        // RFC 9112 §3.2: an HTTP/1.1 request without Host is answered 400.
        if minor == Minor::One && !self.host {
            return Err(Flaw::Host);
        }
        match (self.chunked, self.length) {
            // RFC 9112 §6.1 and §6.3, 3: this combination may be refused, and should be handled as an error.
            (true, Some(_)) => Err(Flaw::TwoFramings),
            // RFC 9112 §6.1: with HTTP/1.0 the framing counts as faulty.
            (true, None) if minor == Minor::Zero => Err(Flaw::TransferEncoding),
            (true, None) => Ok(Framing::Chunked),
            (false, length) => Ok(Framing::Bytes(length.unwrap_or(0))),
        }
    }
}

/// Whether a byte may occur in a token (RFC 9110 §5.6.2).
fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

/// Whether a byte may occur in Host (RFC 3986 §3.2.2 and §3.2.3): a name, address or bracketed address, and a port. A comma is
/// refused although a name may have one, because it joins two Host fields.
fn may_stand_in_host(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:[]".contains(byte)
}

/// A number in digits only (RFC 9110 §8.6), without the `+` that `parse` would accept.
fn digits(value: &[u8]) -> Option<u64> {
    let is_number = value.iter().all(u8::is_ascii_digit);
    str::from_utf8(value)
        .ok()
        .filter(|_| is_number)?
        .parse()
        .ok()
}

#[cfg(test)]
#[path = "head_cases.rs"]
mod cases;
