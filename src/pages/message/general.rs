//! The form for a message in one's own words: about a recording, or about the portal.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::asked::{self, Asked, LONGEST, TRAP, check_trap, deliver, moment, refused};
use crate::app::App;
use crate::catalogue::field::Choice;
use crate::catalogue::message::{LONGEST_REPLY_TO, LONGEST_TEXT, MessageKind, NewMessage};
use crate::catalogue::name::is_visible;
use crate::catalogue::timecode;
use crate::error::Result;
use crate::people::Sender;
use crate::text;
use crate::web::form::{Field, field, helped};
use crate::web::form_state::FormState;
use crate::web::head::Head;
use crate::web::posted::{Errors, Posted};
use crate::web::{Texts, urls};

const KIND: Field<'_> = field("kind", "message-kind");
const TEXT: Field<'_> = helped("text", "message-text", "message-text-help");
const AT: Field<'_> = helped("at", "message-at", "message-at-help");
const REPLY_TO: Field<'_> = helped("reply_to", "message-reply-to", "message-reply-to-help");

const KINDS: [Choice; 3] = [
    Choice::of("picture", "message-kind-picture"),
    Choice::of("playing", "message-kind-playing"),
    Choice::of("question", "message-kind-question"),
];

/// The form as an address asks for it.
pub fn show(app: &App, texts: &Texts, asked: &Asked, query: Option<&str>) -> Response {
    let kind = urls::parameter(query, "kind").and_then(|kind| MessageKind::parse(&kind));
    let at = urls::parameter(query, "t").and_then(|text| timecode::parse_seconds(&text));
    let at = at.filter(|at| *at <= LONGEST);
    // Where no line of captions can be shown, what is wrong is said in words.
    let kind = kind.map(|kind| match kind {
        MessageKind::Captions => MessageKind::Playing,
        MessageKind::Picture | MessageKind::Playing | MessageKind::Question => kind,
    });
    let filled = Posted::of([
        ("kind", kind.map_or("", MessageKind::as_str).to_owned()),
        (
            "at",
            at.map_or(String::new(), |at| timecode::short(at * 1000)),
        ),
    ]);
    page(app, texts, asked, &FormState::filled(filled))
}

/// Sends what was typed.
pub async fn send(
    app: &App,
    sender: Sender,
    texts: &Texts,
    (asked, posted): (&Asked, Posted),
) -> Result<Response> {
    let message = match parse(asked, texts, &posted) {
        Ok(message) => message,
        Err(errors) => return Ok(page(app, texts, asked, &FormState::wrong(posted, errors))),
    };
    let again = |why, status| page(app, texts, asked, &refused(&posted, why, status));
    let sent = match &asked.about {
        Some(about) => urls::with("/message/sent", "about", about.id.as_str()),
        None => "/message/sent".to_owned(),
    };
    deliver(app, sender, message, again, texts.to(sent)).await
}

fn page(app: &App, texts: &Texts, asked: &Asked, state: &FormState) -> Response {
    let form = state.form(texts);
    let address = urls::message(None, asked.about.as_ref().map(|about| &about.id));
    let main = html! {
        article.about {
            h1.series-title { (texts.t("message-title")) }
            p.lead { (texts.t("message-lead")) }
            (form.summary(&[KIND, TEXT, AT, REPLY_TO, TRAP]))
            (asked.line(texts))
            form.stack method="post" action=(texts.to(address)) {
                (form.radios(KIND, &KINDS))
                (form.area(TEXT, 8))
                @if asked.about.is_some() { (form.input(AT, "text", Some("off"), false)) }
                (form.input(REPLY_TO, "text", Some("email"), false))
                (asked::end(&form))
            }
            @if let Some(contact) = &app.branding().contact {
                p { (texts.t("message-or-mail")) " " a href={ "mailto:" (contact) } { (contact) } }
            }
        }
    };
    let head = Head {
        title: texts.t("message-title"),
        description: Some(texts.t("message-lead")),
        address: asked.about.is_none().then(|| urls::message(None, None)),
        hidden: asked.about.is_some() || state.status != StatusCode::OK,
        scripts: vec!["desk.js", "search.js"],
        desk: true,
        ..Head::default()
    };
    asked::page(app, texts, &head, (&main, state.status))
}

/// The message in a form, or what is wrong with it.
fn parse(asked: &Asked, texts: &Texts, posted: &Posted) -> std::result::Result<NewMessage, Errors> {
    let mut errors = Errors::new();
    let kind = KINDS
        .iter()
        .find(|choice| choice.word == posted.get(KIND.name));
    let kind = kind.and_then(|choice| MessageKind::parse(choice.word));
    if kind.is_none() {
        errors.insert("kind", text!("message-kind-needed"));
    }
    let text = posted.lines("text", LONGEST_TEXT, &mut errors);
    if text.trim().is_empty() {
        errors.insert("text", text!("field-needed"));
    } else if !is_visible(&text) {
        errors.insert("text", text!("field-unseen"));
    }
    let reply_to = posted.line("reply_to", LONGEST_REPLY_TO, &mut errors);
    let at = posted.get(AT.name).trim();
    let at_s = moment(at).and_then(|at| i64::try_from(at).ok());
    if !at.is_empty() && at_s.is_none() {
        errors.insert("at", text!("message-at-wrong"));
    }
    check_trap(posted, &mut errors);
    match kind {
        Some(kind) if errors.is_empty() => Ok(NewMessage {
            recording: asked.about.as_ref().map(|about| about.id.clone()),
            kind,
            at_s: at_s.filter(|_| asked.about.is_some()),
            text: text.trim().to_owned(),
            reply_to: Some(reply_to).filter(|text| !text.is_empty()),
            language: texts.lang().tag(),
            line: None,
        }),
        _ => Err(errors),
    }
}
