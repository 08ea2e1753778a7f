//! Each group of addresses fails in its own format and wears its own headers, whatever went wrong and wherever.

use reqwest::Method;

use crate::support::Site;

const PAGE: (&str, &str) = ("text/html", "same-origin");
const FRAME: (&str, &str) = ("text/html", "cross-origin");
const JSON: (&str, &str) = ("application/json", "cross-origin");
const PART: (&str, &str) = ("text/plain", "cross-origin");
const TEXT: (&str, &str) = ("text/plain", "same-origin");

/// Addresses at which nothing is, with media type and `cross-origin-resource-policy` of what is said about it.
const NOTHING: [(&str, (&str, &str)); 27] = [
    ("/nergens", PAGE),
    ("/watch/0000000000", PAGE),
    ("/series/nergens", PAGE),
    ("/share/0000000000", PAGE),
    ("/l/0000000000000000000000", PAGE),
    ("/welcome/nergens", PAGE),
    ("/embed/0000000000", FRAME),
    ("/embed/series/nergens", FRAME),
    ("/embed/een/twee/drie", FRAME),
    ("/api/recordings/0000000000", JSON),
    ("/api/series/nergens", JSON),
    ("/api/nergens", JSON),
    ("/series/nergens/feed.xml", TEXT),
    ("/series/nergens/podcast.xml", TEXT),
    ("/oembed?url=https%3A%2F%2Felders.example%2F", TEXT),
    ("/captions/0000000000/nl.vtt", PART),
    ("/transcripts/0000000000/nl.txt", PART),
    ("/chapters/0000000000.vtt", PART),
    ("/captions/nergens", PART),
    ("/assets/nergens.0123456789abcdef.css", PART),
    ("/posters/0000000000.jpg", PART),
    ("/posters/een/twee", PART),
    ("/media/0000000000/een/film.mp4", PART),
    ("/media/nergens", PART),
    ("/uploads/nergens", TEXT),
    ("/healthz/nergens", TEXT),
    ("/metrics", TEXT),
];

#[tokio::test]
async fn what_fails_is_told_in_the_format_of_its_group() {
    let site = Site::open().await;
    let mut told = 0;
    for (path, (media_type, policy)) in NOTHING {
        for method in [Method::GET, Method::DELETE, Method::PUT] {
            let answer = site.send(site.ask(method.clone(), path)).await;
            let what = format!("{method} {path}: {}", answer.status);
            assert!((400..500).contains(&answer.status), "{what}");
            let is = answer.header("content-type").unwrap_or_default();
            assert!(is.starts_with(media_type), "{what}: {is}");
            let is = answer.header("cross-origin-resource-policy");
            assert_eq!(is, Some(policy), "{what}");
            told += 1;
        }
    }
    assert_eq!(told, 81);
}

/// A form of another site is refused before anything is asked or done, also there.
#[tokio::test]
async fn what_another_site_sends_is_refused_in_the_format_of_its_group() {
    let site = Site::open().await;
    for (path, media_type) in [
        ("/sign-in", "text/html"),
        ("/desk/series", "text/html"),
        ("/series/nergens/unlock", "text/html"),
        ("/uploads", "text/plain"),
        ("/api/search", "application/json"),
        ("/media/een/twee/drie", "text/plain"),
    ] {
        let form = site
            .ask(Method::POST, path)
            .header("sec-fetch-site", "cross-site");
        let answer = site.send(form.body("a=b")).await.is(403);
        let is = answer.header("content-type").unwrap_or_default();
        assert!(is.starts_with(media_type), "{path}: {is}");
    }
}
