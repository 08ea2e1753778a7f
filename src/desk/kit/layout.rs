//! The frame of the desk: where one is, who one is, and what just happened.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::head::Head;
use crate::web::layout::{self as document, Page};
use crate::web::sign_in::Me;
use crate::web::{Texts, reply, urls};

/// The places of the desk: path, key of the name, whether only administrators go there.
const PLACES: [(&str, &str, bool); 9] = [
    ("", "desk-home", false),
    ("upload", "desk-upload", false),
    ("series", "desk-series", false),
    ("recordings", "desk-recordings", false),
    ("links", "desk-links", false),
    ("trash", "desk-trash", false),
    ("people", "desk-people", true),
    ("audit", "desk-audit", true),
    ("account", "desk-account", false),
];

/// A page of the desk. `place`: its path in the list above, for the mark on where one is.
pub struct Desk<'a> {
    pub app: &'a App,
    pub texts: &'a Texts,
    pub me: &'a Me,
    pub place: &'a str,
    pub title: String,
    /// What just happened, in words; told to a screen reader as well.
    pub done: Option<String>,
}

impl Desk<'_> {
    pub fn show(self, main: &Markup) -> Response {
        self.show_with(StatusCode::OK, main)
    }

    pub fn show_with(self, status: StatusCode, main: &Markup) -> Response {
        self.show_with_scripts(status, main, &["desk.js"])
    }

    /// The same with other scripts: names of assets.
    pub fn show_with_scripts(
        self,
        status: StatusCode,
        main: &Markup,
        scripts: &'static [&'static str],
    ) -> Response {
        let head = Head {
            title: self.title.clone(),
            hidden: true,
            scripts,
            desk: true,
            ..Head::default()
        };
        let main = html! {
            div.desk {
                (self.places())
                div.desk-main {
                    @if let Some(done) = &self.done { p.done role="status" { (done) } }
                    h1 { (self.title) }
                    (main)
                }
            }
        };
        let page = Page {
            name: "desk",
            head: &head,
            demonstration: false,
            main,
        };
        reply::page_with(status, document::page(&self.app.config, self.texts, &page))
    }

    fn places(&self) -> Markup {
        let texts = self.texts;
        html! {
            nav.desk-places aria-label=(texts.t("desk")) {
                ul {
                    @for (path, name, administrators) in PLACES {
                        @if !administrators || self.me.is_administrator() {
                            li { a href=(texts.to(urls::desk(path))) aria-current=[(self.place == path).then_some("page")] { (texts.t(name)) } }
                        }
                    }
                }
                div.desk-me {
                    p { (self.me.coordinator.name) }
                    form method="post" action=(texts.to(urls::sign_out())) { button.button type="submit" data-kind="quiet" { (texts.t("sign-out")) } }
                }
            }
        }
    }
}

/// The way between the pages of one thing: address, key of the name, whether it is this one.
pub fn tabs(texts: &Texts, of: &str, all: &[(String, &str, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(of) {
            ul { @for (address, name, is_here) in all { li { a href=(texts.to(address.clone())) aria-current=[is_here.then_some("page")] { (texts.t(name)) } } } }
        }
    }
}

/// After a change: to a page that can be loaded again without doing it twice (RFC 9110 §15.4.4). `done`: the key of what to
/// say there.
pub fn go(texts: &Texts, address: String, done: Option<&'static str>) -> Result<Response> {
    let address = match done {
        Some(done) => urls::with(&address, "done", done),
        None => address,
    };
    let location = axum::http::HeaderValue::try_from(texts.to(address)).map_err(Error::internal)?;
    let headers = [
        (LOCATION, location),
        (
            CACHE_CONTROL,
            axum::http::HeaderValue::from_static("no-store"),
        ),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// What an address says has just been done; only sentences of ours.
pub fn done(texts: &Texts, query: Option<&str>) -> Option<String> {
    let key = urls::parameter(query, "done")?;
    DONE.contains(&key.as_str()).then(|| texts.t(&key))
}

/// Everything that can have been done.
const DONE: [&str; 24] = [
    "done-labels",
    "done-uploaded",
    "done-version-back",
    "done-again",
    "done-handed-on",
    "done-erased",
    "done-link",
    "done-link-withdrawn",
    "done-captions",
    "done-poster",
    "done-handout",
    "done-removed",
    "done-trashed",
    "done-restored",
    "done-undone",
    "done-planned",
    "done-saved",
    "done-password",
    "done-signed-out",
    "done-signed-out-everywhere",
    "done-key-revoked",
    "done-disabled",
    "done-enabled",
    "done-role",
];
