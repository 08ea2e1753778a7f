//! Test cases of heads with their verdicts.

use super::{End, Flaw, Framing, Scan, judge};

/// Field lines after `POST / HTTP/1.1` and `Host: portal`.
const FIELDS: &[(&str, Result<Framing, Flaw>)] = &[
    ("", Ok(Framing::Bytes(0))),
    ("Accept: */*\r\n", Ok(Framing::Bytes(0))),
    ("X-Empty:\r\n", Ok(Framing::Bytes(0))),
    ("X-Tab:\ta\tb\r\n", Ok(Framing::Bytes(0))),
    ("X-High: caf\u{e9}\r\n", Ok(Framing::Bytes(0))),
    ("Content-Length: 5\r\n", Ok(Framing::Bytes(5))),
    ("content-length:\t5 \r\n", Ok(Framing::Bytes(5))),
    ("Content-Length: 00005\r\n", Ok(Framing::Bytes(5))),
    (
        "Content-Length: 18446744073709551615\r\n",
        Ok(Framing::Bytes(u64::MAX)),
    ),
    (
        "Content-Length: 18446744073709551616\r\n",
        Err(Flaw::ContentLength),
    ),
    ("Content-Length: +5\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: -5\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: 0x5\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: 5 5\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: 5, 5\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: 5.0\r\n", Err(Flaw::ContentLength)),
    ("Content-Length: \u{665}\r\n", Err(Flaw::ContentLength)),
    ("Content-Length:\r\n", Err(Flaw::ContentLength)),
    (
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        Err(Flaw::ContentLength),
    ),
    (
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        Err(Flaw::ContentLength),
    ),
    ("Transfer-Encoding: chunked\r\n", Ok(Framing::Chunked)),
    ("Transfer-Encoding: CHUNKED\r\n", Ok(Framing::Chunked)),
    (
        "Transfer-Encoding: xchunked\r\n",
        Err(Flaw::TransferEncoding),
    ),
    (
        "Transfer-Encoding: identity\r\n",
        Err(Flaw::TransferEncoding),
    ),
    (
        "Transfer-Encoding: gzip, chunked\r\n",
        Err(Flaw::TransferEncoding),
    ),
    (
        "Transfer-Encoding: chunked, chunked\r\n",
        Err(Flaw::TransferEncoding),
    ),
    (
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        Err(Flaw::TransferEncoding),
    ),
    (
        "Transfer-Encoding: \"chunked\"\r\n",
        Err(Flaw::TransferEncoding),
    ),
    ("Transfer-Encoding: \u{b}chunked\r\n", Err(Flaw::FieldValue)),
    ("Transfer-Encoding:\r\n", Err(Flaw::TransferEncoding)),
    (
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        Err(Flaw::TwoFramings),
    ),
    (
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        Err(Flaw::TwoFramings),
    ),
    ("X-Folded: a\r\n b\r\n", Err(Flaw::Folded)),
    ("X-Folded: a\r\n\tb\r\n", Err(Flaw::Folded)),
    ("Content-Length : 5\r\n", Err(Flaw::FieldName)),
    ("Transfer-Encoding\t: chunked\r\n", Err(Flaw::FieldName)),
    ("No colon\r\n", Err(Flaw::FieldName)),
    (": nothing before\r\n", Err(Flaw::FieldName)),
    ("Bad(name): a\r\n", Err(Flaw::FieldName)),
    ("X-Cr: a\rContent-Length: 5\r\n", Err(Flaw::FieldValue)),
    ("X-Nul: a\0b\r\n", Err(Flaw::FieldValue)),
    ("X-Delete: a\u{7f}b\r\n", Err(Flaw::FieldValue)),
    ("Host: portal\r\n", Err(Flaw::Host)),
];

#[test]
fn each_field_has_its_verdict() {
    for (fields, verdict) in FIELDS {
        let head = format!("POST / HTTP/1.1\r\nHost: portal\r\n{fields}\r\n");
        assert_eq!(judge(head.as_bytes()), *verdict, "{fields:?}");
    }
}

/// Whole heads, for cases of the request line or of Host.
const HEADS: &[(&str, Result<Framing, Flaw>)] = &[
    ("GET / HTTP/1.0\r\n\r\n", Ok(Framing::Bytes(0))),
    (
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        Err(Flaw::TransferEncoding),
    ),
    ("GET / HTTP/1.1\r\n\r\n", Err(Flaw::Host)),
    ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", Err(Flaw::Host)),
    ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Err(Flaw::Host)),
    ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", Err(Flaw::Host)),
    ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Err(Flaw::Host)),
    ("GET / HTTP/1.1\r\nHost:\r\n\r\n", Ok(Framing::Bytes(0))),
    (
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
        Ok(Framing::Bytes(0)),
    ),
    (
        "GET / HTTP/1.1\r\nhost: Portal.example:8080\r\n\r\n",
        Ok(Framing::Bytes(0)),
    ),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", Err(Flaw::RequestLine)),
    ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", Err(Flaw::RequestLine)),
    ("GET / http/1.1\r\nHost: a\r\n\r\n", Err(Flaw::RequestLine)),
    ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Err(Flaw::RequestLine)),
    ("GET /\r\nHost: a\r\n\r\n", Err(Flaw::RequestLine)),
    (
        "GET /\rX HTTP/1.1\r\nHost: a\r\n\r\n",
        Err(Flaw::RequestLine),
    ),
    (
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        Err(Flaw::Connect),
    ),
    ("PRI * HTTP/2.0\r\n\r\n", Err(Flaw::RequestLine)),
    ("\r\n", Err(Flaw::RequestLine)),
    ("", Err(Flaw::RequestLine)),
];

#[test]
fn each_request_line_has_its_verdict() {
    for (head, verdict) in HEADS {
        assert_eq!(judge(head.as_bytes()), *verdict, "{head:?}");
    }
}

#[test]
fn the_end_of_a_head_is_found_however_it_is_cut() {
    let cases = [
        ("", End::NotYet),
        ("GET", End::NotYet),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r", End::NotYet),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", End::After(27)),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n",
            End::After(27),
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\nbody",
            End::After(27),
        ),
        ("\r\nGET / HTTP/1.1\r\n\r\n", End::After(2)),
        ("\n", End::BareLf),
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", End::BareLf),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", End::BareLf),
        ("GET / HTTP/1.1\r\n\rHost: a\r\n", End::NotYet),
    ];
    for (bytes, end) in cases {
        for piece in [1, 2, 3, 7, 100] {
            let mut scan = Scan::default();
            let mut until = 0;
            let found = loop {
                until = bytes.len().min(until + piece);
                let found = scan.end(&bytes.as_bytes()[..until]);
                if found != End::NotYet || until == bytes.len() {
                    break found;
                }
            };
            assert_eq!(found, end, "{bytes:?} in pieces of {piece}");
        }
    }
}

#[test]
fn no_bytes_make_the_judge_panic() {
    // All heads of up to four bytes with a meaning, and each head of the table cut at each position.
    let alphabet = b"A: \t\r\n\0";
    for n in 0..alphabet.len().pow(4) {
        let bytes = [n, n / 7, n / 49, n / 343].map(|n| alphabet[n % 7]);
        let _ = Scan::default().end(&bytes);
        let _ = judge(&bytes);
    }
    for (head, _) in HEADS.iter().chain(FIELDS) {
        for cut in 0..head.len() {
            let _ = Scan::default().end(&head.as_bytes()[cut..]);
            let _ = judge(&head.as_bytes()[cut..]);
            let _ = judge(&head.as_bytes()[..cut]);
        }
    }
}
