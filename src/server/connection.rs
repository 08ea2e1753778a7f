//! One connection, from accepting it to its end: hyper reads requests and writes answers, the [`IdleTimer`] decides when waiting
//! ends, and [`Stop`] when no further request is accepted. What hyper reads as a request and no server may answer as one is refused
//! here.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::HttpBody;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Version, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::Stop;
use super::answers::Answers;
use super::idle_timer::{Exchange, IdleTimer, Patience};
use super::outbox::{HeldBack, Outbox};
use super::read_body::ReadBody;
use super::socket::Socket;
use crate::people::per_sender::Place;
use crate::zero_copy::Pieces;

/// Serves one connection to its end. No end is an error, also when the visitor disconnects.
pub async fn attend(
    stream: TcpStream,
    peer: IpAddr,
    answers: Answers,
    patience: Patience,
    stop: Stop,
) {
    let idle_timer = IdleTimer::new();
    let outbox = Arc::new(Outbox::default());
    let pieces = Pieces::default();
    let socket = Socket::new(
        stream,
        Arc::clone(&idle_timer),
        Arc::clone(&outbox),
        pieces.clone(),
    );
    let gone = |cause: &_| tracing::debug!(%cause, "a connection was gone before it was taken");
    let Ok(socket) = socket.inspect_err(gone) else {
        return;
    };
    let answering = Arc::clone(&idle_timer);
    let service = service_fn(move |request: Request<Incoming>| {
        let exchange = Exchange::begin(&answering, !request.body().is_end_stream());
        let request = request.map(|body| ReadBody::new(body, &answering));
        let (answers, outbox) = (answers.clone(), Arc::clone(&outbox));
        answer(answers, (peer, pieces.clone()), request, exchange, outbox)
    });
    let mut connection = pin!(builder().serve_connection(TokioIo::new(socket), service));
    let mut stopping = pin!(stop.asked());
    let mut stopped = false;
    let mut patience_ends = pin!(sleep_until(idle_timer.until(&patience)));

    poll_fn(|cx| {
        if !stopped && stopping.as_mut().poll(cx).is_ready() {
            stopped = true;
            if idle_timer.is_quiet() {
                return Poll::Ready(());
            }
            connection.as_mut().graceful_shutdown();
        }
        if let Poll::Ready(end) = connection.as_mut().poll(cx) {
            if let Err(cause) = end {
                tracing::debug!(%cause, "a connection broke");
            }
            return Poll::Ready(());
        }
        if stopped && idle_timer.is_quiet() {
            // hyper would wait for the rest of a head that has begun.
            return Poll::Ready(());
        }
        // The timer may fire too early: activity only extends the deadline, which is checked when it fires, and only an earlier
        // deadline resets it.
        loop {
            let until = idle_timer.until(&patience_now(&patience, stopped));
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

/// The patience before a stop, and after it: then visitors who have their answer and still send are not waited for long.
fn patience_now(patience: &Patience, stopped: bool) -> Patience {
    const UNREAD: Duration = Duration::from_secs(3);
    match stopped {
        true => Patience {
            unread: patience.unread.min(UNREAD),
            ..*patience
        },
        false => *patience,
    }
}

/// The largest head in bytes; a larger one gets 431. Browsers send less than 2 kB; the rest is for cookies of other programs on the
/// same host and a long Range.
const HEAD_LIMIT: usize = 32 * 1024;

/// The HTTP/1.1 builder of hyper with its limits. A head of more than 100 fields gets 431, as it does of itself. Only the [`IdleTimer`]
/// decides when waiting ends: hyper's own timer runs between two requests as well, and would be set anew for each.
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        // Whether a visitor has left the socket notices by itself, without hyper's second buffer of 8 KiB (`socket.rs`).
        .half_close(true)
        .max_header_size(HEAD_LIMIT);
    builder
}

/// Has the request answered, and keeps the exchange open until hyper has taken the whole answer.
async fn answer(
    answers: Answers,
    (peer, pieces): (IpAddr, Pieces),
    request: Request<ReadBody>,
    exchange: Exchange,
    outbox: Arc<Outbox>,
) -> Result<Response<impl HttpBody<Data = Bytes, Error = axum::Error>>, Infallible> {
    let flaw = flaw(&request);
    // RFC 9112 §11.2: no reading of chunks may decide where another request begins, so such a request is the last.
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let shared = pieces.clone();
    let (mut response, place) = match flaw {
        None => answers.answer(request, peer, pieces).await?,
        Some(flaw) => {
            tracing::debug!(flaw, "refused a request");
            (StatusCode::BAD_REQUEST.into_response(), None)
        }
    };
    // RFC 9112 §9.6: who sends a body that nobody reads is told that nothing after it is read either.
    if flaw.is_some() || is_chunked || exchange.has_unread_body() {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let under_way = UnderWay {
        pieces: shared,
        kept: Some((exchange, place)),
    };
    // It is stored in the body, which hyper drops after taking the last byte.
    Ok(response.map(|body| {
        let body = body.map_err(move |problem| {
            let _still_open = &under_way;
            problem
        });
        HeldBack::new(body, outbox)
    }))
}

/// An answer that is being sent. hyper is done with it when the last pieces of a file were given, which may be far from sent.
struct UnderWay {
    pieces: Pieces,
    kept: Option<(Exchange, Option<Arc<Place>>)>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.pieces.keep_until_sent(self.kept.take());
    }
}

/// What is wrong with a request that hyper has read without complaint.
fn flaw<B>(request: &Request<B>) -> Option<&'static str> {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    // RFC 9112 §3.2: without Host only in HTTP/1.0, never with two, and never with one that is no host.
    let host_is_wrong = match hosts.next() {
        None => request.version() == Version::HTTP_11,
        Some(host) => hosts.next().is_some() || !host.as_bytes().iter().all(may_stand_in_host),
    };
    // RFC 9112 §6.1: hyper looks whether the last encoding is `chunked`; those before it nobody decodes, and twice is not allowed.
    let encoding_is_wrong = encodings.next().is_some_and(|encoding| {
        encodings.next().is_some() || !encoding.as_bytes().eq_ignore_ascii_case(b"chunked")
    });
    if host_is_wrong {
        Some("Host is missing, repeated or no host")
    } else if encoding_is_wrong {
        Some("Transfer-Encoding is not one `chunked`")
    } else if request.method() == Method::CONNECT {
        // RFC 9110 §9.3.6: only proxies support it, and after it bytes are no longer requests.
        Some("CONNECT")
    } else {
        None
    }
}

/// Whether a byte may occur in Host (RFC 3986 §3.2.2 and §3.2.3): a name, address or bracketed address, and a port. A comma is
/// refused although a name may have one, because it joins two Host fields.
fn may_stand_in_host(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:[]".contains(byte)
}
