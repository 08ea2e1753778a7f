//! Receives the bytes of an upload from the connection and writes them to disk. In: a body and the exclusive turn to write. Out:
//! the new offset, and how the request ended.
//!
//! An offset is acknowledged only after fdatasync of the bytes before it: every 8 MiB or every second, and at the end of every
//! request, also a broken one. While one batch is hashed and written the next one arrives. A failed sync is never repeated, because
//! the kernel may have dropped the bytes: the upload stays at its last acknowledged offset.
//!
//! A request that is replaced by a newer one for the same upload is refused, and its bytes that were not acknowledged until then do
//! not count, so that the client can rely on the refusal. A request that has arrived completely is not replaced.

use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;

use super::batch::Batch;
use super::tus::Piece;
use super::write::{LARGE, Mark, SMALL, SYNC_BYTES, SYNC_TIME, Step, Writer, room};
use crate::app::App;
use crate::catalogue::upload;
use crate::error::Result;
use crate::request_body::minimum_rate::is_too_slow;
use crate::transfer::{Transfers, Turn};

/// The longest time that bytes of a slow sender wait in memory.
const TICK: Duration = Duration::from_millis(250);

/// Bytes within a [`TICK`] from which a sender is fast (32 Mbit/s), and below which it is not.
const FAST: usize = 1024 * 1024;
const NOT_FAST: usize = 64 * 1024;

/// Bytes of a refused body that are still read.
const DRAINED: usize = 4 * 1024 * 1024;

/// How a request ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The whole body arrived.
    Whole,
    /// A newer request for the same upload replaced this one before its last byte.
    Over,
    /// The connection broke.
    Broken,
    /// Less than 1 kB/s arrived for a minute.
    Slow,
    /// More bytes came than were announced; those that belong to the file are kept.
    Beyond,
    /// The disk is full or would become full.
    Full,
    /// The bytes do not match the checksum; none of them count.
    Mismatch,
    /// The disk failed.
    Failed(String),
}

/// Appends a body to the file. Returns the durable offset and how the request ended.
///
/// Errors when the catalogue cannot be written, or the file is gone.
pub async fn receive(
    app: &App,
    id: &str,
    piece: &Piece,
    turn: &mut Turn,
    mut body: Body,
) -> Result<(u64, End)> {
    let name = id.to_owned();
    let files = app.library.run(move |library| {
        let file = library.open_upload(&name)?;
        Ok((file, library.open_upload_direct(&name)))
    });
    // After a restart the hash of the earlier bytes is unknown, and a job hashes the whole file later.
    let is_known = turn.hash.bytes == piece.offset;
    let hasher = is_known.then(|| turn.hash.hasher.clone());
    let writer = Writer::new(files.await?, piece, hasher);
    let mut arrival = Arrival {
        app,
        id,
        piece,
        durable: writer.mark(),
        since: Instant::now(),
        is_broken: false,
        floor: app.config.free_mb.saturating_mul(1_000_000),
    };
    let (writer, end) = arrival.pump(writer, turn, &mut body).await?;
    let end = arrival.settle(writer, end).await?;
    if let Some(hasher) = arrival.durable.hasher {
        turn.hash.hasher = hasher;
        turn.hash.bytes = arrival.durable.at;
    }
    if !matches!(end, End::Whole | End::Broken | End::Slow) {
        drain(body).await;
    }
    Ok((arrival.durable.at, end))
}

/// Reads some of a body that was refused, so that its connection goes on with the next request, as clients in the middle of an upload
/// expect. After a longer one the connection ends (`server/socket.rs`).
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
    // The result does not matter, because the answer is already decided.
    let _ = tokio::time::timeout(SYNC_TIME, more).await;
}

/// An upload request under way.
struct Arrival<'a> {
    app: &'a App,
    id: &'a str,
    piece: &'a Piece,
    /// The acknowledged part of the file.
    durable: Mark,
    /// When the last bytes were acknowledged.
    since: Instant,
    /// Whether a sync failed.
    is_broken: bool,
    /// Bytes that must stay free on the disk.
    floor: u64,
}

