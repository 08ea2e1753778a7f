//! The public catalogue as JSON, for sites and scripts of others. In: the addresses under `/api`. Out: what a visitor may
//! see, with absolute addresses. The shapes are a promise (README): keys may be added, never changed or taken away.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use rusqlite::Connection;
use serde::Serialize;

use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::field::{self, Value};
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{PublicId, Viewer, address, search, series};
use crate::error::{Error, Result};
use crate::web::texts::Parameters;
use crate::web::{format, urls};

/// Hits of one search answer.
const HITS: u32 = 50;

#[derive(Debug, Serialize)]
pub struct AllSeries {
    series: Vec<SeriesLine>,
}

#[derive(Debug, Serialize)]
struct SeriesLine {
    slug: String,
    title: String,
    recordings: u32,
}

/// `GET /api/series`
pub async fn all_series(State(app): State<App>, viewer: Viewer) -> Result<Json<AllSeries>> {
    let overviews = app.db.read(move |conn| series::overviews(conn, &viewer));
    let line = |overview: series::Overview| SeriesLine {
        slug: overview.series.slug,
        title: overview.series.metadata.title.unwrap_or_default(),
        recordings: overview.recordings,
    };
    let series = lines(overviews.await?, line);
    Ok(Json(AllSeries { series }))
}

#[derive(Debug, Serialize)]
pub struct OneSeries {
    slug: String,
    title: String,
    description: Option<String>,
    organiser: Option<String>,
    recordings: Vec<RecordingLine>,
}

#[derive(Debug, Serialize)]
struct RecordingLine {
    id: PublicId,
    number: Option<i64>,
    title: String,
    date: Option<String>,
    duration_ms: Option<u64>,
    state: recording::State,
    watch_url: String,
}

impl RecordingLine {
    fn of(recording: Recording, base: &str) -> Self {
        Self {
            watch_url: format!("{base}{}", urls::watch(&recording.public_id)),
            id: recording.public_id,
            number: recording.metadata.number,
            title: recording.metadata.title.unwrap_or_default(),
            date: recording.metadata.date,
            duration_ms: recording.duration_ms,
            state: recording.state,
        }
    }
}

/// `GET /api/series/{slug}`: a former slug answers as well, with the slug of today.
pub async fn one_series(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
) -> Result<Json<OneSeries>> {
    let base = app.config.base();
    let load = move |conn: &Connection| {
        let row = address::follow_series(conn, &viewer, &slug)?.here()?;
        let found = series::by_id(conn, row)?;
        let recordings = recording::of_series(conn, &viewer, row)?;
        Ok(OneSeries {
            slug: found.slug,
            title: found.metadata.title.unwrap_or_default(),
            description: found.metadata.description,
            organiser: found.metadata.organiser,
            recordings: lines(recordings, |one| RecordingLine::of(one, &base)),
        })
    };
    Ok(Json(app.db.read(load).await?))
}

#[derive(Debug, Serialize)]
pub struct OneRecording {
    id: PublicId,
    #[serde(flatten)]
    metadata: BTreeMap<&'static str, Option<Value>>,
    duration_ms: Option<u64>,
    state: recording::State,
    series: SeriesName,
    speakers: Vec<SpeakerLine>,
    chapters: Vec<Chapter>,
    captions: Vec<CaptionLine>,
    sources: Vec<SourceLine>,
    attachments: Vec<AttachmentLine>,
    poster_url: String,
    watch_url: String,
    embed_url: String,
}

#[derive(Debug, Serialize)]
struct SeriesName {
    slug: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct SpeakerLine {
    name: String,
    role: Option<String>,
}

#[derive(Debug, Serialize)]
struct CaptionLine {
    language: String,
    label: String,
    url: String,
}

#[derive(Debug, Serialize)]
struct SourceLine {
    url: String,
    r#type: String,
    codecs: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    size_bytes: u64,
    playable: bool,
}

#[derive(Debug, Serialize)]
struct AttachmentLine {
    title: String,
    url: String,
    r#type: String,
    size_bytes: u64,
}

/// `GET /api/recordings/{id}`: a former id answers as well, with the id of today.
pub async fn one_recording(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<OneRecording>> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let base = app.config.base();
    let load = move |conn: &Connection| load_recording(conn, &viewer, &id, &base);
    Ok(Json(app.db.read(load).await?))
}

fn load_recording(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
    base: &str,
) -> Result<OneRecording> {
    let row = address::follow_recording(conn, viewer, id)?.here()?;
    let recording = recording::by_id(conn, row)?;
    let id = &recording.public_id;
    let series = series::by_id(conn, recording.series_id)?;
    let absolute = |address: String| format!("{base}{address}");
    let media = |version: &str, file: &str| absolute(urls::media(id, version, file));
    let caption = |caption: Caption| CaptionLine {
        label: format::language_name(&caption.language),
        url: absolute(urls::caption(id, &caption.language)),
        language: caption.language,
    };
    let source = |source: Original| SourceLine {
        url: media(&source.version, &source.place.file),
        r#type: source.media_type().to_owned(),
        codecs: source.facts.codecs,
        width: source.facts.width,
        height: source.facts.height,
        size_bytes: source.place.size_bytes,
        playable: source.facts.playable,
    };
    let attachment = |attachment: Attachment| AttachmentLine {
        url: media(&attachment.version, &attachment.place.file),
        title: attachment.title,
        r#type: attachment.media_type,
        size_bytes: attachment.place.size_bytes,
    };
    let speaker = |speaker: Speaker| SpeakerLine {
        name: speaker.name,
        role: speaker.role,
    };
    Ok(OneRecording {
        sources: lines(original::sources(conn, row)?, source),
        captions: lines(caption::of_recording(conn, row)?, caption),
        attachments: lines(attachment::of_recording(conn, row)?, attachment),
        chapters: chapter::of_recording(conn, row)?,
        speakers: lines(speaker::of_recording(conn, row)?, speaker),
        series: SeriesName {
            slug: series.slug,
            title: series.metadata.title.unwrap_or_default(),
        },
        poster_url: absolute(urls::poster(id)),
        watch_url: absolute(urls::watch(id)),
        embed_url: absolute(urls::embed(id)),
        metadata: field::public(recording::metadata::FIELDS, &recording.metadata),
        duration_ms: recording.duration_ms,
        state: recording.state,
        id: recording.public_id.clone(),
    })
}

fn lines<T, L>(rows: Vec<T>, line: impl Fn(T) -> L) -> Vec<L> {
    rows.into_iter().map(line).collect()
}

#[derive(Debug, Serialize)]
pub struct Hits {
    recordings: Vec<RecordingLine>,
}

/// `GET /api/search?q=`
pub async fn hits(
    State(app): State<App>,
    viewer: Viewer,
    Query(parameters): Parameters,
) -> Result<Json<Hits>> {
    let base = app.config.base();
    let question = parameters.get("q").cloned().unwrap_or_default();
    let load = move |conn: &Connection| {
        let found = search::recordings(conn, &viewer, &question, HITS)?;
        let recordings = recording::among(conn, &viewer, &found)?;
        let recordings = lines(recordings, |one| RecordingLine::of(one, &base));
        Ok(Hits { recordings })
    };
    Ok(Json(app.db.read(load).await?))
}
