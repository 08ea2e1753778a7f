//! The word to stop: given once, by a signal or by hand, and heard by everyone who holds a [`Stop`].

use std::future::pending;
use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Hears when the program is asked to stop. Clones hear the same word.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Gives the word by hand. Dropping it gives none.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// A pair for tests, and for a caller with reasons of its own to stop.
    pub fn by_hand() -> (Stopper, Self) {
        let (give, hear) = watch::channel(false);
        (Stopper(give), Self(hear))
    }

    /// Stops at SIGTERM or SIGINT, from this call on. A second one ends the program at once, with 128 and the signal's
    /// number as its exit code (130 or 143): whoever asks twice does not want to wait for a stream. Nothing acknowledged
    /// is lost by that, as it would not be by `kill -9`.
    ///
    /// # Errors
    /// When the signals cannot be taken over, or outside a tokio runtime with I/O.
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

    /// Waits for the word; returns at once when it was already given.
    pub async fn asked(&self) {
        let mut hear = self.0.clone();
        if hear.wait_for(|given| *given).await.is_err() {
            pending::<()>().await;
        }
    }
}

impl Stopper {
    /// Gives the word. A second time changes nothing.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
