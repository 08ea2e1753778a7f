//! The frame around every page: name or logo, search and language above; who is behind it below.

use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::head::Head;
use super::texts::Texts;
use super::urls;
use crate::config::Config;

/// A whole page.
pub fn page(config: &Config, texts: &Texts, head: &Head<'_>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(texts.lang.code()) {
            head { (head.draw(config, texts)) }
            body {
                a.skip href="#content" { (texts.t("skip-to-content")) }
                (top(config, texts))
                @if head.is_demonstration {
                    aside.banner aria-label=(texts.t("demonstration-badge")) { p { (texts.t("demonstration-banner")) } }
                }
                main #content tabindex="-1" { (body) }
                (bottom(config, texts))
            }
        }
    }
}

fn top(config: &Config, texts: &Texts) -> Markup {
    html! {
        header.top {
            a.wordmark href=(texts.link(&urls::home())) {
                @match assets::logo_url(config) {
                    Some(logo) => img src=(logo) alt=(config.name) height="40";,
                    None => (config.name),
                }
            }
            (search_form(texts, "", "search-label"))
            a.language href=(texts.switch()) lang=(texts.lang.other().code()) hreflang=(texts.lang.other().code()) title=(texts.t("language-switch-label")) {
                (texts.t("language-switch"))
            }
        }
    }
}

/// The field with which a reader searches, holding what was asked. `name`: the text that tells it from another on the page.
pub fn search_form(texts: &Texts, question: &str, name: &str) -> Markup {
    html! {
        form.search-form role="search" aria-label=(texts.t(name)) action=(urls::search()) method="get" {
            label {
                span.visually-hidden { (texts.t("search-field")) }
                input type="search" name="q" value=(question) placeholder=(texts.t("search-placeholder")) autocomplete="off" maxlength="200";
            }
            @if let Some(lang) = texts.chosen() {
                input type="hidden" name="lang" value=(lang);
            }
            button type="submit" { (texts.t("search-button")) }
        }
    }
}

fn bottom(config: &Config, texts: &Texts) -> Markup {
    html! {
        footer.bottom {
            nav aria-label=(texts.t("footer-label")) {
                a href=(texts.link(&urls::in_the_picture())) { (texts.t("footer-in-the-picture")) }
                a href=(texts.link(&urls::privacy())) { (texts.t("footer-privacy")) }
                a href=(texts.link(&urls::accessibility())) { (texts.t("footer-accessibility")) }
            }
            @if let Some(footer) = &config.footer {
                p { (footer) }
            }
        }
    }
}
