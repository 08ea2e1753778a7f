//! The table of mangled addresses.

use super::*;

const ID: &str = "q3a1gc8bxx";
const LINK: &str = "0123456789abcdef";

/// What stands behind addresses.
const BEHIND: [&str; 60] = [
    "/",
    "//",
    ".",
    "...",
    ",",
    ";",
    ":",
    "!",
    ")",
    "]",
    "}",
    ">",
    "%3E",
    "%22",
    "%22%3E",
    "\"",
    "'",
    "%20",
    "+",
    "%0A",
    "%0D%0A",
    "%09",
    "*",
    "**",
    "_",
    "~",
    "=",
    "=%0A",
    "=3D",
    "%E2%80%9D",
    "%E2%80%99",
    "%C2%BB",
    "%E2%80%A6",
    "%C2%A0",
    "%E2%80%8B",
    "%EF%BB%BF",
    "%E2%81%A0",
    "&amp;",
    "&gt;",
    "%26gt%3B",
    "&utm_source=x",
    "&amp;utm_source=x",
    "%3Futm_source=x",
    "%3Futm_source%3Dx%26utm_medium%3Dy",
    "%253Futm_source%253Dx",
    "%23top",
    "|Titel",
    "%7CTitel",
    "%22%3Ehier%3C/a%3E",
    "%3C/a%3E",
    ").",
    "%20bekijk%20dit",
    "%E2%80%8Bbekijk",
    "/.",
    "/)",
    "/%22",
    "%",
    "%E2%80",
    "%EF%BC%89",
    "\u{ff09}",
];

fn addresses() -> Vec<String> {
    vec![
        format!("/watch/{ID}"),
        format!("/embed/{ID}"),
        format!("/share/{ID}"),
        format!("/share/{ID}/qr.png"),
        format!("/l/{LINK}"),
        "/series/de-reeks".to_owned(),
        "/series/de-reeks/feed.xml".to_owned(),
        "/embed/series/de-reeks".to_owned(),
        "/speakers/jan-de-vries".to_owned(),
        format!("/captions/{ID}/nl.vtt"),
        format!("/transcripts/{ID}/nl.txt"),
        format!("/chapters/{ID}.json"),
        format!("/posters/{ID}.jpg"),
        format!("/posters/{ID}-play.jpg"),
        format!("/api/recordings/{ID}"),
        "/privacy".to_owned(),
    ]
}

#[track_caller]
fn leads(path: &str, to: &str) {
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(path, query)| (path, Some(query)));
    let found = repairs(path, query);
    assert_eq!(found.first().map(String::as_str), Some(to), "{path}");
    for one in found {
        assert!(one.starts_with('/') && !one.starts_with("//"), "{one}");
    }
}

#[test]
fn what_stands_behind_an_address_is_left_behind() {
    for behind in BEHIND {
        for address in addresses() {
            let path = format!("{address}{behind}");
            let found = repairs(&path, None);
            // After a character that is not seen a word may go on, so the whole word is not the address.
            if behind == "%E2%80%8Bbekijk" {
                continue;
            }
            assert!(found.contains(&address), "{path}: {found:?}");
        }
    }
}

