//! Everything a visitor reads, in Dutch and English. In: what a browser asks for. Out: sentences. The texts stand in
//! `texts/nl` and `texts/en`, one file per page; a test holds that both say the same things.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use crate::error::Text;

static_loader! {
    static LOCALES = {
        locales: "./src/web/texts",
        fallback_language: "nl",
        // Fluent would wrap what it fills in with invisible direction marks, which end up in attributes and mails.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static DUTCH: LanguageIdentifier = langid!("nl");
static ENGLISH: LanguageIdentifier = langid!("en");

/// A language the portal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    Nl,
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Nl => Self::En,
            Self::En => Self::Nl,
        }
    }

    fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        [Self::Nl, Self::En]
            .into_iter()
            .find(|lang| lang.code() == primary)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Nl => &DUTCH,
            Self::En => &ENGLISH,
        }
    }
}

/// The texts of one reader.
#[derive(Debug, Clone)]
pub struct Texts {
    pub lang: Lang,
    /// Whether the reader chose it on the page; links then carry it on.
    is_chosen: bool,
    /// Path and query without `lang`, for the switch.
    here: String,
}

impl Texts {
    /// In this language, for a page that nobody asked for by address (an error, a test).
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            is_chosen: false,
            here: "/".to_owned(),
        }
    }

    /// The sentence of that key.
    pub fn t(&self, key: &str) -> String {
        LOCALES.lookup(self.lang.id(), key)
    }

    /// The sentence of that key, filled in.
    pub fn with(&self, key: &str, args: &[(&'static str, FluentValue<'static>)]) -> String {
        let args: HashMap<_, _> = args
            .iter()
            .map(|(name, value)| ((*name).into(), value.clone()))
            .collect();
        LOCALES.lookup_with_args(self.lang.id(), key, &args)
    }

    /// A sentence with a number that decides its form.
    pub fn count(&self, key: &str, number: impl Into<u64>) -> String {
        self.with(key, &[("count", FluentValue::from(number.into()))])
    }

    /// A sentence named elsewhere in the house.
    pub fn say(&self, text: &Text) -> String {
        let args: Vec<_> = text
            .args
            .iter()
            .map(|(name, value)| (*name, FluentValue::from(value.to_string())))
            .collect();
        self.with(text.key, &args)
    }

    /// A link within the portal: it carries a chosen language on, since there is no cookie to remember it.
    pub fn link(&self, address: &str) -> String {
        match self.is_chosen {
            true => with_lang(address, self.lang),
            false => address.to_owned(),
        }
    }

    /// This page in the other language.
    pub fn switch(&self) -> String {
        with_lang(&self.here, self.lang.other())
    }

    /// The chosen language, for a form that must carry it on.
    pub fn chosen(&self) -> Option<&'static str> {
        self.is_chosen.then(|| self.lang.code())
    }
}

/// In English: for logs and the command line.
pub fn english(text: &Text) -> String {
    Texts::new(Lang::En).say(text)
}

fn with_lang(address: &str, lang: Lang) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}lang={}{fragment}", lang.code())
}

impl<S: Sync> FromRequestParts<S> for Texts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let chosen = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("lang="))
            .and_then(Lang::parse);
        let asked = parts
            .headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .and_then(preferred);
        Ok(Self {
            lang: chosen.or(asked).unwrap_or(Lang::Nl),
            is_chosen: chosen.is_some(),
            here: own(parts.uri.path(), query),
        })
    }
}

/// The parameters of an address. A mail tool may have added some, or said one twice: then the last counts, and nothing is
/// refused for it.
pub type Parameters = axum::extract::Query<HashMap<String, String>>;

/// Path and query with only the parameters that are ours: what a mail tool appended identifies a person and goes no further.
fn own(path: &str, query: &str) -> String {
    const OURS: [&str; 4] = ["q=", "t=", "start=", "w="];
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| OURS.iter().any(|ours| pair.starts_with(ours)))
        .collect();
    match kept.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", kept.join("&")),
    }
}

/// The language we speak that the reader prefers (RFC 9110 §12.5.4); `None` when none of ours is asked for.
fn preferred(accept: &str) -> Option<Lang> {
    let mut best: Option<(Lang, f32)> = None;
    for range in accept.split(',').take(32) {
        let mut parts = range.split(';').map(str::trim);
        let Some(lang) = parts.next().and_then(Lang::parse) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(_, known)| weight > known) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_preferred_language_is_the_one_that_is_asked_for_most() {
        for (accept, expected) in [
            ("en-GB,en;q=0.9,nl;q=0.8", Some(Lang::En)),
            ("de, nl;q=0.5, en;q=0.4", Some(Lang::Nl)),
            ("nl-BE", Some(Lang::Nl)),
            ("en;q=0, nl;q=0.1", Some(Lang::Nl)),
            ("fr", None),
            ("", None),
            ("nl;q=abc,en;q=0.1", Some(Lang::En)),
        ] {
            assert_eq!(preferred(accept), expected, "{accept}");
        }
    }

    #[test]
    fn the_switch_keeps_what_is_ours_and_drops_what_identifies_a_person() {
        assert_eq!(
            own("/search", "q=risico&utm_source=mail&mc_eid=1&lang=en"),
            "/search?q=risico"
        );
        assert_eq!(
            with_lang("/watch/x?t=3#transcript", Lang::En),
            "/watch/x?t=3&lang=en#transcript"
        );
    }

    /// Key → the variables it is filled with.
    fn keys(lang: &str) -> BTreeMap<String, Vec<String>> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/web/texts")
            .join(lang);
        let mut keys = BTreeMap::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let mut key = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line
                    .split_once(" =")
                    .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    key = name.to_owned();
                    assert!(
                        keys.insert(key.clone(), Vec::new()).is_none(),
                        "{key} stands twice in {lang}"
                    );
                }
                let variables = line.match_indices('$').map(|(at, _)| {
                    line[at + 1..]
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                        .collect::<String>()
                });
                let known = keys.entry(key.clone()).or_insert_with(Vec::new);
                for variable in variables {
                    if !known.contains(&variable) {
                        known.push(variable);
                        known.sort();
                    }
                }
            }
        }
        keys.remove("");
        keys
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (dutch, english) = (keys("nl"), keys("en"));
        assert!(dutch.len() > 80);
        assert_eq!(dutch, english);
    }

    #[test]
    fn every_key_that_is_used_has_a_text() {
        let known = keys("nl");
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut used = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let code = std::fs::read_to_string(&path).unwrap();
                    for call in [".t(\"", ".with(\"", ".count(\"", "text!(\""] {
                        for piece in code.split(call).skip(1) {
                            let key = piece.split('"').next().unwrap();
                            let is_key = !key.is_empty()
                                && key
                                    .bytes()
                                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                            assert!(
                                !is_key || known.contains_key(key) || path.ends_with("error.rs"),
                                "{key} in {} has no text",
                                path.display()
                            );
                            used += usize::from(is_key);
                        }
                    }
                }
            }
        }
        assert!(used > 60, "only {used} uses were found");
    }
}
