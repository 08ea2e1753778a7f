//! The pages of one series on the desk: its recordings in their order, what it says about itself, its links and password. In:
//! an id. Out: the frame around each.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::archive::{Archive, CurrentSeries};
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::Series;
use crate::desk::kit::{Context, Page, Tab, layout};
use crate::error::Result;
use crate::web::urls;

/// The pages, with the key of the name of each.
const TABS: [(Tab, &str); 4] = [
    (Tab::Recordings, "series-recordings-title"),
    (Tab::About, "series-about"),
    (Tab::Links, "series-links"),
    (Tab::Share, "tab-share"),
];

/// What the page shows.
pub struct SeriesPage {
    pub current: CurrentSeries,
    pub series: Series,
    pub recordings: Vec<Recording>,
    pub links: Vec<Link>,
}

impl SeriesPage {
    /// Loads what is there now.
    pub async fn load(context: &Context, id: i64) -> Result<Self> {
        Self::of(context, CurrentSeries::find(&context.app, id).await?).await
    }

    /// The same while nobody else changes the series: what is compared with it is compared with what will be overwritten.
    pub async fn locked(context: &Context, id: i64) -> Result<(Archive, Self)> {
        let archive = Archive::of_series(&context.app, context.email(), id).await?;
        let page = Self::of(context, archive.series(id).await?).await?;
        Ok((archive, page))
    }

    async fn of(context: &Context, current: CurrentSeries) -> Result<Self> {
        let viewer = context.viewer();
        context
            .app
            .db
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

    /// One of the pages.
    pub fn framed(
        &self,
        context: &Context,
        (tab, status): (Tab, StatusCode),
        content: &Markup,
    ) -> Response {
        let texts = &context.texts;
        let (title, address) = (self.series.title(), urls::desk_series(self.series.id));
        let main = html! {
            @if !self.recordings.is_empty() {
                p.facts-line { a href=(texts.to(urls::series(&self.series.slug))) { (texts.t("to-page")) } }
            }
            (layout::tabs(texts, (title, &address), &TABS, tab))
            (content)
        };
        let page = Page::new("series", title.to_owned());
        page.status(status)
            .scripts(tab.scripts())
            .with(context, &main)
    }
}
