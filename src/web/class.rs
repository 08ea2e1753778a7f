//! The class of answers. In: a group of routes. Out: a mark on each of its answers, which error pages, security headers and the log
//! read instead of judging by the path.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use super::{reply, same_origin};
use crate::config::Config;
use crate::error::Error;

/// The kind of answers that a group of routes gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Class {
    /// HTML pages for people.
    #[default]
    Page,
    /// HTML for frames on other sites.
    Frame,
    /// JSON for scripts on any site.
    Api,
    /// XML and text for feed readers, search engines and oEmbed clients.
    Feed,
    /// Parts of pages, frames and mails: timed text, pictures, style sheets and scripts.
    Part,
    /// Files from the media folder: recordings and hand-outs.
    File,
    /// Uploads in pieces (tus 1.0.0).
    Upload,
    /// Health checks for operators.
    Probe,
}

/// Marks every answer of a group, including those for a panicking handler, a form from another site, and a method that is not
/// allowed.
pub fn group<S: Clone + Send + Sync + 'static>(
    config: &Arc<Config>,
    router: Router<S>,
    class: Class,
) -> Router<S> {
    router
        .layer(CatchPanicLayer::custom(reply::panicked))
        .layer(from_fn_with_state(Arc::clone(config), same_origin::only))
        .layer(from_fn_with_state(class, mark))
}

/// The class of the group that an address lies below. `groups`: address prefixes and their class.
pub fn of_address(groups: &[(&str, Class)], address: &Uri) -> Class {
    let is_below = |group: &&(&str, Class)| {
        let rest = address.path().strip_prefix(group.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let class = groups.iter().find(is_below).map(|(_, class)| *class);
    class.unwrap_or_default()
}

/// An answer that no handler of a group gave.
pub fn outside_groups(problem: Error, class: Class) -> Response {
    let mut response = problem.into_response();
    response.extensions_mut().insert(class);
    response
}

async fn mark(State(class): State<Class>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // The innermost group gave the answer, so its mark is kept.
    response.extensions_mut().get_or_insert(class);
    response
}

/// The class of an answer; an answer without a mark is a page.
pub fn of(response: &Response) -> Class {
    response.extensions().get().copied().unwrap_or_default()
}
