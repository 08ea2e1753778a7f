//! The current state of a series, row and `series.toml`, and edits of that file. In: a row id and a closure that edits the file.
//! Out: a [`Change`] whose text differs from the old one in the edited keys only.

use super::change::replace;
use super::recording::broken_sidecar;
use super::{Archive, Change};
use crate::app::App;
use crate::catalogue::address;
use crate::catalogue::recording::{self, Visibility, owner};
use crate::catalogue::series::{self, Series};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::scan::stem;
use crate::sidecar::{self, SERIES_FILE, SeriesSidecar};

/// A series with its series file.
#[derive(Debug, Clone)]
pub struct CurrentSeries {
    pub series: Series,
    /// The text of the series file; `None` when there is no file yet.
    text: Option<String>,
}

impl CurrentSeries {
    /// Loads the series with this row id. [`Error::NotFound`] when there is none.
    pub async fn find(app: &App, id: i64) -> Result<Self> {
        let series = app.db.read(move |conn| series::by_id(conn, id)).await?;
        app.library
            .run(move |library| {
                let text = match library.has_folder(&series.folder) {
                    true => sidecar::read_text(library, &series.folder, SERIES_FILE)?,
                    false => None,
                };
                Ok(Self { series, text })
            })
            .await
    }

    /// A tag for the current state of the file, by which a form detects a conflicting edit.
    pub fn base(&self) -> String {
        sidecar::state_of(self.text.as_deref())
    }

    /// A change that edits the series file. `act`: the verb for the audit list.
    ///
    /// [`Error::Refused`] when a person has to repair the file first.
    pub fn edited(
        &self,
        act: &'static str,
        change: impl FnOnce(&mut SeriesSidecar),
    ) -> Result<Change> {
        let was = self.text.clone();
        let after = sidecar::edit_series(was.as_deref(), change)
            .map_err(|broken| broken_sidecar(broken.message))?;
        let (before, now) = (was.clone().unwrap_or_default(), after.clone());
        let folder = self.series.folder.clone();
        let subject = format!("series {}", self.series.slug);
        let files =
            move |library: &_| replace(library, &folder, SERIES_FILE, was.as_deref(), &after);
        Ok(Change::of_series(act, subject, &self.series.folder, files).differing(&before, &now))
    }
}

/// Edits the file of a series in its current state.
pub async fn edit_series(
    app: &App,
    actor: &str,
    act: &'static str,
    id: i64,
    change: impl FnOnce(&mut SeriesSidecar) + Send + 'static,
) -> Result<()> {
    let archive = Archive::of_series(app, actor, id).await?;
    let change = archive.series(id).await?.edited(act, change)?;
    archive.commit(vec![change]).await.map(drop)
}

/// Creates the folder of a new series, which starts as a draft. Returns its row id. `archive`: holds the lock of that folder.
pub async fn make_series(archive: &Archive, folder: &str, title: String) -> Result<i64> {
    let text = sidecar::edit_series(None, |sidecar| {
        sidecar.title = Some(title);
        sidecar.visibility = Some(Visibility::Draft);
    })
    .map_err(Error::internal)?;
    let (place, written) = (folder.to_owned(), text.clone());
    let change = Change::of_series("add", format!("series {folder}"), folder, move |library| {
        library.make_folder(&place)?;
        library.write(&place, SERIES_FILE, written.as_bytes())
    });
    archive.commit(vec![change.differing("", &text)]).await?;
    let folder = folder.to_owned();
    let found = archive
        .app
        .db
        .read(move |conn| series::by_folder(conn, &folder));
    found.await?.map(|series| series.id).ok_or(Error::NotFound)
}

/// Plans a recording of a series that is still to be held: its page and address exist at once. It gets the next number, counted
/// under the lock, so that two coordinators who plan at once get different numbers. `owner`: the account that owns it.
pub async fn plan(
    app: &App,
    actor: &str,
    owner: i64,
    series: i64,
    (title, date): (String, Option<String>),
) -> Result<()> {
    let archive = Archive::of_series(app, actor, series).await?;
    let folder = archive.series(series).await?.series.folder;
    let found = app.db.read(move |conn| {
        let highest = recording::highest_number(conn, series)?;
        Ok((highest.unwrap_or(0) + 1, address::free_id(conn)?))
    });
    let (number, id) = found.await?;
    let place = folder.clone();
    let taken = app
        .library
        .run(move |library| library.names(&place))
        .await?;
    let stem = stem::free(&taken, Some(number), &title);
    let text = sidecar::edit_recording(None, |sidecar| {
        sidecar.id = Some(id.to_string());
        sidecar.title = Some(title);
        sidecar.number = Some(number);
        sidecar.date = date;
    })
    .map_err(Error::internal)?;
    let (place, file, written) = (folder.clone(), sidecar::file_of(&stem), text.clone());
    let files = move |library: &Library| replace(library, &place, &file, None, &written);
    // The subject is the place, as the scan writes it, so that erasing the recording finds this line.
    let subject = format!("{folder}/{stem}");
    let (of, name) = (folder.clone(), stem.clone());
    let change = Change::of_recording("plan", subject, (&folder, &stem), files)
        .differing("", &text)
        .with_rows(move |conn| owner::set_new(conn, &of, &name, owner));
    archive.commit(vec![change]).await.map(drop)
}
