//! The layout of every page: name of the portal, search, language links, and a footer with links about the portal.

use maud::{DOCTYPE, Markup, html};

use super::assets::Own;
use super::components::icon;
use super::components::name;
use super::head::Head;
use super::texts::{Lang, Texts};
use super::urls;
use crate::app::App;
use crate::branding::Branding;
use crate::catalogue::name::isolated;
use crate::config::Config;

/// A whole page. `name`: its name in the style sheet.
pub fn page(app: &App, texts: &Texts, name: &str, head: &Head, main: &Markup) -> Markup {
    let branding = &*app.branding();
    html! {
        (DOCTYPE)
        html lang=(texts.lang().tag()) {
            head { (head.render(&app.config, branding, texts)) }
            body data-page=(name) {
                a.skip href="#main" { (texts.t("skip")) }
                (header(branding, texts, name))
                @if head.demonstration {
                    aside.demonstration aria-label=(texts.t("demonstration")) {
                        p { strong { (texts.t("demonstration")) } " " (texts.t("demonstration-text")) }
                    }
                }
                main #main tabindex="-1" { (main) }
                (footer(branding, texts))
            }
        }
    }
}

fn header(branding: &Branding, texts: &Texts, page: &str) -> Markup {
    html! {
        header.site-head {
            a.wordmark href=(texts.to(urls::home())) aria-current=[(page == "home").then_some("page")] {
                @match &Own::of(branding).logo {
                    Some(logo) => img src=(logo.address()) alt=(isolated(&branding.name)) height="40";,
                    None => (name(&branding.name)),
                }
            }
            div.tools {
                // The search page and error pages have a search field of their own.
                @if !matches!(page, "search" | "failure") {
                    a.search-link href=(texts.to(urls::search(""))) { (icon("search")) span.unseen { (texts.t("search")) } }
                    (search_form(texts, "head-question", ""))
                }
                (languages(texts))
            }
        }
    }
}

/// The search form, with a list of suggestions that `search.js` fills while one types; `id` must be unique on the page.
pub fn search_form(texts: &Texts, id: &str, question: &str) -> Markup {
    let (found, none) = (texts.t("suggestions-found"), texts.t("suggestions-none"));
    html! {
        form.search-form role="search" action=(urls::search("")) method="get" {
            label.unseen for=(id) { (texts.t("search-label")) }
            input #(id) type="search" name="q" value=(question) placeholder=(texts.t("search-hint")) maxlength="200" autocomplete="off";
            @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
            button type="submit" { (icon("search")) span.unseen { (texts.t("search")) } }
            ul.suggestions data-suggestions aria-label=(texts.t("suggestions")) hidden {}
            span.unseen role="status" data-status data-found=(found) data-none=(none) {}
        }
    }
}

fn languages(texts: &Texts) -> Markup {
    html! {
        nav.languages aria-label=(texts.t("languages")) {
            @for lang in Lang::ALL {
                a href=(texts.in_language(lang)) hreflang=(lang.tag()) lang=(lang.tag()) rel="nofollow"
                    aria-current=[(lang == texts.lang()).then_some("true")] {
                    span aria-hidden="true" { (lang.tag().to_uppercase()) }
                    span.unseen { (lang.name()) }
                }
            }
        }
    }
}

fn footer(branding: &Branding, texts: &Texts) -> Markup {
    html! {
        footer.site-foot {
            p { (name(branding.footer.as_deref().unwrap_or(&branding.name))) }
            nav aria-label=(texts.t("about-portal")) {
                a href=(texts.to(urls::in_the_picture())) { (texts.t("in-the-picture")) }
                a href=(texts.to(urls::privacy())) { (texts.t("privacy")) }
                a href=(texts.to(urls::accessibility())) { (texts.t("accessibility")) }
                a href=(texts.to(urls::sign_in())) rel="nofollow" { (texts.t("for-coordinators")) }
            }
        }
    }
}

/// A link out of a frame, which opens beside it, with the address as text, because a frame in a sandbox may not open anything.
pub fn way_out(config: &Config, texts: &Texts, page: &str, words: &str) -> Markup {
    let address = format!("{}{page}", config.base());
    let short = urls::bare(&address).trim_end_matches('/');
    html! {
        p { (words) ": " a href=(texts.keeping_language(address.clone())) target="_blank" rel="noopener" { (short) } }
    }
}

/// A page for a frame on another site: only the content, without navigation.
pub fn frame(app: &App, texts: &Texts, head: &Head, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(texts.lang().tag()) {
            head { (head.render(&app.config, &app.branding(), texts)) }
            body data-page="embed" { main { (main) } }
        }
    }
}
