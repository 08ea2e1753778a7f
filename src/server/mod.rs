//! The accept loop. In: a listener and what gives the answers. Connections are accepted, limited, timed, and drained when the program stops.
//! Requests are not interpreted here, and no address of a visitor is stored or logged: it only accompanies the request, for slowing
//! down password guessing and for sharing connections fairly.
//!
//! `axum::serve` is not used, because it has no timer (a half-sent head would stay for ever), no TCP_NODELAY and no limit for
//! draining, and because media is sent through a socket type of this program.
//!
//! hyper alone reads the requests, so there is no second reader with whom it could disagree about where one ends (request smuggling);
//! the proxies that the README shows send every head anew. A request with a Transfer-Encoding is the last of its connection.
//!
//! - [`socket`]: the wrapped socket, with hyper's own slices for outgoing bytes
//! - `send`: pieces of files, which the kernel sends by itself
//! - [`outbox`]: how many bytes wait for a slow reader
//! - [`idle_timer`]: how long a connection may be idle, by what it waits for
//! - [`answers`]: who answers a request: at once what is known, and the router everything else
//! - `connection`: one connection from its start to its end
//! - [`fair_share`]: how many connections or answers one address may have at a time
//! - [`stop`]: the signal to stop

pub mod answers;
mod connection;
pub mod fair_share;
pub mod idle_timer;
pub mod outbox;
mod read_body;
mod send;
pub mod socket;
pub mod stop;

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use answers::Answers;

use crate::people::per_sender::{PerSender, Place};
use crate::people::{Sender, address};
use idle_timer::Patience;
pub use stop::{Stop, Stopper};

/// Limits on the number and idle time of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long each connection may be idle.
    pub patience: Patience,
    /// Most open connections, at least one. Further ones wait in the queue of the kernel.
    pub connections: usize,
    /// Most open connections from one address. Further ones wait, and those that would wait beyond a thirty-second of all connections are
    /// closed.
    pub per_address: usize,
    /// Networks whose connections are not counted, because they may bring the requests of everyone.
    pub proxies: Vec<IpNet>,
    /// How long answers may run after the signal to stop.
    pub drain: Duration,
}

/// Most connections, however many descriptors the system allows: at about 16 kB each, 160 MB
/// (`cargo bench --bench streaming -- --only idle`).
const MOST_CONNECTIONS: usize = 10_000;
/// Descriptors for other uses than connections and what they send: files that stay open, the database and its log, files being
/// scanned, pipes to ffmpeg.
const RESERVED_FILES: u64 = 512;

impl Default for Limits {
    /// 10 s for a head, a minute between requests, five minutes without a byte, a quarter of an hour without a byte taken by the
    /// reader, half a minute for what nobody reads, 20 s to drain, and as many connections as the descriptors allow.
    fn default() -> Self {
        Self {
            patience: Patience {
                head: Duration::from_secs(10),
                idle: Duration::from_secs(60),
                exchange: Duration::from_secs(5 * 60),
                pause: Duration::from_secs(15 * 60),
                unread: Duration::from_secs(30),
            },
            connections: connections_within(getrlimit(Resource::Nofile).current),
            per_address: MOST_CONNECTIONS,
            proxies: address::may_be_proxies(&[]),
            drain: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// The default limits, after asking the kernel for as many descriptors as the program can use. The usual limit of 1,024 is a
    /// relic of `select`, which this program does not call.
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

/// Number of connections that this many descriptors allow (`None`: unlimited): each needs one, and one for the file it plays. With
/// very few descriptors a quarter of them is reserved.
fn connections_within(descriptors: Option<u64>) -> usize {
    let Some(descriptors) = descriptors else {
        return MOST_CONNECTIONS;
    };
    let free = descriptors - RESERVED_FILES.min(descriptors / 4);
    usize::try_from(free / 2)
        .unwrap_or(MOST_CONNECTIONS)
        .clamp(1, MOST_CONNECTIONS)
}

/// The result of draining.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Number of answers that were cut because the time to drain was over.
    pub streams_cut: usize,
}

/// Accepts connections and answers them until `stop` is given. Then the listener and idle connections are closed at
/// once, and answers under way finish or are cut after [`Limits::drain`].
///
/// A panicking handler ends its own connection only; the router turns the panic into a 500.
pub async fn serve(
    listener: TcpListener,
    answers: impl Into<Answers>,
    limits: Limits,
    stop: Stop,
) -> Drained {
    let answers = answers.into();
    // Whatever the settings say, one address leaves a quarter of the connections to others.
    let most = limits.per_address.min(limits.connections / 2).max(1);
    let per_address = PerSender::new(most, (limits.connections / 32).max(2));
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
                    let peer = address.ip();
                    let places = (!address::is_in(&limits.proxies, peer)).then(|| per_address.clone());
                    let (answers, patience, stop) = (answers.clone(), limits.patience, stop.clone());
                    // The future of the connection is made where it stays: handed to a function it would be stored three times.
                    open.spawn(async move {
                        if let Some(_place) = place(places, peer, &stop).await {
                            connection::attend(stream, peer, answers, patience, stop).await;
                        }
                    });
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

/// The place of a connection among those of its address, when it is given one in time; nothing in it for one that is not counted.
async fn place(places: Option<PerSender>, peer: IpAddr, stop: &Stop) -> Option<Option<Place>> {
    let Some(places) = places else {
        return Some(None);
    };
    let place = tokio::select! {
        biased;
        () = stop.asked() => return None,
        place = places.place(Sender::at(Some(peer))) => place,
    };
    if place.is_err() {
        tracing::debug!("closed a connection of an address that has too many");
    }
    place.ok().map(Some)
}

/// Waits for the open connections to end; each of them received the signal to stop.
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
    // A handler that blocks without an await cannot be cancelled; the process ends without waiting for it.
    let _ = timeout(CUTTING, open.shutdown()).await;
    tracing::info!(streams_cut, "cut the answers that were still running");
    Drained { streams_cut }
}

/// How long cancelling may take, usually microseconds unless a handler blocks.
const CUTTING: Duration = Duration::from_secs(1);

fn note_end(ended: Result<(), JoinError>) {
    if ended.is_err_and(|cause| cause.is_panic()) {
        tracing::error!("a handler panicked and took its connection with it");
    }
}

/// The pauses between failing accepts, so that a machine without free descriptors does not retry in a busy loop.
#[derive(Debug, Default)]
struct Backoff {
    failed: u32,
}

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Backoff {
    /// The pause after a failed accept; `None` when only that connection failed. A series of failures is logged once.
    fn before_next(&mut self, cause: &io::Error) -> Option<Duration> {
        // accept(2): it also reports errors of the new connection itself, after which the next one may succeed.
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
        // EMFILE, ENFILE, ENOBUFS, ENOMEM: the queue is unchanged, so accepting again at once fails again.
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
            (Some(20_256), 9_872),
            (Some(20_512), 10_000),
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
