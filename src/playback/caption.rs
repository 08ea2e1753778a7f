//! Timed text of a recording: `/captions/{id}/{lang}.vtt` for players, `/transcripts/{id}/{lang}.txt` for readers, and
//! `/chapters/{id}.vtt` for the chapter list of a player. All are made from rows, so a file that somebody wrote is never sent out.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::app::App;
use crate::catalogue::caption::{self, Cue};
use crate::catalogue::{PublicId, Viewer, address, chapter, language, recording, timecode};
use crate::error::{Error, Result};
use crate::timed_text;
use crate::web::{Texts, reply, urls};

/// Captions may be corrected at any time, so a player asks again each time and mostly gets 304.
const CACHE: &str = "no-cache";

/// Duration of the last chapter in milliseconds when that of the recording is unknown.
const UNKNOWN_END: u64 = 24 * 3600 * 1000;

/// `GET /captions/{id}/{lang}.vtt`: the captions as WebVTT.
pub async fn vtt(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(String, String)>,
    texts: Texts,
) -> Result<Response> {
    match cues(
        &app,
        viewer,
        (&id, file.strip_suffix(".vtt")),
        caption::shown_cues,
    )
    .await?
    {
        Ok(cues) => Ok(as_vtt(&cues)),
        Err((id, language)) => moved(&texts, urls::caption(&id, &language)),
    }
}

/// `GET /transcripts/{id}/{lang}.txt`: each cue with its time, readable without a player.
pub async fn transcript(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(String, String)>,
    texts: Texts,
) -> Result<Response> {
    let cues = match cues(
        &app,
        viewer,
        (&id, file.strip_suffix(".txt")),
        caption::said_cues,
    )
    .await?
    {
        Ok(cues) => cues,
        Err((id, language)) => return moved(&texts, urls::transcript(&id, &language)),
    };
    Ok(text("text/plain; charset=utf-8", as_lines(&cues)))
}

/// Each cue in a line, with who speaks where that changes.
fn as_lines(cues: &[Cue]) -> String {
    let mut lines = String::new();
    let mut before = None;
    for cue in cues {
        lines.push_str(&timecode::full(cue.start_ms));
        lines.push(' ');
        for now in timed_text::voices(&cue.text) {
            lines.push(' ');
            if let Some(who) = timed_text::begins(before.as_ref(), &now) {
                lines.push_str(&format!("{who}: "));
            }
            lines.push_str(&now.text);
            before = Some(now);
        }
        lines.push('\n');
    }
    lines
}

/// `GET /chapters/{id}.vtt`, and `.json` for podcast apps.
pub async fn chapters(
    State(app): State<App>,
    viewer: Viewer,
    Path(file): Path<String>,
) -> Result<Response> {
    let (id, ending) = file.rsplit_once('.').ok_or(Error::NotFound)?;
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let cues = app.db.read(move |conn| chapter_cues(conn, &viewer, &id));
    match ending {
        "vtt" => Ok(as_vtt(&cues.await?)),
        "json" => Ok(as_json(&cues.await?)),
        _ => Err(Error::NotFound),
    }
}

fn as_vtt(cues: &[Cue]) -> Response {
    text(
        "text/vtt; charset=utf-8",
        timed_text::write_vtt(cues.iter()),
    )
}

/// The chapters in the format of podcast apps (podcastindex.org, JSON chapters 1.2.0).
fn as_json(cues: &[Cue]) -> Response {
    let second = |ms: u64| Duration::from_millis(ms).as_secs_f64();
    let chapters = cues.iter().map(|cue| {
        json!({ "startTime": second(cue.start_ms), "endTime": second(cue.end_ms), "title": timed_text::plain_text(&cue.text) })
    });
    let body = json!({ "version": "1.2.0", "chapters": chapters.collect::<Value>() });
    text("application/json+chapters", body.to_string())
}

/// Redirects to the one spelling of a language.
fn moved(texts: &Texts, address: String) -> Result<Response> {
    let mut answer = reply::moved(&texts.asset(address))?;
    let anyone = HeaderValue::from_static("*");
    answer
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    Ok(answer)
}

/// The cues in a language, or the spelling under which they are.
type CuesOrLanguage = std::result::Result<Vec<Cue>, (PublicId, String)>;

/// Loads the cues of a caption, at most so many.
type Load = fn(&Connection, i64, usize) -> Result<Vec<Cue>>;

async fn cues(
    app: &App,
    viewer: Viewer,
    (id, language): (&str, Option<&str>),
    load: Load,
) -> Result<CuesOrLanguage> {
    let (Some(id), Some(language)) = (PublicId::parse(id), language.map(str::to_owned)) else {
        return Err(Error::NotFound);
    };
    let found = app.db.read(move |conn| {
        let row = address::follow_recording(conn, &viewer, &id)?.found()?;
        if let Some(caption) = caption::by_language(conn, row, &language)? {
            return load(conn, caption, usize::MAX).map(Ok);
        }
        let there = caption::of_recording(conn, row)?.into_iter();
        let there: Vec<String> = there.map(|it| it.language).collect();
        let meant = language::nearest(&there, &language).ok_or(Error::NotFound)?;
        Ok(Err((id, meant.clone())))
    });
    found.await
}

/// The chapters as cues. WebVTT §2.4 (chapters): the title is the text, and chapters do not overlap.
fn chapter_cues(conn: &Connection, viewer: &Viewer, id: &PublicId) -> Result<Vec<Cue>> {
    let row = address::follow_recording(conn, viewer, id)?.found()?;
    let recording = recording::by_id(conn, row)?;
    let chapters = chapter::shown(conn, row)?;
    let ends = chapters.iter().skip(1).map(|next| next.start_ms);
    let ends = ends.chain([recording.duration_ms.unwrap_or(UNKNOWN_END)]);
    let cue = |(chapter, end_ms): (&chapter::Chapter, u64)| Cue {
        start_ms: chapter.start_ms,
        end_ms: end_ms.max(chapter.start_ms + 1),
        text: timed_text::escape(&chapter.title),
        settings: None,
    };
    Ok(chapters.iter().zip(ends).map(cue).collect())
}

fn text(media_type: &'static str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, CACHE),
        // The tracks of an embed in a sandbox are fetched without an origin.
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, text).into_response()
}
