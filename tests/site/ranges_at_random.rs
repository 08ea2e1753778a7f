//! A Range and the five conditions against a second reading of RFC 9110: the requests that are kept, a million by chance, and noise.

use std::time::{Duration, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};
use terugkijken::playback::range::{content_range, decide};
use terugkijken::playback::representation::{Answer, Representation, Span};

use crate::support::chance::Chance;
use crate::support::requests::{MODIFIED, TAG, kept};
use crate::support::rfc9110::{Asked, Expected, Known, expected};

/// The sizes around which a file, a window or a number ends.
const SIZES: [u64; 14] = [
    0,
    1,
    2,
    23,
    100,
    16_383,
    16_384,
    16_385,
    1 << 20,
    (1 << 20) + 1,
    16 << 20,
    (1 << 32) + 7,
    u64::MAX - 1,
    u64::MAX,
];

fn method(asked: &Asked) -> Method {
    asked.method.parse().unwrap()
}

/// Puts the lines of a request into `headers`; what no header can hold is left out of both.
fn headers(asked: &mut Asked, headers: &mut HeaderMap) {
    headers.clear();
    asked.lines.retain(|(name, value)| {
        let Ok(value) = HeaderValue::from_bytes(value) else {
            return false;
        };
        headers.append(HeaderName::from_static(name), value);
        true
    });
}

/// What the program decides, in the words of the second reading.
fn decided(answer: &Answer) -> Expected {
    let (status, spans) = match answer {
        Answer::NotModified => (304, &[][..]),
        Answer::PreconditionFailed => (412, &[][..]),
        Answer::Whole => (200, &[][..]),
        Answer::Part(only) => (206, std::slice::from_ref(only)),
        Answer::Parts(spans) => (206, spans.as_slice()),
        Answer::Unsatisfiable => (416, &[][..]),
    };
    let spans = spans.iter().map(|span| (span.first, span.last)).collect();
    Expected { status, spans }
}

fn representation<'a>(file: &Known<'a>) -> Representation<'a> {
    Representation {
        size_bytes: file.size,
        etag: file.etag,
        modified: file
            .modified
            .map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)),
    }
}

/// What holds of every answer: its spans lie in the file, and are together no more than it.
fn lies_in_the_file(answer: &Expected, size: u64) -> bool {
    let lengths = answer.spans.iter().map(|(first, last)| {
        let is_span = first <= last && *last < size;
        is_span.then(|| u128::from(last - first) + 1)
    });
    lengths
        .sum::<Option<u128>>()
        .is_some_and(|sum| sum <= u128::from(size))
}

