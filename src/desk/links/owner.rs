//! A recording or a series, whichever a page of the desk is about: links are handed out to either, and either is shared. In: an id.
//! Out: its page, and changes of the links that its sidecar names.

use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;

use crate::archive::{self, Archive};
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
    fn load(context: &Context, id: &str) -> impl Future<Output = Result<Owner>> + Send;

    /// The same while nobody else changes it.
    fn locked(context: &Context, id: &str)
    -> impl Future<Output = Result<(Archive, Owner)>> + Send;
}

/// `/desk/recordings/{id}/…`
pub struct OfRecording;

/// `/desk/series/{id}/…`
pub struct OfSeries;

impl Kind for OfRecording {
    async fn load(context: &Context, id: &str) -> Result<Owner> {
        let page = RecordingPage::load(context, id).await?;
        Ok(Owner::Recording(Box::new(page)))
    }

    async fn locked(context: &Context, id: &str) -> Result<(Archive, Owner)> {
        let (archive, page) = RecordingPage::locked(context, id).await?;
        Ok((archive, Owner::Recording(Box::new(page))))
    }
}

impl Kind for OfSeries {
    async fn load(context: &Context, id: &str) -> Result<Owner> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let page = SeriesPage::load(context, id).await?;
        Ok(Owner::Series(Box::new(page)))
    }

    async fn locked(context: &Context, id: &str) -> Result<(Archive, Owner)> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let (archive, page) = SeriesPage::locked(context, id).await?;
        Ok((archive, Owner::Series(Box::new(page))))
    }
}

impl Owner {
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
