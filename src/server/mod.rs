//! The accept loop. A listener and the router come in; connections are taken, limited, timed and, when the program is
//! asked to stop, seen out. What a request means is never decided here, and no visitor's address is kept or logged: it goes
//! along with the request, for the one who slows guessing down, and ends with it.
//!
//! `axum::serve` is not used because it sets no timer (a half-sent head stays for ever), no TCP_NODELAY and no end to
//! its drain, and because media has to leave through a socket of ours.
//!
//! - [`head`]: the gate: which request heads are beyond doubt (pure)
//! - [`socket`]: the wrapped socket: the gate on the way in, hyper's own slices on the way out
//! - [`idle_timer`]: how long a connection may be quiet, by what it waits for
//! - `connection`: one connection, from its start to its end
//! - [`stop`]: the word to stop

mod connection;
pub mod head;
pub mod idle_timer;
pub mod socket;
pub mod stop;

use std::io;
use std::time::Duration;

use axum::Router;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use idle_timer::Patience;
pub use stop::{Stop, Stopper};

/// How many connections, and how long each may be quiet.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long each may be quiet.
    pub patience: Patience,
    /// Connections open at once, at least one. Those beyond wait in the kernel's queue.
    pub connections: usize,
    /// After the word to stop: how long answers under way may still run.
    pub drain: Duration,
}

/// The most connections however many files the machine allows: at about 11 kB each, 110 MB.
const MOST_CONNECTIONS: usize = 10_000;
/// Descriptors for what is no connection: the database and its log, files being scanned, pipes to ffmpeg.
const RESERVED_FILES: u64 = 256;

