//! The frame of the desk: where one is, who one is, and what just happened.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::context::Context;
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

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

/// The head of a page of the desk.
#[derive(Debug)]
pub struct Page {
    /// Its path in the list above, for the mark on where one is.
    place: &'static str,
    title: String,
    status: StatusCode,
    /// Names of assets.
    scripts: &'static [&'static str],
    /// What just happened, in words; told to a screen reader as well.
    message: Option<String>,
}

impl Page {
    pub fn new(place: &'static str, title: String) -> Self {
        Self {
            place,
            title,
            status: StatusCode::OK,
            scripts: &["desk.js"],
            message: None,
        }
    }

    /// The same with another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with other scripts.
    pub fn scripts(mut self, scripts: &'static [&'static str]) -> Self {
        self.scripts = scripts;
        self
    }

    /// The same with another message than the address asks for.
    pub fn message(mut self, message: Option<String>) -> Self {
        self.message = message;
        self
    }

    /// The page with its content.
    pub fn with(self, context: &Context, main: &Markup) -> Response {
        let head = Head {
            title: self.title.clone(),
            hidden: true,
            scripts: self.scripts,
            desk: true,
            ..Head::default()
        };
        let message = self.message.or_else(|| context.flash_message());
        let main = html! {
            div.desk {
                (places(context, self.place))
                div.desk-main {
                    @if let Some(message) = message { p.done role="status" { (message) } }
                    h1 { (self.title) }
                    (main)
                }
            }
        };
        let config = &context.app.config;
        let document = layout::page(config, &context.texts, "desk", &head, &main);
        reply::page_with(self.status, document)
    }
}

fn places(context: &Context, current: &str) -> Markup {
    let (texts, me) = (&context.texts, &context.me);
    html! {
        nav.desk-places aria-label=(texts.t("desk")) {
            ul {
                @for (path, name, administrators) in PLACES {
                    @if !administrators || me.is_administrator() {
                        li { a href=(texts.to(urls::desk(path))) aria-current=[(current == path).then_some("page")] { (texts.t(name)) } }
                    }
                }
            }
            div.desk-me {
                p { (me.coordinator.name) }
                form method="post" action=(texts.to(urls::sign_out())) { button.button type="submit" data-kind="quiet" { (texts.t("sign-out")) } }
            }
        }
    }
}

impl Page {
    /// A page of one thing that has several: the address of the thing, all its pages, and which of them this is. `above`: what
    /// stands above the way between them.
    pub fn tabbed(
        self,
        context: &Context,
        (address, all, tab): (&str, &[(Tab, &str)], Tab),
        above: &Markup,
        content: &Markup,
    ) -> Response {
        let main = html! {
            (above)
            (tabs(&context.texts, (&self.title, address), all, tab))
            (content)
        };
        self.scripts(tab.scripts()).with(context, &main)
    }
}

/// A page of one thing that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Of a recording: what it says about itself.
    Text,
    /// Of a series: its recordings in their order.
    Recordings,
    About,
    Visibility,
    Links,
    Files,
    Share,
}

impl Tab {
    /// What stands behind the address of the thing.
    pub fn path(self) -> &'static str {
        match self {
            Self::Text | Self::Recordings => "",
            Self::About => "/about",
            Self::Visibility => "/visibility",
            Self::Links => "/links",
            Self::Files => "/files",
            Self::Share => "/share",
        }
    }

    /// The scripts of the page.
    pub fn scripts(self) -> &'static [&'static str] {
        match self {
            Self::Share => &["desk.js", "share.js"],
            _ => &["desk.js"],
        }
    }
}

/// The way between the pages of one thing. `of`: its title and address; `all`: each page with the key of its name.
fn tabs(texts: &Texts, of: (&str, &str), all: &[(Tab, &str)], current: Tab) -> Markup {
    let (title, address) = of;
    html! {
        nav.tabs aria-label=(title) {
            ul { @for (tab, name) in all { li { a href=(texts.to(format!("{address}{}", tab.path()))) aria-current=[(*tab == current).then_some("page")] { (texts.t(name)) } } } }
        }
    }
}
