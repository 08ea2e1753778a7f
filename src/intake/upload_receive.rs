//! The bytes of an upload, from the connection to the disk. In: a body and the right to write. Out: how far the upload is now,
//! and how the request ended.
//!
//! An offset is acknowledged only after the bytes before it were fdatasync'ed: every 8 MiB or second, and at every end of a
//! request, a broken one included. While one batch is hashed and written the next one arrives. A sync that failed is never
//! tried again, because the kernel may have dropped what it could not write: the upload is where it last was acknowledged.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;

use super::upload_tus::Piece;
use super::upload_write::{SYNC_TIME, Step, Waiting, Writer};
use crate::app::App;
use crate::catalogue::upload;
use crate::error::{Error, Result};
use crate::transfer::Turn;

/// Bytes that go to the disk at once, and that may wait while a batch is on its way there.
const BATCH: usize = 1024 * 1024;
/// A slow sender's bytes wait no longer than this.
const TICK: Duration = Duration::from_millis(250);

/// Bytes of a refused body that are still taken.
const DRAINED: usize = 4 * 1024 * 1024;

/// How a request ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// With its body.
    Whole,
    /// A newer request for the same upload came.
    Over,
    /// The connection broke.
    Broken,
    /// More came than was announced; what belongs to the file is kept.
    Beyond,
    /// The disk is full, or would be.
    Full,
    /// The bytes are not those of the checksum; none of them count.
    Mismatch,
    /// The disk failed.
    Failed(String),
}

/// Writes a body behind what is there. Answers the offset that is durable now and how it ended.
///
/// Errors when the catalogue cannot be written, or the file is gone.
pub async fn receive(
    app: &App,
    id: &str,
    piece: &Piece,
    turn: &mut Turn,
    mut body: Body,
) -> Result<(u64, End)> {
    let (library, name) = (app.library.clone(), id.to_owned());
    let file = tokio::task::spawn_blocking(move || library.open_upload(&name));
    let file = file.await.map_err(Error::internal)??;
    let hasher = match turn.hash.bytes == piece.offset {
        true => Some(turn.hash.hasher.clone()),
        // After a start only the file knows; the job hashes it when it is whole.
        false => None,
    };
    let mut arrival = Arrival {
        app,
        id,
        piece,
        durable: piece.offset,
        floor: app.config.free_mb.saturating_mul(1_000_000),
    };
    let writer = Writer::new(file, piece, hasher);
    let (writer, end) = arrival.pump(writer, turn, &mut body).await?;
    let (writer, end) = arrival.settle(writer, end).await?;
    if let Some(hasher) = writer.synced_hasher {
        turn.hash.hasher = hasher;
        turn.hash.bytes = arrival.durable;
    }
    if !matches!(end, End::Whole | End::Broken) {
        drain(body).await;
    }
    Ok((arrival.durable, end))
}

/// Takes a little more of a body that nobody wants: a client that is still sending when its connection is closed never reads
/// why (RFC 9112 §9.6).
pub async fn drain(mut body: Body) {
    let mut left = DRAINED;
    let more = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    // However that ends, there is nothing more to do for the client.
    let _ = tokio::time::timeout(SYNC_TIME, more).await;
}

/// A request under way.
struct Arrival<'a> {
    app: &'a App,
    id: &'a str,
    piece: &'a Piece,
    /// Bytes that were acknowledged.
    durable: u64,
    /// Bytes that stay free on the disk.
    floor: u64,
}

