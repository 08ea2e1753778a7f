//! Decides when a connection has been idle for too long. The socket and the service record activity, and the connection asks for its
//! deadline, which depends on what it waits for.
//!
//! hyper's header timeout would not do: it also runs between two requests, so at 10 s it would close every idle keep-alive connection,
//! and at 60 s a client with half a head would keep its slot.
//!
//! All of it happens while the connection is polled, by one task at a time, so the atomics need no order among each other; and the
//! clock is read once for each poll, when the deadline is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

/// How long a connection may be idle, by what it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the first byte of a head to its last; also from accepting a connection to its first head. Half a head that came together
    /// with the request before it counts from its next byte, and until then as idle.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// During a request without a byte read or written: a handler that works, or a body that does not come. The handlers of forms and
    /// uploads have shorter limits.
    pub exchange: Duration,
    /// While an answer waits for its reader to take more: a paused player takes nothing for minutes and then goes on.
    pub pause: Duration,
    /// After the last answer, until the visitor has sent what nobody reads any more and closes the connection.
    pub unread: Duration,
}

/// The activity of one connection.
#[derive(Debug)]
pub struct IdleTimer {
    opened: Instant,
    /// When the last byte of a request's body was read or of an answer written; nanoseconds after `opened`, as the next one.
    moved: AtomicU64,
    /// When the first byte of an incomplete head arrived. Counts while `in_head`.
    head_began: AtomicU64,
    /// Whether something moved after `moved` was set.
    stirred: AtomicBool,
    in_head: AtomicBool,
    /// Whether the head began after `head_began` was set.
    head_is_new: AtomicBool,
    /// Whether any request arrived.
    used: AtomicBool,
    /// Number of requests whose answers are not complete.
    under_way: AtomicUsize,
    /// Whether the last request has a body.
    has_body: AtomicBool,
    /// Whether that was not read to its end, so that what arrives may be part of it.
    is_unread: AtomicBool,
    /// Whether hyper has bytes that the kernel has not taken.
    unsent: AtomicBool,
    /// Whether nothing more is answered, because the last request was left unread.
    is_last: AtomicBool,
}

impl IdleTimer {
    /// The timer of a new connection.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            moved: AtomicU64::new(0),
            head_began: AtomicU64::new(0),
            stirred: AtomicBool::new(false),
            in_head: AtomicBool::new(false),
            head_is_new: AtomicBool::new(false),
            used: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
            has_body: AtomicBool::new(false),
            is_unread: AtomicBool::new(false),
            unsent: AtomicBool::new(false),
            is_last: AtomicBool::new(false),
        })
    }

    /// The deadline of the connection if there is no activity until then.
    pub fn until(&self, patience: &Patience) -> Instant {
        self.note_times();
        let moved = self.opened + Duration::from_nanos(self.moved.load(Relaxed));
        if self.is_last.load(Relaxed) {
            moved + patience.unread
        } else if self.unsent.load(Relaxed) {
            moved + patience.pause
        } else if self.under_way.load(Relaxed) > 0 {
            moved + patience.exchange
        } else if self.in_head.load(Relaxed) {
            // A head that arrives during the previous answer is read, and its time begins, at the end of that answer.
            self.opened + Duration::from_nanos(self.head_began.load(Relaxed)) + patience.head
        } else if self.used.load(Relaxed) {
            moved + patience.idle
        } else {
            self.opened + patience.head
        }
    }

    /// Whether no request is being answered.
    pub fn is_quiet(&self) -> bool {
        self.under_way.load(Relaxed) == 0
            && !self.unsent.load(Relaxed)
            && !self.is_last.load(Relaxed)
    }

    /// Whether a request without a body is being answered: who sends one may close the sending side after it, and still reads.
    pub fn only_answers(&self) -> bool {
        self.under_way.load(Relaxed) > 0 && !self.has_body.load(Relaxed)
    }

    /// Records that the body of the last request was read to its end.
    pub fn has_read_body(&self) {
        self.is_unread.store(false, Relaxed);
    }

    /// Whether what arrives may be part of a body.
    pub fn has_unread_body(&self) -> bool {
        self.is_unread.load(Relaxed)
    }

    /// Records that nothing more will be answered. Returns whether the rest of a request may still come.
    pub fn ends(&self) -> bool {
        let may_come = self.is_unread.load(Relaxed) || self.in_head.load(Relaxed);
        if may_come && !self.is_last.swap(true, Relaxed) {
            self.stirred.store(true, Relaxed);
        }
        may_come
    }

    /// Records bytes that arrived.
    pub fn read(&self, bytes: &[u8]) {
        if self.under_way.load(Relaxed) > 0 {
            self.stirred.store(true, Relaxed);
        } else if !self.in_head.load(Relaxed) && !bytes.iter().all(|byte| b"\r\n".contains(byte)) {
            // RFC 9112 §2.2: an empty line before a request line is ignored. It is no head, so it does not move the deadline.
            self.in_head.store(true, Relaxed);
            self.head_is_new.store(true, Relaxed);
        }
    }

    /// Records that hyper has bytes to send; `taken` says whether the kernel took some of them.
    pub fn sending(&self, taken: bool) {
        self.unsent.store(true, Relaxed);
        if taken {
            self.stirred.store(true, Relaxed);
        }
    }

    /// Records that hyper has nothing to send: it flushes only after its last byte was taken.
    pub fn sent(&self) {
        self.unsent.store(false, Relaxed);
    }

    fn note_times(&self) {
        let stirred = self.stirred.swap(false, Relaxed);
        let head_is_new = self.head_is_new.swap(false, Relaxed);
        if stirred || head_is_new {
            let now = u64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(u64::MAX);
            if stirred {
                self.moved.store(now, Relaxed);
            }
            if head_is_new {
                self.head_began.store(now, Relaxed);
            }
        }
    }
}

/// One request with its answer, from the end of its head until hyper has taken the last byte of the answer or dropped it.
#[derive(Debug)]
pub struct Exchange(Arc<IdleTimer>);

impl Exchange {
    /// Records that a head has arrived. The exchange ends when this is dropped, also when a handler panics.
    pub fn begin(idle_timer: &Arc<IdleTimer>, has_body: bool) -> Self {
        idle_timer.in_head.store(false, Relaxed);
        idle_timer.head_is_new.store(false, Relaxed);
        idle_timer.used.store(true, Relaxed);
        idle_timer.has_body.store(has_body, Relaxed);
        idle_timer.is_unread.store(has_body, Relaxed);
        idle_timer.under_way.fetch_add(1, Relaxed);
        idle_timer.stirred.store(true, Relaxed);
        Self(Arc::clone(idle_timer))
    }

    /// Whether some of the body of the request was not read.
    pub fn has_unread_body(&self) -> bool {
        self.0.has_unread_body()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Relaxed);
    }
}
