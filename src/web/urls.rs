//! All addresses of the portal as functions. In: ids, slugs and names. Out: root-relative addresses, percent-encoded (RFC 3986
//! §2.1), safe in an attribute, a header and a mail.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode as encode,
};

use crate::catalogue::PublicId;
use crate::catalogue::link::Token;
use crate::catalogue::message::MessageKind;
use crate::catalogue::name::composed;

/// All characters except the unreserved ones of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The language links keep a path as it came, so only characters that HTML and headers cannot carry are encoded.
const PATH: &AsciiSet = &RESERVED.remove(b'/').remove(b'%');

pub fn home() -> String {
    "/".to_owned()
}

pub fn series(slug: &str) -> String {
    format!("/series/{}", encode(slug, RESERVED))
}

pub fn watch(id: &PublicId) -> String {
    format!("/watch/{id}")
}

/// The recording that an address of a page or a frame names.
pub fn recording_in(address: &str) -> Option<PublicId> {
    let path = address.split(['?', '#']).next()?;
    let (page, id) = path.strip_prefix('/')?.split_once('/')?;
    let is_of_one = ["watch", "embed", "share"].contains(&page);
    PublicId::parse(id).filter(|_| is_of_one)
}

/// The watch page, where playback begins at a moment.
pub fn watch_at(id: &PublicId, seconds: u64) -> String {
    format!("/watch/{id}?t={seconds}")
}

/// The page of a recording with the places where a question is said.
pub fn find(id: &PublicId, question: &str) -> String {
    with(&watch(id), "find", question)
}

pub fn speaker(slug: &str) -> String {
    format!("/speakers/{}", encode(slug, RESERVED))
}

/// The address of a search; of the empty search page without a query.
pub fn search(question: &str) -> String {
    match question {
        "" => "/search".to_owned(),
        question => format!("/search?q={}", encode(question, RESERVED)),
    }
}

pub fn privacy() -> String {
    "/privacy".to_owned()
}

pub fn accessibility() -> String {
    "/accessibility".to_owned()
}

/// The page for people who appear in a recording.
pub fn in_the_picture() -> String {
    "/in-the-picture".to_owned()
}

/// The form for a message to the desk; about a recording, or about the portal.
pub fn message(kind: Option<MessageKind>, about: Option<&PublicId>) -> String {
    let kind = kind.map(|kind| ("kind", kind.as_str()));
    let about = about.map(|id| ("about", id.as_str()));
    [kind, about]
        .into_iter()
        .flatten()
        .fold("/message".to_owned(), |address, (name, value)| {
            with(&address, name, value)
        })
}

/// The form for a mistake in the captions of a recording, with the line at a moment, or the question which line it is.
pub fn mistake(about: &PublicId, language: &str, seconds: Option<u64>) -> String {
    let address = with("/message", "about", about.as_str());
    let address = with(&address, "kind", MessageKind::Captions.as_str());
    let address = with(&address, "language", language);
    match seconds {
        Some(seconds) => with(&address, "t", &seconds.to_string()),
        None => address,
    }
}

pub fn embed(id: &PublicId) -> String {
    format!("/embed/{id}")
}

/// The player of a series for other sites.
pub fn embed_series(slug: &str) -> String {
    format!("/embed/series/{}", encode(slug, RESERVED))
}

