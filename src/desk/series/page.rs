//! The shared parts of a series' pages: its recordings, metadata, links and password. In: an id. Out: the data and the layout of
//! each tab.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::archive::{Archive, CurrentSeries};
use crate::catalogue::recording::order;
use crate::catalogue::series::Series;
use crate::desk::kit::{Context, Page, Tab, published};
use crate::error::Result;
use crate::web::urls;

/// The tabs, with the key of each label.
const TABS: [(Tab, &str); 4] = [
    (Tab::Recordings, "series-recordings-title"),
    (Tab::About, "series-about"),
    (Tab::Links, "series-links"),
    (Tab::Share, "tab-share"),
];

/// The data that all tabs show.
pub struct SeriesPage {
    pub current: CurrentSeries,
    pub series: Series,
    /// How many recordings it has, without those in the trash.
    pub count: u32,
}

impl SeriesPage {
    /// Loads the series.
    pub async fn load(context: &Context, id: i64) -> Result<Self> {
        Self::load_with(context, id, |_, page| Ok(page)).await
    }

    /// Loads the series and the data of one tab, in one visit to the catalogue.
    pub async fn load_with<T: Send + 'static>(
        context: &Context,
        id: i64,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Self::of(context, CurrentSeries::find(&context.app, id).await?, whole).await
    }

    /// Loads the series under its lock, so that the state that an edit is compared with is the one it overwrites.
    pub async fn locked(context: &Context, id: i64) -> Result<(Archive, Self)> {
        let archive = Archive::of_series(&context.app, context.email(), id).await?;
        let current = archive.series(id).await?;
        Ok((
            archive,
            Self::of(context, current, |_, page| Ok(page)).await?,
        ))
    }

    async fn of<T: Send + 'static>(
        context: &Context,
        current: CurrentSeries,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let viewer = context.viewer();
        let loaded = context.read(move |conn| {
            let page = Self {
                count: order::count(conn, &viewer, current.series.id)?,
                series: current.series.clone(),
                current,
            };
            whole(conn, page)
        });
        loaded.await
    }

    /// The address of a tab or of something below it. `rest`: the part after the series, with its slash.
    pub fn path(&self, rest: &str) -> String {
        urls::desk_series(self.series.id) + rest
    }

    /// Draws one of its tabs.
    pub fn framed(
        &self,
        context: &Context,
        (tab, status): (Tab, StatusCode),
        content: &Markup,
    ) -> Response {
        let texts = &context.texts;
        let address = urls::series(&self.series.slug);
        let above = html! {
            p.facts-line {
                @if self.count > 0 { a href=(texts.to(address.clone())) { (texts.t("to-page")) } " · " }
                a href=(texts.to(urls::desk_upload_to(self.series.id))) { (texts.t("series-upload")) }
            }
            (published::block(context, &address, &self.path("")))
        };
        let page = Page::new("series", self.series.title().to_owned()).status(status);
        page.tabbed(context, (&self.path(""), &TABS, tab), &above, content)
    }
}
