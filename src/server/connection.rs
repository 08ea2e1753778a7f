//! One connection, from accepting it to its end: hyper reads requests and writes answers, the [`IdleTimer`] decides when waiting
//! ends, and [`Stop`] when no further request is accepted.

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
use super::outbox::{HeldBack, Outbox};
use super::socket::Socket;
use crate::people::address::Peer;

/// Serves one connection to its end. No end is an error, also when the visitor disconnects.
pub async fn attend(
    stream: TcpStream,
    peer: IpAddr,
    router: Router,
    patience: Patience,
    stop: Stop,
) {
    let idle_timer = IdleTimer::new();
    let outbox = Arc::new(Outbox::default());
    let socket = match Socket::new(stream, Arc::clone(&idle_timer), Arc::clone(&outbox)) {
        Ok(socket) => socket,
        Err(cause) => {
            tracing::debug!(%cause, "a connection was gone before it was taken");
            return;
        }
    };
    let answering = Arc::clone(&idle_timer);
    let service = service_fn(move |request| {
        let exchange = Exchange::of(&answering);
        answer(router.clone(), peer, request, exchange, Arc::clone(&outbox))
    });
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
        // The timer may fire too early: activity only extends the deadline, which is checked when it fires, and only an earlier
        // deadline resets it.
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

/// The HTTP/1.1 builder of hyper without its header timeout (`idle_timer.rs` says why), and with the size limit of the gate for
/// heads.
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(HEAD_LIMIT);
    builder
}

/// Calls the router, and keeps the exchange open until hyper has taken the whole answer.
async fn answer(
    router: Router,
    peer: IpAddr,
    mut request: Request<Incoming>,
    exchange: Exchange,
    outbox: Arc<Outbox>,
) -> Result<Response<impl HttpBody<Data = Bytes, Error = axum::Error>>, Infallible> {
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    request.extensions_mut().insert(Peer(peer));
    let mut response = router.oneshot(request.map(Body::new)).await?;
    if chunked {
        // The gate passes all bytes after a chunked request as its body, so no other request may follow.
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // The exchange is stored in the body, which hyper drops after taking the last byte.
    Ok(response.map(|body| {
        let body = body.map_err(move |problem| {
            let _still_open = &exchange;
            problem
        });
        HeldBack::new(body, outbox)
    }))
}
