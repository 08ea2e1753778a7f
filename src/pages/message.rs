//! `/message`: the form with which a visitor writes to the people at the desk, also where no mail address is set. In: what was typed,
//! and the recording it is about. Out: a page that says what happens now, or the form as it was filled in with what is wrong.
//!
//! It tells of a recording only what this visitor may see of it: an address that is hidden, locked, gone or was never given out looks
//! the same. Instead of a puzzle, a field that people do not see catches programs.

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::address::{self, Resolved};
use crate::catalogue::field::Choice;
use crate::catalogue::message::{
    self, KEPT_DAYS, LONGEST_REPLY_TO, LONGEST_TEXT, MessageKind, NewMessage, Received,
};
use crate::catalogue::name::is_visible;
use crate::catalogue::{PublicId, Viewer, recording, timecode};
use crate::error::{Error, Result, Text};
use crate::people::Sender;
use crate::text;
use crate::web::components::{foreign, name};
use crate::web::form::{Field, field, helped};
use crate::web::form_state::FormState;
use crate::web::head::Head;
use crate::web::posted::{Errors, Posted};
use crate::web::sign_in::Origin;
use crate::web::{Texts, layout, reply, urls};

const KIND: Field<'_> = field("kind", "message-kind");
const TEXT: Field<'_> = helped("text", "message-text", "message-text-help");
const AT: Field<'_> = helped("at", "message-at", "message-at-help");
const REPLY_TO: Field<'_> = helped("reply_to", "message-reply-to", "message-reply-to-help");
/// Programs fill in every field. A person whose browser did reads what to do, so nothing is lost.
const TRAP: Field<'_> = field("website", "message-trap");

const KINDS: [Choice; 3] = [
    Choice::of("picture", "message-kind-picture"),
    Choice::of("playing", "message-kind-playing"),
    Choice::of("question", "message-kind-question"),
];

/// Seconds of the longest recording in which somebody may name a moment.
const LONGEST: u64 = 100 * 60 * 60;

/// `GET /message`, with `?about=` the id of a recording, `?t=` a moment in it, and `?kind=`.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let asked = Asked::of(&app, viewer, query.as_deref()).await?;
    let query = query.as_deref();
    let kind = urls::parameter(query, "kind").and_then(|kind| MessageKind::parse(&kind));
    let at = urls::parameter(query, "t").and_then(|text| timecode::parse_seconds(&text));
    let at = at.filter(|at| *at <= LONGEST);
    let filled = Posted::of([
        ("kind", kind.map_or("", MessageKind::as_str).to_owned()),
        (
            "at",
            at.map_or(String::new(), |at| timecode::short(at * 1000)),
        ),
    ]);
    Ok(asked.page(&app, &texts, &FormState::filled(filled)))
}

/// `POST /message`
pub async fn send(
    State(app): State<App>,
    Origin(from): Origin,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let asked = Asked::of(&app, viewer, query.as_deref()).await?;
    let message = match parse(&asked, &texts, &posted) {
        Ok(message) => message,
        Err(errors) => return Ok(asked.page(&app, &texts, &FormState::wrong(posted, errors))),
    };
    let refused = |why: Text, status| {
        let state = FormState {
            status,
            posted: posted.clone(),
            errors: Errors::from([("", why)]),
        };
        asked.page(&app, &texts, &state)
    };
    let (sender, now) = (Sender::at(from), app.clock.now());
    if let Err(seconds) = app.people.messages.take(sender, now) {
        let minutes = ((seconds + 59) / 60).to_string();
        let why = text!("message-too-often", minutes = minutes);
        let mut answer = refused(why, StatusCode::TOO_MANY_REQUESTS);
        answer
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(answer);
    }
    let received = app
        .db
        .write(move |conn| message::receive(conn, &message, now));
    let received = received.await;
    if !matches!(received, Ok(Received::New)) {
        app.people.messages.give_back(sender);
    }
    match received {
        Ok(Received::New | Received::Before) => asked.is_sent(&texts),
        Ok(Received::Full) => Ok(refused(
            text!("message-full"),
            StatusCode::TOO_MANY_REQUESTS,
        )),
        Err(Error::DiskFull) => Ok(refused(
            text!("message-not-kept"),
            StatusCode::INSUFFICIENT_STORAGE,
        )),
        Err(Error::Busy) => Ok(refused(
            text!("message-not-kept"),
            StatusCode::SERVICE_UNAVAILABLE,
        )),
        Err(problem) => Err(problem),
    }
}

/// `GET /message/sent`
pub async fn sent(
    State(app): State<App>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let asked = Asked::of(&app, viewer, query.as_deref()).await?;
    let main = html! {
        article.about {
            h1.series-title { (texts.t("message-sent")) }
            p.lead role="status" { (texts.t("message-sent-text")) }
            div.prose {
                p { (texts.t("message-sent-picture")) }
                p { (texts.t("message-sent-answer")) }
                p { (texts.t_args("message-sent-kept", &[("days", KEPT_DAYS.into())])) }
                p.actions {
                    @match &asked.about {
                        Some(About { id, .. }) => a.button href=(texts.to(urls::watch(id))) { (texts.t("message-back")) },
                        None => a.button href=(texts.to(urls::home())) { (texts.t("error-home")) },
                    }
                }
            }
        }
    };
    let head = Head {
        title: texts.t("message-sent"),
        hidden: true,
        scripts: vec!["search.js"],
        ..Head::default()
    };
    let page = layout::page(&app.config, &texts, "message", &head, &main);
    Ok(reply::page(page))
}

