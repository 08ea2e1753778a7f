//! The public catalogue as JSON, for other sites and scripts. In: the addresses under `/api`. Out: what a visitor may see, with
//! absolute addresses. The format is stable (README): keys may be added, but never changed or removed.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption, CaptionKind};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::field::{self, Value};
use crate::catalogue::original::{self, Original};
use crate::catalogue::query;
use crate::catalogue::recording::order::{self, Shown};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::rendition::{self, Rendition};
use crate::catalogue::series::listed;
use crate::catalogue::slice::{Cursor, Slice};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{PublicId, Viewer, address, series};

use crate::error::{Error, Result};
use crate::search::moments::{self, Moment};
use crate::search::{self, Filters, Question};
use crate::web::sign_in::ScriptViewer;
use crate::web::texts::Parameters;
use crate::web::{format, parts, urls};

/// Most results of a search.
const HITS: u32 = 50;

/// Most lines of a list; `next` is the address of the others.
const LINES: usize = 1000;

/// Most bytes of those lines: titles may be long.
const LINES_BYTES: usize = 800 * 1024;

/// Most bytes of the chapters, and of the speakers, of one recording.
const ENTRIES_BYTES: usize = 250 * 1024;

#[derive(Debug, Serialize)]
pub struct AllSeries {
    series: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// `GET /api/series`, with `?after=` the slug of the series after which the list goes on: a former one works too, and another is not found.
pub async fn all_series(
    State(app): State<App>,
    ScriptViewer(viewer): ScriptViewer,
    RawQuery(query): RawQuery,
) -> Result<Json<AllSeries>> {
    let cursor = parts::cursor(query.as_deref());
    let found = app
        .db
        .read(move |conn| listed::slice(conn, &viewer, &cursor, LINES));
    let part = found.await?.exact()?.map(|it| {
        let (slug, title) = (it.overview.series.slug.clone(), it.overview.series.title());
        let line = json!({ "slug": slug, "title": title, "recordings": it.overview.count.all() });
        (slug, line)
    });
    let part = part.fitting(LINES_BYTES, |(_, line)| line.to_string().len());
    let next = next(
        &app.config.base(),
        ("/api/series", &viewer),
        &part,
        |(slug, _)| slug,
    );
    let series = lines(part.items, |(_, line)| line);
    Ok(Json(AllSeries { series, next }))
}

/// The absolute address of the rest of a list, with the named link of the request.
fn next<T>(
    base: &str,
    (list, viewer): (&str, &Viewer),
    part: &Slice<T>,
    name: impl Fn(&T) -> &str,
) -> Option<String> {
    let last = part.items.last().filter(|_| part.has_after)?;
    let cursor = Cursor::After(name(last).to_owned());
    let address = parts::address(list, &cursor);
    let address = urls::opened(address, viewer.link().as_ref());
    Some(format!("{base}{address}"))
}

#[derive(Debug, Serialize)]
pub struct OneSeries {
    slug: String,
    title: String,
    description: Option<String>,
    organiser: Option<String>,
    recordings: Vec<RecordingLine>,
    /// The address of the following recordings, when there are more than one answer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct RecordingLine {
    id: PublicId,
    number: Option<i64>,
    title: String,
    date: Option<String>,
    duration_ms: Option<u64>,
    state: recording::RecordingState,
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

