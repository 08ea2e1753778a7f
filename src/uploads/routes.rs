//! `/uploads`: tus 1.0.0 over HTTP, for the upload page and for every other client. Carries out and answers what [`super::tus`]
//! decided. In: requests with a sign-in or an access key. Out: the statuses of the protocol; whether the content is usable is a
//! state of the upload, not the answer to its last byte.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::announce::{self, amount, announced, free_bytes, full, largest};
use super::finish;
use super::receive::{self, End};
use super::report::Report;
use super::tus::{
    self, ALGORITHMS, Asked, Creation, EXTENSIONS, Piece, Progress, Refusal, VERSION,
};
use crate::app::App;
use crate::catalogue::source;
use crate::catalogue::upload::{self, Upload, UploadState as Stage};
use crate::error::{Error, Result, Text};
use crate::request_body::minimum_rate::at_minimum_rate;
use crate::text;
use crate::transfer::Turn;
use crate::web::sign_in::{self, Me};
use crate::web::{Texts, urls};

/// Middleware for both addresses, which adds the protocol version to every answer.
pub async fn speaking(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_refused = response.status() == StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if is_refused {
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
    }
    response
}

/// `/uploads`: the capabilities of the server (OPTIONS), and a new upload (POST).
pub async fn all(State(app): State<App>, request: Request) -> Result<Response> {
    begin(&app, request).await.map_err(later)
}

/// `/uploads/{upload}`: its progress (HEAD, and GET in words), its bytes (PATCH), its termination (DELETE).
pub async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    texts: Texts,
    request: Request,
) -> Result<Response> {
    go_on(&app, &id, &texts, request).await.map_err(later)
}

/// Turns an internal error into 503, because it may pass and tus clients try again after a 503.
fn later(problem: Error) -> Error {
    match problem {
        Error::Internal(cause) => {
            tracing::error!(%cause, "an upload could not go on");
            Error::Status(503, text!("upload-failed"))
        }
        other => other,
    }
}

async fn begin(app: &App, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let asked = tus::at_uploads(&parts.method, &parts.headers, largest(app));
    if asked == Ok(Asked::Options) {
        return Ok(options(app));
    }
    let decided = match me(app, &parts.headers).await {
        Ok(me) => match asked {
            Ok(Asked::Create(creation)) => Ok((me, creation)),
            Ok(_) => Err(refused(app, Refusal::Method)),
            Err(refusal) => Err(refused(app, refusal)),
        },
        Err(problem) => Err(problem),
    };
    match decided {
        Ok((me, creation)) => create(app, &me, creation, body).await,
        Err(problem) => {
            // A first piece may come along (creation-with-upload).
            receive::drain(body).await;
            Err(problem)
        }
    }
}

async fn go_on(app: &App, id: &str, texts: &Texts, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    if tus::effective(&parts.method, &parts.headers) == Method::OPTIONS {
        return Ok(options(app));
    }
    match ask(app, id, texts, &parts).await {
        Ok(Answer::Ready(response)) => Ok(response),
        Ok(Answer::Bytes(upload, piece, turn)) => append(app, *upload, piece, turn, body).await,
        Err(problem) => {
            receive::drain(body).await;
            Err(problem)
        }
    }
}

/// The result of a request before its body is read.
enum Answer {
    Ready(Response),
    Bytes(Box<Upload>, Piece, Turn),
}

