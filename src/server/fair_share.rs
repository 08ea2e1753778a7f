//! How many answers one visitor behind a proxy may have under way at a time: all of them come over the connections of the proxy,
//! which are not counted. In: a request with the address that a trusted proxy reports. Out: its answer, after those before it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::people::per_sender::{PerSender, Place};
use crate::people::{Sender, address};
use crate::web::class::{self, Class};

/// The answers under way of all visitors behind proxies.
#[derive(Debug, Clone)]
pub struct FairShare {
    proxies: Arc<[IpNet]>,
    answers: PerSender,
    class_of: fn(&Uri) -> Class,
}

impl FairShare {
    /// At most `most` answers for each address that one of the proxies reports, and as many that wait. `class_of`: of a refusal.
    pub fn new(proxies: Vec<IpNet>, most: usize, class_of: fn(&Uri) -> Class) -> Self {
        Self {
            proxies: proxies.into(),
            answers: PerSender::new(most, most),
            class_of,
        }
    }

    /// The visitor for whom a proxy sends this request; `None` when it comes from no proxy, or that does not say.
    fn visitor(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let is_proxy = peer.is_some_and(|peer| address::is_in(&self.proxies, peer));
        is_proxy
            .then(|| address::of(headers, peer, &self.proxies))
            .flatten()
    }

    /// A place for an answer that is given at once, if one is free. Who is not counted has none.
    pub fn free_place(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Option<Place>> {
        match self.visitor(Some(peer), headers) {
            None => Some(None),
            Some(visitor) => {
                let place = self.answers.free_place(Sender::at(Some(visitor)));
                place.map(Some)
            }
        }
    }
}

/// Middleware that counts an answer: its place goes along with it, to the connection that sends it.
pub async fn answers(State(shares): State<FairShare>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get().map(|address::Peer(peer)| *peer);
    let Some(visitor) = shares.visitor(peer, request.headers()) else {
        return next.run(request).await;
    };
    match shares.answers.place(Sender::at(Some(visitor))).await {
        Ok(place) => {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(Arc::new(place));
            response
        }
        Err(problem) => class::outside_groups(problem, (shares.class_of)(request.uri())),
    }
}
