//! Test cases of `decide`: tables of requests and answers, and properties that hold for every request.
//!
//! A row is: its purpose | the request, its fields separated by ` | ` | the size of the file | the answer. The file is tagged
//! `"v1"` and dated Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110 §5.6.7, unless its table says otherwise. The tables are
//! excluded from rustfmt, so that each row stays on one line.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{
    Answer, MAX_RANGE_FIELD_BYTES, MAX_RANGES, Representation, Span, content_range, decide,
    unsatisfied_range,
};

const MODIFIED: u64 = 784_111_777;

/// A row: its purpose, the request, the size of the file, the answer.
type Row = (&'static str, &'static str, u64, &'static str);

/// A table of rows about one file: its entity tag, its date in seconds and milliseconds, the rows.
type Table = (&'static str, Option<(u64, u32)>, &'static [Row]);

const TABLES: &[Table] = &[
    (r#""v1""#, Some((MODIFIED, 0)), ONE_RANGE),
    (r#""v1""#, Some((MODIFIED, 0)), SPELLING),
    (r#""v1""#, Some((MODIFIED, 0)), SEVERAL_RANGES),
    (r#""v1""#, Some((MODIFIED, 0)), IF_MATCH),
    (r#""v1""#, Some((MODIFIED, 0)), IF_UNMODIFIED_SINCE),
    (r#""v1""#, Some((MODIFIED, 0)), IF_NONE_MATCH),
    (r#""v1""#, Some((MODIFIED, 0)), IF_MODIFIED_SINCE),
    (r#""v1""#, Some((MODIFIED, 0)), IF_RANGE),
    (r#""v1""#, Some((MODIFIED, 0)), ORDER),
    (r#""v1""#, Some((MODIFIED, 999)), FRACTION_OF_A_SECOND),
    (r#""v1""#, None, UNDATED),
    (r#""a,b""#, Some((MODIFIED, 0)), TAG_WITH_A_COMMA),
    ("\"\u{e9}\\\"", Some((MODIFIED, 0)), TAG_WITH_ODD_BYTES),
    (r#"W/"v1""#, Some((MODIFIED, 0)), WEAK_TAG),
];

#[rustfmt::skip]
const ONE_RANGE: &[Row] = &[
    ("no range", "GET", 100, "200"),
    ("no range of an empty file", "GET", 0, "200"),
    ("two bytes, Safari's probe", "GET | Range: bytes=0-1", 100, "206 0-1"),
    ("open from the start, as Chrome begins", "GET | Range: bytes=0-", 100, "206 0-99"),
    ("the first byte", "GET | Range: bytes=0-0", 100, "206 0-0"),
    ("the last byte", "GET | Range: bytes=99-99", 100, "206 99-99"),
    ("in the middle", "GET | Range: bytes=10-19", 100, "206 10-19"),
    ("open from the middle", "GET | Range: bytes=50-", 100, "206 50-99"),
    ("open from the last byte", "GET | Range: bytes=99-", 100, "206 99-99"),
    ("exactly the whole", "GET | Range: bytes=0-99", 100, "206 0-99"),
    ("end is one too far", "GET | Range: bytes=0-100", 100, "206 0-99"),
    ("end is far too far", "GET | Range: bytes=98-5000", 100, "206 98-99"),
    ("start at the size", "GET | Range: bytes=100-", 100, "416"),
    ("start and end at the size", "GET | Range: bytes=100-100", 100, "416"),
    ("start beyond the size", "GET | Range: bytes=500-600", 100, "416"),
    ("last byte by suffix", "GET | Range: bytes=-1", 100, "206 99-99"),
    ("last ten by suffix", "GET | Range: bytes=-10", 100, "206 90-99"),
    ("suffix of the whole", "GET | Range: bytes=-100", 100, "206 0-99"),
    ("suffix longer than the file", "GET | Range: bytes=-101", 100, "206 0-99"),
    ("empty suffix", "GET | Range: bytes=-0", 100, "416"),
    ("empty suffix in many zeros", "GET | Range: bytes=-000", 100, "416"),
    ("one byte: the only byte", "GET | Range: bytes=0-0", 1, "206 0-0"),
    ("one byte: open", "GET | Range: bytes=0-", 1, "206 0-0"),
    ("one byte: suffix", "GET | Range: bytes=-1", 1, "206 0-0"),
    ("one byte: the second", "GET | Range: bytes=1-", 1, "416"),
    ("empty: open", "GET | Range: bytes=0-", 0, "416"),
    ("empty: first byte", "GET | Range: bytes=0-0", 0, "416"),
    ("empty: beyond", "GET | Range: bytes=5-9", 0, "416"),
    ("empty: empty suffix", "GET | Range: bytes=-0", 0, "416"),
    ("empty: suffix can be had, but not be named", "GET | Range: bytes=-5", 0, "200"),
    ("empty: a suffix beside what cannot be had", "GET | Range: bytes=0-,-5", 0, "200"),
    ("empty: two that cannot be had", "GET | Range: bytes=0-,-0", 0, "416"),
    ("empty: invalid", "GET | Range: bytes=5-1", 0, "200"),
    ("5 GiB: beyond 32 bits", "GET | Range: bytes=4294967296-4294967299", 5 << 30, "206 4294967296-4294967299"),
    ("5 GiB: suffix", "GET | Range: bytes=-2", 5 << 30, "206 5368709118-5368709119"),
    ("5 GiB: at the size", "GET | Range: bytes=5368709120-", 5 << 30, "416"),
    ("largest size: last byte", "GET | Range: bytes=18446744073709551614-", u64::MAX, "206 18446744073709551614-18446744073709551614"),
    ("largest size: at the size", "GET | Range: bytes=18446744073709551615-", u64::MAX, "416"),
    ("largest size: all", "GET | Range: bytes=0-", u64::MAX, "206 0-18446744073709551614"),
    ("HEAD ignores a range", "HEAD | Range: bytes=0-1", 100, "200"),
    ("HEAD ignores a range out of reach", "HEAD | Range: bytes=500-", 100, "200"),
    ("POST ignores a range", "POST | Range: bytes=0-1", 100, "200"),
];

#[rustfmt::skip]
const SPELLING: &[Row] = &[
    ("unit in capitals", "GET | Range: BYTES=0-1", 100, "206 0-1"),
    ("unit in both cases", "GET | Range: bYtEs=0-1", 100, "206 0-1"),
    ("unknown unit", "GET | Range: items=0-5", 100, "200"),
    ("unknown unit out of reach", "GET | Range: items=500-600", 100, "200"),
    ("unit none", "GET | Range: none=0-1", 100, "200"),
    ("singular unit", "GET | Range: byte=0-1", 100, "200"),
    ("longer unit", "GET | Range: bytess=0-1", 100, "200"),
    ("no unit", "GET | Range: =0-1", 100, "200"),
    ("no equals sign", "GET | Range: bytes 0-1", 100, "200"),
    ("colon for equals sign", "GET | Range: bytes: 0-1", 100, "200"),
    ("two equals signs", "GET | Range: bytes==0-1", 100, "200"),
    ("only a unit", "GET | Range: bytes", 100, "200"),
    ("no ranges", "GET | Range: bytes=", 100, "200"),
    ("empty field", "GET | Range: ", 100, "200"),
    ("only a dash", "GET | Range: bytes=-", 100, "200"),
    ("only a number", "GET | Range: bytes=5", 100, "200"),
    ("only commas", "GET | Range: bytes=,,,", 100, "200"),
    ("only blanks", "GET | Range: bytes=   ", 100, "200"),
    ("blank before equals sign", "GET | Range: bytes =0-1", 100, "200"),
    ("blank after equals sign, as in §14.1.2", "GET | Range: bytes= 0-1", 100, "206 0-1"),
    ("tab after equals sign", "GET | Range: bytes=\t0-1", 100, "206 0-1"),
    ("blank at the end", "GET | Range: bytes=0-1 ", 100, "206 0-1"),
    ("blank at the start", "GET | Range:  bytes=0-1", 100, "206 0-1"),
    ("blank before the dash", "GET | Range: bytes=0 -1", 100, "200"),
    ("blank after the dash", "GET | Range: bytes=0- 1", 100, "200"),
    ("blank in a number", "GET | Range: bytes=1 0-20", 100, "200"),
    ("blank in a suffix", "GET | Range: bytes=- 5", 100, "200"),
    ("ends before it begins", "GET | Range: bytes=9-5", 100, "200"),
    ("ends before it begins, out of reach", "GET | Range: bytes=500-400", 100, "200"),
    ("ends one before it begins", "GET | Range: bytes=10-9", 100, "200"),
    ("plus before first", "GET | Range: bytes=+5-10", 100, "200"),
    ("plus before last", "GET | Range: bytes=5-+10", 100, "200"),
    ("plus in a suffix", "GET | Range: bytes=-+5", 100, "200"),
    ("negative last", "GET | Range: bytes=0--1", 100, "200"),
    ("double dash", "GET | Range: bytes=--5", 100, "200"),
    ("three numbers", "GET | Range: bytes=1-2-3", 100, "200"),
    ("hexadecimal", "GET | Range: bytes=0x0-0x9", 100, "200"),
    ("decimals", "GET | Range: bytes=0.0-1.5", 100, "200"),
    ("exponent", "GET | Range: bytes=0-1e1", 100, "200"),
    ("underscore", "GET | Range: bytes=0-1_0", 100, "200"),
    ("letters", "GET | Range: bytes=a-b", 100, "200"),
    ("star", "GET | Range: bytes=*", 100, "200"),
    ("as in Content-Range", "GET | Range: bytes=0-1/100", 100, "200"),
    ("quoted", "GET | Range: bytes=\"0-1\"", 100, "200"),
    ("semicolon", "GET | Range: bytes=0-1;2-3", 100, "200"),
    ("digits of another script", "GET | Range: bytes=\u{661}-\u{662}", 100, "200"),
    ("dash of a typesetter", "GET | Range: bytes=0\u{2013}1", 100, "200"),
    ("leading zeros", "GET | Range: bytes=000-0001", 100, "206 0-1"),
    ("more zeros than a number has digits", "GET | Range: bytes=0000000000000000000000005-6", 100, "206 5-6"),
    ("zeros do not make a number larger", "GET | Range: bytes=0009-10", 100, "206 9-10"),
    ("last beyond 64 bits", "GET | Range: bytes=0-99999999999999999999999", 100, "206 0-99"),
    ("first beyond 64 bits", "GET | Range: bytes=99999999999999999999999-", 100, "416"),
    ("both beyond 64 bits", "GET | Range: bytes=99999999999999999999998-99999999999999999999999", 100, "416"),
    ("both beyond 64 bits, backwards", "GET | Range: bytes=99999999999999999999999-99999999999999999999998", 100, "200"),
    ("suffix beyond 64 bits", "GET | Range: bytes=-99999999999999999999999", 100, "206 0-99"),
    ("2^64 does not wrap to 0", "GET | Range: bytes=18446744073709551616-18446744073709551617", 100, "416"),
    ("2^64 - 1 as last", "GET | Range: bytes=0-18446744073709551615", 100, "206 0-99"),
    ("2^64 - 1 as suffix", "GET | Range: bytes=-18446744073709551615", 100, "206 0-99"),
    ("two lines", "GET | Range: bytes=0-1 | Range: bytes=4-5", 100, "200"),
    ("the same line twice", "GET | Range: bytes=0-1 | Range: bytes=0-1", 100, "200"),
    ("two lines joined by a proxy", "GET | Range: bytes=0-1, bytes=4-5", 100, "200"),
];

#[rustfmt::skip]
const SEVERAL_RANGES: &[Row] = &[
    ("two", "GET | Range: bytes=0-1,4-5", 100, "206 0-1,4-5"),
    ("first and last byte", "GET | Range: bytes=0-0,-1", 100, "206 0-0,99-99"),
    ("the example of §14.1.2", "GET | Range: bytes= 0-999, 4500-5499, -1000", 10000, "206 0-999,4500-5499,9000-9999"),
    ("they touch and stay two", "GET | Range: bytes=0-4,5-9", 100, "206 0-4,5-9"),
    ("in the order asked for", "GET | Range: bytes=50-59,0-9", 100, "206 50-59,0-9"),
    ("blanks and tabs around", "GET | Range: bytes=0-1 ,\t 4-5", 100, "206 0-1,4-5"),
    ("empty members", "GET | Range: bytes=,0-1,,4-5, ,", 100, "206 0-1,4-5"),
    ("one among empty members", "GET | Range: bytes=,,0-1,", 100, "206 0-1"),
    ("one invalid among valid", "GET | Range: bytes=0-1,9-5", 100, "200"),
    ("one garbled among valid", "GET | Range: bytes=0-1,abc", 100, "200"),
    ("invalid beside out of reach", "GET | Range: bytes=500-,9-5", 100, "200"),
    ("one of two in reach", "GET | Range: bytes=0-1,500-600", 100, "206 0-1"),
    ("one of two in reach, the second", "GET | Range: bytes=500-600,0-1", 100, "206 0-1"),
    ("two of three in reach", "GET | Range: bytes=0-1,500-,98-", 100, "206 0-1,98-99"),
    ("none of two in reach", "GET | Range: bytes=100-,200-", 100, "416"),
    ("none in reach, empty suffix too", "GET | Range: bytes=100-,-0", 100, "416"),
    ("empty suffix beside one in reach", "GET | Range: bytes=-0,3-4", 100, "206 3-4"),
    ("eight", "GET | Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14", 100, "206 0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14"),
    ("nine", "GET | Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", 100, "200"),
    ("nine, all out of reach", "GET | Range: bytes=100-,101-,102-,103-,104-,105-,106-,107-,108-", 100, "200"),
    ("eight and empty members", "GET | Range: bytes=0-0,,2-2,4-4,6-6,8-8,10-10,12-12,14-14,,", 100, "206 0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14"),
    ("two overlap, as in §14.1.2", "GET | Range: bytes=500-700,601-999", 10000, "206 500-700,601-999"),
    ("two alike", "GET | Range: bytes=0-1,0-1", 100, "206 0-1,0-1"),
    ("three overlap", "GET | Range: bytes=0-9,5-14,10-19", 100, "200"),
    ("three alike", "GET | Range: bytes=0-0,0-0,0-0", 100, "200"),
    ("two pairs overlap", "GET | Range: bytes=0-9,5-14,50-59,55-64", 100, "200"),
    ("two of three overlap", "GET | Range: bytes=0-9,5-14,50-59", 100, "206 0-9,5-14,50-59"),
    ("one inside another", "GET | Range: bytes=0-50,10-20", 100, "206 0-50,10-20"),
    ("overlap only by clamping", "GET | Range: bytes=98-99,99-5000", 100, "206 98-99,99-99"),
    ("together the whole", "GET | Range: bytes=0-49,50-99", 100, "206 0-49,50-99"),
    ("together more than the whole", "GET | Range: bytes=0-50,50-99", 100, "200"),
    ("the whole twice", "GET | Range: bytes=0-,0-", 100, "200"),
    ("the whole and a byte", "GET | Range: bytes=0-,-1", 100, "200"),
    ("one byte, asked for twice", "GET | Range: bytes=0-0,-1", 1, "200"),
    ("sum beyond 64 bits", "GET | Range: bytes=0-,1-", u64::MAX, "200"),
];

#[rustfmt::skip]
const IF_MATCH: &[Row] = &[
    ("ours", r#"GET | If-Match: "v1""#, 100, "200"),
    ("ours on HEAD", r#"HEAD | If-Match: "v1""#, 100, "200"),
    ("another", r#"GET | If-Match: "v2""#, 100, "412"),
    ("another on HEAD", r#"HEAD | If-Match: "v2""#, 100, "412"),
    ("any", "GET | If-Match: *", 100, "200"),
    ("any of an empty file", "GET | If-Match: *", 0, "200"),
    ("weak never matches", r#"GET | If-Match: W/"v1""#, 100, "412"),
    ("ours in a list", r#"GET | If-Match: "v0", "v1", "v2""#, 100, "200"),
    ("not in the list", r#"GET | If-Match: "v0","v2""#, 100, "412"),
    ("ours on the second line", r#"GET | If-Match: "v0" | If-Match: "v1""#, 100, "200"),
    ("any beside a tag is invalid", r#"GET | If-Match: *, "v1""#, 100, "412"),
    ("any twice is invalid", "GET | If-Match: *, *", 100, "412"),
    ("any on two lines is invalid", "GET | If-Match: * | If-Match: *", 100, "412"),
    ("without quotes", "GET | If-Match: v1", 100, "412"),
    ("empty", "GET | If-Match: ", 100, "412"),
    ("with a range", r#"GET | If-Match: "v1" | Range: bytes=0-1"#, 100, "206 0-1"),
    ("fails before a range", r#"GET | If-Match: "v2" | Range: bytes=0-1"#, 100, "412"),
    ("fails before a range out of reach", r#"GET | If-Match: "v2" | Range: bytes=500-"#, 100, "412"),
];

#[rustfmt::skip]
const IF_UNMODIFIED_SINCE: &[Row] = &[
    ("same date", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("same date, RFC 850", "GET | If-Unmodified-Since: Sunday, 06-Nov-94 08:49:37 GMT", 100, "200"),
    ("same date, asctime", "GET | If-Unmodified-Since: Sun Nov  6 08:49:37 1994", 100, "200"),
    ("a second later", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:38 GMT", 100, "200"),
    ("a second earlier", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 100, "412"),
    ("a second earlier, RFC 850", "GET | If-Unmodified-Since: Sunday, 06-Nov-94 08:49:36 GMT", 100, "412"),
    ("a second earlier, asctime", "GET | If-Unmodified-Since: Sun Nov  6 08:49:36 1994", 100, "412"),
    ("a second earlier on HEAD", "HEAD | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 100, "412"),
    ("a second earlier, with a range", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | Range: bytes=0-1", 100, "412"),
    ("garbled", "GET | If-Unmodified-Since: yesterday", 100, "200"),
    ("empty", "GET | If-Unmodified-Since: ", 100, "200"),
    ("two lines", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 100, "200"),
    ("a list of dates", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT, Sun, 06 Nov 1994 08:49:36 GMT", 100, "200"),
    ("silenced by If-Match", r#"GET | If-Match: "v1" | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"#, 100, "200"),
    ("does not rescue If-Match", r#"GET | If-Match: "v2" | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"#, 100, "412"),
];

#[rustfmt::skip]
const IF_NONE_MATCH: &[Row] = &[
    ("ours", r#"GET | If-None-Match: "v1""#, 100, "304"),
    ("ours on HEAD", r#"HEAD | If-None-Match: "v1""#, 100, "304"),
    ("ours on POST", r#"POST | If-None-Match: "v1""#, 100, "412"),
    ("ours of an empty file", r#"GET | If-None-Match: "v1""#, 0, "304"),
    ("another", r#"GET | If-None-Match: "v2""#, 100, "200"),
    ("any", "GET | If-None-Match: *", 100, "304"),
    ("any on HEAD", "HEAD | If-None-Match: *", 100, "304"),
    ("any with blanks around", "GET | If-None-Match:  * ", 100, "304"),
    ("weak, as a compressing proxy makes it", r#"GET | If-None-Match: W/"v1""#, 100, "304"),
    ("small w is no mark", r#"GET | If-None-Match: w/"v1""#, 100, "200"),
    ("mark and blank", r#"GET | If-None-Match: W/ "v1""#, 100, "200"),
    ("mark twice", r#"GET | If-None-Match: W/W/"v1""#, 100, "200"),
    ("ours in a list", r#"GET | If-None-Match: "v0", W/"v1", "v2""#, 100, "304"),
    ("list without blanks", r#"GET | If-None-Match: "v0","v1""#, 100, "304"),
    ("list with tabs", "GET | If-None-Match: \"v0\"\t,\t\"v1\"", 100, "304"),
    ("list with empty members", r#"GET | If-None-Match: ,, "v0",, "v1" ,"#, 100, "304"),
    ("not in the list", r#"GET | If-None-Match: "v0", "v2""#, 100, "200"),
    ("ours on the second line", r#"GET | If-None-Match: "v0" | If-None-Match: "v1""#, 100, "304"),
    ("ours on the first line", r#"GET | If-None-Match: "v1" | If-None-Match: "v2""#, 100, "304"),
    ("ours beside an empty line", r#"GET | If-None-Match:  | If-None-Match: "v1""#, 100, "304"),
    ("second line garbled", r#"GET | If-None-Match: "v1" | If-None-Match: v2"#, 100, "200"),
    ("any beside a tag is invalid", r#"GET | If-None-Match: "v1", *"#, 100, "200"),
    ("any and a tag on two lines is invalid", r#"GET | If-None-Match: * | If-None-Match: "v1""#, 100, "200"),
    ("in another case", r#"GET | If-None-Match: "V1""#, 100, "200"),
    ("without quotes", "GET | If-None-Match: v1", 100, "200"),
    ("single quotes", "GET | If-None-Match: 'v1'", 100, "200"),
    ("open at the end", r#"GET | If-None-Match: "v1"#, 100, "200"),
    ("open at the start", r#"GET | If-None-Match: v1""#, 100, "200"),
    ("longer", r#"GET | If-None-Match: "v11""#, 100, "200"),
    ("a blank inside", r#"GET | If-None-Match: "v1 ""#, 100, "200"),
    ("quotes inside", r#"GET | If-None-Match: "v"1""#, 100, "200"),
    ("garbage after", r#"GET | If-None-Match: "v1"x"#, 100, "200"),
    ("garbage in the list", r#"GET | If-None-Match: "v1", nonsense"#, 100, "200"),
    ("blank for comma", r#"GET | If-None-Match: "v0" "v1""#, 100, "200"),
    ("semicolon for comma", r#"GET | If-None-Match: "v0";"v1""#, 100, "200"),
    ("ours inside another's quotes", r#"GET | If-None-Match: "v0,"v1","v2""#, 100, "200"),
    ("empty tag", r#"GET | If-None-Match: """#, 100, "200"),
    ("empty field", "GET | If-None-Match: ", 100, "200"),
    ("before a range", r#"GET | If-None-Match: "v1" | Range: bytes=0-1"#, 100, "304"),
    ("before a range out of reach", r#"GET | If-None-Match: "v1" | Range: bytes=500-"#, 100, "304"),
    ("another, with a range", r#"GET | If-None-Match: "v2" | Range: bytes=0-1"#, 100, "206 0-1"),
    ("another, with a range out of reach", r#"GET | If-None-Match: "v2" | Range: bytes=500-"#, 100, "416"),
];

#[rustfmt::skip]
const IF_MODIFIED_SINCE: &[Row] = &[
    ("same date", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "304"),
    ("same date on HEAD", "HEAD | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "304"),
    ("same date on POST", "POST | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("same date, RFC 850", "GET | If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", 100, "304"),
    ("same date, asctime", "GET | If-Modified-Since: Sun Nov  6 08:49:37 1994", 100, "304"),
    ("a second later", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT", 100, "304"),
    ("a second earlier", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", 100, "200"),
    ("in the far future", "GET | If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT", 100, "304"),
    ("1970", "GET | If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT", 100, "200"),
    ("before 1970", "GET | If-Modified-Since: Wed, 31 Dec 1969 23:59:59 GMT", 100, "200"),
    ("wrong day of the week", "GET | If-Modified-Since: Mon, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("30 February", "GET | If-Modified-Since: Fri, 30 Feb 2024 08:49:37 GMT", 100, "200"),
    ("hour 24", "GET | If-Modified-Since: Sun, 06 Nov 1994 24:00:00 GMT", 100, "200"),
    ("other time zone", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 CET", 100, "200"),
    ("offset for time zone", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 +0000", 100, "200"),
    ("small letters", "GET | If-Modified-Since: sun, 06 nov 1994 08:49:37 gmt", 100, "200"),
    ("one digit for the day", "GET | If-Modified-Since: Sun, 6 Nov 1994 08:49:37 GMT", 100, "200"),
    ("ISO 8601", "GET | If-Modified-Since: 1994-11-06T08:49:37Z", 100, "200"),
    ("seconds since 1970", "GET | If-Modified-Since: 784111777", 100, "200"),
    ("zero", "GET | If-Modified-Since: 0", 100, "200"),
    ("empty", "GET | If-Modified-Since: ", 100, "200"),
    ("length after it, as an old browser sent", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT; length=100", 100, "200"),
    ("odd bytes", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GM\u{e9}", 100, "200"),
    ("two lines", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("a list of dates", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("before a range", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | Range: bytes=0-1", 100, "304"),
    ("earlier, with a range", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT | Range: bytes=0-1", 100, "206 0-1"),
    ("silenced by If-None-Match", r#"GET | If-None-Match: "v2" | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"#, 100, "200"),
    ("silenced by a garbled If-None-Match", "GET | If-None-Match: v1 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("silenced by an empty If-None-Match", "GET | If-None-Match:  | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("does not hinder If-None-Match", r#"GET | If-None-Match: "v1" | If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"#, 100, "304"),
];

#[rustfmt::skip]
const IF_RANGE: &[Row] = &[
    ("ours", r#"GET | Range: bytes=0-1 | If-Range: "v1""#, 100, "206 0-1"),
    ("ours, several ranges", r#"GET | Range: bytes=0-1,4-5 | If-Range: "v1""#, 100, "206 0-1,4-5"),
    ("ours, with blanks around", r#"GET | Range: bytes=0-1 | If-Range:  "v1" "#, 100, "206 0-1"),
    ("another", r#"GET | Range: bytes=0-1 | If-Range: "v2""#, 100, "200"),
    ("weak never holds", r#"GET | Range: bytes=0-1 | If-Range: W/"v1""#, 100, "200"),
    ("ours, out of reach: the download is complete", r#"GET | Range: bytes=100- | If-Range: "v1""#, 100, "416"),
    ("another, out of reach: a shorter file came", r#"GET | Range: bytes=500- | If-Range: "v2""#, 100, "200"),
    ("ours, invalid range", r#"GET | Range: bytes=9-5 | If-Range: "v1""#, 100, "200"),
    ("without a range", r#"GET | If-Range: "v1""#, 100, "200"),
    ("another without a range", r#"GET | If-Range: "v2""#, 100, "200"),
    ("on HEAD", r#"HEAD | Range: bytes=0-1 | If-Range: "v1""#, 100, "200"),
    ("any is no validator", "GET | Range: bytes=0-1 | If-Range: *", 100, "200"),
    ("a list is no validator", r#"GET | Range: bytes=0-1 | If-Range: "v1", "v2""#, 100, "200"),
    ("two lines", r#"GET | Range: bytes=0-1 | If-Range: "v1" | If-Range: "v1""#, 100, "200"),
    ("without quotes", "GET | Range: bytes=0-1 | If-Range: v1", 100, "200"),
    ("open at the end", r#"GET | Range: bytes=0-1 | If-Range: "v1"#, 100, "200"),
    ("garbage after", r#"GET | Range: bytes=0-1 | If-Range: "v1"x"#, 100, "200"),
    ("empty", "GET | Range: bytes=0-1 | If-Range: ", 100, "200"),
    ("same date", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994 08:49:37 GMT", 100, "206 0-1"),
    ("same date, RFC 850", "GET | Range: bytes=0-1 | If-Range: Sunday, 06-Nov-94 08:49:37 GMT", 100, "206 0-1"),
    ("same date, asctime", "GET | Range: bytes=0-1 | If-Range: Sun Nov  6 08:49:37 1994", 100, "206 0-1"),
    ("later date is another file", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994 08:49:38 GMT", 100, "200"),
    ("earlier date", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994 08:49:36 GMT", 100, "200"),
    ("garbled date", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994", 100, "200"),
];

#[rustfmt::skip]
const ORDER: &[Row] = &[
    ("If-Match holds, If-None-Match too", r#"GET | If-Match: "v1" | If-None-Match: "v1""#, 100, "304"),
    ("If-Match fails before If-None-Match", r#"GET | If-Match: "v2" | If-None-Match: "v1""#, 100, "412"),
    ("If-Match fails before If-Modified-Since", r#"GET | If-Match: "v2" | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"#, 100, "412"),
    ("If-Unmodified-Since fails before If-None-Match", r#"GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | If-None-Match: "v1""#, 100, "412"),
    ("If-Unmodified-Since holds, then If-None-Match", r#"GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT | If-None-Match: "v1""#, 100, "304"),
    ("If-None-Match before If-Range", r#"GET | If-None-Match: "v1" | Range: bytes=0-1 | If-Range: "v2""#, 100, "304"),
    ("If-Match holds, If-Range does not", r#"GET | If-Match: "v1" | Range: bytes=0-1 | If-Range: "v2""#, 100, "200"),
    ("all hold", r#"GET | If-Match: "v1" | If-None-Match: "v2" | Range: bytes=0-1 | If-Range: "v1""#, 100, "206 0-1"),
    ("names in another case", r#"GET | IF-NONE-MATCH: "v1""#, 100, "304"),
    ("fields of others mean nothing", "GET | If: (<x>) | Content-Range: bytes 0-1/2 | Accept-Ranges: none", 100, "200"),
];

#[rustfmt::skip]
const FRACTION_OF_A_SECOND: &[Row] = &[
    ("not modified since its second", "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "304"),
    ("unmodified since its second", "GET | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("its second in If-Range", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994 08:49:37 GMT", 100, "206 0-1"),
];

#[rustfmt::skip]
const UNDATED: &[Row] = &[
    ("If-Modified-Since is ignored", "GET | If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT", 100, "200"),
    ("If-Unmodified-Since is ignored", "GET | If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT", 100, "200"),
    ("a date in If-Range does not hold", "GET | Range: bytes=0-1 | If-Range: Sun, 06 Nov 1994 08:49:37 GMT", 100, "200"),
    ("garbage in If-Range is not the missing date", "GET | Range: bytes=0-1 | If-Range: garbage", 100, "200"),
    ("a tag in If-Range holds", r#"GET | Range: bytes=0-1 | If-Range: "v1""#, 100, "206 0-1"),
];

#[rustfmt::skip]
const TAG_WITH_A_COMMA: &[Row] = &[
    ("alone", r#"GET | If-None-Match: "a,b""#, 100, "304"),
    ("in a list", r#"GET | If-None-Match: "x,y","a,b""#, 100, "304"),
    ("its halves are others", r#"GET | If-None-Match: "a","b""#, 100, "200"),
    ("in If-Range", r#"GET | Range: bytes=0-1 | If-Range: "a,b""#, 100, "206 0-1"),
];

#[rustfmt::skip]
const TAG_WITH_ODD_BYTES: &[Row] = &[
    ("bytes beyond ASCII", "GET | If-None-Match: \"\u{e9}\\\"", 100, "304"),
    ("a backslash escapes nothing", "GET | If-None-Match: \"x\\\", \"\u{e9}\\\"", 100, "304"),
    ("in If-Range", "GET | Range: bytes=0-1 | If-Range: \"\u{e9}\\\"", 100, "206 0-1"),
    ("in If-Match", "GET | If-Match: \"\u{e9}\\\"", 100, "200"),
];

#[rustfmt::skip]
const WEAK_TAG: &[Row] = &[
    ("If-Match never matches it", r#"GET | If-Match: W/"v1""#, 100, "412"),
    ("If-Range never holds it", r#"GET | Range: bytes=0-1 | If-Range: W/"v1""#, 100, "200"),
    ("If-None-Match matches it", r#"GET | If-None-Match: "v1""#, 100, "304"),
];

/// The headers of a request; values that the server's parser would refuse are left out.
fn headers<V: AsRef<[u8]>>(fields: &[(&str, V)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            headers.append(name, value);
        }
    }
    headers
}

/// Decides a request in the notation of a row.
fn ask(request: &str, file: &Representation<'_>) -> Answer {
    let mut parts = request.split(" | ");
    let method: Method = parts.next().unwrap().parse().unwrap();
    let split = |field| str::split_once(field, ": ").unwrap();
    let fields: Vec<(&str, &str)> = parts.map(split).collect();
    decide(&method, &headers(&fields), file)
}

/// An answer in the notation of a row.
fn describe(answer: &Answer) -> String {
    let span = |span: &Span| format!("{}-{}", span.first, span.last);
    match answer {
        Answer::NotModified => "304".to_owned(),
        Answer::PreconditionFailed => "412".to_owned(),
        Answer::Whole => "200".to_owned(),
        Answer::Part(only) => format!("206 {}", span(only)),
        Answer::Parts(spans) => format!(
            "206 {}",
            spans.iter().map(span).collect::<Vec<_>>().join(",")
        ),
        Answer::Unsatisfiable => "416".to_owned(),
    }
}

fn moment((seconds, millis): (u64, u32)) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(seconds * 1000 + u64::from(millis))
}

#[test]
fn every_row_of_the_tables_is_answered_as_it_says() {
    let mut wrong = Vec::new();
    for (etag, modified, rows) in TABLES {
        for (name, request, size_bytes, expected) in *rows {
            let modified = modified.map(moment);
            let file = Representation {
                size_bytes: *size_bytes,
                etag,
                modified,
            };
            let answer = describe(&ask(request, &file));
            if answer != *expected {
                wrong.push(format!(
                    "{name}: {request} of {size_bytes}: {answer}, not {expected}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows are answered wrongly:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_long_range_field_is_ignored_whatever_it_says() {
    let file = Representation {
        size_bytes: 100,
        etag: r#""v1""#,
        modified: None,
    };
    let padded = |blanks: usize| format!("GET | Range: bytes=0-1{}", ",".repeat(blanks));
    let short = padded(MAX_RANGE_FIELD_BYTES - "bytes=0-1".len());
    assert_eq!(describe(&ask(&short, &file)), "206 0-1");
    assert_eq!(describe(&ask(&format!("{short},"), &file)), "200");
    assert_eq!(describe(&ask(&padded(60_000), &file)), "200");
    let many = vec!["0-"; 1300].join(",");
    assert_eq!(
        describe(&ask(&format!("GET | Range: bytes={many}"), &file)),
        "200"
    );
}

#[test]
fn a_file_from_before_1970_has_no_date() {
    let modified = UNIX_EPOCH.checked_sub(Duration::from_secs(1));
    let file = Representation {
        size_bytes: 100,
        etag: r#""v1""#,
        modified,
    };
    let request = "GET | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(describe(&ask(request, &file)), "200");
}

#[test]
fn content_range_names_the_span_and_the_size() {
    assert_eq!(
        content_range(Span { first: 0, last: 1 }, 100),
        "bytes 0-1/100"
    );
    assert_eq!(unsatisfied_range(100), "bytes */100");
    assert_eq!(unsatisfied_range(0), "bytes */0");
}

/// The steps of §13.2.2 in the RFC's own order and words, applied to the state of each field.
fn by_the_steps(method: &Method, says: [&str; 6]) -> &'static str {
    let [if_match, unmodified, none_match, modified, if_range, range] = says;
    if if_match == "another" || (if_match.is_empty() && unmodified == "earlier") {
        return "412";
    }
    if matches!(none_match, "ours" | "weak") {
        return "304";
    }
    if none_match.is_empty() && matches!(modified, "same" | "later") {
        return "304";
    }
    if *method == Method::HEAD || range.is_empty() || !matches!(if_range, "" | "ours" | "same") {
        return "200";
    }
    if range == "in reach" {
        "206 0-1"
    } else {
        "416"
    }
}

#[test]
fn conditions_are_weighed_in_the_order_of_the_rfc() {
    let value = |says: &str| match says {
        "ours" => r#""v1""#,
        "weak" => r#"W/"v1""#,
        "another" => r#""v2""#,
        "earlier" => "Sun, 06 Nov 1994 08:49:36 GMT",
        "same" => "Sun, 06 Nov 1994 08:49:37 GMT",
        "later" => "Sun, 06 Nov 1994 08:49:38 GMT",
        "in reach" => "bytes=0-1",
        _ => "bytes=100-",
    };
    let names = [
        "if-match",
        "if-unmodified-since",
        "if-none-match",
        "if-modified-since",
        "if-range",
        "range",
    ];
    let choices: [&[&str]; 6] = [
        &["", "ours", "another"],
        &["", "earlier", "same", "later"],
        &["", "ours", "weak", "another"],
        &["", "earlier", "same", "later"],
        &["", "ours", "weak", "another", "earlier", "same", "later"],
        &["", "in reach", "out of reach"],
    ];
    let file = Representation {
        size_bytes: 100,
        etag: r#""v1""#,
        modified: Some(moment((MODIFIED, 0))),
    };
    let combinations: usize = choices.iter().map(|choice| choice.len()).product();
    for number in 0..combinations {
        let mut rest = number;
        let says = choices.map(|choice| {
            let chosen = choice[rest % choice.len()];
            rest /= choice.len();
            chosen
        });
        let present = names
            .into_iter()
            .zip(says)
            .filter(|(_, says)| !says.is_empty());
        let fields: Vec<(&str, &str)> = present.map(|(name, says)| (name, value(says))).collect();
        for method in [Method::GET, Method::HEAD] {
            let answer = describe(&decide(&method, &headers(&fields), &file));
            assert_eq!(answer, by_the_steps(&method, says), "{method} {fields:?}");
        }
    }
}

/// One range of a small file, in numbers.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Between(u64, u64),
    From(u64),
    Last(u64),
}

impl Asked {
    fn selects(self, position: u64, size: u64) -> bool {
        match self {
            Self::Between(first, last) => first <= position && position <= last,
            Self::From(first) => first <= position,
            Self::Last(length) => position + length >= size,
        }
    }

    fn text(self, zeros: &str) -> String {
        match self {
            Self::Between(first, last) => format!("{zeros}{first}-{last}"),
            Self::From(first) => format!("{first}-"),
            Self::Last(length) => format!("-{zeros}{length}"),
        }
    }
}

/// The expected spans as sets of positions; `None` for the whole file.
fn model(all_asked: &[Asked], size: u64) -> Option<Vec<BTreeSet<u64>>> {
    let backwards = |asked: &Asked| matches!(asked, Asked::Between(first, last) if first > last);
    if all_asked.is_empty() || all_asked.len() > MAX_RANGES || all_asked.iter().any(backwards) {
        return None;
    }
    if size == 0
        && all_asked
            .iter()
            .any(|asked| matches!(asked, Asked::Last(length) if *length > 0))
    {
        return None;
    }
    let positions = |asked: &Asked| -> BTreeSet<u64> {
        (0..size)
            .filter(|&position| asked.selects(position, size))
            .collect()
    };
    let sets: Vec<_> = all_asked
        .iter()
        .map(positions)
        .filter(|set| !set.is_empty())
        .collect();
    let times = |position: u64| sets.iter().filter(|set| set.contains(&position)).count();
    let sharing = sets
        .iter()
        .filter(|set| set.iter().any(|&position| times(position) > 1))
        .count();
    let sent: usize = sets.iter().map(BTreeSet::len).sum();
    let too_much = sent as u64 > size || sharing > 2;
    (sets.len() < 2 || !too_much).then_some(sets)
}

fn asked() -> impl Strategy<Value = Asked> {
    let number = || prop_oneof![4 => 0_u64..24, 1 => 0_u64..3];
    prop_oneof![
        2 => (number(), number()).prop_map(|(a, b)| Asked::Between(a.min(b), a.max(b))),
        3 => (number(), 0_u64..3).prop_map(|(first, more)| Asked::Between(first, first + more)),
        1 => (number(), number()).prop_map(|(first, last)| Asked::Between(first, last)),
        1 => number().prop_map(Asked::From),
        1 => number().prop_map(Asked::Last),
    ]
}

/// A separator between two ranges: a comma with optional blanks, sometimes with an empty member.
fn separator() -> impl Strategy<Value = &'static str> {
    select(vec![",", ", ", " ,", "\t,\t", ",,", ", ,"])
}

/// Text that resembles valid fields, so that the deeper branches are reached as well.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let scraps = vec![
        "bytes=",
        "BYTES=",
        "=",
        "-",
        ",",
        " ",
        "\t",
        "0",
        "1",
        "99",
        "100",
        "0-",
        "-5",
        "5-9",
        "9-5",
        "18446744073709551615",
        "18446744073709551616",
        "+5",
        "\"v1\"",
        "W/",
        "\"",
        "*",
        "\"v2\"",
        "\u{e9}",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "GMT",
    ];
    let scrap = select(scraps).prop_map(|scrap| scrap.as_bytes().to_vec());
    prop_oneof![
        4 => vec(scrap, 0..12).prop_map(|scraps| scraps.concat()),
        2 => vec("[0-9]{0,3}-[0-9]{0,3}", 1..10)
            .prop_map(|members| format!("bytes={}", members.join(",")).into_bytes()),
        1 => vec(any::<u8>(), 0..64),
        1 => vec(any::<u8>(), 0..2000),
    ]
}

/// A failing example is printed and not stored in a file, because a test run must not change the checkout.
fn often(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(often(4096))]

    #[test]
    fn spans_are_the_bytes_of_a_naive_model(
        size in 0_u64..24,
        all_asked in vec((asked(), separator(), select(vec!["", "0", "000"])), 0..11),
        unit in select(vec!["bytes=", "Bytes=", "bytes= ", "bytes=,"]),
    ) {
        let members = all_asked.iter().map(|(asked, separator, zeros)| asked.text(zeros) + separator);
        let field = format!("{unit}{}", members.collect::<String>());
        let file = Representation { size_bytes: size, etag: r#""v1""#, modified: None };
        let answer = decide(&Method::GET, &headers(&[("range", &field)]), &file);
        let spans = match &answer {
            Answer::Part(only) => Some(vec![*only]),
            Answer::Parts(spans) => Some(spans.clone()),
            Answer::Unsatisfiable => Some(Vec::new()),
            Answer::NotModified | Answer::PreconditionFailed | Answer::Whole => None,
        };
        let sets = |spans: Vec<Span>| -> Vec<BTreeSet<u64>> {
            spans.iter().map(|span| (span.first..=span.last).collect()).collect()
        };
        let all_asked: Vec<Asked> = all_asked.iter().map(|(asked, _, _)| *asked).collect();
        prop_assert_eq!(spans.map(sets), model(&all_asked, size), "{} of {}: {:?}", field, size, answer);
    }

    #[test]
    fn whatever_is_sent_lies_in_the_file_and_is_no_longer_than_it(
        method in select(vec![Method::GET, Method::HEAD, Method::POST]),
        size_bytes in prop_oneof![Just(0), Just(1), 0_u64..200, any::<u64>(), Just(u64::MAX)],
        seconds in prop_oneof![Just(MODIFIED), any::<u32>().prop_map(u64::from)],
        fields in vec((select(vec![
            "range", "range", "range", "if-range", "if-match", "if-none-match",
            "if-modified-since", "if-unmodified-since",
        ]), hostile()), 0..5),
    ) {
        let modified = Some(moment((seconds, 0)));
        let file = Representation { size_bytes, etag: r#""v1""#, modified };
        let spans = match decide(&method, &headers(&fields), &file) {
            Answer::Part(only) => vec![only],
            Answer::Parts(spans) => {
                prop_assert!((2..=MAX_RANGES).contains(&spans.len()));
                spans
            }
            Answer::NotModified | Answer::PreconditionFailed | Answer::Whole | Answer::Unsatisfiable => Vec::new(),
        };
        prop_assert!(spans.is_empty() || method == Method::GET);
        prop_assert!(spans.iter().all(|span| span.first <= span.last && span.last < size_bytes));
        let total: u128 = spans.iter().map(|span| u128::from(span.len_bytes())).sum();
        prop_assert!(total <= u128::from(size_bytes));
    }
}
