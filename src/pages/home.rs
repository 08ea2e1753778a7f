//! The home page, where a visitor begins or continues a series. On a new portal without recordings it says what to do first.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::Viewer;
use crate::catalogue::recording::Recording;
use crate::catalogue::recording::order::{self, Shown, Wanted};
use crate::catalogue::series::Overview;
use crate::catalogue::series::listed::{self, Listed};
use crate::catalogue::slice::{Cursor, PAGE, Slice};
use crate::error::Result;
use crate::web::components::{badge, begin, facts, foreign, how_many, icon, recording_card};
use crate::web::components::{name, title};
use crate::web::head::Head;
use crate::web::{Texts, format, layout, markdown, parts, reply, urls};

/// Most recordings of the first series that are shown with pictures; its page shows the rest.
const CARDS: usize = 12;

/// Characters of the description that introduces a series.
const INTRODUCTION: usize = 220;

/// `GET /`, with `?after=` or `?before=` the slug of the series on which the part of the list borders.
pub async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let (viewer, cursor) = (app.visitor(), parts::cursor(query.as_deref()));
    let load = move |conn: &Connection| Home::load(conn, &viewer, cursor);
    let home = app.db.read(load).await?;
    let has_scanned = app.notifier.has_scanned();
    Ok(reply::page(home.render(&app, &texts, has_scanned)))
}

/// The data of the home page.
struct Home {
    cursor: Cursor,
    /// A part of the list of series; the first of all is shown with its recordings.
    all: Slice<Listed>,
    recordings: Vec<Recording>,
    start: Option<Recording>,
    pictured: Option<Recording>,
}

impl Home {
    fn load(conn: &Connection, viewer: &Viewer, cursor: Cursor) -> Result<Self> {
        let all = listed::slice(conn, viewer, &cursor, PAGE)?;
        let mut home = Self {
            cursor,
            recordings: Vec::new(),
            start: None,
            pictured: None,
            all,
        };
        if let (Some(first), false) = (home.all.items.first(), home.all.has_before) {
            let row = first.overview.series.id;
            let cards = order::slice(conn, viewer, (row, Shown::All), &Cursor::First, CARDS)?;
            home.recordings = cards.items;
            home.start = order::first(conn, viewer, row, Wanted::Ready)?;
            home.pictured = order::first(conn, viewer, row, Wanted::Pictured)?;
        }
        Ok(home)
    }

    fn render(&self, app: &App, texts: &Texts, has_scanned: bool) -> Markup {
        // A portal with only demonstration series should not be listed by search engines.
        let demonstration = !self.all.items.is_empty()
            && (self.all.items.iter()).all(|it| it.overview.series.demonstration());
        let picture = self.pictured.as_ref();
        let head = Head {
            description: Some(texts.t("home-description")),
            address: Some(parts::own_address(&urls::home(), &self.all, &self.cursor)),
            image: picture.map(|recording| urls::poster(&recording.public_id)),
            feeds: vec![(app.branding().name.clone(), urls::feed())],
            hidden: demonstration,
            scripts: vec!["resume.js", "search.js"],
            demonstration,
            ..Head::default()
        };
        let main = match self.all.items.first() {
            Some(_) if self.all.has_before => html! {
                h1.unseen { (name(&app.branding().name)) }
                (other_series(texts, &self.all.borrowed()))
            },
            Some(first) => html! {
                h1.unseen { (name(&app.branding().name)) }
                (keep_watching(texts))
                (self.featured(texts, &first.overview))
                @if self.all.items.len() > 1 { (other_series(texts, &self.all.without_first())) }
            },
            None => first_steps(app, texts, has_scanned),
        };
        layout::page(app, texts, "home", &head, &main)
    }

    fn featured(&self, texts: &Texts, overview: &Overview) -> Markup {
        let series = &overview.series;
        html! {
            section.featured {
                header.series-head {
                    h2.series-title lang=[foreign(texts, series.language())] { a.cover href=(texts.to(urls::series(&series.slug))) { (title(series.title())) } }
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
                    @for recording in &self.recordings { li { (recording_card(texts, recording)) } }
                }
                @if overview.count.all() as usize > CARDS {
                    p.more { a.arrow href=(texts.to(urls::series(&series.slug))) {
                        (texts.t_args("home-more", &[("recordings", how_many(texts.lang(), overview.count).into())])) (icon("next"))
                    } }
                }
            }
        }
    }

    /// The button to the first recording that can be watched, or to what comes after what was seen.
    fn start(&self, texts: &Texts) -> Markup {
        html! { @if let Some(first) = &self.start { (begin(texts, first, &self.recordings)) } }
    }
}

/// The facts of a series: number of recordings, years, organiser.
pub fn series_facts(texts: &Texts, overview: &Overview) -> Markup {
    let series = &overview.series;
    let years = (overview.first_date.as_deref()).zip(overview.last_date.as_deref());
    facts([
        (series.demonstration()).then(|| badge(&texts.t("demonstration"))),
        Some(html! { (how_many(texts.lang(), overview.count)) }),
        years.map(|(first, last)| html! { (format::years(first, last)) }),
        (series.organiser.as_deref()).map(name),
    ])
}

/// A hidden section that `resume.js` fills with the recordings that the visitor's own device remembers.
fn keep_watching(texts: &Texts) -> Markup {
    let (time, length) = ("%1".into(), "%2".into());
    html! {
        section.keep-watching data-keep-watching hidden
            data-words=(texts.t_args("continue-at", &[("time", time), ("length", length)]))
            data-lang=[texts.chosen().map(|lang| lang.tag())] {
            h2 tabindex="-1" { (texts.t("continue-title")) }
            div.latest {
                a.cover href=(texts.to(urls::home())) {
                    span.picture { img alt="" width="480" height="270" hidden; progress.progress max="1" value="0" aria-hidden="true" hidden {} }
                    span.words { span.title {} span.at {} }
                }
                button.plain data-take-out type="button" { (texts.t("continue-forget")) }
            }
            details data-others hidden {
                summary { (texts.t("continue-others")) }
                ul {}
            }
            p.kept-here { (texts.t("continue-kept")) " " button.plain data-wipe type="button" { (texts.t("continue-wipe")) } span role="status" data-wiped=(texts.t("continue-wiped")) {} }
        }
    }
}

fn other_series(texts: &Texts, others: &Slice<&Listed>) -> Markup {
    let rows = parts::draw(others, |one| series_row(texts, &one.overview));
    let first = rows.items.first().map(|(_, one)| (one.rank - 1, one.of));
    let range = first.and_then(|(before, of)| parts::range(texts, &rows, before, of));
    html! {
        section.other-series {
            h2 #series { (texts.t("home-other-series")) @if let Some(range) = &range { " " span.range { (range) } } }
            ul.series-list { @for (row, _) in &rows.items { li { (row) } } }
            (parts::links(texts, &format!("{}#series", urls::home()), &rows, |(_, one)| one.overview.series.slug.clone()))
        }
    }
}

fn series_row(texts: &Texts, overview: &Overview) -> Markup {
    let series = &overview.series;
    html! {
        article.series-row {
            h3.title lang=[foreign(texts, series.language())] { a.cover href=(texts.to(urls::series(&series.slug))) { (title(series.title())) } }
            (series_facts(texts, overview))
            @if let Some(description) = &series.description {
                p.summary lang=[foreign(texts, series.language())] { (markdown::lead(description, INTRODUCTION)) }
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
            @if let Some(contact) = &app.branding().contact {
                p { (texts.t("contact-mail")) " " a href={ "mailto:" (contact) } { (contact) } }
            }
        }
    }
}