#[test]
fn what_stands_within_an_address_is_taken_out() {
    for path in [
        "/watch/Q3A1GC8BXX",
        "/WATCH/q3a1gc8bxx",
        "/Watch/Q3a1gc8bxx",
        "//watch//q3a1gc8bxx",
        "/watch/%20q3a1gc8bxx",
        "/watch/q3a1g%20c8bxx",
        "/watch/q3a1g=%0Ac8bxx",
        "/watch/q3a1g%3D%0D%0Ac8bxx",
        "/watch/q3a1g%E2%80%8Bc8bxx",
        "/watch/q3a1g-c8bxx",
        "/watch/q3alGC8BXX",
        "/watch/q3a%C2%AD1gc8bxx",
        "/watch/%3Cq3a1gc8bxx%3E",
        "/watch/q3a1gc8bxx.html",
        "/watch%5Cq3a1gc8bxx",
        "/%5Cwatch/q3a1gc8bxx",
        "/%77atch/Q3A1GC8BXX",
        "/*/watch/q3a1gc8bxx*",
    ] {
        leads(path, "/watch/q3a1gc8bxx");
    }
    leads("/l/O123456789ABCDEF", "/l/0123456789abcdef");
    leads("/l/0L23456789abcdef)", "/l/0123456789abcdef");
    leads("/series/De-Reeks.", "/series/de-reeks");
    leads("/series/online-%0Ajongerenwerk", "/series/online");
    assert!(
        repairs("/series/online-%0Ajongerenwerk", None)
            .contains(&"/series/online-jongerenwerk".to_owned())
    );
    leads("/captions/Q3A1GC8BXX/NL.VTT", "/captions/q3a1gc8bxx/nl.vtt");
    leads(
        "/media/Q3A1GC8BXX/0123456789AB/Film%20A.MP4)",
        "/media/q3a1gc8bxx/0123456789ab/Film%20A.MP4",
    );
    leads(
        "/media/q3a1gc8bxx/0123456789ab/R&D.mp4.",
        "/media/q3a1gc8bxx/0123456789ab/R",
    );
    assert!(
        repairs("/media/q3a1gc8bxx/0123456789ab/R&D.mp4.", None)
            .contains(&"/media/q3a1gc8bxx/0123456789ab/R%26D.mp4".to_owned())
    );
    leads("/)", "/");
    leads("/%3Futm_source=x&lang=en", "/?lang=en");
}

#[test]
fn parameters_are_kept_where_they_are_ours() {
    leads(
        "/watch/q3a1gc8bxx.?t=90&utm_source=x&lang=en",
        "/watch/q3a1gc8bxx?t=90&lang=en",
    );
    leads(
        "/watch/q3a1gc8bxx%3Ft=90&utm_source=x",
        "/watch/q3a1gc8bxx?t=90",
    );
    leads(
        "/watch/q3a1gc8bxx&amp;t=90&amp;lang=nl",
        "/watch/q3a1gc8bxx?t=90&lang=nl",
    );
    leads(
        "/embed/q3a1gc8bxx)?start=1&end=2",
        "/embed/q3a1gc8bxx?start=1&end=2",
    );
    leads(
        "/watch/q3a1gc8bxx?link=0123456789ABCDEF)",
        "/watch/q3a1gc8bxx?link=0123456789abcdef",
    );
    leads(
        "/posters/q3a1gc8bxx-play.jpg%22?w=600",
        "/posters/q3a1gc8bxx-play.jpg?w=600",
    );
}

#[test]
fn no_other_site_and_no_other_thing_is_meant() {
    for path in [
        "/watch/q3a1gc8bxx",
        "/watch/q3a1gc8bx",
        "/watch/q3a1gc8bxxx",
        "/watch/q3a1gc8bxu",
        "/watch/q3a1gc8bxx/more",
        "/evil.example",
        "//evil.example/",
        "/%5C%5Cevil.example",
        "/%2F%2Fevil.example/%2e%2e",
        "/wp-login.php",
        "/&lt;script&gt;",
        "/desk/recordings",
        "/uploads/",
        "/posters/q3a1gc8bxx-play-play.jpg",
        "/posters/q3a1gc8bxx-play.png",
        "/l/q3a1gc8bxx",
        "/watchq3a1gc8bxx",
        "/assets/style.css.",
        "/series",
        "/watch",
        "/media/q3a1gc8bxx/0123456789ab",
        "/captions/q3a1gc8bxx/vtt",
    ] {
        assert_eq!(repairs(path, None), Vec::<String>::new(), "{path}");
    }
    for path in [
        "/watch/q3a1gc8bxx.//evil.example",
        "//evil.example/watch/q3a1gc8bxx.",
        "/\\evil.example/watch/q3a1gc8bxx)",
    ] {
        for one in repairs(path, None) {
            assert_eq!(one, "/watch/q3a1gc8bxx", "{path}");
        }
    }
    // Long and odd ones cost nothing and break nothing.
    assert!(repairs(&format!("/watch/{}", "a".repeat(5000)), None).is_empty());
    for odd in [
        "%",
        "%%%",
        "/",
        "",
        "/\u{0}",
        "/watch/%00%00%00",
        "/watch/\u{feff}",
    ] {
        let _ = repairs(odd, Some("%ff&&&=&link"));
    }
}
