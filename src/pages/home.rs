//! The home page, where a visitor begins or continues a series. On a new portal without recordings it says what to do first.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::recording::{self, Recording, RecordingState};
use crate::catalogue::series::{self, Overview};
use crate::error::Result;
use crate::web::components::name;
use crate::web::components::{badge, facts, foreign, how_many, icon, recording_card};
use crate::web::head::Head;
use crate::web::{Texts, format, layout, markdown, reply, urls};

/// Most recordings of the first series that are shown with pictures; its page shows the rest.
const CARDS: usize = 12;

/// Characters of the description that introduces a series.
const INTRODUCTION: usize = 220;

/// `GET /`
pub async fn show(State(app): State<App>, texts: Texts) -> Result<Response> {
    let viewer = app.visitor();
    let home = app.db.read(move |conn| Home::load(conn, &viewer)).await?;
    let has_scanned = app.notifier.has_scanned();
    Ok(reply::page(home.render(&app, &texts, has_scanned)))
}

/// The data of the home page.
struct Home {
    /// All series; the first is shown with its recordings.
    all: Vec<Overview>,
    recordings: Vec<Recording>,
}

impl Home {
    fn load(conn: &Connection, viewer: &Viewer) -> Result<Self> {
        let all = series::overviews(conn, viewer)?;
        let recordings = match all.first() {
            Some(first) => recording::of_series(conn, viewer, first.series.id)?,
            None => Vec::new(),
        };
        Ok(Self { all, recordings })
    }

    fn render(&self, app: &App, texts: &Texts, has_scanned: bool) -> Markup {
        // A portal with only demonstration series should not be listed by search engines.
        let demonstration =
            !self.all.is_empty() && self.all.iter().all(|it| it.series.demonstration());
        let picture = with_picture(&self.recordings);
        let head = Head {
            description: Some(texts.t("home-description")),
            address: Some(urls::home()),
            image: picture.map(|recording| urls::poster(&recording.public_id)),
            feeds: vec![(app.config.name.clone(), urls::feed())],
            hidden: demonstration,
            scripts: &["resume.js"],
            demonstration,
            ..Head::default()
        };
        let main = match self.all.split_first() {
            Some((first, others)) => html! {
                h1.unseen { (name(&app.config.name)) }
                (keep_watching(texts))
                (self.featured(texts, first))
                @if !others.is_empty() { (other_series(texts, others)) }
            },
            None => first_steps(app, texts, has_scanned),
        };
        layout::page(&app.config, texts, "home", &head, &main)
    }

    fn featured(&self, texts: &Texts, overview: &Overview) -> Markup {
        let series = &overview.series;
        html! {
            section.featured {
                header.series-head {
                    h2.series-title lang=[foreign(texts, series.language())] { a.cover href=(texts.to(urls::series(&series.slug))) { (name(series.title())) } }
                    (series_facts(texts, overview))
                    div.introduction {
                        @if let Some(description) = &series.description {
                            p.lead lang=[foreign(texts, series.language())] { (markdown::lead(description, INTRODUCTION)) }
                        }
                        p.actions {
                            (self.start(texts))
                            a.button data-kind="quiet" href=(texts.to(urls::series(&series.slug))) { (texts.t("whole-series")) }
                        }
                    }
                }
                ol.recording-grid {
                    @for recording in self.recordings.iter().take(CARDS) { li { (recording_card(texts, recording)) } }
                }
                @if self.recordings.len() > CARDS {
                    p.more { a.arrow href=(texts.to(urls::series(&series.slug))) {
                        (texts.t_args("home-more", &[("count", self.recordings.len().into())])) (icon("next"))
                    } }
                }
            }
        }
    }

    /// The button to the first recording that can be watched.
    fn start(&self, texts: &Texts) -> Markup {
        html! {
            @if let Some(recording) = to_watch(&self.recordings) {
                a.button href=(texts.to(urls::watch(&recording.public_id))) {
                    (icon("play"))
                    @match recording.number {
                        Some(number) => (texts.t_args("home-start", &[("number", number.into())])),
                        None => (texts.t("home-start-first")),
                    }
                }
            }
        }
    }
}

/// The facts of a series: number of recordings, years, organiser.
pub fn series_facts(texts: &Texts, overview: &Overview) -> Markup {
    let series = &overview.series;
    let years = (overview.first_date.as_deref()).zip(overview.last_date.as_deref());
    facts([
        (series.demonstration()).then(|| badge(&texts.t("demonstration"))),
        Some(html! { (how_many(texts, overview.recordings)) }),
        years.map(|(first, last)| html! { (format::years(first, last)) }),
        (series.organiser.as_deref()).map(name),
    ])
}

/// The first recording of a series that has a picture.
pub fn with_picture(all: &[Recording]) -> Option<&Recording> {
    all.iter().find(|one| one.poster_version.is_some())
}

/// The first recording that can be watched.
pub fn to_watch(all: &[Recording]) -> Option<&Recording> {
    all.iter().find(|one| one.state == RecordingState::Ready)
}

/// A hidden section that `resume.js` fills with the recordings that the visitor's own device remembers.
fn keep_watching(texts: &Texts) -> Markup {
    let (time, length) = ("%1".into(), "%2".into());
    html! {
        section.keep-watching data-keep-watching hidden
            data-words=(texts.t_args("continue-at", &[("time", time), ("length", length)]))
            data-lang=[texts.chosen().map(|lang| lang.tag())] {
            h2 { (texts.t("continue-title")) }
            a.cover href=(texts.to(urls::home())) {
                span.picture { img alt="" width="480" height="270" hidden; progress.progress max="1" value="0" aria-hidden="true" hidden {} }
                span.words { span.title {} span.at {} }
            }
            button.plain type="button" { (texts.t("continue-forget")) }
        }
    }
}

fn other_series(texts: &Texts, others: &[Overview]) -> Markup {
    html! {
        section.other-series {
            h2 { (texts.t("home-other-series")) }
            ul.series-list {
                @for overview in others {
                    li {
                        article.series-row {
                            h3.title lang=[foreign(texts, overview.series.language())] { a.cover href=(texts.to(urls::series(&overview.series.slug))) { (name(overview.series.title())) } }
                            (series_facts(texts, overview))
                            @if let Some(description) = &overview.series.description {
                                p.summary lang=[foreign(texts, overview.series.language())] { (markdown::lead(description, INTRODUCTION)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn first_steps(app: &App, texts: &Texts, has_scanned: bool) -> Markup {
    html! {
        div.first-steps {
            h1 { (texts.t("empty-title")) }
            @if !has_scanned { p.notice role="status" { (texts.t("empty-scanning")) } }
            p.lead { (texts.t("empty-text")) }
            ol.steps {
                li { (texts.t("empty-step-1")) }
                li { (texts.t("empty-step-2")) }
                li { (texts.t("empty-step-3")) }
                li { (texts.t("empty-step-4")) " " code { "terugkijken series publish online-jongerenwerk" } }
            }
            @if let Some(contact) = &app.config.contact {
                p { (texts.t("contact-mail")) " " a href={ "mailto:" (contact) } { (contact) } }
            }
        }
    }
}
