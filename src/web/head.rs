//! What a page says about itself to browsers, search engines and the programs that draw previews of links.

use maud::{Markup, PreEscaped, html};

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
    pub kind: PageKind,
    /// What a preview says of the picture, when it is one for mails (1200 by 675).
    pub image_alt: Option<String>,
    /// The player, for previews that can hold one.
    pub video: Option<Video>,
    /// Feeds of what the page tells of: title and root-relative address.
    pub feeds: Vec<(String, String)>,
    /// JSON-LD, as [`super::structured`] makes it.
    pub data: Option<String>,
    /// Sites may ask how to show it in a frame (oEmbed).
    pub embeds: bool,
    /// Kept out of search engines.
    pub hidden: bool,
    /// It shows something of a series that was made for showing the program.
    pub demonstration: bool,
    /// Names of scripts the page works better with.
    pub scripts: &'static [&'static str],
    /// Whether it needs the style sheet of forms and tables.
    pub desk: bool,
}

/// The player of a recording, as previews take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// The root-relative address of the frame.
    pub frame: String,
    pub seconds: Option<u64>,
    /// ISO 8601 calendar date.
    pub date: Option<String>,
}

/// As in `og:type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageKind {
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
            link rel="stylesheet" href=(own.theme.address());
            link rel="stylesheet" href=(assets::asset("style.css"));
            @if self.desk { link rel="stylesheet" href=(assets::asset("desk.css")); }
            link rel="icon" type="image/svg+xml" href=(own.favicon.address());
            @if let Some(address) = &self.address {
                (places(&config.base(), address))
                @for (title, feed) in &self.feeds { link rel="alternate" type="application/rss+xml" title=(title) href=(feed); }
                @if self.embeds {
                    @for (kind, href) in urls::discovery(&config.base(), address) {
                        link rel="alternate" type=(kind) href=(href) title=(self.title);
                    }
                }
                (self.preview(config, texts, address))
            }
            @if let Some(data) = &self.data { script type="application/ld+json" { (PreEscaped(data)) } }
            @for script in self.scripts {
                // Asked for at once, not when the script that imports them has been read.
                @for import in assets::imports(script) { link rel="modulepreload" href=(import); }
                script type="module" src=(assets::asset(script)) {}
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
            meta property="og:type" content=(match self.kind { PageKind::Website => "website", PageKind::Video => "video.other" });
            meta property="og:title" content=(title);
            @if let Some(description) = &self.description {
                meta property="og:description" content=(description);
            }
            meta property="og:url" content={ (base) (address) };
            meta property="og:locale" content=(texts.lang().locale());
            @if let Some(image) = &self.image {
                meta property="og:image" content={ (base) (image) };
                @if let Some(alt) = &self.image_alt {
                    meta property="og:image:width" content="1200";
                    meta property="og:image:height" content="675";
                    meta property="og:image:type" content="image/jpeg";
                    meta property="og:image:alt" content=(alt);
                }
                meta name="twitter:card" content="summary_large_image";
            }
            @if let Some(video) = &self.video { (frame(&base, video)) }
        }
    }
}

fn frame(base: &str, video: &Video) -> Markup {
    html! {
        @for property in ["og:video", "og:video:secure_url"] {
            @if property == "og:video" || base.starts_with("https://") { meta property=(property) content={ (base) (video.frame) }; }
        }
        meta property="og:video:type" content="text/html";
        meta property="og:video:width" content="1280";
        meta property="og:video:height" content="720";
        @if let Some(seconds) = video.seconds { meta property="video:duration" content=(seconds); }
        @if let Some(date) = &video.date { meta property="video:release_date" content=(date); }
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
