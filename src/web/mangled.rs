//! Addresses as mails and fingers leave them: with a full stop, a bracket or half a tag behind them, in capitals, wrapped at the end of
//! a line, encoded twice. In: an address that answers nothing. Out: the addresses that may be meant, of which [`answers`] redirects to
//! the first that answers.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, LOCATION, RANGE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower::ServiceExt as _;

use super::{class, reply, urls};
use crate::catalogue::id;

/// The shapes of the addresses that are handed out. `{id}`, `{version}` and `{link}` are words of the base 32 of public ids, `{slug}` is
/// a slug, `{token}` hexadecimal, `{language}` the language of a file, and `{file}` the name of a file.
const SHAPES: [&str; 37] = [
    "/",
    "/watch/{id}",
    "/series/{slug}",
    "/series/{slug}/feed.xml",
    "/series/{slug}/podcast.xml",
    "/speakers/{slug}",
    "/l/{link}",
    "/share/{id}",
    "/share/{id}/preview",
    "/share/{id}/qr.svg",
    "/share/{id}/qr.png",
    "/share/series/{slug}",
    "/share/series/{slug}/preview",
    "/share/series/{slug}/qr.svg",
    "/share/series/{slug}/qr.png",
    "/embed/{id}",
    "/embed/series/{slug}",
    "/media/{id}/{version}/{file}",
    "/captions/{id}/{language}.vtt",
    "/transcripts/{id}/{language}.txt",
    "/chapters/{id}.vtt",
    "/chapters/{id}.json",
    "/posters/{id}-play.jpg",
    "/posters/{id}-cover.jpg",
    "/posters/{id}.jpg",
    "/search",
    "/feed.xml",
    "/sitemap.xml",
    "/privacy",
    "/accessibility",
    "/in-the-picture",
    "/api/series",
    "/api/series/{slug}",
    "/api/recordings/{id}",
    "/api/search",
    "/sign-in",
    "/welcome/{token}",
];

/// Parameters of ours that a redirect keeps; what a mail tool added stays behind.
const PARAMETERS: [&str; 23] = [
    "t",
    "find",
    "hit",
    "start",
    "end",
    "lang",
    "link",
    "recording",
    "q",
    "after",
    "before",
    "w",
    "v",
    "in",
    "look",
    "r",
    "form",
    "to",
    "as",
    "url",
    "format",
    "maxwidth",
    "maxheight",
];

/// The longest address that is looked at, in bytes.
const LONGEST: usize = 2000;

/// The most addresses that are tried for one request.
const MOST: usize = 4;

/// How often an address may have been percent-encoded: click counters encode what was encoded.
const ENCODED: usize = 3;

/// Characters that are not seen, and that programs put into a long word so that it can wrap.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Middleware that redirects from a mangled address to the one that is meant, when that answers this reader; every other answer stays
/// as it is.
pub async fn answers(
    State(router): State<Router>,
    request: Request,
    next: Next,
) -> Result<Response, crate::error::Error> {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = is_reading.then(|| (request.uri().clone(), request.headers().clone()));
    let response = next.run(request).await;
    // A path whose encoding broke off is no text, which the framework answers with 400.
    let is_lost = matches!(
        response.status(),
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST
    );
    let Some((address, headers)) = asked.filter(|_| is_lost) else {
        return Ok(response);
    };
    for meant in repairs(address.path(), address.query()) {
        let answer = probe(&router, &meant, &headers).await?;
        let Some(to) = leads_to(&answer, meant) else {
            continue;
        };
        let mut redirect = reply::moved(&to)?;
        redirect.extensions_mut().insert(class::of(&response));
        // A script on another site may only follow a redirect that it may read (Fetch §4.4).
        if let Some(origin) = answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN) {
            redirect
                .headers_mut()
                .insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        return Ok(redirect);
    }
    Ok(response)
}

/// What this reader gets at an address, without its body.
async fn probe(
    router: &Router,
    address: &str,
    headers: &HeaderMap,
) -> Result<Response, crate::error::Error> {
    let mut request = Request::builder()
        .method(Method::HEAD)
        .uri(address)
        .body(Body::empty())
        .map_err(crate::error::Error::internal)?;
    *request.headers_mut() = headers.clone();
    // Conditions and ranges are about the address that was asked.
    for name in [
        RANGE,
        IF_RANGE,
        IF_MATCH,
        IF_NONE_MATCH,
        IF_MODIFIED_SINCE,
        IF_UNMODIFIED_SINCE,
    ] {
        request.headers_mut().remove(name);
    }
    let answer = router.clone().oneshot(request).await;
    Ok(answer.into_response())
}

