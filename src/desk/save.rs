//! How a form of the desk is saved: held against what is there now, and changed by the archive. In: a change, and what the one who
//! asks saw before. Out: done, or what stands there now.

pub use crate::archive::{Current as Here, Edit as Change};

use crate::app::App;
use crate::archive::{self, Archive};
use crate::catalogue::PublicId;
use crate::error::Result;
use crate::sidecar::{RecordingSidecar, SeriesSidecar};
use crate::web::sign_in::Me;

/// How a change went.
#[derive(Debug)]
pub enum Saved {
    Done,
    /// Someone else, or a hand, was first: this is there now, and nothing was changed.
    Changed(Box<Here>),
}

/// Changes what a recording says about itself. `base`: the state that was seen; `None` for a change that does not depend on
/// it. `act`: the verb for the audit list.
pub async fn recording(
    app: &App,
    me: &Me,
    act: &'static str,
    id: &PublicId,
    base: Option<&str>,
    change: impl FnOnce(&mut RecordingSidecar) + Send + 'static,
) -> Result<Saved> {
    let who = &me.coordinator.email;
    let archive = Archive::of_recordings(app, who, std::slice::from_ref(id)).await?;
    let here = archive.recording(id).await?;
    if base.is_some_and(|base| base != here.base()) {
        return Ok(Saved::Changed(Box::new(here)));
    }
    archive.commit(vec![here.edited(act, change)?]).await?;
    Ok(Saved::Done)
}

/// Changes several recordings: all of them are prepared before the first is written.
pub async fn recordings(
    app: &App,
    me: &Me,
    act: &'static str,
    changes: Vec<(PublicId, Change)>,
) -> Result<()> {
    archive::edit_all(app, &me.coordinator.email, act, changes)
        .await
        .map(drop)
}

/// Changes what a series says about itself.
pub async fn series(
    app: &App,
    me: &Me,
    act: &'static str,
    id: i64,
    change: impl FnOnce(&mut SeriesSidecar) + Send + 'static,
) -> Result<()> {
    archive::edit_series(app, &me.coordinator.email, act, id, change).await
}
