//! Scans the whole media folder, folder by folder, each under its lock. In: the library and the catalogue. Out: a catalogue that
//! matches the folder, and a [`Report`].

use std::collections::HashSet;
use std::sync::Arc;

use super::copies::Copies;
use super::folder::{self, PassedOver};
use super::missing;
use super::portal;
use super::presence;
use super::report::{FindingKind, Report};
pub use super::scanner::Progress;
use super::scanner::Scanner;
use super::series::{self, SeriesFolder};
use crate::app::App;
use crate::catalogue::{self, library_file, recording::stored};
use crate::error::Result;
use crate::library::{EntryKind, uploads};
use crate::sidecar;

/// The lock that a full scan holds, so that no two full scans run at once. No series has this name.
const EVERYTHING: &str = "";

/// Scans the whole media folder. A folder that fails is reported and does not stop the others.
///
/// Errors when the media folder itself cannot be read or the catalogue cannot be written; [`crate::error::Error::Status`] with 503
/// when another full scan takes too long.
pub async fn scan(app: &App, progress: Progress) -> Result<Report> {
    let _alone = app.library.lock([EVERYTHING]).await?;
    let media_folder = presence::check_for_scan(app).await?;
    let mut scanner = Scanner::new(app, media_folder.clone(), progress);
    scanner.complete_moves().await?;
    let entries = scanner
        .with_library(|library, _| {
            library.sweep_leftovers(false);
            library.top()
        })
        .await?;
    let portal_problems = scanner.read_portal().await?;
    let own_files = portal::own_files(app);
    let folders = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Folder);
    scanner.findings.folders = folders.map(|entry| entry.name.clone()).collect();
    scanner.read_ids().await?;
    let mut passed_over = Vec::new();
    for entry in entries {
        let why = match entry.kind {
            EntryKind::Folder if folder::is_readable(&entry.name) => {
                scanner.scan_folder(&entry.name).await?;
                continue;
            }
            EntryKind::Folder => PassedOver::Name,
            EntryKind::File(_) if own_files.contains(&entry.name) => continue,
            EntryKind::File(_) => PassedOver::OutsideSeries,
            EntryKind::Link => PassedOver::Link,
            EntryKind::Other => PassedOver::NoFile,
        };
        passed_over.push((entry.name, why));
    }
    scanner.pass_over(passed_over, portal_problems).await?;
    scanner.end().await?;
    let remembered =
        scanner.with_library(move |library, _| library.remember_media_folder(&media_folder));
    remembered.await?;
    app.notifier.notify_worker();
    Ok(scanner.findings.report)
}

