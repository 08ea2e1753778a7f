//! What a message is about, and what all forms for messages share: the limits, the field that catches programs, and the answers. In: a
//! query and a message. Out: a page, or the way to the page that says that it was sent.

use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::address::{self, Resolved};
use crate::catalogue::message::{self, KEPT_DAYS, NewMessage, Received};
use crate::catalogue::{PublicId, Viewer, recording, timecode};
use crate::error::{Error, Result, Text};
use crate::people::Sender;
use crate::text;
use crate::web::components::{foreign, name};
use crate::web::form::{Field, Form, field};
use crate::web::form_state::FormState;
use crate::web::head::Head;
use crate::web::posted::{Errors, Posted};
use crate::web::{Texts, layout, reply, urls};

/// Programs fill in every field. A person whose browser did reads what to do, so nothing is lost.
pub const TRAP: Field<'_> = field("website", "message-trap");

/// Seconds of the longest recording in which somebody may name a moment.
pub const LONGEST: u64 = 100 * 60 * 60;

/// What a message is going to be about.
pub struct Asked {
    pub about: Option<About>,
}

/// A recording, or an address that was never one.
pub struct About {
    pub id: PublicId,
    /// Title and language, when this visitor may see the recording.
    title: Option<(String, String)>,
}

impl Asked {
    /// The recording that a query names, with what else is loaded of it when this visitor may see it.
    pub async fn load<T: Send + 'static>(
        app: &App,
        viewer: Viewer,
        query: Option<&str>,
        whole: impl FnOnce(&Connection, i64) -> Result<T> + Send + 'static,
    ) -> Result<(Self, Option<T>)> {
        let Some(id) = urls::parameter(query, "about").and_then(|id| PublicId::parse(&id)) else {
            return Ok((Self { about: None }, None));
        };
        let named = id.clone();
        let found =
            app.db.read(
                move |conn| match address::follow_recording(conn, &viewer, &named) {
                    Ok(Resolved::Found(row)) => {
                        let recording = recording::by_id(conn, row)?;
                        let language = recording.language().to_owned();
                        let title = (recording.title().to_owned(), language);
                        Ok((Some(title), Some(whole(conn, row)?)))
                    }
                    Ok(Resolved::Moved(_) | Resolved::Gone(_) | Resolved::Locked(_))
                    | Err(Error::NotFound | Error::Gone(_)) => Ok((None, None)),
                    Err(problem) => Err(problem),
                },
            );
        let (title, whole) = found.await?;
        let about = Some(About { id, title });
        Ok((Self { about }, whole))
    }

    /// What the message is about: a title, or no more than the visitor knew already.
    pub fn line(&self, texts: &Texts) -> Markup {
        html! {
            @if let Some(about) = &self.about {
                p {
                    (texts.t("message-about")) " "
                    @match &about.title {
                        Some((title, language)) => strong lang=[foreign(texts, language)] { (name(title)) },
                        None => strong dir="ltr" { (urls::watch(&about.id)) },
                    }
                }
            }
        }
    }
}

/// Takes a message in, and leads to the page at `sent`, which can be loaded again without sending it twice. `page`: draws the form
/// again when there is no room for it now.
pub async fn deliver(
    app: &App,
    sender: Sender,
    message: NewMessage,
    page: impl Fn(Text, StatusCode) -> Response,
    sent: String,
) -> Result<Response> {
    let now = app.clock.now();
    if let Err(seconds) = app.people.messages.take(sender, now) {
        let minutes = ((seconds + 59) / 60).to_string();
        let why = text!("message-too-often", minutes = minutes);
        let mut answer = page(why, StatusCode::TOO_MANY_REQUESTS);
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
    let not_kept = |status| Ok(page(text!("message-not-kept"), status));
    match received {
        Ok(Received::New | Received::Before) => {
            reply::redirect(StatusCode::SEE_OTHER, &sent, "no-store")
        }
        Ok(Received::Full) => Ok(page(text!("message-full"), StatusCode::TOO_MANY_REQUESTS)),
        Err(Error::DiskFull) => not_kept(StatusCode::INSUFFICIENT_STORAGE),
        Err(Error::Busy) => not_kept(StatusCode::SERVICE_UNAVAILABLE),
        Err(problem) => Err(problem),
    }
}

/// A form that could not be sent as a whole.
pub fn refused(posted: &Posted, why: Text, status: StatusCode) -> FormState {
    FormState {
        status,
        posted: posted.clone(),
        errors: Errors::from([("", why)]),
    }
}

/// Draws a page with a form.
pub fn page(
    app: &App,
    texts: &Texts,
    head: &Head,
    (main, status): (&Markup, StatusCode),
) -> Response {
    let page = layout::page(app, texts, "message", head, main);
    let mut answer = reply::page_with(status, page);
    if status != StatusCode::OK {
        // Nobody else at this computer reads what was typed.
        answer
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}

/// The end of a form: the field that catches programs, how long the message is kept, and the button.
pub fn end(form: &Form<'_>) -> Markup {
    let texts = form.texts;
    html! {
        @if form.errors.contains_key(TRAP.name) { (form.input(TRAP, "text", Some("off"), false)) } @else { (trap(texts)) }
        p.field-help { (texts.t_args("message-kept", &[("days", KEPT_DAYS.into())])) " " a href=(texts.to(urls::privacy())) { (texts.t("privacy")) } }
        p.actions { button.button type="submit" { (texts.t("message-send")) } }
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

/// Whether a program filled in the form.
pub fn check_trap(posted: &Posted, errors: &mut Errors) {
    if !posted.get(TRAP.name).trim().is_empty() {
        errors.insert("website", text!("message-trapped"));
    }
}

/// Seconds of a moment as a visitor types it, or as an address says it.
pub fn moment(text: &str) -> Option<u64> {
    let typed = timecode::parse(text).map(|ms| ms / 1000);
    typed
        .or_else(|| timecode::parse_seconds(text))
        .filter(|at| *at <= LONGEST)
}