async fn ask(app: &App, id: &str, texts: &Texts, parts: &Parts) -> Result<Answer> {
    let me = me(app, &parts.headers).await?;
    let found = announce::own(app, &me, id).await?;
    if parts.method == Method::GET {
        let became = found.recording_id.into_iter().collect::<Vec<_>>();
        let unplayable = app.db.read(move |conn| source::unplayable(conn, &became));
        let report = Report::of(texts, &found, unplayable.await?.values().next());
        return Ok(Answer::Ready(Json(report).into_response()));
    }
    let decide = |upload: &Upload| {
        let progress = Progress {
            offset: upload.offset_bytes,
            size_bytes: upload.size_bytes,
        };
        tus::at_upload(&parts.method, &parts.headers, progress, largest(app))
    };
    // A request with another version, another type or a bad number must not replace the request that is sending.
    if let Err(refusal) = decide(&found)
        && refusal != Refusal::Conflict
    {
        return Err(refused(app, refusal));
    }
    let turn = app.transfers.take(id).await.ok_or(Error::Busy)?;
    // The upload is loaded again, because nobody else writes to it now.
    let upload = announce::own(app, &me, id).await?;
    match decide(&upload).map_err(|refusal| refused(app, refusal))? {
        Asked::Head => Ok(Answer::Ready(head(&upload))),
        // All bytes have arrived already, and a client that lost the last answer gets it again.
        Asked::Append(_) if upload.state != Stage::Arriving => {
            Ok(Answer::Ready(reached(app, upload.offset_bytes)))
        }
        Asked::Append(piece) => Ok(Answer::Bytes(Box::new(upload), piece, turn)),
        Asked::Terminate => terminate(app, &upload).await.map(Answer::Ready),
        Asked::Options | Asked::Create(_) => Err(refused(app, Refusal::Method)),
    }
}

async fn me(app: &App, headers: &HeaderMap) -> Result<Me> {
    sign_in::identify(app, headers)
        .await?
        .ok_or(Error::SignInNeeded)
}

