//! The layout of the desk: the navigation, the signed-in coordinator, and the flash message.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::context::Context;
use crate::catalogue::name::isolated;
use crate::web::components::{icon, name};
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

/// The entries of the navigation: path, key of the label, whether it is for administrators only.
const PLACES: [(&str, &str, bool); 12] = [
    ("", "desk-home", false),
    ("upload", "desk-upload", false),
    ("series", "desk-series", false),
    ("recordings", "desk-recordings", false),
    ("links", "desk-links", false),
    ("messages", "desk-messages", false),
    ("queue", "desk-queue", false),
    ("trash", "desk-trash", false),
    ("people", "desk-people", true),
    ("association", "desk-association", true),
    ("audit", "desk-audit", true),
    ("account", "desk-account", false),
];

/// A page of the desk, without its content.
#[derive(Debug)]
pub struct Page {
    /// Path of its entry in the navigation, which is marked as current.
    place: &'static str,
    title: String,
    status: StatusCode,
    /// Names of script assets.
    scripts: &'static [&'static str],
    /// The flash message, which screen readers announce.
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

    /// Sets a status other than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets other scripts.
    pub fn scripts(mut self, scripts: &'static [&'static str]) -> Self {
        self.scripts = scripts;
        self
    }

    /// Sets another message than the one in the address.
    pub fn message(mut self, message: Option<String>) -> Self {
        self.message = message;
        self
    }

    /// Draws the page with its content.
    pub fn with(self, context: &Context, main: &Markup) -> Response {
        let head = Head {
            title: self.title.clone(),
            hidden: true,
            scripts: [self.scripts, &["search.js"]].concat(),
            desk: true,
            ..Head::default()
        };
        let message = self.message.or_else(|| context.flash_message());
        let main = html! {
            div.desk {
                (places(context, self.place))
                div.desk-main {
                    @if let Some(message) = message { p.done role="status" { (message) } }
                    h1 { (name(&self.title)) }
                    (main)
                }
            }
        };
        let document = layout::page(&context.app, &context.texts, "desk", &head, &main);
        reply::page_with(self.status, document)
    }
}

fn places(context: &Context, current: &str) -> Markup {
    let (texts, me) = (&context.texts, &context.me);
    // A page outside the list, such as that of problems, stands under the entry it is reached from.
    let here = PLACES.iter().find(|(path, ..)| *path == current);
    let here = here.map_or("desk-home", |(_, name, _)| *name);
    html! {
        nav.desk-places aria-label=(texts.t("desk")) {
            // On a narrow screen this opens what follows it (desk.css); the list stands outside so that a wide one shows it always.
            details.desk-menu { summary { (icon("menu")) span.word { (texts.t("desk-menu")) } strong { (texts.t(here)) } } }
            ul {
                @for (path, name, administrators) in PLACES {
                    @if !administrators || me.is_administrator() {
                        li { a href=(texts.to(urls::desk(path))) aria-current=[(current == path).then_some("page")] { (texts.t(name)) } }
                    }
                }
            }
            div.desk-me {
                p { (name(&me.coordinator.name)) }
                form method="post" action=(texts.to(urls::sign_out())) { button.button type="submit" data-kind="quiet" { (texts.t("sign-out")) } }
            }
        }
    }
}

impl Page {
    /// Draws a page with tabs: the address of its subject, all tabs, and the current one. `above`: content above the tabs.
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

/// A tab of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The metadata of a recording.
    Text,
    /// The recordings of a series in order.
    Recordings,
    About,
    Visibility,
    Links,
    Files,
    Share,
}

impl Tab {
    /// The part of the address after that of the subject.
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
            // They have an address to copy: where it is shared, and after publishing.
            Self::Share | Self::Text | Self::Visibility | Self::Recordings | Self::Links => {
                &["desk.js", "share.js"]
            }
            Self::Files => &["desk.js", "queue.js", "cues.js"],
            _ => &["desk.js"],
        }
    }
}

/// The navigation between tabs. `of`: title and address of the subject; `all`: each tab with the key of its label.
fn tabs(texts: &Texts, of: (&str, &str), all: &[(Tab, &str)], current: Tab) -> Markup {
    let (title, address) = of;
    html! {
        nav.tabs aria-label=(isolated(title)) {
            ul { @for (tab, name) in all { li { a href=(texts.to(format!("{address}{}", tab.path()))) aria-current=[(*tab == current).then_some("page")] { (texts.t(name)) } } } }
        }
    }
}
