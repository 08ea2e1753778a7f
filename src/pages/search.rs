//! A visitor comes here looking for "the one about risks".

use std::collections::HashMap;

use axum::extract::{Query, State};
use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{Viewer, search, series};
use crate::error::Result;
use crate::web::head::Head;
use crate::web::texts::{Parameters, Texts};
use crate::web::{components, layout, urls};

/// Hits on one page; beyond them another word helps more than another page.
const HITS: u32 = 50;

/// Characters of a question that are looked at.
const LONGEST: usize = 200;

/// `GET /search?q=`
pub async fn show(
    State(app): State<App>,
    Query(parameters): Parameters,
    texts: Texts,
) -> Result<Markup> {
    let viewer = app.visitor();
    let asked = parameters.get("q").map_or("", String::as_str);
    let question: String = asked
        .trim()
        .chars()
        .take(LONGEST)
        .filter(|c| !c.is_control())
        .collect();
    let page = app
        .db
        .read(move |conn| SearchPage::load(conn, &viewer, question))
        .await?;
    let title = page.title(&texts);
    // A page of results is nobody's page: search engines have their own.
    let head = Head {
        title: &title,
        is_hidden: true,
        is_demonstration: page.is_demonstration,
        scripts: &["lists.js"],
        ..Head::default()
    };
    Ok(layout::page(
        &app.config,
        &texts,
        &head,
        &page.render(&texts),
    ))
}

struct SearchPage {
    question: String,
    hits: Vec<Recording>,
    /// By row of the series: title, and whether it is a demonstration.
    series: HashMap<i64, (String, bool)>,
    speakers: HashMap<i64, Vec<Speaker>>,
    is_demonstration: bool,
}

impl SearchPage {
    fn load(conn: &Connection, viewer: &Viewer, question: String) -> Result<Self> {
        let found = search::recordings(conn, viewer, &question, HITS)?;
        let hits = recording::among(conn, viewer, &found)?;
        let series = series::titles(conn)?;
        let is_demonstration = hits.iter().any(|hit| {
            series
                .get(&hit.series_id)
                .is_some_and(|(_, demonstration)| *demonstration)
        });
        Ok(Self {
            speakers: speaker::of_recordings(conn, &found)?,
            question,
            hits,
            series,
            is_demonstration,
        })
    }

    fn title(&self, texts: &Texts) -> String {
        match self.question.is_empty() {
            true => texts.t("search-title"),
            false => texts.with(
                "search-title-for",
                &[("question", FluentValue::from(self.question.clone()))],
            ),
        }
    }

    fn render(&self, texts: &Texts) -> Markup {
        html! {
            h1 { (self.title(texts)) }
            div.large-search { (layout::search_form(texts, &self.question, "search-field")) }
            @if self.question.is_empty() {
                p { (texts.t("search-start")) }
            } @else if self.hits.is_empty() {
                div.message {
                    p role="status" { (texts.with("search-none", &[("question", FluentValue::from(self.question.clone()))])) }
                    p { (texts.t("search-none-help")) }
                    p { a href=(texts.link(&urls::home())) { (texts.t("error-home")) } }
                }
            } @else {
                p.facts role="status" { (texts.count("search-hits", u64::try_from(self.hits.len()).unwrap_or(0))) }
                section.recordings {
                    h2.visually-hidden { (texts.t("recordings-list")) }
                    @for hit in &self.hits {
                        (components::row(
                            hit,
                            self.speakers.get(&hit.id).map_or(&[], Vec::as_slice),
                            self.series.get(&hit.series_id).map(|(title, _)| title.as_str()),
                            texts,
                        ))
                    }
                }
            }
        }
    }
}
