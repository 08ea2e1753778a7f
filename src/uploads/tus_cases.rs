//! Test cases of tus requests and their decisions, in the order of the protocol.

use super::*;
use axum::http::HeaderValue;
use proptest::prelude::*;

const MOST: u64 = 1000;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn with_version(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = headers(pairs);
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers
}

#[test]
fn every_request_but_options_names_the_version() {
    let none = headers(&[("upload-length", "10")]);
    let other = headers(&[("upload-length", "10"), ("tus-resumable", "0.2.2")]);
    let twice = headers(&[("tus-resumable", "1.0.0"), ("tus-resumable", "1.0.0")]);
    for odd in [none, other, twice] {
        assert_eq!(at_uploads(&Method::POST, &odd, MOST), Err(Refusal::Version));
        assert_eq!(at_uploads(&Method::OPTIONS, &odd, MOST), Ok(Asked::Options));
        let half = Progress {
            offset: 0,
            size_bytes: Some(10),
        };
        for method in [Method::HEAD, Method::PATCH, Method::DELETE] {
            assert_eq!(at_upload(&method, &odd, half, MOST), Err(Refusal::Version));
        }
    }
}

#[test]
fn a_creation_says_its_length_or_that_it_comes_later() {
    for (pairs, expected) in [
        (vec![("upload-length", "10")], Ok(Some(10))),
        (vec![("upload-length", "0")], Ok(Some(0))),
        (vec![("upload-length", "1000")], Ok(Some(1000))),
        (vec![("upload-length", "1001")], Err(Refusal::TooLarge)),
        (
            vec![("upload-length", "9223372036854775807")],
            Err(Refusal::TooLarge),
        ),
        (
            vec![("upload-length", "9223372036854775808")],
            Err(Refusal::Length),
        ),
        (
            vec![("upload-length", "99999999999999999999")],
            Err(Refusal::Length),
        ),
        (vec![("upload-length", "-1")], Err(Refusal::Length)),
        (vec![("upload-length", "+5")], Err(Refusal::Length)),
        (vec![("upload-length", "0x10")], Err(Refusal::Length)),
        (vec![("upload-length", "1e3")], Err(Refusal::Length)),
        (vec![("upload-length", " 5 5")], Err(Refusal::Length)),
        (vec![("upload-length", "")], Err(Refusal::Length)),
        (
            vec![("upload-length", "5"), ("upload-length", "5")],
            Err(Refusal::Length),
        ),
        (vec![], Err(Refusal::Length)),
        (vec![("upload-defer-length", "1")], Ok(None)),
        (vec![("upload-defer-length", "0")], Err(Refusal::Defer)),
        (vec![("upload-defer-length", "true")], Err(Refusal::Defer)),
        (
            vec![("upload-defer-length", "1"), ("upload-length", "5")],
            Err(Refusal::Length),
        ),
    ] {
        let asked = at_uploads(&Method::POST, &with_version(&pairs), MOST);
        let got = asked.map(|asked| match asked {
            Asked::Create(creation) => creation.size_bytes,
            other => panic!("{other:?}"),
        });
        assert_eq!(got, expected, "{pairs:?}");
    }
}

#[test]
fn metadata_is_pairs_of_a_name_and_base64() {
    let map = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        Some(
            pairs
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        )
    };
    for (written, expected) in [
        ("", map(&[])),
        ("filename bmFhbS5tcDQ=", map(&[("filename", "naam.mp4")])),
        (
            "filename bmFhbS5tcDQ=,is_draft",
            map(&[("filename", "naam.mp4"), ("is_draft", "")]),
        ),
        (
            "filename bmFhbS5tcDQ=, title w6k=",
            map(&[("filename", "naam.mp4"), ("title", "é")]),
        ),
        ("a ,b ", map(&[("a", ""), ("b", "")])),
        ("filename bmFhbS5tcDQ", None),
        ("filename ***", None),
        ("filename bm Fh", None),
        ("a YQ==,a YQ==", None),
        (",", None),
        ("é YQ==", None),
        ("latin /w==", None),
    ] {
        assert_eq!(metadata(written), expected, "{written:?}");
    }
    assert_eq!(
        metadata(&format!("a {}", "YWFh".repeat(4000))),
        None,
        "too long"
    );
}

