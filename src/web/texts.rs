//! The texts of the pages, in Dutch and English. In: the language of the reader. Out: sentences. The texts are in `texts/nl` and
//! `texts/en`, one file per page; both have the same keys.
//!
//! [`Texts`] also holds what pages know about the reader: the language, whether `?lang=` chose it, and the address of the page.
//! There is no cookie; links on the page carry a chosen language.

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use fluent_templates::{LanguageIdentifier, Loader, langid};

pub use fluent_templates::fluent_bundle::FluentValue;

use super::urls;
use crate::catalogue::language;
use crate::catalogue::link::Token;
use crate::catalogue::name::isolated;
use crate::error::Text;

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./src/web/texts",
        fallback_language: "nl",
        // Isolation marks would end up in attributes, headers and mails.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const NL: LanguageIdentifier = langid!("nl");
const EN: LanguageIdentifier = langid!("en");

/// Own parameters that the language links keep; all others come from elsewhere.
const OWN_PARAMETERS: [&str; 16] = [
    "q", "t", "end", "find", "hit", "start", "to", "link", "after", "before", "about", "kind",
    "language", "cue", "at", "name",
];

/// Longest `Accept-Language` that is parsed; browsers send some dozens of bytes.
const LONGEST_ACCEPT_LANGUAGE: usize = 1000;

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Nl,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Nl, Self::En];

    /// The language of a BCP 47 tag, ignoring its region; `None` when the portal does not have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let primary = language::tag(primary.trim())?;
        Self::ALL.into_iter().find(|lang| lang.tag() == primary)
    }

    /// The tag for `<html lang>` and `?lang=`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The locale for `og:locale`.
    pub fn locale(self) -> &'static str {
        match self {
            Self::Nl => "nl_NL",
            Self::En => "en_GB",
        }
    }

    /// The name of the language in that language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::En => "English",
        }
    }

    /// The text of a key; for an unknown key the key itself, which is logged (a test checks that all keys exist).
    pub fn t(self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| missing(key))
    }

    /// The text of a key that comes from a row, such as a verdict; `None` when there is none.
    pub fn find(self, key: &str) -> Option<String> {
        WORDS.try_lookup(&self.identifier(), key)
    }

    /// The text of a key with arguments; a name among them turns nothing around it.
    pub fn t_args(self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> = args
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    FluentValue::String(text) => isolated(text).into_owned().into(),
                    other => other.clone(),
                };
                (Cow::Borrowed(*name), value)
            })
            .collect();
        WORDS
            .try_lookup_with_args(&self.identifier(), key, &args)
            .unwrap_or_else(|| missing(key))
    }

    fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::Nl => NL,
            Self::En => EN,
        }
    }
}

fn missing(key: &str) -> String {
    tracing::error!(key, "no text of that name");
    key.to_owned()
}

/// A text in English, for a terminal.
pub fn english(text: &Text) -> String {
    sentence(Lang::En, text)
}

/// A text in the reader's language.
pub fn sentence(lang: Lang, text: &Text) -> String {
    let args = text.args.iter();
    let args = args.map(|(name, value)| (*name, FluentValue::from(value.as_ref())));
    lang.t_args(text.key, &args.collect::<Vec<_>>())
}

/// The language of the reader, and the links that keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    lang: Lang,
    /// Whether `?lang=` chose the language; links on the page then carry it.
    chosen: bool,
    /// The address of this page with own parameters only, without a language.
    address: String,
    /// The named link that opened the page; requests for its parts need it too.
    link: Option<Token>,
}

impl Texts {
    /// Determines language and link from a request.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let query = uri.query();
        let asked = urls::parameter(query, "lang").and_then(|tag| Lang::from_tag(&tag));
        let wished = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .and_then(preferred);
        let mut address = urls::path(uri.path());
        for name in OWN_PARAMETERS {
            if let Some(value) = urls::parameter(query, name) {
                address = urls::with(&address, name, &value);
            }
        }
        Self {
            link: urls::link_in(uri.path(), query),
            lang: asked.or(wished).unwrap_or(Lang::Nl),
            chosen: asked.is_some(),
            address,
        }
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// The text of a key with arguments.
    pub fn t_args(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        self.lang.t_args(key, args)
    }

    /// A link to an own page: with the language when it was chosen, and with the named link when the target may need it.
    pub fn to(&self, address: String) -> String {
        let may_open = ["/watch/", "/series/", "/message"]
            .iter()
            .any(|start| address.starts_with(start));
        let link = self.link.as_ref().filter(|_| may_open);
        self.keeping_language(urls::opened(address, link))
    }

    /// An address with the language when it was chosen.
    pub fn keeping_language(&self, address: String) -> String {
        match self.chosen {
            true => urls::with(&address, "lang", self.lang.tag()),
            false => address,
        }
    }

    /// The address of a part of a recording (media, captions, poster), with the named link when that opened the page.
    pub fn asset(&self, address: String) -> String {
        urls::opened(address, self.link.as_ref())
    }

    /// Whether a named link opened the page.
    pub fn has_link(&self) -> bool {
        self.link.is_some()
    }

    /// The named link that opened the page.
    pub fn link(&self) -> Option<&Token> {
        self.link.as_ref()
    }

    /// The address at which the named link opens this page, which is `page` without it; `None` without a link.
    pub fn opened_at(&self, page: String) -> Option<String> {
        let link = self.link.as_ref()?;
        Some(match self.address.starts_with("/l/") {
            true => urls::link(link),
            false => urls::opened(page, Some(link)),
        })
    }

    /// The language that forms carry in a hidden field; `None` when it was not chosen.
    pub fn chosen(&self) -> Option<Lang> {
        self.chosen.then_some(self.lang)
    }

    /// The address of this page in that language.
    pub fn in_language(&self, lang: Lang) -> String {
        urls::with(&self.address, "lang", lang.tag())
    }
}

impl<S: Sync> FromRequestParts<S> for Texts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// The parameters of an address. A mail tool may add or repeat some: the last value counts, and none is refused.
pub type Parameters = axum::extract::Query<HashMap<String, String>>;

/// The best supported language in an `Accept-Language` (RFC 9110 §12.5.4): the highest weight, among equals the first.
fn preferred(header: &str) -> Option<Lang> {
    let mut best: Option<(Lang, u32)> = None;
    for part in header
        .get(..LONGEST_ACCEPT_LANGUAGE)
        .unwrap_or(header)
        .split(',')
    {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let Some(lang) = Lang::from_tag(tag) else {
            continue;
        };
        let weight = thousandths(weight);
        if weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

/// The weight of a language, 0 to 1000 (RFC 9110 §12.4.2); 1000 when it is absent or invalid.
fn thousandths(weight: &str) -> u32 {
    let Some(value) = weight.trim().strip_prefix("q=") else {
        return 1000;
    };
    let (whole, rest) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u32>()) {
        ("0", Ok(thousandths)) => thousandths,
        _ => 1000,
    }
}

#[cfg(test)]
#[path = "texts_cases.rs"]
mod cases;
