//! A visitor comes here to see what there is, and to go on where they stopped.

use axum::extract::State;
use fluent_templates::fluent_bundle::FluentValue;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Overview};
use crate::catalogue::{Viewer, revision};
use crate::error::Result;
use crate::web::head::Head;
use crate::web::texts::Texts;
use crate::web::{components, layout, markdown, urls};

/// Characters of a series' description in a list.
const SUMMARY: usize = 180;

/// Recordings of the first series on the home page; a longer series is read on its own page.
const CARDS: usize = 24;

/// `GET /`
pub async fn show(State(app): State<App>, texts: Texts) -> Result<Markup> {
    let (viewer, has_scanned) = (app.visitor(), app.bell.has_scanned());
    let page = app
        .db
        .read(move |conn| HomePage::load(conn, &viewer, has_scanned))
        .await?;
    let head = Head {
        address: Some(urls::home()),
        is_hidden: page.is_demonstration_only(),
        is_demonstration: page.is_demonstration_only(),
        scripts: &["lists.js"],
        ..Head::default()
    };
    Ok(layout::page(
        &app.config,
        &texts,
        &head,
        &page.render(&app.config.name, &texts),
    ))
}

struct HomePage {
    /// The first series with all its recordings.
    lead: Option<(Overview, Vec<Recording>)>,
    others: Vec<Overview>,
    /// Nothing is here, and the media folder has not been read yet.
    is_reading: bool,
}

impl HomePage {
    fn load(conn: &Connection, viewer: &Viewer, has_scanned: bool) -> Result<Self> {
        let mut others = series::overviews(conn, viewer)?;
        let lead = match others.is_empty() {
            true => None,
            false => {
                let lead = others.remove(0);
                let recordings = recording::of_series(conn, viewer, lead.series.id)?;
                Some((lead, recordings))
            }
        };
        let is_reading =
            lead.is_none() && !has_scanned && revision::current(conn, viewer.now())?.number == 0;
        Ok(Self {
            lead,
            others,
            is_reading,
        })
    }

    fn is_demonstration_only(&self) -> bool {
        let lead = self.lead.iter().map(|(lead, _)| lead);
        let mut all = lead.chain(&self.others).peekable();
        all.peek().is_some() && all.all(|overview| overview.series.demonstration)
    }

    fn render(&self, name: &str, texts: &Texts) -> Markup {
        html! {
            h1.visually-hidden { (name) }
            p.intro { (texts.t("home-intro")) }
            section.continue hidden data-heading=(texts.t("home-continue")) data-resume=(texts.with("watch-resume", &[("time", FluentValue::from("{time}"))])) {}
            @match &self.lead {
                Some((lead, recordings)) => {
                    (lead_series(lead, recordings, texts))
                    (self.other_series(texts))
                },
                None => (self.empty(texts)),
            }
        }
    }

    fn other_series(&self, texts: &Texts) -> Markup {
        html! {
            @if !self.others.is_empty() {
                section.more {
                    h2 { (texts.t("home-series-more")) }
                    @for overview in &self.others {
                        article.series-row {
                            h3 { a href=(texts.link(&urls::series(&overview.series.slug))) { (overview.series.title) } }
                            @if overview.series.demonstration { span.badge { (texts.t("demonstration-badge")) } }
                            p.facts { (components::series_facts(overview, texts)) }
                            @if let Some(description) = &overview.series.description {
                                p { (markdown::plain(description, SUMMARY)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn empty(&self, texts: &Texts) -> Markup {
        html! {
            div.message {
                @if self.is_reading {
                    p { (texts.t("home-reading")) }
                } @else {
                    h2 { (texts.t("home-empty-title")) }
                    p { (texts.t("home-empty-text")) }
                    p { (texts.t("home-empty-volunteer")) " " code { "terugkijken series publish" } }
                }
            }
        }
    }
}

fn lead_series(lead: &Overview, recordings: &[Recording], texts: &Texts) -> Markup {
    let address = texts.link(&urls::series(&lead.series.slug));
    let first = recordings.first();
    html! {
        section.lead {
            header {
                h2 { a href=(address) { (lead.series.title) } }
                p.facts { (components::series_facts(lead, texts)) }
                @if let Some(description) = &lead.series.description {
                    p.summary { (markdown::plain(description, SUMMARY)) }
                }
                p.actions {
                    @if let Some(first) = first {
                        a.button href=(texts.link(&urls::watch(&first.public_id))) { (start(first, texts)) }
                    }
                    a.button data-kind="quiet" href=(address) { (texts.t("home-open-series")) }
                }
            }
            div.cards {
                @for recording in recordings.iter().take(CARDS) { (components::card(recording, texts)) }
            }
        }
    }
}

fn start(first: &Recording, texts: &Texts) -> String {
    match first.number {
        Some(number) => texts.with("home-start", &[("number", FluentValue::from(number))]),
        None => texts.t("series-start"),
    }
}
