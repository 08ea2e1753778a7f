//! `/embed/{id}` and `/embed/series/{slug}`: the player in a frame on another site. The frame may be in a sandbox without an
//! origin, so nothing here relies on storage, on opening windows or on being same-site; the address of the portal is also shown as
//! text.

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::address::{Destination, Resolved};
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::name::isolated;
use crate::catalogue::recording::order::{self, Shown, Wanted};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::slice::{Cursor, PAGE, Slice};
use crate::catalogue::source::{self, Source};
use crate::catalogue::{PublicId, Viewer, address, timecode};
use crate::error::{Error, Result};
use crate::text;
use crate::web::components::{foreign, short_length_or_state};
use crate::web::components::{name, title};
use crate::web::fragment::{self, Fragment};
use crate::web::head::Head;
use crate::web::player::Player;
use crate::web::{Texts, guard, layout, parts, reply, urls};

/// Recordings listed before the one in the player, when that is not in the first part of the list.
const NEAR: usize = 5;

/// Most bytes of the chapters in a frame.
const CHAPTERS_BYTES: usize = 200 * 1024;

/// `GET /embed/{id}`, with `?start=` (or `?t=`) and `?end=` the moments at which playback begins and ends.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let found = app.db.read(move |conn| {
        let found = address::resolve_recording(conn, &viewer, &id);
        let page = urls::watch(&id);
        open_or_page(
            conn,
            (&viewer, Destination::Recording(id)),
            page,
            found,
            |row| Embed::load(conn, recording::by_id(conn, row)?),
        )
    });
    let found = match found.await? {
        Ok(found) => found,
        Err(page) => return closed(&app, &texts, &page),
    };
    match found.here_or_moved()? {
        Ok(embed) => answer(&app, &texts, &embed, query.as_deref()),
        Err(today) => moved(&texts, urls::embed(&today), query.as_deref()),
    }
}

/// `GET /embed/series/{slug}`, with `?recording=` the one in the player, and `?after=` or `?before=` the one on which the part of the list
/// borders.
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
    let cursor = parts::cursor(query.as_deref());
    let found = app.db.read(move |conn| {
        let found = address::resolve_series(conn, &viewer, &slug);
        let page = urls::series(&slug);
        open_or_page(
            conn,
            (&viewer, Destination::Series(slug)),
            page,
            found,
            |row| Embed::of_series(conn, &viewer, row, wanted.as_deref(), &cursor),
        )
    });
    let found = match found.await? {
        Ok(found) => found,
        Err(page) => return closed(&app, &texts, &page),
    };
    match found.here_or_moved()? {
        Ok(embed) => answer(&app, &texts, &embed, query.as_deref()),
        Err(today) => moved(&texts, urls::embed_series(&today), query.as_deref()),
    }
}

/// What a frame shows, or the page that asks for the password before it.
type OpenOrPage<Name> = std::result::Result<Resolved<Name, Embed>, String>;

/// Loads what was found, or says why a frame that was handed out shows nothing any more. `page`: the page of the place.
fn open_or_page<Name>(
    conn: &Connection,
    (viewer, place): (&Viewer, Destination),
    page: String,
    found: Result<Resolved<Name>>,
    load: impl FnOnce(i64) -> Result<Embed>,
) -> Result<OpenOrPage<Name>> {
    match found {
        Ok(Resolved::Locked(_)) => Ok(Err(page)),
        Err(Error::NotFound) => {
            let link = address::closed_link(conn, viewer, &place)?;
            let link = link.ok_or(Error::NotFound)?;
            match link.is_open(viewer.now()) {
                false => Err(Error::Over(text!("link-over"))),
                true => Ok(Err(urls::link(&link.token))),
            }
        }
        found => found?.load(load).map(Ok),
    }
}

/// A frame that says that a password is needed, and where it is asked for. It has nothing of what is behind it.
fn closed(app: &App, texts: &Texts, page: &str) -> Result<Response> {
    let head = Head {
        title: texts.t("unlock-title"),
        hidden: true,
        ..Head::default()
    };
    let main = html! {
        div.nothing-to-play {
            h1 { (texts.t("unlock-title")) }
            p { (texts.t("unlock-text")) }
            (layout::way_out(&app.config, texts, page, &texts.t("embed-unlock")))
        }
    };
    let frame = layout::frame(app, texts, &head, &main);
    let mut answer = reply::page_with(StatusCode::UNAUTHORIZED, frame);
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(WWW_AUTHENTICATE, reply::CHALLENGE);
    Ok(answer)
}

