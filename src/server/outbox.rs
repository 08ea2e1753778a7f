//! Keeps small what waits for a slow reader: a body that gave 64 kB (the first 32 kB) gives more only when the socket has taken them.
//! hyper by itself gathers 400 kB for each connection, and a limit there would slow down uploads as well.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use axum::body::HttpBody;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::zero_copy::{PROOF, stands_in};

/// Bytes that may wait; the last frame may go beyond it.
const ROOM: u64 = 64 * 1024;

/// Bytes that may wait on a connection that has not taken [`PROOF`] yet, so that thousands that never do are cheap.
const FIRST_ROOM: u64 = ROOM / 2;

/// The bytes of one connection between its body and its socket.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// Bytes that the body gave since it was last empty.
    given: u64,
    /// Bytes that the socket took since then, with those of heads and chunk sizes.
    taken: u64,
    /// Bytes that the socket took since the connection began.
    total: u64,
    /// Whether there was no room left, and the socket has not taken everything since.
    is_full: bool,
    /// Whom to wake when the socket takes some.
    waker: Option<Waker>,
}

impl Outbox {
    /// Records that the socket took bytes.
    pub fn take(&self, bytes: usize) {
        let mut state = self.state();
        state.taken = state.taken.saturating_add(length(bytes));
        state.total = state.total.saturating_add(length(bytes));
        if state.taken < state.given {
            // A body that is woken before there is room would wake itself again and again.
            return;
        }
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn begin(&self) {
        let mut state = self.state();
        (state.given, state.taken, state.is_full) = (0, 0, false);
    }

    fn give(&self, bytes: usize) {
        let mut state = self.state();
        state.given = state.given.saturating_add(length(bytes));
        let room = if state.total < PROOF {
            FIRST_ROOM
        } else {
            ROOM
        };
        state.is_full |= state.given.saturating_sub(state.taken) >= room;
    }

    /// Ready when the body may give more. One that had filled the room waits until it is empty: it then reads as much again, in one
    /// go.
    fn poll_room(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.taken >= state.given {
            // Heads and chunk sizes were taken as well; counted on, they would make room for as much more.
            (state.given, state.taken, state.is_full) = (0, 0, false);
        }
        if !state.is_full {
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
        if self.outbox.poll_room(cx).is_pending() {
            return Poll::Pending;
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            // What stands in for a piece of a file takes no memory.
            let data = frame.data_ref().filter(|data| !stands_in(data));
            self.outbox.give(data.map_or(0, Bytes::len));
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
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use futures_util::FutureExt;
    use http_body_util::BodyExt;

    use super::*;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_body_is_woken_once_and_not_by_a_socket_that_takes_nothing() {
        let outbox = Outbox::default();
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(Arc::clone(&wakes));
        outbox.give(usize::try_from(ROOM).unwrap());
        assert!(outbox.poll_room(&Context::from_waker(&waker)).is_pending());
        for taken in [0, 0, 1000, 0] {
            outbox.take(taken);
            assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
        }
        for _ in 0..2 {
            outbox.take(usize::try_from(ROOM).unwrap());
            assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        }
    }

    #[tokio::test]
    async fn half_as_much_waits_for_a_reader_that_has_not_read_anything_yet() {
        let piece = usize::try_from(FIRST_ROOM).unwrap();
        let outbox = Arc::new(Outbox::default());
        let pieces = (0..20).map(|_| Ok::<_, axum::Error>(Bytes::from(vec![0; piece])));
        let body =
            axum::body::Body::from_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
        let mut body = HeldBack::new(body, Arc::clone(&outbox));
        for _ in 0..PROOF / FIRST_ROOM {
            assert!(body.frame().now_or_never().is_some());
            assert!(body.frame().now_or_never().is_none());
            outbox.take(piece);
        }
        for _ in 0..ROOM / FIRST_ROOM {
            assert!(body.frame().now_or_never().is_some());
        }
        assert!(body.frame().now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_body_that_filled_the_room_waits_until_the_socket_took_everything() {
        let room = usize::try_from(ROOM).unwrap();
        let outbox = Arc::new(Outbox::default());
        let pieces = [room / 2, room / 2, 50, 0, room, 7];
        let pieces = pieces.map(|size| Ok::<_, axum::Error>(Bytes::from(vec![0; size])));
        let body = axum::body::Body::from_stream(futures_util::stream::iter(pieces));
        let mut body = HeldBack::new(body, Arc::clone(&outbox));
        // Its reader is known to read.
        outbox.take(usize::try_from(PROOF).unwrap());
        let size = |frame: Option<Result<Frame<Bytes>, axum::Error>>| {
            frame.map(|frame| frame.unwrap().into_data().unwrap().len())
        };
        for _ in 0..2 {
            assert_eq!(size(body.frame().await), Some(room / 2));
        }
        assert!(body.frame().now_or_never().is_none());
        outbox.take(room - 1);
        assert!(body.frame().now_or_never().is_none());
        // The waiting task is woken by the last byte.
        let waiting = tokio::spawn(async move { (size(body.frame().await), body) });
        tokio::task::yield_now().await;
        outbox.take(1);
        let (third, mut body) = waiting.await.unwrap();
        assert_eq!(third, Some(50));
        // There is room for more while it is not full.
        assert_eq!(size(body.frame().await), Some(0));
        assert_eq!(size(body.frame().await), Some(room));
        assert!(body.frame().now_or_never().is_none());
        // What was taken beyond it, such as a head, is no harm.
        outbox.take(room + 90);
        assert_eq!(size(body.frame().await), Some(7));
        assert_eq!(size(body.frame().await), None);
        // Another answer on the same connection begins anew.
        let mut next = HeldBack::new(axum::body::Body::from("abc"), outbox);
        assert_eq!(size(next.frame().await), Some(3));
        assert_eq!(size(next.frame().await), None);
    }
}
