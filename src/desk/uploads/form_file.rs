//! Uploads through an ordinary form, for browsers without script. In: a part of a form. Out: a finished upload. The file is
//! streamed to the disk, whatever its size, and an interrupted one has to be sent again.

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field as Part;

use crate::catalogue::name::is_visible;
use crate::catalogue::upload::{self, Announced};
use crate::desk::kit::{Context, Posted};
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result};
use crate::text;
use crate::uploads::announce::{amount, announce, existing_series, largest, room_for};
use crate::uploads::finish;
use crate::uploads::receive::{self, End};
use crate::uploads::tus::Piece;

/// Chunks of a form that may wait for the disk.
const WAITING: usize = 4;

/// Receives one file of a form. An interrupted upload is removed, because a form cannot resume it.
pub async fn take(context: &Context, posted: &Posted, name: String, part: Part<'_>) -> Result<()> {
    let app = &context.app;
    let replaces_id = match posted.get("replaces") {
        "" => None,
        id => Some(RecordingPage::load(context, id).await?.recording.id),
    };
    let announced = Announced {
        name,
        title: Some(posted.get("title").trim().to_owned()).filter(|title| is_visible(title)),
        series_id: existing_series(app, posted.get("series")).await?,
        replaces_id,
        ..Announced::default()
    };
    let upload = announce(app, &context.me, announced).await?;
    let piece = Piece {
        offset: 0,
        sets_size: None,
        room: Some(room_for(app, upload.coordinator_id, 0).await?),
        checksum: None,
    };
    let mut turn = app.transfers.take(&upload.id).await.ok_or(Error::Busy)?;
    let (pieces, body) = channel();
    let receiving = receive::receive(app, &upload.id, &piece, &mut turn, body);
    let (received, ()) = tokio::join!(receiving, pass_on(part, pieces));
    let (offset, end) = received?;
    let why = match end {
        End::Whole => None,
        End::Beyond => Some(text!("file-large", most = amount(largest(app)))),
        End::Full => Some(text!("upload-no-space")),
        End::Broken | End::Slow | End::Over | End::Mismatch | End::Failed(_) => {
            Some(text!("upload-broke-off"))
        }
    };
    if let Some(why) = why {
        drop(turn);
        finish::throw_away(app, &upload.id).await?;
        return Err(Error::Refused(why));
    }
    let id = upload.id.clone();
    let whole = app.db.write(move |conn| {
        upload::set_size(conn, &id, offset)?;
        upload::unfinished_one(conn, &id)?.ok_or(Error::NotFound)
    });
    let hash = (turn.hash.bytes == offset).then(|| turn.hash.hasher.finalize());
    finish::finish(app, &whole.await?, hash).await
}

type Pieces = tokio::sync::mpsc::Sender<std::result::Result<Bytes, axum::Error>>;

/// A body that is fed through a channel, because a part of a form cannot outlive the form.
fn channel() -> (Pieces, Body) {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(WAITING);
    let pieces = futures_util::stream::poll_fn(move |cx| receiver.poll_recv(cx));
    (sender, Body::from_stream(pieces))
}

async fn pass_on(mut part: Part<'_>, pieces: Pieces) {
    loop {
        let piece = match part.chunk().await {
            Ok(Some(piece)) => Ok(piece),
            Ok(None) => return,
            Err(problem) => Err(axum::Error::new(problem)),
        };
        let is_over = piece.is_err();
        // The receiver has stopped and already reported why.
        if pieces.send(piece).await.is_err() || is_over {
            return;
        }
    }
}