    /// About its bytes in an answer: a title in which every character is escaped, and the rest.
    fn weight(&self) -> usize {
        2 * self.title.len() + self.watch_url.len() + 200
    }
}

/// `GET /api/series/{slug}`, with `?after=` the id of the recording after which the list goes on; one that is not in the list is not
/// found. A former slug works too, and the answer names the current one.
pub async fn one_series(
    State(app): State<App>,
    ScriptViewer(viewer): ScriptViewer,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<OneSeries>> {
    let (base, cursor) = (app.config.base(), parts::cursor(query.as_deref()));
    let load = move |conn: &Connection| {
        let row = address::follow_series(conn, &viewer, &slug)?.found()?;
        let found = series::by_id(conn, row)?;
        let part = order::slice(conn, &viewer, (row, Shown::All), &cursor, LINES)?.exact()?;
        let part = part.map(|one| RecordingLine::of(one, &base));
        let part = part.fitting(LINES_BYTES, RecordingLine::weight);
        let list = format!("/api{}", urls::series(&found.slug));
        Ok(OneSeries {
            next: next(&base, (&list, &viewer), &part, |one| one.id.as_str()),
            slug: found.slug,
            title: found.metadata.title.unwrap_or_default(),
            description: found.metadata.description,
            organiser: found.metadata.organiser,
            recordings: part.items,
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
    state: recording::RecordingState,
    series: serde_json::Value,
    speakers: Vec<serde_json::Value>,
    chapters: Vec<Chapter>,
    captions: Vec<serde_json::Value>,
    sources: Vec<serde_json::Value>,
    /// What was made of them for playing.
    renditions: Vec<serde_json::Value>,
    attachments: Vec<serde_json::Value>,
    poster_url: String,
    watch_url: String,
    embed_url: String,
}

/// `GET /api/recordings/{id}`: a former id works too, and the answer names the current one.
pub async fn one_recording(
    State(app): State<App>,
    ScriptViewer(viewer): ScriptViewer,
    Path(id): Path<String>,
) -> Result<Json<OneRecording>> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let base = app.config.base();
    let load = move |conn: &Connection| load_recording(conn, &viewer, &id, &base);
    Ok(Json(app.db.read(load).await?))
}

/// The files of a recording as they came, and what was made of them. `media`: the address of a version and file name.
fn files(
    conn: &Connection,
    row: i64,
    media: &impl Fn(&str, &str) -> String,
) -> Result<[Vec<serde_json::Value>; 2]> {
    let source = |it: &Original| {
        json!({
            "url": media(&it.version, &it.place.file),
            "type": it.media_type(),
            "codecs": it.facts.codecs,
            "width": it.facts.width,
            "height": it.facts.height,
            "size_bytes": it.place.size_bytes,
            "playable": it.facts.playable,
        })
    };
    let originals = original::sources(conn, row)?;
    let rendition = |it: Rendition| {
        let of = originals.iter().find(|one| one.id == it.original_id);
        let file = of.map_or_else(String::new, |of| it.file_name(&of.place.file));
        json!({
            "kind": it.recipe.kind.as_str(),
            "url": media(&it.version, &file),
            "type": it.media_type,
            "codecs": it.codecs,
            "width": it.width,
            "height": it.height,
            "size_bytes": it.place.size_bytes,
        })
    };
    let renditions = lines(rendition::of_recording(conn, row)?, rendition);
    Ok([lines(originals.iter().collect(), source), renditions])
}

fn load_recording(
    conn: &Connection,
    viewer: &Viewer,
    id: &PublicId,
    base: &str,
) -> Result<OneRecording> {
    let row = address::follow_recording(conn, viewer, id)?.found()?;
    let recording = recording::by_id(conn, row)?;
    let id = &recording.public_id;
    let series = series::by_id(conn, recording.series_id)?;
    let absolute = |address: String| format!("{base}{address}");
    let media = |version: &str, file: &str| absolute(urls::media(id, version, file));
    let caption = |it: Caption| {
        json!({
            "language": it.language,
            "label": format::language_name(&it.language),
            "kind": it.kind.map(CaptionKind::as_str),
            "url": absolute(urls::caption(id, &it.language)),
        })
    };
    let [sources, renditions] = files(conn, row, &media)?;
    let attachment = |it: Attachment| {
        json!({
            "title": it.title,
            "url": media(&it.version, &it.place.file),
            "type": it.media_type,
            "size_bytes": it.place.size_bytes,
        })
    };
    let speaker = |it: Speaker| json!({ "name": it.name, "role": it.role });
    Ok(OneRecording {
        sources,
        renditions,
        captions: lines(caption::shown(conn, row)?, caption),
        attachments: lines(attachment::first_of_recording(conn, row)?, attachment),
        chapters: within(chapter::shown(conn, row)?, |it| it.title.len() + 40),
        speakers: within(
            lines(speaker::of_recording(conn, row)?, speaker),
            |it: &serde_json::Value| it.to_string().len(),
        ),
        series: json!({ "slug": series.slug, "title": series.title() }),
        poster_url: absolute(urls::poster(id)),
        watch_url: absolute(urls::watch(id)),
        embed_url: absolute(urls::embed(id)),
        metadata: field::public(recording::metadata::FIELDS, &recording.metadata),
        duration_ms: recording.duration_ms,
        state: recording.state,
        id: recording.public_id.clone(),
    })
}

/// The first of these, as many as an answer holds beside the other things it says.
fn within<T>(all: Vec<T>, weigh: impl Fn(&T) -> usize) -> Vec<T> {
    let mut left = ENTRIES_BYTES;
    let fits = |one: &T| {
        let weight = weigh(one);
        let is_within = weight <= left;
        left = left.saturating_sub(weight);
        is_within
    };
    all.into_iter().take_while(fits).collect()
}

fn lines<T, L>(rows: Vec<T>, line: impl Fn(T) -> L) -> Vec<L> {
    rows.into_iter().map(line).collect()
}

#[derive(Debug, Serialize)]
pub struct Hits {
    query: String,
    /// Counted to [`search::COUNTED`].
    total: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    /// Words that the results do not all have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
    /// Words that occur nowhere, and what was looked for instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meant: Vec<Meant>,
    /// The question as it was perhaps meant, by which more is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    offered: Option<String>,
    results: Vec<Hit>,
    recordings: Vec<RecordingLine>,
}

#[derive(Debug, Serialize)]
struct Meant {
    typed: String,
    meant: String,
}

/// A recording that was found, and where what was asked for is said.
#[derive(Debug, Serialize)]
struct Hit {
    recording: HitRecording,
    moments: Vec<MomentLine>,
}

#[derive(Debug, Serialize)]
struct HitRecording {
    id: PublicId,
    number: Option<i64>,
    title: String,
    series: String,
    watch_url: String,
}

#[derive(Debug, Serialize)]
struct MomentLine {
    start_ms: u64,
    text: String,
    url: String,
}

/// `GET /api/search?q=`
pub async fn hits(
    State(app): State<App>,
    ScriptViewer(viewer): ScriptViewer,
    Query(parameters): Parameters,
) -> Result<Json<Hits>> {
    let base = app.config.base();
    let question = parameters.get("q").map_or("", String::as_str);
    let question = match parameters.contains_key("typing") {
        true => Question::being_typed(question),
        false => Question::of(question),
    };
    let filters = Filters::named(|name| parameters.get(name).cloned());
    let limit = parameters.get("limit").and_then(|limit| limit.parse().ok());
    let limit = limit.unwrap_or(HITS).clamp(1, HITS);
    let load = move |conn: &Connection| {
        let found = search::recordings(conn, &viewer, &filters, &question, limit)?;
        let recordings = recording::among(conn, &viewer, &found.ids)?;
        let series: Vec<i64> = recordings.iter().map(|one| one.series_id).collect();
        let series = series::by_ids(conn, &series)?;
        let results = recordings.iter().enumerate().map(|(place, one)| {
            let (language, wanted) = (one.language(), &found.wanted);
            let most = search::moments_at(place);
            let moments = moments::best(conn, one.id, wanted, language, most)?.moments;
            let title = series
                .get(&one.series_id)
                .map(|series| series.title().to_owned());
            Ok(Hit::of(one, title.unwrap_or_default(), moments, &base))
        });
        let results = within(results.collect::<Result<_>>()?, Hit::weight);
        Ok(Hits {
            query: question.typed().to_owned(),
            total: found.total,
            more: found.has_more,
            left_out: [found.left_out, found.ignored].concat(),
            meant: lines(found.meant, |(typed, meant)| Meant { typed, meant }),
            offered: found.offered,
            results,
            recordings: lines(recordings, |one| RecordingLine::of(one, &base)),
        })
    };
    let found = app
        .db
        .read(move |conn| query::within(conn, search::TIME, || load(conn)));
    Ok(Json(found.await?))
}

impl Hit {
    fn of(recording: &Recording, series: String, moments: Vec<Moment>, base: &str) -> Self {
        let id = &recording.public_id;
        Self {
            recording: HitRecording {
                id: id.clone(),
                number: recording.number,
                title: recording.title().to_owned(),
                series,
                watch_url: format!("{base}{}", urls::watch(id)),
            },
            moments: lines(moments, |moment| MomentLine {
                start_ms: moment.start_ms,
                url: format!("{base}{}", urls::watch_at(id, moment.start_ms / 1000)),
                text: moment.text,
            }),
        }
    }

    /// About its bytes in an answer.
    fn weight(&self) -> usize {
        let moments = self.moments.iter().map(|one| 2 * one.text.len() + 120);
        2 * (self.recording.title.len() + self.recording.series.len())
            + 300
            + moments.sum::<usize>()
    }
}
