//! What kind of answers a group of addresses gives. In: a group of the router. Out: a mark on each of its answers, which error pages,
//! security headers and the log read; the path itself tells nobody anything.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use super::reply;
use crate::error::Error;

/// The kind of answers of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Class {
    /// HTML that people read.
    #[default]
    Page,
    /// HTML inside other people's pages.
    Frame,
    /// JSON for scripts on any site.
    Api,
    /// XML and text for feed readers, search engines and sites that ask what to show.
    Feed,
    /// Timed text, pictures, style and scripts: what pages, frames and mails show.
    Part,
    /// Files as somebody put them into the folder: recordings and hand-outs.
    File,
    /// Files that are sent in pieces (tus 1.0.0).
    Upload,
    /// Whether the program lives, for whoever keeps it running.
    Probe,
}

/// Marks every answer of a group, also that a handler panicked, that another site sent a form, and that a method is not allowed.
pub fn group<S: Clone + Send + Sync + 'static>(router: Router<S>, class: Class) -> Router<S> {
    router
        .layer(CatchPanicLayer::custom(reply::panicked))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(class, mark))
}

/// For an address that is no route, and so in no group: it is answered like what it lies below. `groups`: the addresses that belong
/// to one class, with everything below them.
pub fn nothing_here(groups: &[(&str, Class)], address: &Uri) -> Response {
    let is_below = |group: &&(&str, Class)| {
        let rest = address.path().strip_prefix(group.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let class = groups.iter().find(is_below).map(|(_, class)| *class);
    let mut response = Error::NotFound.into_response();
    response.extensions_mut().insert(class.unwrap_or_default());
    response
}

async fn mark(State(class): State<Class>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // The innermost group is the one that answered.
    response.extensions_mut().get_or_insert(class);
    response
}

/// Of an answer; what no group gave is a page.
pub fn of(response: &Response) -> Class {
    response.extensions().get().copied().unwrap_or_default()
}
