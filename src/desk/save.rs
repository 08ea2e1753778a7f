//! How the desk changes a recording or a series: the file beside the media is rewritten, safely, and then read as every scan
//! reads it. So the folder always says what the portal shows, nothing is kept in two places, and a power cut leaves the old
//! text or the new. In: a change, and what the one who asks saw before. Out: done, or what stands there now.

use std::collections::BTreeSet;

use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::stored::{self, Known};
use crate::catalogue::{PublicId, series};
use crate::error::{Error, Result};
use crate::intake::scan::{self, Lock};
use crate::library::Library;
use crate::sidecar::{self, LARGEST_TEXT_BYTES, RecordingSidecar, SeriesSidecar};
use crate::text;
use crate::web::sign_in::Me;

/// A recording with what lies beside it.
#[derive(Debug, Clone)]
pub struct Here {
    pub known: Known,
    /// The folder of its series.
    pub folder: String,
    pub series_id: i64,
    pub said: RecordingSidecar,
    /// Names this state of the file; empty when there is none yet.
    pub base: String,
    /// The text itself.
    text: Option<String>,
}

impl Here {
    /// The recording of this id as it is now, the trash included.
    ///
    /// [`Error::NotFound`] when there is none; [`Error::Refused`] when a person has to mend its sidecar first.
    pub async fn find(app: &App, id: &PublicId) -> Result<Self> {
        let id = id.clone();
        let found = app.db.read(move |conn| {
            let (row, folder, _) = stored::place(conn, &id)?.ok_or(Error::NotFound)?;
            Ok((stored::known(conn, row)?, folder))
        });
        let (known, folder) = found.await?;
        let (library, place, file) = (
            app.library.clone(),
            folder.clone(),
            format!("{}.toml", known.said.stem),
        );
        let text = tokio::task::spawn_blocking(move || read(&library, &place, &file))
            .await
            .map_err(Error::internal)??;
        let said = sidecar::read_recording(text.as_deref().unwrap_or_default())
            .map_err(|broken| Error::Refused(text!("sidecar-broken", why = broken.to_string())))?
            .value;
        Ok(Self {
            series_id: known.series_id,
            known,
            folder,
            said,
            base: base(text.as_deref()),
            text,
        })
    }
}

/// Names the state of a file.
fn base(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
    })
}

fn read(library: &Library, folder: &str, file: &str) -> Result<Option<String>> {
    let most = u64::try_from(LARGEST_TEXT_BYTES).unwrap_or(u64::MAX);
    let bytes = library.read(folder, file, most)?;
    bytes
        .map(|bytes| String::from_utf8(bytes).map_err(Error::internal))
        .transpose()
}

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
    let lock = scan::lock(app).await?;
    let here = Here::find(app, id).await?;
    if base.is_some_and(|base| base != here.base) {
        return Ok(Saved::Changed(Box::new(here)));
    }
    let edited = Edited::of(here, change)?;
    write_all(app, me, act, &lock, vec![edited]).await?;
    Ok(Saved::Done)
}

/// A change to a sidecar.
pub type Change = Box<dyn FnOnce(&mut RecordingSidecar) + Send>;

/// Changes several recordings: all of them are prepared before the first is written, and each folder is read once.
pub async fn recordings(
    app: &App,
    me: &Me,
    act: &'static str,
    changes: Vec<(PublicId, Change)>,
) -> Result<()> {
    let lock = scan::lock(app).await?;
    let mut edited = Vec::with_capacity(changes.len());
    for (id, change) in changes {
        edited.push(Edited::of(Here::find(app, &id).await?, change)?);
    }
    write_all(app, me, act, &lock, edited).await
}

/// A sidecar as it was and as it will be.
struct Edited {
    subject: String,
    folder: String,
    file: String,
    before: String,
    after: String,
}

impl Edited {
    fn of(here: Here, change: impl FnOnce(&mut RecordingSidecar)) -> Result<Self> {
        Ok(Self {
            after: edited_text(&here, change)?,
            subject: format!("recording {}", here.known.public_id),
            file: format!("{}.toml", here.known.said.stem),
            folder: here.folder,
            before: here.text.unwrap_or_default(),
        })
    }
}

/// The text of its sidecar after a change.
///
/// [`Error::Refused`] when it could not be read back.
pub fn edited_text(here: &Here, change: impl FnOnce(&mut RecordingSidecar)) -> Result<String> {
    let public_id = here.known.public_id.to_string();
    sidecar::edit_recording(here.text.as_deref(), |said| {
        change(said);
        // Its address, whatever was done to it.
        said.id = Some(public_id);
    })
    .map_err(|broken| Error::Refused(text!("sidecar-broken", why = broken.message)))
}

