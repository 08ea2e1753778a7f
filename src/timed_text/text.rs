//! Cleans the text of a cue: the result is cue text with only a few harmless tags.
//!
//! The tags `<i> <b> <u> <v Name>` are kept, and `<c>` with WebVTT's own colour classes, properly nested. Other markup (`<font …>`,
//! `<ruby>`, `<lang …>`, karaoke time stamps) is removed and its content kept; `<br>` becomes a line end. Everything else,
//! `<script>` and `<3` alike, is text and is escaped, including `>`, so that no arrow can appear. Cleaning the result again does
//! not change it, on which the desk and the writer rely.

use std::ops::Range;

/// Longest name of a voice; a longer one is cut.
const LONGEST_NAME_CHARS: usize = 100;
/// Deepest nesting of tags; opening tags beyond it are removed.
const DEEPEST_NESTING: usize = 8;
/// The default classes of W3C WebVTT §5.1, with which broadcasters distinguish speakers by colour.
const COLOURS: [&str; 8] = [
    "white", "lime", "cyan", "red", "yellow", "magenta", "blue", "black",
];
/// Entities that subtitle programs write. Other entities stay as text.
const ENTITIES: [(&str, char); 8] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
];

pub(super) enum Token {
    Text(String),
    /// The whole tag as written, and the name that closes it.
    Open(String, &'static str),
    Close(&'static str),
    Line,
}

/// Cue text with only allowed, well-formed tags; other text is escaped, and empty lines are removed.
pub(super) fn clean(raw: &str) -> String {
    let mut cleaned = String::with_capacity(raw.len());
    let mut open: Vec<&'static str> = Vec::new();
    for token in tokens(raw) {
        match token {
            Token::Text(text) => escape_onto(&mut cleaned, &text),
            Token::Line => cleaned.push('\n'),
            Token::Open(tag, name) if open.len() < DEEPEST_NESTING => {
                cleaned.push_str(&tag);
                open.push(name);
            }
            Token::Open(..) => {}
            Token::Close(name) => close_through(&mut cleaned, &mut open, name),
        }
    }
    while let Some(name) = open.pop() {
        push_closing(&mut cleaned, name);
    }
    without_empty_lines(&cleaned)
}

/// Cue text as a reader sees it: tags removed, entities decoded, lines kept. For transcripts and search.
///
/// The result is plain text and must be escaped like any other where it is put into markup.
pub fn plain(raw: &str) -> String {
    let mut plain = String::with_capacity(raw.len());
    for token in tokens(raw) {
        match token {
            Token::Text(text) => plain.push_str(&text),
            Token::Line => plain.push('\n'),
            Token::Open(..) | Token::Close(_) => {}
        }
    }
    without_empty_lines(&plain)
}

/// Whether a text has only tags and blanks.
pub(super) fn shows_nothing(cleaned: &str) -> bool {
    plain(cleaned).trim().is_empty()
}

/// Removes style overrides like `{\an8}`, which SRT borrowed from another format and no player shows.
pub(super) fn without_style_overrides(srt: &str) -> String {
    let mut kept = String::with_capacity(srt.len());
    let mut rest = srt;
    while let Some((before, after)) = rest.split_once("{\\") {
        kept.push_str(before);
        let end = after
            .find(['}', '{', '\n'])
            .filter(|&end| after[end..].starts_with('}'));
        rest = match end {
            Some(end) => &after[end + 1..],
            None => {
                kept.push_str("{\\");
                after
            }
        };
    }
    kept.push_str(rest);
    kept
}

pub(super) fn tokens(raw: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = raw;
    while let Some(next) = rest.find(['<', '\n']) {
        let (before, found) = rest.split_at(next);
        text_onto(&mut tokens, before);
        let after = &found[1..];
        if found.starts_with('\n') {
            tokens.push(Token::Line);
            rest = after;
            continue;
        }
        let (token, behind) = tag_at(after);
        tokens.extend(token);
        rest = behind;
    }
    text_onto(&mut tokens, rest);
    tokens
}

/// The token that the `<` before `after` begins (`None` for markup that is removed), and the text after it.
fn tag_at(after: &str) -> (Option<Token>, &str) {
    let text = (Some(Token::Text("<".into())), after);
    // A second `<` before the `>` means that the first one is text; this also keeps the search linear.
    let Some(end) = after
        .find(['>', '<'])
        .filter(|&end| after[end..].starts_with('>'))
    else {
        return text;
    };
    let behind = &after[end + 1..];
    match tag(&after[..end]) {
        Tag::Supported(token) => (Some(token), behind),
        Tag::NeverText => (None, behind),
        Tag::Text => text,
    }
}

fn text_onto(tokens: &mut Vec<Token>, raw: &str) {
    if !raw.is_empty() {
        tokens.push(Token::Text(decode_entities(raw)));
    }
}

enum Tag {
    Supported(Token),
    NeverText,
    Text,
}

fn tag(inside: &str) -> Tag {
    let (closing, body) = match inside.strip_prefix('/') {
        Some(body) => (true, body),
        None => (false, inside),
    };
    let name_end = body
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(body.len());
    let (name, rest) = body.split_at(name_end);
    let name = name.to_ascii_lowercase();
    let name = match name.as_str() {
        "i" => "i",
        "b" => "b",
        "u" => "u",
        "c" => "c",
        "v" => "v",
        "br" => return Tag::Supported(Token::Line),
        "font" | "ruby" | "rt" | "lang" => return Tag::NeverText,
        _ if is_time_stamp(inside) => return Tag::NeverText,
        _ => return Tag::Text,
    };
    match (closing, name) {
        (true, _) => Tag::Supported(Token::Close(name)),
        (false, "c") => Tag::Supported(Token::Open(coloured(rest), name)),
        (false, "v") => {
            voice(rest).map_or(Tag::NeverText, |tag| Tag::Supported(Token::Open(tag, name)))
        }
        (false, _) => Tag::Supported(Token::Open(format!("<{name}>"), name)),
    }
}

/// W3C WebVTT §4.2.2: `<00:00:01.000>` inside a cue times the words after it.
fn is_time_stamp(inside: &str) -> bool {
    inside.contains(':')
        && inside
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','))
}