/// How much the sender may still send, and how fast it does: large batches are for those who have shown that they fill them, as long
/// as there are any.
struct Pace {
    /// Bytes that belong to the file.
    left: u64,
    /// Bytes since the last tick.
    since_tick: usize,
    /// Whether the sender had to wait for the disk since then: its pace is not known.
    waited: bool,
    /// The right to large batches.
    large: Option<OwnedSemaphorePermit>,
}

impl Pace {
    fn of(piece: &Piece) -> Self {
        Self {
            left: piece.room.unwrap_or(u64::MAX),
            since_tick: 0,
            waited: false,
            large: None,
        }
    }

    /// Bytes in a batch.
    fn batch(&self) -> usize {
        if self.large.is_some() { LARGE } else { SMALL }
    }

    /// Copies bytes, so that hyper can reuse its buffer. Answers whether all of them belong to the file.
    fn take(&mut self, waiting: &mut Batch, data: &[u8], transfers: &Transfers) -> bool {
        let fits = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(data.len());
        self.left = self.left.saturating_sub(u64::try_from(fits).unwrap_or(0));
        waiting.push(&data[..fits]);
        self.since_tick = self.since_tick.saturating_add(fits);
        if self.large.is_none() && self.since_tick >= FAST {
            self.large = transfers.large_batch();
        }
        self.waited |= waiting.len() >= 2 * self.batch();
        fits == data.len()
    }

    /// Judges the pace. What a fast sender needed is given back when it sends nothing any more. `writer`: when it has nothing to do.
    fn ticked(&mut self, writer: Option<&Writer>, (waiting, spare): (&mut Batch, &mut Batch)) {
        let has_waited = std::mem::take(&mut self.waited);
        if std::mem::take(&mut self.since_tick) < NOT_FAST && !has_waited {
            self.large = None;
        }
        if let (None, Some(writer), true) = (&self.large, writer, waiting.is_empty()) {
            waiting.resize(room(SMALL));
            waiting.begin_at(writer.at);
            spare.resize(room(SMALL));
        }
    }
}

/// A sync under way, while further bytes are written.
type Commit<'a> = Pin<Box<dyn Future<Output = Result<(Mark, io::Result<()>)>> + Send + 'a>>;

