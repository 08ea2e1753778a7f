//! Answers a request for a recording on the spot, without the router and its layers, when all that they would find out is known: an
//! address as the portal writes it, asked for by a visitor without a cookie of ours, whose decision is kept, and a file that is open.
//! In: the request. Out: the answer that the router would give, or nothing.
//!
//! Ranges are most of what a portal answers, and the layers cost several times as much as a short one (`cargo bench --bench streaming
//! -- --only 2B` measures it without them).

use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::decisions::Decisions;
use super::source::Way;
use crate::app::App;
use crate::web::sign_in;
use crate::zero_copy::Pieces;

/// The beginning of the addresses of files.
const PATH: &str = "/media/";

/// What is needed for such answers.
#[derive(Clone)]
pub struct AtOnce {
    app: App,
    decisions: Decisions,
}

impl AtOnce {
    /// `decisions`: those that [`super::media::show`] keeps.
    pub fn new(app: App, decisions: Decisions) -> Self {
        Self { app, decisions }
    }

    /// The answer; `None` when the router has to find it. `pieces`: those of the connection.
    pub fn answer(
        &self,
        (method, uri, headers): (&Method, &Uri, &HeaderMap),
        pieces: &Pieces,
    ) -> Option<Response> {
        let Self { app, decisions } = self;
        let is_plain = *method == Method::GET && uri.query().is_none();
        if !is_plain || !uri.path().starts_with(PATH) {
            return None;
        }
        if sign_in::says_who(&app.config, headers) {
            return None;
        }
        let revision = app.db.revision()?;
        let file = decisions.get(uri.path(), revision, app.clock.now())?;
        let opened = app.library.open_file(&file.place)?;
        let way = Way::by(pieces.clone(), app.config.zero_copy);
        file.answer((method, headers), &opened, way).ok()
    }
}
