//! One connection, from accepting it to its end: hyper reads requests and writes answers, the [`IdleTimer`] says when to stop
//! waiting, the [`Stop`] when to take no further request.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, Request, Response, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tower::ServiceExt;

use super::Stop;
use super::head::HEAD_LIMIT;
use super::idle_timer::{Exchange, IdleTimer, Patience};
use super::socket::Socket;
use crate::people::address::Peer;

/// Serves one connection to its end. Every end is an ordinary one here, a visitor who walks away included.
pub async fn attend(
    stream: TcpStream,
    peer: IpAddr,
    router: Router,
    patience: Patience,
    stop: Stop,
) {
    let idle_timer = IdleTimer::new();
    let socket = match Socket::new(stream, Arc::clone(&idle_timer)) {
        Ok(socket) => socket,
        Err(cause) => {
            tracing::debug!(%cause, "a connection was gone before it was taken");
            return;
        }
    };
    let answering = Arc::clone(&idle_timer);
    let service =
        service_fn(move |request| answer(router.clone(), peer, request, Exchange::of(&answering)));
    let mut connection = pin!(builder().serve_connection(TokioIo::new(socket), service));
    let mut stopping = pin!(stop.asked());
    let mut stopped = false;
    let mut patience_ends = pin!(sleep_until(idle_timer.until(&patience)));

    poll_fn(|cx| {
        if !stopped && stopping.as_mut().poll(cx).is_ready() {
            stopped = true;
            connection.as_mut().graceful_shutdown();
        }
        if let Poll::Ready(end) = connection.as_mut().poll(cx) {
            if let Err(cause) = end {
                tracing::debug!(%cause, "a connection broke");
            }
            return Poll::Ready(());
        }
        // The alarm rings early rather than late: most movements only put the moment off, and are looked at when it
        // rings; only a nearer moment sets it anew.
        loop {
            let until = idle_timer.until(&patience);
            if until < patience_ends.deadline() {
                patience_ends.as_mut().reset(until);
            }
            if patience_ends.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if until <= Instant::now() {
                tracing::debug!("closed a connection that was quiet for too long");
                return Poll::Ready(());
            }
            patience_ends.as_mut().reset(until);
        }
    })
    .await;
}

/// hyper's HTTP/1.1, without its header timeout (see `pulse.rs` for why) and with the gate's limit on heads.
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(HEAD_LIMIT);
    builder
}

/// Asks the router, and keeps the exchange open until hyper has taken the whole answer.
async fn answer(
    router: Router,
    peer: IpAddr,
    mut request: Request<Incoming>,
    exchange: Exchange,
) -> Result<Response<impl HttpBody<Data = Bytes, Error = axum::Error>>, Infallible> {
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    request.extensions_mut().insert(Peer(peer));
    let mut response = router.oneshot(request.map(Body::new)).await?;
    if chunked {
        // The gate lets everything behind a chunked request pass as its body, so no request may follow.
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // The exchange goes along with the body, which hyper drops when it has taken the last byte.
    Ok(response.map(|body| {
        body.map_err(move |problem| {
            let _still_open = &exchange;
            problem
        })
    }))
}
