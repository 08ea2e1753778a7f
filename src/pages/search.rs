//! The search page, where a visitor looks for a recording by a word or by a sentence that was said. The search field is the largest
//! element, each result offers the moments to begin at, and a page without results suggests what else to try.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::find;
use super::found_in::Reason;
use super::marked::marked;
use super::narrow::{Asked, narrow};
use crate::app::App;
use crate::catalogue::query;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{Viewer, timecode};

use crate::error::Result;
use crate::search::besides::{self, Beside};
use crate::search::filters::Facets;
use crate::search::moments::{self, Best};
use crate::search::{self, Filters, Found, Question};
use crate::web::components::{foreign, recording_row};
use crate::web::head::Head;
use crate::web::{Texts, layout, markdown, reply, urls};

/// Most results on the page; for more, another word helps.
const HITS: usize = 50;

/// Results by which the list can be narrowed: the best of them.
const NARROWED: u32 = 200;

/// Most characters of a sentence, around what is marked in it.
const SENTENCE: usize = 180;

/// `GET /search?q=`
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let viewer = app.visitor();
    let question = urls::parameter(query.as_deref(), "q").unwrap_or_default();
    let asked = Asked {
        question: Question::of(&question),
        filters: Filters::named(|name| urls::parameter(query.as_deref(), name)),
    };
    let lang = texts.lang().tag();
    let db = &app.db;
    let page = db.read(move |conn| {
        query::within(conn, search::TIME, || {
            SearchPage::load(conn, &viewer, asked, lang)
        })
    });
    Ok(reply::page(page.await?.render(&app, &texts)))
}

/// The query and its results.
struct SearchPage {
    asked: Asked,
    found: Found,
    facets: Facets,
    hits: Vec<Hit>,
    series: HashMap<i64, Series>,
    speakers: HashMap<i64, Vec<Speaker>>,
    /// What else is said about the results that have no moments.
    besides: HashMap<i64, Vec<Beside>>,
}

/// A recording that was found, and where what was asked for is said.
struct Hit {
    recording: Recording,
    best: Best,
}

