//! The page of a speaker with all their recordings that the viewer may see in lists.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::name::isolated;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::{Viewer, address, speaker};
use crate::error::Result;
use crate::web::components::name;
use crate::web::components::{how_many, icon, recording_row};
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

/// `GET /speakers/{slug}`: a former slug redirects to the current one.
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let viewer = app.visitor();
    let found = app.db.read(move |conn| {
        address::resolve_speaker(conn, &viewer, &slug)?
            .load(|row| SpeakerPage::load(conn, &viewer, row, slug.clone()))
    });
    match found.await?.here_or_moved()? {
        Ok(page) => Ok(reply::page(page.render(&app, &texts))),
        Err(today) => reply::moved(&texts.to(urls::speaker(&today))),
    }
}

/// The data of the page.
struct SpeakerPage {
    slug: String,
    name: String,
    recordings: Vec<Recording>,
    series: HashMap<i64, Series>,
}

impl SpeakerPage {
    fn load(conn: &Connection, viewer: &Viewer, row: i64, slug: String) -> Result<Self> {
        let recordings = recording::of_speaker(conn, viewer, row)?;
        let of: Vec<i64> = recordings.iter().map(|one| one.series_id).collect();
        Ok(Self {
            slug,
            name: speaker::name(conn, row)?,
            recordings,
            series: series::by_ids(conn, &of)?,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let demonstration = self.series.values().all(|series| series.demonstration());
        let count = u32::try_from(self.recordings.len()).unwrap_or(u32::MAX);
        let recordings = how_many(texts, count).into();
        let appears = texts.t_args("speaker-in", &[("recordings", recordings)]);
        let head = Head {
            title: self.name.clone(),
            description: Some(format!("{}. {appears}.", isolated(&self.name))),
            address: Some(urls::speaker(&self.slug)),
            hidden: demonstration,
            scripts: &["resume.js"],
            demonstration,
            ..Head::default()
        };
        let main = html! {
            p.way-back { a.arrow href=(texts.to(urls::home())) { (icon("previous")) (texts.t("all-series")) } }
            h1.series-title { (name(&self.name)) }
            p.lead { (appears) }
            h2.unseen { (texts.t("series-recordings")) }
            ol.recording-list {
                @for recording in &self.recordings {
                    @let series = self.series.get(&recording.series_id);
                    li { (recording_row(texts, recording, &[], series)) }
                }
            }
        };
        layout::page(&app.config, texts, "speaker", &head, &main)
    }
}