/// A tag like `<c.yellow.bg_black>`, with the classes that every player knows.
fn coloured(rest: &str) -> String {
    let classes = rest.split_whitespace().next().unwrap_or_default();
    let mut tag = String::from("<c");
    for class in classes.split('.').filter(|class| is_colour(class)) {
        tag.push('.');
        tag.push_str(class);
    }
    tag.push('>');
    tag
}

fn is_colour(class: &str) -> bool {
    COLOURS.contains(&class.strip_prefix("bg_").unwrap_or(class))
}

/// Some lines of a cue text that was read here, with the tags around their words.
pub(super) fn part(cue: &str, lines: Range<usize>) -> String {
    let (mut kept, mut line) = (String::new(), 0);
    let mut open: Vec<(String, &'static str)> = Vec::new();
    // How many of those are written.
    let mut written = 0;
    for token in tokens(cue) {
        match token {
            Token::Text(text) if lines.contains(&line) => {
                for (tag, _) in open.iter().skip(written) {
                    kept.push_str(tag);
                }
                written = open.len();
                escape_onto(&mut kept, &text);
            }
            Token::Text(_) => {}
            Token::Line => {
                line += 1;
                kept.push('\n');
            }
            Token::Open(tag, name) => open.push((tag, name)),
            Token::Close(name) => {
                if open.pop().is_some() && open.len() < written {
                    written = open.len();
                    push_closing(&mut kept, name);
                }
            }
        }
    }
    clean(&kept)
}

/// Words of a cue in one line, and who says them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voiced {
    /// The name of the voice; `None` for words without one.
    pub who: Option<String>,
    pub text: String,
}

