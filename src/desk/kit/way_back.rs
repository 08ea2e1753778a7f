//! Handles a GET of an address that only accepts a posted form, for example after a sign-in, or by the language link above a
//! refusal. In: the address. Out: a redirect to the page with the form.

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::context;
use crate::error::Result;
use crate::web::Texts;

/// Fallback for every address of the desk that exists but not with this method.
pub async fn to_the_form(method: Method, uri: Uri, texts: Texts) -> Result<Response> {
    match method {
        Method::GET | Method::HEAD => context::go(&texts, page_of(uri.path())),
        _ => Ok(StatusCode::METHOD_NOT_ALLOWED.into_response()),
    }
}

/// The page with the form of this address.
fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let below: &[&str] = match parts.as_slice() {
        ["desk", "recordings", "bulk", ..] => &["desk", "recordings"],
        [
            "desk",
            "recordings",
            id,
            "captions" | "poster" | "handouts" | "timing" | "renditions" | "versions",
            ..,
        ] => &["desk", "recordings", id, "files"],
        ["desk", place @ ("recordings" | "series"), id, "links", ..]
        | ["desk", place @ "series", id, "password", ..] => &["desk", place, id, "links"],
        ["desk", place @ ("recordings" | "series"), id, ..] => &["desk", place, id],
        ["desk", "uploads", ..] => &["desk", "upload"],
        ["desk", place, ..] => &["desk", place],
        _ => &["desk"],
    };
    format!("/{}", below.join("/"))
}