impl Default for Limits {
    /// 10 s for a head, a minute between requests, five without a byte, 20 s to drain, and as many connections as the descriptors allow.
    fn default() -> Self {
        Self {
            patience: Patience {
                head: Duration::from_secs(10),
                idle: Duration::from_secs(60),
                exchange: Duration::from_secs(5 * 60),
            },
            connections: connections_within(getrlimit(Resource::Nofile).current),
            drain: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// The default after asking the kernel for as many descriptors as this program may have and can use. The limit
    /// most systems start a program with (1,024) is a relic of `select`, which nothing here calls.
    pub fn of_this_machine() -> Self {
        let now = getrlimit(Resource::Nofile);
        let wanted = 2 * u64::try_from(MOST_CONNECTIONS).unwrap_or(u64::MAX / 2) + RESERVED_FILES;
        let most = now.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        if now.current.is_some_and(|current| current < most) {
            let raised = Rlimit {
                current: Some(most),
                maximum: now.maximum,
            };
            if let Err(cause) = setrlimit(Resource::Nofile, raised) {
                tracing::debug!(%cause, "the limit on open files stays as it is");
            }
        }
        Self::default()
    }
}

/// How many connections so many descriptors allow (`None`: any number): each needs one, and one for the file it plays.
/// Where descriptors are very few, a quarter of them is reserved.
fn connections_within(descriptors: Option<u64>) -> usize {
    let Some(descriptors) = descriptors else {
        return MOST_CONNECTIONS;
    };
    let free = descriptors - RESERVED_FILES.min(descriptors / 4);
    usize::try_from(free / 2)
        .unwrap_or(MOST_CONNECTIONS)
        .clamp(1, MOST_CONNECTIONS)
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Answers that were still running when the time to drain was over, and were cut.
    pub streams_cut: usize,
}

/// Accepts connections and answers them with `router` until `stop` is given. Then the listener is closed at once, idle
/// connections are closed, answers under way finish or are cut after [`Limits::drain`].
///
/// A handler that panics takes its own connection with it and nothing else; turning the panic into a 500 is the
/// router's matter.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: Stop) -> Drained {
    let mut open = JoinSet::new();
    let mut backoff = Backoff::default();
    loop {
        tokio::select! {
            biased;
            () = stop.asked() => break,
            Some(ended) = open.join_next() => note_end(ended),
            accepted = listener.accept(), if open.len() < limits.connections.max(1) => match accepted {
                Ok((stream, address)) => {
                    backoff.taken();
                    open.spawn(connection::attend(stream, address.ip(), router.clone(), limits.patience, stop.clone()));
                }
                Err(cause) => if let Some(pause) = backoff.before_next(&cause) {
                    tokio::select! { () = stop.asked() => break, () = sleep(pause) => {} }
                },
            },
        }
    }
    drop(listener);
    drain(open, limits.drain).await
}

/// Sees the open connections out; each has heard the word to stop itself.
async fn drain(mut open: JoinSet<()>, patience: Duration) -> Drained {
    let all_ended = async {
        while let Some(ended) = open.join_next().await {
            note_end(ended);
        }
    };
    if timeout(patience, all_ended).await.is_ok() {
        return Drained { streams_cut: 0 };
    }
    while let Some(ended) = open.try_join_next() {
        note_end(ended);
    }
    let streams_cut = open.len();
    // A handler that does not come to an await cannot be cut; the process ends without it.
    let _ = timeout(CUTTING, open.shutdown()).await;
    tracing::info!(streams_cut, "cut the answers that were still running");
    Drained { streams_cut }
}

/// How long cutting may take; it is a matter of microseconds unless a handler blocks.
const CUTTING: Duration = Duration::from_secs(1);

fn note_end(ended: Result<(), JoinError>) {
    if ended.is_err_and(|cause| cause.is_panic()) {
        tracing::error!("a handler panicked and took its connection with it");
    }
}

/// The pauses between failing accepts, so that a machine without descriptors is not kept busy asking for one.
#[derive(Debug, Default)]
struct Backoff {
    failed: u32,
}

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Backoff {
    /// How long to wait after a failed accept; `None` when only that one connection failed. Logged once per row of
    /// failures.
    fn before_next(&mut self, cause: &io::Error) -> Option<Duration> {
        // accept(2): errors of the connection itself are reported by accept; the next one may be fine.
        if matches!(
            cause.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionRefused
                | io::ErrorKind::Interrupted
        ) {
            tracing::debug!(%cause, "a connection was gone before it was accepted");
            return None;
        }
        // EMFILE, ENFILE, ENOBUFS, ENOMEM: nothing is taken from the queue, so asking again at once fails again.
        if self.failed == 0 {
            tracing::error!(%cause, "cannot accept connections; trying again");
        }
        let pause = FIRST_PAUSE
            .saturating_mul(1 << self.failed.min(8))
            .min(LONGEST_PAUSE);
        self.failed = self.failed.saturating_add(1);
        Some(pause)
    }

    fn taken(&mut self) {
        if self.failed > 0 {
            tracing::info!(failures = self.failed, "accepting connections again");
            self.failed = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_into_the_descriptors() {
        for (descriptors, connections) in [
            (None, 10_000),
            (Some(0), 1),
            (Some(20), 7),
            (Some(256), 96),
            (Some(1_024), 384),
            (Some(20_256), 10_000),
            (Some(u64::MAX), 10_000),
        ] {
            assert_eq!(
                connections_within(descriptors),
                connections,
                "{descriptors:?}"
            );
        }
    }

    #[test]
    fn a_machine_without_descriptors_is_given_a_breath() {
        let mut backoff = Backoff::default();
        let empty = io::Error::from_raw_os_error(24);
        let pauses: Vec<_> = (0..7).map(|_| backoff.before_next(&empty)).collect();
        let ms = |n| Some(Duration::from_millis(n));
        assert_eq!(
            pauses,
            [
                ms(50),
                ms(100),
                ms(200),
                ms(400),
                ms(800),
                ms(1000),
                ms(1000)
            ]
        );
        backoff.taken();
        assert_eq!(backoff.before_next(&empty), ms(50));
    }

    #[test]
    fn a_connection_that_aborts_itself_holds_up_nobody() {
        let aborted = io::Error::from(io::ErrorKind::ConnectionAborted);
        assert_eq!(Backoff::default().before_next(&aborted), None);
    }
}
