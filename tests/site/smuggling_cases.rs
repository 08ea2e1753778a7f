//! Heads and bodies that two readers could take for different things.

/// What is sent before a second, well-formed request on the same connection, and why it is malformed.
pub const MALFORMED: &[(&str, &str)] = &[
    // Both a length and an encoding: RFC 9112 §6.3.
    (
        "length, then encoding",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "encoding, then length",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ),
    (
        "encoding in HTTP/1.0",
        "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "length and a folded encoding",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    ),
    // Lengths: RFC 9110 §8.6.
    (
        "two lengths",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nhello",
    ),
    (
        "two lengths in one line",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 0\r\n\r\nhello",
    ),
    (
        "a signed length",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
    ),
    (
        "a negative length",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
    ),
    (
        "a hexadecimal length",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
    ),
    (
        "an empty length",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello",
    ),
    (
        "a length beyond counting",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
    ),
    (
        "a length with a space before its colon",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
    ),
    (
        "a length after a space",
        "POST / HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\nhello",
    ),
    // Encodings: RFC 9112 §6.1.
    (
        "an encoding we do not know",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunked, but not last",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunked twice",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "nearly chunked",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunked behind a control character",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "an encoding with a tab before its colon",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    ),
    // Lines: RFC 9112 §2.2, §5.
    ("bare LF throughout", "GET / HTTP/1.1\nHost: a\n\n"),
    (
        "bare LF after the request line",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
    ),
    (
        "bare LF after a field",
        "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    ),
    (
        "bare LF as the empty line",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
    ),
    (
        "bare LF before the request line",
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    (
        "a bare CR in a value",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n",
    ),
    (
        "a bare CR in the request line",
        "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    (
        "a folded field",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
    ),
    (
        "a field folded with a tab",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n",
    ),
    (
        "a field without a colon",
        "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    ),
    (
        "a field without a name",
        "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    ),
    (
        "a name that is no token",
        "GET / HTTP/1.1\r\nHost: a\r\nX(Y): b\r\n\r\n",
    ),
    (
        "NUL in a value",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n",
    ),
    (
        "NUL in a name",
        "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
    ),
    // The request line: RFC 9112 §3.
    ("no version", "GET /\r\nHost: a\r\n\r\n"),
    (
        "a version of the future",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    ),
    (
        "HTTP/2 without having agreed on it",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ),
    (
        "a space in the target",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    ("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (
        "a method that is no token",
        "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    (
        "a space before the method",
        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    ("a tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"),
    // Host: RFC 9112 §3.2.
    ("no Host", "GET / HTTP/1.1\r\nX: b\r\n\r\n"),
    ("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("two Hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    ("a Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    // Chunks: RFC 9112 §7.1. The head is fine, so the handler is asked and finds the body broken.
    (
        "a chunk size that is no number",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nhello\r\n0\r\n\r\n",
    ),
    (
        "a negative chunk size",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    ),
    (
        "a chunk size with 0x",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
    ),
    (
        "a chunk size beyond counting",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
    ),
    (
        "an empty chunk size",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
    ),
    (
        "a chunk longer than its size",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
    ),
    (
        "a chunk size ended by bare LF",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
    ),
    (
        "a chunk extension ended by bare LF",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n",
    ),
    (
        "a chunk without its line end",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
    ),
];