async fn write_all(
    app: &App,
    me: &Me,
    act: &'static str,
    lock: &Lock,
    edited: Vec<Edited>,
) -> Result<()> {
    let library = app.library.clone();
    let written = tokio::task::spawn_blocking(move || {
        for one in &edited {
            is_writable(&library, &one.folder)?;
        }
        for one in &edited {
            library.write(&one.folder, &one.file, one.after.as_bytes())?;
        }
        Ok::<_, Error>(edited)
    });
    let edited = written.await.map_err(Error::internal)??;
    let folders: BTreeSet<&str> = edited.iter().map(|one| one.folder.as_str()).collect();
    for folder in folders {
        scan::scan_folder(app, lock, folder).await?;
    }
    let (who, now) = (me.coordinator.email.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            for one in &edited {
                let (went, came) = difference(&one.before, &one.after);
                let act = Act {
                    who: &who,
                    act,
                    subject: &one.subject,
                    before: went.as_deref(),
                    after: came.as_deref(),
                };
                audit::note(conn, &act, now)?;
            }
            Ok(())
        })
        .await
}

/// [`Error::Refused`] when nothing can be written there.
pub fn is_writable(library: &Library, folder: &str) -> Result<()> {
    match library.is_writable(folder) {
        true => Ok(()),
        false => Err(Error::Refused(text!(
            "folder-read-only",
            folder = folder.to_owned()
        ))),
    }
}

/// Changes what a series says about itself.
pub async fn series(
    app: &App,
    me: &Me,
    act: &'static str,
    id: i64,
    change: impl FnOnce(&mut SeriesSidecar) + Send + 'static,
) -> Result<()> {
    let lock = scan::lock(app).await?;
    series_locked(app, &lock, &me.coordinator.email, act, id, change).await
}

/// The same for who holds the lock already. `who`: for the audit list.
pub async fn series_locked(
    app: &App,
    lock: &Lock,
    who: &str,
    act: &'static str,
    id: i64,
    change: impl FnOnce(&mut SeriesSidecar) + Send + 'static,
) -> Result<()> {
    let found = app.db.read(move |conn| series::by_id(conn, id)).await?;
    let (library, folder) = (app.library.clone(), found.folder.clone());
    let before = tokio::task::spawn_blocking(move || read(&library, &folder, SERIES))
        .await
        .map_err(Error::internal)??;
    let after = sidecar::edit_series(before.as_deref(), change)
        .map_err(|broken| Error::Refused(text!("sidecar-broken", why = broken.message)))?;
    write(app, lock, &found.folder, SERIES.to_owned(), after.clone()).await?;
    let before = before.as_deref().unwrap_or_default();
    note_as(
        app,
        who,
        act,
        format!("series {}", found.slug),
        (before, &after),
    )
    .await
}

/// The file that speaks for a series.
const SERIES: &str = "series.toml";

/// Writes a file of a series and reads the folder.
///
/// [`Error::Refused`] when the folder cannot be written.
pub async fn write(app: &App, lock: &Lock, folder: &str, file: String, text: String) -> Result<()> {
    bytes(app, lock, folder, file, text.into_bytes()).await
}

/// The same for any bytes.
pub async fn bytes(
    app: &App,
    lock: &Lock,
    folder: &str,
    file: String,
    bytes: Vec<u8>,
) -> Result<()> {
    let (library, place) = (app.library.clone(), folder.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        is_writable(&library, &place)?;
        library.write(&place, &file, &bytes)
    });
    written.await.map_err(Error::internal)??;
    scan::scan_folder(app, lock, folder).await?;
    Ok(())
}

/// Writes down who changed what: the lines that went and the lines that came.
pub async fn note(
    app: &App,
    me: &Me,
    act: &'static str,
    subject: String,
    before: &str,
    after: &str,
) -> Result<()> {
    note_as(app, &me.coordinator.email, act, subject, (before, after)).await
}

async fn note_as(
    app: &App,
    who: &str,
    act: &'static str,
    subject: String,
    (before, after): (&str, &str),
) -> Result<()> {
    let (went, came) = difference(before, after);
    let (who, now) = (who.to_owned(), app.clock.now());
    app.db
        .write(move |conn| {
            let act = Act {
                who: &who,
                act,
                subject: &subject,
                before: went.as_deref(),
                after: came.as_deref(),
            };
            audit::note(conn, &act, now)
        })
        .await
}

/// The lines that only one of two texts has.
fn difference(before: &str, after: &str) -> (Option<String>, Option<String>) {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    let (old, new) = (lines(before), lines(after));
    let only = |text: &str, other: &BTreeSet<String>| {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !other.contains(line.trim_end()))
            // The list is read and exported; what opens something does not belong there, however it is written.
            .map(|line| match line {
                line if line.contains("password_hash") => "password_hash = …",
                line if line.contains("token") => "token = …",
                _ => line,
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    (only(before, &new), only(after, &old))
}
