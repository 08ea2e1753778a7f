//! What a page says about itself to browsers, search engines and the programs that draw previews of links.

use maud::{Markup, html};

use super::assets::{self, Own};
use super::texts::{Lang, Texts};
use super::{theme, urls};
use crate::config::Config;

/// Longest description of a page; search engines and previews cut longer ones.
pub const DESCRIPTION: usize = 180;

/// What is said about a page, apart from what it holds.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Without the name of the portal; empty on the home page.
    pub title: String,
    pub description: Option<String>,
    /// The root-relative address this page goes by; `None` for pages that are no place, such as errors.
    pub address: Option<String>,
    /// The root-relative address of a picture for previews.
    pub image: Option<String>,
    pub kind: Kind,
    /// Sites may ask how to show it in a frame (oEmbed).
    pub embeds: bool,
    /// Kept out of search engines.
    pub hidden: bool,
    /// Names of scripts the page works better with.
    pub scripts: &'static [&'static str],
    /// Whether it needs the style sheet of forms and tables.
    pub desk: bool,
}

/// As in `og:type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Website,
    Video,
}

impl Head {
    /// The whole title: of the page, then of the portal.
    pub fn full_title(&self, config: &Config) -> String {
        match self.title.as_str() {
            "" => config.name.clone(),
            title => format!("{title} · {}", config.name),
        }
    }

    /// The content of `<head>`.
    pub fn render(&self, config: &Config, texts: &Texts) -> Markup {
        let own = Own::of(config);
        let [light, dark] = theme::grounds();
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (self.full_title(config)) }
            @if let Some(description) = &self.description {
                meta name="description" content=(description);
            }
            @if self.hidden { meta name="robots" content="noindex"; }
            meta name="color-scheme" content="light dark";
            meta name="theme-color" media="(prefers-color-scheme: light)" content=(light);
            meta name="theme-color" media="(prefers-color-scheme: dark)" content=(dark);
            link rel="stylesheet" href=(own.theme());
            link rel="stylesheet" href=(assets::asset("style.css"));
            @if self.desk { link rel="stylesheet" href=(assets::asset("desk.css")); }
            link rel="icon" type="image/svg+xml" href=(own.favicon());
            @if let Some(address) = &self.address {
                (places(&config.base(), address))
                @if self.embeds {
                    @for (kind, href) in urls::discovery(&config.base(), address) {
                        link rel="alternate" type=(kind) href=(href) title=(self.title);
                    }
                }
                (self.preview(config, texts, address))
            }
            @for script in self.scripts {
                script src=(assets::asset(script)) defer {}
            }
        }
    }

    /// Open Graph (ogp.me), read by mail programs, chat programs and social media.
    fn preview(&self, config: &Config, texts: &Texts, address: &str) -> Markup {
        let base = config.base();
        let title = match self.title.as_str() {
            "" => &config.name,
            title => title,
        };
        html! {
            meta property="og:site_name" content=(config.name);
            meta property="og:type" content=(match self.kind { Kind::Website => "website", Kind::Video => "video.other" });
            meta property="og:title" content=(title);
            @if let Some(description) = &self.description {
                meta property="og:description" content=(description);
            }
            meta property="og:url" content={ (base) (address) };
            meta property="og:locale" content=(texts.lang().locale());
            @if let Some(image) = &self.image {
                meta property="og:image" content={ (base) (image) };
                meta name="twitter:card" content="summary_large_image";
            }
        }
    }
}

/// Where the page lives, and where it does in each language.
fn places(base: &str, address: &str) -> Markup {
    html! {
        link rel="canonical" href={ (base) (address) };
        @for lang in Lang::ALL {
            link rel="alternate" hreflang=(lang.tag()) href={ (base) (urls::with(address, "lang", lang.tag())) };
        }
        link rel="alternate" hreflang="x-default" href={ (base) (address) };
    }
}
