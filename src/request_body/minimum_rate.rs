//! A body that ends when its sender is too slow for too long: somebody who sends a byte now and then would otherwise hold a
//! connection, a file and memory for as long as they like. Only the time that is spent waiting for the sender counts, not that in
//! which the disk is slower than the network.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// The time over which the rate is measured.
const WINDOW: Duration = Duration::from_secs(60);

/// Bytes that arrive within the window at least: 1 kB a second, a tenth of what a phone with one bar of reception sends.
const AT_LEAST: u64 = 60 * 1000;

/// The sender was too slow.
#[derive(Debug, thiserror::Error)]
#[error("less than 1 kB/s arrived for a minute")]
pub struct TooSlow;

/// A body of which at least 1 kB/s arrives; one that is slower for a minute ends with [`TooSlow`].
pub fn at_minimum_rate(body: Body) -> Body {
    Body::new(MinimumRate {
        body,
        waited: Duration::ZERO,
        arrived: 0,
        waiting_since: None,
        timer: Box::pin(sleep_until(Instant::now())),
    })
}

struct MinimumRate {
    body: Body,
    /// Time in this window that was spent waiting for the sender.
    waited: Duration,
    /// Bytes in this window.
    arrived: u64,
    /// Since when the sender is waited for.
    waiting_since: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl MinimumRate {
    /// Begins another window, when this one is over. Errors when too little arrived in it.
    fn judge(&mut self) -> Result<(), TooSlow> {
        if self.waited < WINDOW {
            return Ok(());
        }
        if self.arrived < AT_LEAST {
            return Err(TooSlow);
        }
        (self.waited, self.arrived) = (Duration::ZERO, 0);
        Ok(())
    }

    /// Adds the time since the last look to the window, and answers when the window will be over.
    fn look(&mut self) -> Instant {
        let now = Instant::now();
        let since = self.waiting_since.replace(now).unwrap_or(now);
        self.waited += now - since;
        now + WINDOW.saturating_sub(self.waited)
    }
}

impl HttpBody for MinimumRate {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                if this.waiting_since.is_some() {
                    this.look();
                }
                this.waiting_since = None;
                if let Some(Ok(frame)) = &frame {
                    let bytes = frame.data_ref().map_or(0, Bytes::len);
                    this.arrived += u64::try_from(bytes).unwrap_or(u64::MAX);
                }
                let is_over = frame.is_none() || this.body.is_end_stream();
                match this.judge() {
                    Err(slow) if !is_over => Poll::Ready(Some(Err(axum::Error::new(slow)))),
                    Ok(()) | Err(_) => Poll::Ready(frame),
                }
            }
            Poll::Pending => loop {
                let until = this.look();
                if let Err(slow) = this.judge() {
                    return Poll::Ready(Some(Err(axum::Error::new(slow))));
                }
                this.timer.as_mut().reset(until);
                if this.timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whether an error of a body is [`TooSlow`], however often it was wrapped.
pub fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::BodyExt;

    use super::*;

    async fn read_whole(body: Body) -> Result<Bytes, axum::Error> {
        Ok(body.collect().await?.to_bytes())
    }

    /// A body that sends so many bytes, then again after a pause, for so many times.
    fn sender(bytes: usize, pause: Duration, times: usize) -> Body {
        Body::from_stream(futures_util::stream::unfold(0, move |sent| async move {
            if sent == times {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((Ok::<_, Infallible>(Bytes::from(vec![0; bytes])), sent + 1))
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_less_than_a_kilobyte_a_second_for_a_minute_is_cut() {
        let second = Duration::from_secs(1);
        for (bytes, pause, times) in [
            (999, second, 61),
            (1, second, 120),
            (59_999, 60 * second, 2),
        ] {
            let began = Instant::now();
            let read = read_whole(at_minimum_rate(sender(bytes, pause, times))).await;
            assert!(is_too_slow(&read.unwrap_err()), "{bytes} bytes");
            assert_eq!(began.elapsed().as_secs(), 60, "{bytes} bytes");
        }
        for (bytes, pause, times) in [
            (1000, second, 300),
            (60_000, 59 * second, 5),
            (10, second, 59),
        ] {
            let read = read_whole(at_minimum_rate(sender(bytes, pause, times))).await;
            assert_eq!(read.unwrap().len(), bytes * times, "{bytes} bytes");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_in_which_nobody_reads_does_not_count() {
        let mut body = at_minimum_rate(sender(1, Duration::from_secs(1), 40));
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            read += frame.unwrap().into_data().unwrap().len();
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
        assert_eq!(read, 40);
    }
}
