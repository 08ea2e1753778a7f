//! Every address of the portal as a function, root-relative, so that a link is right or does not compile.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::catalogue::PublicId;

/// Left as they are in a path segment and in a query value: the unreserved characters of RFC 3986 §2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub fn home() -> String {
    "/".to_owned()
}

pub fn series(slug: &str) -> String {
    format!("/series/{}", escaped(slug))
}

pub fn watch(id: &PublicId) -> String {
    format!("/watch/{id}")
}

/// The page of a recording, going on at a moment in it.
pub fn watch_at(id: &PublicId, start_ms: u64) -> String {
    format!("/watch/{id}?t={}", start_ms / 1000)
}

pub fn speaker(slug: &str) -> String {
    format!("/speakers/{}", escaped(slug))
}

pub fn search() -> String {
    "/search".to_owned()
}

pub fn privacy() -> String {
    "/privacy".to_owned()
}

pub fn accessibility() -> String {
    "/accessibility".to_owned()
}

pub fn in_the_picture() -> String {
    "/in-the-picture".to_owned()
}

pub fn embed(id: &PublicId) -> String {
    format!("/embed/{id}")
}

/// Bytes of an original or a hand-out; the name is for people who keep the file.
pub fn media(id: &PublicId, version: &str, file: &str) -> String {
    format!("/media/{id}/{version}/{}", escaped(file))
}

pub fn caption(id: &PublicId, language: &str) -> String {
    format!("/captions/{id}/{}.vtt", escaped(language))
}

pub fn transcript(id: &PublicId, language: &str) -> String {
    format!("/transcripts/{id}/{}.txt", escaped(language))
}

pub fn chapters(id: &PublicId) -> String {
    format!("/chapters/{id}.vtt")
}

/// The permanent address of the still picture.
pub fn poster(id: &PublicId) -> String {
    format!("/posters/{id}.jpg")
}

/// The still picture at least `width` pixels across, of this version, for pages that are made anew each time.
pub fn poster_sized(id: &PublicId, width: u32, version: &str) -> String {
    format!("/posters/{id}.jpg?w={width}&v={version}")
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_cannot_leave_their_place() {
        let id = PublicId::parse("0123456789").unwrap();
        assert_eq!(
            media(&id, "v", "../a b?\"<é.mp4"),
            "/media/0123456789/v/..%2Fa%20b%3F%22%3C%C3%A9.mp4"
        );
        assert_eq!(caption(&id, "nl"), "/captions/0123456789/nl.vtt");
        assert_eq!(watch_at(&id, 61_900), "/watch/0123456789?t=61");
    }
}