/// What a message is going to be about.
struct Asked {
    about: Option<About>,
}

/// A recording, or an address that was never one.
struct About {
    id: PublicId,
    /// Title and language, when this visitor may see the recording.
    title: Option<(String, String)>,
}

impl Asked {
    async fn of(app: &App, viewer: Viewer, query: Option<&str>) -> Result<Self> {
        let Some(id) = urls::parameter(query, "about").and_then(|id| PublicId::parse(&id)) else {
            return Ok(Self { about: None });
        };
        let named = id.clone();
        let found =
            app.db.read(
                move |conn| match address::follow_recording(conn, &viewer, &named) {
                    Ok(Resolved::Found(row)) => {
                        let recording = recording::by_id(conn, row)?;
                        let language = recording.language().to_owned();
                        Ok(Some((recording.title().to_owned(), language)))
                    }
                    Ok(Resolved::Moved(_) | Resolved::Gone(_) | Resolved::Locked(_))
                    | Err(Error::NotFound | Error::Gone(_)) => Ok(None),
                    Err(problem) => Err(problem),
                },
            );
        let title = found.await?;
        Ok(Self {
            about: Some(About { id, title }),
        })
    }

    fn address(&self) -> String {
        urls::message(None, self.about.as_ref().map(|about| &about.id))
    }

    /// Leads to the page that can be loaded again without sending the message twice.
    fn is_sent(&self, texts: &Texts) -> Result<Response> {
        let address = match &self.about {
            Some(About { id, .. }) => urls::with("/message/sent", "about", id.as_str()),
            None => "/message/sent".to_owned(),
        };
        reply::redirect(StatusCode::SEE_OTHER, &texts.to(address), "no-store")
    }

    fn page(&self, app: &App, texts: &Texts, state: &FormState) -> Response {
        let form = state.form(texts);
        let is_caught = state.errors.contains_key(TRAP.name);
        let main = html! {
            article.about {
                h1.series-title { (texts.t("message-title")) }
                p.lead { (texts.t("message-lead")) }
                (form.summary(&[KIND, TEXT, AT, REPLY_TO, TRAP]))
                @if let Some(about) = &self.about { (about.line(texts)) }
                form.stack method="post" action=(texts.to(self.address())) {
                    (form.radios(KIND, &KINDS))
                    (form.area(TEXT, 8))
                    @if self.about.is_some() { (form.input(AT, "text", Some("off"), false)) }
                    (form.input(REPLY_TO, "text", Some("email"), false))
                    @if is_caught { (form.input(TRAP, "text", Some("off"), false)) } @else { (trap(texts)) }
                    p.field-help { (texts.t_args("message-kept", &[("days", KEPT_DAYS.into())])) " " a href=(texts.to(urls::privacy())) { (texts.t("privacy")) } }
                    p.actions { button.button type="submit" { (texts.t("message-send")) } }
                }
                @if let Some(contact) = &app.config.contact {
                    p { (texts.t("message-or-mail")) " " a href={ "mailto:" (contact) } { (contact) } }
                }
            }
        };
        let head = Head {
            title: texts.t("message-title"),
            description: Some(texts.t("message-lead")),
            address: self.about.is_none().then(|| urls::message(None, None)),
            hidden: self.about.is_some() || state.status != StatusCode::OK,
            scripts: vec!["desk.js", "search.js"],
            desk: true,
            ..Head::default()
        };
        let page = layout::page(&app.config, texts, "message", &head, &main);
        let mut answer = reply::page_with(state.status, page);
        if state.status != StatusCode::OK {
            // Nobody else at this computer reads what was typed.
            answer
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        answer
    }
}

impl About {
    /// What the message is about: a title, or no more than the visitor knew already.
    fn line(&self, texts: &Texts) -> Markup {
        html! {
            p {
                (texts.t("message-about")) " "
                @match &self.title {
                    Some((title, language)) => strong lang=[foreign(texts, language)] { (name(title)) },
                    None => strong dir="ltr" { (urls::watch(&self.id)) },
                }
            }
        }
    }
}

/// The field that people neither see, nor reach with the keyboard, nor hear.
fn trap(texts: &Texts) -> Markup {
    html! {
        div.unseen aria-hidden="true" {
            label for="field-website" { (texts.t("message-trap")) }
            input #field-website name=(TRAP.name) type="text" tabindex="-1" autocomplete="off";
        }
    }
}

/// The message in a form, or what is wrong with it.
fn parse(asked: &Asked, texts: &Texts, posted: &Posted) -> std::result::Result<NewMessage, Errors> {
    let mut errors = Errors::new();
    let kind = MessageKind::parse(posted.get(KIND.name));
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
    let at_s = timecode::parse(at)
        .map(|ms| ms / 1000)
        .or_else(|| timecode::parse_seconds(at))
        .filter(|at| *at <= LONGEST)
        .and_then(|at| i64::try_from(at).ok());
    if !at.is_empty() && at_s.is_none() {
        errors.insert("at", text!("message-at-wrong"));
    }
    if !posted.get(TRAP.name).trim().is_empty() {
        errors.insert("website", text!("message-trapped"));
    }
    match kind {
        Some(kind) if errors.is_empty() => Ok(NewMessage {
            recording: asked.about.as_ref().map(|about| about.id.clone()),
            kind,
            at_s: at_s.filter(|_| asked.about.is_some()),
            text: text.trim().to_owned(),
            reply_to: Some(reply_to).filter(|text| !text.is_empty()),
            language: texts.lang().tag(),
        }),
        _ => Err(errors),
    }
}
