//! A visitor comes here to see the whole series in order: what each session is about, how long it is, how large.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rusqlite::Connection;

use std::collections::HashMap;

use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::address::{self, Kind};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Overview};
use crate::catalogue::speaker::{self, Speaker};
use crate::error::{Error, Result};
use crate::web::head::Head;
use crate::web::texts::Texts;
use crate::web::{components, layout, markdown, urls};

/// Characters of the description in a shared link.
const PREVIEW: usize = 200;

/// A description longer than this is folded after its first lines.
const LONG: usize = 600;

/// `GET /series/{slug}`: a former slug leads to the one of today.
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let viewer = app.visitor();
    let loaded = app
        .db
        .read(move |conn| SeriesPage::load(conn, &viewer, &slug))
        .await?;
    let page = match loaded {
        Loaded::Page(page) => page,
        Loaded::Moved(slug) => {
            return Ok(Redirect::permanent(&texts.link(&urls::series(&slug))).into_response());
        }
    };
    let series = &page.overview.series;
    let description = series
        .description
        .as_deref()
        .map(|text| markdown::plain(text, PREVIEW));
    let picture = page
        .recordings
        .iter()
        .find(|recording| recording.poster_version.is_some());
    let head = Head {
        title: &series.title,
        description: description.as_deref(),
        address: Some(urls::series(&series.slug)),
        picture: picture.map(|recording| urls::poster(&recording.public_id)),
        is_hidden: series.demonstration,
        is_demonstration: series.demonstration,
        scripts: &["lists.js"],
    };
    Ok(layout::page(&app.config, &texts, &head, &page.render(&texts)).into_response())
}

enum Loaded {
    Page(Box<SeriesPage>),
    /// To the slug of today.
    Moved(String),
}

struct SeriesPage {
    overview: Overview,
    recordings: Vec<Recording>,
    /// By row of the recording.
    speakers: HashMap<i64, Vec<Speaker>>,
}

impl SeriesPage {
    fn load(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Loaded> {
        let today = address::current(conn, Kind::Series, slug)?.ok_or(Error::NotFound)?;
        let overview = series::overview(conn, viewer, &today)?.ok_or(Error::NotFound)?;
        if today != slug {
            return Ok(Loaded::Moved(today));
        }
        let recordings = recording::of_series(conn, viewer, overview.series.id)?;
        let ids: Vec<i64> = recordings.iter().map(|recording| recording.id).collect();
        let speakers = speaker::of_recordings(conn, &ids)?;
        Ok(Loaded::Page(Box::new(Self {
            overview,
            recordings,
            speakers,
        })))
    }

    fn render(&self, texts: &Texts) -> Markup {
        let series = &self.overview.series;
        html! {
            nav.back { a href=(texts.link(&urls::home())) { "← " (texts.t("series-back")) } }
            header.series-head lang=(series.language) {
                h1 { (series.title) }
                p.facts { (components::series_facts(&self.overview, texts)) }
                (self.description(texts))
                @if let Some(first) = self.recordings.first() {
                    p.actions { a.button href=(texts.link(&urls::watch(&first.public_id))) { (texts.t("series-start")) } }
                }
            }
            section.recordings {
                h2.visually-hidden { (texts.t("series-list")) }
                @for recording in &self.recordings {
                    (components::row(recording, self.speakers.get(&recording.id).map_or(&[], Vec::as_slice), None, texts))
                }
            }
        }
    }

    fn description(&self, texts: &Texts) -> Markup {
        let Some(description) = &self.overview.series.description else {
            return html! {};
        };
        html! {
            @if description.chars().count() > LONG {
                p.summary { (markdown::plain(description, PREVIEW)) }
                details {
                    summary { (texts.t("series-read-more")) }
                    div.prose { (markdown::draw(description)) }
                }
            } @else {
                div.prose { (markdown::draw(description)) }
            }
        }
    }
}