/// Where to redirect for the answer at the address that may be meant; `None` when it answers nothing. A page that moved is followed, so
/// that one redirect is enough.
fn leads_to(answer: &Response, meant: String) -> Option<String> {
    let status = answer.status();
    match status {
        StatusCode::PERMANENT_REDIRECT | StatusCode::MOVED_PERMANENTLY => {
            let to = answer.headers().get(LOCATION)?.to_str().ok()?;
            let is_ours = to.starts_with('/') && !to[1..].starts_with(['/', '\\']);
            is_ours.then(|| to.to_owned())
        }
        // What is gone, or behind a password, says so at its own address.
        StatusCode::UNAUTHORIZED | StatusCode::GONE => Some(meant),
        status if status.is_success() || status.is_redirection() => Some(meant),
        _ => None,
    }
}

/// The addresses that a mangled one may have been, the likeliest first; none when it has none of our shapes, or nothing to repair. Each
/// begins with a single slash and a word of ours.
pub fn repairs(path: &str, query: Option<&str>) -> Vec<String> {
    if path.len() + query.map_or(0, str::len) > LONGEST {
        return Vec::new();
    }
    let asked = with_query(path.to_owned(), query);
    let text = decoded(path);
    // The parameters are part of the path when their question mark was encoded, or lost.
    let cut = text.find(['?', '&', '#']).unwrap_or(text.len());
    let (before, behind) = text.split_at(cut);
    let behind = behind.split('#').next().unwrap_or_default();
    let behind = behind.trim_start_matches(['?', '&']);
    let joined = match query {
        Some(query) if !behind.is_empty() => Cow::Owned(format!("{behind}&{query}")),
        Some(query) => Cow::Borrowed(query),
        None => Cow::Borrowed(behind),
    };
    let query = repaired(&joined);
    // Without a word before it, only what has the form of parameters is some.
    let may_be_home = behind.is_empty() || behind.contains('=');
    let mut found: Vec<String> = Vec::new();
    for text in [before, text.as_str()] {
        for is_glued in [false, true] {
            for shape in SHAPES.iter().filter(|it| may_be_home || **it != "/") {
                let fits = fit(shape, text, is_glued).map(|path| format!("{path}{query}"));
                let is_new = |it: &String| *it != asked && !found.contains(it);
                found.extend(fits.filter(is_new));
            }
        }
    }
    found.truncate(MOST);
    found
}

fn with_query(path: String, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

/// The text of a path, however often it was encoded, without the soft line breaks of quoted-printable (RFC 2045 §6.7).
fn decoded(path: &str) -> String {
    let mut text = path.to_owned();
    for _ in 0..ENCODED {
        let next = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if next == text {
            break;
        }
        text = next;
    }
    text.replace("=\r\n", "").replace("=\n", "")
}

/// Our own parameters of a query, with the question mark; a link among them without what is not of it.
fn repaired(query: &str) -> String {
    let kept = PARAMETERS.iter().flat_map(|name| {
        urls::parameters(Some(query), name).map(move |value| match *name {
            "link" => {
                let link = base32(&value, 16, false).map(|(link, _)| link);
                (*name, link.unwrap_or(value))
            }
            name => (name, value),
        })
    });
    kept.fold(String::new(), |address, (name, value)| {
        urls::with(&address, name, &value)
    })
}

/// The address of a shape that a text begins with, when only what cannot be part of an address is behind it. `is_glued`: spaces and ends
/// of lines are taken out of words first, because a long address was wrapped.
fn fit(shape: &str, text: &str, is_glued: bool) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut parts = text
        .split(['/', '\\'])
        .map(|part| part.trim_matches(char::is_whitespace))
        .filter(|part| !part.is_empty());
    let mut address = String::new();
    let mut rest = "";
    for piece in shape.split('/').skip(1).filter(|piece| !piece.is_empty()) {
        // Something stands between two parts of the address.
        if is_word_in(rest) {
            return None;
        }
        let (word, behind) = part(piece, parts.next()?, is_glued)?;
        address.push('/');
        address.push_str(&word);
        rest = behind;
    }
    let is_whole = match rest.is_empty() {
        true => parts.next().is_none_or(|next| !begins_as_word(next)),
        false => true,
    };
    match address.is_empty() {
        true => text.is_empty().then(urls::home),
        false => is_whole.then_some(address),
    }
}

