//! Frames several spans of one file in one `multipart/byteranges` answer (RFC 9110 §14.6). In: the spans that `range::decide`
//! chose. Out: the bytes between them and the exact length of the answer; the handler reads and sends the spans themselves.

use axum::http::HeaderValue;

use super::range::content_range;
use super::representation::Span;

/// An answer in parts: the head of each part is followed by its span of the file, and the last part by `closing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    /// The parts in the order in which they are sent.
    pub parts: Vec<Part>,
    /// The bytes after the last part.
    pub closing: Vec<u8>,
    boundary: String,
}

/// One span and the bytes before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Delimiter and headers of the part, up to and including the empty line.
    pub head: Vec<u8>,
    /// The span of the file that follows.
    pub span: Span,
}

impl Multipart {
    /// Frames `spans` of a file of `size_bytes`, each labelled with the file's own `media_type`.
    ///
    /// The boundary is the `nonce` in 32 hexadecimal digits. Draw it at random for every answer: the file came from a
    /// stranger, who could have written into it any boundary that can be known beforehand (RFC 2046 §5.1.1).
    pub fn new(spans: &[Span], media_type: &HeaderValue, size_bytes: u64, nonce: [u8; 16]) -> Self {
        let boundary = format!("{:032x}", u128::from_be_bytes(nonce));
        let mut parts = Vec::with_capacity(spans.len());
        for &span in spans {
            // RFC 2046 §5.1.1: the line break before a delimiter belongs to it. The first part has none before it.
            let line_break = if parts.is_empty() { "" } else { "\r\n" };
            let mut head = format!("{line_break}--{boundary}\r\nContent-Type: ").into_bytes();
            head.extend_from_slice(media_type.as_bytes());
            let range = content_range(span, size_bytes);
            head.extend_from_slice(format!("\r\nContent-Range: {range}\r\n\r\n").as_bytes());
            parts.push(Part { head, span });
        }
        let closing = format!("\r\n--{boundary}--\r\n").into_bytes();
        Self {
            parts,
            closing,
            boundary,
        }
    }

    /// The `Content-Type` of the answer. The boundary stays unquoted: some readers trip over quotes (RFC 9110 §14.6).
    pub fn content_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    /// The exact `Content-Length` of the answer: heads, spans and closing.
    pub fn content_length(&self) -> u64 {
        let parts = self
            .parts
            .iter()
            .map(|part| part.span.len_bytes().saturating_add(part.head.len() as u64));
        parts.fold(self.closing.len() as u64, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPANS: [Span; 2] = [Span { first: 0, last: 1 }, Span { first: 7, last: 9 }];
    const NONCE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255];

    /// The body that a handler sends for the file.
    fn body(frame: &Multipart, file: &[u8]) -> Vec<u8> {
        let mut sent = Vec::new();
        for Part { head, span } in &frame.parts {
            sent.extend_from_slice(head);
            let (first, last) = (usize::try_from(span.first), usize::try_from(span.last));
            sent.extend_from_slice(&file[first.unwrap()..=last.unwrap()]);
        }
        sent.extend_from_slice(&frame.closing);
        sent
    }

    #[test]
    fn the_body_is_laid_out_as_rfc_2046_asks() {
        let frame = Multipart::new(&SPANS, &HeaderValue::from_static("video/mp4"), 10, NONCE);
        let boundary = "000102030405060708090a0b0c0d0eff";
        let expected = format!(
            "--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-1/10\r\n\r\nab\
             \r\n--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes 7-9/10\r\n\r\nhij\
             \r\n--{boundary}--\r\n"
        );
        assert_eq!(
            String::from_utf8(body(&frame, b"abcdefghij")).unwrap(),
            expected
        );
        assert_eq!(
            frame.content_type(),
            format!("multipart/byteranges; boundary={boundary}")
        );
    }

    #[test]
    fn the_length_is_that_of_what_is_sent() {
        let file: Vec<u8> = (0..=255).collect();
        for count in 2..=8 {
            let span = |at: u64| Span {
                first: at * 20,
                last: at * 21,
            };
            let spans: Vec<Span> = (0..count).map(span).collect();
            let frame = Multipart::new(&spans, &HeaderValue::from_static("audio/ogg"), 256, NONCE);
            assert_eq!(frame.content_length(), body(&frame, &file).len() as u64);
        }
    }

    #[test]
    fn the_length_of_parts_beyond_four_gigabytes_is_exact() {
        let spans = [
            Span {
                first: 0,
                last: u64::from(u32::MAX),
            },
            Span {
                first: 1 << 40,
                last: 1 << 41,
            },
        ];
        let frame = Multipart::new(
            &spans,
            &HeaderValue::from_static("video/mp4"),
            1 << 42,
            NONCE,
        );
        let heads: usize = frame.parts.iter().map(|part| part.head.len()).sum();
        let spans = (1_u64 << 32) + (1 << 40) + 1;
        assert_eq!(
            frame.content_length(),
            (heads + frame.closing.len()) as u64 + spans
        );
    }

    #[test]
    fn every_nonce_makes_a_boundary_of_the_same_length() {
        let boundary =
            |nonce| Multipart::new(&SPANS, &HeaderValue::from_static("a/b"), 10, nonce).boundary;
        assert_eq!(boundary([0; 16]), "0".repeat(32));
        assert_eq!(boundary([255; 16]), "f".repeat(32));
    }
}
