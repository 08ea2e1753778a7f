//! `/l/{link}`: a named link. It answers with the page itself, whose other requests carry the link. An expired or withdrawn link
//! says so; an unknown one answers 404.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::{series, unlock, watch};
use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::address::{self, Destination};
use crate::catalogue::link::Token;
use crate::error::{Error, Result};
use crate::web::{Texts, urls};

/// `GET /l/{link}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let token = Token::parse(&token).ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let action = urls::link(&token);
    let db = &app.db;
    let found = db.read(move |conn| address::resolve_link(conn, &token, now));
    match found.await? {
        (_, Some(_)) => Ok(unlock::page_of(&app, &texts, &action, None, None)),
        (Destination::Recording(id), None) => {
            watch::answer(&app, viewer, id, query.as_deref(), &texts).await
        }
        (Destination::Series(slug), None) => {
            series::answer(&app, viewer, slug, query.as_deref(), &texts).await
        }
    }
}
