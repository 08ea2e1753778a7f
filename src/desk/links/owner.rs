//! A recording or a series, whichever a page of the desk is about: links are handed out to either, and either is shared. In: an id.
//! Out: its page, and changes of the links that its sidecar names.

use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;

use crate::app::App;
use crate::archive::{self, Archive};
use crate::desk::recording::page as recording_page;
use crate::desk::recording::page::RecordingPage;
use crate::desk::series::page as series_page;
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::sidecar::Link;
use crate::web::Texts;
use crate::web::sign_in::Me;

/// What a page is about, with that page.
pub enum Owner {
    Recording(Box<RecordingPage>),
    Series(Box<SeriesPage>),
}

/// Which of the two an address names.
pub trait Kind: Send + 'static {
    fn load(app: &App, id: &str) -> impl Future<Output = Result<Owner>> + Send;

    /// The same while nobody else changes it.
    fn locked(
        app: &App,
        me: &Me,
        id: &str,
    ) -> impl Future<Output = Result<(Archive, Owner)>> + Send;
}

/// `/desk/recordings/{id}/…`
pub struct OfRecording;

/// `/desk/series/{id}/…`
pub struct OfSeries;

impl Kind for OfRecording {
    async fn load(app: &App, id: &str) -> Result<Owner> {
        let page = RecordingPage::load(app, id).await?;
        Ok(Owner::Recording(Box::new(page)))
    }

    async fn locked(app: &App, me: &Me, id: &str) -> Result<(Archive, Owner)> {
        let (archive, page) = RecordingPage::locked(app, me, id).await?;
        Ok((archive, Owner::Recording(Box::new(page))))
    }
}

impl Kind for OfSeries {
    async fn load(app: &App, id: &str) -> Result<Owner> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let page = SeriesPage::load(app, id).await?;
        Ok(Owner::Series(Box::new(page)))
    }

    async fn locked(app: &App, me: &Me, id: &str) -> Result<(Archive, Owner)> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let (archive, page) = SeriesPage::locked(app, me, id).await?;
        Ok((archive, Owner::Series(Box::new(page))))
    }
}

/// A page that both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Links,
    Share,
}

impl Owner {
    /// The address of one of its pages.
    pub fn path(&self, part: Part) -> String {
        let desk = match self {
            Self::Recording(page) => recording_page::desk(&page.recording.public_id),
            Self::Series(page) => series_page::desk(page.series.id),
        };
        match part {
            Part::Links => format!("{desk}/links"),
            Part::Share => format!("{desk}/share"),
        }
    }

    /// One of its pages. `done`: what just happened, in words.
    pub fn framed(
        &self,
        at: (&App, &Texts, &Me),
        (part, status): (Part, StatusCode),
        done: Option<String>,
        content: &Markup,
    ) -> Response {
        match (self, part) {
            (Self::Recording(page), Part::Links) => {
                page.framed(at, (recording_page::Tab::Links, status), done, content)
            }
            (Self::Recording(page), Part::Share) => {
                page.framed(at, (recording_page::Tab::Share, status), done, content)
            }
            (Self::Series(page), Part::Links) => {
                page.framed(at, (series_page::Tab::Links, status), done, content)
            }
            (Self::Series(page), Part::Share) => {
                page.framed(at, (series_page::Tab::Share, status), done, content)
            }
        }
    }

    /// Changes the links that its sidecar names. `act`: the verb for the audit list.
    pub async fn change_links(
        &self,
        app: &App,
        me: &Me,
        act: &'static str,
        change: impl FnOnce(&mut Vec<Link>) + Send + 'static,
    ) -> Result<()> {
        let who = &me.coordinator.email;
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
