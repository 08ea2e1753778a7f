//! The gate before the parser: where a request head ends, how long the body behind it is, and whether the head may be
//! read at all. Bytes go in, a verdict comes out; nothing here touches a socket.
//!
//! hyper reads heads generously: it takes a bare LF for a line end, prefers Transfer-Encoding where a Content-Length
//! stands beside it, and does not miss a Host. Behind a proxy that reads the same bytes otherwise, each of these lets one
//! visitor's request be taken for two (request smuggling). So a head has to be beyond doubt before hyper sees it.

/// The most bytes a head may have before it is answered with 431. Browsers send under 2 kB; cookies of other programs
/// on the same host and a long Range are what the rest is for.
pub const HEAD_LIMIT: usize = 32 * 1024;

/// Looks for the end of a head in bytes that arrive piece by piece; each byte is looked at once, however small the
/// pieces are.
#[derive(Debug, Default)]
pub struct Scan {
    looked: usize,
    line: usize,
}

/// What [`Scan::end`] saw.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// No empty line yet.
    NotYet,
    /// The head, its empty line included, has this many bytes. Two means: only an empty line, no head.
    After(usize),
    /// A line ended without CR.
    BareLf,
}

impl Scan {
    /// Looks on from where the last call stopped; `bytes` begins with the head's first byte at every call.
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

/// How the end of a request's body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// So many bytes follow the head; 0 without a body.
    Bytes(u64),
    /// The body says so itself, in chunks. We let such a request be the last of its connection, so that no reading of
    /// its chunks can decide where the next visitor's request begins.
    Chunked,
}

/// Why a head is refused with 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A line ended in LF alone.
    BareLf,
    /// Not `METHOD target HTTP/1.1`, or `/1.0`.
    RequestLine,
    /// CONNECT: we are no proxy.
    Connect,
    /// A field continued on a second line.
    Folded,
    /// No colon, nothing before it, or something before it that is not a token, such as a space.
    FieldName,
    /// A control character, a CR without its LF included.
    FieldValue,
    /// No Host, two of them, or one that is no host.
    Host,
    /// A length that is not digits, too large, or given twice.
    ContentLength,
    /// Anything but one `chunked` in HTTP/1.1.
    TransferEncoding,
    /// Both a length and an encoding.
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

/// Of the request line only what framing depends on; method and target are hyper's to check.
fn request_line(line: &[u8]) -> Result<Minor, Flaw> {
    // RFC 9112 §9.3.1: a tunnel has no framing any more.
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

/// The fields that decide about framing, as far as they have been seen.
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
            // RFC 9110 §8.6 would let us take the same length twice; nobody honest sends it.
            let length = digits(value).ok_or(Flaw::ContentLength)?;
            if self.length.replace(length).is_some() {
                return Err(Flaw::ContentLength);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // RFC 9112 §6.1: an encoding we do not know may be refused; `chunked` twice must not be sent.
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
            // RFC 9112 §6.1: may be refused, and ought to be handled as an error (§6.3, 3).
            (true, Some(_)) => Err(Flaw::TwoFramings),
            // RFC 9112 §6.1: in HTTP/1.0 the framing is taken to be faulty.
            (true, None) if minor == Minor::Zero => Err(Flaw::TransferEncoding),
            (true, None) => Ok(Framing::Chunked),
            (false, length) => Ok(Framing::Bytes(length.unwrap_or(0))),
        }
    }
}

/// RFC 9110 §5.6.2.
fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

/// RFC 3986 §3.2.2 and §3.2.3: name, address or bracketed address, and a port. No comma, though a name may have one:
/// it is where two Hosts were joined.
fn may_stand_in_host(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:[]".contains(byte)
}

/// RFC 9110 §8.6: digits only. `parse` alone would take `+5`.
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
