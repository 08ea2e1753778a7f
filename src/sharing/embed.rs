//! `/embed/{id}`: the player alone, in a frame of someone else's page. Whoever put it there may have locked it in a sandbox
//! without an origin, so nothing here relies on storage, on opening windows or on being on the same site; the way to the
//! portal is also printed as text.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::web::components::foreign;
use crate::web::head::Head;
use crate::web::player::Player;
use crate::web::{Texts, layout, reply, urls};

/// `GET /embed/{id}`, with `?start=` ready to play from a moment.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let start = urls::parameter(query.as_deref(), "start").and_then(|text| urls::moment(&text));
    let embed = app
        .db
        .read(move |conn| Embed::load(conn, &viewer, &id))
        .await?;
    Ok(reply::page(embed.render(&app, &texts, start)))
}

/// What an embed shows.
struct Embed {
    recording: Recording,
    series: Series,
    sources: Vec<Original>,
    captions: Vec<Caption>,
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
        })
    }

    fn render(&self, app: &App, texts: &Texts, start: Option<u64>) -> Markup {
        let head = Head {
            title: self.recording.title.clone(),
            // The page to be found is the watch page.
            hidden: true,
            scripts: &["renew.js", "player.js"],
            ..Head::default()
        };
        let player = Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            start,
            elsewhere: true,
        };
        let main = html! {
            div.embed data-embed {
                (player.render(texts))
                (self.caption(app, texts))
            }
        };
        layout::frame(&app.config, texts, &head, &main)
    }

    /// Title, organiser, and the address of the page, readable where links do not open.
    fn caption(&self, app: &App, texts: &Texts) -> Markup {
        let address = format!(
            "{}{}",
            app.config.base(),
            urls::watch(&self.recording.public_id)
        );
        let short = address
            .split_once("://")
            .map_or(address.as_str(), |(_, rest)| rest);
        html! {
            div.embed-words {
                h1 lang=[foreign(texts, &self.recording.language)] { (self.recording.title) }
                p {
                    @if let Some(organiser) = &self.series.organiser { span { (organiser) } " " }
                    @if self.series.demonstration { span { (texts.t("demonstration")) } " " }
                    a href=(texts.to(address.clone())) target="_blank" rel="noopener" title=(texts.t_args("elsewhere", &[("name", app.config.name.as_str().into())])) { (short) }
                }
            }
        }
    }
}