#[test]
fn every_kept_request_is_answered_as_it_says_and_as_the_rfc_says() {
    let kept = kept();
    assert!(kept.len() > 100);
    let mut wrong = Vec::new();
    for mut one in kept {
        let file = Known {
            size: one.size,
            etag: TAG,
            modified: Some(MODIFIED),
        };
        let mut map = HeaderMap::new();
        headers(&mut one.asked, &mut map);
        let answer = decided(&decide(&method(&one.asked), &map, &representation(&file)));
        let second = expected(&one.asked, &file);
        if answer.text() != one.answer || second.text() != one.answer {
            let (answer, second) = (answer.text(), second.text());
            wrong.push(format!(
                "{}: {answer}, by the second reading {second}",
                one.line
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares this many requests, each made by `make`; answers how many there were of each status.
fn compare(seed: u64, count: u32, make: impl Fn(&mut Chance, &Known<'_>) -> Asked) -> [u32; 5] {
    const STATUSES: [u16; 5] = [200, 206, 304, 412, 416];
    let mut chance = Chance::new(seed);
    let mut map = HeaderMap::new();
    let mut seen = [0; 5];
    for _ in 0..count {
        let size = match chance.one_in(3) {
            true => chance.pick(&SIZES),
            false => chance.below(1 << 25),
        };
        let file = Known {
            size,
            etag: TAG,
            modified: (!chance.one_in(10)).then_some(MODIFIED),
        };
        let mut asked = make(&mut chance, &file);
        headers(&mut asked, &mut map);
        let answer = decided(&decide(&method(&asked), &map, &representation(&file)));
        assert!(
            answer == expected(&asked, &file) && lies_in_the_file(&answer, size),
            "{asked:?} of {file:?}: {answer:?}, not {:?}",
            expected(&asked, &file)
        );
        let status = STATUSES.iter().position(|status| *status == answer.status);
        seen[status.unwrap()] += 1;
    }
    seen
}

/// The same on two threads, each with half of them.
fn compare_in_two(
    count: u32,
    make: impl Fn(&mut Chance, &Known<'_>) -> Asked + Copy + Send,
) -> [u32; 5] {
    let halves = std::thread::scope(|scope| {
        let halves = [1, 2].map(|seed| scope.spawn(move || compare(seed, count / 2, make)));
        halves.map(|half| half.join().unwrap())
    });
    std::array::from_fn(|at| halves[0][at] + halves[1][at])
}

#[test]
fn a_million_ranges_by_chance_select_what_the_rfc_says() {
    let seen = compare_in_two(1_000_000, |chance, file| Asked {
        method: "GET",
        lines: vec![("range", chance.range(file.size))],
    });
    // The premise: many of them are ranges, and many are not.
    let [whole, part, _, _, unsatisfiable] = seen;
    assert!(
        whole > 50_000 && part > 300_000 && unsatisfiable > 50_000,
        "{seen:?}"
    );
}

#[test]
fn a_hundred_thousand_requests_with_conditions_are_answered_in_the_order_of_the_rfc() {
    let seen = compare_in_two(100_000, Chance::request);
    assert!(seen.iter().all(|count| *count > 1_000), "{seen:?}");
}

fn field() -> impl Strategy<Value = &'static str> {
    select(vec![
        "range",
        "range",
        "range",
        "if-match",
        "if-none-match",
        "if-range",
        "if-modified-since",
        "if-unmodified-since",
    ])
}

/// Pieces of which fields are made, and any bytes.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "bytes=",
        "bytes",
        "=",
        "-",
        ",",
        " ",
        "\t",
        "0",
        "7",
        "99",
        "100",
        "0-",
        "-5",
        "5-9",
        "18446744073709551616",
        "\"v1\"",
        "W/",
        "\"",
        "*",
        "\"v2\"",
        "GMT",
        ";",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ];
    let piece = select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec());
    prop_oneof![
        5 => vec(piece, 0..10).prop_map(|pieces| pieces.concat()),
        2 => "bytes=[0-9]{0,3}-[0-9]{0,3}(,[0-9]{0,3}-[0-9]{0,3}){0,9}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..64),
        1 => vec(any::<u8>(), 900..1200),
    ]
}

/// A request that is answered otherwise is printed in its shortest form: put it into the fixture. A run of the tests changes no file
/// of the checkout.
fn often(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(often(20_000))]

    #[test]
    fn pieces_and_noise_are_answered_as_the_rfc_says(
        size in prop_oneof![0_u64..200, any::<u64>(), select(SIZES.to_vec())],
        method in select(vec!["GET", "GET", "GET", "HEAD", "POST", "DELETE"]),
        modified in prop_oneof![select(vec![Some(MODIFIED), None]), any::<u32>().prop_map(|seconds| Some(seconds.into()))],
        lines in vec((field(), value()), 0..6),
    ) {
        let file = Known { size, etag: TAG, modified };
        let mut asked = Asked { method, lines };
        let mut map = HeaderMap::new();
        headers(&mut asked, &mut map);
        let answer = decided(&decide(&asked.method.parse().unwrap(), &map, &representation(&file)));
        prop_assert_eq!(&answer, &expected(&asked, &file));
        prop_assert!(lies_in_the_file(&answer, size));
        for (first, last) in answer.spans {
            let named = content_range(Span { first, last }, size);
            prop_assert_eq!(named, format!("bytes {first}-{last}/{size}"));
        }
    }
}