#[test]
fn a_piece_goes_where_the_upload_is_and_no_further() {
    let piece = [("content-type", PIECE)];
    let half = Progress {
        offset: 5,
        size_bytes: Some(10),
    };
    let open = Progress {
        offset: 5,
        size_bytes: None,
    };
    for (half, more, expected) in [
        (half, vec![("upload-offset", "5")], Ok((Some(5), None))),
        (
            half,
            vec![("upload-offset", "5"), ("content-length", "5")],
            Ok((Some(5), None)),
        ),
        (
            half,
            vec![("upload-offset", "5"), ("content-length", "6")],
            Err(Refusal::Beyond),
        ),
        (
            half,
            vec![("upload-offset", "5"), ("upload-length", "11")],
            Err(Refusal::Length),
        ),
        (half, vec![("upload-offset", "4")], Err(Refusal::Conflict)),
        (half, vec![("upload-offset", "6")], Err(Refusal::Conflict)),
        (half, vec![("upload-offset", "-5")], Err(Refusal::Offset)),
        (half, vec![("upload-offset", "+5")], Err(Refusal::Offset)),
        (half, vec![], Err(Refusal::Offset)),
        (open, vec![("upload-offset", "5")], Ok((None, None))),
        (
            open,
            vec![("upload-offset", "5"), ("upload-length", "12")],
            Ok((Some(7), Some(12))),
        ),
        (
            open,
            vec![("upload-offset", "5"), ("upload-length", "4")],
            Err(Refusal::Length),
        ),
        (
            open,
            vec![("upload-offset", "5"), ("upload-length", "1001")],
            Err(Refusal::TooLarge),
        ),
    ] {
        let all: Vec<_> = piece.iter().copied().chain(more.iter().copied()).collect();
        let asked = at_upload(&Method::PATCH, &with_version(&all), half, MOST);
        let got = asked.map(|asked| match asked {
            Asked::Append(piece) => (piece.room, piece.sets_size),
            other => panic!("{other:?}"),
        });
        assert_eq!(got, expected, "{more:?}");
    }
}

#[test]
fn a_piece_says_so_by_its_type() {
    let half = Progress {
        offset: 5,
        size_bytes: Some(10),
    };
    for kind in [
        "application/octet-stream",
        "text/plain",
        "application/offset+octet-stream; a=b",
    ] {
        let odd = with_version(&[("content-type", kind), ("upload-offset", "5")]);
        assert_eq!(
            at_upload(&Method::PATCH, &odd, half, MOST),
            Err(Refusal::Type)
        );
    }
}

#[test]
fn a_first_piece_may_come_along() {
    let all = [
        ("content-type", PIECE),
        ("upload-length", "10"),
        ("content-length", "4"),
    ];
    let Ok(Asked::Create(creation)) = at_uploads(&Method::POST, &with_version(&all), MOST) else {
        panic!("no creation");
    };
    assert_eq!(
        creation.piece.map(|piece| (piece.offset, piece.room)),
        Some((0, Some(10)))
    );
    let all = [
        ("content-type", PIECE),
        ("upload-length", "3"),
        ("content-length", "4"),
    ];
    assert_eq!(
        at_uploads(&Method::POST, &with_version(&all), MOST),
        Err(Refusal::Beyond)
    );
}

