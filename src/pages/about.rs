//! What a visitor may want to know about the portal itself: privacy, accessibility, and what to do when one is in a recording
//! and would rather not be. Texts that hold for every association; the contact comes from the settings.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

/// `GET /privacy`
pub async fn privacy(State(app): State<App>, texts: Texts) -> Response {
    let t = |key: &str| texts.t(key);
    let page = About {
        title: t("privacy-title"),
        lead: t("privacy-lead"),
        address: urls::privacy(),
    };
    let body = html! {
        (part(&t("privacy-none-title"), &t("privacy-none")))
        (part(&t("privacy-device-title"), &t("privacy-device")))
        (part(&t("privacy-log-title"), &t("privacy-log")))
        section {
            h2 { (texts.t("privacy-recordings-title")) }
            p { (texts.t("privacy-recordings")) " " a href=(texts.to(urls::in_the_picture())) { (texts.t("in-the-picture")) } "." }
        }
        (part(&t("privacy-elsewhere-title"), &t("privacy-elsewhere")))
        section {
            h2 { (texts.t("privacy-questions-title")) }
            (contact(&app, &texts))
        }
    };
    page.render(&app, &texts, &body)
}

/// `GET /accessibility`
pub async fn accessibility(State(app): State<App>, texts: Texts) -> Response {
    let t = |key: &str| texts.t(key);
    let page = About {
        title: t("accessibility-title"),
        lead: t("accessibility-lead"),
        address: urls::accessibility(),
    };
    let body = html! {
        (part(&t("accessibility-aim-title"), &t("accessibility-aim")))
        (part(&t("accessibility-player-title"), &t("accessibility-player")))
        (part(&t("accessibility-limits-title"), &t("accessibility-limits")))
        section {
            h2 { (texts.t("accessibility-help-title")) }
            p { (texts.t("accessibility-help")) }
            (contact(&app, &texts))
        }
    };
    page.render(&app, &texts, &body)
}

/// `GET /in-the-picture`
pub async fn in_the_picture(State(app): State<App>, texts: Texts) -> Response {
    let t = |key: &str| texts.t(key);
    let page = About {
        title: t("picture-title"),
        lead: t("picture-lead"),
        address: urls::in_the_picture(),
    };
    let body = html! {
        (part(&t("picture-ask-title"), &t("picture-ask")))
        section {
            h2 { (texts.t("picture-how-title")) }
            p { (texts.t("picture-how")) }
            (contact(&app, &texts))
        }
        (part(&t("picture-then-title"), &t("picture-then")))
        p { (texts.t("picture-rights")) }
    };
    page.render(&app, &texts, &body)
}

struct About {
    title: String,
    lead: String,
    address: String,
}

impl About {
    fn render(self, app: &App, texts: &Texts, body: &Markup) -> Response {
        let head = Head {
            title: self.title.clone(),
            description: Some(self.lead.clone()),
            address: Some(self.address),
            ..Head::default()
        };
        let main = html! {
            article.about {
                h1.series-title { (self.title) }
                p.lead { (self.lead) }
                div.prose { (body) }
            }
        };
        let page = layout::page(&app.config, texts, "about", &head, &main);
        reply::page(page)
    }
}

fn part(title: &str, text: &str) -> Markup {
    html! { section { h2 { (title) } p { (text) } } }
}

fn contact(app: &App, texts: &Texts) -> Markup {
    html! {
        @match &app.config.contact {
            Some(contact) => p { (texts.t("contact-mail")) " " a href={ "mailto:" (contact) } { (contact) } "." },
            None => p { (texts.t("contact-none")) },
        }
    }
}
