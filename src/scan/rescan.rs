//! Reads again only what the portal changed itself, for example the one recording of a large series whose title was saved. In:
//! changed places, under their locks, with their row changes. Out: rows, in the same transaction. Files that somebody moved by
//! hand, and removed folders, are left to the next full scan.

use std::collections::HashMap;
use std::sync::Arc;

use super::folder::Group;
use super::list;
use super::report::Report;
use super::scanner::{RowChange, RowChangesByStem, Scanner};
use super::{missing, presence, series};
use crate::app::App;
use crate::error::Result;
use crate::library::EntryKind;

/// A place in the media folder that the portal changed.
pub struct Changed {
    pub folder: String,
    /// Stem of the changed recording; `None`: the series file changed.
    pub stem: Option<String>,
    /// Changes to rows that run in the transaction that applies this place.
    pub row_changes: Vec<RowChange>,
}

/// Scans the changed places, folder by folder in the given order. The caller holds the locks of all these folders.
///
/// Errors when the media folder cannot be read or the catalogue cannot be written.
pub async fn rescan(app: &App, changed: Vec<Changed>) -> Result<Report> {
    let media_folder = presence::check(app).await?;
    let mut scanner = Scanner::new(app, media_folder, Arc::new(|_| {}));
    let entries = scanner.with_library(|library, _| library.top()).await?;
    scanner.findings.folders = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Folder)
        .map(|entry| entry.name)
        .collect();
    let mut folders: Vec<String> = Vec::new();
    let mut parts: HashMap<String, (Vec<RowChange>, bool, RowChangesByStem)> = HashMap::new();
    for one in changed {
        if !parts.contains_key(&one.folder) {
            folders.push(one.folder.clone());
        }
        let (of_series, is_series, of_recordings) = parts.entry(one.folder).or_default();
        match one.stem {
            Some(stem) => of_recordings
                .entry(stem)
                .or_default()
                .extend(one.row_changes),
            None => {
                *is_series = true;
                of_series.extend(one.row_changes);
            }
        }
    }
    for folder in folders {
        let Some((of_series, is_series, of_recordings)) = parts.remove(&folder) else {
            continue;
        };
        scanner
            .rescan_folder(&folder, is_series.then_some(of_series), of_recordings)
            .await?;
    }
    app.notifier.notify_worker();
    Ok(scanner.findings.report)
}

impl Scanner<'_> {
    /// Scans the changed recordings of one series.
    async fn rescan_folder(
        &mut self,
        folder: &str,
        of_series: Option<Vec<RowChange>>,
        of_recordings: RowChangesByStem,
    ) -> Result<()> {
        let before = self.stored_series(folder).await?;
        let series_folder = match (before, of_series) {
            (Some(series_folder), None) => series_folder,
            (before, of_series) => {
                let row_changes = of_series.unwrap_or_default();
                let Some((series_folder, mut sorted)) =
                    self.scan_series(folder, row_changes).await?
                else {
                    return self.without_series(of_recordings).await;
                };
                let inherits_same =
                    before.is_none_or(|before| before.defaults == series_folder.defaults);
                if !inherits_same {
                    // The defaults of the series changed, so all its recordings are read again.
                    let all = std::mem::take(&mut sorted.groups).into_iter().collect();
                    return self
                        .rescan_batches(&series_folder, None, all, of_recordings)
                        .await;
                }
                series_folder
            }
        };
        if of_recordings.is_empty() {
            return Ok(());
        }
        let stems: Vec<String> = of_recordings.keys().cloned().collect();
        let name = folder.to_owned();
        let listed = self.with_library(move |library, _| {
            let (groups, files) = list::groups(library, &name, stems.iter().map(String::as_str))?;
            Ok((groups, files, stems))
        });
        let (groups, files, stems) = listed.await?;
        let only = only_stem(&groups, &stems);
        self.rescan_batches(&series_folder, only, groups, of_recordings)
            .await?;
        let (place, now) = (Arc::clone(&series_folder), self.app.clock.now());
        self.with_catalogue(move |conn, findings| {
            for stem in &stems {
                let report = &mut findings.report;
                missing::lose_files(conn, &place.folder, Some(stem), &files, now, report)?;
            }
            Ok(())
        })
        .await
    }

    /// Applies recordings in batches. The row changes of a recording without files run as well.
    async fn rescan_batches(
        &mut self,
        series_folder: &Arc<series::SeriesFolder>,
        only: Option<String>,
        groups: list::Groups,
        mut by_stem: RowChangesByStem,
    ) -> Result<()> {
        let previous = self.load_previous(series_folder, only).await?;
        for batch in groups.chunks(super::scanner::BATCH) {
            let of_batch = batch
                .iter()
                .filter_map(|(stem, _)| by_stem.remove_entry(stem))
                .collect();
            self.scan_batch(series_folder, &previous, batch.to_vec(), of_batch)
                .await?;
        }
        self.without_series(by_stem).await
    }

    /// Runs the row changes of recordings that have no files to scan.
    async fn without_series(&mut self, by_stem: RowChangesByStem) -> Result<()> {
        if by_stem.is_empty() {
            return Ok(());
        }
        self.with_catalogue(move |conn, _| {
            by_stem
                .into_values()
                .flatten()
                .try_for_each(|change| change(conn))
        })
        .await
    }

    /// The series of a folder as the catalogue has it.
    async fn stored_series(&mut self, folder: &str) -> Result<Option<Arc<series::SeriesFolder>>> {
        let name = folder.to_owned();
        let is_writable = self
            .with_library(move |library, _| Ok(library.is_writable(&name)))
            .await?;
        let (name, facts) = (folder.to_owned(), series::facts(self.app));
        let found = self
            .app
            .db
            .read(move |conn| series::stored(conn, &name, is_writable, facts))
            .await?;
        Ok(found.map(Arc::new))
    }
}

/// The stem when only one recording is scanned and all its files have that stem.
fn only_stem(groups: &[(String, Group)], stems: &[String]) -> Option<String> {
    let [stem] = stems else { return None };
    let has_stem = |file: &String| {
        file.strip_prefix(stem.as_str())
            .is_some_and(|rest| rest.starts_with('.'))
    };
    let all = groups.iter().flat_map(|(_, group)| group.files());
    all.into_iter()
        .all(|file| has_stem(&file))
        .then(|| stem.clone())
}
