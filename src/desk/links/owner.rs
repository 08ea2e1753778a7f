//! A recording or a series, whichever a page of the desk is about: links are handed out to either, and either is shared. In: an id.
//! Out: its page, and changes of the links that its sidecar names.

use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;
use rusqlite::Connection;

use crate::archive::{self, Archive};
use crate::catalogue::link::Target;
use crate::desk::kit::{Context, Tab};
use crate::desk::recording::page::RecordingPage;
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::sidecar::Link;
use crate::web::urls;

/// What a page is about, with that page.
pub enum Owner {
    Recording(Box<RecordingPage>),
    Series(Box<SeriesPage>),
}

/// Which of the two an address names.
pub trait Kind: Send + 'static {
    /// Loads it, with what only one of its pages shows.
    fn load_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        more: impl FnOnce(&Connection, Target) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<(Owner, T)>> + Send;

    /// Loads it while nobody else changes it.
    fn locked(context: &Context, id: &str)
    -> impl Future<Output = Result<(Archive, Owner)>> + Send;
}

/// `/desk/recordings/{id}/…`
pub struct OfRecording;

/// `/desk/series/{id}/…`
pub struct OfSeries;

impl Kind for OfRecording {
    async fn load_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        more: impl FnOnce(&Connection, Target) -> Result<T> + Send + 'static,
    ) -> Result<(Owner, T)> {
        let loaded = RecordingPage::load_with(context, id, move |conn, recording| {
            more(conn, Target::Recording(recording.id))
        });
        let (page, more) = loaded.await?;
        Ok((Owner::Recording(Box::new(page)), more))
    }

    async fn locked(context: &Context, id: &str) -> Result<(Archive, Owner)> {
        let (archive, page) = RecordingPage::locked(context, id).await?;
        Ok((archive, Owner::Recording(Box::new(page))))
    }
}

impl Kind for OfSeries {
    async fn load_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        more: impl FnOnce(&Connection, Target) -> Result<T> + Send + 'static,
    ) -> Result<(Owner, T)> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let more = move |conn: &Connection| more(conn, Target::Series(id));
        let (page, more) = SeriesPage::load_with(context, id, more).await?;
        Ok((Owner::Series(Box::new(page)), more))
    }

    async fn locked(context: &Context, id: &str) -> Result<(Archive, Owner)> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let (archive, page) = SeriesPage::locked(context, id).await?;
        Ok((archive, Owner::Series(Box::new(page))))
    }
}

impl Owner {
    /// The row of it that links open.
    pub fn target(&self) -> Target {
        match self {
            Self::Recording(page) => Target::Recording(page.recording.id),
            Self::Series(page) => Target::Series(page.series.id),
        }
    }

    /// The address of one of its pages.
    pub fn path(&self, tab: Tab) -> String {
        let address = match self {
            Self::Recording(page) => urls::desk_recording(&page.recording.public_id),
            Self::Series(page) => urls::desk_series(page.series.id),
        };
        format!("{address}{}", tab.path())
    }

    /// One of its pages.
    pub fn framed(
        &self,
        context: &Context,
        shown: (Tab, StatusCode),
        content: &Markup,
    ) -> Response {
        match self {
            Self::Recording(page) => page.framed(context, shown, content),
            Self::Series(page) => page.framed(context, shown, content),
        }
    }

    /// Changes the links that its sidecar names. `act`: the verb for the audit list.
    pub async fn change_links(
        &self,
        context: &Context,
        act: &'static str,
        change: impl FnOnce(&mut Vec<Link>) + Send + 'static,
    ) -> Result<()> {
        let (app, who) = (&context.app, context.email());
        match self {
            Self::Recording(page) => {
                let id = &page.recording.public_id;
                archive::edit(app, who, act, id, |said| change(&mut said.links)).await?;
            }
            Self::Series(page) => {
                let id = page.series.id;
                archive::edit_series(app, who, act, id, |said| change(&mut said.links)).await?;
            }
        }
        Ok(())
    }
}
