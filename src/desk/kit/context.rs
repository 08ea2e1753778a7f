//! The context of a desk request: the coordinator, the language, and the application state. In: the sign-in that the gate found.
//! Out: one value that handlers, loaders and pages take instead of its parts.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::Viewer;
use crate::error::{Error, Result};
use crate::web::sign_in::{Me, Via};
use crate::web::{Texts, reply, urls};

/// The context of a request by a signed-in coordinator.
#[derive(Clone)]
pub struct Context {
    pub app: App,
    pub texts: Texts,
    pub me: Me,
    query: Option<String>,
}

impl Context {
    /// The context of a request, after [`super::gate`] has identified the coordinator.
    pub fn new(app: App, me: Me, parts: &Parts) -> Self {
        Self {
            app,
            texts: Texts::of(&parts.uri, &parts.headers),
            me,
            query: parts.uri.query().map(str::to_owned),
        }
    }

    /// The mail address of the coordinator, which names them in the audit list.
    pub fn email(&self) -> &str {
        &self.me.coordinator.email
    }

    /// The current moment in UTC seconds.
    pub fn now(&self) -> i64 {
        self.app.clock.now()
    }

    /// Today's date in the time zone of the portal (ISO 8601).
    pub fn today(&self) -> Result<String> {
        let now = Timestamp::from_second(self.now()).map_err(Error::internal)?;
        Ok(now.to_zoned(self.app.config.zone()).date().to_string())
    }

    /// A viewer who sees everything except the trash.
    pub fn viewer(&self) -> Viewer {
        Viewer::coordinator(self.now())
    }

    /// Runs a read-only closure on the catalogue.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.db.read(question).await
    }

    /// Runs a closure that changes the catalogue, in one transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        command: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.db.write(|conn| command(conn)).await
    }

    /// The query string of the address.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// A parameter in the query string.
    pub fn parameter(&self, name: &str) -> Option<String> {
        urls::parameter(self.query(), name)
    }

    /// Redirects after a change to a page with a flash message. `done`: the key of the message, as [`flash_message`] reads it.
    pub fn go(&self, address: String, done: &'static str) -> Result<Response> {
        go(&self.texts, urls::with(&address, "done", done))
    }

    /// The flash message that the address asks for.
    pub fn flash_message(&self) -> Option<String> {
        flash_message(&self.texts, self.query())
    }
}

impl FromRequestParts<App> for Context {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or(Error::SignInNeeded)
    }
}

/// The context of a coordinator in a browser: access keys may neither create keys nor manage accounts.
pub struct InBrowser(pub Context);

impl FromRequestParts<App> for InBrowser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let context = Context::from_request_parts(parts, app).await?;
        match context.me.via {
            Via::Browser(_) => Ok(Self(context)),
            Via::Key => Err(Error::Forbidden),
        }
    }
}

/// The context of an administrator in a browser.
pub struct Administrator(pub Context);

impl FromRequestParts<App> for Administrator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let InBrowser(context) = InBrowser::from_request_parts(parts, app).await?;
        match context.me.is_administrator() {
            true => Ok(Self(context)),
            false => Err(Error::Forbidden),
        }
    }
}

/// Redirects to a page that can be reloaded without repeating the change (RFC 9110 §15.4.4).
pub fn go(texts: &Texts, address: String) -> Result<Response> {
    reply::redirect(StatusCode::SEE_OTHER, &texts.to(address), "no-store")
}

/// The flash message that an address asks for; only texts whose key begins with `done-` are shown.
pub fn flash_message(texts: &Texts, query: Option<&str>) -> Option<String> {
    let key = urls::parameter(query, "done")?;
    let sentence = texts.lang().find(&key);
    sentence.filter(|_| key.starts_with("done-"))
}
