//! A visitor comes here for everything in which one person talks.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::address::{self, Kind};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::{series, speaker};
use crate::error::{Error, Result};
use crate::web::head::Head;
use crate::web::texts::Texts;
use crate::web::{components, layout, urls};

/// `GET /speakers/{slug}`
pub async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let viewer = app.visitor();
    let asked = slug.clone();
    let page = app
        .db
        .read(move |conn| SpeakerPage::load(conn, &viewer, &asked))
        .await?;
    if page.slug != slug {
        return Ok(Redirect::permanent(&texts.link(&urls::speaker(&page.slug))).into_response());
    }
    let head = Head {
        title: &page.name,
        address: Some(urls::speaker(&page.slug)),
        is_hidden: page.is_demonstration,
        is_demonstration: page.is_demonstration,
        scripts: &["lists.js"],
        ..Head::default()
    };
    Ok(layout::page(&app.config, &texts, &head, &page.render(&texts)).into_response())
}

struct SpeakerPage {
    slug: String,
    name: String,
    /// With the title of its series.
    recordings: Vec<(Recording, String)>,
    is_demonstration: bool,
}

impl SpeakerPage {
    fn load(conn: &Connection, viewer: &Viewer, slug: &str) -> Result<Self> {
        let slug = address::current(conn, Kind::Speaker, slug)?.ok_or(Error::NotFound)?;
        let (id, name) = speaker::by_slug(conn, viewer, &slug)?.ok_or(Error::NotFound)?;
        let titles = series::titles(conn)?;
        let of = |recording: Recording| {
            let title = titles
                .get(&recording.series_id)
                .cloned()
                .unwrap_or_default();
            (recording, title)
        };
        let recordings: Vec<_> = recording::of_speaker(conn, viewer, id)?
            .into_iter()
            .map(of)
            .collect();
        let is_demonstration = recordings
            .iter()
            .all(|(_, (_, demonstration))| *demonstration);
        let recordings = recordings
            .into_iter()
            .map(|(recording, (title, _))| (recording, title))
            .collect();
        Ok(Self {
            slug,
            name,
            recordings,
            is_demonstration,
        })
    }

    fn render(&self, texts: &Texts) -> Markup {
        html! {
            nav.back { a href=(texts.link(&urls::home())) { "← " (texts.t("series-back")) } }
            h1 { (texts.with("speaker-title", &[("name", FluentValue::from(self.name.clone()))])) }
            section.recordings {
                    h2.visually-hidden { (texts.t("recordings-list")) }
                @for (recording, series) in &self.recordings {
                    (components::row(recording, &[], Some(series), texts))
                }
            }
        }
    }
}