impl<'a> Arrival<'a> {
    /// Writes the body until it ends in any way.
    async fn pump(
        &mut self,
        writer: Writer,
        turn: &mut Turn,
        body: &mut Body,
    ) -> Result<(Writer, End)> {
        let mut pace = Pace::of(self.piece);
        let (mut waiting, mut spare) = (Batch::default(), Batch::default());
        waiting.resize(room(SMALL));
        waiting.begin_at(writer.at);
        let mut at_disk = Step::Idle(Box::new(writer));
        let mut commit: Option<Commit<'a>> = None;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let end = loop {
            let is_slow = tokio::select! {
                () = turn.over() => break if body.is_end_stream() { End::Whole } else { End::Over },
                done = at_disk.done() => {
                    let written = done?;
                    at_disk = Step::Idle(written.writer);
                    spare = written.batch;
                    spare.resize(room(pace.batch()));
                    if let Some(problem) = written.problem { break ended_by(&problem); }
                    false
                }
                done = under_way(&mut commit) => {
                    commit = None;
                    if let Some(end) = self.committed(done?) { break end; }
                    if self.is_full() { break End::Full; }
                    false
                }
                frame = body.frame(), if waiting.len() < 2 * pace.batch() => match frame {
                    None => break End::Whole,
                    Some(Err(problem)) if is_too_slow(&problem) => break End::Slow,
                    Some(Err(_)) => break End::Broken,
                    Some(Ok(frame)) => {
                        let Ok(data) = frame.into_data() else { continue };
                        if !pace.take(&mut waiting, &data, &self.app.transfers) { break End::Beyond; }
                        body.is_end_stream()
                    }
                },
                _ = tick.tick() => {
                    pace.ticked(at_disk.idle(), (&mut waiting, &mut spare));
                    true
                }
            };
            if let Some(writer) = at_disk.idle() {
                let unsynced = writer.at - self.durable.at;
                if commit.is_none() && self.is_due(unsynced) {
                    commit = Some(self.commit(writer));
                }
                // When the sender pauses, its bytes are written; when the disk is slow, reading waits for it.
                let is_late = is_slow && !waiting.is_empty();
                let is_batch = waiting.len() >= pace.batch() || is_late;
                if is_batch && (unsynced < 4 * SYNC_BYTES || self.piece.checksum.is_some()) {
                    at_disk = at_disk.begin(&mut waiting, &mut spare, is_late, pace.batch());
                }
            }
        };
        let end = match commit {
            Some(commit) => self.committed(commit.await?).unwrap_or(end),
            None => end,
        };
        self.rest(at_disk, waiting, end).await
    }

    /// Writes the bytes that arrived, however the body ended; of a replaced request only acknowledged bytes count.
    async fn rest(&self, at_disk: Step, mut waiting: Batch, end: End) -> Result<(Writer, End)> {
        let (writer, problem) = at_disk.join().await?;
        let end = problem.map_or(end, |problem| ended_by(&problem));
        if matches!(end, End::Failed(_) | End::Full | End::Over) {
            return Ok((*writer, end));
        }
        let rest = Step::Idle(writer).begin(&mut waiting, &mut Batch::default(), true, 0);
        let (writer, problem) = rest.join().await?;
        Ok((*writer, problem.map_or(end, |problem| ended_by(&problem))))
    }

    /// Whether enough bytes or time passed since the last sync. Bytes with a checksum count only as a whole, so they are not synced
    /// early.
    fn is_due(&self, unsynced: u64) -> bool {
        let is_late = unsynced > 0 && self.since.elapsed() >= SYNC_TIME;
        self.piece.checksum.is_none() && (unsynced >= SYNC_BYTES || is_late)
    }

    /// Syncs the written bytes, and then records the new offset in the catalogue.
    fn commit(&self, writer: &Writer) -> Commit<'a> {
        let (app, id) = (self.app, self.id);
        let (mark, syncing) = (writer.mark(), writer.sync());
        Box::pin(async move {
            let synced = syncing.await?;
            if synced.is_ok() {
                let (id, expires, at) = (id.to_owned(), expires_at(app), mark.at);
                app.db
                    .write(move |conn| upload::reached(conn, &id, at, expires))
                    .await?;
            }
            Ok((mark, synced))
        })
    }

    /// Notes the result of a sync; returns the end of the request when the disk failed.
    fn committed(&mut self, (mark, synced): (Mark, io::Result<()>)) -> Option<End> {
        self.since = Instant::now();
        let Err(problem) = synced else {
            self.durable = mark;
            return None;
        };
        let trouble = "what was uploaded could not be made durable";
        tracing::error!(%problem, upload = upload::in_log(self.id), "{trouble}");
        self.app
            .transfers
            .note(Some(format!("{trouble}: {problem}")));
        self.is_broken = true;
        Some(ended_by(&problem))
    }

    /// Syncs the last bytes of a request, unless the disk failed or the checksum does not match.
    async fn settle(&mut self, mut writer: Writer, end: End) -> Result<End> {
        if let Some(checksum) = &self.piece.checksum {
            if end != End::Whole {
                return Ok(end);
            }
            if writer.digest().as_deref() != Some(&checksum.digest[..]) {
                return Ok(End::Mismatch);
            }
        }
        if end == End::Over {
            return Ok(end);
        }
        if self.is_broken || matches!(end, End::Failed(_)) {
            // After a failure the content of the file is uncertain, so its hash is dropped.
            self.durable.hasher = None;
            return Ok(end);
        }
        let done = self.commit(&writer).await?;
        if let Some(failed) = self.committed(done) {
            self.durable.hasher = None;
            return Ok(failed);
        }
        self.app.transfers.note(None);
        Ok(end)
    }

    fn is_full(&self) -> bool {
        let free = self.app.library.free_bytes();
        free.is_some_and(|free| free < self.floor)
    }
}

/// Waits for the sync under way; for ever when there is none.
async fn under_way(commit: &mut Option<Commit<'_>>) -> Result<(Mark, io::Result<()>)> {
    match commit {
        Some(commit) => commit.await,
        None => std::future::pending().await,
    }
}

/// When an upload that receives bytes now expires, in UTC seconds.
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
