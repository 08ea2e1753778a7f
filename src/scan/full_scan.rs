//! Reading the whole media folder: folder by folder, each under its lock. In: the library and the catalogue. Out: the catalogue
//! as the folder says it, and a [`Report`].

use std::collections::HashSet;
use std::sync::Arc;

use super::folder::{self, PassedOver};
use super::missing;
use super::report::{Found, Report};
pub use super::scanner::Progress;
use super::scanner::Reading;
use super::series;
use crate::app::App;
use crate::catalogue::{library_file, recording::stored};
use crate::error::Result;
use crate::library::EntryKind;
use crate::sidecar;

/// Held by a scan of all, so that no two of them tell the same findings. No series has this name.
const EVERYTHING: &str = "";

/// Reads the whole media folder. A folder that fails is reported and does not stop the others.
///
/// Errors when the media folder itself cannot be read or the catalogue cannot be written;
/// [`crate::error::Error::Told`] with 503 when another scan takes too long.
pub async fn scan(app: &App, progress: Progress) -> Result<Report> {
    let _alone = app.library.lock([EVERYTHING]).await?;
    let mut reading = Reading::new(app, progress);
    let entries = reading.files(|library, _| library.top()).await?;
    let folders = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Folder);
    reading.findings.folders = folders.map(|entry| entry.name.clone()).collect();
    reading.read_ids().await?;
    for entry in entries {
        let why = match entry.kind {
            EntryKind::Folder if folder::is_readable(&entry.name) => {
                reading.folder(&entry.name).await?;
                continue;
            }
            EntryKind::Folder => PassedOver::Name,
            EntryKind::File(_) => PassedOver::OutsideSeries,
            EntryKind::Link => PassedOver::Link,
            EntryKind::Other => PassedOver::NoFile,
        };
        let report = &mut reading.findings.report;
        report.find(entry.name, Found::PassedOver(why));
    }
    reading.end().await?;
    app.bell.ring_work();
    Ok(reading.findings.report)
}

impl Reading<'_> {
    /// Reads which ids lie where.
    async fn read_ids(&mut self) -> Result<()> {
        self.files(|library, findings| {
            for folder in &findings.folders {
                for entry in library.folder(folder).unwrap_or_default() {
                    let Some(stem) = entry.name.strip_suffix(".toml") else {
                        continue;
                    };
                    let said = sidecar::glance(library, folder, stem);
                    if let Some(id) = said.and_then(|said| said.id) {
                        findings
                            .ids
                            .entry(id)
                            .or_insert((folder.clone(), stem.to_owned()));
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// Reads one folder.
    async fn folder(&mut self, name: &str) -> Result<()> {
        let Some(lock) = self.lock(name).await? else {
            return Ok(());
        };
        if let Some((here, sorted)) = self.series(name, Vec::new()).await? {
            self.recordings(here, sorted, lock).await?;
        }
        Ok(())
    }

    /// After the last folder: what lay in folders that are gone, what left no trace, and which series got another name.
    async fn end(&mut self) -> Result<()> {
        let now = self.app.clock.now();
        for folder in self.app.db.read(library_file::folders).await? {
            if self.findings.folders.contains(&folder) {
                continue;
            }
            // Under its lock: the desk may be making a series of that name.
            let Some(_lock) = self.lock(&folder).await? else {
                continue;
            };
            let place = folder.clone();
            let is_there = self.files(move |library, _| Ok(library.has_folder(&place)));
            if is_there.await? {
                continue;
            }
            self.rows(move |conn, findings| {
                let report = &mut findings.report;
                missing::lose_files(conn, &folder, None, &HashSet::new(), now, report)
            })
            .await?;
        }
        let planned = self.app.db.read(stored::planned).await?;
        let lost = self
            .files(move |library, findings| {
                Ok(missing::without_a_trace(
                    library,
                    planned,
                    &findings.folders,
                ))
            })
            .await?;
        let changed = self.rows(move |conn, findings| {
            missing::lose_planned(conn, &lost, now, &mut findings.report)?;
            missing::settle(conn, &findings.left, &findings.folders)
        });
        for series in changed.await? {
            let Some(here) = self.series.get(&series).cloned() else {
                continue;
            };
            let Some(_lock) = self.lock(&here.folder).await? else {
                continue;
            };
            let place = Arc::clone(&here);
            let unsaid = self
                .rows(move |conn, _| series::unsaid_slugs(conn, &place))
                .await?;
            self.write_slugs(here, unsaid).await?;
        }
        Ok(())
    }
}
