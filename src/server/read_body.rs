//! The body of a request, which tells the [`IdleTimer`] when nothing more of it can come. In: the body as hyper reads it. Out: the same.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::idle_timer::IdleTimer;

/// A body that is being read.
pub struct ReadBody {
    body: Incoming,
    idle_timer: Arc<IdleTimer>,
}

impl ReadBody {
    pub fn new(body: Incoming, idle_timer: &Arc<IdleTimer>) -> Self {
        Self {
            body,
            idle_timer: Arc::clone(idle_timer),
        }
    }
}

impl Body for ReadBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.idle_timer.has_read_body();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
