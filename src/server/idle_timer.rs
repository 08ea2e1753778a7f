//! Decides when a connection has been idle for too long. The socket records activity, and the connection asks for its deadline,
//! which depends on what it waits for.
//!
//! hyper's header timeout also runs between two requests: at 10 s it would close every idle keep-alive connection, and at 60 s a
//! client with half a head would keep its slot. So that timeout is off, and the times are kept here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a connection may be idle, by what it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the first byte of a head to its last; also from accepting a connection to its first head.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// During a request without a byte read or written. A paused player reads nothing for minutes; when it continues it requests
    /// the rest by range. The handler of uploads has a shorter limit.
    pub exchange: Duration,
}

/// The activity of one connection.
#[derive(Debug)]
pub struct IdleTimer(Mutex<Movements>);

#[derive(Debug)]
struct Movements {
    opened: Instant,
    /// When the last byte of a request's body was read or of an answer written.
    moved: Instant,
    /// When the first byte of an incomplete head arrived.
    head_began: Option<Instant>,
    /// Whether any request arrived.
    used: bool,
    /// Number of heads given to hyper whose answers are not complete.
    under_way: usize,
    /// Whether hyper has bytes that the kernel has not taken.
    unsent: bool,
}

impl IdleTimer {
    /// The timer of a new connection.
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

    /// The deadline of the connection if there is no activity until then.
    pub fn until(&self, patience: &Patience) -> Instant {
        let state = self.state();
        if state.under_way > 0 || state.unsent {
            state.moved + patience.exchange
        } else if let Some(began) = state.head_began {
            // The time for a head that arrived partly during the previous answer begins at the end of that answer.
            began.max(state.moved) + patience.head
        } else if state.used {
            state.moved + patience.idle
        } else {
            state.opened + patience.head
        }
    }

    /// Records that bytes of a head arrived; only the first call for a head counts.
    pub fn head_arrives(&self) {
        self.state().head_began.get_or_insert_with(Instant::now);
    }

    /// Records that a complete head goes to hyper.
    pub fn exchange_begins(&self) {
        let mut state = self.state();
        state.head_began = None;
        state.used = true;
        state.under_way += 1;
        state.moved = Instant::now();
    }

    /// Records that bytes of a body arrived.
    pub fn read(&self) {
        self.state().moved = Instant::now();
    }

    /// Records that hyper has bytes to send; `taken` says whether the kernel took some of them.
    pub fn sending(&self, taken: bool) {
        let mut state = self.state();
        state.unsent = true;
        if taken {
            state.moved = Instant::now();
        }
    }

    /// Records that hyper has nothing to send: it flushes only after its last byte was taken.
    pub fn sent(&self) {
        self.state().unsent = false;
    }

    fn state(&self) -> MutexGuard<'_, Movements> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request with its answer, from the start of the handler until hyper has taken the last byte of the answer or dropped it.
#[derive(Debug)]
pub struct Exchange(Arc<IdleTimer>);

impl Exchange {
    /// The counterpart of [`IdleTimer::exchange_begins`]: ends the exchange when dropped, also when a handler panics.
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
