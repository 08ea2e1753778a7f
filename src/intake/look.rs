//! Looking at a folder and at the recordings in it, without a connection. In: what lies there. Out: what was seen, and a line
//! for whatever could not be read.

use super::folder::{self, Folder, Group};
use super::report::Findings;
use super::seen::{self, KnownFiles, Seen};
use super::series;
use crate::error::Result;
use crate::library::Library;

/// Sorts a folder and reads what speaks for the series; `None` when it cannot be read, which is reported.
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
    for (file, why) in std::mem::take(&mut sorted.passed_over) {
        findings.pass_over(format!("{folder}/{file}"), why);
    }
    for stem in sorted.without_media() {
        // Read again with its batch; there are few of them.
        if let Some(file) = seen::file_named_by(library, folder, &stem) {
            sorted.adopt(&stem, &file);
        }
    }
    let series_file = series::read(library, folder, &sorted, &mut findings.report);
    Some((sorted, series_file))
}

/// The files of one recording as a scan groups them, those included that its sidecar names and that have another stem. A folder
/// that is not there holds none.
///
/// Errors when the folder is there and cannot be read.
pub fn group(library: &Library, folder: &str, stem: &str) -> Result<Group> {
    if !library.has_folder(folder) {
        return Ok(Group::default());
    }
    let mut sorted = folder::sort(library.folder(folder)?);
    if let Some(file) = seen::file_named_by(library, folder, stem) {
        sorted.adopt(stem, &file);
    }
    Ok(sorted.groups.remove(stem).unwrap_or_default())
}

/// Looks at each recording of a batch. One that fails is reported; the others go on.
pub fn look(
    library: &Library,
    folder: &str,
    batch: &[(String, Group)],
    known: &KnownFiles,
    findings: &mut Findings,
) -> Vec<Seen> {
    let mut looked = Vec::with_capacity(batch.len());
    for (stem, group) in batch {
        match seen::look(library, folder, stem, group, known, &mut findings.report) {
            Ok(seen) => looked.push(seen),
            Err(problem) => findings.report.note(
                format!("{folder}/{stem}"),
                format!("could not be read: {problem}"),
            ),
        }
    }
    looked
}
