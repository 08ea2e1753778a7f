//! The page of a speaker with all their recordings that the viewer may see in lists.

use std::collections::HashMap;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::name::isolated;
use crate::catalogue::recording::{Count, Recording, spoken};
use crate::catalogue::series::{self, Series};
use crate::catalogue::slice::{Cursor, Slice};
use crate::catalogue::{Viewer, address, speaker};
use crate::error::Result;
use crate::web::components::name;
use crate::web::components::{how_many, icon, recording_row};
use crate::web::head::Head;
use crate::web::{Texts, layout, parts, reply, urls};

/// `GET /speakers/{slug}`, with `?after=` or `?before=` the recording on which the part of the list borders: a former slug redirects to the current one.
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let (viewer, cursor) = (app.visitor(), parts::cursor(query.as_deref()));
    let found = app.db.read(move |conn| {
        address::resolve_speaker(conn, &viewer, &slug)?
            .load(|row| SpeakerPage::load(conn, &viewer, row, slug.clone(), cursor))
    });
    match found.await?.here_or_moved()? {
        Ok(page) => Ok(reply::page(page.render(&app, &texts))),
        Err(today) => {
            let (today, query) = (urls::speaker(&today), query.as_deref());
            reply::moved(&texts.to(urls::keeping(&today, query, &parts::PARAMETERS)))
        }
    }
}

/// The data of the page.
struct SpeakerPage {
    slug: String,
    name: String,
    cursor: Cursor,
    recordings: Slice<Recording>,
    /// How many recordings there are, and how many precede these.
    count: Count,
    before: u32,
    series: HashMap<i64, Series>,
}

impl SpeakerPage {
    fn load(
        conn: &Connection,
        viewer: &Viewer,
        row: i64,
        slug: String,
        cursor: Cursor,
    ) -> Result<Self> {
        let recordings = spoken::slice(conn, viewer, row, &cursor)?;
        let of: Vec<i64> = recordings.items.iter().map(|one| one.series_id).collect();
        let before = match recordings.items.first() {
            Some(first) if recordings.has_before => spoken::count_before(conn, viewer, row, first)?,
            _ => 0,
        };
        Ok(Self {
            slug,
            cursor,
            count: spoken::count(conn, viewer, row)?,
            before,
            name: speaker::name(conn, row)?,
            recordings,
            series: series::by_ids(conn, &of)?,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let demonstration = self.series.values().all(|series| series.demonstration());
        let rows = parts::draw(&self.recordings, |recording| {
            let series = self.series.get(&recording.series_id);
            recording_row(texts, recording, &[], series)
        });
        let before = self.before + rows.lost_before(&self.recordings);
        let range = parts::range(texts, &rows, before, self.count.all());
        let page = urls::speaker(&self.slug);
        let recordings = how_many(texts.lang(), self.count).into();
        let appears = texts.t_args("speaker-in", &[("recordings", recordings)]);
        let head = Head {
            title: parts::title(&self.name, range.as_deref().filter(|_| rows.has_before)),
            description: Some(format!("{}. {appears}.", isolated(&self.name))),
            address: Some(parts::own_address(&page, &rows, &self.cursor)),
            hidden: demonstration,
            scripts: vec!["resume.js", "search.js"],
            demonstration,
            ..Head::default()
        };
        let main = html! {
            p.way-back { a.arrow href=(texts.to(urls::home())) { (icon("previous")) (texts.t("all-series")) } }
            h1.series-title { (name(&self.name)) }
            p.lead { (appears) }
            h2 #recordings .unseen[range.is_none()] { (texts.t("series-recordings")) @if let Some(range) = &range { " " span.range { (range) } } }
            ol.recording-list { @for (row, _) in &rows.items { li { (row) } } }
            (parts::links(texts, &format!("{page}#recordings"), &rows, |(_, one)| one.public_id.to_string()))
        };
        layout::page(app, texts, "speaker", &head, &main)
    }
}
