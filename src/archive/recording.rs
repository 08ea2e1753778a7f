//! The current state of a recording, row and sidecar, and edits of its sidecar. In: ids and closures that edit the sidecar. Out:
//! [`Change`]s whose text differs from the old one in the edited keys only.

use super::change::{check, replace};
use super::{Archive, Change, Committed};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::recording::stored::{self, StoredRecording};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::sidecar::{self, RecordingSidecar};
use crate::text;

/// A recording with its sidecar.
#[derive(Debug, Clone)]
pub struct Current {
    pub stored: StoredRecording,
    /// The folder of its series.
    pub folder: String,
    pub sidecar: RecordingSidecar,
    /// The text of the sidecar; `None` when there is no sidecar yet.
    text: Option<String>,
}

/// An edit of a sidecar.
pub type Edit = Box<dyn FnOnce(&mut RecordingSidecar) + Send>;

impl Current {
    /// Loads the recording with this id, also from the trash.
    ///
    /// [`Error::NotFound`] when the id is unknown; [`Error::Refused`] when a person has to repair the sidecar first.
    pub async fn find(app: &App, id: &PublicId) -> Result<Self> {
        let found = Self::all(app, std::slice::from_ref(id)).await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }

    /// Loads several recordings in the given order, with one query and one visit to the disk.
    pub async fn all(app: &App, ids: &[PublicId]) -> Result<Vec<Self>> {
        let ids = ids.to_vec();
        let found = app.db.read(move |conn| stored::with_folders(conn, &ids));
        let found = found.await?;
        app.library
            .run(move |library| {
                let read = |(stored, folder): (StoredRecording, String)| {
                    let file = sidecar::file_of(&stored.entry.stem);
                    let text = sidecar::read_text(library, &folder, &file)?;
                    let sidecar = sidecar::read_recording(text.as_deref().unwrap_or_default());
                    let sidecar = sidecar.map_err(|broken| broken_sidecar(broken.to_string()))?;
                    Ok(Self {
                        stored,
                        folder,
                        sidecar: sidecar.value,
                        text,
                    })
                };
                found.into_iter().map(read).collect()
            })
            .await
    }

    /// A tag for the current state, sidecar and owner, by which a form detects a conflicting edit.
    pub fn base(&self) -> String {
        let owner = self.stored.owner_id.unwrap_or_default();
        format!("{}.{owner}", sidecar::state_of(self.text.as_deref()))
    }

    pub fn subject(&self) -> String {
        format!("recording {}", self.stored.public_id)
    }

    /// Folder and stem of the recording.
    pub fn place(&self) -> (&str, &str) {
        (&self.folder, &self.stored.entry.stem)
    }

    /// The text of the sidecar; `None` when there is no sidecar yet.
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether the sidecar differs from the one that was last applied, or is gone.
    pub(super) fn is_changed_by_hand(&self) -> bool {
        let hash = self
            .text
            .as_ref()
            .map(|text| blake3::hash(text.as_bytes()).to_hex().to_string());
        hash != self.stored.entry.sidecar_hash
    }

    /// The text of the sidecar after an edit, for a caller that writes it elsewhere.
    ///
    /// [`Error::Refused`] when the edited text cannot be read back.
    pub(super) fn edited_text(&self, change: impl FnOnce(&mut RecordingSidecar)) -> Result<String> {
        let public_id = self.stored.public_id.to_string();
        sidecar::edit_recording(self.text.as_deref(), |sidecar| {
            change(sidecar);
            // No edit may change the id, because the address depends on it.
            sidecar.id = Some(public_id);
        })
        .map_err(|broken| broken_sidecar(broken.message))
    }

    /// A change that edits the sidecar. `act`: the verb for the audit list.
    ///
    /// [`Error::Refused`] when the edited text cannot be read back.
    pub fn edited(
        &self,
        act: &'static str,
        change: impl FnOnce(&mut RecordingSidecar),
    ) -> Result<Change> {
        self.edited_after(act, change, |_, _| Ok(()))
    }

    /// A change that edits the sidecar after running `first` in the folder of the series.
    pub fn edited_after(
        &self,
        act: &'static str,
        change: impl FnOnce(&mut RecordingSidecar),
        first: impl FnOnce(&Library, &str) -> Result<()> + Send + 'static,
    ) -> Result<Change> {
        let (was, after) = (self.text.clone(), self.edited_text(change)?);
        let (folder, file) = (
            self.folder.clone(),
            sidecar::file_of(&self.stored.entry.stem),
        );
        let (before, now) = (was.clone().unwrap_or_default(), after.clone());
        let files = move |library: &Library| {
            // Nothing is written beside a sidecar that a person saved meanwhile.
            check(library, &folder, &file, was.as_deref())?;
            first(library, &folder)?;
            replace(library, &folder, &file, was.as_deref(), &after)
        };
        Ok(Change::of_recording(act, self.subject(), self.place(), files).differing(&before, &now))
    }
}

pub(super) fn broken_sidecar(why: String) -> Error {
    Error::Refused(text!("sidecar-broken", why = why))
}

/// Edits the sidecar of a recording in its current state.
pub async fn edit(
    app: &App,
    actor: &str,
    act: &'static str,
    id: &PublicId,
    change: impl FnOnce(&mut RecordingSidecar) + Send + 'static,
) -> Result<Committed> {
    edit_all(app, actor, act, vec![(id.clone(), Box::new(change))]).await
}

/// Edits several sidecars: all edits are prepared before the first file is written.
pub async fn edit_all(
    app: &App,
    actor: &str,
    act: &'static str,
    edits: Vec<(PublicId, Edit)>,
) -> Result<Committed> {
    let (ids, edits): (Vec<PublicId>, Vec<Edit>) = edits.into_iter().unzip();
    let archive = Archive::of_recordings(app, actor, &ids).await?;
    let found = archive.recordings(&ids).await?;
    let changes = found
        .iter()
        .zip(edits)
        .map(|(current, edit)| current.edited(act, edit))
        .collect::<Result<_>>()?;
    archive.commit(changes).await
}
