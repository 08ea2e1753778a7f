//! A recording as it is now, row and sidecar, and changes of what its sidecar says. In: ids and closures that change the value that
//! was read. Out: [`Change`]s whose text is the old one with only the changed keys touched.

use super::change::replace;
use super::{Archive, Change, Committed};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::recording::stored::{self, StoredRecording};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::sidecar::{self, RecordingSidecar};
use crate::text;

/// A recording with what lies beside it.
#[derive(Debug, Clone)]
pub struct Current {
    pub stored: StoredRecording,
    /// The folder of its series.
    pub folder: String,
    pub sidecar: RecordingSidecar,
    /// The text of its sidecar; `None` when there is none yet.
    text: Option<String>,
}

/// A change of what a sidecar says.
pub type Edit = Box<dyn FnOnce(&mut RecordingSidecar) + Send>;

impl Current {
    /// The recording of this id, the trash included.
    ///
    /// [`Error::NotFound`] when there is none; [`Error::Refused`] when a person has to mend its sidecar first.
    pub async fn find(app: &App, id: &PublicId) -> Result<Self> {
        let found = Self::all(app, std::slice::from_ref(id)).await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }

    /// The same of several, in the order asked: one question and one visit to the disk.
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

    /// Names what is there now: the file that was read, and who looks after the recording, which no file says.
    pub fn base(&self) -> String {
        let owner = self.stored.owner_id.unwrap_or_default();
        format!("{}.{owner}", sidecar::state_of(self.text.as_deref()))
    }

    pub fn subject(&self) -> String {
        format!("recording {}", self.stored.public_id)
    }

    /// Where it lies: folder and stem.
    pub fn place(&self) -> (&str, &str) {
        (&self.folder, &self.stored.entry.stem)
    }

    /// Whether its sidecar is another than the catalogue knows, or gone.
    pub(super) fn is_changed_by_hand(&self) -> bool {
        let hash = self
            .text
            .as_ref()
            .map(|text| blake3::hash(text.as_bytes()).to_hex().to_string());
        hash != self.stored.entry.sidecar_hash
    }

    /// The text of its sidecar after a change, for whoever writes it elsewhere.
    ///
    /// [`Error::Refused`] when it could not be read back.
    pub(super) fn edited_text(&self, change: impl FnOnce(&mut RecordingSidecar)) -> Result<String> {
        let public_id = self.stored.public_id.to_string();
        sidecar::edit_recording(self.text.as_deref(), |sidecar| {
            change(sidecar);
            // Its address, whatever was done to it.
            sidecar.id = Some(public_id);
        })
        .map_err(|broken| broken_sidecar(broken.message))
    }

    /// A change of what it says. `act`: the verb for the audit list.
    ///
    /// [`Error::Refused`] when it could not be read back.
    pub fn edited(
        &self,
        act: &'static str,
        change: impl FnOnce(&mut RecordingSidecar),
    ) -> Result<Change> {
        self.edited_after(act, change, |_, _| Ok(()))
    }

    /// The same after something else is done in its folder.
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
            first(library, &folder)?;
            replace(library, &folder, &file, was.as_deref(), &after)
        };
        Ok(Change::of_recording(act, self.subject(), self.place(), files).differing(&before, &now))
    }
}

pub(super) fn broken_sidecar(why: String) -> Error {
    Error::Refused(text!("sidecar-broken", why = why))
}

/// Changes what a recording says of itself, whatever it said before.
pub async fn edit(
    app: &App,
    actor: &str,
    act: &'static str,
    id: &PublicId,
    change: impl FnOnce(&mut RecordingSidecar) + Send + 'static,
) -> Result<Committed> {
    edit_all(app, actor, act, vec![(id.clone(), Box::new(change))]).await
}

/// Changes several recordings: all of them are prepared before the first is written.
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
