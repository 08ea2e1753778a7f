//! The recording or series that a page about links or sharing belongs to. In: an id. Out: its page, and changes to the links in its
//! sidecar.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use maud::Markup;
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{self, Archive};
use crate::catalogue::link::Target;
use crate::desk::kit::{Context, Tab};
use crate::desk::recording::page::RecordingPage;
use crate::desk::series::page::SeriesPage;
use crate::error::{Error, Result};
use crate::sidecar::Link;

/// The recording or series, with its page.
pub enum Owner {
    Recording(Box<RecordingPage>),
    Series(Box<SeriesPage>),
}

/// The id of the recording or series in an address.
pub enum OwnerId {
    /// `/desk/recordings/{id}/…`
    Recording(String),
    /// `/desk/series/{id}/…`
    Series(i64),
}

impl FromRequestParts<App> for OwnerId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let path: Vec<&str> = parts.uri.path().split('/').collect();
        match path.as_slice() {
            ["", "desk", "recordings", id, ..] => Ok(Self::Recording((*id).to_owned())),
            ["", "desk", "series", id, ..] => {
                Ok(Self::Series(id.parse().map_err(|_| Error::NotFound)?))
            }
            _ => Err(Error::NotFound),
        }
    }
}

impl OwnerId {
    /// Loads the owner, with what else its page needs, in one visit to the catalogue.
    pub async fn load_with<T: Send + 'static>(
        &self,
        context: &Context,
        whole: impl FnOnce(&Connection, Owner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Recording(id) => {
                let whole = |conn: &Connection, page| whole(conn, Owner::Recording(Box::new(page)));
                RecordingPage::load_with(context, id, whole).await
            }
            Self::Series(id) => {
                let whole = |conn: &Connection, page| whole(conn, Owner::Series(Box::new(page)));
                SeriesPage::load_with(context, *id, whole).await
            }
        }
    }

    /// Loads the owner under its lock.
    pub async fn locked(&self, context: &Context) -> Result<(Archive, Owner)> {
        Ok(match self {
            Self::Recording(id) => {
                let (archive, page) = RecordingPage::locked(context, id).await?;
                (archive, Owner::Recording(Box::new(page)))
            }
            Self::Series(id) => {
                let (archive, page) = SeriesPage::locked(context, *id).await?;
                (archive, Owner::Series(Box::new(page)))
            }
        })
    }
}

impl Owner {
    /// The link target of the owner.
    pub fn target(&self) -> Target {
        match self {
            Self::Recording(page) => Target::Recording(page.recording.id),
            Self::Series(page) => Target::Series(page.series.id),
        }
    }

    /// The address of one of its tabs.
    pub fn path(&self, tab: Tab) -> String {
        match self {
            Self::Recording(page) => page.path(tab.path()),
            Self::Series(page) => page.path(tab.path()),
        }
    }

    /// Draws one of its tabs.
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

    /// Edits the links in the sidecar of the owner. `act`: the verb for the audit list.
    pub async fn change_links(
        &self,
        context: &Context,
        act: &'static str,
        change: impl FnOnce(&mut Vec<Link>) + Send + 'static,
    ) -> Result<()> {
        let (app, actor) = (&context.app, context.email());
        match self {
            Self::Recording(page) => {
                let id = &page.recording.public_id;
                archive::edit(app, actor, act, id, |sidecar| change(&mut sidecar.links)).await?;
            }
            Self::Series(page) => {
                let id = page.series.id;
                archive::edit_series(app, actor, act, id, |sidecar| change(&mut sidecar.links))
                    .await?;
            }
        }
        Ok(())
    }
}