/// Redirects to the current address of the frame, with the same link and position.
fn moved(texts: &Texts, address: String, query: Option<&str>) -> Result<Response> {
    let names = ["recording", "start", "t", "end", "after", "before"];
    let address = urls::keeping(&texts.asset(address), query, &names);
    reply::moved(&texts.to(address))
}

/// Whether the player of a recording may be embedded wherever that of its series may.
fn stands_with_its_series(recording: &Recording) -> bool {
    recording.embed_sites.is_none()
}

/// Answers with a policy that lets browsers show the frame on permitted sites only (Content Security Policy Level 3 §6.4.2).
fn answer(app: &App, texts: &Texts, embed: &Embed, query: Option<&str>) -> Result<Response> {
    let mut answer =
        reply::page(embed.render(app, texts, Fragment::beginning(query, &fragment::OF_FRAME)));
    let portal = app.config.embed_sites();
    let sites = embed.series.embed_sites_of(Some(&embed.recording), portal);
    let policy = reply::header(&guard::embed_policy(&sites.ancestors()))?;
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// The content of an embed.
struct Embed {
    recording: Recording,
    series: Series,
    sources: Vec<Source>,
    captions: Vec<Caption>,
    chapters: Vec<Chapter>,
    attachments: Vec<Attachment>,
    /// A part of the recordings of an embedded series; empty for one recording.
    all: Slice<Recording>,
}

impl Embed {
    fn load(conn: &Connection, recording: Recording) -> Result<Self> {
        Ok(Self {
            series: series::by_id(conn, recording.series_id)?,
            sources: source::of_recording(conn, recording.id)?,
            captions: caption::shown(conn, recording.id)?,
            chapters: chapter::shown(conn, recording.id)?,
            attachments: attachment::first_of_recording(conn, recording.id)?,
            all: Slice::default(),
            recording,
        })
    }

    /// Loads a series, with the wanted recording in the player, otherwise the first one that can be played.
    fn of_series(
        conn: &Connection,
        viewer: &Viewer,
        row: i64,
        wanted: Option<&str>,
        cursor: &Cursor,
    ) -> Result<Self> {
        let of = (row, Shown::All);
        let wanted = match wanted.and_then(PublicId::parse) {
            Some(id) => order::among(conn, viewer, of, &[id])?.pop(),
            None => None,
        };
        let wanted = wanted.filter(stands_with_its_series);
        let chosen = match wanted {
            Some(wanted) => Some(wanted),
            None => match order::first(conn, viewer, row, Wanted::Embedded)? {
                Some(ready) => Some(ready),
                None => order::first(conn, viewer, row, Wanted::Standing)?,
            },
        };
        let chosen = chosen.ok_or(Error::NotFound)?;
        // A part that nobody asked for shows the recording in the player, also far down the series.
        let mut all = order::slice(conn, viewer, of, cursor, PAGE)?;
        if *cursor == Cursor::First && all.items.iter().all(|one| one.id != chosen.id) {
            let (before, _) = order::around(conn, viewer, &chosen, NEAR)?;
            if let Some(border) = before.first() {
                let cursor = Cursor::After(border.public_id.to_string());
                all = order::slice(conn, viewer, of, &cursor, PAGE)?;
            }
        }
        let mut embed = Self::load(conn, chosen)?;
        embed.all = all;
        Ok(embed)
    }

    fn render(&self, app: &App, texts: &Texts, fragment: Fragment) -> Markup {
        let fragment = fragment.within(self.recording.duration_ms);
        let head = Head {
            title: self.recording.title().to_owned(),
            // Search engines should list the watch page instead.
            hidden: true,
            scripts: vec!["embed.js"],
            ..Head::default()
        };
        let page = self.page(app, texts);
        let rest = fragment.from_end(&texts.to(page.clone()));
        let player = Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            start: fragment.start,
            end: fragment.end,
            elsewhere: Some(&rest),
            series: "",
            next: None,
        };
        let main = html! {
            div.embed-whole data-series[!self.all.items.is_empty()] {
                div.embed data-embed {
                    (player.render(texts))
                    (self.caption((app, texts), &page, fragment.part().filter(|_| player.offers())))
                }
                @if !self.all.items.is_empty() { (self.list(texts)) }
            }
        };
        layout::frame(app, texts, &head, &main)
    }

    /// The address of this frame with another recording.
    fn own_address(&self, texts: &Texts, recording: &Recording) -> String {
        texts.to(texts.asset(self.frame(recording)))
    }

    fn frame(&self, recording: &Recording) -> String {
        match self.all.items.is_empty() {
            true => urls::embed(&recording.public_id),
            false => urls::with(
                &urls::embed_series(&self.series.slug),
                "recording",
                recording.public_id.as_str(),
            ),
        }
    }

    /// The address of the page. A visitor with a link gets the address of that link, which opens it.
    fn page(&self, app: &App, texts: &Texts) -> String {
        let path = match texts.link() {
            Some(link) => urls::link(link),
            None => urls::watch(&self.recording.public_id),
        };
        format!("{}{path}", app.config.base())
    }

    /// Title, organiser, which part is played, chapters, hand-outs, and the address of the page as text, because links may not open.
    fn caption(
        &self,
        (app, texts): (&App, &Texts),
        page: &str,
        part: Option<[String; 2]>,
    ) -> Markup {
        let base = app.config.base();
        let report = urls::message(None, Some(&self.recording.public_id));
        let report = format!("{base}{report}");
        let short = urls::bare(page);
        html! {
            div.embed-words {
                h1 lang=[foreign(texts, self.recording.language())] { (name(self.recording.title())) }
                @if let Some([start, end]) = part { p.part { (texts.t_args("fragment", &[("start", start.into()), ("end", end.into())])) } }
                p {
                    @if let Some(organiser) = &self.series.organiser { span { (name(organiser)) } " " }
                    @if self.series.demonstration() { span { (texts.t("demonstration")) } " " }
                    a data-page-link href=(texts.to(page.to_owned())) target="_blank" rel="noopener" title=(texts.t_args("elsewhere", &[("name", app.branding().name.as_str().into())])) { (short) }
                    " " a href=(texts.to(texts.asset(report))) target="_blank" rel="noopener" { (texts.t("message-write")) }
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
        let here = self.own_address(texts, &self.recording);
        let chapters = self.chapters.iter().map(|chapter| {
            let seconds = chapter.start_ms / 1000;
            html! {
                li { a href=(urls::with(&here, "start", &seconds.to_string())) data-seek=(seconds) {
                    span.time { (timecode::short(chapter.start_ms)) } " " (name(&chapter.title))
                } }
            }
        });
        let (chapters, _) = parts::fitting(chapters, CHAPTERS_BYTES);
        html! {
            details.embed-more {
                summary { (texts.t(key)) }
                @if has_chapters {
                    ol { @for row in &chapters { (row) } }
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
        let rows = parts::draw(&self.all, |one| self.list_row(texts, one));
        let here = texts.asset(self.frame(&self.recording));
        html! {
            div.embed-list {
                nav aria-label=(isolated(self.series.title())) { ol { @for (row, _) in &rows.items { li { (row) } } } }
                (parts::links(texts, &here, &rows, |(_, one)| one.public_id.to_string()))
            }
        }
    }

    fn list_row(&self, texts: &Texts, one: &Recording) -> Markup {
        // A recording with embed sites of its own may be refused in this frame, so it opens on its own page.
        let stays = stands_with_its_series(one);
        let address = match stays {
            true => self.own_address(texts, one),
            false => texts.to(urls::watch(&one.public_id)),
        };
        html! {
            a href=(address) target=[(!stays).then_some("_blank")] rel=[(!stays).then_some("noopener")] aria-current=[(one.id == self.recording.id).then_some("true")] {
                span.number { @if let Some(number) = one.number { (number) } }
                span.title lang=[foreign(texts, one.language())] { (title(one.title())) }
                span.length { (short_length_or_state(texts, one)) }
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
