//! What a visitor may want to know of those behind the portal: privacy, accessibility, and what to do when they are in a
//! recording themselves. Good texts as they come; the contact is the association's own.

use axum::extract::State;
use maud::{Markup, html};

use crate::app::App;
use crate::web::head::Head;
use crate::web::texts::Texts;
use crate::web::{layout, urls};

/// `GET /privacy`
pub async fn privacy(State(app): State<App>, texts: Texts) -> Markup {
    let body = html! {
        p.intro { (texts.t("privacy-intro")) }
        h2 { (texts.t("privacy-visitor-title")) }
        (list(&texts, &["privacy-visitor-cookies", "privacy-visitor-address", "privacy-visitor-place"]))
        h2 { (texts.t("privacy-recording-title")) }
        p { (texts.t("privacy-recording-text")) }
        p { a href=(texts.link(&urls::in_the_picture())) { (texts.t("privacy-recording-link")) } }
        h2 { (texts.t("privacy-rights-title")) }
        p { (texts.t("privacy-rights-text")) }
        (contact(&app, &texts))
    };
    page(&app, &texts, "privacy-title", urls::privacy(), &body)
}

/// `GET /accessibility`
pub async fn accessibility(State(app): State<App>, texts: Texts) -> Markup {
    let done = [
        "accessibility-done-keyboard",
        "accessibility-done-reader",
        "accessibility-done-zoom",
        "accessibility-done-script",
    ];
    let body = html! {
        p.intro { (texts.t("accessibility-intro")) }
        h2 { (texts.t("accessibility-done-title")) }
        (list(&texts, &done))
        h2 { (texts.t("accessibility-limits-title")) }
        (list(&texts, &["accessibility-limits-captions", "accessibility-limits-description"]))
        h2 { (texts.t("accessibility-report-title")) }
        p { (texts.t("accessibility-report-text")) }
        (contact(&app, &texts))
    };
    page(
        &app,
        &texts,
        "accessibility-title",
        urls::accessibility(),
        &body,
    )
}

/// `GET /in-the-picture`
pub async fn in_the_picture(State(app): State<App>, texts: Texts) -> Markup {
    let body = html! {
        p.intro { (texts.t("picture-intro")) }
        h2 { (texts.t("picture-how-title")) }
        (list(&texts, &["picture-how-which", "picture-how-what", "picture-how-why"]))
        (contact(&app, &texts))
        h2 { (texts.t("picture-then-title")) }
        p { (texts.t("picture-then-text")) }
    };
    page(&app, &texts, "picture-title", urls::in_the_picture(), &body)
}

fn page(app: &App, texts: &Texts, title: &str, address: String, body: &Markup) -> Markup {
    let title = texts.t(title);
    let head = Head {
        title: &title,
        address: Some(address),
        ..Head::default()
    };
    let body = html! { div.prose.page { h1 { (title) } (body) } };
    layout::page(&app.config, texts, &head, &body)
}

fn list(texts: &Texts, keys: &[&str]) -> Markup {
    html! { ul { @for key in keys { li { (texts.t(key)) } } } }
}

fn contact(app: &App, texts: &Texts) -> Markup {
    html! {
        p.contact {
            @match &app.config.contact {
                Some(mail) => { (texts.t("about-contact-mail")) " " a href=(format!("mailto:{mail}")) { (mail) } },
                None => (texts.t("about-contact-none")),
            }
        }
    }
}
