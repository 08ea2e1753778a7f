//! The search page, where a visitor looks for a recording by a word. The search field is the largest element, and a page without
//! results suggests what else to try.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{Viewer, search};
use crate::error::Result;
use crate::web::components::recording_row;
use crate::web::head::Head;
use crate::web::{Texts, layout, markdown, reply, urls};

/// Most results on the page; for more, another word helps.
const HITS: u32 = 50;

/// Most characters of a query; the field accepts no more.
const LONGEST_QUESTION: usize = 200;

/// `GET /search?q=`
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let viewer = app.visitor();
    let question = urls::parameter(query.as_deref(), "q").unwrap_or_default();
    let question: String = question.trim().chars().take(LONGEST_QUESTION).collect();
    let db = &app.db;
    let page = db.read(move |conn| SearchPage::load(conn, &viewer, question));
    Ok(reply::page(page.await?.render(&app, &texts)))
}

/// The query and its results.
struct SearchPage {
    question: String,
    recordings: Vec<Recording>,
    series: HashMap<i64, Series>,
    speakers: HashMap<i64, Vec<Speaker>>,
}

impl SearchPage {
    fn load(conn: &Connection, viewer: &Viewer, question: String) -> Result<Self> {
        let found = search::recordings(conn, viewer, &question, HITS)?;
        let recordings = recording::among(conn, viewer, &found)?;
        let series: Vec<i64> = recordings.iter().map(|one| one.series_id).collect();
        Ok(Self {
            series: series::by_ids(conn, &series)?,
            speakers: speaker::of_recordings(conn, &found)?,
            question,
            recordings,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let title = match self.question.as_str() {
            "" => texts.t("search"),
            question => texts.t_args(
                "search-title",
                &[("question", markdown::shorten(question, 60).into())],
            ),
        };
        let demonstration =
            !self.series.is_empty() && self.series.values().all(|series| series.demonstration());
        let head = Head {
            title,
            address: Some(urls::search("")),
            // Search engines should not index the endless combinations of queries.
            hidden: true,
            scripts: &["resume.js"],
            demonstration,
            ..Head::default()
        };
        let main = html! {
            h1.series-title { (texts.t("search")) }
            (layout::search_form(texts, "question", &self.question))
            @match (self.question.is_empty(), self.recordings.is_empty()) {
                (true, _) => p.lead { (texts.t("search-start")) },
                (false, true) => (self.nothing(texts)),
                (false, false) => (self.hits(texts)),
            }
        };
        layout::page(&app.config, texts, "search", &head, &main)
    }

    fn hits(&self, texts: &Texts) -> Markup {
        let count = self.recordings.len();
        let heading = match count >= HITS as usize {
            true => "search-many",
            false => "search-found",
        };
        html! {
            div role="status" { h2.found { (texts.t_args(heading, &[("count", count.into())])) } }
            ol.recording-list {
                @for recording in &self.recordings {
                    @let speakers = self.speakers.get(&recording.id).map_or(&[][..], Vec::as_slice);
                    @let series = self.series.get(&recording.series_id);
                    li { (recording_row(texts, recording, speakers, series)) }
                }
            }
        }
    }

    fn nothing(&self, texts: &Texts) -> Markup {
        let question = markdown::shorten(&self.question, 60);
        html! {
            div.none role="status" {
                h2 { (texts.t_args("search-none-title", &[("question", question.into())])) }
                p { (texts.t("search-none-text")) }
                p.actions { a.button data-kind="quiet" href=(texts.to(urls::home())) { (texts.t("all-series")) } }
            }
        }
    }
}