#[test]
fn a_checksum_is_of_an_algorithm_we_know() {
    let half = Progress {
        offset: 0,
        size_bytes: Some(10),
    };
    for (value, expected) in [
        ("sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", Ok(Algorithm::Sha1)),
        (
            "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            Ok(Algorithm::Sha256),
        ),
        (
            "sha256 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
            Err(Refusal::Checksum),
        ),
        ("md5 1B2M2Y8AsgTpgAmY7PhCfg==", Err(Refusal::Checksum)),
        ("sha1", Err(Refusal::Checksum)),
        ("sha1 ***", Err(Refusal::Checksum)),
        ("SHA1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", Err(Refusal::Checksum)),
    ] {
        let all = [
            ("content-type", PIECE),
            ("upload-offset", "0"),
            ("upload-checksum", value),
        ];
        let asked = at_upload(&Method::PATCH, &with_version(&all), half, MOST);
        let got = asked.map(|asked| match asked {
            Asked::Append(piece) => piece.checksum.map(|it| it.algorithm),
            other => panic!("{other:?}"),
        });
        assert_eq!(got, expected.map(Some), "{value}");
    }
}

#[test]
fn the_method_may_stand_in_a_header_of_a_post() {
    let half = Progress {
        offset: 0,
        size_bytes: Some(10),
    };
    for (method, value, expected) in [
        (Method::POST, "DELETE", Ok(Asked::Terminate)),
        (Method::POST, "HEAD", Ok(Asked::Head)),
        (Method::POST, "PATCH", Err(Refusal::Type)),
        (Method::POST, "delete", Err(Refusal::Method)),
        (Method::POST, "PUT", Err(Refusal::Method)),
        (Method::POST, "\u{e9}", Err(Refusal::Method)),
        (Method::GET, "DELETE", Err(Refusal::Method)),
        (Method::PUT, "", Err(Refusal::Method)),
    ] {
        let headers = with_version(&[("x-http-method-override", value)]);
        assert_eq!(
            at_upload(&method, &headers, half, MOST),
            expected,
            "{value}"
        );
    }
}

#[test]
fn what_is_not_offered_is_not_carried_out_as_if_it_had_not_been_asked() {
    let half = Progress {
        offset: 0,
        size_bytes: Some(10),
    };
    let same = [
        ("upload-length", "10"),
        ("upload-offset", "0"),
        ("content-type", PIECE),
    ];
    for (name, value, expected) in [
        ("upload-concat", "partial", Some(Refusal::Concatenation)),
        (
            "upload-concat",
            "final;/uploads/a /uploads/b",
            Some(Refusal::Concatenation),
        ),
        ("upload-concat", "", Some(Refusal::Concatenation)),
        ("upload-complete", "?0", Some(Refusal::Extension)),
        (
            "upload-draft-interop-version",
            "6",
            Some(Refusal::Extension),
        ),
        ("trailer", "Upload-Checksum", Some(Refusal::Extension)),
        ("trailer", "x, upload-checksum", Some(Refusal::Extension)),
        ("trailer", "server-timing", None),
        ("content-encoding", "gzip", Some(Refusal::Coding)),
        ("content-encoding", "identity", None),
        ("upload-expires", "Sat, 01 Jan 2028 00:00:00 GMT", None),
        ("x-upload-tag", "a", None),
    ] {
        let mut all = with_version(&same);
        all.append(name, HeaderValue::from_str(value).unwrap());
        let created = at_uploads(&Method::POST, &all, MOST);
        assert_eq!(created.err(), expected, "{name}: {value}");
        let sent = at_upload(&Method::PATCH, &all, half, MOST);
        assert_eq!(sent.err(), expected, "{name}: {value}");
    }
}

proptest! {
    #[test]
    fn no_metadata_panics(written in "\\PC{0,200}") {
        let _ = metadata(&written);
    }

    #[test]
    fn what_is_read_is_what_was_written(name in "\\PC{0,60}", title in "\\PC{0,60}") {
        let written = format!("filename {},title {}", STANDARD.encode(&name), STANDARD.encode(&title));
        let read = metadata(&written).unwrap();
        prop_assert_eq!((&read["filename"], &read["title"]), (&name, &title));
    }
}
