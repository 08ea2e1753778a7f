//! Draws error answers. In: a response with an [`Error`] or an error status. Out: a page, JSON or plain text in the reader's
//! language that says what happened and what to do. Causes stay in the log.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use maud::{Markup, html};

use super::class::{self, Class};
use super::components::icon;
use super::head::Head;
use super::reply::{Fault, HTML};
use super::texts::{self, Texts};
use super::{layout, urls};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::error::{Error, Gone};

/// Middleware that writes the body of every error answer.
pub async fn words(State(app): State<App>, request: Request, next: Next) -> Response {
    let texts = Texts::of(request.uri(), request.headers());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    let has_failed = status.is_client_error() || status.is_server_error();
    if !has_failed || is_worded(&response) {
        return response;
    }
    let class = class::of(&response);
    let about = urls::recording_in(&path);
    let message = Message {
        about,
        ..Message::of(&response, &texts, class)
    };
    let (media_type, body) = match class {
        Class::Page => (HTML, message.page(&app, &texts).into_string()),
        Class::Frame => (HTML, message.frame(&app, &texts).into_string()),
        Class::Api => (
            "application/json",
            serde_json::json!({ "error": message.text }).to_string(),
        ),
        Class::Feed | Class::Part | Class::File | Class::Upload | Class::Probe => {
            ("text/plain; charset=utf-8", format!("{}\n", message.text))
        }
    };
    put(response, media_type, body)
}

/// Whether the handler wrote the body itself: a response without [`Fault`] that is neither empty nor the framework's plain text.
fn is_worded(response: &Response) -> bool {
    let is_ours = response.extensions().get::<Fault>().is_some();
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    // 416 (RFC 9110 §15.5.17) and 412 need their headers only.
    let speaks_in_headers = matches!(
        response.status(),
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED
    );
    !is_ours && (speaks_in_headers || media_type.is_some_and(|it| !it.starts_with("text/plain")))
}

/// The response with another body; its other headers, such as `Allow`, are kept.
fn put(response: Response, media_type: &'static str, body: String) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    for (name, value) in [
        (CONTENT_TYPE, media_type),
        // The resource of a 404 may exist tomorrow, and RFC 9110 §15.1 would allow caching it.
        (CACHE_CONTROL, "no-store"),
        (VARY, "Accept-Language, Accept-Encoding"),
    ] {
        let value = HeaderValue::from_static(value);
        parts.headers.insert(name, value);
    }
    Response::from_parts(parts, Body::from(body))
}

/// The content of an error answer.
struct Message {
    status: StatusCode,
    title: String,
    text: String,
    gone: Option<Gone>,
    /// The recording that the address names, whether or not it ever was.
    about: Option<PublicId>,
}

impl Message {
    fn of(response: &Response, texts: &Texts, class: Class) -> Self {
        let status = response.status();
        let fault = response.extensions().get::<Fault>();
        let (title, text) = keys(status);
        let mut message = Self {
            status,
            title: texts.t(title),
            text: texts.t(text),
            gone: None,
            about: None,
        };
        match fault.map(|fault| fault.0.as_ref()) {
            Some(Error::Over(sentence)) => {
                message.title = texts.t("link-over-title");
                message.text = texts::sentence(texts.lang(), sentence);
            }
            Some(Error::Refused(sentence) | Error::Status(_, sentence)) => {
                message.text = texts::sentence(texts.lang(), sentence)
            }
            Some(Error::Gone(gone)) => message.gone = Some(gone.clone()),
            Some(Error::Changed) => {
                message.title = texts.t("error-changed-title");
                message.text = texts.t("error-changed");
            }
            Some(Error::DiskFull) => message.text = texts.t("save-disk-full"),
            Some(Error::TooOften(seconds)) => {
                let minutes = (seconds + 59) / 60;
                message.text = texts.t_args("error-429-minutes", &[("minutes", minutes.into())]);
            }
            Some(
                Error::NotFound
                | Error::SignInNeeded
                | Error::Forbidden
                | Error::Busy
                | Error::Internal(_),
            )
            | None => {}
        }
        // The longer text mentions parts of the page that other answers lack.
        if status == StatusCode::NOT_FOUND && class != Class::Page {
            message.text = texts.t("error-404-short");
        }
        message
    }

    fn page(&self, app: &App, texts: &Texts) -> Markup {
        let main = html! {
            div.failure {
                (self.words(texts))
                p.actions {
                    @match self.successor() {
                        Some(address) => a.button href=(texts.to(address.to_owned())) { (texts.t("error-successor")) },
                        None => a.button href=(texts.to(urls::home())) { (texts.t("error-home")) (icon("next")) },
                    }
                }
                @if self.status.is_client_error() { (layout::search_form(texts, "question", "")) }
                @if self.may_ask() {
                    p { (texts.t("message-ask")) " " a href=(texts.to(urls::message(None, self.about.as_ref()))) { (texts.t("message-write")) } }
                }
                @if let (true, Some(contact)) = (self.status.is_server_error(), &app.branding().contact) {
                    p { (texts.t("error-contact")) " " a href={ "mailto:" (contact) } { (contact) } }
                }
            }
        };
        let head = Head {
            scripts: vec!["search.js"],
            ..self.head()
        };
        layout::page(app, texts, "failure", &head, &main)
    }

    /// Whether a visitor may have something to say or ask about what is not to be seen.
    fn may_ask(&self) -> bool {
        matches!(self.status, StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    fn frame(&self, app: &App, texts: &Texts) -> Markup {
        let (page, key) = match self.successor() {
            Some(page) => (page.to_owned(), "error-successor"),
            None => (urls::home(), "error-home"),
        };
        let main = html! {
            div.nothing-to-play {
                (self.words(texts))
                (layout::way_out(&app.config, texts, &page, &texts.t(key)))
            }
        };
        layout::frame(app, texts, &self.head(), &main)
    }

    fn head(&self) -> Head {
        Head {
            title: self.title.clone(),
            hidden: true,
            ..Head::default()
        }
    }

    fn words(&self, texts: &Texts) -> Markup {
        let reason = self.gone.as_ref().and_then(|gone| gone.reason.as_deref());
        html! {
            h1 { (self.title) }
            p { (self.text) }
            @if let Some(reason) = reason {
                p { (texts.t("error-reason")) }
                blockquote { p { (reason) } }
            }
        }
    }

    /// The successor, if it is an address within the portal.
    fn successor(&self) -> Option<&str> {
        let address = self.gone.as_ref()?.successor.as_deref()?;
        (address.starts_with('/') && !address.starts_with("//")).then_some(address)
    }
}

/// Keys of the title and text for a status.
fn keys(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => ("error-404-title", "error-404-text"),
        StatusCode::UNAUTHORIZED => ("error-401-title", "error-401-text"),
        StatusCode::FORBIDDEN => ("error-403-title", "error-403-text"),
        StatusCode::PAYLOAD_TOO_LARGE => ("error-413-title", "error-413-text"),
        StatusCode::TOO_MANY_REQUESTS => ("error-429-title", "error-429-text"),
        StatusCode::GONE => ("error-410-title", "error-410-text"),
        StatusCode::METHOD_NOT_ALLOWED => ("error-405-title", "error-405-text"),
        StatusCode::SERVICE_UNAVAILABLE => ("error-503-title", "error-503-text"),
        status if status.is_client_error() => ("error-400-title", "error-400-text"),
        _ => ("error-500-title", "error-500-text"),
    }
}
