//! Who asks the desk for something, in which language, and what of the program they may reach. In: what the gate found. Out: one
//! value that handlers, loaders and pages take instead of each of its parts.

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

/// A request of someone who is signed in.
#[derive(Clone)]
pub struct Context {
    pub app: App,
    pub texts: Texts,
    pub me: Me,
    query: Option<String>,
}

impl Context {
    /// What a request to the desk is answered with; [`super::gate`] has found out who asks.
    pub fn new(app: App, me: Me, parts: &Parts) -> Self {
        Self {
            app,
            texts: Texts::of(&parts.uri, &parts.headers),
            me,
            query: parts.uri.query().map(str::to_owned),
        }
    }

    /// The account that asks, as the audit list names it.
    pub fn email(&self) -> &str {
        &self.me.coordinator.email
    }

    /// UTC seconds since 1970.
    pub fn now(&self) -> i64 {
        self.app.clock.now()
    }

    /// The day it is on the portal's clocks (ISO 8601).
    pub fn today(&self) -> Result<String> {
        let now = Timestamp::from_second(self.now()).map_err(Error::internal)?;
        Ok(now.to_zoned(self.app.config.zone()).date().to_string())
    }

    /// Everything but the trash, as it is now.
    pub fn viewer(&self) -> Viewer {
        Viewer::coordinator(self.now())
    }

    /// Asks the catalogue, in one visit.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.db.read(question).await
    }

    /// Changes the catalogue: all of it or nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        command: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.db.write(|conn| command(conn)).await
    }

    /// What stands behind the `?` of the address.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// A parameter of the address.
    pub fn parameter(&self, name: &str) -> Option<String> {
        urls::parameter(self.query(), name)
    }

    /// After a change: to a page that says so. `done`: the key of what to say there, as [`flash_message`] takes it.
    pub fn go(&self, address: String, done: &'static str) -> Result<Response> {
        go(&self.texts, urls::with(&address, "done", done))
    }

    /// What the address says has just been done.
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

/// A coordinator in a browser: keys open nothing that could make more keys or let people in.
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

/// An administrator in a browser.
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

/// To a page that can be loaded again without doing anything twice (RFC 9110 §15.4.4).
pub fn go(texts: &Texts, address: String) -> Result<Response> {
    reply::redirect(StatusCode::SEE_OTHER, &texts.to(address), "no-store")
}

/// What an address says has just been done; only sentences of ours, whose keys begin with `done-`.
pub fn flash_message(texts: &Texts, query: Option<&str>) -> Option<String> {
    let key = urls::parameter(query, "done")?;
    let sentence = texts.lang().find(&key);
    sentence.filter(|_| key.starts_with("done-"))
}
