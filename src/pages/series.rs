//! The page of a series: its description and all its recordings in order. A visitor chooses where to begin, or sees how far they
//! are.

use std::collections::HashMap;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::home::series_facts;
use super::unlock;
use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::address::{self, Resolved};
use crate::catalogue::link;
use crate::catalogue::recording::order::{self, Shown, Wanted};
use crate::catalogue::recording::{Recording, RecordingState};
use crate::catalogue::series::{self, Overview};
use crate::catalogue::slice::{Cursor, PAGE, Slice};
use crate::catalogue::speaker::{self, Speaker};
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::components::{begin, feeds, foreign, icon, recording_row};
use crate::web::head::{self, Head};
use crate::web::{Texts, format, layout, markdown, parts, reply, structured, urls};

/// `GET /series/{slug}`, with `?after=` or `?before=` the recording on which the part of the list borders; a former slug redirects to
/// the current one.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    // Coordinators find drafts on the desk, and see here what visitors see.
    let viewer = match texts.has_link() {
        true => viewer,
        false => app.visitor(),
    };
    answer(&app, viewer, slug, query.as_deref(), &texts).await
}

/// Answers with the page of a series, for its own address and for a named link.
pub async fn answer(
    app: &App,
    viewer: Viewer,
    slug: String,
    query: Option<&str>,
    texts: &Texts,
) -> Result<Response> {
    let cursor = parts::cursor(query);
    let found = app.db.read(move |conn| {
        address::resolve_series(conn, &viewer, &slug)?
            .load(|row| SeriesPage::load(conn, &viewer, row, &cursor))
    });
    match found.await? {
        Resolved::Found(page) => Ok(reply::page(page.render(app, texts))),
        Resolved::Moved(today) => {
            let today = urls::keeping(&urls::series(&today), query, &parts::PARAMETERS);
            reply::moved(&texts.to(today))
        }
        Resolved::Gone(gone) => Err(Error::Gone(gone)),
        Resolved::Locked(slug) => Ok(unlock::page_of(
            app,
            texts,
            &unlock::unlock(&slug),
            None,
            None,
        )),
    }
}

/// The data of the page.
struct SeriesPage {
    overview: Overview,
    cursor: Cursor,
    recordings: Slice<Recording>,
    /// How many recordings precede these.
    before: u32,
    first: Option<Recording>,
    pictured: Option<Recording>,
    /// Whether others may preview the named link that opened the page: it leads to what every visitor may see.
    has_open_link: bool,
    speakers: HashMap<i64, Vec<Speaker>>,
}