/// The links by which a site discovers the oEmbed endpoint (oEmbed 1.0 §4): media type and absolute address.
pub fn discovery(base: &str, address: &str) -> [(&'static str, String); 2] {
    [
        ("application/json+oembed", "json"),
        ("text/xml+oembed", "xml"),
    ]
    .map(|(kind, format)| {
        let url = with("/oembed", "url", &format!("{base}{address}"));
        (kind, format!("{base}{}", with(&url, "format", format)))
    })
}

/// An original or a hand-out.
pub fn media(id: &PublicId, version: &str, file: &str) -> String {
    format!(
        "/media/{id}/{}/{}",
        encode(version, RESERVED),
        encode(file, RESERVED)
    )
}

pub fn caption(id: &PublicId, language: &str) -> String {
    format!("/captions/{id}/{}.vtt", encode(language, RESERVED))
}

pub fn transcript(id: &PublicId, language: &str) -> String {
    format!("/transcripts/{id}/{}.txt", encode(language, RESERVED))
}

/// The chapters as a file.
pub fn chapters(id: &PublicId) -> String {
    format!("/chapters/{id}.vtt")
}

/// The chapters for podcast apps.
pub fn chapters_json(id: &PublicId) -> String {
    format!("/chapters/{id}.json")
}

/// The square cover of a recording for podcast apps; permanent.
pub fn cover(id: &PublicId) -> String {
    format!("/posters/{id}-cover.jpg")
}

/// The feed of the whole portal.
pub fn feed() -> String {
    "/feed.xml".to_owned()
}

/// The feed of a series.
pub fn feed_of(slug: &str) -> String {
    format!("{}/feed.xml", series(slug))
}

/// The podcast feed of a series.
pub fn podcast_of(slug: &str) -> String {
    format!("{}/podcast.xml", series(slug))
}

/// The poster of a recording in its largest size; permanent.
pub fn poster(id: &PublicId) -> String {
    format!("/posters/{id}.jpg")
}

/// The poster in the smallest size of at least `width` pixels. With the version of the poster its bytes never change.
pub fn poster_sized(id: &PublicId, width: u32, version: Option<&str>) -> String {
    picture(&poster(id), width, version)
}

fn picture(address: &str, width: u32, version: Option<&str>) -> String {
    let address = with(address, "w", &width.to_string());
    match version {
        Some(version) => with(&address, "v", version),
        None => address,
    }
}

/// The poster with a play badge, in the next width for mails above `width`; permanent. With the version of the poster no mail proxy
/// has an old picture at this address.
pub fn poster_play(id: &PublicId, width: u32, version: Option<&str>) -> String {
    picture(&format!("/posters/{id}-play.jpg"), width, version)
}

/// The share page of a recording.
pub fn share(id: &PublicId) -> String {
    format!("/share/{id}")
}

/// The share page of a series.
pub fn share_series(slug: &str) -> String {
    format!("/share/series/{}", encode(slug, RESERVED))
}

/// An address with the named link that opens it, if any.
pub fn opened(address: String, link: Option<&Token>) -> String {
    match link {
        Some(link) => with(&address, "link", link.as_str()),
        None => address,
    }
}

/// A named link.
pub fn link(token: &Token) -> String {
    format!("/l/{token}")
}

/// The named link in an address: `/l/{link}`, or `?link=`.
pub fn link_in(path: &str, query: Option<&str>) -> Option<Token> {
    match path.strip_prefix("/l/") {
        // The router decodes it too.
        Some(token) => Token::parse(&percent_decode_str(token).decode_utf8_lossy()),
        None => Token::parse(&parameter(query, "link")?),
    }
}

/// The upload page of the desk, for a recording of this series.
pub fn desk_upload_to(series: i64) -> String {
    with(&desk("upload"), "series", &series.to_string())
}

pub fn upload(id: &str) -> String {
    format!("/uploads/{id}")
}

pub fn sign_in() -> String {
    "/sign-in".to_owned()
}

/// The sign-in page that redirects to an own address afterwards.
pub fn sign_in_to(address: &str) -> String {
    with("/sign-in", "to", address)
}

pub fn sign_out() -> String {
    "/sign-out".to_owned()
}

/// A welcome link.
pub fn welcome(token: &str) -> String {
    format!("/welcome/{}", encode(token, RESERVED))
}

/// The desk's page of a recording; its other tabs are below it.
pub fn desk_recording(id: &PublicId) -> String {
    desk(&format!("recordings/{id}"))
}

/// The place at the desk where a correction of a line of captions lies beside that line, by the row id of its message.
pub fn desk_correction(id: &PublicId, language: &str, message: i64) -> String {
    let language = encode(language, RESERVED);
    format!(
        "{}/captions/{language}#correction-{message}",
        desk_recording(id)
    )
}

/// The desk's page of a series, by its row id.
pub fn desk_series(id: i64) -> String {
    desk(&format!("series/{id}"))
}

/// A page of the desk by its path below `/desk`; empty for the first page.
pub fn desk(path: &str) -> String {
    match path {
        "" => "/desk".to_owned(),
        path => format!("/desk/{path}"),
    }
}

/// The first part of a path.
pub fn first(path: &str) -> &str {
    let parts = path.trim_start_matches('/').split('/').next();
    parts.unwrap_or_default()
}

/// The value of a query parameter, the first when there are several. It never fails, because mail programs and click counters add
/// and break parameters, and a page must still answer.
pub fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    parameters(query, name).next()
}