/// Answers OPTIONS (Core, "OPTIONS").
fn options(app: &App) -> Response {
    let headers = [
        ("tus-version", VERSION.to_owned()),
        ("tus-extension", EXTENSIONS.to_owned()),
        ("tus-checksum-algorithm", ALGORITHMS.to_owned()),
        ("tus-max-size", largest(app).to_string()),
        (
            "allow",
            "OPTIONS, POST, GET, HEAD, PATCH, DELETE".to_owned(),
        ),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The error for a refusal: its status, and a text with its numbers.
fn refused(app: &App, refusal: Refusal) -> Error {
    let (status, key) = refusal.status_and_text();
    let args = match refusal {
        Refusal::TooLarge => vec![("most", amount(largest(app)).into())],
        _ => Vec::new(),
    };
    Error::Status(status.as_u16(), Text { key, args })
}

async fn create(app: &App, me: &Me, creation: Creation, body: Body) -> Result<Response> {
    let announced = announced(app, &creation).await?;
    let upload = announce::announce(app, me, announced).await?;
    let location = urls::upload(&upload.id);
    let Some(piece) = creation.piece else {
        // An empty file is complete at once.
        if upload.is_whole() {
            settle(app, &upload.id, None).await;
        }
        return Ok(created(app, location, None));
    };
    let turn = app.transfers.take(&upload.id).await.ok_or(Error::Busy)?;
    let arrived = append(app, upload, piece, turn, body).await?;
    // Creation-with-upload: a client asks with HEAD for the offset when not all bytes arrived.
    let offset = arrived.headers().get("upload-offset").cloned();
    Ok(created(app, location, offset))
}

fn created(app: &App, location: String, offset: Option<HeaderValue>) -> Response {
    // Without a configured base address the location is relative.
    let location = match app.config.base_url {
        Some(_) => format!("{}{location}", app.config.base()),
        None => location,
    };
    let offset = offset.map(|offset| [("upload-offset", offset)]);
    let headers = [("location", location), expires(receive::expires_at(app))];
    (StatusCode::CREATED, offset, headers).into_response()
}

fn expires(at: i64) -> (&'static str, String) {
    let at = std::time::Duration::from_secs(u64::try_from(at).unwrap_or(0));
    let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + at);
    ("upload-expires", date)
}

/// Answers HEAD (Core, "HEAD").
fn head(upload: &Upload) -> Response {
    let offset = ("upload-offset", upload.offset_bytes.to_string());
    let length = match upload.size_bytes {
        Some(size) => ("upload-length", size.to_string()),
        None => ("upload-defer-length", "1".to_owned()),
    };
    let metadata =
        (!upload.metadata.is_empty()).then(|| [("upload-metadata", upload.metadata.clone())]);
    (metadata, [offset, length, expires(upload.expires_at)]).into_response()
}

/// The answer with the offset that was reached.
fn reached(app: &App, offset: u64) -> Response {
    let offset = ("upload-offset", offset.to_string());
    let headers = [offset, expires(receive::expires_at(app))];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Answers PATCH (Core, "PATCH"). The work continues when the connection breaks, so that the bytes that arrived are kept.
async fn append(
    app: &App,
    upload: Upload,
    piece: Piece,
    turn: Turn,
    body: Body,
) -> Result<Response> {
    let body = at_minimum_rate(body);
    let work = tokio::spawn(take_in(app.clone(), upload, piece, turn, body));
    let (offset, end, needed) = work.await.map_err(Error::internal)??;
    match end {
        End::Whole => Ok(reached(app, offset)),
        End::Beyond => Err(refused(app, Refusal::Beyond)),
        End::Mismatch => Err(Error::Status(460, text!("tus-mismatch"))),
        End::Over => Err(Error::Status(423, text!("tus-over"))),
        End::Full => Err(full(free_bytes(app).await?.unwrap_or(0), needed)),
        End::Slow => Err(Error::Busy),
        // The connection is gone, so no client reads this answer.
        End::Broken => Err(Error::Status(400, text!("tus-broken"))),
        End::Failed(problem) => {
            tracing::error!(problem, "an upload could not be written");
            Err(Error::Status(503, text!("upload-failed")))
        }
    }
}

/// Receives the bytes, and finishes the upload when it is complete. Returns the offset, how the request ended, and the number of
/// bytes still to come.
async fn take_in(
    app: App,
    upload: Upload,
    mut piece: Piece,
    mut turn: Turn,
    body: Body,
) -> Result<(u64, End, u64)> {
    let id = upload.id.clone();
    let has_length = piece.room.is_some();
    if !has_length {
        let room = announce::room_for(&app, upload.coordinator_id, upload.offset_bytes);
        piece.room = Some(room.await?);
    }
    if let Some(size) = piece.sets_size
        && let Err(problem) = announce::set_size(&app, &upload, size).await
    {
        receive::drain(body).await;
        return Err(problem);
    }
    let (offset, end) = receive::receive(&app, &id, &piece, &mut turn, body).await?;
    if let (false, End::Beyond) = (has_length, &end) {
        let fits = upload.offset_bytes + piece.room.unwrap_or(0);
        let most = amount(fits);
        return Err(Error::Status(413, text!("file-large", most = most)));
    }
    let size = upload.size_bytes.or(piece.sets_size);
    let is_whole = size == Some(offset) && upload.state == Stage::Arriving;
    if is_whole {
        let hash = (turn.hash.bytes == offset).then(|| turn.hash.hasher.finalize());
        // The turn is held meanwhile, so that a HEAD request waits until the upload has its place.
        settle(&app, &id, hash).await;
    }
    drop(turn);
    let needed = size.map_or(0, |size| size.saturating_sub(offset));
    Ok((offset, end, needed))
}

/// Finishes a complete upload. A failure is not answered here, because all bytes have arrived: the next start tries again, and the
/// desk shows the problem.
async fn settle(app: &App, id: &str, hash: Option<blake3::Hash>) {
    let name = id.to_owned();
    let found = app.db.read(move |conn| upload::unfinished_one(conn, &name));
    let done = match found.await {
        Ok(Some(upload)) => finish::finish(app, &upload, hash).await,
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    if let Err(problem) = done {
        tracing::error!(%problem, upload = upload::in_log(id), "an upload could not get its place");
    }
}

/// Answers DELETE (Termination).
async fn terminate(app: &App, upload: &Upload) -> Result<Response> {
    if upload.state == Stage::Finishing {
        return Err(Error::Busy);
    }
    finish::throw_away(app, &upload.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
