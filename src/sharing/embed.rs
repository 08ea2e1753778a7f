//! `/embed/{id}` and `/embed/series/{slug}`: the player in a frame on another site. The frame may be in a sandbox without an
//! origin, so nothing here relies on storage, on opening windows or on being same-site; the address of the portal is also shown as
//! text.

use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::name::isolated;
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::{PublicId, Viewer, address, timecode};
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::components::{foreign, short_length_or_state};
use crate::web::head::Head;
use crate::web::player::Player;
use crate::web::{Texts, guard, layout, reply, urls};

/// `GET /embed/{id}`, with `?start=` and `?end=` the moments at which playback begins and ends.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let found = app.db.read(move |conn| {
        address::resolve_recording(conn, &viewer, &id)?
            .load(|row| Embed::load(conn, recording::by_id(conn, row)?))
    });
    match found.await?.here_or_moved()? {
        Ok(embed) => answer(&app, &texts, &embed, query.as_deref()),
        Err(today) => moved(&texts, urls::embed(&today), query.as_deref()),
    }
}

/// `GET /embed/series/{slug}`, with `?recording=` the one in the player.
pub async fn show_series(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    // A coordinator sees in a frame what its visitors see.
    let viewer = match texts.has_link() {
        true => viewer,
        false => app.visitor(),
    };
    let wanted = urls::parameter(query.as_deref(), "recording");
    let found = app.db.read(move |conn| {
        address::resolve_series(conn, &viewer, &slug)?
            .load(|row| Embed::of_series(conn, &viewer, row, wanted.as_deref()))
    });
    match found.await?.here_or_moved()? {
        Ok(embed) => answer(&app, &texts, &embed, query.as_deref()),
        Err(today) => moved(&texts, urls::embed_series(&today), query.as_deref()),
    }
}

/// Redirects to the current address of the frame, with the same link and position.
fn moved(texts: &Texts, address: String, query: Option<&str>) -> Result<Response> {
    let parameters = ["recording", "start", "end"].map(|name| (name, urls::parameter(query, name)));
    let mut address = texts.asset(address);
    for (name, value) in parameters {
        if let Some(value) = value {
            address = urls::with(&address, name, &value);
        }
    }
    reply::moved(&texts.to(address))
}

/// Whether the player of a recording may be embedded wherever that of its series may.
fn stands_with_its_series(recording: &Recording) -> bool {
    recording.embed_sites.is_none()
}

/// Answers with a policy that lets browsers show the frame on permitted sites only (Content Security Policy Level 3 §6.4.2).
fn answer(app: &App, texts: &Texts, embed: &Embed, query: Option<&str>) -> Result<Response> {
    let mut answer = reply::page(embed.render(app, texts, Piece::of(query)));
    let portal = app.config.embed_sites();
    let sites = embed.series.embed_sites_of(Some(&embed.recording), portal);
    let policy = reply::header(&guard::embed_policy(&sites.ancestors()))?;
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// The seconds at which playback begins and ends.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: Option<u64>,
    end: Option<u64>,
}

impl Piece {
    fn of(query: Option<&str>) -> Self {
        let parameter =
            |name| urls::parameter(query, name).and_then(|text| timecode::parse_seconds(&text));
        let start = parameter("start");
        Self {
            start,
            end: parameter("end").filter(|end| *end > start.unwrap_or(0)),
        }
    }
}

/// The content of an embed.
struct Embed {
    recording: Recording,
    series: Series,
    sources: Vec<Original>,
    captions: Vec<Caption>,
    chapters: Vec<Chapter>,
    attachments: Vec<Attachment>,
    /// All recordings of an embedded series; empty for one recording.
    all: Vec<Recording>,
}

impl Embed {
    fn load(conn: &Connection, recording: Recording) -> Result<Self> {
        Ok(Self {
            series: series::by_id(conn, recording.series_id)?,
            sources: original::sources(conn, recording.id)?,
            captions: caption::of_recording(conn, recording.id)?,
            chapters: chapter::of_recording(conn, recording.id)?,
            attachments: attachment::of_recording(conn, recording.id)?,
            all: Vec::new(),
            recording,
        })
    }

    /// Loads a series, with the wanted recording in the player, otherwise the first one that can be played.
    fn of_series(
        conn: &Connection,
        viewer: &Viewer,
        row: i64,
        wanted: Option<&str>,
    ) -> Result<Self> {
        let all = recording::of_series(conn, viewer, row)?;
        let can_stand = || all.iter().filter(|one| stands_with_its_series(one));
        let chosen = can_stand()
            .find(|one| Some(one.public_id.as_str()) == wanted)
            .or_else(|| can_stand().find(|one| one.state == recording::RecordingState::Ready))
            .or_else(|| can_stand().next());
        let mut embed = Self::load(conn, chosen.cloned().ok_or(Error::NotFound)?)?;
        embed.all = all;
        Ok(embed)
    }

