//! What a reader is told when something is not as they expected: what happened, what can be done now, and a way on.

use axum::http::StatusCode;
use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};

use super::head::Head;
use super::layout;
use super::texts::Texts;
use super::urls;
use crate::config::Config;
use crate::error::Error;

/// An error in words.
pub struct Sentence {
    pub title: String,
    pub text: String,
    /// What its coordinator said about it.
    reason: Option<String>,
    /// Where to go instead.
    successor: Option<String>,
}

/// The words for an error, or for a refusal that has only a status.
pub fn sentence(status: StatusCode, error: Option<&Error>, texts: &Texts) -> Sentence {
    let plain = |title: &str, text: &str| Sentence {
        title: texts.t(title),
        text: texts.t(text),
        reason: None,
        successor: None,
    };
    match error {
        Some(Error::NotFound) => plain("error-not-found-title", "error-not-found-text"),
        Some(Error::Gone(gone)) => Sentence {
            reason: gone.reason.clone().map(|reason| {
                texts.with(
                    "error-gone-reason",
                    &[("reason", FluentValue::from(reason))],
                )
            }),
            successor: gone.successor.clone(),
            ..plain("error-gone-title", "error-gone-text")
        },
        Some(Error::Refused(text)) => Sentence {
            text: texts.say(text),
            ..plain("error-bad-request-title", "error-bad-request-text")
        },
        Some(Error::Changed) => plain("error-changed-title", "error-changed-text"),
        Some(Error::Busy) => plain("error-busy-title", "error-busy-text"),
        Some(Error::Internal(_)) => plain("error-internal-title", "error-internal-text"),
        None if status == StatusCode::METHOD_NOT_ALLOWED => {
            plain("error-method-title", "error-method-text")
        }
        None if status == StatusCode::NOT_FOUND => {
            plain("error-not-found-title", "error-not-found-text")
        }
        None => plain("error-bad-request-title", "error-bad-request-text"),
    }
}

/// The page around the words.
pub fn draw(config: &Config, texts: &Texts, sentence: &Sentence) -> Markup {
    let head = Head {
        title: &sentence.title,
        is_hidden: true,
        ..Head::default()
    };
    let body = html! {
        div.message {
            h1 { (sentence.title) }
            p { (sentence.text) }
            @if let Some(reason) = &sentence.reason {
                p { (reason) }
            }
            @if let Some(successor) = &sentence.successor {
                p { a.button href=(texts.link(successor)) { (texts.t("error-gone-successor")) } }
            }
            (layout::search_form(texts, "", "search-field"))
            p { a href=(texts.link(&urls::home())) { (texts.t("error-home")) } }
        }
    };
    layout::page(config, texts, &head, &body)
}