/// The words of a cue by who says them, in their order. W3C WebVTT §4.2.2: a voice is said once, around its words, and there may be
/// several in a cue, also within other tags; an annotation that nothing ends goes on until the next voice.
pub fn voices(cue: &str) -> Vec<Voiced> {
    let mut open: Vec<(&'static str, Option<String>)> = Vec::new();
    let mut voiced: Vec<Voiced> = Vec::new();
    for token in tokens(cue) {
        let text = match token {
            Token::Text(text) => text,
            Token::Line => " ".to_owned(),
            Token::Open(tag, name) => {
                let who = tag
                    .strip_prefix("<v ")
                    .map(|name| plain(name.trim_end_matches('>')));
                open.push((name, who));
                continue;
            }
            Token::Close(name) => {
                if let Some(at) = open.iter().rposition(|(other, _)| *other == name) {
                    open.truncate(at);
                }
                continue;
            }
        };
        let who = open.iter().rev().find_map(|(_, who)| who.as_ref());
        match voiced
            .last_mut()
            .filter(|last| last.who.as_ref() == who || text.trim().is_empty())
        {
            Some(last) => last.text.push_str(&text),
            None => voiced.push(Voiced {
                who: who.cloned(),
                text,
            }),
        }
    }
    for one in &mut voiced {
        // Only what joins lines is folded: a tab or a space that does not break was written that way.
        let words = one.text.split([' ', '\n', '\r']);
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        one.text = words.join(" ");
    }
    voiced.retain(|one| !one.text.trim().is_empty());
    voiced
}

/// Who begins to speak: the voice of these words, when those before were not said by the same one.
pub fn begins<'a>(before: Option<&Voiced>, now: &'a Voiced) -> Option<&'a str> {
    let before = before.and_then(|before| before.who.as_deref());
    now.who.as_deref().filter(|who| before != Some(*who))
}

/// A tag like `<v Name>`; `None` for a voice without a name.
fn voice(rest: &str) -> Option<String> {
    let annotation = rest.find(char::is_whitespace).map(|at| &rest[at..])?;
    let decoded = decode_entities(annotation);
    let name = decoded.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().take(LONGEST_NAME_CHARS).collect();
    // A name that ends in hyphens would form an arrow with the `>`.
    let name = name.trim_end_matches([' ', '-']);
    if name.is_empty() {
        return None;
    }
    let mut tag = String::from("<v ");
    escape_onto(&mut tag, name);
    tag.push('>');
    Some(tag)
}

/// Closes a tag and the tags opened inside it; an end without a begin is ignored.
fn close_through(cleaned: &mut String, open: &mut Vec<&'static str>, name: &str) {
    if !open.contains(&name) {
        return;
    }
    while let Some(inner) = open.pop() {
        push_closing(cleaned, inner);
        if inner == name {
            return;
        }
    }
}

pub(super) fn push_closing(cleaned: &mut String, name: &str) {
    cleaned.push_str("</");
    cleaned.push_str(name);
    cleaned.push('>');
}

/// Escapes plain text as cue text, for example the title of a chapter.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_onto(&mut escaped, text);
    escaped
}

pub(super) fn escape_onto(cleaned: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => cleaned.push_str("&amp;"),
            '<' => cleaned.push_str("&lt;"),
            '>' => cleaned.push_str("&gt;"),
            _ => cleaned.push(character),
        }
    }
}

/// Decodes known entities and removes control characters, because an entity must not add a line end.
fn decode_entities(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        push_printable(&mut decoded, before);
        match entity(after) {
            Some((character, length)) => {
                let mut bytes = [0; 4];
                push_printable(&mut decoded, character.encode_utf8(&mut bytes));
                rest = &after[length..];
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    push_printable(&mut decoded, rest);
    decoded
}

fn push_printable(decoded: &mut String, text: &str) {
    decoded.extend(text.chars().filter(|&c| c == '\t' || !c.is_control()));
}

/// The character of an entity, and the number of bytes after the `&`.
fn entity(after: &str) -> Option<(char, usize)> {
    // `&#x10FFFF;` is the longest entity; the bounded search keeps a text full of ampersands linear.
    let end = after.bytes().take(10).position(|b| b == b';')?;
    let name = &after[..end];
    let character = match name.strip_prefix('#') {
        Some(figure) => char::from_u32(code_point(figure)?)?,
        None => ENTITIES.iter().find(|(entity, _)| *entity == name)?.1,
    };
    Some((character, end + 1))
}

fn code_point(figure: &str) -> Option<u32> {
    let (digits, radix) = match figure.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (figure, 10),
    };
    // The standard parser would accept a sign.
    let digits_only = digits.chars().all(|c| c.is_digit(radix));
    u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| digits_only)
}

/// Removes empty lines, because one would end the cue.
fn without_empty_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.trim_matches([' ', '\t']));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
