//! Changes to what the association says of itself: `portal.toml` and its logo, in the media folder itself. In: a closure that edits the
//! file, or a picture. Out: files that are durable, and pages that say so from the next request on.

use super::change::difference;
use crate::app::App;
use crate::branding::{Logo, Stated};
use crate::catalogue::audit::{self, Act};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::lock::SeriesLock;
use crate::scan::{portal, presence};
use crate::sidecar::{self, PORTAL_FILE};
use crate::text;

/// The subject in the audit list.
pub const SUBJECT: &str = "association";

/// The stem of a logo that came through the desk: that of the file that names it.
const LOGO_STEM: &str = "portal";

/// `portal.toml` in its current state.
pub struct CurrentPortal {
    app: App,
    /// `None`: there is no file yet.
    text: Option<String>,
    /// What it says; what was in force last when it cannot be parsed.
    pub stated: Stated,
    /// Why it cannot be parsed.
    pub broken: Option<String>,
    /// Held while it is changed.
    _lock: Vec<SeriesLock>,
}

impl CurrentPortal {
    /// Reads the file.
    pub async fn find(app: &App) -> Result<Self> {
        Self::read(app, Vec::new()).await
    }

    /// Reads the file under its lock, which keeps others from changing it until this is dropped.
    ///
    /// [`Error::Status`] with 503 when the lock takes too long, or the media folder is away.
    pub async fn locked(app: &App) -> Result<Self> {
        presence::check(app).await?;
        let lock = app.library.lock([PORTAL_FILE]).await?;
        Self::read(app, lock).await
    }

    async fn read(app: &App, lock: Vec<SeriesLock>) -> Result<Self> {
        let text = app.library.run(sidecar::read_portal_text).await?;
        let (stated, broken) = match sidecar::read_portal(text.as_deref().unwrap_or_default()) {
            Ok(portal) => (portal.value, None),
            Err(broken) => (app.branding.stated(), Some(broken.to_string())),
        };
        Ok(Self {
            app: app.clone(),
            text,
            stated,
            broken,
            _lock: lock,
        })
    }

    /// A tag for the current state of the file, by which a form detects a conflicting edit.
    pub fn base(&self) -> String {
        sidecar::state_of(self.text.as_deref())
    }

    /// Edits the file. `actor`: for the audit list.
    ///
    /// [`Error::Refused`] when a person has to repair the file first, or nothing can be written.
    pub async fn edit(self, actor: &str, change: impl FnOnce(&mut Stated)) -> Result<()> {
        let after = self.edited(change)?;
        self.write(actor, "edit", after, |_| Ok(()), |_| Ok(()))
            .await
    }

    /// Stores a logo, and takes away the one that came through the desk before. `None`: there is none any more.
    ///
    /// As [`Self::edit`].
    pub async fn set_logo(self, actor: &str, logo: Option<Logo>) -> Result<()> {
        let was = self.stated.logo.clone();
        if was.is_none() && logo.is_none() {
            return Ok(());
        }
        let (kept, ending) = (was.clone(), logo.as_ref().map(|logo| logo.ending));
        let file = self.app.library.run(move |library| {
            ending
                .map(|it| free_name(library, kept.as_deref(), it))
                .transpose()
        });
        let file = file.await?;
        let after = self.edited(|stated| stated.logo.clone_from(&file))?;
        let act = if logo.is_some() {
            "set logo"
        } else {
            "remove logo"
        };
        let gone = was.filter(|was| Some(was) != file.as_ref() && is_ours(was));
        // The picture is written before the file names it, and the former one is removed when no file names it any more.
        let before = move |library: &Library| match (&file, &logo) {
            (Some(file), Some(logo)) => library.write_top(file, &logo.bytes),
            _ => Ok(()),
        };
        let afterwards = move |library: &Library| match &gone {
            Some(gone) => library.remove_top(gone),
            None => Ok(()),
        };
        self.write(actor, act, after, before, afterwards).await
    }

    fn edited(&self, change: impl FnOnce(&mut Stated)) -> Result<String> {
        sidecar::edit_portal(self.text.as_deref(), change)
            .map_err(|broken| Error::Refused(text!("association-broken", why = broken.to_string())))
    }

    async fn write(
        self,
        actor: &str,
        act: &'static str,
        after: String,
        before: impl FnOnce(&Library) -> Result<()> + Send + 'static,
        afterwards: impl FnOnce(&Library) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        if self.app.db.is_read_only() {
            return Err(Error::DiskFull);
        }
        let was = self.text.clone();
        let (went, came) = difference(was.as_deref().unwrap_or_default(), &after);
        let written = self.app.library.run(move |library| {
            if !library.is_top_writable() {
                let folder = library.media().display().to_string();
                return Err(Error::Refused(text!("folder-read-only", folder = folder)));
            }
            library.has_room_for_rows()?;
            // A person may have saved the file since it was read.
            if sidecar::read_portal_text(library)? != was {
                return Err(Error::Status(503, text!("save-changed-by-hand")));
            }
            before(library)?;
            library.write_top(PORTAL_FILE, after.as_bytes())?;
            afterwards(library)
        });
        written.await?;
        let (actor, now) = (actor.to_owned(), self.app.clock.now());
        let noted = self.app.db.write(move |conn| {
            let act = Act {
                actor: &actor,
                act,
                subject: SUBJECT,
                before: went.as_deref(),
                after: came.as_deref(),
            };
            audit::note(conn, &act, now)
        });
        let noted = noted.await;
        portal::reload(&self.app).await?;
        noted
    }
}

/// Whether a logo came through the desk: one that a person put there is left alone.
fn is_ours(file: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let number = stem.strip_prefix(LOGO_STEM);
    number.is_some_and(|it| {
        it.is_empty()
            || it
                .strip_prefix('-')
                .is_some_and(|it| it.parse::<u32>().is_ok())
    })
}

/// A name for a logo that takes the place of no other file than the current logo.
fn free_name(library: &Library, current: Option<&str>, ending: &str) -> Result<String> {
    let taken: Vec<String> = library.top()?.into_iter().map(|it| it.name).collect();
    let names = (1..).map(|number| match number {
        1 => format!("{LOGO_STEM}.{ending}"),
        number => format!("{LOGO_STEM}-{number}.{ending}"),
    });
    // On some disks names that differ in capitals only are the same.
    let is_free = |name: &String| {
        current == Some(name) || !taken.iter().any(|it| it.eq_ignore_ascii_case(name))
    };
    names
        .take(taken.len() + 2)
        .find(is_free)
        .ok_or_else(|| Error::internal("no name for a logo is free"))
}
