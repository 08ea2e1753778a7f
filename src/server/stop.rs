//! The signal to stop: given once, by the system or by the program, and received by every holder of a [`Stop`].

use std::future::pending;
use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Receives the signal to stop. All clones receive the same signal.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Gives the signal to stop. Dropping it does not give the signal.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// A connected pair, for tests and for callers that stop for other reasons.
    pub fn by_hand() -> (Stopper, Self) {
        let (give, hear) = watch::channel(false);
        (Stopper(give), Self(hear))
    }

    /// Stops at SIGTERM or SIGINT. A second signal ends the program at once, with 128 plus its number as the exit code (130 or
    /// 143), because somebody who asks twice does not want to wait for streams. No acknowledged write is lost by that, as with
    /// `kill -9`.
    ///
    /// # Errors
    /// When the signal handlers cannot be installed, or outside a tokio runtime with I/O.
    pub fn at_signals() -> io::Result<Self> {
        let mut term = signal(SignalKind::terminate())?;
        let mut int = signal(SignalKind::interrupt())?;
        let (stopper, stop) = Self::by_hand();
        tokio::spawn(async move {
            let mut next = async || {
                tokio::select! {
                    _ = term.recv() => 143,
                    _ = int.recv() => 130,
                }
            };
            next().await;
            tracing::info!("stopping: finishing what is under way; ask again to stop at once");
            stopper.stop();
            let code = next().await;
            tracing::warn!("stopped at once");
            std::process::exit(code);
        });
        Ok(stop)
    }

    /// Waits for the signal; returns at once when it was given already.
    pub async fn asked(&self) {
        let mut hear = self.0.clone();
        if hear.wait_for(|given| *given).await.is_err() {
            pending::<()>().await;
        }
    }
}

impl Stopper {
    /// Gives the signal. A second call has no effect.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
