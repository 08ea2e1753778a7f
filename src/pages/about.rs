//! Pages about the portal itself: privacy, accessibility, and what people in a recording can ask for. The texts suit every
//! association; the contact comes from the settings.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::message::{KEPT_DAYS, MessageKind};
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

/// `GET /privacy`
pub async fn privacy(State(app): State<App>, texts: Texts) -> Response {
    let body = html! {
        (part(&texts, "privacy-none-title", "privacy-none"))
        section {
            h2 { (texts.t("privacy-device-title")) }
            p { (texts.t("privacy-device")) }
            p { (texts.t("privacy-coordinators")) }
        }
        (part(&texts, "privacy-log-title", "privacy-log"))
        section {
            h2 { (texts.t("privacy-recordings-title")) }
            p { (texts.t("privacy-recordings")) " " a href=(texts.to(urls::in_the_picture())) { (texts.t("in-the-picture")) } "." }
        }
        section {
            h2 { (texts.t("privacy-message-title")) }
            p { (texts.t_args("privacy-message", &[("days", KEPT_DAYS.into())])) }
        }
        (part(&texts, "privacy-elsewhere-title", "privacy-elsewhere"))
        section {
            h2 { (texts.t("privacy-questions-title")) }
            (contact(&app, &texts, MessageKind::Question))
        }
    };
    let words = ("privacy-title", "privacy-lead");
    page(&app, &texts, urls::privacy(), words, &body)
}

/// `GET /accessibility`
pub async fn accessibility(State(app): State<App>, texts: Texts) -> Response {
    let body = html! {
        (part(&texts, "accessibility-aim-title", "accessibility-aim"))
        (part(&texts, "accessibility-player-title", "accessibility-player"))
        (part(&texts, "accessibility-limits-title", "accessibility-limits"))
        section {
            h2 { (texts.t("accessibility-help-title")) }
            p { (texts.t("accessibility-help")) }
            (contact(&app, &texts, MessageKind::Playing))
        }
    };
    let words = ("accessibility-title", "accessibility-lead");
    page(&app, &texts, urls::accessibility(), words, &body)
}

/// `GET /in-the-picture`
pub async fn in_the_picture(State(app): State<App>, texts: Texts) -> Response {
    let body = html! {
        (part(&texts, "picture-ask-title", "picture-ask"))
        section {
            h2 { (texts.t("picture-how-title")) }
            p { (texts.t("picture-how")) }
            (contact(&app, &texts, MessageKind::Picture))
        }
        (part(&texts, "picture-then-title", "picture-then"))
        p { (texts.t("picture-rights")) }
    };
    let words = ("picture-title", "picture-lead");
    page(&app, &texts, urls::in_the_picture(), words, &body)
}

/// Draws such a page. `title`, `lead`: the keys of its heading and first paragraph.
fn page(
    app: &App,
    texts: &Texts,
    address: String,
    (title, lead): (&str, &str),
    body: &Markup,
) -> Response {
    let (title, lead) = (texts.t(title), texts.t(lead));
    let main = html! {
        article.about {
            h1.series-title { (title) }
            p.lead { (lead) }
            div.prose { (body) }
        }
    };
    let head = Head {
        title,
        description: Some(lead),
        address: Some(address),
        scripts: vec!["search.js"],
        ..Head::default()
    };
    reply::page(layout::page(app, texts, "about", &head, &main))
}

fn part(texts: &Texts, title: &str, text: &str) -> Markup {
    html! { section { h2 { (texts.t(title)) } p { (texts.t(text)) } } }
}

/// The form, and the mail address when there is one: some people have no mail program, others want a copy of what they sent.
fn contact(app: &App, texts: &Texts, kind: MessageKind) -> Markup {
    html! {
        p.actions { a.button href=(texts.to(urls::message(Some(kind), None))) { (texts.t("message-write")) } }
        @if let Some(contact) = &app.branding().contact {
            p { (texts.t("message-or-mail")) " " a href={ "mailto:" (contact) } { (contact) } "." }
        }
    }
}
