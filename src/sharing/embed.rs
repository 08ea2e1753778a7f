//! `GET /embed/{id}`: the player alone, for a frame in another site: without cookie, storage or referrer, also in a sandbox
//! that gives it no origin (as WordPress does).

use axum::extract::{Path, Query, State};
use maud::{DOCTYPE, Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::caption::Caption;
use crate::catalogue::original::Original;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::Series;
use crate::catalogue::{PublicId, Viewer, caption, original, series};
use crate::error::{Error, Result};
use crate::web::head::Head;
use crate::web::player::Player;
use crate::web::texts::{Parameters, Texts};
use crate::web::{format, urls};

/// The player of one recording.
pub async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(parameters): Parameters,
    texts: Texts,
) -> Result<Markup> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let viewer = app.visitor();
    let mut embed = app
        .db
        .read(move |conn| Embed::load(conn, &viewer, &id))
        .await?;
    embed.start_ms = format::start_ms(parameters.get("start"));
    Ok(embed.render(&app, &texts))
}

struct Embed {
    recording: Recording,
    series: Series,
    sources: Vec<Original>,
    captions: Vec<Caption>,
    start_ms: Option<u64>,
}

impl Embed {
    fn load(conn: &Connection, viewer: &Viewer, id: &PublicId) -> Result<Self> {
        let Some(recording) = recording::by_public_id(conn, viewer, id)? else {
            return Err(recording::gone(conn, viewer, id)?.map_or(Error::NotFound, Error::Gone));
        };
        Ok(Self {
            series: series::by_id(conn, recording.series_id)?,
            sources: original::sources(conn, recording.id)?,
            captions: caption::of_recording(conn, recording.id)?,
            recording,
            start_ms: None,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let address = urls::watch(&self.recording.public_id);
        let head = Head {
            title: &self.recording.title,
            address: Some(address.clone()),
            is_hidden: true,
            ..Head::default()
        };
        let player = Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            start_ms: self.start_ms,
            is_embed: true,
        };
        // Printed as text too: in a sandbox a link may lead nowhere.
        let shown = format!("{}{address}", app.config.base());
        html! {
            (DOCTYPE)
            html lang=(texts.lang.code()) {
                head { (head.draw(&app.config, texts)) }
                body.embed {
                    main.stage { (player.draw(texts)) }
                    footer.embed-foot {
                        div lang=(self.recording.language) {
                            h1 { (self.recording.title) }
                            @if let Some(organiser) = &self.series.organiser { span.facts { " " (organiser) } }
                            @if self.series.demonstration { " " span.badge { (texts.t("demonstration-badge")) } }
                        }
                        p { a href=(shown) target="_blank" rel="noopener" { (shown.trim_start_matches("https://").trim_start_matches("http://")) } }
                    }
                }
            }
        }
    }
}