impl Arrival<'_> {
    /// Takes the body in until it ends in one way or another.
    async fn pump(
        &mut self,
        writer: Writer,
        turn: &mut Turn,
        body: &mut Body,
    ) -> Result<(Writer, End)> {
        let mut room = self.piece.room.unwrap_or(u64::MAX);
        let mut waiting = Waiting::default();
        let mut at_disk = Step::Idle(Box::new(writer));
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let end = loop {
            let is_slow = tokio::select! {
                () = turn.over() => break End::Over,
                done = at_disk.done() => {
                    let (writer, problem) = done?;
                    let synced = writer.synced;
                    at_disk = Step::Idle(writer);
                    if let Some(problem) = problem { break ended_by(&problem); }
                    if self.piece.checksum.is_none() && synced > self.durable {
                        self.acknowledge(synced).await?;
                        if self.is_full() { break End::Full; }
                    }
                    false
                }
                frame = body.frame(), if waiting.bytes < 2 * BATCH => match frame {
                    None => break End::Whole,
                    Some(Err(_)) => break End::Broken,
                    Some(Ok(frame)) => {
                        let Ok(mut data) = frame.into_data() else { continue };
                        let fits = usize::try_from(room).unwrap_or(usize::MAX).min(data.len());
                        let is_beyond = fits < data.len();
                        room = room.saturating_sub(u64::try_from(fits).unwrap_or(0));
                        data.truncate(fits);
                        waiting.push(data);
                        if is_beyond { break End::Beyond; }
                        body.is_end_stream()
                    }
                },
                _ = tick.tick() => true,
            };
            // A sender that pauses is waited for with its bytes on disk.
            if waiting.bytes >= BATCH || is_slow && (waiting.bytes > 0 || at_disk.is_due()) {
                at_disk = at_disk.begin(&mut waiting);
            }
        };
        let (writer, problem) = at_disk.join().await?;
        let failed = problem.map(|problem| ended_by(&problem));
        // Whatever ended it, what has arrived is kept.
        match failed {
            None if !matches!(end, End::Failed(_) | End::Full) => {
                let (writer, problem) = Step::Idle(writer).begin(&mut waiting).join().await?;
                Ok((*writer, problem.map_or(end, |problem| ended_by(&problem))))
            }
            failed => Ok((*writer, failed.unwrap_or(end))),
        }
    }

    /// Makes durable what was written, and acknowledges it.
    async fn settle(&mut self, mut writer: Writer, end: End) -> Result<(Writer, End)> {
        if let Some(checksum) = &self.piece.checksum {
            let is_right = end == End::Whole && writer.digest() == Some(checksum.digest.clone());
            if !is_right {
                writer.forget();
                let end = if end == End::Whole {
                    End::Mismatch
                } else {
                    end
                };
                return Ok((writer, end));
            }
        }
        if matches!(end, End::Failed(_)) {
            writer.synced_hasher = None;
            return Ok((writer, end));
        }
        let synced = tokio::task::spawn_blocking(move || {
            let done = writer.sync();
            (writer, done)
        });
        let (mut writer, done) = synced.await.map_err(Error::internal)?;
        match done {
            Ok(()) => {
                self.app.transfers.note(None);
                self.acknowledge(writer.synced).await?;
                Ok((writer, end))
            }
            Err(problem) => {
                tracing::error!(%problem, upload = self.id, "what was uploaded could not be made durable");
                self.app.transfers.note(Some(format!(
                    "what was uploaded could not be made durable: {problem}"
                )));
                writer.synced_hasher = None;
                Ok((writer, ended_by(&problem)))
            }
        }
    }

    /// Writes down that bytes are on disk.
    async fn acknowledge(&mut self, offset: u64) -> Result<()> {
        let (id, expires) = (self.id.to_owned(), expires_at(self.app));
        self.app
            .db
            .write(move |conn| upload::reached(conn, &id, offset, expires))
            .await?;
        self.durable = offset;
        Ok(())
    }

    fn is_full(&self) -> bool {
        let free = self.app.library.free_bytes();
        free.is_some_and(|free| free < self.floor)
    }
}

/// When an upload that is gone on with now is given up.
pub fn expires_at(app: &App) -> i64 {
    app.clock.now() + i64::from(app.config.upload_days) * 24 * 60 * 60
}

fn ended_by(problem: &io::Error) -> End {
    match problem.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            End::Full
        }
        _ => End::Failed(problem.to_string()),
    }
}