impl SearchPage {
    fn load(conn: &Connection, viewer: &Viewer, asked: Asked, lang: &str) -> Result<Self> {
        let (question, filters) = (&asked.question, &asked.filters);
        let mut found = search::recordings(conn, viewer, filters, question, NARROWED)?;
        let facets = Facets::of(conn, &found.ids, found.total)?;
        found.ids.truncate(HITS);
        let recordings = recording::among(conn, viewer, &found.ids)?;
        let series: Vec<i64> = recordings.iter().map(|one| one.series_id).collect();
        let hits = recordings
            .into_iter()
            .enumerate()
            .map(|(place, recording)| {
                let most = search::moments_at(place);
                let best = moments::best(conn, recording.id, &found.wanted, lang, most)?;
                Ok(Hit { recording, best })
            });
        let hits = hits.collect::<Result<Vec<Hit>>>()?;
        let unsaid = hits.iter().filter(|hit| hit.best.moments.is_empty());
        let unsaid: Vec<i64> = unsaid.map(|hit| hit.recording.id).collect();
        Ok(Self {
            besides: besides::of_recordings(conn, &unsaid)?,
            hits,
            series: series::by_ids(conn, &series)?,
            speakers: speaker::of_recordings(conn, &found.ids)?,
            asked,
            found,
            facets,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let title = match self.asked.question.typed() {
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
            scripts: vec!["resume.js", "search.js"],
            demonstration,
            ..Head::default()
        };
        let main = html! {
            h1.series-title { (texts.t("search")) }
            (layout::search_form(texts, "question", self.asked.question.typed()))
            @match (self.asked.question.typed().is_empty(), self.hits.is_empty()) {
                (true, _) => p.lead { (texts.t("search-start")) },
                (false, true) => { (self.nothing(texts)) (narrow(texts, &self.asked, &self.facets)) },
                (false, false) => (self.results(texts)),
            }
        };
        layout::page(app, texts, "search", &head, &main)
    }

    fn results(&self, texts: &Texts) -> Markup {
        let heading = match self.found.total as usize > self.hits.len() {
            true => "search-many",
            false => "search-found",
        };
        let count = self.hits.len();
        html! {
            div role="status" {
                h2.found { (texts.t_args(heading, &[("count", count.into())])) }
                (self.understood(texts))
            }
            (narrow(texts, &self.asked, &self.facets))
            ol.recording-list {
                @for hit in &self.hits {
                    @let speakers = self.speakers.get(&hit.recording.id).map_or(&[][..], Vec::as_slice);
                    @let series = self.series.get(&hit.recording.series_id);
                    li {
                        (recording_row(texts, &hit.recording, speakers, series))
                        (self.moments(texts, hit))
                        @if hit.best.moments.is_empty() { (self.reason(hit, (speakers, series)).line(texts, &self.found.wanted)) }
                    }
                }
            }
        }
    }

    /// What was looked for instead of what was typed.
    fn understood(&self, texts: &Texts) -> Markup {
        let left_out: Vec<String> = self
            .found
            .left_out
            .iter()
            .map(|word| format!("“{word}”"))
            .collect();
        html! {
            @if let Some(offered) = &self.found.offered {
                p.understood { (texts.t("search-offered")) " " a href=(texts.to(self.asked.instead(offered))) { (markdown::shorten(offered, 60)) } }
            }
            @for (typed, meant) in &self.found.meant {
                p.understood { (texts.t_args("search-meant", &[("typed", typed.as_str().into()), ("meant", meant.as_str().into())])) }
            }
            @if !self.found.ignored.is_empty() { p.understood { (find::ignored(texts, &self.found.ignored)) } }
            @if !left_out.is_empty() {
                p.understood { (texts.t_args("search-left-out", &[("words", left_out.join(", ").into())])) }
            }
        }
    }

    fn reason<'a>(
        &'a self,
        hit: &'a Hit,
        (speakers, series): (&'a [Speaker], Option<&'a Series>),
    ) -> Reason<'a> {
        let besides = self.besides.get(&hit.recording.id);
        Reason {
            recording: &hit.recording,
            series,
            speakers,
            besides: besides.map_or(&[], Vec::as_slice),
        }
    }

    fn moments(&self, texts: &Texts, hit: &Hit) -> Markup {
        let Best { moments, has_more } = &hit.best;
        let within = urls::find(&hit.recording.public_id, self.asked.question.typed());
        let at = |ms: u64| urls::with(&within, "t", &(ms / 1000).to_string());
        html! {
            @if !moments.is_empty() {
                ol.lines.moments aria-label=(texts.t("search-moments")) {
                    @for moment in moments {
                        li { a href=(texts.to(at(moment.start_ms))) {
                            span.time { (timecode::short(moment.start_ms)) }
                            span lang=[foreign(texts, &moment.language)] { (marked(&moment.text, &self.found.marks, SENTENCE)) }
                        } }
                    }
                }
                @if *has_more { p.moments { a.more href=(format!("{}#transcript", texts.to(within.clone()))) { (texts.t("search-within")) } } }
            }
        }
    }

    fn nothing(&self, texts: &Texts) -> Markup {
        let question = markdown::shorten(self.asked.question.typed(), 60);
        html! {
            div.none role="status" {
                h2 { (texts.t_args("search-none-title", &[("question", question.into())])) }
                p { (texts.t("search-none-text")) }
                p.actions {
                    @if !self.asked.named().is_empty() {
                        a.button href=(texts.to(urls::search(self.asked.question.typed()))) { (texts.t("search-unfiltered")) }
                    }
                    a.button data-kind="quiet" href=(texts.to(urls::home())) { (texts.t("all-series")) }
                }
            }
        }
    }
}
