//! Who answers a request: a range of a recording of which everything is known is answered at once, and everything else by the router.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use tower::ServiceExt;

use super::fair_share::FairShare;
use super::read_body::ReadBody;
use crate::logging;
use crate::people::address::Peer;
use crate::people::per_sender::Place;
use crate::playback::at_once::AtOnce;
use crate::zero_copy::Pieces;

/// What gives the answers of a portal. Cheap to clone.
#[derive(Clone)]
pub struct Answers(Arc<Ways>);

/// The two ways to an answer.
struct Ways {
    at_once: Option<(AtOnce, FairShare)>,
    router: Router,
}

/// A router alone, which finds every answer.
impl From<Router> for Answers {
    fn from(router: Router) -> Self {
        Self(Arc::new(Ways {
            at_once: None,
            router,
        }))
    }
}

impl Answers {
    /// `shares`: those by which the router counts its answers too.
    pub fn new(at_once: AtOnce, shares: FairShare, router: Router) -> Self {
        Self(Arc::new(Ways {
            at_once: Some((at_once, shares)),
            router,
        }))
    }

    /// The answer to a request over a connection from `peer`, and the place that it takes until its last byte was sent.
    pub(super) async fn answer(
        self,
        mut request: Request<ReadBody>,
        peer: IpAddr,
        pieces: Pieces,
    ) -> Result<(Response, Option<Arc<Place>>), Infallible> {
        if let Some(answered) = self.at_once(&request, peer, &pieces) {
            return Ok(answered);
        }
        let extensions = request.extensions_mut();
        extensions.insert(Peer(peer));
        extensions.insert(pieces);
        let mut response = self
            .0
            .router
            .clone()
            .oneshot(request.map(Body::new))
            .await?;
        let place = response.extensions_mut().remove();
        Ok((response, place))
    }

    fn at_once(
        &self,
        request: &Request<ReadBody>,
        peer: IpAddr,
        pieces: &Pieces,
    ) -> Option<(Response, Option<Arc<Place>>)> {
        let (at_once, shares) = self.0.at_once.as_ref()?;
        let asked = (request.method(), request.uri(), request.headers());
        let response = at_once.answer(asked, pieces)?;
        // Who has no place left waits for one before the router.
        let place = shares.free_place(peer, request.headers())?;
        logging::at_once(request.uri().path(), &response);
        Some((response, place.map(Arc::new)))
    }
}
