//! Keeps small what waits for a slow reader: a body gives its next bytes only when the socket has taken the ones before. hyper by
//! itself gathers 400 kB for each connection, and a limit there would slow down uploads as well.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use axum::body::HttpBody;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

/// The bytes of one connection between its body and its socket.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Bytes that the body gave since the answer began.
    given: u64,
    /// Bytes that the socket took since then, with those of heads and chunk sizes.
    taken: u64,
    /// Whom to wake when the socket takes some.
    waker: Option<Waker>,
}

impl Outbox {
    /// Records that the socket took bytes.
    pub fn take(&self, bytes: usize) {
        let mut state = self.state();
        state.taken = state.taken.saturating_add(length(bytes));
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn begin(&self) {
        let mut state = self.state();
        (state.given, state.taken) = (0, 0);
    }

    fn give(&self, bytes: usize) {
        let mut state = self.state();
        state.given = state.given.saturating_add(length(bytes));
    }

    /// Ready when the socket has taken all that the body gave.
    fn poll_empty(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.taken >= state.given {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    fn state(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// A body that waits for the socket.
pub struct HeldBack<B> {
    body: B,
    outbox: Arc<Outbox>,
}

impl<B> HeldBack<B> {
    /// The body of an answer that begins now.
    pub fn new(body: B, outbox: Arc<Outbox>) -> Self {
        outbox.begin();
        Self { body, outbox }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for HeldBack<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.outbox.poll_empty(cx).is_pending() {
            return Poll::Pending;
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.outbox.give(frame.data_ref().map_or(0, Bytes::len));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_body_waits_until_the_socket_took_what_it_gave() {
        let outbox = Arc::new(Outbox::default());
        let pieces = [100, 50, 0, 7].map(|size| Ok::<_, axum::Error>(Bytes::from(vec![0; size])));
        let body = axum::body::Body::from_stream(futures_util::stream::iter(pieces));
        let mut body = HeldBack::new(body, Arc::clone(&outbox));
        let size = |frame: Option<Result<Frame<Bytes>, axum::Error>>| {
            frame.map(|frame| frame.unwrap().into_data().unwrap().len())
        };
        assert_eq!(size(body.frame().await), Some(100));
        assert!(body.frame().now_or_never().is_none());
        outbox.take(99);
        assert!(body.frame().now_or_never().is_none());
        // The waiting task is woken by the last byte.
        let waiting = tokio::spawn(async move { (size(body.frame().await), body) });
        tokio::task::yield_now().await;
        outbox.take(1);
        let (second, mut body) = waiting.await.unwrap();
        assert_eq!(second, Some(50));
        outbox.take(60);
        // What was taken beyond it, such as a head, lets an empty piece and the next one pass.
        assert_eq!(size(body.frame().await), Some(0));
        assert_eq!(size(body.frame().await), Some(7));
        assert_eq!(size(body.frame().await), None);
        // Another answer on the same connection begins anew.
        let mut next = HeldBack::new(axum::body::Body::from("abc"), outbox);
        assert_eq!(size(next.frame().await), Some(3));
        assert_eq!(size(next.frame().now_or_never().flatten()), None);
    }
}