    fn render(&self, app: &App, texts: &Texts, piece: Piece) -> Markup {
        let head = Head {
            title: self.recording.title().to_owned(),
            // Search engines should list the watch page instead.
            hidden: true,
            scripts: &["player.js", "embed.js"],
            ..Head::default()
        };
        let player = Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            start: piece.start,
            end: piece.end,
            elsewhere: true,
        };
        let main = html! {
            div.embed-whole data-series[!self.all.is_empty()] {
                div.embed data-embed {
                    (player.render(texts))
                    (self.caption(app, texts))
                }
                @if !self.all.is_empty() { (self.list(texts)) }
            }
        };
        layout::frame(&app.config, texts, &head, &main)
    }

    /// The address of this frame with another recording.
    fn own_address(&self, texts: &Texts, recording: &Recording) -> String {
        let address = match self.all.is_empty() {
            true => urls::embed(&recording.public_id),
            false => urls::with(
                &urls::embed_series(&self.series.slug),
                "recording",
                recording.public_id.as_str(),
            ),
        };
        texts.to(texts.asset(address))
    }

    /// Title, organiser, chapters, hand-outs, and the address of the page as text, because links may not open.
    fn caption(&self, app: &App, texts: &Texts) -> Markup {
        // A visitor with a link gets the address of that link, which opens the page.
        let path = match texts.link() {
            Some(link) => urls::link(link),
            None => urls::watch(&self.recording.public_id),
        };
        let address = format!("{}{path}", app.config.base());
        let short = urls::bare(&address);
        html! {
            div.embed-words {
                h1 lang=[foreign(texts, self.recording.language())] { (name(self.recording.title())) }
                p {
                    @if let Some(organiser) = &self.series.organiser { span { (name(organiser)) } " " }
                    @if self.series.demonstration() { span { (texts.t("demonstration")) } " " }
                    a data-page-link href=(texts.to(address.clone())) target="_blank" rel="noopener" title=(texts.t_args("elsewhere", &[("name", app.config.name.as_str().into())])) { (short) }
                }
                (self.more(texts))
            }
        }
    }

    fn more(&self, texts: &Texts) -> Markup {
        let id = &self.recording.public_id;
        let (has_chapters, has_handouts) =
            (!self.chapters.is_empty(), !self.attachments.is_empty());
        let key = match (has_chapters, has_handouts) {
            (true, true) => "embed-more",
            (true, false) => "chapters",
            (false, true) => "handouts",
            (false, false) => return html! {},
        };
        html! {
            details.embed-more {
                summary { (texts.t(key)) }
                @if has_chapters {
                    ol {
                        @for chapter in &self.chapters {
                            @let seconds = chapter.start_ms / 1000;
                            li { a href=(urls::with(&self.own_address(texts, &self.recording), "start", &seconds.to_string())) data-seek=(seconds) {
                                span.time { (timecode::short(chapter.start_ms)) } " " (name(&chapter.title))
                            } }
                        }
                    }
                }
                @if has_handouts {
                    ul {
                        @for attachment in &self.attachments {
                            li { a href=(texts.asset(urls::media(id, &attachment.version, &attachment.place.file))) target="_blank" rel="noopener" { (name(&attachment.title)) } }
                        }
                    }
                }
            }
        }
    }

    /// The list of recordings in the series, with the one in the player marked.
    fn list(&self, texts: &Texts) -> Markup {
        html! {
            nav.embed-list aria-label=(isolated(self.series.title())) {
                ol {
                    @for one in &self.all {
                        li {
                            // A recording with embed sites of its own may be refused in this frame, so it opens on its own page.
                            @let stays = stands_with_its_series(one);
                            @let address = if stays { self.own_address(texts, one) } else { texts.to(urls::watch(&one.public_id)) };
                            a href=(address) target=[(!stays).then_some("_blank")] rel=[(!stays).then_some("noopener")] aria-current=[(one.id == self.recording.id).then_some("true")] {
                                span.number { @if let Some(number) = one.number { (number) } }
                                span.title lang=[foreign(texts, one.language())] { (name(one.title())) }
                                span.length { (short_length_or_state(texts, one)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The HTML that people paste into their page: a frame that grows with its column, without script.
pub fn code(base: &str, path: &str, title: &str, is_series: bool) -> String {
    // A recording has the shape of its picture; a series also has a list below, so its height is fixed.
    let shape = match is_series {
        false => "aspect-ratio:16/9;height:auto",
        true => "height:620px",
    };
    let frame = html! {
        iframe src={ (base) (path) } title=(isolated(title)) width="640" height=(if is_series { 580 } else { 360 }) style={ "width:100%;max-width:960px;" (shape) ";border:0" }
            loading="lazy" allow="fullscreen; picture-in-picture" allowfullscreen referrerpolicy="strict-origin-when-cross-origin" {}
    };
    frame.into_string()
}