impl SeriesPage {
    fn load(conn: &Connection, viewer: &Viewer, row: i64, cursor: &Cursor) -> Result<Self> {
        let recordings = order::slice(conn, viewer, (row, Shown::All), cursor, PAGE)?;
        let ids: Vec<i64> = recordings.items.iter().map(|one| one.id).collect();
        let before = match recordings.items.first() {
            Some(first) if recordings.has_before => order::count_before(conn, viewer, first)?,
            _ => 0,
        };
        let overview = series::overview(conn, viewer, row)?;
        let visitor = Viewer::visitor(viewer.now());
        let has_open_link = link::is_open_to(conn, viewer)?
            && address::is_found(address::resolve_series(
                conn,
                &visitor,
                &overview.series.slug,
            ))?;
        // Others keep the picture of a preview, so it is one that every visitor may see.
        let previewer = if has_open_link { &visitor } else { viewer };
        Ok(Self {
            overview,
            has_open_link,
            speakers: speaker::of_recordings(conn, &ids)?,
            first: order::first(conn, viewer, row, Wanted::Ready)?,
            pictured: order::first(conn, previewer, row, Wanted::Pictured)?,
            cursor: cursor.clone(),
            before,
            recordings,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let series = &self.overview.series;
        let picture = self.pictured.as_ref();
        let description = series.description.as_deref();
        let rows = parts::draw(&self.recordings, |recording| {
            recording_row(texts, recording, self.speakers_of(recording), None)
        });
        let before = self.before + rows.lost_before(&self.recordings);
        let range = parts::range(texts, &rows, before, self.overview.count.all());
        let page = urls::series(&series.slug);
        let own = parts::own_address(&page, &rows, &self.cursor);
        let [address, link] = match texts.has_link() {
            false => [Some(own), None],
            true => [None, texts.opened_at(own).filter(|_| self.has_open_link)],
        };
        let head = Head {
            title: parts::title(series.title(), range.as_deref().filter(|_| rows.has_before)),
            description: description.map(|text| markdown::lead(text, head::DESCRIPTION)),
            embeds: (address.clone().or(link.clone())).map(|page| texts.keeping_language(page)),
            address,
            link,
            image: picture.map(|recording| texts.asset(urls::poster(&recording.public_id))),
            hidden: series.demonstration() || texts.has_link(),
            feeds: feeds(texts, series),
            data: (!series.demonstration() && !texts.has_link())
                .then(|| structured::series(&app.config, series, rows.items.iter().map(|it| it.1))),
            scripts: vec!["resume.js", "search.js"],
            demonstration: series.demonstration(),
            ..Head::default()
        };
        let main = html! {
            p.way-back { a.arrow href=(texts.to(urls::home())) { (icon("previous")) (texts.t("all-series")) } }
            header.series-head {
                h1.series-title lang=[foreign(texts, series.language())] { (name(series.title())) }
                (series_facts(texts, &self.overview))
                div.introduction {
                    @if let Some(description) = description { (introduction(texts, description, foreign(texts, series.language()))) }
                    (self.start(texts))
                }
            }
            section.recordings aria-labelledby="recordings" {
                h2 #recordings { (texts.t("series-recordings")) @if let Some(range) = &range { " " span.range { (range) } } }
                @if self.overview.duration_ms > 0 {
                    p.total { (texts.t_args("series-total", &[("length", format::length(texts.lang(), self.overview.duration_ms).into())])) }
                }
                (seen_of(texts, &rows.items, self.overview.count.all()))
                ol.recording-list {
                    @for (row, _) in &rows.items { li { (row) } }
                }
                (parts::links(texts, &format!("{page}#recordings"), &rows, |(_, one)| one.public_id.to_string()))
            }
            @if !texts.has_link() {
                p.follow {
                    span { (texts.t("series-follow")) }
                    a href=(urls::feed_of(&series.slug)) { (texts.t("feed")) }
                    a href=(urls::podcast_of(&series.slug)) { (texts.t("podcast")) }
                }
            }
        };
        layout::page(app, texts, "series", &head, &main)
    }

    fn speakers_of(&self, recording: &Recording) -> &[Speaker] {
        self.speakers.get(&recording.id).map_or(&[], Vec::as_slice)
    }

    fn start(&self, texts: &Texts) -> Markup {
        let first = self.first.as_ref().filter(|it| it.number.is_some());
        html! {
            p.actions {
                @if let Some(first) = first { (begin(texts, first, &self.recordings.items)) }
                @if !texts.has_link() {
                    a.button data-kind="quiet" href=(texts.to(urls::share_series(&self.overview.series.slug))) { (icon("share")) (texts.t("share")) }
                }
            }
        }
    }
}

/// A hidden line in which `resume.js` says how many recordings of a series one has seen, when the page has all of them.
fn seen_of(texts: &Texts, rows: &[(Markup, &Recording)], all: u32) -> Markup {
    let ready = rows
        .iter()
        .filter(|(_, one)| one.state == RecordingState::Ready);
    let ids: Vec<&str> = ready.map(|(_, one)| one.public_id.as_str()).collect();
    let words = texts.t_args(
        "seen-of",
        &[("seen", "%".into()), ("count", ids.len().into())],
    );
    html! {
        @if rows.len() == all as usize { p.seen data-seen-of=(ids.join(" ")) data-words=(words) hidden {} }
    }
}

/// The first paragraph of a description; the rest can be unfolded.
fn introduction(texts: &Texts, description: &str, lang: Option<&str>) -> Markup {
    let description = description.trim();
    let (first, rest) = description.split_once("\n\n").unwrap_or((description, ""));
    html! {
        div.lead.prose lang=[lang] { (markdown::html(first)) }
        @if !rest.trim().is_empty() {
            details.unfold {
                summary { (texts.t("series-more")) }
                div.prose lang=[lang] { (markdown::html(rest)) }
            }
        }
    }
}
