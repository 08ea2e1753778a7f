//! The words on the pages, in Dutch and English. In: what a request says of its reader's language. Out: sentences. The
//! words themselves stand in `texts/nl` and `texts/en`, one file per page; both hold the same keys.
//!
//! [`Texts`] is also the reader as far as pages know them: the language, whether it was chosen with `?lang=`, and the
//! address they are at. There is no cookie; a chosen language travels along in the links of the page.

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
use crate::catalogue::link::Token;
use crate::error::Text;

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./src/web/texts",
        fallback_language: "nl",
        // Isolating marks would land in attributes, headers and mails.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const NL: LanguageIdentifier = langid!("nl");
const EN: LanguageIdentifier = langid!("en");

/// Parameters of our own that the switch of languages keeps; all others are other people's.
const OWN_PARAMETERS: [&str; 5] = ["q", "t", "start", "to", "link"];

/// Longest `Accept-Language` that is looked at; browsers send some dozens of bytes.
const LONGEST_ACCEPT_LANGUAGE: usize = 1000;

/// A language the portal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Nl,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Nl, Self::En];

    /// The language of a BCP 47 tag, its region ignored; `None` when the portal does not speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// As in `<html lang>` and `?lang=`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// As in `og:locale`.
    pub fn locale(self) -> &'static str {
        match self {
            Self::Nl => "nl_NL",
            Self::En => "en_GB",
        }
    }

    /// In its own words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::En => "English",
        }
    }

    /// The text of this key; the key itself, and a line in the log, when there is none (a test sees to it that there is).
    pub fn t(self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| missing(key))
    }

    /// The text of a key that came from a row, such as a verdict; `None` when there is none of that name.
    pub fn find(self, key: &str) -> Option<String> {
        WORDS.try_lookup(&self.identifier(), key)
    }

    /// The text of this key, filled in.
    pub fn t_args(self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> = args
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
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

/// A sentence of ours in English, for a terminal.
pub fn english(text: &Text) -> String {
    sentence(Lang::En, text)
}

/// A sentence of ours in the reader's language.
pub fn sentence(lang: Lang, text: &Text) -> String {
    let args = text.args.iter();
    let args = args.map(|(name, value)| (*name, FluentValue::from(value.as_ref())));
    lang.t_args(text.key, &args.collect::<Vec<_>>())
}

/// The reader's language, and the links that keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    lang: Lang,
    /// Whether `?lang=` chose it; links on the page then carry it on.
    chosen: bool,
    /// The address of this page with only our own parameters, without a language.
    address: String,
    /// The named link the page was asked with; what belongs to it is asked with it as well.
    link: Option<Token>,
}

impl Texts {
    /// What a request says of its reader.
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

    /// The text of this key.
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// The text of this key, filled in.
    pub fn t_args(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        self.lang.t_args(key, args)
    }

    /// An address of ours as this page links to it: with the language, when it was chosen, and to what a named link may open
    /// with that link.
    pub fn to(&self, address: String) -> String {
        let may_open = address.starts_with("/watch/") || address.starts_with("/series/");
        let link = self.link.as_ref().filter(|_| may_open);
        let address = urls::opened(address, link);
        match self.chosen {
            true => urls::with(&address, "lang", self.lang.tag()),
            false => address,
        }
    }

    /// The address of something that belongs to a recording (media, captions, a picture), with the named link when the page
    /// was asked with one.
    pub fn asset(&self, address: String) -> String {
        urls::opened(address, self.link.as_ref())
    }

    /// Whether the page was asked with a named link.
    pub fn has_link(&self) -> bool {
        self.link.is_some()
    }

    /// The named link the page was asked with.
    pub fn link(&self) -> Option<&Token> {
        self.link.as_ref()
    }

    /// The language that forms on the page carry on in a hidden field; `None` when it was not chosen.
    pub fn chosen(&self) -> Option<Lang> {
        self.chosen.then_some(self.lang)
    }

    /// This page in that language.
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

/// The parameters of an address. A mail tool may have added some, or said one twice: then the last counts, and nothing is
/// refused for it.
pub type Parameters = axum::extract::Query<HashMap<String, String>>;

/// The best of our languages in an `Accept-Language` (RFC 9110 §12.5.4): highest weight, of equals the first.
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

/// The weight of a wish, 0 to 1000 (RFC 9110 §12.4.2); all there is when it is not said or cannot be read.
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