/// The values of a query parameter that may be repeated, in one spelling (NFC).
pub fn parameters(query: Option<&str>, name: &str) -> impl Iterator<Item = String> {
    let pairs = query.unwrap_or_default().split('&');
    pairs.filter_map(move |pair| {
        // In the source of a page `&` is written `&amp;`, and so it is copied.
        let pair = pair.strip_prefix("amp;").unwrap_or(pair);
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| {
            let value = value.replace('+', " ");
            let value = percent_decode_str(&value).decode_utf8_lossy();
            composed(&value).into_owned()
        })
    })
}

/// An address with one more parameter.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let (page, fragment) = match address.split_once('#') {
        Some((page, fragment)) => (page, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}{name}={}{fragment}", encode(value, RESERVED))
}

/// An address with the values that a query has for these parameters, so that a redirect keeps what was asked.
pub fn keeping(address: &str, query: Option<&str>, names: &[&str]) -> String {
    let kept = names
        .iter()
        .flat_map(|name| parameters(query, name).map(move |value| (*name, value)));
    kept.fold(address.to_owned(), |address, (name, value)| {
        with(&address, name, &value)
    })
}

/// A name as one part of a path.
pub fn encoded(name: &str) -> String {
    encode(name, RESERVED).to_string()
}

/// An address without its scheme, as people say it.
pub fn bare(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// The path of a request in a form that can be written into a page.
pub fn path(raw: &str) -> String {
    // Two slashes at the start would name another host (RFC 3986 §4.2).
    format!("/{}", encode(raw.trim_start_matches('/'), PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> PublicId {
        PublicId::parse("q3a1gc8bxx").unwrap()
    }

    #[test]
    fn addresses_are_those_of_the_promise() {
        assert_eq!(series("online"), "/series/online");
        assert_eq!(watch_at(&id(), 754), "/watch/q3a1gc8bxx?t=754");
        assert_eq!(search(""), "/search");
        assert_eq!(search("risico's & co"), "/search?q=risico%27s%20%26%20co");
        assert_eq!(transcript(&id(), "nl"), "/transcripts/q3a1gc8bxx/nl.txt");
        assert_eq!(
            poster_sized(&id(), 480, Some("0123456789ab")),
            "/posters/q3a1gc8bxx.jpg?w=480&v=0123456789ab"
        );
    }

    #[test]
    fn names_from_a_disk_cannot_leave_their_place_in_an_address() {
        assert_eq!(
            media(&id(), "0123456789ab", "a b/c?d#e\"<é.mp4"),
            "/media/q3a1gc8bxx/0123456789ab/a%20b%2Fc%3Fd%23e%22%3C%C3%A9.mp4"
        );
        assert_eq!(series("../x"), "/series/..%2Fx");
        assert_eq!(path("//other.example/\"x"), "/other.example/%22x");
    }

    #[test]
    fn a_parameter_is_found_in_whatever_a_mail_program_made_of_the_address() {
        let query = Some("utm_source=x&q=online+werken%3F&q=2&t&%ff=%ff&lang=en");
        assert_eq!(parameter(query, "q").as_deref(), Some("online werken?"));
        assert_eq!(parameter(query, "t").as_deref(), Some(""));
        assert_eq!(parameter(query, "lang").as_deref(), Some("en"));
        assert_eq!(parameter(query, "start"), None);
        assert_eq!(parameter(None, "q"), None);
        assert_eq!(
            parameter(Some("q=%ff%zz"), "q").as_deref(),
            Some("\u{fffd}%zz")
        );
    }

    #[test]
    fn a_parameter_is_added_before_the_fragment() {
        assert_eq!(with("/", "lang", "en"), "/?lang=en");
        assert_eq!(
            with("/watch/x?t=3#said", "lang", "nl"),
            "/watch/x?t=3&lang=nl#said"
        );
    }
}
