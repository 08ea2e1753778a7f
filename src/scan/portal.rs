//! Reads `portal.toml` and the logo that it names, and puts what they say into force. In: the two files, which a person may edit too.
//! Out: the branding of the next request. A file that cannot be used leaves in force what it said last; the report of the scan and the
//! problems at the desk say what is wrong with it.

use std::time::Duration;

use rusqlite::Connection;
use tracing::debug;

use super::presence;
use crate::app::App;
use crate::branding::{Logo, Stated, logo};
use crate::catalogue::library_file::{self, FileState, LibraryFile};
use crate::catalogue::original::FilePlace;
use crate::error::{Error, Result};
use crate::library::Library;
use crate::sidecar::{self, PORTAL_FILE};

/// What stands in the files.
pub struct PortalFiles {
    /// `None`: the file cannot be used.
    read: Option<(Stated, Option<Logo>)>,
    /// What is wrong with them, for whoever edits them.
    pub problems: Vec<String>,
}

/// Reads the files.
///
/// Errors when the disk does not answer.
pub fn read(library: &Library) -> Result<PortalFiles> {
    let refused = |why: String| PortalFiles {
        read: None,
        problems: vec![why],
    };
    let text = match sidecar::read_portal_text(library) {
        Ok(text) => text.unwrap_or_default(),
        Err(Error::Refused(_)) => return Ok(refused("is no file".to_owned())),
        Err(Error::Internal(why)) => return Ok(refused(why.to_string())),
        Err(other) => return Err(other),
    };
    let portal = match sidecar::read_portal(&text) {
        Ok(portal) => portal,
        Err(broken) => return Ok(refused(broken.to_string())),
    };
    let unknown = portal.unknown.iter();
    let mut problems: Vec<String> = unknown
        .map(|it| format!("line {}: there is no key `{}`", it.line, it.key))
        .collect();
    let logo = match portal.value.logo.as_deref() {
        Some(file) => read_logo(library, file).unwrap_or_else(|why| {
            problems.push(format!("the logo {file} {why}"));
            None
        }),
        None => None,
    };
    Ok(PortalFiles {
        read: Some((portal.value, logo)),
        problems,
    })
}

fn read_logo(library: &Library, file: &str) -> std::result::Result<Option<Logo>, String> {
    match library.read_top(file, logo::LARGEST) {
        Ok(Some(bytes)) => Logo::check(bytes)
            .map(Some)
            .map_err(|it| it.reason().into()),
        Ok(None) => Err("does not stand in the media folder".to_owned()),
        Err(Error::Internal(why)) => Err(format!("cannot be read: {why}")),
        Err(_) => Err("is no file".to_owned()),
    }
}

impl PortalFiles {
    /// Puts what the files say into force. Returns what is wrong with them.
    pub fn put_into_force(self, app: &App) -> Vec<String> {
        if let Some((stated, logo)) = self.read {
            app.branding.set(stated, logo);
        }
        self.problems
    }
}

/// Puts what the files say now into force, and notes for the desk what is wrong with them. The caller holds the lock of
/// [`PORTAL_FILE`], so that an older state is never put into force after a newer one.
///
/// [`Error::Status`] with 503 when the disk of the media folder is away: then nothing changes.
pub async fn reload(app: &App) -> Result<()> {
    presence::check(app).await?;
    let problems = app.library.run(read).await?.put_into_force(app);
    if app.db.is_read_only() {
        return Ok(());
    }
    app.db.write(move |conn| note(conn, &problems)).await
}

/// Notes what is wrong with the files now.
fn note(conn: &Connection, problems: &[String]) -> Result<()> {
    match as_refused(problems) {
        Some(refused) => library_file::note(conn, &refused),
        None => library_file::forget(conn, "", PORTAL_FILE),
    }
}

/// The row of a file that has these problems; `None` when it has none.
pub fn as_refused(problems: &[String]) -> Option<LibraryFile> {
    (!problems.is_empty()).then(|| LibraryFile {
        // It is read again whenever it may have changed, so its size and time say nothing.
        place: FilePlace {
            folder: String::new(),
            file: PORTAL_FILE.to_owned(),
            size_bytes: 0,
            modified_ns: 0,
            inode: 0,
        },
        state: FileState::Refused,
        problem: Some(problems.join("; ")),
    })
}

/// The names of the files beside the folders of the series that belong to the portal.
pub fn own_files(app: &App) -> Vec<String> {
    let logo = app.branding.stated().logo;
    let of_settings = app.config.logo.as_deref();
    let of_settings = of_settings.and_then(|path| app.library.name_at_top(path));
    let files = [Some(PORTAL_FILE.to_owned()), logo, of_settings];
    files.into_iter().flatten().collect()
}

/// Pause between two looks at whether a person edited the files.
const LOOK: Duration = Duration::from_secs(3);

/// Puts edits by hand into force, a few seconds after they are made.
pub async fn follow_for_ever(app: App) {
    let mut follower = Follower::default();
    loop {
        if let Err(problem) = follower.look(&app).await {
            debug!(%problem, "portal.toml could not be read");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Follows the files by their size and time, so that only changed ones are read.
#[derive(Debug, Default)]
pub struct Follower {
    /// The files as they were when they were last read.
    before: Option<Vec<Option<FilePlace>>>,
}

impl Follower {
    /// Reads the files when they are others than at the last look.
    ///
    /// Errors as [`reload`]; the next look tries again.
    pub async fn look(&mut self, app: &App) -> Result<()> {
        let logo = app.branding.stated().logo;
        let stats = app.library.run(move |library| {
            let files = [Some(PORTAL_FILE.to_owned()), logo].into_iter().flatten();
            files
                .map(|file| library.stat_top(&file))
                .collect::<Result<Vec<_>>>()
        });
        let now = Some(stats.await?);
        if self.before == now {
            return Ok(());
        }
        {
            let _lock = app.library.lock([PORTAL_FILE]).await?;
            reload(app).await?;
        }
        self.before = now;
        Ok(())
    }
}
