//! The companion files of a recording under the lock of its series: which exist, to which recording each belongs, and how one is
//! added or removed.

use std::collections::HashSet;

use rusqlite::Connection;

use super::page::RecordingPage;
use crate::archive::{Archive, Change};
use crate::desk::kit::Context;
use crate::error::Result;
use crate::library::Library;
use crate::scan::folder::{Companion, Folder, Unclaimed};
use crate::scan::list;

/// The folder of a recording, locked.
pub struct CompanionPlace {
    pub archive: Archive,
    pub page: RecordingPage,
    folder: Folder,
    /// Names of all files in the folder.
    files: HashSet<String>,
}

impl CompanionPlace {
    /// Locks the series of a recording and lists its folder.
    pub async fn locked(context: &Context, id: &str) -> Result<Self> {
        let (archive, page) = RecordingPage::locked(context, id).await?;
        Self::of(context, archive, page).await
    }

    /// Lists the folder of a recording that is locked.
    pub async fn of(context: &Context, archive: Archive, page: RecordingPage) -> Result<Self> {
        let (place, stem) = (page.current.folder.clone(), page.stem().to_owned());
        let listed = context.app.library.run(move |library| {
            let (mut folder, files) = list::sorted(library, &place, &[&stem]).unwrap_or_default();
            // The recording needs a group even when neither its file nor its sidecar exists.
            folder.groups.entry(stem).or_default();
            Ok((folder, files))
        });
        let (folder, files) = listed.await?;
        Ok(Self {
            archive,
            page,
            folder,
            files,
        })
    }

    /// Whether a file with this name exists in the folder.
    pub fn has(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// The files of the recording that are no hand-outs by themselves.
    pub fn unclaimed(&self) -> &[Unclaimed] {
        let group = self.folder.groups.get(self.page.stem());
        group.map_or(&[], |group| &group.unclaimed)
    }

    /// Files of the recording of the wanted kind.
    pub fn files_that(&self, is_meant: impl Fn(&Companion<'_>) -> bool) -> Vec<String> {
        let is_meant = |file: &&String| self.is_ours(file, &is_meant);
        self.files.iter().filter(is_meant).cloned().collect()
    }

    /// Whether a scan would give a file with this name to the recording, as the wanted kind.
    fn is_ours(&self, file: &str, is_meant: impl Fn(&Companion<'_>) -> bool) -> bool {
        let found = self.folder.companion(file);
        found.is_some_and(|found| found.stem == self.page.stem() && is_meant(&found))
    }

    /// Whether a file with this name would belong to the recording and replace no file of another. On some disks names that differ
    /// in capitals only are the same.
    pub fn would_be(&self, file: &str, is_meant: impl Fn(&Companion<'_>) -> bool) -> bool {
        let alike = self.files.iter().filter(|it| it.eq_ignore_ascii_case(file));
        alike
            .map(String::as_str)
            .chain([file])
            .all(|file| self.is_ours(file, &is_meant))
    }

    /// Writes a companion file and removes the files it replaces, with row changes in the transaction that notes it. `act`: the verb for
    /// the audit list.
    pub async fn put_with(
        &self,
        act: &'static str,
        (file, bytes): (String, Vec<u8>),
        mut others: Vec<String>,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        others.retain(|other| *other != file);
        let (before, after) = (others.join("\n"), file.clone());
        let folder = self.page.current.folder.clone();
        let files = move |library: &Library| {
            // The new file is written first, so that a full disk does not cost the old one.
            library.write(&folder, &file, &bytes)?;
            others
                .iter()
                .try_for_each(|other| library.remove(&folder, other))
        };
        let change = self.change(act, files, (before, Some(after)));
        self.commit(change.with_rows(rows)).await
    }

    /// Removes companion files. `act`: the verb for the audit list.
    pub async fn take_away(&self, act: &'static str, gone: Vec<String>) -> Result<()> {
        self.take_away_with(act, gone, |_| Ok(())).await
    }

    /// The same, with row changes in the transaction that notes it.
    pub async fn take_away_with(
        &self,
        act: &'static str,
        gone: Vec<String>,
        rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (folder, before) = (self.page.current.folder.clone(), gone.join("\n"));
        let files = move |library: &Library| {
            gone.iter()
                .try_for_each(|file| library.remove(&folder, file))
        };
        let change = self.change(act, files, (before, None));
        self.commit(change.with_rows(rows)).await
    }

    fn change(
        &self,
        act: &'static str,
        files: impl FnOnce(&Library) -> Result<()> + Send + 'static,
        (before, after): (String, Option<String>),
    ) -> Change {
        let current = &self.page.current;
        let change = Change::of_recording(act, current.subject(), current.place(), files);
        change.saying(Some(before).filter(|it| !it.is_empty()), after)
    }

    async fn commit(&self, change: Change) -> Result<()> {
        self.archive.commit(vec![change]).await.map(drop)
    }
}
