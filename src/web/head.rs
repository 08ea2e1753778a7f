//! The head of a page: its title, its one true address, and what other sites show when someone shares it.

use maud::{Markup, html};

use super::assets;
use super::texts::Texts;
use crate::config::Config;

/// What a page says about itself.
#[derive(Debug, Default, Clone)]
pub struct Head<'a> {
    /// Without the name of the portal.
    pub title: &'a str,
    /// Plain text, a sentence or two.
    pub description: Option<&'a str>,
    /// Root-relative address without what a reader or a mail tool added; `None` for a page without one of its own (an error).
    pub address: Option<String>,
    /// Root-relative address of the picture shown with a shared link.
    pub picture: Option<String>,
    /// Kept out of search engines: unlisted, a demonstration, an error.
    pub is_hidden: bool,
    /// A label above the page for what only shows how the portal works.
    pub is_demonstration: bool,
    /// Scripts of this page, by asset name.
    pub scripts: &'a [&'a str],
}

impl Head<'_> {
    /// Everything inside `<head>`.
    pub fn draw(&self, config: &Config, texts: &Texts) -> Markup {
        let base = config.base();
        let title = match self.title {
            "" => config.name.clone(),
            title => format!("{title} – {}", config.name),
        };
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            @if let Some(description) = self.description {
                meta name="description" content=(description);
            }
            @if self.is_hidden {
                meta name="robots" content="noindex";
            }
            @if let Some(address) = &self.address {
                link rel="canonical" href=(format!("{base}{address}"));
                @for lang in ["nl", "en"] {
                    link rel="alternate" hreflang=(lang) href=(alternate(&base, address, lang));
                }
                meta property="og:url" content=(format!("{base}{address}"));
                meta property="og:type" content="website";
            }
            meta property="og:title" content=(if self.title.is_empty() { &config.name } else { self.title });
            meta property="og:site_name" content=(config.name);
            meta property="og:locale" content=(if texts.lang.code() == "nl" { "nl_NL" } else { "en_GB" });
            @if let Some(description) = self.description {
                meta property="og:description" content=(description);
            }
            @if let Some(picture) = &self.picture {
                meta property="og:image" content=(format!("{base}{picture}"));
            }
            link rel="icon" type="image/svg+xml" href=(assets::url("favicon.svg"));
            link rel="stylesheet" href=(assets::theme_url(config));
            link rel="stylesheet" href=(assets::url("style.css"));
            @for script in self.scripts {
                script src=(assets::url(script)) defer {}
            }
        }
    }
}

fn alternate(base: &str, address: &str, lang: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{base}{address}{separator}lang={lang}")
}
