//! The pages of one series on the desk: its recordings in their order, what it says about itself, its links and password. In:
//! an id. Out: the frame around each.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::archive::{Archive, CurrentSeries};
use crate::catalogue::Viewer;
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::Series;
use crate::desk::kit::layout::{self, Desk};
use crate::error::Result;
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

/// One of the pages of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Recordings,
    About,
    Links,
    Share,
}

/// The pages: what stands behind the address of the first, and the key of the name.
const TABS: [(Tab, &str, &str); 4] = [
    (Tab::Recordings, "", "series-recordings-title"),
    (Tab::About, "/about", "series-about"),
    (Tab::Links, "/links", "series-links"),
    (Tab::Share, "/share", "tab-share"),
];

/// The address of a series' page on the desk.
pub fn desk(id: i64) -> String {
    urls::desk(&format!("series/{id}"))
}

/// What the page shows.
pub struct SeriesPage {
    pub current: CurrentSeries,
    pub series: Series,
    pub recordings: Vec<Recording>,
    pub links: Vec<Link>,
}

impl SeriesPage {
    /// Loads what is there now.
    pub async fn load(app: &App, id: i64) -> Result<Self> {
        Self::of(app, CurrentSeries::find(app, id).await?).await
    }

    /// The same while nobody else changes the series: what is compared with it is compared with what will be overwritten.
    pub async fn locked(app: &App, me: &Me, id: i64) -> Result<(Archive, Self)> {
        let archive = Archive::of_series(app, &me.coordinator.email, id).await?;
        let page = Self::of(app, archive.series(id).await?).await?;
        Ok((archive, page))
    }

    async fn of(app: &App, current: CurrentSeries) -> Result<Self> {
        let viewer = Viewer::coordinator(app.clock.now());
        app.db
            .read(move |conn| {
                let id = current.series.id;
                Ok(Self {
                    series: current.series.clone(),
                    current,
                    recordings: recording::of_series(conn, &viewer, id)?,
                    links: link::of(conn, Target::Series(id))?,
                })
            })
            .await
    }

    /// One of the pages. `done`: what just happened, in words.
    pub fn framed(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        (tab, status): (Tab, StatusCode),
        done: Option<String>,
        content: &Markup,
    ) -> Response {
        let path = desk(self.series.id);
        let tabs = TABS.map(|(one, rest, name)| (format!("{path}{rest}"), name, one == tab));
        let main = html! {
            @if !self.recordings.is_empty() {
                p.facts-line { a href=(texts.to(urls::series(&self.series.slug))) { (texts.t("to-page")) } }
            }
            (layout::tabs(texts, self.series.title(), &tabs))
            (content)
        };
        let desk = Desk {
            app,
            texts,
            me,
            place: "series",
            title: self.series.title().to_owned(),
            done,
        };
        let scripts: &[&str] = match tab {
            Tab::Share => &["desk.js", "share.js"],
            _ => &["desk.js"],
        };
        desk.show_with_scripts(status, &main, scripts)
    }
}
