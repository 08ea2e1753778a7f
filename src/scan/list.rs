//! Lists the folder of a series and inspects its recordings, without a connection. In: a folder. Out: the inspected recordings, and
//! a line in the report for whatever could not be read.

use std::collections::HashSet;

use super::folder::{self, Folder, Group, PassedOver};
use super::inspect::inspect;
use super::inspected::{Inspected, PreviousFiles};
use super::report::{FindingKind, Findings};
use super::series;
use crate::error::Result;
use crate::library::{self, Library};
use crate::sidecar;

/// Sorts a folder and reads its series file; `None` when the folder cannot be read, which is reported.
pub fn sort(
    library: &Library,
    folder: &str,
    findings: &mut Findings,
) -> Option<(Folder, series::SeriesFile)> {
    let entries = match library.folder(folder) {
        Ok(entries) => entries,
        Err(problem) => {
            findings
                .report
                .note(folder, format!("could not be read: {problem}"));
            return None;
        }
    };
    let mut sorted = folder::sort(entries);
    if library.has_odd_versions_folder(folder) {
        let name = library::versions::FOLDER.to_owned();
        sorted.passed_over.push((name, PassedOver::Link));
    }
    for (file, why) in &sorted.passed_over {
        findings
            .report
            .find(format!("{folder}/{file}"), FindingKind::PassedOver(*why));
    }
    for stem in sorted.without_media() {
        // These few sidecars are read a second time with their batch.
        if let Some(file) = file_named_by(library, folder, &stem) {
            sorted.adopt(&stem, &file);
        }
    }
    let series_file = series::read(library, folder, &sorted, &mut findings.report);
    Some((sorted, series_file))
}

/// The files of one recording, grouped as a scan groups them. A folder that does not exist holds none.
///
/// Errors when the folder is there and cannot be read.
pub fn group(library: &Library, folder: &str, stem: &str) -> Result<Group> {
    let (mut groups, _) = groups(library, folder, [stem])?;
    Ok(groups.pop().map(|(_, group)| group).unwrap_or_default())
}

/// The names of all files of a recording except the sidecar, also of those that a scan does not use, such as a second caption file in
/// one language: they bear its name, and hold what it is about.
///
/// Errors when the folder is there and cannot be read.
pub fn all_files(library: &Library, folder: &str, stem: &str) -> Result<Vec<String>> {
    let (sorted, _) = sorted(library, folder, &[stem])?;
    let mut files = sorted
        .groups
        .get(stem)
        .map(Group::files)
        .unwrap_or_default();
    let passed_over = sorted.passed_over.iter().map(|(file, _)| file);
    for file in passed_over.filter(|file| folder::is_readable(file)) {
        let is_of_it = sorted.companion(file).is_some_and(|it| it.stem == stem);
        // Neither a link nor a folder is a file.
        if is_of_it && library.stat(folder, file)?.is_some() {
            files.push(file.clone());
        }
    }
    Ok(files)
}

/// Stems of recordings with their files.
pub type Groups = Vec<(String, Group)>;

/// The files of these recordings, including files of another stem that a sidecar names, and the names of all files in the folder.
///
/// Errors when the folder is there and cannot be read.
pub fn groups<'a>(
    library: &Library,
    folder: &str,
    stems: impl IntoIterator<Item = &'a str>,
) -> Result<(Groups, HashSet<String>)> {
    let stems: Vec<&str> = stems.into_iter().collect();
    let (mut sorted, files) = sorted(library, folder, &stems)?;
    let found = stems
        .iter()
        .filter_map(|stem| sorted.groups.remove_entry(*stem));
    Ok((found.collect(), files))
}

/// Sorts the folder of a series. These recordings also get the files of another stem that their sidecars name. Returns the names of
/// all entries as well; a folder that does not exist is empty.
///
/// Errors when the folder is there and cannot be read.
pub fn sorted(
    library: &Library,
    folder: &str,
    stems: &[&str],
) -> Result<(Folder, HashSet<String>)> {
    if !library.has_folder(folder) {
        return Ok((Folder::default(), HashSet::new()));
    }
    let entries = library.folder(folder)?;
    let files = entries.iter().map(|entry| entry.name.clone()).collect();
    let mut sorted = folder::sort(entries);
    for stem in stems {
        let has_own_file = |group: &Group| !group.media.is_empty() || !group.has_sidecar;
        if !sorted.groups.get(*stem).is_none_or(has_own_file)
            && let Some(file) = file_named_by(library, folder, stem)
        {
            sorted.adopt(stem, &file);
        }
    }
    Ok((sorted, files))
}

/// The media file that a sidecar names; `None` when the sidecar names no file or cannot be read.
fn file_named_by(library: &Library, folder: &str, stem: &str) -> Option<String> {
    sidecar::glance(library, folder, stem)?.file
}

/// Inspects each recording of a batch. A recording that fails is reported and does not stop the others.
pub fn inspect_batch(
    library: &Library,
    folder: &str,
    batch: &[(String, Group)],
    previous: &PreviousFiles,
    findings: &mut Findings,
) -> Vec<Inspected> {
    let mut all = Vec::with_capacity(batch.len());
    for (stem, group) in batch {
        match inspect(library, folder, stem, group, previous, &mut findings.report) {
            Ok(inspected) => all.push(inspected),
            Err(problem) => findings.report.note(
                format!("{folder}/{stem}"),
                format!("could not be read: {problem}"),
            ),
        }
    }
    all
}