fn is_word_in(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_alphanumeric())
}

fn begins_as_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// One part of an address, as `piece` of a shape describes it, and what stands behind it.
fn part<'a>(piece: &str, text: &'a str, is_glued: bool) -> Option<(String, &'a str)> {
    let text = match piece {
        "{file}" => text,
        _ => text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()),
    };
    match piece {
        "{id}" => base32(text, 10, is_glued),
        "{version}" => base32(text, 12, is_glued),
        "{link}" => base32(text, 16, is_glued),
        "{token}" => run(text, 64, is_glued, |c| {
            c.is_ascii_hexdigit().then(|| c.to_ascii_lowercase())
        }),
        "{slug}" => slug(text, is_glued),
        "{file}" => file(text, is_glued),
        _ => match piece.split_once('}') {
            Some(("{id", ending)) => {
                let (id, behind) = first_of(text, 10, is_glued, crockford)?;
                with_ending(id, behind, ending)
            }
            Some((_, ending)) => language_file(text, ending),
            None => with_ending(String::new(), text, piece),
        },
    }
}

/// A word and the ending behind it, whose capitals do not count.
fn with_ending<'a>(word: String, text: &'a str, ending: &str) -> Option<(String, &'a str)> {
    let (start, behind) = text.split_at_checked(ending.len())?;
    let is_whole = start.eq_ignore_ascii_case(ending) && !begins_as_word(behind);
    is_whole.then(|| (word + ending, behind))
}

/// `length` characters of base 32, which end there.
fn base32(text: &str, length: usize, is_glued: bool) -> Option<(String, &str)> {
    run(text, length, is_glued, crockford)
}

fn run(
    text: &str,
    length: usize,
    is_glued: bool,
    letter: impl Fn(char) -> Option<char>,
) -> Option<(String, &str)> {
    first_of(text, length, is_glued, letter).filter(|(_, behind)| !begins_as_word(behind))
}

/// The first `length` characters of an alphabet, and what stands behind them.
fn first_of(
    text: &str,
    length: usize,
    is_glued: bool,
    letter: impl Fn(char) -> Option<char>,
) -> Option<(String, &str)> {
    let mut word = String::new();
    for (at, character) in text.char_indices() {
        if word.len() == length {
            return Some((word, text.get(at..)?));
        }
        if is_unseen(character) || (is_glued && is_in_the_way(character)) {
            continue;
        }
        word.push(letter(character)?);
    }
    (word.len() == length).then_some((word, ""))
}

/// What wrapping, or reading aloud in groups, puts between the letters of an id (Crockford's base 32 allows hyphens).
fn is_in_the_way(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '=')
}

/// A character of an id as people read it aloud. The letters that Crockford's base 32 leaves out are in no address of ours, so this
/// leads from none to another.
fn crockford(character: char) -> Option<char> {
    let letter = match character.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    id::is_letter(letter).then_some(letter)
}

/// A slug in lower case.
fn slug(text: &str, is_glued: bool) -> Option<(String, &str)> {
    let mut slug = String::new();
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        match character.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() || letter == '-' => slug.push(letter),
            skipped if is_unseen(skipped) || (is_glued && skipped.is_whitespace()) => {}
            _ => {
                end = at;
                break;
            }
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    (!slug.is_empty()).then_some((slug, text.get(end..)?))
}

/// The name of a file, which may hold nearly anything: without what stands behind it, and when that is not enough up to its ending.
fn file(text: &str, is_glued: bool) -> Option<(String, &str)> {
    let is_junk = |c: char| !c.is_alphanumeric();
    let name = match is_glued {
        false => text.trim_end_matches(is_junk),
        true => {
            let dot = text.find('.')? + 1;
            let ending = text.get(dot..)?;
            let length = ending
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(ending.len());
            text.get(..dot + length)?
        }
    };
    (!name.is_empty()).then(|| (urls::encoded(name), text.get(name.len()..).unwrap_or("")))
}

/// The file of a language, such as `nl.vtt`.
fn language_file<'a>(text: &'a str, ending: &str) -> Option<(String, &'a str)> {
    let dot = text.find('.')?;
    let (tag, behind) = text.split_at(dot);
    let tag: String = tag.chars().filter(|c| !is_unseen(*c)).collect();
    let is_tag = tag
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let word = is_tag.then(|| tag.to_ascii_lowercase())?;
    with_ending(word, behind, ending)
}

#[cfg(test)]
#[path = "mangled_cases.rs"]
mod cases;