impl Scanner<'_> {
    /// Puts what the association says of itself into force, unless the desk is saving it. Returns what is wrong with it.
    async fn read_portal(&mut self) -> Result<Vec<String>> {
        let _lock = self.app.library.lock([sidecar::PORTAL_FILE]).await?;
        let read = self.with_library(|library, _| portal::read(library));
        Ok(read.await?.put_into_force(self.app))
    }

    /// Reads the ids in all sidecars, with the folder and stem of each.
    async fn read_ids(&mut self) -> Result<()> {
        self.with_library(|library, findings| {
            for folder in &findings.folders {
                let entries = library.folder(folder).unwrap_or_default();
                let copies = Copies::among(&entries);
                for entry in entries {
                    let Some(stem) = entry.name.strip_suffix(".toml") else {
                        continue;
                    };
                    if copies.has(stem) {
                        continue;
                    }
                    let glanced = sidecar::glance(library, folder, stem);
                    if let Some(id) = glanced.and_then(|glanced| glanced.id) {
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

    /// Reports the entries of the media folder that are no series, and what is wrong with `portal.toml`.
    async fn pass_over(
        &mut self,
        mut all: Vec<(String, PassedOver)>,
        of_portal: Vec<String>,
    ) -> Result<()> {
        let odd = self.with_library(|library, _| Ok(library.has_odd_uploads_folder()));
        if odd.await? {
            all.push((uploads::FOLDER.to_owned(), PassedOver::Link));
        }
        // A series whose folder is gone is known still.
        let known = self.app.db.read(catalogue::series::all).await?;
        let is_known = |name: &String| known.iter().any(|series| series.folder == *name);
        for (name, why) in &mut all {
            if *why == PassedOver::OutsideSeries && is_known(name) {
                *why = PassedOver::NoFolder;
            }
            let report = &mut self.findings.report;
            report.find(name.clone(), FindingKind::PassedOver(*why));
        }
        let mut in_the_way = missing::in_the_way("", &all);
        in_the_way.extend(portal::as_refused(&of_portal));
        for problem in of_portal {
            self.findings.report.note(sidecar::PORTAL_FILE, problem);
        }
        self.with_catalogue(move |conn, _| missing::replace_in_the_way(conn, "", &in_the_way))
            .await
    }

    /// Scans one series folder under its lock.
    async fn scan_folder(&mut self, name: &str) -> Result<()> {
        let Some(lock) = self.lock(name).await? else {
            return Ok(());
        };
        if let Some((series_folder, sorted)) = self.scan_series(name, Vec::new()).await? {
            self.scan_recordings(series_folder, sorted, lock).await?;
        }
        Ok(())
    }

    /// Ends the scan: marks files in removed folders and recordings without files as missing, and moves the addresses of renamed
    /// series.
    async fn end(&mut self) -> Result<()> {
        let now = self.app.clock.now();
        for folder in self.app.db.read(library_file::folders).await? {
            if self.findings.folders.contains(&folder) {
                continue;
            }
            // The check runs under the lock, because the desk may be creating a series of that name.
            let Some(_lock) = self.lock(&folder).await? else {
                continue;
            };
            let place = folder.clone();
            let is_gone = self.with_library(move |library, _| Ok(library.has_lost_folder(&place)));
            if !is_gone.await? {
                continue;
            }
            self.with_catalogue(move |conn, findings| {
                let report = &mut findings.report;
                missing::lose_files(conn, &folder, None, &HashSet::new(), now, report)
            })
            .await?;
        }
        let planned = self.app.db.read(stored::planned).await?;
        let lost = self
            .with_library(move |library, findings| {
                Ok(missing::without_a_trace(
                    library,
                    planned,
                    &findings.folders,
                ))
            })
            .await?;
        let changed = self.with_catalogue(move |conn, findings| {
            missing::lose_planned(conn, &lost, now, &mut findings.report)?;
            missing::settle(conn, &findings.left, &findings.folders)
        });
        for series in changed.await? {
            let Some(series_folder) = self.series.get(&series).cloned() else {
                continue;
            };
            let Some(_lock) = self.lock(&series_folder.folder).await? else {
                continue;
            };
            let place = Arc::clone(&series_folder);
            let unsaid = self
                .with_catalogue(move |conn, _| series::unsaid_slugs(conn, &place))
                .await?;
            self.write_slugs(series_folder, unsaid).await?;
        }
        self.keep_podcast_guids().await
    }

    /// Keeps what podcast apps know each series by. At the end of the scan all former addresses are known. Without a base address the
    /// portal has not been given out yet.
    async fn keep_podcast_guids(&mut self) -> Result<()> {
        if self.app.config.base_url.is_none() {
            return Ok(());
        }
        let base = self.app.config.base();
        let guids = self.with_catalogue(move |conn, _| {
            catalogue::series::keep_podcast_guids(conn, &base)?;
            catalogue::series::podcast_guids(conn)
        });
        let guids = guids.await?;
        let scanned: Vec<Arc<SeriesFolder>> = self.series.values().cloned().collect();
        for series_folder in scanned.into_iter().filter(|one| one.is_writable) {
            let kept = guids.get(&series_folder.id);
            let (Some(guid), Some(stated)) = (kept.cloned(), &series_folder.podcast_guid) else {
                continue;
            };
            if stated.as_ref() == Some(&guid) {
                continue;
            }
            let Some(_lock) = self.lock(&series_folder.folder).await? else {
                continue;
            };
            let folder = series_folder.folder.clone();
            self.with_library(move |library, findings| {
                series::write_podcast_guid(library, &folder, guid, &mut findings.report);
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
