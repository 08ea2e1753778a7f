//! When a connection has been quiet for too long. The socket notes what moves, the connection asks until when it may
//! wait; what it waits for decides how long.
//!
//! hyper has one timer for all of this, the header timeout, and it also runs between two requests: at 10 s it would cut
//! every idle keep-alive connection, at 60 s it would leave a slot to whoever sends half a head. So it stays off and the
//! times are kept here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a connection may be quiet, by what it is waiting for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the first byte of a head to its last; also from accepting to the first head.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// During a request: without one byte read or written. A paused player reads nothing for minutes and is honest; when
    /// it goes on it asks for the rest by range. An upload is held to a shorter time by its own handler.
    pub exchange: Duration,
}

/// What is known of one connection's movements.
#[derive(Debug)]
pub struct IdleTimer(Mutex<Movements>);

#[derive(Debug)]
struct Movements {
    opened: Instant,
    /// The last byte of a request's body read, or of an answer written.
    moved: Instant,
    /// The first byte of a head that is not whole yet.
    head_began: Option<Instant>,
    /// Whether any request came at all.
    used: bool,
    /// Heads handed to hyper whose answers hyper has not yet taken whole.
    under_way: usize,
    /// hyper has bytes that the kernel has not taken.
    unsent: bool,
}

impl IdleTimer {
    /// A connection accepted just now.
    pub fn new() -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self(Mutex::new(Movements {
            opened: now,
            moved: now,
            head_began: None,
            used: false,
            under_way: 0,
            unsent: false,
        })))
    }

    /// The moment at which the connection will have been quiet for too long, if nothing moves until then.
    pub fn until(&self, patience: &Patience) -> Instant {
        let state = self.state();
        if state.under_way > 0 || state.unsent {
            state.moved + patience.exchange
        } else if let Some(began) = state.head_began {
            // A head that arrived in half while the answer before it was still running has its time from the end of that.
            began.max(state.moved) + patience.head
        } else if state.used {
            state.moved + patience.idle
        } else {
            state.opened + patience.head
        }
    }

    /// A head has begun to arrive; said again for each of its pieces.
    pub fn head_arrives(&self) {
        self.state().head_began.get_or_insert_with(Instant::now);
    }

    /// A head is whole and goes to hyper.
    pub fn exchange_begins(&self) {
        let mut state = self.state();
        state.head_began = None;
        state.used = true;
        state.under_way += 1;
        state.moved = Instant::now();
    }

    /// Bytes of a body came in.
    pub fn read(&self) {
        self.state().moved = Instant::now();
    }

    /// hyper has something to send; `taken` says whether the kernel took some of it.
    pub fn sending(&self, taken: bool) {
        let mut state = self.state();
        state.unsent = true;
        if taken {
            state.moved = Instant::now();
        }
    }

    /// hyper has nothing more to send at the moment: it flushes only after its last byte was taken.
    pub fn sent(&self) {
        self.state().unsent = false;
    }

    fn state(&self) -> MutexGuard<'_, Movements> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request with its answer, from the handler's start until hyper has taken the answer's last byte or dropped it.
#[derive(Debug)]
pub struct Exchange(Arc<IdleTimer>);

impl Exchange {
    /// The other end of [`Pulse::exchange_begins`]: ends it when dropped, also when a handler panics.
    pub fn of(idle_timer: &Arc<IdleTimer>) -> Self {
        Self(Arc::clone(idle_timer))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way = state.under_way.saturating_sub(1);
    }
}
