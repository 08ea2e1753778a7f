//! `/l/{link}`: an address that was handed out. It shows the page itself, and what that page needs is asked with the link. One
//! that expired or was withdrawn says so; one that never was is not there.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::{door, series as series_page, watch};
use crate::app::App;
use crate::catalogue::link::{self, Target, Token};
use crate::catalogue::{Viewer, recording, series};
use crate::error::{Error, Result};
use crate::text;
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
    let found = app.db.read(move |conn| {
        let link = link::by_token(conn, &token)?.ok_or(Error::NotFound)?;
        if !link.is_open(now) {
            return Err(Error::Over(text!("link-over")));
        }
        if link.password_hash.is_some() {
            return Ok(Found::Locked);
        }
        Ok(match link.target {
            Target::Recording(row) => Found::Recording(recording::public_id(conn, row)?),
            Target::Series(row) => Found::Series(series::by_id(conn, row)?.slug),
        })
    });
    match found.await? {
        Found::Locked => Ok(door::page_of(
            &app,
            &texts,
            &urls::link(&token),
            None,
            false,
        )),
        Found::Recording(id) => watch::answer(&app, viewer, id, query.as_deref(), &texts).await,
        Found::Series(slug) => series_page::answer(&app, viewer, slug, &texts).await,
    }
}

enum Found {
    /// A password stands before it.
    Locked,
    Recording(crate::catalogue::PublicId),
    Series(String),
}
